"""The skill that spells."""

from datetime import datetime

import pytest

from assistant.protocols_skills import Talk
from assistant.skills.router import SkillRouter, make_router


@pytest.fixture(scope="module")
def router() -> SkillRouter:
    return make_router(["en", "zh"])


ONLY_LETTERS = {"en": "I can only spell words that are written in letters.", "zh": "我只能拼用字母写的词。"}


@pytest.mark.parametrize(
    ("text", "last", "said"),
    [
        ("spell Anna", "", "A, N, N, A."),
        ("how do you spell cat?", "", "C, A, T."),
        ("please spell that", "The capital of France is Paris.", "P, A, R, I, S."),
        ("spell it", "It means rain.", "R, A, I, N."),
        ("spell that", "", "I have not said anything yet."),
        ("spell Müller-Lüdenscheidt", "", "M, Ü, L, L, E, R, L, Ü, D, E, N, S, C, H, E, I, D, T."),
        ("spell route66", "", "R, O, U, T, E, 6, 6."),
        ("spell 北京", "", ONLY_LETTERS["en"]),
        ("spell that", "北京。", ONLY_LETTERS["en"]),
        ("spell that", "42.", ONLY_LETTERS["en"]),
        ("拼一下", "这种语言叫Python。", "P，Y，T，H，O，N。"),
        ("请拼一下它", "法国的首都是巴黎，法语写作 Paris，很好记。", "P，A，R，I，S。"),
        ("怎么拼？", "可以用 Python 3 写。", "P，Y，T，H，O，N。"),
        ("这个词怎么拼", "一个是cat，一个是dog。", "D，O，G。"),
        ("把这个单词拼出来", "狗是dog。", "D，O，G。"),
        ("Python怎么拼", "", "P，Y，T，H，O，N。"),
        ("cat这个词怎么拼", "", "C，A，T。"),
        ("把Anna拼出来", "", "A，N，N，A。"),
        ("请把 Anna 拼一下", "", "A，N，N，A。"),
        ("拼写Wi-Fi", "", "W，I，F，I。"),
        ("北京怎么拼", "", ONLY_LETTERS["zh"]),
        ("拼一下这个词", "今天有3场雨。", ONLY_LETTERS["zh"]),
        ("怎么拼", "", "我还什么都没说呢。"),
        ("把它拼出来", "", "我还什么都没说呢。"),
    ],
)
def test_a_word_is_spelled(router: SkillRouter, text: str, last: str, said: str) -> None:
    call = router.match(text, Talk("zh" if said[-1] == "。" else "en", datetime.now, "", last))
    assert call is not None and call.name == "spell"
    assert call.run() == said


@pytest.mark.parametrize("text", ["把拼图拼出来", "拼一下乐高吧", "我们一起拼车吧", "拼音难学吗", "他打拼了很多年"])
def test_a_puzzle_is_talk(router: SkillRouter, text: str) -> None:
    assert router.match(text, Talk("zh", datetime.now, "", "Python")) is None
