"""When something is due: times of day in a zone, days of the week, summer time, and which clock is to be believed.

A time of day that summer time leaves out rings as much later as the clock jumps; one that comes twice rings the first time.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assistant.errors import ConfigError

FLOOR = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
"""No clock that shows less is right: the program is younger."""
STEP_S = 1.0
"""The wall clock moved so much against the machine's own between two looks: somebody set it."""
BELIEVE_S = 600.0
"""Seconds after the start at which a clock behind the journal is believed after all: it was the journal that was wrong."""


@dataclass(frozen=True)
class Clocks:
    """The two clocks: the wall's, which may be set, and the machine's, which only goes on, and stands still while it is off."""

    wall: Callable[[], float]
    """Seconds since 1970."""
    boot: Callable[[], float]
    """Seconds since the machine started, sleep included."""
    boot_id: str
    """Names this start of the machine."""
    zone: tzinfo = field(default=UTC)

    def local(self) -> datetime:
        """The date and time of day, without its zone."""
        return datetime.fromtimestamp(self.wall(), self.zone).replace(tzinfo=None)


@dataclass(frozen=True)
class Rules:
    """What the configuration says."""

    late_s: float = 900.0
    """Late by no more than so much it rings, else it is missed."""
    ring_s: float = 60.0
    """The longest ring."""
    snooze_s: float = 540.0


@dataclass(frozen=True)
class Look:
    """What is to be done now."""

    ring: bool
    upkeep: bool


def machine_clocks(zone: str, environ: Mapping[str, str] = os.environ) -> Clocks:
    """This machine's. Raises `ConfigError` for a zone that does not exist."""
    import time

    try:
        boot_id = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        boot_id = f"process {os.getpid()} {time.time_ns()}"  # the machine's clock is then believed in this process only
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return Clocks(time.time, lambda: time.clock_gettime(clock), boot_id, find_zone(zone, environ))


def find_zone(name: str, environ: Mapping[str, str] = os.environ, localtime: Path = Path("/etc/localtime")) -> tzinfo:
    """The zone of a name; "": $TZ, else the machine's. Raises `ConfigError`."""
    wanted = name or environ.get("TZ", "").removeprefix(":")
    if not wanted:
        try:
            with localtime.open("rb") as file:
                return ZoneInfo.from_file(file)
        except (OSError, ValueError):
            return UTC
    try:
        return ZoneInfo(wanted)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        key = "alarms.timezone" if name else "$TZ"
        raise ConfigError(f"{key} is {wanted!r}: there is no such zone; write it like Europe/Berlin") from None


def epoch(local: str | datetime, zone: tzinfo, fold: int = 0) -> float:
    """Seconds since 1970 of a date and time of day; `fold` 1: the second time that the clock shows it."""
    at = datetime.fromisoformat(local) if isinstance(local, str) else local
    return at.replace(tzinfo=zone, fold=fold).timestamp()


def next_time(after: datetime, hour: int, minute: int, days: str = "") -> datetime:
    """The next time that the clock shows so, later than `after`, on one of these weekdays ("": on any)."""
    at = after.replace(hour=hour, minute=minute, second=0, microsecond=0)
    while at <= after or (days and str(at.weekday()) not in days):
        at += timedelta(days=1)
    return at


def repeat(local: str, days: str, now: datetime) -> str:
    """The time of a repeating one after the one at `local` and after `now`."""
    at = datetime.fromisoformat(local)
    return next_time(max(at, now), at.hour, at.minute, days).isoformat()


class Belief:
    """Whether the wall clock may be believed; a machine without a clock of its own starts in the past."""

    def __init__(self, clocks: Clocks, seen: float) -> None:
        """`seen`: the latest time that was ever written down."""
        self._clocks, self._since = clocks, clocks.boot()
        self._offset = clocks.wall() - self._since
        self.plausible = clocks.wall() >= max(FLOOR, seen)
        self._seen = seen

    def look(self) -> bool:
        """Whether somebody set the clock since the last look, or it has become believable."""
        wall, boot, before = self._clocks.wall(), self._clocks.boot(), self.plausible
        stepped = abs(wall - boot - self._offset) > STEP_S
        self._offset = wall - boot
        if stepped:  # somebody knows better: even when it goes back
            self.plausible = wall >= FLOOR
        elif not before:
            self.plausible = wall >= FLOOR and (wall >= self._seen or boot - self._since > BELIEVE_S)
        return stepped or self.plausible != before
