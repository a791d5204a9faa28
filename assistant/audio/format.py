"""The one sound format inside: 16 kHz, mono, signed 16-bit little-endian, in frames of 512 samples (32 ms).

512 samples because the voice-activity network takes exactly that many; everything else takes any length. A frame is `bytes`
of length `FRAME_BYTES`. What devices and files bring is converted at the border (`wav`, `mic`, `speaker`).
"""

RATE = 16_000
"""Samples per second."""
FRAME = 512
"""Samples per frame."""
FRAME_BYTES = 2 * FRAME
FRAME_S = FRAME / RATE
"""Seconds per frame."""
SILENCE = bytes(FRAME_BYTES)
"""One silent frame."""


def seconds(pcm_bytes: int) -> float:
    """Seconds of that many bytes in the inner format."""
    return pcm_bytes / (2 * RATE)
