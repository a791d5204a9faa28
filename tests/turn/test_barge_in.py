"""Every way to be interrupted, or not to be, on scripted engines; and the follow-up behind a question of ours."""

import pytest

from assistant import events
from assistant.listen.listener import FOLLOW_UPS, State
from assistant.listen.loudness import RUN
from assistant.protocols import Care
from tests.turn.world import World, shorthand

PAUSE = ("",) * 3
LONG = "One two three four. Five six seven eight nine ten."


def speaking(reply: str = LONG) -> World:
    """A world in the midst of its reply."""
    world = World()
    world.model.enqueue(reply)
    world.say("wake", "tell", "me", *PAUSE)
    world.say(*PAUSE)
    assert world.sink.pending_s() > 0
    world.events()
    return world


def test_stop_without_a_wake_word_ducks_and_then_ends_the_reply() -> None:
    world = speaking()
    world.say("stop", "")
    world.run()
    lines = shorthand(world.events())
    assert lines[-1] == "1 Cancelled stop" and not any("Wake" in line or "Transcript" in line for line in lines)
    assert world.sink.ducks[0] > 0 and world.sink.ducks[-1] == 0 and world.sink.pending_s() == 0
    heard = world.talks["voice"].history.exchanges[0].assistant
    assert heard and LONG.startswith(heard) and heard != LONG
    assert world.listener.state is State.ASLEEP


def test_snooze_without_a_wake_word_says_so() -> None:
    world = speaking()
    world.say("snooze", "")
    world.run()
    assert shorthand(world.events())[-1] == "1 Cancelled snooze"


def test_nothing_is_played_behind_the_frame_of_the_decision() -> None:
    world = speaking()
    world.say("stop")
    played = world.sink.played_ms()
    world.say(*("",) * 8)
    assert world.sink.played_ms() - played <= 100


def test_other_words_duck_it_and_it_goes_on() -> None:
    world = speaking()
    world.say("hello", *("",) * 12)
    world.run()
    assert world.sink.ducks == [1.5, 0.0] and shorthand(world.events())[-1].startswith("1 Completed")


def test_two_people_who_talk_on_duck_it_once() -> None:
    world = speaking("one two three four five six seven eight nine ten eleven twelve.")
    world.say(*(f"w{number}" for number in range(30)))
    assert world.sink.ducks == [1.5, 0.0]


def test_a_stop_that_we_say_ourselves_is_not_believed() -> None:
    world = speaking("You can say stop to end it. And then it is over, as you know.")
    world.say("stop", "")
    world.run()
    assert shorthand(world.events())[-1].startswith("1 Completed")


def test_a_stop_no_louder_than_our_own_voice_is_not_believed() -> None:
    world = speaking()
    world.echo.deaf = True
    world.say("stop", "")
    world.run()
    assert shorthand(world.events())[-1].startswith("1 Completed")


def test_what_is_heard_in_place_of_a_stop_is_one_when_it_is_all_that_is_heard() -> None:
    for words, ending in ((("top",), "1 Cancelled stop"), (("the", "top"), "1 Completed")):
        world = speaking()
        world.say(*words, "")
        world.run()
        assert shorthand(world.events())[-1].startswith(ending)


def test_a_slip_of_the_guard_is_too_short_for_a_stop() -> None:
    world = speaking()
    world.say("stop", frames_per_word=2)
    world.say("")
    world.run()
    assert shorthand(world.events())[-1].startswith("1 Completed")


def test_a_stop_in_the_midst_of_talk_is_none() -> None:
    world = speaking()
    world.say("so", "they", "stop", "")
    world.run()
    assert shorthand(world.events())[-1].startswith("1 Completed")


def test_where_somebody_talks_all_the_time_a_stop_without_a_wake_word_is_none() -> None:
    world = speaking("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen.")
    world.say("so", "they", "", "", "", "went", "home", "", "", "", "stop", "")
    world.run()
    assert shorthand(world.events())[-1].startswith("1 Completed")


def test_a_wake_word_that_we_say_ourselves_is_none() -> None:
    world = speaking("You say okay nabu to me first. And then you ask, as you know.")
    world.say("wake", "")
    world.run()
    assert shorthand(world.events())[-1].startswith("1 Completed")


