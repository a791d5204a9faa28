"""Timers, alarms and reminders: set, due, rung, missed, snoozed; clocks that are set, restarts, power cuts, damaged and full disks."""

import sqlite3
import stat
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.alarms.book import SNOOZABLE_S
from assistant.alarms.items import MOST, STEPS, Item, Unable
from assistant.alarms.journal import NAME, Journal
from assistant.alarms.schedule import BELIEVE_S, FLOOR, epoch, find_zone, next_time
from assistant.errors import ConfigError, EngineError
from tests.unit.alarm_world import BERLIN, START, Machine


@pytest.fixture
def machine(memory_folder: Path) -> Iterator[Machine]:
    made = Machine(memory_folder)
    yield made
    made.kill()


def test_a_timer_rings_when_it_is_over(machine: Machine) -> None:
    machine.book.set_timer(300, "pasta")
    machine.run(310)
    assert machine.what("ringing") == [(300.0, "pasta")]
    machine.book.end("stop")
    machine.run(5)
    assert machine.what("ringing", "stopped") == [(300.0, "pasta"), (310.0, "pasta")]
    assert machine.book.items() == [] and machine.book.missed() == []


def test_several_run_at_once_and_the_next_one_comes_first(machine: Machine) -> None:
    for minutes, name in ((10, "rice"), (5, "pasta"), (7, "eggs")):
        machine.book.set_timer(60 * minutes, name)
    machine.sleep(60)
    assert [(one.label, round(machine.book.left_s(one))) for one in machine.book.items()] == [
        ("pasta", 240),
        ("eggs", 360),
        ("rice", 540),
    ]


def test_pause_resume_and_more_time(machine: Machine) -> None:
    one = machine.book.set_timer(300)
    machine.sleep(100)
    machine.book.pause(one)
    machine.sleep(1000)
    assert round(machine.book.left_s(machine.book.items()[0])) == 200
    machine.restart(500, reboot=True)
    machine.book.extend(one, 50)
    machine.book.resume(one)
    machine.sleep(249)
    assert machine.what("ringing") == []
    machine.run(2)
    assert [at for at, _ in machine.what("ringing")] == [100 + 1000 + 500 + 250]


def test_less_time_than_is_left_is_refused(machine: Machine) -> None:
    one = machine.book.set_timer(300)
    with pytest.raises(Unable) as refused:
        machine.book.extend(one, -300)
    assert refused.value.why == "short" and round(machine.book.left_s(one)) == 300


@pytest.mark.parametrize(("seconds", "why"), [(0, "short"), (-5, "short"), (10 * 365 * 86400, "long"), (float("inf"), "long")])
def test_a_timer_that_cannot_be(machine: Machine, seconds: float, why: str) -> None:
    with pytest.raises(Unable) as refused:
        machine.book.set_timer(seconds)
    assert refused.value.why == why and machine.book.items() == []


def test_a_thousand_timers_are_refused(machine: Machine) -> None:
    for _ in range(MOST):
        machine.book.set_timer(60)
    with pytest.raises(Unable) as refused:
        machine.book.set_timer(60)
    assert refused.value.why == "full" and len(machine.book.items()) == MOST


def test_past_and_far_dates_are_refused(machine: Machine) -> None:
    now = machine.book.local()
    for at, why in ((now - timedelta(minutes=1), "past"), (now + timedelta(days=400), "far")):
        with pytest.raises(Unable) as refused:
            machine.book.set_at("alarm", at)
        assert refused.value.why == why


def test_an_alarm_rings_at_its_time_and_on_its_days(machine: Machine) -> None:
    machine.book.set_at("alarm", datetime(2026, 11, 27, 7, 0), days="01234")  # from Friday on
    machine.sleep(13 * 3600 - 1)
    machine.run(2)
    machine.book.end("stop")
    machine.sleep(86400)  # Saturday
    machine.sleep(86400)  # Sunday
    assert machine.what("ringing") == [(13 * 3600, "")]
    machine.sleep(86400 - 2)  # Monday, before seven
    machine.run(2)
    assert machine.what("ringing") == [(13 * 3600, ""), (13 * 3600 + 3 * 86400, "")]
    assert [one.local for one in machine.book.items("alarm") if one.days] == ["2026-12-01T07:00:00"]


