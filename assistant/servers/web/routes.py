"""What the page calls, below /page, with its cookie (logins.py): talks, their turns, the room, the house.

What the API serves too (memory, transcriptions) is mounted there a second time (page.py).
"""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing, nullcontext
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import Field

from assistant import __version__
from assistant.cancel import CancelToken
from assistant.errors import AssistantError
from assistant.servers.access import Refused
from assistant.servers.doors import Doors, Places
from assistant.servers.openai_api import Stream
from assistant.servers.openai_types import Taken
from assistant.servers.web import turns
from assistant.servers.web.logins import COOKIE, LOGIN_S, Login, Logins
from assistant.servers.web.markdown import to_html
from assistant.servers.web.room import Room
from assistant.servers.web.tabs import Tab, Tabs

BEAT_S = 15.0
"""A live stream says so often that it is there: a reader that is gone shows."""
MOST_SHOWN = 50
"""Exchanges of a kept talk that a page shows again."""


class Token(Taken):
    """A link's."""

    token: str = Field(min_length=1, max_length=100)


class Kind(Taken):
    """Which talk a tab wants."""

    private: bool


class Typed(Taken):
    """The words so far."""

    text: str = Field(max_length=turns.MOST_TEXT)


def router(doors: Doors, places: Places, logins: Logins, tabs: Tabs, room: Room) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/page", include_in_schema=False)

    def tab_of(request: Request, name: str) -> Tab:
        return tabs.get(name, _login(request))

    @routes.post("/login")
    async def login(asked: Token, response: Response) -> dict[str, str]:
        """A link's token becomes a cookie."""
        cookie, made = logins.enter(asked.token)
        response.set_cookie(
            COOKIE, cookie, max_age=round(LOGIN_S), path="/", secure=logins.secure, httponly=True, samesite="strict"
        )
        return {"scope": made.scope}

    @routes.post("/logout")
    async def logout(request: Request, response: Response) -> dict[str, bool]:
        """The cookie is good no more."""
        logins.leave(_login(request))
        response.delete_cookie(COOKIE, path="/", secure=logins.secure, httponly=True, samesite="strict")
        return {"ok": True}

    @routes.get("/house")
    async def house(request: Request) -> dict[str, Any]:
        """What the page must know before anything is asked."""
        own = doors.sampling
        return {
            "scope": _login(request).scope,
            "version": __version__,
            "language": doors.language,
            "languages": list(doors.personas),
            "voices": list(doors.voices),
            "recognisers": list(doors.recognisers),
            "model": doors.model,
            "context": doors.context,
            "history_turns": doors.history_turns,
            "sampling": {"temperature": own.temperature, "top_p": own.top_p, "max_tokens": own.max_tokens},
            "remembers": doors.memory is not None,
            "documents": doors.documents is not None,
            "rings": doors.alarms is not None,
            "lists": doors.lists is not None,
            "home": doors.panel is not None,
            "room": doors.hears,
        }

    @routes.get("/status")
    async def status() -> dict[str, Any]:
        """What the daemon does, and with which engines."""
        return dict(doors.status())

    @routes.get("/models")
    async def models() -> dict[str, Any]:
        """The models that are in use and those that are here."""
        return {"engines": list(doors.status().get("engines", ())), "here": [dict(one) for one in await doors.call(doors.models)]}

    # -- talks --------------------------------------------------------------------------------------------------------

    @routes.post("/talks")
    async def open_(asked: Kind, request: Request) -> dict[str, Any]:
        """A talk for a tab; a kiosk's is always private."""
        tab = tabs.open(_login(request), asked.private)
        return {"id": tab.id, "private": tab.private}

    @routes.get("/talks/{name}")
    async def look(name: str, request: Request, history: bool = False) -> dict[str, Any]:
        """Tokens it holds, how many of them are computed, and (`history`) what was said in it."""
        tab = tab_of(request, name)

        def work() -> tuple[int, int, list[tuple[str, str]]]:
            held = next((talk for talk in doors.talks if talk.key == tab.key), None)
            if held is None and tab.private:
                return 0, 0, []
            talk = held or doors.talks(tab.key)
            tokens = len(talk.session.ids)
            try:
                pending = talk.session.evaluate(0, CancelToken())
            except AssistantError:  # more than its context: nothing of it can be computed
                pending = tokens
            return tokens, tokens - pending, [(past.user, past.assistant) for past in talk.history.exchanges]

        tokens, hot, said = await doors.call(work)
        shown = [{"user": user, "html": to_html(reply)} for user, reply in said[-MOST_SHOWN:]] if history else []
        return {"tokens": tokens, "hot": hot, "context": doors.context, "exchanges": len(said), "history": shown}

    @routes.delete("/talks/{name}")
    async def clear(name: str, request: Request) -> dict[str, bool]:
        """Forget what was said in it: history and cells."""
        await tabs.clear(tab_of(request, name))
        return {"ok": True}

    @routes.post("/talks/{name}/close")
    async def close(name: str, request: Request) -> dict[str, bool]:
        """The tab closes."""
        tabs.close(tab_of(request, name))
        return {"ok": True}

    @routes.post("/talks/{name}/turns")
    async def ask(name: str, asked: turns.Ask, request: Request) -> Response:
        """Answer; see turns.py for the lines."""
        tab = tab_of(request, name)
        if tab.turn is not None:
            raise Refused(409, "busy", turns.BUSY)
        return Stream(turns.stream(doors, places, tab, asked), media_type="application/x-ndjson", headers=_FRESH)

    @routes.post("/talks/{name}/stop")
    async def stop(name: str, request: Request) -> dict[str, bool]:
        """End the turn that is being answered; what was written of it stays."""
        tab = tab_of(request, name)
        if tab.turn is not None:
            tab.turn.cancel("stop")
        return {"ok": True}

    @routes.post("/talks/{name}/typing")
    async def typing(name: str, typed: Typed, request: Request) -> dict[str, bool]:
        """Compute the words so far while somebody thinks on. Told twice: what did not change between is what is computed."""
        tab = tab_of(request, name)
        if tab.turn is None and typed.text.strip():
            doors.brain.partial(tab.key, typed.text)
            await doors.call(lambda: None)  # behind the partial
            if tab.turn is None and not tab.closed.is_set():
                doors.brain.partial(tab.key, typed.text)
        return {"ok": True}

    # -- the room -----------------------------------------------------------------------------------------------------

    @routes.get("/live")
    async def live(request: Request, talk: str = "") -> Response:
        """What the room's microphone hears and what is said to it, as it happens; the talk ends when this stream is gone."""
        tab = tab_of(request, talk) if talk else None
        hidden = None if _login(request).scope == "house" else "timer_changed"
        return Stream(_live(room, tabs, tab, hidden), media_type="application/x-ndjson", headers=_FRESH)

    @routes.get("/room")
    async def past() -> dict[str, Any]:
        """The room's last turns."""
        return {"turns": room.past()}

    return routes


_FRESH = {"cache-control": "no-store", "x-accel-buffering": "no"}


async def _live(room: Room, tabs: Tabs, tab: Tab | None, hidden: str | None) -> AsyncGenerator[str, None]:
    with tabs.watching(tab) if tab is not None else nullcontext():
        try:
            async with aclosing(room.watch(BEAT_S)) as told:
                async for event in told:
                    if tab is not None and tab.closed.is_set():
                        yield '{"event": "closed"}\n'
                        return
                    if event["event"] != hidden:
                        yield json.dumps(event, ensure_ascii=False, default=dict) + "\n"
        except Refused as error:
            yield json.dumps({"error": error.code, "message": str(error)}) + "\n"


def _login(request: Request) -> Login:
    login = request.scope["login"]
    assert isinstance(login, Login)
    return login
