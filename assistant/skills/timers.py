"""Timers, alarms and reminders: set, listed, cancelled, paused, changed, snoozed. What is said comes from what the book holds.

The sentences catch what is meant (`do` and `kind`) and the words that name it; times are read out of those words by the language
(`languages/<code>/times.py`): a sentence whose words hold no time is answered so, or, where it may be talk, is not ours.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, cast

from assistant.alarms.items import Item, Kind, Unable
from assistant.languages import joined, own_sentences
from assistant.languages.hands import HandTexts, hand_texts
from assistant.languages.times import When, find, times
from assistant.protocols import Completeness
from assistant.protocols_hands import Alarms
from assistant.protocols_skills import Talk
from assistant.skills.base import Registry, Skill

MOST_SAID = 5
"""Things listed aloud."""
ANY_DAY = datetime(2026, 1, 1)
"""Whether words are a time of day depends on no date."""
FILLERS = {
    "en": ("for", "called", "named", "of", "at", "to", "that", "about", "the", "a", "an", "my", "me", "one", "by", "long",
           "lasting", "on", "in", "and"),
    "zh": ("的", "一个", "叫", "名叫", "个", "我", "，", "为", "后", "开始", "在"),
}  # fmt: skip


def register(registry: Registry) -> None:
    """Add the skill."""
    book = registry.hands.alarms
    registry.register(Skill("timers", partial(_answer, book), fits=partial(_fits, book), completeness=_completeness))


def _fits(book: Alarms | None, slots: Mapping[str, Any], talk: Talk) -> bool:
    """Whether words that may be talk hold a time; or, where a time may be missing ("told"), are no question; or it rings."""
    mode, words = slots.get("timed"), _words(slots)
    if mode is None:
        return True
    if mode == "ringing":
        return book is not None and bool(book.ringing())
    if mode == "span":
        return _begins_with_span(words, talk.language)
    if _time_in(words, talk) is not None:
        return True
    asking = own_sentences(talk.language).get("question_words", ())
    return mode == "told" and not any(word in words for word in asking)


def _begins_with_span(words: str, code: str) -> bool:
    """Whether a stretch of time stands at the beginning; what has it elsewhere is talk."""
    joint, found = times(code).joint, find(words, code, times(code).duration)
    return found is not None and (not found[1] or words.endswith(f"{joint}{found[1]}"))


def _completeness(slots: Mapping[str, Any], code: str) -> Completeness:
    """Whole with a time and no other words, which may go on; set without a time waits for it, a reminder of nothing for what of.

    A time of day that ends it may go on, too ("at seven thirty", "at seven on sundays").
    """
    words, known = _words(slots), times(code)
    if not _label(words, code) and not slots.get("span"):
        return "open" if slots["do"] == "set" else "whole"
    if slots["do"] not in ("set", "snooze"):
        return "unknown"
    timer = slots["kind"] == "timer" or slots["do"] == "snooze"
    found: tuple[object, str] | None = find(words, code, known.duration if timer else known.ahead)
    if found is None and not timer and (not slots.get("more") or slots["kind"] == "reminder"):
        found = find(words, code, lambda part: known.moment(part, ANY_DAY))
    if found is None or _label(found[1], code):
        return "unknown"
    return "open" if slots["kind"] == "reminder" else "whole"


def _answer(book: Alarms | None, slots: Mapping[str, Any], talk: Talk) -> str:
    texts, kind = hand_texts(talk.language), cast("Kind", str(slots.get("kind", "timer")))
    if talk.guest:
        return texts.not_for_visitors
    if book is None:
        return texts.nobody_rings
    try:
        return _Wish(book, texts, talk, kind, _words(slots), str(slots.get("span", "")))(str(slots["do"]))
    except Unable as refused:
        return texts.unable(refused.why, kind)


def _words(slots: Mapping[str, Any]) -> str:
    return " ".join(str(slots[name]).strip() for name in ("what", "more") if slots.get(name)).strip()


def _time_in(words: str, talk: Talk, book: Alarms | None = None) -> tuple[float | When, str] | None:
    """A stretch of time ahead or a moment in these words, and the rest of them."""
    known, code = times(talk.language), talk.language
    now = book.local() if book is not None else talk.now()
    return find(words, code, known.ahead) or find(words, code, lambda part: known.moment(part, now))


class _Wish:
    """One sentence and the book."""

    def __init__(self, book: Alarms, texts: HandTexts, talk: Talk, kind: Kind, words: str, span: str) -> None:
        self._book, self._texts, self._talk, self._kind, self._words, self._span = book, texts, talk, kind, words, span
        self._code = talk.language

    def __call__(self, do: str) -> str:
        """Do it, and say what was done."""
        if do in ("set", "list", "silence", "snooze", "cancel_all"):
            return str(getattr(self, f"_{do}")())
        return self._act(do)

    def _set(self) -> str:
        if self._kind == "timer":
            span = find(self._words, self._code, times(self._code).duration)
            if span is None:
                return self._texts.no_time(self._unknown(), "timer")
            item = self._book.set_timer(span[0], _label(span[1], self._code))
        else:
            found = _time_in(self._words, self._talk, self._book)
            if found is None:
                return self._texts.no_time(self._unknown(), self._kind)
            time, rest = found
            label = _label(rest, self._code)
            if isinstance(time, When):
                item = self._book.set_at(self._kind, time.at, time.days, label)
            else:
                item = self._book.set_timer(time, label, self._kind)
        when = self._when(item)
        said = (
            self._texts.set_at(item.kind, item.label, when) if when else self._texts.set_for(item.kind, item.label, item.length_s)
        )
        return joined((said, "" if self._book.kept else self._texts.not_kept), self._code)

    def _unknown(self) -> str:
        """The words that hold no time."""
        return self._words if _label(self._words, self._code) else ""

    def _list(self) -> str:
        found = self._named() if self._words else self._book.items(self._kind)
        if not found:
            return self._nothing()
        return joined((self._left(one) for one in found[:MOST_SAID]), self._code)

    def _silence(self) -> str:
        return self._texts.silenced if self._book.silence() else self._texts.nothing_rings

    def _snooze(self) -> str:
        span = find(self._words, self._code, times(self._code).duration) if self._words else None
        try:
            again = self._book.snooze(span[0] if span else None)
        except Unable as refused:
            if refused.why == "none":
                return self._texts.nothing_rings
            raise
        return self._texts.snoozed(again[0].length_s)

    def _cancel_all(self) -> str:
        gone = self._book.cancel(self._book.items(self._kind))
        return self._texts.changed("cancelled", self._names(gone), "") if gone else self._texts.none(self._kind)

    def _act(self, do: str) -> str:
        """Something done to one of them."""
        span = None
        if do in ("more", "less"):
            span = times(self._code).duration(self._span)
            if span is None:
                return self._texts.no_time(self._span, "timer")
        if do == "cancel" and (ringing := [one for one in self._book.ringing() if one.kind == self._kind]) and not self._words:
            self._book.silence()
            return self._texts.changed("cancelled", self._names(ringing), "")
        if do in ("pause", "resume"):
            wanted = "armed" if do == "pause" else "paused"
            found = [one for one in self._named() if one.state == wanted and not one.local]
        else:
            found = [one for one in self._named() if do == "cancel" or not one.local]
        if not found:
            return self._nothing()
        if len(found) > 1:
            return self._texts.which(self._names(found))
        if do == "cancel":
            return self._texts.changed("cancelled", self._names(self._book.cancel(found)), "")
        if do in ("pause", "resume"):
            item = self._book.pause(found[0]) if do == "pause" else self._book.resume(found[0])
        else:
            assert span is not None
            item = self._book.extend(found[0], span if do == "more" else -span)
        what = {"pause": "paused", "resume": "resumed"}.get(do, "changed")
        return self._texts.changed(what, self._names([item]), self._texts.duration(self._book.left_s(item)))

    def _named(self) -> list[Item]:
        """Those of the kind that the words name: by what they are called, what they were set to, or when they are due."""
        items, words = self._book.items(self._kind), _label(self._words, self._code).lower()
        if not words:
            return items
        if found := [one for one in items if one.label.lower() == words]:
            return found
        if found := [one for one in items if words in one.label.lower() or (one.label and one.label.lower() in words)]:
            return found
        if span := find(words, self._code, times(self._code).duration):
            return [one for one in items if not one.local and abs(one.length_s - span[0]) < 1]
        if moment := find(words, self._code, lambda part: times(self._code).moment(part, self._book.local())):
            at = moment[0].at
            return [
                one for one in items if one.local and one.local[11:16] in (f"{at:%H:%M}", f"{(at.hour + 12) % 24:02}:{at:%M}")
            ]
        return []

    def _nothing(self) -> str:
        there = self._book.items(self._kind)
        if there and self._words:
            return self._texts.none_called(self._kind, self._words, self._names(there))
        return self._texts.none(self._kind)

    def _left(self, item: Item) -> str:
        when = self._when(item)
        return self._texts.left(item.kind, item.label, self._book.left_s(item), when, item.state == "paused")

    def _when(self, item: Item) -> str:
        """When it is due in words; "" for one that only elapses."""
        return self._texts.when(datetime.fromisoformat(item.local), self._book.local(), item.days) if item.local else ""

    def _names(self, items: Sequence[Item]) -> list[str]:
        """What they are called; those without a name by their time."""
        names = []
        for one in items:
            label = one.label
            if not label and len(items) > 1:
                label = self._when(one) or self._texts.duration(one.length_s)
            names.append(self._texts.name(one.kind, label))
        return names


def _label(words: str, code: str) -> str:
    """A name without the small words around it."""
    label, fillers = words.strip(), FILLERS[code]
    joint = times(code).joint
    while True:
        short = label
        for filler in fillers:
            short = short.removeprefix(f"{filler}{joint}").removesuffix(f"{joint}{filler}").strip()
            short = "" if short == filler else short
        if short == label:
            return label
        label = short
