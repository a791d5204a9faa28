"""Somebody could not follow: "slower", said behind a reply and into one; the scripted model's tokens are characters here."""

from collections.abc import Callable

import pytest

from assistant import events
from assistant.audio.tempo import Tempo
from assistant.cancel import CancelToken
from assistant.dialogue.brain import Priority
from assistant.dialogue.kit import TurnRequest
from assistant.dialogue.turn import Turn
from assistant.languages import language
from assistant.listen.listener import FOLLOW_UPS
from assistant.protocols_hands import Hands
from assistant.skills.completeness import SentenceCompleteness
from assistant.skills.router import make_router
from tests.turn.world import World, shorthand

OFFER = language("en").texts.go_on_offer
PAUSE = ("",) * 3
REPLY = "One two three four. Five six seven eight nine ten."
LONG = " ".join(f"The number {number} comes next." for number in ("one", "two", "three", "four", "five", "six", "seven", "eight"))


class Slower(World):
    """A world whose voice can be told to be slower."""

    def __init__(self, **more: int) -> None:
        self.tempo = Tempo(None)
        router = make_router(["en"], hands=Hands(tempo=self.tempo))
        super().__init__(router=router, slowly=lambda: self.tempo.slowly, **more)  # type: ignore[arg-type]
        judge = SentenceCompleteness(router)
        self.completeness = {words: judge(words, "en") for words in ("slower", "say that again slower")}

    def ask(self, text: str) -> tuple[str, float]:
        """The reply, and for how many seconds it was heard."""
        since = self.sink.played_ms()
        self.brain.submit(TurnRequest(text, sink=self.sink), Priority.VOICE)
        self.run()
        replies = [event.assistant for event in self.events() if isinstance(event, events.Completed)]
        assert len(replies) == 1
        return replies[0], (self.sink.played_ms() - since) / 1000

    def ask_and_stop(self, reply: str, on_first: Callable[[], None] = lambda: None) -> None:
        """Somebody stops a reply as its sound begins: nothing of it was heard."""
        self.model.enqueue(reply)
        handle = self.brain.submit(TurnRequest("tell me", sink=self.sink), Priority.VOICE)
        while not any(isinstance(event, events.AudioStarted) for event in self.events()):
            assert self.brain.step()
        on_first()
        handle.cancel.cancel("stop")
        self.run()
        self.events()

    def interrupted(self, reply: str, *, at_s: float, stop: bool = False) -> None:
        """Somebody breaks a reply off in the midst, by a stop word, or by the wake word and more."""
        self.model.enqueue(reply)
        self.say("wake", "tell", "me", *PAUSE)
        while self.sink.played_ms() < 1000 * at_s:
            self.say("", frames_per_word=1)
        self.events()
        if stop:
            self.say("stop", "")
            self.run()
            assert shorthand(self.events())[-1] == "1 Cancelled stop"


def test_slower_says_the_last_reply_again_slower_and_so_is_the_next() -> None:
    world = Slower()
    world.model.enqueue(REPLY, REPLY)
    assert world.ask("count") == (REPLY, 5.0)
    assert world.ask("slower") == (REPLY, 5.0 * 1.25)
    assert world.ask("count again") == (REPLY, 5.0 * 1.25)
    assert world.ask("say that again slower") == (REPLY, 5.0 * 1.6)
    assert world.ask("normal speed")[0] == "I speak at my usual speed."
    assert set(world.voice.slowly[-1:]) == {1.0}
    assert [past.user for past in world.talks["voice"].history.exchanges][:2] == ["count", "slower"]
    assert world.model.prompts[-1].endswith("user\ncount again<|im_end|>\n<|im_start|>assistant\n")
    assert "user\nslower<|im_end|>\n<|im_start|>assistant\nOne two" in world.model.prompts[-1]


def test_slower_ends_at_once_and_is_heard_behind_a_wake_word() -> None:
    world = Slower()
    world.model.enqueue(REPLY)
    world.ask("count")
    world.say("wake", "slower", *PAUSE)
    world.run()
    lines = shorthand(world.events())
    assert any(line.endswith("Transcript 'slower' whole") for line in lines)
    assert lines[-1].endswith(f"Completed 'slower' {REPLY!r}") and world.voice.slowly[-1] == 1.25


@pytest.mark.parametrize("stop", [False, True])
def test_a_reply_that_was_broken_off_is_said_again_from_its_beginning_to_its_end(stop: bool) -> None:
    world = Slower()
    world.interrupted(REPLY, at_s=0.9, stop=stop)
    world.say("wake", "slower", *PAUSE)
    world.run()
    assert shorthand(world.events())[-1].endswith(f"Completed 'slower' {REPLY!r}")
    first, again = world.talks["voice"].history.exchanges
    assert REPLY.startswith(first.assistant) and len(first.assistant) < 20 and again.assistant == REPLY
    assert world.voice.slowly[-1] == 1.25
    assert world.ask("say that again slower") == (REPLY, 5.0 * 1.6)


def test_what_was_not_written_yet_is_offered() -> None:
    """The model had written some sentences ahead: those are said again, and whoever wants more gets it."""
    world = Slower()
    world.interrupted(LONG, at_s=0.9)
    world.say("wake", "slower", *PAUSE)
    world.run()
    done = [event for event in world.events() if isinstance(event, events.Completed)][-1]
    again = done.assistant.removesuffix(f" {OFFER}")
    assert again != done.assistant and LONG.startswith(again) and again.endswith("next.") and again != LONG
    world.model.enqueue("And so on.")
    assert world.ask("yes")[0] == "And so on."


QUESTION = "Which of the two lamps do you mean?"


