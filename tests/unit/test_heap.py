"""Freed memory between what stays, on a real heap: that of a process of its own, in which nothing else is free."""

import subprocess
import sys

CODE = """
import ctypes
from pathlib import Path
from assistant.heap import give_back

def anonymous():
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:"))

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
blocks = [libc.malloc(1000) for _ in range(40_000)]
for block in blocks:
    ctypes.memset(block, 1, 1000)
for block in blocks[:-100]:
    libc.free(block)  # the last ones stay, so that the heap's end does
freed = anonymous()
give_back()
print(freed - anonymous())
"""


def test_what_was_freed_below_what_stays_goes_back() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, timeout=60, check=True)
    assert int(done.stdout) > 30_000, "KiB of the 40,000 that were freed"
