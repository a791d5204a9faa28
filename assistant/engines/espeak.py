"""espeak-ng through the library that espeakng-loader carries: every language, robotic, very fast.

espeak-ng is GPL-3.0-or-later and is loaded only when this engine is used (docs/decisions/0001-licences.md). Its library is one
for the whole process: voice and parameters are set before each synthesis, under a lock, so that several voices may live together.
The callback that collects sound answers 1 once the turn is cancelled, which ends the synthesis.
Interface: espeak-ng's speak_lib.h.
"""

import ctypes
import threading
from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

from pydantic import Field

from assistant.cancel import CancelToken
from assistant.config import Section, parse_section
from assistant.engines.base import TtsSpec, unavailable
from assistant.errors import EngineUnavailable, ModelNotFound
from assistant.protocols import AudioChunk, Mark

_RETRIEVAL, _UTF8 = 1, 1  # AUDIO_OUTPUT_RETRIEVAL, espeakCHARS_UTF8
_SPEED, _VOLUME, _PITCH = 1, 2, 3  # espeakRATE, espeakVOLUME, espeakPITCH
_WORD, _END = 1, 5  # espeakEVENT_WORD, espeakEVENT_END: a word begins, a clause is over
_VOICES = {"en": "en-us", "zh": "cmn"}
SLOWEST_WPM = 80
"""The library takes no less."""
MAX_CHARACTERS = 2000
"""A longer text is said up to here: a clause is far shorter."""

_lock = threading.Lock()


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class Settings(Section):
    """`tts.options` of this engine."""

    rate_wpm: int = Field(160, ge=SLOWEST_WPM, le=450)
    pitch: int = Field(50, ge=0, le=100)
    volume: int = Field(100, ge=0, le=200)


def make(spec: TtsSpec) -> "EspeakVoice":
    """A voice by espeak-ng's name (`en-us`, `en-us+f3`, `cmn`). Raises `EngineUnavailable`, `ModelNotFound`, `ConfigError`."""
    settings = parse_section(Settings, spec.options, ("tts", "options"))
    name = _VOICES.get(spec.language, spec.language) if spec.voice == "auto" else spec.voice
    return EspeakVoice(name, settings)


class EspeakVoice:
    """One voice with its parameters."""

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self._settings = settings
        self._library, self.rate = _library()
        with _lock:
            if self._library.espeak_SetVoiceByName(name.encode()) != 0:
                raise ModelNotFound(f"tts.voice {name}: espeak-ng has no such voice; try en-us, en-us+f3 or cmn")

    def synthesize(self, text: str, cancel: CancelToken, slowly: float = 1.0) -> Iterator[AudioChunk]:
        """All of the text in one chunk: it takes milliseconds. A word ends where the next begins. Raises `Cancelled`."""
        cancel.check()
        pieces: list[bytes] = []
        marks: list[Mark] = []

        def collect(samples: Any, count: int, events: Any) -> int:
            if samples and count:
                pieces.append(ctypes.string_at(samples, 2 * count))
            for event in takewhile(lambda event: event.type != 0, events):
                if event.type in (_WORD, _END) and event.text_position > 1:
                    marks.append(Mark(event.sample / self.rate, event.text_position - 1))
            return int(cancel.reason is not None)

        callback = _CALLBACK(collect)  # must outlive the call below
        data = text.replace("\0", " ")[:MAX_CHARACTERS].encode()
        with _lock:
            library = self._library
            library.espeak_SetVoiceByName(self.name.encode())
            library.espeak_SetParameter(_SPEED, max(SLOWEST_WPM, round(self._settings.rate_wpm / slowly)), 0)
            library.espeak_SetParameter(_PITCH, self._settings.pitch, 0)
            library.espeak_SetParameter(_VOLUME, self._settings.volume, 0)
            library.espeak_SetSynthCallback(callback)
            library.espeak_Synth(data, ctypes.c_size_t(len(data) + 1), 0, 1, 0, _UTF8, None, None)
            library.espeak_Synchronize()
        cancel.check()
        if pieces:
            yield AudioChunk(b"".join(pieces), self.rate, marks)


@cache
def _library() -> tuple[Any, int]:
    """The library, started, and its rate in Hz."""
    try:
        import espeakng_loader
    except ImportError as error:
        raise unavailable("tts", "espeak", error) from error
    data = Path(espeakng_loader.get_data_path()).parent
    try:
        library = ctypes.CDLL(espeakng_loader.get_library_path())
    except OSError as error:
        raise EngineUnavailable(f"tts engine espeak: its library does not load ({error}); run scripts/setup") from None
    rate = library.espeak_Initialize(_RETRIEVAL, 0, str(data).encode(), 0)
    if rate <= 0:
        raise EngineUnavailable(f"tts engine espeak: cannot start with the data in {data}; run scripts/setup")
    return library, rate
