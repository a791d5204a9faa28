"""Be quiet: a wake word has already ended what was spoken, so nothing is said. Who writes "stop" ends what rings."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from assistant.protocols_hands import Alarms
from assistant.protocols_skills import Talk
from assistant.skills.base import Registry, Skill


def _answer(book: Alarms | None, _: Mapping[str, Any], talk: Talk) -> str:
    if book is not None and not talk.guest:
        book.silence()
    return ""


def register(registry: Registry) -> None:
    """Add the skill."""
    registry.register(Skill("stop", partial(_answer, registry.hands.alarms)))
