"""What the room's microphone hears and what is said to it, for pages that watch.

Rules: only turns that an ear opened are told, never those of another tab or program; beside them changes of timers, which are not
held. The last `MAX_TURNS` are held, in memory only; when anything is forgotten, by voice or by hand, all of them are, and a
private one (`Completed.private`: a PIN was said) when it ends. A watcher that lags loses its oldest events. At most
`MAX_WATCHERS`.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator
from typing import Any

from assistant import events
from assistant.servers.access import Refused
from assistant.servers.bridge import AsyncBrain
from assistant.servers.event_json import to_object

MAX_TURNS = 30
MAX_EVENTS = 200
"""Of one turn, without tokens: they are joined."""
MAX_WATCHERS = 16
QUEUE = 256
OPENS = (events.WakeHeard, events.FollowUp, events.SpeechStarted, events.PartialTranscript, events.Transcript)
"""Told by ears alone."""


class Room:
    """See the module. Belongs to the loop."""

    def __init__(self) -> None:
        self._turns: OrderedDict[int, list[dict[str, Any]] | None] = OrderedDict()
        """None: it is told, and not held."""
        self._watchers: list[asyncio.Queue[dict[str, Any] | None]] = []
        self._to_forget = False

    async def listen(self, brain: AsyncBrain) -> None:
        """Hear what happens until cancelled."""
        with brain.watching() as watch:
            while True:
                for event in await watch.take():
                    self.put(event)

    def put(self, event: events.Event) -> None:
        """Something happened."""
        if isinstance(event, events.ToolCalled) and event.name == "forget":
            self.forget()
        self._settle()
        if isinstance(event, OPENS) and event.turn_id not in self._turns:
            self._turns[event.turn_id] = []
            if len(self._turns) > MAX_TURNS:
                self._turns.popitem(last=False)
        if isinstance(event, events.TimerChanged):
            return self._tell(to_object(event))
        if event.turn_id not in self._turns:
            return None
        if isinstance(event, events.TERMINAL):
            answered = isinstance(event, events.Completed) or any(
                past["event"] in ("token", "tool_called") for past in self._turns[event.turn_id] or ()
            )
            if event.private or not answered:  # one that ended before it was understood may have been a PIN
                self._turns[event.turn_id] = None
        turn, told = self._turns[event.turn_id], to_object(event)
        if turn is None:
            pass
        elif isinstance(event, events.Token) and turn and turn[-1]["event"] == "token":
            turn[-1] = turn[-1] | {"text": turn[-1]["text"] + event.text}
        elif len(turn) < MAX_EVENTS:
            turn.append(told)
        return self._tell(told)

    def _tell(self, told: dict[str, Any]) -> None:
        for watcher in self._watchers:
            if watcher.full():
                watcher.get_nowait()
            watcher.put_nowait(told)

    def past(self) -> list[list[dict[str, Any]]]:
        """The turns that are held, oldest first."""
        self._settle()
        return [list(turn) for turn in self._turns.values() if turn]

    def forget(self) -> None:
        """Hold nothing of what was said. Any thread."""
        self._to_forget = True

    def _settle(self) -> None:
        if self._to_forget:
            self._to_forget = False
            self._turns.update(dict.fromkeys(self._turns))

    async def watch(self, beat_s: float) -> AsyncGenerator[dict[str, Any], None]:
        """What happens from now on; {"event": "here"} when nothing did for a while. Raises `Refused`."""
        if len(self._watchers) >= MAX_WATCHERS:
            raise Refused(429, "busy", f"{MAX_WATCHERS} pages are open; close one", 10)
        mine: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(QUEUE)
        self._watchers.append(mine)
        try:
            yield {"event": "here"}
            while True:
                try:
                    async with asyncio.timeout(beat_s):
                        told = await mine.get()
                except TimeoutError:
                    told = {"event": "here"}
                if told is None:
                    return
                yield told
        finally:
            self._watchers.remove(mine)

    def end(self) -> None:
        """The server ends: so do the streams."""
        for watcher in self._watchers:
            if watcher.full():
                watcher.get_nowait()
            watcher.put_nowait(None)
