"""Sentences that are likely in a home: what stands in the list, what is left out, and when it is made anew."""

import logging
from collections.abc import Sequence

import pytest

from assistant.protocols_home import Entity
from assistant.protocols_skills import Instead
from assistant.settings_home import Home as HomeSettings
from assistant.skills.likely import MOST_HOME, MOST_LIKELY
from tests.skills import said
from tests.unit.home_world import Person, house


def idle(person: Person) -> None:
    """Let it do what it does in idle time."""
    while (job := person.router.job()) is not None:
        for _ in job:
            pass


def likely(person: Person, code: str = "en") -> Sequence[str]:
    return person.router.likely("voice", code)


@pytest.mark.parametrize("code", ["en", "zh"])
def test_every_likely_sentence_is_a_whole_command_of_ours(code: str) -> None:
    person = Person(house(code), code)
    idle(person)
    sentences = likely(person, code)
    assert 30 <= len(sentences) <= MOST_LIKELY
    for sentence in sentences:
        call = person.call(sentence)
        assert call is not None and not call.last and not call.certain, sentence
        assert person.router.completeness(sentence, code) == "whole", sentence


def test_the_list_follows_the_home_in_idle_time_only() -> None:
    person = Person()
    before = likely(person)
    assert "turn on the desk lamp" not in before and "what time is it" in before
    idle(person)
    assert {"turn on the desk lamp", "turn off the lamp two", "unlock the front door", "turn off the kitchen lights"} <= {
        *likely(person)
    }
    assert person.router.job() is None
    person.home.put(Entity("light.new", "light", "Piano lamp"))
    person.call("turn on the piano lamp")  # a turn that takes the change up leaves the list as it is
    assert "turn on the piano lamp" not in likely(person)
    idle(person)
    assert "turn on the piano lamp" in likely(person)
    person.home.remove("light.new")
    idle(person)
    assert "turn on the piano lamp" not in likely(person)


def test_a_full_list_keeps_our_own_room_and_says_what_it_leaves_out(caplog: pytest.LogCaptureFixture) -> None:
    home = house()
    home.put(*(Entity(f"light.{n}", "light", f"Spot {n}", area="Hall") for n in range(100, 1300)))
    person = Person(home, settings=HomeSettings(area="Office"))
    with caplog.at_level(logging.INFO):
        idle(person)
    sentences = likely(person)
    assert len(sentences) <= MOST_LIKELY and "turn on the desk lamp" in sentences and "what time is it" in sentences
    assert sum("spot" in sentence for sentence in sentences) <= MOST_HOME
    told = [record.getMessage() for record in caplog.records if "likely" in record.getMessage()]
    assert (
        len(told) == 1
        and told[0].startswith(f"home: {MOST_HOME} likely commands are listened for; 7199 are not")
        and "spot" not in told[0].lower()
    )


def test_answers_to_a_question_stand_in_front_while_it_waits() -> None:
    person = Person()
    idle(person)
    person.says("turn on the fan")
    assert list(likely(person)[:2]) == ["bedroom", "bedroom fan"] and "office" in likely(person)
    assert person.router.likely("another talk", "en")[0] != "bedroom"
    person.says("the office")
    assert "bedroom" not in likely(person)
    person.says("unlock the front door")
    assert {"yes", "no"} <= {*likely(person)}
    person.clock.advance(1000)
    assert "yes" not in likely(person)


def test_a_likely_command_is_carried_out_and_says_so_in_the_trace() -> None:
    person = Person()
    call = person.router.instead(Instead("turn on the desk lamp", True), "words", person.talk())
    assert call is not None and (call.stage, call.why) == ("command", "home HassTurnOn, likely")
    assert said(call) == "The Desk lamp is on."


@pytest.mark.parametrize("text", ["is the desk lamb on", "do not turn on the desk lamb", "what the desk lamp"])
def test_words_that_ask_or_forbid_change_nothing_before_somebody_says_yes(text: str) -> None:
    person = Person()
    call = person.router.instead(Instead("turn on the desk lamp", True), text, person.talk())
    assert call is not None and call.name == "did_you_mean" and said(call) == "Did you mean: turn on the desk lamp?"
    assert person.did() == []
    asked = person.router.instead(Instead("is the desk lamp on", True), text, person.talk())
    assert asked is not None and asked.name == "home" and person.did() == []


def test_what_needs_a_yes_is_asked_and_a_yes_is_never_guessed() -> None:
    person = Person()
    call = person.router.instead(Instead("unlock the front door", True), "words", person.talk())
    assert call is not None and said(call) == "Shall I unlock the Front door?" and person.did() == []
    assert person.router.instead(Instead("yes", True), "words", person.talk()) is None
    assert person.says("yes") == "The Front door is unlocked."


@pytest.mark.parametrize("text", ["turn on the moon", "how are you", "", "yes"])
def test_what_nothing_here_carries_out_is_no_likely_command(text: str) -> None:
    person = Person()
    assert person.router.instead(Instead(text, True), "words", person.talk()) is None
    assert person.router.instead(Instead(text, False), "words", person.talk()) is None


@pytest.mark.parametrize(("code", "command", "question", "yes", "no", "declined"), [
    ("en", "turn on the desk lamp", "Did you mean: turn on the desk lamp?", "Yes.", "no", "All right, I leave it as it is."),
    ("zh", "打开吸顶灯", "你是说“打开吸顶灯”吗？", "是的", "不是", "好的，那就不动。"),
])  # fmt: skip
def test_what_is_unsure_is_asked(code: str, command: str, question: str, yes: str, no: str, declined: str) -> None:
    person = Person(house(code), code)
    for answer in (yes, no, "how are you"):
        call = person.router.instead(Instead(command, False), "words", person.talk())
        assert call is not None and call.name == "did_you_mean"
        assert person.call(yes) is None  # nothing waits before it is asked
        assert said(call) == question and person.did() == []
        reply = person.says(answer)
        assert [verb for _, verb, _ in person.did()] == (["turn_on"] if answer == yes else [])
        assert answer != no or reply == declined
    assert person.says(yes) == "(talk)"
