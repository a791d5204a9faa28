"""OpenAI's own client, unchanged, against `assistant serve` on the starter models, in a process of its own."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from openai import APIError, AuthenticationError, BadRequestError, NotFoundError, OpenAI
from openai.types.chat import ChatCompletionMessageParam, ChatCompletionToolParam

from assistant.engines.base import LlmSpec
from assistant.engines.llama.model import LlamaModel
from assistant.models import SHIPPED

ROOT = Path(__file__).parents[2]
LIMIT_S = 60.0
MODEL = "assistant"
LIGHT: ChatCompletionToolParam = {
    "type": "function",
    "function": {
        "name": "light",
        "description": "switch a light",
        "parameters": {
            "type": "object",
            "properties": {"room": {"type": "string"}, "state": {"enum": ["on", "off"]}},
            "required": ["room", "state"],
        },
    },
}
PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string", "maxLength": 20}, "age": {"type": "integer", "minimum": 1, "maximum": 99}},
    "required": ["name", "age"],
    "additionalProperties": False,
}


class Served:
    """The process, its key and where it is."""

    def __init__(self, folder: Path, *args: str) -> None:
        names = ("XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CACHE_HOME")
        self.environ = {**os.environ, **{name: str(folder / name) for name in names}}
        (folder / "XDG_RUNTIME_DIR").mkdir()
        self.command = [sys.executable, "-m", "assistant"]
        made = subprocess.run([*self.command, "token"], cwd=ROOT, env=self.environ, capture_output=True, text=True, check=True)
        self.key = made.stdout.strip()
        self.log = folder / "log.txt"
        settings = ["--set", "api.enabled=true", "--set", "api.port=0", *args]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*self.command, "serve", *settings], cwd=ROOT, env=self.environ, stdout=log, stderr=log
            )
        until = time.monotonic() + LIMIT_S
        while not (found := re.search(r"served at (http://\S+)", self.log.read_text())) or "Serving." not in self.log.read_text():
            assert self.process.poll() is None and time.monotonic() < until, self.log.read_text()
            time.sleep(0.05)  # another process: there is nothing to wait for
        self.url = found[1]

    def client(self, key: str | None = None) -> OpenAI:
        """OpenAI's own."""
        return OpenAI(base_url=f"{self.url}/v1", api_key=key or self.key, max_retries=0, timeout=LIMIT_S)


@contextmanager
def serving(folder: Path, *args: str) -> Iterator[Served]:
    """Until the block is left."""
    served = Served(folder, *args)
    try:
        yield served
    finally:
        served.process.kill()
        served.process.wait()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("api")) as made:
        yield made


@pytest.fixture
def client(served: Served) -> Iterator[OpenAI]:
    with served.client() as made:
        yield made


def user(text: str) -> ChatCompletionMessageParam:
    return {"role": "user", "content": text}


def test_its_models(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["starter-llm", "assistant", "tts-1", "whisper-1"]
    assert client.models.retrieve("starter-llm").id == "starter-llm"
    with pytest.raises(NotFoundError, match="gpt-5"):
        client.chat.completions.create(model="gpt-5", messages=[user("hello")])


def test_a_talk_is_remembered_by_its_messages_and_mostly_cached(client: OpenAI) -> None:
    talk = [user("my name is anna")]
    first = client.chat.completions.create(model="starter-llm", messages=talk, temperature=0)
    reply = first.choices[0].message.content
    assert reply and "Anna" in reply and first.choices[0].finish_reason == "stop"
    talk += [{"role": "assistant", "content": reply}, user("what is my name")]
    second = client.chat.completions.create(model="starter-llm", messages=talk, temperature=0)
    assert "Anna" in (second.choices[0].message.content or "")
    assert (
        first.usage and second.usage and second.usage.prompt_tokens_details and second.usage.prompt_tokens_details.cached_tokens
    )
    held = first.usage.prompt_tokens + first.usage.completion_tokens
    assert held - 1 <= second.usage.prompt_tokens_details.cached_tokens < second.usage.prompt_tokens
    elsewhere = client.chat.completions.create(model=MODEL, messages=[user("what is my name")], temperature=0)
    assert "Anna" not in (elsewhere.choices[0].message.content or ""), "another talk knows nothing of it"


def test_a_stream_is_the_same_reply(client: OpenAI) -> None:
    asked: dict[str, Any] = {"model": MODEL, "messages": [user("how are you today")], "temperature": 0.9, "seed": 7}
    whole = client.chat.completions.create(**asked).choices[0].message.content
    chunks = list(client.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True}))
    said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert said == whole and len(chunks) > 4
    assert chunks[-1].usage and chunks[-1].usage.completion_tokens > 0 and chunks[-2].choices[0].finish_reason == "stop"
    with client.chat.completions.stream(model=MODEL, messages=[user("hello")]) as stream:
        assert stream.get_final_completion().choices[0].message.content


