"""What is remembered, through the commands a person types: kept over kill -9, seen, corrected, and gone when forgotten."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant.servers.control_client import ControlClient
from tests.e2e.pulse import wait_until

ROOT = Path(__file__).parent.parent.parent
LIMIT_S = 60.0


class Home:
    """A user's folders."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self._environ = os.environ | {"XDG_RUNTIME_DIR": str(folder)}
        self.socket = folder / "edge-assistant/control.sock"
        self._sets = ["--set", "llm.temperature=0", "--set", f"memory.folder={self.data}"]

    def run(self, *args: str, given: str = "", keep: bool = True) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "assistant", *args, *self._sets, "--set", f"memory.keep={str(keep).lower()}"]
        return subprocess.run(
            command, cwd=ROOT, env=self._environ, input=given, capture_output=True, text=True, timeout=LIMIT_S, check=False
        )

    @contextmanager
    def serve(self, end: int = signal.SIGKILL) -> Iterator[None]:
        """The daemon, killed without a word at the end, or ended by another signal."""
        command = [sys.executable, "-m", "assistant", "serve", *self._sets, "--set", "memory.keep=true"]
        daemon = subprocess.Popen(command, cwd=ROOT, env=self._environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(self.socket.exists, "the socket", LIMIT_S)
            yield
        finally:
            daemon.send_signal(end)
            daemon.wait(LIMIT_S)
            self.socket.unlink(missing_ok=True)

    def slots(self) -> dict[str, str]:
        lines = self.run("memory", "list", "--json").stdout.splitlines()
        return {kept["name"]: kept["value"] for kept in map(json.loads, lines)}

    def on_disk(self, value: str) -> list[str]:
        """Files in which a value stands."""
        files = [path for path in self.data.rglob("*") if path.is_file()]
        return [path.name for path in files if value.lower().encode() in path.read_bytes().lower()]

    def turns(self, *said: str) -> list[dict[str, Any]]:
        """What `chat --json`'s last event tells of each turn."""
        client = ControlClient.connect(str(self.socket))
        assert client is not None
        with client:
            return [list(client.ask(do="chat", text=text, conversation="kitchen"))[-2] for text in said]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_a_name_told_to_one_process_is_known_to_the_next_until_it_is_forgotten(home: Home) -> None:
    with home.serve():
        home.run("chat", "my", "name", "is", "anna")
        assert home.slots() == {"name": "Anna"}
    with home.serve():
        home.run("chat", "the wallaby sleeps in the shed")
        assert home.on_disk("wallaby")
        assert home.run("chat", "--clear", "hello").returncode == 0
        assert len(home.on_disk("wallaby")) == 1  # the statement is remembered, the talk is not
        assert home.run("memory", "forget", "wallaby").returncode == 0 and home.on_disk("wallaby") == []
        assert "Anna" in home.run("chat", "what is my name").stdout
        assert "Your name is Anna." in home.run("chat", "what do you know about me").stdout
        home.run("memory", "set", "city", "Oslo")
        assert home.slots() == {"name": "Anna", "city": "Oslo"} and home.on_disk("anna")
        assert home.run("chat", "forget my name").stdout == "I have forgotten that.\n"
        assert home.slots() == {"city": "Oslo"} and home.on_disk("anna") == []
        assert "Anna" not in home.run("chat", "what is my name").stdout


def test_the_file_is_seen_and_emptied_without_a_daemon(home: Home) -> None:
    home.run("memory", "set", "name", "Anna")
    home.run("chat", given="my favourite colour is green\n")
    listed = home.run("memory", "list").stdout.splitlines()
    assert [line.split("  ")[1] for line in listed] == ["name = Anna", "favourite colour = green"]
    assert home.run("memory", "forget", "GREEN").stdout == "Forgotten: favourite colour.\n"
    assert home.run("memory", "forget", "nothing").returncode == 1
    assert home.run("memory", "erase").returncode == 2
    assert home.run("memory", "erase", "--yes").stdout == "Forgotten: 1 facts.\n"
    assert home.slots() == {} and home.on_disk("anna") == []


def test_two_processes_do_not_share_the_file(home: Home) -> None:
    with home.serve():
        second = home.run("chat", "hello", "--set", "control.socket=/nowhere/at.all")
    assert second.returncode == 5 and "another assistant has this memory open" in second.stderr
    assert len(second.stderr.strip().splitlines()) == 1


def test_what_is_not_to_be_kept_is_on_no_disk(home: Home) -> None:
    said = home.run("chat", given="my name is anna\nwhat is my name\n", keep=False).stdout
    assert "Anna" in said.splitlines()[1]
    assert not home.data.exists()
    none = home.run("memory", "list", keep=False)
    assert none.returncode == 2 and "memory.keep is false" in none.stderr


def test_a_talk_goes_on_after_a_restart_and_computes_only_what_is_new(home: Home) -> None:
    with home.serve(end=signal.SIGTERM):
        home.turns("my name is anna", "how are you today", "tell me a joke", "thank you")
    assert [path.name for path in (home.data / "kv").iterdir()]
    with home.serve(end=signal.SIGTERM):
        (done,) = home.turns("what is my name")
        assert "Anna" in done["assistant"]
        assert done["prompt_tokens"] > 100 and done["prompt_tokens_evaluated"] < 25
        assert home.run("chat", "forget my name").returncode == 0
        assert home.on_disk("anna") == [] and not list((home.data / "kv").iterdir())
    assert home.on_disk("anna") == []


def test_what_is_remembered_is_shown_written_out_and_compacted(home: Home, tmp_path: Path) -> None:
    with home.serve():
        home.turns("my name is anna", "no my name is eva", "the ladder is in the shed")
        shown = home.run("memory", "show", "name").stdout.splitlines()
        assert shown[0] == "name = Eva" and shown[1].endswith("in turn 2") and shown[2] == "before: Anna"
        assert home.run("memory", "show", "nothing").returncode == 1
        assert home.run("memory", "compact").returncode == 0
        out = tmp_path / "all.json"
        home.run("memory", "export", str(out))
        assert out.stat().st_mode & 0o777 == 0o600
    found = json.loads(out.read_text())
    assert [fact["value"] for fact in found["facts"]] == ["Eva"]
    assert [told["value"] for told in found["statements"]] == ["the ladder is in the shed"]
    assert "the ladder is in the shed" in [turn["user"] for turn in found["talks"]["kitchen"]["turns"]]
    again = json.loads(home.run("memory", "export").stdout)
    assert again["facts"] == found["facts"]
    assert home.run("memory", "compact").returncode == 0
    nowhere = home.run("memory", "export", "/nowhere/at/all.json")
    assert nowhere.returncode == 2 and "cannot be written" in nowhere.stderr
