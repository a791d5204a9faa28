"""The ear and the brain with a list of likely commands: agree, differ, ask, and talk that stays talk."""

from dataclasses import replace

import pytest

from assistant import events
from assistant.settings_home import Home as HomeSettings
from assistant.skills.router import SkillRouter
from tests.turn.test_home import House
from tests.turn.world import shorthand

PAUSE = ("",) * 3


class Listening(House):
    """A home whose ear has a second session."""

    def __init__(self) -> None:
        super().__init__(settings=HomeSettings())
        self.transcriber.takes_grammar = True
        router = self.skills = self.brain._kit.router
        assert isinstance(router, SkillRouter)
        self.listener._h = replace(self.listener._h, likely=lambda code: router.likely("voice", code))
        while (job := router.job()) is not None:
            for _ in job:
                pass

    def hears(self, text: str, listed: str = "", sure: float = 1.0, **words: float) -> events.Completed:
        """Somebody says it, and the second session makes `listed` of it."""
        self.transcriber.listed = {text: (listed, sure)} if listed else {}
        self.transcriber.sure = words
        self.events()
        likely = self.skills.likely("voice", "en")
        self.say("wake", *text.split(), *PAUSE, "", "")
        self.run()
        last = [event for event in self.events() if isinstance(event, events.Completed)][-1]
        assert likely in self.transcriber.grammars
        return last

    def did(self) -> list[tuple[str, str]]:
        done, self.home.asked = [(action.entity, action.verb) for action in self.home.asked], []
        return done


def test_where_both_agree_it_is_done() -> None:
    world = Listening()
    last = world.hears("turn off the kitchen light", "turn off the kitchen light")
    assert (last.assistant, last.route) == ("The Kitchen light is off.", "command: home HassTurnOff")
    assert world.did() == [("light.kitchen", "turn_off")]


def test_words_that_are_no_command_and_doubted_give_way_to_a_likely_one() -> None:
    world = Listening()
    last = world.hears("turn off the kitchen line", "turn off the kitchen light", line=0.4)
    assert last.user == "turn off the kitchen light" and world.kept() == ["turn off the kitchen light"]
    assert (last.assistant, last.route) == ("The Kitchen light is off.", "command: home HassTurnOff, likely")
    assert world.did() == [("light.kitchen", "turn_off")]


def test_clear_words_that_are_no_command_are_asked_about() -> None:
    world = Listening()
    last = world.hears("turn off the kitchen line", "turn off the kitchen light")
    assert (last.assistant, last.route) == ("Did you mean: turn off the kitchen light?", "command: did you mean")
    assert last.user == "turn off the kitchen line" and world.did() == []
    world.hears("yes")
    assert world.did() == [("light.kitchen", "turn_off")]


def test_words_that_are_a_command_stand() -> None:
    world = Listening()
    last = world.hears("switch off the kitchen light", "turn off the kitchen shelf", switch=0.3, light=0.3)
    assert last.route == "command: home HassTurnOff" and world.did() == [("light.kitchen", "turn_off")]


def test_of_two_likely_ones_the_list_decides_where_the_words_are_doubted() -> None:
    world = Listening()
    last = world.hears("turn on the kitchen light", "turn off the kitchen light", on=0.6)
    assert last.user == "turn off the kitchen light" and world.did() == [("light.kitchen", "turn_off")]
    last = world.hears("turn on the kitchen light", "turn off the kitchen light", on=0.95)
    assert last.user == "turn on the kitchen light" and world.did() == [("light.kitchen", "turn_on")]


@pytest.mark.parametrize(("text", "listed"), [
    ("i turned on the kitchen light yesterday", "turn on the kitchen light"), ("how are you", "louder"), ("tell me a story", ""),
])  # fmt: skip
def test_talk_stays_talk(text: str, listed: str) -> None:
    world = Listening()
    world.model.enqueue("I see.", "I see.")
    last = world.hears(text, listed, **dict.fromkeys(text.split(), 0.3))
    assert (last.user, last.route, last.assistant) == (text, "talk", "I see.") and world.did() == []


def test_a_draft_of_the_words_is_given_up_for_a_likely_command() -> None:
    world = Listening()
    world.model.enqueue("Lions?", "Lions?")
    last = world.hears("turn of the kitchen lion", "turn off the kitchen light", of=0.3, lion=0.3)
    assert last.route == "command: home HassTurnOff, likely" and world.did() == [("light.kitchen", "turn_off")]
    assert all("Lions" not in exchange.assistant for exchange in world.talk("voice").history.exchanges)
    assert sum("Completed" in line for line in shorthand(world.events())) == 0


def test_a_yes_is_never_guessed() -> None:
    world = Listening()
    world.model.enqueue("What?", "What?")
    world.hears("unlock the front door", "unlock the front door")
    world.hears("yet", "yes", yet=0.2)
    assert world.did() == []
