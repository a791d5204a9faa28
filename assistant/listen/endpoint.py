"""When an utterance begins and ends: audio seconds in, decision out.

Every wait has a deadline: without speech `no_speech_s`, in all `max_s`. Counts sound, not the clock.
"""

from assistant.audio.format import FRAME_S

ONSET_FRAMES = 3
"""Frames of speech, of the last ONSET_WINDOW, that begin an utterance: a click is shorter."""
ONSET_WINDOW = 5


class Endpoint:
    """One utterance's decision. Feed it one frame's verdict after the other."""

    def __init__(self, threshold: float, silence_s: float, no_speech_s: float, max_s: float) -> None:
        self._threshold = threshold
        self._silence_s, self._no_speech_s, self._max_s = silence_s, no_speech_s, max_s
        self.heard_s = 0.0
        """Seconds fed so far."""
        self._recent = [False] * ONSET_WINDOW
        self.begin()

    def begin(self) -> None:
        """Wait for an onset (again): keeps `heard_s`, so that the deadlines stay."""
        self.speech_started = False
        self.silent_s = 0.0

    def feed(self, probability: float) -> str | None:
        """Take one frame's probability of speech; return why listening ends now, or None.

        silence: speech, then `silence_s` without. no_speech: nothing within `no_speech_s`. max_length: `max_s` in all.
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
        if self.speech_started and self.silent_s >= self._silence_s:
            return "silence"
        return None
