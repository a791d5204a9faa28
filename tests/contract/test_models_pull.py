"""A model is in place whole or not at all: pulls, removals, crashes at every step (kill -9 in a process of its own), two at once."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from assistant.errors import ModelError, UsageError
from assistant.models import Models
from assistant.models.catalog import Catalog, Model
from assistant.models.download import DownloadFailed, Net
from assistant.models.pull import NoSpace, Way, pull
from assistant.models.store import Staged, Store
from assistant.models.unpack import ArchiveRefused
from tests.contract.models_world import CONTENT, Handler, Server, make_catalog, offer, vosk_zip

ROOT = Path(__file__).parents[2]
LLM, STT, TTS = "qwen2.5-0.5b-instruct-q4_0", "vosk-model-small-en-us-0.15", "piper-en_US-ljspeech-medium"
VOICE = "en_US-ljspeech-medium.onnx"
WAY = Way(net=Net(timeout_s=5.0))


@pytest.fixture
def catalog(server: Server, tmp_path: Path) -> Catalog:
    return make_catalog(tmp_path, server.url)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def whole_or_absent(store: Store, model: Model) -> bool:
    """Whether a model is in place; then it is right. When it is not, no engine would find it."""
    record = store.record(model.id)
    if record is not None:
        assert store.damage(record) == []
        return True
    found = Models((store.root,))
    assert found.gguf() == [] and found.vosk("en") == [] and found.piper("en") == []
    return False


def test_each_kind_is_found_by_the_engines_when_it_is_in_place(catalog: Catalog, store: Store) -> None:
    for name in (LLM, STT, TTS, "bge-small-en"):
        assert pull(catalog.models[name], catalog, store, WAY).how == "fetched"
    models = Models((store.root,))
    assert models.gguf() == [store.root / f"{LLM}.gguf"]
    assert models.vosk("en") == [store.root / STT]
    assert models.piper("en") == [store.root / VOICE]
    assert {path.name for path in (store.root / "bge-small-en").iterdir()} == {"model_quantized.onnx", "tokenizer.json"}
    assert [record.id for record in store.records()] == sorted([LLM, STT, TTS, "bge-small-en"])
    assert list(store.partial.iterdir()) == []


def test_what_is_there_is_not_fetched_again(catalog: Catalog, store: Store, server: Server) -> None:
    pull(catalog.models[TTS], catalog, store, WAY)
    server.requests.clear()
    assert pull(catalog.models[TTS], catalog, store, WAY).how == "there" and server.requests == []
    (store.root / f"{VOICE}.json").unlink()
    assert pull(catalog.models[TTS], catalog, store, WAY).how == "fetched"
    assert whole_or_absent(store, catalog.models[TTS])


def test_files_put_there_by_hand_are_taken_over_when_they_are_right(catalog: Catalog, store: Store, server: Server) -> None:
    store.root.mkdir()
    for name in (VOICE, f"{VOICE}.json"):
        (store.root / name).write_bytes(CONTENT[name])
    assert pull(catalog.models[TTS], catalog, store, WAY).how == "taken over" and server.requests == []
    assert whole_or_absent(store, catalog.models[TTS])


@pytest.mark.parametrize("name", [f"{LLM}.gguf", STT])
def test_something_else_in_its_place_is_left_alone(name: str, catalog: Catalog, store: Store) -> None:
    (store.root / name).mkdir(parents=True)
    (store.root / name / "mine").write_text("mine")
    with pytest.raises(ModelError, match="something else is there already"):
        pull(catalog.model(name), catalog, store, WAY)
    assert (store.root / name / "mine").read_text() == "mine" and store.records() == []


def test_a_voice_whose_second_file_fails_is_not_there_and_goes_on_later(catalog: Catalog, store: Store, server: Server) -> None:
    for place in ("/origin", "/mirror"):
        server.tricks[f"{place}/{VOICE}.json"] = [lambda handler, data: handler.reply(500, b"")]
    with pytest.raises(DownloadFailed, match="500"):
        pull(catalog.models[TTS], catalog, store, WAY)
    assert not whole_or_absent(store, catalog.models[TTS])
    server.requests.clear()
    pull(catalog.models[TTS], catalog, store, WAY)
    assert [path for path, _ in server.requests] == [f"/origin/{VOICE}.json"]  # the first was whole
    assert whole_or_absent(store, catalog.models[TTS])


@pytest.mark.parametrize(
    ("archive", "words"),
    [
        (vosk_zip("m").replace(b"am/final.mdl", b"am/fnnal.mdl"), "holds no Vosk model"),
        (vosk_zip("m").replace(b"m/conf/model.conf", b"../onf/model.conf"), "lead out of the folder"),
        (vosk_zip("m").replace(b"m/conf/model.conf", b"n/conf/model.conf"), "one folder is expected"),
        (b"no archive", "damaged"),
    ],
)
def test_a_hostile_or_wrong_archive_leaves_nothing(
    archive: bytes, words: str, tmp_path: Path, store: Store, server: Server
) -> None:
    content = {f"{STT}.zip": archive}
    catalog = make_catalog(tmp_path, server.url, content=content)
    offer(server, "/origin", content=content)
    with pytest.raises(ArchiveRefused, match=words):
        pull(catalog.models[STT], catalog, store, WAY)
    assert not whole_or_absent(store, catalog.models[STT])
    assert [path.suffix for path in store.partial.iterdir()] == [".part"]  # the checked download alone
    assert not (tmp_path / "onf").exists() and not (store.root / "onf").exists()


def test_licence_and_storage_are_looked_at_before_a_byte(catalog: Catalog, store: Store, server: Server) -> None:
    with pytest.raises(UsageError, match="--accept"):
        pull(catalog.models["piper-en_US-ryan-medium"], catalog, store, WAY)
    with pytest.raises(NoSpace, match="needs 64 MiB, 63 MiB are free"):
        pull(catalog.models[LLM], catalog, store, Way(free=lambda _: 63 << 20))
    assert server.requests == []


def test_a_removal_takes_its_own_files_and_no_others(catalog: Catalog, store: Store) -> None:
    for name in (TTS, STT, "bge-small-en"):
        pull(catalog.models[name], catalog, store, WAY)
    (store.root / "mine.onnx").write_bytes(b"mine")
    with store.locked(lambda: None):
        assert store.remove("nothing") == []
        assert sorted(store.remove(TTS)) == [VOICE, f"{VOICE}.json"]
        store.remove("bge-small-en")
        store.remove(STT)
    assert {path.name for path in store.root.iterdir()} == {"mine.onnx", ".lock", ".partial", ".installed"}
    assert store.records() == [] and list(store.partial.iterdir()) == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: "",
        lambda text: text.replace(f'"{VOICE}"', '"../../etc/passwd"'),
        lambda text: text.replace(f'"{VOICE}"', '"/etc/passwd"'),
    ],
    ids=["cut", "empty", "leads out", "absolute"],
)
def test_a_damaged_record_is_no_record(damage: object, catalog: Catalog, store: Store) -> None:
    pull(catalog.models[TTS], catalog, store, WAY)
    path = store.root / f".installed/{TTS}.json"
    assert json.loads(path.read_text())["primary"] == VOICE
    path.write_text(damage(path.read_text()))  # type: ignore[operator]
    assert store.record(TTS) is None and store.records() == [] and store.remove(TTS) == []
    assert pull(catalog.models[TTS], catalog, store, WAY).how == "taken over"
    assert whole_or_absent(store, catalog.models[TTS])


def test_what_a_killed_process_staged_is_deleted_by_the_next(store: Store) -> None:
    with store.locked(lambda: None):
        store.staging("a").mkdir()
    assert not list(store.partial.glob("*.new"))
    (store.partial / "b.new/deep").mkdir(parents=True)
    (store.partial / "c.part").write_bytes(b"goes on later")
    with store.locked(lambda: None):
        assert [path.name for path in store.partial.iterdir()] == ["c.part"]


def test_names_of_staged_things_do_not_meet(store: Store, tmp_path: Path) -> None:
    with store.locked(lambda: None):
        first = store.staging("a")
        first.mkdir()
        assert store.staging("a") == first and not first.exists()
        one = tmp_path / "one"
        one.write_bytes(b"1")
        assert store.install("a", [Staged(one, "a.bin")], "own") == store.root / "a.bin"
        one.write_bytes(b"2")
        with pytest.raises(ModelError, match="something else"):
            store.install("a", [Staged(one, "a.bin")], "own")
    assert (store.root / "a.bin").read_bytes() == b"1"


def command(catalog: Catalog, store: Store, *args: str, before: str = "") -> list[str]:
    """The command line in a process of its own, after some lines of Python."""
    line = ["--set", f"models={store.root}", "models", "--catalog", str(catalog.path), *args]
    return [sys.executable, "-c", f"{before}\nfrom assistant.cli import run\nraise SystemExit(run({line!r}))"]


@pytest.mark.parametrize(("how", "code"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)])
def test_an_end_in_the_middle_of_a_download_then_it_goes_on(
    how: signal.Signals, code: int, catalog: Catalog, store: Store, server: Server
) -> None:
    model = catalog.models[LLM]
    part = store.part(model.files[0].filename, model.files[0].sha256)

    def half_then_wait(handler: Handler, data: bytes) -> None:
        handler.reply(200, data[:200_000], length=len(data))
        handler.wfile.flush()
        while not part.is_file() or part.stat().st_size < 131_072:
            if handler.server.release.wait(0.01):
                return
        handler.server.reached.set()
        handler.server.release.wait()

    server.tricks[f"/origin/{LLM}.gguf"] = [half_then_wait]
    heeds = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # also when the tests run in the background
    child = subprocess.Popen(command(catalog, store, "pull", LLM, before=heeds), cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        assert server.reached.wait(60)
    finally:
        child.send_signal(how)
        assert child.wait(60) == code
    assert not whole_or_absent(store, model)
    have = part.stat().st_size
    assert have >= 131_072 and part.read_bytes() == CONTENT[f"{LLM}.gguf"][:have]
    server.requests.clear()
    assert pull(model, catalog, store, WAY).how == "fetched"
    assert server.requests == [(f"/origin/{LLM}.gguf", f"bytes={have}-")]
    assert whole_or_absent(store, model) and list(store.partial.iterdir()) == []


DIE_AT = """
import os, shutil, signal
calls = 0
def dying(real):
    def step(*args, **kwargs):
        global calls
        calls += 1
        if calls == {step}:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    return step
