"""`assistant models` as a user calls it, on a small catalogue and a server of this machine; the models that ship are tried for real."""

import errno
import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.cli import run
from scripts import make_test_voice
from tests.contract import tiny_gguf
from tests.contract.models_world import CONTENT, Server, make_catalog

ROOT = Path(__file__).parents[2]
STARTER = ROOT / "models/starter"
LLM, STT, TTS, RESEARCH = (
    "qwen2.5-0.5b-instruct-q4_0", "vosk-model-small-en-us-0.15", "piper-en_US-ljspeech-medium", "piper-en_US-ryan-medium",
)  # fmt: skip
Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def cli(server: Server, tmp_path: Path, store: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Calls `assistant models` with the small catalogue; returns the exit code, what it printed, and its error."""
    catalog = make_catalog(tmp_path, server.url)

    def call(*args: str, sets: tuple[str, ...] = ()) -> tuple[int, str, str]:
        options = [option for value in (f"models={store}", *sets) for option in ("--set", value)]
        code = run([*options, "models", "--catalog", str(catalog.path), *args])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return code, captured.out, captured.err

    return call


def placed(store: Path) -> set[str]:
    """What stands in the folder of models, but for this program's own notes."""
    return {path.relative_to(store).as_posix() for path in store.rglob("*") if path.is_file()} - {".lock"}


def states(cli: Cli) -> dict[str, str]:
    code, out, _ = cli("list", "--json")
    assert code == 0
    return {row["id"]: row["here"] for row in map(json.loads, out.splitlines())}


def test_list_pull_where_verify_remove(cli: Cli, store: Path) -> None:
    assert set(states(cli).values()) == {""} and not store.exists()
    code, out, err = cli("pull", LLM, STT, TTS)
    assert code == 0, err
    assert f"{LLM}: 0 MB; licence: Apache-2.0; commercial use: yes" in out
    assert (store / "qwen2.5-0.5b-instruct-q4_0.gguf").read_bytes() == CONTENT["qwen2.5-0.5b-instruct-q4_0.gguf"]
    assert (store / "vosk-model-small-en-us-0.15/am/final.mdl").is_file()
    assert (store / "en_US-ljspeech-medium.onnx.json").read_bytes() == CONTENT["en_US-ljspeech-medium.onnx.json"]
    assert list((store / ".partial").iterdir()) == []
    assert {name for name, state in states(cli).items() if state == "installed"} == {LLM, STT, TTS}
    code, out, _ = cli("list", "--language", "en")
    assert code == 0 and "installed" in out and "licence" in out

    for name in (LLM, f"{LLM}.gguf"):
        assert cli("where", name)[1].strip() == str(store / f"{LLM}.gguf")
    assert cli("where")[1].splitlines()[0] == str(store)
    code, out, _ = cli("verify")
    assert code == 0 and out.count(": right (") == 3

    code, out, _ = cli("pull", LLM)
    assert code == 0 and ": there, " in out
    code, out, _ = cli("remove", LLM, TTS)
    assert code == 0 and "en_US-ljspeech-medium.onnx.json" in out
    assert {path.split("/")[0] for path in placed(store)} == {"vosk-model-small-en-us-0.15", ".installed"}
    assert {name for name, state in states(cli).items() if state == "installed"} == {STT}


def test_a_terminal_shows_a_bar_for_each_file(server: Server, tmp_path: Path, store: Path) -> None:
    catalog = make_catalog(tmp_path, server.url)
    line = ["--set", f"models={store}", "models", "--catalog", str(catalog.path), "pull", TTS]
    master, slave = pty.openpty()
    environ = {**os.environ, "COLUMNS": "150", "TERM": "xterm"}
    shown = b""
    with subprocess.Popen(
        [sys.executable, "-m", "assistant", *line], cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=slave
    ) as child:
        os.close(slave)
        try:
            while True:
                shown += os.read(master, 1 << 16)
        except OSError as ended:  # how a terminal tells that nobody writes any more
            assert ended.errno == errno.EIO
        os.close(master)
        told = child.communicate(timeout=60)[0].decode()
    assert child.returncode == 0 and f"{TTS}: fetched" in told
    assert b"en_US-ljspeech-medium.onnx" in shown and b"200.0/200.0 kB" in shown and b"33/33 bytes" in shown


def test_a_damaged_model_is_named_and_comes_back(cli: Cli, store: Path) -> None:
    assert cli("pull", LLM, STT)[0] == 0
    path = store / f"{LLM}.gguf"
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    (store / "vosk-model-small-en-us-0.15/conf/model.conf").unlink()
    code, out, err = cli("verify")
    assert code == 4 and "wrong SHA-256" in out and "model.conf is missing" in out
    assert err.startswith("assistant: 2 failed: ") and len(err.splitlines()) == 1
    assert cli("verify", STT)[0] == 4
    assert cli("remove", LLM)[0] == 0
    assert cli("pull", LLM, STT)[0] == 0  # what lacks files is fetched anew without a removal
    assert cli("verify")[0] == 0


def test_non_commercial_licences_want_to_be_accepted_before_a_byte(cli: Cli, store: Path, server: Server) -> None:
    code, _, err = cli("pull", LLM, RESEARCH)
    assert code == 2 and "CC BY-NC-SA 4.0" in err and "--accept" in err
    assert server.requests == [] and not store.exists()
    code, out, _ = cli("pull", RESEARCH, "--accept")
    assert code == 0 and "licence: CC BY-NC-SA 4.0; commercial use: no" in out and "tts.accept_research_voices" in out


def test_recommended_says_why_and_is_fetched(cli: Cli, store: Path) -> None:
    code, out, _ = cli("recommend", "--language", "en")
    assert code == 0 and "This board: " in out and "GiB memory" in out
    assert all(f"  {kind}: " in out for kind in ("stt", "tts", "llm")) and "of memory left for it" in out
    code, out, err = cli("pull", "recommended", "--language", "en")
    assert code == 0, err
    assert "  llm: qwen2.5-0.5b-instruct-q4_0 (0 MB): takes about" in out
    assert states(cli)[LLM] == states(cli)[STT] == "installed"
    code, out, _ = cli("pull", "recommended", "--language", "zh")  # the small catalogue has no Chinese recogniser
    assert code == 0 and "stt: none: the recogniser that ships stays: the catalogue has none for zh" in out


def test_a_region_asks_its_mirrors_first(server: Server, tmp_path: Path, store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    local = f"http://localhost:{server.server_address[1]}/mirror"
    catalog = make_catalog(tmp_path, server.url, mirrors=(local,))
    for region, place in (("", "/origin"), ("cn", "/mirror")):
        server.requests.clear()
        folder = tmp_path / f"store{region}"
        assert (
            run(
                [
                    "--set",
                    f"models={folder}",
                    "--set",
                    f"region={region!r}",
                    "models",
                    "--catalog",
                    str(catalog.path),
                    "pull",
                    LLM,
                ]
            )
            == 0
        )
        assert [path for path, _ in server.requests] == [f"{place}/{LLM}.gguf"]
    assert capsys.readouterr().err == ""


def test_what_was_cut_off_goes_on_and_can_be_removed(cli: Cli, store: Path, server: Server) -> None:
    path = f"/origin/{LLM}.gguf"
    server.files.pop(f"/mirror/{LLM}.gguf")
    size = len(CONTENT[f"{LLM}.gguf"])
    server.tricks[path] = [lambda handler, data: handler.reply(200, data[:200_000], length=size)]
    server.tricks[path] += [lambda handler, data: handler.reply(503, b"")]
    code, _, err = cli("pull", LLM)
    assert code == 4 and "503" in err and "404" in err and "the same command goes on" in err and len(err.splitlines()) == 1
    assert states(cli)[LLM] == "" and not (store / f"{LLM}.gguf").exists()
    server.requests.clear()
    assert cli("pull", LLM)[0] == 0
    assert server.ranges(path)[0].startswith("bytes=")

    server.tricks["/origin/en_US-ljspeech-medium.onnx.json"] = [lambda handler, data: handler.reply(503, b"")]
    server.files.pop("/mirror/en_US-ljspeech-medium.onnx.json")
    assert cli("pull", TTS)[0] == 4
    assert not list(store.glob("*.onnx*"))  # no half of a voice
    code, out, _ = cli("remove", TTS)
    assert code == 0 and ".partial/" in out and list((store / ".partial").iterdir()) == []


def test_too_little_storage_holds_both_numbers(cli: Cli, store: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.models.board.shutil.disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 50 << 20))
    code, _, err = cli("pull", LLM)
    assert code == 4 and "needs 64 MiB, 50 MiB are free" in err and server.requests == []


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["pull", "nope"], 4, "no model of that name"),
        (["pull", "qwen2.5-0.5b-instruct-q4_1"], 4, "did you mean qwen2.5-0.5b-instruct-q4_0?"),
        (["pull"], 2, "NAMES"),
        (["pull", LLM, "--timeout", "0"], 2, "--timeout"),
        (["where", LLM], 4, "assistant models pull qwen2.5-0.5b-instruct-q4_0"),
        (["where", "nope"], 4, "no model of that name"),
        (["remove", "nope"], 4, "was not put into"),
        (["remove", "../x"], 4, "was not put into"),
        (["verify", "nope"], 4, "was not put into"),
        (["import", "/nowhere/x.gguf"], 4, "no such file or folder"),
        (["recommend", "--language", "de"], 2, "--language"),
        (["lst"], 2, "lst"),
    ],
)
def test_a_wrong_call_is_one_line_and_a_code(args: list[str], code: int, words: str, cli: Cli) -> None:
    got, _, err = cli(*args)
    assert got == code and words in err and len(err.strip().splitlines()) == 1, err


