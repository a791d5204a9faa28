"""A procedure in whole turns while the model is dead: it is read, interrupted, and read on."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from assistant import events
from assistant.dialogue.brain import Priority
from assistant.dialogue.kit import TurnRequest
from assistant.errors import EngineError
from assistant.procedures.book import Procedures
from assistant.protocols_hands import Hands
from assistant.skills.router import make_router
from tests.turn.world import World


def test_it_is_read_with_the_model_dead(tmp_path: Path) -> None:
    tmp_path.joinpath("tea.md").write_text("# Tea\n\n1. Boil the water.\n2. Wait for 3 min.\n")
    world = World()
    router = make_router(["en"], hands=Hands(procedures=Procedures(tmp_path, None)))
    world.brain._kit = replace(world.brain._kit, router=router, now=lambda: datetime(2026, 11, 23))
    world.model.enqueue(EngineError("dead"))
    seen = []
    for text in ("start the tea procedure", "hello", "next", "where are we", "next"):
        world.brain.submit(TurnRequest(text, sink=world.sink), Priority.VOICE)
        world.run()
        (end,) = [event for event in world.events() if isinstance(event, events.TERMINAL)]
        seen.append(end.assistant if isinstance(end, events.Completed) else type(end).__name__)
    assert seen == [
        "Tea: 2 steps. Step 1 of 2: Boil the water.",
        "Failed",
        "Step 2, the last one: Wait for 3 min.",
        "We are at step 2 of 2 of Tea.",
        "That was the last step of Tea.",
    ]
    assert "Wait for three minutes." in " ".join(world.voice.spoken)