@pytest.mark.parametrize(
    ("now", "at", "due"),
    [
        ("2026-03-29T01:00", "2026-03-29T02:30", "2026-03-29T03:30+02:00"),  # the clock leaves it out
        ("2026-10-25T01:00", "2026-10-25T02:30", "2026-10-25T02:30+02:00"),  # the clock shows it twice: the first time
        ("2026-03-28T12:00", "2026-03-29T07:00", "2026-03-29T07:00+02:00"),
        ("2026-10-24T12:00", "2026-10-25T07:00", "2026-10-25T07:00+01:00"),
    ],
)
def test_summer_time(tmp_path: Path, now: str, at: str, due: str) -> None:
    start = epoch(now, BERLIN)
    machine = Machine(tmp_path, wall=start, true=start)
    machine.book.set_at("alarm", datetime.fromisoformat(at), days="0123456")
    wait = datetime.fromisoformat(due).timestamp() - start
    machine.sleep(wait - 1)
    assert machine.seen[-1][1] == "set"
    machine.run(1.5)
    assert [what for _, what, _ in machine.seen] == ["set", "ringing"]
    machine.book.end("stop")
    machine.sleep(3 * 3600)
    assert [what for _, what, _ in machine.seen] == ["set", "ringing", "stopped"]
    machine.kill()


def test_an_alarm_set_in_the_hour_that_comes_twice(tmp_path: Path) -> None:
    start = epoch("2026-10-25T02:10", BERLIN, fold=1)
    machine = Machine(tmp_path, wall=start, true=start)
    machine.book.set_at("alarm", datetime(2026, 10, 25, 2, 30))
    machine.restart(60, reboot=True)
    machine.sleep(20 * 60 - 61)
    machine.run(2)
    assert [(what, round(at - start)) for at, what, _ in machine.seen] == [("set", 0), ("ringing", 20 * 60)]
    machine.kill()


def test_another_zone_keeps_the_time_of_day(machine: Machine) -> None:
    machine.book.set_at("alarm", datetime(2026, 11, 27, 7, 0))
    machine.zone = ZoneInfo("Asia/Shanghai")
    machine.restart(reboot=False)
    (one,) = machine.book.items()
    assert one.wall_due == datetime(2026, 11, 27, 7, 0, tzinfo=machine.zone).timestamp()


@pytest.mark.parametrize("step", [-86400.0, -3000.0, -2.0, 2.0, 3000.0, 86400.0])
def test_a_clock_that_is_set_does_not_move_a_timer(machine: Machine, step: float) -> None:
    machine.book.set_timer(600)
    machine.sleep(100)
    machine.wall += step
    machine.look()
    machine.restart(200, reboot=True, clock=lambda true: true + step)
    machine.sleep(299)
    machine.run(2)
    assert machine.what("ringing") == [(600.0, "")]


def test_a_clock_set_past_an_alarm_rings_it_at_once_or_misses_it(machine: Machine) -> None:
    now = machine.book.local()
    machine.book.set_at("alarm", now + timedelta(minutes=10), label="near")
    machine.book.set_at("alarm", now + timedelta(minutes=30), label="far")
    machine.wall += 1500
    machine.look()
    assert machine.what("ringing", "missed") == [(0.0, "near")]  # late by 15 min: rings
    machine.book.end("stop")
    machine.wall += 3600
    machine.look()
    assert machine.what("ringing", "missed")[1:] == [(0.0, "far")] and [one.label for one in machine.book.missed()] == ["far"]


def test_a_clock_set_back_does_not_ring_again(machine: Machine) -> None:
    at = machine.book.local() + timedelta(minutes=10)
    machine.book.set_at("alarm", at)
    machine.book.set_at("alarm", at, days="0123456")
    machine.run(601)
    machine.book.end("stop")
    machine.wall -= 3600
    machine.run(3700, tick=1)
    assert len(machine.what("ringing")) == 2


