"""The stepper on scripted engines: whole event lists, order, priorities, bounds."""

from collections.abc import Iterator

import pytest

from assistant import events
from assistant.cancel import CancelToken
from assistant.dialogue.brain import Priority
from assistant.dialogue.kit import TurnRequest
from assistant.dialogue.partial import stable_words
from assistant.engines.fakes import FakeSink
from assistant.errors import Busy, EngineError
from assistant.protocols_skills import Doing, Talk
from tests.turn.world import ERROR_TONE, World, shorthand


def test_a_spoken_turn_is_this_list_of_events() -> None:
    world = World()
    world.model.enqueue("One two. Three four.")
    world.brain.submit(TurnRequest("hello", sink=world.sink), Priority.VOICE)
    world.run()
    assert shorthand(world.events()) == [
        "1 TurnStarted",
        "1 Token 'One'",
        "1 Token ' two.'",
        "1 Token ' Three'",
        "1 Clause 'One two.' -> 'One two.'",
        "1 AudioStarted",
        "1 Token ' four.'",
        "1 Clause ' Three four.' -> 'Three four.'",
        "1 SpeechDone 2000",
        "1 Completed 'hello' 'One two. Three four.'",
    ]
    assert world.voice.spoken == ["One two.", "Three four."]


def test_text_turns_speak_nothing_and_reuse_the_prompt() -> None:
    world = World()
    world.model.enqueue("Hi Ana.", "Ana.")
    first = world.brain.submit(TurnRequest("i am ana", conversation="chat"))
    world.run()
    second = world.brain.submit(TurnRequest("who am i", conversation="chat"))
    world.run()
    done = [event for event in [*first.stream.take(), *second.stream.take()] if isinstance(event, events.Completed)]
    assert [event.assistant for event in done] == ["Hi Ana.", "Ana."]
    assert (
        done[1].prompt_tokens_evaluated == len("user\nwho am i") + len("assistant\n") + 4
    )  # the reply's end was evaluated in idle time
    assert done[1].prompt_tokens_evaluated < done[1].prompt_tokens
    assert world.voice.spoken == []
    assert world.model.prompts[1] == (
        "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\ni am ana<|im_end|>\n<|im_start|>assistant\nHi Ana.<|im_end|>\n"
        "<|im_start|>user\nwho am i<|im_end|>\n<|im_start|>assistant\n"
    )


def test_a_long_reply_two_chats_a_partial_and_a_job_share_the_brain() -> None:
    """20 s are spoken; meanwhile chats finish, the job runs, and the voice is never starved: no gap in its sound."""
    world = World()
    speech = " ".join(f"Now word{letter} comes." for letter in "abcdefghijklmn")  # 42 words: 21 s
    chat = " ".join(f"w{n}" for n in range(30))
    world.model.enqueue(speech)
    voice = world.brain.submit(TurnRequest("tell", sink=world.sink), Priority.VOICE)
    while not world.model.prompts:
        world.brain.step()
    world.model.enqueue(chat, chat)
    chats = [world.brain.submit(TurnRequest("chat", conversation=key)) for key in ("a", "b")]
    done: list[str] = []

    def job() -> Iterator[None]:
        for number in range(5):
            done.append(f"job{number}")
            yield

    world.brain.submit_job(job())
    partials = iter(["what", "what is", "what is the", "what is the time"])

    def speak_on() -> None:
        if words := next(partials, None):
            world.brain.partial("c", words)

    world.run(while_waiting=speak_on)
    seen = world.events()
    assert [line for line in shorthand(seen) if "Completed" in line] == [
        f"2 Completed 'chat' '{chat}'",
        f"3 Completed 'chat' '{chat}'",
        f"1 Completed 'tell' '{speech}'",
    ]
    spoken = next(event for event in seen if isinstance(event, events.SpeechDone))
    started = next(event.t for event in seen if isinstance(event, events.AudioStarted))
    assert spoken.played_ms == 21_000
    assert spoken.t - started == pytest.approx(21.0, abs=0.2)  # on the audio clock: played without a gap
    assert done == [f"job{n}" for n in range(5)]
    assert world.talks["c"].session.ids[-len("\nwhat is the") :] == list(b"\nwhat is the")
    first_chat = [event for event in chats[0].stream.take() if isinstance(event, events.Token)]
    assert len(first_chat) == 30
    order = [event.turn_id for event in seen if isinstance(event, events.Token) and event.turn_id in (2, 3)]
    assert order[:10] == [2, 3] * 5 or order[:10] == [3, 2] * 5  # round robin
    assert voice.stream.take()[-1] == seen[-1]


