"""What a tool returned, as text of a bounded length: a sentence to be said, or data for the model."""

import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from pydantic import BaseModel

from assistant.protocols_tools import Outcome, Returned

MOST_SAID = 400
"""Characters of a result that are said; more is cut at a sentence's or a word's end."""
MOST_DATA = 1000
"""Characters of data that the model is given."""
MOST_ITEMS, MOST_DEPTH = 50, 4
"""Of data: members of a list or an object, and lists in lists."""
_ENDS = ".!?。！？"


def plain(result: object, outcome: Outcome = "done") -> Returned:
    """A result, cut. Text that is JSON is data: nobody is read braces."""
    if result is None:
        return Returned(outcome)
    if isinstance(result, str):
        data = _json(result)
        if data is None:
            said, cut = shortened(result, MOST_SAID)
            return Returned(outcome, said, cut=cut)
        result = data
    text = json.dumps(_small(result), ensure_ascii=False, default=lambda other: type(other).__name__)
    return Returned(outcome, data=text[:MOST_DATA], cut=len(text) > MOST_DATA)


def shortened(text: str, most: int) -> tuple[str, bool]:
    """A text in one line of at most so many characters, and whether it was longer."""
    head = text[: 4 * most]  # megabytes are not split into words
    line = " ".join("".join(character if character.isprintable() else " " for character in head).split())
    if len(line) <= most:
        return line, len(text) > len(head)
    line = line[:most]
    end = max(line.rfind(mark) for mark in _ENDS) + 1 or line.rfind(" ")
    return line[: end if end > 0 else most].rstrip(), True


def _json(text: str) -> Any:
    head = text.lstrip()[:1]
    if head not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return {"text": text[:MOST_DATA]} if head == "{" else None


def _small(value: Any, depth: int = 0) -> Any:
    """The beginning of a value, so that megabytes of it cost nothing."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    elif is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, str):
        return shortened(value, MOST_SAID)[0]
    if isinstance(value, bool | int | float) or value is None:
        return value if not isinstance(value, int) or isinstance(value, bool) or value.bit_length() < 64 else "a large number"
    if depth >= MOST_DEPTH:
        return "..."
    if isinstance(value, Mapping):
        return {str(key)[:64]: _small(one, depth + 1) for key, one in _first(value.items())}
    if isinstance(value, list | tuple | set | frozenset):
        return [_small(one, depth + 1) for one in _first(value)]
    return shortened(str(value), MOST_SAID)[0]


def _first(values: Any) -> list[Any]:
    from itertools import islice

    return list(islice(values, MOST_ITEMS))
