"""The evaluation of the memory meets its targets, and would see it when the guard were gone."""

import pytest

from assistant.config import Config
from assistant.evals import memory as eval_memory
from assistant.memory import statements


def test_what_was_told_is_found_and_nothing_else() -> None:
    result = eval_memory.measure(Config(), quick=False)
    assert {name for name, figure in result.figures.items() if not figure.ok} == set()


def test_without_its_guard_the_search_fails_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "ENOUGH", {"en": 0.0, "zh": 0.0})
    result = eval_memory.measure(Config(), quick=True)
    assert result.figures["injected.zh"].ok is False
