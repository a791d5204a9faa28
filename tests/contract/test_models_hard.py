"""Hard cases of getting models: a full disk, unreadable stores, removal that is killed, headers that claim gigabytes."""

import errno
import gzip
import io
import os
import signal
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.cli import run
from assistant.errors import AssistantError, ModelError
from assistant.models import Models, imports, unpack
from assistant.models import store as store_room
from assistant.models.download import Net, fetch
from assistant.models.imports import import_models
from assistant.models.pull import Way, pull
from assistant.models.store import Store
from tests.contract.models_world import CONTENT, Handler, Server, make_catalog, offer, serving, vosk_zip

NET = Net(timeout_s=0.5)
VOICE, VOSK, LLM = "piper-en_US-ljspeech-medium", "vosk-model-small-en-us-0.15", "qwen2.5-0.5b-instruct-q4_0"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as running:
        offer(running, "/origin", "/mirror")
        yield running


def way() -> Way:
    return Way(net=NET, free=lambda folder: 1 << 40)


def test_a_place_without_ranges_that_cuts_costs_nothing_of_what_is_there(server: Server, tmp_path: Path) -> None:
    """Most of a large file is here; a mirror that begins at its start and is cut early must not take it away."""
    file = make_catalog(tmp_path, server.url).model(LLM).files[0]
    data = CONTENT[file.filename]
    part = tmp_path / "x.part"
    part.write_bytes(data[:250_000])

    def from_the_start_and_cut(handler: Handler, whole: bytes) -> None:
        handler.reply(200, whole[:100_000], length=len(whole))

    server.tricks[f"/origin/{file.filename}"] = [from_the_start_and_cut]
    fetch(file, [file.url, *file.mirrors], part, NET, lambda have: None)
    assert part.read_bytes() == data
    assert server.ranges(f"/mirror/{file.filename}") == ["bytes=250000-"]


