"""The routes of OpenAI's API: models, chat completions, speech, transcriptions.

A request is a turn of the brain with priority CHAT: a client that leaves cancels it, `Busy` is 429. An error that shows before
the first piece has a status of its own; one that comes later is the stream's last event.
"""

import asyncio
import io
import struct
import time
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine
from contextlib import aclosing
from itertools import count
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse

from assistant import events
from assistant.audio.wav import wav_blocks
from assistant.dialogue.brain import Priority
from assistant.dialogue.kit import TurnRequest
from assistant.errors import EngineError, UsageError
from assistant.servers import openai_chat, openai_types
from assistant.servers.access import ClientGone, Refused
from assistant.servers.doors import Doors, Places
from assistant.servers.errors_http import RESPONSES, failed, line

T = TypeVar("T")
SPEECH, TRANSCRIPTION, CHAT = "tts-1", "whisper-1", "assistant"
"""Names that are always right, beside the model's own."""
PCM_RATE = 24_000
"""OpenAI's pcm."""
BLOCK = 16_384
"""Bytes of sound that are recognised in a step: half a second."""


class Stream(StreamingResponse):
    """A stream whose source is closed at once when the client leaves."""

    async def stream_response(self, send: Any) -> None:
        """As its parent, with the source closed behind it."""
        source = self.body_iterator
        assert isinstance(source, AsyncGenerator)
        async with aclosing(source):
            await super().stream_response(send)


