"""The daemon's look at its threads: what stands still ends the process."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.app import Assistant
from assistant.audio.format import FRAME_BYTES, FRAME_S
from assistant.config import Config
from assistant.daemon import HUNG_S, ZERO_S, _House
from assistant.dialogue.talks import Talks
from assistant.engines.fakes import FakeSource
from assistant.errors import EngineError
from assistant.listen.ear import Ear
from assistant.sdnotify import Watchdog
from tests.turn.world import World


def house(microphone: bool = True) -> _House:
    world = World()
    assistant = Assistant(Config(), world.brain, world.brain._kit, None, {}, Talks(world.talk))
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


def test_a_microphone_of_zeros_is_said_once_an_hour() -> None:
    made = house()
    brain = made.assistant.brain

    def says(zeros: int) -> bool:
        made.ear._zeros = zeros
        made.look(Watchdog({}))
        told = not brain.idle()
        brain.cancel_current("stop")
        while brain.step():
            pass
        return told

    enough = round(ZERO_S / FRAME_S) + 1
    assert [says(zeros) for zeros in (enough - 2, enough, enough + 1, 0, enough)] == [False, True, False, False, False]
    made.may_tell = 0.0
    assert [says(zeros) for zeros in (0, enough)] == [False, True]
    made.ear.muted = True
    assert [says(zeros) for zeros in (0, enough)] == [False, False]


def test_the_ear_counts_only_zeros() -> None:
    ear, world = Ear(), World()
    quiet, sound = bytes(FRAME_BYTES), b"\1" + bytes(FRAME_BYTES - 1)
    source = FakeSource()
    source.frames.extend([quiet, quiet, sound, quiet])
    ear.attach(source, world.listener)
    ear._muted = True
    found = []
    while ear.step():
        found.append(round(ear.zero_s / FRAME_S))
    assert found == [1, 2, 0, 1]


def test_what_has_changed_at_home_is_taken_up_by_one_job_however_long_it_waits() -> None:
    made = house()
    begun: list[int] = []

    def news() -> Iterator[None]:
        begun.append(1)
        yield

    made.assistant.news = news
    for _ in range(40):  # the brain evaluates something all the while
        made.look(Watchdog({}))
    assert len(made.assistant.brain._mail.jobs) == 1 and begun == []
    while made.assistant.brain.step():
        pass
    made.look(Watchdog({}))
    assert begun == [1] and len(made.assistant.brain._mail.jobs) == 1
