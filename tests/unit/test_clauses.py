"""Cutting a streaming reply into clauses."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.dialogue.clauses import MAX_CHARACTERS, ClauseCutter


def cut(pieces: list[str]) -> list[str]:
    cutter = ClauseCutter()
    return [clause for piece in pieces for clause in cutter.push(piece)] + cutter.flush()


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Hello there, Anna. How are you?", ["Hello there,", " Anna.", " How are you?"]),
        ("Hi, Anna. Fine.", ["Hi, Anna.", " Fine."]),
        ("It is 3.5 degrees. Cold!", ["It is 3.5 degrees.", " Cold!"]),
        ("At 9:20 a.m. we met Dr. Smith. He left.", ["At 9:20 a.m. we met Dr. Smith.", " He left."]),
        ("J. R. Tolkien wrote it. Yes.", ["J. R. Tolkien wrote it.", " Yes."]),
        ("See example.com/a.b. Then go.", ["See example.com/a.b.", " Then go."]),
        ("Well... maybe. Yes.", ["Well...", " maybe.", " Yes."]),
        ("Bring milk, eggs, etc. and go. Now.", ["Bring milk, eggs,", " etc. and go.", " Now."]),
        ('He said "Stop." Then he left.', ['He said "Stop."', " Then he left."]),
        ("1. First\n2. Second", ["1. First\n", "2. Second"]),
        ("Really?! Yes.", ["Really?!", " Yes."]),
        ("你好，我是助手。今天3.5度！好", ["你好，我是助手。", "今天3.5度！", "好"]),
        ("今天天气很好，我们出去吧。", ["今天天气很好，", "我们出去吧。"]),
        ("no end", ["no end"]),
        ("", []),
    ],
)
def test_clauses_end_where_a_speaker_would_pause(text: str, clauses: list[str]) -> None:
    assert cut(list(text)) == clauses
    assert cut([text]) == clauses


def test_a_clause_is_never_longer_than_its_bound() -> None:
    text = "word " * 300
    clauses = cut([text])
    assert "".join(clauses) == text
    assert all(len(clause) <= MAX_CHARACTERS for clause in clauses)
    assert all(clause.endswith(" ") for clause in clauses)
    assert [len(clause) for clause in cut(["x" * 450])] == [200, 200, 50]


@given(st.text(alphabet=" aB.,!?:;3\n。，你e", max_size=400), st.lists(st.integers(1, 20), min_size=1, max_size=50))
@example("3333。。", [2])
def test_the_cuts_do_not_depend_on_how_the_text_came(text: str, lengths: list[int]) -> None:
    pieces: list[str] = []
    at = 0
    while at < len(text):
        step = lengths[len(pieces) % len(lengths)]
        pieces.append(text[at : at + step])
        at += step
    by_character = cut(list(text))
    assert "".join(by_character) == text
    assert cut(pieces) == by_character
