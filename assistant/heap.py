"""Freed memory goes back to the system when a turn is over: glibc keeps it, and more of it turn after turn.

What a turn needs for a while (a recogniser's lattice most) lies between what stays, so that no end of the heap is ever free.
"""

import ctypes


def give_back() -> None:
    """Hand it back, in 20 ms at most; where the C library has no `malloc_trim`, nothing."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
