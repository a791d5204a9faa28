"""Say what is remembered about the user."""

from collections.abc import Mapping
from typing import Any

from assistant.languages import joined, language
from assistant.protocols_skills import Talk
from assistant.skills.base import Registry, Skill

MOST = 6
"""Facts said at once, the newest: more is no answer to listen to."""


def _answer(_: Mapping[str, Any], talk: Talk) -> str:
    texts = language(talk.language).texts
    found = list(talk.memory.slots(talk.language).items())[-MOST:] if talk.memory is not None else []
    if not found:
        return texts.knows_nothing
    return joined((texts.knows(name, value) for name, value in found), talk.language)


def register(registry: Registry) -> None:
    """Add the skill."""
    registry.register(Skill("know", _answer))
