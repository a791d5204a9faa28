"""The control socket: a real Unix socket on a real loop, a scripted brain and listener on their threads."""

import asyncio
import json
import stat
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant import events
from assistant.alarms.book import Book
from assistant.alarms.schedule import Clocks
from assistant.cancel import CancelToken
from assistant.errors import EngineError
from assistant.listen.listener import Ask
from assistant.servers import control
from assistant.servers.bridge import AsyncBrain
from tests.turn.world import World


class House:
    """A world, its brain on a thread, and what the socket asked of the ear."""

    def __init__(self) -> None:
        self.world = World(max_turns=3)
        self.asked: list[Ask] = []
        self.muted = False

    def ask(self, what: Ask) -> None:
        self.asked.append(what)
        self.world.listener.ask(what)

    def mute(self, on: bool | None) -> bool:
        self.muted = not self.muted if on is None else on
        return self.muted

    def doors(self, microphone: bool = True) -> control.Doors:
        return control.Doors(
            brain=AsyncBrain(self.world.brain),
            sink=None,
            language="en",
            ask=self.ask if microphone else None,
            mute=self.mute,
            status=lambda: {"state": self.world.listener.state.name.lower()},
        )


class Client:
    """Lines to and from the socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    @asynccontextmanager
    async def connect(cls, path: Path) -> AsyncIterator["Client"]:
        client = cls(*await asyncio.open_unix_connection(str(path)))
        try:
            yield client
        finally:
            await client.leave()

    async def leave(self) -> None:
        self.writer.close()
        with suppress(ConnectionError):
            await self.writer.wait_closed()

    def send(self, line: str) -> None:
        self.writer.write(line.encode() + b"\n")

    async def line(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(await asyncio.wait_for(self.reader.readline(), 10))
        return found

    async def ask(self, **request: Any) -> list[dict[str, Any]]:
        """All lines of an answer."""
        self.send(json.dumps(request))
        lines = [await self.line()]
        while "event" in lines[-1]:
            lines.append(await self.line())
        return lines


@asynccontextmanager
async def served(tmp_path: Path, microphone: bool = True, kind: type[House] = House) -> AsyncIterator[tuple[House, Path]]:
    house, stop, path = kind(), CancelToken(), tmp_path / "run" / "control.sock"
    thread = threading.Thread(target=house.world.brain.run, args=(stop,))
    thread.start()
    try:
        async with control.serve(path, house.doors(microphone)):
            yield house, path
    finally:
        stop.cancel("shutdown")
        thread.join(5)


def in_a_house(tmp_path: Path, test: Callable[[House, Path], Any], microphone: bool = True, kind: type[House] = House) -> None:
    async def run() -> None:
        async with served(tmp_path, microphone, kind) as (house, path):
            await test(house, path)

    asyncio.run(run(), debug=True)


def test_it_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    async def look(_: House, path: Path) -> None:
        modes = [stat.S_IMODE(at.stat().st_mode) for at in (path, path.parent)]
        assert modes == [0o600, 0o700]

    in_a_house(tmp_path, look)
    assert not (tmp_path / "run/control.sock").exists()


def test_alarms_are_listed_and_cancelled(tmp_path: Path) -> None:
    book = Book(None, Clocks(time.time, time.monotonic, "boot"))

    class Rings(House):
        def doors(self, microphone: bool = True) -> control.Doors:
            return replace(super().doors(microphone), alarms=book)

    async def ask(_: House, path: Path) -> None:
        tea, rice = book.set_timer(600, "tea"), book.set_timer(700, "rice")
        async with Client.connect(path) as client:
            (listed,) = await client.ask(do="alarms")
            assert [(row["id"], row["label"], row["state"]) for row in listed["alarms"]] == [
                (tea.id, "tea", "armed"),
                (rice.id, "rice", "armed"),
            ]
            assert await client.ask(do="alarms", cancel=[tea.id, 99]) == [{"ok": True, "gone": [tea.id]}]
            assert await client.ask(do="alarms", cancel=[]) == [{"ok": True, "gone": [rice.id]}]

    in_a_house(tmp_path, ask, kind=Rings)
    book.close()

    async def refuse(_: House, path: Path) -> None:
        async with Client.connect(path) as client:
            (refused,) = await client.ask(do="alarms")
            assert refused["error"] == "engine" and "cannot ring" in refused["message"]

    in_a_house(tmp_path, refuse)


def test_a_chat_streams_its_events_and_the_next_request_follows(tmp_path: Path) -> None:
    async def chat(house: House, path: Path) -> None:
        house.world.model.enqueue("One two.", "Three.")
        async with Client.connect(path) as client:
            lines = await client.ask(do="chat", text="hello")
            assert [line.get("event") for line in lines] == ["turn_started", "token", "token", "completed", None]
            assert lines[-2]["assistant"] == "One two." and lines[-1] == {"ok": True}
            assert (await client.ask(do="chat", text="again"))[-2]["assistant"] == "Three."
            assert len(house.world.talks["chat"].history.exchanges) == 2

    in_a_house(tmp_path, chat)


def test_what_is_wrong_is_one_line_and_the_connection_stays(tmp_path: Path) -> None:
    async def wrong(house: House, path: Path) -> None:
        house.world.model.enqueue(EngineError("decode failed"))
        async with Client.connect(path) as client:
            client.send("no json")
            assert (await client.line())["error"] == "usage"
            assert "do" in (await client.ask(do="dance"))[-1]["message"]
            assert "extra" in (await client.ask(do="stop", extra=1))[-1]["message"]
            assert (await client.ask(do="chat", text="x"))[-1] == {"error": "engine", "message": "decode failed"}
            assert "no loudspeaker" in (await client.ask(do="say", text="x"))[-1]["message"]
            assert (await client.ask(do="status"))[-1] == {"ok": True, "status": {"state": "asleep"}}
            client.send("x" * (control.MAX_LINE + 10))
            assert "longer" in (await client.line())["message"]
            assert await client.reader.read() == b""  # what follows a line that is too long cannot be trusted

    in_a_house(tmp_path, wrong)


def test_without_a_microphone_there_is_nothing_to_listen_with(tmp_path: Path) -> None:
    async def listen(_: House, path: Path) -> None:
        async with Client.connect(path) as client:
            assert "no microphone" in (await client.ask(do="listen"))[-1]["message"]
            assert (await client.ask(do="stop"))[-1] == {"ok": True, "stopped": 0}

    in_a_house(tmp_path, listen, microphone=False)


def test_mute_on_off_and_the_other_way_round(tmp_path: Path) -> None:
    async def mute(_: House, path: Path) -> None:
        async with Client.connect(path) as client:
            said = [(await client.ask(do="mute", on=on))[-1]["muted"] for on in (True, True, None, None, False)]
            assert said == [True, True, False, True, False]

    in_a_house(tmp_path, mute)


@pytest.mark.parametrize("by", ["release", "hanging up"])
def test_a_held_button_listens_until_it_is_let_go(tmp_path: Path, by: str) -> None:
    async def hold(house: House, path: Path) -> None:
        house.world.model.enqueue("Nine.")
        async with Client.connect(path) as client, Client.connect(path) as watcher:
            client.send('{"do": "listen", "hold": true}')
            woken = await client.line()
            assert (woken["event"], woken["word"]) == ("wake", "")
            pause = ("",) * 5  # it would end a question behind a wake word
            house.world.say("what", *pause, "time", step=False)
            assert (await watcher.ask(do="status"))[-1]["status"] == {"state": "hearing"}
            if by == "release":
                client.send('{"do": "release"}')
                names = []
                while "event" in (line := await client.line()):
                    names.append(line["event"])
                    if names[-1] == "audio_started":
                        house.world.clock.advance(5.0)  # it is said
                assert names[-1] == "completed" and "transcript" in names
            else:
                await client.leave()
                while "release" not in house.asked:  # noqa: ASYNC110  the server's own task notices
                    await asyncio.sleep(0.001)
            assert house.asked == ["hold", "release"]

    in_a_house(tmp_path, hold)


def test_stop_ends_what_is_heard(tmp_path: Path) -> None:
    async def stop(house: House, path: Path) -> None:
        async with Client.connect(path) as client, Client.connect(path) as other:
            client.send('{"do": "listen"}')
            assert (await client.line())["event"] == "wake"
            assert (await other.ask(do="stop"))[-1]["ok"]
            assert (await client.line())["reason"] == "stop"

    in_a_house(tmp_path, stop)


def test_a_client_that_leaves_ends_its_turn(tmp_path: Path) -> None:
    async def leave(house: House, path: Path) -> None:
        house.world.model.enqueue("word " * 200_000)
        async with Client.connect(path) as client:
            client.send('{"do": "chat", "text": "hello"}')
            await client.line()
            client.writer.transport.abort()
            ended: list[events.Event] = []  # it is told when the brain, on a thread of its own, is idle already
            while not ended:
                await asyncio.sleep(0.001)
                ended = [event for event in house.world.events() if isinstance(event, events.TERMINAL)]
        assert [(type(event), getattr(event, "reason", None)) for event in ended] == [(events.Cancelled, "client_gone")]

    in_a_house(tmp_path, leave)


def test_more_programs_than_places_are_told(tmp_path: Path) -> None:
    async def crowd(house: House, path: Path) -> None:
        async with AsyncExitStack() as stack:
            for _ in range(control.MAX_CLIENTS):
                client = await stack.enter_async_context(Client.connect(path))
                assert (await client.ask(do="status"))[-1]["ok"]
            assert (await (await stack.enter_async_context(Client.connect(path))).line())["error"] == "busy"

    in_a_house(tmp_path, crowd)


def test_a_second_assistant_is_refused_and_a_stale_socket_is_not(tmp_path: Path) -> None:
    async def second(house: House, path: Path) -> None:
        with pytest.raises(EngineError, match="another assistant runs"):
            async with control.serve(path, house.doors()):
                pass
        assert path.exists()  # noqa: ASYNC240

    in_a_house(tmp_path, second)
    path = tmp_path / "run/control.sock"
    control.bind(path).close()  # what a killed process leaves behind
    assert path.exists()
    in_a_house(tmp_path, second)
