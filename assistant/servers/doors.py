"""What the HTTP API may do to the assistant."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from assistant.alarms.book import Book
from assistant.errors import Busy
from assistant.memory.lists import Lists
from assistant.protocols import AudioSink, Sampling
from assistant.servers.bridge import AsyncBrain
from assistant.skills.home_panel import Panel

T = TypeVar("T")
WAITING, WAIT_S = 16, 10.0
CALL_S = 10.0
"""Seconds in which the brain must have had an idle moment."""


class Slots(Protocol):
    """The memory; called in the brain's thread."""

    def kept(self) -> Sequence[Any]:
        """All slots and statements, dataclasses."""
        ...

    def set(self, name: str, value: str) -> None:
        """Keep one."""
        ...

    def forget(self, what: str, language: str) -> Mapping[str, str]:
        """Forget one, or all."""
        ...


class Talks(Protocol):
    """The talks of the house; called in the brain's thread."""

    def __call__(self, key: str) -> Any:
        """The one of a key, opened at its first use."""
        ...

    def become(self, key: str, persona: str) -> None:
        """Give one a persona of its own, until it is cleared."""
        ...

    def __iter__(self) -> Iterator[Any]:
        """Those held now, `Conversation`s."""
        ...

    def clear(self, key: str) -> bool:
        """End one; whether it was held."""
        ...


class Documents(Protocol):
    """The place's own documents; called in the brain's thread."""

    store: Any
    """`memory.document_store.DocumentStore`."""

    def kept(self) -> Sequence[Any]:
        """All of them, dataclasses."""
        ...


class Places:
    """Turns that other programs may have at once, one fewer than there are: the room's voice never finds all taken.

    `WAITING` requests wait for one, first come first served, `WAIT_S` at most; more are told to come again.
    """

    def __init__(self, turns: int) -> None:
        self._free = asyncio.Semaphore(max(1, turns - 1))
        self._waiting = 0

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """A place while the block lasts. Raises `Busy`."""
        if self._waiting >= WAITING:
            raise Busy(f"{WAITING} requests wait already; try again in a moment")
        self._waiting += 1
        try:
            async with asyncio.timeout(WAIT_S):
                await self._free.acquire()
        except TimeoutError:
            raise Busy(f"no other request ended in {WAIT_S:.0f} s; try again") from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()


@dataclass(frozen=True)
class Doors:
    """What the HTTP API may do to the assistant."""

    brain: AsyncBrain
    model: str
    """The language model's name."""
    turns: int
    """Turns that the brain answers at once."""
    context: int
    """Tokens a talk may hold."""
    sampling: Sampling
    """The house's own."""
    language: str
    voices: Sequence[str]
    """Languages that are spoken."""
    recognisers: Sequence[str]
    """Languages that are heard."""
    talks: Talks
    sink: AudioSink | None
    """The room's loudspeaker; None: there is none."""
    memory: Slots | None
    """None: nothing is remembered."""
    ready: Callable[[], bool]
    """Whether it listens and answers."""
    alarms: Book | None = None
    """Timers, alarms and reminders, called in the brain's thread; None: nothing here could ring."""
    lists: Lists | None = None
    """The house's lists, called in the brain's thread; None: there are none."""
    panel: Panel | None = None
    """The home by a touch; None: none is connected."""
    documents: Documents | None = None
    """None: there is no place for any."""
    personas: Mapping[str, str] = field(default_factory=dict)
    """Language -> who the assistant is; the languages that are answered in."""
    history_turns: int = 50
    """Exchanges that a talk holds word for word."""
    hears: bool = False
    """Whether the room has a microphone."""
    status: Callable[[], Mapping[str, Any]] = dict
    """What the daemon does."""
    models: Callable[[], Sequence[Mapping[str, Any]]] = tuple
    """The models that are here; called in the brain's thread."""

    async def call(self, work: Callable[[], T]) -> T:
        """Do something small in the brain's thread, in its next idle moment. Raises what it raises, `Busy`."""
        try:
            async with asyncio.timeout(CALL_S):
                return await self.brain.call(work)
        except TimeoutError:
            raise Busy(f"the assistant had no idle moment for {CALL_S:.0f} s; try again") from None
