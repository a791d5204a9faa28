"""Facts found in what is said."""

import pytest

from assistant.memory.slots import SlotRules

FOUND = {
    "en": {
        "my name is anna": ("name", "Anna"),
        "Hi, my name is Anna Maria.": ("name", "Anna Maria"),
        "please call me ishmael": ("name", "Ishmael"),
        "i live in new york": ("city", "New York"),
        "my favourite colour is dark green": ("favourite colour", "dark green"),
        "my favorite food is rice": ("favourite food", "rice"),
        "my dog is called rex": ("dog's name", "Rex"),
        "my wife's name is eva": ("wife's name", "Eva"),
        "the name of my boat is sea star": ("boat's name", "Sea Star"),
        "no my name is eva": ("name", "Eva"),
        "actually i live in rome": ("city", "Rome"),
        "i speak swedish": ("language", "swedish"),
        "from now on please answer in one sentence": ("style", "answer in one sentence"),
        "keep your answers short": ("style", "short"),
        "please use metric units": ("units", "metric"),
        "i am working on the old boiler": ("task", "the old boiler"),
        "please remember that the key is under the mat": ("note", "the key is under the mat"),
    },
    "zh": {
        "我叫安娜": ("name", "安娜"),
        "你好，我的名字是小明。": ("name", "小明"),
        "我住在北京": ("city", "北京"),
        "我最喜欢的颜色是绿色": ("最喜欢的颜色", "绿色"),
        "我的狗叫旺财": ("狗的名字", "旺财"),
        "不，我叫李雷": ("name", "李雷"),
        "以后请说短一点": ("style", "说短一点"),
        "请使用公制单位": ("units", "公制"),
        "我们现在正在修锅炉": ("task", "锅炉"),
        "请记住钥匙在垫子下面": ("note", "钥匙在垫子下面"),
    },
}
NONE = {
    "en": ["what is my name", "do you remember my name?", "my name is not anna", "my name is hard to spell", "how are you", "", "i am working", "use the blue one", "i speak to her",
           "i live in a small house near the big river in the north of the old town", "tell me my favourite colour",
           "is my name anna", "what is my dog called", "turn on the kitchen light", "set a timer for ten minutes", "call me back", "call me tomorrow", "my job is great"],
    "zh": ["我叫什么", "你叫什么名字", "我住在哪里", "我最喜欢的颜色是什么", "现在几点", "打开厨房的灯", "你知道我叫什么吗", "叫我起床", "我叫了外卖", "我妈妈叫我回家"],
}  # fmt: skip


@pytest.fixture(scope="module", params=["en", "zh"])
def rules(request: pytest.FixtureRequest) -> SlotRules:
    return SlotRules(request.param)


def test_statements_are_facts(rules: SlotRules) -> None:
    expected = FOUND[rules.language.code]
    found = {text: rules.find(text) for text in expected}
    assert {text: slot and (slot.name, slot.value) for text, slot in found.items()} == expected
    assert {slot.lasts_s for slot in found.values() if slot and slot.name == "task"} == {12 * 3600}


def test_questions_denials_and_long_tales_are_none(rules: SlotRules) -> None:
    assert {text: found for text in NONE[rules.language.code] if (found := rules.find(text))} == {}


def test_a_text_of_any_length_is_taken(rules: SlotRules) -> None:
    assert rules.find("my name is " + "a" * 10_000) is None
