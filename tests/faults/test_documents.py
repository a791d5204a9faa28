"""Documents and what may happen to their file: damage, a full or read-only disk, a kill at any point."""

import logging
import multiprocessing
import os
import signal
import sqlite3
from pathlib import Path

import pytest

from assistant.memory.document_store import NAME, DocumentsError, DocumentStore
from assistant.memory.documents import Documents
from tests.documents import MANUAL, write


@pytest.mark.parametrize("damage", [b"not a database at all, but a text of some length" * 100, None])
def test_a_damaged_file_is_set_aside_and_said_once(
    damage: bytes | None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    found = Documents(DocumentStore(tmp_path / "data"))
    for path in write(tmp_path / "files"):
        found.add(path)
    found.close()
    path = tmp_path / "data" / NAME
    data = bytearray(path.read_bytes())
    data[100:30000] = b"\xff" * 29900
    path.write_bytes(bytes(data) if damage is None else damage)
    with caplog.at_level(logging.ERROR):
        again = Documents(DocumentStore(tmp_path / "data", lambda: 77))
        assert again.find("what should the water pressure be") == [] and again.kept() == []
    assert [line.getMessage().count("set aside as documents.db.damaged-77") for line in caplog.records] == [1]
    for file in write(tmp_path / "files"):
        again.add(file)
    assert again.find("what should the water pressure be")
    again.close()


def test_a_full_disk_is_one_line_and_nothing_is_lost(tmp_path: Path) -> None:
    found = Documents(DocumentStore(tmp_path / "data"))
    first, *_ = write(tmp_path / "files")
    found.add(first)
    database = found.store._open()
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count = {pages}")
    large = tmp_path / "large.md"
    large.write_text("\n\n".join(f"# Part {number}\n\nWord{number} stands in sentence {number}." for number in range(500)))
    with pytest.raises(DocumentsError, match="is the disk full or read-only") as caught:
        found.add(large)
    assert caught.value.exit_code == 5 and len(str(caught.value).splitlines()) == 1
    assert [kept.name for kept in found.kept()] == ["boiler-manual.md"] and found.find("what should the water pressure be")
    found.close()


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    path, *_ = write(tmp_path / "files")
    with pytest.raises(DocumentsError, match="data/documents.db: the documents cannot be read or written"):
        Documents(DocumentStore(tmp_path / "data")).add(path)


def test_a_writer_waits_for_another_and_then_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.memory.document_store.BUSY_S", 0.05)
    found = Documents(DocumentStore(tmp_path / "data"))
    first, second = write(tmp_path / "files")
    found.add(first)
    other = sqlite3.connect(tmp_path / "data" / NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DocumentsError, match="locked"):
        found.add(second)
    assert found.find("what should the water pressure be")  # reading goes on meanwhile
    other.execute("ROLLBACK")
    other.close()
    assert found.add(second).how == "added"
    found.close()


def _add_until_killed(folder: Path) -> None:
    found = Documents(DocumentStore(folder / "data"))
    for number in range(100_000):
        path = folder / f"manual {number}.md"
        path.write_text(f"{MANUAL}\n# Number {number}\n\nThis is manual number {number}.\n")
        found.add(path)
        (folder / "written").write_text(str(number))


def test_kill_9_loses_at_most_the_file_being_added(tmp_path: Path) -> None:
    start = multiprocessing.get_context("spawn")
    for goal in (3, 9, 14):
        process = start.Process(target=_add_until_killed, args=(tmp_path,))
        process.start()
        mark = tmp_path / "written"
        mark.unlink(missing_ok=True)
        while not mark.exists() or int(mark.read_text() or 0) < goal:
            assert process.is_alive()
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        found = Documents(DocumentStore(tmp_path / "data"))
        kept = found.kept()
        assert len(kept) >= int(mark.read_text() or 0) + 1
        assert {document.passages for document in kept} == {3}  # none in part
        found.close()
