"""Events as JSON, one object a line: the format of `assistant run --events`, described in docs/events.md.

`VERSION` changes when a name or a meaning does; new events and new keys do not change it.
"""

import json
import re
from dataclasses import fields
from typing import Any

from assistant import events

VERSION = 1

_NAMES = {
    "WakeHeard": "wake",
    "PartialTranscript": "partial",
}


def wire_name(kind: type[events.Event]) -> str:
    """The event's name on the wire: `speech_started` for SpeechStarted."""
    return _NAMES.get(kind.__name__) or re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def to_object(event: events.Event) -> dict[str, Any]:
    """The event as a JSON object: `event`, `turn`, `t`, then its own keys."""
    own = {field.name: getattr(event, field.name) for field in fields(event) if field.name not in ("turn_id", "t")}
    return {"v": VERSION, "event": wire_name(type(event)), "turn": event.turn_id, "t": round(event.t, 3), **own}


def to_line(event: events.Event) -> str:
    """The event as a line of JSON, without the newline."""
    return json.dumps(to_object(event), ensure_ascii=False, default=dict)
