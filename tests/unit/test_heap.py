"""Freed memory between what stays, on the real heap of this process."""

import ctypes
from pathlib import Path

from assistant.heap import give_back

BLOCKS, BYTES = 40_000, 1_000


def anonymous() -> int:
    """KiB of this process that are no file's."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:"))


def test_what_was_freed_between_what_stays_goes_back() -> None:
    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    before = anonymous()
    blocks = [libc.malloc(BYTES) for _ in range(BLOCKS)]
    for block in blocks:
        ctypes.memset(block, 1, BYTES)
    for number, block in enumerate(blocks):
        if number % 100:
            libc.free(block)  # each hundredth stays
    kept = anonymous()
    give_back()
    given = anonymous()
    for block in blocks[::100]:
        libc.free(block)
    assert kept - before > BLOCKS * BYTES / 1024 * 0.9
    assert given - before < (kept - before) * 0.25
