"""What a turn is made from: the request, the kit of engines and stores, and what a turn yields besides events."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from assistant import events
from assistant.dialogue.conversation import Conversation
from assistant.protocols import AudioSink, Remembered, Router, Sampling, Voice


@dataclass(frozen=True)
class Waiting:
    """The turn cannot go on before `sink` has played some of what it holds."""

    sink: AudioSink
    until: float
    """On the kit's clock."""


@dataclass(frozen=True)
class Step:
    """A piece of work was done; there is nothing to tell."""


STEP = Step()
Item = events.Event | Waiting | Step


@dataclass(frozen=True)
class TurnRequest:
    """What is to be answered, and where the answer goes."""

    text: str
    """The user's words; with `say`, "" ."""
    conversation: str = "voice"
    """Key of the talk it belongs to."""
    language: str = "en"
    sink: AudioSink | None = None
    """Where the reply is spoken; None: text only."""
    turn_id: int | None = None
    """Allotted by the ear at the wake; None: by the brain."""
    say: str | None = None
    """Speak exactly this instead of an answer; it does not enter history."""
    sampling: Sampling | None = None
    """None takes the kit's."""
    stages: Mapping[str, float] = field(default_factory=dict)
    """Seconds spent before the brain: listen, recognise."""


@dataclass(frozen=True)
class Kit:
    """The engines and stores of one assistant, as a turn needs them."""

    conversation: Callable[[str], Conversation]
    """The talk of a key, made at its first use."""
    voices: Mapping[str, Voice]
    """Language -> voice."""
    router: Router
    sampling: Sampling
    clock: Callable[[], float] = time.monotonic
    """Seconds; in fast pace the audio clock."""
    stopwatch: Callable[[], float] = time.monotonic
    """Seconds of real time, for `stages`."""
    now: Callable[[], datetime] = datetime.now
    memory: Remembered | None = None
    """What is remembered beyond the talk; None: nothing."""
    error_tone: bytes = b""
    """Played when a turn failed and the voice cannot say so: 16 kHz."""
