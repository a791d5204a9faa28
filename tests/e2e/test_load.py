"""Twenty clients for two minutes on the real model, at more than it can serve."""

from assistant.bench.load import serve_and_load
from assistant.config import load_config


def test_nothing_is_lost_crossed_or_left_and_each_client_gets_its_share() -> None:
    figures = serve_and_load(load_config(), clients=20, seconds=120).figures
    assert [name for name, figure in figures.items() if figure.ok is False] == []
    assert figures["told to wait"].value > 0, "no load"
    assert figures["fewest replies over most"].value > 0.2
