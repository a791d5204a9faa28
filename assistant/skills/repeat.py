"""Say again what was said last."""

from collections.abc import Mapping
from typing import Any

from assistant.languages import language
from assistant.protocols_skills import Talk
from assistant.skills.base import Registry, Skill


def _answer(_: Mapping[str, Any], talk: Talk) -> str:
    return talk.last_reply or language(talk.language).texts.nothing_to_repeat


def register(registry: Registry) -> None:
    """Add the skill."""
    registry.register(Skill("repeat", _answer, aside=True))
