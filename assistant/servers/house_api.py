"""The house's own routes: whether it lives, its talks, its memory, and speaking in the room."""

from contextlib import aclosing
from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from assistant import events
from assistant.alarms.book import Book
from assistant.alarms.table import cancel, rows
from assistant.dialogue.brain import Priority
from assistant.dialogue.kit import TurnRequest
from assistant.servers.access import Refused
from assistant.servers.doors import Doors, Slots
from assistant.servers.errors_http import RESPONSES, failed
from assistant.servers.openai_types import Taken

_CONFLICT: dict[int | str, dict[str, Any]] = {409: {**RESPONSES[400], "description": "There is nothing here to do that with."}}
_MISSING: dict[int | str, dict[str, Any]] = {404: {**RESPONSES[400], "description": "There is none of that name."}}


class Health(BaseModel):
    """It lives."""

    status: Literal["ok", "starting"] = "ok"


class Session(BaseModel):
    """A talk of the house."""

    key: str
    exchanges: int
    """Held word for word."""


class Sessions(BaseModel):
    """All of them, the one longest unused first."""

    sessions: list[Session]


class Done(BaseModel):
    """What was asked for was done."""

    ok: Literal[True] = True


class Slot(BaseModel):
    """A fact that is remembered; what was told without a name has none."""

    name: str
    value: str
    told_at: float | None = None
    turn: int | None = None


class Memory(BaseModel):
    """All facts."""

    slots: list[Slot]


class Value(Taken):
    """A fact's value."""

    value: str = Field(min_length=1, max_length=200)


class Gone(BaseModel):
    """Names of what was forgotten."""

    gone: list[str]


class Alarm(BaseModel):
    """A timer, an alarm or a reminder."""

    id: int
    kind: Literal["timer", "alarm", "reminder"]
    label: str
    state: Literal["armed", "paused", "ringing", "missed"]
    days: str
    """Weekdays on which it repeats, 0 is Monday."""
    due: str
    """Date and time of day in the house's zone."""
    left_s: int


class Alarms(BaseModel):
    """What is to come, the next one first, and what was missed and not told yet."""

    alarms: list[Alarm]


class Say(Taken):
    """What is to be said in the room."""

    text: str = Field(min_length=1, max_length=4096)


def router(doors: Doors) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    def memory() -> Slots:
        if doors.memory is None:
            raise Refused(409, "nothing_remembered", "this assistant remembers nothing: memory.enabled is false")
        return doors.memory

    @routes.get("/healthz", tags=["Health"], responses={429: RESPONSES[429], 403: RESPONSES[403]})
    async def healthz() -> Health:
        """Whether the process lives. No key."""
        return Health()

    @routes.get("/readyz", tags=["Health"], responses={429: RESPONSES[429], 403: RESPONSES[403], 503: {"model": Health}})
    async def readyz(response: Response) -> Health:
        """Whether it listens and answers. No key."""
        if doors.ready():
            return Health()
        response.status_code = 503
        return Health(status="starting")

    @routes.get("/api/sessions", tags=["House"], responses=RESPONSES)
    async def sessions() -> Sessions:
        """The talks that are held now."""

        def look() -> list[Session]:
            return [Session(key=talk.key, exchanges=len(talk.history.exchanges)) for talk in doors.talks]

        return Sessions(sessions=await doors.call(look))

    @routes.delete("/api/sessions/{key}", tags=["House"], responses=RESPONSES | _MISSING)
    async def clear(key: str) -> Done:
        """End a talk: what was said in it is gone; facts that were learnt stay."""
        if not await doors.call(lambda: doors.talks.clear(key)):
            raise Refused(404, "not_found", "there is no talk of that name")
        return Done()

    @routes.get("/api/memory", tags=["House"], responses=RESPONSES | _CONFLICT)
    async def remembered() -> Memory:
        """What is remembered about the user."""
        slots = memory()
        found: list[dict[str, Any]] = await doors.call(lambda: [asdict(kept) for kept in slots.kept()])
        return Memory(slots=[Slot.model_validate(slot) for slot in found])

    @routes.put("/api/memory/{name}", tags=["House"], responses=RESPONSES | _CONFLICT)
    async def keep(name: str, asked: Value) -> Done:
        """Keep a fact, in place of the one before."""
        slots = memory()
        if not 1 <= len(name) <= 100:
            raise Refused(400, "usage", "name: it has 1 to 100 characters")
        await doors.call(lambda: slots.set(name, asked.value))
        return Done()

    @routes.delete("/api/memory/{name}", tags=["House"], responses=RESPONSES | _CONFLICT | _MISSING)
    async def forget(name: str) -> Gone:
        """Forget a fact by its name or value, and what was said of it."""
        slots = memory()
        if not name.strip():
            raise Refused(400, "usage", "name: it is empty; DELETE /api/memory forgets everything")
        gone = await doors.call(lambda: list(slots.forget(name, doors.language)))
        if not gone:
            raise Refused(404, "not_found", "nothing of that name or value is remembered")
        return Gone(gone=gone)

    @routes.delete("/api/memory", tags=["House"], responses=RESPONSES | _CONFLICT)
    async def forget_all() -> Gone:
        """Forget everything."""
        slots = memory()
        return Gone(gone=await doors.call(lambda: list(slots.forget("", doors.language))))

    def book() -> Book:
        if doors.alarms is None:
            raise Refused(409, "no_loudspeaker", "this assistant cannot ring; start it with `assistant run`")
        return doors.alarms

    @routes.get("/api/alarms", tags=["House"], responses=RESPONSES | _CONFLICT)
    async def alarms() -> Alarms:
        """Timers, alarms and reminders."""
        here = book()
        return Alarms(alarms=[Alarm.model_validate(row) for row in await doors.call(lambda: rows(here))])

    @routes.delete("/api/alarms/{number}", tags=["House"], responses=RESPONSES | _CONFLICT | _MISSING)
    async def cancel_alarm(number: int) -> Done:
        """Cancel one."""
        here = book()
        if not await doors.call(lambda: cancel(here, [number])):
            raise Refused(404, "not_found", "there is none of that number")
        return Done()

    @routes.post("/api/say", tags=["House"], responses=RESPONSES | _CONFLICT)
    async def say(asked: Say) -> Done:
        """Speak in the room; answers when it was said."""
        if doors.sink is None:
            raise Refused(409, "no_loudspeaker", "this assistant has no loudspeaker; start it with `assistant run`")
        turn = TurnRequest("", language=doors.language, sink=doors.sink, say=asked.text)
        async with aclosing(doors.brain.events(turn, Priority.VOICE)) as spoken:
            async for event in spoken:
                if isinstance(event, events.Cancelled | events.Failed):
                    raise failed(event)
        return Done()

    return routes
