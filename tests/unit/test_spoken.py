"""The spoken form: golden lines for both languages."""

import pytest

from assistant.dialogue.spoken import SpokenForm, spoken

ENGLISH = [
    ("Hello.", "Hello."),
    ("It is 9:20.", "It is nine twenty."),
    ("It is 10:05.", "It is ten oh five."),
    ("It is 3 o'clock.", "It is three o'clock."),
    ("It is 12:00.", "It is twelve o'clock."),
    ("at 17:00", "at seventeen hundred"),
    ("It is Monday, November 23rd, 2026.", "It is Monday, November twenty-third, twenty twenty-six."),
    ("on 2026-11-23", "on November twenty-third, twenty twenty-six"),
    ("2026-13-45", "two zero two six one three four five"),
    ("the 1st and the 22nd", "the first and the twenty-second"),
    ("3.5 kg", "three point five kilograms"),
    ("1 km", "one kilometer"),
    ("5-10 km", "five to ten kilometers"),
    ("80 km/h", "eighty kilometers per hour"),
    ("-3°C", "minus three degrees Celsius"),
    ("1°C", "one degree Celsius"),
    ("20 °", "twenty degrees"),
    ("50%", "fifty percent"),
    ("1%", "one percent"),
    ("1,200 apples", "one thousand two hundred apples"),
    ("$5", "five dollars"),
    ("€1,000", "one thousand euros"),
    ("0.25 mm", "zero point two five millimeters"),
    ("12 Nm", "twelve newton meters"),
    ("50 Hz", "fifty hertz"),
    ("call 555-123-4567", "call five five five one two three four five six seven"),
    ("**Bold**, *soft* and ~~gone~~", "Bold, soft and gone"),
    ("snake_case stays", "snake_case stays"),
    ("use `ls` now", "use ls now"),
    ("see [the page](http://x.y/z) now", "see the page now"),
    ("at https://a.b/c?d=1 now", "at now"),
    ("Great 😀 work 👍🏽!", "Great work !"),
    ("# Title", "Title"),
    ("- one\n- two", "one two"),
    ("1. First\n2. Second", "First Second"),
    ("> quoted", "quoted"),
    ("<b>bold</b> text", "bold text"),
    ('{"name": "light", "on": true}', ""),
    ("...", ""),
    ("", ""),
    (
        "12345678901234567890",
        "one two three four five six seven eight nine zero one two three four five six seven eight nine zero",
    ),
]
CHINESE = [
    ("你好。", "你好。"),
    ("现在是上午9点20分。", "现在是上午九点二十分。"),
    ("9:05", "九点零五分"),
    ("12:00", "十二点整"),
    ("今天是2026年11月23日，星期一。", "今天是二〇二六年十一月二十三日，星期一。"),
    ("2026-11-23", "二〇二六年十一月二十三日"),
    ("26°C", "二十六摄氏度"),
    ("-3°C", "负三摄氏度"),
    ("10%", "百分之十"),
    ("3.5公斤", "三点五公斤"),
    ("3.5kg", "三点五公斤"),
    ("5-10km", "五到十公里"),
    ("¥20", "二十元"),
    ("100个", "一百个"),
    ("**重点**：看`这里`", "重点：看这里"),
    ("- 一\n- 二", "一 二"),
    ("😀", ""),
]


@pytest.mark.parametrize(("text", "said"), ENGLISH)
def test_english(text: str, said: str) -> None:
    assert spoken(text, "en") == said


@pytest.mark.parametrize(("text", "said"), CHINESE)
def test_chinese(text: str, said: str) -> None:
    assert spoken(text, "zh") == said


def test_code_is_not_read_out_even_across_clauses() -> None:
    form = SpokenForm("en")
    said = [form(clause) for clause in ("Here it is:\n```python\nprint(1)\n", "x = 2\n", "```\nThat was it.", " Bye.")]
    assert said == ["Here it is:", "", "That was it.", "Bye."]
