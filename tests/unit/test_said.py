"""How much of a clause was heard: to the word where the words are the same, by the voice's marks or by the played share."""

import pytest

from assistant.dialogue.said import Said
from assistant.languages.words import plain_words
from assistant.protocols import AudioChunk, Mark

RATE = 1000
TEXT = "The light is on, and the door is shut. "


def said(text: str, spoken: str, ends: list[tuple[float, str]], sound_s: float) -> Said:
    """A clause with a mark behind each of those words."""
    clause = Said(text, spoken, 500.0)
    marks = [Mark(at_s, spoken.index(word) + len(word)) for at_s, word in ends]
    clause.add(AudioChunk(bytes(2 * round(sound_s * RATE)), RATE, marks))
    clause.made()
    return clause


@pytest.mark.parametrize(
    ("now_ms", "heard"),
    [
        (0, ""),
        (500, ""),
        (699, ""),
        (700, "The"),
        (1300, "The light is on,"),
        (2499, "The light is on, and the door"),
        (2500, "The light is on, and the door is shut."),
        (2999, "The light is on, and the door is shut."),
        (3000, TEXT),
    ],
)
def test_it_is_kept_to_the_word_by_the_marks(now_ms: float, heard: str) -> None:
    ends = [(0.2, "The"), (0.5, "light"), (0.6, "is"), (0.8, "on"), (1.2, "and"), (1.3, "and the"), (1.6, "door"), (2.0, "shut")]
    assert said(TEXT, TEXT.strip(), ends, 2.5).heard(now_ms) == heard


@pytest.mark.parametrize(
    ("characters", "heard"),
    [
        (9, "The train"),
        (16, "The train leaves"),
        (19, "The train leaves at"),
        (24, "The train leaves at"),  # "nine" of what is written 9:20
        (31, "The train leaves at 9:20"),
        (36, "The train leaves at 9:20 from"),
    ],
)
def test_a_number_counts_when_all_of_it_was_said(characters: int, heard: str) -> None:
    spoken = "The train leaves at nine twenty from here."
    clause = Said("The train leaves at 9:20 from here.", spoken, 0.0)
    clause.add(AudioChunk(bytes(2 * RATE), RATE, [Mark(0.1, characters)]))
    clause.made()
    assert clause.heard(200) == heard


def test_a_clause_that_is_said_in_other_words_is_whole_or_nothing() -> None:
    clause = Said("20 °C", "twenty degrees Celsius", 0.0)
    clause.add(AudioChunk(bytes(2 * RATE), RATE))
    clause.made()
    assert [clause.heard(now) for now in (0, 500, 999, 1000)] == ["", "", "", "20 °C"]


def test_without_marks_the_played_share_tells() -> None:
    clause = Said("one two three four", "one two three four", 0.0)
    clause.add(AudioChunk(bytes(2 * RATE), RATE))
    clause.made()
    assert [clause.heard(now) for now in (0, 400, 450, 1000)] == ["", "one two", "one two", "one two three four"]


def test_a_part_without_marks_leaves_the_share() -> None:
    clause = Said("one two three four", "one two three four", 0.0)
    clause.add(AudioChunk(bytes(RATE), RATE, [Mark(0.1, 7)]))
    clause.add(AudioChunk(bytes(RATE), RATE))
    clause.made()
    assert clause.heard(450) == "one two"


def test_what_was_not_made_was_not_heard() -> None:
    """The turn was cut off while the voice was still at it."""
    clause = Said("One two. Three four.", "One two. Three four.", 0.0, expected_ms=2000)
    assert clause.heard(0) == clause.heard(5000) == ""
    clause.add(AudioChunk(bytes(2 * RATE), RATE))
    assert not clause.over(1000) and clause.heard(1000) == "One two."


def test_what_is_not_said_aloud_goes_with_what_was_before_it() -> None:
    silent = Said("```x = 1```", "", 700.0)
    assert silent.heard(699) == "" and silent.heard(700) == "```x = 1```"


@pytest.mark.parametrize(
    ("text", "spoken", "characters", "heard"),
    [
        ("**Two** lamps", "Two lamps", 3, "**Two**"),
        ("Yes (really) so", "Yes, really, so", 3, "Yes"),
        ("明天多云，有小雨。", "明天多云，有小雨。", 4, "明天多云，"),
        ("明天多云，有小雨。", "明天多云，有小雨。", 3, "明天多"),
        ("It’s “well-known” here", "It's well-known here", 9, "It’s “well-"),
    ],
)
def test_marks_on_paper_do_not_matter(text: str, spoken: str, characters: int, heard: str) -> None:
    clause = Said(text, spoken, 0.0)
    clause.add(AudioChunk(bytes(2 * RATE), RATE, [Mark(0.1, characters)]))
    clause.made()
    assert clause.heard(500) == heard


def test_words() -> None:
    assert plain_words("It’s 21 °C in_here — 你好, co-op!") == ["it's", "21", "c", "in", "here", "你", "好", "co", "op"]
