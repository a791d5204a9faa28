"""The control socket: a Unix socket on which other programs of this user tell the daemon what to do, in lines of JSON.

A request is one object a line; its answer is one or more lines, the last of which has no `event` but `ok` or `error`:

    {"do": "say", "text": "The kettle is ready."}     events of the turn, then {"ok": true}
    {"do": "chat", "text": "hello", "conversation": "chat"}
    {"do": "listen", "hold": false}                   listens as behind a wake word; events of that turn
    {"do": "listen", "hold": true}                    ... until {"do": "release"}, or this connection says more or closes
    {"do": "release"}  {"do": "stop"}  {"do": "mute", "on": true}   (`on` left out: the other way round)
    {"do": "status"}                                  {"ok": true, "status": {...}}
    {"do": "memory"}                                  {"ok": true, "slots": [{"name", "value", "told_at", "turn"}]}
    {"do": "memory", "set": "city", "text": "Oslo"}   {"ok": true}
    {"do": "memory", "forget": "city"}                {"ok": true, "gone": ["city"]}    ("" forgets all)
    {"do": "memory", "export": true}                  {"ok": true, "memory": {...}}
    {"do": "memory", "compact": true}                 {"ok": true}    the older turns are summarised in idle time
    {"do": "clear", "conversation": "chat"}           {"ok": true, "cleared": true}
    {"do": "alarms"}                                  {"ok": true, "alarms": [{"id", "kind", "label", "state", ...}]}
    {"do": "alarms", "cancel": [3]}                   {"ok": true, "gone": [3]}    (an empty list cancels all)
    {"do": "open", "kiosk": false}                    {"ok": true, "url": "http://..."}    opens the page, once

Events are those of docs/events.md. What fails is {"error": CODE, "message": LINE}; the connection stays open.
Rules: the socket is 0600 in a folder that is 0700; a line is at most `MAX_LINE` bytes, connections at most `MAX_CLIENTS`:
more are told busy and closed. A client that leaves ends its turn.
"""

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant import events
from assistant.alarms.book import Book
from assistant.alarms.table import cancel, rows
from assistant.dialogue.brain import Priority
from assistant.dialogue.kit import TurnRequest
from assistant.errors import AssistantError, Busy, EngineError
from assistant.protocols import AudioSink
from assistant.servers.bridge import AsyncBrain
from assistant.servers.event_json import to_object
from assistant.servers.unix_socket import clients

MAX_LINE = 64 * 1024
MAX_CLIENTS = 16
LISTEN_DEADLINE_S = 10.0
"""Seconds in which the ear must have begun to listen: it looks every 32 ms."""


class Request(BaseModel):
    """One line of a client."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    do: Literal["say", "chat", "listen", "release", "stop", "mute", "status", "memory", "clear", "alarms", "open"]
    text: str = Field("", max_length=8000)
    conversation: str = Field("chat", min_length=1, max_length=100)
    hold: bool = False
    on: bool | None = None
    set: str | None = Field(None, min_length=1, max_length=100)
    forget: str | None = Field(None, max_length=200)
    export: bool = False
    compact: bool = False
    cancel: list[int] | None = Field(None, max_length=1000)
    kiosk: bool = False


class Slots(Protocol):
    """What the socket may do to the memory."""

    def kept(self) -> Sequence[Any]:
        """All slots, dataclasses."""
        ...

    def set(self, name: str, value: str) -> None:
        """Keep one."""
        ...

    def forget(self, what: str, language: str) -> Mapping[str, str]:
        """Forget one, or all."""
        ...

    def export(self) -> Mapping[str, Any]:
        """Everything."""
        ...

    def compact(self) -> None:
        """Summarise older turns, give space back."""
        ...


@dataclass(frozen=True)
class Doors:
    """What the socket may do to the assistant."""

    brain: AsyncBrain
    sink: AudioSink | None
    """Where `say` is spoken; None: there is no loudspeaker."""
    language: str
    ask: Callable[[Literal["listen", "hold", "release", "drop"]], None] | None
    """Asks the ear; None: there is no microphone."""
    mute: Callable[[bool | None], bool]
    """Mutes the microphone (None: the other way round) and returns whether it is muted."""
    status: Callable[[], Mapping[str, Any]]
    memory: "Slots | None" = None
    """What is remembered; None: nothing is. Called in the brain's thread."""
    clear: Callable[[str], bool] = lambda _: False
    """Ends a talk. Called in the brain's thread."""
    alarms: Book | None = None
    """Timers, alarms and reminders; None: nothing here could ring. Called in the brain's thread."""
    link: Callable[[bool], str] | None = None
    """A link that opens the page, for a kiosk or not; None: there is none. Raises `EngineError`."""


@asynccontextmanager
async def serve(path: Path, doors: Doors) -> AsyncIterator[None]:
    """Serve until the block is left. Raises `EngineError` when another assistant holds the socket, or it cannot be made."""
    listening = bind(path)

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, live: int) -> None:
        try:
            if live > MAX_CLIENTS:
                await _send(writer, _error(Busy(f"{MAX_CLIENTS} programs are connected; try again in a moment")))
            else:
                await _serve_client(reader, writer, doors)
        finally:
            writer.close()

    async with clients(path, listening, meet, MAX_LINE):
        yield


def alone(path: Path) -> None:
    """Raises `EngineError` when another assistant answers at the socket."""
    if _answers(path):
        raise EngineError(f"another assistant runs here already (it answers at {path}); stop it first")


