"""Replies under a JSON schema, on the real engine with the starter model: random tokens, and still what the schema says."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from assistant.cancel import CancelToken
from assistant.dialogue import json_grammar
from assistant.dialogue.prompt import Prompt
from assistant.engines.base import LlmSpec
from assistant.engines.llama.model import LlamaModel
from assistant.models import SHIPPED
from assistant.protocols import Sampling

NAME = {"type": "string", "minLength": 1, "maxLength": 12}
SCHEMAS: dict[str, dict[str, Any]] = {
    "flat": {
        "type": "object",
        "properties": {"name": NAME, "age": {"type": "integer", "minimum": 1, "maximum": 99}, "here": {"type": "boolean"}},
        "required": ["name", "here"],
        "additionalProperties": False,
    },
    "nothing needed": {"type": "object", "properties": {"a": {"type": "null"}, "b": {"enum": [1, "x", None, [2]]}}},
    "nothing": {"type": "object", "properties": {}, "additionalProperties": False},
    "lists": {"type": "array", "items": {"type": "array", "items": {"const": 1}, "maxItems": 2}, "minItems": 2, "maxItems": 3},
    "choice": {"anyOf": [{"type": "null"}, {"type": ["boolean", "integer"], "description": "one or the other"}]},
    "itself": {
        "$ref": "#/$defs/node",
        "$defs": {"node": {"type": "object", "properties": {"next": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/node"}]}}, "required": ["next"]}},
    },
    "when": {"type": "object", "properties": {"at": {"type": "string", "format": "date-time"}, "on": {"type": "string", "format": "date"}}, "required": ["at", "on"]},
    "quotes": {"type": "object", "properties": {'a "b" \\ ü\n值': {"const": 'c "d"\n'}}, "required": ['a "b" \\ ü\n值']},
    "a map": {"type": "object", "additionalProperties": {"type": "integer"}},
    "empty text": {"type": "string", "maxLength": 0},
}  # fmt: skip


@pytest.fixture(scope="module")
def model() -> Iterator[LlamaModel]:
    made = LlamaModel(LlmSpec(SHIPPED / "starter/starter-llm.gguf", context=512, kv_tokens=512, threads=1))
    yield made
    made.close()


def reply(model: LlamaModel, grammar: str, seed: int) -> tuple[str, bool]:
    """What random sampling makes of it, and whether it came to its end."""
    prompt, session = Prompt(model), model.open("test")
    try:
        session.append([*prompt.system("You write JSON."), *prompt.user("my name is anna, i am 9"), *prompt.reply_open()])
        sampling = Sampling(1.5, top_k=200, top_p=1.0, repetition_penalty=1, max_tokens=80, seed=seed, grammar=grammar)
        pieces = [piece.text for piece in session.stream(sampling, CancelToken())]
        return "".join(pieces), len(pieces) < 80
    finally:
        session.close()


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_reply_is_what_the_schema_says(model: LlamaModel, name: str) -> None:
    schema = SCHEMAS[name]
    grammar = json_grammar.of_schema(schema)
    replies = [reply(model, grammar, seed) for seed in range(4)]
    whole = [text for text, ended in replies if ended]
    assert whole or name in ("a map", "itself"), replies
    for text in whole:
        jsonschema_rs.validate(schema, json.loads(text), validate_formats=True)


def test_any_object(model: LlamaModel) -> None:
    for text in (text for text, ended in (reply(model, json_grammar.any_object(), seed) for seed in range(4)) if ended):
        assert isinstance(json.loads(text), dict)


def test_a_call_with_typed_parameters(model: LlamaModel) -> None:
    grammar = json_grammar.calls({"light": SCHEMAS["flat"], "stop": {}}, talk="")
    for text, _ in (reply(model, grammar, seed) for seed in range(4)):
        head, body, tail = text.split("\n")
        found = json.loads(body)
        assert (head, tail) == ("<tool_call>", "</tool_call>") and found["name"] in ("light", "stop")
        jsonschema_rs.validate(SCHEMAS["flat"] if found["name"] == "light" else {}, found["arguments"])
