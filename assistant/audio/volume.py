"""How loud the assistant is: one knob for everything that its loudspeaker plays, kept over restarts.

The loudspeaker multiplies what it is given with `gain` (audio/speaker.py): what lies in its buffer already is played as it was.
What rings is never below `RING`, muted or not: it is to wake somebody. Gain is the square, which people hear as even steps.
"""

from contextlib import suppress
from pathlib import Path

from assistant.audio.kept import Kept

NAME = "volume.json"
RING = 30
"""Per cent below which nothing rings."""


class Volume:
    """The knob. Turned in the brain's thread; `gain` may be read by any."""

    def __init__(self, folder: Path | None) -> None:
        """`folder` None: it is full again at the next start. A file that cannot be read counts as none."""
        self._kept = Kept(folder, NAME, "volume")
        self.percent, self.muted, self.rings = 100, False, False
        with suppress(KeyError, TypeError, ValueError, OverflowError):
            found = self._kept.read()
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
        self._kept.write({"percent": self.percent, "muted": self.muted})
