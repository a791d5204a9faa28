"""A draft: a turn begun on words that may be all, which nobody hears unless they are."""

import pytest

from assistant import events
from assistant.cancel import CancelToken
from assistant.dialogue.brain import Priority
from assistant.dialogue.kit import TurnRequest
from assistant.errors import Busy, EngineError
from tests.turn.world import World, shorthand

REPLY = "There it is. I have seen it in the cellar, behind the old red box."


def asked(world: World, text: str = "where is it", turn_id: int = 7) -> TurnRequest:
    return TurnRequest(text, sink=world.sink, turn_id=turn_id)


def draft(world: World, text: str = "where is it", steps: int = 10_000) -> None:
    world.brain.draft(asked(world, text))
    for _ in range(steps):
        if not world.brain.step():
            return


def made(*replies: str | Exception) -> World:
    world = World()
    world.model.enqueue(*replies)
    return world


def plain() -> list[str]:
    world = made(REPLY)
    world.brain.submit(asked(world), Priority.VOICE)
    world.run()
    return shorthand(world.events())


def test_the_same_words_make_it_the_turn_with_all_that_is_ready() -> None:
    world = made(REPLY)
    world.clock.advance(5)
    draft(world)
    assert world.events() == [] and world.sink.pending_s() == 0 and world.voice.spoken == ["There it is."]
    assert world.brain.idle() and not world.brain.speaking(), "nobody is answered yet"
    world.clock.advance(0.3)
    handle = world.brain.submit(asked(world), Priority.VOICE)
    assert handle.turn_id == 7
    world.run()
    seen = world.events()
    assert shorthand(seen) == plain()
    assert [event.t for event in seen] == sorted(event.t for event in seen) and seen[0].t == 5.3
    done = handle.stream.take()[-1]
    assert isinstance(done, events.Completed) and done.prompt_tokens_evaluated == 0
    assert len(world.model.prompts) == 1 and len(world.talks["voice"].history.exchanges) == 1


def test_how_long_listening_took_is_known_late_and_told() -> None:
    world = made(REPLY)
    draft(world)
    handle = world.brain.submit(TurnRequest("where is it", sink=world.sink, turn_id=7, stages={"listen": 2.0}), Priority.VOICE)
    world.run()
    done = handle.stream.take()[-1]
    assert isinstance(done, events.Completed) and done.stages["listen"] == 2.0


def test_a_partial_of_the_drafted_words_is_the_drafts() -> None:
    world = made(REPLY)
    draft(world, steps=1)
    world.brain.partial("voice", "where is it")
    while world.brain.step():
        pass
    handle = world.brain.submit(asked(world), Priority.VOICE)
    world.run()
    done = handle.stream.take()[-1]
    assert isinstance(done, events.Completed) and done.prompt_tokens_evaluated == 0 and len(world.model.prompts) == 1


def test_it_waits_neither_for_what_is_left_of_a_partial_nor_for_one_that_nobody_looked_at() -> None:
    world, words = made(REPLY), "where is it that you have seen the old red box of which we spoke"
    for partial in (words[:-12], words[:-6]):
        world.brain.partial("voice", partial)
        world.brain.step()
    talk = world.talks["voice"]
    assert talk.session.evaluate(0, CancelToken()) > 0, "some of it is left"
    world.brain.partial("voice", words)
    world.brain.draft(asked(world, words))
    world.brain.step()
    assert world.brain._draft.live is not None and world.brain._mail.partial is None
    while world.brain.step():
        pass
    handle = world.brain.submit(asked(world, words), Priority.VOICE)
    world.run()
    done = handle.stream.take()[-1]
    assert isinstance(done, events.Completed) and done.prompt_tokens_evaluated == 0 and len(world.model.prompts) == 1


def test_a_draft_breaks_off_the_batch_of_a_partial_that_is_under_way() -> None:
    """Another thread wants it in the middle of a batch: nothing is lost, and the draft is next."""
    world, words = made(REPLY), "where is it that you have seen the old red box"
    world.brain.partial("voice", words[:-4])
    world.run()
    session = world.talks["voice"].session
    whole = session.evaluate

    def interrupted(limit: int, cancel: CancelToken) -> int:
        session.evaluate = whole  # type: ignore[method-assign]
        world.brain.draft(asked(world, words))
        cancel.check()
        raise AssertionError("it was not broken off")

    session.evaluate = interrupted  # type: ignore[method-assign]
    world.brain.partial("voice", words)
    assert world.brain.step()
    world.brain.step()
    assert world.brain._draft.live is not None
    handle = world.brain.submit(asked(world, words), Priority.VOICE)
    world.run()
    assert isinstance(handle.stream.take()[-1], events.Completed)


def test_more_words_give_it_up_and_leave_no_trace() -> None:
    world = made(REPLY, "At home.")
    world.found["where is it"] = ["the red box is in the cellar"]
    draft(world)
    world.brain.partial("voice", "where is it that you")
    world.brain.partial("voice", "where is it that you live")
    while world.brain.step():
        pass
    world.brain.submit(asked(world, "where is it that you live"), Priority.VOICE)
    world.run()
    alone = made("At home.")
    alone.brain.submit(asked(alone, "where is it that you live"), Priority.VOICE)
    alone.run()
    assert shorthand(world.events()) == shorthand(alone.events())
    assert world.model.prompts[-1] == alone.model.prompts[-1]
    assert world.talks["voice"].session.ids == alone.talks["voice"].session.ids


