"""Protocols of skills: what one may know of the talk, the call of one, and the router that finds it."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from assistant.protocols import Completeness, Remembered


@dataclass(frozen=True)
class Talk:
    """What a skill may know of the talk."""

    language: str
    now: Callable[[], datetime]
    last_user: str
    """The user's words of the turn before; "" at the first."""
    last_reply: str
    """The assistant's reply in it, as it was heard."""
    memory: Remembered | None = None
    guest: bool = False  # a visitor: the house's lists, alarms, volume and things are not theirs
    key: str = "voice"
    """Which talk it is: a question waits for its answer in the same one, a procedure is read in one."""
    last_written: str = ""
    """The last reply as far as it was there, where somebody broke it off; "" where it was heard."""


Doing = Generator[None, None, str]
"""A skill that waits for something: yields while it does (the brain looks again soon), returns the reply; closed on a stop."""


@dataclass(frozen=True)
class Instead:
    """A likely command that was heard where the open transcript says something near it."""

    text: str
    sure: bool
    """Whether it may be taken for what was said; else it is asked."""
    over: bool = False
    """Whether it stands over words that are a command, too: both are likely ones."""


@dataclass(frozen=True)
class SkillCall:
    """A sentence that a skill answers."""

    name: str
    arguments: Mapping[str, Any]
    run: Callable[[], "Doing | str"]
    """Does it and returns the reply as written text; "" says nothing. An exception is a failed skill."""
    private: bool = False
    """The exchange does not enter history."""
    stage: str = "command"
    """Which stage of the router took the sentence: stop, question (an answer to it), command, elsewhere, refusal."""
    why: str = ""
    """What made it do so, for the trace: the sentence's pattern, the kind of answer; never the words."""
    last: bool = False
    """Nothing here carries it out: tools for the model are tried before."""
    certain: bool = False
    """Only for words that were surely said: it confirms something."""
    aside: bool = False
    """It says again what was said: a question of ours goes on waiting."""


class Router(Protocol):
    """Finds the skill that answers a sentence, before the model is asked."""

    def match(self, text: str, talk: Talk) -> SkillCall | None:
        """The skill for these words, or None: the model answers. Nothing changes: the words may not be all (a draft)."""
        ...

    def passed(self, key: str) -> None:
        """A turn of this talk has ended that no skill answered: a question of ours that waited in it is over."""
        ...

    def instead(self, heard: Instead, text: str, talk: Talk) -> SkillCall | None:
        """The skill for what was likely said in place of a text, or a question whether it was; None where none carries it out."""
        ...

    def likely(self, key: str, code: str) -> Sequence[str]:
        """Sentences that are likely now in this talk: answers to a question of ours, commands. From any thread, and at once."""
        ...

    def waits(self, key: str) -> bool:
        """Whether a question of ours waits for an answer in this talk. From any thread."""
        ...

    def completeness(self, text: str, code: str) -> Completeness:
        """Whether this is a whole sentence of a skill or a command on known things, or waits for more. From any thread."""
        ...
