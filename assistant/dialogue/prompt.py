"""The prompt: a list of ChatML token ids that only grows at its end between compactions.

Blocks, in order (docs/architecture.md):

1. `system(persona)`        fixed bytes: no clock, no state
2. `memory(...)`            slots, old summary, middle summaries; changes at a compaction only
3. turns                    `user(text)`, `reply_open()`, the reply's ids as generated, `reply_close()`
4. this turn                `recall(lines)` before the user's words, then as 3

Rules: text is encoded without special-token parsing, so "<|im_end|>" typed by a user stays text; control tokens are
only ever written here, by id; every block is encoded apart, so the ids of a block never depend on its neighbours.
The starter model's training data are written by these functions: what it is trained on is what the daemon sends.
Format: ChatML as Qwen2.5 uses it (https://qwen.readthedocs.io, "Key Concepts": control tokens).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

PERSONA = {
    "en": "You are a helpful voice assistant at home. Answer in one or two short spoken sentences.",
    "zh": "你是家里的语音助手。用一两句简短的口语回答。",
}

_MEMORY_HEAD = {"en": "What you remember:", "zh": "你记得的："}
_EARLIER = {"en": "Earlier:", "zh": "之前："}
_NOW = {"en": "now:", "zh": "现在："}


class Tokens(Protocol):
    """What the prompt needs of a model's tokenizer."""

    im_start: int
    im_end: int
    no_think: Sequence[int]
    """Ids put behind the reply header to turn thinking off (Qwen3); empty for other models."""

    def encode(self, text: str) -> list[int]:
        """Token ids of plain text; special tokens in it are text."""
        ...


@dataclass(frozen=True)
class Memory:
    """What block 2 holds; empty fields leave no trace in the prompt."""

    slots: Mapping[str, str]
    """Slot name -> value, both as spoken: {"name": "Ana"}."""
    summary: Mapping[str, object]
    """The structured summary of the old part; written as compact JSON."""
    lines: Sequence[str] = ()
    """One-line summaries of the middle, oldest first."""


class Prompt:
    """Writes the blocks of one conversation as token ids."""

    def __init__(self, tokens: Tokens, language: str = "en") -> None:
        """`language` ("en" or "zh") picks the words that introduce memory; it never changes during a conversation."""
        self._tokens = tokens
        self.language = language
        self._newline = tokens.encode("\n")

    def system(self, persona: str) -> list[int]:
        """Block 1."""
        return self._message("system", persona)

    def memory(self, memory: Memory) -> list[int]:
        """Block 2, or [] when there is nothing to remember."""
        text = memory_text(memory, self.language)
        return self._message("system", text) if text else []

    def recall(self, facts: Sequence[str], slots: Mapping[str, str] | None = None) -> list[int]:
        """What was found for this turn: facts, and slots said or corrected since the last compaction; or []."""
        text = recall_text(facts, slots or {}, self.language)
        return self._message("system", text) if text else []

    def user(self, text: str) -> list[int]:
        """The user's words, closed."""
        return self._message("user", text)

    def user_open(self, text: str) -> list[int]:
        """The user's words so far, not closed: what is prefilled while somebody still speaks."""
        return [self._tokens.im_start, *self._tokens.encode("user"), *self._newline, *self._tokens.encode(text.strip())]

    def reply_open(self) -> list[int]:
        """The header of a reply: what the model continues."""
        header = [self._tokens.im_start, *self._tokens.encode("assistant"), *self._newline]
        return [*header, *self._tokens.no_think]

    def reply_close(self) -> list[int]:
        """What follows a reply's own ids (which end before the stop token)."""
        return [self._tokens.im_end, *self._newline]

    def reply(self, text: str) -> list[int]:
        """A reply that no model generated (a skill's): header, text and end, as one block."""
        return [*self.reply_open(), *self._tokens.encode(text.strip()), *self.reply_close()]

    def _message(self, role: str, text: str) -> list[int]:
        encode = self._tokens.encode
        return [
            self._tokens.im_start,
            *encode(role),
            *self._newline,
            *encode(text.strip()),
            self._tokens.im_end,
            *self._newline,
        ]


def memory_text(memory: Memory, language: str) -> str:
    """The text of block 2; "" when it is empty."""
    lines = [f"{name} = {value}" for name, value in memory.slots.items()]
    if memory.summary:
        summary = json.dumps(memory.summary, ensure_ascii=False, separators=(", ", ": "))
        lines.append(f"{_EARLIER[language]} {summary}")
    lines.extend(memory.lines)
    return "\n".join([_MEMORY_HEAD[language], *lines]) if lines else ""


def recall_text(facts: Sequence[str], slots: Mapping[str, str], language: str) -> str:
    """The text of a recall block; "" when it is empty."""
    return "\n".join([*facts, *(f"{_NOW[language]} {name} = {value}" for name, value in slots.items())])
