"""What the assistant does, as lines of JSON on a Unix socket, for lights and displays (docs/peripherals.md).

The first line says the version and how things are; each line behind it is one `Told`. Nothing is read from those who listen.
Bounded: `MAX_CLIENTS` listeners, more are closed at once; one that is `MAX_BEHIND` lines behind is dropped.
The socket is 0600, or 0660 with a group, in a folder that only this user may write.
"""

import asyncio
import contextlib
import grp
import json
import logging
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from assistant import __version__
from assistant.errors import ConfigError, EngineError
from assistant.servers.activity import Told
from assistant.servers.control import bind
from assistant.servers.unix_socket import clients

_log = logging.getLogger(__name__)
VERSION = 1
"""Of the lines: it rises when a name or a meaning changes; new events and keys do not change it."""
MAX_CLIENTS = 16
MAX_BEHIND = 64


class Peripherals:
    """All who listen. Belongs to the loop."""

    def __init__(self, path: Path, group: str, now: Callable[[], Mapping[str, Any]]) -> None:
        """`now`: how things are, for the first line. Raises `ConfigError` for a group that there is not."""
        self._path, self._now = path, now
        self._group = group_id(group) if group else None
        self._lines: set[asyncio.Queue[bytes | None]] = set()

    def show(self, told: Told) -> None:
        """Tell everybody."""
        line = json.dumps({"event": told.event, **told.more}).encode() + b"\n"
        for waiting in list(self._lines):
            try:
                waiting.put_nowait(line)
            except asyncio.QueueFull:
                self._lines.discard(waiting)
                waiting.get_nowait()
                waiting.put_nowait(None)  # its last
                _log.info("peripherals: a listener was %d lines behind and is dropped", MAX_BEHIND)

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[None]:
        """Until the block is left. Raises `EngineError` when the socket cannot be made."""
        listening = bind(self._path, "peripherals.socket")
        if self._group is not None:
            try:
                os.chown(self._path, -1, self._group)
                self._path.chmod(0o660)
            except OSError as error:
                listening.close()
                raise EngineError(f"peripherals.group: {self._path} cannot be given to it ({error.strerror})") from None

        async def meet(_: asyncio.StreamReader, writer: asyncio.StreamWriter, live: int) -> None:
            try:
                if live <= MAX_CLIENTS:
                    await self._tell(writer)
            finally:
                writer.transport.abort()

        async with clients(self._path, listening, meet):
            yield

    async def _tell(self, writer: asyncio.StreamWriter) -> None:
        waiting: asyncio.Queue[bytes | None] = asyncio.Queue(MAX_BEHIND)
        writer.transport.set_write_buffer_limits(high=4096)
        first = {"peripherals": VERSION, "assistant": __version__, **self._now()}
        waiting.put_nowait(json.dumps(first).encode() + b"\n")
        self._lines.add(waiting)
        try:
            while (line := await waiting.get()) is not None:
                writer.write(line)
                drained = asyncio.ensure_future(writer.drain())
                while not drained.done():
                    await asyncio.wait([drained], timeout=1.0)
                    if waiting not in self._lines:  # dropped while it took nothing
                        drained.cancel()
                        return
                await drained
        finally:
            self._lines.discard(waiting)


def group_id(name: str) -> int:
    """The number of a group. Raises `ConfigError`."""
    with contextlib.suppress(KeyError):
        return grp.getgrnam(name).gr_gid
    raise ConfigError(f"peripherals.group: there is no group {name!r} on this machine; `getent group` lists them")
