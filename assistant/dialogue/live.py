"""Turns that are live in the brain, for the brain and for whoever asked; and the draft, which may become one.

A draft is a turn on words that stand in a pause and may be all. It is run like any other up to its gate (`kit.Gate`):
nothing of it is heard, told, learnt or done. `submit` of the same words makes it the turn, with all that is ready; other words
give it up: then it ends without a trace but for what is evaluated. Everything here is guarded by the brain's lock.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from assistant import events
from assistant.cancel import CancelToken
from assistant.dialogue.kit import Item, TurnRequest
from assistant.dialogue.streams import TurnStream


class Priority(IntEnum):
    """Who goes first; smaller is more urgent."""

    VOICE = 0
    CHAT = 1


@dataclass
class TurnHandle:
    """A submitted turn, for whoever asked."""

    turn_id: int
    cancel: CancelToken
    stream: TurnStream


@dataclass
class Live:
    """A turn, for the brain."""

    request: TurnRequest
    priority: Priority
    handle: TurnHandle
    items: Iterator[Item]
    waiting_until: float | None = None
    held: list[events.Event] = field(default_factory=list)
    """What a draft will tell, once it is a turn: as many events as a first clause has tokens."""


def clash(one: TurnRequest, other: TurnRequest) -> bool:
    """Whether both need the same talk or the same loudspeaker."""
    return one.conversation == other.conversation or (one.sink is not None and one.sink is other.sink)


def steppable(turns: Sequence[Live], now: float) -> list[Live]:
    """Turns that can step, in the order of the queue; the first of each conversation and of each sink only."""
    ready: list[Live] = []
    conversations: set[str] = set()
    sinks: set[int] = set()
    for live in sorted(turns, key=lambda live: live.handle.turn_id):
        key, sink = live.request.conversation, live.request.sink
        if key in conversations or id(sink) in sinks:
            continue
        conversations.add(key)
        if sink is not None:
            sinks.add(id(sink))
        if live.waiting_until is None or live.waiting_until <= now:
            ready.append(live)
    return [live for live in turns if live in ready]


class Draft:
    """The one draft there may be; the newest wins."""

    def __init__(self) -> None:
        self.wanted: TurnRequest | None = None
        """One that has not begun."""
        self.live: Live | None = None

    def want(self, request: TurnRequest) -> None:
        """Begin this one next."""
        self.give_up()
        self.wanted = request

    def on(self, conversation: str, words: str) -> bool:
        """Whether these words are drafted, or will be."""
        live = self.live.request if self.live is not None and self.live.handle.cancel.reason is None else None
        return any(one is not None and (one.conversation, one.text) == (conversation, words) for one in (self.wanted, live))

    def give_up(self, request: TurnRequest | None = None) -> None:
        """Drop what is drafted, if it clashes with a request; without one in any case."""
        if self.wanted is not None and (request is None or clash(self.wanted, request)):
            self.wanted = None
        if self.live is not None and (request is None or clash(self.live.request, request)):
            self.live.handle.cancel.cancel("revised")

    def begin(self, turns: list[Live], make: Callable[[TurnRequest], Live]) -> None:
        """Make the wanted one, once the one before is over and no turn needs what it would need."""
        if self.wanted is not None and self.live is None and not any(clash(live.request, self.wanted) for live in turns):
            self.live, self.wanted = make(self.wanted), None

    def take_over(self, request: TurnRequest, on_ready: Callable[[], None] | None) -> Live | None:
        """The draft of this very request, which is a turn from now on; another one that clashes is given up."""
        live = self.live
        if live is None or live.handle.cancel.reason is not None or on_ready is not None or not _same(live.request, request):
            self.give_up(request)
            return None
        self.wanted = self.live = None
        live.request.gate.open(request.stages)
        live.waiting_until = None
        return live

    @property
    def ready(self) -> Live | None:
        """The draft, if it can step."""
        live = self.live
        return live if live is not None and (live.waiting_until is None or live.handle.cancel.reason is not None) else None


def _same(draft: TurnRequest, request: TurnRequest) -> bool:
    def what(one: TurnRequest) -> tuple[object, ...]:
        return one.turn_id, one.text, one.conversation, one.language, id(one.sink), one.say, one.sampling, one.instead

    return what(draft) == what(request)
