"""Whole conversations' computed cells on disk: a kept conversation goes on without being computed again.

One file a name, `NAME-HASH.talk`: what llama.cpp writes, the ids, their number, the key of what the cells depend on (model,
build, settings), and the hash of all that. It holds what was said: 0600, in a folder that is made 0700. It is written under
another name and moved into place, and checked before it is read. A folder that cannot be written is said once, until it can be
again.
"""

import contextlib
import hashlib
import logging
import mmap
import os
import re
import struct
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.engines.llama import disk
from assistant.engines.llama.kv_files import LEAST, KvFiles, common
from assistant.errors import EngineError

if TYPE_CHECKING:
    from assistant.engines.llama.session import LlamaSession

_log = logging.getLogger(__name__)
FILES = 16
"""Files kept in a folder; full: the one longest unused goes."""
_END = struct.Struct("<I16s32s")  # number of ids, key, SHA-256 of what stands before it


class TalkFiles:
    """Saves and loads the conversations of one model. Belongs to its thread."""

    def __init__(self, files: KvFiles) -> None:
        """`files` knows the model, its key and how cells are read and written."""
        self._files = files
        self._failed = False

    def save(self, session: "LlamaSession", folder: Path, name: str) -> bool:
        """Write a conversation's cells unless the file has them; whether it has them now. Too few to be worth it: False."""
        length, path = session.cells, place(folder, name)
        if length < LEAST:
            return False
        ids = list(session.ids[:length])
        try:
            if _read_end(path) == (self._key(), ids):
                os.utime(path)
                return True
            with disk.fresh(folder, path.stem) as fresh:
                self._files.write(session, fresh, ids)
                _seal(fresh, self._key(), ids)
                disk.move(fresh, path)
            for old in sorted(folder.glob("*.talk"), key=lambda path: path.stat().st_mtime)[:-FILES]:
                old.unlink(missing_ok=True)
        except (OSError, EngineError) as error:
            if not self._failed:
                _log.warning("%s: the conversation is not kept (%s); it is computed again when it goes on", path, error)
            self._failed = True
            return False
        self._failed = False
        return True

    def load(self, session: "LlamaSession", folder: Path, name: str) -> int:
        """Take over the cells of the longest beginning that equals the session's ids; how many it has then, 0 for none."""
        path = place(folder, name)
        try:
            if not path.is_file():
                return 0
            disk.sweep(folder)
            end = _read_end(path)
            if end is None or not _whole(path):
                return _remove(path, "was damaged")
            key, ids = end
            same = common(session.ids, ids, len(ids))
            if key != self._key() or same < min(LEAST, len(session.ids)):
                return _remove(path, "belongs to another model or another talk")
            if same < LEAST or same <= session.cells:
                return 0
            session.evict()
            if not self._files.read(session, path, ids, evict=True):
                return _remove(path, "cannot be used")
            session.cells = len(ids)
            session.shorten(same)
            os.utime(path)
        except OSError as error:
            _log.warning("%s cannot be read (%s); the conversation is computed again", path, error.strerror)
            return session.cells
        return same

    def _key(self) -> bytes:
        return self._files.model_key().encode()


def place(folder: Path, name: str) -> Path:
    """The file of a name, which may be any text: it never leaves the folder, and two names never share a file."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", name)[:40].strip("-")
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return folder / f"{plain}-{digest}.talk"


def _seal(path: Path, key: bytes, ids: list[int]) -> None:
    """Put the ids, the key and the hash behind what llama.cpp wrote."""
    with path.open("r+b") as file:
        digest = hashlib.sha256()
        while block := file.read(1 << 20):
            digest.update(block)
        tail = struct.pack(f"<{len(ids)}i", *ids) + _END.pack(len(ids), key, bytes(32))[:-32]
        digest.update(tail)
        file.write(tail + digest.digest())


def _read_end(path: Path) -> tuple[bytes, list[int]] | None:
    """The key and the ids of a file; None where there is none, or what is there makes no sense. Raises `OSError`."""
    with contextlib.suppress(FileNotFoundError, struct.error), path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _END.size))
        count, key, _ = _END.unpack(file.read())
        if 4 * count + _END.size < size:
            file.seek(size - _END.size - 4 * count)
            return key, list(struct.unpack(f"<{count}i", file.read(4 * count)))
    return None


def _whole(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        with memoryview(data) as view, view[:-32] as body:
            digest = hashlib.sha256(body).digest()
        return data[-32:] == digest


def _remove(path: Path, why: str) -> int:
    path.unlink(missing_ok=True)
    _log.warning("%s %s and is removed; the conversation is computed again", path, why)
    return 0
