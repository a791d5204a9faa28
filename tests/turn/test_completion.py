"""Other programs' talks and recordings as turns, on scripted engines: whole event lists, reuse, bounds, ways to be interrupted."""

from collections.abc import Iterator

import pytest

from assistant import events
from assistant.dialogue.brain import Priority
from assistant.dialogue.kit import TurnRequest
from assistant.dialogue.shelf import MAX_TALKS, Message
from assistant.errors import AudioFileError, EngineError
from assistant.protocols import Sampling
from tests.turn.world import World, shorthand

HEAD = "<|im_start|>system\nBe kind.<|im_end|>\n"


def talk(*texts: str, key: str = "request 1", sampling: Sampling | None = None) -> TurnRequest:
    """User and assistant in turns."""
    messages = tuple(Message("user" if n % 2 == 0 else "assistant", text) for n, text in enumerate(texts))
    return TurnRequest("", key, messages=messages, sampling=sampling)


def ask(world: World, *texts: str) -> events.Completed:
    """The end of a request's turn."""
    handle = world.brain.submit(talk(*texts))
    world.run()
    done = handle.stream.take()[-1]
    assert isinstance(done, events.Completed)
    return done


def test_a_request_is_this_list_of_events() -> None:
    world = World()
    world.model.enqueue("One two.")
    world.brain.submit(talk("hello"))
    world.run()
    assert shorthand(world.events()) == [
        "1 TurnStarted",
        "1 Token 'One'",
        "1 Token ' two.'",
        "1 Completed 'hello' 'One two.'",
    ]
    assert world.model.prompts == [f"{HEAD}<|im_start|>user\nhello<|im_end|>\n<|im_start|>assistant\n"]


def test_it_is_none_of_the_houses_talks_and_nothing_is_remembered() -> None:
    world = World()
    world.router.answers["stop"] = lambda _: "Never."
    world.model.enqueue("Yes.", "Well.")
    ask(world, "stop")
    ask(world, "remember name ana")
    assert world.talks == {} and world.told == {}
    assert all("ana" not in prompt for prompt in world.model.prompts[:1])


def test_a_talk_that_goes_on_computes_only_what_is_new() -> None:
    world = World()
    world.model.enqueue("Hi Ana.", "Ana.", "You are welcome.")
    first = ask(world, "i am ana")
    second = ask(world, "i am ana", "Hi Ana.", "who am i")
    third = ask(world, "i am ana", "Hi Ana.", "who am i", "Ana.", "thanks")
    assert first.prompt_tokens_evaluated == first.prompt_tokens
    close, opening = len("X\n"), len("Xassistant\n")
    assert second.prompt_tokens_evaluated == close + len("Xuser\nwho am iX\n") + opening
    assert third.prompt_tokens_evaluated == close + len("Xuser\nthanksX\n") + opening
    assert len(world.model.sessions) == 1 and world.model.sessions[0].text() == (
        f"{HEAD}<|im_start|>user\ni am ana<|im_end|>\n<|im_start|>assistant\nHi Ana.<|im_end|>\n<|im_start|>user\nwho am i<|im_end|>\n"
        "<|im_start|>assistant\nAna.<|im_end|>\n<|im_start|>user\nthanks<|im_end|>\n<|im_start|>assistant\nYou are welcome.<|im_end|>\n"
    )


def test_the_same_question_again_computes_the_header_alone_after_a_cancel() -> None:
    world = World()
    world.model.enqueue("One two three.", "Again.")
    handle = world.brain.submit(talk("hello"))
    while not any(isinstance(event, events.Token) for event in world.events()):
        world.brain.step()
    handle.cancel.cancel("client_gone")
    world.run()
    assert shorthand(world.events()) == ["1 Cancelled client_gone"]
    assert ask(world, "hello").prompt_tokens_evaluated == len("Xassistant\n")


def test_another_talk_gets_a_session_of_its_own_and_the_shelf_is_bounded() -> None:
    world = World()
    for number in range(MAX_TALKS + 3):
        world.model.enqueue("Yes.")
        ask(world, f"question {number}")
    open_now = [session for session in world.model.sessions if not session.closed]
    assert len(world.model.sessions) == MAX_TALKS + 3 and len(open_now) == MAX_TALKS
    assert [session.text().split("question ")[1][0] for session in open_now] == ["3", "4", "5", "6"]


