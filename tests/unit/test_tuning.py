"""The threads that were measured, kept for this machine and model."""

import logging
from pathlib import Path

import pytest

from assistant.bench.tune import fewest
from assistant.engines.llama import tuning
from assistant.engines.llama.model import _threads


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "m.gguf"
    path.write_bytes(b"GGUF")
    return path


def test_what_was_kept_is_read_for_the_same_machine_and_model(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "cache"
    assert tuning.read(folder, model) is tuning.read(None, model) is None
    tuning.write(folder, model, 2, 4)
    tuning.write(folder, model, 3, 4)
    assert tuning.read(folder, model) == (3, 4)
    model.write_bytes(b"another")
    assert tuning.read(folder, model) is None
    monkeypatch.setattr(tuning, "machine", lambda: "another board, 4 cores")
    tuning.write(folder, model, 1, 1)
    assert tuning.read(folder, model) == (1, 1) and len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("text", ["", "[]", "{", '{"x": 1}', "null"])
def test_a_damaged_file_is_said_and_measuring_again_mends_it(
    text: str, model: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / tuning.NAME).write_text(text)
    with caplog.at_level(logging.WARNING):
        assert tuning.read(tmp_path, model) is None
    assert (text == '{"x": 1}') or "bench tune" in caplog.text
    tuning.write(tmp_path, model, 1, 2)
    assert tuning.read(tmp_path, model) == (1, 2)


def test_the_configuration_wins_over_what_was_measured() -> None:
    assert _threads(0, 0, (3, 4)) == (3, 4)
    assert _threads(0, 2, (3, 4)) == (3, 2)
    assert _threads(1, 0, (3, 4)) == (1, 1)


def test_the_fewest_threads_that_are_as_good_as_the_best() -> None:
    assert fewest({1: 10.0, 2: 5.1, 3: 5.0, 4: 5.3}) == 2
    assert fewest({1: 5.0}) == 1
