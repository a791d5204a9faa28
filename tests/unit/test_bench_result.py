"""The result of a measurement: targets, exit code, JSON, table."""

import json

import pytest

from assistant.bench.result import Figure, Result


def result(*figures: Figure) -> Result:
    return Result("a machine", {"python": "3"}, {"llm": "m.gguf"}, {f"f{i}": figure for i, figure in enumerate(figures)})


def test_a_target_is_met_from_its_better_side() -> None:
    assert Figure(1.05, "ratio", 1.05).ok is True
    assert Figure(1.06, "ratio", 1.05).ok is False
    assert Figure(94, "%", 95, "higher").ok is False
    assert Figure(95, "%", 95, "higher").ok is True
    assert Figure(3, "ms").ok is None


def test_the_exit_code_tells_a_missed_target() -> None:
    assert result(Figure(1, "ms"), Figure(1, "ratio", 2)).exit_code == 0
    assert result(Figure(1, "ms"), Figure(3, "ratio", 2)).exit_code == 1


def test_json_is_the_documented_object() -> None:
    assert json.loads(result(Figure(3.0, "ratio", 2.0), Figure(1.0, "ms")).to_json()) == {
        "machine": "a machine",
        "versions": {"python": "3"},
        "models": {"llm": "m.gguf"},
        "figures": {
            "f0": {"value": 3.0, "unit": "ratio", "target": 2.0, "ok": False},
            "f1": {"value": 1.0, "unit": "ms", "target": None, "ok": None},
        },
    }


def test_a_figure_of_nothing_is_null_and_misses_its_target() -> None:
    found = json.loads(result(Figure(float("inf"), "s", 0.6)).to_json())["figures"]["f0"]
    assert found["value"] is None and found["ok"] is False


def test_what_is_printed_is_markdown_that_says_what_was_missed(capsys: pytest.CaptureFixture[str]) -> None:
    result(Figure(3.0, "ratio", 2.0), Figure(1.0, "ms")).print()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "a machine" and lines[-1] == "- m.gguf"
    assert [cell.strip() for line in lines if "f0" in line for cell in line.split("|")[1:-1]] == [
        "f0",
        "3",
        "ratio",
        "<= 2",
        "missed",
    ]
