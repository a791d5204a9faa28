"""The book: every timer, alarm and reminder of the house, in memory and in its journal, and what becomes of them as time goes by.

Rules
- Memory decides, the journal follows in the same call: what cannot be written is still done, and `kept` is False.
- Timers go by the machine's own clock, whatever the wall clock is set to. After a restart of the machine they go by the wall
  clock; while that shows less than the journal (no clock of its own) they go on from where they were written down last.
- Alarms go by the wall clock, and wait while it cannot be believed (`schedule.Belief`).
- `look` computes in memory alone and may be called ten times a second, from the rim; what writes is for the brain's thread.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from assistant.alarms.items import FARTHEST_DAYS, LONGEST_S, MOST, MOST_LABEL, SHORTEST_S, Item, Kind, Unable
from assistant.alarms.journal import Journal
from assistant.alarms.schedule import Belief, Clocks, Look, Rules, epoch, next_time, repeat
from assistant.cancel import CancelToken

SEEN_S, SEEN_ALARMS_S = 60.0, 900.0
"""Seconds after which the time is written down again: while a timer runs, and else."""
SNOOZABLE_S = 600.0
"""Seconds for which what was stopped can still be snoozed."""
DONE_S = 3600.0
"""Seconds for which what is done is still in the journal."""
LIVE = ("armed", "paused", "ringing")


class Book:
    """Keeps them all."""

    def __init__(self, folder: Path | None, clocks: Clocks, rules: Rules | None = None) -> None:
        """`folder` None: nothing survives. Raises `EngineError`."""
        self.clocks, self.rules = clocks, rules or Rules()
        self.on_change: Callable[[Item, str], None] = lambda _, __: None
        """Hears of each change."""
        self._lock = threading.RLock()
        self._journal = Journal(folder, clocks.wall)
        found, self._seen = self._journal.read()
        self._began = clocks.boot()
        self._belief = Belief(clocks, self._seen)
        self._items = {item.id: item for item in found}
        self._next = max(self._items, default=0) + 1
        self._guessed: set[int] = set()  # elapsed ones that go on from where they were, since the clock is not believed
        self._stale = False  # memory knows more than the journal
        self._wrote = self._began
        self._last: tuple[float, list[Item]] = (0.0, [])  # when something was answered last, and what
        self._ring: CancelToken | None = None
        self._open()

    # -- what people ask for, in the brain's thread ------------------------------------------------------------

    @property
    def kept(self) -> bool:
        """Whether what was set last is on disk."""
        return self._journal.kept

    def local(self) -> datetime:
        """The date and time of day in the house's zone, without that zone."""
        return self.clocks.local()

    def set_timer(self, seconds: float, label: str = "", kind: Kind = "timer") -> Item:
        """Something that is over in so many seconds. Raises `Unable`: short, long, full."""
        if not SHORTEST_S <= seconds <= LONGEST_S:
            raise Unable("short" if seconds < SHORTEST_S else "long")
        boot = self.clocks.boot()
        item = Item(0, kind, label, "armed", "", "", seconds, 0.0, self.clocks.boot_id, boot + seconds, self._wall() + seconds)
        return self._add(item)

    def set_at(self, kind: Kind, at: datetime, days: str = "", label: str = "") -> Item:
        """Something due at a date and time of day, and on these weekdays from then on. `Unable`: clock, past, far, full."""
        if not self._belief.plausible:
            raise Unable("clock")
        now = self.clocks.local()
        if at <= now:
            raise Unable("past")
        if at - now > timedelta(days=FARTHEST_DAYS):
            raise Unable("far")
        if days:
            at = next_time(at - timedelta(minutes=1), at.hour, at.minute, days)
        due = epoch(at, self.clocks.zone)
        if due <= self.clocks.wall():  # summer time has just ended: the clock shows this hour a second time
            due = epoch(at, self.clocks.zone, fold=1)
        return self._add(Item(0, kind, label, "armed", at.isoformat(), days, wall_due=due))

    def due_at(self, item: Item) -> datetime:
        """When it is or was due, in the house's zone, without that zone."""
        due = self.clocks.wall() - self.late_s(item) if not item.local and item.state != "missed" else item.wall_due
        return datetime.fromtimestamp(due, self.clocks.zone).replace(tzinfo=None)

    def items(self, *kinds: Kind) -> list[Item]:
        """Those that are to come, are paused or ring, the next one first; of these kinds, or all."""
        with self._lock:
            found = [one for one in self._items.values() if one.state in LIVE and (not kinds or one.kind in kinds)]
        return sorted(found, key=lambda one: (one.state == "paused", self.left_s(one), one.id))

    def left_s(self, item: Item) -> float:
        """Seconds until it is due, never less than none."""
        if item.state == "paused":
            return item.left_s
        return max(0.0, -self.late_s(item))

    def cancel(self, items: Iterable[Item]) -> list[Item]:
        """Take them out, a ringing one too; those that were there."""
        with self._lock:
            gone = [self._items.pop(one.id) for one in items if one.id in self._items]
            self._write((), [one.id for one in gone])
        for one in gone:
            self.on_change(one, "cancelled")
        if not self.ringing():
            self._hush("stop")
        return gone

    def pause(self, item: Item) -> Item:
        """Let a timer stand still. Raises `Unable` (none) for one that does not run."""
        with self._lock:
            here = self._elapsed(item, "armed")
            return self._change(replace(here, state=here.after("pause"), left_s=self.left_s(here)), "paused")

    def resume(self, item: Item) -> Item:
        """Let it go on. Raises `Unable` (none)."""
        with self._lock:
            here = self._elapsed(item, "paused")
            return self._change(replace(self._from_now(here, here.left_s), state=here.after("resume")), "resumed")

    def extend(self, item: Item, seconds: float) -> Item:
        """Give a timer more time, or less. Raises `Unable`: none, short (nothing would be left), long."""
        with self._lock:
            here = self._elapsed(item, "armed", "paused")
            left = self.left_s(here) + seconds
            if not SHORTEST_S <= left <= LONGEST_S:
                raise Unable("short" if left < SHORTEST_S else "long")
            changed = replace(here, left_s=left) if here.state == "paused" else self._from_now(here, left)
            return self._change(replace(changed, length_s=max(SHORTEST_S, here.length_s + seconds)), "changed")

    def snooze(self, seconds: float | None = None) -> list[Item]:
        """What rings, or was stopped just now, again in a while; those set. Raises `Unable`: none, short, long, full."""
        with self._lock:
            if not self.ringing():
                return self._again(self._last[1] if self.clocks.boot() - self._last[0] <= SNOOZABLE_S else [], seconds)
            again = self.end("snooze", seconds)
        self._hush("snooze")
        return again

    def silence(self) -> list[Item]:
        """End the ring; what rang."""
        rang = self.ringing()
        self.end("stop")
        self._hush("stop")
        return rang

    # -- for the rim -------------------------------------------------------------------------------------------

    def look(self) -> Look:
        """See what time it is: whether something is to ring, whether something is to be written. Writes nothing itself."""
        with self._lock:
            if self._belief.look():
                self._clock_was_set()
            late = [lateness for one in self._items.values() if (lateness := self._due(one)) is not None]
            ring = any(lateness <= self.rules.late_s for lateness in late)
            missed = any(lateness > self.rules.late_s for lateness in late)
            armed = [one for one in self._items.values() if one.state == "armed"]
            often = SEEN_S if any(not one.local for one in armed) else SEEN_ALARMS_S
            stale = self._stale or (bool(armed) and self.clocks.boot() - self._wrote >= often)
            return Look(ring, missed or stale)

    def ring_with(self, cancel: CancelToken) -> None:
        """The turn that rings can be ended with this."""
        self._ring = cancel

    def missed(self) -> list[Item]:
        """What was missed and not told yet, the earliest first."""
        with self._lock:
            return sorted((one for one in self._items.values() if one.state == "missed"), key=lambda one: one.wall_due)

    # -- in the brain's thread: the ring, and what is written down as time goes by ------------------------------

    def ringing(self) -> list[Item]:
        """What rings now."""
        with self._lock:
            return [one for one in self._items.values() if one.state == "ringing"]

    def begin(self) -> list[Item]:
        """What is due begins to ring, and is written down before anybody can hear it; what has begun now."""
        with self._lock:
            due = [one for one in self._items.values() if (late := self._due(one)) is not None and late <= self.rules.late_s]
            begun = [self._occurrence(one, "due") for one in sorted(due, key=lambda one: one.wall_due)]
            if due:
                self._write([self._items[one.id] for one in (*due, *begun)])
        for one in begun:
            self.on_change(one, "ringing")
        return begun

    def end(self, how: str, seconds: float | None = None) -> list[Item]:
        """The ring is over: nobody answered ("unheard"), the assistant ends ("shutdown"), else somebody did; what is set anew."""
        if how == "shutdown":
            return []  # the journal says ringing: it goes on at the next start
        step = "unheard" if how == "unheard" else "answered"
        change = {"unheard": "missed", "snooze": "snoozed"}.get(how, "stopped")
        with self._lock:
            rang = self.ringing()
            over = [replace(one, state=one.after(step), ended=self._wall()) for one in rang]
            self._items |= {one.id: one for one in over}
            if over:
                self._last = (self.clocks.boot(), over)
                self._write(over)
        for one in over:
            self.on_change(one, change)
        return self._again(over, seconds) if over and how == "snooze" else []

    def upkeep(self) -> None:
        """Write down what time brought: what is missed for good, clocks that were set, the time itself."""
        with self._lock:
            late = [one for one in self._items.values() if (by := self._due(one)) is not None and by > self.rules.late_s]
            missed = [self._occurrence(one, "too_late") for one in late]
            self._write(self._items.values())
        for one in missed:
            self.on_change(one, "missed")

    def told(self, items: Sequence[Item]) -> None:
        """Somebody heard that they were missed."""
        with self._lock:
            here = [self._items[one.id] for one in items if one.id in self._items and self._items[one.id].state == "missed"]
            done = [replace(one, state=one.after("told"), ended=self._wall()) for one in here]
            self._items |= {one.id: one for one in done}
            self._write(done)

    def close(self) -> None:
        """Write down the time and close the journal."""
        with self._lock:
            self._write(self._items.values())
            self._journal.close()

    # -- inside ------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        """At the start: timers get their end on this machine's clock; what was ringing was cut off."""
        boot, wall = self.clocks.boot(), self._wall()
        for one in list(self._items.values()):
            if not one.local and one.state in ("armed", "ringing") and one.boot != self.clocks.boot_id:
                one = replace(one, boot=self.clocks.boot_id, boot_due=boot + one.wall_due - wall)
                if not self._belief.plausible:
                    self._guessed.add(one.id)
            dues = [epoch(one.local, self.clocks.zone, fold) for fold in (0, 1)] if one.local else [one.wall_due]
            if one.wall_due not in dues:  # the zone is another one now
                one = replace(one, wall_due=dues[0])
            if one.state == "ringing":
                one = replace(one, state=one.after("unheard" if one.cuts else "cut_off"), cuts=one.cuts + 1)
            self._items[one.id] = one
        self._write(self._items.values())

    def _wall(self) -> float:
        """Seconds since 1970, as far as is known."""
        if self._belief.plausible:
            return self.clocks.wall()
        return max(self.clocks.wall(), self._seen + self.clocks.boot() - self._began)

    def late_s(self, item: Item) -> float:
        """Seconds by which it is late; negative: it is to come."""
        return self._wall() - item.wall_due if item.local else self.clocks.boot() - item.boot_due

    def _due(self, item: Item) -> float | None:
        """Seconds by which it is late, when it is to ring or is missed."""
        if item.state != "armed" or (item.local and not self._belief.plausible):
            return None
        late = self.late_s(self._latest(item))
        return late if late >= 0 else None

    def _latest(self, item: Item) -> Item:
        """A repeating one as it was due last."""
        if not item.days or self.late_s(item) < 0:
            return item
        at, now = item.local, self.clocks.local()
        while (later := repeat(at, item.days, datetime.fromisoformat(at))) <= now.isoformat():
            at = later
        return replace(item, local=at, wall_due=epoch(at, self.clocks.zone))

    def _occurrence(self, item: Item, step: str) -> Item:
        """Take a step; of a repeating one, the time that is due takes it, and the next one is waited for."""
        due = self._latest(item)
        due = replace(due, state=due.after(step))
        if item.days:
            local = repeat(due.local, item.days, self.clocks.local())
            self._items[item.id] = replace(item, local=local, wall_due=epoch(local, self.clocks.zone))
            due = replace(due, id=self._next, days="")
            self._next += 1
        self._items[due.id] = due
        return due

    def _clock_was_set(self) -> None:
        """Timers keep what is left of them; those that were only guessed now know better."""
        boot, wall = self.clocks.boot(), self.clocks.wall()
        self._stale = True
        if not self._belief.plausible:
            return
        for one in [one for one in self._items.values() if not one.local and one.state == "armed"]:
            if one.id in self._guessed:
                self._items[one.id] = replace(one, boot_due=boot + one.wall_due - wall)
            else:
                self._items[one.id] = replace(one, wall_due=wall + one.boot_due - boot)
        self._guessed.clear()

    def _from_now(self, item: Item, seconds: float) -> Item:
        self._guessed.discard(item.id)
        return replace(
            item, boot=self.clocks.boot_id, boot_due=self.clocks.boot() + seconds, wall_due=self._wall() + seconds, left_s=0.0
        )

    def _elapsed(self, item: Item, *states: str) -> Item:
        here = self._items.get(item.id)
        if here is None or here.local or here.state not in states:
            raise Unable("none")
        return here

    def _again(self, rung: Sequence[Item], seconds: float | None) -> list[Item]:
        if not rung:
            raise Unable("none")
        with self._lock:
            self._last = (0.0, [])
            return [self.set_timer(seconds or self.rules.snooze_s, one.label, one.kind) for one in rung]

    def _add(self, item: Item) -> Item:
        with self._lock:
            if sum(one.state in LIVE for one in self._items.values()) >= MOST:
                raise Unable("full")
            item = replace(item, id=self._next, label=item.label.strip()[:MOST_LABEL])
            self._next += 1
            return self._change(item, "set")

    def _change(self, item: Item, what: str) -> Item:
        self._items[item.id] = item
        self._write([item])
        self.on_change(item, what)
        return item

    def _write(self, changed: Iterable[Item], gone: Iterable[int] = ()) -> None:
        wall = self._wall()
        old = [one.id for one in self._items.values() if one.state == "done" and wall - one.ended > DONE_S]
        for number in old:
            del self._items[number]
        self._journal.write([one for one in changed if one.id in self._items], [*gone, *old], wall)
        self._stale, self._wrote = False, self.clocks.boot()

    def _hush(self, reason: str) -> None:
        if self._ring is not None:
            self._ring.cancel(reason)
