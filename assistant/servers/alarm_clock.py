"""What the rim does for timers and alarms: it looks at the clock, has the brain ring, and has what was missed told.

Rules
- What rings needs the room's loudspeaker: it ends what is being said at once, and what is being thought about after `PATIENCE_S`.
- One turn rings for all that is due (dialogue/ring.py). Somebody who speaks to the assistant meanwhile has heard it.
- What nobody heard is told behind the next talk, or at the start (`alarms.tell_missed`).
- Nothing is written here: that is the brain's.
"""

from collections.abc import Callable, Iterator, Sequence

from assistant import events
from assistant.alarms.bell import Bell
from assistant.alarms.book import Book
from assistant.alarms.items import Item
from assistant.dialogue.brain import Brain, Priority, TurnHandle
from assistant.dialogue.kit import TurnRequest
from assistant.errors import Busy
from assistant.protocols import AudioSink

PATIENCE_S = 0.5


class AlarmClock:
    """Looks at the book. Belongs to the loop."""

    def __init__(self, bell: Bell, book: Book, brain: Brain, sink: AudioSink, language: str, tell_at_start: bool) -> None:
        self._bell, self._book, self._brain, self._sink, self._language = bell, book, brain, sink, language
        self._ring: TurnHandle | None = None
        self._telling: tuple[TurnHandle, Sequence[Item]] | None = None
        self._speaks: set[int] = set()  # turns whose sound has begun
        self._spoken_to: int | None = None  # somebody's turn
        self._may_tell = tell_at_start
        self._waits_since: float | None = None
        self._busy = False  # upkeep is queued

    def note(self, event: events.Event) -> None:
        """An event of the house, in its order."""
        if isinstance(event, events.AudioStarted):
            self._speaks.add(event.turn_id)
        elif isinstance(event, events.Transcript):
            self._spoken_to = event.turn_id
            if self._ring is not None:
                self._ring.cancel.cancel("wake")
        if not isinstance(event, events.TERMINAL):
            return
        self._speaks.discard(event.turn_id)
        if self._ring is not None and event.turn_id == self._ring.turn_id:
            self._ring = None
        if event.turn_id == self._spoken_to:
            self._spoken_to, self._may_tell = None, True
        if self._telling is not None and event.turn_id == self._telling[0].turn_id:
            items, self._telling = self._telling[1], None
            if isinstance(event, events.Completed):
                self._in_the_brain(lambda: self._book.told(items))

    def look(self, now: float) -> None:
        """Do what is due; `now` is any clock that only goes on."""
        look = self._book.look()
        if look.upkeep and not self._busy:
            self._busy = True
            self._in_the_brain(self._book.upkeep)
        if look.ring and self._ring is None:
            self._begin(now)
        else:
            self._waits_since = None
        if self._may_tell and self._telling is None and self._ring is None and not look.ring and self._brain.idle():
            self._may_tell = False
            self._tell()

    def _begin(self, now: float) -> None:
        if self._waits_since is None:
            self._waits_since = now
        if self._brain.speaking():
            if self._speaks or now - self._waits_since >= PATIENCE_S:
                self._brain.cancel_current("alarm")
            if now - self._waits_since < PATIENCE_S:
                return  # a cancelled turn ends in the brain's next steps
        request = TurnRequest("", language=self._language, sink=self._sink, ring=self._bell)
        try:
            self._ring = self._brain.submit(request, Priority.VOICE)
        except Busy:
            return  # at the next look, in a moment
        self._book.ring_with(self._ring.cancel)
        self._waits_since = None

    def _tell(self) -> None:
        items = self._book.missed()
        if not items:
            return
        request = TurnRequest("", language=self._language, sink=self._sink, say=self._bell.missed(items))
        try:
            self._telling = (self._brain.submit(request, Priority.VOICE), items)
        except Busy:
            self._may_tell = True

    def _in_the_brain(self, work: Callable[[], None]) -> None:
        def job() -> Iterator[None]:
            try:
                work()
            finally:
                self._busy = False
            yield from ()

        try:
            self._brain.submit_job(job())
        except Busy:
            self._busy = False
