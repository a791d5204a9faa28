"""Short tones that tell what the assistant does: soft, faded at both ends, made on first use."""

from functools import cache

from assistant.audio.format import RATE
from assistant.audio.resample import to_s16

_LEVEL = 0.06  # of full scale: -27 dB on average, 3 below speech: it may sound while somebody already speaks
_FADE_S = 0.012
_NOTE_S = 0.09
# Frequencies in Hz of the notes, one after another: rising asks, falling ends, low and twice is an error.
_NOTES = {"wake": (659.3, 880.0), "done": (880.0, 659.3), "error": (220.0, 196.0), "ring": (880.0, 1174.7, 880.0, 1174.7) * 2}
_LOUD = {"ring": 0.4}  # it is to wake somebody


@cache
def earcon(name: str) -> bytes:
    """The tone `wake`, `done`, `error` or `ring` in the inner format; `KeyError` for any other name."""
    import numpy as np

    times = np.arange(round(_NOTE_S * RATE)) / RATE
    fade = np.clip(np.minimum(times, times[::-1]) / _FADE_S, 0, 1)
    notes = [_LOUD.get(name, _LEVEL) * fade * np.sin(2 * np.pi * frequency * times) for frequency in _NOTES[name]]
    return to_s16(np.concatenate(notes).astype(np.float32))


def listening(*, on: bool) -> dict[str, bytes]:
    """The tones at the begin and the end of listening, by name; none where they are not `on` (`audio.earcons`)."""
    return {name: earcon(name) for name in ("wake", "done")} if on else {}