def test_stop_and_length(client: OpenAI) -> None:
    asked: dict[str, Any] = {"model": MODEL, "messages": [user("my name is anna")], "temperature": 0}
    stopped = client.chat.completions.create(**asked, stop=["Anna"]).choices[0]
    assert "Anna" not in (stopped.message.content or "") and stopped.finish_reason == "stop"
    assert client.chat.completions.create(**asked, max_completion_tokens=3).choices[0].finish_reason == "length"


def test_a_bias_forbids_a_token(client: OpenAI) -> None:
    asked: dict[str, Any] = {"model": MODEL, "messages": [user("hello")], "temperature": 0, "max_tokens": 20}
    plain = client.chat.completions.create(**asked).choices[0].message.content
    assert plain
    model = LlamaModel(LlmSpec(SHIPPED / "starter/starter-llm.gguf", context=256, kv_tokens=256, threads=1))
    first = model.encode(plain)[0]
    model.close()
    biased = client.chat.completions.create(**asked, logit_bias={str(first): -100}).choices[0].message.content
    assert biased and model.name == "starter-llm" and biased[:3] != plain[:3]
    with pytest.raises(BadRequestError, match="vocabulary"):
        client.chat.completions.create(**asked, logit_bias={"999999": 1})


def test_json_mode_and_a_schema(client: OpenAI) -> None:
    told = [user("my name is anna and i am 42. write it as json")]
    free = client.chat.completions.create(model=MODEL, messages=told, response_format={"type": "json_object"}, max_tokens=200)
    if free.choices[0].finish_reason == "stop":
        assert isinstance(json.loads(free.choices[0].message.content or ""), dict)
    for seed in range(4):
        made = client.chat.completions.create(
            model=MODEL, messages=told, seed=seed, temperature=1.2, max_tokens=100,
            response_format={"type": "json_schema", "json_schema": {"name": "person", "schema": PERSON, "strict": True}},
        )  # fmt: skip
        found = json.loads(made.choices[0].message.content or "")
        assert list(found) == ["name", "age"] and 1 <= found["age"] <= 99 and len(found["name"]) <= 20
    with pytest.raises(BadRequestError, match="pattern is not supported"):
        bad: Any = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "string", "pattern": "a"}}}
        client.chat.completions.create(model=MODEL, messages=told, response_format=bad)
    with pytest.raises(BadRequestError, match="nothing but itself"):
        bad = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}}}
        client.chat.completions.create(model=MODEL, messages=told, response_format=bad)


