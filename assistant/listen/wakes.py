"""Wake words of several engines on one stream: every engine hears every frame, the first that fires is the wake."""

from collections.abc import Sequence

from assistant.listen.endpoint import Endpoint
from assistant.protocols import Care, Wake, WakeDetector

TAIL_S, PAUSE_S = 0.2, 0.12
"""Speech that ends so soon behind the end that is told of a wake phrase, and a pause behind it, is the phrase's last sound: the
shortest word, a "no", ends after 0.25 s."""


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


def parted(endpoint: Endpoint) -> bool:
    """Whether all that was heard since a wake phrase's end was its last sound, and a pause."""
    return 0 < endpoint.spoken_s <= TAIL_S and endpoint.silent_s >= PAUSE_S
