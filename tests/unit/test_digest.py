"""What is left of older exchanges: only what was said."""

import pytest

from assistant.dialogue.digest import Digest, ask_facts, ask_line, checked_facts, checked_line, groups, merged
from assistant.dialogue.history import Exchange


def past(user: str, assistant: str = "Fine.") -> Exchange:
    return Exchange(user, assistant, ())


TALK = [past("my name is anna", "Nice to meet you, Anna. How are you?"), past("the gate code is 4711"), past("what time is it")]


def test_a_talk_is_quoted_as_the_starter_model_was_trained_on() -> None:
    assert ask_line(TALK, "en").splitlines() == [
        "Summarise this talk in one line.",
        "User: my name is anna",
        "Assistant: Nice to meet you, Anna.",
        "User: the gate code is 4711",
        "Assistant: Fine.",
        "User: what time is it",
        "Assistant: Fine.",
    ]
    assert ask_line([past("我叫安娜", "你好，安娜。你好吗？")], "zh").splitlines() == [
        "请用一句话总结这段对话。",
        "用户：我叫安娜",
        "助手：你好，安娜。",
    ]
    assert ask_facts(["a is b"], "en") == "Write the facts as JSON.\nUser: a is b"


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("The user's name is Anna; the gate code is 4711.", True),
        ("The user's name is Anna; the gate code is 4711; the gate code is 4711.", True),
        ("The user's name is Hannah.", False),
        ("The gate code is 4712.", False),
        ("The gate code is Anna.", False),
        ("The gate.", False),
        ("They discuss bananas and monkeys on a boat.", False),
        ("", False),
    ],
)
def test_a_line_that_says_what_was_not_said_gives_way_to_the_users_words(line: str, kept: bool) -> None:
    expected = "The user's name is Anna; the gate code is 4711." if kept else "The user said: the gate code is 4711"
    assert checked_line(line, TALK, "en") == expected


def test_of_a_line_only_the_clauses_that_were_said_are_left() -> None:
    assert (
        checked_line("The user lives in Rome; the gate code is 4711; the code is funny.", TALK, "en") == "the gate code is 4711."
    )


def test_small_talk_leaves_no_line() -> None:
    assert checked_line("", [past("how are you"), past("what can you do"), past("ha ha")], "en") == ""
    assert checked_line("", [past("你会做什么"), past("你好")], "zh") == ""


def test_a_chinese_line_is_checked_by_its_characters() -> None:
    talk = [past("我叫安娜", "你好。"), past("门的密码是4711", "好的。")]
    assert checked_line("用户叫安娜；门的密码是4711。", talk, "zh") == "用户叫安娜；门的密码是4711。"
    assert checked_line("用户喜欢香蕉和火车。", talk, "zh") == "用户说：门的密码是4711"
    assert checked_line("门的密码是4712。", talk, "zh") == "用户说：门的密码是4711"


def test_facts_are_what_was_said_and_nothing_else() -> None:
    lines = ["the user's dog is called rex", "the gate code is 4711"]
    reply = '{"dog\'s name": "rex", "gate code": "4711", "gate colour": "red", "colour": "rex", "code": "471", "dog": 5}'
    assert checked_facts(reply, lines) == {"dog's name": "rex", "gate code": "4711"}
    assert checked_facts('{"dog": "re', lines) == checked_facts('["dog"]', lines) == checked_facts("", lines) == {}


def test_newer_facts_replace_older_ones_and_the_oldest_go() -> None:
    assert merged({"a": "1", "b": "2"}, {"a": "3"}) == {"b": "2", "a": "3"}
    assert list(merged({f"n{number}": "x" for number in range(16)}, {"new": "y"}))[:1] == ["n1"]


def test_a_digest_without_a_value() -> None:
    digest = Digest({"gate code": "4711", "dog": "Rex"}, ("Rex barks", "They spoke of tea."))
    assert digest.without(["REX"]) == Digest({"gate code": "4711"}, ("They spoke of tea.",))
    assert not Digest() and digest


def test_a_line_stands_for_a_few_exchanges() -> None:
    assert [len(some) for some in groups([past(str(number)) for number in range(9)])] == [4, 4, 1]
