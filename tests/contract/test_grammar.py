"""Replies under a grammar, on the real engine with the starter model."""

import json
from collections.abc import Iterator

import pytest

from assistant.cancel import CancelToken
from assistant.dialogue import grammars
from assistant.dialogue.prompt import Prompt
from assistant.engines.base import LlmSpec
from assistant.engines.llama.model import LlamaModel
from assistant.errors import EngineError
from assistant.models import SHIPPED
from assistant.protocols import Sampling

ANYTHING = "root ::= [^\\x00]*"
TOOLS = {"light": ["room", "state"], 'odd "name"': ["值"]}


@pytest.fixture(scope="module")
def model() -> Iterator[LlamaModel]:
    made = LlamaModel(LlmSpec(SHIPPED / "starter/starter-llm.gguf", context=1024, kv_tokens=1024))
    yield made
    made.close()


def reply(model: LlamaModel, text: str, grammar: str = "", temperature: float = 0.0, seed: int = 0, tokens: int = 700) -> str:
    prompt = Prompt(model)
    session = model.open("test")
    try:
        session.append([*prompt.system("You are a voice assistant."), *prompt.user(text), *prompt.reply_open()])
        sampling = Sampling(temperature, repetition_penalty=1, max_tokens=tokens, seed=seed, grammar=grammar)
        return "".join(piece.text for piece in session.stream(sampling, CancelToken()))
    finally:
        session.close()


def test_a_grammar_that_allows_anything_changes_nothing(model: LlamaModel) -> None:
    for text in ("how are you today", "what is the capital of france", "你好"):
        assert reply(model, text, ANYTHING) == reply(model, text) != ""


@pytest.mark.parametrize("seed", range(3))
def test_only_what_it_allows_is_said(model: LlamaModel, seed: int) -> None:
    said = {reply(model, text, 'root ::= "是" | "perhaps" | "no way"', 1.0, seed) for text in ("hello", "你好", "set a timer")}
    assert said <= {"是", "perhaps", "no way"}


@pytest.mark.parametrize("text", ["hello", "write the facts as json\nUser: my name is anna", "把事实写成json\n用户：我叫安娜"])
def test_slots_are_json_of_strings(model: LlamaModel, text: str) -> None:
    found = json.loads(reply(model, text, grammars.slots()))
    assert found and all(isinstance(value, str) and value == value.lstrip() for value in found.values())


@pytest.mark.parametrize("seed", range(4))
def test_a_call_is_of_a_listed_tool_with_its_parameters(model: LlamaModel, seed: int) -> None:
    call = grammars.tools(TOOLS).replace("root ::= talk | ", "root ::= ")
    said = reply(model, "turn on the light in the kitchen", call, 1.5, seed)
    head, body, tail = said.split("\n")
    found = json.loads(body)
    assert (head, tail) == ("<tool_call>", "</tool_call>")
    assert list(found["arguments"]) == TOOLS[found["name"]]


def test_talk_stays_possible_beside_tools(model: LlamaModel) -> None:
    assert reply(model, "how are you today", grammars.tools(TOOLS)) == reply(model, "how are you today")


def test_a_grammar_that_cannot_be_read_is_an_error_and_loses_nothing(model: LlamaModel) -> None:
    with pytest.raises(EngineError, match="grammar"):
        reply(model, "hello", "root ::= (")
    assert reply(model, "hello")
