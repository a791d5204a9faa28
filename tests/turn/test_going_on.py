"""Long spoken replies stop at a sentence's end and offer to go on; the scripted model's tokens are characters here."""

import pytest

from assistant import events
from assistant.dialogue.brain import Priority
from assistant.dialogue.going_on import Answer, long_enough, understood
from assistant.dialogue.kit import TurnRequest
from assistant.languages import joined, language
from tests.turn.world import World

OFFER = language("en").texts.go_on_offer
LONG = "One two three. Four five six. Seven eight nine. Ten eleven twelve."


def speak(world: World, text: str, code: str = "en") -> events.Completed:
    world.brain.submit(TurnRequest(text, sink=world.sink, language=code), Priority.VOICE)
    world.run()
    done = [event for event in world.events() if isinstance(event, events.Completed)]
    assert len(done) == 1
    return done[0]


def test_a_long_spoken_reply_stops_at_a_sentence_and_offers_to_go_on() -> None:
    world = World(spoken_tokens=30)
    world.model.enqueue(LONG, "Seven eight nine.", "Fine.")
    assert speak(world, "count").assistant == f"One two three. Four five six. {OFFER}"
    assert world.voice.spoken[-1] == OFFER
    last = world.talks["voice"].history.last
    assert last is not None and last.assistant == f"One two three. Four five six. {OFFER}"
    assert speak(world, "yes, please!").assistant == "Seven eight nine."
    prompt = world.model.prompts[-1]
    assert "assistant\nOne two three. Four five six.<|im_end|>" in prompt  # the piece that was not said is gone again
    assert prompt.endswith("user\nPlease go on where you stopped.<|im_end|>\n<|im_start|>assistant\n")
    speak(world, "yes")  # nothing was offered: this is talk
    assert world.model.prompts[-1].endswith("user\nyes<|im_end|>\n<|im_start|>assistant\n")


def test_no_space_stands_between_chinese_sentences() -> None:
    world = World(spoken_tokens=20)
    world.model.enqueue("一二三四五。 六七八九十。 一二三四五。", "好。")  # the scripted model's pieces are parted by spaces
    offer = language("zh").texts.go_on_offer
    assert speak(world, "数数", "zh").assistant == f"一二三四五。{offer}"
    assert world.voice.spoken[-1] == offer
    assert speak(world, "要", "zh").assistant == "好。"


@pytest.mark.parametrize(
    ("sentences", "code", "row"),
    [
        (["One.", "Two."], "en", "One. Two."),
        (["One.", "", "Two."], "en", "One. Two."),
        (["一。", "二！", "", "三？", "四"], "zh", "一。二！三？四"),
        (["他说：“好。”", "二。"], "zh", "他说：“好。”二。"),
        (["前台：8800", "出自《指南》。"], "zh", "前台：8800 出自《指南》。"),
        (["", "一。"], "zh", "一。"),
        ([], "zh", ""),
    ],
)
def test_sentences_in_a_row(sentences: list[str], code: str, row: str) -> None:
    assert joined(sentences, code) == row


def test_who_has_enough_is_left_in_peace() -> None:
    world = World(spoken_tokens=30)
    world.model.enqueue(LONG)
    speak(world, "count")
    assert speak(world, "No, thanks.").assistant == language("en").texts.go_on_declined
    assert len(world.model.prompts) == 1


def test_a_reply_that_was_interrupted_goes_on_when_asked() -> None:
    world = World()
    world.model.enqueue(LONG, "Three.")
    handle = world.brain.submit(TurnRequest("count", sink=world.sink), Priority.VOICE)
    while world.sink.played_ms() < 1000:
        if not world.brain.step():
            world.clock.advance(0.1)
    handle.cancel.cancel("barge_in")
    world.run()
    world.events()
    assert speak(world, "go on").assistant == "Three."
    assert "assistant\nOne two<|im_end|>" in world.model.prompts[-1]
    assert "user\nPlease go on where you stopped." in world.model.prompts[-1]


def test_a_reply_that_ends_there_offers_nothing() -> None:
    world = World(spoken_tokens=30)
    world.model.enqueue("One two three. Four five six.")
    assert speak(world, "count").assistant == "One two three. Four five six."


def test_text_is_as_long_as_it_is() -> None:
    world = World(spoken_tokens=30)
    world.model.enqueue(LONG, "More.")
    for text, reply in (("count", LONG), ("go on", "More.")):
        world.brain.submit(TurnRequest(text))
        world.run()
        assert [event.assistant for event in world.events() if isinstance(event, events.Completed)] == [reply]
    assert "user\ngo on<" in world.model.prompts[-1]


@pytest.mark.parametrize(
    ("reply", "following", "tokens", "over"),
    [
        ("It is so.", " Then", 64, True),
        ("It is so.", " Then", 63, False),
        ("It is so", " and", 100, False),
        ("It is so", " and", 160, True),
        ("Ask Dr.", " Smith", 100, False),
        ("It is 3.", "5", 100, False),
        ("It is so.", "\n", 100, False),
        ("It is so.\n", "Then", 100, True),
        ("是这样。", "然后", 80, True),
        ("是这样，", "然后", 80, False),
    ],
)
def test_it_stops_where_a_sentence_ends(reply: str, following: str, tokens: int, over: bool) -> None:
    assert long_enough(reply, following, tokens, 80) is over
    assert not long_enough(reply, following, tokens, 0)


@pytest.mark.parametrize(
    ("text", "last", "code", "answer"),
    [
        ("Go on.", "One.", "en", Answer.MORE),
        ("Continue, please", "One.", "en", Answer.MORE),
        ("go on", "", "en", None),
        ("Yes.", f"One. {OFFER}", "en", Answer.MORE),
        ("No.", f"One. {OFFER}", "en", Answer.ENOUGH),
        ("no", "One.", "en", None),
        ("why", f"One. {OFFER}", "en", None),
        ("继续。", "一。", "zh", Answer.MORE),
        ("好的", "一。要我继续吗？", "zh", Answer.MORE),
        ("不用了，", "一。要我继续吗？", "zh", Answer.ENOUGH),
        ("好的", "一。", "zh", None),
    ],
)
def test_what_is_said_to_the_offer(text: str, last: str, code: str, answer: Answer | None) -> None:
    assert understood(text, last, code) is answer


def test_go_on_is_a_skills_where_one_knows_it() -> None:
    world = World(spoken_tokens=3)
    world.router.answers["go on"] = lambda _: "Step two."
    world.model.enqueue("Hello there.")
    for text in ("hello", "go on"):
        world.brain.submit(TurnRequest(text, sink=world.sink), Priority.VOICE)
        world.run()
    assert [event.assistant for event in world.events() if isinstance(event, events.Completed)] == ["Hello there.", "Step two."]
