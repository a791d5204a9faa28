"""Be quiet: a wake word has already ended what was spoken, so nothing is left to do and nothing is said."""

from collections.abc import Mapping
from typing import Any

from assistant.protocols import Talk
from assistant.skills.base import Registry, Skill


def _answer(_: Mapping[str, Any], talk: Talk) -> str:
    return ""


def register(registry: Registry) -> None:
    """Add the skill."""
    registry.register(Skill("stop", _answer))
