"""The process's memory, where the C library's own ways cost: what it keeps of what was freed, and pages that are too small.

What a turn needs for a while (a recogniser's lattice most) lies between what stays, so that no end of the heap is ever free.
A model's weights are read from end to end for every token, and of every page the processor must ask anew where it lies.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LARGE = 16 << 20
"""Bytes in one piece that are worth it; a thread's stack and the heap's own steps are smaller."""
_HUGE, _COLLAPSE = 14, 25  # madvise, from Linux's uapi headers; the second since 6.1


def give_back() -> None:
    """Hand freed memory back to the system, in 20 ms at most; where the C library has no `malloc_trim`, nothing."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


@contextmanager
def huge_pages() -> Iterator[None]:
    """Put what was allocated and filled within, in pieces of `LARGE` and more, into huge pages: the same memory, read faster.

    At once where the kernel can (a fraction of a second), by and by where it is older, not at all where it has none.
    """
    before = _mapped()
    yield
    madvise = ctypes.CDLL(None).madvise
    madvise.argtypes = [ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int]
    for begin, end in _new(before, _mapped()):
        madvise(begin, end - begin, _HUGE)
        madvise(begin, end - begin, _COLLAPSE)  # refused, for want of memory too: it stays as it is


def _mapped() -> list[tuple[int, int]]:
    """Where the process has memory of its own to write to, in order; empty where there is no /proc."""
    try:
        rows = [line.split() for line in Path("/proc/self/maps").read_text().splitlines()]
    except OSError:
        return []
    ends = [row[0].split("-") for row in rows if row[1] == "rw-p" and len(row) == 5]  # a sixth column names a file
    return [(int(begin, 16), int(end, 16)) for begin, end in ends]


def _new(before: list[tuple[int, int]], now: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Pieces of `LARGE` and more that were not mapped before: the kernel joins neighbours."""
    for begin, end in now:
        for old_begin, old_end in before:
            if old_begin < end and old_end > begin:
                if old_begin - begin >= LARGE:
                    yield begin, old_begin
                begin = old_end
        if end - begin >= LARGE:
            yield begin, end
