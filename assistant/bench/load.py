"""`assistant bench load`: fifty clients of the HTTP API at once, for ten minutes.

A daemon of its own (`assistant serve`, port and key of its own) answers short talks as streams. Each client asks again when it is
told that the assistant is busy. What is lost, crossed or left open is counted; all of them have asked before that count begins.
"""

import http.client
import json
import os
import secrets
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant import children
from assistant.bench.result import Figure, Result, machine, pss_mib, versions
from assistant.config import Config, to_yaml
from assistant.errors import EngineError
from assistant.servers.keys import ENV

CLIENTS, SECONDS = 50, 600.0
QUICK, QUICK_S = 20, 5.0
WARM_S = 5.0
"""What the first requests load is no leak."""
SETTLE_S = 5.0
GROWN_MIB = 8.0
"""Memory that may come and go with what the allocator keeps."""
DEADLINE_S = 120.0
RETRY_S = 0.2
"""A client that is told to wait comes again, sooner than it was told: that is the load."""
PORT_LINE = "the API is served at http://"


class _Client(threading.Thread):
    """Asks until time is up; each reply must be its own."""

    def __init__(self, number: int, address: str, key: str, until: float) -> None:
        super().__init__(daemon=True)
        self._number, self._address, self._key, self._until = number, address, key, until
        self.first: list[float] = []
        """Seconds to the first piece of each reply."""
        self.replies = self.busy = self.wrong = self.tokens = self.cached = self.prompt = 0

    def run(self) -> None:
        """The load."""
        turn = 0
        while time.monotonic() < self._until:
            turn += 1
            try:
                self._ask(turn)
            except (OSError, http.client.HTTPException, ValueError, KeyError):
                self.wrong += 1

    def _ask(self, turn: int) -> None:
        mark = f"client {self._number} turn {turn}"
        body = {
            "model": "assistant",
            "messages": [{"role": "user", "content": f"hello, this is {mark}"}],
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_tokens": 24,
            "seed": turn,
            # a reply that is not its own would show: the schema lets nothing else be said
            "response_format": {"type": "json_schema", "json_schema": {"name": "echo", "schema": {"const": mark}}},
        }
        connection = http.client.HTTPConnection(self._address, timeout=DEADLINE_S)
        since = time.monotonic()
        try:
            headers = {"authorization": f"Bearer {self._key}", "content-type": "application/json"}
            connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
            got = connection.getresponse()
            if got.status == 429:
                got.read()
                self.busy += 1
                time.sleep(RETRY_S)
                return
            said = ""
            for line in got:
                if not line.startswith(b"data: {"):
                    continue
                if not said:
                    self.first.append(time.monotonic() - since)
                found = json.loads(line[6:])
                said += "".join(choice["delta"].get("content") or "" for choice in found["choices"])
                if usage := found.get("usage"):
                    self.tokens += usage["completion_tokens"]
                    self.prompt += usage["prompt_tokens"]
                    self.cached += usage["prompt_tokens_details"]["cached_tokens"]
            self.replies += 1
            self.wrong += said != json.dumps(mark)
        finally:
            connection.close()


def measure(config: Config, quick: bool) -> Result:
    """Serve and load it. Raises `EngineError` when the daemon ends or does not serve in time."""
    return serve_and_load(config, *((QUICK, QUICK_S) if quick else (CLIENTS, SECONDS)))


def serve_and_load(config: Config, clients: int, seconds: float) -> Result:
    """So many clients for so long. Raises like `measure`."""
    with tempfile.TemporaryDirectory() as folder:
        return _measure(config, Path(folder), clients, seconds)


