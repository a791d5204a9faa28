"""flite, the CMU voices, through its C library: English, light, recorded from people.

Debian's libflite1 (BSD-like licence). Voices: slt (a woman), rms and awb (men), kal16 (diphone). flite's voices are one for
the whole process, so a lock stands around each synthesis. Interface: flite's flite.h, cst_voice.h,
cst_utterance.h and cst_wave.h, version 2.2.
"""

import ctypes
import threading
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import Field

from assistant.cancel import CancelToken
from assistant.config import Section, parse_section
from assistant.engines.base import TtsSpec
from assistant.errors import EngineError, EngineUnavailable, ModelNotFound, ModelUnsupported
from assistant.protocols import AudioChunk, Mark

VOICES = ("slt", "rms", "awb", "kal16")
MAX_CHARACTERS = 2000
"""A longer text is said up to here: a clause is far shorter."""


_END = b"daughtern.R:SylStructure.daughtern.daughtern.R:Segment.end"
"""The way from a token to the end of its last word's last sound."""

_lock = threading.Lock()


class Settings(Section):
    """`tts.options` of this engine."""

    stretch: float = Field(1.0, ge=0.5, le=2.0, description="how slowly: 1.2 takes a fifth longer")


class _Wave(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_char_p),
        ("sample_rate", ctypes.c_int),
        ("num_samples", ctypes.c_int),
        ("num_channels", ctypes.c_int),
        ("samples", ctypes.POINTER(ctypes.c_short)),
    )


class _Voice(ctypes.Structure):
    """The beginning of flite's own object of a voice."""

    _fields_ = (("name", ctypes.c_char_p), ("features", ctypes.c_void_p))


def make(spec: TtsSpec) -> "FliteVoice":
    """A voice by name. Raises `EngineUnavailable`, `ModelNotFound`, `ModelUnsupported`, `ConfigError`."""
    if spec.language != "en":
        raise ModelUnsupported(f"flite speaks English only, not {spec.language}; set tts.engine to espeak or piper")
    name = VOICES[0] if spec.voice == "auto" else spec.voice
    if name not in VOICES:
        raise ModelNotFound(f"tts.voice {name}: flite has {', '.join(VOICES)}")
    return FliteVoice(name, parse_section(Settings, spec.options, ("tts", "options")))


class FliteVoice:
    """One of flite's voices."""

    rate = 16_000

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self._library = _library()
        self._voice = _voice(name)
        self._stretch = settings.stretch

    def synthesize(self, text: str, cancel: CancelToken, slowly: float = 1.0) -> Iterator[AudioChunk]:
        """All of the text in one chunk. Raises `Cancelled`, `EngineError`."""
        cancel.check()
        kept = [(at, sign) for at, sign in enumerate(text[:MAX_CHARACTERS].replace("\0", " ")) if sign.isascii()]
        plain = "".join(sign for _, sign in kept).encode()
        if not any(chr(byte).isalnum() for byte in plain):
            return
        with _lock:
            self._library.feat_set_float(self._voice.contents.features, b"duration_stretch", self._stretch * slowly)
            utterance = self._library.flite_synth_text(plain, self._voice)
        if not utterance:
            raise EngineError("tts engine flite: it made no sound of a text")
        try:
            made = self._library.utt_wave(utterance).contents
            marks = [Mark(end_s, kept[min(end, len(kept)) - 1][0] + 1) for end_s, end in self._words(utterance)]
            chunk = AudioChunk(ctypes.string_at(made.samples, 2 * made.num_samples), made.sample_rate, marks)
        finally:
            self._library.delete_utterance(utterance)
        cancel.check()
        yield chunk

    def _words(self, utterance: int) -> Iterator[tuple[float, int]]:
        """For each word, when it ends and at which byte of the text; signs that are not said have no time."""
        library = self._library
        item = library.relation_head(library.utt_relation(utterance, b"Token"))
        while item:
            end_s = library.ffeature_float(item, _END)
            if end_s > 0:
                yield end_s, int(library.ffeature_float(item, b"file_pos"))
            item = library.item_next(item)


@cache
def _library() -> Any:
    try:
        library = ctypes.CDLL("libflite.so.1", mode=ctypes.RTLD_GLOBAL)  # its voices look their functions up in it
    except OSError:
        raise EngineUnavailable(
            "tts engine flite: its library is not installed; apt-get install libflite1, or run scripts/setup"
        ) from None
    for name, result, *arguments in (
        ("flite_synth_text", ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(_Voice)),
        ("utt_wave", ctypes.POINTER(_Wave), ctypes.c_void_p),
        ("utt_relation", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p),
        ("relation_head", ctypes.c_void_p, ctypes.c_void_p),
        ("item_next", ctypes.c_void_p, ctypes.c_void_p),
        ("ffeature_float", ctypes.c_float, ctypes.c_void_p, ctypes.c_char_p),
        ("delete_utterance", None, ctypes.c_void_p),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    library.feat_set_float.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_float)
    library.flite_init()
    return library


@cache
def _voice(name: str) -> Any:
    """flite's own object of a voice, registered once for the process."""
    _library()
    for part in ("libflite_usenglish.so.1", "libflite_cmulex.so.1"):
        ctypes.CDLL(part, mode=ctypes.RTLD_GLOBAL)
    register = getattr(ctypes.CDLL(f"libflite_cmu_us_{name}.so.1"), f"register_cmu_us_{name}")
    register.restype = ctypes.POINTER(_Voice)
    return register(None)
