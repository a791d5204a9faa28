"""Cutting a streaming reply into clauses, and the pace that decides where."""

import math
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.dialogue.clauses import MAX_CHARACTERS, ClauseCutter, breath_groups
from assistant.dialogue.pace import Pace, Paces
from assistant.dialogue.spoken import SpokenForm
from tests.unit.test_spoken import corpus


def cut(pieces: list[str], pace: Pace | None = None, buffered_s: float = math.inf) -> list[str]:
    cutter = ClauseCutter(pace)
    clauses = []
    for piece in pieces:
        cutter.push(piece)
        while (clause := cutter.take(buffered_s)) is not None:
            clauses.append(clause)
    cutter.close()
    while (clause := cutter.take(buffered_s)) is not None:
        clauses.append(clause)
    return clauses


def slow(code: str = "en", slowly: float = 1.0) -> Pace:
    """A small board: 30 ms to write a letter, 25 ms to make sound of it, 66 ms to say it; in Chinese three times as long."""
    pace, letters = Pace(code, lambda: slowly), "长" * 33 if code == "zh" else "a" * 100
    pace.wrote(letters, 3.0)
    pace.spoke(letters, 2.5, 6.6)
    return pace


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Hello there, Anna. How are you?", ["Hello there,", " Anna.", " How are you?"]),
        ("Hi, Anna. Fine.", ["Hi, Anna.", " Fine."]),
        ("It is 3.5 degrees. Cold!", ["It is 3.5 degrees.", " Cold!"]),
        ("At 9 a.m. we met Dr. Wu. He left.", ["At 9 a.m. we met Dr. Wu.", " He left."]),
        ("We met at 9:20 a.m. Then we left.", ["We met at 9:20 a.m.", " Then we left."]),
        ("J. R. Tolkien wrote it. Yes.", ["J. R. Tolkien wrote it.", " Yes."]),
        ("We met Prof. Miller. He left.", ["We met Prof. Miller.", " He left."]),
        ("See example.com/a.b. Then go.", ["See example.com/a.b.", " Then go."]),
        ("Use https://a.b/c?d=e,f! Then go.", ["Use https://a.b/c?d=e,f!", " Then go."]),
        ("It is approx. 5 km. Walk.", ["It is approx. 5 km.", " Walk."]),
        ("He is no. 5. I said no. Stop.", ["He is no. 5.", " I said no.", " Stop."]),
        ("It was 12 mm wide. Then 20.5 m. Yes.", ["It was 12 mm wide.", " Then 20.5 m.", " Yes."]),
        ("Due Nov. 23. It is late in Nov. Really.", ["Due Nov. 23.", " It is late in Nov.", " Really."]),
        ("Well... maybe. Yes.", ["Well...", " maybe.", " Yes."]),
        ("Bring milk, eggs, etc. and go. Now.", ["Bring milk, eggs,", " etc. and go.", " Now."]),
        ("Bring it etc. Then go.", ["Bring it etc.", " Then go."]),
        ('He said "Stop." Then he left.', ['He said "Stop."', " Then he left."]),
        ("**Bold.** Then he left.", ["**Bold.**", " Then he left."]),
        ("1. First\n2. Second", ["1. First\n", "2. Second"]),
        ("# A\n\n- b\n  - c", ["# A\n\n", "- b\n  ", "- c"]),
        ("Really?! Yes.", ["Really?!", " Yes."]),
        ("你好，我是助手。今天3.5度！好", ["你好，我是助手。", "今天3.5度！", "好"]),
        ("今天天气很好，我们出去吧。", ["今天天气很好，", "我们出去吧。"]),
        ("他说“好。”然后走了。", ["他说“好。”", "然后走了。"]),
        ("时间是9：20，好。走！！好", ["时间是9：20，", "好。", "走！！", "好"]),
        ("好的!我来. 走", ["好的!", "我来.", " 走"]),
        ("We met Gen. Lee. He is 5 ft. tall.", ["We met Gen. Lee.", " He is 5 ft. tall."]),
        ("It was 5 ft. Then 6 oz. of it.", ["It was 5 ft.", " Then 6 oz. of it."]),
        ("A Ph.D. in physics. Yes.", ["A Ph.D. in physics.", " Yes."]),
        ("The U.S. Army left. Yes.", ["The U.S. Army left.", " Yes."]),
        ("It is in the U.S. The rest is not.", ["It is in the U.S.", " The rest is not."]),
        ("See sec. 3 and ext. 12. Yes.", ["See sec. 3 and ext. 12.", " Yes."]),
        ("Open Mon. to Fri. now. Yes.", ["Open Mon. to Fri. now.", " Yes."]),
        ('<img alt="A cat. It sleeps."> Yes.', ['<img alt="A cat. It sleeps."> ', "Yes."]),
        ("[Hello, you. Go](https://a.b/c), he said.", ["[Hello, you. Go](https://a.b/c),", " he said."]),
        ("请看[说明。好，的](https://a.b/c)。好", ["请", "看[说明。好，的](https://a.b/c)。", "好"]),
        ("If x<y, then stop.", ["If x<y,", " then stop."]),
        ("no end", ["no end"]),
        ("", []),
    ],
)
def test_clauses_end_where_a_speaker_would_pause(text: str, clauses: list[str]) -> None:
    """Where time costs nothing: the first mark ends the first clause, then sentences do."""
    code = "zh" if any(character > "\u4e00" for character in text) else "en"
    assert cut(list(text), Pace(code)) == clauses
    assert cut([text], Pace(code)) == clauses


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("Hello there,", True),
        ("今天天气很好，", True),
        ("It costs about 3,", False),
        ("**Hello there,", False),
        ('He said "Hello,', False),
        ("See https://a.org/some,", False),
        ("Hello there.", False),
    ],
)
def test_a_comma_behind_a_word_ends_a_clause_whatever_comes(text: str, ends: bool) -> None:
    cutter = ClauseCutter(Pace("zh" if "天" in text else "en"))
    cutter.push(text)
    assert cutter.take() == (text if ends else None)


