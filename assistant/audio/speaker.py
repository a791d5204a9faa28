"""The loudspeaker, through PortAudio.

Rules:
- The callback copies bytes out of a ring and does nothing else. The ring has one writer and one reader: each moves its own
  index, so the callback takes no lock. The lock here is between our own threads only.
- The card is opened at its own rate; sound is converted on the way in (soxr), mono to all channels.
- Time is counted in sound: silence that the card plays because we had nothing is not "played".
- Every sound lies in two rings, in full and ducked; the callback takes the one that counts, and computes nothing.
- What it played it puts into a bounded deque, for whoever takes our own voice out of a microphone. Full: the oldest goes.
"""

import threading
from collections import deque
from collections.abc import Sequence
from typing import Any

from assistant.audio.devices import find, list_devices, open_format, sounddevice
from assistant.audio.format import RATE
from assistant.audio.resample import Resampler
from assistant.audio.volume import Volume
from assistant.errors import AudioError
from assistant.protocols_audio import DUCK_GAIN, DUCK_MAX_S

BUFFER_S = 2.0
"""Sound that the ring holds; more is not taken."""
LATENCY_S = 0.1
"""Asked of the card: what `stop()` cannot take back."""
PLAYED_BLOCKS = 128
"""Blocks kept of what was played: some seconds."""


class Speaker:
    """A loudspeaker by name; opens at once and plays silence until something is written.

    `rates` and `channels` are tried in that order, by default the card's own rate first and mono first. Raises
    `DeviceNotFound`, `AudioError`, `EngineUnavailable`.
    """

    def __init__(
        self,
        device: str,
        rates: Sequence[int] | None = None,
        channels: Sequence[int] | None = None,
        volume: Volume | None = None,
    ) -> None:
        self._volume = volume
        card = find(device, "output", list_devices())
        self.name = card.name
        self.rate, self.channels = open_format(
            card, "output", rates or (card.rate, 48_000, 44_100, 16_000), channels or (1, 2, card.outputs)
        )
        self._frame = 2 * self.channels
        self._size = self._frame * round((BUFFER_S + 0.5) * self.rate)  # write() stops at BUFFER_S; the rest is a margin
        self._ring, self._soft = bytearray(self._size), bytearray(self._size)
        self._wrote = 0  # bytes since the start; moved by write() alone
        self._read = 0  # moved by the callback alone
        self._drop_to = 0  # what lies before it was stopped
        self._played = 0  # bytes of sound given to the card; moved by the callback alone
        self._duck_to = 0  # what lies before it is played softly
        self._blocks: deque[bytes] = deque(maxlen=PLAYED_BLOCKS)  # what the card was given, as it is
        self._back = Resampler(self.rate, RATE)  # of what was played
        self._resampler = Resampler(self.rate, self.rate)
        self._lock = threading.Lock()
        sd = sounddevice()
        try:
            self._stream = sd.RawOutputStream(
                samplerate=self.rate, channels=self.channels, dtype="int16", device=card.index, latency=LATENCY_S,
                callback=self._callback,
            )  # fmt: skip
            self._stream.start()
        except sd.PortAudioError as error:
            raise AudioError(f"the loudspeaker {card.name!r} does not start: {error}; see `assistant devices`") from error

    def write(self, pcm: bytes, rate: int) -> int:
        """Take what fits; see the protocol. Raises `AudioError` when the loudspeaker has gone."""
        if not self._stream.active:
            raise AudioError(f"the loudspeaker {self.name!r} has stopped; see `assistant devices`")
        with self._lock:
            if rate != self._resampler.rate_in:
                self._put(self._resampler.flush())
                self._resampler = Resampler(rate, self.rate)
            room = min(BUFFER_S - self._pending_s(), (self._size - (self._wrote - self._read)) / self._frame / self.rate)
            taken = pcm[: max(0, 2 * int(room * rate + 1e-6))]
            taken = taken[: len(taken) & ~1]
            self._put(self._resampler.feed(taken))
            return len(taken)

    def pending_s(self) -> float:
        """Seconds of sound taken and not yet given to the card."""
        with self._lock:
            if self._ring_s() < LATENCY_S:  # nothing followed: bring out what the resampler holds back
                self._put(self._resampler.flush())
            return self._pending_s()

    def played_ms(self) -> int:
        """Milliseconds of sound given to the card."""
        return round(1000 * self._played / self._frame / self.rate)

    def wait_s(self) -> float:
        """Seconds until half of the buffer is free; 0 when it is."""
        return max(0.0, self.pending_s() - BUFFER_S / 2)

    def stop(self) -> None:
        """Drop what is pending; any thread."""
        with self._lock:
            self._drop_to = self._wrote
            self._resampler.reset()

    def duck(self, for_s: float) -> None:
        """Play on more softly for so much sound; see the protocol. Any thread."""
        self._duck_to = self._read + self._frame * round(min(for_s, DUCK_MAX_S) * self.rate) if for_s > 0 else 0

    def reference(self) -> bytes:
        """What was given to the card since the last call; see the protocol."""
        blocks = [self._blocks.popleft() for _ in range(len(self._blocks))]
        if not blocks:
            return b""
        import numpy as np

        mono: bytes = np.frombuffer(b"".join(blocks), "<i2")[:: self.channels].tobytes()
        return self._back.feed(mono)

    def close(self) -> None:
        """Release the card."""
        self._stream.abort()
        self._stream.close()

    def _ring_s(self) -> float:
        return (self._wrote - max(self._read, self._drop_to)) / self._frame / self.rate

    def _pending_s(self) -> float:
        return self._ring_s() + self._resampler.held_s()

    def _put(self, mono: bytes) -> None:
        """Into the ring, to all channels; the caller has looked that it fits."""
        if not mono:
            return
        import numpy as np

        wide = np.repeat(np.frombuffer(mono, "<i2"), self.channels)
        if self._volume is not None and (gain := self._volume.gain) != 1.0:
            wide = (wide * gain).astype("<i2")
        at = self._wrote % self._size
        for ring, data in ((self._ring, wide.tobytes()), (self._soft, (wide * DUCK_GAIN).astype("<i2").tobytes())):
            first = min(len(data), self._size - at)
            ring[at : at + first] = data[:first]
            ring[: len(data) - first] = data[first:]
        self._wrote += 2 * len(wide)

    def _callback(self, out: Any, frames: int, _time: Any, _status: Any) -> None:
        start = max(self._read, self._drop_to)
        count = min(len(out), self._wrote - start)
        at = start % self._size
        first = min(count, self._size - at)
        ring = self._soft if start < self._duck_to else self._ring
        out[:first] = ring[at : at + first]
        out[first:count] = ring[: count - first]
        out[count:] = bytes(len(out) - count)
        self._blocks.append(bytes(out))
        self._played += count
        self._read = start + count
