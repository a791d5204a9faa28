"""Real speech for tests: synthesised by espeak-ng and flite, as 16 kHz mono s16le bytes (`assistant.audio.format`).

Rules: the same arguments always give the same bytes. espeak-ng's library keeps global state, so this room loads a private
copy of it: an engine under test that uses the installed one is not disturbed.
"""

import ctypes
import shutil
import subprocess
import tempfile
import wave
from functools import lru_cache
from pathlib import Path
from typing import Any

import espeakng_loader
import numpy as np
import soxr

from assistant.audio.format import FRAME_BYTES, RATE

_RETRIEVAL, _RATE, _PITCH = 1, 1, 3  # espeak-ng's speak_lib.h: AUDIO_OUTPUT_RETRIEVAL, espeakRATE, espeakPITCH
_UTF8 = 1  # espeakCHARS_UTF8
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


@lru_cache(maxsize=256)
def espeak(text: str, voice: str = "en-us", rate_wpm: int = 160, pitch: int = 50) -> bytes:
    """`text` in an espeak-ng voice (`en-us`, `en`, `cmn`, with a variant as in `en-us+f3`); ValueError for an unknown one.

    Begins and ends with the speech itself: add `silence` where a test needs it.
    """
    library, rate = _fresh_library()
    if library.espeak_SetVoiceByName(voice.encode()) != 0:
        raise ValueError(f"espeak-ng has no voice {voice!r}")
    library.espeak_SetParameter(_RATE, rate_wpm, 0)
    library.espeak_SetParameter(_PITCH, pitch, 0)
    library.espeak_ng_SetRandSeed(ctypes.c_long(1))
    pieces: list[bytes] = []

    def collect(samples: Any, count: int, _events: Any) -> int:
        if samples and count:
            pieces.append(ctypes.string_at(samples, 2 * count))
        return 0

    callback = _CALLBACK(collect)  # must outlive the call below
    library.espeak_SetSynthCallback(callback)
    data = text.encode()
    library.espeak_Synth(data, ctypes.c_size_t(len(data) + 1), 0, 1, 0, _UTF8, None, None)
    library.espeak_Synchronize()
    library.espeak_Terminate()
    return _trim(_resample(b"".join(pieces), rate))


@lru_cache(maxsize=256)
def flite(text: str, voice: str = "slt") -> bytes:
    """`text` in a voice of the flite command: slt, rms, awb (recorded people), kal. Begins and ends with the speech itself."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(path)], check=True, capture_output=True)
        with wave.open(str(path)) as file:
            return _trim(_resample(file.readframes(file.getnframes()), file.getframerate()))


def silence(seconds: float) -> bytes:
    """Digital silence."""
    return bytes(2 * round(seconds * RATE))


def noise(seconds: float, rms: float = 500.0, seed: int = 1) -> bytes:
    """White noise; `rms` on the scale of 16-bit samples."""
    samples = np.random.default_rng(seed).normal(0.0, rms, round(seconds * RATE))
    return _bytes(samples)


def mix(*sounds: bytes, gain: float = 1.0) -> bytes:
    """The sounds added sample by sample from a common start, times `gain`; as long as the longest, clipped at full scale."""
    total = np.zeros(max(len(sound) // 2 for sound in sounds))
    for sound in sounds:
        samples = np.frombuffer(sound, "<i2")
        total[: len(samples)] += samples
    return _bytes(total * gain)


def frames(pcm: bytes) -> list[bytes]:
    """The sound in frames of 512 samples, the last one filled up with silence."""
    pcm += bytes(-len(pcm) % FRAME_BYTES)
    return [pcm[at : at + FRAME_BYTES] for at in range(0, len(pcm), FRAME_BYTES)]


def _fresh_library() -> tuple[Any, int]:
    """A private copy of libespeak-ng, initialised, and its rate in Hz. New each time: what was said before changes the sound."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "libespeak-ng-for-tests.so"
        shutil.copy(espeakng_loader.get_library_path(), copy)
        library = ctypes.CDLL(str(copy))
    data = str(Path(espeakng_loader.get_data_path()).parent)
    rate = library.espeak_Initialize(_RETRIEVAL, 0, data.encode(), 0)
    if rate <= 0:
        raise RuntimeError(f"espeak-ng cannot start with the data in {data}")
    return library, rate


def _resample(pcm: bytes, rate: int) -> bytes:
    samples = np.frombuffer(pcm, "<i2").astype(np.float32)
    return _bytes(samples if rate == RATE else soxr.resample(samples, rate, RATE))


def _bytes(samples: Any) -> bytes:
    pcm: bytes = np.clip(np.round(samples), -32768, 32767).astype("<i2").tobytes()
    return pcm


def _trim(pcm: bytes) -> bytes:
    """Cut what is quieter than 1 % of the peak off both ends."""
    samples = np.abs(np.frombuffer(pcm, "<i2").astype(np.int32))
    loud = np.flatnonzero(samples > 0.01 * samples.max(initial=0))
    return pcm[2 * loud[0] : 2 * loud[-1] + 2] if len(loud) else b""
