"""`assistant bench start`: from the start of `assistant run` until it listens, and its memory idle and in a spoken turn.

Needs a microphone and a loudspeaker. The daemon is a process of its own, with its control socket in a folder of its own.
"""

import os
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from assistant import children
from assistant.bench.result import Figure, Result, machine, pss_mib, versions
from assistant.config import Config, to_yaml
from assistant.errors import EngineError
from assistant.servers.control_client import ControlClient

DEADLINE_S = 120.0
IDLE_S = 3.0
QUESTIONS = ("my name is anna", "what is my name", "how are you today")


def measure(config: Config, quick: bool) -> Result:
    """Start the daemon and talk to it. Raises `EngineError` when it ends or is not ready in time."""
    started: list[float] = []
    idle = busy = 0.0
    engines: list[str] = []
    for _ in range(1 if quick else 5):
        with tempfile.TemporaryDirectory() as folder:
            seconds, idle, busy, engines = _once(config, Path(folder))
            started.append(seconds)
    figures = {
        "start to listening": Figure(sorted(started)[len(started) // 2], "s, median", target=5.0),
        "memory idle": Figure(idle, "MiB PSS"),
        "memory in a turn": Figure(busy, "MiB PSS, most"),
    }
    return Result(
        machine(), versions("llama-cpp-python", "piper-tts", "vosk"), {str(n): line for n, line in enumerate(engines)}, figures
    )


def _once(config: Config, folder: Path) -> tuple[float, float, float, list[str]]:
    (folder / "config.yaml").write_text(
        to_yaml(
            config.model_copy(
                update={
                    "control": config.control.model_copy(update={"socket": str(folder / "control.sock")}),
                    "memory": config.memory.model_copy(update={"keep": False}),
                }
            )
        ),
        encoding="utf-8",
    )
    command = children.command("assistant", "run", "--config", str(folder / "config.yaml"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind(str(folder / "notify"))
        notify.settimeout(0.2)
        since = time.monotonic()
        daemon = subprocess.Popen(
            command,
            env={**os.environ, "NOTIFY_SOCKET": str(folder / "notify")},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            _wait_ready(daemon, notify, since)
            seconds = time.monotonic() - since
            time.sleep(IDLE_S)  # what was only needed to load is given back
            idle = pss_mib(daemon.pid)
            with _Peak(daemon.pid) as peak:
                client = ControlClient.connect(str(folder / "control.sock"))
                if client is None:
                    raise EngineError("the daemon closed its socket")
                with client:
                    engines = list(client.last(do="status")["status"]["engines"])
                    for question in QUESTIONS:
                        client.last(do="chat", text=question)
                    client.last(do="say", text="The kettle is ready.")
            return seconds, idle, peak.most, engines
        finally:
            daemon.kill()
            daemon.communicate()


def _wait_ready(daemon: "subprocess.Popen[bytes]", notify: socket.socket, since: float) -> None:
    while time.monotonic() - since < DEADLINE_S:
        try:
            if notify.recv(200) == b"READY=1":
                return
        except TimeoutError:
            if daemon.poll() is not None:
                said = daemon.stderr.read().decode(errors="replace").strip() if daemon.stderr else ""
                raise EngineError(f"the daemon ended with code {daemon.returncode}: {said.splitlines()[-1:]}") from None
    raise EngineError(f"the daemon does not listen after {DEADLINE_S:.0f} s; try `assistant devices --test`")


class _Peak:
    """The most memory of a process while the block runs, looked at every 50 ms."""

    def __init__(self, pid: int) -> None:
        self._pid, self.most = pid, 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._stop.wait(0.05):
            self.most = max(self.most, pss_mib(self._pid))

    def __enter__(self) -> "_Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
