"""A likely command beside the words: when it is offered, and when it may be taken."""

import pytest

from assistant.engines.fakes_hearing import FakeTranscriber
from assistant.listen.commands import CoupledSession, compare, distance
from assistant.protocols import SpokenWord
from assistant.protocols_skills import Instead

LIKELY = ("turn on the fan", "turn off the fan", "turn off the kitchen light", "打开台灯", "stop")


def words(text: str, **sure: float) -> list[SpokenWord]:
    return [SpokenWord(word, 0.0, 0.0, sure.get(word, 1.0)) for word in text.split()]


@pytest.mark.parametrize(
    ("one", "other", "letters"), [("", "", 0), ("fan", "fan", 0), ("fan", "than", 2), ("", "fan", 3), ("on", "off", 2)]
)
def test_letters_that_differ(one: str, other: str, letters: int) -> None:
    assert distance(one, other) == distance(other, one) == letters


@pytest.mark.parametrize(("text", "sure", "heard", "offered"), [
    ("turn off the cat", {"cat": 0.5}, "turn off the fan", (True, False)),
    ("turn off the cat", {"cat": 1.0}, "turn off the fan", (False, False)),
    ("turn off kitchen light", {}, "turn off the kitchen light", (True, False)),  # nothing that is sure differs
    ("turn off the", {"the": 0.2}, "turn off the fan", (True, False)),
    ("turn off the fan", {}, "turn off the fan", None),
    ("tell me about the old fan", {"old": 0.1}, "turn off the fan", None),
    ("good morning", {"morning": 0.1}, "stop", None),
    ("the kitchen light is nice", {"nice": 0.1, "is": 0.1}, "turn off the kitchen light", None),
    ("", {}, "stop", None),
    ("turn on the fan", {"on": 0.5}, "turn off the fan", (True, True)),  # both are likely: the list decides
    ("turn on the fan", {"on": 1.0}, "turn off the fan", (False, False)),  # clear words do
    ("打开 台", {"台": 0.5}, "打开台灯", (True, False)),
])  # fmt: skip
def test_what_is_offered(text: str, sure: dict[str, float], heard: str, offered: tuple[bool, bool] | None) -> None:
    said = text.replace(" ", "") if text[:1] >= "\u4e00" else text
    assert compare(said, words(text, **sure), heard, said in LIKELY) == (Instead(heard, *offered) if offered else None)


def coupled(transcriber: FakeTranscriber, *said: str, likely: tuple[str, ...] = LIKELY) -> CoupledSession:
    session = CoupledSession(transcriber, likely)
    for word in said:
        session.feed(word.encode().ljust(1024, b"\0"))
    return session


def test_both_sessions_hear_and_the_open_one_is_what_was_said() -> None:
    transcriber = FakeTranscriber()
    transcriber.takes_grammar = True
    transcriber.listed["turn off the cat"] = ("turn off the fan", 0.9)
    transcriber.sure["cat"] = 0.4
    session = coupled(transcriber, "turn", "off", "the", "cat")
    assert session.instead is None
    assert session.finish() == session.finish() == "turn off the cat" and session.instead == Instead("turn off the fan", True)
    assert [word.word for word in session.words] == ["turn", "off", "the", "cat"] and session.unknown == 0
    assert transcriber.grammars == [None, LIKELY]


def test_the_list_is_not_asked_for_its_last_word_on_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """That may take seconds, in which nothing is heard (docs/decisions/0022-wake-second-look.md)."""
    transcriber = FakeTranscriber()
    transcriber.takes_grammar = True
    session = coupled(transcriber, "tell", "me", "about", "it")
    assert session._listed is not None
    monkeypatch.setattr(session._listed, "finish", lambda: pytest.fail("asked"))
    assert session.finish() == "tell me about it" and session.instead is None


@pytest.mark.parametrize(("listed", "sure"), [("turn off the fan", 0.5), ("turn off fan", 1.0), ("", 1.0)])
def test_what_is_unsure_or_no_sentence_of_the_list_is_not_offered(listed: str, sure: float) -> None:
    transcriber = FakeTranscriber()
    transcriber.takes_grammar = True
    if listed:
        transcriber.listed["turn off the cat"] = (listed, sure)
    session = coupled(transcriber, "turn", "off", "the", "cat")
    assert session.finish() == "turn off the cat" and session.instead is None


@pytest.mark.parametrize(("takes", "likely"), [(False, LIKELY), (True, ())])
def test_there_is_no_second_session_without_a_grammar(takes: bool, likely: tuple[str, ...]) -> None:
    transcriber = FakeTranscriber()
    transcriber.takes_grammar = takes
    session = coupled(transcriber, "turn", "off", likely=likely)
    assert session.finish() == "turn off" and session.instead is None and transcriber.grammars == [None]
