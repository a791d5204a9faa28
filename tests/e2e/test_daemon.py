"""The daemon on sound cards: spoken to through a virtual microphone, its reply recorded from a virtual loudspeaker."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from tests.contract.speech import espeak, silence
from tests.e2e.pulse import PulseWorld, wait_until

ROOT = Path(__file__).parent.parent.parent
SPEAK_TIME = silence(0.3) + espeak("okay nabu") + silence(0.4) + espeak("what time is it") + silence(1.0)
LIMIT_S = 60.0


class Daemon:
    """`assistant run` in a process of its own."""

    def __init__(self, world: PulseWorld, folder: Path, *args: str) -> None:
        self.path = folder / "events.jsonl"
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(str(folder / "notify"))
        self.notify.settimeout(LIMIT_S)
        command = [sys.executable, "-m", "assistant", "run", "--events", str(self.path), "--set", "stt.engine=vosk"]
        environ = {**os.environ, **world.env, "NOTIFY_SOCKET": str(folder / "notify")}
        self.errors = (folder / "errors.txt").open("w+")
        self.process = subprocess.Popen(
            [*command, *args], cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=self.errors, text=True
        )

    def told(self) -> str:
        """The next word to systemd."""
        return self.notify.recv(100).decode()

    def events(self) -> list[dict[str, Any]]:
        """All events so far."""
        lines = self.path.read_text().splitlines(keepends=True) if self.path.exists() else []
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def has(self, name: str) -> bool:
        """Whether an event of that name has come."""
        return any(event["event"] == name for event in self.events())


@contextmanager
def daemon(world: PulseWorld, folder: Path, *args: str) -> Iterator[Daemon]:
    running = Daemon(world, folder, *args)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.communicate()
        running.notify.close()
        running.errors.close()


@pytest.mark.parametrize(("rate", "channels"), [(48_000, 2), (44_100, 1)])
def test_it_is_spoken_to_and_answers_through_sound_cards(rate: int, channels: int, tmp_path: Path) -> None:
    with PulseWorld(tmp_path, rate, channels) as world, daemon(world, tmp_path) as running:
        assert running.told() == "READY=1"
        assert running.told() == "WATCHDOG=1"
        with world.record_speaker() as recording:
            world.play_into_mic(SPEAK_TIME)
            wait_until(lambda: running.has("completed"), "an answer", LIMIT_S)
            heard = np.frombuffer(recording.pcm(), "<i2")
        done = next(event for event in running.events() if event["event"] == "completed")
        assert done["user"] == "what time is it" and done["assistant"]
        spoken = next(event for event in running.events() if event["event"] == "speech_done")
        loud = np.count_nonzero(np.abs(heard) > 300) / 16_000
        assert loud > 0.2 * spoken["played_ms"] / 1000 > 0.05
        running.process.send_signal(signal.SIGTERM)
        out, _ = running.process.communicate(timeout=LIMIT_S)
        assert running.process.returncode == 0
        assert "what time is it" not in out, "what was said is written nowhere unless somebody looks on"


def test_sigterm_ends_it_in_the_middle_of_a_reply(tmp_path: Path) -> None:
    with PulseWorld(tmp_path) as world, daemon(world, tmp_path) as running:
        assert running.told() == "READY=1"
        world.play_into_mic(SPEAK_TIME)
        wait_until(lambda: running.has("audio_started"), "the reply", LIMIT_S)
        since = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        running.process.communicate(timeout=LIMIT_S)
        assert time.monotonic() - since < 2.0
        assert running.process.returncode == 0
        last = running.events()[-1]
        assert (last["event"], last["reason"]) == ("cancelled", "shutdown")


def assistant(world: PulseWorld, *args: str) -> "subprocess.CompletedProcess[str]":
    """A command in the same world: it finds the daemon by its socket."""
    return subprocess.run(
        [sys.executable, "-m", "assistant", *args],
        cwd=ROOT, env={**os.environ, **world.env}, capture_output=True, text=True, timeout=LIMIT_S,
    )  # fmt: skip


def test_other_commands_go_through_the_running_daemon(tmp_path: Path) -> None:
    with PulseWorld(tmp_path) as world, daemon(world, tmp_path) as running:
        assert running.told() == "READY=1"
        status = json.loads(assistant(world, "status", "--json").stdout)
        assert status["pid"] == running.process.pid and status["state"] == "asleep" and status["frames"] > 0
        with world.record_speaker() as recording:
            assert assistant(world, "say", "The kettle is ready.").returncode == 0
            assert np.abs(np.frombuffer(recording.pcm(), "<i2")).max() > 3000
        chat = assistant(world, "chat", "my", "name", "is", "anna")
        assert chat.returncode == 0 and "Anna" in chat.stdout
        second = assistant(world, "run")
        assert second.returncode == 5 and "another assistant runs here already" in second.stderr
        assert assistant(world, "mute", "on").stdout == "The microphone is muted.\n"
        world.play_into_mic(SPEAK_TIME)
        assert assistant(world, "mute").stdout == "The microphone is on.\n"
        assert not running.has("wake")
        listening = subprocess.Popen(
            [sys.executable, "-m", "assistant", "listen"],
            cwd=ROOT,
            env={**os.environ, **world.env},
            stdout=subprocess.PIPE,
            text=True,
        )
        wait_until(lambda: running.has("wake"), "the ear to listen", LIMIT_S)
        # behind the chime: no room brings it back here, and a canceller that looks for it garbles what is said into it
        world.play_into_mic(silence(0.7) + espeak("what time is it") + silence(1.0))
        out, _ = listening.communicate(timeout=LIMIT_S)
        assert (listening.returncode, out[:22]) == (0, "what time is it\nIt is "), running.events()
        assert assistant(world, "stop").returncode == 0
        running.process.send_signal(signal.SIGTERM)
        running.process.communicate(timeout=LIMIT_S)
        assert assistant(world, "status").returncode == 5


def test_it_serves_without_a_microphone(tmp_path: Path) -> None:
    environ = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "assistant"]
    process = subprocess.Popen([*command, "serve"], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
    try:
        wait_until((tmp_path / "edge-assistant/control.sock").exists, "the socket", LIMIT_S)
        chat = subprocess.run(
            [*command, "chat"],
            cwd=ROOT,
            env=environ,
            input="my name is anna\nwhat is my name\n",
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
        )
        assert chat.returncode == 0 and len(chat.stdout.splitlines()) == 2 and "Anna" in chat.stdout
        for wish in ("listen", "say hello"):
            done = subprocess.run(
                [*command, *wish.split()], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=LIMIT_S
            )
            assert done.returncode == 5 and "assistant run" in done.stderr
        process.send_signal(signal.SIGTERM)
        assert process.wait(LIMIT_S) == 0
    finally:
        process.kill()
        process.wait()


def test_a_microphone_that_disappears_ends_the_process(tmp_path: Path) -> None:
    with PulseWorld(tmp_path) as world, daemon(world, tmp_path) as running:
        assert running.told() == "READY=1"
        world.unplug()
        running.process.communicate(timeout=LIMIT_S)
        assert running.process.returncode == 3
        running.errors.seek(0)
        lines = [line for line in running.errors.read().splitlines() if line.startswith("assistant: ")]
        assert len(lines) == 1 and "microphone" in lines[0]


def test_without_a_microphone_it_says_so(tmp_path: Path) -> None:
    (tmp_path / ".asoundrc").write_text("pcm.!default { type null }\n")
    environ = {**os.environ, "HOME": str(tmp_path), "PULSE_SERVER": "unix:/nowhere", "XDG_RUNTIME_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "assistant", "run", "--set", "audio.input=Blue Yeti"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=LIMIT_S)
    assert done.returncode == 3
    assert len(done.stderr.strip().splitlines()) == 1 and done.stderr.startswith("assistant: ")


def test_a_microphone_of_zeros_is_said_aloud(tmp_path: Path) -> None:
    with PulseWorld(tmp_path) as world, daemon(world, tmp_path) as running:
        assert running.told() == "READY=1"
        with world.record_speaker() as recording:
            wait_until(lambda: running.has("speech_done"), "the notice", LIMIT_S)
            assert np.abs(np.frombuffer(recording.pcm(), "<i2")).max() > 3000
        said = [event["text"] for event in running.events() if event["event"] == "clause"]
        assert said[0] == "I hear nothing at all."
        assert "gives only zeros" in assistant(world, "status").stdout


@pytest.mark.parametrize("hold", [False, True])
def test_without_a_daemon_listen_listens_itself_once(hold: bool, tmp_path: Path) -> None:
    with PulseWorld(tmp_path) as world:
        command = [sys.executable, "-m", "assistant", "listen", "--set", "stt.engine=vosk", *(["--hold"] if hold else [])]
        environ = {**os.environ, **world.env}
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=ROOT, env=environ, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as listening:
            try:
                assert listening.stderr is not None and listening.stdout is not None
                while "Listening." not in (line := listening.stderr.readline()):
                    assert line
                world.play_into_mic(silence(0.5) + espeak("what time is it") + silence(1.0))
                if hold:
                    listening.send_signal(signal.SIGTERM)
                heard = listening.stdout.read()
            finally:
                listening.kill()
        assert heard.startswith("what time is it\nIt is ")


def test_the_api_speaks_in_the_room(tmp_path: Path) -> None:
    environ = {"ASSISTANT_API_TOKEN": "ea-a-key-for-tests-only"}
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with PulseWorld(tmp_path) as world:
        world.env.update(environ)
        with daemon(world, tmp_path, "--set", "api.enabled=true", "--set", f"api.port={port}") as running:
            assert running.told() == "READY=1"
            headers = {"authorization": f"Bearer {environ['ASSISTANT_API_TOKEN']}"}
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=LIMIT_S, trust_env=False) as client:
                assert client.get("/readyz").json() == {"status": "ok"}
                with world.record_speaker() as recording:
                    assert client.post("/api/say", json={"text": "The kettle is ready."}).json() == {"ok": True}
                    assert np.abs(np.frombuffer(recording.pcm(), "<i2")).max() > 3000
                sound = client.post(
                    "/v1/audio/speech", json={"model": "tts-1", "voice": "alloy", "input": "what time is it"}
                ).content
                world.play_into_mic(SPEAK_TIME)
                file = {"file": ("a.wav", sound)}
                written = client.post("/v1/audio/transcriptions", data={"model": "whisper-1"}, files=file)
                assert written.json() == {"text": "what time is it"}
                wait_until(lambda: running.has("completed") and running.has("wake"), "the room's own turn", LIMIT_S)
                assert [talk["key"] for talk in client.get("/api/sessions").json()["sessions"]] == ["voice"]
            since = time.monotonic()
            running.process.send_signal(signal.SIGTERM)
            running.process.communicate(timeout=LIMIT_S)
            assert running.process.returncode == 0 and time.monotonic() - since < 3.0
