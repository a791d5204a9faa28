"""Languages: a language is a folder with its texts and its sentences (`sentences.yaml`, hassil's format)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

_WIDE_ENDS = "。！？；：…”’》）"
"""Marks as wide as a character: they hold the space behind them."""


@dataclass(frozen=True)
class Texts:
    """What the assistant says of itself."""

    apology: str
    """A turn failed."""
    empty_reply: str
    """The model had nothing to say."""
    go_on_offer: str
    """A long reply has stopped: asks whether to go on."""
    go_on_request: str
    """What the model is asked then."""
    go_on_declined: str
    """Said to whom had enough."""
    too_long: str
    """The question does not fit the context."""
    silent_microphone: str
    """The microphone gives nothing but zeros."""
    nothing_to_repeat: str
    spelled: Callable[[Sequence[str]], str]
    """Letters, as a sentence that says them one by one."""
    only_letters: str
    """Asked to spell what is not written in letters."""
    nothing_to_forget: str
    forgot: str
    forgot_all: str
    knows_nothing: str
    """Nothing is remembered about the user."""
    knows: Callable[[str, str], str]
    """A remembered slot, name and value, as a sentence."""
    slot_names: Mapping[str, str]
    """The rules' own slot names, as this language says them."""
    cannot: str
    """A command without a hand behind it; {what} and {section} are filled in."""
    time: Callable[[datetime], str]
    """The time of day, as a sentence."""
    date: Callable[[datetime], str]
    """The date, as a sentence."""
    from_document: Callable[[str, int], str]
    """Where an answer stands, as a sentence: a document's name and page (0: none)."""
    not_in_documents: str
    """No document answers the question."""
    areas: Mapping[str, str]
    """What a group of commands is about, for `cannot`: group -> words."""


@dataclass(frozen=True)
class Language:
    """One language."""

    code: str
    intents: str
    """Its name in home-assistant-intents."""
    texts: Texts
    rooms: tuple[str, ...]
    """Rooms that a question about the home may name before a home is connected."""
    things: tuple[str, ...]
    """Devices, likewise."""

    @property
    def sentences(self) -> Path:
        """Its own sentences."""
        return Path(__file__).parent / self.code / "sentences.yaml"


@cache
def own_sentences(code: str) -> Mapping[str, Any]:
    """What stands in a language's sentences.yaml, read once."""
    import yaml

    found: Mapping[str, Any] = yaml.safe_load(language(code).sentences.read_text(encoding="utf-8"))
    return found


def asks(text: str, code: str) -> bool:
    """Whether a sentence is a question."""
    plain, words = text.strip().lower(), tuple(own_sentences(code).get("question_words", ()))
    if plain.endswith(("?", "？")):
        return True
    if code == "zh":
        return any(word in plain for word in words)
    return plain.startswith(tuple(f"{word} " for word in words)) or plain in words


def joint(before: str, code: str) -> str:
    """What stands between a text and a sentence of our own behind it: a space; nothing in Chinese, where a mark ends the text."""
    return "" if code == "zh" and before.rstrip()[-1:] in _WIDE_ENDS else " "


def joined(sentences: Iterable[str], code: str) -> str:
    """Sentences in a row, without the empty ones."""
    row = ""
    for sentence in filter(None, sentences):
        row += f"{joint(row, code)}{sentence}" if row else sentence
    return row


_loaded: dict[str, Language] = {}


def language(code: str) -> Language:
    """The language of a code ("en", "zh"), loaded at its first use."""
    if code not in _loaded:
        _loaded[code] = import_module(f"assistant.languages.{code}").LANGUAGE
    return _loaded[code]
