"""A server that answers as Home Assistant's public documentation of `/api/conversation/process` says, in this process."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

TOKEN = "a token that lives long"


def answer(kind: str, speech: str, **data: Any) -> dict[str, Any]:
    """A whole answer."""
    return {
        "continue_conversation": False,
        "conversation_id": "01",
        "response": {
            "response_type": kind,
            "language": "en",
            "speech": {"plain": {"speech": speech, "extra_data": None}},
            "data": data or {"targets": [], "success": [], "failed": []},
        },
    }


Reply = Callable[[dict[str, Any]], Any]


class FakeHomeAssistant:
    """Answers what it is told to answer."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.reply: Reply = lambda _: answer("action_done", "Turned on the light")
        self.hangs = asyncio.Event()
        self.waits = False
        self.url = ""

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request a connection."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            lines = head.split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            if lines[0] != "POST /api/conversation/process HTTP/1.1" or headers.get("content-type") != "application/json":
                status, told = "404 Not Found", b""
            elif headers.get("authorization") != f"Bearer {TOKEN}":
                status, told = "401 Unauthorized", b"401: Unauthorized"
            else:
                self.asked.append(json.loads(body))
                if self.waits:
                    await self.hangs.wait()
                found = self.reply(self.asked[-1])
                if found is None:
                    return
                status, told = found if isinstance(found, tuple) else ("200 OK", json.dumps(found).encode())
            more = "Location: http://127.0.0.1:1/\r\n" if status.startswith("30") else ""
            writer.write(f"HTTP/1.1 {status}\r\n{more}Content-Length: {len(told)}\r\nConnection: close\r\n\r\n".encode() + told)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # it hung up
        finally:
            writer.close()


@asynccontextmanager
async def home_assistant() -> AsyncIterator[FakeHomeAssistant]:
    """One that runs."""
    made = FakeHomeAssistant()
    server = await asyncio.start_server(made.meet, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        made.hangs.set()
        server.close()
        await server.wait_closed()
