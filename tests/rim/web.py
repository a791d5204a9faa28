"""The HTTP API on a real socket and a real loop, a scripted brain on its thread."""

import asyncio
import io
import threading
import time
import wave
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx

from assistant import events
from assistant.alarms.book import Book
from assistant.alarms.schedule import Clocks
from assistant.audio.format import RATE
from assistant.cancel import CancelToken
from assistant.engines.fakes import FakeClock
from assistant.memory.documents import Documents
from assistant.memory.lists import Lists
from assistant.protocols_hands import Hands
from assistant.protocols_home import Home
from assistant.servers import http
from assistant.servers.bridge import AsyncBrain
from assistant.servers.doors import Doors
from assistant.servers.keys import ENV, Keys
from assistant.servers.web.page import Page
from assistant.settings import Api
from assistant.settings_home import Home as HomeSettings
from assistant.skills.router import make_router
from tests.turn.world import World

KEY = "ea-a-key-for-tests-only"


class Moving(FakeClock):
    """The real one: sockets know no other."""

    def __call__(self) -> float:
        return time.monotonic()


class FakeTalks:
    """The talks of a `World`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __iter__(self) -> Any:
        return iter(list(self._world.talks.values()))

    def __call__(self, key: str) -> Any:
        """The one of a key."""
        return self._world.talk(key)

    def become(self, key: str, persona: str) -> None:
        """Another system prompt."""
        self._world.talk(key).become(persona)

    def clear(self, key: str) -> bool:
        """End one."""
        talk = self._world.talks.pop(key, None)
        if talk is not None:
            talk.close()
        return talk is not None


class FakeMemory:
    """Facts, without a brain."""

    def __init__(self) -> None:
        self.facts: dict[str, str] = {}

    def kept(self) -> list[Any]:
        """As the store gives them."""
        from assistant.memory.store import Kept

        return [Kept(name, value, 1.0, 2) for name, value in self.facts.items()]

    def set(self, name: str, value: str) -> None:
        """Keep one."""
        self.facts[name] = value

    def forget(self, what: str, language: str) -> dict[str, str]:
        """Forget one, or all."""
        gone = {name: value for name, value in self.facts.items() if what in ("", name, value)}
        for name in gone:
            del self.facts[name]
        return gone


class Web:
    """A served API and what stands behind it."""

    def __init__(self, world: World, url: str, memory: FakeMemory, stop: CancelToken, book: Book, lists: Lists) -> None:
        self.world, self.url, self.memory, self.stop, self.book, self.lists = world, url, memory, stop, book, lists
        self.ready = True

    def client(self, key: str = KEY, cookie: str = "", **more: Any) -> httpx.AsyncClient:
        """A client with a key, or with a Cookie header."""
        headers = ({"authorization": f"Bearer {key}"} if key else {}) | ({"cookie": cookie} if cookie else {})
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=20, trust_env=False, **more)


@asynccontextmanager
async def served(
    world: World,
    *,
    loudspeaker: bool = True,
    remembers: bool = True,
    keys: Keys | None = None,
    page: Page | None = None,
    documents: Documents | None = None,
    home: Home | None = None,
    settings: HomeSettings | None = None,
    clock: Clocks | None = None,
    **api: Any,
) -> AsyncIterator[Web]:
    """The API of a world; a port of its own."""
    stop, memory = CancelToken(), FakeMemory()
    thread = threading.Thread(target=world.brain.run, args=(stop,))
    thread.start()
    made: list[Web] = []
    book, lists = Book(None, clock or Clocks(time.time, time.monotonic, "boot")), Lists(None)
    book.on_change = lambda item, change: world.brain.publish(
        events.TimerChanged(0, 0.0, item.id, item.kind, item.label, change, item.wall_due, book.left_s(item))
    )
    router = make_router(["en", "zh"], hands=Hands(home=home), home=settings) if home is not None else None
    doors = Doors(
        brain=AsyncBrain(world.brain),
        model="fake",
        turns=world.brain._max_turns,
        context=world.model.context,
        sampling=world.brain._kit.sampling,
        language="en",
        voices=("en",),
        recognisers=("en",),
        talks=FakeTalks(world),
        sink=world.sink if loudspeaker else None,
        memory=memory if remembers else None,
        ready=lambda: made[0].ready,
        alarms=book,
        lists=lists,
        panel=router.panel if router is not None else None,
        documents=documents,
        personas={"en": "Be kind.", "zh": "友善一点。"},
        hears=True,
        status=lambda: {"state": "asleep", "engines": ["llm: fake"]},
        models=lambda: [{"name": "fake.gguf", "kind": "llm", "languages": ["en"], "bytes": 1, "licence": "", "starter": True}],
    )
    for _ in (router.job() if router is not None else None) or ():  # in the house the brain does it in idle time
        pass
    try:
        async with http.serve(
            Api(**{"enabled": True, "port": 0, **api}), doors, keys or Keys({ENV: KEY, "HOME": "/nowhere"}), page
        ) as url:
            made.append(Web(world, url, memory, stop, book, lists))
            yield made[0]
            stop.cancel("shutdown")
    finally:
        stop.cancel("shutdown")
        thread.join(5)
        book.close()
        lists.close()


def on_the_web(test: Callable[[Web], Coroutine[Any, Any, None]], world: World | None = None, **more: Any) -> None:
    """Run a test against a served API."""

    async def run() -> None:
        async with served(world or World(clock=Moving()), **more) as web:
            await test(web)

    asyncio.run(run(), debug=True)


def wav(*words: str) -> bytes:
    """A recording in which `FakeTranscriber` reads these words."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"".join(word.encode().ljust(16_384, b"\0") for word in words))
    return out.getvalue()


class Endless(deque[str | Exception]):
    """Replies without an end: always the same."""

    def __init__(self, reply: str = "Yes. It is so.") -> None:
        super().__init__()
        self.reply = reply

    def popleft(self) -> str | Exception:
        """The next one."""
        return super().popleft() if len(self) else self.reply


@contextmanager
def in_a_thread(world: World, **more: Any) -> Iterator[Web]:
    """The same in a thread of its own, for clients that block."""
    begun: Future[Web] = Future()
    ends: Future[Callable[[], object]] = Future()

    async def run() -> None:
        done = asyncio.Event()
        loop = asyncio.get_running_loop()
        async with served(world, **more) as web:
            ends.set_result(lambda: loop.call_soon_threadsafe(done.set))
            begun.set_result(web)
            await done.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    try:
        yield begun.result(20)
    finally:
        ends.result(20)()
        thread.join(20)
