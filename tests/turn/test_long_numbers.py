"""A number that sounds longer than a clause may: it is said in parts, as what it is, and what of it was heard is known."""

from collections.abc import Iterator
from itertools import takewhile

from assistant import events
from assistant.cancel import CancelToken
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.kit import Kit, TurnRequest, Waiting
from assistant.dialogue.prompt import Prompt
from assistant.dialogue.turn import Turn
from assistant.engines.fakes import VOICE_RATE, FakeClock, FakeModel, FakeRouter, FakeSink
from assistant.languages.words import word_spans
from assistant.protocols import AudioChunk, Mark, Sampling

TEXT = "Then 1,234,567,890,123 people came."


class MarkingVoice:
    """Half a second a word, and says where each ends."""

    name, rate = "marking", VOICE_RATE

    def __init__(self) -> None:
        self.given: list[str] = []

    def synthesize(self, text: str, cancel: CancelToken, slowly: float = 1.0) -> Iterator[AudioChunk]:
        self.given.append(text)
        ends = [end for _, end in word_spans(text)]
        marks = [Mark(0.5 * number, end) for number, end in enumerate(ends, 1)]
        yield AudioChunk(bytes(VOICE_RATE * len(ends)), VOICE_RATE, marks)


def test_it_is_made_in_parts_and_heard_as_one() -> None:
    clock, voice, model = FakeClock(), MarkingVoice(), FakeModel(4096)
    talk = Conversation("voice", model, Prompt(model), "Be kind.", 10_000)
    kit = Kit(conversation=lambda _: talk, voices={"en": voice}, router=FakeRouter(), sampling=Sampling(), clock=clock)
    turn = Turn(TurnRequest("", say=TEXT, sink=FakeSink(clock, capacity_s=60.0)), 1, kit, CancelToken())
    said = turn.speak(turn.cut(turn.answer()))
    clauses = [item for item in takewhile(lambda item: not isinstance(item, Waiting), said) if isinstance(item, events.Clause)]
    assert [clause.text for clause in clauses] == ["Then ", "1,234,567,890,123 ", "people came."]
    number = clauses[1].spoken
    parts = voice.given[1:-1]
    assert "".join(parts) == number and len(parts) > 2
    heard, words = {}, len(word_spans(number))
    for word in range(words + 3):
        heard[word] = turn.heard()
        clock.advance(0.5)
    assert heard[1] == "Then "  # nothing of a number counts as heard before all of it was
    assert {heard[word] for word in range(2, words + 1)} == {"Then "}
    assert heard[words + 1] == "Then 1,234,567,890,123 "