def _measure(config: Config, folder: Path, count: int, seconds: float) -> Result:
    api = {
        "enabled": True,
        "host": "127.0.0.1",
        "port": 0,
        "socket": "",
        "tls_cert": "",
        "tls_key": "",
        "requests_per_minute": 1_000_000,
    }
    own = config.model_copy(
        update={
            "api": config.api.model_copy(update=api),
            "control": config.control.model_copy(update={"socket": str(folder / "control.sock")}),
            "memory": config.memory.model_copy(update={"keep": False}),
        }
    )
    (folder / "config.yaml").write_text(to_yaml(own), encoding="utf-8")
    key, log = secrets.token_urlsafe(24), folder / "log.txt"
    with log.open("w") as out:
        command = children.command("assistant", "serve", "--config", str(folder / "config.yaml"))
        daemon = subprocess.Popen(command, env={**os.environ, ENV: key}, stdout=out, stderr=out)
    try:
        address = _address(daemon, log)
        idle = _held(daemon.pid)
        _load(address, key, WARM_S, count)
        _settled(daemon.pid, idle)
        held, memory = _held(daemon.pid), pss_mib(daemon.pid)
        since = time.monotonic()
        clients = _load(address, key, seconds, count)
        took = time.monotonic() - since
        left = _settled(daemon.pid, held)
        return _result(clients, took, left, pss_mib(daemon.pid) - memory)
    finally:
        daemon.terminate()
        daemon.wait()


def _load(address: str, key: str, seconds: float, count: int) -> list[_Client]:
    until = time.monotonic() + seconds
    clients = [_Client(number, address, key, until) for number in range(count)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return clients


def _result(clients: Sequence[_Client], took: float, left: Mapping[str, int], grown: float) -> Result:
    first = sorted(seconds for client in clients for seconds in client.first) or [0.0]
    replies = [client.replies for client in clients]
    prompt = sum(client.prompt for client in clients) or 1
    figures = {
        "replies": Figure(sum(replies), f"of {len(clients)} clients"),
        "replies lost or crossed": Figure(sum(client.wrong for client in clients), "replies", target=0),
        "fewest replies over most": Figure(min(replies) / max(*replies, 1), "share"),
        "told to wait": Figure(sum(client.busy for client in clients), "times"),
        "first piece, median": Figure(first[len(first) // 2], "s"),
        "first piece, 95 of 100": Figure(first[int(0.95 * (len(first) - 1))], "s"),
        "tokens generated": Figure(sum(client.tokens for client in clients) / took, "tokens/s, all clients"),
        "prompt reused": Figure(sum(client.cached for client in clients) / prompt, "share"),
        "descriptors left open": Figure(left["fd"], "files", target=0),
        "threads left": Figure(left["task"], "threads", target=0),
        "memory grown": Figure(max(0.0, grown), "MiB PSS", target=GROWN_MIB),
    }
    return Result(machine(), versions("fastapi", "uvicorn", "llama-cpp-python"), {"0": "assistant serve, api.enabled"}, figures)


def _address(daemon: "subprocess.Popen[bytes]", log: Path) -> str:
    until = time.monotonic() + DEADLINE_S
    while time.monotonic() < until:
        lines = log.read_text(encoding="utf-8").splitlines()
        found = next((line.partition(PORT_LINE)[2] for line in lines if PORT_LINE in line), "")
        if found and any(line.startswith("Serving.") for line in lines):
            return found
        if daemon.poll() is not None:
            raise EngineError(f"the daemon ended with code {daemon.returncode}: {lines[-1:]}")
        time.sleep(0.05)
    raise EngineError(f"the API is not served after {DEADLINE_S:.0f} s")


_LEFT = ("fd", "task")
"""What /proc counts of a process: descriptors, threads."""


def _held(pid: int) -> dict[str, int]:
    return {name: len(list(Path(f"/proc/{pid}/{name}").iterdir())) for name in _LEFT}


def _settled(pid: int, before: Mapping[str, int]) -> dict[str, int]:
    """How many more there are than before, once what closes has closed."""
    until = time.monotonic() + SETTLE_S
    while True:
        more = {name: max(0, now - before[name]) for name, now in _held(pid).items()}
        if not any(more.values()) or time.monotonic() >= until:
            return more
        time.sleep(0.05)
