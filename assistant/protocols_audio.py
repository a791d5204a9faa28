"""Protocols of a loudspeaker and a microphone in one room: what the assistant says comes back to it.

Sound is the format of `audio/format.py`.
"""

from typing import Protocol

from assistant.protocols import AudioSink

DUCK_GAIN = 0.2
"""A ducked loudspeaker plays so much of full scale: 14 dB less."""
DUCK_MAX_S = 3.0
"""No duck lasts longer: one that nobody ends is no reply that cannot be heard."""


class RoomSink(AudioSink, Protocol):
    """A loudspeaker that a microphone hears."""

    def duck(self, for_s: float) -> None:
        """Play on more softly for so much sound, at most `DUCK_MAX_S`; 0: in full again, at once. Any thread may call it."""
        ...

    def reference(self) -> bytes:
        """What was played since the last call, the silences between included. For one reader, in any thread.

        Bounded: of what was not fetched the oldest is lost.
        """
        ...


class EchoGuard(Protocol):
    """Knows our own voice in what the microphone hears."""

    def feed(self, frame: bytes) -> bytes:
        """Take a frame of the microphone; return it with as much of our own voice taken out as can be."""
        ...

    @property
    def playing(self) -> bool:
        """Whether the last frame may hold our own voice, its tail in the room included."""
        ...

    @property
    def cancels(self) -> bool:
        """Whether our own voice is taken out of the frames: what is left of it may sound like words."""
        ...

    @property
    def near(self) -> bool:
        """Whether the last frame held more than our own voice can have brought."""
        ...

    @property
    def perhaps(self) -> bool:
        """Whether the last frame may hold more than our own voice: sooner known than `near`, and less sure."""
        ...

    @property
    def level(self) -> float:
        """Mean square of the last frame, our own voice taken out as far as can be."""
        ...
