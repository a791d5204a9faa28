"""The journal: timers, alarms and reminders in one SQLite file, or in memory alone.

Rules, as for memory/store.py: 0600 in a folder of 0700; only who holds its lock (`NAME.lock`) opens it; WAL, synchronous FULL,
each change is one transaction: a cut at any point loses nothing that was written. A damaged file is set aside under another
name and said once. A disk that is full, read-only or gone does not end the assistant: what cannot be written lives in memory
until the next start, `kept` says so, and who sets a timer is told.
"""

import fcntl
import logging
import os
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import astuple, fields
from pathlib import Path
from typing import IO

from assistant.alarms.items import Item
from assistant.errors import EngineError

_log = logging.getLogger(__name__)
NAME = "alarms.db"
MIGRATIONS = (
    (
        "CREATE TABLE items (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, label TEXT NOT NULL, state TEXT NOT NULL,"
        " local TEXT NOT NULL, days TEXT NOT NULL, length_s REAL NOT NULL, left_s REAL NOT NULL, boot TEXT NOT NULL,"
        " boot_due REAL NOT NULL, wall_due REAL NOT NULL, cuts INTEGER NOT NULL, ended REAL NOT NULL)",
        "CREATE TABLE clock (seen REAL NOT NULL)",
        "INSERT INTO clock (seen) VALUES (0)",
    ),
)
"""What makes a file of version n one of version n + 1. A file that somebody has is never changed otherwise."""
MOST_BYTES = 8 * 2**20
"""The file's size; full: nothing more is kept, and it is said."""
_COLUMNS = ", ".join(field.name for field in fields(Item))
_MARKS = ", ".join("?" for _ in fields(Item))


class Journal:
    """The items on disk. Belongs to the book, which has the lock."""

    def __init__(self, folder: Path | None, now: Callable[[], float]) -> None:
        """`folder` None: in memory alone. Raises `EngineError` when another assistant has it."""
        self._lock: IO[str] | None = None
        self._path = folder / NAME if folder is not None else None
        self.kept = folder is not None
        """Whether what was written last is on disk."""
        self._db = self._in_memory() if folder is None else self._on_disk(folder, now)

    def read(self) -> tuple[list[Item], float]:
        """All items, and the latest time that was written down."""
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM items ORDER BY id").fetchall()
        return [Item(*row) for row in rows], float(self._db.execute("SELECT seen FROM clock").fetchone()[0])

    def write(self, changed: Iterable[Item], gone: Iterable[int], seen: float) -> None:
        """Keep these, drop those, in one transaction."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(
                f"INSERT OR REPLACE INTO items ({_COLUMNS}) VALUES ({_MARKS})", [astuple(one) for one in changed]
            )
            self._db.executemany("DELETE FROM items WHERE id = ?", [(number,) for number in gone])
            self._db.execute("UPDATE clock SET seen = ?", (seen,))
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            if self.kept:
                _log.error("%s: cannot be written (%s); timers and alarms live until the next start only; free the disk",
                           self._path, error)  # fmt: skip
            self.kept = False
            return
        self.kept = self._path is not None and self._lock is not None

    def close(self) -> None:
        """Close the file and give the lock back."""
        self._db.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _in_memory(self) -> sqlite3.Connection:
        self.kept = False
        return _open(":memory:")

    def _on_disk(self, folder: Path, now: Callable[[], float]) -> sqlite3.Connection:
        path = folder / NAME
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = _locked(folder / f"{NAME}.lock")
            _make(path)
            try:
                return _open(str(path))
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):  # full, read-only: not the file's fault
                    raise
                aside = path.with_name(f"{path.name}.damaged-{round(now())}")
                path.replace(aside)
                for rest in ("-wal", "-shm"):
                    path.with_name(path.name + rest).unlink(missing_ok=True)
                _log.error("%s is damaged (%s); it was set aside as %s: set timers and alarms again", path, error, aside.name)
                _make(path)
                return _open(str(path))
        except EngineError:
            if self._lock is not None:
                self._lock.close()
            raise
        except (OSError, sqlite3.Error) as error:
            _log.error("%s: cannot be opened (%s); timers and alarms live until the next start only; free the disk, or name"
                       " another folder in alarms.folder", path, error)  # fmt: skip
            if self._lock is not None:
                self._lock.close()
                self._lock = None
            return self._in_memory()


def _open(path: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA secure_delete = ON")
        db.execute(f"PRAGMA max_page_count = {MOST_BYTES // 4096}")
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise EngineError(f"{path}: was written by a newer version of the assistant; update it, or move the file away")
        db.execute("BEGIN IMMEDIATE")
        for number, statements in enumerate(MIGRATIONS[version:], version + 1):
            for statement in statements:
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {number}")
        db.execute("COMMIT")
        found = db.execute("PRAGMA quick_check").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)
        if db.execute("SELECT count(*) FROM clock").fetchone()[0] != 1:
            raise sqlite3.DatabaseError("its clock is missing")
    except BaseException:
        db.close()
        raise
    return db


def _make(path: Path) -> None:
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))


def _locked(path: Path) -> IO[str]:
    file = path.open("a+", encoding="ascii")
    path.chmod(0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise EngineError(f"{path.parent}: another assistant keeps its alarms here; use that one, or end it") from None
    return file
