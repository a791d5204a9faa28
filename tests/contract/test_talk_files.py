"""Whole conversations kept on disk, on the real engine."""

import os
import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.cancel import CancelToken
from assistant.engines.llama import disk
from assistant.engines.llama.model import LlamaModel
from assistant.engines.llama.session import LlamaSession
from assistant.engines.llama.talk_files import FILES, place
from assistant.errors import EngineError
from tests.contract.test_kv_files import Starts, begin
from tests.contract.test_llama import cold, generate, ids_of
from tests.contract.tiny_gguf import write

TALK = ids_of(150, 4)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "talks"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starts]:
    starts = Starts(write(tmp_path / "tiny.gguf"), tmp_path / "kv")
    yield starts
    starts.close()


def talk(model: LlamaModel, ids: list[int] = TALK, key: str = "talk") -> LlamaSession:
    session = model.open(key)
    session.append(ids)
    session.evaluate(len(ids), CancelToken())
    return session


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if record.name.startswith("assistant")]


def test_a_new_start_goes_on_without_computing_and_replies_the_same(start: Starts, folder: Path) -> None:
    first = talk(start())
    said = generate(first)
    first.evaluate(1, CancelToken())
    assert first.save(folder, "voice") and len(list(folder.iterdir())) == 1
    second = start().open("talk")
    second.append([*TALK, *said])
    assert second.load(folder, "voice") == 150 + len(said)
    assert second.evaluate(1000, CancelToken()) == 0 and second.evaluated == 0
    third = start().open("talk")
    third.append([*TALK, *said])
    assert third.load(folder, "voice") == 150 + len(said)
    third.truncate(150)  # goes on behind what the first one computed in one batch
    third.append([7, 8])
    third.evaluate(2, CancelToken())
    assert generate(third) == cold(start(), TALK, [7, 8])


@pytest.mark.parametrize("same", [30, 149, 150])
def test_the_common_beginning_is_taken(start: Starts, folder: Path, same: int) -> None:
    talk(start()).save(folder, "voice")
    model, more = start(), ids_of(20, 9)
    session = model.open("talk")
    session.append([*TALK[:same], *more])
    assert session.load(folder, "voice") == same
    assert model.lib.llama_memory_seq_pos_max(model.memory, session.seq) == same - 1
    session.evaluate(1000, CancelToken())
    assert session.evaluated == 20
    assert generate(session) == cold(start(), TALK[:same], more)
    shorter = start().open("shorter")
    shorter.append(TALK[:same])
    assert shorter.load(folder, "voice") == same
    assert generate(shorter) == cold(start(), TALK[:same])


def test_a_newer_one_replaces_the_older_and_the_same_is_not_written_again(start: Starts, folder: Path) -> None:
    session = talk(start())
    assert session.save(folder, "voice")
    (path,) = folder.iterdir()
    node = path.stat().st_ino
    assert session.save(folder, "voice") and path.stat().st_ino == node
    session.append([1, 2, 3])
    assert session.save(folder, "voice") and path.stat().st_ino == node  # what is pending is not computed
    session.evaluate(3, CancelToken())
    assert session.save(folder, "voice")
    assert list(folder.iterdir()) == [path] and path.stat().st_ino != node
    after = start().open("talk")
    after.append(session.ids)
    assert after.load(folder, "voice") == 153


def test_what_is_computed_already_is_left_alone(start: Starts, folder: Path) -> None:
    session = talk(start())
    session.save(folder, "voice")
    assert session.load(folder, "voice") == 0 and session.cells == 150
    session.evict()
    assert session.load(folder, "voice") == 150 == session.cells
    session.truncate(50)
    session.append(TALK[50:])
    assert session.load(folder, "voice") == 150
    assert generate(session) == cold(start(), TALK)


def test_too_little_is_not_worth_a_file(start: Starts, folder: Path) -> None:
    session = talk(start(), TALK[:15])
    assert not session.save(folder, "voice") and not folder.exists()
    assert session.load(folder, "voice") == 0
    assert not start().open("empty").save(folder, "voice")


NAMES = [
    "",
    ".",
    "..",
    "../../x",
    "/etc/passwd",
    "a/b",
    "a\\b",
    "a\0b",
    "A",
    "a",
    "客厅",
    "客房",
    "x" * 500,
    "\ud800",
    "-",
    " ",
    "a\n",
]


def test_no_name_leaves_the_folder_and_no_two_share_a_file(start: Starts, tmp_path: Path, folder: Path) -> None:
    before = set(tmp_path.rglob("*"))
    session = talk(start())
    paths = {place(folder, name) for name in NAMES}
    assert len(paths) == len(NAMES) and {path.parent for path in paths} == {folder}
    for name in NAMES[:FILES]:
        assert session.save(folder, name)
    assert {path.parent for path in set(tmp_path.rglob("*")) - before - {folder, tmp_path / "kv"}} == {folder}


