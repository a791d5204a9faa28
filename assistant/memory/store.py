"""Where slots and statements are kept: one SQLite file, or nothing on disk at all.

Rules: the file is 0600 in a folder of 0700; only who holds its lock (`NAME.lock`) opens it; WAL, each change is one transaction,
so that a kill at any point loses nothing that was told; `secure_delete`, and after a forget the WAL is emptied and the file
vacuumed: what is forgotten stands in no byte of the folder. A damaged file is set aside under another name and said once.
"""

import fcntl
import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from assistant.errors import AssistantError
from assistant.folders import data_folder

_log = logging.getLogger(__name__)
NAME = "memory.db"
VERSION = 1
MOST = 200
"""Slots kept; full: the one told longest ago goes."""
MOST_STATEMENTS = 5000
"""The same for statements."""


def store_folder(configured: str) -> Path:
    """Where the file is kept: the configured folder, or the user's data folder."""
    return Path(configured).expanduser() if configured else data_folder()


class StoreError(AssistantError):
    """The store cannot be opened or written; the message says why and what to do."""

    code = "memory"
    exit_code = 5


@dataclass(frozen=True)
class Kept:
    """A slot as it is kept."""

    name: str
    value: str
    told_at: float
    """Seconds since 1970."""
    turn: int
    """The turn it was told in; 0: set by command."""


