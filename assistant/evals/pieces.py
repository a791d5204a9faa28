"""A long measurement in pieces: each is told when it is done, and kept in a folder where one is given, so that a run that was
cut off goes on where it stopped.

A piece is a JSON object of counts and lists. What a run was made with is part of its pieces' names: another run finds nothing.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.errors import UsageError

Piece = dict[str, Any]


class Pieces:
    """What was measured so far."""

    def __init__(self, folder: Path | None, about: str, tell: Callable[[str], None] = lambda _: None) -> None:
        """`about`: all that the pieces depend on."""
        self._folder, self._tell = folder, tell
        self._key = hashlib.sha256(about.encode()).hexdigest()[:12]
        if folder is not None:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise UsageError(f"--keep {folder}: {error.strerror}; name a folder that can be written") from None

    def get(self, name: str, work: Callable[[], Piece]) -> Piece:
        """The piece, measured now unless it is kept."""
        path = self._folder / f"{name}.{self._key}.json" if self._folder is not None else None
        if path is not None and path.exists():
            self._tell(f"{name}: kept")
            return dict(json.loads(path.read_text(encoding="utf-8")))
        piece = work()
        if path is not None:
            part = path.with_suffix(".part")
            part.write_text(json.dumps(piece), encoding="utf-8")
            part.replace(path)
        self._tell(f"{name}: done")
        return piece
