"""Beginnings of conversations taken over from another one or from disk, on the real engine."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.cancel import CancelToken
from assistant.engines.base import LlmSpec
from assistant.engines.llama.kv_files import FILES
from assistant.engines.llama.model import LlamaModel
from assistant.engines.llama.session import LlamaSession
from tests.contract.test_llama import generate, ids_of
from tests.contract.tiny_gguf import write

SYSTEM = ids_of(100)


@pytest.fixture
def gguf_file(tmp_path: Path) -> Path:
    return write(tmp_path / "tiny.gguf")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kv"


@pytest.fixture
def start(gguf_file: Path, folder: Path) -> Iterator["Starts"]:
    starts = Starts(gguf_file, folder)
    yield starts
    starts.close()


class Starts:
    """Loads the model as often as asked, each time as a new process would."""

    def __init__(self, path: Path, folder: Path) -> None:
        self._path, self._folder = path, folder
        self._models: list[LlamaModel] = []

    def __call__(self, **changes: object) -> LlamaModel:
        values = {"context": 512, "kv_tokens": 1024, "conversations": 3, "threads": 1, "cache": self._folder.parent} | changes
        self._models.append(LlamaModel(LlmSpec(self._path, **values)))  # type: ignore[arg-type]
        return self._models[-1]

    def close(self) -> None:
        for model in self._models:
            model.close()


def begin(model: LlamaModel, system: list[int] = SYSTEM, more: list[int] | None = None) -> LlamaSession:
    """A conversation with its system block computed, as at a start."""
    session = model.open("talk")
    session.append(system)
    session.keep(len(system))
    session.append(more or [])
    session.evaluate(1000, CancelToken())
    return session


def test_a_second_conversation_takes_the_system_block_over_and_equals_a_cold_one(start: Starts) -> None:
    model = start(cache=None)
    question = ids_of(20, 5)
    alone = start(cache=None).open("alone")
    alone.append([*SYSTEM, *question])
    first = begin(model, more=ids_of(30, 2))
    second = model.open("second")
    second.append([*SYSTEM, *question])
    second.evaluate(1000, CancelToken())
    assert second.evaluated == len(question)
    assert generate(second) == generate(alone)
    first.close()
    second.truncate(len(SYSTEM))
    second.append(question)
    alone.truncate(len(SYSTEM) + len(question))
    assert generate(second) == generate(alone)


def test_the_longest_of_the_others_is_taken(start: Starts) -> None:
    model = start(cache=None)
    long = ids_of(200)
    for length in (40, 150, 90):
        session = model.open(str(length))
        session.append(long[:length])
        session.evaluate(1000, CancelToken())
    last = model.open("last")
    last.append([*long[:180], 7])
    last.evaluate(1000, CancelToken())
    assert last.evaluated == 31


def test_a_new_start_reads_the_system_block_from_disk_and_replies_the_same(start: Starts, folder: Path) -> None:
    first = begin(start(), more=ids_of(20, 5))
    assert first.evaluated == 120 and len(list(folder.glob("*.kv"))) == 1
    second = begin(start(), more=ids_of(20, 5))
    assert second.evaluated == 20
    assert generate(second) == generate(first)
    assert len(list(folder.iterdir())) == 1


def test_only_what_was_asked_for_is_written(start: Starts, folder: Path) -> None:
    begin(start(), more=ids_of(300, 5))
    third = start().open("all")
    third.append([*SYSTEM, *ids_of(300, 5)])
    third.evaluate(1000, CancelToken())
    assert third.evaluated == 300


def test_another_model_another_persona_another_setting_find_nothing(start: Starts, gguf_file: Path, folder: Path) -> None:
    begin(start())
    assert begin(start(), [*SYSTEM[:-1], 3]).evaluated == 100
    other = bytearray(gguf_file.read_bytes())
    other[-5] ^= 1  # one weight
    gguf_file.write_bytes(other)
    assert begin(start()).evaluated == 100
    assert len(list(folder.glob("*.kv"))) == 3


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "longer"])
def test_a_damaged_file_is_removed_and_computed_again(
    damage: str, start: Starts, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    begin(start())
    (path,) = folder.glob("*.kv")
    data = bytearray(path.read_bytes())
    if damage == "flip":
        data[len(data) // 2] ^= 1
    path.write_bytes(bytes({"cut": data[:-100], "empty": b"", "longer": data + b"0"}.get(damage, data)))
    with caplog.at_level(logging.WARNING):
        session = begin(start())
    assert session.evaluated == 100
    assert [record.message for record in caplog.records if "damaged" in record.message] == [
        f"{path} was damaged and is removed; it is computed again"
    ]
    assert begin(start()).evaluated == 0  # written anew


def test_a_file_with_a_true_hash_and_other_ids_is_no_match(start: Starts, folder: Path) -> None:
    begin(start())
    (path,) = folder.glob("*.kv")
    other = ids_of(100, 9)
    from assistant.engines.llama.kv_files import _ids

    path.rename(folder / path.name.replace(path.stem.split("-")[2], _ids(other)))
    assert begin(start(), other).evaluated == 100


def test_the_folder_is_bounded_and_the_longest_unused_goes(start: Starts, folder: Path) -> None:
    for number in range(FILES + 3):
        begin(start(), ids_of(40, 100 + number))
        for path in folder.glob("*.kv"):
            os.utime(path, (path.stat().st_mtime - 10, path.stat().st_mtime - 10))
    assert len(list(folder.glob("*.kv"))) == FILES
    assert begin(start(), ids_of(40, 100)).evaluated == 40 and begin(start(), ids_of(40, 110)).evaluated == 0


def test_a_folder_that_cannot_be_made_is_said_once(gguf_file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    starts = Starts(gguf_file, tmp_path / "file/kv")
    model = starts()
    with caplog.at_level(logging.WARNING):
        first = begin(model)
        begin(model, ids_of(50, 3))
    assert first.evaluated == 100
    assert len([record for record in caplog.records if "not kept" in record.message]) == 1
    starts.close()
