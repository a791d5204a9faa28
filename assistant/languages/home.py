"""What is said of the home; each language's words stand in `<code>/home.py`. Names come as they are written, with no article."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from assistant.protocols_home import Value


class HomeTexts(Protocol):
    """The words of one language."""

    joint: str
    """Between two sentences."""
    nothing_known: str
    """Nothing of the home is known yet."""
    state_words: Sequence[str]
    """Words of a question that asks how things are, or what was done with them."""
    declined: str
    """The question is dropped: nothing changes."""
    changes_nothing: str
    """To "do not turn on the light"."""
    pin: str
    """Asks for the PIN."""
    pin_wrong: str
    """It was not it; asks again."""
    no_pin: str
    """It needs a PIN, and none is set."""
    no_digits: str
    """What was said holds no digits; asks again."""
    kinds: Mapping[str, Sequence[str]]
    """Device class of a cover -> words for it in names."""
    everywhere: Sequence[str]
    """Words by which a sentence means the whole home."""
    here: Sequence[str]
    """Words by which it means this room."""
    all_of_them: Sequence[str]
    """Answers to "which one" that mean all."""
    ordinals: Sequence[Sequence[str]]
    """Words for the first, the second ...; the last entry is for the last."""
    yes: Sequence[str]
    no: Sequence[str]
    joints: Sequence[str]
    """What stands between two things, or two commands."""
    articles: Sequence[str]
    """What a name begins with that is no part of it."""
    negations: Sequence[str]
    """What a sentence that forbids begins with."""
    requests: Sequence[str]
    """What a request in the form of a question begins with: can you."""
    request_ends: Sequence[str]
    """What one ends with."""
    request_tails: Sequence[str]
    """What one ends with that has such a beginning."""

    def did_you_mean(self, sentence: str) -> str:
        """Asks whether this was said: a command, as it is said."""
        ...

    def unknown(self, words: str, near: Sequence[str]) -> str:
        """Nothing is called so; names that are like it."""
        ...

    def none_there(self, domain: str, area: str) -> str:
        """There is nothing of that kind there ("" for the whole home)."""
        ...

    def not_there(self, name: str, area: str, asked: str) -> str:
        """It is in another room, or in none that is known, than the one that was named."""
        ...

    def contradiction(self, areas: Sequence[str]) -> str:
        """Several rooms were named."""
        ...

    def twins(self, name: str, area: str) -> str:
        """Several things in one room are called the same."""
        ...

    def too_many(self, count: int) -> str:
        """More things than one command may change."""
        ...

    def out_of_range(self, what: str) -> str:
        """No such brightness, position, speed, volume or temperature."""
        ...

    def label(self, name: str, area: str) -> str:
        """A thing and, where that tells it apart, its room, inside a sentence."""
        ...

    def things(self, domain: str, count: int) -> str:
        """So many things, of one kind ("" for several kinds)."""
        ...

    def one_of(self, area: str) -> str:
        """The one in a room, as a choice."""
        ...

    def which(self, labels: Sequence[str]) -> str:
        """Asks which one is meant."""
        ...

    def which_room(self, rooms: Sequence[str]) -> str:
        """Asks which room is meant."""
        ...

    def shall_i(self, verb: str, values: Mapping[str, Value], labels: Sequence[str], domain: str) -> str:
        """Asks for a yes. `domain`: of all of them; "" when they differ."""
        ...

    def pin_locked(self, seconds: float) -> str:
        """Too many wrong ones: for how long no more are taken."""
        ...

    def done(self, verb: str, values: Mapping[str, Value], labels: Sequence[str], domain: str) -> str:
        """What these receipts say was done."""
        ...

    def not_done(self, outcome: str, reason: str, labels: Sequence[str], domain: str) -> str:
        """What was not done, or of which nobody knows, and why."""
        ...

    def no_news(self, labels: Sequence[str]) -> str:
        """Nothing is known of their state."""
        ...

    def state(self, label: str, state: str, unit: str) -> str:
        """How a thing is, as a sentence."""
        ...

    def state_word(self, state: str, unit: str) -> str:
        """How a thing is, in a word."""
        ...

    def yes_no(self, yes: bool, label: str, state: str) -> str:
        """Whether it is so, and how it is."""
        ...

    def any_of(self, labels: Sequence[str], state: str) -> str:
        """Whether any are in a state: these are."""
        ...

    def all_of(self, others: Sequence[str], state: str, count: int) -> str:
        """Whether all of so many are in a state: these are not."""
        ...

    def listed(self, labels: Sequence[str], state: str, counted: bool) -> str:
        """Which, or how many, are in a state."""
        ...

    def inside(self, area: str) -> str:
        """In a room."""
        ...

    def cannot_with(self, name: str) -> str:
        """It is known, but what was said of it is nothing it does."""
        ...

    def temperature(self, place: str, degrees: str) -> str:
        """How warm it is there (in a room; a thing's label)."""
        ...


@cache
def home_texts(code: str) -> HomeTexts:
    """Those of a language."""
    return cast(HomeTexts, import_module(f"assistant.languages.{code}.home"))
