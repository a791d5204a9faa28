"""What several contract tests share."""

from collections.abc import Iterator

import pytest

from tests.contract.models_world import Server, offer, serving


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The models' origin and its mirror, on this machine, whatever proxy it has."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1,localhost")
    with serving() as running:
        offer(running, "/origin", "/mirror")
        yield running
