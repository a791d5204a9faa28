"""Lists by voice and on disk, and what the assistant says it can do."""

import stat
from datetime import datetime
from pathlib import Path

import pytest

from assistant.memory.lists import MOST, NAME, Lists, ListsError
from assistant.protocols_hands import Hands
from assistant.protocols_skills import Talk
from assistant.skills.router import SkillRouter, make_router
from tests.skills import said
from tests.unit.test_router import TALK_EN, TALK_ZH


@pytest.fixture
def router(tmp_path: Path) -> SkillRouter:
    return make_router(["en", "zh"], hands=Hands(lists=Lists(tmp_path)))


def ask(router: SkillRouter, text: str) -> str:
    code = "zh" if text[0] >= "\u4e00" else "en"
    call = router.match(text, Talk(code, datetime.now, "", ""))
    return "" if call is None else said(call) if call.name in ("lists", "abilities") else f"<{call.name}>"


def test_a_talk_about_lists(router: SkillRouter) -> None:
    assert ask(router, "what is on my shopping list") == "There is nothing on the shopping list."
    assert ask(router, "add milk and eggs to my shopping list") == "Milk and eggs are on the shopping list now."
    assert ask(router, "put milk on the list") == "Milk is on the shopping list already."
    assert ask(router, "add a hammer to the hardware list") == "A hammer is on the hardware list now."
    assert ask(router, "what's on the list") == "On the shopping list: milk and eggs."
    assert ask(router, "remove milk from the shopping list") == "Milk is off the shopping list."
    assert ask(router, "check off bread on the list") == "Bread is not on the shopping list."
    assert ask(router, "clear my shopping list") == "The shopping list is empty now."
    assert ask(router, "read me the hardware list") == "On the hardware list: a hammer."


def test_a_chinese_talk_about_lists(router: SkillRouter) -> None:
    assert ask(router, "把牛奶和鸡蛋加到购物清单") == "购物清单上现在有牛奶、鸡蛋了。"
    assert ask(router, "记得买面包") == "购物清单上现在有面包了。"
    assert ask(router, "购物清单上有什么") == "购物清单上有牛奶、鸡蛋、面包。"
    assert ask(router, "把牛奶从购物清单划掉") == "购物清单上没有牛奶了。"
    assert ask(router, "鸡蛋买好了") == "购物清单上没有鸡蛋了。"
    assert "买好了" not in ask(router, "衣服买好了")  # it is not on the list
    assert ask(router, "清空购物清单") == "购物清单清空了。"


@pytest.mark.parametrize("code", ["en", "zh"])
def test_talk_is_left_alone(router: SkillRouter, code: str) -> None:
    assert [text for text in (TALK_EN if code == "en" else TALK_ZH) if ask(router, text)] == []


def test_they_survive_and_are_private(tmp_path: Path) -> None:
    Lists(tmp_path).add("shopping", "milk")
    assert Lists(tmp_path).entries("shopping") == ["milk"]
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600


def test_they_are_bounded(tmp_path: Path) -> None:
    lists = Lists(None)
    for number in range(MOST):
        lists.add("shopping", f"thing {number}")
    router = make_router(["en"], hands=Hands(lists=lists))
    assert ask(router, "add milk to my list").startswith("That does not fit")
    assert len(lists.entries("shopping")) == MOST
    assert ask(router, "what is on my list").endswith(f"and {MOST - 12} more.")
    lists.close()


def test_a_damaged_file_is_set_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / NAME).write_bytes(b"no database " * 500)
    lists = Lists(tmp_path)
    assert lists.add("shopping", "milk") and "is damaged" in caplog.text
    assert [*tmp_path.glob(f"{NAME}.damaged-*")]


def test_a_disk_that_cannot_be_written_is_an_error_not_a_claim(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ListsError, match="is the disk full or read-only"):
        Lists(tmp_path / "file" / "none").add("shopping", "milk")


def test_what_it_can_do_is_what_is_there(router: SkillRouter) -> None:
    assert ask(router, "what can you do") == (
        "I can tell you the time and the date, keep your lists, work out sums, convert units and talk with you."
    )
    assert ask(router, "你会做什么") == "我可以报时间和日期、记清单、算数、换算单位，还能陪你聊天。"
    few = make_router(["en"], disabled=["date", "units"], hands=Hands(lists=Lists(None)))
    assert ask(few, "what can you do") == "I can keep your lists, work out sums and talk with you."


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("what is on my shopping list", "That is only for the people who live here."),
        ("set a timer for five minutes", "That is only for the people who live here."),
        ("louder", "That is only for the people who live here."),
        ("清空购物清单", "这个只有家里人可以用。"),
        ("what can you do", "I can tell you the time and the date, work out sums, convert units and talk with you."),
    ],
)
def test_a_visitor_is_told_nothing_of_the_house(router: SkillRouter, text: str, reply: str) -> None:
    call = router.match(text, Talk("zh" if text[0] >= "\u4e00" else "en", datetime.now, "", "", guest=True))
    assert call is not None and said(call) == reply
