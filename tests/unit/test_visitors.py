"""Visitors of a room: when they have left, their talk is forgotten, and never while somebody speaks."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from assistant import events
from assistant.app import Assistant, build, room_key
from assistant.config import Config, load_config
from assistant.dialogue.brain import Priority
from assistant.dialogue.kit import TurnRequest
from assistant.dialogue.talks import GUEST
from assistant.servers.visitors import Visitors
from assistant.servers.web.logins import Login
from assistant.servers.web.tabs import Tabs
from assistant.skills.base import load_skills
from tests.turn.world import World


class Room:
    """A world whose room is watched."""

    def __init__(self) -> None:
        self.world, self.forgotten = World(), 0
        self.visitors = Visitors(30.0, self.world.brain, "voice", self.forget)

    def forget(self) -> None:
        self.forgotten += 1

    def pass_time(self, seconds: float) -> int:
        """How often it was forgotten meanwhile; looked at ten times a second."""
        before = self.forgotten
        for _ in range(round(10 * seconds)):
            self.look()
            self.world.clock.advance(0.1)
        return self.forgotten - before

    def look(self) -> None:
        for event in self.world.events():
            self.visitors.note(event, self.world.clock())
        self.visitors.look(self.world.clock())
        while self.world.brain.step():
            pass

    def say(self, text: str, reply: str) -> None:
        self.world.model.enqueue(reply)
        turn = self.world.brain.new_turn_id()
        self.world.brain.publish(events.Transcript(turn, self.world.clock(), text, "silence"))
        self.world.brain.submit(TurnRequest(text, sink=self.world.sink, turn_id=turn), Priority.VOICE)


def test_it_is_forgotten_once_when_nobody_has_spoken_for_a_while() -> None:
    room = Room()
    assert room.pass_time(100) == 0, "nobody came"
    room.say("hello", "Hi.")
    assert room.pass_time(25) == 0 and room.pass_time(10) == 1 and room.pass_time(100) == 0


def test_whoever_goes_on_is_not_forgotten() -> None:
    room = Room()
    for text in ("hello", "who are you", "thanks"):
        room.say(text, "Hi.")
        assert room.pass_time(29) == 0
    assert room.pass_time(5) == 1


def test_what_is_being_said_is_never_cut() -> None:
    room = Room()
    room.say("tell me everything", " ".join(["word."] * 120))  # a minute of sound
    assert room.pass_time(80) == 0
    assert room.pass_time(30) == 1


def test_a_wake_word_alone_counts_too() -> None:
    room = Room()
    room.say("hello", "Hi.")
    room.pass_time(20)
    room.world.brain.publish(events.WakeHeard(9, room.world.clock(), "okay_nabu", "en"))
    assert room.pass_time(60) == 0, "its turn has not ended"
    room.world.brain.publish(events.Cancelled(9, room.world.clock(), "no_speech"))
    assert room.pass_time(29) == 0 and room.pass_time(3) == 1


def test_turns_of_pages_and_programs_do_not_count_and_are_not_disturbed() -> None:
    room = Room()
    room.world.model.enqueue("Hi.")
    room.world.brain.submit(TurnRequest("hello", conversation="chat"))
    assert room.pass_time(60) == 0
    room.say("hello", "Hi.")
    room.pass_time(29)
    room.world.model.enqueue(" ".join(["word."] * 40))
    room.world.brain.submit(TurnRequest("tell", conversation="page", sink=room.world.sink))
    assert room.pass_time(15) == 0, "somebody is answered"
    assert room.pass_time(10) == 1


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("kiosk")
    (folder / "tea.md").write_text("1. Boil water.\n2. Wait.")
    sets = ["profile=kiosk", f"procedures.folder={folder}", f"memory.folder={folder}", f"models={folder}", "llm.context=512"]
    return build(load_config(Path(__file__).parents[2] / "config.yaml", sets, {}), speak=False)


@pytest.mark.parametrize("end", ["close", "clear"])
def test_a_visitor_s_tab_ends_as_the_room_s_talk_does(kiosk: Assistant, end: str) -> None:
    class AtOnce:
        async def call(self, work: Callable[[], object]) -> object:
            return work()

    doors = cast(Any, SimpleNamespace(talks=kiosk.talks, brain=AtOnce(), call=AtOnce().call))

    async def leave() -> None:
        tabs = Tabs(doors, lambda: 0.0)
        tab = tabs.open(Login("visitor", "kiosk", 0.0), private=True)
        kiosk.tempo.slower(keep=False)
        if end == "clear":
            await tabs.clear(tab)
        else:
            tabs.close(tab)
            await asyncio.gather(*tabs._clearing)

    asyncio.run(leave())
    assert kiosk.tempo.slowly == 1.0, "the next visitor did not ask for it"
    kiosk.tempo.slower(keep=False)
    kiosk.talks.clear("page")
    assert kiosk.tempo.slowly == 1.25, "the visitor is still here"
    kiosk.tempo.restore()


def test_the_kiosk_is_for_visitors_and_forgets_all_of_a_talk(kiosk: Assistant) -> None:
    key = room_key(kiosk.config)
    assert key.startswith(GUEST) and room_key(Config()) == "voice"

    def ask(text: str) -> str:
        handle = kiosk.brain.submit(TurnRequest(text, conversation=key))
        while kiosk.brain.step():
            pass
        return next(one.assistant for one in handle.stream.take() if isinstance(one, events.Completed))

    assert ask("start the tea procedure").startswith("Tea: 2 steps.")
    assert ask("next") == "Step 2, the last one: Wait."
    assert "timer" not in ask("what can you do") and "procedures" in ask("what can you do")
    assert kiosk.kit.memory is None and len(kiosk.talks(key).history.exchanges) == 4
    kiosk.tempo.slower(keep=False)
    assert kiosk.kit.pace("en").slowly == 1.25
    assert kiosk.talks.clear(key)
    assert kiosk.tempo.slowly == 1.0, "the next visitor did not ask for it"
    assert len(kiosk.talks(key).history.exchanges) == 0
    assert kiosk.steps is not None and kiosk.steps.running(key) is None
    kiosk.close()


def test_only_some_skills_are_kept_and_stop() -> None:
    assert set(load_skills(only=("time",)).skills) == {"time", "stop"}