def tar_with_header(kind: bytes, claimed: int) -> bytes:
    head = tarfile.TarInfo("m/a")
    head.type, head.size = kind, claimed
    return gzip.compress(head.tobuf(tarfile.GNU_FORMAT) + bytes(2 << 20), 1)


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK])
def test_a_tar_header_that_claims_gigabytes_is_not_read(kind: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.tar.gz"
    path.write_bytes(tar_with_header(kind, 32 << 20))
    with pytest.raises(unpack.ArchiveRefused, match="claims"):
        unpack.unpack(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_headers_in_headers_end(tmp_path: Path) -> None:
    head = tarfile.TarInfo("m/a")
    head.type, head.size = tarfile.XHDTYPE, 0
    path = tmp_path / "m.tar"
    path.write_bytes(head.tobuf(tarfile.GNU_FORMAT) * 5000 + bytes(1024))
    with pytest.raises(unpack.ArchiveRefused):
        unpack.unpack(path, tmp_path / "out")


def test_a_full_disk_while_unpacking_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "m.zip"
    path.write_bytes(vosk_zip("m"))

    def full(self: Path, *args: object, **kw: object) -> None:
        if self.name == "am":
            raise OSError(errno.ENOSPC, "No space left on device")
        real(self, *args, **kw)  # type: ignore[arg-type]

    real = Path.mkdir
    monkeypatch.setattr(Path, "mkdir", full)
    with pytest.raises(ModelError, match="No space left"):
        unpack.unpack(path, tmp_path / "out")


def test_a_full_disk_while_installing_is_one_line_and_leaves_no_model(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog, store = make_catalog(tmp_path, server.url), Store(tmp_path / "models")

    def full(path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(store_room, "_sync", full)
        with pytest.raises(ModelError, match="No space left"):
            pull(catalog.model(VOICE), catalog, store, way())
    assert store.records() == [] and not (tmp_path / "models/en_US-ljspeech-medium.onnx").exists()
    assert pull(catalog.model(VOICE), catalog, store, way()).how == "fetched"


@pytest.mark.parametrize("name", [VOICE, VOSK, LLM])
def test_a_removal_that_is_killed_at_any_step_can_be_repeated(
    name: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    catalog, store = make_catalog(tmp_path, server.url), Store(tmp_path / "models")
    real_unlink, real_replace = Path.unlink, Path.replace
    step = 0
    while True:
        pull(catalog.model(name), catalog, store, way())
        left = step

        def die(left_: list[int] = [left]) -> None:  # noqa: B006
            if not left_[0]:
                raise Killed
            left_[0] -= 1

        def unlink(self: Path, missing_ok: bool = False) -> None:
            die()
            real_unlink(self, missing_ok)

        def replace(self: Path, target: Path) -> Path:
            die()
            return real_replace(self, target)

        killed = False
        with monkeypatch.context() as patch:
            patch.setattr(Path, "unlink", unlink)
            patch.setattr(Path, "replace", replace)
            try:
                with store.locked(lambda: None):
                    store.remove(name)
            except Killed:
                killed = True
        if not killed:
            break
        with store.locked(lambda: None):
            store.remove(name)
        assert visible(store.root) == [], f"killed at step {step}"
        step += 1
    assert step >= 2 and visible(store.root) == []


def visible(root: Path) -> list[str]:
    """Everything in the folder of models but the lock and empty folders of its own."""
    return sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file() and p.name != ".lock")


def test_an_import_that_fails_twice_under_one_name_is_two_lines(server: Server, tmp_path: Path) -> None:
    place = tmp_path / "stick"
    for sub in ("a", "b"):
        (place / sub).mkdir(parents=True)
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz") as tar:
            for inner in ("x/f", "y/f"):
                tar.addfile(tarfile.TarInfo(inner))
        (place / sub / "m.tar.gz").write_bytes(out.getvalue())
    catalog, store = make_catalog(tmp_path, server.url), Store(tmp_path / "models")
    outcomes = import_models(place, catalog, store, way(), only="m.tar")
    assert [outcome.path for outcome in outcomes] == [None, None]
    assert all("side by side" in outcome.why for outcome in outcomes)
    assert visible(store.root) == []


def test_what_may_not_be_read_is_one_line(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "store"
    place.mkdir()
    (place / "m.gguf").write_bytes(CONTENT["qwen2.5-0.5b-instruct-q4_0.gguf"])

    def denied(path: Path) -> str:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(imports, "sha256_of", denied)
    with pytest.raises(AssistantError, match="Permission denied"):
        import_models(place, make_catalog(tmp_path, server.url), Store(tmp_path / "models"), way())


def test_a_damaged_model_is_imported_again(server: Server, tmp_path: Path) -> None:
    catalog, store = make_catalog(tmp_path, server.url), Store(tmp_path / "models")
    name = "qwen2.5-0.5b-instruct-q4_0.gguf"
    (tmp_path / name).write_bytes(CONTENT[name])
    import_models(tmp_path / name, catalog, store, way())
    with (store.root / name).open("ab") as file:
        file.truncate(1000)
    [outcome] = import_models(tmp_path / name, catalog, store, way())
    assert outcome.path is not None and outcome.path.read_bytes() == CONTENT[name]


def test_nothing_is_left_in_staging(server: Server, tmp_path: Path) -> None:
    catalog, store = make_catalog(tmp_path, server.url), Store(tmp_path / "models")
    for name in (VOICE, VOSK, LLM):
        pull(catalog.model(name), catalog, store, way())
    assert os.listdir(store.partial) == []  # noqa: PTH208


def test_a_file_that_cannot_be_read_is_damage(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog, store = make_catalog(tmp_path, server.url), Store(tmp_path / "models")
    pull(catalog.model(LLM), catalog, store, way())

    def broken(path: Path) -> str:
        raise OSError(errno.EIO, "Input/output error", str(path))

    monkeypatch.setattr(store_room, "sha256_of", broken)
    assert "Input/output error" in store.damage(store.find(LLM))[0]


PULL = """
import os, signal, sys
from pathlib import Path
from assistant.models.catalog import load_catalog
from assistant.models.pull import Way, pull
from assistant.models.store import Store

catalog, store = load_catalog(Path(sys.argv[1])), Store(Path(sys.argv[2]))
left = int(sys.argv[4])
real = Path.replace

def replace(self, target):
    global left
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return real(self, target)

Path.replace = replace
print("begin", flush=True)
pull(catalog.model(sys.argv[3]), catalog, store, Way(watch=lambda file, have: print(have, flush=True)))
"""


def pulling(catalog: Path, root: Path, name: str, moves: int = 1000) -> "subprocess.Popen[str]":
    """A pull in a process of its own that kills itself before its move number `moves`."""
    return subprocess.Popen(
        [sys.executable, "-c", PULL, str(catalog), str(root), name, str(moves)], stdout=subprocess.PIPE, text=True
    )


def test_killed_in_the_midst_of_a_download_it_goes_on_from_there(server: Server, tmp_path: Path) -> None:
    catalog, store = make_catalog(tmp_path, server.url), Store(tmp_path / "models")
    file = catalog.model(LLM).files[0]

    def half(handler: Handler, data: bytes) -> None:
        handler.reply(200, data[: 2 << 16], length=len(data))
        handler.wfile.flush()
        handler.server.release.wait()

    server.tricks[f"/origin/{file.filename}"] = [half]
    with pulling(catalog.path, store.root, LLM) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == str(2 << 16):
                break
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert store.records() == [] and Models((store.root,)).gguf() == []
    server.release.set()
    have = store.part(file.filename, file.sha256).stat().st_size  # what Python had not yet given to the system is lost
    server.requests.clear()
    path = pull(catalog.model(LLM), catalog, store, way()).path
    assert path.read_bytes() == CONTENT[file.filename]
    assert have > 0 and server.ranges(f"/origin/{file.filename}") == [f"bytes={have}-"]
    assert visible(store.root) == [f".installed/{LLM}.json", file.filename]


@pytest.mark.parametrize(("name", "moves"), [(VOICE, 3), (VOSK, 2), (LLM, 2)])
def test_killed_before_any_move_the_model_is_whole_or_not_there(name: str, moves: int, server: Server, tmp_path: Path) -> None:
    catalog = make_catalog(tmp_path, server.url)
    for step in range(moves + 1):
        store = Store(tmp_path / f"models{step}")
        with pulling(catalog.path, store.root, name, step) as process:
            process.communicate(timeout=60)
        assert process.returncode == (0 if step == moves else -signal.SIGKILL)
        models = Models((store.root,))
        seen = [*models.gguf(), *models.piper("en"), *models.vosk("en")]
        assert (len(seen), len(store.records())) == ((1, 1) if step == moves else (0, 0)), f"killed before move {step}"
        assert pull(catalog.model(name), catalog, store, way()).how == ("there" if step == moves else "fetched")
        assert store.damage(store.find(name)) == [] and os.listdir(store.partial) == []  # noqa: PTH208


def test_a_damaged_model_is_not_given_to_an_engine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A native library may crash on it, and `auto` would take it as the largest."""
    at = ["--set", f"models={tmp_path / 'models'}", "models"]
    starter = Path(__file__).parents[2] / "models/starter/starter-llm.gguf"
    assert run([*at, "import", str(starter)]) == 0
    with (tmp_path / "models/starter-llm.gguf").open("r+b") as file:
        file.seek(2_000_000)
        file.write(bytes(1000))
    capsys.readouterr()
    assert run([*at, "verify", "--run", "starter-llm"]) == 4
    captured = capsys.readouterr()
    assert "other bytes (wrong SHA-256)" in captured.out and "not tried  llm: starter-llm: it is damaged" in captured.out
    assert len(captured.err.splitlines()) == 1 and "1 failed: starter-llm" in captured.err
