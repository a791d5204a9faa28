"""Sentences that are likely in this home, for a recogniser's grammar (`listen/commands.py`): skills', and commands on its things.

The sentences stand in the language's sentences.yaml (`likely`). The list is short, as a recogniser makes a loose model of a long
one. What is left out when it is full: first the other ways to say a command, of things in other rooms before those in our own.
"""

import logging
from collections.abc import Collection, Generator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from assistant.languages import own_sentences
from assistant.languages.home import HomeTexts
from assistant.skills.home_names import Names, plain
from assistant.skills.home_plan import Which

_log = logging.getLogger(__name__)
MOST_LIKELY = 100
"""Sentences of a list; a full one is cut at its end."""
MOST_HOME = 72
"""Of the home; the others are the skills' and answers to a question."""
LONGEST = 60
"""Characters; a longer sentence is left out."""
_BATCH = 500
"""Things looked at between two steps of the brain."""


def always(code: str, skills: Collection[str]) -> tuple[str, ...]:
    """Those of these skills."""
    table = _table(code).get("skills", {})
    return tuple(sentence for name, sentences in table.items() if name in skills for sentence in sentences)


def options(plan: Which) -> list[str]:
    """Likely answers to "which one": what each is called."""
    return [words for option in plan.options for words in option.words]


def yes_no(texts: HomeTexts) -> list[str]:
    """Likely answers to "shall I"."""
    return [*texts.yes[:2], *texts.no[:2]]


def home_sentences(names: Names, here: str, code: str) -> Generator[None, None, tuple[str, ...]]:
    """Those on things and rooms, at most `MOST_HOME`; yields between batches. `here`: our own room, plain."""
    table = _table(code)
    things: Mapping[str, Sequence[str]] = table.get("things", {})
    rooms: Mapping[str, Sequence[str]] = table.get("rooms", {})
    ours: list[list[str]] = []
    others: list[list[str]] = []
    lit: dict[tuple[str, str], None] = {}  # (room, domain)
    for number, thing in enumerate(list(names.things.values())):
        if number % _BATCH == _BATCH - 1:
            yield
        if thing.domain in things:
            own = names.area_of(thing) == here != ""
            (ours if own else others).append([form.format(name=names.spoken(thing)) for form in things[thing.domain]])
        if thing.domain in rooms and thing.area:
            lit.setdefault((plain(thing.area), thing.domain))
    by_room = [[form.format(area=area) for form in rooms[domain]] for area, domain in lit]
    turns = zip_longest(*ours, *others, *by_room)  # the first way for all, then the second
    made = [sentence for turn in turns for sentence in turn if sentence and len(sentence) <= LONGEST]
    every = list(dict.fromkeys([*made, *table.get("home", ())]))
    if len(every) > MOST_HOME:
        _log.info("home: %d likely commands are listened for, %d more are not", MOST_HOME, len(every) - MOST_HOME)
    return tuple(every[:MOST_HOME])


def _table(code: str) -> Mapping[str, Any]:
    table: Mapping[str, Any] = own_sentences(code).get("likely", {})
    return table
