"""Writing a file whole or not at all, and clearing away what a process that died left half written."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

_ENDING = ".new"


@contextlib.contextmanager
def fresh(folder: Path, place: str) -> Iterator[Path]:
    """An empty file of 0600 in `folder` (made with 0700), on its way to the name `place`; gone afterwards unless it was moved.

    Files on their way whose process is no more are removed first. Raises `OSError`.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    sweep(folder)
    path = folder / f"{place}.{os.getpid()}{_ENDING}"
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield path
    finally:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def move(path: Path, place: Path) -> None:
    """Put a file that was written into its place, in place of what is there; it survives a power cut from here on."""
    _sync(path)
    path.replace(place)
    _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Remove what is on its way and will not arrive: its process is no more, or is this one, which writes nothing now."""
    for path in folder.glob(f"*{_ENDING}"):
        pid = path.name.removesuffix(_ENDING).rpartition(".")[2]
        if not pid.isdecimal() or int(pid) == os.getpid() or not _alive(int(pid)):
            with contextlib.suppress(OSError):
                path.unlink()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass  # another user's
    return True
