"""The READMEs: every command in them is run, or is run elsewhere and named here."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
READMES = ("README.md", "README.zh-CN.md")

ELSEWHERE = {
    "git clone": "what CI does before anything runs",
    "scripts/demo": "scripts/test runs it, with and without the network",
    "scripts/test": "this run",
    ".venv/bin/assistant run": "tests/e2e/test_daemon.py, on sound cards",
    ".venv/bin/assistant serve --set api.enabled=true": "tests/e2e/test_openai.py",
    ".venv/bin/assistant serve --set web.enabled=true": "tests/browser, in Chromium",
    ".venv/bin/assistant open": "the same",
    ".venv/bin/assistant alarms list": "tests/e2e/test_alarms.py, on sound cards",
    ".venv/bin/assistant alarms cancel --all": "the same",
    "curl http://127.0.0.1:8180/v1/chat/completions": "tests/e2e/test_openai.py asks the same",
    ".venv/bin/assistant devices --test": "tests/e2e/test_devices_check.py, on sound cards",
    **dict.fromkeys([f".venv/bin/assistant {word}" for word in ("status", "listen", "stop", "mute")], "tests/e2e/test_daemon.py"),
    ".venv/bin/assistant models pull recommended --language zh --set region=cn": "the same",
    ".venv/bin/assistant models pull recommended": "tests/contract/test_models_cli.py, from a local server",
    "export PIP_INDEX_URL": "pip's own setting; tests/unit/test_setup.py checks that nothing overrides it",
}


def commands(readme: str) -> list[str]:
    """The indented lines of a README: each is a command."""
    return [line.strip() for line in (ROOT / readme).read_text().splitlines() if re.match(r"    \S", line)]


def test_both_readmes_open_with_the_same_two_commands() -> None:
    first = [[command for command in commands(readme) if command.startswith("scripts/")][:2] for readme in READMES]
    assert first == [["scripts/demo", "scripts/test"]] * 2


@pytest.mark.parametrize("readme", READMES)
def test_every_command_of_a_readme_works(readme: str, tmp_path: Path) -> None:
    """In a copy of what a clone has, in their order, as they stand there."""
    clone = tmp_path / "clone"
    clone.mkdir()
    for name in ("assistant", "models", "config.yaml", "pyproject.toml", "scripts"):
        (clone / name).symlink_to(ROOT / name)
    (clone / ".venv").symlink_to(Path(sys.prefix))
    environ = os.environ | {"XDG_DATA_HOME": str(tmp_path / "data")}
    ran = 0
    for command in commands(readme):
        exact = next(
            (
                key
                for key in ELSEWHERE
                if command == key or (key.startswith(("git", "export", "curl")) and command.startswith(key))
            ),
            None,
        )
        if exact is not None:
            continue
        done = subprocess.run(shlex.split(command), cwd=clone, env=environ, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        ran += 1
    assert ran >= 1
    shutil.rmtree(clone)


@pytest.mark.parametrize("readme", READMES)
def test_every_link_of_a_readme_leads_somewhere(readme: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", (ROOT / readme).read_text()):
        assert (ROOT / target).exists(), target


def test_every_command_says_help() -> None:
    from assistant.cli import _COMMANDS

    for command in _COMMANDS:
        done = subprocess.run(
            [sys.executable, "-m", "assistant", command, "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0 and "Usage" in done.stdout, command
