"""What can you do: composed from the skills that are there, and from what they can act on here."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from assistant.languages.hands import hand_texts
from assistant.protocols import Talk
from assistant.skills.base import Registry, Skill


def register(registry: Registry) -> None:
    """Add the skill."""
    registry.register(Skill("abilities", partial(_answer, registry)))


def _answer(registry: Registry, _: Mapping[str, Any], talk: Talk) -> str:
    texts, hands = hand_texts(talk.language), registry.hands
    missing = {
        "timers": hands.alarms is None,
        "volume": hands.volume is None,
        "lists": hands.lists is None,
        "know": talk.memory is None,
    }
    return texts.can([what for name, what in texts.abilities.items() if name in registry.skills and not missing.get(name)])
