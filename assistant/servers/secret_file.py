"""A small file of hashes that only this user reads (the API's key, the page's logins), and the hash they are kept as."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from assistant.errors import UsageError

T = TypeVar("T")


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


class SecretFile(Generic[T]):
    """Read again whenever it changed, so that what was revoked is refused at once."""

    def __init__(self, path: Path, parse: Callable[[str], T], none: T) -> None:
        """`parse` may raise `ValueError` or `TypeError`: damaged, and so nothing."""
        self.path, self._parse, self._none = path, parse, none
        self._seen: tuple[int, int] | None = None
        self._kept = none

    def read(self) -> T:
        """What it holds; `none` where there is none or it is damaged."""
        try:
            state = self.path.stat()
            seen = (state.st_mtime_ns, state.st_ino)
            if seen != self._seen:
                self._kept, self._seen = self._parse(self.path.read_text()), seen
        except (OSError, ValueError, TypeError):
            self._kept, self._seen = self._none, None
        return self._kept

    def write(self, text: str) -> None:
        """Put it in place of what is there, whole or not at all, 0600. Raises `OSError`."""
        new = self.path.with_suffix(".new")
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        new.replace(self.path)

    def remove(self) -> bool:
        """Whether there was one. Raises `UsageError`."""
        try:
            there = self.path.exists()
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise UsageError(f"{self.path}: cannot be removed ({error.strerror})") from None
        return there
