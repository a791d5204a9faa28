"""Child processes run our own modules, wherever they are started."""

import subprocess
from pathlib import Path

import pytest

import assistant
from assistant import children

PACKAGE = Path(assistant.__file__).parent


@pytest.fixture
def strange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with files that are called like modules."""
    for name in ("json", "runpy", "assistant", "pathlib"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken from the working directory')\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_child_takes_no_module_from_the_working_directory(strange: Path) -> None:
    done = subprocess.run(children.command("assistant", "--version"), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and done.stdout.endswith(f"{assistant.__version__}\n"), done.stderr


def test_a_child_runs_what_runs_here(strange: Path) -> None:
    done = subprocess.run(
        children.command("assistant.evals.wake_phrase"), input="no JSON", capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1 and f'File "{PACKAGE / "evals/wake_phrase.py"}"' in done.stderr, done.stderr


def test_every_child_is_started_so() -> None:
    assert [str(path) for path in PACKAGE.rglob("*.py") if 'sys.executable, "-m"' in path.read_text(encoding="utf-8")] == []
