"""A conversation that is cleared leaves nothing: no history, no cells, no memory of the process."""

import gc
from pathlib import Path

from assistant import app
from assistant.config import load_config
from assistant.dialogue.kit import TurnRequest

TURNS = 40


def hold(assistant: app.Assistant, key: str) -> None:
    """A talk of its own."""
    for number in range(TURNS):
        assistant.brain.submit(TurnRequest(f"please tell me about the number {number}", conversation=key))
        while assistant.brain.step():
            pass


def level() -> float:
    """MiB of its own: files that other programs read at the same time do not count."""
    gc.collect()
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Anonymous:")) / 1024


def test_a_cleared_conversation_leaves_no_memory_behind() -> None:
    assistant = app.build(load_config(sets=["llm.temperature=0", "llm.max_tokens=48", "memory.enabled=false"]), speak=False)
    try:
        hold(assistant, "first")  # what is made once is made
        assert assistant.talks.clear("first") and not assistant.talks.clear("first")
        before = level()
        hold(assistant, "second")
        assert len(assistant.talks("second").history.exchanges) > 5
        assert assistant.talks.clear("second")
        assert list(assistant.talks) == []
        assert level() <= 1.01 * before
    finally:
        assistant.close()
