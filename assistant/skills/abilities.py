"""What can you do: composed from the skills that are there, and from what they can act on here."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from assistant.languages.hands import hand_texts
from assistant.protocols_skills import Talk
from assistant.skills.base import Registry, Skill


def register(registry: Registry) -> None:
    """Add the skill."""
    registry.register(Skill("abilities", partial(_answer, registry)))


def _answer(registry: Registry, _: Mapping[str, Any], talk: Talk) -> str:
    texts, hands = hand_texts(talk.language), registry.hands
    there = {
        "timers": hands.alarms,
        "volume": hands.volume,
        "lists": hands.lists,
        "home": hands.home or hands.elsewhere,
        "know": talk.memory,
    }
    missing = {name for name, hand in there.items() if hand is None or talk.guest}
    missing |= {name for name, hand in (("procedures", hands.procedures), ("tempo", hands.tempo)) if hand is None}
    able = set(registry.skills) - missing
    return texts.can([what for names, what in texts.abilities.items() if able.issuperset(names.split())])
