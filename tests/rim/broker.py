"""A real mosquitto, started and ended by a test; and a device at it."""

import asyncio
import json
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiomqtt
import pytest

LIMIT_S = 20.0
MOSQUITTO = shutil.which("mosquitto") or "/usr/sbin/mosquitto"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Broker:
    """mosquitto on a port of its own; `config` are further lines of its configuration."""

    def __init__(self, folder: Path, *config: str, anonymous: bool = True, port: int = 0) -> None:
        self.port = port or free_port()
        self._file = folder / "mosquitto.conf"
        store = folder / "store"
        store.mkdir(exist_ok=True)
        lines = [
            f"listener {self.port} 127.0.0.1",
            f"allow_anonymous {str(anonymous).lower()}",
            "persistence true",
            f"persistence_location {store}/",
            "user root",
            "max_queued_messages 50000",
            *config,
        ]
        self._file.write_text("\n".join(lines) + "\n")
        self._log = folder / "mosquitto.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Until it answers."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen([MOSQUITTO, "-c", str(self._file)], stdout=log, stderr=log)
        end = time.monotonic() + LIMIT_S
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            assert self.process.poll() is None and time.monotonic() < end, self._log.read_text()
            time.sleep(0.01)

    def stop(self, *, kill: bool = False) -> None:
        """As `systemctl stop` does, or `kill`."""
        if self.process is not None:
            (self.process.kill if kill else self.process.terminate)()
            self.process.wait(LIMIT_S)
            self.process = None


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What we logged; asyncio's debug mode logs what was slow, too."""
    return [record.getMessage() for record in caplog.records if record.name.startswith("assistant")]


async def until(condition: Callable[[], object], what: str, limit_s: float = LIMIT_S) -> None:
    """Wait for something that will be so."""
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, f"still waiting for {what}"
        await asyncio.sleep(0.005)


class Device:
    """Somebody else at the broker: announces, hears commands, tells states."""

    def __init__(self, client: aiomqtt.Client) -> None:
        self.client = client
        self.heard: list[tuple[str, str]] = []
        self.answers: dict[str, Callable[[str], tuple[str, str] | None]] = {}
        """Topic -> what is told when something comes there."""

    async def listen(self, *topics: str) -> None:
        """Hear what comes on these topics."""
        await self.client.subscribe([(topic, 1) for topic in topics])

    async def tell(self, topic: str, payload: str | Mapping[str, Any] | None, retain: bool = True) -> None:
        """Publish; what is no text is JSON."""
        body = payload if payload is None or isinstance(payload, str) else json.dumps(payload)
        await self.client.publish(topic, body, qos=1, retain=retain)

    async def run(self) -> None:
        """Hear until cancelled."""
        async for message in self.client.messages:
            payload = message.payload.decode() if isinstance(message.payload, bytes) else str(message.payload)
            self.heard.append((message.topic.value, payload))
            if (how := self.answers.get(message.topic.value)) is not None and (answer := how(payload)) is not None:
                await self.tell(*answer)

    def last(self, topic: str) -> str | None:
        """What came on a topic last."""
        return next((payload for at, payload in reversed(self.heard) if at == topic), None)


@asynccontextmanager
async def device(port: int, **options: Any) -> AsyncIterator[Device]:
    """A device that is connected."""
    async with aiomqtt.Client("127.0.0.1", port, **options) as client:
        made = Device(client)
        task = asyncio.create_task(made.run())
        try:
            yield made
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
