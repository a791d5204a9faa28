"""The ear: reads frames from sources and feeds each to its listener, in one thread of its own.

A source that fails ends the ear, and with it the process: an assistant that cannot hear must not look alive.
"""

import threading
import time
from collections import deque

from assistant.audio.format import FRAME_BYTES, FRAME_S
from assistant.cancel import CancelToken
from assistant.listen.listener import Ask, Listener
from assistant.protocols import AudioSource, EndOfAudio

MAX_SLEEP_S = 0.1
_ZERO = bytes(FRAME_BYTES)


class Ear:
    """Owns the listeners and their sources."""

    def __init__(self) -> None:
        self._streams: list[tuple[AudioSource, Listener]] = []
        self._bell = threading.Event()
        self.frames = 0
        """Frames heard so far; the watchdog reads it."""
        self._zeros = 0  # frames of nothing but zeros, one behind the other
        self._asked: deque[Ask] = deque(maxlen=8)  # full: the oldest wish is dropped; nobody presses faster
        self._muted = False
        self.beat = time.monotonic()

    def attach(self, source: AudioSource, listener: Listener) -> None:
        """Listen to a stream. Before `run`, or from the ear's thread."""
        self._streams.append((source, listener))

    def ask(self, what: Ask) -> None:
        """Ask the first listener, the room's own; from any thread."""
        self._asked.append(what)
        self._bell.set()

    @property
    def muted(self) -> bool:
        """True while nothing that is heard reaches a listener; may be set from any thread."""
        return self._muted

    @muted.setter
    def muted(self, muted: bool) -> None:
        self._muted = muted
        if muted:
            self.ask("drop")

    @property
    def zero_s(self) -> float:
        """Seconds of sound for which the microphone has given only zeros: no room is that quiet, it is off or muted."""
        return self._zeros * FRAME_S

    def step(self) -> bool:
        """Do what was asked, then feed every frame that is due, one per stream; False when none was."""
        heard = False
        while self._asked and self._streams:
            self._streams[0][1].ask(self._asked.popleft())
        for stream in list(self._streams):
            source, listener = stream
            try:
                frame = source.read()
            except EndOfAudio:
                listener.end_of_audio()
                self._streams.remove(stream)
                continue
            if frame is not None:
                heard = True
                self.frames += 1
                self._zeros = self._zeros + 1 if frame == _ZERO else 0
                if not self._muted:
                    listener.feed(frame)
        return heard

    def done(self) -> bool:
        """True when every stream has ended."""
        return not self._streams

    def run(self, stop: CancelToken) -> None:
        """Listen until `stop` is cancelled or every stream has ended. Raises `AudioError` when a source fails."""
        stop.on_cancel(lambda _: self._bell.set())
        while stop.reason is None and self._streams:
            self.beat = time.monotonic()
            if not self.step():
                wait = min([MAX_SLEEP_S, *(source.wait_s() for source, _ in self._streams)])
                self._bell.wait(wait)
                if stop.reason is None:
                    self._bell.clear()
