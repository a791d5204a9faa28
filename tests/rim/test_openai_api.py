"""The routes on a real socket, a scripted brain behind them: forms, errors, clients that leave, many at once."""

import asyncio
import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant import events
from assistant.audio.format import RATE
from assistant.cancel import CancelToken
from assistant.dialogue.brain import Priority
from assistant.dialogue.kit import TurnRequest
from assistant.engines.fakes import FakeModel, FakeSession
from assistant.errors import EngineError
from assistant.protocols import Piece, Sampling
from assistant.servers import doors
from tests.rim.web import Endless, Moving, Web, on_the_web, wav
from tests.turn.world import World

HELLO = {"model": "assistant", "messages": [{"role": "user", "content": "hello"}]}


async def chunks(client: httpx.AsyncClient, body: dict[str, Any]) -> list[Any]:
    """The events of a stream, and then its end."""
    async with client.stream("POST", "/v1/chat/completions", json=body | {"stream": True}) as got:
        assert got.headers["content-type"].startswith("text/event-stream"), await got.aread()
        lines = [line async for line in got.aiter_lines() if line]
    assert all(line.startswith("data: ") for line in lines)
    return [json.loads(line[6:]) if line != "data: [DONE]" else "[DONE]" for line in lines]


def ends(world: World) -> list[str]:
    """How turns ended."""
    return [
        f"{type(event).__name__} {getattr(event, 'reason', '')}".strip()
        for event in world.events()
        if isinstance(event, events.TERMINAL)
    ]


async def until(found: Any) -> None:
    """Wait for what another thread does."""
    while not found():  # noqa: ASYNC110  the brain is on a thread of its own
        await asyncio.sleep(0.001)


def test_a_reply_whole_and_as_a_stream() -> None:
    async def ask(web: Web) -> None:
        web.world.model.enqueue("One two.", "One two.", "One two.")
        async with web.client() as client:
            whole = (await client.post("/v1/chat/completions", json=HELLO)).json()
            plain = await chunks(client, HELLO)
            usage = await chunks(client, HELLO | {"stream_options": {"include_usage": True}})
        assert whole["choices"][0]["message"]["content"] == "One two." and whole["choices"][0]["finish_reason"] == "stop"
        assert whole["usage"]["total_tokens"] == whole["usage"]["prompt_tokens"] + whole["usage"]["completion_tokens"]
        assert [chunk["choices"][0]["delta"] for chunk in plain[:-1]] == [
            {"role": "assistant", "content": "", "refusal": None}, {"content": "One"}, {"content": " two."}, {}
        ]  # fmt: skip
        assert plain[-1] == "[DONE]" and plain[-2]["choices"][0]["finish_reason"] == "stop" and "usage" not in plain[0]
        assert usage[0]["usage"] is None and usage[-2]["choices"] == [] and usage[-2]["usage"]["completion_tokens"] == 8
        assert len({chunk["id"] for chunk in plain[:-1]}) == 1

    on_the_web(ask)


def test_a_talk_that_goes_on_is_mostly_cached() -> None:
    async def ask(web: Web) -> None:
        web.world.model.enqueue("I am fine.", "Of course.")
        talk = [{"role": "system", "content": "Be brief. " * 20}, {"role": "user", "content": "how are you"}]
        async with web.client() as client:
            first = (await client.post("/v1/chat/completions", json=HELLO | {"messages": talk})).json()
            talk += [first["choices"][0]["message"] | {"tool_calls": None}, {"role": "user", "content": "sure"}]
            second = (await client.post("/v1/chat/completions", json=HELLO | {"messages": talk})).json()
        assert first["usage"]["prompt_tokens_details"]["cached_tokens"] == 0
        new = second["usage"]["prompt_tokens"] - second["usage"]["prompt_tokens_details"]["cached_tokens"]
        assert new == len("X\nXuser\nsureX\nXassistant\n")

    on_the_web(ask)


def test_a_reply_that_ends_for_its_length_says_so() -> None:
    async def ask(web: Web) -> None:
        web.world.model.enqueue("One two.", "One two.")
        async with web.client() as client:
            for limit in ("max_tokens", "max_completion_tokens"):
                got = (await client.post("/v1/chat/completions", json=HELLO | {limit: 8})).json()
                assert got["choices"][0]["finish_reason"] == "length"

    on_the_web(ask)


TOOLS = [
    {
        "type": "function",
        "function": {"name": "light", "parameters": {"type": "object", "properties": {"on": {"type": "boolean"}}}},
    }
]
CALL = '<tool_call>\n{"name": "light", "arguments": {"on": true}}\n</tool_call>'


