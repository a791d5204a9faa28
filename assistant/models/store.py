"""The folder that models are put into: staged beside it, moved into place last, whole or not at all.

    FOLDER/.lock              flock: one process changes the folder at a time; others wait
    FOLDER/.partial/          downloads that go on later (*.part); what is being staged (*.new: rubbish unless the lock is held)
    FOLDER/.installed/ID.json what was put into place: path, bytes and SHA-256 of every file

A model is installed when its record and its primary file or folder are there. The order keeps that true whenever the process is
killed: everything is staged and on the disk, then the other files are moved, then the record, then the primary. Removing takes
the primary first and the record last, so that it can be repeated. A move is a rename within one file system.
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
            with one_line(self.root):
                try:
                    self._clear()
                    yield
                finally:
                    self._clear()

    def _clear(self) -> None:
        for left in self.partial.glob("*.new"):
            _delete(left)

    def part(self, filename: str, sha256: str) -> Path:
        """Where a download waits until it is whole."""
        return self.partial / f"{sha256[:16]}-{filename}.part"

    def staging(self, name: str) -> Path:
        """A free path to stage under; what a failure left there is deleted. The lock must be held."""
        path = self.partial / f"{name}.new"
        if path.exists():
            _delete(path)
        return path

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
        self._write(Record(id=name, primary=targets[0], origin=origin, files=tuple(e for one in found for e in _entries(one))))
        return self.root / targets[0]

    def remove(self, name: str) -> list[str]:
        """Delete what this program put into place for a model, whole or not; return the paths deleted. The lock must be held."""
        record = self._read(name)
        if record is None:
            return []
        gone = []
        if (self.root / record.primary).exists():
            trash = self.staging(name)
            (self.root / record.primary).replace(trash)  # from here on it is not installed
            _delete(trash)
            gone.append(record.primary)
        for entry in record.files:
            path = self.root / entry.path
            if path.is_file() and not entry.path.startswith(f"{record.primary}/"):
                path.unlink()
                gone.append(entry.path)
            if path.parent != self.root and path.parent.is_dir() and not any(path.parent.iterdir()):
                path.parent.rmdir()
        (self._records / f"{name}.json").unlink()
        return gone

    def drop_parts(self, model: Model) -> list[str]:
        """Delete what was downloaded of a model and is not in place; return the names deleted. The lock must be held."""
        parts = [part for file in model.files if (part := self.part(file.filename, file.sha256)).exists()]
        for part in parts:
            part.unlink()
        return [f".partial/{part.name}" for part in parts]

    def damage(self, record: Record, *, hashes: bool = True) -> list[str]:
        """What is wrong with the files of a model in place: missing, of another size, of another hash."""
        return [f"{entry.path} {wrong}" for entry in record.files if (wrong := self._wrong(entry, hashes))]

    def _wrong(self, entry: Entry, hashes: bool) -> str:
        path = self.root / entry.path
        try:
            if not path.is_file():
                return "is missing"
            if path.stat().st_size != entry.bytes:
                return f"has {path.stat().st_size:,} bytes instead of {entry.bytes:,}"
            return "has other bytes (wrong SHA-256)" if hashes and sha256_of(path) != entry.sha256 else ""
        except OSError as error:
            return f"cannot be read ({error.strerror})"

    def get(self, name: str) -> Record | None:
        """The record of a model in place, by its id or by its primary file or folder."""
        return next((one for one in self.records() if name in (one.id, one.primary, Path(one.primary).name)), None)

    def find(self, name: str) -> Record:
        """The same. Raises `ModelNotFound`."""
        if (record := self.get(name)) is not None:
            return record
        raise ModelNotFound(
            f"{name}: was not put into {self.root} by `assistant models`; `assistant models list` shows what is here"
        )

    def _refuse_another(self, name: str, one: Staged) -> None:
        target = self.root / one.target
        same = target.is_file() and one.source.is_file() and sha256_of(target) == (one.sha256 or sha256_of(one.source))
        if (target.exists() or target.is_symlink()) and not same:
            raise ModelError(f"{target}: something else is there already; move it away, or `assistant models remove {name}`")

    def _move(self, one: Staged) -> None:
        target = self.root / one.target
        target.parent.mkdir(parents=True, exist_ok=True)
        one.source.replace(target)
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
        fresh.replace(path)
        _sync_folder(path.parent)


@contextmanager
def one_line(place: Path) -> Iterator[None]:
    """Turns what the system refuses (a full disk, a file that may not be read) into a `ModelError`."""
    try:
        yield
    except OSError as error:
        raise ModelError(f"{error.filename or place}: {error.strerror or error}; check the storage and who may use it") from None


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
