"""The folder that models are put into: staged beside it, moved into place last, whole or not at all.

    FOLDER/.lock              flock: one process changes the folder at a time; others wait
    FOLDER/.partial/          downloads that go on later (*.part), and what is being staged (*.new; rubbish once nobody holds the lock)
    FOLDER/.installed/ID.json what was put into place: path, bytes and SHA-256 of every file

A model is installed when its record and its primary file or folder are there. The order keeps that true whenever the process is
killed: everything is staged and on the disk, then the other files are moved, then the record, then the primary. Removing goes the
other way round. Moves are `os.replace` within one file system.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pydantic import Field, ValidationError, field_validator

from assistant.config import Section
from assistant.errors import ModelError, ModelNotFound
from assistant.models.catalog import PLAIN_NAME, Model, sha256_of


class Entry(Section):
    """One file in place."""

    path: str
    """Relative to the folder of models."""
    bytes: int
    sha256: str

    @field_validator("path")
    @classmethod
    def _inside(cls, path: str) -> str:
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            raise ValueError("leads out of the folder")
        return path


class Record(Section):
    """What was put into place for a model."""

    id: str = Field(pattern=PLAIN_NAME)
    primary: str = Field(pattern=r"^[A-Za-z0-9]")
    """The file or folder that engines are pointed at, relative to the folder of models."""
    origin: str
    """catalogue: its download had the catalogue's hash; own: somebody's own model."""
    files: tuple[Entry, ...]


@dataclass(frozen=True)
class Staged:
    """A file or folder that is ready to be moved."""

    source: Path
    target: str
    sha256: str = ""
    """Known for a checked file; else computed."""


class Store:
    """One folder of models."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.partial = root / ".partial"
        self._records = root / ".installed"

    @contextmanager
    def locked(self, waiting: Callable[[], None]) -> Iterator[None]:
        """Be the only one who changes the folder; `waiting` is called when another is at it."""
        try:
            for folder in (self.partial, self._records):
                folder.mkdir(parents=True, exist_ok=True)
            lock = (self.root / ".lock").open("a")
        except OSError as error:
            raise ModelError(f"{self.root}: cannot be written ({error.strerror}); set models: to a folder of yours") from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(lock, fcntl.LOCK_EX)  # ends with the other's process, however that ends
            for left in self.partial.glob("*.new"):
                _delete(left)
            yield

    def part(self, filename: str, sha256: str) -> Path:
        """Where a download waits until it is whole."""
        return self.partial / f"{sha256[:16]}-{filename}.part"

    def staging(self, name: str) -> Path:
        """A path to stage under; deleted when it is still there the next time."""
        return self.partial / f"{name}.new"

    def record(self, name: str) -> Record | None:
        """The record of a model that is in place; None when it is not, or not put there by this program."""
        record = self._read(name)
        return record if record is not None and (self.root / record.primary).exists() else None

    def records(self) -> list[Record]:
        """All records of models in place, by name."""
        found = (self.record(path.stem) for path in sorted(self._records.glob("*.json")))
        return [record for record in found if record is not None]

    def install(self, name: str, staged: Sequence[Staged], origin: str) -> Path:
        """Move what is staged into place, the first last; return the path of the first. The lock must be held."""
        for one in staged:
            self._refuse_another(name, one)
        record = Record(id=name, primary=staged[0].target, origin=origin, files=tuple(e for one in staged for e in _entries(one)))
        for one in staged:
            _sync(one.source)
        for one in staged[1:]:
            self._move(one)
        self._write(record)
        self._move(staged[0])
        return self.root / staged[0].target

    def adopt(self, name: str, targets: Sequence[str], origin: str) -> Path:
        """Write the record of files that somebody put into place by hand and that were checked."""
        found = [Staged(self.root / target, target) for target in targets]
        self._write(
            Record(id=name, primary=targets[0], origin=origin, files=tuple(e for one in found for e in _entries(one)))
        )
        return self.root / targets[0]

    def remove(self, name: str) -> list[str]:
        """Delete what this program put into place for a model, whole or not; return the paths deleted. The lock must be held."""
        record = self._read(name)
        if record is None:
            return []
        gone = []
        if (self.root / record.primary).exists():
            trash = self.staging(name)
            os.replace(self.root / record.primary, trash)  # from here on it is not installed
            _delete(trash)
            gone.append(record.primary)
        (self._records / f"{name}.json").unlink()
        for entry in record.files:
            path = self.root / entry.path
            if path.is_file() and not entry.path.startswith(f"{record.primary}/"):
                path.unlink()
                gone.append(entry.path)
            if path.parent != self.root and path.parent.is_dir() and not any(path.parent.iterdir()):
                path.parent.rmdir()
        return gone

    def drop_parts(self, model: Model) -> None:
        """Delete what was downloaded of a model and is not in place."""
        for file in model.files:
            self.part(file.filename, file.sha256).unlink(missing_ok=True)

    def damage(self, record: Record, *, hashes: bool = True) -> list[str]:
        """What is wrong with the files of a model in place: missing, of another size, of another hash."""
        found = []
        for entry in record.files:
            path = self.root / entry.path
            if not path.is_file():
                found.append(f"{entry.path} is missing")
            elif path.stat().st_size != entry.bytes:
                found.append(f"{entry.path} has {path.stat().st_size:,} bytes instead of {entry.bytes:,}")
            elif hashes and sha256_of(path) != entry.sha256:
                found.append(f"{entry.path} has other bytes (wrong SHA-256)")
        return found

    def find(self, name: str) -> Record:
        """The record of a model by its id or its primary file. Raises `ModelNotFound`."""
        for record in self.records():
            if name in (record.id, record.primary, Path(record.primary).name):
                return record
        raise ModelNotFound(f"{name}: was not put into {self.root} by `assistant models`; `assistant models list` shows what is here")

    def _refuse_another(self, name: str, one: Staged) -> None:
        target = self.root / one.target
        same = target.is_file() and one.source.is_file() and sha256_of(target) == (one.sha256 or sha256_of(one.source))
        if (target.exists() or target.is_symlink()) and not same:
            raise ModelError(f"{target}: something else is there already; move it away, or `assistant models remove {name}`")

    def _move(self, one: Staged) -> None:
        target = self.root / one.target
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(one.source, target)
        _sync_folder(target.parent)
        _sync_folder(self.root)

    def _read(self, name: str) -> Record | None:
        try:
            return Record.model_validate_json((self._records / f"{name}.json").read_bytes())
        except (OSError, ValidationError):  # none, or damaged: what it spoke of counts as somebody's own
            return None

    def _write(self, record: Record) -> None:
        path = self._records / f"{record.id}.json"
        fresh = path.with_suffix(".tmp")
        fresh.write_text(record.model_dump_json(indent=1) + "\n", encoding="utf-8")
        _sync(fresh)
        os.replace(fresh, path)
        _sync_folder(path.parent)


def _entries(one: Staged) -> Iterator[Entry]:
    if one.source.is_file():
        size = one.source.stat().st_size
        yield Entry(path=one.target, bytes=size, sha256=one.sha256 or sha256_of(one.source))
        return
    for path in sorted(one.source.rglob("*")):
        if path.is_file():
            inside = path.relative_to(one.source).as_posix()
            yield Entry(path=f"{one.target}/{inside}", bytes=path.stat().st_size, sha256=sha256_of(path))


def _sync(path: Path) -> None:
    """Put a file, or all of a folder, on the disk."""
    if path.is_dir():
        for inside in path.iterdir():
            _sync(inside)
    _sync_folder(path)


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
