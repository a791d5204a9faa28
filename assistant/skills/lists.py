"""Lists: things put on, taken off, read and cleared. What is said is what the lists hold afterwards."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from assistant.errors import AssistantError
from assistant.languages.hands import hand_texts
from assistant.protocols_hands import Lists
from assistant.protocols_skills import Talk
from assistant.skills.base import Registry, Skill

MOST_SAID = 12
"""Entries read aloud."""
BETWEEN = {"en": r",? and |, ?", "zh": r"和|、|，|跟|还有"}
"""What stands between two entries."""


def register(registry: Registry) -> None:
    """Add the skill."""
    registry.register(Skill("lists", partial(_answer, registry.hands.lists), fits=partial(_fits, registry.hands.lists)))


def _fits(lists: Lists | None, slots: Mapping[str, Any], talk: Talk) -> bool:
    """Whether what somebody tells of stands on the list; else it is talk."""
    if not slots.get("told"):
        return True
    if lists is None or talk.guest:
        return False
    try:
        return str(slots["item"]).strip() in lists.entries(_name(slots, talk))
    except AssistantError:
        return False


def _name(slots: Mapping[str, Any], talk: Talk) -> str:
    return str(slots.get("list", "")).strip().lower() or hand_texts(talk.language).shopping


def _answer(lists: Lists | None, slots: Mapping[str, Any], talk: Talk) -> str:
    texts, do = hand_texts(talk.language), str(slots["do"])
    if talk.guest:
        return texts.not_for_visitors
    if lists is None:
        return texts.no_lists
    name = _name(slots, talk)
    items = [item.strip() for item in re.split(BETWEEN[talk.language], str(slots.get("item", ""))) if item.strip()]
    try:
        if do == "add":
            new = [item for item in items if lists.add(name, item)]
            return texts.list_changed("added" if new else "there", name, new or items)
        if do == "remove":
            gone = [item for item in items if lists.remove(name, item)]
            return texts.list_changed("removed" if gone else "missing", name, gone or items)
        if do == "clear":
            return texts.list_changed("cleared" if lists.clear(name) else "empty", name, ())
        found = lists.entries(name)
        return texts.list_changed("holds" if found else "empty", name, found[:MOST_SAID], len(found) - MOST_SAID)
    except AssistantError as error:
        if getattr(error, "full", False):
            return texts.list_changed("full", name, ())
        raise
