"""Events: what happened in a turn, as every watcher reads it.

Each event carries the turn it belongs to (`turn_id`, allotted by the ear at the wake, else by the brain) and `t`, seconds on
the assistant's clock. Each turn ends in exactly one of Completed, Cancelled, Failed. Wire names live in codecs
(`servers/event_json.py`), not here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class WakeHeard:
    """A wake word was heard; the assistant listens."""

    turn_id: int
    t: float
    word: str
    """Name of the wake word; "" when somebody asked it to listen."""
    language: str
    """Language of the turn it opens."""


@dataclass(frozen=True)
class FollowUp:
    """Our last reply asked something: the assistant listens without a wake word."""

    turn_id: int
    t: float
    number: int
    """How many there have been in a row, this one included."""


@dataclass(frozen=True)
class SpeechStarted:
    """Speech began after the wake."""

    turn_id: int
    t: float


@dataclass(frozen=True)
class PartialTranscript:
    """The words so far; each replaces the one before."""

    turn_id: int
    t: float
    text: str


@dataclass(frozen=True)
class Transcript:
    """The words of the utterance, final."""

    turn_id: int
    t: float
    text: str
    end_reason: str
    """Why listening ended: silence, max_length, end_of_audio, released."""


@dataclass(frozen=True)
class TurnStarted:
    """The brain took the turn up."""

    turn_id: int
    t: float
    text: str
    """What is answered."""


@dataclass(frozen=True)
class ToolCalled:
    """A skill or tool runs."""

    turn_id: int
    t: float
    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class ToolReturned:
    """A skill or tool came back."""

    turn_id: int
    t: float
    name: str
    ok: bool


@dataclass(frozen=True)
class Token:
    """A piece of the reply's text; pieces joined are the reply."""

    turn_id: int
    t: float
    text: str


@dataclass(frozen=True)
class Clause:
    """A clause goes to the voice."""

    turn_id: int
    t: float
    text: str
    """As written in the reply."""
    spoken: str
    """As it will be said."""


@dataclass(frozen=True)
class AudioStarted:
    """The first sample of the reply reached the speaker."""

    turn_id: int
    t: float


@dataclass(frozen=True)
class SpeechDone:
    """The reply was said, or stopped."""

    turn_id: int
    t: float
    played_ms: int
    """Milliseconds of the reply that were heard."""


@dataclass(frozen=True)
class Compacted:
    """A conversation's history was cut to fit its budget since its turn before."""

    turn_id: int
    t: float
    dropped_turns: int
    reason: str
    """idle: their digest stands in the prompt; context: there was no time to write one."""


@dataclass(frozen=True)
class TimerChanged:
    """A timer, an alarm or a reminder was set, changed, rings or is over; it belongs to no turn (`turn_id` 0)."""

    turn_id: int
    t: float
    id: int
    kind: str
    """timer, alarm, reminder."""
    label: str
    change: str
    """set, changed, paused, resumed, cancelled, ringing, stopped, snoozed, missed."""
    due: float
    """Seconds since 1970; of a paused one when it was due before."""
    left_s: float
    """Seconds until then."""


@dataclass(frozen=True)
class Completed:
    """The turn ended well."""

    turn_id: int
    t: float
    user: str
    assistant: str
    """The whole reply."""
    stages: Mapping[str, float] = field(default_factory=dict)
    """Seconds of each stage: listen, recall, prefill, decode, speech, first_audio, total."""
    prompt_tokens: int = 0
    """Tokens the model saw before its reply."""
    prompt_tokens_evaluated: int = 0
    """Those of them that had to be computed; the rest was reused."""
    completion_tokens: int = 0
    route: str = ""
    """Which stage answered, and why: stop, "question: yes", "command: timers", "refusal: HassGetWeather", document, talk."""
    private: bool = False
    """What was said is to be kept by nobody who watches, such as a PIN."""
    aside: bool = False
    """It said something again, or how it will be said: a question of ours goes on waiting."""


@dataclass(frozen=True)
class Cancelled:
    """The turn was ended early."""

    turn_id: int
    t: float
    reason: str
    """stop, wake, no_speech, shutdown, slow_reader, client_gone."""
    private: bool = False


@dataclass(frozen=True)
class Failed:
    """The turn ended in an error, which was also said aloud where the turn has a voice."""

    turn_id: int
    t: float
    code: str
    message: str
    """One line for people."""
    private: bool = False


Event = (
    WakeHeard | FollowUp | SpeechStarted | PartialTranscript | Transcript | TurnStarted | ToolCalled | ToolReturned | Token
    | Clause | AudioStarted | SpeechDone | Compacted | TimerChanged | Completed | Cancelled | Failed
)  # fmt: skip

TERMINAL = (Completed, Cancelled, Failed)
