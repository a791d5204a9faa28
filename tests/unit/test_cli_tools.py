"""`assistant tools` and `--profile` on the command line."""

import json
from pathlib import Path

import pytest

from assistant.cli import run

TOOL = 'from assistant.tools import tool\n\n@tool(words={"en": ("feed",)})\ndef feed(animal: str) -> None:\n    """Feed an animal."""\n'


def test_tools_are_listed_with_what_they_ask_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.py").write_text(TOOL)
    sets = ["--set", f"tools.files=[{tmp_path / 'mine.py'}]"]
    assert run(["tools", *sets]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].startswith("feed(animal)  Feed an animal  [changes, asks first]") and len(lines) == 3
    assert run(["tools", "--json", *sets]) == 0
    rows = json.loads(capsys.readouterr().out)["tools"]
    assert [row["name"] for row in rows] == ["set_timers", "list_entries", "feed"]
    assert rows[-1]["effect"] == "changes" and rows[-1]["words"] == {"en": ["feed"]}


def test_a_bad_tool_is_one_line_and_an_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.py").write_text("import nothing_of_that_name")
    assert run(["tools", "--set", f"tools.files=[{tmp_path / 'mine.py'}]"]) == 2
    error = capsys.readouterr().err.strip()
    assert error.startswith("assistant: tools.files: ") and "mine.py" in error and "\n" not in error


@pytest.mark.parametrize("args", [["--profile", "kiosk", "config", "show"], ["config", "show", "--profile", "kiosk"]])
def test_a_profile_may_stand_before_and_behind_the_command(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(args) == 0
    assert "room: true" in capsys.readouterr().out
    assert run([*args, "--set", "visitors.room=false"]) == 0
    assert "room: false" in capsys.readouterr().out


def test_an_unknown_profile_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--profile", "nope", "config", "check"]) == 2
    assert "there is no profile 'nope'; there are home, kiosk, shopfloor" in capsys.readouterr().err
