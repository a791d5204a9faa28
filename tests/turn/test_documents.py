"""Documents in a turn: said as they stand with their source, or read by the model, whose answer names the source too."""

from dataclasses import replace

import pytest

from assistant import events
from assistant.dialogue.kit import TurnRequest
from assistant.dialogue.quotes import Quote, backed
from assistant.engines.fakes import FakeSession
from tests.turn.world import World

SENTENCE = "The pressure should be 1.5 bar."
SOURCE = "That is from the boiler manual, page 3."


class Shelf:
    """Answers one question."""

    def __init__(self, sure: bool) -> None:
        self.sure = sure

    def quote(self, text: str, code: str) -> Quote | None:
        return Quote(SENTENCE, f"{SENTENCE} Refill it slowly.", SOURCE, self.sure) if "pressure" in text else None


def world(sure: bool) -> World:
    made = World()
    made.brain._kit = replace(made.brain._kit, documents=Shelf(sure))
    return made


def ask(made: World, text: str, reply: str = "") -> str:
    if reply:
        made.model.enqueue(reply)
    made.brain.submit(TurnRequest(text, conversation="chat"))
    made.run()
    (done,) = [event.assistant for event in made.events() if isinstance(event, events.Completed)]
    return done


def test_a_sure_sentence_is_said_with_its_source_and_without_the_model() -> None:
    made = world(sure=True)
    assert ask(made, "what should the pressure be") == f"{SENTENCE} {SOURCE}"
    assert made.model.prompts == []
    assert [past.assistant for past in made.talks["chat"].history.exchanges] == [f"{SENTENCE} {SOURCE}"]


def test_it_is_heard_as_tool_events_between_start_and_end() -> None:
    made = world(sure=True)
    made.brain.submit(TurnRequest("what should the pressure be", conversation="chat"))
    made.run()
    names = [type(event).__name__ for event in made.events()]
    assert names == ["TurnStarted", "ToolCalled", "Token", "Token", "ToolReturned", "Completed"]


def test_an_unsure_passage_is_read_by_the_model_and_its_source_is_named() -> None:
    made = world(sure=False)
    assert ask(made, "is the pressure right", "It should be 1.5 bar.") == f"It should be 1.5 bar. {SOURCE}"
    assert f"{SENTENCE} Refill it slowly." in made.model.prompts[-1]
    assert made.talks["chat"].history.exchanges[-1].assistant == f"It should be 1.5 bar. {SOURCE}"


def test_a_passage_is_evaluated_while_somebody_speaks() -> None:
    made = world(sure=False)
    for words in ("is the", "is the pressure", "is the pressure all", "is the pressure all right"):
        made.brain.partial("chat", words)
        made.run()
    session = made.talks["chat"].session
    before = session.evaluated
    ask(made, "is the pressure all right", "It should be 1.5 bar.")
    assert f"{SENTENCE} Refill it slowly." in made.model.prompts[-1]
    assert session.evaluated - before < len(SENTENCE)
    alone = world(sure=False)
    ask(alone, "is the pressure all right", "It should be 1.5 bar.")
    assert alone.model.prompts[-1] == made.model.prompts[-1]


@pytest.mark.parametrize("sure", [True, False])
def test_a_passage_that_the_end_takes_back_leaves_nothing_behind(sure: bool) -> None:
    """And one that would be said as it stands is not read by the model: nothing of it is evaluated."""
    made = world(sure)
    for words in ("is the pressure on", "is the pressure on me"):
        made.brain.partial("chat", words)
        made.run()
    session = made.talks["chat"].session
    assert isinstance(session, FakeSession) and (SENTENCE in session.text()) is not sure
    ask(made, "is there any on me", "No.")
    assert SENTENCE not in made.model.prompts[-1]


def test_no_source_is_named_for_what_does_not_stand_there() -> None:
    assert ask(world(sure=False), "is the pressure right", "I do not know.") == "I do not know."


def test_what_was_told_goes_before_documents() -> None:
    made = world(sure=True)
    made.found = {"what is the pressure": ["the pressure is low"]}
    assert ask(made, "what is the pressure", "It is low.") == "It is low."


def test_another_question_goes_to_the_model_alone() -> None:
    made = world(sure=True)
    assert ask(made, "how are you", "Fine.") == "Fine." and SENTENCE not in made.model.prompts[-1]


def test_a_reply_is_backed_by_what_the_question_does_not_say() -> None:
    assert backed("It is 15 bar.", "The pressure is 15 bar.", "what is the pressure")
    assert not backed("The pressure is good.", "The pressure is 15 bar.", "what is the pressure")
    assert backed("在一号食堂。", "午餐在一号食堂吃。", "午餐在哪里") and not backed(
        "我不知道。", "午餐在一号食堂吃。", "午餐在哪里"
    )
