"""Be quiet: a wake word has already ended what was spoken, so nothing is said. Who writes "stop" ends what rings.

Only to a question of ours something is said: that it is dropped.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from assistant.languages.home import home_texts
from assistant.protocols_hands import Alarms
from assistant.protocols_skills import Talk
from assistant.skills.base import Registry, Skill


def _answer(book: Alarms | None, slots: Mapping[str, Any], talk: Talk) -> str:
    if book is not None and not talk.guest:
        book.silence()
    return home_texts(talk.language).declined if slots.get("asked") else ""


def register(registry: Registry) -> None:
    """Add the skill."""
    registry.register(Skill("stop", partial(_answer, registry.hands.alarms)))
