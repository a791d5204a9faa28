"""Pace: how fast this machine writes a reply and makes sound of it, as running estimates for one voice.

Rules
- A length is a weight in letters: a digit or a sign weighs as much as the words it is said with.
- An estimate is the ratio of two sums that fade, so that one slow moment is soon forgotten and a long clause counts as such.
- What is learnt of the voice is kept as at its usual rate, and told as at the rate it speaks at now: a change counts at once.
- Before a voice was heard, making sound is taken to cost as much time as writing: on the boards that were measured it does.
- On a clock that stands still while the brain computes both cost nothing, so that cuts follow from the text alone.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

CLAUSE_S = 3.0
"""Sound of the longest clause: bounds the time to the first sample, and the memory of the synthesis."""
STREAM = 0.6
"""A voice that takes more than this of its sound begins with whole clauses: the next window might come too late."""
SLACK_S = 0.3
"""A silence at a mark that nobody notices."""
_SIGNS = frozenset("%$€£¥°℃±=+<>≥≤×÷@&#")


@dataclass(frozen=True)
class Measure:
    """What a language's letters sound like."""

    letter_s: float
    """Seconds of sound a letter, before a voice was measured."""
    digit: float
    """Weight of a digit: what it is spelled with."""
    sign: float
    """Weight of a sign that is said."""
    latin: float
    """Weight of a Latin letter."""
    phrase: float
    """Weight of a usual stretch between two marks."""
    aim_s: float
    """Sound that a cut aims at: a voice says some letters slower than others, and so stays under `CLAUSE_S`."""


_MEASURES = {"en": Measure(0.066, 5.0, 12.0, 1.0, 30.0, 2.4), "zh": Measure(0.22, 1.2, 3.0, 0.4, 8.0, 2.25)}


class _Ratio:
    """Seconds a letter, of what was measured lately."""

    def __init__(self, fade: float) -> None:
        self._fade, self._seconds, self._weight = fade, 0.0, 0.0

    def add(self, weight: float, seconds: float) -> None:
        self._seconds = self._fade * self._seconds + seconds
        self._weight = self._fade * self._weight + weight

    def __call__(self) -> float | None:
        return self._seconds / self._weight if self._weight else None


class Pace:
    """Estimates for the voice of one language; the brain's thread owns it."""

    def __init__(self, code: str = "en", slowly: Callable[[], float] = lambda: 1.0) -> None:
        """`slowly`: how many times longer than usual its sound is now."""
        self._slowly = slowly
        self.code = code
        self.measure = _MEASURES.get(code, _MEASURES["en"])
        self._write, self._begin, self._make, self._sound = _Ratio(0.97), _Ratio(0.8), _Ratio(0.8), _Ratio(0.9)

    def wrote(self, text: str, seconds: float) -> None:
        """The model took so long for a piece of text."""
        self._write.add(self.weight(text), seconds)

    def spoke(self, text: str, seconds: float, sound_s: float, first_s: float | None = None, slowly: float = 1.0) -> None:
        """The voice took so long for a clause, `first_s` of it until its first sound, and made so much sound of it.

        `slowly`: what it was told then. Making sound is taken to cost as much a second, whatever that is.
        """
        weight = slowly * self.weight(text)
        self._begin.add(weight, seconds if first_s is None else first_s)
        self._make.add(weight, seconds)
        self._sound.add(weight, sound_s)

    @property
    def slowly(self) -> float:
        """How many times longer than usual it is to speak now."""
        return self._slowly()

    @property
    def write_s(self) -> float:
        """Seconds the model takes for a letter."""
        return self._write() or 0.0

    @property
    def make_s(self) -> float:
        """Seconds the voice takes for a letter."""
        made = self._make()
        return self.write_s if made is None else made * self._slowly()

    @property
    def begin_s(self) -> float:
        """Seconds a letter of the clause until the voice gives its first sound."""
        begun = self._begin()
        return self.make_s if begun is None else begun * self._slowly()

    @property
    def rate(self) -> float:
        """Seconds the voice takes for a second of sound."""
        return self.make_s / self.sound_s

    @property
    def sound_s(self) -> float:
        """Seconds a letter sounds."""
        return (self._sound() or self.measure.letter_s) * self._slowly()

    def covers(self, sound_s: float, written: float, left: float = math.inf, *, unmade_s: float | None = None) -> bool:
        """Whether so much sound lasts until the clause behind it can be heard, however long that is.

        Of that one `written` letters are there; `left` are all that will come. `unmade_s` of the sound are still to be made while
        it plays (None: all but its beginning). Where sound is used up faster than it can be made no beginning covers the rest,
        and to wait longer would only add to the silence.
        """
        if self.write_s + self.make_s > self.sound_s:
            return True
        if unmade_s is None:
            unmade_s = sound_s * (1 - self.begin_s / self.make_s) if self.make_s else 0.0
        second = min(self.measure.aim_s / self.sound_s, left)
        until = unmade_s * self.rate + max(0.0, second - written) * self.write_s + second * self.begin_s
        return sound_s + SLACK_S >= until

    def weight(self, text: str) -> float:
        """A text's length in letters."""
        return sum(map(self._letter, text))

    def longest(self, text: str, most: int) -> int:
        """How many of the first characters sound for `CLAUSE_S`; at least 1, at most `most`."""
        left = self.measure.aim_s / self.sound_s
        for at, character in enumerate(text[:most]):
            left -= self._letter(character)
            if left < 0:
                return max(at, 1)
        return most

    def _letter(self, character: str) -> float:
        if character.isdigit():
            return self.measure.digit
        if character in _SIGNS:
            return self.measure.sign
        return self.measure.latin if character.isascii() else 1.0


class Paces:
    """The pace of each language's voice, kept as long as the assistant."""

    def __init__(self, slowly: Callable[[], float] = lambda: 1.0) -> None:
        """`slowly`: how many times longer than usual the voices speak now."""
        self._slowly = slowly
        self._of: dict[str, Pace] = {}

    def __call__(self, code: str) -> Pace:
        """The pace of a language; a stranger's code is taken for English, so that there are never more than languages."""
        known = code if code in _MEASURES else "en"
        return self._of.setdefault(known, Pace(known, self._slowly))