def test_a_tool_is_called_and_its_answer_comes_back() -> None:
    async def ask(web: Web) -> None:
        model = web.world.model
        model.enqueue(CALL, CALL, "It is on.", "<tool_call> cut")
        async with web.client() as client:
            body = HELLO | {"tools": TOOLS}
            got = (await client.post("/v1/chat/completions", json=body)).json()["choices"][0]
            [call] = got["message"]["tool_calls"]
            assert (got["finish_reason"], got["message"]["content"]) == ("tool_calls", None)
            assert call["function"] == {"name": "light", "arguments": '{"on": true}'} and call["type"] == "function"
            streamed = await chunks(client, body)
            [held] = [chunk["choices"][0]["delta"] for chunk in streamed[1:-2]]
            assert held["tool_calls"][0]["function"] == call["function"] and held["tool_calls"][0]["index"] == 0
            assert streamed[-2]["choices"][0]["finish_reason"] == "tool_calls"
            answered = [*HELLO["messages"], got["message"], {"role": "tool", "tool_call_id": call["id"], "content": "done"}]
            last = (await client.post("/v1/chat/completions", json=body | {"messages": answered})).json()
            assert last["choices"][0]["message"]["content"] == "It is on."
            assert last["usage"]["prompt_tokens_details"]["cached_tokens"] > 600, "the call is known by its words"
            cut = await chunks(client, body)
            assert cut[-3]["choices"][0]["delta"] == {"content": "<tool_call> cut"}
        assert model.prompts[0].startswith("<|im_start|>system\n# Tools\n\nYou may call one or more functions")
        assert '<tools>\n{"type": "function", "function": {"name": "light", "parameters"' in model.prompts[0]
        assert model.prompts[2].endswith(
            f"{CALL}<|im_end|>\n<|im_start|>user\n<tool_response>\ndone\n</tool_response><|im_end|>\n<|im_start|>assistant\n"
        )

    on_the_web(ask)


