"""Receipts as sentences: what was done is said, what was not is said as such, in both languages; nothing else is claimed."""

import itertools
import re
from typing import get_args

import pytest

from assistant.languages.home import home_texts
from assistant.protocols_home import Action, Entity, Outcome, Receipt
from assistant.skills.home_plan import _VERBS
from assistant.skills.home_say import told

THINGS = {
    one.id: (one, home_texts("en").label(one.name, ""))
    for one in (Entity("a", "light", "Desk lamp"), Entity("b", "light", "Shelf"))
}
NAMES = {
    one.id: (one, home_texts("zh").label(one.name, "")) for one in (Entity("a", "light", "台灯"), Entity("b", "light", "书架灯"))
}
KNOWN = {"en": THINGS, "zh": NAMES}
REASONS = ("", "away", "unknown", "unable", "range", "rejected", "unconfirmed", "something new")
CLAIM = re.compile(
    r"\b(is|are) (now )?(on|off|open|closed|locked|unlocked|set|muted|activated|playing|paused)\b|has (stopped|started)|已经(?!不在)|正在"
)
VERBS = sorted({verb for verbs in _VERBS.values() for verb in verbs.values()})


def said(code: str, *receipts: Receipt, actions: list[Action] | None = None) -> str:
    return told(actions or [receipt.action for receipt in receipts], receipts, KNOWN[code], home_texts(code))


@pytest.mark.parametrize(
    ("outcome", "reason", "english", "chinese"),
    [
        ("done", "", "The Desk lamp is on.", "台灯已经打开。"),
        ("refused", "", "I was not allowed to change the Desk lamp.", "不允许我改动台灯。"),
        (
            "timeout",
            "",
            "The Desk lamp has not answered. I do not know whether anything changed.",
            "台灯没有回应，我不知道有没有变化。",
        ),
        (
            "failed",
            "unconfirmed",
            "The Desk lamp has not answered. I do not know whether anything changed.",
            "台灯没有回应，我不知道有没有变化。",
        ),
        ("failed", "away", "The Desk lamp cannot be reached, so I changed nothing there.", "台灯联系不上，那里什么都没有改。"),
        ("failed", "unknown", "The Desk lamp is not there any more.", "台灯已经不在了。"),
        ("failed", "unable", "The Desk lamp cannot do that.", "台灯做不到这个。"),
        ("failed", "range", "The Desk lamp cannot be set to that.", "台灯不能设成这样。"),
        ("failed", "rejected", "The Desk lamp did not accept that.", "台灯没有接受。"),
        ("failed", "", "I could not change the Desk lamp: something went wrong with it.", "我没能改动台灯，出了问题。"),
    ],
)
def test_each_outcome(outcome: Outcome, reason: str, english: str, chinese: str) -> None:
    receipt = Receipt(Action("a", "turn_on"), outcome, reason)
    assert said("en", receipt) == english and said("zh", receipt) == chinese


@pytest.mark.parametrize("code", ["en", "zh"])
def test_only_what_is_done_is_claimed(code: str) -> None:
    values = {"set": {"brightness": 40}}
    for verb, outcome, reason in itertools.product([*VERBS, "set"], get_args(Outcome), REASONS):
        for many in (1, 2):
            receipts = [Receipt(Action(one, verb, values.get(verb, {})), outcome, reason) for one in "ab"[:many]]
            text = said(code, *receipts)
            assert text and "{" not in text
            if outcome != "done":
                assert not CLAIM.search(text), text


def test_partly_names_what_was_done_and_what_was_not() -> None:
    done, lost = Receipt(Action("a", "turn_on"), "done"), Receipt(Action("b", "turn_on"), "failed", "away")
    assert said("en", done, lost) == "The Desk lamp is on. The Shelf cannot be reached, so I changed nothing there."
    assert said("zh", lost, done) == "台灯已经打开。书架灯联系不上，那里什么都没有改。"


def test_an_action_without_a_receipt_of_its_own_was_not_done() -> None:
    one, other = Action("a", "turn_on"), Action("b", "turn_on")
    assert "has not answered" in said("en", actions=[one])
    assert said("en", Receipt(other, "done"), actions=[one]) == said("en", actions=[one])
    text = said("en", Receipt(one, "done"), actions=[one, other])
    assert text == "The Desk lamp is on. The Shelf has not answered. I do not know whether anything changed."


@pytest.mark.parametrize(
    ("verb", "values", "english"),
    [
        ("set", {"brightness": 40}, "The Desk lamp is set to 40 percent."),
        ("set", {"temperature": 21.5}, "The Desk lamp is set to 21.5 degrees."),
        ("set", {"color": "red"}, "The Desk lamp is set to red."),
        ("set", {"color_temperature": 2700}, "The Desk lamp is set to 2700 kelvin."),
        ("toggle", {}, "The Desk lamp has been switched over."),
        ("dock", {}, "The Desk lamp goes back to its dock."),
        ("something new", {}, "The Desk lamp is set to that."),
    ],
)
def test_what_was_done(verb: str, values: dict[str, str | int | float | bool], english: str) -> None:
    assert said("en", Receipt(Action("a", verb, values), "done")) == english


def test_many_are_counted() -> None:
    things = {str(n): (Entity(str(n), "light", f"L{n}"), f"the L{n}") for n in range(9)}
    receipts = [Receipt(Action(one, "turn_off"), "done" if one != "4" else "timeout") for one in things]
    assert told([one.action for one in receipts], receipts, things, home_texts("en")) == (
        "8 lights are off. The L4 has not answered. I do not know whether anything changed."
    )
