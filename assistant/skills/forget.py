"""Forget what was remembered, for good: slots, and every exchange in which their values stand."""

from collections.abc import Mapping
from typing import Any

from assistant.languages import language
from assistant.protocols_skills import Talk
from assistant.skills.base import Registry, Skill

MOST_WORDS = 5
"""More is no thing to forget, but talk that begins with the word."""


def _answer(slots: Mapping[str, Any], talk: Talk) -> str:
    texts = language(talk.language).texts
    what = str(slots.get("what", "")).strip()
    clear = len(what.split()) <= MOST_WORDS
    gone = talk.memory.forget(what, talk.language) if talk.memory is not None and clear else {}
    if not gone:
        return texts.nothing_to_forget
    return texts.forgot_all if not what else texts.forgot


def register(registry: Registry) -> None:
    """Add the skill."""
    registry.register(Skill("forget", _answer, private=True))
