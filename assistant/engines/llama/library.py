"""llama.cpp itself: loaded once, with its log caught and its OpenMP threads told not to spin.

A callback that ctypes lets go is a crash, so the one callback here is kept for the life of the process.
"""

import ctypes
import os
from collections.abc import Callable
from functools import cache
from typing import Any

_ERROR = 4
_kept: list[Any] = []
cause: list[str] = [""]
"""The first error line of llama.cpp's log since it was cleared: the ones after it only say that something failed."""


@cache
def library() -> Any:
    """The module of llama-cpp-python's low-level calls. Raises `ImportError` where the package is missing.

    The wait policy is read when OpenMP loads, so it is set first: spinning threads starve the ear.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    from llama_cpp import llama_cpp as lib

    def log(level: int, text: bytes | None, _data: int | None) -> None:
        if level == _ERROR and text and not cause[0]:
            cause[0] = text.decode("utf-8", "replace").strip()

    _kept.append(lib.llama_log_callback(log))
    lib.llama_log_set(_kept[0], ctypes.c_void_p(0))
    lib.llama_backend_init()
    return lib


def give_back_memory() -> None:
    """Have the C library give free memory back to the system: it keeps what a grammar took once (20 MB over 151,936 tokens)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's
    if trim is not None:
        trim(0)


@cache
def abort_function(lib_type: Callable[[int], Any]) -> Any:
    """The abort callback: C's strlen over a flag of one byte and a zero: 0 goes on, 1 aborts.

    llama.cpp calls it hundreds of times a token: a Python function would need the interpreter's lock each time and
    wait for whatever thread holds it.
    """
    address = ctypes.cast(ctypes.CDLL(None).strlen, ctypes.c_void_p).value
    if address is None:
        raise ImportError("the C library has no strlen")
    return lib_type(address)