@pytest.mark.parametrize(
    "text",
    [
        '"Hello there, my very old and dear friend," he said. Then he left.',
        "**The first one is rather long, and so is the second one,** he said. Yes.",
        "We go on (with the first one, and with the second one,) and then home. Yes.",
        "He whispered 'well then my friend,' and left the room. Yes.",
    ],
)
def test_a_comma_in_something_that_is_open_waits(text: str) -> None:
    for clause in cut(list(text), slow(), 1.0):
        assert not clause.lstrip().startswith(('" ', "** ", ") ", "' ")), clause


def test_a_clause_is_never_longer_than_its_bound() -> None:
    text = "word " * 300
    clauses = cut([text])
    assert "".join(clauses) == text
    assert all(Pace().weight(clause) * Pace().sound_s <= Pace().measure.aim_s for clause in clauses)
    assert all(clause.endswith(" ") for clause in clauses)
    assert cut(["x" * 450]) == ["x" * MAX_CHARACTERS] * 2 + ["x" * 50]  # see `breath_groups`
    assert cut(["长" * 10 + "42.195公里"], Pace("zh")) == ["长" * 10, "42.195公里"]
    quick = Pace()
    quick.spoke("a" * 1000, 0.0, 1.0)  # a letter a millisecond: the characters bound it
    assert [len(clause) for clause in cut(["x" * 450], quick)] == [MAX_CHARACTERS, MAX_CHARACTERS, 50]


@pytest.mark.parametrize("code", ["en", "zh"])
def test_cut_or_whole_the_same_is_said(code: str) -> None:
    """A number, a date, a unit or a link is said as what it is, wherever a clause ends and however the text came."""
    for text, said in corpus(code):
        for slowly in (1.0, 1.6):
            for pieces in ([text], list(text), re.findall(r"\w+|\W", text)):
                for buffered_s in (math.inf, 0.5):
                    clauses = cut(pieces, slow(code, slowly), buffered_s)
                    assert "".join(clauses) == text
                    assert letters("".join(map(SpokenForm(code), clauses))) == letters(said), clauses


def test_a_link_is_not_read_out_however_long_its_words_are() -> None:
    form = SpokenForm("en")
    text = "Read [the manual, which is rather long, and winding too](https://example.com/manual) first, then go."
    assert (
        " ".join(filter(None, map(form, cut(list(text)))))
        == "Read the manual, which is rather long, and winding too first, then go."
    )


