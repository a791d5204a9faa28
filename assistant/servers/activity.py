"""What the assistant does, as lights, displays and a home see it: asleep, listening, thinking, speaking; and what else they show.

Events of the room's turns go in, `Told`s come out. Nothing that anybody said is in them. A turn is the room's when the ear opened
it, or when it speaks in the room (`speaking`); what others ask through the API or MQTT changes nothing here.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from assistant import events

Doing = Literal["asleep", "listening", "thinking", "speaking"]


@dataclass(frozen=True)
class Told:
    """One line of it."""

    event: str
    """asleep, listening, thinking, speaking, wake, timer, muted, error."""
    more: Mapping[str, Any] = field(default_factory=dict)


class Activity:
    """Follows the events of the house."""

    def __init__(self, speaking: Callable[[], bool]) -> None:
        """`speaking`: whether a turn that speaks in the room is live."""
        self._speaking = speaking
        self._turn: int | None = None
        self.doing: Doing = "asleep"
        self.failed = False
        """Whether the room's last turn failed."""

    def note(self, event: events.Event) -> Iterator[Told]:
        """An event of the house; what there is to tell of it."""
        if isinstance(event, events.TimerChanged):
            due = {"due": round(event.due, 1), "left_s": event.left_s}
            yield Told("timer", {"id": event.id, "kind": event.kind, "change": event.change, **due})
        elif isinstance(event, events.WakeHeard | events.FollowUp):
            self._turn, self.failed = event.turn_id, False
            if isinstance(event, events.WakeHeard):
                yield Told("wake", {"word": event.word})
            yield from self._now("listening")
        elif isinstance(event, events.SpeechStarted) and event.turn_id != self._turn:  # without a wake word
            self._turn, self.failed = event.turn_id, False
            yield from self._now("listening")
        elif isinstance(event, events.AudioStarted) and event.turn_id != self._turn and self._speaking():
            self._turn = event.turn_id  # said without being asked: a notice, a ring
            yield from self._now("speaking")
        elif event.turn_id != self._turn:
            return
        elif isinstance(event, events.Transcript | events.TurnStarted):
            yield from self._now("thinking")
        elif isinstance(event, events.AudioStarted):
            yield from self._now("speaking")
        elif isinstance(event, events.TERMINAL):
            self._turn = None
            if isinstance(event, events.Failed):
                self.failed = True
                yield Told("error", {"code": event.code})
            yield from self._now("asleep")

    def _now(self, doing: Doing) -> Iterator[Told]:
        if doing != self.doing:
            self.doing = doing
            yield Told(doing)
