"""Questions of ours that wait for an answer: one for each talk, and only for a while.

A skill asks with `Questions.ask` and returns the text; the router gives the next words of the same talk to `answer` first.
Whatever is said next ends the question: an answer is carried out, anything else is routed as if nothing had been asked. It ends
when the turn is carried out, not when its words are looked at: a draft's words may not be all.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.protocols_skills import SkillCall, Talk

MOST = 64
"""Talks with a question; the oldest question goes when another is asked."""
WITHIN_S = 30.0

Answer = Callable[[str, Talk], SkillCall | None]
"""Words and talk in: what they mean as an answer, or None when they are none."""


@dataclass(frozen=True)
class Question:
    """What waits."""

    answer: Answer
    until: float
    """On the clock of `Questions`."""
    options: tuple[str, ...] = ()
    """Answers that are likely."""


class Questions:
    """The questions of one assistant; of the brain's thread, but for `options` and `waits`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, within_s: float = WITHIN_S) -> None:
        self.clock, self._within_s = clock, within_s
        self._asked: dict[str, Question] = {}

    def ask(self, talk: Talk, text: str, answer: Answer, options: Sequence[str] = ()) -> str:
        """Wait for an answer in this talk; `text`, which ends in a question mark so that the assistant listens."""
        self._asked.pop(talk.key, None)
        while len(self._asked) >= MOST:
            del self._asked[next(iter(self._asked))]
        self._asked[talk.key] = Question(answer, self.clock() + self._within_s, tuple(options))
        return text

    def waiting(self, talk: Talk) -> Question | None:
        """The question that waits in this talk; None when there is none, or nobody answered in time."""
        return self._waiting(talk.key)

    def waits(self, key: str) -> bool:
        """Whether one waits in a talk; from any thread."""
        return self._waiting(key) is not None

    def options(self, key: str) -> tuple[str, ...]:
        """Likely answers to what waits in a talk; from any thread."""
        found = self._waiting(key)
        return found.options if found is not None else ()

    def _waiting(self, key: str) -> Question | None:
        found = self._asked.get(key)  # one look, as another thread may take it away
        return found if found is not None and self.clock() < found.until else None

    def over(self, key: str) -> None:
        """Something else was said in this talk, or the answer."""
        self._asked.pop(key, None)
