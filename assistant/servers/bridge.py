"""The only border between the brain's thread and the asyncio loop."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import replace
from itertools import count
from typing import Generic, TypeVar

from assistant.cancel import CancelToken
from assistant.dialogue.brain import Brain, Priority
from assistant.dialogue.kit import TurnRequest
from assistant.dialogue.streams import Subscription
from assistant.events import TERMINAL, Event
from assistant.servers.stream_sink import StreamSink

T = TypeVar("T")


class AsyncBrain:
    """The brain as coroutines see it."""

    def __init__(self, brain: Brain) -> None:
        self._brain = brain
        self._speeches = count()

    async def events(
        self, request: TurnRequest, priority: Priority = Priority.CHAT, stop: CancelToken | None = None
    ) -> AsyncGenerator[Event, None]:
        """The events of one turn, to its terminal one. Closing the iterator early cancels it; so does `stop`. Raises `Busy`."""
        ready = asyncio.Event()
        handle = self._brain.submit(request, priority, on_ready=_bell(ready))
        if stop is not None:
            stop.on_cancel(handle.cancel.cancel)
        try:
            while True:
                await ready.wait()
                ready.clear()
                for event in handle.stream.take():
                    yield event
                    if isinstance(event, TERMINAL):
                        return
        finally:
            handle.cancel.cancel("client_gone")  # changes nothing once the turn has ended

    async def spoken(
        self, request: TurnRequest, stop: CancelToken, rate: int | None = None
    ) -> AsyncGenerator[tuple[bytes, int] | Event, None]:
        """The events of a turn whose reply is heard where it is read, (sound, its rate) between them. As `events` otherwise.

        `stop` ends it early, with its reason; what came out until then stays in the history.
        """
        ready = asyncio.Event()
        bell = _bell(ready)
        sink = StreamSink(bell, rate)
        handle = self._brain.submit(replace(request, sink=sink), Priority.CHAT, on_ready=bell)
        stop.on_cancel(handle.cancel.cancel)
        try:
            while True:
                await ready.wait()
                ready.clear()
                taken = handle.stream.take()
                over = bool(taken) and isinstance(taken[-1], TERMINAL)
                for event in taken[:-1] if over else taken:
                    yield event
                if sound := sink.take(last=over):
                    yield sound, sink.rate
                if over:
                    yield taken[-1]
                    return
        finally:
            handle.cancel.cancel("client_gone")

    async def speech(self, text: str, language: str, rate: int | None = None) -> AsyncGenerator[tuple[bytes, int] | Event, None]:
        """A text as sound, as it is synthesised: (sound, its rate), then the terminal event. As `events` otherwise."""
        request = TurnRequest("", f"speech {next(self._speeches)}", language, say=text)
        async with aclosing(self.spoken(request, CancelToken(), rate)) as items:
            async for item in items:
                if not isinstance(item, Event) or isinstance(item, TERMINAL):
                    yield item

    @contextmanager
    def watching(self) -> Iterator["Watch"]:
        """The events of all turns while the block lasts."""
        ready = asyncio.Event()
        watcher = self._brain.subscribe(on_ready=_bell(ready))
        try:
            yield Watch(watcher, ready)
        finally:
            self._brain.unsubscribe(watcher)

    async def call(self, work: Callable[[], T]) -> T:
        """Do something small in the brain's thread, in idle time; raises what it raises. Raises `Busy`.

        Cancelled before it was begun it is not done.
        """
        done = asyncio.Event()
        ring = _bell(done)
        results: list[T] = []
        errors: list[BaseException] = []
        given_up: list[bool] = []

        def job() -> Iterator[None]:
            try:
                if not given_up:
                    results.append(work())
            except BaseException as error:  # noqa: BLE001  raised where somebody waits for it
                errors.append(error)
            ring()
            yield from ()

        self._brain.submit_job(job())
        try:
            await done.wait()
        except asyncio.CancelledError:
            given_up.append(True)
            raise
        if errors:
            raise errors[0]
        return results[0]

    def partial(self, conversation: str, words: str) -> None:
        """The words so far of what somebody writes: evaluated between steps."""
        self._brain.partial(conversation, words)

    def cancel_current(self, reason: str) -> int:
        """Cancel the turn that speaks; return how many were cancelled."""
        return self._brain.cancel_current(reason)


class Watch:
    """A watcher as coroutines see it; one that lags loses its oldest events."""

    def __init__(self, watcher: Subscription, ready: asyncio.Event) -> None:
        self._watcher, self._ready = watcher, ready

    async def take(self) -> list[Event]:
        """What has come since, oldest first; waits for the first."""
        await self._ready.wait()
        self._ready.clear()
        return self._watcher.take()


class Inbox(Generic[T]):
    """What other threads hand to the loop, oldest first. Bounded: what finds it full, or nobody listening, is refused."""

    def __init__(self, capacity: int) -> None:
        self._items: deque[T] = deque()
        self._capacity = capacity
        self._ready: asyncio.Event | None = None
        self._ring: Callable[[], None] | None = None

    def put(self, item: T) -> bool:
        """Hand something over, from any thread; False when it is refused."""
        ring = self._ring
        if ring is None or len(self._items) >= self._capacity:
            return False
        self._items.append(item)
        ring()
        return True

    @contextmanager
    def listening(self) -> Iterator[None]:
        """This loop takes while the block lasts; behind it nothing is accepted."""
        self._ready = asyncio.Event()
        self._ring = _bell(self._ready)
        try:
            yield
        finally:
            self._ring = None

    async def take(self) -> list[T]:
        """All that has come since; waits for the first."""
        assert self._ready is not None, "nobody listens"
        while not self._items:
            await self._ready.wait()
            self._ready.clear()
        return self.rest()

    def rest(self) -> list[T]:
        """What nobody has taken yet."""
        taken = []
        while self._items:
            taken.append(self._items.popleft())
        return taken


def _bell(ready: asyncio.Event) -> Callable[[], None]:
    """What another thread calls to set an event of this loop. Rung again before the loop has heard it, it is rung once."""
    loop = asyncio.get_running_loop()
    rung: list[bool] = []

    def hear() -> None:
        rung.clear()  # before the event: what comes behind this rings again
        ready.set()

    def ring() -> None:
        if not rung and not loop.is_closed():
            rung.append(True)
            loop.call_soon_threadsafe(hear)

    return ring
