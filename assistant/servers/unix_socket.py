"""Clients of a Unix socket: each in a task of its own, which ends with the server."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

Meet = Callable[[asyncio.StreamReader, asyncio.StreamWriter, int], Awaitable[None]]
"""Talks to one client and closes its connection; told how many there are now, this one included."""
LIMIT = 65_536
"""Bytes of a line, unless the server says otherwise."""


@asynccontextmanager
async def clients(path: Path, listening: socket.socket, meet: Meet, limit: int = LIMIT) -> AsyncIterator[None]:
    """Serve until the block is left; then the clients are cut off and the socket's file is gone."""
    live: set[asyncio.Task[None]] = set()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        live.add(task)
        try:
            await meet(reader, writer, len(live))
        except (ConnectionError, asyncio.CancelledError):
            pass  # the client left, or the server ends: there is nobody to tell
        finally:
            live.discard(task)

    server = await asyncio.start_unix_server(one, sock=listening, limit=limit)
    try:
        yield
    finally:
        server.close()
        for task in live:
            task.cancel()
        await asyncio.gather(*live, return_exceptions=True)
        path.unlink(missing_ok=True)  # noqa: ASYNC240  the loop ends here
