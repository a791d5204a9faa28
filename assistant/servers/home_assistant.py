"""Home Assistant's own conversation, asked about commands that no skill knows: `POST /api/conversation/process`.

`HomeAssistant.ask` is called from the brain's thread and returns at once; the loop sends one sentence at a time. What is said
comes from the answer's `response_type`: action_done, query_answer or error. An action that was done for some things and failed
for others is an error that names those. No redirect is followed: the token goes nowhere else. Nothing that is said is logged.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import Callable
from typing import Annotated, Literal, NoReturn

import httpx
from pydantic import BaseModel, BeforeValidator, ValidationError

from assistant.protocols_home import Answer
from assistant.servers.bridge import Inbox
from assistant.settings_links import HomeAssistant as Settings

_log = logging.getLogger(__name__)
MAX_WAITING = 8
MAX_BYTES = 64 * 1024
MAX_SPEECH = 1000
"""Characters of an answer that are said."""
PATH = "/api/conversation/process"


class _Part(BaseModel):
    """A piece of the answer; keys that are not read are passed over."""


class _Plain(_Part):
    speech: Annotated[str, BeforeValidator(lambda value: value if isinstance(value, str) else "")] = ""


class _Speech(_Part):
    plain: _Plain = _Plain()


class _Target(_Part):
    name: str = ""


class _Data(_Part):
    code: str = ""
    success: list[_Target] = []
    failed: list[_Target] = []


class _Response(_Part):
    response_type: Literal["action_done", "query_answer", "error"]
    speech: _Speech = _Speech()
    data: _Data = _Data()


class _Whole(_Part):
    response: _Response


class Sentence:
    """A sentence under way (`protocols_home.Asked`)."""

    def __init__(self, text: str, language: str, deadline: float, clock: Callable[[], float]) -> None:
        self.text, self.language, self._deadline, self._clock = text, language, deadline, clock
        self.found: Answer | None = None
        self.dropped = False

    def left_s(self) -> float:
        """Seconds until its deadline."""
        return self._deadline - self._clock()

    def answer(self) -> Answer | None:
        """See `Asked.answer`."""
        if self.found is None and self.left_s() <= 0:
            self.found = Answer("error", "", "timeout")
        return self.found

    def drop(self) -> None:
        """See `Asked.drop`."""
        self.dropped = True


class HomeAssistant:
    """See `protocols_home.Elsewhere`."""

    def __init__(self, settings: Settings, token: str, tls: ssl.SSLContext, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._token, self._tls, self._clock = settings, token, tls, clock
        self._inbox: Inbox[Sentence] = Inbox(MAX_WAITING)
        self._told = ""

    def ask(self, text: str, language: str) -> Sentence:
        """Begin to ask; full, or before the loop runs, it is an error at once."""
        asked = Sentence(text, language, self._clock() + self._settings.timeout_s, self._clock)
        if not self._inbox.put(asked):
            asked.found = Answer("error", "", "busy")
        return asked

    async def run(self) -> NoReturn:
        """Ask what is asked, until cancelled."""
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
        headers = {"Authorization": f"Bearer {self._token}"}
        base = self._settings.url.rstrip("/")
        async with httpx.AsyncClient(base_url=base, headers=headers, verify=self._tls, limits=limits, trust_env=False) as client:
            with self._inbox.listening():
                while True:
                    for asked in await self._inbox.take():
                        if not asked.dropped and asked.left_s() > 0:
                            asked.found = await self._ask(client, asked)

    async def _ask(self, client: httpx.AsyncClient, asked: Sentence) -> Answer:
        body = {"text": asked.text, "language": self._settings.language or asked.language}
        if self._settings.agent:
            body["agent_id"] = self._settings.agent
        try:
            async with asyncio.timeout(asked.left_s()):
                async with client.stream("POST", PATH, json=body, timeout=None) as response:
                    found = bytearray()
                    async for chunk in response.aiter_bytes():
                        found += chunk
                        if len(found) > MAX_BYTES:
                            return self._failed("too_long", f"its answer is longer than {MAX_BYTES // 1024} KB")
        except TimeoutError:
            return self._failed("timeout", f"no answer in {self._settings.timeout_s:g} s")
        except (httpx.ConnectError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            return self._failed("away", f"cannot be reached ({error or type(error).__name__})")
        except httpx.HTTPError as error:
            return self._failed("lost", f"broke off ({error or type(error).__name__})")
        if response.status_code in (401, 403):
            return self._failed("rejected", "refuses the token; see home.assistant.token_file")
        if response.status_code != 200:
            fault = response.status_code >= 500  # it may have begun
            return self._failed("lost" if fault else "away", f"answers with status {response.status_code}")
        try:
            answer = _Whole.model_validate_json(bytes(found)).response
        except ValidationError:
            return self._failed("malformed", "its answer is not what its documentation says")
        self._told = ""
        return judged(answer)

    def _failed(self, code: str, line: str) -> Answer:
        """One line in the log for each reason, until it goes well."""
        if line != self._told:
            self._told = line
            _log.warning("home.assistant.url %s: %s", self._settings.url, line)
        return Answer("error", "", code)


def judged(answer: _Response) -> Answer:
    """What may be said of it: nothing was done where something failed, unless something else was."""
    speech = " ".join(answer.speech.plain.speech.split())[:MAX_SPEECH]
    if answer.response_type == "error":
        return Answer("error", speech, answer.data.code or "unknown")
    if answer.response_type == "action_done" and answer.data.failed:
        names = ", ".join(target.name for target in answer.data.failed if target.name)[:MAX_SPEECH]
        return Answer("error", names, "partly" if answer.data.success else "failed")
    return Answer(answer.response_type, speech)
