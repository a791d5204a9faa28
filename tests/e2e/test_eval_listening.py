"""`assistant eval listening --quick` gives its figures and its picture, and goes on from what it kept."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def listening(*more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "assistant", "eval", "listening", "--quick", "--json", *more]
    return subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=600)


def test_it_measures_draws_and_goes_on(tmp_path: Path) -> None:
    kept, drawn, painted = tmp_path / "kept", tmp_path / "listening.svg", tmp_path / "listening.png"
    first = listening("--keep", str(kept), "--plot", str(drawn), "--plot", str(painted))
    assert first.returncode in (0, 1), first.stderr
    figures = json.loads(first.stdout)["figures"]
    assert figures["wake missed, 20 dB"]["value"] <= 17 and figures["cut off, 20 dB"]["value"] <= 2
    assert figures["stops caught"]["value"] >= 50 and figures["stopped by its own voice"]["value"] == 0
    assert figures["broken off, words too many or too few"]["value"] <= 1
    assert drawn.read_text(encoding="utf-8").count("<svg") == 1 and painted.read_bytes().startswith(b"\x89PNG")
    again = listening("--keep", str(kept))
    assert json.loads(again.stdout)["figures"] == figures
    assert ": done" not in again.stderr and again.stderr.count(": kept") == len(list(kept.glob("*.json")))


def test_a_picture_of_another_kind_is_refused_before_anything_is_measured() -> None:
    done = listening("--plot", "listening.txt")
    assert done.returncode == 2 and ".png or .svg" in done.stderr and "Traceback" not in done.stderr
