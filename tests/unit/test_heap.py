"""Freed memory between what stays, on a real heap: that of a process of its own, in which nothing else is free."""

import subprocess
import sys

CODE = """
import ctypes
from assistant.bench.result import pss_mib
from assistant.heap import give_back

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
blocks = [libc.malloc(1000) for _ in range(40_000)]
for block in blocks:
    ctypes.memset(block, 1, 1000)
for block in blocks[:-100]:
    libc.free(block)  # the last ones stay, so that the heap's end does
freed = pss_mib()
give_back()
print(round(1024 * (freed - pss_mib())))
"""


def test_what_was_freed_below_what_stays_goes_back() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, timeout=60, check=True)
    assert int(done.stdout) > 30_000, "KiB of the 40,000 that were freed"