def count_yields(world: World) -> int:
    world.model.enqueue("One two, three. Four five six. Seven.")
    world.brain.submit(TurnRequest("hello", sink=world.sink), Priority.VOICE)
    steps = 0
    while not world.brain.idle():
        if world.brain.step():
            steps += 1
        else:
            world.clock.advance(0.1)
    return steps


def test_cancelled_at_every_yield() -> None:
    """Wherever a turn is cancelled: one terminal event, silence, and a history that holds what was heard and no more."""
    reply = "One two, three. Four five six. Seven."
    total = count_yields(World())
    for stop_after in range(total):
        world = World()
        world.model.enqueue("Before.", reply, "After.")
        world.brain.submit(TurnRequest("first", sink=world.sink), Priority.VOICE)
        world.run()
        world.events()
        handle = world.brain.submit(TurnRequest("hello", sink=world.sink), Priority.VOICE)
        steps = 0
        while steps < stop_after:
            if world.brain.step():
                steps += 1
            else:
                world.clock.advance(0.1)
        handle.cancel.cancel("stop")
        assert world.sink.pending_s() == 0
        world.run()
        seen = world.events()
        terminal = [event for event in seen if isinstance(event, events.TERMINAL)]
        assert len(terminal) == 1 and seen[-1] is terminal[0], stop_after
        assert isinstance(terminal[0], events.Cancelled) or stop_after == total - 1  # all was said: it is complete
        talk = world.talks["voice"]
        last = talk.history.last
        assert last is not None
        heard = "" if last.user == "first" else last.assistant
        assert reply.startswith(heard)
        world.brain.submit(TurnRequest("next", sink=world.sink), Priority.VOICE)
        world.run()
        exchange = f"<|im_start|>user\nhello<|im_end|>\n<|im_start|>assistant\n{heard}" if heard else ""
        kept = world.model.prompts[-1].split("Before.<|im_end|>\n")[1].split("<|im_start|>user\nnext")[0]
        assert kept.startswith(exchange) and kept.endswith("<|im_end|>\n" if heard else ""), (stop_after, kept)
        assert len(kept) <= len(exchange) + len(" three.<|im_end|>\n")


def test_turns_of_one_conversation_keep_their_order() -> None:
    world = World()
    world.model.enqueue("a a a", "b b b")
    world.brain.submit(TurnRequest("1", conversation="x"))
    world.brain.submit(TurnRequest("2", conversation="x"))
    world.run()
    lines = [line for line in shorthand(world.events()) if "Completed" in line]
    assert lines == ["1 Completed '1' 'a a a'", "2 Completed '2' 'b b b'"]


def test_one_loudspeaker_says_one_reply_after_the_other() -> None:
    world = World()
    world.brain.submit(TurnRequest("", say="One two three.", conversation="a", sink=world.sink), Priority.VOICE)
    world.brain.submit(TurnRequest("", say="Four.", conversation="b", sink=world.sink), Priority.VOICE)
    world.run()
    lines = shorthand(world.events())
    assert lines.index("1 SpeechDone 1500") < lines.index("2 AudioStarted")


def test_more_turns_than_allowed_are_refused() -> None:
    world = World(max_turns=2)
    world.brain.submit(TurnRequest("1"))
    world.brain.submit(TurnRequest("2"))
    with pytest.raises(Busy, match="2 turns"):
        world.brain.submit(TurnRequest("3"))


def test_a_failing_model_ends_its_turn_with_an_apology_and_not_the_brain() -> None:
    world = World()
    world.model.enqueue(EngineError("decode failed"), "Fine.")
    world.brain.submit(TurnRequest("hello", sink=world.sink), Priority.VOICE)
    world.run()
    assert shorthand(world.events())[-1] == "1 Failed engine"
    assert len(world.voice.spoken) == 1 and world.sink.played_ms() > 0
    assert world.talks["voice"].history.last is None
    world.brain.submit(TurnRequest("again", sink=world.sink), Priority.VOICE)
    world.run()
    assert shorthand(world.events())[-1] == "2 Completed 'again' 'Fine.'"


def test_a_fault_of_our_own_is_named_by_its_type_only() -> None:
    world = World()
    world.model.enqueue(ValueError("secret words"))
    handle = world.brain.submit(TurnRequest("hello"))
    world.run()
    failed = handle.stream.take()[-1]
    assert isinstance(failed, events.Failed)
    assert "ValueError" in failed.message and "secret" not in failed.message


