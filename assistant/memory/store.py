"""Where slots, statements and talks are kept: one SQLite file, or nothing on disk at all.

Rules: the file is 0600 in a folder of 0700; only who holds its lock (`NAME.lock`) opens it; WAL, each change is one transaction,
so that a kill at any point loses nothing that was told; `secure_delete`, and after a forget the WAL is emptied and the file
vacuumed: what is forgotten stands in no byte of the folder. A damaged file is set aside under another name and said once.
"""

import fcntl
import json
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
MIGRATIONS = (
    (
        "CREATE TABLE IF NOT EXISTS slots"
        " (name TEXT PRIMARY KEY, value TEXT NOT NULL, told_at REAL NOT NULL, turn INTEGER NOT NULL)",
        "CREATE TABLE IF NOT EXISTS statements (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT, told_at REAL, turn INTEGER)",
        "CREATE VIRTUAL TABLE IF NOT EXISTS told USING fts5(terms, tokenize = 'porter unicode61')",
    ),
    (
        "ALTER TABLE slots ADD COLUMN expires_at REAL",
        "ALTER TABLE slots ADD COLUMN before TEXT NOT NULL DEFAULT '[]'",
        "CREATE TABLE turns (id INTEGER PRIMARY KEY AUTOINCREMENT, talk TEXT NOT NULL, user TEXT NOT NULL,"
        " assistant TEXT NOT NULL, recall TEXT NOT NULL, model TEXT NOT NULL, ids BLOB NOT NULL)",
        "CREATE TABLE digests (talk TEXT PRIMARY KEY, digest TEXT NOT NULL, known TEXT NOT NULL)",
    ),
    ("CREATE TABLE vectors (id INTEGER PRIMARY KEY, model TEXT NOT NULL, vector BLOB NOT NULL)",),
)
"""What makes a file of version n one of version n + 1. A file that somebody has is never changed otherwise."""
MOST_BYTES = 256 * 2**20
"""The file's size; full: nothing more is kept, and it is said."""
EARLIER = 8
"""Values that a slot had before, kept so that what was said with them loses; more: the first ones go."""
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
    expires_at: float | None = None
    """Seconds since 1970; None: it stays."""
    before: tuple[str, ...] = ()
    """What it held earlier, the oldest first."""


class Store:
    """What is remembered, on disk or in memory. Belongs to one thread."""

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
            if version > len(MIGRATIONS):
                raise StoreError(f"{path}: was written by a newer version of the assistant; update it, or move the file away")
            db.execute(f"PRAGMA max_page_count = {MOST_BYTES // 4096}")
            db.execute("BEGIN IMMEDIATE")
            for number, statements in enumerate(MIGRATIONS[version:], version + 1):
                for statement in statements:
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {number}")
            db.execute("COMMIT")
            for table, columns in _READ_WHOLE.items():
                db.execute(
                    f"SELECT count(*), {', '.join(f'max(length({column}))' for column in columns)} FROM {table}"
                ).fetchone()
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

    def now(self) -> float:
        """Seconds since 1970."""
        return self._now()

    def all(self) -> list[Kept]:
        """All slots that have not expired, the one told longest ago first."""
        rows = self._db.execute(
            "SELECT name, value, told_at, turn, expires_at, before FROM slots"
            " WHERE expires_at IS NULL OR expires_at > ? ORDER BY told_at, name",
            (self._now(),),
        )
        return [Kept(name, value, at, turn, end, tuple(json.loads(past))) for name, value, at, turn, end, past in rows]

    def put(self, name: str, value: str, turn: int, lasts_s: float | None = None) -> None:
        """Keep a slot in place of the one of its name, for so long or for good. Raises `StoreError`."""
        found = self._db.execute("SELECT value, before FROM slots WHERE name = ?", (name,)).fetchone()
        before = [] if found is None else [past for past in (*json.loads(found[1]), found[0]) if past != value]
        now = self._now()
        with self.change():
            self._db.execute("DELETE FROM slots WHERE expires_at <= ?", (now,))
            self._db.execute(
                "INSERT OR REPLACE INTO slots (name, value, told_at, turn, expires_at, before) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    *(name, value, now, turn, None if lasts_s is None else now + lasts_s),
                    json.dumps(before[-EARLIER:], ensure_ascii=False),
                ),
            )
            self._db.execute(
                "DELETE FROM slots WHERE name NOT IN (SELECT name FROM slots ORDER BY told_at DESC LIMIT ?)", (MOST,)
            )

    def add_statement(self, text: str, terms: str, turn: int) -> None:
        """Keep a statement under its terms. Raises `StoreError`."""
        with self.change():
            for (before,) in self._db.execute("SELECT id FROM statements WHERE text = ?", (text,)).fetchall():  # said again
                self._db.execute("DELETE FROM statements WHERE id = ?", (before,))
                self._db.execute("DELETE FROM told WHERE rowid = ?", (before,))
                self._db.execute("DELETE FROM vectors WHERE id = ?", (before,))
            row = self._db.execute(
                "INSERT INTO statements (text, told_at, turn) VALUES (?, ?, ?)", (text, self._now(), turn)
            ).lastrowid
            self._db.execute("INSERT INTO told (rowid, terms) VALUES (?, ?)", (row, terms))
            oldest = (row or 0) - MOST_STATEMENTS
            self._db.execute("DELETE FROM statements WHERE id <= ?", (oldest,))
            self._db.execute("DELETE FROM told WHERE rowid <= ?", (oldest,))
            self._db.execute("DELETE FROM vectors WHERE id <= ?", (oldest,))

    def without_vector(self, model: str) -> tuple[int, str] | None:
        """The oldest statement that an embedder has not seen; None: there is none."""
        found: tuple[int, str] | None = self._db.execute(
            "SELECT id, text FROM statements WHERE id NOT IN (SELECT id FROM vectors WHERE model = ?) ORDER BY id LIMIT 1",
            (model,),
        ).fetchone()
        return found

    def put_vector(self, row: int, model: str, vector: bytes) -> None:
        """Keep a statement's direction, if the statement is still there. Raises `StoreError`."""
        with self.change():
            self._db.execute("INSERT OR REPLACE INTO vectors SELECT id, ?, ? FROM statements WHERE id = ?", (model, vector, row))

    def vectors(self, model: str) -> list[tuple[int, bytes]]:
        """All directions by an embedder, by statement."""
        return self._db.execute("SELECT id, vector FROM vectors WHERE model = ?", (model,)).fetchall()

    @property
    def version(self) -> int:
        """Another number whenever anything has changed."""
        return self._db.total_changes

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
        with self.change():
            self._db.executemany("DELETE FROM slots WHERE name = ?", [(name,) for name in names])
            self._db.executemany("DELETE FROM statements WHERE id = ?", rows)
            self._db.executemany("DELETE FROM told WHERE rowid = ?", rows)
            self._db.executemany("DELETE FROM vectors WHERE id = ?", rows)
            self._db.execute("INSERT INTO told (told) VALUES ('rebuild')")  # the index keeps deleted terms otherwise
        self.scrub()

    def scrub(self) -> None:
        """Leave no byte of what was deleted in the file or beside it. Raises `StoreError`."""
        with _in_one_line(self._path):
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """One transaction. Raises `StoreError`."""
        with _in_one_line(self._path):
            self._db.execute("BEGIN")
            try:
                yield self._db
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


_READ_WHOLE = {
    "slots": ("name", "value", "before"),
    "statements": ("text",),
    "turns": ("user", "assistant", "ids"),
    "digests": ("digest",),
}
"""Read at the start: a page that is damaged is found now, not in somebody's turn."""


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
