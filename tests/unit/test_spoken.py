"""The spoken form: a golden corpus for each language, and what holds for any text.

The corpus stands in tests/golden: a line is a text, a tab, and what a careful speaker says; \\n in it is a new line.
"""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from re import _constants, _parser  # the one way to look into a pattern

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.dialogue import markup, spoken
from assistant.dialogue.spoken import LANGUAGES, SpokenForm
from assistant.languages.spelling import Rule

GOLDEN = Path(__file__).parent.parent / "golden"
MARKS = set("*_`#~^|<>{}[]\\")
ANY_TEXT = st.text(max_size=200) | st.text(
    alphabet="a Bx0123456789.,:;!?/-–+*=%$€¥°()[]{}<>|#_`~^\"'&@\n½²３年月日点个万，。：℃", max_size=120
)


def corpus(code: str) -> list[tuple[str, str]]:
    lines = (GOLDEN / f"spoken_{code}.tsv").read_text(encoding="utf-8").splitlines()
    return [(text.replace("\\n", "\n"), said) for text, _, said in (line.partition("\t") for line in lines)]


LINES = [(code, text, said) for code in LANGUAGES for text, said in corpus(code)]


@pytest.mark.parametrize(("code", "text", "said"), LINES)
def test_the_golden_corpus(code: str, text: str, said: str) -> None:
    assert spoken.spoken(text, code) == said
    assert spoken.spoken(said, code) == said  # what is said is said the same again


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_corpus_is_large(code: str) -> None:
    assert len({text for text, _ in corpus(code)}) >= 200


@given(ANY_TEXT, st.sampled_from(LANGUAGES))
@example("![a](b", "en")
@example("٣ apples ①", "en")
@example("1e5 0x1F 1/0 0/0 99:99 12/31/0000", "en")
@example("0/0 2个2 2-2 -2 ２％", "zh")
@example("{", "en")
def test_whatever_is_written_no_digit_and_no_mark_is_said(text: str, code: str) -> None:
    said = spoken.spoken(text, code)
    assert not any(character.isdigit() for character in said)
    assert not MARKS & set(said)
    assert said == said.strip() and "\n" not in said


def test_code_and_json_are_not_read_out_even_across_clauses() -> None:
    form = SpokenForm("en")
    said = [form(clause) for clause in ("Here it is:\n```python\nprint(1)\n", "x = 2\n", "```\nThat was it.", " Bye.")]
    assert said == ["Here it is:", "", "That was it.", "Bye."]
    form = SpokenForm("en")
    said = [form(clause) for clause in ('Look: {"a": 1,\n', '"b": {"c": 2}\n', "}. Fine.")]
    assert said == ["Look:", "", "Fine."]


def test_a_brace_that_opens_nothing_silences_nothing() -> None:
    assert spoken.spoken("A set {a, b} has two. {", "en") == "A set a, b has two."
    form = SpokenForm("en")
    assert [form('{"a": 1\n\nStill here.'), form(" Yes.")] == ["Still here.", "Yes."]


def rules() -> Iterator[Rule]:
    yield from markup._INLINE
    for code in LANGUAGES:
        yield from import_module(f"assistant.languages.{code}.spoken").RULES
        yield from spoken._MARKS[code]
        yield from spoken._addresses(code)


def repeats(parsed: object) -> Iterator[tuple[int, int]]:
    """The largest counts of a pattern's repeats, and the product of those that stand in one another."""
    for op, value in parsed:  # type: ignore[attr-defined]
        if op in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
            inner = list(repeats(value[2]))
            yield value[1], value[1] * max((product for _, product in inner), default=1)
            yield from inner
        else:
            for part in value if isinstance(value, (tuple, list)) else ():
                for piece in part if isinstance(part, list) else [part]:
                    if isinstance(piece, _parser.SubPattern):
                        yield from repeats(piece)


def test_no_rule_can_run_away() -> None:
    """Every repeat is bounded, so the work on a text grows with its length and no faster, whatever it holds."""
    for pattern, _ in rules():
        for most, product in repeats(_parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)):
            assert most <= 500 and product <= 2000, pattern.pattern


@pytest.mark.parametrize(
    "unit", ["1", "1.", "1,234", "a.", "a-", "<a ", "[", "![](", "*", "1/2 ", " ", "(", "二", "2个", "-", "😀", "+1 "]
)
def test_a_long_page_is_said_to_its_end(unit: str) -> None:
    for code in LANGUAGES:
        text = unit * (10_000 // len(unit)) + " End。"
        assert spoken.spoken(text, code).lower().endswith(("end", "end。", "end."))
