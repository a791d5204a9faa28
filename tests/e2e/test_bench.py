"""Every `assistant bench` runs and gives its figures; what they are is not judged here."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.bench import latency
from assistant.bench.latency_ours import Ours
from assistant.config import Config
from scripts import make_test_voice
from tests.e2e.pulse import PulseWorld

ROOT = Path(__file__).parent.parent.parent


def bench(name: str, environ: dict[str, str], *more: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "assistant", "bench", name, "--quick", "--json", *more]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environ}, capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, 1) and (done.returncode == 0 or "missed its target" in done.stderr), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["machine"] and found["versions"]["python"] and found["models"]
    assert all(figure["value"] >= 0 and figure["unit"] for figure in found["figures"].values())
    return {figure: entry["value"] for figure, entry in found["figures"].items()}


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("decode", "decode over bare loop"),
        ("stages", "turns_completed"),
        ("board", "read bandwidth, one thread"),
        ("latency", "sound made before the first audio"),
        ("dialogue", "evaluated while somebody waits"),
        ("tune", "decode: best"),
        ("load", "replies"),
        ("cores", "behind: tokens beside it"),
    ],
)
def test_a_bench_without_sound_cards(name: str, figure: str) -> None:
    assert bench(name, {})[figure] > 0


def test_a_reply_is_timed_from_when_it_is_heard_behind_our_own_tone() -> None:
    lines = [line for line in latency.lines(1) if line.kind == "command"][-1:]
    ours = Ours(Config.model_validate({"memory": {"enabled": False}}), lines, realtime=False)
    try:
        turn = ours.spoken(lines[0])
    finally:
        ours.close()
    assert turn.tone_s > 0.1 and turn.behind_tone_s == pytest.approx(turn.tone_s), "computing takes no time: it is made at once"
    assert turn.from_endpoint_s == pytest.approx(turn.tone_s, abs=0.04)


def test_tune_tells_what_a_voice_one_clause_ahead_would_gain(tmp_path: Path) -> None:
    make_test_voice.write(tmp_path / "en_US-tones-test.onnx")
    found = bench("tune", {"XDG_CACHE_HOME": str(tmp_path)}, "--set", f"tts.voice={tmp_path}/en_US-tones-test.onnx")
    assert found["a clause ahead, over one after the other"] > 0


def test_the_benches_on_sound_cards(tmp_path: Path) -> None:
    with PulseWorld(tmp_path) as world:
        world.play_noise()
        capture = bench("capture", world.env)
        assert min(capture["callback: tokens decoded beside it"], capture["blocking: requests served beside it"]) > 0
        assert bench("start", world.env)["memory in a turn"] > 0
