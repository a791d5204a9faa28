"""What rings: due on time, with the model and the voice dead, ended by words, a wake word, or by nobody; told behind the next talk."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from assistant import events
from assistant.alarms.bell import Bell
from assistant.alarms.book import Book
from assistant.alarms.schedule import Clocks, Rules
from assistant.audio.earcons import earcon
from assistant.dialogue.brain import Priority
from assistant.dialogue.kit import TurnRequest
from assistant.engines.fakes import FakeVoice
from assistant.errors import EngineError
from assistant.servers.alarm_clock import AlarmClock
from tests.turn.world import World

START = datetime(2026, 11, 26, 18, 0).timestamp()


class House(World):
    """A world with a book, and the rim's look at it."""

    def __init__(self, folder: Path, tell_at_start: bool = False) -> None:
        super().__init__()
        self.voice = FakeVoice(0.4)
        self.brain._kit = replace(self.brain._kit, ring_tone=earcon("ring"), voices={"en": self.voice})
        clocks = Clocks(lambda: START + self.clock(), self.clock, "boot 1")
        self.changes: list[tuple[float, str, str]] = []
        self.book = Book(folder, clocks, Rules(ring_s=30))
        self.book.on_change = lambda item, what: self.changes.append((self.clock(), what, item.label))
        self.rim = AlarmClock(Bell(self.book, "en"), self.book, self.brain, self.sink, "en", tell_at_start)
        self.watch = self.brain.subscribe(100_000)
        self.happened: list[events.Event] = []

    def live(self, seconds: float) -> None:
        """Let time pass: the rim looks ten times a second, the brain steps whenever it can."""
        for _ in range(round(seconds / 0.1)):
            self.clock.advance(0.1)
            for _ in range(200):
                if not self.brain.step():
                    break
            self.look()

    def look(self) -> None:
        for event in self.watch.take():
            self.happened.append(event)
            self.rim.note(event)
        self.rim.look(self.clock())

    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self.happened]

    def of(self, kind: type[events.Event]) -> list[events.Event]:
        return [event for event in self.happened if isinstance(event, kind)]


@pytest.fixture
def house() -> Iterator[House]:
    with TemporaryDirectory() as folder:
        made = House(Path(folder))
        yield made
        made.book.close()


def test_it_rings_on_time_in_tones_and_words_until_nobody_has_heard_it(house: House) -> None:
    house.book.set_timer(10, "pasta")
    house.live(10.9)
    assert [(what, label) for _, what, label in house.changes] == [("set", "pasta"), ("ringing", "pasta")]
    assert house.changes[1][0] <= 10.5 and house.sink.played_ms() > 0
    house.live(40)
    assert [what for _, what, _ in house.changes] == ["set", "ringing", "missed"]
    assert house.voice.spoken and set(house.voice.spoken) == {"The pasta timer is over."} and len(house.voice.spoken) >= 3
    assert [type(end) for end in house.of(events.Completed)] == [events.Completed]
    assert house.sink.played_ms() >= 29_000  # it sounds all the time: the ear hears a stop without a wake word


@pytest.mark.parametrize("dead", ["none", "fails"])
def test_it_rings_with_the_model_and_the_voice_dead(house: House, dead: str) -> None:
    if dead == "none":
        house.brain._kit = replace(house.brain._kit, voices={})
    else:
        house.voice.error, house.voice.stays_broken = EngineError("dead"), True
    house.model.enqueue(*[EngineError("dead")] * 50)
    house.book.set_timer(5)
    house.live(20)
    assert house.changes[-1][1] == "ringing" and house.sink.played_ms() > 10_000


@pytest.mark.parametrize(("reason", "what"), [("stop", "stopped"), ("wake", "stopped"), ("snooze", "snoozed")])
def test_words_and_the_wake_word_end_it(house: House, reason: str, what: str) -> None:
    house.book.set_timer(5, "tea")
    house.live(8)
    house.brain.cancel_current(reason)
    house.live(2)
    assert what in [change for _, change, _ in house.changes[-2:]] and house.sink.pending_s() == 0
    assert isinstance(house.happened[-1], events.Cancelled)
    if reason == "wake":  # then "snooze" is said
        assert [one.label for one in house.book.snooze(60)] == ["tea"]


