"""A loudspeaker that is somebody's connection: the brain writes, the loop takes, as fast as the reader reads.

Bounded: it takes a chunk (at most some 3 s) whenever it holds less than `CAPACITY_S`, else nothing. A reader that takes nothing
is ended by the turn, as a loudspeaker that plays nothing is. Once stopped it swallows what comes.
"""

import threading
from collections.abc import Callable

from assistant.audio.resample import Resampler

CAPACITY_S = 4.0
LOOK_S = 0.02
"""The reader takes at no known pace, so the turn looks again after this long."""


class StreamSink:
    """See `protocols.AudioSink`. `take` belongs to the reader."""

    def __init__(self, on_ready: Callable[[], None], rate: int | None = None) -> None:
        """Sound is brought to `rate`; None leaves it. `on_ready` is called in the writer's thread."""
        self._on_ready, self._rate = on_ready, rate
        self._resampler: Resampler | None = None
        self._lock = threading.Lock()
        self._held = bytearray()
        self._taken = 0
        self._stopped = False
        self.rate = rate or 0
        """Hz of the sound; 0 before any came."""

    def write(self, pcm: bytes, rate: int) -> int:
        """Take all, or nothing while it is full."""
        with self._lock:
            if self._stopped:
                return len(pcm)
            self.rate = self._rate or self.rate or rate
            if len(self._held) > CAPACITY_S * 2 * self.rate:
                return 0
            if self._resampler is None or self._resampler.rate_in != rate:
                self._resampler = Resampler(rate, self.rate)
            self._held += self._resampler.feed(pcm)
        self._on_ready()
        return len(pcm)

    def take(self, last: bool = False) -> bytes:
        """What has come since; `last`: with what the resampler holds back."""
        with self._lock:
            taken = bytes(self._held) + (self._resampler.flush() if last and self._resampler is not None else b"")
            self._held.clear()
            self._taken += len(taken)
            return taken

    def pending_s(self) -> float:
        """Seconds after which it is worth looking again; 0 when all was taken."""
        with self._lock:
            return LOOK_S if self._held else 0.0

    def played_ms(self) -> int:
        """Milliseconds taken."""
        with self._lock:
            return round(500 * self._taken / self.rate) if self.rate else 0

    def stop(self) -> None:
        """Drop what is held, and what will come."""
        with self._lock:
            self._held.clear()
            self._stopped = True

    def close(self) -> None:
        """Nothing to free."""
