"""The only border between the brain's thread and the asyncio loop."""

import asyncio
from collections.abc import AsyncIterator

from assistant import events
from assistant.dialogue.brain import Brain, Priority
from assistant.dialogue.kit import TurnRequest


class AsyncBrain:
    """The brain as coroutines see it."""

    def __init__(self, brain: Brain) -> None:
        self._brain = brain

    async def events(self, request: TurnRequest, priority: Priority = Priority.CHAT) -> AsyncIterator[events.Event]:
        """The events of one turn, to its terminal one. Closing the iterator early cancels the turn. Raises `Busy`."""
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()

        def ring() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(ready.set)

        handle = self._brain.submit(request, priority, on_ready=ring)
        try:
            while True:
                await ready.wait()
                ready.clear()
                for event in handle.stream.take():
                    yield event
                    if isinstance(event, events.TERMINAL):
                        return
        finally:
            handle.cancel.cancel("client_gone")  # changes nothing once the turn has ended

    def cancel_current(self, reason: str) -> int:
        """Cancel the turn that speaks; return how many were cancelled."""
        return self._brain.cancel_current(reason)
