"""The evaluation of the memory meets its targets, and would see it when the guard were gone."""

import pytest

from assistant.config import Config
from assistant.evals import long_talk
from assistant.evals import memory as eval_memory
from assistant.memory import statements


@pytest.mark.parametrize("code", ["en", "zh"])
def test_what_was_told_is_found_and_nothing_else(code: str) -> None:
    assert {name for name, figure in eval_memory.search(code, 1).items() if not figure.ok} == set()


def test_without_its_guard_the_search_fails_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "ENOUGH", {"en": 0.0, "zh": 0.0})
    assert eval_memory.search("zh", 10)["injected"].ok is False


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_prompt_of_a_long_talk_holds_what_was_told_at_its_beginning(code: str) -> None:
    figures = long_talk.measure(Config(), code, quick=True)
    assert len(figures) == 8 and {name for name, figure in figures.items() if figure.ok is False} == set()
