"""Computed beginnings of conversations on disk: what every start would compute again, above all the system block.

A file is named by what its cells depend on (model, build, settings), its number of ids, their hash and the hash of its content:
MODEL-LENGTH-IDS-CONTENT.kv. It is written under another name and moved into place. One that is stale is never asked for; one that
is damaged is removed, with a line in the log. A folder that cannot be written is said once, and nothing is kept.
"""

import ctypes
import errno
import hashlib
import logging
import os
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.engines.llama import disk
from assistant.errors import EngineError

if TYPE_CHECKING:
    from assistant.engines.llama.model import LlamaModel
    from assistant.engines.llama.session import LlamaSession

_log = logging.getLogger(__name__)
FILES = 8
"""Files kept; full: the one longest unused goes."""
LEAST = 16
"""Fewer ids are computed as quickly as they are read."""
_SAMPLES, _BLOCK = 256, 4096


class KvFiles:
    """The files of one model. Belongs to its thread."""

    def __init__(self, model: "LlamaModel", folder: Path | None, path: Path) -> None:
        """`folder` None: nothing is kept."""
        self._model, self._folder, self._path = model, folder, path
        self._key = ""

    def stop(self) -> None:
        """Keep and read nothing from now on."""
        self._folder = None

    def longest(self, ids: Sequence[int]) -> int:
        """The most of these first ids that a file holds; 0 for none."""
        return max((length for length, _ in self._fitting(ids)), default=0)

    def restore(self, session: "LlamaSession") -> int:
        """Read the longest fitting file into an empty sequence; returns how many cells it has then."""
        found = sorted(self._fitting(session.ids), reverse=True)
        for length, path in found:
            try:
                data = path.read_bytes()
                if _digest(data) == path.stem.split("-")[3]:
                    if self.read(session, path, list(session.ids[:length])):
                        os.utime(path)
                        return length
                    continue  # its cells are taken, or it holds other ids
                path.unlink()
            except OSError as error:
                _log.warning("%s cannot be read (%s); it is computed again", path, error.strerror)
                continue
            _log.warning("%s was damaged and is removed; it is computed again", path)
        return 0

    def save(self, session: "LlamaSession", length: int) -> None:
        """Write the cells of the first `length` ids, unless a file has them."""
        folder = self._folder
        if folder is None or length < LEAST or self.longest(session.ids) >= length:
            return
        ids = list(session.ids[:length])
        try:
            with disk.fresh(folder, "system") as fresh:
                self.write(session, fresh, ids)
                content = _digest(fresh.read_bytes())
                disk.move(fresh, folder / f"{self.model_key()}-{length}-{_ids(ids)}-{content}.kv")
            for old in sorted(folder.glob("*.kv"), key=lambda path: path.stat().st_mtime)[:-FILES]:
                old.unlink(missing_ok=True)
        except (OSError, EngineError) as error:
            self._folder = None
            _log.warning("%s: the system block is not kept (%s); each start computes it again", folder, error)

    def _fitting(self, ids: Sequence[int]) -> list[tuple[int, Path]]:
        if self._folder is None or len(ids) < LEAST:
            return []
        found = []
        try:
            paths = list(self._folder.glob(f"{self.model_key()}-*-*-*.kv")) if self._folder.is_dir() else []
        except OSError as error:
            _log.warning("%s cannot be looked at (%s); nothing is kept", self._folder, error.strerror)
            self._folder = None
            return []
        for path in paths:
            length = int(path.stem.split("-")[1])
            if LEAST <= length <= len(ids) and path.stem.split("-")[2] == _ids(ids[:length]):
                found.append((length, path))
        return found

    def read(self, session: "LlamaSession", path: Path, ids: list[int], *, evict: bool = False) -> bool:
        """Read a file that holds the cells of these ids into an empty sequence; whether it did.

        `evict`: where cells are short, others give theirs.
        """
        model, count, room = self._model, ctypes.c_size_t(), len(ids)
        found = (ctypes.c_int32 * room)()
        load = model.lib.llama_state_seq_load_file
        while not (read := load(model.ctx, os.fsencode(path), session.seq, found, room, ctypes.byref(count))):
            if not evict or not model.evict(session):
                break
        if read and count.value == room and list(found) == ids:
            return True
        model.lib.llama_memory_seq_rm(model.memory, session.seq, -1, -1)
        return False

    def write(self, session: "LlamaSession", path: Path, ids: list[int]) -> None:
        """Write the cells of a session's first ids. Raises `OSError`, `EngineError`."""
        model = self._model
        if len(ids) == session.cells:
            self._write(session.seq, path, ids)
            return
        copy = model.open(f"{session.key} on its way to disk")
        try:
            model.lib.llama_memory_seq_cp(model.memory, session.seq, copy.seq, 0, len(ids))
            copy.cells = len(ids)
            self._write(copy.seq, path, ids)
        finally:
            copy.close()

    def _write(self, seq: int, path: Path, ids: list[int]) -> None:
        array, model = (ctypes.c_int32 * len(ids))(*ids), self._model
        size = model.lib.llama_state_seq_save_file(model.ctx, os.fsencode(path), seq, array, len(ids))
        if not size or size != path.stat().st_size:  # llama.cpp does not look at what closing the file says
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def model_key(self) -> str:
        """A hash of the model file (its size and blocks all over it), llama.cpp's build and processor, and our settings."""
        if not self._key:
            from importlib.metadata import version

            size = self._path.stat().st_size
            found = hashlib.sha256(struct.pack("<q", size))
            with self._path.open("rb") as file:
                for number in range(_SAMPLES):
                    file.seek(max(0, size - _BLOCK) * number // (_SAMPLES - 1))
                    found.update(file.read(_BLOCK))
            found.update(version("llama-cpp-python").encode() + self._model.lib.llama_print_system_info())
            found.update(repr(self._model.settings).encode())
            self._key = found.hexdigest()[:16]
        return self._key


def common(one: Sequence[int], other: Sequence[int], limit: int) -> int:
    """Length of the longest common prefix, at most `limit`."""
    size = 0
    for a, b in zip(one[:limit], other, strict=False):
        if a != b:
            break
        size += 1
    return size


def _ids(ids: Sequence[int]) -> str:
    return _digest(struct.pack(f"<{len(ids)}i", *ids))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]