def router(doors: Doors, places: Places) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1", tags=["OpenAI"])
    started, requests = int(time.time()), count(1)
    models = {doors.model: CHAT, CHAT: CHAT, SPEECH: SPEECH, TRANSCRIPTION: TRANSCRIPTION}

    def model(name: str) -> openai_types.Model:
        return openai_types.Model(id=name, created=started, owned_by="this device")

    def served(name: str, kind: str) -> None:
        if models.get(name) != kind:
            there = ", ".join(known for known, what in models.items() if what == kind)
            raise Refused(404, "model_not_found", f"model {name!r:.100} is not served here; there is {there}")

    @routes.get("/models", responses=RESPONSES)
    async def list_models() -> openai_types.Models:
        """The models that are served."""
        return openai_types.Models(data=[model(name) for name in models])

    @routes.get("/models/{name}", responses=RESPONSES | {404: RESPONSES[400]})
    async def get_model(name: str) -> openai_types.Model:
        """One of them."""
        if name not in models:
            raise Refused(404, "model_not_found", f"model {name!r:.100} is not served here; there is {', '.join(models)}")
        return model(name)

    @routes.post(
        "/chat/completions",
        response_model=openai_types.Completion,
        response_model_exclude_unset=False,
        responses=RESPONSES | {404: RESPONSES[400], 200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
    )
    async def chat(asked: openai_types.ChatRequest, request: Request) -> Any:
        """Continue a talk."""
        served(asked.model, CHAT)
        turn = openai_chat.turn(asked, doors.sampling, next(requests))
        assert turn.sampling is not None
        tools = bool(asked.tools) and asked.tool_choice != "none"
        answer = openai_chat.Answer(asked.model, turn.sampling.max_tokens, doors.context, tools)
        pieces = _turn(doors, places, turn)
        if asked.stream:
            usage = asked.stream_options is not None and asked.stream_options.include_usage
            first = await _unless_gone(request, _first(pieces))
            return Stream(
                _chunks(first, pieces, answer, usage), media_type="text/event-stream", headers={"cache-control": "no-cache"}
            )

        async def whole() -> openai_types.Completion:
            async with aclosing(pieces):
                async for event in pieces:
                    if isinstance(event, events.Token):
                        answer.more(event.text)
                    elif isinstance(event, events.Completed):
                        return answer.whole(event)
            raise EngineError("the turn has no end")

        return await _unless_gone(request, whole())

    @routes.post("/audio/speech", response_class=Response, responses=RESPONSES | {
        404: RESPONSES[400],
        200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in ("audio/wav", "audio/pcm")}},
    })  # fmt: skip
    async def speech(asked: openai_types.SpeechRequest, request: Request) -> Any:
        """Say a text, as it is synthesised."""
        served(asked.model, SPEECH)
        language = asked.voice if asked.voice in doors.voices else doors.language
        pcm = asked.response_format == "pcm"
        pieces = _speech(places, doors.brain.speech(asked.input, language, PCM_RATE if pcm else None))
        first = await _unless_gone(request, _first_sound(pieces))
        return Stream(_sound(first, pieces, wav=not pcm), media_type="audio/pcm" if pcm else "audio/wav")

    @routes.post(
        "/audio/transcriptions",
        response_model=openai_types.Transcription,
        responses=RESPONSES | {404: RESPONSES[400], 200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    )
    async def transcribe(asked: Annotated[openai_types.TranscriptionRequest, Form()], request: Request) -> Any:
        """Write a recording down."""
        served(asked.model, TRANSCRIPTION)
        language = asked.language or doors.language
        if language not in doors.recognisers:
            raise UsageError(f"language: {language!r:.30} is not heard here; there is {', '.join(doors.recognisers)}")
        file = io.BytesIO(await asked.file.read())
        await asked.file.close()
        turn = TurnRequest("", f"request {next(requests)}", language, hear=_small(file))

        async def text() -> str:
            async with aclosing(_turn(doors, places, turn)) as heard:
                async for event in heard:
                    if isinstance(event, events.Completed):
                        return event.user
            raise EngineError("the turn has no end")

        words = await _unless_gone(request, text())
        return PlainTextResponse(words + "\n") if asked.response_format == "text" else openai_types.Transcription(text=words)

    return routes


async def _turn(doors: Doors, places: Places, turn: TurnRequest) -> AsyncGenerator[events.Event, None]:
    """The events of a turn; one that ends badly raises."""
    async with places.one(), aclosing(doors.brain.events(turn, Priority.CHAT)) as stream:
        async for event in stream:
            if isinstance(event, events.Cancelled | events.Failed):
                raise failed(event)
            yield event


async def _first(pieces: AsyncGenerator[events.Event, None]) -> events.Event:
    """The first piece of a reply, so that what is wrong shows before the answer begins."""
    async for event in pieces:
        if not isinstance(event, events.TurnStarted):
            return event
    raise EngineError("the turn has no end")


async def _chunks(
    first: events.Event, pieces: AsyncGenerator[events.Event, None], answer: openai_chat.Answer, usage: bool
) -> AsyncGenerator[str, None]:
    async with aclosing(pieces):
        try:
            yield answer.chunk({"role": "assistant", "content": "", "refusal": None}, usage=usage)
            async for event in _with(first, pieces):
                if isinstance(event, events.Token) and (text := answer.more(event.text)):
                    yield answer.chunk({"content": text}, usage=usage)
                elif isinstance(event, events.Completed):
                    for chunk in answer.end(event, usage):
                        yield chunk
        except Refused as error:
            yield f"data: {line(error)}\n\n"


async def _speech(places: Places, pieces: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    async with places.one(), aclosing(pieces):
        async for piece in pieces:
            yield piece


async def _first_sound(pieces: AsyncGenerator[Any, None]) -> Any:
    async for piece in pieces:
        if isinstance(piece, events.Cancelled | events.Failed):
            raise failed(piece)
        return piece
    raise EngineError("the turn has no end")


async def _sound(first: Any, pieces: AsyncGenerator[Any, None], *, wav: bool) -> AsyncGenerator[bytes, None]:
    """The sound. A WAV's length is not known when it begins: it says so, as OpenAI's does."""
    async with aclosing(pieces):
        head = wav
        async for piece in _with(first, pieces):
            if isinstance(piece, tuple):
                sound, rate = piece
                if head:
                    yield _wav_head(rate)
                    head = False
                yield sound
            elif isinstance(piece, events.Cancelled | events.Failed):
                raise ClientGone(str(failed(piece)))  # the connection breaks off: half a sound must not look whole
        if head:
            yield _wav_head(PCM_RATE, 0)  # a text without a sound


async def _with(first: T, rest: AsyncIterator[T]) -> AsyncIterator[T]:
    yield first
    async for item in rest:
        yield item


def _wav_head(rate: int, size: int = 0xFFFFFFFF) -> bytes:
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16)
    return struct.pack("<4sI4s", b"RIFF", size if size else 36, b"WAVE") + form + struct.pack("<4sI", b"data", size)


def _small(file: io.BytesIO) -> Any:
    """The sound of a WAV in blocks that are recognised in a step each. Lazy: the brain's thread reads it."""
    for block in wav_blocks("file", file):
        for start in range(0, len(block), BLOCK):
            yield block[start : start + BLOCK]


async def _unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The work, cancelled when the client leaves before it is done."""
    task = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({task, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Refused(499, "client_gone", "the client left")
        return task.result()
    finally:
        for each in (task, leaving):
            each.cancel()
        await asyncio.gather(task, leaving, return_exceptions=True)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