def test_a_snooze_said_into_the_ring_rings_again(house: House) -> None:
    house.book.set_timer(5, "tea")
    house.live(8)
    house.brain.cancel_current("snooze")
    house.live(600)
    assert [what for _, what, _ in house.changes if what in ("ringing", "snoozed")] == ["ringing", "snoozed", "ringing"]
    assert round(house.changes[-2][0] if house.changes[-1][1] == "missed" else house.changes[-1][0]) in range(545, 551)


def test_what_becomes_due_meanwhile_rings_in_the_same_turn(house: House) -> None:
    house.book.set_timer(5, "tea")
    house.book.set_timer(9, "rice")
    house.live(12)
    rang = {label: at for at, what, label in house.changes if what == "ringing"}
    assert rang["tea"] <= 5.5 and rang["rice"] <= 10
    assert len([event for event in house.happened if isinstance(event, events.TurnStarted)]) == 1
    house.brain.cancel_current("stop")
    house.live(1)
    assert [label for _, what, label in house.changes if what == "stopped"] == ["tea", "rice"]


def test_it_ends_what_is_being_said(house: House) -> None:
    house.book.set_timer(5)
    house.live(3)
    handle = house.brain.submit(TurnRequest("", say=" ".join(["word"] * 400), sink=house.sink), Priority.VOICE)
    house.live(3.2)
    assert [what for _, what, _ in house.changes] == ["set", "ringing"] and house.changes[1][0] <= 6
    assert [event.reason for event in house.of(events.Cancelled) if isinstance(event, events.Cancelled)] == ["alarm"]
    assert handle.cancel.reason == "alarm"


def test_somebody_who_speaks_to_us_has_heard_it(house: House) -> None:
    house.book.set_timer(5)
    house.live(8)
    house.brain.publish(events.Transcript(99, house.clock(), "what is that", "silence"))
    house.live(1)
    assert house.changes[-1][1] == "stopped"


def test_what_was_missed_is_told_behind_the_next_talk_once(house: House) -> None:
    house.book.set_timer(5, "tea")
    house.live(60)
    house.voice.spoken.clear()
    house.live(10)
    assert house.voice.spoken == []
    for turn in (500, 501):
        house.brain.publish(events.Transcript(turn, house.clock(), "hello", "silence"))
        house.model.enqueue("Good morning.")
        house.brain.submit(TurnRequest("hello", sink=house.sink, turn_id=turn), Priority.VOICE)
        house.live(10)
    assert house.voice.spoken[0] == "Good morning." and " ".join(house.voice.spoken[1:3]).startswith("You missed the tea timer")
    assert len([said for said in house.voice.spoken if "missed" in said]) == 1 and house.book.missed() == []


def test_what_was_missed_may_be_told_at_the_start() -> None:
    with TemporaryDirectory() as folder:
        first = House(Path(folder))
        first.book.set_timer(5, "tea")
        first.live(60)
        first.book.close()
        second = House(Path(folder), tell_at_start=True)
        second.live(10)
        assert " ".join(second.voice.spoken) == "You missed the tea timer: it was due on Thursday at six p.m."
        second.book.close()


def test_a_broken_loudspeaker_misses_it(house: House) -> None:
    house.book.set_timer(5)
    house.sink.broken = True
    house.live(30)
    assert house.changes[-1][1] == "missed" and isinstance(house.happened[-1], events.Failed)


def test_the_end_of_the_assistant_leaves_it_ringing_for_the_next_start(house: House) -> None:
    house.book.set_timer(5)
    house.live(8)
    house.brain.shut_down("shutdown")
    assert [one.state for one in house.book.items()] == ["ringing"]


def test_no_turn_is_free(house: House) -> None:
    for number in range(8):
        house.model.enqueue(" ".join(["word"] * 2000))
        house.brain.submit(TurnRequest("hello", conversation=f"talk {number}"), Priority.CHAT)
    house.book.set_timer(1)
    for _ in range(12):
        house.clock.advance(0.1)
        house.brain.step()
        house.look()
    assert house.changes[-1][1] == "set"  # refused as busy: asked again at every look
    house.brain.shut_down("stop")
    house.live(1)
    assert house.changes[-1][1] == "ringing"
