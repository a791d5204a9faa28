"""The home by voice, through the router: what a sentence does, asks, refuses, and says."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.engines.fakes_home import FakeHome
from assistant.errors import ConfigError
from assistant.languages.numerals import digits_of
from assistant.protocols_hands import Hands
from assistant.protocols_home import Answer, Area, Asked, Entity
from assistant.settings_home import Home as HomeSettings
from assistant.settings_home import HomeEntity
from assistant.skills.pin import LOCKED_S, MOST_WRONG, Pin
from assistant.skills.router import make_router
from tests.unit.home_world import Person, house
from tests.unit.test_router import TALK_EN, TALK_ZH

OFFICE: list[tuple[str, str, dict[str, object]]] = [("light.desk", "turn_on", {}), ("light.floor", "turn_on", {})]


@pytest.fixture(scope="module")
def router() -> Person:
    return Person(code="en")


@pytest.fixture
def english(router: Person) -> Person:
    """Its home is as it was."""
    router.home.states = house().states
    return router


@pytest.fixture(scope="module")
def chinese() -> Person:
    return Person(code="zh")


@pytest.mark.parametrize(
    ("text", "did"),
    [
        ("turn on the kitchen light", [("light.kitchen", "turn_on", {})]),
        ("Turn on the Kitchen light.", [("light.kitchen", "turn_on", {})]),
        ("please switch the desk lamp off", [("light.desk", "turn_off", {})]),
        ("can you turn on the desk lamp", [("light.desk", "turn_on", {})]),
        ("could you turn on the desk lamp?", [("light.desk", "turn_on", {})]),
        ("turn on the counter light", [("light.shelf", "turn_on", {})]),
        ("turn on lamp two", [("light.one", "turn_on", {})]),
        ("turn on the lights in the office", OFFICE),
        ("turn on the office lights", OFFICE),
        ("turn off the lights in the cook room", [("light.kitchen", "turn_off", {}), ("light.shelf", "turn_off", {})]),
        (
            "turn off everything in the kitchen",
            [(one, "turn_off", {}) for one in ("light.kitchen", "light.shelf", "switch.kettle")],
        ),
        ("turn on the fan in the bedroom", [("fan.bedroom", "turn_on", {})]),
        ("set the desk lamp to forty percent", [("light.desk", "set", {"brightness": 40})]),
        ("set the desk lamp to 40%", [("light.desk", "set", {"brightness": 40})]),
        ("dim the desk lamp to twenty one percent", [("light.desk", "set", {"brightness": 21})]),
        ("make the desk lamp red", [("light.desk", "set", {"color": "red"})]),
        ("set the office brightness to fifty percent", [(one, "set", {"brightness": 50}) for one, _, _ in OFFICE]),
        ("set the temperature to twenty one degrees", [("climate.living", "set", {"temperature": 21})]),
        ("set the thermostat to twenty one and a half degrees", [("climate.living", "set", {"temperature": 21.5})]),
        ("set the temperature in the living room to 19.5 degrees", [("climate.living", "set", {"temperature": 19.5})]),
        ("set the left blind to thirty percent", [("cover.blind", "set", {"position": 30})]),
        ("close the blinds in the bedroom", [("cover.blind", "close", {})]),
        ("stop the left blind", [("cover.blind", "stop", {})]),
        ("toggle the kettle", [("switch.kettle", "toggle", {})]),
        ("lock the front door", [("lock.front", "lock", {})]),
        ("close the garage door", [("cover.garage", "close", {})]),
        ("activate party mode", [("scene.party", "activate", {})]),
        ("pause the tv", [("media_player.tv", "pause", {})]),
        ("next track", [("media_player.tv", "next", {})]),
        ("turn up the tv volume", [("media_player.tv", "set", {"volume": 40})]),
        ("set the tv volume to fifteen percent", [("media_player.tv", "set", {"volume": 15})]),
        ("turn on the desk lamp and the kettle", [("light.desk", "turn_on", {}), ("switch.kettle", "turn_on", {})]),
        ("turn the desk lamp and the floor lamp off", [("light.desk", "turn_off", {}), ("light.floor", "turn_off", {})]),
        ("set the desk lamp and the floor lamp to 30 percent", [(one, "set", {"brightness": 30}) for one, _, _ in OFFICE]),
        ("turn on the desk lamp and close the left blind", [("light.desk", "turn_on", {}), ("cover.blind", "close", {})]),
        ("turn on the desk lamp and tell me a joke", []),
        ("turn on the desk lamp and the flux capacitor", []),
        ("do not turn on the desk lamp and the kettle", []),
        ("did you turn on the desk lamp and the kettle", []),
        ("set the speed of the fan in the office to 60 percent", []),
        ("set the office fan to 60 percent", [("fan.office", "set", {"speed": 60})]),
    ],
)
def test_english_commands(english: Person, text: str, did: list[object]) -> None:
    said = english.says(text)
    assert english.did() == did, said


@pytest.mark.parametrize(
    ("text", "did", "said"),
    [
        ("打开厨房灯", [("light.kitchen", "turn_on", {})], "厨房灯已经打开。"),
        ("打开 厨房 灯", [("light.kitchen", "turn_on", {})], "厨房灯已经打开。"),
        ("能不能打开厨房灯", [("light.kitchen", "turn_on", {})], "厨房灯已经打开。"),
        ("打开厨房灯好吗", [("light.kitchen", "turn_on", {})], "厨房灯已经打开。"),
        ("请问可以打开厨房灯吗", [("light.kitchen", "turn_on", {})], "厨房灯已经打开。"),
        ("你能告诉我厨房灯开着吗", [], "厨房灯是开着的。"),
        ("把客厅的灯关掉", [("light.ceiling", "turn_off", {})], "吸顶灯已经关闭。"),
        ("打开二号灯", [("light.two", "turn_on", {})], "2号灯已经打开。"),
        ("把厨房灯的亮度调到百分之四十", [("light.kitchen", "set", {"brightness": 40})], "厨房灯已经设为百分之40。"),
        ("把厨房灯调成红色", [("light.kitchen", "set", {"color": "red"})], "厨房灯已经设为红色。"),
        ("空调调到二十六度", [("climate.living", "set", {"temperature": 26})], "空调已经设为26度。"),
        ("把空调温度调到二十一度半", [("climate.living", "set", {"temperature": 21.5})], "空调已经设为21.5度。"),
        ("打开窗帘", [("cover.living", "open", {})], "窗帘已经打开。"),
        ("打开卧室的风扇", [("fan.bedroom", "turn_on", {})], "风扇已经打开。"),
        ("一楼的灯都关掉", [("light.kitchen", "turn_off", {}), ("light.ceiling", "turn_off", {})], "厨房灯和吸顶灯已经关闭。"),
        ("睡眠模式", [("scene.sleep", "activate", {})], "睡眠模式已经启动。"),
        ("打开厨房灯和吸顶灯", [("light.kitchen", "turn_on", {}), ("light.ceiling", "turn_on", {})], "厨房灯和吸顶灯已经打开。"),
        ("打开飞碟", [], "这里没有叫“飞碟”的设备。"),
        ("别开厨房灯", [], "好的，我什么都不改。"),
        ("厨房灯开着吗", [], "是的，厨房灯现在是开着的。"),
        ("你把厨房灯关了吗", [], "厨房灯是开着的。"),
        ("客厅多少度", [], "客厅现在20.5度。"),
        ("打开风扇", [], "是哪一个：卧室的还是客厅的？"),
        ("打开大门", [], "要我解锁大门吗？"),
    ],
)
def test_chinese_commands(text: str, did: list[object], said: str) -> None:
    person = Person(code="zh")
    assert (person.says(text), person.did()) == (said, did)


QUESTIONS = [
    ("is the kitchen light on", "Yes, the Kitchen light is on."),
    ("is the desk lamp on", "No, the Desk lamp is off."),
    ("is the front door locked", "Yes, the Front door is locked."),
    ("is the bathroom window open", "Yes, the Bathroom window is open."),
    ("did you turn off the desk lamp", "The Desk lamp is off."),
    ("have you locked the front door", "The Front door is locked."),
    ("can you tell me whether the kitchen light is on", "The Kitchen light is on."),
    ("do you know if the kitchen light is on", "The Kitchen light is on."),
    ("why did you turn on the kitchen light", "The Kitchen light is on."),
    ("should i turn off the kitchen light", "The Kitchen light is on."),
    ("turn on the desk lamp?", "The Desk lamp is off."),
    ("what is the state of the garage door", "The Garage door is closed."),
    ("what is the outside temperature", "The Outside temperature is 7.5 degrees."),
    ("how warm is it in the living room", "It is 20.5 degrees in the Living room."),
    ("which lights are on", "The Kitchen light is on."),
    ("how many lights are on in the kitchen", "1 is on: the Kitchen light."),
    ("are any lights on in the office", "No, none is on."),
    ("are all the lights off in the kitchen", "No: not the Kitchen light."),
    ("are the lights on in the kitchen", "Yes: the Kitchen light."),
    ("are the blinds open", "Yes, it is open."),
    ("is the party mode on", "I do not know anything about the Party mode at the moment."),
    ("where is my wallet", "(talk)"),
]


@pytest.mark.parametrize(("text", "said"), QUESTIONS)
def test_a_question_is_answered_and_changes_nothing(english: Person, text: str, said: str) -> None:
    assert (english.says(text), english.did()) == (said, [])


@pytest.mark.parametrize(
    "text",
    [
        "do not turn on the kitchen light",
        "don't turn on the kitchen light",
        "please don't turn off the lights in the office",
        "never open the garage door",
    ],
)
def test_what_is_forbidden_is_not_done(english: Person, text: str) -> None:
    assert (english.says(text), english.did()) == ("All right, I change nothing.", [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("turn on the flux capacitor", "I know nothing here that is called flux capacitor."),
        ("turn on the desk lamb", "I know nothing here that is called desk lamb. There is the Desk lamp."),
        ("turn on the lamp in five bananas", "I know nothing here that is called 5 bananas."),
        ("turn on the kitchen light in the bedroom", "The Kitchen light is in the Kitchen, not in the Bedroom."),
        (
            "turn on the office light in the bedroom",
            "You named the Bedroom and the Office. Please say it again with one of them.",
        ),
        ("turn on the lights in the bedroom", "I know no light in the Bedroom."),
        ("set the desk lamp to two hundred percent", "Brightness goes from 0 to 100 percent."),
        ("set the left blind to 101 percent", "A position goes from 0 to 100 percent."),
        ("set the thermostat to 300 degrees", "That is no temperature for a room."),
        ("open the thermostat", "I cannot do that with the Thermostat."),
        (
            "turn on the kitchen light in five minutes",
            "I cannot carry out commands at a later time yet. The section home of config.yaml will connect that.",
        ),
    ],
)
def test_what_cannot_be_meant_is_said_and_changes_nothing(english: Person, text: str, said: str) -> None:
    assert (english.says(text), english.did()) == (said, [])


def test_talk_is_left_to_the_model(english: Person, chinese: Person) -> None:
    for person, texts in ((english, TALK_EN), (chinese, TALK_ZH)):
        assert [text for text in texts if person.says(text) != "(talk)"] == []
        assert person.did() == []


ODD = st.sampled_from(
    [
        "{name}",
        "[",
        "]",
        "<rule>",
        "(a|b)",
        "\\",
        "%",
        "'",
        "’",
        "🙂",
        "\x00",
        "\n",
        "-",
        "1e999",
        "9" * 20,
        "٣",
        "½",
        "ß",
        "İ",
        "ﬁ",
        "?",
    ]
)
USUAL = st.sampled_from(
    [
        "turn",
        "on",
        "off",
        "the",
        "kitchen",
        "light",
        "fan",
        "set",
        "to",
        "forty",
        "percent",
        "is",
        "yes",
        "no",
        "second",
        "one",
        "stop",
        "4711",
        "lock",
        "front",
        "door",
    ]
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ODD | USUAL, min_size=1, max_size=12).map(" ".join))
def test_no_sentence_breaks_it(english: Person, text: str) -> None:
    english.says(text)
    assert english.router.completeness(text, "en") in ("whole", "open", "unknown")


# -- questions of ours -----------------------------------------------------------------------------------------------

ASKED = "Which one: the one in the Bedroom or the one in the Office?"


@pytest.mark.parametrize(
    ("answer", "did"),
    [
        ("the office", ["fan.office"]),
        ("the one in the office", ["fan.office"]),
        ("in the office please", ["fan.office"]),
        ("office fan", ["fan.office"]),
        ("the first", ["fan.bedroom"]),
        ("the second one", ["fan.office"]),
        ("the last one", ["fan.office"]),
        ("number two", ["fan.office"]),
        ("both", ["fan.bedroom", "fan.office"]),
        ("the third one", []),
        ("never mind", []),
        ("no", []),
        ("none of them", []),
        ("what time is it", []),
        ("turn off the desk lamp", ["light.desk"]),
        ("the one in the attic", []),
        ("my uncle has an old one in his office and he likes it", []),
    ],
)
def test_which_one(answer: str, did: list[str]) -> None:
    person = Person()
    assert person.says("turn on the fan") == ASKED
    person.says(answer)
    assert [entity for entity, _, _ in person.did()] == did
    assert person.says("the office") == "(talk)"  # whatever was said, the question is over


def test_things_are_told_apart_by_their_names() -> None:
    person = Person(
        FakeHome(
            [
                Entity("light.a", "light", "Office ceiling lamp", area="Office"),
                Entity("light.b", "light", "Hall lamp", ("ceiling lamp",), "Hall"),
                Entity("light.c", "light", "Hall lamp", ("spare lamp",), "Hall"),
            ]
        )
    )
    assert person.says("turn on the hall lamp") == (
        "Several things in the Hall are called Hall lamp. Give them different names in the section home of config.yaml."
    )
    assert person.says("turn on the ceiling lamp") == "The Hall lamp is on."  # its own name goes before a shortened one


def test_our_own_room_is_meant() -> None:
    person = Person(settings=HomeSettings(area="office"))
    assert person.says("turn on the lights") == "The Desk lamp and the Floor lamp are on."
    assert person.says("turn on the fan") == "The Fan is on."
    assert [entity for entity, _, _ in person.did()] == ["light.desk", "light.floor", "fan.office"]
    assert person.says("turn on all the lights") == "5 lights are on."


def test_the_room_is_asked_for() -> None:
    person = Person()
    assert person.says("turn on the lights") == "In which room: the Kitchen, the Office or the Attic?"
    assert person.says("the attic") == "The Lamp 2 is on."
    assert person.says("turn on the lights") == "In which room: the Kitchen, the Office or the Attic?"
    assert person.says("all of them") == "5 lights are on."


def test_a_question_of_ours_expires_and_belongs_to_its_talk() -> None:
    person = Person()
    assert person.says("unlock the front door") == "Shall I unlock the Front door?"
    assert person.says("yes", key="tab") == "(talk)"
    person.clock.advance(29)
    assert person.router.waits("voice") and not person.router.waits("tab")
    assert person.says("yes") == "The Front door is unlocked." and not person.router.waits("voice")
    person.says("unlock the front door")
    person.clock.advance(31)
    assert not person.router.waits("voice")
    assert person.says("yes") == "(talk)"
    assert person.did() == [("lock.front", "unlock", {})]


@pytest.mark.parametrize(
    ("command", "asked"),
    [
        ("unlock the front door", "Shall I unlock the Front door?"),
        ("open the garage door", "Shall I open the Garage door?"),
        ("set the garage door to 50 percent", "Shall I change the Garage door?"),
    ],
)
@pytest.mark.parametrize(
    ("answer", "does"), [("yes", True), ("go ahead", True), ("no", False), ("never mind", False), ("maybe", False)]
)
def test_a_yes_is_asked_for(command: str, asked: str, answer: str, does: bool) -> None:
    person = Person()
    assert person.says(command) == asked and person.did() == []
    person.says(answer)
    assert bool(person.did()) is does


def test_words_that_were_only_looked_at_end_no_question() -> None:
    person = Person()
    person.says("unlock the front door")
    for draft in ("yes", "what time is it", "tell me a story"):
        person.call(draft)  # they were not all
    assert person.says("yes") == "The Front door is unlocked."


def test_only_what_needs_a_yes_is_asked_about() -> None:
    person = Person()
    assert person.says("turn on the desk lamp and unlock the front door") == "Shall I unlock the Front door?"
    assert person.did() == []
    assert person.says("yes") == "The Desk lamp is on. The Front door is unlocked."
    assert person.says("unlock the front door and open the garage door") == (
        "Shall I unlock the Front door? Shall I open the Garage door?"
    )
    assert person.says("no") == "All right, I leave it as it is." and len(person.did()) == 2


def test_stop_drops_the_question_and_says_so() -> None:
    person = Person()
    person.says("unlock the front door")
    assert person.says("stop") == "All right, I leave it as it is."
    assert person.says("stop") == "" and person.says("yes") == "(talk)" and person.did() == []


# -- the PIN ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def pin(tmp_path: Path) -> Path:
    file = tmp_path / "pin"
    file.write_text("4711\n")
    file.chmod(0o600)
    return file


def guarded(pin: Path | None) -> Person:
    settings = HomeSettings(pin_file=str(pin or ""), entities={"lock.front": HomeEntity(tier="pin")})
    return Person(settings=settings)


@pytest.mark.parametrize(
    "digits",
    [
        "4711",
        "four seven one one",
        "4 7 1 1",
        "forty seven eleven",
        "the pin is four seven one one",
        "okay so my pin is 4711 please",
    ],
)
def test_the_pin_in_words(pin: Path, digits: str) -> None:
    person = guarded(pin)
    assert person.says("unlock the front door") == "What is the PIN?"
    call = person.call(digits)
    assert call is not None and call.private and call.arguments == {} and call.why == "pin"
    reply = call.run()
    assert not isinstance(reply, str)
    assert list(reply) == [] and person.did() == [("lock.front", "unlock", {})]


def test_three_wrong_pins_lock_it_for_a_while(pin: Path) -> None:
    person = guarded(pin)
    person.says("unlock the front door")
    for _ in range(MOST_WRONG - 1):
        assert person.says("one two three four") == "That is not the PIN. What is the PIN?"
    assert person.says("one two three four") == "That was wrong too often. I take no PIN for 5 minutes."
    assert person.says("unlock the front door") == "That was wrong too often. I take no PIN for 5 minutes."
    person.clock.advance(LOCKED_S + 1)
    assert person.says("unlock the front door") == "What is the PIN?"
    assert person.says("4711") == "The Front door is unlocked."
    assert person.did() == [("lock.front", "unlock", {})]


def test_what_is_too_short_for_a_pin_is_no_wrong_one(pin: Path) -> None:
    person = guarded(pin)
    person.says("unlock the front door")
    for _ in range(MOST_WRONG + 1):
        assert person.says("one two") == "That is not the PIN. What is the PIN?"
    assert person.says("4711") == "The Front door is unlocked."


def test_other_words_than_a_pin_are_routed_as_ever(pin: Path) -> None:
    person = guarded(pin)
    person.says("unlock the front door")
    assert person.says("tell me a story") == "(talk)"
    assert person.says("4711") == "(talk)" and person.did() == []


def test_without_a_pin_what_needs_one_is_refused() -> None:
    person = guarded(None)
    assert person.says("unlock the front door") == (
        "That needs a PIN, and none is set. Name its file as home.pin_file in config.yaml."
    )
    assert person.did() == []


@pytest.mark.parametrize(
    ("text", "mode", "wrong"),
    [
        ("4711", 0o644, "others may read"),
        ("12", 0o600, "must hold 4 to 12 digits"),
        ("secret", 0o600, "must hold 4 to 12 digits"),
        (None, 0o600, "cannot be read"),
    ],
)
def test_a_pin_file_that_cannot_be_used(tmp_path: Path, text: str | None, mode: int, wrong: str) -> None:
    file = tmp_path / "pin"
    if text is not None:
        file.write_text(text)
        file.chmod(mode)
    with pytest.raises(ConfigError, match=f"home.pin_file: .*{wrong}") as refused:
        Pin(str(file), lambda: 0.0)
    assert "4711" not in str(refused.value) and "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("words", "code", "digits"),
    [
        ("four seven one one", "en", "4711"),
        ("it is 47 11", "en", "4711"),
        ("四七一一", "zh", "4711"),
        ("密码是四七一一", "zh", "4711"),
        ("幺二三四", "zh", "1234"),
        ("oh double four one", "en", "0441"),
        ("hello", "en", ""),
    ],
)
def test_digits_in_words(words: str, code: str, digits: str) -> None:
    assert digits_of(words, code)[0] == digits


# -- what becomes of it ------------------------------------------------------------------------------------------------


def test_partly() -> None:
    home = house()
    home.outcomes = {"light.floor": ("timeout", "")}
    person = Person(home)
    assert person.says("turn on the lights in the office") == (
        "The Desk lamp is on. The Floor lamp has not answered. I do not know whether anything changed."
    )


def test_a_home_that_never_answers_is_not_waited_for_for_ever() -> None:
    home = house()
    home.looks = 10**9
    person = Person(home)
    assert person.says("turn on the desk lamp") == "The Desk lamp has not answered. I do not know whether anything changed."
    assert home.dropped == 1 and home.changes == []


def test_a_home_that_is_away_says_so_and_one_that_was_never_there() -> None:
    home = house()
    home.outcomes = {"light.desk": ("failed", "away")}
    assert Person(home).says("turn on the desk lamp") == "The Desk lamp cannot be reached, so I changed nothing there."
    assert Person(FakeHome()).says("turn on the desk lamp") == "I do not know anything of the home yet. It has not been reached."


def test_a_thing_that_has_gone_since() -> None:
    person = Person()
    person.says("unlock the front door")
    person.home.remove("lock.front")
    assert person.says("yes") == "The Front door is not there any more."


def test_visitors_change_nothing() -> None:
    person = Person(key="guest:1")
    assert person.says("turn on the desk lamp") == "That is only for the people who live here."
    assert person.says("is the desk lamp on") == "That is only for the people who live here." and person.did() == []


def test_a_new_thing_is_known_at_once() -> None:
    person = Person()
    person.says("turn on the desk lamp")
    person.home.put(Entity("light.new", "light", "Piano lamp"))
    assert person.says("turn on the piano lamp") == "The Piano lamp is on."


def test_ten_thousand_things() -> None:
    many = [Entity(f"light.{n}", "light", f"Lamp number {n}", area=f"Room {n % 100}") for n in range(10_000)]
    person = Person(FakeHome(many, [Area("Room 1")]))
    job = person.router.job()
    assert job is not None and len(list(job)) > 10 and person.router.job() is None
    assert person.says("turn on lamp number 4711") == "The Lamp number 4711 is on."
    assert person.says("turn off the lights in room 7") == "100 lights are off."
    person.did()
    assert person.says("turn off all the lights") == "Those are 10000 things at once. Please name a room."
    assert person.did() == []


def test_the_ear_is_told_what_is_whole() -> None:
    person = Person()
    person.says("hello")
    assert [person.router.completeness(f"turn on the {thing}", "en") for thing in ("piano", "kettle")] == ["unknown", "whole"]


def test_the_trace_says_which_stage_and_why() -> None:
    person = Person()
    stages = {text: person.call(text) for text in ("unlock the front door", "turn on the moon", "stop", "what time is it")}
    assert {text: (call.stage, call.why) for text, call in stages.items() if call} == {
        "unlock the front door": ("command", "home HassTurnOff"),
        "turn on the moon": ("refusal", "home unknown"),
        "stop": ("stop", "stop"),
        "what time is it": ("command", "time"),
    }
    person.says("unlock the front door")
    answer = person.call("yes")
    assert answer is not None and (answer.stage, answer.why) == ("question", "yes")


def test_without_a_home_nothing_is_different() -> None:
    router = make_router(["en"])
    person = Person()
    person.router = router
    assert person.says("turn on the kitchen light").startswith("I cannot control things at home yet.")


def test_the_skill_can_be_left_out() -> None:
    person = Person()
    person.router = make_router(["en"], disabled=["home"])
    assert person.says("turn on the kitchen light").startswith("I cannot ")


class Other:
    """Another assistant that notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, text: str, language: str) -> Asked:
        self.asked.append(text)
        return self

    def answer(self) -> Answer:
        return Answer("action_done", "Done there.")

    def drop(self) -> None: ...


@pytest.mark.parametrize(
    ("text", "goes"),
    [
        ("turn on the moon", True),
        ("could you turn on the moon?", True),
        ("is the cellar light on", True),
        ("turn on the moon?", False),
        ("do not turn the moon on", False),
        ("never switch the moon on", False),
        ("turn on the kettle", False),
    ],
)
def test_only_commands_and_questions_of_state_go_elsewhere(text: str, goes: bool) -> None:
    person, other = Person(), Other()
    person.router = make_router(["en"], hands=Hands(home=person.home, elsewhere=other))
    person.says(text)
    assert bool(other.asked) is goes


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("拉上窗帘", ("cover.living", "close")),
        ("把客厅的窗帘拉上", ("cover.living", "close")),
        ("关上窗帘", ("cover.living", "close")),
        ("拉开窗帘", ("cover.living", "open")),
        ("关上吸顶灯", ("light.ceiling", "turn_off")),
    ],
)
def test_how_chinese_draws_curtains_and_puts_out_lights(text: str, done: tuple[str, str]) -> None:
    person = Person(code="zh")
    person.says(text)
    assert [(entity, verb) for entity, verb, _ in person.did()] == [done]
