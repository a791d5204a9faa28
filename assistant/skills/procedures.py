"""Procedures read step by step: begun, next, back, again, where, left. Without a procedure under way "next" is talk."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from assistant.languages import joined
from assistant.languages.procedures import ProcedureTexts, procedure_texts
from assistant.languages.times import times
from assistant.procedures.steps import Place
from assistant.protocols_hands import Steps
from assistant.protocols_skills import Talk
from assistant.skills.base import Registry, Skill

MOST_SAID = 8
"""Names said."""


def register(registry: Registry) -> None:
    """Add the skill."""
    book = registry.hands.procedures
    registry.register(Skill("procedures", partial(_answer, book), fits=partial(_fits, book)))


def _fits(book: Steps | None, slots: Mapping[str, Any], talk: Talk) -> bool:
    """Whether a procedure runs, or is named; or the sentence itself speaks of procedures."""
    do, named = str(slots["do"]), slots.get("named")
    if do in ("list", "start") and named is None:
        return book is not None or do == "list"
    if book is None:
        return False
    if do != "start":
        return book.running(talk.key) is not None
    return book.named(_words(slots)) if named == "exactly" else bool(book.find(_words(slots)))


def _answer(book: Steps | None, slots: Mapping[str, Any], talk: Talk) -> str:
    texts, do = procedure_texts(talk.language), str(slots["do"])
    if book is None:
        return texts.none_there
    if do == "list":
        return _names(book, texts)
    if do == "start":
        return _start(book, texts, talk, _words(slots))
    place = book.running(talk.key)
    assert place is not None, "fits has seen it run"
    name, count = place.procedure.name, len(place.procedure.steps)
    if do == "where":
        return texts.where(name, place.step + 1, count)
    if do == "leave":
        book.leave(talk.key)
        return texts.left(name, place.step + 1, count)
    if do == "repeat":
        return _said(texts, place)
    if do == "next" and place.step + 1 == count:
        book.leave(talk.key)
        return texts.over(name)
    if do == "back" and place.step == 0:
        return joined((texts.at_first, _said(texts, place)), talk.language)
    wanted = {"next": place.step + 1, "back": place.step - 1, "first": 0}.get(do)
    if wanted is None:
        number = times(talk.language).number(_words(slots))
        wanted = int(number) - 1 if number is not None and number == int(number) else -1
    there = book.go(talk.key, wanted)
    return _said(texts, there) if there is not None else texts.no_step(count)


def _start(book: Steps, texts: ProcedureTexts, talk: Talk, words: str) -> str:
    there = book.all()
    if not there:
        return texts.none_there
    found = book.find(words) if words else there
    if not found:
        return texts.none_called(words, [one.name for one in there])
    if len(found) > 1:
        return texts.which([one.name for one in found])
    place = book.begin(talk.key, found[0])
    begun = texts.begun(place.procedure.name, len(place.procedure.steps), place.procedure.intro)
    return joined((begun, _said(texts, place)), talk.language)


def _names(book: Steps, texts: ProcedureTexts) -> str:
    there: Sequence[str] = [one.name for one in book.all()]
    return texts.names(there[:MOST_SAID], len(there) - MOST_SAID) if there else texts.none_there


def _said(texts: ProcedureTexts, place: Place) -> str:
    step = place.procedure.steps[place.step]
    return texts.step(place.step + 1, len(place.procedure.steps), step.part, step.text)


def _words(slots: Mapping[str, Any]) -> str:
    return str(slots.get("procedure", slots.get("step", ""))).strip()
