"""What the rim does for people who come and go: when nobody has spoken in the room for a while, the talk there is forgotten.

What counts is what an ear hears and what is said to it; turns of pages and programs do not. A talk in which nothing was said
since it was forgotten is left alone.
"""

from collections.abc import Callable, Iterator

from assistant import events
from assistant.dialogue.brain import Brain
from assistant.errors import Busy

HEARD = (events.WakeHeard, events.FollowUp, events.SpeechStarted, events.PartialTranscript, events.Transcript)
"""Told by ears alone."""
MOST = 64
"""Turns of the room that may be live; more: the oldest is taken to be over."""


class Visitors:
    """Waits until a visitor has left. Belongs to the loop."""

    def __init__(self, after_s: float, brain: Brain, key: str, forget: Callable[[], None]) -> None:
        """`forget` is called in the brain's thread; `key` is the room's talk."""
        self._after_s, self._brain, self._key, self._forget = after_s, brain, key, forget
        self._last: float | None = None
        """When something was heard or said in the room last; None: nobody came."""
        self._live: dict[int, None] = {}
        """Turns of the room under way."""

    def note(self, event: events.Event, now: float) -> None:
        """An event of the house, in its order; `now` is any clock that only goes on."""
        if isinstance(event, HEARD):
            self._live[event.turn_id] = None
            if len(self._live) > MOST:
                del self._live[next(iter(self._live))]
        elif event.turn_id not in self._live:
            return
        self._last = now
        if isinstance(event, events.TERMINAL):
            del self._live[event.turn_id]

    def look(self, now: float) -> None:
        """Have the talk forgotten when it is time, and nobody speaks."""
        if self._last is None or self._live or now - self._last < self._after_s:
            return

        before, self._last = self._last, None

        def job() -> Iterator[None]:
            if self._brain.idle():
                self._forget()
                self._brain.warm(self._key)
            else:  # somebody is answered; tried again at the next look
                self._last = self._last or before
            yield

        try:
            self._brain.submit_job(job())
        except Busy:
            self._last = before
