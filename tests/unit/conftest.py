"""What a test opens is closed when it ends, also where the test itself is not about closing."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from assistant.memory.store import Store


@pytest.fixture(autouse=True)
def _stores_are_closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    made: list[Store] = []
    begin = Store.__init__

    def remember(self: Store, *args: Any, **kwargs: Any) -> None:
        made.append(self)
        begin(self, *args, **kwargs)

    monkeypatch.setattr(Store, "__init__", remember)
    yield
    for store in made:
        store.close()


@pytest.fixture
def memory_folder() -> Iterator[Path]:
    """A folder whose writes need no disk, where there is one: a journal waits for the disk at every change."""
    shm = Path("/dev/shm")
    with TemporaryDirectory(dir=shm if os.access(shm, os.W_OK) else None) as folder:
        yield Path(folder)
