"""What is said of timers, alarms and reminders; each language's words stand in `<code>/hands.py`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Protocol, cast


class HandTexts(Protocol):
    """The words of one language. A kind is timer, alarm or reminder; "" for any."""

    nobody_rings: str
    """There is no loudspeaker, or nobody looks at the clock."""
    nothing_rings: str
    """To whom wants to stop or snooze."""
    silenced: str
    abilities: Mapping[str, str]
    """Skills -> what they can do together, as it is said in "what can you do"."""
    not_for_visitors: str
    """To a visitor who asks for the house's own lists, alarms or volume."""
    no_lists: str
    shopping: str
    """What the list is called that is meant when none is named."""
    no_volume: str
    """There is no loudspeaker."""
    no_such_volume: str
    no_tempo: str
    """There is no voice."""
    tempo_is: Mapping[str, str]
    """How slowly the assistant speaks now: slower, faster, usual; slowest, fastest: it goes no further."""
    not_kept: str
    """Set, but it will not survive a restart."""

    def can(self, abilities: Sequence[str]) -> str:
        """What the assistant can do, talking besides."""
        ...

    def list_changed(self, what: str, name: str, items: Sequence[str], more: int = 0) -> str:
        """These were added, removed, are there, missing; or it holds them (and `more`), was cleared, is empty, is full."""
        ...

    def volume_is(self, percent: int, muted: bool) -> str:
        """How loud the assistant is now."""
        ...

    def duration(self, seconds: float) -> str:
        """A stretch of time."""
        ...

    def when(self, at: datetime, now: datetime, days: str) -> str:
        """A date and time of day, or the days and the time."""
        ...

    def name(self, kind: str, label: str) -> str:
        """What a thing is called inside a sentence."""
        ...

    def set_for(self, kind: str, label: str, seconds: float) -> str:
        """It is set, and is over in so many seconds."""
        ...

    def set_at(self, kind: str, label: str, when: str) -> str:
        """It is set, and due then."""
        ...

    def left(self, kind: str, label: str, seconds: float, when: str, paused: bool) -> str:
        """How long it runs, or when it is due (`when` not "")."""
        ...

    def none(self, kind: str) -> str:
        """There is none."""
        ...

    def none_called(self, kind: str, words: str, there: Sequence[str]) -> str:
        """None is called so; names of those that are there."""
        ...

    def which(self, names: Sequence[str]) -> str:
        """Several fit; their names."""
        ...

    def changed(self, what: str, names: Sequence[str], left: str) -> str:
        """These were cancelled, paused, resumed or changed; what is left ("" for cancelled ones)."""
        ...

    def snoozed(self, seconds: float) -> str:
        """It rings again in a while."""
        ...

    def rings(self, kind: str, label: str, due: datetime | None) -> str:
        """Said while it rings; `due`: it is late, and was due then."""
        ...

    def missed(self, kind: str, label: str, due: datetime) -> str:
        """Nobody heard it."""
        ...

    def unable(self, why: str, kind: str) -> str:
        """Why a wish cannot be granted (`alarms.items.Unable`)."""
        ...

    def no_time(self, words: str, kind: str) -> str:
        """No time was understood in these words ("" for none at all)."""
        ...


@cache
def hand_texts(code: str) -> HandTexts:
    """Those of a language."""
    return cast(HandTexts, import_module(f"assistant.languages.{code}.hands"))
