"""WebRTC's audio processing, from `pywebrtc-audio`, which is optional: echo cancellation, noise suppression, automatic gain.

It works on 10 ms of sound. What it is given beyond whole ones it fills up with silence, and since sound leaves it late, of each
such call some is lost. A frame of ours is 32 ms: here it waits until the 10 ms are whole.
"""

from typing import Any

from assistant.audio.format import FRAME_BYTES, RATE
from assistant.errors import EngineUnavailable

WHOLE = 2 * RATE // 100
"""Bytes of 10 ms."""
WAITS = WHOLE - 2 * 32
"""Bytes (8 ms) by which frames leave late: frames and whole 10 ms meet at every 32 samples, so no more than this waits."""
SUPPRESSION = 1
"""Of 0 to 3 (6, 12, 18, 21 dB): how much quieter noise gets (docs/decisions/0028-noise-suppression-and-gain.md)."""


class Processor:
    """A stage of the microphone's frames. Belongs to the ear's thread.

    Frames leave it late: 8 ms for waiting, 8 more with cancellation, 6 more with suppression.
    """

    def __init__(self, wanted: str, *, cancel: bool = False, suppress: bool = False, gain: bool = False) -> None:
        """`wanted`: the key path and its value, for the error. Raises `EngineUnavailable` when the package is not installed."""
        try:
            from pywebrtc_audio import AudioProcessor
        except ImportError:
            raise EngineUnavailable(f"{wanted}, but pywebrtc-audio is not installed: pip install pywebrtc-audio") from None
        self._made: Any = AudioProcessor(
            sample_rate=RATE, echo_cancellation=cancel, noise_suppression=suppress, ns_level=SUPPRESSION, auto_gain_control=gain
        )
        self._cancels = cancel
        self.forget()

    def forget(self) -> None:
        """Drop what waits: frames are left out before the next one."""
        self._near, self._far = bytearray(), bytearray()  # each less than 10 ms between two calls
        self._ready = bytearray(WAITS)

    def feed(self, frame: bytes, played: bytes = b"") -> bytes:
        """Take a frame and, for cancellation, what was played beside it; return the next frame."""
        import numpy as np

        self._near += frame
        self._far += played
        whole = len(self._near) - len(self._near) % WHOLE
        sound = [
            np.frombuffer(bytes(part[:whole]), "<i2") for part in ([self._near, self._far] if self._cancels else [self._near])
        ]
        self._ready += self._made.process(*sound).astype("<i2").tobytes()
        del self._near[:whole], self._far[:whole]
        made = bytes(self._ready[:FRAME_BYTES])
        del self._ready[:FRAME_BYTES]
        return made


def improver(*, suppress: bool, gain: bool) -> Processor | None:
    """What takes steady noise out of the frames and makes quiet voices louder; None where neither is asked for.

    Raises `EngineUnavailable` when the package is not installed.
    """
    if not suppress and not gain:
        return None
    wanted = "audio.noise_suppression is true" if suppress else "audio.auto_gain is true"
    return Processor(wanted, suppress=suppress, gain=gain)
