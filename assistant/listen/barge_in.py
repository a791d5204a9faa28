"""Barge-in: "stop" said into our own speech, without a wake word.

Rules
- Fed only while our own voice may sound. A frame that holds more than it ducks the loudspeaker and begins a burst: from then on,
  and a little from before, recognisers hear it, one as it came and one with our own voice taken out where that differs: a
  canceller takes some of somebody else's voice too.
- A stop is believed when a burst held `RUN` frames in a row of more than our own voice, its words are a stop phrase with at most
  `OTHERS` words beside it, or one heard in its place, and what we say is none of them. The words count once they have stood
  for two frames and two frames held our own voice alone (who says stop says no more), or at the burst's end: the recognisers are
  then asked for their last word, which they would write a quarter of a second later.
- Nor is it believed where somebody talks all the time, such as a television: `CROWD`. A wake word still is.
- A burst ends with `END` frames of our own voice alone. One longer than `LONGEST` is talk and no stop. Then we go on in full, at
  the word where we are; before it was quiet for `QUIET` frames there is no other, so that two people who talk make it not pump.
- A session lives for a burst: a recogniser's words are never let grow.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence

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
LONGEST = round(1.2 / FRAME_S)
QUIET = round(0.3 / FRAME_S)
OTHERS = 1
CROWD_WINDOW, CROWD = round(5.0 / FRAME_S), 99
"""So many frames of somebody else in that window, before the burst: one stop that was not understood, and hardly more."""
DUCK_S = 1.5
"""Longer than a burst: the loudspeaker comes back by itself when the ear does not."""


FALLEN = 10**1.5
HOLD = 8
CLEAR = -99.0
WHY = []
import math


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
        self._near: deque[bool] = deque(maxlen=CROWD_WINDOW)
        self._calm = self._run = 0  # frames behind one another without, and with, somebody else
        self._frames = self._found = self._longest = self._crowd = 0  # of the burst
        self._may = self._may_hint = True
        self._levels: deque[float] = deque(maxlen=CROWD_WINDOW)
        self._hinted = self._quiet = 0
        self._peak = self._usual = 0.0
        self._loudest: list[float] = []

    def feed(self, frame: bytes, raw: bytes | None = None) -> str:
        """Take a frame heard while we speak, and as it came before our voice was taken out; the stop phrase said, or ""."""
        near, raw = self._echo.near, frame if raw is None else raw
        level = self._echo.level
        if self._sessions:
            self._peak = max(self._peak, level)
        self._calm = 0 if near and level * FALLEN >= self._peak else self._calm + 1
        self._run = self._run + 1 if near else 0
        self._near.append(near)
        self._levels.append(level)
        self._hint(near)
        if self._sessions:
            return self._in_burst(frame, raw)
        self._before.append((frame, raw))
        if self._calm >= QUIET:
            self._may = True
        if self._may and near:
            if not self._hinted:
                self._sink.duck(DUCK_S)
            self._hinted = 0
            self._usual = sorted(self._levels)[len(self._levels) * 9 // 10]
            self._peak, self._loudest = level, []
            differs = any(clean != came for clean, came in self._before)
            self._sessions = self._ready[: 2 if differs else 1]
            for clean, came in self._before:
                self._hear(clean, came)
            self._longest, self._crowd = self._run, sum(self._near) - self._run
        return ""

    def _hint(self, near: bool) -> None:
        perhaps = self._echo.perhaps
        self._quiet = 0 if perhaps else self._quiet + 1
        if self._quiet >= QUIET:
            self._may_hint = True
        if self._sessions:
            return
        if self._hinted:
            self._hinted -= 1
            if not self._hinted and not near:
                self._sink.duck(0)
                self._may_hint = False
        elif perhaps and self._may_hint and self._may and not near:
            self._sink.duck(DUCK_S)
            self._hinted = HOLD

    def rest(self) -> None:
        """We are silent: nothing is to be interrupted."""
        if self._before or self._sessions:
            self._end()
            self._begin()

    def _in_burst(self, frame: bytes, raw: bytes) -> str:
        self._frames += 1
        self._loudest.append(self._levels[-1])
        self._longest = max(self._longest, self._run)
        heard = self._stop(self._hear(frame, raw))
        self._found = self._found + 1 if heard else 0
        phrase = heard if self._found >= 2 and self._calm >= 2 else ""
        over = self._calm >= END or self._frames >= LONGEST
        if over and self._calm >= END and not phrase:
            phrase = self._stop([session.finish() for session in self._sessions])
        if phrase or over:
            self._clear = 10 * math.log10((sorted(self._loudest)[-min(4, len(self._loudest))] + 1) / (self._usual + 1))
            self._why = f"clear {self._clear:.1f} crowd {self._crowd} longest {self._longest} frames {self._frames} {phrase}"
            WHY.append(self._why)
        if phrase and self._longest >= RUN and self._crowd <= CROWD and self._clear >= CLEAR:
            self._end()
            self._begin()
            return phrase
        if over:
            self._end()
            self._may = False
        return ""

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
        if self._sessions:
            self._sink.duck(0)
            self._ready = [self._make(), self._make()]
            self._sessions = []
        self._frames = self._found = self._longest = self._hinted = 0
        self._peak = 0.0
        self._before.clear()

    def _begin(self) -> None:
        """As at the beginning of a reply."""
        self._near.clear()
        self._levels.clear()
        self._hinted = self._quiet = 0
        self._may_hint = True
        self._calm = self._run = self._frames = self._found = self._longest = self._crowd = 0
        self._may = True
        self._before.clear()


def _size(words: str) -> int:
    """Words, or in Chinese characters."""
    return len(words.replace(" ", "")) if words[:1] >= "\u4e00" else len(words.split())
