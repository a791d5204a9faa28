"""Made-up sound: levels, rooms and noise are what they say; pieces are kept under all that they depend on."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.audio.format import RATE
from assistant.bench.chart import Chart, draw
from assistant.bench.result import p95
from assistant.cancel import CancelToken
from assistant.engines.fakes import FakeVoice
from assistant.errors import UsageError
from assistant.evals.callers import SPEECH_RMS, Caller, callers, in_room, level, music, noise, quiet, response, television
from assistant.evals.house_in_room import LINES, SaidBefore
from assistant.evals.listening_wake import scene
from assistant.evals.pieces import Pieces


def test_a_caller_speaks_at_one_loudness_without_silence_around() -> None:
    for caller in callers("en")[::4]:
        said = caller.say("turn on the kitchen light")
        assert level(said) == pytest.approx(SPEECH_RMS, rel=0.01)
        assert np.abs(said[:40]).max() > 0 and 1.0 < len(said) / RATE < 3.0


def test_a_broken_festival_is_no_voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "english/kal_diphone").mkdir(parents=True)
    monkeypatch.setattr("assistant.evals.callers._FESTIVAL_VOICES", tmp_path)
    for name in ("festival", "text2wave"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        (tmp_path / name).chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    names = [caller.name for caller in callers("en")]
    assert names and not any(name.startswith("festival") for name in names)


def test_a_room_lets_the_direct_sound_through_and_adds_its_tail() -> None:
    room = response(np.random.default_rng(1), 0.4, -6.0)
    heard = in_room(np.concatenate([[1000.0], quiet(0.1)]), room)
    assert heard[0] == pytest.approx(1000, rel=0.01)
    tail = float((heard[1:] ** 2).sum() / heard[0] ** 2)
    assert 10 * np.log10(tail) == pytest.approx(-6.0, abs=0.5)


def test_a_scene_has_the_noise_that_was_asked_for() -> None:
    before = scene(np.random.default_rng(2), quiet(1.0), 10.0, 1.0, 1.0)
    assert 20 * np.log10(SPEECH_RMS / level(before)) == pytest.approx(10.0, abs=0.1)


def test_the_same_seed_makes_the_same_sound() -> None:
    voices = [caller for caller in callers("en") if caller.name.startswith("flite")]
    makes: list[Callable[[Any], Any]] = [
        lambda rng: noise(rng, 2, 100),
        lambda rng: music(rng, 2),
        lambda rng: television(rng, voices, 4, "en"),
    ]
    for make in makes:
        assert np.array_equal(make(np.random.default_rng(3)), make(np.random.default_rng(3)))
        assert not np.array_equal(make(np.random.default_rng(3)), make(np.random.default_rng(4)))


def test_a_television_says_the_lines_it_is_given() -> None:
    heard: list[str] = []

    def say(text: str) -> Any:
        heard.append(text)
        return np.ones(RATE, "f4")

    sound = television(np.random.default_rng(1), [Caller("one", say)], 30, "en", lines=("good evening", "and now the weather"))
    assert len(sound) == 30 * RATE and set(heard) == {"good evening", "and now the weather"}


def test_what_a_voice_said_before_is_not_made_again() -> None:
    voice = FakeVoice()
    kept = SaidBefore(voice)
    first = [chunk.pcm for chunk in kept.synthesize("said once for this test", CancelToken())]
    again = [chunk.pcm for chunk in SaidBefore(voice).synthesize("said once for this test", CancelToken())]
    assert first == again and len(first) == 3 and voice.spoken == ["said once for this test"]
    slow = [chunk.pcm for chunk in kept.synthesize("said once for this test", CancelToken(), 2.0)]
    assert sum(map(len, slow)) == 2 * sum(map(len, first)) and voice.slowly == [1.0, 2.0], "more slowly it is another sound"
    del voice.spoken[1:]
    for number in range(LINES):
        list(kept.synthesize(f"line {number}", CancelToken()))
    list(kept.synthesize("said once for this test", CancelToken()))
    assert voice.spoken.count("said once for this test") == 2, "the first goes when it is full"


def test_a_piece_is_measured_once(tmp_path: Path) -> None:
    told: list[str] = []
    for about, expected in (("a", 1), ("a", 1), ("b", 2)):
        pieces = Pieces(tmp_path, about, told.append)
        assert pieces.get("one", lambda expected=expected: {"n": expected}) == {"n": expected}  # type: ignore[misc]
    assert told == ["one: done", "one: kept", "one: done"]


def test_p95_is_a_value_that_was_measured() -> None:
    assert p95(list(range(1, 101))) == 95 and p95([3.0]) == 3.0 and p95([]) == float("inf")


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_chart_is_drawn(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"chart.{kind}"
    draw([Chart("Waits", "s", {"ours": {"median": 1.0, "p95": 2.0}, "usual": {"median": 9.0}}, 1.5)], path)
    assert path.stat().st_size > 1000


def test_a_chart_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no chart"):
        draw([], tmp_path / "chart.png")
