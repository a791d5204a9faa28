"""The border between the brain's thread and the loop, on a real thread and a real loop."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from assistant import events
from assistant.cancel import CancelToken
from assistant.dialogue.kit import TurnRequest
from assistant.errors import Busy
from assistant.servers.bridge import AsyncBrain
from tests.turn.world import World


@pytest.fixture
def world() -> Iterator[World]:
    world = World(max_turns=3)
    stop = CancelToken()
    thread = threading.Thread(target=world.brain.run, args=(stop,))
    thread.start()
    yield world
    stop.cancel("shutdown")
    thread.join(5)
    assert not thread.is_alive()


async def collect(brain: AsyncBrain, text: str, key: str = "chat") -> list[events.Event]:
    return [event async for event in brain.events(TurnRequest(text, conversation=key))]


def test_a_turn_streams_into_the_loop(world: World) -> None:
    world.model.enqueue("One two three.")
    seen = asyncio.run(collect(AsyncBrain(world.brain), "hello"), debug=True)
    assert isinstance(seen[0], events.TurnStarted) and isinstance(seen[-1], events.Completed)
    assert "".join(event.text for event in seen if isinstance(event, events.Token)) == "One two three."


def test_two_clients_stream_side_by_side_and_never_cross(world: World) -> None:
    async def both() -> list[list[events.Event]]:
        brain = AsyncBrain(world.brain)
        return list(await asyncio.gather(collect(brain, "a", "a"), collect(brain, "b", "b")))

    world.model.enqueue("x " * 50, "x " * 50)
    for seen in asyncio.run(both(), debug=True):
        assert len({event.turn_id for event in seen}) == 1
        assert isinstance(seen[-1], events.Completed)


def test_closing_the_iterator_cancels_the_turn(world: World) -> None:
    async def leave() -> None:
        iterator = AsyncBrain(world.brain).events(TurnRequest("hello"))
        async for event in iterator:
            if isinstance(event, events.TurnStarted):
                break
        await iterator.aclose()

    world.model.enqueue("word " * 100_000)
    asyncio.run(leave(), debug=True)
    seen: list[events.Event] = []
    for _ in range(100):
        seen += world.seen.take(timeout_s=0.1)
        if seen and isinstance(seen[-1], events.TERMINAL):
            break
    assert isinstance(seen[-1], events.Cancelled) and seen[-1].reason == "client_gone"


def test_busy_reaches_the_client(world: World) -> None:
    async def crowd() -> list[str]:
        brain = AsyncBrain(world.brain)
        world.model.enqueue(*["word " * 2000] * 8)
        results = await asyncio.gather(*(collect(brain, "q", f"k{n}") for n in range(8)), return_exceptions=True)
        return [type(result).__name__ for result in results]

    names = asyncio.run(crowd(), debug=True)
    assert names.count("list") >= 3 and set(names) <= {"list", Busy.__name__}
