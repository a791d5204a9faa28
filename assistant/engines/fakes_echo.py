"""A scripted echo guard, beside the scripted engines of fakes.py."""

from assistant.protocols import AudioSink


class FakeEcho:
    """Takes every frame but silence for somebody else's; our own voice sounds while the sink plays and `tail` frames longer."""

    def __init__(self, sink: AudioSink, tail: int = 3) -> None:
        self._sink, self._tail, self._since = sink, tail, tail
        self.near = False
        self.deaf = False
        """True: everything is taken for our own voice."""
        self.perhaps = False
        self.cancels = False
        self.level = 0.0

    def feed(self, frame: bytes) -> bytes:
        """Look at the sink."""
        self._since = 0 if self._sink.pending_s() > 0 else self._since + 1
        self.near = self.perhaps = not self.deaf and not frame.startswith(b"\0")
        self.level = 1e6 if self.near else 1.0
        return frame

    @property
    def playing(self) -> bool:
        """Whether our own voice may be in the frame."""
        return self._since < self._tail
