"""Extraction: facts in what a user said that no rule has read, found by the model in idle time.

The model fills a flat JSON object under a grammar; of that only what was said word for word is believed.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Protocol

from assistant.dialogue import grammars
from assistant.dialogue.digest import ask_facts, checked_facts
from assistant.dialogue.notes import write
from assistant.dialogue.prompt import Prompt
from assistant.protocols import ChatSession

TOKENS = 48
MOST_WORDS = 5
"""Words (or Chinese characters, twice as many) of a name or a value."""


class Unread(Protocol):
    """What is remembered, as an extraction needs it."""

    def unread(self) -> tuple[str, int] | None:
        """Words that may hold a fact which no rule has found, and the turn they were said in; each once."""
        ...

    def add(self, name: str, value: str, turn: int) -> None:
        """Keep a fact unless one of that name is known. Raises an `AssistantError`."""
        ...


def extraction(memory: Unread, open_notes: Callable[[], ChatSession], prompt: Prompt) -> Iterator[None] | None:
    """The job that reads what is unread; None when nothing is. `open_notes` gives a sequence that holds the system block."""
    first = memory.unread()
    return None if first is None else _read(first, memory, open_notes, prompt)


def _read(words: tuple[str, int], memory: Unread, open_notes: Callable[[], ChatSession], prompt: Prompt) -> Iterator[None]:
    found: tuple[str, int] | None = words
    with closing(open_notes()) as notes:
        while found is not None:
            text, turn = found
            reply = yield from write(notes, prompt, ask_facts([text], prompt.language), TOKENS, grammars.slots())
            for name, value in checked_facts(reply, [text]).items():
                if _short(name) and _short(value) and name.lower() != value.lower():
                    memory.add(name.lower(), value, turn)
            found = memory.unread()


def _short(text: str) -> bool:
    return len(text.split()) <= MOST_WORDS and (" " in text or not text.isascii() or len(text) <= 20) and len(text) <= 40
