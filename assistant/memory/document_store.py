"""Where documents are kept: one SQLite file beside the memory's, which forgetting and `memory.keep` do not touch.

Rules: the file is 0600 in a folder of 0700. Several processes may use it at once (WAL, a busy timeout of `BUSY_S`): the command
line adds while the daemon answers, and the daemon sees what is new at its next question. One file is one transaction, so a kill
at any point loses at most the file being added. A damaged file is set aside under another name and said once. At most
`MOST_CHUNKS` passages; full: a file that does not fit is refused, nothing that is there goes.
"""

import fcntl
import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import AssistantError
from assistant.memory.chunks import Chunk
from assistant.memory.wording import join, terms

_log = logging.getLogger(__name__)
NAME = "documents.db"
MIGRATIONS = (
    (
        "CREATE TABLE documents (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE NOT NULL, path TEXT UNIQUE NOT NULL,"
        " sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, added_at REAL NOT NULL)",
        "CREATE TABLE chunks (id INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL, page INTEGER NOT NULL,"
        " heading TEXT NOT NULL, text TEXT NOT NULL)",
        "CREATE INDEX chunks_of ON chunks (document)",
        "CREATE VIRTUAL TABLE passages USING fts5(body, head, tokenize = 'unicode61')",
        "CREATE VIRTUAL TABLE passage_terms USING fts5vocab(passages, 'row')",
        "CREATE TABLE vectors (chunk INTEGER PRIMARY KEY, model TEXT NOT NULL, data BLOB NOT NULL)",
    ),
)
"""What makes a file of version n one of version n + 1."""
MOST_CHUNKS = 20_000
BUSY_S = 10.0


class DocumentsError(AssistantError):
    """Documents cannot be kept or read; the message says why and what to do."""

    code = "documents"
    exit_code = 5


@dataclass(frozen=True)
class Kept:
    """A document as it is kept."""

    name: str
    path: str
    """Where it was added from."""
    sha256: str
    bytes: int
    added_at: float
    """Seconds since 1970."""
    passages: int = 0
    vectors: int = 0
    """How many of its passages have one."""


@dataclass(frozen=True)
class Passage:
    """A chunk with its number and its document's name."""

    id: int
    document: str
    chunk: Chunk