@pytest.mark.parametrize(
    ("more", "param", "said"),
    [
        ({"n": 2}, "n", "2 is not served"),
        ({"logprobs": True}, "logprobs", "True"),
        ({"frequency_penalty": 0.5}, "frequency_penalty", "0.5"),
        ({"modalities": ["audio"]}, "modalities.0", "'audio'"),
        ({"audio": {"voice": "alloy"}}, "audio", "audio is not served"),
        ({"functions": []}, "functions", "functions is not served"),
        ({"reasoning_effort": "low"}, "reasoning_effort", "not served"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]}, None, "'image_url'"),
        ({"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {}}]}]}, None, "'input_audio'"),
        ({"messages": [{"role": "bard", "content": "x"}]}, "messages.0", "'bard'"),
        ({"messages": []}, "messages", "at least 1"),
        ({"messages": [{"role": "system", "content": "x"}]}, None, "one of the user"),
        ({"temperature": 3}, "temperature", "less than or equal to 2"),
        ({"stop": ["a", "b", "c", "d", "e"]}, None, "stop"),
        ({"logit_bias": {"x": 1}}, None, "token numbers"),
        ({"response_format": {"type": "xml"}}, "response_format", "'xml'"),
        ({"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {"oneOf": []}}}}, None, "oneOf"),
        ({"tools": [{"type": "retrieval"}]}, "tools.0.type", "'retrieval'"),
        ({"tool_choice": "required"}, None, "no tools"),
        ({"tools": TOOLS, "tool_choice": {"type": "function", "function": {"name": "x"}}}, None, "names no tool"),
        ({"tools": TOOLS, "response_format": {"type": "json_object"}}, None, "beside tools"),
    ],
)
def test_what_is_not_served_is_refused_by_name(more: dict[str, Any], param: str | None, said: str) -> None:
    async def ask(web: Web) -> None:
        async with web.client() as client:
            got = await client.post("/v1/chat/completions", json=HELLO | more)
        error = got.json()["error"]
        assert got.status_code == 400 and error["type"] == "invalid_request_error", got.text
        assert said in error["message"] and (param is None or error["param"] == param), error

    on_the_web(ask)


def test_harmless_keys_change_nothing() -> None:
    async def ask(web: Web) -> None:
        web.world.model.enqueue("Yes.")
        more = {"n": 1, "user": "u", "metadata": {"a": "b"}, "presence_penalty": 0.0, "store": False, "logprobs": False,
                "parallel_tool_calls": True, "prompt_cache_key": "k", "stop": None, "tools": None, "service_tier": "auto"}  # fmt: skip
        async with web.client() as client:
            assert (await client.post("/v1/chat/completions", json=HELLO | more)).status_code == 200

    on_the_web(ask)


def test_errors_have_their_status_before_the_first_piece_and_are_the_last_event_behind_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def endless(session: FakeSession, sampling: Sampling, cancel: CancelToken) -> Iterator[Piece]:
        for number in count():
            cancel.check()
            yield Piece(number, " word")

    async def ask(web: Web) -> None:
        world = web.world
        async with web.client() as client:
            long = HELLO | {"messages": [{"role": "user", "content": "x" * 5000}]}
            for body in (long, long | {"stream": True}):
                got = await client.post("/v1/chat/completions", json=body)
                assert (got.status_code, got.json()["error"]["code"]) == (400, "context_length_exceeded")
            world.model.enqueue(EngineError("decode failed"))
            got = await client.post("/v1/chat/completions", json=HELLO | {"stream": True})
            assert (got.status_code, got.json()["error"]["code"]) == (500, "engine")
            monkeypatch.setattr(FakeSession, "stream", endless)  # however late this reader is, the reply has not ended
            seen = []
            async with client.stream("POST", "/v1/chat/completions", json=HELLO | {"stream": True}) as stream:
                async for line in stream.aiter_lines():
                    seen.append(line)
                    if "word" in line:
                        with world.brain._bell:
                            [live] = world.brain._turns or [None]
                        if live is not None:
                            live.handle.cancel.cancel("stop")
            assert json.loads(seen[-2][6:])["error"]["code"] == "stop" and "data: [DONE]" not in seen

    on_the_web(ask)


@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_leaves_ends_its_turn(stream: bool) -> None:
    async def leave(web: Web) -> None:
        web.world.model.enqueue("word " * 1_000_000)
        client = web.client()
        asking = asyncio.ensure_future(client.post("/v1/chat/completions", json=HELLO | {"stream": stream}))
        await until(lambda: not web.world.brain.idle())
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await client.aclose()
        await until(web.world.brain.idle)
        assert ends(web.world) == ["Cancelled client_gone"]

    on_the_web(leave, World(context=100_000_000, clock=Moving()))


def test_more_than_may_wait_is_429_and_says_when() -> None:
    async def crowd(web: Web) -> None:
        web.world.model.replies = Endless("word " * 50)
        async with web.client() as client:
            got = await asyncio.gather(*(client.post("/v1/chat/completions", json=HELLO) for _ in range(doors.WAITING + 8)))
        codes = [answer.status_code for answer in got]
        assert codes.count(200) >= doors.WAITING and set(codes) == {200, 429}
        busy = next(answer for answer in got if answer.status_code == 429)
        assert busy.json()["error"]["code"] == "busy" and int(busy.headers["retry-after"]) >= 1

    on_the_web(crowd, World(max_turns=2, context=1_000_000, clock=Moving()))


def test_who_waits_too_long_is_told_and_the_rooms_voice_finds_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "WAIT_S", 0.05)

    async def crowd(web: Web) -> None:
        world = web.world
        world.model.enqueue("word " * 1_000_000, "Here.")
        async with web.client() as client:
            talking = asyncio.ensure_future(client.post("/v1/chat/completions", json=HELLO))
            await until(lambda: not world.brain.idle())
            assert (await client.post("/v1/chat/completions", json=HELLO | {"stream": True})).status_code == 429
            spoken = world.brain.submit(TurnRequest("hello"), Priority.VOICE)
            seen: list[events.Event] = []

            def answered() -> bool:
                seen.extend(spoken.stream.take())
                return any(isinstance(event, events.TERMINAL) for event in seen)

            await until(answered)
            assert isinstance(seen[-1], events.Completed) and not talking.done()
            talking.cancel()
            await asyncio.gather(talking, return_exceptions=True)

    on_the_web(crowd, World(max_turns=2, context=100_000_000, clock=Moving()))


def test_the_end_of_the_assistant_ends_a_stream_in_good_order() -> None:
    async def end(web: Web) -> None:
        web.world.model.enqueue("word " * 1_000_000)
        client = web.client()
        seen: list[str] = []

        async def read() -> None:
            async with client.stream("POST", "/v1/chat/completions", json=HELLO | {"stream": True}) as got:
                async for line in got.aiter_lines():
                    seen.append(line)

        reading = asyncio.ensure_future(read())
        await until(lambda: len(seen) > 10)
        web.stop.cancel("shutdown")
        await asyncio.wait_for(reading, 10)
        assert json.loads(seen[-2][6:])["error"]["code"] == "shutdown"
        await client.aclose()

    on_the_web(end, World(context=100_000_000, clock=Moving()))


# -- sound ------------------------------------------------------------------------------------------------------------


def test_speech_as_wav_and_as_pcm_of_24_khz() -> None:
    async def ask(web: Web) -> None:
        body = {"model": "tts-1", "voice": "alloy", "input": "one two three four"}  # two seconds of it
        async with web.client() as client:
            whole = await client.post("/v1/audio/speech", json=body)
            pcm = await client.post("/v1/audio/speech", json=body | {"response_format": "pcm"})
        assert whole.headers["content-type"] == "audio/wav" and pcm.headers["content-type"] == "audio/pcm"
        assert len(whole.content) == 44 + 2 * 2 * RATE and whole.content[44:] == b"\x01\x00" * 2 * RATE
        assert abs(len(pcm.content) - 2 * 2 * 24_000) < 200

    on_the_web(ask)


def test_speech_that_cannot_be_made_is_an_error_and_no_sound() -> None:
    async def ask(web: Web) -> None:
        web.world.voice.error = EngineError("no voice")
        async with web.client() as client:
            body = {"model": "tts-1", "voice": "alloy", "input": "one"}
            got = await client.post("/v1/audio/speech", json=body)
            assert (got.status_code, got.json()["error"]["code"]) == (500, "engine")
            for more, named in (
                ({"response_format": "mp3"}, "'mp3'"),
                ({"speed": 2}, "speed"),
                ({"instructions": "x"}, "instructions"),
                ({"input": ""}, "input"),
            ):
                got = await client.post("/v1/audio/speech", json=body | more)
                assert got.status_code == 400 and named in got.json()["error"]["message"]
        assert web.world.sink.played_ms() == 0, "nothing of it is heard in the room"

    on_the_web(ask)


def test_a_long_speech_is_sent_as_it_is_made_and_a_client_that_leaves_ends_it() -> None:
    async def leave(web: Web) -> None:
        body = {"model": "tts-1", "voice": "alloy", "input": "Word comes now. " * 250}
        async with web.client() as client, client.stream("POST", "/v1/audio/speech", json=body) as got:
            async for _ in got.aiter_bytes():
                break
        await until(web.world.brain.idle)
        assert ends(web.world) == ["Cancelled client_gone"] and len(web.world.voice.spoken) < 250

    on_the_web(leave)


def test_a_recording_is_written_down() -> None:
    async def ask(web: Web) -> None:
        async with web.client() as client:

            async def write(file: bytes, **form: str) -> httpx.Response:
                return await client.post(
                    "/v1/audio/transcriptions", files={"file": ("a.wav", file)}, data={"model": "whisper-1", **form}
                )

            assert (await write(wav("what", "time"))).json() == {"text": "what time"}
            assert (await write(wav("what", "time"), response_format="text", language="en")).text == "what time\n"
            for file, form, named in (
                (b"ID3\x03 and so on, no sound", {}, "MP3"),
                (b"", {}, "empty"),
                (wav("x"), {"language": "fr"}, "'fr'"),
                (wav("x"), {"response_format": "srt"}, "'srt'"),
                (wav("x"), {"timestamp_granularities[]": "word"}, "timestamp_granularities"),
                (wav("x"), {"prompt": "hint"}, "prompt"),
            ):
                got = await write(file, **form)
                assert got.status_code == 400 and named in got.json()["error"]["message"], got.text
            got = await client.post("/v1/audio/transcriptions", data={"model": "whisper-1"})
            assert (got.status_code, got.json()["error"]["param"]) == (400, "file")

    on_the_web(ask)


# -- the house --------------------------------------------------------------------------------------------------------


def test_the_houses_talks_memory_and_loudspeaker() -> None:
    async def ask(web: Web) -> None:
        web.world.talk("chat").history.limit = 3
        async with web.client() as client:
            assert (await client.get("/api/sessions")).json() == {"sessions": [{"key": "chat", "exchanges": 0}]}
            assert (await client.delete("/api/sessions/chat")).json() == {"ok": True}
            assert (await client.delete("/api/sessions/chat")).status_code == 404
            await client.put("/api/memory/city", json={"value": "Oslo"})
            await client.put("/api/memory/name", json={"value": "Ana"})
            assert [slot["value"] for slot in (await client.get("/api/memory")).json()["slots"]] == ["Oslo", "Ana"]
            assert (await client.delete("/api/memory/Oslo")).json() == {"gone": ["city"]}
            assert (await client.delete("/api/memory/Oslo")).status_code == 404
            assert (await client.delete("/api/memory")).json() == {"gone": ["name"]}
            assert (await client.put("/api/memory/x", json={"value": ""})).status_code == 400
            assert (await client.post("/api/say", json={"text": "Hello."})).json() == {"ok": True}
        assert web.world.voice.spoken == ["Hello."] and web.world.sink.played_ms() == 500

    on_the_web(ask)


def test_without_a_loudspeaker_or_memory_it_says_so() -> None:
    async def ask(web: Web) -> None:
        async with web.client() as client:
            got = [await client.post("/api/say", json={"text": "x"}), await client.get("/api/memory")]
        assert [answer.status_code for answer in got] == [409, 409]

    on_the_web(ask, loudspeaker=False, remembers=False)


def test_it_is_ready_when_the_house_is() -> None:
    async def ask(web: Web) -> None:
        async with web.client(key="") as client:
            web.ready = False
            got = await client.get("/readyz")
            assert (got.status_code, got.json()) == (503, {"status": "starting"})
            web.ready = True
            assert (await client.get("/readyz")).json() == {"status": "ok"}

    on_the_web(ask)


def test_a_brain_without_an_idle_moment_is_busy_and_does_it_not_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "CALL_S", 0.1)

    async def ask(web: Web) -> None:
        web.world.model.enqueue("word " * 1_000_000)
        async with web.client() as client:
            talking = asyncio.ensure_future(client.post("/v1/chat/completions", json=HELLO))
            await until(lambda: not web.world.brain.idle())
            got = await client.put("/api/memory/city", json={"value": "Oslo"})
            assert got.status_code == 429
            talking.cancel()
            await asyncio.gather(talking, return_exceptions=True)
            await until(web.world.brain.idle)
            assert (await client.get("/api/memory")).json() == {"slots": []}

    on_the_web(ask, World(context=100_000_000, clock=Moving()))