os.replace, os.unlink, os.rmdir = dying(os.replace), dying(os.unlink), dying(os.rmdir)
"""
MOST_STEPS = 30


@pytest.mark.parametrize("name", [TTS, STT])
def test_kill_9_at_every_step_of_a_pull_and_of_a_removal(name: str, catalog: Catalog, store: Store) -> None:
    model = catalog.models[name]
    codes: dict[str, list[int]] = {}
    for verb in ("pull", "remove"):
        for step in range(1, MOST_STEPS + 1):
            if verb == "remove":
                pull(model, catalog, store, WAY)
            dying = command(catalog, store, verb, name, before=DIE_AT.format(step=step))
            codes.setdefault(verb, []).append(subprocess.run(dying, cwd=ROOT, capture_output=True, timeout=60).returncode)
            whole_or_absent(store, model)
            if codes[verb][-1] == 0:
                break
            if verb == "pull":
                pull(model, catalog, store, WAY)  # goes on from whatever was left
                assert whole_or_absent(store, model)
            with store.locked(lambda: None):
                store.remove(name)
            assert not whole_or_absent(store, model)
            assert list(store.partial.glob("*.new")) == []
    for seen in codes.values():
        assert seen[-1] == 0 and len(seen) >= 3 and set(seen[:-1]) == {-signal.SIGKILL}, codes
    assert {path.name for path in store.root.iterdir()} <= {".lock", ".partial", ".installed"}


def test_two_at_once_take_turns(catalog: Catalog, store: Store, server: Server) -> None:
    """The second waits for the first, then finds the model there."""
    waiting = threading.Event()

    def until_another_waits(handler: Handler, data: bytes) -> None:
        handler.server.reached.set()
        assert waiting.wait(60)
        handler.ranged(data)

    server.tricks[f"/origin/{LLM}.gguf"] = [until_another_waits]
    first = subprocess.Popen(command(catalog, store, "pull", LLM), cwd=ROOT, stdout=subprocess.DEVNULL, env=os.environ)
    try:
        assert server.reached.wait(60)
        assert pull(catalog.models[LLM], catalog, store, Way(waiting=waiting.set)).how == "there"
        assert first.wait(60) == 0
    finally:
        first.kill()
        first.wait()
    assert len(server.requests) == 1