class DocumentStore:
    """The file. Belongs to one thread; opened at the first use."""

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        self._folder, self._now = folder, now
        self.path = folder / NAME
        self._db: sqlite3.Connection | None = None
        self._inode = 0
        self._own_changes = 0

    # -- opening -----------------------------------------------------------------------------------------------

    def exists(self) -> bool:
        """Whether anything was ever added."""
        return self.path.exists()

    def _open(self) -> sqlite3.Connection:
        """The connection, opened anew when the file was replaced. Raises `DocumentsError`."""
        inode = self.path.stat().st_ino if self.path.exists() else 0
        if self._db is not None and inode == self._inode:
            return self._db
        self.close()
        with _in_one_line(self.path):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with _locked(self._folder / f"{NAME}.lock"):
                self._db = self._connect_or_set_aside()
            self._inode = self.path.stat().st_ino
        return self._db

    def _connect_or_set_aside(self) -> sqlite3.Connection:
        if not self.path.exists():
            os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))
        try:
            return self._connect()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # locked, full, read-only: not the file's fault
                raise
            aside = self.path.with_name(f"{NAME}.damaged-{round(self._now())}")
            self.path.replace(aside)
            for rest in ("-wal", "-shm"):
                with suppress(FileNotFoundError):
                    self.path.with_name(NAME + rest).unlink()
            _log.error("%s is damaged (%s); it was set aside as %s; add the documents again", self.path, error, aside.name)
            os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA secure_delete = ON")
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if version > len(MIGRATIONS):
                raise DocumentsError(f"{self.path}: was written by a newer version of the assistant; update it")
            for number in range(version, len(MIGRATIONS)):
                db.execute("BEGIN IMMEDIATE")
                for statement in MIGRATIONS[number]:
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {number + 1}")
                db.execute("COMMIT")
            (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                raise sqlite3.DatabaseError(found)
        except BaseException:
            db.close()
            raise
        return db

    def close(self) -> None:
        """Close the file; closing twice is harmless."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def version(self) -> tuple[int, ...]:
        """Another value whenever the content may have changed, by us or by another process."""
        with _in_one_line(self.path):
            (others,) = self._open().execute("PRAGMA data_version").fetchone()
        return (self._inode, others, self._own_changes)

    # -- documents ---------------------------------------------------------------------------------------------

    def documents(self) -> list[Kept]:
        """All documents by name. Raises `DocumentsError`."""
        if not self.exists():
            return []
        with _in_one_line(self.path):
            return [
                Kept(*row)
                for row in self._open().execute(
                    "SELECT name, path, sha256, bytes, added_at, (SELECT count(*) FROM chunks WHERE document = documents.id),"
                    " (SELECT count(*) FROM chunks JOIN vectors ON chunk = chunks.id WHERE document = documents.id)"
                    " FROM documents ORDER BY name"
                )
            ]

    def put(self, path: str, sha256: str, size: int, chunks: Sequence[Chunk]) -> str:
        """Keep a document in place of what was added from that path; its name. Raises `DocumentsError`, also when full."""
        with self._change() as db:
            old = db.execute("SELECT id, name FROM documents WHERE path = ?", (path,)).fetchone()
            if old:
                self._delete(db, old[0])
            (there,) = db.execute("SELECT count(*) FROM chunks").fetchone()
            if there + len(chunks) > MOST_CHUNKS:
                raise DocumentsError(
                    f"{path}: has {len(chunks)} passages, and there is room for {MOST_CHUNKS - there} more;"
                    " remove a document (`assistant documents list`)"
                )
            name = old[1] if old else self._free_name(db, Path(path))
            row = db.execute(
                "INSERT INTO documents (name, path, sha256, bytes, added_at) VALUES (?, ?, ?, ?, ?)",
                (name, path, sha256, size, self._now()),
            ).lastrowid
            title = Path(name).stem.replace("-", " ").replace("_", " ")
            for chunk in chunks:
                number = db.execute(
                    "INSERT INTO chunks (document, page, heading, text) VALUES (?, ?, ?, ?)",
                    (row, chunk.page, chunk.heading, chunk.text),
                ).lastrowid
                head = join(terms(f"{title} {chunk.heading}"))
                db.execute("INSERT INTO passages (rowid, body, head) VALUES (?, ?, ?)", (number, join(terms(chunk.text)), head))
        return str(name)

    def _free_name(self, db: sqlite3.Connection, path: Path) -> str:
        """The file's name, with as many folders before it as tell it from the others."""
        for parts in range(1, len(path.parts) + 1):
            name = "/".join(path.parts[-parts:])
            if db.execute("SELECT 1 FROM documents WHERE name = ?", (name,)).fetchone() is None:
                return name
        return str(path)

    def remove(self, name: str) -> bool:
        """Remove a document; whether it was there. Raises `DocumentsError`."""
        if not self.exists():
            return False
        with self._change() as db:
            found = db.execute("SELECT id FROM documents WHERE name = ?", (name,)).fetchone()
            if found is None:
                return False
            self._delete(db, found[0])
            db.execute("INSERT INTO passages (passages) VALUES ('rebuild')")  # the index keeps deleted terms otherwise
        with suppress(sqlite3.Error), _in_one_line(self.path):
            self._open().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return True

    def _delete(self, db: sqlite3.Connection, document: int) -> None:
        db.execute("DELETE FROM passages WHERE rowid IN (SELECT id FROM chunks WHERE document = ?)", (document,))
        db.execute("DELETE FROM vectors WHERE chunk IN (SELECT id FROM chunks WHERE document = ?)", (document,))
        db.execute("DELETE FROM chunks WHERE document = ?", (document,))
        db.execute("DELETE FROM documents WHERE id = ?", (document,))

    # -- passages ----------------------------------------------------------------------------------------------

    def count(self) -> int:
        """How many passages there are."""
        with _in_one_line(self.path):
            return int(self._open().execute("SELECT count(*) FROM chunks").fetchone()[0])

    def holding(self, term: str) -> int:
        """In how many passages a term of the index stands."""
        with _in_one_line(self.path):
            found = self._open().execute("SELECT doc FROM passage_terms WHERE term = ?", (term,)).fetchone()
        return int(found[0]) if found else 0

    def matching(self, wanted: Sequence[str], most: int) -> list[int]:
        """The numbers of the passages with any of the terms, the best by BM25 first."""
        quoted = " OR ".join('"' + term.replace('"', "") + '"' for term in wanted)
        if not quoted:
            return []
        with _in_one_line(self.path):
            found = self._open().execute(
                "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY bm25(passages, 1.0, 0.7) LIMIT ?", (quoted, most)
            )
            return [row for (row,) in found]

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        """Passages by their numbers, in that order; those that are gone are left out."""
        marks = ",".join("?" * len(numbers))
        with _in_one_line(self.path):
            found = self._open().execute(
                f"SELECT chunks.id, name, page, heading, text FROM chunks JOIN documents ON documents.id = document"
                f" WHERE chunks.id IN ({marks})",
                tuple(numbers),
            )
            made = {row[0]: Passage(row[0], row[1], Chunk(row[4], row[3], row[2])) for row in found}
        return [made[number] for number in numbers if number in made]

    def of(self, name: str) -> list[Passage]:
        """All passages of a document, in their order."""
        if not self.exists():
            return []
        with _in_one_line(self.path):
            found = self._open().execute(
                "SELECT chunks.id, name, page, heading, text FROM chunks JOIN documents ON documents.id = document"
                " WHERE name = ? ORDER BY chunks.id",
                (name,),
            )
            return [Passage(row[0], row[1], Chunk(row[4], row[3], row[2])) for row in found]

    # -- vectors -----------------------------------------------------------------------------------------------

    def without_vector(self, model: str, most: int) -> list[Passage]:
        """Passages that this embedder has not seen yet, at most so many."""
        with _in_one_line(self.path):
            found = self._open().execute(
                "SELECT id FROM chunks WHERE id NOT IN (SELECT chunk FROM vectors WHERE model = ?) ORDER BY id LIMIT ?",
                (model, most),
            )
            return self.passages([row for (row,) in found])

    def count_without_vector(self, model: str) -> int:
        """How many those are."""
        with _in_one_line(self.path):
            found = self._open().execute(
                "SELECT (SELECT count(*) FROM chunks) - (SELECT count(*) FROM vectors WHERE model = ?)", (model,)
            )
            return max(0, int(found.fetchone()[0]))

    def put_vector(self, chunk: int, model: str, data: bytes) -> None:
        """Keep a passage's vector, if the passage is still there. Raises `DocumentsError`."""
        with self._change() as db:
            db.execute("INSERT OR REPLACE INTO vectors SELECT id, ?, ? FROM chunks WHERE id = ?", (model, data, chunk))

    def vectors(self, model: str) -> list[tuple[int, bytes]]:
        """All vectors of an embedder by passage."""
        with _in_one_line(self.path):
            return list(self._open().execute("SELECT chunk, data FROM vectors WHERE model = ? ORDER BY chunk", (model,)))

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """One transaction. Raises `DocumentsError`."""
        with _in_one_line(self.path):
            db = self._open()
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
                self._own_changes += 1
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise


@contextmanager
def _in_one_line(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise DocumentsError(
            f"{path}: the documents cannot be read or written ({error}); is the disk full or read-only?"
        ) from error


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Held while the file is opened: two processes do not make it or set it aside at once."""
    with path.open("a", encoding="ascii") as file:
        path.chmod(0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
