"""How slowly the assistant speaks: one knob for everything that its voices say, kept over restarts.

It is turned in `STEPS`, so that as many steps back lead to the usual rate again. Each voice makes its sound so many times longer
than it would by its own settings (`protocols.Voice.synthesize`); what is made already is played as it is.
"""

from contextlib import suppress
from pathlib import Path

from assistant.audio.kept import Kept

NAME = "tempo.json"
USUAL = 1.0
STEPS = (0.8, USUAL, 1.25, 1.6, 2.0)
"""How many times longer than usual, the fastest first."""


class Tempo:
    """The knob. Turned in the brain's thread; `slowly` may be read by any."""

    def __init__(self, folder: Path | None) -> None:
        """`folder` None: it is usual again at the next start. A file that cannot be read counts as none."""
        self._kept = Kept(folder, NAME, "speaking rate")
        self.slowly = USUAL
        with suppress(KeyError, TypeError, ValueError, OverflowError):
            found = float(self._kept.read()["slowly"])
            self.slowly = found if STEPS[0] <= found <= STEPS[-1] else USUAL
        self._own = self.slowly

    def slower(self, *, keep: bool = True) -> bool:
        """One step slower; False: it is at its end. `keep` False: until `restore`, and not for the next start."""
        return self._turn(next((step for step in STEPS if step > self.slowly), self.slowly), keep)

    def faster(self, *, keep: bool = True) -> bool:
        """One step faster; False: it is at its end."""
        return self._turn(next((step for step in reversed(STEPS) if step < self.slowly), self.slowly), keep)

    def usual(self, *, keep: bool = True) -> bool:
        """As it is by itself; False: it was."""
        return self._turn(USUAL, keep)

    def restore(self) -> None:
        """As it was before somebody turned it whose wish is not kept."""
        self.slowly = self._own

    def _turn(self, slowly: float, keep: bool) -> bool:
        moved, self.slowly = slowly != self.slowly, slowly
        if keep and slowly != self._own:
            self._own = slowly
            self._kept.write({"slowly": slowly})
        return moved
