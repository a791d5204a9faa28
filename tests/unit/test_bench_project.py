"""The projection to boards: what is waited for, from counts and published figures."""

from dataclasses import replace

import pytest

from assistant.bench import project
from assistant.bench.latency_ours import Timed
from assistant.bench.latency_usual import USUAL_S

WORDS = "It is good for the trees, and it makes a fine sound while one sits inside and reads."
REPLY = tuple(word if word == "It" else f" {word}" for word in WORDS.split())
TURN = Timed("talk", 0.9, 0.2, 0, 8, 1.0, 0.5, 4, REPLY)
"""Listening ends 0.7 s behind the last sample; drafted for 0.5 s of it, in which 4 tokens of the prompt were evaluated."""
SLOW = project.Board("slow", token_s=0.1, prefill_per_s=40.0, voice=0.5, target_s=2.0)


@pytest.fixture(autouse=True)
def _one_board(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project, "BOARDS", (SLOW,))


def test_the_usual_wiring_waits_for_all_of_the_reply_and_of_its_sound() -> None:
    once, twice = (project.usual_s(SLOW, reply, 80) - USUAL_S - 2.0 for reply in (REPLY, REPLY * 2))
    assert twice == pytest.approx(2 * once) and once > len(REPLY) * 0.1
    assert project.usual_s(SLOW, REPLY, 120) - project.usual_s(SLOW, REPLY, 80) == pytest.approx(1.0)


def test_what_is_drafted_in_the_pause_is_not_waited_for() -> None:
    tokens, voice_s = project.first_clause(SLOW, REPLY)
    assert 1 < tokens <= len(REPLY) and voice_s > 0
    [wait] = project.figures([TURN]).values()
    assert wait.value == pytest.approx(0.7 + 4 / 40 + tokens * 0.1 + voice_s - 0.5)
    [early] = project.figures([replace(TURN, lead_s=10.0)]).values()
    assert early.value == pytest.approx(0.7), "no sooner than listening ends"
    [behind] = project.figures([replace(TURN, lead_s=10.0, tone_s=0.18)]).values()
    assert behind.value == pytest.approx(0.88), "nor than the tone that says so"
    assert project.figures([replace(TURN, tone_s=0.18)])["slow, projected"].value == wait.value, "made while it sounds"


def test_the_ratio_is_of_pairs() -> None:
    wait, ratio = project.figures([TURN], [100]).values()
    assert ratio.value == pytest.approx(wait.value / project.usual_s(SLOW, REPLY, 100)) and ratio.target is None
