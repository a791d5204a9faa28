"""The form of a sentence, whatever it is about: whether it asks, forbids, or asks politely for something to be done.

It decides before the meaning does: what asks or forbids changes nothing.
"""

from collections.abc import Sequence

from assistant.languages import asks
from assistant.languages.home import HomeTexts, home_texts
from assistant.skills.home_names import plain


def changes_nothing(text: str, code: str) -> bool:
    """Whether a sentence asks or forbids."""
    texts = home_texts(code)
    return is_question(text, code, texts) or begins(plain(text), texts.negations)


def is_question(text: str, code: str, texts: HomeTexts) -> bool:
    """Whether a sentence asks, and does not ask for something to be done: "can you turn on the light" does."""
    words = plain(text)
    bare = bare_request(words, texts)
    return asks(bare, code) or (text.strip().endswith(("?", "？")) and bare == words)


def bare_request(words: str, texts: HomeTexts) -> str:
    """A request without the words that make it polite."""
    for end in texts.request_ends:
        words = words.removesuffix(end)
    begun = False
    while (rest := without(words, texts.requests)) not in ("", words):
        words, begun = rest, True
    for tail in texts.request_tails if begun else ():
        words = words.removesuffix(tail)
    return words


def begins(words: str, beginnings: Sequence[str]) -> bool:
    """Whether a plain sentence begins with one of these."""
    return any(words == one or words.startswith(one if not one.isascii() else f"{one} ") for one in beginnings)


def without(words: str, beginnings: Sequence[str]) -> str:
    """A plain sentence without the longest of these that it begins with."""
    for one in sorted(beginnings, key=len, reverse=True):
        if words.startswith(one if not one.isascii() else f"{one} "):
            return words.removeprefix(one).strip()
    return words
