"""`assistant devices --test` on virtual sound cards that are right, silent, clipping, swapped."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from tests.contract.speech import espeak
from tests.e2e.pulse import PulseWorld

ROOT = Path(__file__).parent.parent.parent
SPEECH = np.frombuffer(espeak("what time is it, and will the weather be good tomorrow, in the garden"), "<i2").astype(float)


@contextmanager
def sounding(world: PulseWorld, gain: float) -> Iterator[None]:
    """Somebody in a noisy room speaks into the microphone until the block ends."""
    noise = np.random.default_rng(1).standard_normal(len(SPEECH)) * 60
    sound = np.clip(np.rint(gain * SPEECH + noise), -32768, 32767).astype("<i2").tobytes()
    stop = threading.Event()

    def speak() -> None:
        while not stop.is_set():
            world.play_into_mic(sound)

    thread = threading.Thread(target=speak)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def look(world: PulseWorld, *args: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "assistant", "devices", "--test", *args]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **world.env}, capture_output=True, text=True, timeout=60)


def named(done: "subprocess.CompletedProcess[str]") -> list[str]:
    return sorted(line.split(":")[1].strip() for line in done.stderr.splitlines() if line.startswith("assistant: "))


def test_a_good_pair_of_devices(tmp_path: Path) -> None:
    with PulseWorld(tmp_path) as world:
        world.couple()
        with sounding(world, 0.2):
            done = look(world)
    assert (done.returncode, named(done)) == (0, []), done.stderr
    assert done.stdout.endswith("Nothing is wrong.\n")


@pytest.mark.parametrize(("gain", "names"), [(20.0, ["clipping", "not heard"]), (0.0, ["not heard", "quiet"])])
def test_what_is_wrong_is_named(gain: float, names: list[str], tmp_path: Path) -> None:
    with PulseWorld(tmp_path) as world, sounding(world, gain):
        done = look(world)
    assert (done.returncode, named(done)) == (1, names), done.stdout + done.stderr


def test_a_silent_microphone_beside_one_that_hears(tmp_path: Path) -> None:
    with PulseWorld(tmp_path) as world, sounding(world, 0.3):
        done = look(world, "--set", "audio.input=virtual_dead")
    assert (done.returncode, named(done)) == (1, ["silence", "swapped"]), done.stdout + done.stderr
    assert "'virtual_microphone'" in done.stderr and "'virtual_monitor'" not in done.stderr


def test_a_monitor_is_no_microphone(tmp_path: Path) -> None:
    with PulseWorld(tmp_path) as world:
        done = look(world, "--set", "audio.input=virtual_monitor")
    assert (done.returncode, named(done)) == (1, ["silence", "swapped"]), done.stdout + done.stderr
