"""Whether somebody has finished: told from the words so far."""

from typing import cast

import pytest

from assistant.languages import own_sentences
from assistant.languages.home import home_texts
from assistant.protocols import Completeness
from assistant.skills.completeness import MOST_ENDS, SentenceCompleteness
from assistant.skills.router import SkillRouter, make_router

ROUTER = make_router(["en", "zh"])
JUDGE = SentenceCompleteness(ROUTER)
WHOLE = {
    "en": ["stop", "turn on the kitchen light", "turn the bedroom lights off", "what time is it", "set a timer for five minutes",
           "be quiet", "what is the date today", "spell it", "spell that please", "count down ten seconds", "snooze for ten minutes",
           "add milk to my shopping list", "cancel the pasta timer"],
    "zh": ["停", "打开厨房的灯", "现在几点", "关掉卧室的灯", "定一个十分钟的计时器", "设置一个五分钟的计时器", "设置计时器十分钟", "定时十分钟",
           "请帮我定时十分钟", "倒计时十分钟", "十分钟倒计时", "倒数十秒", "十分钟后叫我", "过十分钟叫我", "明天早上七点叫我起床", "设个七点的闹钟",
           "再睡十分钟", "计时器加五分钟", "取消计时器", "拼一下这个词"],
}  # fmt: skip
OPEN = {
    "en": ["set a timer for", "set a timer for five", "set a", "turn on the", "turn on the kitchen", "tell me about the", "my name is",
           "remember that", "switch the", "no that is", "could you set a timer for", "remind me", "remind me in ten minutes",
           "in ten minutes turn on the", "close", "please dim", "set a timer", "set an alarm"],
    "zh": ["打开厨房的", "请帮我", "把", "打开", "打开厨房", "关闭", "请关闭", "调暗", "把厨房的灯", "把灯", "设置", "设一个", "设一个十分钟",
           "请帮我设一个十分钟", "设一个十分钟的", "设置一个五分", "定时", "定时十", "倒计时", "帮我倒计时", "设置计时器", "设一个闹钟", "计时器加", "再睡", "十分钟后", "提醒我",
           "提醒我十分钟后", "十分钟后提醒我", "提醒我明天", "提醒我七点", "音量调到", "音量调到百分之"],
}  # fmt: skip
UNKNOWN = {
    "en": [
        "tell me about the sea",
        "my dog is called rex",
        "why is the sky blue",
        "i would like some tea",
        "forget my name",
        "okay",
        "right",
        "yes tell me about the sea",
        "in ten minutes remind me to call",
        "in ten minutes open the door",
        "remind me to call anna",
        "set a timer for five minutes called pasta",
        "wake me at seven",
        "broadcast dinner",
        "close to the sea",
        "dim sum is what i like",
    ],
    "zh": [
        "给我讲个故事",
        "天为什么是蓝的呢",
        "我有点累",
        "提醒我十分钟后关火",
        "十分钟后提醒我关火",
        "提醒我买牛奶",
        "十分钟后我们",
        "十分钟后我们去公园吧",
        "十分钟后叫我去吃饭",
        "定时炸弹是什么",
        "倒计时怎么说",
        "计时十分钟可以吗",
        "妈妈七点叫我起床",
        "把闹钟设到七点",
        "设计一个房子",
        "设想一下如果我们",
        "定了明天的票",
        "开始下雨了",
        "关闭这个话题",
        "把我的故事讲完",
        "倒计时还有十天",
        "给我定一个鸡蛋的五分钟计时器",
        "来一个笑话",
    ],
}


@pytest.mark.parametrize(("text", "code", "judged"), [
    (text, code, judged) for judged, table in (("whole", WHOLE), ("open", OPEN), ("unknown", UNKNOWN)) for code in table for text in table[code]
])  # fmt: skip
def test_words_so_far(text: str, code: str, judged: str) -> None:
    assert JUDGE(text, code) == judged


@pytest.mark.parametrize("code", ["en", "zh"])
def test_a_whole_answer_is_one_that_our_questions_take(code: str) -> None:
    texts = home_texts(code)
    answers = own_sentences(code)["answers"]
    assert answers and set(answers) <= {*texts.yes, *texts.no}
    assert {JUDGE(text, code, True) for text in answers} == {"whole"}
    assert "unknown" in {JUDGE(text, code) for text in answers}, "no question waits: it may begin a sentence"


class Counted:
    """The router, and how often it was asked."""

    def __init__(self, router: SkillRouter) -> None:
        self._router, self.asked = router, 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._router, name)

    def completeness(self, text: str, code: str) -> Completeness:
        self.asked += 1
        return self._router.completeness(text, code)


def test_a_pause_costs_one_match_and_no_more_than_a_few_where_a_beginning_stands() -> None:
    """The ear waits for it: its cost is counted in matches."""
    most, counted = {}, Counted(ROUTER)
    judge = SentenceCompleteness(cast(SkillRouter, counted))
    for table in (WHOLE, OPEN, UNKNOWN):
        for code, texts in table.items():
            for text in texts:
                counted.asked = 0
                judge(text, code)
                most[text] = counted.asked
    assert {most[text] for texts in WHOLE.values() for text in texts} == {1}
    assert max(most.values()) == 1 + MOST_ENDS and most["tell me about the sea"] == most["我有点累"] == 1
    ends = [ends for code in ("en", "zh") for ends in own_sentences(code)["completions"].values()]
    assert max(map(len, ends)) <= MOST_ENDS, "none is left out"


def test_any_text_is_taken() -> None:
    assert JUDGE("", "en") == JUDGE("x " * 5000, "en") == "unknown"
