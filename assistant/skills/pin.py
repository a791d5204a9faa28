"""The PIN of the home: read from its file at each use, compared in constant time; three wrong ones lock it for a while."""

import hmac
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from assistant.errors import ConfigError
from assistant.languages.numerals import FEWEST_DIGITS

MOST_WRONG = 3
LOCKED_S = 300.0
"""After so many wrong ones none is taken for so long."""
LENGTHS = range(FEWEST_DIGITS, 13)


class Pin:
    """One PIN, and who has got it wrong; of the brain's thread."""

    def __init__(self, path: str, clock: Callable[[], float]) -> None:
        """`path` "": none is set. Raises `ConfigError` for a file that cannot be used."""
        self._path, self._clock = Path(path).expanduser() if path else None, clock
        self._wrong, self._locked_until = 0, 0.0
        self._read()

    @property
    def there(self) -> bool:
        """Whether one is set."""
        return self._path is not None

    def locked_s(self) -> float:
        """Seconds for which none is taken."""
        return max(0.0, self._locked_until - self._clock())

    def check(self, digits: str) -> Literal["right", "wrong", "locked"]:
        """Whether these are the digits. Raises `ConfigError` when the file has become unusable."""
        if self.locked_s():
            return "locked"
        if len(digits) not in LENGTHS:  # misheard: it is nobody's
            return "wrong"
        known = self._read()
        if known and hmac.compare_digest(known.encode(), digits.encode()):
            self._wrong = 0
            return "right"
        self._wrong += 1
        if self._wrong < MOST_WRONG:
            return "wrong"
        self._wrong, self._locked_until = 0, self._clock() + LOCKED_S
        return "locked"

    def _read(self) -> str:
        if self._path is None:
            return ""
        try:
            mode, text = self._path.stat().st_mode, self._path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is no plain text"
            raise ConfigError(f"home.pin_file: {self._path} cannot be read ({why}); write the PIN's digits into it") from None
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ConfigError(f"home.pin_file: others may read {self._path}; run chmod 600 {self._path}")
        if not (text.isdigit() and len(text) in LENGTHS):
            raise ConfigError(
                f"home.pin_file: {self._path} must hold {LENGTHS.start} to {LENGTHS.stop - 1} digits and nothing else"
            )
        return text
