"""The procedures of a folder, and how far each talk has come with one.

The folder is looked at again whenever a procedure is asked for: a file that is new, changed or gone counts at once. What is being
read stays as it was when it was begun, until a restart. Belongs to the brain's thread.

Bounded: `MOST_FILES` files (more: the first by name), `MOST_RUNNING` talks with a procedure (one more: the one longest untouched
is left), a place that nobody has touched for `KEPT_S` is forgotten. Places of private talks and of visitors never touch the disk.
"""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from assistant.memory.wording import stem
from assistant.procedures.steps import MOST_BYTES, BadProcedure, Place, Procedure, plain, read

NAME = "procedures.json"
MOST_FILES, MOST_RUNNING = 100, 16
KEPT_S = 12 * 3600.0
PRIVATE = "private:"
_SMALL = frozenset({"a", "an", "the", "my", "our", "of", "for", "to", "please", "now", "again", "and"})
_log = logging.getLogger(__name__)


class Procedures:
    """See `protocols_hands.Steps`."""

    def __init__(self, folder: Path, keep: Path | None, now: Callable[[], float] = time.time) -> None:
        """`folder` holds the files; `keep`: where places are kept, None: nowhere."""
        self._folder, self._now = folder, now
        self._path = keep / NAME if keep is not None else None
        self._files: dict[Path, tuple[tuple[int, int], Procedure | None]] = {}
        self._running: dict[str, Place] = {}
        self.refused: dict[str, str] = {}
        """Files that are no procedures, and why."""
        self.all()
        self._load()

    def all(self) -> list[Procedure]:
        """Those that the folder holds now, by name."""
        found: dict[Path, tuple[tuple[int, int], Procedure | None]] = {}
        try:
            paths = sorted(path for path in self._folder.glob("*.md") if path.is_file())
        except OSError as error:
            _log.warning("procedures.folder: %s cannot be read (%s)", self._folder, error.strerror)
            paths = []
        if len(paths) > MOST_FILES:
            _log.warning("procedures.folder: %s holds more than %d files; the rest is left out", self._folder, MOST_FILES)
        for path in paths[:MOST_FILES]:
            try:
                stat = path.stat()
            except OSError:
                continue  # gone since it was listed
            mark = (stat.st_mtime_ns, stat.st_size)
            known = self._files.get(path)
            found[path] = known if known is not None and known[0] == mark else (mark, self._read(path))
        for gone in set(self._files) - set(found):
            self.refused.pop(gone.name, None)
        self._files = found
        return sorted((one for _, one in found.values() if one is not None), key=lambda one: one.name.lower())

    def find(self, words: str) -> list[Procedure]:
        """Those that the words name: all of that very name, else those whose name holds them."""
        wanted, known = plain(words), self.all()
        if not wanted:
            return []
        exact = [one for one in known if wanted in map(plain, one.called())]
        return exact or [one for one in known if any(_means(name, words) for name in one.called())]

    def named(self, words: str) -> bool:
        """Whether one is called exactly so."""
        return any(plain(words) in map(plain, one.called()) for one in self.all())

    def running(self, key: str) -> Place | None:
        """Where a talk is; None: in none."""
        place = self._running.get(key)
        if place is not None and self._now() - place.touched > KEPT_S:
            self.leave(key)
            return None
        return place

    def begin(self, key: str, procedure: Procedure) -> Place:
        """Begin one, at its first step; another one of this talk is left."""
        self._running.pop(key, None)
        while len(self._running) >= MOST_RUNNING:
            del self._running[min(self._running, key=lambda one: self._running[one].touched)]
        return self._put(key, Place(procedure, 0, self._now()))

    def go(self, key: str, step: int) -> Place | None:
        """Go to a step (from 0); None where the procedure has none of that number, or none runs."""
        place = self.running(key)
        if place is None or not 0 <= step < len(place.procedure.steps):
            return None
        return self._put(key, replace(place, step=step, touched=self._now()))

    def leave(self, key: str) -> Place | None:
        """Leave the procedure of a talk; where it was."""
        place = self._running.pop(key, None)
        if place is not None:
            self._save()
        return place

    def _put(self, key: str, place: Place) -> Place:
        self._running[key] = place
        self._save()
        return place

    def _read(self, path: Path) -> Procedure | None:
        """The procedure of a file; None, and a line in the log, for one that holds none."""
        self.refused.pop(path.name, None)
        try:
            if path.stat().st_size > MOST_BYTES:
                raise BadProcedure(f"it is larger than {MOST_BYTES // 1024} KB; split it")
            return read(path.read_text(encoding="utf-8"), path.stem.replace("_", " ").replace("-", " "))
        except UnicodeDecodeError:
            why = "it is not UTF-8 text"
        except OSError as error:
            why = f"it cannot be read ({error.strerror})"
        except BadProcedure as error:
            why = str(error)
        self.refused[path.name] = why
        _log.warning("%s is no procedure: %s", path, why)
        return None

    def _save(self) -> None:
        """Keep the places of talks that are not private."""
        if self._path is None:
            return
        rows = {
            key: {"name": place.procedure.name, "step": place.step, "steps": len(place.procedure.steps), "touched": place.touched}
            for key, place in self._running.items()
            if not key.startswith(PRIVATE)
        }
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            new = self._path.with_suffix(".new")
            new.touch(mode=0o600)
            new.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
            new.replace(self._path)
        except OSError as error:  # the procedure goes on, and begins anew after a restart
            _log.warning("%s cannot be written (%s): where procedures are is lost at a restart", self._path, error.strerror)

    def _load(self) -> None:
        """Take up the places that were kept, of procedures that are still there and have as many steps."""
        if self._path is None or not self._path.is_file():
            return
        known = {one.name: one for one in self.all()}
        try:
            rows = json.loads(self._path.read_text(encoding="utf-8"))
            for key, row in list(rows.items())[:MOST_RUNNING]:
                procedure, step, touched = known.get(str(row["name"])), int(row["step"]), float(row["touched"])
                if procedure is not None and len(procedure.steps) == row["steps"] and 0 <= step < len(procedure.steps):
                    self._running[str(key)] = Place(procedure, step, min(touched, self._now()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            _log.warning("%s is damaged (%s): no procedure is taken up again", self._path, type(error).__name__)


def _words(name: str) -> set[str]:
    """The words of a name that say something, without their endings; Chinese as it stands."""
    words = plain(name).split()
    return {stem(word) for word in words if word not in _SMALL} or set(words)


def _means(name: str, wanted: str) -> bool:
    """Whether words are a name, or a part of it, in any form; more words than it has are another one."""
    if not name.isascii():
        return plain(wanted) in plain(name)
    return _words(wanted) <= _words(name)
