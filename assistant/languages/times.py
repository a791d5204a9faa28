"""Spoken numbers, stretches of time and times of day, read out of a sentence. A language's own stand in `<code>/times.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import Protocol, TypeVar, cast

T = TypeVar("T")
UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400, "mo": 30 * 86_400, "y": 365 * 86_400}
MOST_CHARACTERS = 120
"""A longer text holds no time."""


@dataclass(frozen=True)
class When:
    """A date and time of day, and the weekdays on which it comes again (0 is Monday)."""

    at: datetime
    days: str = ""


class Times(Protocol):
    """What a language knows of numbers and times."""

    joint: str
    """What stands between two words."""

    def number(self, text: str) -> Decimal | None:
        """A number, in digits or in words; None for anything else."""
        ...

    def duration(self, text: str) -> float | None:
        """Seconds of a stretch of time; None for anything else."""
        ...

    def ahead(self, text: str) -> float | None:
        """Seconds of "in ten minutes"; None for anything else."""
        ...

    def moment(self, text: str, now: datetime) -> When | None:
        """A date and time of day; None for anything else."""
        ...


@cache
def times(code: str) -> Times:
    """Those of a language."""
    return cast(Times, import_module(f"assistant.languages.{code}.times"))


def find(text: str, code: str, read: Callable[[str], T | None]) -> tuple[T, str] | None:
    """The longest part at an end, or in the middle, that can be read, and the rest of the text; None when nothing can."""
    words = text.split() if times(code).joint else list(text.replace(" ", ""))
    if len(text) > MOST_CHARACTERS:
        return None
    joint = times(code).joint
    for length in range(len(words), 0, -1):
        places = sorted(range(len(words) - length + 1), key=lambda at: at not in (0, len(words) - length))
        for at in places:
            found = read(joint.join(words[at : at + length]))
            if found is not None:
                return found, joint.join(words[:at] + words[at + length :]).strip()
    return None


def day_of(now: datetime, ahead: int) -> date:
    """The date so many days ahead."""
    return (now + timedelta(days=ahead)).date()


def weekday_ahead(now: datetime, weekday: int, *, later: bool) -> int:
    """Days until a weekday; `later`: not today."""
    ahead = (weekday - now.weekday()) % 7
    return 7 if later and not ahead else ahead


def resolve(now: datetime, hour: int, minute: int, day: date | None, days: str, *, half_known: bool) -> When:
    """The moment of an hour. `half_known`: it counts from 0 to 23; else from 1 to 12, and what is meant is guessed: the next one,
    and on another day five to eleven in the morning, twelve to four in the afternoon."""
    if not half_known:
        if day is not None or days:
            hour = hour % 12 + (12 if hour % 12 < 5 else 0)
        else:
            choices = [now.replace(hour=h, minute=minute, second=0, microsecond=0) for h in (hour % 12, hour % 12 + 12)]
            return When(min(at if at > now else at + timedelta(days=1) for at in choices))
    at = datetime.combine(day or now.date(), datetime.min.time()).replace(hour=hour, minute=minute)
    if day is None and at <= now:
        at += timedelta(days=1)
    return When(at, days)
