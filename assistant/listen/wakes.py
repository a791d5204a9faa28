"""Wake words of several engines on one stream: every engine hears every frame, the first that fires is the wake."""

from collections.abc import Sequence

from assistant.protocols import Wake, WakeDetector


class AnyOf:
    """One detector made of several; see `protocols.WakeDetector`."""

    def __init__(self, detectors: Sequence[WakeDetector]) -> None:
        self._detectors = detectors

    def feed(self, frame: bytes) -> Wake | None:
        """Take one frame; the wake of the first detector in order that fires in it."""
        heard = [wake for detector in self._detectors if (wake := detector.feed(frame))]
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
