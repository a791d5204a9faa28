"""JSON schemas as grammars: what is refused is named; the text of a grammar is what llama.cpp can read (tests/contract)."""

from typing import Any

import pytest

from assistant.dialogue import json_grammar
from assistant.dialogue.json_grammar import UnsupportedSchema, calls, of_schema


@pytest.mark.parametrize(
    ("schema", "named"),
    [
        ({"type": "string", "pattern": "^a"}, "pattern"),
        ({"oneOf": [{"type": "null"}]}, "oneOf"),
        ({"type": "number", "multipleOf": 2}, "multipleOf"),
        ({"type": "integer", "minimum": 1}, "minimum"),
        ({"type": "integer", "minimum": 1, "maximum": 1000}, "range"),
        ({"type": "array", "uniqueItems": True}, "uniqueItems"),
        ({"type": "array", "maxItems": 100_000}, "maxItems"),
        ({"type": "array", "minItems": 2, "maxItems": 1}, "maxItems is less"),
        ({"type": "object", "patternProperties": {}}, "patternProperties"),
        ({"type": "object", "properties": {"a": {"not": {}}}}, "schema.a: not"),
        ({"type": "object", "properties": {}, "required": ["b"]}, "'b'"),
        ({"type": "frog"}, "frog"),
        ({"type": "string", "format": "email"}, "email"),
        ({"anyOf": []}, "anyOf"),
        ({"allOf": [{}, {}]}, "allOf"),
        ({"enum": "x"}, "enum"),
        ({"enum": [1], "minimum": 0}, "minimum beside enum"),
        ({"$ref": "https://example.com/x"}, "$ref"),
        ({"$ref": "#/$defs/none"}, "#/$defs/none"),
        ({"type": "array", "items": [1]}, "is no schema"),
        (False, "False"),
        ({"const": "\ud800"}, "surrogate"),
    ],
)
def test_what_is_not_supported_is_named(schema: Any, named: str) -> None:
    with pytest.raises(UnsupportedSchema) as refused:
        of_schema(schema)
    assert named in str(refused.value) and "\n" not in str(refused.value)


def test_a_schema_that_is_too_deep_or_too_large() -> None:
    deep: dict[str, Any] = {"type": "null"}
    for _ in range(40):
        deep = {"type": "array", "items": deep}
    large = {"type": "object", "properties": {f"p{number}": {"enum": ["x" * 200]} for number in range(400)}}
    for schema in (deep, large):
        with pytest.raises(UnsupportedSchema, match="deeply|large"):
            of_schema(schema)


def test_optional_properties_may_be_left_out_and_keep_their_order() -> None:
    text = of_schema({"type": "object", "properties": {"a": {"type": "null"}, "b": {"type": "null"}}, "required": ["b"]})
    assert r'"\"a\": " null' in text and r'"\"b\": " null' in text
    root = text.splitlines()[0].removeprefix("root ::= ")
    rules = dict(line.split(" ::= ", 1) for line in text.splitlines())
    assert rules[root] == '"{" (r0 r2 | r1 "") "}"' and rules["r2"] == '", " r1 ""'


def test_a_schema_may_name_itself() -> None:
    tree = {"type": "object", "properties": {"next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}}, "required": ["next"]}
    assert len(of_schema(tree)) < 3000


def test_what_describes_is_passed_over() -> None:
    plain, told = {"type": "boolean"}, {"type": "boolean", "title": "T", "description": "D", "default": True, "examples": [True]}
    assert of_schema(plain) == of_schema(told)


def test_a_call_is_of_a_listed_tool_and_talk_only_where_it_may_be() -> None:
    tools = {"light": {"properties": {"on": {"type": "boolean"}}, "required": ["on"]}, "stop": {}}
    free, forced = calls(tools), calls(tools, talk="")
    assert free.splitlines()[0].count("|") == 2 + json_grammar._TALK.count("|") and forced.splitlines()[0].count("|") == 1
    assert r"<tool_call>\n{\"name\": \"light\"" in free
