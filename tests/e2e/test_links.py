"""The daemon linked to a home: a text command turns on a lamp at a real broker, and an unknown one goes to Home Assistant."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.rim.assistant_server import TOKEN, answer, home_assistant
from tests.rim.broker import Broker, Device, device, free_port, until

ROOT = Path(__file__).parent.parent.parent
LAMP = {"name": None, "cmd_t": "lamp/set", "stat_t": "lamp", "bri_cmd_t": "lamp/bri/set", "bri_stat_t": "lamp/bri",
        "dev": {"ids": ["lamp"], "name": "Kitchen lamp", "sa": "Kitchen"}}  # fmt: skip


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path)
    yield made
    made.stop()


class Daemon:
    """`assistant serve` in a process of its own, without microphone and network."""

    def __init__(self, folder: Path, settings: dict[str, Any]) -> None:
        self._environ = {**os.environ, "XDG_RUNTIME_DIR": str(folder), "XDG_DATA_HOME": str(folder / "data")}
        self._log = folder / "daemon.txt"
        file = folder / "config.json"  # JSON is YAML
        file.write_text(json.dumps(settings))
        self._command = [sys.executable, "-m", "assistant", "--config", str(file)]
        with self._log.open("w") as log:
            self.process = subprocess.Popen([*self._command, "serve"], cwd=ROOT, env=self._environ, stdout=log, stderr=log)

    def log(self) -> str:
        """What it has said so far."""
        return self._log.read_text()

    async def ask(self, text: str) -> str:
        """What it replies to a sentence, through the control socket."""
        return await self.run("chat", text)

    async def run(self, *command: str) -> str:
        """What another command prints."""
        process = await asyncio.create_subprocess_exec(
            *self._command, *command, cwd=ROOT, env=self._environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        out, err = await process.communicate()
        assert process.returncode == 0, err.decode() + self.log()
        return out.decode().strip()


@asynccontextmanager
async def daemon(folder: Path, settings: dict[str, Any]) -> AsyncIterator[Daemon]:
    running = Daemon(folder, settings)
    try:
        await until(lambda: "Serving" in running.log() or running.process.poll() is not None, "the daemon", limit_s=120)
        assert running.process.poll() is None, running.log()
        yield running
        running.process.send_signal(signal.SIGTERM)
        await until(lambda: running.process.poll() is not None, "its end")
        assert running.process.returncode == 0, running.log()
    finally:
        if running.process.poll() is None:
            running.process.kill()
        running.process.wait()


def mqtt(port: int) -> dict[str, Any]:
    return {"mqtt": {"host": "127.0.0.1", "port": port, "client_id": "test", "confirm_s": 2}}


def test_a_text_command_turns_on_a_lamp(broker: Broker, tmp_path: Path) -> None:
    async def lamp(other: Device) -> None:
        await other.listen("lamp/set", "lamp/bri/set", "edge-assistant/#")
        other.answers["lamp/set"] = lambda payload: ("lamp", payload)
        other.answers["lamp/bri/set"] = lambda payload: ("lamp/bri", payload)
        await other.tell("homeassistant/light/lamp/config", LAMP)
        await other.tell("lamp", "OFF")

    async def run() -> None:
        async with daemon(tmp_path, mqtt(broker.port)) as running:
            async with device(broker.port) as other:
                await lamp(other)
                await until(lambda: other.last("edge-assistant/test/availability") == "online", "the assistant")
                said = await running.ask("turn on the kitchen lamp")
                assert other.last("lamp/set") == "ON" and "on" in said.split(" ", 1)[1], said
                await running.ask("set the kitchen lamp to forty percent")
                assert other.last("lamp/bri/set") == "102"
                await other.tell("edge-assistant/test/ask", "is the kitchen lamp on", retain=False)
                await until(lambda: other.last("edge-assistant/test/reply"), "a reply")
                assert json.loads(other.last("edge-assistant/test/reply") or "")["state"].startswith("Yes")
                del other.answers["lamp/set"]
                before = said
                said = await running.ask("turn off the kitchen lamp")
                assert other.last("lamp/set") == "OFF" and said != before and "not" in said, "it never told that it was off"
            broker.stop()
            await until(lambda: "mqtt.host" in running.log(), "a line in the log")
            said = await running.ask("turn off the kitchen lamp")
            assert "reach" in said or "connect" in said, said
            assert "7" in await running.ask("what is three plus four"), "nothing else suffers"
            broker.start()
            async with device(broker.port) as other:
                await lamp(other)
                await until(lambda: other.last("edge-assistant/test/availability") == "online", "it to be back", limit_s=60)
                await running.ask("turn on the kitchen lamp")
                assert other.last("lamp/set") == "ON"
                status = await running.run("status")
                assert "mqtt: 127.0.0.1, connected, things: 1" in status, status
            assert "kitchen lamp" not in running.log()

    asyncio.run(run())


def test_without_a_broker_it_serves_all_the_same_and_an_unknown_command_goes_to_home_assistant(tmp_path: Path) -> None:
    async def run() -> None:
        token = tmp_path / "token"
        token.write_text(TOKEN)
        token.chmod(0o600)
        async with home_assistant() as server:
            settings = mqtt(free_port()) | {"home": {"assistant": {"url": server.url, "token_file": str(token)}}}
            async with daemon(tmp_path, settings) as running:
                server.reply = lambda _: answer("action_done", "Turned on the fairy lights")
                assert await running.ask("turn on the fairy lights") == "Turned on the fairy lights"
                assert [said["text"] for said in server.asked] == ["turn on the fairy lights"]
                assert (await running.ask("what time is it")).startswith("It is ")
                assert len(server.asked) == 1, "what we know ourselves, and talk, stays here"
            assert "fairy" not in running.log() and TOKEN not in running.log()

    asyncio.run(run())
