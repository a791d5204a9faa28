"""JSON as a grammar (GBNF): any object, what a JSON schema describes, calls of tools whose parameters are such schemas.

Rules: written on one line with ", " and ": ", as `json.dumps` does; properties in the schema's order, the optional ones may be
left out; a property that is not listed is never written; no string begins with a space, so that a small model copies words.
What a grammar cannot hold, or this module does not know, is an `UnsupportedSchema` that names it: a schema is obeyed whole or
refused. Keywords that only describe are passed over.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.errors import UsageError

MAX_RULES, MAX_TEXT, MAX_COUNT, MAX_NUMBERS = 500, 64 * 1024, 200, 256
"""Rules and characters of a grammar, repetitions of one rule, integers written out one by one."""
_DESCRIBE = frozenset({"title", "description", "default", "examples", "$schema", "$id", "$comment", "$defs", "definitions",
                       "deprecated", "readOnly", "writeOnly"})  # fmt: skip
_BASE = {
    "char": r'[^"\\\x00-\x1F\x7F] | "\\" ["\\/bfnrt]',
    "first": r'[^"\\\x00-\x20\x7F] | "\\" ["\\/bfnrt]',
    "string": r'"\"" (first char*)? "\""',
    "digits": "[0-9] | [1-9] [0-9]{1,15}",
    "integer": '"-"? digits',
    "number": 'integer ("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,2})?',
    "boolean": '"true" | "false"',
    "null": '"null"',
    "value": "string | number | boolean | null | object | array",
    "pair": 'string ": " value',
    "object": '"{" (pair (", " pair)*)? "}"',
    "array": '"[" (value (", " value)*)? "]"',
    "year": "[12] [0-9]{3}",
    "day": '"0" [1-9] | "1" [0-9] | "2" [0-8]',
    "month": '"0" [1-9] | "1" [0-2]',
    "date": 'year "-" (month "-" day | ("0" [13-9] | "1" [0-2]) "-" ("29" | "30") | ("0" [13578] | "1" [02]) "-31")',
    "clock": '([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9]',
    "time": 'clock ":" [0-5] [0-9] ("." [0-9]{1,6})? ("Z" | [-+] clock)',
    "uuid": '[0-9a-f]{8} "-" [0-9a-f]{4} "-" [0-9a-f]{4} "-" [0-9a-f]{4} "-" [0-9a-f]{12}',
}
_FORMATS = {"date": "date", "time": "time", "date-time": 'date "T" time', "uuid": "uuid"}
_TALK = r"[^<{\x00-\x1F] [^<\x00-\x09\x0B-\x1F]*"


class UnsupportedSchema(UsageError):
    """A JSON schema, or a keyword of it, that cannot be obeyed; the message says where."""


def any_object() -> str:
    """Any JSON object."""
    return _Writer({}).text("object")


def of_schema(schema: Mapping[str, Any]) -> str:
    """What a JSON schema describes. Raises `UnsupportedSchema`."""
    writer = _Writer(schema)
    return writer.text(writer.visit(schema, "schema"))


def calls(tools: Mapping[str, Mapping[str, Any]], talk: str = _TALK) -> str:
    """One call of a tool (name -> schema of its parameters) in Qwen's form, or `talk` unless that is "". Raises as above."""
    writer = _Writer({})
    alternatives = [talk] if talk else []
    for name, schema in tools.items():
        writer.whole = schema
        head = _literal(f'<tool_call>\n{{"name": {json.dumps(name, ensure_ascii=False)}, "arguments": ')
        arguments = writer.visit({"type": "object"} | dict(schema), f"parameters of {name}")
        alternatives.append(writer.rule(f"{head} {arguments} {_literal('}' + chr(10) + '</tool_call>')}"))
        writer.refs.clear()
    return writer.text(" | ".join(alternatives))


