"""A turn of the page as lines of JSON: the house's events, and between them what only a page needs.

{"event": "token", "text": ...}     as in docs/events.md; so are all the others
{"block": HTML, "tail": TEXT}       a part of the reply became whole; behind it stands what is not whole yet
{"sound": BASE64, "rate": 22050}    mono s16le, where the reply is to be heard
{"html": HTML}                      the whole reply, before the terminal event
{"error": CODE, "message": LINE}    in place of a terminal event
"""

import base64
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from pydantic import Field

from assistant import events
from assistant.cancel import CancelToken
from assistant.dialogue import json_grammar
from assistant.dialogue.brain import Priority
from assistant.dialogue.kit import TurnRequest
from assistant.errors import AssistantError
from assistant.protocols import Sampling
from assistant.servers.doors import Doors, Places
from assistant.servers.errors_http import refused
from assistant.servers.event_json import to_object
from assistant.servers.openai_types import Taken
from assistant.servers.web.markdown import Blocks, to_html
from assistant.servers.web.tabs import Tab

MOST_TEXT, MOST_PERSONA = 4000, 2000
BUSY = "the turn before is still being answered; stop it first"
SOUND_RATE = 24_000
"""One rate for all voices: the browser plays the pieces seam to seam."""


class Ask(Taken):
    """What is asked, and how this tab wants it answered; what is left out is the house's."""

    text: str = Field(min_length=1, max_length=MOST_TEXT)
    language: str = Field("", max_length=8)
    aloud: bool = False
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, gt=0, le=1)
    max_tokens: int | None = Field(None, ge=1, le=8192)
    json_mode: bool = False
    persona: str = Field("", max_length=MOST_PERSONA)
    history_turns: int | None = Field(None, ge=1, le=1000)


def sampling(asked: Ask, house: Sampling) -> Sampling | None:
    """How it is answered; None where nothing differs from the house."""
    own = replace(
        house,
        temperature=house.temperature if asked.temperature is None else asked.temperature,
        top_p=house.top_p if asked.top_p is None else asked.top_p,
        max_tokens=house.max_tokens if asked.max_tokens is None else asked.max_tokens,
        grammar=json_grammar.any_object() if asked.json_mode else "",
        repetition_penalty=1.0 if asked.json_mode else house.repetition_penalty,  # JSON repeats its quotes
    )
    return None if own == house else own


async def shape(doors: Doors, tab: Tab, asked: Ask, language: str) -> None:
    """Give the talk the system prompt and the history that the tab wants. Raises `AssistantError`."""
    persona = asked.persona.strip() or doors.personas.get(language, "")
    turns = asked.history_turns or doors.history_turns
    wanted = (persona, turns)
    if wanted == (tab.shape or (doors.personas.get(doors.language, ""), doors.history_turns)):
        return

    def work() -> None:
        doors.talks.become(tab.key, persona)
        doors.talks(tab.key).history.limit = turns

    await doors.brain.call(work)
    tab.shape = wanted


async def stream(doors: Doors, places: Places, tab: Tab, asked: Ask) -> AsyncGenerator[str, None]:
    """The lines of a turn. Closing it early cancels the turn."""
    language = asked.language if asked.language in doors.personas else doors.language
    if tab.turn is not None:
        yield _line({"error": "busy", "message": BUSY})
        return
    tab.turn = stop = CancelToken()
    try:
        async with places.one():
            if tab.closed.is_set():
                return
            await shape(doors, tab, asked, language)
            request = TurnRequest(asked.text, tab.key, language, sampling=sampling(asked, doors.sampling))
            async with aclosing(_items(doors, request, stop, aloud=asked.aloud and language in doors.voices)) as items:
                async for line in _lines(items, json_mode=asked.json_mode):
                    yield line
    except AssistantError as error:
        wrong = refused(error)
        yield _line({"error": wrong.code, "message": str(wrong)})
    finally:
        stop.cancel("client_gone")
        tab.turn = None


def _items(doors: Doors, request: TurnRequest, stop: CancelToken, *, aloud: bool) -> AsyncGenerator[Any, None]:
    if aloud:
        return doors.brain.spoken(request, stop, SOUND_RATE)
    return doors.brain.events(request, Priority.CHAT, stop)


async def _lines(items: AsyncIterator[Any], *, json_mode: bool) -> AsyncGenerator[str, None]:
    blocks, reply = Blocks(), ""
    async for item in items:
        if isinstance(item, tuple):
            sound, rate = item
            yield _line({"sound": base64.b64encode(sound).decode(), "rate": rate})
            continue
        if isinstance(item, events.TERMINAL) and reply:
            yield _line({"html": to_html(f"```json\n{reply}\n```" if json_mode else reply)})
        yield _line(to_object(item))
        if isinstance(item, events.Token):
            reply += item.text
            if not json_mode and (made := blocks.feed(item.text)):
                yield _line({"block": made, "tail": blocks.tail})


def _line(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, default=dict) + "\n"
