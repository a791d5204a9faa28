"""`assistant eval intents`: both layouts of the folder, what is counted, and folders that are none."""

import json
from pathlib import Path

import pytest
import yaml

from assistant.cli import run
from assistant.config import Config, parse_section
from assistant.errors import UsageError
from assistant.evals.intents import measure
from assistant.settings_home import Home

FOLDER = Path(__file__).parent.parent / "intents"


def test_our_own_sentences_are_all_understood() -> None:
    result = measure(Config(), False, FOLDER)
    assert [row for row in result.rows if not row["ok"]] == []
    languages = {row["language"] for row in result.rows}
    assert languages == {"en", "zh"} and len(result.rows) > 45
    assert result.figures["of intents that nothing carries out, not asked"].value == 1
    assert result.figures["en HassStartTimer (by the skill timers)"].value == 1


def test_one_language_of_it() -> None:
    assert {row["language"] for row in measure(Config(), True, FOLDER / "zh-cn").rows} == {"zh"}


def test_what_is_not_understood_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = tmp_path / "en" / "HassTurnOn"
    there.mkdir(parents=True)
    (there / "name_only.yaml").write_text(
        "language: en\nentities: [{name: Lamp, domain: light}]\n"
        "tests:\n- {sentences: [turn on the lamp], slots: {name: Bulb}}\n- {sentences: [turn on the lamp], slots: {name: Lamp}}\n"
    )
    assert run(["eval", "intents", str(tmp_path), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["figures"]["en HassTurnOn"] == {"value": 0.5, "unit": "of 2 sentences", "target": 1.0, "ok": False}
    assert told["rows"][0] == {
        "language": "en", "intent": "HassTurnOn", "sentence": "turn on the lamp", "file": "en/HassTurnOn/name_only.yaml",
        "matched": "HassTurnOn", "slots": {"name": "lamp"}, "expected": {"name": "Bulb"}, "ok": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("light_HassTurnOn.yaml", "tests: [", "cannot be read as YAML"),
        ("light_HassTurnOn.yaml", "- a", "must hold keys"),
        ("light_HassTurnOn.yaml", "language: tlh\ntests: [{sentences: [a]}]", "its language 'tlh' is none of"),
        ("light_HassTurnOn.yaml", "language: en\ntests: [{sentences: turn it on}]", "must hold a list of sentences"),
        ("readme.txt", "", "holds no tests"),
    ],
)
def test_files_that_are_no_tests(tmp_path: Path, name: str, text: str, wrong: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match=wrong):
        measure(Config(), False, tmp_path)


@pytest.mark.parametrize(("args", "wrong"), [(["intents"], "give it a folder of tests"), (["memory", "."], "it takes no folder")])
def test_the_folder_belongs_to_intents_alone(args: list[str], wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["eval", *args]) == 2
    assert wrong in capsys.readouterr().err


def test_the_commands_and_the_configuration_of_the_page_are_right(capsys: pytest.CaptureFixture[str]) -> None:
    page = (FOLDER.parent.parent / "docs/home.md").read_text()
    commands = [line.strip().removeprefix(".venv/bin/assistant ") for line in page.splitlines() if line.startswith("    .venv")]
    assert commands and all(run(command.split()) == 0 for command in commands)
    capsys.readouterr()
    section = yaml.safe_load(page.split("```yaml")[1].split("```")[0])["home"]
    assert parse_section(Home, section).entities["lock.front"].tier == "pin"
