"""Calls of tools as text: how the model is told of tools, what it may answer, and its answer read back.

Rules: tools stand in a block of their own before the user's words, as the starter model was trained on them (name, description,
names of the parameters); a call is Qwen's `<tool_call>` around a JSON object. Only what was generated under `grammar` is ever
read as a call: text of users, documents, memories and results never is.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.dialogue import json_grammar
from assistant.protocols_tools import Call, Tool

OPEN, CLOSE = "<tool_call>", "</tool_call>"
NO_TOOL = {"en": "Sorry, I have no tool for that.", "zh": "抱歉，我没有这个工具。"}
"""What the model answers to a command that none of the listed tools carries out."""
MOST_LETTERS, MOST_ITEMS, MOST_NUMBERS = 64, 8, json_grammar.MAX_NUMBERS
"""Of a text, of a list; more integers than so many are not written out, the signature checks them afterwards."""
_KEPT = frozenset({"type", "enum", "const", "anyOf", "allOf", "$ref", "properties", "required", "minItems", "maxItems",
                   "minLength", "maxLength", "format", "minimum", "maximum"})  # fmt: skip
_FORMATS = frozenset({"date", "time", "date-time", "uuid"})


def listing(tools: Sequence[Tool]) -> list[str]:
    """The lines of the block that lists tools."""
    rows = [
        {"name": tool.name, "description": tool.description, "parameters": list(tool.schema.get("properties", {}))}
        for tool in tools
    ]
    return ["# Tools", "<tools>", *(json.dumps(row, ensure_ascii=False) for row in rows), "</tools>"]


def grammar(tools: Sequence[Tool], code: str, *, talk: bool) -> str:
    """One call of a tool, or else talk (`talk`) or the sentence that there is none. Raises `UnsupportedSchema`."""
    schemas = {tool.name: of_now(tool) for tool in tools}
    if talk:
        return json_grammar.calls(schemas)
    return json_grammar.calls(schemas, json.dumps(NO_TOOL[code], ensure_ascii=False))


def of_now(tool: Tool) -> dict[str, Any]:
    """The schema of a tool's arguments as a grammar can hold it, with what its parameters may be now."""
    schema: dict[str, Any] = bounded(tool.schema)
    for name, choices in tool.choices.items():
        schema["properties"][name] = {"enum": list(choices())}
    return schema


def bounded(schema: Any) -> Any:
    """A schema every text and list of which has an end; what only the signature checks is left out. `UnsupportedSchema`."""
    if not isinstance(schema, Mapping):
        return schema
    made: dict[str, Any] = {}
    for key, value in schema.items():
        if key in ("properties", "$defs"):
            made[key] = {name: bounded(one) for name, one in value.items()}
        elif key in ("anyOf", "allOf"):
            made[key] = [bounded(one) for one in value]
        elif key == "items":
            made[key] = bounded(value)
        elif key in _KEPT:
            made[key] = value
        elif key == "prefixItems":  # not a bound: what it leaves out would be another value
            raise json_grammar.UnsupportedSchema("a tuple of fixed length is not supported; take a list, or several parameters")
    kind = made.get("type")
    if not made or (kind == "object" and "properties" not in made):
        raise json_grammar.UnsupportedSchema("Any, and a dict of any names, are not supported; take a list or a model")
    if kind == "string" and "enum" not in made and "const" not in made:
        if made.get("format") in _FORMATS:
            return {"type": "string", "format": made["format"]}
        most = min(made.get("maxLength", MOST_LETTERS), MOST_LETTERS)
        return {"type": "string", "minLength": min(max(made.get("minLength", 0), min(1, most)), most), "maxLength": most}
    if kind in ("integer", "number"):
        low, high = made.pop("minimum", None), made.pop("maximum", None)
        whole = kind == "integer" and isinstance(low, int) and isinstance(high, int) and 0 <= high - low < MOST_NUMBERS
        return made | ({"minimum": low, "maximum": high} if whole else {})
    if kind == "array":
        least = min(made.get("minItems", 0), MOST_ITEMS)
        return made | {"minItems": least, "maxItems": max(least, min(made.get("maxItems", MOST_ITEMS), MOST_ITEMS))}
    return made


def read(text: str) -> Call | None:
    """The call in a reply that was generated under a grammar; None for one that broke off."""
    body = text.strip().removeprefix(OPEN).removesuffix(CLOSE)
    try:
        found = json.loads(body)
    except ValueError:
        return None
    if not isinstance(found, dict) or not isinstance(found.get("name"), str) or not isinstance(found.get("arguments"), dict):
        return None
    return Call(found["name"], found["arguments"])


def said(arguments: Mapping[str, Any], joint: str) -> str:
    """Arguments as a person hears them: their values, without braces and quotes; what is true by its name."""
    parts = [name.replace("_", " ") if value is True else _plain(value, joint) for name, value in arguments.items()]
    return joint.join(filter(None, parts))


def _plain(value: Any, joint: str) -> str:
    if isinstance(value, Mapping):
        return said(value, joint)
    if isinstance(value, list):
        return joint.join(_plain(one, joint) for one in value)
    if value is None or isinstance(value, bool):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)
