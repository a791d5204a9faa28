"""What lights and displays are told of the assistant's doings."""

from collections.abc import Iterable

from assistant import events
from assistant.servers.activity import Activity


def told(*seen: events.Event, speaking: bool = False) -> list[str]:
    activity = Activity(lambda: speaking)
    return [one.event for event in seen for one in activity.note(event)]


def turn(turn_id: int) -> Iterable[events.Event]:
    yield events.WakeHeard(turn_id, 0.0, "okay_nabu", "en")
    yield events.SpeechStarted(turn_id, 0.0)
    yield events.Transcript(turn_id, 0.0, "what time is it", "silence")
    yield events.TurnStarted(turn_id, 0.0, "what time is it")
    yield events.AudioStarted(turn_id, 0.0)
    yield events.SpeechDone(turn_id, 0.0, 100)


def test_a_turn_of_the_room() -> None:
    done = events.Completed(1, 0.0, "what time is it", "It is nine.")
    assert told(*turn(1), done) == ["wake", "listening", "thinking", "speaking", "asleep"]


def test_a_wake_word_in_a_reply_begins_the_next_turn() -> None:
    again = events.WakeHeard(2, 0.0, "okay_nabu", "en")
    late = events.Cancelled(1, 0.0, "wake")
    assert told(*turn(1), again, late, events.Cancelled(2, 0.0, "no_speech")) == [
        "wake", "listening", "thinking", "speaking", "wake", "listening", "asleep",
    ]  # fmt: skip


def test_what_others_ask_changes_nothing() -> None:
    assert told(events.TurnStarted(3, 0.0, "hi"), events.AudioStarted(3, 0.0), events.Failed(3, 0.0, "engine", "x")) == []


def test_what_is_said_without_being_asked_is_heard() -> None:
    assert told(events.TurnStarted(3, 0.0, ""), events.AudioStarted(3, 0.0), events.Completed(3, 0.0, "", "Hi"), speaking=True) == [
        "speaking", "asleep",
    ]  # fmt: skip


def test_a_failed_turn_is_an_error_until_the_next() -> None:
    activity = Activity(lambda: False)
    for event in (*turn(1), events.Failed(1, 0.0, "engine", "it broke on: my secret")):
        last = [(one.event, dict(one.more)) for one in activity.note(event)]
    assert last == [("error", {"code": "engine"}), ("asleep", {})] and activity.failed
    list(activity.note(events.FollowUp(2, 0.0, 1)))
    assert not activity.failed and activity.doing == "listening"


def test_a_timer_is_told_without_its_name() -> None:
    ((one,),) = [list(Activity(lambda: False).note(events.TimerChanged(0, 0.0, 4, "timer", "secret", "ringing", 1.0, 0.0)))]
    assert (one.event, one.more["id"], one.more["change"]) == ("timer", 4, "ringing") and "secret" not in str(one.more)


def test_without_a_wake_word_speech_opens_the_turn() -> None:
    seen = [event for event in turn(1) if not isinstance(event, events.WakeHeard)]
    assert told(*seen, events.Failed(1, 0.0, "engine", "broken")) == ["listening", "thinking", "speaking", "error", "asleep"]