@pytest.mark.parametrize("code", ["en", "zh"])
def test_a_voice_is_given_no_more_than_a_clause_of_sound_at_a_time(code: str) -> None:
    pace = slow(code)
    for _, said in corpus(code):
        parts = list(breath_groups(said, pace))
        assert "".join(parts) == said and (all(parts) or not said)
        assert all(pace.weight(part) * pace.sound_s <= pace.measure.aim_s or len(part) == 1 for part in parts)
    assert list(breath_groups("", pace)) == [""]
    date = "November twenty-third, twenty twenty-six"
    assert list(breath_groups(date, slow())) == ["November twenty-third,", " twenty twenty-six"]
    assert list(breath_groups("x" * 40, slow())) == ["x" * 36, "x" * 4]


def test_a_long_sentence_ends_at_its_last_mark_in_time() -> None:
    assert cut(["aaaa " * 6 + "is 12 mm wide"])[0] == "aaaa " * 6 + "is "  # not between a number and its unit
    text = "I like the sea, the green hills, and a quiet evening with friends at home by the fire. Yes."
    assert cut(list(text)) == [
        "I like the sea,",
        " the green hills,",
        " and a quiet evening with friends ",
        "at home by the fire.",
        " Yes.",
    ]


def test_the_first_clause_lasts_until_the_second_can_be_heard() -> None:
    text = "Yes, it is. That is so, as I told you. You can take the train at noon."
    assert cut(list(text), slow())[0] == "Yes, it is. That is so,"
    assert cut([text], Pace())[0] == "Yes, it is."
    fast = Pace()
    fast.wrote("a" * 100, 0.5)
    fast.spoke("a" * 100, 0.5, 6.6)
    assert cut(list(text), fast)[0] == "Yes, it is."


def test_a_comma_ends_a_clause_where_the_sound_runs_out() -> None:
    cutter = ClauseCutter(slow())
    cutter.push("This is a sentence that is long. ")
    assert cutter.take(0.0) == "This is a sentence that is long."
    cutter.push("Then there is more, ")
    assert cutter.take(5.0) is None  # there is time to wait for the sentence's end
    assert cutter.take(1.0) == " Then there is more,"
    cutter.push("and without a mark it goes on")
    assert cutter.take(0.0) is None  # silence is no reason to cut a phrase in two


def test_where_sound_is_made_too_slowly_the_first_mark_will_do() -> None:
    pace = Pace()
    pace.wrote("a" * 100, 6.0)
    pace.spoke("a" * 100, 6.0, 6.6)
    assert cut(list("Yes, it is. You can take the train at noon, or the bus."), pace)[0] == "Yes, it is."


def test_the_pace_is_what_was_measured_lately() -> None:
    pace = Pace()
    assert pace.write_s == pace.make_s == 0 and pace.sound_s == 0.066
    pace.wrote("abcde", 0.1)
    assert pace.write_s == pytest.approx(0.02)
    assert pace.make_s == pytest.approx(0.02)  # before a voice was heard
    for _ in range(200):
        pace.wrote("abcde", 0.2)
    assert pace.write_s == pytest.approx(0.04, rel=0.05)
    pace.spoke("abcde fghi", 0.3, 0.7)
    assert pace.make_s == pytest.approx(0.03) and pace.sound_s == pytest.approx(0.07)
    assert pace.weight("12 %") > pace.weight("ab c")
    pace.spoke("", 0.0, 0.0)


def test_each_language_has_its_own_pace() -> None:
    paces = Paces()
    assert paces("zh") is paces("zh") and paces("zh") is not paces("en") and paces("xx") is paces("en")
    assert paces("zh").weight("你好") > paces("zh").weight("ab")


@given(st.text(alphabet=" aB.,!?:;3\n。，你etc", max_size=400), st.lists(st.integers(1, 20), min_size=1, max_size=50))
@example("3333。。", [2])
@example("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa etc. B and so on", [3])
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


@given(st.text(alphabet=" aB.,!?:;3\n。，你e", max_size=300), st.floats(0, 6))
def test_whatever_is_buffered_all_of_the_text_is_said(text: str, buffered_s: float) -> None:
    clauses = cut(list(text), slow(), buffered_s)
    assert "".join(clauses) == text and all(clauses)
