"""A sound world of its own: a private PulseAudio with a virtual microphone and a virtual loudspeaker.

    with PulseWorld(tmp_path) as world:
        subprocess.Popen([...], env={**os.environ, **world.env})   # a program that uses PortAudio
        world.play_into_mic(pcm16k)                                # what it hears
        with world.record_speaker() as recording: ...              # what it says: recording.pcm() so far, mono s16le, 16 kHz

`python -m tests.e2e.pulse COMMAND ...` runs a command in such a world, with noise in the microphone.

Both are null sinks; the microphone is the monitor of one, so what is played there is recorded. Programs see them through ALSA's
pulse plugin (libasound2-plugins) under the names `MICROPHONE` and `LOUDSPEAKER`, and as ALSA's default. Nothing of the user's own
PulseAudio or ALSA configuration is used; works as root.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

MICROPHONE = "virtual_microphone"
LOUDSPEAKER = "virtual_loudspeaker"
DEADLINE_S = 10.0


def wait_until(condition: Callable[[], bool], what: str, deadline_s: float = DEADLINE_S) -> None:
    """Look every 20 ms: another process has no way to ring for us. `TimeoutError` names `what`."""
    end = time.monotonic() + deadline_s
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {deadline_s:.0f} s")
        time.sleep(0.02)


class Recording:
    """What the loudspeaker plays, while it is recorded."""

    def __init__(self, path: Path, process: "subprocess.Popen[bytes]") -> None:
        self._path, self._process = path, process

    def pcm(self) -> bytes:
        """Mono s16le at 16 kHz, from the beginning until now; runs on in silence."""
        data = self._path.read_bytes()
        return data[: len(data) & ~1]


class PulseWorld:
    """The daemon and its two devices; `rate` and `channels` are those of the cards."""

    def __init__(self, tmp: Path, rate: int = 48_000, channels: int = 2) -> None:
        self._home = tmp / f"pulse-{rate}-{channels}"
        self._rate, self._channels = rate, channels
        self._socket = self._home / "native"
        self._daemon: subprocess.Popen[bytes] | None = None
        self._players: list[subprocess.Popen[bytes]] = []
        self.env = {
            "HOME": str(self._home),
            "XDG_RUNTIME_DIR": str(self._home),
            "PULSE_RUNTIME_PATH": str(self._home),
            "PULSE_STATE_PATH": str(self._home),
            "PULSE_SERVER": f"unix:{self._socket}",
        }
        """What a program needs in its environment to see this world and no other."""

    def __enter__(self) -> Self:
        shutil.rmtree(self._home, ignore_errors=True)
        self._home.mkdir(parents=True, mode=0o700)
        (self._home / ".asoundrc").write_text(self._alsa())
        spec = f"rate={self._rate} channels={self._channels} format=s16le"
        modules = (
            f"module-native-protocol-unix socket={self._socket} auth-anonymous=1",
            f"module-null-sink sink_name=loudspeaker {spec}",
            f"module-null-sink sink_name=ear {spec}",
            "module-remap-source source_name=microphone master=ear.monitor",
            f"module-null-sink sink_name=dead {spec}",
        )
        with (self._home / "daemon.log").open("wb") as log:
            self._daemon = subprocess.Popen(
                ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes",
                 "--high-priority=no", "--realtime=no", "--log-target=stderr", *(f"--load={module}" for module in modules)],
                env={**os.environ, **self.env}, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            wait_until(
                lambda: b"microphone" in self._pactl("list", "short", "sources"), f"PulseAudio (see {self._home}/daemon.log)"
            )
        except BaseException:
            self._end()
            raise
        self._pactl("set-default-sink", "loudspeaker")
        self._pactl("set-default-source", "microphone")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end()

    def play_into_mic(self, pcm: bytes) -> None:
        """Speak mono s16le at 16 kHz into the microphone; returns when it has been played (in real time)."""
        self._run(["pacat", "--playback", "--device=ear", *self._raw()], pcm)

    def play_noise(self) -> None:
        """Let the microphone hear the noise of a room, as long as this world lasts."""
        command = ["pacat", "--playback", "--device=ear", "--volume=500", *self._raw()]
        with Path("/dev/urandom").open("rb") as noise:
            self._players.append(subprocess.Popen(command, env={**os.environ, **self.env}, stdin=noise))

    @contextmanager
    def record_speaker(self) -> Iterator[Recording]:
        """Record what the loudspeaker plays, from the entry on."""
        path = self._home / f"recording-{time.monotonic_ns()}.raw"
        with path.open("wb") as file:
            process = subprocess.Popen(
                ["parec", "--device=loudspeaker.monitor", *self._raw(), "--latency-msec=20"],
                env={**os.environ, **self.env}, stdout=file,
            )  # fmt: skip
            try:
                wait_until(lambda: path.stat().st_size > 0, "the recording of the loudspeaker")
                yield Recording(path, process)
            finally:
                process.terminate()
                process.wait(DEADLINE_S)

    def couple(self) -> None:
        """Let the microphone hear the loudspeaker, as in a room."""
        self._pactl("load-module", "module-loopback", "source=loudspeaker.monitor", "sink=ear", "latency_msec=30")

    def recorders(self) -> int:
        """How many programs record from the microphone."""
        return len([x for x in self._pactl("list", "short", "source-outputs").splitlines() if b"module-remap" not in x])

    def unplug(self) -> None:
        """Take both cards away for good (PulseAudio would move the streams of a single one to another)."""
        self._end()

    def _raw(self) -> list[str]:
        return ["--raw", "--format=s16le", "--rate=16000", "--channels=1"]

    def _pactl(self, *arguments: str) -> bytes:
        done = subprocess.run(["pactl", *arguments], env={**os.environ, **self.env}, capture_output=True, timeout=DEADLINE_S)
        return done.stdout

    def _run(self, command: list[str], given: bytes) -> None:
        subprocess.run(command, env={**os.environ, **self.env}, input=given, check=True, timeout=60)

    def _end(self) -> None:
        for player in self._players:
            player.kill()
            player.wait()
        self._players.clear()
        if self._daemon is not None:
            self._daemon.terminate()
            self._daemon.wait(DEADLINE_S)

    def _alsa(self) -> str:
        def card(name: str, way: str, device: str) -> str:
            pulse = f'{{ type pulse server "unix:{self._socket}" device "{device}" }}'
            return f'pcm.{name} {{ type asym {way}.pcm {pulse} hint {{ show on description "{name}" }} }}\n'

        return (
            card(MICROPHONE, "capture", "microphone")
            + card("virtual_dead", "capture", "dead.monitor")
            + card("virtual_monitor", "capture", "loudspeaker.monitor")
            + card(LOUDSPEAKER, "playback", "loudspeaker")
            + f'pcm.!default {{ type asym playback.pcm "{LOUDSPEAKER}" capture.pcm "{MICROPHONE}" hint {{ show on }} }}\n'
            + f'ctl.!default {{ type pulse server "unix:{self._socket}" }}\n'
        )


def main(command: list[str]) -> int:
    """Run a command in a world with noise in its microphone; its exit code."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder, PulseWorld(Path(folder)) as world:
        world.play_noise()
        return subprocess.run(command, env={**os.environ, **world.env}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