def test_a_failing_voice_is_told_by_the_event() -> None:
    world = World()
    world.model.enqueue("Hello.")
    world.voice.error = EngineError("no voice")
    world.brain.submit(TurnRequest("hello", sink=world.sink), Priority.VOICE)
    world.run()
    assert shorthand(world.events())[-1] == "1 Failed engine"
    assert len(world.voice.spoken) == 1  # the apology


@pytest.mark.parametrize("fault", [EngineError("no voice"), ValueError("a fault of the voice's library")])
def test_a_voice_that_cannot_even_apologise_leaves_a_tone(fault: Exception) -> None:
    world = World()
    world.model.enqueue("Hello.")
    world.voice.error, world.voice.stays_broken = fault, True
    world.brain.submit(TurnRequest("hello", sink=world.sink), Priority.VOICE)
    world.run()
    assert shorthand(world.events())[-1] == "1 Failed engine"
    assert world.voice.spoken == [] and world.sink.played_ms() == 1000 * len(ERROR_TONE) // 2 // 16_000


def test_a_loudspeaker_that_plays_nothing_fails_the_turn_by_its_deadline() -> None:
    world = World()
    world.model.enqueue("One two three four five six seven eight nine ten.")
    world.sink.broken = True
    world.brain.submit(TurnRequest("hello", sink=world.sink), Priority.VOICE)
    world.run()
    assert shorthand(world.events())[-1] == "1 Failed audio"
    assert world.clock() < 20


def test_an_empty_reply_is_said_to_be_empty() -> None:
    world = World()
    world.model.enqueue("")
    world.brain.submit(TurnRequest("hello", sink=world.sink), Priority.VOICE)
    world.run()
    assert len(world.voice.spoken) == 1 and world.voice.spoken[0]


def test_a_skill_answers_before_the_model_and_enters_history_as_text() -> None:
    world = World()
    world.router.answers["time"] = lambda talk: f"It is {talk.now():%H:%M}."
    world.model.enqueue("You asked the time.")
    world.brain.submit(TurnRequest("time"))
    world.run()
    world.brain.submit(TurnRequest("what did i ask"))
    world.run()
    lines = shorthand(world.events())
    assert lines[:5] == [
        "1 TurnStarted",
        "1 ToolCalled",
        "1 ToolReturned",
        "1 Token 'It is 09:20.'",
        "1 Completed 'time' 'It is 09:20.'",
    ]
    assert "user\ntime<|im_end|>\n<|im_start|>assistant\nIt is 09:20.<|im_end|>" in world.model.prompts[0]


def test_a_skill_that_waits_lets_others_go_on_and_a_stop_closes_it() -> None:
    world = World()
    looks: list[str] = []

    def waits(talk: Talk) -> Doing:
        try:
            for _ in range(3):
                looks.append("look")
                yield
            return "The lamp is on."
        finally:
            looks.append("closed")

    world.router.answers["lamp"] = waits
    world.model.enqueue("Hello there.")
    lamp = world.brain.submit(TurnRequest("lamp"))
    chat = world.brain.submit(TurnRequest("hi", conversation="chat"))
    world.run()
    lines = shorthand(world.events())
    assert looks == ["look"] * 3 + ["closed"]
    ended = [line for line in lines if "Completed" in line]
    assert ended[0].startswith(f"{chat.turn_id} ") and ended[1] == f"{lamp.turn_id} Completed 'lamp' 'The lamp is on.'"
    again = world.brain.submit(TurnRequest("lamp"))
    world.brain.step()
    world.brain.step()
    world.brain.step()
    again.cancel.cancel("stop")
    world.run()
    assert looks[-2:] == ["look", "closed"] and shorthand(world.events())[-1] == f"{again.turn_id} Cancelled stop"


def test_a_skills_turn_is_evaluated_in_idle_time() -> None:
    world = World()
    world.router.answers["time"] = lambda talk: "It is nine."
    world.brain.submit(TurnRequest("time", conversation="a"))
    world.run()
    session = world.talks["a"].session
    assert session.evaluate(0, CancelToken()) == 0 and session.evaluated == len(session.ids)


def test_warming_evaluates_the_system_block_before_anybody_asks() -> None:
    world = World()
    world.model.enqueue("Yes.")
    world.brain.warm("voice")
    world.run()
    handle = world.brain.submit(TurnRequest("hello"))
    world.run()
    done = handle.stream.take()[-1]
    assert isinstance(done, events.Completed)
    assert done.prompt_tokens - done.prompt_tokens_evaluated == len("system\nBe kind.\n") + 2