def test_what_was_evaluated_for_it_is_not_evaluated_again() -> None:
    world = made(REPLY, REPLY)
    draft(world, "where is it that")
    handle = world.brain.submit(asked(world, "where is it that you live"), Priority.VOICE)
    world.run()
    done = handle.stream.take()[-1]
    assert isinstance(done, events.Completed)
    assert done.prompt_tokens_evaluated < len(" you live<|im_end|>\n<|im_start|>assistant\n")


@pytest.mark.parametrize("end", ["same", "other", "chat", "drop", "wake", "partial", "shut down"])
def test_it_may_be_ended_at_every_step(end: str) -> None:
    for steps in range(40):
        world = made(REPLY, REPLY, REPLY)
        draft(world, steps=steps)
        world.events()
        if end == "same":
            world.brain.submit(asked(world), Priority.VOICE)
        elif end == "other":
            world.brain.submit(asked(world, "who are you"), Priority.VOICE)
        elif end == "chat":
            world.brain.submit(TurnRequest("who are you"), Priority.CHAT)  # types into the same talk
        elif end == "partial":
            world.brain.partial("voice", "where is it that")
        elif end == "wake":
            world.brain.cancel_current("wake")
        elif end == "drop":
            world.brain.drop_draft()
        else:
            world.brain.shut_down("shutdown")
        world.run()
        turns = {"same": 1, "other": 1, "chat": 1}.get(end, 0)
        seen = world.events()
        assert [type(event).__name__ for event in seen if isinstance(event, events.TERMINAL)] == ["Completed"] * turns, steps
        assert sum(isinstance(event, events.TurnStarted) for event in seen) == turns
        assert end != "same" or shorthand(seen) == plain(), steps
        talk = world.talk("voice")
        assert [past.user for past in talk.history.exchanges] == [
            event.user for event in seen if isinstance(event, events.Completed)
        ]
        if end != "shut down":
            handle = world.brain.submit(TurnRequest("and now"))
            world.run()
            assert isinstance(handle.stream.take()[-1], events.Completed)
            assert "where is it" not in world.model.prompts[-1] or end == "same"


def test_a_skill_acts_once_the_words_are_all() -> None:
    ran: list[str] = []
    for given_up in (True, False):
        world = made()
        world.router.answers["where is it"] = lambda _: ran.append("ran") or "There."  # type: ignore[func-returns-value]
        draft(world)
        assert ran == []
        if given_up:
            world.brain.drop_draft()
        else:
            world.brain.submit(asked(world), Priority.VOICE)
        world.run()
    assert ran == ["ran"]


def test_nothing_is_learnt_from_words_that_were_not_all() -> None:
    world = made("Fine.", "Fine.")
    draft(world, "remember colour red")
    assert world.told == {}
    world.brain.submit(asked(world, "remember colour redwood"), Priority.VOICE)
    world.run()
    assert world.told == {"colour": "redwood"}
    taken = made("Fine.")
    draft(taken, "remember colour red")
    taken.brain.submit(asked(taken, "remember colour red"), Priority.VOICE)
    taken.run()
    assert taken.told == {"colour": "red"}


def test_an_engine_that_fails_is_told_of_once_the_words_are_all() -> None:
    world = made(EngineError("broken"))
    draft(world)
    assert world.events() == []
    world.brain.submit(asked(world), Priority.VOICE)
    world.run()
    assert "7 Failed engine" in shorthand(world.events())
    dropped = made(EngineError("broken"))
    draft(dropped)
    dropped.brain.drop_draft()
    dropped.run()
    assert dropped.events() == []


def test_a_reply_without_sound_waits_too() -> None:
    world = made("```\nx = 1\n```")
    draft(world)
    assert world.events() == [] and len(world.talk("voice").history.exchanges) == 0
    world.brain.submit(asked(world), Priority.VOICE)
    world.run()
    assert any(isinstance(event, events.Completed) for event in world.events())


def test_no_turn_waits_for_it_and_it_begins_behind_one_that_needs_the_same() -> None:
    world = made(REPLY, "One.", REPLY, "Now.")
    draft(world)
    other = world.brain.submit(TurnRequest("who are you", "elsewhere"))
    world.run()
    assert isinstance(other.stream.take()[-1], events.Completed)
    world.brain.submit(asked(world), Priority.VOICE)
    for _ in range(3):
        world.brain.step()
    world.brain.draft(asked(world, "and now", 8))
    world.brain.partial("voice", "and now")
    for _ in range(3):
        world.brain.step()
    assert len(world.model.prompts) == 2 and world.brain.speaking(), "our own voice needs what it would need"
    world.run()
    assert len(world.model.prompts) == 3


def test_a_full_house_gives_it_up() -> None:
    world = World(max_turns=1)
    world.model.enqueue("One.", REPLY)
    world.brain.submit(TurnRequest("who are you", "elsewhere"))
    world.brain.draft(asked(world))
    with pytest.raises(Busy):
        world.brain.submit(asked(world), Priority.VOICE)
    world.run()
    assert len(world.talk("voice").history.exchanges) == 0


def test_what_was_heard_counts_from_where_the_reply_begins() -> None:
    """A tone plays between the making of a draft's sound and its beginning."""
    world = made(REPLY)
    draft(world)
    world.sink.write(b"\1\0" * 4800, 16_000)  # 0.3 s
    handle = world.brain.submit(asked(world), Priority.VOICE)
    while world.brain.step():
        pass
    world.clock.advance(0.3 + 1.0)  # two words of half a second
    handle.cancel.cancel("stop")
    world.run()
    assert world.talk("voice").history.exchanges[-1].assistant.split() == ["There", "it"]
