"""The store of slots: what is told stays, what is forgotten is gone, whatever happens to the process or the file."""

import logging
import multiprocessing
import os
import signal
import stat
from pathlib import Path

import pytest

from assistant.memory.memory import NOTES, SlotMemory
from assistant.memory.slots import rules_of
from assistant.memory.store import MOST, NAME, Store, StoreError


def test_what_was_told_is_there_at_the_next_start_and_the_later_word_counts(tmp_path: Path) -> None:
    times = iter(range(1, 100))
    store = Store(tmp_path / "data", lambda: next(times))
    store.put("name", "Anna", 3)
    store.put("city", "Oslo", 4)
    store.put("name", "Ana", 7)
    store.close()
    again = Store(tmp_path / "data")
    assert [(kept.name, kept.value, kept.turn) for kept in again.all()] == [("city", "Oslo", 4), ("name", "Ana", 7)]
    again.close()


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    store = Store(tmp_path / "data")
    store.put("name", "Anna", 1)
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()} == {0o600}
    store.close()


def test_a_second_process_is_refused_in_one_line(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(StoreError, match="another assistant has this memory open"):
        Store(tmp_path)
    store.close()
    Store(tmp_path).close()


def test_forgotten_is_gone_from_every_byte(tmp_path: Path) -> None:
    memory = SlotMemory(Store(tmp_path), rules_of(["en"]))
    for number in range(50):
        memory.set(f"thing {number}", f"value {number} " * 20)
    assert memory.learn("my name is xanthippe", "en", 1) == "name"
    memory.learn("my name is xanthippa", "en", 2)
    assert any(b"Xanthipp" in path.read_bytes() for path in tmp_path.iterdir())
    assert memory.forget("Name") == {"name": "Xanthippa"}
    assert not [path for path in tmp_path.iterdir() if b"xanthipp" in path.read_bytes().lower()]
    memory.close()
    assert not [path for path in tmp_path.iterdir() if b"xanthipp" in path.read_bytes().lower()]


def test_without_a_folder_nothing_touches_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    memory = SlotMemory(Store(None), rules_of(["en"]))
    memory.learn("my name is anna", "en", 1)
    assert memory.slots("en") == {"name": "Anna"} and list(tmp_path.iterdir()) == []
    memory.close()


def _write_until_killed(folder: Path) -> None:
    store = Store(folder)
    for number in range(100_000):
        store.put("count", str(number), number)
        (folder / "written").write_text(str(number))


def test_kill_9_at_any_point_loses_nothing_that_was_written(tmp_path: Path) -> None:
    start = multiprocessing.get_context("spawn")
    for number in range(4):
        process = start.Process(target=_write_until_killed, args=(tmp_path,))
        process.start()
        mark = tmp_path / "written"
        mark.unlink(missing_ok=True)
        while not mark.exists() or int(mark.read_text() or 0) < 5 + 7 * number:
            assert process.is_alive()
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        store = Store(tmp_path)
        (kept,) = store.all()
        assert int(kept.value) >= int(mark.read_text() or 0)
        store.close()


@pytest.mark.parametrize("damage", [b"", b"not a database at all, but a text of some length" * 10, None])
def test_a_damaged_file_is_set_aside_and_said_once(
    damage: bytes | None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(tmp_path)
    for number in range(200):
        store.put(f"name {number}", "Anna " * 30, 1)
    store.close()
    path = tmp_path / NAME
    data = bytearray(path.read_bytes())
    data[100:8000] = b"\xff" * 7900
    path.write_bytes(bytes(data) if damage is None else damage)
    with caplog.at_level(logging.ERROR):
        again = Store(tmp_path, lambda: 77)
    again.put("name", "Ana", 1)
    assert [kept.value for kept in again.all()] == ["Ana"]
    again.close()
    aside = list(tmp_path.glob("*.damaged-77"))
    assert len(aside) == len(caplog.records) == (0 if damage == b"" else 1)


def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    import sqlite3

    Store(tmp_path).close()
    db = sqlite3.connect(tmp_path / NAME)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreError, match="newer version"):
        Store(tmp_path)
    assert list(tmp_path.glob("*.damaged*")) == []


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"memory cannot be opened .*memory\.keep"):
        Store(tmp_path / "file/data")


def test_slots_are_bounded_and_the_oldest_goes() -> None:
    times = iter(range(10_000))
    store = Store(None, lambda: next(times))
    for number in range(MOST + 5):
        store.put(f"name {number}", "x", 1)
    assert [kept.name for kept in store.all()] == [f"name {number}" for number in range(5, MOST + 5)]


def test_notes_are_bounded_and_the_oldest_is_replaced() -> None:
    times = iter(range(10_000))
    memory = SlotMemory(Store(None, lambda: next(times)), rules_of(["en"]))
    for number in range(NOTES + 1):
        memory.learn(f"remember that thing {number} is here", "en", number)
    values = list(memory.slots("en").values())
    assert len(values) == NOTES and values[-1] == f"thing {NOTES} is here" and "thing 0 is here" not in values


def test_a_language_says_the_names_of_its_own_and_forgets_by_them() -> None:
    memory = SlotMemory(Store(None), rules_of(["en", "zh"]))
    memory.learn("我叫安娜", "zh", 1)
    assert (memory.slots("en"), memory.slots("zh")) == ({"name": "安娜"}, {"名字": "安娜"})
    assert memory.forget("名字", "zh") == {"name": "安娜"} and memory.forget("名字", "zh") == {}
    memory.set("city", "Oslo")
    assert memory.forget("oslo") == {"city": "Oslo"}
    memory.set("city", "Oslo")
    assert memory.forget("") == {"city": "Oslo"} and memory.slots("en") == {}


def test_a_full_disk_is_one_line_and_what_was_told_before_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.memory.store.MOST_BYTES", 30 * 4096)
    memory = SlotMemory(Store(tmp_path), rules_of(["en"]))
    memory.set("name", "Anna")
    with pytest.raises(StoreError, match="full"):
        for number in range(2000):
            memory.set(f"thing {number % 190}", f"value {number} " * 15)
    memory.close()
    again = SlotMemory(Store(tmp_path), rules_of(["en"]))
    assert again.slots("en")["name"] == "Anna"
    again.close()
