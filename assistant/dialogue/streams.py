"""Streams of events out of the brain, each bounded.

- `Subscription`: a watcher of all turns. Full: its oldest event is dropped and counted.
- `TurnStream`: the one who asked. Never drops: when it lags, tokens in a row merge into one; when that does not help, its turn is
  cancelled as slow_reader, and the terminal event still fits.
The brain puts, one reader takes.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace

from assistant import events
from assistant.cancel import CancelToken

STREAM_CAPACITY = 1024
MERGE_FROM = 256
"""Events behind which tokens in a row become one."""


class Subscription:
    """The events of all turns, for a watcher."""

    def __init__(self, capacity: int, on_ready: Callable[[], None] | None = None) -> None:
        self._events: deque[events.Event] = deque(maxlen=capacity)
        self._ready = threading.Condition()
        self._on_ready = on_ready
        self.dropped = 0
        """Events lost because the watcher lagged."""

    def put(self, event: events.Event) -> None:
        """Called by the brain or the ear."""
        with self._ready:
            if len(self._events) == self._events.maxlen:
                self.dropped += 1
            self._events.append(event)
            self._ready.notify()
        if self._on_ready is not None:
            self._on_ready()

    def take(self, timeout_s: float = 0.0) -> list[events.Event]:
        """What has come since, oldest first; waits at most `timeout_s` for the first."""
        with self._ready:
            if not self._events and timeout_s:
                self._ready.wait(timeout_s)
            taken = list(self._events)
            self._events.clear()
            return taken


class TurnStream:
    """The events of one turn, for the one who asked."""

    def __init__(self, cancel: CancelToken, on_ready: Callable[[], None] | None = None) -> None:
        self._events: deque[events.Event] = deque()
        self._ready = threading.Condition()
        self._cancel = cancel
        self._on_ready = on_ready

    def put(self, event: events.Event) -> None:
        """Called by the brain."""
        with self._ready:
            last = self._events[-1] if len(self._events) >= MERGE_FROM else None
            if isinstance(last, events.Token) and isinstance(event, events.Token):
                self._events[-1] = replace(last, text=last.text + event.text)
            elif len(self._events) < STREAM_CAPACITY or isinstance(event, events.TERMINAL):
                self._events.append(event)
            self._ready.notify()
            full = len(self._events) >= STREAM_CAPACITY
        if full:
            self._cancel.cancel("slow_reader")
        if self._on_ready is not None:
            self._on_ready()

    def take(self, timeout_s: float = 0.0) -> list[events.Event]:
        """What has come since, oldest first; waits at most `timeout_s` for the first."""
        with self._ready:
            if not self._events and timeout_s:
                self._ready.wait(timeout_s)
            taken = list(self._events)
            self._events.clear()
            return taken

    def __iter__(self) -> Iterator[events.Event]:
        """Events until the terminal one, for a reader with a thread of its own."""
        while True:
            for event in self.take(timeout_s=0.1):
                yield event
                if isinstance(event, events.TERMINAL):
                    return
