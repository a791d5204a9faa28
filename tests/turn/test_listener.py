"""Listening on scripted engines: states, deadlines, and what the brain and the watchers hear of them."""

from typing import Any

import pytest

from assistant import events
from assistant.audio.format import FRAME_BYTES, FRAME_S
from assistant.dialogue.kit import TurnRequest
from assistant.engines.fakes import FakeSource
from assistant.errors import EngineError
from assistant.listen.ear import Ear
from assistant.listen.listener import STEPS, State
from assistant.listen.wakes import without_tail
from tests.turn.world import World, shorthand

PAUSE = ("",) * 3


def test_a_question_behind_the_wake_word_is_answered() -> None:
    world = World()
    world.model.enqueue("Nine.")
    world.say("wake", "", "what", "time", *PAUSE)
    world.run()
    assert shorthand(world.events()) == [
        "1 WakeHeard",
        "1 PartialTranscript 'what'",
        "1 SpeechStarted",
        "1 PartialTranscript 'what time'",
        "1 Transcript 'what time' silence",
        "1 TurnStarted",
        "1 Token 'Nine.'",
        "1 Clause 'Nine.' -> 'Nine.'",
        "1 AudioStarted",
        "1 SpeechDone 500",
        "1 Completed 'what time' 'Nine.'",
    ]
    assert world.listener.state is State.ASLEEP


def test_what_was_said_behind_a_wake_word_that_is_noticed_late_is_heard() -> None:
    world = World()
    world.model.enqueue("Nine.")
    world.wake.late_s = 8 * FRAME_S
    world.say("okay", "what", "time")
    world.say("wake", "", *PAUSE)  # the detector fires in this frame and says that the word ended eight frames ago
    world.run()
    transcript = next(event for event in world.events() if isinstance(event, events.Transcript))
    assert transcript.text == "what time"


@pytest.mark.parametrize(("words", "phrase", "left"), [
    ("手现在几点", "小助手", "现在几点"), ("助手现在几点", "小助手", "现在几点"), ("现在几点", "小助手", "现在几点"), ("morning what time", "good morning", "what time"),
    ("good morning what", "good morning", "what"), ("mornings are", "good morning", "mornings are"), ("morning", "good morning", ""), ("", "小助手", ""), ("what time", "", "what time"),
])  # fmt: skip
def test_the_end_of_a_wake_phrase_is_no_question(words: str, phrase: str, left: str) -> None:
    assert without_tail(words, phrase) == left


def test_the_last_sound_of_a_wake_word_is_no_question_whatever_is_heard_in_it() -> None:
    world = World()
    world.model.enqueue("Nine.")
    world.wake.late_s = 5 * FRAME_S
    world.say("com", "er", "wake")  # it ended five frames ago, says the detector; it sounded on
    world.say(*PAUSE, *PAUSE, "what", "time", *PAUSE)
    world.run()
    seen = world.events()
    assert "er" in [event.text for event in seen if isinstance(event, events.PartialTranscript)]
    assert [event.text for event in seen if isinstance(event, events.Transcript)] == ["what time"]


def test_speech_without_the_wake_word_is_ignored() -> None:
    world = World()
    world.say("turn", "on", "the", "light", *PAUSE)
    world.run()
    assert world.events() == []


def test_a_wake_followed_by_silence_is_cancelled_by_its_deadline() -> None:
    world = World()
    world.say("wake", *("",) * 20)
    assert shorthand(world.events()) == ["1 WakeHeard", "1 Cancelled no_speech"]
    assert world.clock() > 2.0 and world.listener.state is State.ASLEEP


def test_the_tail_of_the_wake_word_or_a_cough_is_no_question() -> None:
    world = World()
    world.model.enqueue("Nine.")
    world.say("wake", "~", *PAUSE, "what", "time", *PAUSE)
    world.run()
    lines = shorthand(world.events())
    assert "1 Transcript 'what time' silence" in lines and lines[-1].startswith("1 Completed")


