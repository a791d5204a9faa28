"""History: the exchanges of one conversation, word for word, bounded.

Each exchange keeps the token ids it put into the prompt, so that dropping old ones never re-tokenises the others.
Many are dropped at once: one by one would change the prompt's beginning at every turn.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Exchange:
    """A turn as it was committed: what was asked and what was heard of the answer."""

    user: str
    assistant: str
    ids: Sequence[int]
    """The ids of both, as they stand in the prompt."""
    recall: str = ""
    """What stood before them in the prompt: facts that were new to this talk."""

    def mentions(self, value: str) -> bool:
        """Whether a value stands in it, in any case."""
        return value.lower() in f"{self.recall}\n{self.user}\n{self.assistant}".lower()


class History:
    """Exchanges, oldest first; the caller makes room before a turn."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.exchanges: deque[Exchange] = deque()

    @property
    def last(self) -> Exchange | None:
        """The newest exchange."""
        return self.exchanges[-1] if self.exchanges else None

    @property
    def full(self) -> bool:
        """True when it holds as many exchanges as it may."""
        return len(self.exchanges) >= max(self.limit, 1)

    def commit(self, exchange: Exchange) -> None:
        """Put an exchange at the end."""
        self.exchanges.append(exchange)

    def fitting(self, tokens: int, turns: int) -> int:
        """How many of the newest exchanges have together at most so many ids, and are at most so many."""
        kept = 0
        for exchange in reversed(self.exchanges):
            tokens -= len(exchange.ids)
            if tokens < 0 or kept == turns:
                break
            kept += 1
        return kept
