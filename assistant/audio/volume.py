"""How loud the assistant is: one knob for everything that its loudspeaker plays, kept over restarts.

The loudspeaker multiplies what it is given with `gain` (audio/speaker.py): what lies in its buffer already is played as it was.
What rings is never below `RING`, muted or not: it is to wake somebody. Gain is the square, which people hear as even steps.
"""

import json
import logging
from contextlib import suppress
from pathlib import Path

_log = logging.getLogger(__name__)
NAME = "volume.json"
RING = 30
"""Per cent below which nothing rings."""


class Volume:
    """The knob. Turned in the brain's thread; `gain` may be read by any."""

    def __init__(self, folder: Path | None) -> None:
        """`folder` None: it is full again at the next start. A file that cannot be read counts as none."""
        self._path = folder / NAME if folder is not None else None
        self.percent, self.muted, self.rings = 100, False, False
        if self._path is not None:
            with suppress(OSError, ValueError, KeyError, TypeError):
                found = json.loads(self._path.read_text(encoding="utf-8"))
                self.percent, self.muted = max(0, min(100, int(found["percent"]))), bool(found["muted"])

    def ring(self, on: bool) -> None:
        """Something rings, or no longer."""
        self.rings = on

    @property
    def gain(self) -> float:
        """What samples are multiplied with."""
        percent = 0 if self.muted else self.percent
        return (max(percent, RING if self.rings else 0) / 100) ** 2

    def set(self, percent: int) -> int:
        """Turn it to so many per cent, at most to an end; where it is now. What was muted is heard again."""
        self.percent, self.muted = max(0, min(100, percent)), False
        self._write()
        return self.percent

    def mute(self, on: bool) -> None:
        """Mute it, or not."""
        self.muted = on
        self._write()

    def _write(self) -> None:
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = self._path.with_suffix(".new")
            fresh.write_text(json.dumps({"percent": self.percent, "muted": self.muted}), encoding="utf-8")
            fresh.replace(self._path)
        except OSError as error:
            _log.warning("%s: cannot be written (%s); the volume is what it was at the next start", self._path, error.strerror)