def bind(path: Path, key: str = "control.socket") -> socket.socket:
    """A Unix socket that only this user reaches, at the path that `key` of the configuration names. Raises `EngineError`."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        alone(path)
        path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            listening.bind(str(path))
        finally:
            os.umask(before)
    except OSError as error:
        listening.close()
        raise EngineError(f"{key} {path}: cannot be made ({error.strerror or error}); name another path") from None
    except EngineError:
        listening.close()
        raise
    return listening


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True


async def _serve_client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, doors: Doors) -> None:
    while True:
        try:
            line = await reader.readline()
        except ValueError:
            await _send(writer, {"error": "usage", "message": f"a line is longer than {MAX_LINE} bytes"})
            return
        if not line:
            return
        try:
            request = Request.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "the line"
            await _send(writer, {"error": "usage", "message": f"{where}: {first['msg']}"})
            continue
        held = asyncio.create_task(_release(reader, doors)) if request.do == "listen" and request.hold else None
        try:
            await _answer(request, writer, doors)
        finally:
            if held is not None:
                held.cancel()


async def _release(reader: asyncio.StreamReader, doors: Doors) -> None:
    """When the one who holds says more or hangs up, the button is free."""
    await reader.readline()
    if doors.ask is not None:
        doors.ask("release")


async def _answer(request: Request, writer: asyncio.StreamWriter, doors: Doors) -> None:
    done: dict[str, Any] = {"ok": True}
    try:
        if request.do in ("say", "chat", "listen"):
            async with contextlib.aclosing(_turn(request, doors)) as turn:
                async for event in turn:
                    await _send(writer, to_object(event))
                    if isinstance(event, events.Failed):
                        done = {"error": event.code, "message": event.message}
        elif request.do == "release":
            _ear(doors)("release")
        elif request.do == "stop":
            done["stopped"] = doors.brain.cancel_current("stop")
            if doors.ask is not None:
                doors.ask("drop")
        elif request.do == "mute":
            done["muted"] = doors.mute(request.on)
        elif request.do == "memory":
            done |= await doors.brain.call(lambda: _memory(request, doors))
        elif request.do == "clear":
            done["cleared"] = await doors.brain.call(lambda: doors.clear(request.conversation))
        elif request.do == "alarms":
            done |= await doors.brain.call(lambda: _alarms(request, doors))
        elif request.do == "open":
            if doors.link is None:
                raise EngineError("this assistant serves no page")
            done["url"] = doors.link(request.kiosk)
        else:
            done["status"] = dict(doors.status())
    except AssistantError as error:
        done = _error(error)
    await _send(writer, done)


def _memory(request: Request, doors: Doors) -> dict[str, Any]:
    """In the brain's thread."""
    if doors.memory is None:
        raise EngineError("this assistant remembers nothing: memory.enabled is false")
    if request.set is not None:
        doors.memory.set(request.set, request.text)
        return {}
    if request.forget is not None:
        return {"gone": list(doors.memory.forget(request.forget, doors.language))}
    if request.export:
        return {"memory": doors.memory.export()}
    if request.compact:
        doors.memory.compact()
        return {}
    return {"slots": [asdict(kept) for kept in doors.memory.kept()]}


def _alarms(request: Request, doors: Doors) -> dict[str, Any]:
    """In the brain's thread."""
    book = doors.alarms
    if book is None:
        raise EngineError("this assistant cannot ring; start it with `assistant run`, which has a loudspeaker")
    if request.cancel is not None:
        return {"gone": cancel(book, request.cancel)}
    return {"alarms": rows(book)}


async def _turn(request: Request, doors: Doors) -> AsyncGenerator[events.Event, None]:
    if request.do == "listen":
        async with contextlib.aclosing(_listen(doors, request.hold)) as heard:
            async for event in heard:
                yield event
        return
    if request.do == "say":
        if doors.sink is None:
            raise EngineError("this assistant has no loudspeaker; start it with `assistant run`")
        turn, priority = TurnRequest("", language=doors.language, sink=doors.sink, say=request.text), Priority.VOICE
    else:
        turn, priority = TurnRequest(request.text, request.conversation, doors.language), Priority.CHAT
    async with contextlib.aclosing(doors.brain.events(turn, priority)) as stream:
        async for event in stream:
            yield event


async def _listen(doors: Doors, hold: bool) -> AsyncGenerator[events.Event, None]:
    """The events of the turn that the ear opens when it is asked."""
    ask = _ear(doors)
    turn: int | None = None
    with doors.brain.watching() as watch:
        ask("hold" if hold else "listen")
        while True:
            try:
                seen = await asyncio.wait_for(watch.take(), LISTEN_DEADLINE_S if turn is None else None)
            except TimeoutError:
                raise EngineError("the ear does not listen; see the log") from None
            for event in seen:
                if turn is None and isinstance(event, events.WakeHeard) and event.word == "":
                    turn = event.turn_id
                if event.turn_id == turn:
                    yield event
                    if isinstance(event, events.TERMINAL):
                        return


def _ear(doors: Doors) -> Callable[[Literal["listen", "hold", "release", "drop"]], None]:
    if doors.ask is None:
        raise EngineError("this assistant has no microphone; start it with `assistant run`")
    return doors.ask


def _error(error: AssistantError) -> dict[str, Any]:
    return {"error": error.code, "message": str(error)}


async def _send(writer: asyncio.StreamWriter, found: Mapping[str, Any]) -> None:
    writer.write(json.dumps(found, ensure_ascii=False, default=dict).encode() + b"\n")
    await writer.drain()
