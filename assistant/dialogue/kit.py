"""What a turn is made from: the request, the kit of engines and stores, and what a turn yields besides events."""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from assistant import events
from assistant.cancel import CancelToken
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.pace import Pace, Paces
from assistant.dialogue.quotes import Library
from assistant.dialogue.shelf import Message, Shelf
from assistant.protocols import AudioSink, Remembered, Sampling, Transcriber, Voice
from assistant.protocols_hands import Ringing
from assistant.protocols_skills import Instead, Router
from assistant.protocols_tools import Toolbox


@dataclass(frozen=True)
class Waiting:
    """The turn cannot go on before `sink` has played some of what it holds, or what a skill waits for is there."""

    sink: AudioSink | None
    until: float
    """On the kit's clock."""


@dataclass(frozen=True)
class Step:
    """A piece of work was done; there is nothing to tell."""


STEP = Step()
Item = events.Event | Waiting | Step


class Gate:
    """Holds a draft back (dialogue/live.py) where something of it would be heard, told, learnt or done; others pass."""

    def __init__(self, *, closed: bool = False) -> None:
        self.closed = closed
        self.stages: dict[str, float] = {}
        """Seconds spent before the brain, known when it opens."""

    def open(self, stages: Mapping[str, float]) -> None:
        """The draft is the turn."""
        self.stages.update(stages)
        self.closed = False

    def wait(self, cancel: CancelToken) -> Iterator["Item"]:
        """Until it is open. Raises `Cancelled` when the draft was given up."""
        while self.closed:
            cancel.check()
            yield Waiting(None, math.inf)
        cancel.check()


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
    ring: Ringing | None = None
    """Ring in `sink` for what is due (dialogue/ring.py)."""
    sampling: Sampling | None = None
    """None takes the kit's."""
    instead: Instead | None = None
    """A likely command that was heard near the text; None: there is none."""
    stages: Mapping[str, float] = field(default_factory=dict)
    """Seconds spent before the brain: listen, recognise."""
    messages: Sequence[Message] = ()
    """A whole talk to be continued, which is none of the house's: no skill, no memory, no history (dialogue/completion.py)."""
    hear: Iterator[bytes] | None = None
    """A recording to be written down, block by block, in the inner format (dialogue/completion.py)."""
    gate: Gate = field(default_factory=Gate, compare=False)

    @property
    def talks(self) -> bool:
        """Whether it is a turn of one of the house's talks."""
        return self.say is None and self.ring is None and not self.messages and self.hear is None


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
    documents: Library | None = None
    """The place's own documents; None: there are none."""
    idle: Sequence[Callable[[], Iterator[None] | None]] = ()
    """Asked after a turn for work that is done in idle time; None: there is none."""
    error_tone: bytes = b""
    """Played when a turn failed and the voice cannot say so: 16 kHz."""
    ring_tone: bytes = b""
    """One round of a ring: 16 kHz."""
    shelf: Shelf | None = None
    """Where talks that come whole with each request are kept computed; None: there is no model."""
    transcribers: Mapping[str, Transcriber] = field(default_factory=dict)
    """Language -> recogniser, for recordings."""
    pace: Callable[[str], Pace] = field(default_factory=Paces)
    """Language -> how fast its replies are written and made sound of, and how slowly they are to be said."""
    tools: Toolbox | None = None
    """What the model may ask for; None: nothing."""
    spoken_tokens: int = 0
    """A spoken reply stops near so many tokens and offers to go on; 0: it goes on."""
