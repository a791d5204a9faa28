"""The page, put together: who may come in, the open tabs, the room, the files and the routes."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from fastapi import FastAPI

from assistant.servers import house_api, openai_api
from assistant.servers.doors import Doors, Places, Slots
from assistant.servers.web import assets, hands, library, logins, routes
from assistant.servers.web.room import Room
from assistant.servers.web.tabs import Tabs


class Page:
    """One page, served by one or more listeners of the loop. See `access.Page`."""

    def __init__(self, who: logins.Logins, embed_origins: Sequence[str] = (), now: Callable[[], float] = time.monotonic) -> None:
        self.logins, self._embed, self._now = who, embed_origins, now
        self.room = Room()
        self.tabs: Tabs | None = None

    def owns(self, path: str) -> bool:
        """Whether a path is the page's."""
        return logins.owns(path)

    def look(self, method: str, path: str, cookies: str) -> object | None:
        """Who asks. Raises `Refused`."""
        return self.logins.look(method, path, cookies)

    def include(self, app: FastAPI, doors: Doors, places: Places) -> None:
        """Put its routes into an application."""
        self.tabs = Tabs(doors, self._now)
        memory = _Forgetting(doors.memory, self.room) if doors.memory is not None else None
        own = replace(doors, memory=memory)
        app.include_router(assets.router(self._embed))
        app.include_router(routes.router(own, places, self.logins, self.tabs, self.room))
        app.include_router(library.router(own))
        app.include_router(hands.router(own))
        app.include_router(house_api.router(own), prefix="/page", include_in_schema=False)
        app.include_router(openai_api.router(own, places), prefix="/page", include_in_schema=False)

    @asynccontextmanager
    async def living(self, doors: Doors) -> AsyncIterator[None]:
        """Hear the room and sweep the tabs while the block lasts; its streams end with it."""
        assert self.tabs is not None
        tasks = [asyncio.create_task(self.room.listen(doors.brain)), asyncio.create_task(self.tabs.keep_clean())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.tabs.end()
            self.room.end()


@dataclass(frozen=True)
class _Forgetting:
    """The memory; what is forgotten in it the room's last turns forget too."""

    slots: Slots
    room: Room

    def kept(self) -> Sequence[Any]:
        return self.slots.kept()

    def set(self, name: str, value: str) -> None:
        self.slots.set(name, value)

    def forget(self, what: str, language: str) -> Mapping[str, str]:
        gone = self.slots.forget(what, language)
        self.room.forget()
        return gone
