"""Arithmetic, units and volume: worked out exactly, said as it is, and talk left alone."""

from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.volume import NAME, RING, Volume
from assistant.languages.sums import UNITS, convert, read_sum, words_of, work_out
from assistant.protocols_hands import Hands
from assistant.protocols_skills import Talk
from assistant.skills.router import make_router
from tests.skills import said
from tests.unit.test_router import TALK_EN, TALK_ZH

KNOB = Volume(None)
ROUTER = make_router(["en", "zh"], hands=Hands(volume=KNOB))


def answer(text: str) -> str:
    code = "zh" if any(character >= "\u4e00" for character in text) else "en"
    call = ROUTER.match(text, Talk(code, datetime.now, "", ""))
    return "" if call is None else said(call) if call.name in ("arithmetic", "units", "volume") else f"<{call.name}>"


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("what is 17 times 23", "That is 391."),
        ("what is seventeen times twenty three", "That is 391."),
        ("how much is two plus two times three", "That is 8."),
        ("what is fifteen percent of two hundred", "That is 30."),
        ("what's 15% of 80", "That is 12."),
        ("calculate one hundred minus seven", "That is 93."),
        ("what is ten divided by four", "That is 2.5."),
        ("what is one divided by three", "That is about 0.333333."),
        ("what is 0.1 plus 0.2", "That is 0.3."),
        ("what is five squared", "That is 25."),
        ("what is minus five plus three", "That is -2."),
        ("what is seven divided by zero", "Nothing can be divided by zero."),
        ("what is 999999999 to the power of 30", "Those numbers are too big for me."),
        ("what is 9 to the power of 999999", "Those numbers are too big for me."),
        ("15 加 27 等于多少", "等于42。"),
        ("十五加二十七等于几", "等于42。"),
        ("三点五乘以二是多少", "等于7。"),
        ("计算一百除以八", "等于12.5。"),
        ("两百的百分之十五是多少", "等于30。"),
        ("五除以零等于多少", "不能除以零。"),
        ("convert ten miles to kilometers", "10 miles is 16.09344 kilometers."),
        ("what is 100 fahrenheit in celsius", "100 fahrenheit is about 37.777778 celsius."),
        ("how many ounces are in a pound", "1 pound is 16 ounces."),
        ("how many minutes are in three hours", "3 hours is 180 minutes."),
        ("convert three miles to kilograms", "I cannot convert miles to kilograms: they do not measure the same."),
        ("十英里是多少公里", "10英里等于16.09344公里。"),
        ("一斤等于多少克", "1斤等于500克。"),
        ("三十七摄氏度是多少华氏度", "37摄氏度等于98.6华氏度。"),
    ],
)
def test_sums_and_units(text: str, reply: str) -> None:
    assert answer(text) == reply


@pytest.mark.parametrize(
    "text",
    [
        *TALK_EN,
        *TALK_ZH,
        "what is plus",
        "what is the meaning of two times",
        "计算机是什么",
        "what is five bananas in apples",
    ],
)
def test_talk_is_left_alone(text: str) -> None:
    assert answer(text) == ""


@given(st.lists(st.integers(-999, 999), min_size=2, max_size=6), st.data())
def test_a_sum_is_what_python_says(numbers: list[int], data: st.DataObject) -> None:
    signs = [data.draw(st.sampled_from(("+", "-", "*", "/"))) for _ in numbers[1:]]
    words = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}
    text = str(numbers[0]) + "".join(f" {words[sign]} {number}" for sign, number in zip(signs, numbers[1:], strict=True))
    parts = read_sum(text, "en")
    assert parts is not None
    exact = f"Fraction({numbers[0]})" + "".join(
        f" {sign} Fraction({number})" for sign, number in zip(signs, numbers[1:], strict=True)
    )
    try:
        expected = eval(exact, {"Fraction": Fraction})  # noqa: S307  numbers of ours
    except ZeroDivisionError:
        with pytest.raises(ZeroDivisionError):
            work_out(parts)
        return
    assert work_out(parts) == expected


@pytest.mark.parametrize("unit", list(UNITS))
def test_a_unit_there_and_back_is_the_same(unit: str) -> None:
    for other, (kind, _, _) in UNITS.items():
        there = convert(Fraction(7), unit, other)
        assert (there is not None) == (kind == UNITS[unit][0])
        assert there is None or convert(there, other, unit) == 7


def test_every_unit_that_is_named_is_known() -> None:
    assert {unit for code in ("en", "zh") for unit in words_of(code).units.values()} <= set(UNITS)


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("louder", 50, 60),
        ("quieter", 50, 40),
        ("volume to 40 percent", 50, 40),
        ("set the volume to forty", 50, 40),
        ("turn the volume up by twenty percent", 50, 70),
        ("turn it down", 5, 0),
        ("louder", 95, 100),
        ("set the volume to 200", 50, 50),
        ("set the volume to bananas", 50, 50),
        ("大声一点", 50, 60),
        ("音量调到百分之四十", 50, 40),
        ("把音量设定为30%", 50, 30),
        ("turn up the volume to 70 percent", 50, 70),
        ("声音调小", 50, 40),
    ],
)
def test_the_volume_is_what_is_said(text: str, before: int, after: int) -> None:
    KNOB.set(before)
    reply = answer(text)
    assert KNOB.percent == after
    assert str(after) in reply or "100 percent" in reply


def test_mute_and_unmute() -> None:
    KNOB.set(50)
    assert answer("mute") == "I am muted." and KNOB.gain == 0
    KNOB.ring(True)
    assert KNOB.gain == (RING / 100) ** 2
    KNOB.ring(False)
    assert answer("取消静音") == "音量现在是百分之50。" and KNOB.gain == 0.25


def test_without_a_loudspeaker_nothing_is_claimed() -> None:
    call = make_router(["en"]).match("louder", Talk("en", datetime.now, "", ""))
    assert call is not None and said(call) == "There is no loudspeaker here whose volume I could change."


def test_the_volume_is_kept(tmp_path: Path) -> None:
    Volume(tmp_path).set(30)
    assert Volume(tmp_path).percent == 30
    for damaged in ("", "{", "[]", '{"percent": "loud", "muted": 1}'):
        (tmp_path / NAME).write_text(damaged)
        assert Volume(tmp_path).percent == 100
    (tmp_path / "file").write_text("")
    assert Volume(tmp_path / "file" / "none").set(20) == 20  # a line in the log, and it holds until the end
