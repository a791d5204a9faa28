"""What the page's "House" calls: timers, alarms, reminders, lists, the home. For logins of the house; a kiosk has none of it.

What is done is said from what became of it: the book's and the lists' own answers, the home's receipts. Reading the clock and the
home takes nobody's time and is done here; what changes something is done in the brain's thread.
"""

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import Field

from assistant.alarms.book import Book
from assistant.alarms.items import LONGEST_S, MOST_LABEL, Item, Unable
from assistant.languages.hands import hand_texts
from assistant.languages.home import home_texts
from assistant.memory.lists import MOST_TEXT, Lists, ListsError
from assistant.protocols_home import Value
from assistant.servers.access import Refused
from assistant.servers.doors import Doors
from assistant.servers.openai_types import Taken
from assistant.skills.home_panel import NotFree, Panel, Under

Code = Literal["en", "zh"]
"""The page's own languages."""
LOOK_S = 0.05
MOST_WAIT_S = 30.0
"""Nobody waits longer for a receipt, whatever the home promises."""
LONGER_S = 60.0


class Timer(Taken):
    """A timer to be set."""

    seconds: float = Field(ge=1, le=LONGEST_S)
    label: str = Field("", max_length=MOST_LABEL)
    language: Code = "en"


class Step(Taken):
    """What is to become of one of them."""

    do: Literal["pause", "resume", "longer", "cancel"]
    language: Code = "en"


class Ring(Taken):
    """What is to become of what rings."""

    do: Literal["stop", "snooze"]
    language: Code = "en"


class Entry(Taken):
    """What is put on a list or taken off."""

    do: Literal["add", "remove"]
    list: str = Field(min_length=1, max_length=MOST_TEXT)
    text: str = Field(min_length=1, max_length=MOST_TEXT)
    language: Code = "en"


class Touch(Taken):
    """What is to be done with a thing of the home."""

    thing: str = Field(min_length=1, max_length=255)
    verb: str = Field(min_length=1, max_length=40)
    values: dict[str, float] = Field({}, max_length=1)
    language: Code = "en"


