"""Timers in the daemon, on sound cards: set through the control socket, killed while it rings, it goes on ringing, and is stopped."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from tests.contract.speech import espeak, silence
from tests.e2e.pulse import PulseWorld, wait_until
from tests.e2e.test_daemon import LIMIT_S, ROOT, Daemon, daemon


def cli(world: PulseWorld, *args: str) -> str:
    """What a command prints."""
    done = subprocess.run(
        [sys.executable, "-m", "assistant", *args],
        cwd=ROOT,
        env={**os.environ, **world.env},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def changes(running: Daemon) -> list[str]:
    return [event["change"] for event in running.events() if event["event"] == "timer_changed"]


def test_a_timer_rings_through_a_kill_and_is_stopped(tmp_path: Path) -> None:
    folder = f"alarms.folder={tmp_path / 'state'}"
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    with PulseWorld(tmp_path) as world:
        world.play_noise()
        with daemon(world, tmp_path / "one", "--set", folder) as running:
            assert running.told() == "READY=1"
            assert "Timer set for 1 second." in cli(world, "chat", "set a timer for one second")
            assert "Nothing is set." not in cli(world, "alarms", "list")
            with world.record_speaker() as recording:
                wait_until(lambda: "ringing" in changes(running), "the ring", LIMIT_S)
                wait_until(
                    lambda: bool(np.count_nonzero(np.abs(np.frombuffer(recording.pcm(), "<i2")) > 2000) > 8000), "its sound"
                )
            assert "rings now" in cli(world, "alarms", "list")
            running.process.kill()
        with daemon(world, tmp_path / "two", "--set", folder) as running:
            assert running.told() == "READY=1"
            wait_until(lambda: "ringing" in changes(running), "the rest of the ring", LIMIT_S)
            cli(world, "stop")
            wait_until(lambda: "stopped" in changes(running), "the end of the ring", LIMIT_S)
            assert cli(world, "alarms", "list") == "Nothing is set.\n"
            before = len(changes(running))
            cli(world, "chat", "set a timer for one second")
            wait_until(lambda: "ringing" in changes(running)[before:], "the ring", LIMIT_S)
            for _ in range(10):  # without a wake word, into the ring; our own voice has to be known first
                world.play_into_mic(silence(1.0) + espeak("stop") + silence(1.5))
                if "stopped" in changes(running)[before:]:
                    break
            assert changes(running)[before:] == ["set", "ringing", "stopped"]
            cli(world, "alarms", "cancel", "--all")
            cli(world, "chat", "set a tea timer for one hour")
            assert "tea" in cli(world, "alarms", "list") and "Cancelled" in cli(world, "alarms", "cancel", "--all")
            wait_until(lambda: changes(running)[-2:] == ["set", "cancelled"], "the events of both")
