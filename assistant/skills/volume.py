"""How loud the assistant is: what is said is what the knob stands at."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from assistant.languages.hands import hand_texts
from assistant.languages.times import times
from assistant.protocols_hands import Knob
from assistant.protocols_skills import Talk
from assistant.skills.base import Registry, Skill

STEP = 10
"""Per cent of one step."""


def register(registry: Registry) -> None:
    """Add the skill."""
    registry.register(Skill("volume", partial(_answer, registry.hands.volume), fits=_fits))


def _fits(slots: Mapping[str, Any], talk: Talk) -> bool:
    """Whether what stands for the level is one; "up in the kitchen" is about something else."""
    said = _said(slots)
    return not said or times(talk.language).number(said) is not None or (slots["do"] == "set" and " " not in said)


def _said(slots: Mapping[str, Any]) -> str:
    return str(slots.get("level", "")).strip().removesuffix("%").strip()


def _answer(knob: Knob | None, slots: Mapping[str, Any], talk: Talk) -> str:
    texts, do = hand_texts(talk.language), str(slots["do"])
    if talk.guest:
        return texts.not_for_visitors
    if knob is None:
        return texts.no_volume
    if do in ("mute", "unmute"):
        knob.mute(do == "mute")
        return texts.volume_is(knob.percent, knob.muted)
    if do == "ask":
        return texts.volume_is(knob.percent, knob.muted)
    said = _said(slots)
    level = times(talk.language).number(said) if said else None
    if said and (level is None or not 0 <= level <= 100):
        return texts.no_such_volume
    step = STEP if level is None else round(level)
    knob.set(step if do == "set" else knob.percent + (step if do == "up" else -step))
    return texts.volume_is(knob.percent, knob.muted)