def followed(seen: list[events.Event]) -> list[int]:
    """The numbers of the follow-ups."""
    return [event.number for event in seen if isinstance(event, events.FollowUp)]


@pytest.mark.parametrize("aside", ["slower", "say that again", "normal speed"])
def test_an_answer_to_a_question_of_ours_is_waited_for_behind_an_aside(aside: str) -> None:
    """It is no answer, and no question in place of one that was not understood."""
    world = Slower()
    world.model.enqueue(QUESTION, QUESTION, QUESTION)
    world.say("wake", "tell", "me", *PAUSE, *("",) * 35)
    assert world.listener.following and followed(world.events()) == [1]
    world.say(*aside.split(), *PAUSE, *("",) * 60)
    seen = world.events()
    assert followed(seen) == [2]
    assert [event.aside for event in seen if isinstance(event, events.Completed)] == [True]
    world.say("wake", "tell", "me", *PAUSE, *("",) * 60)
    assert followed(world.events()) == [], "this time it is a repetition"


def test_an_answer_is_waited_for_behind_a_question_that_was_broken_off_and_said_again() -> None:
    world = Slower()
    world.interrupted(QUESTION, at_s=0.9)
    world.say("wake", "slower", *PAUSE, *("",) * 60)
    assert followed(world.events()) == [1]


def test_behind_asides_it_is_waited_for_a_few_times_and_only_for_the_last_reply() -> None:
    world = Slower()
    world.model.enqueue(QUESTION)
    world.say("wake", "tell", "me", *PAUSE)
    for _ in range(FOLLOW_UPS + 2):
        for _ in range(200):
            if not world.listener.following:
                world.say("", frames_per_word=1)
        world.say("normal", "speed", *PAUSE)
    world.say(*("",) * 40)
    assert followed(world.events()) == list(range(1, FOLLOW_UPS + 1))
    world.interrupted(REPLY, at_s=0.9)
    world.say("wake", "normal", "speed", *PAUSE, *("",) * 60)
    assert followed(world.events()) == [], "the question is over, though the reply behind it was broken off"


def test_in_chinese_the_offer_follows_without_a_space() -> None:
    request = TurnRequest("讲", language="zh", sink=(world := Slower()).sink)
    turn = Turn(request, 1, world.brain._kit, CancelToken())
    turn.cancel.cancel("stop")
    turn.reply, turn.lengths = "第一句。第二", [(6, 6)]
    assert turn.broken_off("") == "第一句。要我继续吗？"


def test_of_a_slow_reply_as_much_was_heard_as_was_played() -> None:
    heard = []
    for slowly in (1.0, 2.0):
        world = Slower()
        world.tempo.slowly = slowly
        world.interrupted(REPLY, at_s=1.6, stop=True)
        heard.append(world.talks["voice"].history.exchanges[0].assistant)
    assert heard == ["One two three", "One two"]


def test_a_rate_that_changes_within_a_reply_changes_what_is_said_next() -> None:
    """Another talk may ask for it: each clause is of one rate, and the end of all is known."""
    world = Slower()
    world.model.enqueue(LONG)
    world.brain.submit(TurnRequest("count", sink=world.sink), Priority.VOICE)

    def another_asks() -> None:
        if world.sink.played_ms() > 1500:
            world.tempo.slowly = 1.25

    world.run(another_asks)
    assert set(world.voice.slowly) == {1.0, 1.25} and world.voice.slowly == sorted(world.voice.slowly)
    done = [event for event in world.events() if isinstance(event, events.Completed)]
    assert [event.assistant for event in done] == [LONG]


def test_what_is_forgotten_is_not_said_again() -> None:
    for values in (["Seven"], None):
        world = Slower()
        world.interrupted(REPLY, at_s=0.9, stop=True)
        assert "seven" in world.talks["voice"].written
        world.talks["voice"].forget(values)  # it was never heard, and is gone all the same
        assert "seven" not in world.ask("slower")[0]


def test_what_is_forgotten_while_it_is_broken_off_is_not_said_again() -> None:
    world = Slower()
    world.ask_and_stop(REPLY, on_first=lambda: world.talks["voice"].forget(["seven"]))
    assert "seven" not in world.ask("slower")[0]


def test_what_was_written_and_not_heard_is_told_where_it_answers() -> None:
    """It stands nowhere in the prompt."""
    world = Slower()
    world.found["where is it"] = ["The red box is in the cellar."]
    world.interrupted("One two three four. The red box is in the cellar. Nine ten.", at_s=0.9, stop=True)
    assert "cellar" in world.talks["voice"].written
    world.model.enqueue("In the cellar.")
    world.ask("where is it")
    assert "The red box is in the cellar." in world.model.prompts[-1]


def test_a_reply_of_which_nothing_was_heard_is_said_again_and_not_the_one_before() -> None:
    world = Slower()
    world.model.enqueue("The first reply.")
    world.ask("the first")
    world.ask_and_stop(REPLY)
    assert [past.user for past in world.talks["voice"].history.exchanges] == ["the first"]
    assert world.ask("slower")[0] == f"One two three four. {OFFER}", "as far as it was written"
    world.model.enqueue("The last reply.")
    world.ask("the last")
    assert world.ask("slower")[0] == "The last reply.", "what was heard since is the last"


def test_a_turn_that_had_no_reply_yet_changes_nothing_of_it() -> None:
    world = Slower()
    world.interrupted(REPLY, at_s=0.9, stop=True)
    world.brain.submit(TurnRequest("count again", sink=world.sink), Priority.VOICE).cancel.cancel("stop")
    world.run()
    world.events()
    assert world.ask("slower")[0] == REPLY
