"""Barge-in: "stop" said into our own speech, without a wake word.

Rules
- Fed only while our own voice may sound. What may be somebody else (consonants are known first) ducks the loudspeaker, and no
  more; given up when nobody follows. A frame that holds more than our own voice begins a burst: from then on, and a little from
  before, recognisers hear it, one as it came and one with our own voice taken out where that differs: a canceller takes some of
  somebody else's voice too.
- A stop is believed when a burst held `RUN` frames in a row of more than our own voice, its words are a stop phrase with at most
  `OTHERS` words beside it, or one heard in its place, and what we say is none of them. The words count once they have stood
  for two frames and two frames were calm (who says stop says no more), or at the burst's end: the recognisers are then asked
  for their last word, which they would write later.
- Nor is it believed of a television. That is as loud all the time, and somebody who says stop is louder than all that was heard
  in the five seconds before: `CLEAR_DB`. Where somebody talks all the time, `CROWD`, there is neither burst nor duck: our voice
  would go up and down for nothing. A wake word still is believed.
- A frame is calm that holds no more than our own voice, or the tail of a word that dies away in the room: `TAIL_DB`.
- A burst ends with `END` calm frames. One longer than `LONGEST` is talk and no stop. Then we go on in full, at the word where
  we are; before it was quiet for `QUIET` frames there is no other, so that two people who talk make it not pump.
- A session lives for a burst: a recogniser's words are never let grow.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from math import log10

from assistant.audio.format import FRAME_S
from assistant.listen.saying import Saying, contains
from assistant.protocols import TranscriptionSession
from assistant.protocols_audio import EchoGuard, RoomSink

BEFORE = round(0.35 / FRAME_S)
"""Frames heard again from before a burst: consonants come first, and are soft."""
RUN = 4
"""A vowel is longer than that; a slip of the guard is shorter."""
END = 4
"""A closed "p" is shorter."""
TAIL_DB = 15.0
"""So much quieter than the loudest frame of a burst is no word any more; in a bare room it takes some 0.2 s more to fade."""
LONGEST = round(1.2 / FRAME_S)
QUIET = round(0.3 / FRAME_S)
OTHERS = 1
WINDOW = round(5.0 / FRAME_S)
"""Frames before a burst that it is compared with."""
CROWD = 12
"""So many of them were somebody else: one stop that was not understood, and hardly more."""
CLEAR_DB, CLEAR_BESIDE_DB = 10.0, 3.0
"""So much louder than nine in ten of them are the `RUN` loudest of a stop; the second where our own voice is among them."""
WAKE = round(2.0 / FRAME_S)
"""Frames that a wake word and what comes before it is noticed take at most."""
HINT = round(0.25 / FRAME_S)
"""Frames for which a hint of somebody ducks: between the first consonant and the vowel."""
DUCK_S = 1.5
"""Longer than a hint and a burst: the loudspeaker comes back by itself when the ear does not."""


class BargeIn:
    """Listens for a stop while we speak. Belongs to the ear's thread."""

    def __init__(
        self,
        phrases: Sequence[str],
        session: Callable[[], TranscriptionSession],
        sink: RoomSink,
        echo: EchoGuard,
        saying: Saying,
        alike: Mapping[str, str] | None = None,
    ) -> None:
        """`alike`: what is heard in place of a phrase -> the phrase."""
        self._alike = alike or {}
        self._phrases, self._make, self._sink, self._echo, self._saying = phrases, session, sink, echo, saying
        self._ready = [session(), session()]  # before they are needed; what is wrong with one is told at the start
        self._before: deque[tuple[bytes, bytes]] = deque(maxlen=BEFORE)
        self._sessions: list[TranscriptionSession] = []  # in a burst: of the sound as it came, and without our voice
        self._seen: deque[tuple[bool, float]] = deque(maxlen=WINDOW)  # was it somebody else, and how loud
        self._burst: list[float] = []  # how loud its frames are
        self._usual = 0.0  # how loud it was before it
        self._found = self._longest = 0  # frames of it for which a stop has stood; its longest run
        self._calm = self._run = self._still = 0  # frames behind one another: calm, of somebody else, without a hint of one
        self._hinted = 0  # frames for which a hint still ducks
        self._may = self._may_hint = True

    def feed(self, frame: bytes, raw: bytes | None = None) -> str:
        """Take a frame heard while we speak, and as it came before our voice was taken out; the stop phrase said, or ""."""
        near, level, raw = self._echo.near, self._echo.level, frame if raw is None else raw
        tail = level * 10 ** (TAIL_DB / 10) < max(self._burst, default=0.0)
        self._calm = 0 if near and not tail else self._calm + 1
        self._run = self._run + 1 if near else 0
        if self._sessions:
            found = self._in_burst(frame, raw, level)
        else:
            found = ""
            self._before.append((frame, raw))
            if self._calm >= QUIET:
                self._may = True
            self._hint(near)
            if near and self._may and not self._crowded():
                self._open(level)
        self._seen.append((near, level))
        return found

    def rest(self) -> None:
        """A frame was heard while we are silent: nothing is to be interrupted; how loud it is counts for the next reply."""
        if self._before or self._sessions:
            self._end()
            self._begin()
        self._seen.append((False, self._echo.level))

    def woken(self) -> None:
        """Somebody speaks to us: what is said now is not fed, and what was is no noise of the room."""
        self.rest()
        for _ in range(min(WAKE, len(self._seen))):
            self._seen.pop()

    def _hint(self, near: bool) -> None:
        """Duck for what may be somebody, and go on in full when it was nobody."""
        perhaps = self._echo.perhaps
        self._still = 0 if perhaps else self._still + 1
        if self._hinted:
            self._hinted -= 1
            if not self._hinted and not near:
                self._sink.duck(0)
                self._may_hint = False
        elif perhaps and self._may and self._may_hint and not self._crowded():
            self._sink.duck(DUCK_S)
            self._hinted = HINT
        self._may_hint = self._may_hint or self._still >= QUIET

    def _open(self, level: float) -> None:
        """A burst begins."""
        if not self._hinted:
            self._sink.duck(DUCK_S)
        self._hinted = 0
        differs = any(clean != came for clean, came in self._before)
        self._sessions = self._ready[: 2 if differs else 1]
        for clean, came in self._before:
            self._hear(clean, came)
        usual = sorted(level for _, level in self._seen)
        self._usual = usual[len(usual) * 9 // 10] if usual else 0.0
        self._burst, self._longest = [level], self._run

    def _crowded(self) -> bool:
        """Whether somebody talks all the time; those who talk now do not count."""
        return sum(near for near, _ in self._seen) - max(0, self._run - 1) > CROWD

    def _in_burst(self, frame: bytes, raw: bytes, level: float) -> str:
        self._burst.append(level)
        self._longest = max(self._longest, self._run)
        heard = self._stop(self._hear(frame, raw))
        self._found = self._found + 1 if heard else 0
        phrase = heard if self._found >= 2 and self._calm >= 2 else ""
        over = self._calm >= END or len(self._burst) > LONGEST
        if over and self._calm >= END and not phrase:
            phrase = self._stop([session.finish() for session in self._sessions])
        if phrase and self._longest >= RUN and self._clear():
            self._end()
            self._begin()
            self._seen.clear()
            return phrase
        if over:
            self._end()
            self._may = False
        return ""

    def _clear(self) -> bool:
        """Whether the burst is louder than what was heard before it."""
        loud = sorted(self._burst)[-min(RUN, len(self._burst))]
        return 10 * log10((loud + 1) / (self._usual + 1)) >= (CLEAR_DB if len(self._sessions) > 1 else CLEAR_BESIDE_DB)

    def _hear(self, frame: bytes, raw: bytes) -> list[str]:
        return [session.feed(sound) for session, sound in zip(self._sessions, (raw, frame), strict=False)]

    def _stop(self, heard: Sequence[str]) -> str:
        """The stop phrase that one of the recognisers heard, and little else."""
        for words in heard:
            for phrase in self._phrases:
                if contains(words, phrase) and _size(words) - _size(phrase) <= OTHERS and not self._saying.says(phrase):
                    return phrase
            phrase = self._alike.get(words, "")
            if phrase and not self._saying.says(phrase) and not self._saying.says(words):
                return phrase
        return ""

    def _end(self) -> None:
        """The burst is over: play in full."""
        if self._sessions or self._hinted:
            self._sink.duck(0)
        if self._sessions:
            self._ready = [self._make(), self._make()]
            self._sessions = []
        self._burst = []
        self._found = self._longest = self._hinted = 0
        self._before.clear()

    def _begin(self) -> None:
        """As at the beginning of a reply, behind `_end`."""
        self._calm = self._run = self._still = 0
        self._may = self._may_hint = True


def _size(words: str) -> int:
    """Words, or in Chinese characters."""
    return len(words.replace(" ", "")) if words[:1] >= "\u4e00" else len(words.split())
