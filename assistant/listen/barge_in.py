"""Barge-in: "stop" said into our own speech, without a wake word.

Rules
- Fed only while our own voice may sound. Two frames that hold more than it duck the loudspeaker; so does a stop word.
  Then there are `WAIT` frames to decide.
- A stop is believed when its words have stood for two frames, two frames of the last `WINDOW` held more than our own voice, and
  what we say is not that word. Otherwise we go on in full, at the word where we are.
- After a duck that came to nothing there is none before it was quiet for `QUIET` frames: two people who talk do not make it pump.
- A session ends with its decision, and after `LONGEST` frames: a recogniser's words are never let grow.
"""

from collections import deque
from collections.abc import Callable, Sequence

from assistant.audio.format import FRAME_S
from assistant.listen.saying import Saying, contains
from assistant.protocols import TranscriptionSession
from assistant.protocols_audio import EchoGuard, RoomSink

WAIT = round(1.0 / FRAME_S)
WINDOW = round(1.2 / FRAME_S)
"""Vosk writes a word half a second after it began, and later beside other sound."""
QUIET = round(0.3 / FRAME_S)
LONGEST = round(10 / FRAME_S)
DUCK_S = 1.5
"""Longer than `WAIT`: the loudspeaker comes back by itself when the ear does not."""


class BargeIn:
    """Listens for a stop while we speak. Belongs to the ear's thread."""

    def __init__(
        self, phrases: Sequence[str], session: Callable[[], TranscriptionSession], sink: RoomSink, echo: EchoGuard, saying: Saying
    ) -> None:
        self._phrases, self._make, self._sink, self._echo, self._saying = phrases, session, sink, echo, saying
        self._session = session()  # at the start: what is wrong with it is told then
        self._near: deque[bool] = deque(maxlen=WINDOW)
        self._fed = self._found = self._ducked = 0
        self._may_duck = True

    def feed(self, frame: bytes) -> str:
        """Take a frame heard while we speak; the stop phrase that was said, or ""."""
        self._near.append(self._echo.near)
        self._fed += 1
        words = self._session.feed(frame)
        phrase = next((phrase for phrase in self._phrases if contains(words, phrase)), "")
        self._found = self._found + 1 if phrase else 0
        if self._found >= 2:
            believed = sum(self._near) >= 2 and not self._saying.says(phrase)
            if believed:
                self._begin()
                return phrase
            self._begin_session()
        self._duck(bool(phrase))
        if self._fed >= LONGEST and not any(self._near):
            self._begin_session()
        return ""

    def rest(self) -> None:
        """We are silent: nothing is to be interrupted."""
        if self._fed or self._ducked:
            self._begin()

    def _duck(self, heard: bool) -> None:
        near = list(self._near)
        if self._ducked:
            self._ducked -= 1
            if not self._ducked:
                self._sink.duck(0)
                self._may_duck = False
        elif not self._may_duck:
            self._may_duck = not any(near[-QUIET:])
        elif heard or sum(near[-3:]) >= 2:
            self._ducked = WAIT
            self._sink.duck(DUCK_S)

    def _begin(self) -> None:
        """As at the beginning of a reply."""
        if self._ducked:
            self._sink.duck(0)
        self._near.clear()
        self._ducked, self._may_duck = 0, True
        self._begin_session()

    def _begin_session(self) -> None:
        self._session = self._make()
        self._fed = self._found = 0
