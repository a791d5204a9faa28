"""Spell a word, or the name in the last reply, letter by letter. English: other scripts are not spelled."""

import re
from collections.abc import Mapping
from typing import Any

from assistant.languages import language
from assistant.protocols_skills import Talk
from assistant.skills.base import Registry, Skill

THAT = ("", "that", "it", "this", "that word", "the word", "that name", "the name")
MOST_LETTERS = 40
"""Longer is no word."""


def _answer(slots: Mapping[str, Any], talk: Talk) -> str:
    word = str(slots.get("what", "")).strip()
    if word.lower() in THAT:
        word = _key_word(talk.last_reply)
    letters = [letter.upper() for letter in word if letter.isalnum()][:MOST_LETTERS]
    return f"{', '.join(letters)}." if letters else language(talk.language).texts.nothing_to_repeat


def _key_word(reply: str) -> str:
    """The last name in a reply (a capital that begins no sentence), else its last word."""
    words = re.findall(r"[^\W_]+", reply[-400:])
    names: list[str] = re.findall(r"(?<=[\w,;:] )[A-Z][^\W_]+", reply[-400:])
    return (names or words or [""])[-1]


def register(registry: Registry) -> None:
    """Add the skill."""
    registry.register(Skill("spell", _answer))