class Store:
    """The slots on disk. Belongs to one thread."""

    def __init__(self, folder: Path | None, now: Callable[[], float] = time.time) -> None:
        """`folder` None: in memory alone. Raises `StoreError` (another process has it, it cannot be made)."""
        self._now = now
        self._lock: IO[str] | None = None
        self._path = folder / NAME if folder is not None else None
        if folder is None:
            self._db = self._open(":memory:")
            return
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = _locked(folder / f"{NAME}.lock")
            self._db = self._open_or_set_aside(folder / NAME)
        except StoreError:
            self.close()
            raise
        except (OSError, sqlite3.Error) as error:
            self.close()
            raise StoreError(
                f"{folder}: the memory cannot be opened ({error}); free space, or set memory.keep to false"
            ) from error

    def _open(self, path: str) -> sqlite3.Connection:
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA secure_delete = ON")
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if version > VERSION:
                raise StoreError(f"{path}: was written by a newer version of the assistant; update it, or move the file away")
            db.execute(
                "CREATE TABLE IF NOT EXISTS slots (name TEXT PRIMARY KEY, value TEXT NOT NULL, told_at REAL NOT NULL,"
                " turn INTEGER NOT NULL)"
            )
            db.execute(
                "CREATE TABLE IF NOT EXISTS statements"
                " (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT, told_at REAL, turn INTEGER)"
            )
            db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS told USING fts5(terms, tokenize = 'porter unicode61')")
            db.execute(f"PRAGMA user_version = {VERSION}")
            db.execute("SELECT count(*), max(told_at), max(length(value)) FROM slots").fetchone()
            db.execute("SELECT count(*), max(length(text)) FROM statements").fetchone()
            db.execute("INSERT INTO told (told) VALUES ('integrity-check')")
        except BaseException:
            db.close()
            raise
        return db

    def _open_or_set_aside(self, path: Path) -> sqlite3.Connection:
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        try:
            return self._open(str(path))
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # locked, full, read-only: not the file's fault
                raise
            aside = path.with_name(f"{path.name}.damaged-{round(self._now())}")
            path.replace(aside)
            for rest in ("-wal", "-shm"):
                with suppress(FileNotFoundError):
                    path.with_name(path.name + rest).unlink()
            _log.error("%s is damaged (%s); it was set aside as %s, and memory begins anew", path, error, aside.name)
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
            return self._open(str(path))

    def all(self) -> list[Kept]:
        """All slots, the one told longest ago first."""
        return [Kept(*row) for row in self._db.execute("SELECT name, value, told_at, turn FROM slots ORDER BY told_at, name")]

    def put(self, name: str, value: str, turn: int) -> None:
        """Keep a slot in place of the one of its name. Raises `StoreError`."""
        with self._change():
            self._db.execute(
                "INSERT INTO slots VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value,"
                " told_at = excluded.told_at, turn = excluded.turn",
                (name, value, self._now(), turn),
            )
            self._db.execute(
                "DELETE FROM slots WHERE name NOT IN (SELECT name FROM slots ORDER BY told_at DESC LIMIT ?)", (MOST,)
            )

    def add_statement(self, text: str, terms: str, turn: int) -> None:
        """Keep a statement under its terms. Raises `StoreError`."""
        with self._change():
            for (before,) in self._db.execute("SELECT id FROM statements WHERE text = ?", (text,)).fetchall():  # said again
                self._db.execute("DELETE FROM statements WHERE id = ?", (before,))
                self._db.execute("DELETE FROM told WHERE rowid = ?", (before,))
            row = self._db.execute(
                "INSERT INTO statements (text, told_at, turn) VALUES (?, ?, ?)", (text, self._now(), turn)
            ).lastrowid
            self._db.execute("INSERT INTO told (rowid, terms) VALUES (?, ?)", (row, terms))
            oldest = (row or 0) - MOST_STATEMENTS
            self._db.execute("DELETE FROM statements WHERE id <= ?", (oldest,))
            self._db.execute("DELETE FROM told WHERE rowid <= ?", (oldest,))

    def statements_with(self, term: str) -> list[int]:
        """The numbers of the statements under a term."""
        quoted = '"' + term.replace('"', "") + '"'
        with _in_one_line(self._path):
            return [row for (row,) in self._db.execute("SELECT rowid FROM told WHERE terms MATCH ?", (quoted,))]

    def statements(self, rows: Sequence[int]) -> list[str]:
        """Texts of statements by their numbers."""
        find = "SELECT text FROM statements WHERE id = ?"
        return [str(found[0]) for row in rows if (found := self._db.execute(find, (row,)).fetchone())]

    def all_statements(self) -> list[Kept]:
        """All statements, the oldest first; they have no name."""
        return [Kept("", *row) for row in self._db.execute("SELECT text, told_at, turn FROM statements ORDER BY id")]

    def remove_set_aside(self) -> None:
        """Remove the damaged files that were set aside: somebody wants everything forgotten."""
        for path in self._path.parent.glob(f"{NAME}.damaged-*") if self._path is not None else ():
            path.unlink(missing_ok=True)

    def every_statement(self) -> list[int]:
        """All numbers."""
        return [row for (row,) in self._db.execute("SELECT id FROM statements")]

    def count_statements(self) -> int:
        """How many there are."""
        return int(self._db.execute("SELECT count(*) FROM statements").fetchone()[0])

    def drop(self, names: Iterable[str], statements: Iterable[int] = ()) -> None:
        """Forget these slots and statements, in every byte of the file. Raises `StoreError`."""
        rows = [(row,) for row in statements]
        with self._change():
            self._db.executemany("DELETE FROM slots WHERE name = ?", [(name,) for name in names])
            self._db.executemany("DELETE FROM statements WHERE id = ?", rows)
            self._db.executemany("DELETE FROM told WHERE rowid = ?", rows)
            self._db.execute("INSERT INTO told (told) VALUES ('rebuild')")  # the index keeps deleted terms otherwise
        with _in_one_line(self._path):
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def _change(self) -> Iterator[None]:
        """One transaction. Raises `StoreError`."""
        with _in_one_line(self._path):
            self._db.execute("BEGIN")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the file and give the lock back; closing twice is harmless."""
        if hasattr(self, "_db"):
            self._db.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None


@contextmanager
def _in_one_line(path: Path | None) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"{path}: the memory cannot be read or written ({error}); is the disk full or read-only?") from error


def _locked(path: Path) -> IO[str]:
    file = path.open("a+", encoding="ascii")
    path.chmod(0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise StoreError(f"{path.parent}: another assistant has this memory open; use it through that one, or end it") from None
    return file
