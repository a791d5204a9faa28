"""What a knob stands at, kept for the next start: one small JSON in the user's data folder.

A file that is not there or cannot be read is no error: the knob stands where it does without one. One that cannot be written is
a line in the log.
"""

import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

_log = logging.getLogger(__name__)


class Kept:
    """The file of one knob."""

    def __init__(self, folder: Path | None, name: str, what: str) -> None:
        """`folder` None: nothing is kept. `what`: the knob's name in the log, such as "volume"."""
        self._path = folder / name if folder is not None else None
        self._what = what

    def read(self) -> Mapping[str, Any]:
        """What was written last; nothing where there is no whole file."""
        if self._path is not None:
            with suppress(OSError, ValueError):
                found = json.loads(self._path.read_text(encoding="utf-8"))
                return found if isinstance(found, dict) else {}
        return {}

    def write(self, values: Mapping[str, Any]) -> None:
        """Put these in place of what was there, whole or not at all."""
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = self._path.with_suffix(".new")
            fresh.write_text(json.dumps(values), encoding="utf-8")
            fresh.replace(self._path)
        except OSError as error:
            _log.warning(
                "%s: cannot be written (%s); the %s is what it was at the next start", self._path, error.strerror, self._what
            )
