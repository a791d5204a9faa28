"""What a test opens is closed when it ends, also where the test itself is not about closing."""

from collections.abc import Iterator
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
