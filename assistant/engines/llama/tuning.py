"""Threads that `assistant bench tune` found best, kept for each processor and model: {machine: {model: [decode, prefill]}}.

What is not there, or is no longer true of this machine, is chosen by rule.
"""

import json
import logging
import os
from pathlib import Path
from typing import Any

from assistant.cores import usable

_log = logging.getLogger(__name__)
NAME = "threads.json"


def machine() -> str:
    """What the best number depends on: the processor and the cores this process may use."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith(("model name", "Model", "CPU part"))]
    return f"{names[-1] if names else 'unknown'}, {usable()} cores"


def read(folder: Path | None, model: Path) -> tuple[int, int] | None:
    """Threads for decode and for prefill of a model on this machine; None where they were not measured."""
    if folder is None:
        return None
    try:
        found = _all(folder)[machine()][_name(model)]
        decode, prefill = int(found[0]), int(found[1])
    except (OSError, KeyError, IndexError):
        return None
    except (ValueError, TypeError, AttributeError) as error:
        _log.warning("%s cannot be read (%s); measure again with `assistant bench tune`", folder / NAME, error)
        return None
    return (decode, prefill) if min(decode, prefill) >= 1 and max(decode, prefill) <= 64 else None


def write(folder: Path, model: Path, decode: int, prefill: int) -> Path:
    """Keep them; returns the file. Raises `OSError`."""
    try:
        table: dict[str, Any] = _all(folder)
        table = table if isinstance(table, dict) else {}
    except (OSError, ValueError):
        table = {}
    mine = table.setdefault(machine(), {})
    mine[_name(model)] = [decode, prefill]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = folder / f"{NAME}.{os.getpid()}"
    fresh.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    fresh.replace(folder / NAME)
    return folder / NAME


def _all(folder: Path) -> Any:
    return json.loads((folder / NAME).read_text(encoding="utf-8"))


def _name(model: Path) -> str:
    return f"{model.name}, {model.stat().st_size} bytes"
