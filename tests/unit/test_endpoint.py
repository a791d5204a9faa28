"""When an utterance ends: voice activity, words that stand still, and what the words are, together."""

from collections.abc import Sequence

from assistant.audio.format import FRAME_S
from assistant.listen.endpoint import Endpoint, Silences
from assistant.protocols import Completeness

SILENCES = Silences(whole=0.3, unknown=0.7, open=1.5)
JUDGED: dict[str, Completeness] = {"lights on": "whole", "set a timer for": "open", "lights on please": "unknown"}


def end(spoken: Sequence[str], lag_frames: int = 0, asked: list[str] | None = None) -> tuple[str | None, float]:
    """Why and how long after the last word the utterance ends; each text is 8 frames, "" silence; words come `lag_frames` late."""
    endpoint = Endpoint(0.5, SILENCES, no_speech_s=3.0, max_s=20.0)
    said: list[str] = []
    words = [""] * lag_frames
    since = 0.0

    def judge(text: str) -> Completeness:
        if asked is not None:
            asked.append(text)
        return JUDGED.get(text, "unknown")

    for text in [*spoken, *[""] * 20]:
        for _ in range(8):
            if text and (not said or said[-1] != text):
                said.append(text)
            words.append(" ".join(said))
            since = 0.0 if text else since + FRAME_S
            reason = endpoint.feed(0.9 if text else 0.1)
            if reason is not None:
                return reason, round(since, 2)
            endpoint.words(words[len(words) - 1 - lag_frames], judge)
    return None, since


def test_a_whole_command_ends_after_a_short_silence() -> None:
    reason, waited = end(["lights", "on"])
    assert reason == "whole" and 0.29 < waited < 0.36


def test_words_that_wait_for_more_get_time_and_talk_the_usual_silence() -> None:
    assert 1.49 < end(["set", "a", "timer", "for"])[1] < 1.56
    assert 0.69 < end(["good", "morning"])[1] < 0.76


def test_words_that_come_late_are_judged_when_they_stand_still() -> None:
    reason, waited = end(["lights", "on"], lag_frames=6)
    assert reason == "whole" and 0.29 < waited < 0.48


def test_going_on_after_a_pause_takes_the_judgement_back() -> None:
    asked: list[str] = []
    reason, waited = end(["lights", "on", "please"], asked=asked)
    assert (reason, asked) == ("silence", ["lights on please"]) and waited > 0.69


def test_it_is_asked_once_at_a_pause() -> None:
    asked: list[str] = []
    end(["good", "morning"], asked=asked)
    assert asked == ["good morning"]
