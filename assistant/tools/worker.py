"""Where tools run: in a thread of their own each, so that one that hangs holds up nobody; what comes late is dropped.

At most `AT_ONCE` calls are under way: one more is refused as busy, and so are all while that many hang. Who starts the threads
(`app`) hands over how; without that a call runs at once where it is begun: for recordings in fast pace, which have no threads.
"""

import logging
import threading
from collections.abc import Callable

from assistant.protocols_tools import Refused, Returned
from assistant.tools.result import plain

Start = Callable[[Callable[[], None], str], None]
"""Runs something in a thread of that name, which no ending process waits for."""
AT_ONCE = 4
_log = logging.getLogger(__name__)


class Call:
    """A call under way; see `protocols_tools.Job`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._returned: Returned | None = None
        self._dropped = False

    def returned(self) -> Returned | None:
        """What became of it; None while it runs."""
        with self._lock:
            return self._returned

    def drop(self) -> None:
        """Nobody waits any more."""
        with self._lock:
            self._dropped, self._returned = True, None

    def put(self, returned: Returned) -> None:
        """It has returned."""
        with self._lock:
            if not self._dropped:
                self._returned = returned


class Worker:
    """Runs calls."""

    def __init__(self, start: Start | None = None) -> None:
        self._start = start
        self._lock = threading.Lock()
        self._running = 0

    def begin(self, name: str, work: Callable[[], object], *, here: bool = False) -> Call:
        """Begin a call; `here`: in this thread."""
        call = Call()
        if here or self._start is None:
            call.put(outcome(name, work))
            return call
        with self._lock:
            if self._running >= AT_ONCE:
                _log.warning("tool %s was refused: %d calls are under way, as many as there may be", name, AT_ONCE)
                call.put(Returned("failed"))
                return call
            self._running += 1

        def run() -> None:
            try:
                call.put(outcome(name, work))
            finally:
                with self._lock:
                    self._running -= 1

        self._start(run, f"tool {name}")
        return call


def outcome(name: str, work: Callable[[], object]) -> Returned:
    """What becomes of a call; an error is a line in the log without the words that it may quote."""
    try:
        return plain(work())
    except Refused as refused:
        return plain(str(refused), "refused")
    except Exception as error:  # noqa: BLE001  a stranger's code may raise anything; the turn says that it failed
        at = error.__traceback__
        while at is not None and at.tb_next is not None:
            at = at.tb_next
        where = f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}" if at is not None else "?"
        _log.warning("tool %s failed: %s at %s", name, type(error).__name__, where)
        return Returned("failed")
