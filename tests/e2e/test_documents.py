"""Documents through the commands a person types, without a daemon and beside one."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents import pdf, write
from tests.e2e.test_memory import LIMIT_S, ROOT, Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_added_asked_listed_replaced_and_removed(home: Home, tmp_path: Path) -> None:
    files = tmp_path / "files"
    write(files)
    (files / "guide.pdf").write_bytes(pdf([["The guide."], ["The museum closes at five on Sundays."]]))
    added = home.run("documents", "add", str(files))
    assert added.returncode == 0 and added.stdout.splitlines() == [
        "added: boiler-manual.md (2 passages)",
        "added: guide.pdf (2 passages)",
        "added: 请假规定.txt (1 passage)",
    ]
    asked = home.run("documents", "ask", "what", "should", "the", "water", "pressure", "be")
    assert asked.stdout == "The pressure of the water should lie between 1.2 and 1.8 bar. (boiler-manual.md)\n"
    assert home.run("documents", "ask", "员工有几天年假").stdout == "员工每年有十五天年假。 (请假规定.txt)\n"
    page = home.run("documents", "ask", "when does the museum close on Sundays")
    assert page.stdout == "The museum closes at five on Sundays. (guide.pdf, page 2)\n"
    none = home.run("documents", "ask", "what is the capital of france")
    assert none.returncode == 1 and none.stdout == "The documents do not say that.\n"
    listed = [json.loads(line) for line in home.run("documents", "list", "--json").stdout.splitlines()]
    assert [(kept["name"], kept["passages"]) for kept in listed] == [
        ("boiler-manual.md", 2),
        ("guide.pdf", 2),
        ("请假规定.txt", 1),
    ]
    assert home.run("documents", "add", str(files / "guide.pdf")).stdout == "unchanged: guide.pdf (2 passages)\n"
    assert home.run("documents", "remove", "guide").stdout == "removed: guide.pdf\n"
    assert home.run("documents", "remove", "guide").returncode == 5
    assert len(home.run("documents", "list").stdout.splitlines()) == 2


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(home: Home, tmp_path: Path) -> None:
    files = tmp_path / "files"
    write(files)
    (files / "broken.pdf").write_bytes(b"%PDF-1.4 no more")
    added = home.run("documents", "add", str(files), str(tmp_path / "nowhere.txt"))
    assert added.returncode == 1 and added.stdout.count("added: ") == 2
    lines = [line for line in added.stderr.splitlines() if "WARNING" not in line]
    assert len(lines) == 3 and "broken.pdf" in lines[0] and "nowhere.txt" in lines[1] and "2 of 4 files" in lines[2]
    assert home.run("documents", "add", str(tmp_path / "data")).returncode == 2


def test_the_running_assistant_answers_from_what_is_added_meanwhile(home: Home, tmp_path: Path) -> None:
    files = write(tmp_path / "files")
    with home.serve():
        home.run("documents", "add", *map(str, files))
        said = home.run("chat", "what should the water pressure be?").stdout
        assert said == "The pressure of the water should lie between 1.2 and 1.8 bar. That is from the boiler manual.\n"
        home.run("chat", "forget everything")
        assert len(home.run("documents", "list").stdout.splitlines()) == 2


def test_a_document_is_summarised_a_line_for_each_part(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "long.md"
    path.write_text("\n\n".join(f"# Part {n}\n\n" + f"The machine in hall {n} makes wheels of steel. " * 12 for n in range(4)))
    home.run("documents", "add", str(path))
    done = home.run("documents", "summarize", "long")
    lines = [line for line in done.stdout.splitlines() if line.startswith("- ")]
    assert done.returncode == 0 and 2 <= len(lines) <= 40 and all(len(line) < 400 for line in lines)


def test_ctrl_c_ends_a_summary(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "long.md"
    path.write_text("\n\n".join(f"# Part {n}\n\n" + f"The machine in hall {n} makes wheels of steel. " * 30 for n in range(60)))
    home.run("documents", "add", str(path))
    command = [sys.executable, "-m", "assistant", "documents", "summarize", "long", *home._sets]
    running = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)}, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)  # fmt: skip
    assert running.stdout is not None and running.stdout.readline().startswith("- ")
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=LIMIT_S)
    assert running.returncode == 130 and "Traceback" not in said