def test_without_a_clock_of_its_own_a_timer_goes_on_and_alarms_wait(machine: Machine) -> None:
    machine.book.set_timer(600, "tea")
    machine.book.set_at("alarm", machine.book.local() + timedelta(minutes=20), label="up")
    machine.sleep(100)
    machine.restart(30, reboot=True, clock=lambda _: 0.0)
    with pytest.raises(Unable, match="clock"):
        machine.book.set_at("alarm", datetime(1970, 1, 1, 9, 0))
    machine.run(501)  # the 30 s without power are not known
    assert machine.what("ringing") == [(630.0, "tea")]
    machine.book.end("stop")
    machine.sleep(400)
    assert machine.what("ringing") == [(630.0, "tea")]
    machine.wall = machine.true  # the network told it
    machine.look()
    machine.run(170)
    assert machine.what("ringing")[1:] == [(1200.0, "up")]


def test_a_guessed_timer_is_put_right_when_the_clock_is(machine: Machine) -> None:
    machine.book.set_timer(600)
    machine.restart(300, reboot=True, clock=lambda _: FLOOR + 5)
    machine.sleep(100)
    machine.wall = machine.true
    machine.look()
    machine.run(201)
    assert machine.what("ringing") == [(600.0, "")]


def test_a_journal_from_the_future_does_not_keep_alarms_waiting_for_ever(machine: Machine) -> None:
    machine.wall += 10 * 365 * 86400
    machine.look()
    machine.book.upkeep()
    machine.restart(reboot=True)
    machine.sleep(BELIEVE_S + 1)
    at = machine.book.local() + timedelta(minutes=1)
    machine.book.set_at("alarm", at)
    machine.run(61)
    assert len(machine.what("ringing")) == 1


@pytest.mark.parametrize("late", [1, 899, 901, 86400])
def test_missed_while_off(machine: Machine, late: int) -> None:
    machine.book.set_timer(100)
    machine.restart(100 + late, reboot=True)
    machine.look()
    machine.look()
    assert machine.what("ringing", "missed") == [(100.0 + late, "")]
    assert bool(machine.book.missed()) == (late > 900)


def test_days_off_are_missed_once(machine: Machine) -> None:
    machine.book.set_at("alarm", datetime(2026, 11, 27, 7, 0), days="0123456")
    machine.restart(3 * 86400, reboot=True)
    machine.look()
    machine.look()
    assert [(one.local, one.state) for one in machine.book.missed()] == [("2026-11-29T07:00:00", "missed")]
    assert [one.local for one in machine.book.items()] == ["2026-11-30T07:00:00"]


def test_what_was_missed_is_told_once(machine: Machine) -> None:
    machine.book.set_timer(10)
    machine.run(11)
    machine.book.end("unheard")
    machine.restart(reboot=False)
    (one,) = machine.book.missed()
    machine.book.told([one])
    machine.restart(reboot=False)
    assert machine.book.missed() == []


def test_a_ring_that_was_cut_off_goes_on_once(machine: Machine) -> None:
    machine.book.set_timer(10)
    machine.run(11)
    machine.restart(5, reboot=True)
    machine.look()
    assert [what for _, what, _ in machine.seen] == ["set", "ringing", "ringing"]
    machine.restart(5, reboot=True)
    machine.look()
    assert [what for _, what, _ in machine.seen] == ["set", "ringing", "ringing"] and len(machine.book.missed()) == 1


def test_a_ring_ended_by_the_shutdown_goes_on(machine: Machine) -> None:
    machine.book.set_timer(10)
    machine.run(11)
    machine.book.end("shutdown")
    machine.restart(5, reboot=False)
    machine.look()
    assert len(machine.book.ringing()) == 1


def test_snooze_within_and_after_the_ring(machine: Machine) -> None:
    machine.book.set_at("alarm", machine.book.local() + timedelta(seconds=10), label="up")
    machine.run(11)
    machine.book.snooze()
    machine.run(541, tick=1)
    machine.book.end("wake")
    (again,) = machine.book.snooze(60)
    assert (again.kind, again.label) == ("alarm", "up")
    machine.run(61, tick=1)
    machine.book.end("stop")
    assert [what for _, what, _ in machine.seen if what in ("ringing", "snoozed", "stopped")] == [
        *("ringing", "snoozed", "ringing", "stopped", "ringing", "stopped")
    ]
    machine.sleep(SNOOZABLE_S + 1)
    with pytest.raises(Unable):
        machine.book.snooze()


