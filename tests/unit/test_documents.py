"""Documents kept and found: by words in both languages, by direction, and nothing for what they do not say."""

import logging
import math
import os
import sqlite3
import stat
from pathlib import Path
from typing import Any

import numpy
import pytest

from assistant.evals.documents import measure, sets
from assistant.memory import answers, document_store
from assistant.memory.chunks import Chunk
from assistant.memory.document_store import NAME, DocumentsError, DocumentStore
from assistant.memory.documents import Documents, spoken_name
from assistant.memory.meaning import Meaning
from assistant.memory.summary import central, holds, parts
from assistant.memory.vectors import Table, fuse, pack
from assistant.memory.wording import question, stem
from tests.documents import MANUAL, write


class FakeEmbedder:
    """Texts with the same of a few words point the same way."""

    name = "fake-en"
    size = 4
    meanings = (("pressure", "squeeze"), ("reset", "restart"), ("年假", "vacation"))

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def make(self) -> "FakeEmbedder":
        return self

    def embed(self, text: str, *, query: bool = False) -> Any:
        self.embedded.append(text)
        found = [float(any(word in text.lower() for word in words)) for words in self.meanings]
        vector = numpy.array([*found, 0.1], dtype=numpy.float32)
        return vector / numpy.linalg.norm(vector)

    def close(self) -> None:
        self.embedded.clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def kept(folder: Path, tmp_path: Path, embedder: FakeEmbedder | None = None) -> Documents:
    found = Documents(DocumentStore(folder), Meaning(embedder))
    for path in write(tmp_path / "files"):
        assert found.add(path).how == "added"
    return found


def test_a_question_finds_its_sentence_and_where_it_stands(folder: Path, tmp_path: Path) -> None:
    found = kept(folder, tmp_path)
    (best, *_) = found.find("what should the water pressure be")
    assert best.sentence == "The pressure of the water should lie between 1.2 and 1.8 bar." and best.sure
    assert (best.document, best.heading) == ("boiler-manual.md", "Boiler manual > Pressure")
    quote = found.quote("What should the water pressure be?", "en")
    assert quote is not None and quote.source == "That is from the boiler manual."
    found.close()


@pytest.mark.parametrize(
    ("asked", "value"),
    [("年假几天？", "十五天"), ("员工有几天年假", "十五天"), ("病假要在几点以前打电话", "九点"), ("年假", "十五天")],
)
def test_short_chinese_questions(asked: str, value: str, folder: Path, tmp_path: Path) -> None:
    found = kept(folder, tmp_path)
    assert value in found.find(asked)[0].sentence
    found.close()


@pytest.mark.parametrize(
    "asked",
    [
        "what is the capital of france",
        "how are you",
        "who built the pyramids",
        "你好吗",
        "法国的首都是哪里",
        "",
        "?",
        "x" * 5000,
        '" OR *',
    ],
)
def test_what_they_do_not_say_finds_nothing(asked: str, folder: Path, tmp_path: Path) -> None:
    found = kept(folder, tmp_path)
    assert found.find(asked) == [] and found.quote(asked, "en") is None
    found.close()


def test_a_statement_is_no_question(folder: Path, tmp_path: Path) -> None:
    found = kept(folder, tmp_path)
    assert found.quote("the water pressure is 1.5 bar", "en") is None
    found.close()


def test_unchanged_is_skipped_and_changed_is_replaced(folder: Path, tmp_path: Path) -> None:
    found = kept(folder, tmp_path)
    path = tmp_path / "files/boiler-manual.md"
    assert found.add(path).how == "unchanged"
    path.write_text(MANUAL.replace("1.2 and 1.8", "2.2 and 2.8"))
    assert found.add(path).how == "replaced"
    assert "2.2" in found.find("what should the water pressure be")[0].sentence
    other = tmp_path / "other/boiler-manual.md"
    other.parent.mkdir()
    other.write_text("# Another\n\nThe paint is green.\n")
    assert found.add(other).name == "other/boiler-manual.md"
    assert [document.name for document in found.kept()] == ["boiler-manual.md", "other/boiler-manual.md", "请假规定.txt"]
    found.close()