def test_a_folder_that_cannot_be_written_is_one_line(cli: Cli, store: Path) -> None:
    store.write_text("a file")
    code, _, err = cli("pull", LLM)
    assert code == 4 and "cannot be written" in err and len(err.splitlines()) == 1


def test_what_ships_hears_thinks_and_speaks(cli: Cli) -> None:
    code, out, err = cli("verify", "--run", "--language", "en")
    assert code == 0, err
    assert [line.split(":")[0] for line in out.splitlines()[1:]] == ["pass  stt", "pass  llm", "pass  tts"]
    assert "heard 'turn on the kitchen light'" in out


def test_exactly_the_imported_files_are_tried(cli: Cli, store: Path, tmp_path: Path) -> None:
    shutil.copytree(STARTER / "vosk-en", tmp_path / "my-vosk-en")
    shutil.copy(STARTER / "starter-llm.gguf", tmp_path / "my-llm.gguf")
    make_test_voice.write(tmp_path / "en_US-tones-test.onnx")
    assert cli("import", str(tmp_path / "en_US-tones-test.onnx"))[0] == 0
    assert cli("import", str(tmp_path / "my-vosk-en"))[0] == 0
    assert cli("import", str(tmp_path / "my-llm.gguf"))[0] == 0
    (tmp_path / "bad.gguf").write_bytes(b"GGUF" + bytes(1000))
    assert cli("import", str(tmp_path / "bad.gguf"))[0] == 0
    code, out, _ = cli("verify", "--run", "my-vosk-en", "my-llm")
    assert (
        code == 0 and out.count(": right (") == 2 and "pass  stt: vosk, my-vosk-en" in out and "pass  llm: llama, my-llm" in out
    )
    assert cli("import", str(tiny_gguf.write(tmp_path / "noise.gguf")))[0] == 0
    code, out, err = cli("verify", "--run")
    assert code == 4 and "FAIL  llm: bad.gguf" in out and "2 failed: bad, noise" in err
    assert "FAIL  llm: llama, noise.gguf" in out
    assert "pass  llm: llama, my-llm" in out and "pass  tts: " in out