def test_a_full_context_forgets_the_oldest_turns_at_a_boundary() -> None:
    world = World(context=400)
    replies = [f"Reply number {n} with some more words in it." for n in range(12)]
    for reply in replies:
        world.model.enqueue(reply)
        world.brain.submit(TurnRequest("a question of some length"))
        world.run()
        assert len(world.talks["voice"].session.ids) <= 400
    seen = world.events()
    assert any(isinstance(event, events.Compacted) for event in seen)
    assert sum(isinstance(event, events.Completed) for event in seen) == 12
    assert world.model.prompts[-1].startswith("<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\n")


def test_words_that_do_not_fit_the_context_are_refused_with_what_can_be_done() -> None:
    world = World(context=200)
    handle = world.brain.submit(TurnRequest("x" * 500))
    world.run()
    failed = handle.stream.take()[-1]
    assert isinstance(failed, events.Failed) and failed.code == "too-long" and "llm.context" in failed.message


def test_a_slow_reader_loses_its_turn_and_still_gets_the_end() -> None:
    world = World()
    world.model.enqueue(". ".join(f"word{n}" for n in range(3000)))
    sink = FakeSink(world.clock, capacity_s=10_000)
    handle = world.brain.submit(TurnRequest("hello", sink=sink), Priority.VOICE)
    world.run()
    assert handle.cancel.reason == "slow_reader"
    events_left = handle.stream.take()
    assert len(events_left) <= 1025 and isinstance(events_left[-1], events.Cancelled)


def test_tokens_merge_for_a_reader_that_lags() -> None:
    world = World()
    reply = " ".join(f"w{n}" for n in range(3000))
    world.model.enqueue(reply)
    handle = world.brain.submit(TurnRequest("hello"))
    world.run()
    left = handle.stream.take()
    assert "".join(event.text for event in left if isinstance(event, events.Token)) == reply
    assert isinstance(left[-1], events.Completed) and len(left) < 300


def test_a_watcher_that_lags_loses_its_oldest_and_knows() -> None:
    world = World()
    watcher = world.brain.subscribe(capacity=4)
    world.model.enqueue("a b c d e f g")
    world.brain.submit(TurnRequest("hello"))
    world.run()
    assert isinstance(watcher.take()[-1], events.Completed)
    assert watcher.dropped == 5


def test_shutting_down_ends_every_turn() -> None:
    world = World()
    world.model.enqueue("One two three. Four five six.", "a b")
    world.brain.submit(TurnRequest("1", sink=world.sink), Priority.VOICE)
    world.brain.submit(TurnRequest("2", conversation="chat"))
    for _ in range(6):
        world.brain.step()
    world.brain.shut_down("shutdown")
    ends = [line for line in shorthand(world.events()) if "Cancelled" in line]
    assert sorted(ends) == ["1 Cancelled shutdown", "2 Cancelled shutdown"]
    assert world.brain.idle()


def test_a_job_that_fails_is_dropped() -> None:
    world = World()
    ran = []

    def bad() -> Iterator[None]:
        yield
        raise EngineError("broken")

    def good() -> Iterator[None]:
        yield
        ran.append(True)

    world.brain.submit_job(bad())
    world.brain.submit_job(good())
    world.run()
    assert ran == [True] and not world.brain.step()


@pytest.mark.parametrize("partials", [
    ("how", "how are", "how are you", "how are you doing", "how are you doing today"), ("你今天", "你今天过得", "你今天过得怎么样"),
])  # fmt: skip
def test_a_partial_is_taken_over_by_its_turn(partials: tuple[str, ...]) -> None:
    """What was evaluated while somebody spoke is not evaluated again."""
    world = World()
    world.model.enqueue("Fine.")
    for words in partials[:-1]:
        world.brain.partial("voice", words)
        while world.brain.step():
            pass
    session = world.talks["voice"].session
    before = session.evaluated
    stable = stable_words(*partials[-3:-1]).encode()
    assert stable and list(session.ids)[-len(stable) :] == list(stable)
    handle = world.brain.submit(TurnRequest(partials[-1]))
    world.run()
    done = handle.stream.take()[-1]
    assert isinstance(done, events.Completed)
    assert done.prompt_tokens_evaluated == done.prompt_tokens - before
    assert world.model.prompts[0].endswith(f"<|im_start|>user\n{partials[-1]}<|im_end|>\n<|im_start|>assistant\n")