def test_noise_that_never_ends_is_given_up() -> None:
    world = World()
    world.say("wake", *("~",) * 60)
    assert [line for line in shorthand(world.events()) if "Cancelled" in line] == ["1 Cancelled no_speech"]
    assert world.listener.state is State.ASLEEP


def test_speech_without_an_end_is_cut_at_its_longest() -> None:
    world = World()
    world.model.enqueue("Long.")
    world.say("wake", *(f"w{n}" for n in range(40)))
    world.run()
    transcript = next(event for event in world.events() if isinstance(event, events.Transcript))
    assert transcript.end_reason == "max_length" and transcript.text.startswith("w0 w1")


def test_a_second_wake_word_interrupts_the_reply_and_listens() -> None:
    world = World()
    world.model.enqueue("One two three four. Five six seven eight nine ten.", "Sure.")
    world.say("wake", "tell", "me", *PAUSE)
    for _ in range(10):
        world.say("")
    world.say("wake", "stop", "that", *PAUSE)
    world.run()
    seen = world.events()
    lines = shorthand(seen)
    assert "1 Cancelled wake" in lines and lines[-1] == "2 Completed 'stop that' 'Sure.'"
    assert world.sink.stops >= 1
    first = world.talks["voice"].history.exchanges[0]
    assert first.user == "tell me" and "One two three four. Five six".startswith(first.assistant) and first.assistant


def test_a_second_wake_word_while_listening_begins_anew() -> None:
    world = World()
    world.model.enqueue("Yes.")
    world.say("wake", "never", "wake", "what", "time", *PAUSE)
    world.run()
    lines = shorthand(world.events())
    assert "1 Cancelled wake" in lines and "2 Transcript 'what time' silence" in lines


def test_the_end_of_the_recording_ends_the_question() -> None:
    world = World()
    world.model.enqueue("Yes.")
    world.say("wake", "", "what", "time")
    world.listener.end_of_audio()
    world.run()
    assert "1 Transcript 'what time' end_of_audio" in shorthand(world.events())


def test_without_a_wake_word_speech_wakes_and_its_first_word_is_kept() -> None:
    world = World(wake=False)
    world.model.enqueue("Nine.")
    world.say("", "", "what", "time", *PAUSE)
    world.run()
    lines = shorthand(world.events())
    assert lines[0] == "1 SpeechStarted" or "SpeechStarted" in lines[1]
    assert "1 Transcript 'what time' silence" in lines


def test_without_a_wake_word_a_long_silence_makes_nobody_deaf() -> None:
    world = World(wake=False)
    world.model.enqueue("Nine.")
    world.say(*("",) * 40)  # longer than the longest utterance
    world.say("what", "time", *PAUSE)
    world.run()
    assert "1 Transcript 'what time' silence" in shorthand(world.events())


def test_without_a_wake_word_it_does_not_listen_to_itself() -> None:
    world = World(wake=False)
    world.model.enqueue("One two three four five six.")
    world.say("", "what", "time", *PAUSE)
    world.events()
    world.say("one", "two", "three")
    assert not any(isinstance(event, events.Transcript | events.SpeechStarted) for event in world.events())


def test_a_failing_recogniser_fails_the_turn_and_the_next_one_works() -> None:
    world = World()
    world.model.enqueue("Nine.", "Nine.")  # the first is drafted behind "what", and given up
    world.transcriber.error = EngineError("decoder broke")
    world.say("wake", "what", *PAUSE)
    assert world.sink.played_ms() > 0, "nobody is left in silence: a tone"
    world.say("wake", "what", "time", *PAUSE)
    world.run()
    lines = shorthand(world.events())
    assert "1 Failed engine" in lines and lines[-1] == "2 Completed 'what time' 'Nine.'"


