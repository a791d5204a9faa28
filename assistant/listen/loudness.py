"""How loud the last seconds were, our own voice taken out as far as can be: what is said into our speech is compared with them.

Fed a frame at a time while nobody speaks to us: who does is no noise of the room. Bounded: of more the oldest goes.
"""

from collections import deque
from collections.abc import Sequence
from itertools import islice
from math import log10

from assistant.audio.format import FRAME_S

WINDOW = round(5.0 / FRAME_S)
"""Frames that are looked back on."""
WORD = round(1.0 / FRAME_S)
"""Frames that a wake word takes."""
RUN = 4
"""Frames of a vowel: so many of a word are loud. A slip of the guard is shorter."""


class Loudness:
    """The last frames. Belongs to the ear's thread."""

    def __init__(self) -> None:
        self._seen: deque[tuple[bool, float]] = deque(maxlen=WINDOW + WORD)

    def note(self, near: bool, level: float) -> None:
        """Take a frame: whether it was somebody else while we spoke, and its mean square."""
        self._seen.append((near, level))

    def forget(self, frames: int = WINDOW + WORD) -> None:
        """Forget the last frames."""
        for _ in range(min(frames, len(self._seen))):
            self._seen.pop()

    def near(self) -> int:
        """Frames of somebody else in the last seconds."""
        return sum(near for near, _ in islice(reversed(self._seen), WINDOW))

    def usual(self, but: int = 0) -> float:
        """What nine in ten frames stayed under before the last ones; 0 when there were none."""
        levels = sorted(level for _, level in islice(reversed(self._seen), but, but + WINDOW))
        return levels[len(levels) * 9 // 10] if levels else 0.0

    def clear_db(self) -> float:
        """How much louder a word that has just been said is than usual."""
        return clear_db([level for _, level in islice(reversed(self._seen), WORD)], self.usual(but=WORD))


def clear_db(levels: Sequence[float], usual: float) -> float:
    """How much louder the `RUN` loudest frames are than usual."""
    return 10 * log10((min(sorted(levels)[-RUN:], default=0.0) + 1) / (usual + 1))