def test_another_process_adds_while_this_one_answers(folder: Path, tmp_path: Path) -> None:
    here, there = (
        Documents(DocumentStore(folder), Meaning(FakeEmbedder())),
        Documents(DocumentStore(folder), Meaning(FakeEmbedder())),
    )
    assert here.find("what should the water pressure be") == []
    for path in write(tmp_path / "files"):
        there.add(path)
    assert list(there.embed_missing())
    assert here.find("what should the water pressure be")
    there.store.remove("boiler-manual.md")
    assert here.find("what should the water pressure be") == []
    here.close()
    there.close()


def test_removed_stands_in_no_byte(folder: Path, tmp_path: Path) -> None:
    found = kept(folder, tmp_path)
    assert found.name_of("boiler-manual") == "boiler-manual.md"
    assert found.store.remove("boiler-manual.md") and not found.store.remove("boiler-manual.md")
    found.close()
    assert not [path for path in folder.iterdir() if b"pressure" in path.read_bytes().lower()]
    with pytest.raises(DocumentsError, match=r"did you mean 请假规定.txt"):
        Documents(DocumentStore(folder)).name_of("请假规.txt")


def test_nobody_else_can_read_them(folder: Path, tmp_path: Path) -> None:
    found = kept(folder, tmp_path)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    found.close()


def test_nothing_is_made_by_asking(folder: Path) -> None:
    found = Documents(DocumentStore(folder))
    assert found.find("what is it") == [] and found.kept() == [] and not folder.exists()
    found.close()


def test_passages_are_bounded_and_a_file_too_many_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document_store, "MOST_CHUNKS", 3)
    found = kept(folder, tmp_path)
    path = tmp_path / "more.md"
    path.write_text("# A\n\nOne.\n\n# B\n\nTwo.\n")
    with pytest.raises(DocumentsError, match=r"more.md: has 2 passages, and there is room for 0 more"):
        found.add(path)
    assert found.store.count() == 3
    found.close()


def test_a_file_that_was_removed_under_us_is_seen(folder: Path, tmp_path: Path) -> None:
    found = kept(folder, tmp_path)
    assert found.find("what should the water pressure be")
    for path in folder.iterdir():
        path.unlink()
    assert found.find("what should the water pressure be") == []
    found.close()


def test_a_newer_file_is_left_alone(folder: Path, tmp_path: Path) -> None:
    kept(folder, tmp_path).close()
    with sqlite3.connect(folder / NAME) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(DocumentsError, match="newer version"):
        Documents(DocumentStore(folder)).find("what should the water pressure be")


# -- vectors ---------------------------------------------------------------------------------------------------


def test_vectors_are_made_one_by_one_and_once(folder: Path, tmp_path: Path) -> None:
    kept(folder, tmp_path).close()
    embedder = FakeEmbedder()
    found = Documents(DocumentStore(folder), Meaning(embedder))
    work = found.unread()
    assert work is not None
    next(work)
    assert len(embedder.embedded) == 1
    assert [left for left in found.embed_missing()] == [1, 0] and found.unread() is None
    assert sum(document.vectors for document in found.kept()) == 3
    found.close()


def test_a_passage_is_found_by_its_meaning_where_words_nearly_do(folder: Path, tmp_path: Path) -> None:
    asked = "should the squeeze of the water be higher"
    alone, fused = kept(folder, tmp_path), Documents(DocumentStore(folder), Meaning(FakeEmbedder()))
    list(fused.embed_missing())
    score = fused.find(asked, guarded=False)[0].score
    assert answers.ENOUGH[False] - 0.25 <= score < answers.ENOUGH[False]
    assert alone.find(asked) == [] and "1.2 and 1.8" in fused.find(asked)[0].sentence
    alone.close()
    fused.close()


def test_fusion_prefers_what_both_lists_have() -> None:
    assert fuse([[1, 2, 3], [3, 4]]) == [3, 1, 2, 4]
    assert fuse([[5, 6]]) == [5, 6] and fuse([]) == []


