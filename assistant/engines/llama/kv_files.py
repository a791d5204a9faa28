"""Computed beginnings of conversations on disk: what every start would compute again, above all the system block.

A file is named by what its cells depend on (model, build, settings), its number of ids, their hash and the hash of its content:
MODEL-LENGTH-IDS-CONTENT.kv. It is written under another name and moved into place. One that is stale is never asked for; one that
is damaged is removed, with a line in the log. A folder that cannot be written is said once, and nothing is kept.
"""

import contextlib
import ctypes
import hashlib
import logging
import os
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

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
                    if self._load(session, path, length):
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
        fresh = folder / f"{os.getpid()}.new"
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not self._write(session, fresh, ids):
                raise OSError(0, "llama.cpp wrote nothing")
            content = _digest(fresh.read_bytes())
            fresh.replace(folder / f"{self._model_key()}-{length}-{_ids(ids)}-{content}.kv")
            for old in sorted(folder.glob("*.kv"), key=lambda path: path.stat().st_mtime)[:-FILES]:
                old.unlink(missing_ok=True)
        except (OSError, EngineError) as error:
            self._folder = None
            with contextlib.suppress(OSError):
                fresh.unlink()
            _log.warning("%s: the system block is not kept (%s); each start computes it again", folder, error)

    def _fitting(self, ids: Sequence[int]) -> list[tuple[int, Path]]:
        if self._folder is None or len(ids) < LEAST:
            return []
        found = []
        try:
            paths = list(self._folder.glob(f"{self._model_key()}-*-*-*.kv")) if self._folder.is_dir() else []
        except OSError as error:
            _log.warning("%s cannot be looked at (%s); nothing is kept", self._folder, error.strerror)
            self._folder = None
            return []
        for path in paths:
            length = int(path.stem.split("-")[1])
            if LEAST <= length <= len(ids) and path.stem.split("-")[2] == _ids(ids[:length]):
                found.append((length, path))
        return found

    def _load(self, session: "LlamaSession", path: Path, length: int) -> bool:
        lib, count = self._model.lib, ctypes.c_size_t()
        ids = (ctypes.c_int32 * length)()
        read = lib.llama_state_seq_load_file(self._model.ctx, os.fsencode(path), session.seq, ids, length, ctypes.byref(count))
        if read and list(ids) == list(session.ids[:length]):
            return True
        lib.llama_memory_seq_rm(self._model.memory, session.seq, -1, -1)
        return False

    def _write(self, session: "LlamaSession", path: Path, ids: list[int]) -> bool:
        model = self._model
        copy = model.open(f"{session.key} on its way to disk")
        try:
            model.lib.llama_memory_seq_cp(model.memory, session.seq, copy.seq, 0, len(ids))
            copy.cells = len(ids)
            array = (ctypes.c_int32 * len(ids))(*ids)
            return bool(model.lib.llama_state_seq_save_file(model.ctx, os.fsencode(path), copy.seq, array, len(ids)))
        finally:
            copy.close()

    def _model_key(self) -> str:
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


def _ids(ids: Sequence[int]) -> str:
    return _digest(struct.pack(f"<{len(ids)}i", *ids))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]