class _Writer:
    """Rules gathered so far; a visit returns an expression."""

    def __init__(self, whole: Mapping[str, Any]) -> None:
        self.whole = whole
        self.refs: dict[str, str] = {}
        self._rules: dict[str, str] = {}
        self._size = 0

    def text(self, root: str) -> str:
        """The grammar. Raises `UnsupportedSchema` for one that is too large."""
        text = "".join(f"{name} ::= {rule}\n" for name, rule in ({"root": root} | self._rules | _BASE).items())
        if text != text.encode(errors="replace").decode():
            raise UnsupportedSchema("the schema holds half a character (a lone surrogate)")
        return text

    def visit(self, schema: Any, where: str, depth: int = 0) -> str:
        """The rule of a schema."""
        if depth > 32:
            raise UnsupportedSchema(f"{where}: it is nested too deeply")
        if schema is True or schema == {}:
            return "value"
        if not isinstance(schema, Mapping):
            raise UnsupportedSchema(f"{where}: {schema!r:.40} is no schema that can be obeyed")
        known = {key: value for key, value in schema.items() if key not in _DESCRIBE}
        if "$ref" in known:
            return self._ref(known, where, depth)
        for key, write in (("const", self._const), ("enum", self._enum), ("anyOf", self._any_of), ("allOf", self._all_of)):
            if key in known:
                rest = [other for other in known if other not in (key, "type")]
                if rest:
                    raise UnsupportedSchema(f"{where}: {rest[0]} beside {key} is not supported")
                return self.rule(write(known[key], where, depth))
        kind = known.get("type", "object" if "properties" in known else None)
        if isinstance(kind, list) and kind:
            return self.rule(" | ".join(self.visit({**known, "type": one}, where, depth + 1) for one in kind))
        if kind in ("boolean", "null"):
            return self._only(str(kind), known, where)
        if kind == "string":
            return self._string(known, where)
        if kind in ("integer", "number"):
            return self._number(str(kind), known, where)
        if kind == "array":
            return self._array(known, where, depth)
        if kind == "object":
            return self._object(known, where, depth)
        named = next(iter(known))
        raise UnsupportedSchema(f"{where}: {named if kind is None else f'type {kind!r:.40}'} is not supported")

    def rule(self, text: str) -> str:
        """A new rule's name."""
        name = f"r{len(self._rules)}"
        self._rules[name] = text
        self._size += len(text)
        if len(self._rules) > MAX_RULES or self._size > MAX_TEXT:
            raise UnsupportedSchema("the schema is too large; ask for less at once")
        return name

    def _ref(self, known: Mapping[str, Any], where: str, depth: int) -> str:
        target = known["$ref"]
        if not isinstance(target, str) or not (target == "#" or target.startswith("#/")) or len(known) > 1:
            raise UnsupportedSchema(f"{where}: $ref {target!r:.60} is not supported; alone, and to a place in the schema, it is")
        if target not in self.refs:
            found: Any = self.whole
            for part in target.split("/")[1:]:
                found = found.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(found, Mapping) else None
            if found is None:
                raise UnsupportedSchema(f"{where}: there is no {target:.60} in the schema")
            self.refs[target] = name = self.rule('""')  # known before it is written: a schema may name itself
            self._rules[name] = self.visit(found, target, depth + 1)
        return self.refs[target]

    def _const(self, value: Any, where: str, depth: int) -> str:
        return _literal(json.dumps(value, ensure_ascii=False))

    def _enum(self, values: Any, where: str, depth: int) -> str:
        if not isinstance(values, list) or not values:
            raise UnsupportedSchema(f"{where}: enum must be a list of values")
        return " | ".join(self._const(value, where, depth) for value in values)

    def _any_of(self, schemas: Any, where: str, depth: int) -> str:
        if not isinstance(schemas, list) or not schemas:
            raise UnsupportedSchema(f"{where}: anyOf must be a list of schemas")
        return " | ".join(self.visit(one, f"{where}.anyOf", depth + 1) for one in schemas)

    def _all_of(self, schemas: Any, where: str, depth: int) -> str:
        if not isinstance(schemas, list) or len(schemas) != 1:
            raise UnsupportedSchema(f"{where}: allOf is not supported, but for a single schema")
        return self.visit(schemas[0], f"{where}.allOf", depth + 1)

    def _only(self, rule: str, known: Mapping[str, Any], where: str, *served: str) -> str:
        for key in known:
            if key not in ("type", *served):
                raise UnsupportedSchema(f"{where}: {key} is not supported")
        return rule

    def _string(self, known: Mapping[str, Any], where: str) -> str:
        self._only("", known, where, "minLength", "maxLength", "format")
        if (form := known.get("format")) is not None:
            if form not in _FORMATS or len(known) > 2:
                raise UnsupportedSchema(f"{where}: format {form!r:.40} is not supported; there are {', '.join(_FORMATS)}")
            return self.rule(rf'"\"" {_FORMATS[form]} "\""')
        if "minLength" not in known and "maxLength" not in known:
            return "string"
        low, high = self._bounds(known, "minLength", "maxLength", where)
        if high == 0:
            return self.rule(r'"\"\""')
        text = f"first char{{{max(low - 1, 0)},{'' if high is None else high - 1}}}"
        return self.rule(rf'"\"" {text if low else f"({text})?"} "\""')

    def _number(self, kind: str, known: Mapping[str, Any], where: str) -> str:
        if kind == "integer" and {"minimum", "maximum"} <= set(known):
            self._only("", known, where, "minimum", "maximum")
            low, high = known["minimum"], known["maximum"]
            if isinstance(low, int) and isinstance(high, int) and 0 <= high - low < MAX_NUMBERS:
                return self.rule(" | ".join(f'"{number}"' for number in range(low, high + 1)))
            raise UnsupportedSchema(f"{where}: a range of integers is supported where it holds 1 to {MAX_NUMBERS} of them")
        return self._only(kind, known, where)

    def _array(self, known: Mapping[str, Any], where: str, depth: int) -> str:
        self._only("", known, where, "items", "minItems", "maxItems")
        item = self.visit(known.get("items", True), f"{where}[]", depth + 1)
        least, most = self._bounds(known, "minItems", "maxItems", where)
        if most == 0:
            return self.rule('"[]"')
        more = f'(", " {item}){{{max(least - 1, 0)},{"" if most is None else most - 1}}}'
        return self.rule(f'"[" {item} {more} "]"' if least else f'"[" ({item} {more})? "]"')

    def _object(self, known: Mapping[str, Any], where: str, depth: int) -> str:
        self._only("", known, where, "properties", "required", "additionalProperties")
        properties, required = known.get("properties", {}), known.get("required", [])
        if not isinstance(properties, Mapping) or not isinstance(required, list):
            raise UnsupportedSchema(f"{where}: properties must be an object and required a list")
        if missing := [name for name in required if name not in properties]:
            raise UnsupportedSchema(f"{where}: required names {missing[0]!r:.40}, which is no property")
        if not properties:
            others = known.get("additionalProperties", "properties" not in known)
            if others is False:
                return self.rule('"{}"')
            pair = self.rule(f'string ": " {self.visit(others, f"{where}.*", depth + 1)}')
            return self.rule(f'"{{" ({pair} (", " {pair})*)? "}}"')
        pairs = []
        for name, schema in properties.items():
            value = self.visit(schema, f"{where}.{name}", depth + 1)
            pairs.append((self.rule(f"{_literal(json.dumps(name, ensure_ascii=False) + ': ')} {value}"), name in required))
        return self.rule(f'"{{" {self._some(pairs)} "}}"')

    def _some(self, pairs: Sequence[tuple[str, bool]]) -> str:
        """Pairs in their order, the optional ones or not, with commas between: rules from the last one back."""
        rest = '""'  # what may follow a pair that was written
        starts: list[str] = []  # what may stand where none was written yet
        for pair, needed in reversed(pairs):
            starts = [f"{pair} {rest}", *([] if needed else starts)]
            follow = f'", " {pair} {rest}'
            rest = self.rule(follow if needed else f"{follow} | {rest}")
        if not any(needed for _, needed in pairs):
            starts.append('""')
        return f"({' | '.join(starts)})"

    def _bounds(self, known: Mapping[str, Any], least: str, most: str, where: str) -> tuple[int, int | None]:
        low, high = known.get(least, 0), known.get(most)
        for key, value in ((least, low), (most, high)):
            if value is not None and (not isinstance(value, int) or not 0 <= value <= MAX_COUNT):
                raise UnsupportedSchema(f"{where}: {key} must be a number from 0 to {MAX_COUNT}")
        if high is not None and high < low:
            raise UnsupportedSchema(f"{where}: {most} is less than {least}")
        return low, high


def _literal(text: str) -> str:
    """A text as a GBNF literal."""
    return json.dumps(text, ensure_ascii=False)
