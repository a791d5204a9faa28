"""A Piper voice that tells how long each phoneme sounds: Piper's own patch of the graph, made once and kept beside the caches.

It needs the package onnx (extra [alignment]) and runs in a process of its own: what it takes of memory is given back.
Kept: one copy a voice, the size of the voice.
"""

import logging
import os
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

_log = logging.getLogger(__name__)
LIMIT_S = 120.0


def telling(voice: Path, cache: Path | None) -> Path:
    """The patched copy of a voice; the voice itself where none can be had."""
    if cache is None:
        return voice
    stat = voice.stat()
    folder, name = cache / "voices", f"{voice.stem}.{stat.st_size}-{stat.st_mtime_ns}.onnx"
    copy = folder / name
    if copy.is_file():
        return copy
    if find_spec("onnx") is None:
        return voice
    part = folder / f"{name}.{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in folder.glob(f"{voice.stem}.*-*.onnx*"):
            old.unlink()
        patch = [sys.executable, "-m", "piper.patch_voice_with_alignment", str(voice), "--output", str(part)]
        done = subprocess.run(patch, capture_output=True, text=True, timeout=LIMIT_S)
        if part.is_file() and done.returncode == 0:
            part.replace(copy)
            return copy
        why = (done.stderr.strip().splitlines() or ["no copy was made"])[-1]
    except (OSError, subprocess.TimeoutExpired) as error:
        why = str(error)
    with suppress(OSError):
        part.unlink()
    _log.info("%s: the lengths of its words are not to be had (%s); what is broken off is kept by its played time", voice, why)
    return voice