# -- many -------------------------------------------------------------------------------------------------------------


def descriptors() -> int:
    """Files and sockets that are open."""
    return len(list(Path("/proc/self/fd").iterdir()))


class Echo(FakeModel):
    """Answers each question with its own words, so that a crossed reply shows."""

    def open(self, key: str) -> Any:
        """A session that knows its own prompt."""
        session = super().open(key)
        plain = session.stream

        def stream(sampling: Any, cancel: CancelToken) -> Any:
            asked = session.text().rsplit("user\n", 1)[1].split("<|im_end|>")[0]
            self.replies.appendleft(f"you said {asked} " + "and more " * 20)
            return plain(sampling, cancel)

        session.stream = stream  # type: ignore[method-assign]
        return session


def test_twenty_clients_lose_nothing_cross_nothing_and_leave_nothing() -> None:
    world = World(context=100_000, max_turns=4, clock=Moving())
    echo = Echo(100_000)
    world.model.open = echo.open  # type: ignore[method-assign]

    async def client(web: Web, number: int) -> int:
        refused = 0
        async with web.client() as http:
            for turn in range(3):
                question = f"question {number} of {turn}"
                body = HELLO | {"messages": [{"role": "user", "content": question}]}
                while True:
                    got = await http.post("/v1/chat/completions", json=body | {"stream": bool(turn % 2)})
                    if got.status_code != 429:
                        break
                    refused += 1
                    await asyncio.sleep(0)
                assert got.status_code == 200
                lines = [json.loads(line[6:]) for line in got.text.splitlines() if line.startswith("data: {")]
                said = (
                    "".join(line["choices"][0]["delta"].get("content") or "" for line in lines)
                    if turn % 2
                    else got.json()["choices"][0]["message"]["content"]
                )
                assert said == f"you said {question} " + "and more " * 20
        return refused

    async def crowd(web: Web) -> None:
        async with web.client() as warm:
            await warm.get("/healthz")
        before, tasks = descriptors(), len(asyncio.all_tasks())
        await asyncio.gather(*(client(web, number) for number in range(20)))
        done = ends(world)
        assert done.count("Completed") == 60 and len(done) == 60, "each got its reply, once"
        for _ in range(1000):
            if descriptors() <= before and len(asyncio.all_tasks()) <= tasks:
                break
            await asyncio.sleep(0.001)
        assert descriptors() <= before and len(asyncio.all_tasks()) <= tasks

    on_the_web(crowd, world, requests_per_minute=1_000_000)
