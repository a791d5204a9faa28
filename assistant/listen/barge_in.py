"""Barge-in: "stop" said into our own speech, without a wake word; and which wake words are believed there.

Rules
- What may be somebody else (consonants are known first) ducks the loudspeaker, and no more; given up when nobody follows, and for
  a while then longer looked at. A frame that holds more than our own voice begins a burst: from then on, and a little from
  before, recognisers hear it, one as it came and one with our own voice taken out where that differs: a canceller takes some of
  somebody else's voice too.
- A stop is believed when a burst held `RUN` frames in a row of more than our own voice, its words are a stop phrase with at most
  `OTHERS` words beside it, or one heard in its place, and what we say is none of them. The words count once they have stood
  for two frames and two frames were calm (who says stop says no more), or at the burst's end: the recognisers are then asked
  for their last word, which they would write later.
- Nor is it believed of a television. That is as loud all the time, and somebody who says stop is louder than all that was heard
  in the five seconds before (`CLEAR_DB`), and much louder where somebody else was heard there (`TALK`). Where somebody talks all
  the time, `CROWD`, there is neither burst nor duck: our voice would go up and down for nothing.
- A wake word is believed there, too. But what a canceller leaves of our own voice and of a television sounds like one now and
  then: one whose traces can be heard must have left one in the sound as it came, and more `care` is taken that it is one. Unless
  it is very much louder than all before it: then there is no doubt that somebody is there.
- A frame is calm that holds no more than our own voice, or the tail of a word that dies away in the room: `TAIL_DB`.
- A burst ends with `END` calm frames; with `HINT` while it is too short for a word: a consonant before its vowel, or a slip of
  the guard. One longer than `LONGEST` is talk and no stop. Then we go on in full, at the word where we are; before it was quiet
  for `QUIET` frames there is no other behind a word, so that two people who talk make it not pump.
- A session lives for a burst: a recogniser's words are never let grow.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence

from assistant.audio.format import FRAME_S
from assistant.listen.loudness import RUN, WORD, Loudness, clear_db
from assistant.listen.saying import Saying, contains
from assistant.protocols import Care, TranscriptionSession, WakeDetector
from assistant.protocols_audio import EchoGuard, RoomSink

BEFORE = round(0.35 / FRAME_S)
"""Frames heard again from before a burst: consonants come first, and are soft."""
END = 4
"""A closed "p" is shorter."""
TAIL_DB = 15.0
"""So much quieter than the loudest frame of a burst is no word any more; in a bare room it takes some 0.2 s more to fade."""
LONGEST = round(1.2 / FRAME_S)
QUIET = round(0.3 / FRAME_S)
OTHERS = 1
CLEAR_DB, CLEAR_OF_TALK_DB, CLEAR_BESIDE_DB = 10.0, 20.0, 3.0
"""So much louder than usual is a stop; where somebody else was heard before it; with our own voice in what was heard."""
TALK, CROWD = 2, 12
"""Frames of somebody else in the seconds before a burst: more is talk, or a television; all the time (one stop that was not
understood is hardly more)."""
CLEAR_WAKE_DB = 25.0
"""So much louder is a wake word that need not have left a trace (docs/decisions/0025-wakes-in-leavings.md)."""
WAKE = round(2.0 / FRAME_S)
"""Frames that a wake word and what comes before it is noticed take at most."""
HINT = round(0.25 / FRAME_S)
"""Frames for which a hint of somebody ducks: between the first consonant and the vowel."""
WARY = round(60.0 / FRAME_S)
"""Frames in which a hint is two frames long, after one that nobody followed: a room in which one slips does so again."""
DUCK_S = 1.5
"""Longer than a hint and a burst: the loudspeaker comes back by itself when the ear does not."""


class BargeIn:
    """Listens while we speak. Belongs to the ear's thread."""

    def __init__(
        self,
        phrases: Sequence[str],
        session: Callable[[], TranscriptionSession],
        sink: RoomSink,
        echo: EchoGuard,
        saying: Saying,
        alike: Mapping[str, str] | None = None,
        traces: Mapping[str, WakeDetector] | None = None,
    ) -> None:
        """Without phrases there is no stop. `alike`: what is heard in place of a phrase -> the phrase; `traces`: wake word ->
        what fires at whatever may be that word."""
        self._alike = alike or {}
        self._phrases, self._make, self._sink, self._echo, self._saying = phrases, session, sink, echo, saying
        self._ready = [session(), session()] if phrases else []  # before they are needed: what is wrong is told at the start
        self._before: deque[tuple[bytes, bytes]] = deque(maxlen=BEFORE)
        self._sessions: list[TranscriptionSession] = []  # in a burst: of the sound as it came, and without our voice
        self._loudness, self._traces = Loudness(), traces or {}
        self._traced = dict.fromkeys(self._traces, 0)  # frames for which a trace still counts
        self._silent: deque[bytes] = deque(maxlen=WORD)  # before we spoke: a word may begin there
        self._cold = True  # the detectors have not heard it
        self._burst: list[float] = []  # how loud its frames are
        self._usual, self._talk = 0.0, 0  # how loud it was before it; frames of somebody else there
        self._cancels = False  # our own voice was taken out of what it is compared with
        self._found = self._longest = 0  # frames of it for which a stop has stood; its longest run
        self._calm = self._run = self._still = 0  # frames behind one another: calm, of somebody else, without a hint of one
        self._hinted = 0  # frames for which a hint still ducks
        self._hints = self._wary = 0  # frames of a hint behind one another; for which one alone is none
        self._may = self._may_hint = True

    def feed(self, frame: bytes, raw: bytes | None = None) -> str:
        """Take a frame heard while we speak, and as it came before our voice was taken out; the stop phrase said, or ""."""
        raw = frame if raw is None else raw
        found = self._look(frame, raw) if self._phrases else ""
        self._loudness.note(self._echo.near, self._echo.level)
        if self._echo.cancels:
            self._trace(raw)
        return found

    def _trace(self, raw: bytes) -> None:
        """Look for traces of wake words in a frame as it came."""
        for word, detector in self._traces.items():
            if self._cold:
                detector.reset()
                self._traced[word] = 0
            for frame in (*self._silent, raw):
                self._traced[word] = WORD if detector.feed(frame) is not None else max(0, self._traced[word] - 1)
        self._silent.clear()
        self._cold = False

    def _look(self, frame: bytes, raw: bytes) -> str:
        near, level = self._echo.near, self._echo.level
        tail = level * 10 ** (TAIL_DB / 10) < max(self._burst, default=0.0)
        self._calm = 0 if near and not tail else self._calm + 1
        self._run = self._run + 1 if near else 0
        if self._sessions:
            return self._in_burst(frame, raw, level)
        self._before.append((frame, raw))
        if self._calm >= QUIET:
            self._may = True
        self._hint(near)
        if near and self._may and not self._crowded():
            self._open(level)
        return ""

    def rest(self, frame: bytes = b"") -> None:
        """A frame was heard while we are silent: nothing is to be interrupted; how loud it is counts for the next reply."""
        if self._before or self._sessions:
            self._end()
            self._begin()
        self._loudness.note(False, self._echo.level)
        self._silent.append(frame)
        self._cold = True

    def woken(self) -> None:
        """Somebody speaks to us: what is said now is not fed, and what was is no noise of the room."""
        self.rest()
        self._loudness.forget(WAKE)
        self._silent.clear()

    def care(self, *, listening: bool = False) -> Care:
        """What a wake word that ends now needs: more while our own voice is taken out, less of who is very much louder."""
        if listening or not (self._echo.playing and self._echo.cancels):
            return "usual"
        return "less" if self._loudness.clear_db() >= CLEAR_WAKE_DB else "more"

    def believes(self, word: str, *, listening: bool = False) -> bool:
        """Whether a wake word that was heard while our own voice may sound is somebody's; `listening`: no frame is fed now."""
        if self._saying.says(word.replace("_", " ")):
            return False
        if listening or not self._echo.cancels or word not in self._traces:
            return True
        return self._traced[word] > 0 or self._loudness.clear_db() >= CLEAR_WAKE_DB

    def _hint(self, near: bool) -> None:
        """Duck for what may be somebody, and go on in full when it was nobody."""
        perhaps = self._echo.perhaps
        self._still = 0 if perhaps else self._still + 1
        self._hints = self._hints + 1 if perhaps else 0
        self._wary = max(0, self._wary - 1)
        if self._hinted:
            self._hinted -= 1
            if not self._hinted and not near:
                self._sink.duck(0)
                self._may_hint = False
                self._wary = WARY
        elif self._hints >= (2 if self._wary else 1) and self._may and self._may_hint and not self._crowded():
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
        self._usual, self._talk, self._cancels = self._loudness.usual(), self._before_run(), self._echo.cancels
        self._burst, self._longest = [level], self._run

    def _crowded(self) -> bool:
        return self._before_run() > CROWD

    def _before_run(self) -> int:
        """Frames of somebody else in the last seconds; those who talk now do not count."""
        return self._loudness.near() - max(0, self._run - 1)  # the last frame of the run is not noted yet

    def _in_burst(self, frame: bytes, raw: bytes, level: float) -> str:
        self._burst.append(level)
        self._longest = max(self._longest, self._run)
        heard = self._stop(self._hear(frame, raw))
        self._found = self._found + 1 if heard else 0
        phrase = heard if self._found >= 2 and self._calm >= 2 else ""
        end = END if self._longest >= RUN else HINT
        over = self._calm >= end or len(self._burst) > LONGEST
        if over and self._calm >= end and not phrase:
            phrase = self._stop([session.finish() for session in self._sessions])
        if phrase and self._longest >= RUN and self._clear():
            self._end()
            self._begin()
            self._loudness.forget()
            return phrase
        if over:
            self._may = self._longest < RUN
            self._end()
        return ""

    def _clear(self) -> bool:
        """Whether the burst is louder than what was heard before it."""
        beside = CLEAR_DB if self._talk <= TALK else CLEAR_OF_TALK_DB
        return clear_db(self._burst, self._usual) >= (beside if self._cancels else CLEAR_BESIDE_DB)

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
