"""A talk that lasts: cut in idle time behind a digest, and in step with its history whatever comes in between."""

import pytest

from assistant import events
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.digest import Digest
from assistant.dialogue.kit import TurnRequest
from assistant.dialogue.notes import ASIDE
from tests.turn.world import World

SYSTEM = "<|im_start|>system\nBe kind.<|im_end|>\n"


def ask(world: World, text: str, reply: str = "Fine.") -> None:
    """One turn, to its end, without idle time."""
    world.model.enqueue(reply)
    handle = world.brain.submit(TurnRequest(text))
    while not any(isinstance(event, events.TERMINAL) for event in handle.stream.take()):
        world.brain.step()


def rest(world: World) -> None:
    """Idle time until there is nothing more to do."""
    while world.brain.step():
        pass


def in_step(talk: Conversation) -> bool:
    """Whether the session holds the system block, the memory block and exactly the exchanges of history."""
    ids = [token for past in talk.history.exchanges for token in past.ids]
    return list(talk.session.ids[len(talk.session.ids) - len(ids) :]) == ids


def cuts(world: World) -> list[tuple[int, str]]:
    return [(event.dropped_turns, event.reason) for event in world.events() if isinstance(event, events.Compacted)]


def filled(turns: int = 12, history: int = 16) -> World:
    """A talk one turn short of its high mark."""
    world = World(history=history)
    for number in range(turns):
        ask(world, f"i ask for {number}")
        rest(world)
    assert len(world.talks["voice"].history.exchanges) == turns
    return world


def test_a_full_talk_is_cut_in_idle_time_and_the_next_turn_evaluates_only_its_own_words() -> None:
    world = filled()
    world.model.notes.extend(["They ask for 0.", "Bananas in 1999.", ""])
    ask(world, "i ask for 12")
    rest(world)
    talk = world.talks["voice"]
    assert [past.user for past in talk.history.exchanges] == [f"i ask for {n}" for n in range(9, 13)]
    assert talk.digest.lines == ("They ask for 0.", "The user said: i ask for 4", "The user said: i ask for 8")
    assert in_step(talk) and talk.session.hot == len(talk.session.ids)  # type: ignore[attr-defined]
    world.events()
    before = talk.session.evaluated
    ask(world, "next")
    assert cuts(world) == [(9, "idle")]
    assert world.model.prompts[-1].startswith(
        f"{SYSTEM}<|im_start|>system\nWhat you remember:\nThey ask for 0.\nThe user said: i ask for 4\n"
    )
    assert talk.session.evaluated - before <= len("<>user\nnext<>\n<>assistant\n")


def test_older_lines_are_rolled_up_into_what_was_said_of_them() -> None:
    world = filled()
    world.talks["voice"].digest = Digest({"town": "Rome"}, tuple(f"the gate code is {n}{n}{n}{n}" for n in range(4)))
    world.model.notes.extend(["", "", "", '{"gate code": "2222", "wifi": "guest", "town": 5}'])
    ask(world, "i ask for 12")
    rest(world)
    digest = world.talks["voice"].digest
    assert digest.summary == {"town": "Rome", "gate code": "2222"} and len(digest.lines) == 3
    ask(world, "next")
    assert 'Earlier: {"town": "Rome", "gate code": "2222"}' in world.model.prompts[-1]


@pytest.mark.parametrize("steps", range(0, 60, 3))
def test_a_turn_that_comes_in_between_goes_first_and_nothing_is_lost(steps: int) -> None:
    world = filled()
    ask(world, "i ask for 12")
    for _ in range(steps):
        world.brain.step()
    ask(world, "in between")
    talk = world.talks["voice"]
    assert in_step(talk) and talk.history.last is not None and talk.history.last.user == "in between"
    rest(world)
    assert in_step(talk) and [past.user for past in talk.history.exchanges][-2:] == ["i ask for 12", "in between"]
    ask(world, "after it")
    assert cuts(world) == [(9 if steps else 10, "idle")]
    assert sum(not session.closed for session in world.model.sessions) == 1


@pytest.mark.parametrize("steps", range(0, 60, 3))
def test_forgetting_in_between_drops_what_is_prepared(steps: int) -> None:
    world = filled()
    ask(world, "my code is 4711")
    for _ in range(steps):
        world.brain.step()
    talk = world.talks["voice"]
    talk.forget(["4711"])
    rest(world)
    assert in_step(talk) and "4711" not in talk.session.text()  # type: ignore[attr-defined]
    ask(world, "next")
    assert "4711" not in world.model.prompts[-1]
    assert sum(not session.closed for session in world.model.sessions) == 1


def test_what_is_forgotten_stands_in_no_line_of_the_digest() -> None:
    world = filled()
    ask(world, "i ask for 12")
    rest(world)
    talk = world.talks["voice"]
    talk.forget(["i ask for 4"])
    assert talk.digest.lines == ("The user said: i ask for 0", "The user said: i ask for 8")
    ask(world, "next")
    assert "i ask for 4" not in world.model.prompts[-1]


def test_words_that_are_being_heard_wait_for_no_swap() -> None:
    world = filled()
    ask(world, "i ask for 12")
    world.brain.step()
    for partial in ("so what", "so what is"):
        world.brain.partial("voice", partial)
        rest(world)
    talk = world.talks["voice"]
    assert talk.session.text().endswith("user\nso what")  # type: ignore[attr-defined]
    ask(world, "so what is new")
    rest(world)
    ask(world, "next")
    assert cuts(world) == [(9, "idle")] and in_step(talk)


def test_talk_without_a_pause_is_cut_at_once_at_a_turns_boundary() -> None:
    world = World(history=8)
    for number in range(9):
        ask(world, f"i ask for {number}")
    assert cuts(world) == [(4, "context")]
    assert [past.user for past in world.talks["voice"].history.exchanges] == [f"i ask for {n}" for n in range(4, 9)]
    assert in_step(world.talks["voice"])


def test_a_note_that_fails_leaves_the_talk_as_it_was(caplog: pytest.LogCaptureFixture) -> None:
    world = filled()

    def broken(*_: object) -> None:
        raise RuntimeError("the engine broke")

    ask(world, "i ask for 12")
    while not (aside := world.model.sessions[-1]).key.endswith(ASIDE):
        world.brain.step()
    aside.stream = broken  # type: ignore[assignment,method-assign]
    rest(world)
    assert aside.closed and in_step(world.talks["voice"]) and "a background job failed" in caplog.text
    ask(world, "next")
    rest(world)
    assert sum(not session.closed for session in world.model.sessions) == 1
    assert world.talks["voice"].digest.lines


def test_no_history_means_no_digest() -> None:
    world = World(history=0)
    for number in range(5):
        ask(world, f"i ask for {number}")
        rest(world)
    assert not world.talks["voice"].digest
    assert world.model.prompts[-1] == f"{SYSTEM}<|im_start|>user\ni ask for 4<|im_end|>\n<|im_start|>assistant\n"
