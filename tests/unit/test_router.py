"""Skills by their sentences, commands without a hand, and talk that is neither."""

from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from assistant.errors import ConfigError
from assistant.protocols import Completeness, Remembered
from assistant.protocols_skills import Talk
from assistant.skills.base import Registry, Skill, load_skills
from assistant.skills.router import SkillRouter, make_router
from tests.skills import said

NOW = datetime(2026, 11, 23, 9, 5)
ROUTER = make_router(["en", "zh"])


def talk(code: str, last: str = "") -> Talk:
    return Talk(code, lambda: NOW, "", last)


def answer(text: str, code: str = "en", last: str = "") -> tuple[str, str] | None:
    call = ROUTER.match(text, talk(code, last))
    return (call.name, said(call)) if call else None


@pytest.mark.parametrize("text", ["what time is it", "What time is it?", "tell me the time please", "how late is it"])
def test_the_time(text: str) -> None:
    assert answer(text) == ("time", "It is 9:05.")


@pytest.mark.parametrize("text", ["what is the date", "what day is it today", "which day is it"])
def test_the_date(text: str) -> None:
    assert answer(text) == ("date", "It is Monday, November 23rd, 2026.")


def test_repeat_says_what_was_heard_last() -> None:
    assert answer("repeat that", last="It is nine.") == ("repeat", "It is nine.")
    assert answer("what did you say") == ("repeat", "I have not said anything yet.")


@pytest.mark.parametrize("text", ["stop", "never mind", "be quiet", "Stop it, please."])
def test_stop_says_nothing(text: str) -> None:
    assert answer(text.replace(",", "")) == ("stop", "")


@pytest.mark.parametrize(
    ("text", "skill", "reply"),
    [
        ("现在几点了", "time", "现在是上午9点5分。"),
        ("今天星期几", "date", "今天是2026年11月23日，星期一。"),
        ("再说一遍", "repeat", "我还什么都没说呢。"),
        ("停", "stop", ""),
        ("别说了", "stop", ""),
    ],
)
def test_chinese_skills(text: str, skill: str, reply: str) -> None:
    assert answer(text, "zh") == (skill, reply)


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("turn on the kitchen light", "home"),
        ("switch off the flux capacitor", "home"),
        ("open the garage door", "home"),
        ("lock the front door", "home"),
        ("is the kitchen light on", "home"),
        ("set the temperature to twenty degrees", "home"),
        ("what is the temperature in the kitchen", "home"),
        ("start the vacuum", "home"),
        ("play some jazz", "home"),
        ("set the tv volume to 50 percent", "home"),
    ],
)
def test_a_command_without_a_hand_names_what_will_connect_it(text: str, section: str) -> None:
    found = answer(text)
    assert found is not None and found[0] == "no_hand"
    assert found[1].startswith("I cannot ") and f"section {section} of config.yaml" in found[1]


@pytest.mark.parametrize("text", ["打开客厅的灯", "关闭卧室的空调", "下一首"])
def test_a_chinese_command_without_a_hand(text: str) -> None:
    found = answer(text, "zh")
    assert found is not None and found[0] == "no_hand" and "还不能" in found[1]


