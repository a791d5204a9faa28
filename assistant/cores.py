"""The cores: how many threads may compute at once, and who gives way where there are too few.

Rules (docs/decisions/0019-cores.md)
- One core is the ear's. What answers (the model, a voice) computes with the rest, one after the other: `spare`.
- What answers gives way to what hears: it is nicer. On Linux niceness belongs to a thread and a new thread inherits it, so
  a thread gives way before it loads or computes: the workers of llama.cpp and onnxruntime are born in it. So it is with
  affinity: what answers may leave the last core to the ear altogether (`brain.own_core`).
"""

import logging
import os

_log = logging.getLogger(__name__)
NICER = 5
"""Added to the niceness of what answers: beside a thread at 0 it weighs a third. Anybody may raise it, only root lower it."""


def usable() -> int:
    """Cores that this process may use: those of its main thread, which nothing here takes any from."""
    return len(os.sched_getaffinity(os.getpid()))


def spare(most: int) -> int:
    """Threads that may compute beside the ear: at least 1, at most `most`."""
    return max(1, min(usable() - 1, most))


def configured(key: str, wanted: int) -> int:
    """The threads that `key` asks for, at most one a core; 0 stays 0. Warns when the ear has none left."""
    cores = usable()
    if wanted >= cores > 1:
        _log.warning("%s is %d: with the ear that is more than the %d cores; 0 leaves one to it", key, wanted, cores)
    return min(wanted, cores)


def give_way(*, own_core: bool = False) -> None:
    """Make the calling thread, and those that it starts from now on, give way; `own_core`: by leaving the last core, too."""
    cores = sorted(os.sched_getaffinity(0))
    try:
        os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0) + NICER)  # 0: this thread alone
        if own_core and len(cores) > 1:
            os.sched_setaffinity(0, cores[:-1])
    except OSError as error:  # a sandbox may forbid it
        _log.warning("what answers cannot be made to give way (%s); it competes with the ear", error.strerror)
