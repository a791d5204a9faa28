"""Spell a word, or the name in the last reply, letter by letter: what is in letters that have capitals, no other script."""

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
    word, texts = str(slots.get("what", "")).strip(), language(talk.language).texts
    if word.lower() in THAT:
        if not talk.last_reply:
            return texts.nothing_to_repeat
        word = _key_word(talk.last_reply)
    letters = [letter.upper() for letter in "".join(_lettered(word))][:MOST_LETTERS]
    return texts.spelled(letters) if letters else texts.only_letters


def _lettered(text: str) -> list[str]:
    """The words in letters, in order; each with its digits."""
    plain = "".join(" " if character.isalpha() and character.upper() == character.lower() else character for character in text)
    return [word for word in re.findall(r"[^\W_]+", plain) if not word.isdigit()]


def _key_word(reply: str) -> str:
    """The last name in a reply (a capital that begins no sentence), else its last word in letters."""
    names: list[str] = re.findall(r"(?<=[\w,;:] )[A-Z][^\W_]+", reply[-400:])
    return (names or _lettered(reply[-400:]) or [""])[-1]


def _fits(slots: Mapping[str, Any], talk: Talk) -> bool:
    """Whether words that may be about a puzzle (拼图) hold letters."""
    return "only" not in slots or bool(_lettered(str(slots.get("what", ""))))


def register(registry: Registry) -> None:
    """Add the skill."""
    registry.register(Skill("spell", _answer, fits=_fits))
