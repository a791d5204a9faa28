"""Calls of tools by the real starter model: under the grammar every one is valid JSON, fits the signature and runs."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from assistant import events
from assistant.cancel import CancelToken
from assistant.dialogue import json_grammar, tool_calls
from assistant.dialogue.brain import Brain
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.kit import Kit, TurnRequest
from assistant.dialogue.prompt import PERSONA, Prompt
from assistant.engines.base import LlmSpec
from assistant.engines.fakes import FakeRouter
from assistant.engines.llama.model import LlamaModel
from assistant.models import SHIPPED
from assistant.protocols import Sampling
from assistant.settings import Tools
from assistant.tools import Tool, tool
from assistant.tools.box import Box

CALLED: list[tuple[str, dict[str, Any]]] = []


@tool(tier="free", words={"en": ("turn", "switch"), "zh": ("打开", "关掉", "开", "关")})
def light(room: str, state: Literal["on", "off"]) -> str:
    """switch a light"""
    CALLED.append(("light", {"room": room, "state": state}))
    return f"The {room} light is {state}."


@tool(tier="free", words={"en": ("call", "phone", "dial"), "zh": ("打电话", "呼叫")})
def call(name: str) -> str:
    """call a person"""
    CALLED.append(("call", {"name": name}))
    return f"Calling {name}."


@tool(tier="free")
def everything(
    text: str,
    few: Annotated[int, Field(ge=1, le=12)],
    share: float,
    on: bool,
    tags: list[str],
    choice: Literal["a b", 'c "d"', "值"],
    maybe: int | None = None,
) -> None:
    """set everything"""
    CALLED.append(("everything", {"few": few}))


@pytest.fixture(scope="module")
def model() -> Iterator[LlamaModel]:
    made = LlamaModel(LlmSpec(SHIPPED / "starter/starter-llm.gguf", context=1024, kv_tokens=2048, threads=1))
    yield made
    made.close()


def generated(model: LlamaModel, tools: list[Tool], text: str, grammar: str, temperature: float, seed: int) -> str:
    prompt, session = Prompt(model), model.open("test")
    try:
        block = prompt.recall(tool_calls.listing(tools))
        session.append([*prompt.system(PERSONA["en"]), *block, *prompt.user(text), *prompt.reply_open()])
        sampling = Sampling(temperature, top_k=200, top_p=1.0, repetition_penalty=1, max_tokens=900, seed=seed, grammar=grammar)
        return "".join(piece.text for piece in session.stream(sampling, CancelToken()))
    finally:
        session.close()


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("made", [light, call, everything], ids=lambda one: one.name)
def test_random_tokens_make_a_call_that_fits_the_signature_and_runs(model: LlamaModel, made: Tool, seed: int) -> None:
    forced = json_grammar.calls({made.name: tool_calls.of_now(made)}, "")
    found = tool_calls.read(generated(model, [made], "good morning", forced, 1.5, seed))
    assert found is not None and found.name == made.name
    CALLED.clear()
    made.function(**made.bind(found.arguments))
    assert CALLED


COMMANDS = {
    "en": [("turn on the light in the kitchen", "light"), ("switch off the bedroom light", "light"), ("call anna", "call"),
           ("phone tom please", "call"), ("turn the lamp in the hall off", "light")],
    "zh": [("打开厨房的灯", "light"), ("请关掉卧室的灯", "light"), ("打电话给小明", "call")],
}  # fmt: skip


class House:
    """A brain on the real model with these two tools."""

    def __init__(self, model: LlamaModel, code: str) -> None:
        self.code = code
        talks: dict[str, Conversation] = {}

        def talk(key: str) -> Conversation:
            return talks.setdefault(key, Conversation(key, model, Prompt(model, code), PERSONA[code], 10))

        kit = Kit(talk, {}, FakeRouter(), Sampling(seed=5), tools=Box([light, call], Tools()), now=lambda: datetime(2026, 11, 23))
        self.brain = Brain(kit)
        self.talks = talks

    def ask(self, text: str) -> tuple[str, list[str]]:
        handle = self.brain.submit(TurnRequest(text, conversation="chat", language=self.code))
        while True:
            self.brain.step()
            seen = handle.stream.take()
            for event in seen:
                if isinstance(event, events.Completed):
                    return event.assistant, [name for name, _ in CALLED]
                assert not isinstance(event, events.Failed), event


@pytest.mark.parametrize("code", ["en", "zh"])
def test_commands_are_carried_out_through_the_whole_turn(model: LlamaModel, code: str) -> None:
    house, right = House(model, code), 0
    for text, name in COMMANDS[code]:
        CALLED.clear()
        said, called = house.ask(text)
        assert "{" not in said and "tool_call" not in said
        assert called in ([name], []) and (bool(called) == (said not in tool_calls.NO_TOOL.values())), (text, said, called)
        right += called == [name]
    assert right >= len(COMMANDS[code]) - 1
    for talk in house.talks.values():
        talk.close()


@pytest.mark.parametrize("text", ["did you turn on the light", "how are you today", "i turned off the light", "what is a call"])
def test_other_sentences_call_nothing(model: LlamaModel, text: str) -> None:
    house = House(model, "en")
    CALLED.clear()
    said, called = house.ask(text)
    assert called == [] and "{" not in said
    for talk in house.talks.values():
        talk.close()