def test_only_the_user_may_read_it(start: Starts, folder: Path) -> None:
    before = os.umask(0)
    try:
        talk(start()).save(folder, "voice")
        begin(start())
    finally:
        os.umask(before)
    for place_ in (folder, folder.parent / "kv"):
        assert stat.S_IMODE(place_.stat().st_mode) == 0o700
        assert [stat.S_IMODE(path.stat().st_mode) for path in place_.iterdir()] == [0o600]


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "longer", "end", "count", "text"])
def test_a_damaged_file_is_removed_with_one_line(
    damage: str, start: Starts, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    talk(start()).save(folder, "voice")
    (path,) = folder.iterdir()
    data = path.read_bytes()
    middle, count = len(data) // 2, len(data) - 52
    changed = {
        "flip": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
        "cut": data[:-100],
        "empty": b"",
        "longer": data + b"0",
        "end": data[:-1] + bytes([data[-1] ^ 1]),
        "count": data[:count] + b"\xff\xff\xff\xff" + data[count + 4 :],
        "text": b"hello",
    }
    path.write_bytes(changed[damage])
    session = start().open("talk")
    session.append(TALK)
    assert session.load(folder, "voice") == 0 and session.cells == 0
    assert told(caplog) == [f"{path} was damaged and is removed; the conversation is computed again"]
    assert list(folder.iterdir()) == []
    assert generate(session) == cold(start(), [*TALK[:128]], [*TALK[128:]])


def test_another_model_or_another_talk_finds_nothing(start: Starts, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    model = start()
    session = talk(model)
    for other in (ids_of(150, 5), TALK[:10] + ids_of(140, 5)):
        session.save(folder, "voice")
        stranger = start().open("other")
        stranger.append(other)
        assert stranger.load(folder, "voice") == 0
        assert not list(folder.iterdir())
    session.save(folder, "voice")
    other_model = Starts(write(folder.parent / "other.gguf", seed=1), folder.parent / "kv")
    after = other_model().open("talk")
    after.append(TALK)
    assert after.load(folder, "voice") == 0
    assert len(told(caplog)) == 3 and all("another model or another talk" in line for line in told(caplog))
    other_model.close()


def test_a_sealed_file_that_llama_cpp_cannot_read_is_removed(
    start: Starts, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from assistant.engines.llama.talk_files import _seal

    model = start()
    session = talk(model)
    session.save(folder, "voice")
    path = place(folder, "voice")
    for data in (b"no state", path.read_bytes()[:2000]):
        path.write_bytes(data)
        _seal(path, model.files.model_key().encode(), TALK)
        after = start().open("talk")
        after.append(TALK)
        assert after.load(folder, "voice") == 0 and not path.exists()
        assert generate(after) == cold(start(), TALK[:128], TALK[128:])
    assert len(told(caplog)) == 2


def test_cells_are_made_free_for_it(start: Starts, folder: Path) -> None:
    talk(start()).save(folder, "voice")
    model = start(kv_tokens=256, context=256)
    other = talk(model, ids_of(200, 7), "other")
    session = model.open("talk")
    session.append(TALK)
    assert session.load(folder, "voice") == 150 and other.cells == 0
    assert generate(session) == cold(start(), TALK)
    assert len(other.ids) == 200 and len(generate(other)) == 12
    talk(start(), TALK * 2).save(folder, "voice")
    small = start(kv_tokens=256, context=256).open("small")  # it never fits
    small.append(TALK)
    assert small.load(folder, "voice") == 0
    assert len(generate(small)) == 12


def test_a_full_disk_is_one_line_and_false(start: Starts, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    session = talk(start())
    assert session.save(folder, "old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = next(folder.iterdir()).stat().st_size
    for room in (0, 1000, size // 2, size - 1000, size - 10):
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
        try:
            assert not session.save(folder, "voice") and not session.save(folder, "voice")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert list(folder.iterdir()) == [place(folder, "old")]
    assert len(told(caplog)) == 1 and "is not kept" in told(caplog)[0]
    assert session.save(folder, "voice")
    assert not session.save(place(folder, "old"), "voice")  # no folder
    assert len(told(caplog)) == 2
    after = start().open("talk")
    after.append(TALK)
    assert after.load(place(folder, "old"), "voice") == 0 and after.load(folder, "old") == 150


def test_what_dead_processes_left_half_written_is_swept(start: Starts, folder: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    kv = folder.parent / "kv"
    for place_ in (folder, kv):
        place_.mkdir()
        for name in (f"voice.{gone.pid}.new", f"{gone.pid}.new", f"voice.{os.getpid()}.new", "voice.new", f"x.{2**40}.new"):
            (place_ / name).write_bytes(b"half")
        (place_ / "voice.1.new").write_bytes(b"a living process writes it")
        (place_ / "notes.txt").write_bytes(b"no business of ours")
    talk(start()).save(folder, "voice")
    begin(start())
    assert sorted(path.name for path in folder.iterdir()) == ["notes.txt", place(folder, "voice").name, "voice.1.new"]
    assert sorted(path.suffix for path in kv.iterdir()) == [".kv", ".new", ".txt"]


def test_a_kill_while_it_is_written_leaves_the_older_one(start: Starts, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = talk(start())
    session.save(folder, "voice")

    def killed(path: Path, place: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(disk, "move", killed)
    session.append([1, 2])
    session.evaluate(2, CancelToken())
    with pytest.raises(KeyboardInterrupt):
        session.save(folder, "voice")
    after = start().open("talk")
    after.append(TALK)
    assert after.load(folder, "voice") == 150


def test_the_folder_is_bounded_and_the_longest_unused_goes(start: Starts, folder: Path) -> None:
    session = talk(start())
    for number in range(FILES + 3):
        session.save(folder, str(number))
        for path in folder.iterdir():
            os.utime(path, (path.stat().st_mtime - 10, path.stat().st_mtime - 10))
    assert len(list(folder.iterdir())) == FILES
    assert not place(folder, "2").exists() and place(folder, "3").exists()


def test_a_folder_that_is_emptied_is_filled_again(start: Starts, folder: Path) -> None:
    """As whoever forgets does."""
    session = talk(start())
    session.save(folder, "a")
    place(folder, "a").unlink()
    assert session.load(folder, "a") == 0
    assert session.save(folder, "a") and place(folder, "a").exists()


def test_a_closed_conversation_saves_nothing(start: Starts, folder: Path) -> None:
    session = talk(start())
    session.close()
    for use in (session.save, session.load):
        with pytest.raises(EngineError, match="is closed"):
            use(folder, "voice")