def test_talks_at_rest_hold_no_more_than_one_context() -> None:
    world = World(context=400)
    for number in range(3):
        world.model.enqueue("Yes.")
        ask(world, f"question {number} " + "x" * 150)
    assert sum(len(session.ids) for session in world.model.sessions if not session.closed) <= 400


def test_messages_that_do_not_fit_are_refused_and_nothing_is_lost() -> None:
    world = World(context=300)
    world.model.enqueue("Yes.", "Still here.")
    ask(world, "hello")
    world.events()
    world.brain.submit(talk("hello", "Yes.", "x" * 400))
    world.run()
    assert shorthand(world.events()) == ["2 TurnStarted", "2 Failed too-long"]
    world.brain.submit(talk("x" * (32 * 300 + 1)))
    world.run()
    assert "characters" in next(event.message for event in world.events() if isinstance(event, events.Failed))
    assert ask(world, "hello", "Yes.", "are you there").prompt_tokens_evaluated < 60


def test_an_engine_that_fails_ends_the_request_and_its_session() -> None:
    world = World()
    world.model.enqueue(EngineError("decode failed"), "Fine.")
    world.brain.submit(talk("hello"))
    world.run()
    assert shorthand(world.events()) == ["1 TurnStarted", "1 Failed engine"]
    assert world.model.sessions[0].closed
    assert ask(world, "hello").assistant == "Fine."


@pytest.mark.parametrize("steps", range(8))
def test_a_cancel_at_any_step_ends_it_once(steps: int) -> None:
    world = World()
    world.model.enqueue("One two three.")
    handle = world.brain.submit(talk("x" * 200))
    for _ in range(steps):
        world.brain.step()
    handle.cancel.cancel("client_gone")
    world.run()
    ends = [event for event in world.events() if isinstance(event, events.TERMINAL)]
    assert len(ends) == 1
    assert len(world.model.sessions) <= 1 and not any(session.closed for session in world.model.sessions)


def test_the_rooms_voice_goes_first_and_two_requests_take_turns() -> None:
    world = World()
    world.model.enqueue("a a a a", "b b b b", "Now.")
    for number in (1, 2):
        world.brain.submit(talk(f"question {number}", key=f"request {number}"))
    for _ in range(8):
        world.brain.step()
    world.brain.submit(TurnRequest("hello", sink=world.sink), Priority.VOICE)
    world.run()
    tokens = [event.turn_id for event in world.events() if isinstance(event, events.Token)]
    assert tokens[tokens.index(3) - 1 :].count(3) == 1 and tokens.index(3) < 6
    rest = [turn for turn in tokens if turn != 3]
    assert all(abs(rest[:n].count(1) - rest[:n].count(2)) <= 1 for n in range(len(rest))), "fair"


# -- recordings -------------------------------------------------------------------------------------------------------


def test_a_recording_is_this_list_of_events() -> None:
    world = World()
    world.brain.submit(TurnRequest("", "request 1", hear=iter([b"what", b"time", b"is it"])))
    world.run()
    assert shorthand(world.events()) == ["1 TurnStarted", "1 Completed 'what time is it' ''"]


def test_a_recording_takes_a_step_a_block_and_stops_when_it_is_cancelled() -> None:
    world = World()
    read: list[int] = []

    def blocks() -> Iterator[bytes]:
        for number in range(1000):
            read.append(number)
            yield b"word"

    handle = world.brain.submit(TurnRequest("", "request 1", hear=blocks()))
    for _ in range(5):
        world.brain.step()
    handle.cancel.cancel("client_gone")
    world.run()
    assert len(read) < 6 and shorthand(world.events())[-1] == "1 Cancelled client_gone"


def test_what_is_no_recording_or_no_language_is_named() -> None:
    world = World()

    def broken() -> Iterator[bytes]:
        raise AudioFileError("file is not a WAV")
        yield b""

    world.brain.submit(TurnRequest("", "request 1", hear=broken()))
    world.brain.submit(TurnRequest("", "request 2", "fr", hear=iter([b"x"])))
    world.transcriber.error = EngineError("it broke")
    world.run()
    world.brain.submit(TurnRequest("", "request 3", hear=iter([b"x"])))
    world.run()
    assert [line for line in shorthand(world.events()) if "Failed" in line] == [
        "1 Failed audio-file",
        "2 Failed usage",
        "3 Failed engine",
    ]
