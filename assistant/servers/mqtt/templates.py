"""What is read out of a payload, or put into one, without running a template.

`{{ value_json.x }}`, `{{ value_json['x'][0].y }}` and `{{ value }}` are looked up, with a filter from `FILTERS` or none.
All else is a program that somebody on the broker wrote: it is `Unreadable`.
"""

import json
import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

MAX_TEMPLATE = 1000
_STEP = r"""(?:\.[A-Za-z_]\w*|\[\s*(?:'[^'\\]*'|"[^"\\]*"|\d{1,6})\s*\])"""
_READ = re.compile(
    rf"\s*\{{\{{-?\s*(value_json|value)({_STEP}*)\s*(?:\|\s*(\w+)\s*(?:\(\s*(\d?)\s*\))?\s*)?-?\}}\}}\s*", re.ASCII
)
_STEPS = re.compile(_STEP, re.ASCII)
_VALUE = re.compile(r"\{\{-?\s*value\s*(?:\|\s*(int|float)\s*)?-?\}\}", re.ASCII)


class Unreadable(ValueError):
    """A template that would have to be run."""


class Payload:
    """A message's text, and what it is as JSON, worked out once for all who read it."""

    def __init__(self, raw: bytes) -> None:
        self.text = raw.decode("utf-8", "replace")

    @cached_property
    def json(self) -> Any:
        """None when it is none."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None


Reader = Callable[[Payload], str | None]
"""The value's text; None: it holds none."""


def plain(payload: Payload) -> str | None:
    """The payload as it stands."""
    return payload.text


FILTERS: dict[str, Callable[[Any, int], Any]] = {
    "int": lambda value, _: int(float(value)),
    "float": lambda value, _: float(value),
    "round": lambda value, digits: round(float(value), digits),
    "lower": lambda value, _: _said(value).lower(),
    "upper": lambda value, _: _said(value).upper(),
    "is_defined": lambda value, _: value,
}


def reader(template: str | None) -> Reader:
    """How a value is read. Raises `Unreadable`."""
    if template is None or not template.strip():
        return plain
    found = _READ.fullmatch(template) if len(template) <= MAX_TEMPLATE else None
    if found is None or (found[3] or "is_defined") not in FILTERS or (found[1] == "value" and found[2]):
        raise Unreadable(template[:MAX_TEMPLATE])
    steps = [_step(step) for step in _STEPS.findall(found[2])]
    change, digits = FILTERS[found[3] or "is_defined"], int(found[4] or 0)

    def read(payload: Payload) -> str | None:
        value: Any = payload.text if found[1] == "value" else payload.json
        for step in steps:
            if isinstance(value, dict):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        if value is None:
            return None
        try:
            return _said(change(value, digits))
        except (ValueError, TypeError, OverflowError):
            return None

    return read


def writer(template: str | None) -> Callable[[str], str]:
    """How a value is put into a command. Raises `Unreadable`."""
    if template is None or not template.strip():
        return lambda value: value
    rest = _VALUE.sub("", template)
    if len(template) > MAX_TEMPLATE or any(mark in rest for mark in ("{{", "{%", "{#")):
        raise Unreadable(template[:MAX_TEMPLATE])
    return lambda value: _VALUE.sub(lambda _: value, template)


def _step(step: str) -> str | int:
    inner = step[1:].strip("]").strip() if step[0] == "[" else step[1:]
    if step[0] == "[":
        return inner[1:-1] if inner[0] in "'\"" else int(inner)
    return inner


def _said(value: Any) -> str:
    """As a template engine would print it: True, None, 21.5; JSON for what has parts."""
    return json.dumps(value) if isinstance(value, dict | list) else str(value)
