"""Cancelling: one token per job, set once, never cleared, passed as an argument.

Cancelling is an exception raised by `check()` and caught in one place (`run_turn`). There is no global "active" flag.
"""

import threading
from collections.abc import Callable


class Cancelled(Exception):
    """Raised by `CancelToken.check()` once the job was cancelled. `reason` is a short word: stop, wake, shutdown ..."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CancelToken:
    """A one-way switch between the thread that cancels and the thread that works."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reason: str | None = None
        self._callbacks: list[Callable[[str], None]] = []

    @property
    def reason(self) -> str | None:
        """Why the job was cancelled; None while it was not."""
        return self._reason

    def cancel(self, reason: str) -> None:
        """Cancel the job; the first reason stays. Callbacks run in the calling thread, once."""
        with self._lock:
            if self._reason is not None:
                return
            self._reason = reason
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback(reason)

    def check(self) -> None:
        """Raise `Cancelled` when the job was cancelled."""
        if self._reason is not None:
            raise Cancelled(self._reason)

    def on_cancel(self, callback: Callable[[str], None]) -> None:
        """Call `callback(reason)` at the cancellation, at once when it has already happened.

        The callback may run in any thread: it may set a flag or call `AudioSink.stop`, nothing longer.
        """
        with self._lock:
            if self._reason is None:
                self._callbacks.append(callback)
                return
            reason = self._reason
        callback(reason)
