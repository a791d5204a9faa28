"""Whether somebody has finished: told from the words so far."""

import pytest

from assistant.languages import own_sentences
from assistant.languages.home import home_texts
from assistant.skills.completeness import SentenceCompleteness
from assistant.skills.router import make_router

JUDGE = SentenceCompleteness(make_router(["en", "zh"]))
WHOLE = {
    "en": ["stop", "turn on the kitchen light", "turn the bedroom lights off", "what time is it", "set a timer for five minutes",
           "be quiet", "what is the date today", "spell it", "spell that please"],
    "zh": ["停", "打开厨房的灯", "现在几点", "关掉卧室的灯"],
}  # fmt: skip
OPEN = {
    "en": ["set a timer for", "set a timer for five", "set a", "turn on the", "turn on the kitchen", "tell me about the", "my name is",
           "remember that", "switch the", "no that is"],
    "zh": ["打开厨房的", "请帮我", "把", "打开"],
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
    ],
    "zh": ["给我讲个故事", "天为什么是蓝的呢", "我有点累"],
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


def test_any_text_is_taken() -> None:
    assert JUDGE("", "en") == JUDGE("x " * 5000, "en") == "unknown"
