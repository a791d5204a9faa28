"""What a turn that rings asks of the book, in the words of the house's language."""

from collections.abc import Callable, Sequence

from assistant.alarms.book import Book
from assistant.alarms.items import Item
from assistant.languages import joined
from assistant.languages.hands import hand_texts

LATE_S = 60.0
"""Late by more it is said when it was due."""


class Bell:
    """See `protocols_hands.Ringing`."""

    def __init__(self, book: Book, code: str, louder: Callable[[bool], None] = lambda _: None) -> None:
        """`louder` lets a ring be heard when the volume is low."""
        self._book, self._code, self._texts, self._louder = book, code, hand_texts(code), louder

    def begin(self) -> Sequence[str]:
        """What is due begins to ring; the words for all that rings, nothing when none began."""
        if not self._book.begin():
            return ()
        self._louder(True)
        return [self._words(one) for one in self._book.ringing()]

    def end(self, how: str) -> None:
        """See `Book.end`."""
        self._louder(False)
        self._book.end(how)

    @property
    def longest_s(self) -> float:
        """Seconds after which nobody has heard it."""
        return self._book.rules.ring_s

    def _words(self, item: Item) -> str:
        late = self._book.late_s(item) > LATE_S
        return self._texts.rings(item.kind, item.label, self._book.due_at(item) if late else None)

    def missed(self, items: Sequence[Item]) -> str:
        """What is told of those that nobody heard."""
        told = (self._texts.missed(one.kind, one.label, self._book.due_at(one)) for one in items[:MOST_TOLD])
        return joined(told, self._code)


MOST_TOLD = 5
"""Missed ones told at once; `assistant alarms list` shows all."""
