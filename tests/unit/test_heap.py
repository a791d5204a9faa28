"""The real heap and the real kernel, in a process of its own, in which nothing else is free and nothing else is mapped meanwhile."""

import subprocess
import sys
from pathlib import Path

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


def printed(code: str) -> str:
    """What a process of its own prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True).stdout


def test_what_was_freed_below_what_stays_goes_back() -> None:
    assert int(printed(CODE)) > 30_000, "KiB of the 40,000 that were freed"


HUGE = """
import ctypes
from pathlib import Path
from assistant.heap import LARGE, huge_pages

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]

def filled(size):
    block = libc.malloc(size)
    ctypes.memset(block, 7, size)
    return block + size // 2

def asked_for(address):
    within = False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        first, *rest = line.split()
        if "-" in first and not first.endswith(":"):
            begin, end = (int(part, 16) for part in first.split("-"))
            within = begin <= address < end
        elif within and first == "VmFlags:":
            return "hg" in rest

before = filled(2 * LARGE)
with huge_pages():
    weights = filled(4 * LARGE)
with huge_pages():
    small = filled(LARGE // 2)
behind = filled(2 * LARGE)
print(*(asked_for(block) for block in (before, weights, small, behind)))
print(set(ctypes.string_at(weights - 2 * LARGE, 4 * LARGE)) == {7})
"""


def test_only_what_was_allocated_in_large_pieces_within_is_put_into_huge_pages() -> None:
    known = Path("/sys/kernel/mm/transparent_hugepage").exists()
    assert printed(HUGE).splitlines() == [f"False {known} False False", "True"]
