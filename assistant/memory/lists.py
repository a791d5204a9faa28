"""Lists: the shopping list and others, in one SQLite file that only this user can read, or in memory alone.

The file is opened for each change and closed again: the daemon and a program beside it may both use it. WAL, synchronous FULL,
`secure_delete`. A damaged file is set aside under another name and said once in the log.
"""

import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import AssistantError

_log = logging.getLogger(__name__)
NAME = "lists.db"
MIGRATIONS = (("CREATE TABLE entries (id INTEGER PRIMARY KEY, list TEXT NOT NULL, text TEXT NOT NULL, UNIQUE (list, text))",),)
"""What makes a file of version n one of version n + 1."""
MOST = 500
"""Entries of all lists; full: no more are taken, in words."""
MOST_TEXT = 80
"""Characters of an entry; a longer one is no entry."""
BUSY_S = 2.0
"""How long another program may hold the file."""


class ListsError(AssistantError):
    """The lists cannot be read or written, or are full (`full`)."""

    code = "lists"
    exit_code = 5

    def __init__(self, message: str, full: bool = False) -> None:
        super().__init__(message)
        self.full = full


class Lists:
    """All lists. Belongs to the brain's thread."""

    def __init__(self, folder: Path | None, now: Callable[[], float] = time.time) -> None:
        """`folder` None: they are gone when the assistant ends."""
        self._path, self._now = folder / NAME if folder is not None else None, now
        self._memory = self._open(":memory:") if folder is None else None

    def names(self) -> list[str]:
        """What the lists that hold something are called, the oldest first. Raises `ListsError`."""
        with self._change() as db:
            return [name for (name,) in db.execute("SELECT list FROM entries GROUP BY list ORDER BY min(id)")]

    def entries(self, name: str) -> list[str]:
        """What stands on a list, the oldest first. Raises `ListsError`."""
        with self._change() as db:
            return [text for (text,) in db.execute("SELECT text FROM entries WHERE list = ? ORDER BY id", (name,))]

    def add(self, name: str, text: str) -> bool:
        """Put something on a list; whether it was not there. Raises `ListsError`."""
        with self._change() as db:
            if db.execute("SELECT count(*) FROM entries").fetchone()[0] >= MOST or len(text) > MOST_TEXT:
                raise ListsError(f"lists hold {MOST} entries of {MOST_TEXT} characters at most", full=True)
            return db.execute("INSERT OR IGNORE INTO entries (list, text) VALUES (?, ?)", (name, text)).rowcount > 0

    def remove(self, name: str, text: str) -> bool:
        """Take something off a list; whether it was there. Raises `ListsError`."""
        with self._change() as db:
            return db.execute("DELETE FROM entries WHERE list = ? AND text = ?", (name, text)).rowcount > 0

    def clear(self, name: str) -> int:
        """Take everything off a list; how many there were. Raises `ListsError`."""
        with self._change() as db:
            return db.execute("DELETE FROM entries WHERE list = ?", (name,)).rowcount

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """One transaction."""
        db = self._memory
        try:
            db = db or self._on_disk()
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise
        except (sqlite3.Error, OSError) as error:
            raise ListsError(
                f"{self._path}: the lists cannot be read or written ({error}); is the disk full or read-only?"
            ) from error
        finally:
            if db is not None and db is not self._memory:
                db.close()

    def _on_disk(self) -> sqlite3.Connection:
        path = self._path
        assert path is not None
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
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
                path.with_name(path.name + rest).unlink(missing_ok=True)
            _log.error("%s is damaged (%s); it was set aside as %s, and the lists begin anew", path, error, aside.name)
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
            return self._open(str(path))

    @staticmethod
    def _open(path: str) -> sqlite3.Connection:
        db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            for pragma in ("secure_delete = ON", "journal_mode = WAL", "synchronous = FULL"):
                db.execute(f"PRAGMA {pragma}")
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if version > len(MIGRATIONS):
                raise ListsError(f"{path}: was written by a newer version of the assistant; update it, or move the file away")
            if version < len(MIGRATIONS):
                db.execute("BEGIN IMMEDIATE")
                for number, statements in enumerate(MIGRATIONS[version:], version + 1):
                    for statement in statements:
                        db.execute(statement)
                    db.execute(f"PRAGMA user_version = {number}")
                db.execute("COMMIT")
        except BaseException:
            db.close()
            raise
        return db

    def close(self) -> None:
        """Drop what is in memory."""
        if self._memory is not None:
            self._memory.close()
