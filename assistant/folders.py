"""The user's folders, by the XDG base directory rules."""

import os
from collections.abc import Mapping
from pathlib import Path

_NAME = "edge-assistant"


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where what can be made again is kept."""
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / _NAME


def data_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where what must not be lost is kept."""
    return Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / _NAME