def test_every_step_that_is_none_raises() -> None:
    item = Item(1, "timer", "", "done", "")
    for step in {step for _, step in STEPS}:
        with pytest.raises(KeyError):
            item.after(step)


def test_the_journal_is_private_and_has_one_user(machine: Machine) -> None:
    assert stat.S_IMODE((machine.folder / NAME).stat().st_mode) == 0o600
    with pytest.raises(EngineError, match="another assistant keeps its alarms here"):
        Journal(machine.folder, lambda: START)


def test_a_damaged_journal_is_set_aside(machine: Machine, caplog: pytest.LogCaptureFixture) -> None:
    machine.kill()
    (machine.folder / NAME).write_bytes(b"no database " * 1000)
    machine.open()
    assert "is damaged" in caplog.text and [*machine.folder.glob(f"{NAME}.damaged-*")]
    machine.book.set_timer(60)
    assert machine.book.kept


def test_a_journal_of_a_newer_version_is_left_alone(machine: Machine) -> None:
    machine.kill()
    with sqlite3.connect(machine.folder / NAME) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(EngineError, match="newer version"):
        machine.open()
    assert (machine.folder / NAME).stat().st_size > 0


def test_a_full_disk_is_said_and_the_timer_rings(machine: Machine, caplog: pytest.LogCaptureFixture) -> None:
    machine.book._journal._db.execute("PRAGMA max_page_count = 1")
    machine.book._journal._db.execute("CREATE TEMP TRIGGER full BEFORE INSERT ON items BEGIN SELECT RAISE(ABORT, 'full'); END")
    for _ in range(3):
        machine.book.set_timer(10)
    assert not machine.book.kept and caplog.text.count("cannot be written") == 1
    machine.run(11)
    assert len(machine.book.ringing()) == 3
    machine.book._journal._db.execute("DROP TRIGGER full")
    machine.book.end("stop")
    assert machine.book.kept


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    machine = Machine(tmp_path / "file" / "folder")
    machine.book.set_timer(5)
    assert not machine.book.kept and "cannot be opened" in caplog.text
    machine.run(6)
    assert len(machine.book.ringing()) == 1
    machine.kill()


def test_zones(tmp_path: Path) -> None:
    assert find_zone("Asia/Shanghai", {}) == ZoneInfo("Asia/Shanghai")
    assert find_zone("", {"TZ": ":Europe/Berlin"}) == BERLIN
    assert find_zone("", {}, tmp_path / "none").utcoffset(None) == timedelta(0)
    with pytest.raises(ConfigError, match="alarms.timezone is 'Europe/Berln'"):
        find_zone("Europe/Berln", {})


def test_the_next_time_is_never_now() -> None:
    at = datetime(2026, 11, 27, 7, 0)
    assert next_time(at, 7, 0) == at + timedelta(days=1)
    assert next_time(at - timedelta(seconds=1), 7, 0) == at
    assert next_time(at, 7, 0, "4") == at + timedelta(days=7)


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), st.integers(1, 400)),
        st.tuples(st.just("alarm"), st.integers(1, 400)),
        st.tuples(st.just("run"), st.integers(1, 200)),
        st.tuples(st.just("step"), st.sampled_from([-7200, -600, -30, 30, 600, 7200])),
        st.tuples(st.just("process"), st.integers(0, 30)),
        st.tuples(st.just("power"), st.integers(0, 120)),
        st.tuples(st.just("cut_in_write"), st.integers(0, 30)),
        st.tuples(st.just("cut_in_ring"), st.integers(1, 200)),
        st.tuples(st.just("answer"), st.just(0)),
    ),
    min_size=3,
    max_size=14,
)


