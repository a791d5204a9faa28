"""A clause on its way to somebody's ear: how much of its text was heard when it was cut off.

Rules
- To the word, as far as what is said has the words of the text; where it has others (a number, a unit) up to the word before
  them, or behind them once they are over.
- When a word is over is known from the voice's marks; where a voice gives none, from the share of the clause that was played.
"""

import re
from collections.abc import Sequence

from assistant.languages.words import plain_words, word_spans
from assistant.protocols import AudioChunk

_CLOSING = re.compile(r"[^\w\s(（\[{<“「『《]*")


class Said:
    """One clause. Times are in milliseconds of the sink's sound."""

    def __init__(self, text: str, spoken: str, start_ms: float, expected_ms: float = 0.0) -> None:
        """`expected_ms`: how long it is likely to sound; counts until it is made."""
        self.text, self._spoken = text, spoken
        self.start_ms, self.end_ms = start_ms, start_ms
        self._expected_ms = expected_ms
        self._marks: list[tuple[float, int]] | None = []
        self._made = not spoken

    def add(self, chunk: AudioChunk) -> None:
        """More of its sound."""
        if chunk.marks is None:
            self._marks = None  # what is not known of a part is not known of the whole
        elif self._marks is not None:
            self._marks += [(self.end_ms + 1000 * mark.at_s, mark.characters) for mark in chunk.marks]
        self.end_ms += 1000 * len(chunk.pcm) / 2 / chunk.rate

    def later(self, ms: float) -> None:
        """It begins so much later."""
        self.start_ms += ms
        self.end_ms += ms
        if self._marks:
            self._marks = [(at + ms, characters) for at, characters in self._marks]

    def made(self) -> None:
        """No more comes."""
        self._made = True

    @property
    def sound_s(self) -> float:
        """Seconds of sound so far."""
        return (self.end_ms - self.start_ms) / 1000

    def over(self, now_ms: float) -> bool:
        """Whether all of it was played."""
        return self._made and now_ms >= self.end_ms

    def heard(self, now_ms: float) -> str:
        """What of the text was heard."""
        if self.over(now_ms):
            return self.text
        characters = self._characters(now_ms)
        return self._first(sum(end <= characters for _, end in word_spans(self._spoken)))

    def _characters(self, now_ms: float) -> float:
        """How many characters of what is said were heard."""
        now_ms = min(now_ms, self.end_ms)  # what is not made was not heard
        if self._marks:
            return max((characters for at_ms, characters in self._marks if at_ms <= now_ms), default=0)
        whole = self.end_ms - self.start_ms
        if not self._made:
            whole = max(whole, self._expected_ms)
        return len(self._spoken) * max(0.0, now_ms - self.start_ms) / whole if whole else 0

    def _first(self, count: int) -> str:
        """The text of the first `count` words that are said."""
        words = word_spans(self.text)
        text, spoken = plain_words(self.text), plain_words(self._spoken)
        front = _same(text, spoken)
        back = min(_same(text[::-1], spoken[::-1]), len(text) - front, len(spoken) - front)
        if count > front:
            left = len(spoken) - count
            count = len(text) - left if left <= back else front
        if not count:
            return ""
        end = words[count - 1][1]
        until = words[count][0] if count < len(words) else len(self.text)
        closing = _CLOSING.match(self.text, end, until)
        return self.text[: closing.end() if closing else end]


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """How many of the first are the same."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
