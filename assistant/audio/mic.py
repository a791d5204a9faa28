"""The microphone, through PortAudio.

Rules:
- The callback copies bytes into a bounded deque and does nothing else. Full: the oldest block is dropped and counted.
- Mixing and conversion to the inner format happen in `read()`, in the ear's thread.
- A microphone that gives nothing any more (unplugged, driver gone) is an `AudioError`: who cannot hear must not look alive.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from assistant.audio.devices import find, list_devices, open_format, sounddevice
from assistant.audio.format import FRAME, FRAME_BYTES, FRAME_S, RATE
from assistant.audio.resample import Resampler
from assistant.errors import AudioError

RING_S = 4.0
"""Sound kept while the ear is busy."""
DEAD_S = 4.0
"""Without a block for so long the microphone is dead."""
START_S = 8.0
"""The same before its first block: a sound server that slept takes seconds to begin."""
MIN_WAIT_S = 0.005


class Mic:
    """A microphone by name; records from the moment it is made.

    `rates` and `channels` are tried in that order, by default ours first and mono first. `clock` is wall time in seconds. Raises
    `DeviceNotFound`, `AudioError`, `EngineUnavailable`.
    """

    def __init__(
        self,
        device: str,
        clock: Callable[[], float] = time.monotonic,
        rates: Sequence[int] | None = None,
        channels: Sequence[int] | None = None,
    ) -> None:
        card = find(device, "input", list_devices())
        self.name = card.name
        self.rate, self.channels = open_format(
            card, "input", rates or (RATE, card.rate, 48_000, 44_100), channels or (1, 2, card.inputs)
        )
        self.dropped = 0
        """Blocks of a frame's length lost: our ring was full, or the card said that it lost sound."""
        self._blocks: deque[bytes] = deque(maxlen=round(RING_S / FRAME_S))
        self._resampler = Resampler(self.rate, RATE)
        self._ready = bytearray()
        self._clock = clock
        self._last = clock() + START_S - DEAD_S
        sd = sounddevice()
        try:
            self._stream = sd.RawInputStream(
                samplerate=self.rate, channels=self.channels, dtype="int16", device=card.index,
                blocksize=round(FRAME * self.rate / RATE), callback=self._callback,
            )  # fmt: skip
            self._stream.start()
        except sd.PortAudioError as error:
            raise AudioError(f"the microphone {card.name!r} does not start: {error}; see `assistant devices`") from error

    def read(self) -> bytes | None:
        """The next frame, or None. Raises `AudioError` when the microphone is dead."""
        while len(self._ready) < FRAME_BYTES:
            if not self._blocks:
                self._look_alive()
                return None
            self._last = self._clock()
            self._ready += self._resampler.feed(self._mono(self._blocks.popleft()))
        frame = bytes(self._ready[:FRAME_BYTES])
        del self._ready[:FRAME_BYTES]
        return frame

    def wait_s(self) -> float:
        """Seconds until the next block should come."""
        if self._blocks or len(self._ready) >= FRAME_BYTES:
            return 0.0
        return min(FRAME_S, max(MIN_WAIT_S, self._last + FRAME_S - self._clock()))

    def close(self) -> None:
        """Release the card."""
        self._stream.abort()
        self._stream.close()

    def _look_alive(self) -> None:
        if not self._stream.active:
            raise AudioError(f"the microphone {self.name!r} has stopped; is it still plugged in? see `assistant devices`")
        if self._clock() - self._last > DEAD_S:
            raise AudioError(f"the microphone {self.name!r} gives no sound; is it still plugged in? see `assistant devices`")

    def _mono(self, block: bytes) -> bytes:
        if self.channels == 1:
            return block
        import numpy as np

        samples = np.frombuffer(block, "<i2").reshape(-1, self.channels)
        mixed: bytes = np.rint(samples.mean(axis=1)).astype("<i2").tobytes()
        return mixed

    def _callback(self, data: Any, _frames: int, _time: Any, status: Any) -> None:
        if len(self._blocks) == self._blocks.maxlen or status.input_overflow:
            self.dropped += 1
        self._blocks.append(bytes(data))