def test_a_tool_is_called_and_answered(client: OpenAI) -> None:
    talk = [user("turn on the light in the kitchen")]
    got = client.chat.completions.create(model=MODEL, messages=talk, tools=[LIGHT], tool_choice="required", temperature=0)
    assert got.choices[0].finish_reason == "tool_calls" and got.choices[0].message.tool_calls
    call = got.choices[0].message.tool_calls[0]
    assert call.type == "function" and call.function.name == "light"
    assert set(json.loads(call.function.arguments)) == {"room", "state"}
    message: Any = got.choices[0].message.model_dump(exclude_none=True)
    talk += [message, {"role": "tool", "tool_call_id": call.id, "content": "done"}]
    last = client.chat.completions.create(model=MODEL, messages=talk, tools=[LIGHT], tool_choice="none", temperature=0)
    assert last.choices[0].message.content and not last.choices[0].message.tool_calls
    assert got.usage and last.usage and last.usage.prompt_tokens_details
    assert (last.usage.prompt_tokens_details.cached_tokens or 0) >= got.usage.total_tokens - 1, "the call is known by its words"
    chunks = client.chat.completions.create(model=MODEL, messages=talk[:1], tools=[LIGHT], tool_choice="required", stream=True)
    calls = [held for chunk in chunks if chunk.choices for held in chunk.choices[0].delta.tool_calls or ()]
    assert len(calls) == 1 and calls[0].function and json.loads(calls[0].function.arguments or "")


def test_what_is_said_is_heard(client: OpenAI) -> None:
    sound = client.audio.speech.create(model="tts-1", voice="alloy", input="what time is it", response_format="wav").read()
    assert sound[:4] == b"RIFF" and len(sound) > 10_000
    assert client.audio.transcriptions.create(model="whisper-1", file=("a.wav", sound)).text == "what time is it"
    plain = client.audio.transcriptions.create(model="whisper-1", file=("a.wav", sound), response_format="text")
    assert str(plain).strip() == "what time is it"
    with client.audio.speech.with_streaming_response.create(
        model="tts-1", voice="alloy", input="Good morning. " * 30, response_format="pcm"
    ) as stream:
        pieces = list(stream.iter_bytes(4800))
    assert sum(map(len, pieces)) > 20 * 2 * 24_000


def test_a_wrong_key_is_told(served: Served) -> None:
    with served.client("ea-wrong-wrong-wrong") as stranger, pytest.raises(AuthenticationError, match="the key is wrong"):
        stranger.models.list()


def test_nothing_that_was_said_is_in_the_log(served: Served, client: OpenAI) -> None:
    client.chat.completions.create(model=MODEL, messages=[user("my secret word is xylophone")], max_tokens=5)
    log = served.log.read_text()
    assert not re.search("(?i)xylophone|anna|kitchen|/v1/", log) and served.key not in log


def test_sigterm_ends_it_in_the_middle_of_a_stream(tmp_path: Path) -> None:
    with serving(tmp_path) as served, served.client() as client:
        asked: Any = {"response_format": {"type": "json_object"}, "logit_bias": {}, "max_tokens": 2000}
        stream = client.chat.completions.create(model=MODEL, messages=[user("count")], temperature=2, stream=True, **asked)
        next(iter(stream))
        since = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        try:
            assert len(list(stream)) >= 0  # it may have ended by itself
        except APIError as error:
            assert "the assistant ends" in str(error)
        assert served.process.wait(LIMIT_S) == 0 and time.monotonic() - since < 3.0


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (["api.enabled=true"], "assistant token"),
        (["api.enabled=true", "api.host=0.0.0.0"], "api.wide"),
    ],
)
def test_what_is_missing_is_one_line_before_anything_is_loaded(settings: list[str], said: str, tmp_path: Path) -> None:
    environ = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    sets = [part for setting in settings for part in ("--set", setting)]
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "serve", *sets],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
    )
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1 and said in done.stderr


def test_a_missing_package_is_one_line_that_names_the_command(tmp_path: Path) -> None:
    hidden = (
        "import sys; sys.modules['fastapi'] = None; from assistant.cli import run; "
        "sys.exit(run(['serve', '--set', 'api.enabled=true']))"
    )
    environ = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", hidden], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=LIMIT_S)
    assert done.returncode == 5 and len(done.stderr.splitlines()) == 1 and "scripts/setup --api" in done.stderr