def test_a_wake_word_no_louder_than_what_a_canceller_leaves_is_none() -> None:
    for deaf, ending in ((True, "1 Completed"), (False, "1 Cancelled wake")):
        world = speaking("one two three four five six seven eight nine ten eleven twelve.")
        world.echo.cancels, world.echo.deaf = True, deaf
        world.say("~", "wake", "")
        world.run()
        assert any(line.startswith(ending) for line in shorthand(world.events())), deaf


def test_the_detector_is_told_how_careful_to_be() -> None:
    world = speaking("one two three four five six seven eight nine ten eleven twelve.")

    def care(*frames: str) -> Care:
        world.say(*frames)
        return world.wake.care

    assert care("") == "usual", "nothing is taken out"
    world.echo.cancels = world.echo.deaf = True
    assert care("~") == "more"
    world.echo.deaf = False
    assert care(*["~"] * RUN, "wake") == "less"
    assert care("~") == "usual" and world.listener.state is not State.ASLEEP, "somebody is listened to"


def test_stop_in_a_quiet_room_is_nothing() -> None:
    world = World()
    world.say("stop", *PAUSE)
    assert world.events() == []


def test_an_answer_to_our_question_needs_no_wake_word() -> None:
    world = World()
    world.model.enqueue("For how long?", "Good.")
    world.say("wake", "set", "it", *PAUSE)
    world.say(*("",) * 13)
    assert world.listener.following and shorthand(world.events())[-1] == "2 FollowUp"
    world.say("five", *PAUSE)
    world.run()
    assert shorthand(world.events())[-1] == "2 Completed 'five' 'Good.'" and not world.listener.following


def test_an_answer_that_does_not_come_ends_in_silence() -> None:
    world = World()
    world.model.enqueue("For how long?")
    world.say("wake", "set", "it", *PAUSE)
    world.say(*("",) * 40)
    assert shorthand(world.events())[-2:] == ["2 FollowUp", "2 Cancelled no_speech"]
    assert world.listener.state is State.ASLEEP


def test_a_stop_by_hand_behind_a_question_ends_the_waiting_for_an_answer_too() -> None:
    world = World()
    world.model.enqueue("For how long?")
    world.say("wake", "set", "it", *PAUSE)
    while world.brain.speaking() or world.sink.pending_s() > 0:
        world.say("", frames_per_word=1)
    assert world.echo.playing and not world.listener.following
    world.listener.ask("drop")
    world.say(*("",) * 20)
    assert not any(isinstance(event, events.FollowUp) for event in world.events())


def test_it_begins_when_our_voice_has_died_away() -> None:
    world = World()
    world.model.enqueue("For how long?")
    world.say("wake", "set", "it", *PAUSE)
    while not world.listener.following:
        world.say("", frames_per_word=1)
    assert not world.echo.playing and world.sink.pending_s() == 0


def test_the_same_question_again_is_not_followed() -> None:
    world = World()
    world.model.enqueue("Sorry?", "Sorry?", "Sorry?")
    world.say("wake", "mumble", *PAUSE)
    world.say(*("",) * 12, "mumble", *PAUSE, *("",) * 40)
    follow_ups = [event for event in world.events() if isinstance(event, events.FollowUp)]
    assert len(follow_ups) == 1 and world.listener.state is State.ASLEEP


def test_questions_in_a_row_are_followed_a_few_times() -> None:
    world = World()
    world.model.enqueue(*(f"And {number}?" for number in range(8)))
    world.say("wake", "go", *PAUSE)
    for _ in range(7):
        world.say(*("",) * 12, "yes", *PAUSE)
    numbers = [event.number for event in world.events() if isinstance(event, events.FollowUp)]
    assert numbers == list(range(1, FOLLOW_UPS + 1))


@pytest.mark.parametrize("reply", ["That is all.", "Is it? Yes."])
def test_a_reply_that_asks_nothing_is_not_followed(reply: str) -> None:
    world = World()
    world.model.enqueue(reply)
    world.say("wake", "go", *PAUSE)
    world.say(*("",) * 30)
    assert not any(isinstance(event, events.FollowUp) for event in world.events())


def test_a_reply_that_was_stopped_is_not_followed() -> None:
    world = speaking("One two three four five six seven, is it?")
    world.say("stop", *("",) * 20)
    assert shorthand(world.events())[-1] == "1 Cancelled stop"
