"""What documents say to a question, and whether a reply was made from it: only then its source is named."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from assistant.protocols import Remembered

_WORDS = re.compile(r"[\u4e00-\u9fff]|[^\W_]+")
_SHORT = 3
"""Letters of a word that is too common to show anything."""


@dataclass(frozen=True)
class Quote:
    """What a document says to a question."""

    sentence: str
    """Its best sentence, word for word."""
    passage: str
    """That and what stands around it, bounded."""
    source: str
    """Where it stands, as a sentence to be said."""
    sure: bool
    """Whether the sentence is an answer as it stands; else the model answers from the passage."""


class Library(Protocol):
    """The place's own documents."""

    def quote(self, text: str, code: str) -> Quote | None:
        """What answers a question, its source said in that language; None when nothing does."""
        ...


def look_up(library: Library | None, memory: Remembered | None, text: str, code: str) -> Quote | None:
    """What the documents say to a question; it is no sure answer where something that was told answers too."""
    found = library.quote(text, code) if library is not None else None
    if found is None or not found.sure or memory is None or not memory.recall(text, code):
        return found
    return replace(found, sure=False)


def to_read(library: Library | None, text: str) -> list[str]:
    """The passages that the model would be given for words that may not be all."""
    found = library.quote(text, "en") if library is not None else None  # where it stands is not told
    return [found.passage] if found is not None and not found.sure else []


def backed(reply: str, passage: str, question: str) -> bool:
    """Whether a reply holds something of a passage that the question does not: a number, a word, two Chinese characters."""
    return bool((_marks(reply) & _marks(passage)) - _marks(question))


def _marks(text: str) -> set[str]:
    words = _WORDS.findall(text.lower())
    long = {word for word in words if len(word) > _SHORT or word.isdigit()}
    chinese = [word for word in words if "\u4e00" <= word <= "\u9fff"]
    pairs = {one + two for one, two in pairwise(chinese)}
    return long | pairs
