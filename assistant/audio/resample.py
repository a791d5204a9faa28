"""Streaming sample-rate conversion (soxr HQ) of mono s16le sound; what every device and file shares.

Computed in float and rounded here, so that the same sound gives the same bytes. soxr holds back some milliseconds until more
sound comes: `flush()` brings them out and begins anew.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Resampler:
    """Turns one stream at `rate_in` Hz into `rate_out` Hz."""

    def __init__(self, rate_in: int, rate_out: int) -> None:
        self.rate_in, self.rate_out = rate_in, rate_out
        self._stream: Any = None
        self._taken = self._given = 0

    def feed(self, pcm: bytes) -> bytes:
        """Take mono s16le sound (whole samples); return what is ready of it."""
        if self.rate_in == self.rate_out or not pcm:
            return pcm
        return to_s16(self.feed_float(from_s16(pcm)))

    def feed_float(self, samples: "NDArray[np.float32]") -> "NDArray[np.float32]":
        """The same for float32 samples in -1..1."""
        if self.rate_in == self.rate_out:
            return samples
        if self._stream is None:
            import soxr

            self._stream = soxr.ResampleStream(self.rate_in, self.rate_out, 1, dtype="float32", quality="HQ")
        self._taken += len(samples)
        ready: NDArray[np.float32] = self._stream.resample_chunk(samples)
        self._given += len(ready)
        return ready

    def flush(self) -> bytes:
        """The rest of the sound taken so far; the next `feed` begins a new stream."""
        if self._stream is None:
            return b""
        import numpy as np

        rest = self._stream.resample_chunk(np.zeros(0, np.float32), last=True)
        self.reset()
        return to_s16(rest)

    def reset(self) -> None:
        """Forget what is held back."""
        self._stream = None
        self._taken = self._given = 0

    def held_s(self) -> float:
        """Seconds of sound taken and not yet given out."""
        return max(0.0, self._taken / self.rate_in - self._given / self.rate_out)


def from_s16(pcm: bytes) -> "NDArray[np.float32]":
    """Float32 samples in -1..1 of s16le bytes."""
    import numpy as np

    return np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768)


def to_s16(samples: "NDArray[np.float32]") -> bytes:
    """S16le bytes of float samples; louder than 1 is clipped, not-a-number is silence."""
    import numpy as np

    whole = np.nan_to_num(np.rint(samples * 32768), nan=0.0, posinf=32767, neginf=-32768)
    pcm: bytes = np.clip(whole, -32768, 32767).astype("<i2").tobytes()
    return pcm
