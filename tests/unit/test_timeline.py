"""The picture of a conversation."""

from assistant import events
from assistant.cli.timeline import WIDTH, Timeline


def test_each_turn_is_a_row_on_one_scale() -> None:
    timeline = Timeline()
    for event in (
        events.WakeHeard(1, 0.0, "okay_nabu", "en"),
        events.Transcript(1, 25.0, "hello", "silence"),
        events.AudioStarted(1, 25.0),
        events.WakeHeard(2, 50.0, "okay_nabu", "en"),
        events.Cancelled(1, 50.0, "wake"),
        events.Transcript(2, 75.0, "thank you", "silence"),
        events.AudioStarted(2, 80.0),
        events.Completed(2, 100.0, "thank you", "You are welcome."),
    ):
        timeline.add(event)
    first, second, scale = timeline.lines()
    assert first == "   1 " + "█" * 25 + "▒" * 25 + "×"
    assert second == "   2 " + " " * 50 + "█" * 26 + " " * 4 + "▒" * 20
    assert scale.startswith("     0 s") and scale.endswith("100 s") and len(scale) <= WIDTH + 6


def test_a_turn_that_never_spoke_ends_where_it_ended() -> None:
    timeline = Timeline()
    timeline.add(events.WakeHeard(1, 3.0, "okay_nabu", "en"))
    timeline.add(events.Cancelled(1, 5.0, "no_speech"))
    assert timeline.lines()[0] == "   1 " + "█" * 99 + "×"


def test_nothing_gives_nothing() -> None:
    assert Timeline().lines() == []
