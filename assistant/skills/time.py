"""The time of day."""

from collections.abc import Mapping
from typing import Any

from assistant.languages import language
from assistant.protocols_skills import Talk
from assistant.skills.base import Registry, Skill


def _answer(_: Mapping[str, Any], talk: Talk) -> str:
    return language(talk.language).texts.time(talk.now())


def register(registry: Registry) -> None:
    """Add the skill."""
    registry.register(Skill("time", _answer))