class CutJournal(Journal):
    """The power goes when a transaction is written and not yet committed."""

    def write(self, changed: Iterable[Item], gone: Iterable[int], seen: float) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("INSERT OR REPLACE INTO items (id, kind, label, state, local, days, length_s, left_s, boot, boot_due, wall_due, cuts,"
                             " ended) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [astuple(one) for one in changed])  # fmt: skip
        raise RuntimeError("the power went")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=ACTIONS)
def test_never_lost_never_twice_never_late(tmp_path_factory: pytest.TempPathFactory, actions: list[tuple[str, int]]) -> None:
    """Timers over any order of clock steps, restarts and power cuts (the clock runs on while the power is off)."""
    machine = Machine(tmp_path_factory.mktemp("book"))
    offset = 0.0
    due: dict[str, float] = {}  # timer -> the true time at which it is over
    ups: list[tuple[float, float]] = []  # true times between which the house was down
    answered: set[str] = set()

    for number, (action, value) in enumerate(actions):
        before = machine.true
        if action == "set":
            machine.book.set_timer(value, f"timer {number}")
            due[f"timer {number}"] = machine.true + value
        elif action == "alarm":
            machine.book.set_at("alarm", machine.book.local() + timedelta(seconds=value), label=f"alarm {number}")
        elif action == "run":
            machine.run(value, tick=0.5)
        elif action == "step":
            offset += value
            machine.wall += value
            machine.look()
        elif action == "answer":
            answered |= {one.label for one in machine.book.ringing()}
            machine.book.end("stop")
        elif action == "cut_in_write":
            machine.book._journal.__class__ = CutJournal
            with pytest.raises(RuntimeError):
                machine.book.set_timer(50, f"never {number}")
            machine.restart(value, reboot=True, clock=lambda true: true + offset)  # noqa: B023
            ups.append((before, machine.true))
        elif (
            action == "cut_in_ring"
        ):  # the first thing that is written while time passes is cut: what begins to ring, or the time
            machine.book._journal.__class__ = CutJournal
            try:
                machine.run(value, tick=0.5)
                machine.book._journal.__class__ = Journal
            except RuntimeError:
                before = machine.true - 0.5
                machine.restart(3, reboot=True, clock=lambda true: true + offset)  # noqa: B023
                ups.append((before, machine.true))
        else:
            machine.restart(value, reboot=action == "power", clock=lambda true: true + offset)  # noqa: B023
            ups.append((before, machine.true))
    machine.run(420, tick=0.5)
    machine.kill()

    rung: dict[str, list[float]] = {}
    for at, what, item in machine.seen:
        if what == "ringing":
            rung.setdefault(item.label, []).append(at)
    missed = {item.label for _, what, item in machine.seen if what == "missed"} | {one.label for one in machine.book.missed()}
    assert not any(label.startswith("never") for label in rung)
    for label, at in due.items():
        assert label in rung or label in missed, f"{label} is lost"
        if label not in rung:
            continue
        first = rung[label][0]
        may = at
        for start, end in ups:  # due while off: at the start
            may = end if start <= may + 0.01 and end > may else may
        assert first - at >= -0.01 and first <= may + 1, f"{label} is late by {first - may} s"
        cuts = [end for start, end in ups if start >= first - 0.01]
        assert len(rung[label]) <= 1 + min(1, len(cuts)), f"{label} rang {len(rung[label])} times"
    for label in {item.label for _, what, item in machine.seen if what == "set" and item.kind == "alarm"}:
        ring = rung.get(label, [])
        assert ring or label in missed or any(one.label == label for one in machine.book.items()), f"{label} is lost"
        assert len(ring) <= 1 + min(1, len([end for start, end in ups if ring and start >= ring[0] - 0.01]))
    for label in answered:  # what somebody ended never rings again
        ended = next(at for at, what, item in machine.seen if what == "stopped" and item.label == label)
        assert not [at for at in rung[label] if at > ended]


def test_an_item_is_read_as_it_was_written(machine: Machine) -> None:
    one = machine.book.set_at("reminder", datetime(2026, 11, 27, 7, 0), "05", "打电话给安娜")
    machine.restart(reboot=False)
    assert machine.book.items() == [one]
