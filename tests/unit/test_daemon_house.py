"""The daemon's look at its threads: what stands still ends the process."""

import time
from dataclasses import replace

import pytest

from assistant.app import Assistant
from assistant.config import Config
from assistant.daemon import HUNG_S, _House
from assistant.errors import EngineError
from assistant.listen.ear import Ear
from assistant.sdnotify import Watchdog
from tests.turn.world import World


def house(microphone: bool = True) -> _House:
    world = World()
    assistant = Assistant(Config(), world.brain, world.brain._kit, None, {})
    listener = world.listener if microphone else None
    return _House(Config(), assistant, Ear(), listener, None, world.seen, lambda _: None, lambda _: None, time.monotonic())


def test_it_is_ready_when_sound_has_come() -> None:
    ready: list[Assistant] = []
    made = house()
    made = replace(made, on_ready=ready.append)
    made.look(Watchdog({}))
    assert ready == []
    made.ear.frames = 3
    made.look(Watchdog({}))
    made.look(Watchdog({}))
    assert ready == [made.assistant]


@pytest.mark.parametrize("who", ["ear", "brain"])
def test_a_thread_that_stands_still_ends_the_process(who: str) -> None:
    made = house()
    made.look(Watchdog({}))
    (made.ear if who == "ear" else made.assistant.brain).beat = time.monotonic() - HUNG_S - 1
    with pytest.raises(EngineError, match=f"the {who} has stood still"):
        made.look(Watchdog({}))


def test_without_a_microphone_no_ear_is_missed() -> None:
    ready: list[Assistant] = []
    made = house(microphone=False)
    made = replace(made, on_ready=ready.append)
    made.ear.beat = 0.0
    made.look(Watchdog({}))
    assert ready == [made.assistant] and made.status()["state"] == "no microphone"
