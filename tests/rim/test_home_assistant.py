"""Home Assistant's conversation as the second way: real HTTP to a server written from its public documentation."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.config import Config
from assistant.errors import ConfigError
from assistant.protocols_home import Answer
from assistant.protocols_skills import Talk
from assistant.servers.home_assistant import MAX_BYTES, MAX_WAITING, HomeAssistant
from assistant.servers.links import Links
from assistant.skills.elsewhere import ask
from tests.rim.assistant_server import TOKEN, FakeHomeAssistant, answer, home_assistant
from tests.rim.broker import free_port, lines, until


def token(folder: Path, text: str = TOKEN, mode: int = 0o600) -> str:
    path = folder / "token"
    path.write_text(f"{text}\n")
    path.chmod(mode)
    return str(path)


def made(folder: Path, url: str, **more: Any) -> HomeAssistant:
    settings = {"url": url, "token_file": token(folder), **more}
    asked = Links(Config.model_validate({"home": {"assistant": settings}})).elsewhere
    assert isinstance(asked, HomeAssistant)
    return asked


@asynccontextmanager
async def running(one: HomeAssistant) -> AsyncIterator[HomeAssistant]:
    task = asyncio.create_task(one.run())
    try:
        await until(lambda: one._inbox._ring, "it to listen")
        yield one
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def asked(one: HomeAssistant, text: str = "turn on the light") -> Answer:
    sentence = one.ask(text, "en")
    await until(lambda: sentence.answer() is not None, "an answer")
    found = sentence.answer()
    assert found is not None
    return found


def at(folder: Path, test: Callable[[HomeAssistant, FakeHomeAssistant], Awaitable[None]], **settings: Any) -> None:
    async def run() -> None:
        async with home_assistant() as server, running(made(folder, server.url, **settings)) as one:
            await test(one, server)

    asyncio.run(run(), debug=True)


def test_a_sentence_goes_there_and_its_answer_is_told(tmp_path: Path) -> None:
    async def test(one: HomeAssistant, server: FakeHomeAssistant) -> None:
        assert await asked(one) == Answer("action_done", "Turned on the light")
        server.reply = lambda _: answer("query_answer", "It is  on.")
        assert await asked(one, "is it on") == Answer("query_answer", "It is on.")
        server.reply = lambda _: answer("error", "Sorry, I do not know it", code="no_intent_match")
        assert await asked(one) == Answer("error", "Sorry, I do not know it", "no_intent_match")
        assert server.asked[0] == {"text": "turn on the light", "language": "en"}

    at(tmp_path, test)


def test_its_agent_and_language_are_as_configured(tmp_path: Path) -> None:
    async def test(one: HomeAssistant, server: FakeHomeAssistant) -> None:
        await asked(one)
        assert server.asked == [{"text": "turn on the light", "language": "zh-cn", "agent_id": "conversation.local"}]

    at(tmp_path, test, agent="conversation.local", language="zh-cn")


def test_what_failed_is_named_whatever_its_speech_claims(tmp_path: Path) -> None:
    lamp, fan = {"name": "Lamp", "type": "entity", "id": "light.lamp"}, {"name": "Fan", "type": "entity", "id": "fan.fan"}

    async def test(one: HomeAssistant, server: FakeHomeAssistant) -> None:
        server.reply = lambda _: answer("action_done", "Turned on everything", targets=[], success=[lamp], failed=[fan])
        assert await asked(one) == Answer("error", "Fan", "partly")
        server.reply = lambda _: answer("action_done", "Turned on everything", targets=[], success=[], failed=[fan, lamp])
        assert await asked(one) == Answer("error", "Fan, Lamp", "failed")

    at(tmp_path, test)


def test_answers_that_are_none(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cases: list[tuple[Any, str]] = [
        (("200 OK", b"no json"), "malformed"),
        ({"response": {}}, "malformed"),
        (answer("party", "yes"), "malformed"),
        ({"response": {"response_type": "action_done", "speech": [], "data": {}}}, "malformed"),
        (("200 OK", b" " * (MAX_BYTES + 1)), "too_long"),
        (("500 Internal Server Error", b"500"), "lost"),
        (("404 Not Found", b""), "away"),
        (("302 Found", b""), "away"),
        (None, "lost"),
    ]

    async def test(one: HomeAssistant, server: FakeHomeAssistant) -> None:
        for reply, code in cases:
            server.reply = lambda _, reply=reply: reply  # type: ignore[misc]
            assert await asked(one, "my secret wish") == Answer("error", "", code)

    with caplog.at_level(logging.DEBUG):
        at(tmp_path, test)
    assert "my secret wish" not in caplog.text and TOKEN not in caplog.text


def test_a_token_that_is_refused_and_a_server_that_is_not_there(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        async with home_assistant() as server:
            one = made(tmp_path, server.url)
            one._token = "another"
            async with running(one):
                assert (await asked(one)).error == "rejected"
        async with running(made(tmp_path, f"http://127.0.0.1:{free_port()}")) as gone:
            assert [(await asked(gone)).error for _ in range(3)] == ["away"] * 3

    with caplog.at_level(logging.WARNING):
        asyncio.run(run(), debug=True)
    first, second = lines(caplog)
    assert "home.assistant.token_file" in first and "cannot be reached" in second


def test_one_that_hangs_is_given_up_at_its_deadline(tmp_path: Path) -> None:
    async def test(one: HomeAssistant, server: FakeHomeAssistant) -> None:
        server.waits = True
        assert (await asked(one)).error == "timeout"
        server.waits = False
        assert (await asked(one)).kind == "action_done"

    at(tmp_path, test, timeout_s=0.5)


def test_more_than_may_wait_are_refused_and_what_is_dropped_is_not_asked(tmp_path: Path) -> None:
    async def test(one: HomeAssistant, server: FakeHomeAssistant) -> None:
        many = [one.ask(f"wish {number}", "en") for number in range(MAX_WAITING + 1)]  # the loop has not run since
        assert many[-1].answer() == Answer("error", "", "busy")
        for sentence in many[1:]:
            sentence.drop()
        await until(lambda: many[0].answer() is not None, "the first")
        assert (await asked(one)).kind == "action_done"
        assert [said["text"] for said in server.asked] == ["wish 0", "turn on the light"]

    at(tmp_path, test)


def test_before_it_runs_it_is_busy(tmp_path: Path) -> None:
    assert made(tmp_path, "http://127.0.0.1:1").ask("x", "en").answer() == Answer("error", "", "busy")


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"url": "homeassistant.local"}, "home.assistant.url.*http://"),
        ({"url": "http://h"}, "home.assistant.token_file.*is empty"),
        ({"url": "http://h", "token_file": "/nowhere/token"}, "home.assistant.token_file.*cannot be read"),
        ({"url": "http://h", "token_file": "open"}, "home.assistant.token_file.*chmod 600"),
        ({"url": "http://h", "token_file": "two"}, "home.assistant.token_file.*in one line"),
        ({"url": "https://h", "token_file": "right", "ca_file": "/nowhere.pem"}, "home.assistant.ca_file.*nowhere"),
    ],
)
def test_what_is_configured_wrongly_is_said_before_anything_starts(tmp_path: Path, settings: dict[str, str], line: str) -> None:
    for name, text, mode in (("open", TOKEN, 0o644), ("two", "a\nb", 0o600), ("right", TOKEN, 0o600)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(mode)
    if settings.get("token_file", "/").startswith(("open", "two", "right")):
        settings = settings | {"token_file": str(tmp_path / settings["token_file"])}
    with pytest.raises(ConfigError, match=line):
        Links(Config.model_validate({"home": {"assistant": settings}}))


class Canned:
    """An `Elsewhere` that answers at the third look."""

    def __init__(self, found: Answer) -> None:
        self.found, self.looks, self.dropped = found, 0, 0

    def ask(self, text: str, language: str) -> "Canned":
        return self

    def answer(self) -> Answer | None:
        self.looks += 1
        return self.found if self.looks == 3 else None

    def drop(self) -> None:
        self.dropped += 1


TALK = Talk("en", lambda: datetime(2026, 11, 23), "", "")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Answer("action_done", "Turned on the light"), "Turned on the light"),
        (Answer("error", "No device of that name", "no_valid_targets"), "No device of that name"),
        (Answer("error", "", "no_intent_match"), "Home Assistant could not do that."),
        (Answer("error", "", "away"), "I cannot reach Home Assistant, so nothing was done."),
        (Answer("error", "Fan", "partly"), "Not all of it was done: Fan failed."),
        (Answer("action_done", ""), "I do not understand what Home Assistant answered. I do not know whether it was done."),
    ],
)
def test_what_is_said_comes_from_the_answer(found: Answer, said: str) -> None:
    other = Canned(found)
    doing = ask(other, "turn on the light", TALK)
    assert [next(doing), next(doing)] == [None, None]
    with pytest.raises(StopIteration) as done:
        next(doing)
    assert done.value.value == said and other.dropped == 1


def test_a_stop_gives_it_up() -> None:
    other = Canned(Answer("action_done", "Yes"))
    doing = ask(other, "turn on the light", TALK)
    next(doing)
    doing.close()
    assert other.dropped == 1
