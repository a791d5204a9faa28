"""Archives into a fresh folder: plain files and folders only, within bounds that follow from the archive's size.

Refused: names that lead out of the folder or are odd, links, devices and other special files, names that stand twice, encrypted
entries, more files or bytes than the bounds allow. Sizes are counted while they are written, whatever the archive declares; what
a tar says of its names is read only while it is short. No name, mode or owner of the archive is used as it stands. What was
refused leaves nothing behind.
"""

import bz2
import gzip
import io
import lzma
import shutil
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from assistant.errors import ModelError

CHUNK = 1 << 16
MAX_DEPTH = 12
MAX_TAIL = 1 << 24
MAX_READ = 1 << 20
"""What tarfile may ask for at once: it reads a header of names (pax, GNU) whole, however long that claims to be."""


@dataclass(frozen=True)
class Limits:
    """How much an archive may hold."""

    files: int = 2000
    bytes: int = 1 << 20


RATIO = 8
"""Bytes unpacked for each byte of the archive, at most; Vosk's models have less than 3."""

_Entry = tuple[str, bool, IO[bytes] | None]
"""Name, whether it is a folder, and the content."""
_DAMAGED = (zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error, lzma.LZMAError, struct.error)
_COMPRESSED: dict[bytes, Callable[..., Any]] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\0": lzma.open}


class ArchiveRefused(ModelError):
    """An archive is damaged, or holds what is not unpacked; the message names the entry."""

    code = "archive"


def limits_for(archive_bytes: int) -> Limits:
    """The bounds for an archive of a size."""
    return Limits(bytes=max(1 << 20, RATIO * archive_bytes))


def unpack(archive: Path, into: Path, limits: Limits | None = None) -> None:
    """Unpack a zip or tar archive into `into`, which must not exist yet. Raises `ArchiveRefused`."""
    limits = limits or limits_for(archive.stat().st_size)
    into.mkdir(parents=True)
    try:
        _unpack(archive, into, limits)
    except OSError as error:
        shutil.rmtree(into)
        raise ArchiveRefused(f"{archive.name}: cannot be unpacked ({error.strerror or error}); free some storage") from None
    except BaseException:
        shutil.rmtree(into)
        raise


def only_folder(unpacked: Path) -> Path:
    """The one folder that an archive holds. Raises `ArchiveRefused`."""
    inside = list(unpacked.iterdir())
    if len(inside) != 1 or not inside[0].is_dir():
        raise ArchiveRefused(f"the archive holds {len(inside)} things side by side; one folder is expected")
    return inside[0]


def _unpack(archive: Path, into: Path, limits: Limits) -> None:
    total, seen = 0, dict[str, bool]()
    with _entries(archive) as entries:
        for name, is_folder, stream in entries:
            if is_folder and PurePosixPath(name) == PurePosixPath("."):
                continue
            path = _safe(archive, name)
            key = str(path)
            if len(seen) >= limits.files:
                raise ArchiveRefused(f"{archive.name}: holds more than {limits.files} entries")
            if key in seen and not (is_folder and seen[key]):
                raise ArchiveRefused(f"{archive.name}: {name!r} stands twice in it")
            if any(seen.get(str(parent)) is False for parent in path.parents):
                raise ArchiveRefused(f"{archive.name}: {name!r} lies in what is a file")
            seen[key] = is_folder
            target = into / path
            if is_folder:
                target.mkdir(parents=True, exist_ok=True)
                continue
            if target.exists():  # a folder that an earlier entry implied
                raise ArchiveRefused(f"{archive.name}: {name!r} stands twice in it")
            target.parent.mkdir(parents=True, exist_ok=True)
            total = _write(archive, stream, target, total, limits)


def _write(archive: Path, stream: IO[bytes] | None, target: Path, total: int, limits: Limits) -> int:
    """Copy one file; return the bytes of all files so far."""
    with target.open("xb") as out:
        while stream is not None and (chunk := stream.read(CHUNK)):
            total += len(chunk)
            if total > limits.bytes:
                raise ArchiveRefused(
                    f"{archive.name}: unpacks to more than {limits.bytes:,} bytes, which no model of its size does"
                )
            out.write(chunk)
    return total


def _safe(archive: Path, name: str) -> PurePosixPath:
    """The path of an entry, within the folder. Raises `ArchiveRefused`."""
    path = PurePosixPath(name)
    odd = "\\" in name or ":" in name or not name.isprintable() or any(len(part.encode()) > 200 for part in path.parts)
    if odd or path.is_absolute() or ".." in path.parts or not path.parts or len(path.parts) > MAX_DEPTH:
        raise ArchiveRefused(f"{archive.name}: {name[:80]!r} would lead out of the folder, or is an odd name")
    return path


@contextmanager
def _entries(archive: Path) -> Iterator[Iterator[_Entry]]:
    """Name, whether it is a folder, and the content of each entry; whatever is damaged is an `ArchiveRefused`."""
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as opened, closing(_zip_entries(archive, opened)) as entries:
                yield entries
        else:
            with (
                _uncompressed(archive) as plain,
                tarfile.open(fileobj=_Bounded(archive, plain), mode="r:") as tar,
                closing(_tar_entries(archive, tar, plain)) as entries,
            ):
                yield entries
    except (*_DAMAGED, EOFError, NotImplementedError, ValueError, RecursionError) as error:
        reason = str(error).partition("\n")[0]
        raise ArchiveRefused(f"{archive.name}: is damaged or no zip or tar archive ({reason})") from None


def _uncompressed(archive: Path) -> IO[bytes]:
    """The tar itself."""
    with archive.open("rb") as file:
        head = file.read(8)
    opens = next((opens for magic, opens in _COMPRESSED.items() if head.startswith(magic)), Path.open)
    plain: IO[bytes] = opens(archive, "rb")
    return plain


class _Bounded(io.RawIOBase):
    """A stream that is read in small pieces only."""

    def __init__(self, archive: Path, plain: IO[bytes]) -> None:
        self._archive, self._plain = archive, plain

    def read(self, size: int = -1, /) -> bytes:
        if not 0 <= size <= MAX_READ:
            raise ArchiveRefused(f"{self._archive.name}: has a header that claims {size:,} bytes, which no name needs")
        return self._plain.read(size)

    def seek(self, to: int, whence: int = 0, /) -> int:
        return self._plain.seek(to, whence)

    def tell(self) -> int:
        return self._plain.tell()


def _zip_entries(archive: Path, opened: zipfile.ZipFile) -> Generator[_Entry]:
    for info in opened.infolist():
        mode = info.external_attr >> 16
        kind = stat.S_IFMT(mode)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise ArchiveRefused(f"{archive.name}: {info.orig_filename!r} is a link or a special file")
        if info.flag_bits & 1:
            raise ArchiveRefused(f"{archive.name}: {info.orig_filename!r} is encrypted")
        if info.orig_filename.endswith("/") or kind == stat.S_IFDIR:
            yield info.orig_filename, True, None
            continue
        with opened.open(info) as stream:
            yield info.orig_filename, False, stream


def _tar_entries(archive: Path, tar: tarfile.TarFile, plain: IO[bytes]) -> Generator[_Entry]:
    for member in tar:
        if member.isdir():
            yield member.name, True, None
        elif member.isreg() and not member.issparse():
            stream = tar.extractfile(member)
            yield member.name, False, stream
        else:
            raise ArchiveRefused(f"{archive.name}: {member.name!r} is a link or a special file")
    for _ in range(MAX_TAIL // CHUNK):  # what follows the last entry holds the compression's own checksum
        if not plain.read(CHUNK):
            break