def test_a_table_gives_the_nearest_first_and_leaves_out_other_sizes() -> None:
    rows = [(1, pack([1.0, 0.0])), (2, pack([0.0, 1.0])), (3, b"\0"), (4, pack([0.6, 0.8]))]
    near = Table(rows, 2).nearest([0.0, 1.0], 2)
    assert [number for number, _ in near] == [2, 4] and math.isclose(near[1][1], 0.8, abs_tol=1e-3)
    assert Table([], 2).nearest([0.0, 1.0], 2) == []


# -- words -----------------------------------------------------------------------------------------------------


def test_stems_are_the_same_for_forms_of_a_word() -> None:
    for forms in (
        ["inspect", "inspected", "inspection", "inspects"],
        ["carry", "carried", "carries"],
        ["bleed", "bled"],
        ["twelve", "12"],
    ):
        assert len(set(map(stem, forms))) == 1, forms


@pytest.mark.parametrize(
    ("asked", "fits", "not_"),
    [
        ("how much does it cost", "It is 5 euros.", "It has 5 legs."),
        ("how many keys are there", "There are three keys.", "Keys are lost after three days."),
        ("when is it open", "On Monday.", "In the cellar."),
        ("who is the landlord", "Ask Mr Brandt.", "Ask the landlord."),
        ("门票多少钱", "每张四十元。", "一楼有四十张。"),
        ("下午有几节课", "下午三节课。", "三楼有课。"),
        ("电话是多少", "五五零八二一六", "三次"),
    ],
)
def test_a_kind_of_answer_is_known_by_its_looks(asked: str, fits: str, not_: str) -> None:
    assert question(asked).fits(fits) and not question(asked).fits(not_)


# -- summaries -------------------------------------------------------------------------------------------------


def test_parts_hold_every_sentence_once() -> None:
    texts = [f"Sentence number {number} is here." for number in range(300)]
    passages = [
        document_store.Passage(at, "a", Chunk("\n".join(texts[max(0, at - 2) : at + 10]), "A", 0)) for at in range(0, 300, 10)
    ]
    made, left_out = parts(passages)
    assert "\n".join(made).split("\n") == texts and left_out == 0


def test_a_line_that_is_not_of_its_part_is_replaced() -> None:
    text = "The pump runs for two minutes.\nThe pump drives air out of the pipes.\nCall us."
    assert (
        holds("The pump runs two minutes.", text)
        and not holds("Your name is Anna and you live in Oslo.", text)
        and not holds("", text)
    )
    assert central(text).startswith("The pump")


def test_names_as_they_are_said() -> None:
    assert spoken_name("manuals/boiler-manual_2.pdf") == "boiler manual 2"


# -- the evaluation --------------------------------------------------------------------------------------------


def test_the_documents_of_the_evaluation_are_enough() -> None:
    made = sets()
    assert len(made) >= 6 and {one["language"] for one in made} == {"en", "zh"}
    assert sum(len(one["asked"]) for one in made) >= 120 and sum(len(one["not_asked"]) for one in made) >= 60
    tuned = {text for one in sets(Path("tests/documents_dev")) for text in one["not_asked"]}
    assert not tuned & {text for one in made for text in one["not_asked"]}


def test_a_quick_evaluation_gives_every_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.config import load_config

    result = measure(load_config(Path(os.devnull), ["embed.engine=none"]), True)
    assert {name.split(".")[0] for name in result.figures} == {
        "reached",
        "found",
        "answered",
        "wrong",
        "refused",
        "refused in the end",
    }
    assert result.figures["reached.en, words"].value > 0.9 and result.figures["reached.zh, words"].value > 0.9


def test_a_broken_store_is_one_line_in_a_turn(folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder.write_text("a file where a folder should be")
    found = Documents(DocumentStore(folder))
    found.store.exists = lambda: True  # type: ignore[method-assign]
    with caplog.at_level(logging.WARNING):
        assert found.quote("what should the water pressure be", "en") is None
    assert len(caplog.records) == 1 and "cannot be read or written" in caplog.text
    found.close()
