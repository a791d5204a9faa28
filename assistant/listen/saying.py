"""What our own voice says, as far as the ear must know: no word of it is somebody's command.

Rule: a clause is written before it is made into sound, and that before it is played; when exactly only the mouth knows. So a
clause counts from the moment it is written until it has certainly been played, counted in sound that was played since.
"""

from collections import deque
from collections.abc import Callable

from assistant import events
from assistant.protocols import AudioSink

CLAUSES = 8
"""Clauses kept; a full loudspeaker and what is made beside it hold fewer. Full: the oldest goes."""
AHEAD_MS = 3500
"""Sound that may be made and not yet be in the loudspeaker: one clause."""
LETTER_MS, CHINESE_MS = 110, 350
"""The slowest a letter is said at the usual rate."""
LATE_MS = 1200
"""So much later it may be heard, and its words be known."""


class Saying:
    """The clauses that may sound now."""

    def __init__(self, sink: AudioSink, slowly: Callable[[], float] = lambda: 1.0) -> None:
        """`slowly`: how many times longer than usual the voice speaks now."""
        self._sink, self._slowly = sink, slowly
        self._clauses: deque[tuple[str, float]] = deque(maxlen=CLAUSES)  # (text, when it has been played for certain)

    def note(self, event: events.Event) -> None:
        """Take what happened in a turn."""
        if not isinstance(event, events.Clause):
            return
        now = self._sink.played_ms()
        soonest = now + 1000 * self._sink.pending_s()
        before = self._clauses[-1][1] if self._clauses else 0.0
        said = f"{event.text} {event.spoken}".lower()
        length = sum(CHINESE_MS if letter >= "\u4e00" else LETTER_MS for letter in event.spoken)
        begins = min(max(soonest, before), soonest + AHEAD_MS)
        self._clauses.append((said, begins + self._slowly() * length + LATE_MS))

    def says(self, phrase: str) -> bool:
        """Whether the phrase is in what may sound now."""
        now = self._sink.played_ms()
        return any(contains(text, phrase) for text, until in self._clauses if until > now)


def contains(text: str, phrase: str) -> bool:
    """Whether a phrase stands in a text: whole words, where a language has them."""
    plain = "".join(letter if letter.isalnum() or letter == "'" else " " for letter in text.lower())
    return phrase in plain if phrase[:1] >= "\u4e00" else f" {phrase} " in f" {' '.join(plain.split())} "