def test_a_busy_brain_fails_the_turn_with_a_tone() -> None:
    world = World(max_turns=1)
    world.model.enqueue("a " * 200)
    world.brain.submit(TurnRequest("chat", conversation="page"))
    world.say("wake", "what", *PAUSE, step=False)
    assert "2 Failed busy" in shorthand(world.events())
    world.run()
    world.clock.advance(0.1)
    assert world.sink.played_ms() > 0


def test_every_turn_has_exactly_one_end() -> None:
    world = World()
    world.model.enqueue(*["One two three."] * 10)
    world.say("wake", "a", "wake", "b", *PAUSE, "wake", *("",) * 20, "wake", "c", *PAUSE, "wake", "d", *PAUSE)
    world.run()
    ends: dict[int, int] = {}
    for event in world.events():
        ends[event.turn_id] = ends.get(event.turn_id, 0) + isinstance(event, events.TERMINAL)
    assert set(ends.values()) == {1} and len(ends) == 5


def test_asked_to_listen_it_hears_a_question_without_a_wake_word() -> None:
    world = World()
    world.model.enqueue("Nine.")
    world.listener.ask("listen")
    world.say("what", "time", *PAUSE)
    world.run()
    lines = shorthand(world.events())
    assert lines[0] == "1 WakeHeard" and lines[-1] == "1 Completed 'what time' 'Nine.'"


def test_a_held_button_waits_through_pauses_and_ends_when_it_is_let_go() -> None:
    world = World()
    world.model.enqueue("Nine.")
    world.listener.ask("hold")
    world.say("what", *PAUSE, *PAUSE, "time")
    assert world.listener.state is State.HEARING
    world.listener.ask("release")
    world.run()
    assert "1 Transcript 'what time' released" in shorthand(world.events())


def test_a_button_that_is_never_let_go_has_a_deadline_too() -> None:
    world = World()
    world.listener.ask("hold")
    world.say(*("",) * 60)
    assert shorthand(world.events()) == ["1 WakeHeard", "1 Cancelled no_speech"] and world.clock() > 4.0


def test_what_is_heard_may_be_dropped_and_a_wish_at_rest_does_nothing() -> None:
    world = World()
    world.listener.ask("drop")
    world.listener.ask("release")
    assert world.events() == []
    world.say("wake", "what")
    world.listener.ask("drop")
    assert shorthand(world.events())[-1] == "1 Cancelled stop" and world.listener.state is State.ASLEEP


def test_a_muted_ear_counts_frames_and_hears_nothing() -> None:
    world = World()
    source = FakeSource()
    ear = Ear()
    ear.attach(source, world.listener)
    ear.muted = True
    source.frames += [b"wake".ljust(FRAME_BYTES, b"\0")] * 2
    while ear.step():
        pass
    assert ear.frames == 2 and world.events() == []
    ear.muted = False
    source.frames.append(b"wake".ljust(FRAME_BYTES, b"\0"))
    ear.step()
    ear.muted = True  # in the middle of listening: that is given up
    ear.step()
    assert shorthand(world.events()) == ["1 WakeHeard", "1 Cancelled stop"]


def test_an_illegal_step_raises_and_changes_nothing() -> None:
    world = World()
    with pytest.raises(KeyError):
        world.listener._step("said")
    assert world.listener.state is State.ASLEEP
    assert {state for state, _ in STEPS} == set(State)


def test_words_that_stand_still_in_a_pause_are_drafted_unless_they_are_whole_or_wait_for_more() -> None:
    for judged, expected in (("unknown", ["where is it"]), ("open", []), ("whole", [])):
        world = World()
        world.completeness["where is it"] = judged  # type: ignore[assignment]
        world.model.enqueue("There.")
        drafted: list[str] = []
        draft = world.brain.draft

        def noted(request: TurnRequest, drafted: list[str] = drafted, to: Any = draft) -> None:
            drafted.append(request.text)
            to(request)

        world.brain.draft = noted  # type: ignore[method-assign]
        world.say("wake", "where", "is", "it", "", "", "", "")
        assert drafted == expected
