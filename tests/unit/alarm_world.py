"""A machine of tests: its clocks move when told, its power may be cut at any point, its journal is a real file."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from assistant.alarms.book import Book
from assistant.alarms.items import Item
from assistant.alarms.schedule import Clocks, Rules

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 11, 26, 18, 0, tzinfo=BERLIN).timestamp()
RULES = Rules(late_s=900, ring_s=60, snooze_s=540)


@dataclass
class Machine:
    """Clocks, the house that runs on it, and what was seen of its book."""

    folder: Path
    wall: float = START
    true: float = START
    boot: float = 100.0
    boots: int = 1
    zone: ZoneInfo = BERLIN
    rules: Rules = RULES
    seen: list[tuple[float, str, Item]] = field(default_factory=list)
    """(true time, what, item) of every change."""
    book: Book = field(init=False)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        """Start the house."""
        clocks = Clocks(lambda: self.wall, lambda: self.boot, f"boot {self.boots}", self.zone)
        self.book = Book(self.folder, clocks, self.rules)
        self.book.on_change = lambda item, what: self.seen.append((self.true, what, item))

    def kill(self) -> None:
        """End the process without a word: what was not committed is gone."""
        journal = self.book._journal
        journal._db.close()
        if journal._lock is not None:
            journal._lock.close()

    def restart(self, off_s: float = 0.0, *, reboot: bool, clock: Callable[[float], float] = lambda true: true) -> None:
        """Kill the house and start it again, after the machine was off for so long; `clock` is the wall clock's time then."""
        self.kill()
        self.true += off_s
        if reboot:
            self.boots += 1
            self.boot = 10.0
            self.wall = clock(self.true)
        else:
            self.wall += off_s
            self.boot += off_s
        self.open()

    def run(self, seconds: float, tick: float = 0.1) -> None:
        """Let time pass as the daemon does: it looks at every tick, rings, and writes."""
        for _ in range(round(seconds / tick)):
            self.wall += tick
            self.boot += tick
            self.true += tick
            self.look()

    def look(self) -> None:
        """One look of the daemon."""
        look = self.book.look()
        if look.ring:
            self.book.begin()
        if look.upkeep:
            self.book.upkeep()

    def sleep(self, seconds: float) -> None:
        """Let time pass in one go: nothing is due in it."""
        self.wall += seconds
        self.boot += seconds
        self.true += seconds
        self.look()

    def what(self, *kinds: str) -> list[tuple[int, str]]:
        """(whole seconds since START, label) of the changes of these kinds."""
        return [(round(at - START), item.label) for at, what, item in self.seen if what in kinds]
