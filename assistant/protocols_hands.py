"""Protocols of what skills act on besides the talk: the hands of the house. One that is missing is said to be missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.alarms.items import Item, Kind
from assistant.procedures.steps import Place, Procedure
from assistant.protocols_home import Elsewhere, Home


class Alarms(Protocol):
    """Timers, alarms and reminders (`alarms.book.Book`). All raise `Unable` for what cannot be granted."""

    @property
    def kept(self) -> bool:
        """Whether what was set last will survive a restart."""
        ...

    def local(self) -> datetime:
        """The date and time of day in the house's zone, without that zone."""
        ...

    def set_timer(self, seconds: float, label: str = "", kind: Kind = "timer") -> Item:
        """Something that is over in so many seconds."""
        ...

    def set_at(self, kind: Kind, at: datetime, days: str = "", label: str = "") -> Item:
        """Something due at a date and time of day, and on these weekdays from then on."""
        ...

    def items(self, *kinds: Kind) -> list[Item]:
        """Those that are to come, are paused or ring, the next one first; of these kinds, or all."""
        ...

    def left_s(self, item: Item) -> float:
        """Seconds until it is due."""
        ...

    def cancel(self, items: Iterable[Item]) -> list[Item]:
        """Take them out; those that were there."""
        ...

    def pause(self, item: Item) -> Item:
        """Let a timer stand still."""
        ...

    def resume(self, item: Item) -> Item:
        """Let it go on."""
        ...

    def extend(self, item: Item, seconds: float) -> Item:
        """Give a timer more time, or less."""
        ...

    def snooze(self, seconds: float | None = None) -> list[Item]:
        """What rings, or was stopped just now, again in a while; those set."""
        ...

    def ringing(self) -> list[Item]:
        """What rings now."""
        ...

    def silence(self) -> list[Item]:
        """End the ring; what rang."""
        ...


class Ringing(Protocol):
    """What a turn that rings asks of the book."""

    def begin(self) -> Sequence[str]:
        """What is due begins to ring and is written down; what is to be said of all that rings now, nothing when none began."""
        ...

    def end(self, how: str) -> None:
        """The ring is over: unheard, shutdown, or the reason for which somebody ended it."""
        ...

    @property
    def longest_s(self) -> float:
        """Seconds after which nobody has heard it."""
        ...


class Knob(Protocol):
    """How loud the assistant is (`audio.volume.Volume`)."""

    percent: int
    muted: bool

    def set(self, percent: int) -> int:
        """Turn it to so many per cent, at most to an end; where it is now."""
        ...

    def mute(self, on: bool) -> None:
        """Mute it, or not."""
        ...


class Tempo(Protocol):
    """How slowly the assistant speaks (`audio.tempo.Tempo`). `keep` False: for a while, not for the next start."""

    def slower(self, *, keep: bool = True) -> bool:
        """One step slower; False: it is at its end."""
        ...

    def faster(self, *, keep: bool = True) -> bool:
        """One step faster; False: it is at its end."""
        ...

    def usual(self, *, keep: bool = True) -> bool:
        """As it is by itself; False: it was."""
        ...


class Lists(Protocol):
    """The shopping list and others (`memory.lists.Lists`). All raise an `AssistantError` when they cannot be read or written."""

    def entries(self, name: str) -> list[str]:
        """What stands on a list, the oldest first."""
        ...

    def add(self, name: str, text: str) -> bool:
        """Put something on a list; whether it was not there."""
        ...

    def remove(self, name: str, text: str) -> bool:
        """Take something off a list; whether it was there."""
        ...

    def clear(self, name: str) -> int:
        """Take everything off a list; how many there were."""
        ...


class Steps(Protocol):
    """Procedures, and how far each talk has come with one (`procedures.book.Procedures`)."""

    def all(self) -> list[Procedure]:
        """Those that there are, by name."""
        ...

    def find(self, words: str) -> list[Procedure]:
        """Those that the words name."""
        ...

    def named(self, words: str) -> bool:
        """Whether one is called exactly so."""
        ...

    def running(self, key: str) -> Place | None:
        """Where a talk is; None: in none."""
        ...

    def begin(self, key: str, procedure: Procedure) -> Place:
        """Begin one, at its first step."""
        ...

    def go(self, key: str, step: int) -> Place | None:
        """Go to a step (from 0); None where there is none."""
        ...

    def leave(self, key: str) -> Place | None:
        """Leave the procedure; where it was."""
        ...


@dataclass(frozen=True)
class Hands:
    """What skills may act on."""

    alarms: Alarms | None = None
    """None: nothing here could ring."""
    lists: Lists | None = None
    """None: there are none."""
    volume: Knob | None = None
    """None: nothing here is heard."""
    procedures: Steps | None = None
    """None: no folder of any is set."""
    home: Home | None = None
    """None: none is connected."""
    elsewhere: Elsewhere | None = None
    """Who else is asked about a command that no skill knows; None: nobody."""
    tempo: Tempo | None = None
    """None: there is no voice."""
