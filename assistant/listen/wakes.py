"""Wake words of several engines on one stream: every engine hears every frame, the first that fires is the wake."""

from collections.abc import Sequence

from assistant.protocols import Care, VoiceActivity, Wake, WakeDetector

TAIL_FRAMES = 20
"""A wake phrase may end so much later (0.6 s) than its recogniser says."""
PAUSE_FRAMES, SPEECH = 4, 0.5
"""Frames (0.12 s) without speech, by its probability, that part a wake phrase from what is said behind it."""


class AnyOf:
    """One detector made of several; see `protocols.WakeDetector`."""

    def __init__(self, detectors: Sequence[WakeDetector]) -> None:
        self._detectors = detectors

    def feed(self, frame: bytes, care: Care = "usual") -> Wake | None:
        """Take one frame; the wake of the first detector in order that fires in it."""
        heard = [wake for detector in self._detectors if (wake := detector.feed(frame, care))]
        return heard[0] if heard else None

    def reset(self) -> None:
        """Forget what was heard so far."""
        for detector in self._detectors:
            detector.reset()


def without_tail(words: str, phrase: str) -> str:
    """The words without the end of a wake phrase that they begin with: its last words, or in Chinese its last characters."""
    parts = list(phrase) if words[:1] >= "\u4e00" else [f"{part} " for part in phrase.split()]
    tails = ["".join(parts[at:]) for at in range(len(parts))]
    return next((words[len(tail) :] for tail in tails if f"{words} ".startswith(tail)), words)


def behind_phrase(frames: Sequence[bytes], vad: VoiceActivity) -> Sequence[bytes]:
    """The frames from the pause behind a wake phrase on: its last syllables may be in the first ones. All where there is none."""
    vad.reset()
    silent = 0
    for number, frame in enumerate(frames[: TAIL_FRAMES + PAUSE_FRAMES]):
        silent = 0 if vad.feed(frame) >= SPEECH else silent + 1
        if silent == PAUSE_FRAMES:
            frames = frames[number:]
            break
    vad.reset()
    return frames
