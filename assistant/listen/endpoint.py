"""When an utterance begins and ends: audio seconds in, decision out.

Every wait has a deadline: without speech `no_speech_s`, in all `max_s`. Counts sound, not the clock. Three things decide together
how long a silence ends an utterance: voice activity begins the silence; the recogniser's words must have stood still; and what
they are sets its length: a whole command needs little, one that waits for more ("set a timer for") much.
"""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.audio.format import FRAME_S
from assistant.protocols import Completeness

ONSET_FRAMES = 3
"""Frames of speech, of the last ONSET_WINDOW, that begin an utterance: a click is shorter."""
ONSET_WINDOW = 5


EARLY_S = FRAME_S
"""Words that come or stand in a silence so long, a frame, may be all: what they are is asked, and an answer begun."""
STABLE_S = 0.2
"""Words that have not changed for so long are taken for those that were said."""


@dataclass(frozen=True)
class Silences:
    """Seconds of silence that end an utterance, by what its words are."""

    whole: float
    unknown: float
    open: float


class Endpoint:
    """One utterance's decision. Feed it one frame's verdict after the other."""

    def __init__(self, threshold: float, silences: Silences, no_speech_s: float, max_s: float) -> None:
        self._threshold = threshold
        self._silences, self._no_speech_s, self._max_s = silences, no_speech_s, max_s
        self.heard_s = 0.0
        """Seconds fed so far."""
        self._recent = [False] * ONSET_WINDOW
        self.begin()

    @property
    def spoken_s(self) -> float:
        """Seconds from the beginning to the last frame of speech."""
        return self.heard_s - self.silent_s

    def begin(self) -> None:
        """Wait for an onset (again): keeps `heard_s`, so that the deadlines stay."""
        self.speech_started = False
        self.silent_s = 0.0
        self._words, self._still_s = "", 0.0
        self._judged: Completeness = "unknown"
        self._verdict: Completeness | None = None

    def words(self, words: str, judge: Callable[[str], Completeness]) -> None:
        """Take the words so far, once a frame. `judge` is asked once, in a pause."""
        if words != self._words:
            self._words, self._still_s, self._judged, self._verdict = words, 0.0, "unknown", None
        else:
            self._still_s += FRAME_S
        if self._verdict is None and words and self.silent_s >= EARLY_S:
            self._verdict = judge(words)
        if self._verdict is not None and self._still_s >= STABLE_S and self.silent_s >= min(STABLE_S, self._silences.whole):
            self._judged = self._verdict

    def feed(self, probability: float) -> str | None:
        """Take one frame's probability of speech; return why listening ends now, or None.

        whole: speech that is a whole sentence, then `silences.whole` without. silence: the same for other speech. no_speech:
        nothing within `no_speech_s`. max_length: `max_s` in all.
        """
        self.heard_s += FRAME_S
        speech = probability >= self._threshold
        self._recent = [*self._recent[1:], speech]
        if self.heard_s >= self._max_s:
            return "max_length"
        if not self.speech_started:
            self.speech_started = sum(self._recent) >= ONSET_FRAMES
            if not self.speech_started and self.heard_s >= self._no_speech_s:
                return "no_speech"
        self.silent_s = 0.0 if speech else self.silent_s + FRAME_S
        if self.speech_started and self.silent_s >= getattr(self._silences, self._judged):
            return "whole" if self._judged == "whole" else "silence"
        return None