TALK_EN = """what is your name|tell me a joke|who are you|turn the story around|do you remember my name|what is the capital of france
how are you today|my name is anna|where are my keys|where is my wallet|what did i tell you|i like to play tennis|set an example for me
i want to open a shop|close your eyes|what is my favorite color|can you sing a song|start again from the beginning
is anna your friend|are you on holiday|is it late|call me anna|how old are you|good night|open your heart
remember that the keys are in the drawer|lock is a funny word|thank you|hello|goodbye|tell me a story
i live in berlin|where do i live|my dog is called rex|what is my dog called|i am tired|you are funny|why is the sky blue
do you like music|what do you think about rain|my favorite food is pizza|i have to call my mother|my name is hard to forget|who made you
what does a cat eat|what is a volcano|how do i cook rice|good morning|see you later|i am back|what are you doing|do you sleep
are you a robot|say something nice|i need help|what is the meaning of life|my sister is a doctor|what does my sister do|i am bored
what color is the sky|who wrote hamlet|tell me more|wait a second|my son is 12
the code of the safe is 9 3 4 7|the meeting is at 9|my sister turned 40|the score was three to two""".replace("\n", "|").split(
    "|"
)
TALK_ZH = """你叫什么名字|讲个笑话|我叫小明|你好|谢谢|我喜欢红色|法国的首都是哪里|你记得我的名字吗|今天过得怎么样|再见|早上好
我住在北京|我住在哪里|我的狗叫旺财|我的狗叫什么|你是谁|你多大了|天空为什么是蓝色的|我很累|你真聪明|我饿了|给我讲个故事|你喜欢音乐吗
我最喜欢的颜色是绿色|我最喜欢什么颜色|我要去上班了|晚安|你在干什么|你是机器人吗|我妈妈是医生|说点好听的|没关系|真的吗""".replace(
    "\n", "|"
).split("|")


@pytest.mark.parametrize(("code", "texts"), [("en", TALK_EN), ("zh", TALK_ZH)])
def test_talk_goes_to_the_model(code: str, texts: list[str]) -> None:
    swallowed = [text for text in texts if answer(text, code) is not None]
    assert swallowed == []


def test_a_long_text_is_no_command() -> None:
    assert answer("turn on the light " * 50) is None


def test_a_language_without_sentences_leaves_everything_to_the_model() -> None:
    assert make_router(["en"]).match("停", talk("zh")) is None


def test_a_strangers_skill_comes_through_the_same_door() -> None:
    registry = Registry()
    registry.register(Skill("coffee", lambda slots, talk: f"{slots['cups']} cups.", {"en": ["make {cups} cups of coffee"]}))
    with pytest.raises(ConfigError, match="two skills are called coffee"):
        registry.register(Skill("coffee", lambda slots, talk: ""))


def test_a_skill_tells_whether_its_sentence_is_all() -> None:
    def judge(slots: Mapping[str, Any], code: str) -> Completeness:
        return "whole" if code == "en" and slots["what"] == "two" else "open"

    sentences = {"en": ["make {what} cups of coffee"]}
    told, untold = Registry(), Registry()
    told.register(Skill("coffee", lambda slots, talk: "", sentences, completeness=judge))
    untold.register(Skill("coffee", lambda slots, talk: "", sentences))
    texts = [f"make {cups} cups of coffee" for cups in ("two", "no")]
    judged = [SkillRouter(one, ["en"]).completeness(text, "en") for one in (told, untold) for text in texts]
    assert judged == ["whole", "open", "unknown", "unknown"]


@pytest.mark.parametrize(("code", "asked", "said"), [
    ("en", "what do you know about me", "Your name is Ana. You live in Rome."),
    ("zh", "你知道我什么", "你的名字是小雨。你住在北京。"),
])  # fmt: skip
def test_what_is_known_is_told_in_sentences(code: str, asked: str, said: str) -> None:
    slots = {"en": {"name": "Ana", "city": "Rome"}, "zh": {"名字": "小雨", "城市": "北京"}}
    known = cast(Remembered, SimpleNamespace(slots=slots.get))
    call = make_router([code]).match(asked, Talk(code, lambda: NOW, "", "", known))
    assert call is not None and call.run() == said


def test_a_skill_can_be_left_out() -> None:
    router = SkillRouter(load_skills(["time"]), ["en"])
    assert router.match("what time is it", talk("en")) is None
    with pytest.raises(ConfigError, match=r"there is no skill 'tiem'"):
        load_skills(["tiem"])


def test_a_fact_is_no_command() -> None:
    talk = Talk("en", lambda: NOW, "", "")
    fact = "my favourite colour is green"
    assert make_router(["en"], is_fact=lambda text, code: (text, code) == (fact, "en")).match(fact, talk) is None
