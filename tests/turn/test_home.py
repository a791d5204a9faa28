"""Turns about the home, with the real router: waiting for receipts, stopping, questions of ours, and what enters history."""

from pathlib import Path

import pytest

from assistant import events
from assistant.dialogue.kit import TurnRequest
from assistant.engines.fakes import FakeClock
from assistant.engines.fakes_home import FakeHome
from assistant.protocols_hands import Hands
from assistant.settings_home import Home as HomeSettings
from assistant.settings_home import HomeEntity
from assistant.skills.router import make_router
from tests.turn.world import World
from tests.unit.home_world import house


class House(World):
    """A world with a home."""

    def __init__(self, home: FakeHome | None = None, settings: HomeSettings | None = None) -> None:
        clock, self.home = FakeClock(), home or house()
        super().__init__(clock=clock, router=make_router(["en"], hands=Hands(home=self.home), home=settings, clock=clock))

    def writes(self, text: str) -> events.Event:
        """A turn from its request to its last event."""
        self.brain.submit(TurnRequest(text))
        self.run()
        return self.events()[-1]

    def heard(self, text: str) -> str:
        """What is answered to it."""
        last = self.writes(text)
        assert isinstance(last, events.Completed)
        return last.assistant

    def kept(self) -> list[str]:
        """The user's words that are kept."""
        return [turn.user for turn in self.talk("voice").history.exchanges]


def test_an_action_is_waited_for_and_said() -> None:
    world = House()
    world.home.looks = 30
    before = world.clock()
    last = world.writes("turn on the desk lamp")
    assert isinstance(last, events.Completed)
    assert (last.assistant, last.route) == ("The Desk lamp is on.", "command: home HassTurnOn")
    assert world.clock() > before + 2 and world.kept() == ["turn on the desk lamp"]


def test_a_stop_while_waiting_drops_it() -> None:
    world = House()
    world.home.looks = 10**9
    handle = world.brain.submit(TurnRequest("turn on the desk lamp"))
    world.run(while_waiting=lambda: handle.cancel.cancel("stop") if world.clock() > 1 else None)
    assert isinstance(world.events()[-1], events.Cancelled)
    assert world.home.dropped == 1 and world.home.changes == []


def test_other_turns_go_on_while_one_waits() -> None:
    world = House()
    world.home.looks = 50
    world.brain.submit(TurnRequest("turn on the desk lamp"))
    world.brain.submit(TurnRequest("what time is it", conversation="tab"))
    world.run()
    ends = [event.assistant for event in world.events() if isinstance(event, events.Completed)]
    assert ends == ["It is 9:20.", "The Desk lamp is on."]


def test_a_question_and_its_answer_are_one_talk() -> None:
    world = House()
    assert world.heard("turn on the fan") == "Which one: the one in the Bedroom or the one in the Office?"
    last = world.writes("the office")
    assert isinstance(last, events.Completed) and (last.assistant, last.route) == ("The Fan is on.", "question: option")
    assert world.kept() == ["turn on the fan", "the office"]
    assert [action.entity for action in world.home.changes] == ["fan.office"]


def test_a_confirmation_that_comes_too_late_is_talk() -> None:
    world = House(settings=HomeSettings(confirm_s=10))
    assert world.heard("unlock the front door") == "Shall I unlock the Front door?"
    world.clock.advance(11)
    world.model.enqueue("Yes to what?")
    last = world.writes("yes")
    assert isinstance(last, events.Completed) and (last.assistant, last.route) == ("Yes to what?", "talk")
    assert world.home.asked == []


@pytest.fixture
def guarded(tmp_path: Path) -> House:
    file = tmp_path / "pin"
    file.write_text("4711")
    file.chmod(0o600)
    return House(settings=HomeSettings(pin_file=str(file), entities={"lock.front": HomeEntity(tier="pin")}))


def test_the_pin_enters_no_history(guarded: House, caplog: pytest.LogCaptureFixture) -> None:
    assert guarded.heard("unlock the front door") == "What is the PIN?"
    assert guarded.heard("one two three four") == "That is not the PIN. What is the PIN?"
    assert guarded.heard("four seven one one") == "The Front door is unlocked."
    assert guarded.kept() == ["unlock the front door"]
    guarded.model.enqueue("Fine.")
    guarded.heard("how are you")
    assert "seven" not in guarded.model.prompts[-1] and "one two" not in guarded.model.prompts[-1]
    assert "seven" not in caplog.text and "4711" not in caplog.text


@pytest.mark.parametrize("said", ["one two three four", "four seven one one"])
def test_a_turn_with_a_pin_is_marked_for_whoever_watches(guarded: House, said: str) -> None:
    asked = guarded.writes("unlock the front door")
    assert isinstance(asked, events.Completed) and not asked.private
    answered = guarded.writes(said)
    assert isinstance(answered, events.Completed) and answered.private
    after = guarded.writes("what time is it")
    assert isinstance(after, events.Completed) and not after.private


@pytest.mark.parametrize("how", ["cancelled", "failed"])
def test_so_is_one_that_is_broken_off_or_fails(guarded: House, how: str) -> None:
    guarded.writes("unlock the front door")
    guarded.home.looks = 10**9
    if how == "failed":
        guarded.home.act = lambda _: 1 / 0  # type: ignore[assignment,method-assign,return-value]
    handle = guarded.brain.submit(TurnRequest("four seven one one"))
    guarded.run(while_waiting=lambda: handle.cancel.cancel("stop") if guarded.clock() > 1 else None)
    last = guarded.events()[-1]
    assert isinstance(last, events.Cancelled if how == "cancelled" else events.Failed) and last.private


def test_the_trace_of_every_stage() -> None:
    world = House()
    world.model.enqueue("Once upon a time.")
    routes = {}
    for text in (
        "tell me a story",
        "what time is it",
        "is the desk lamp on",
        "turn on the moon",
        "stop",
        "unlock the front door",
        "yes",
    ):
        last = world.writes(text)
        assert isinstance(last, events.Completed)
        routes[text] = last.route
    assert routes == {
        "tell me a story": "talk",
        "what time is it": "command: time",
        "is the desk lamp on": "command: home HassGetState",
        "turn on the moon": "refusal: home unknown",
        "stop": "stop",
        "unlock the front door": "command: home HassTurnOff",
        "yes": "question: yes",
    }


def test_a_home_that_breaks_fails_the_turn_and_claims_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = House()

    def broken(actions: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(world.home, "act", broken)
    last = world.writes("turn on the desk lamp")
    assert isinstance(last, events.Failed) and "lamp" not in last.message


def test_a_spoken_question_is_followed_by_listening() -> None:
    world = House()
    world.say("wake", "turn", "on", "the", "fan", "", "", "", "")
    world.run()
    world.say(*[""] * 60)
    assert any(isinstance(event, events.FollowUp) for event in world.events())
