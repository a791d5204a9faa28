"""The facts of this machine that decide which models fit: read from /proc and the file system, nothing is measured."""

import platform
import shutil
from pathlib import Path

from assistant.cores import usable
from assistant.models.advice import Board

_PROC = Path("/proc")


def read_board(models: Path, proc: Path = _PROC, machine: str = "", cores: int = 0) -> Board:
    """This machine. `models` is where models are put; `proc`, `machine` and `cores` are other than this one's in tests."""
    machine = machine or platform.machine()
    info = _text(proc / "cpuinfo")
    arm = machine.startswith(("aarch64", "arm"))
    flags = next((line.partition(":")[2].split() for line in info.splitlines() if line.startswith(("Features", "flags"))), [])
    memory = next(
        (int(line.split()[1]) * 1024 for line in _text(proc / "meminfo").splitlines() if line.startswith("MemTotal:")), 0
    )
    name = _text(proc / "device-tree/model").rstrip("\0\n")
    if not name:
        lines = [line.partition(":")[2].strip() for line in info.splitlines() if line.startswith(("model name", "Model"))]
        name = next(iter(lines), "") or machine
    return Board(
        name=name,
        memory=memory,
        cores=cores or usable(),
        dotprod=("asimddp" if arm else "avx2") in flags,
        arm=arm,
        free=free_bytes(models),
    )


def free_bytes(folder: Path) -> int:
    """Bytes free for a user where `folder` is, or will be made."""
    here = folder.absolute()
    while not here.exists() and here != here.parent:
        here = here.parent
    return shutil.disk_usage(here).free


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # another kernel than Linux, or a board without a device tree
        return ""