def router(doors: Doors) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/page", include_in_schema=False)

    # -- timers, alarms, reminders ------------------------------------------------------------------------------------

    def book() -> Book:
        if doors.alarms is None:
            raise Refused(409, "no_loudspeaker", "this assistant cannot ring; start it with `assistant run`")
        return doors.alarms

    async def changed(work: Callable[[Book], str], code: Code, kind: str = "timer") -> dict[str, Any]:
        here = book()
        try:
            said = await doors.call(lambda: work(here))
        except Unable as unable:
            raise Refused(409, "unable", hand_texts(code).unable(unable.why, kind)) from None
        if not here.kept:
            said = f"{said} {hand_texts(code).not_kept}"
        return {"said": said}

    @routes.get("/alarms")
    async def alarms() -> dict[str, Any]:
        """What is to come, rings, and was missed and not told yet."""
        here = book()
        return {"alarms": [_row(here, one) for one in (*here.items(), *here.missed())]}

    @routes.post("/alarms")
    async def set_timer(asked: Timer) -> dict[str, Any]:
        """Set a timer."""
        texts = hand_texts(asked.language)

        def work(here: Book) -> str:
            item = here.set_timer(asked.seconds, " ".join(asked.label.split()))
            return texts.set_for(item.kind, item.label, item.length_s)

        return await changed(work, asked.language)

    @routes.post("/alarms/{number}")
    async def step(number: int, asked: Step) -> dict[str, Any]:
        """Pause it, let it go on, give it a minute more, or cancel it."""
        here, texts = book(), hand_texts(asked.language)
        item = next((one for one in (*here.items(), *here.missed()) if one.id == number), None)
        if item is None:
            raise Refused(404, "not_found", texts.none("timer"))

        def work(here: Book) -> str:
            name = texts.name(item.kind, item.label)
            if asked.do == "cancel":
                if item.state == "missed":
                    here.told([item])
                elif not here.cancel([item]):
                    raise Unable("none")
                return texts.changed("cancelled", [name], "")
            if asked.do == "longer":
                now = here.extend(item, LONGER_S)
            else:
                now = here.pause(item) if asked.do == "pause" else here.resume(item)
            what = {"pause": "paused", "resume": "resumed"}.get(asked.do, "changed")
            return texts.changed(what, [name], texts.duration(here.left_s(now)))

        return await changed(work, asked.language, item.kind)

    @routes.post("/ring")
    async def ring(asked: Ring) -> dict[str, Any]:
        """Stop what rings, or have it ring again in a while."""
        texts = hand_texts(asked.language)

        def work(here: Book) -> str:
            if asked.do == "stop":
                return texts.silenced if here.silence() else texts.nothing_rings
            try:
                return texts.snoozed(here.snooze()[0].length_s)
            except Unable as unable:
                if unable.why != "none":
                    raise
                return texts.nothing_rings

        return await changed(work, asked.language)

    # -- lists ----------------------------------------------------------------------------------------------------------

    def kept() -> Lists:
        if doors.lists is None:
            raise Refused(409, "no_lists", "this assistant keeps no lists")
        return doors.lists

    @routes.get("/lists")
    async def lists() -> dict[str, Any]:
        """All lists; the shopping list in the house's language is always there."""
        here = kept()

        def work() -> list[dict[str, Any]]:
            names = dict.fromkeys([hand_texts(doors.language).shopping, *here.names()])
            return [{"name": name, "entries": here.entries(name)} for name in names]

        return {"lists": await doors.call(work)}

    @routes.post("/lists")
    async def write(asked: Entry) -> dict[str, Any]:
        """Put something on a list, or take it off."""
        here, texts = kept(), hand_texts(asked.language)
        name, text = " ".join(asked.list.lower().split()), " ".join(asked.text.split())
        if not name or not text:
            raise Refused(400, "usage", "list, text: one is empty")
        if asked.do == "add":
            try:
                new = await doors.call(lambda: here.add(name, text))
            except ListsError as error:
                if not error.full:
                    raise
                raise Refused(409, "full", texts.list_changed("full", name, ())) from None
            return {"said": texts.list_changed("added" if new else "there", name, [text])}
        gone = await doors.call(lambda: here.remove(asked.list, asked.text))  # as it stands there
        return {"said": texts.list_changed("removed" if gone else "missing", name, [text])}

    # -- the home -------------------------------------------------------------------------------------------------------

    def panel() -> Panel:
        if doors.panel is None:
            raise Refused(409, "no_home", "no home is connected; see docs/mqtt.md")
        return doors.panel

    @routes.get("/home")
    async def home(language: Code = "en") -> dict[str, Any]:
        """Rooms, their things, and how these are."""
        rooms, more = panel().rooms(language)
        return {"rooms": [asdict(room) for room in rooms], "more": more}

    @routes.post("/home")
    async def touch(asked: Touch) -> dict[str, Any]:
        """Do something with a thing; answers when it is known what became of it."""
        here, values = panel(), {name: _number(value) for name, value in asked.values.items()}
        try:
            under = await doors.call(lambda: here.begin(asked.thing, asked.verb, values, asked.language))
        except KeyError:
            raise Refused(404, "not_found", home_texts(asked.language).unknown(asked.thing, ())) from None
        except NotFree:
            raise Refused(403, "not_by_touch", "that is not done from the page: it takes a yes or the PIN, by voice") from None
        done, said = await _became(under, asked.language)
        return {"done": done, "said": said}

    return routes


async def _became(under: Under, code: Code) -> tuple[bool, str]:
    """Wait for the receipt; whoever leaves leaves what has not been sent."""
    receipts = None
    try:
        async with asyncio.timeout(MOST_WAIT_S):
            while (receipts := under.pending.receipts()) is None:  # noqa: ASYNC110  the home rings nobody
                await asyncio.sleep(LOOK_S)
    except TimeoutError:
        pass
    finally:
        if receipts is None:
            under.pending.drop()
    return under.told(receipts, code)


def _row(book: Book, one: Item) -> dict[str, Any]:
    return {
        "id": one.id, "kind": one.kind, "label": one.label, "state": one.state, "days": one.days,
        "due": book.due_at(one).isoformat(timespec="seconds"), "left_s": round(book.left_s(one), 1),
        "elapses": not one.local,
    }  # fmt: skip


def _number(value: float) -> Value:
    return int(value) if value.is_integer() else value
