"""What `bench latency` counts as the first audio, and which figures have a target."""

from dataclasses import replace

import pytest

from assistant.audio.earcons import earcon
from assistant.audio.file import AudioClock
from assistant.audio.format import RATE
from assistant.bench import latency
from assistant.bench.latency_ours import ReplySink, Timed

TONE_S = len(earcon("done")) / 2 / RATE
REPLY = bytes([1, 0]) * RATE
TURN = Timed("command", 1.0, 0.4, 0, 8, 1.0, 0.5, 4, (" word",), first_clause_s=0.1, behind_tone_s=0.06, tone_s=TONE_S)
TURNS = [replace(TURN, kind=kind) for kind in latency.KINDS]


@pytest.mark.parametrize("late_s", [0.0, 0.06, 0.5])
def test_a_reply_begins_behind_the_tone_that_still_sounds(late_s: float) -> None:
    clock = AudioClock()
    sink = ReplySink(clock, [earcon("done")])
    clock.advance(1.0)
    sink.write(earcon("done"), RATE)
    assert sink.begins_s is None
    clock.advance(late_s)
    sink.write(REPLY[: RATE // 2], RATE)
    sink.write(REPLY[RATE // 2 :], RATE)
    assert sink.begins_s == pytest.approx(1.0 + max(TONE_S, late_s))


def test_the_stages_of_a_turn_make_up_its_wait() -> None:
    replay = latency.Replay({}, TURNS, {"usual": [4.0] * 4}, {"usual": {"listen": [0.8] * 4}})
    found = latency._counts(TURNS) | latency._times(replay, "")
    stages = ("listen", "think", "speak", "behind the tone")
    assert sum(found[f"ours: {stage}"].value for stage in stages) == pytest.approx(found["ours, from the end of speech"].value)
    assert found["ours: speak"].value == pytest.approx(0.4 - 0.1 - 0.06)


def test_what_is_left_to_prefill_is_judged_by_kind_of_turn() -> None:
    slow = replace(TURN, kind="document", left=25)
    found = latency._counts([*TURNS, *TURNS, slow])
    missed = [name for name, figure in found.items() if figure.ok is False]
    assert missed == ["left to prefill, document, p95"], "of nine turns and of a document's three: two are 0"
    judged = {name: figure.target for name, figure in found.items() if figure.target is not None}
    assert judged == {
        f"left to prefill, {kind}, {of}": target for kind in latency.KINDS for of, target in (("median", 8), ("p95", 24))
    }
