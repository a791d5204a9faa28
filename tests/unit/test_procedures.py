"""Procedures: what is read out of Markdown, where each talk is, and what is said of it by voice."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import cast

import pytest

from assistant.procedures.book import KEPT_S, MOST_RUNNING, NAME, Procedures
from assistant.procedures.steps import MOST_CHARACTERS, MOST_STEPS, BadProcedure, Step, read
from assistant.protocols_hands import Hands, Steps
from assistant.protocols_skills import Talk
from assistant.skills.router import SkillRouter, make_router
from tests.skills import said
from tests.unit.test_router import TALK_EN, TALK_ZH

DOCS = (Path(__file__).parents[2] / "docs/procedures.md").read_text(encoding="utf-8")
OIL = DOCS.split("```markdown\n")[1].split("\n```")[0]
TEA = "# 泡茶\n\n1. 烧水\n2. 放入3 g茶叶。\n3. 等5 min\n"


# -- reading -----------------------------------------------------------------------------------------------------


def test_the_example_of_the_docs_is_read() -> None:
    oil = read(OIL, "oil change")
    assert (oil.name, oil.aliases) == ("Oil change", ("change the oil", "换机油"))
    assert oil.intro == "Wear gloves, and let the engine cool down."
    assert oil.steps == (
        Step("Put the pan under the engine.", "Drain"),
        Step("Unscrew the drain plug (M14x1.5): Turn it to the left. Let the oil run for 10 min."),
        Step("Caution: the oil is hot. Clean the plug and tighten it with 30 ±2 Nm."),
        Step("Fill in 4.5 l of oil.", "Fill"),
    )


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("1) One\n2) Two", ["One.", "Two."]),
        ("5. Five\n6. Six!", ["Five.", "Six!"]),
        ("1. One\n\n   More of it\n2. Two\nlazy", ["One. More of it.", "Two lazy."]),
        ("1. **Bold** [link](http://x.org) `code` <b>html</b> ![alt](x.png)", ["Bold link code html."]),
        ("1. One\n   ```\n   rm -rf\n   ```", ["One."]),
        ("1. One\n\nAfter it.", ["One. After it."]),
        ("1. \n2. Two", ["Two."]),
        ("- no\n- step\n\n1. One", ["One."]),
        ("1. a\n   1. b\n   2. c\n2. d", ["A. B. C.", "D."]),
        ("1. 一\n2. 二", ["一。", "二。"]),
    ],
)
def test_what_is_a_step(text: str, steps: list[str]) -> None:
    assert [one.text for one in read(text, "x").steps] == steps


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no numbered list"),
        ("# A\n\nhello", "no numbered list"),
        ("> 1. quoted", "no numbered list"),
        ("- 1. nested", "no numbered list"),
        ("1. a\n" * (MOST_STEPS + 1), f"{MOST_STEPS + 1} steps"),
        (f"1. {'long ' * MOST_CHARACTERS}", "step 1 has more than"),
        (f"1. a\n\n{'long ' * MOST_CHARACTERS}", "before or behind"),
        (f"{'long ' * MOST_CHARACTERS}\n\n1. a", "before or behind"),
        (f"# {'n' * 100}\n\n1. a", "its name"),
        ("x" * 300_000, "256 KB"),
    ],
)  # fmt: skip
def test_what_is_none_is_told_in_one_line(text: str, why: str) -> None:
    with pytest.raises(BadProcedure, match=re.escape(why)) as caught:
        read(text, "x")
    assert "\n" not in str(caught.value)


# -- the book ----------------------------------------------------------------------------------------------------


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def book(folder: Path, clock: Clock | None = None) -> Procedures:
    folder.joinpath("oil-change.md").write_text(OIL, encoding="utf-8")
    folder.joinpath("tea.md").write_text(TEA, encoding="utf-8")
    return Procedures(folder, folder / "kept", clock or Clock())


def test_they_are_found_by_their_names(tmp_path: Path) -> None:
    made = book(tmp_path)
    assert [one.name for one in made.all()] == ["Oil change", "泡茶"]
    for words in ("oil change", "Oil Change!", "change the oil", "the oil change please", "换机油", "oil"):
        assert [one.name for one in made.find(words)] == ["Oil change"], words
    assert [one.name for one in made.find("泡茶")] == ["泡茶"] and made.find("我想泡茶") == made.find("brake oil change") == []
    assert made.find("soil changes") == made.find("") == []
    assert made.named("Oil change") and not made.named("oil")


def test_a_file_that_is_bad_is_left_out_with_one_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    tmp_path.joinpath("bad.md").write_text("hello")
    tmp_path.joinpath("latin.md").write_bytes(b"1. caf\xe9")
    tmp_path.joinpath("gone.md").symlink_to(tmp_path / "nowhere")
    made = book(tmp_path)
    assert len(made.all()) == 2
    assert made.refused == {
        "bad.md": "it has no numbered list at the margin (1. ..., 2. ...), so it has no steps",
        "latin.md": "it is not UTF-8 text",
    }
    made.all()
    assert len(caplog.records) == 2  # not again at each look
    tmp_path.joinpath("bad.md").write_text("1. good now")
    assert len(made.all()) == 3 and "bad.md" not in made.refused
    tmp_path.joinpath("latin.md").unlink()
    assert made.all() and made.refused == {}


def test_more_files_than_it_may_be_are_left_out(tmp_path: Path) -> None:
    for number in range(120):
        tmp_path.joinpath(f"{number:03}.md").write_text("1. a")
    assert len(Procedures(tmp_path, None).all()) == 100


def test_where_a_talk_is_survives_a_restart(tmp_path: Path) -> None:
    clock = Clock()
    made = book(tmp_path, clock)
    made.begin("voice", made.find("oil")[0])
    made.go("voice", 2)
    made.begin("private:guest:1", made.find("oil")[0])
    path = tmp_path / "kept" / NAME
    assert path.stat().st_mode & 0o777 == 0o600 and "guest" not in path.read_text()
    again = book(tmp_path, clock)
    place = again.running("voice")
    assert place is not None and (place.procedure.name, place.step) == ("Oil change", 2)
    assert again.running("private:guest:1") is None
    clock.now += KEPT_S + 1
    assert again.running("voice") is None and book(tmp_path, clock).running("voice") is None


def test_a_place_is_not_taken_up_in_another_procedure(tmp_path: Path) -> None:
    made = book(tmp_path)
    made.begin("voice", made.find("oil")[0])
    tmp_path.joinpath("oil-change.md").write_text("# Oil change\n\n1. Other\n")
    place = made.running("voice")
    assert place is not None and len(place.procedure.steps) == 4  # it goes on as it was begun
    assert Procedures(tmp_path, tmp_path / "kept", Clock()).running("voice") is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"voice": 1}', '{"voice": {"name": "Oil change", "step": "x"}}', '{"voice": {"name": "Oil change", "step": 99, "steps": 4, "touched": 0}}', '{"voice": {"name": "Oil change", "step": -1, "steps": 4, "touched": 0}}'])  # fmt: skip
def test_a_damaged_file_of_places_is_passed_over(tmp_path: Path, text: str) -> None:
    tmp_path.joinpath("kept").mkdir()
    tmp_path.joinpath("kept", NAME).write_text(text)
    assert book(tmp_path).running("voice") is None


def test_talks_with_a_procedure_are_bounded(tmp_path: Path) -> None:
    clock = Clock()
    made = book(tmp_path, clock)
    for number in range(MOST_RUNNING + 3):
        clock.now += 1
        made.begin(f"talk {number}", made.find("oil")[0])
    assert [made.running(f"talk {number}") is not None for number in range(4)] == [False, False, False, True]
    assert len(json.loads((tmp_path / "kept" / NAME).read_text())) == MOST_RUNNING


def test_a_disk_that_cannot_be_written_stops_no_procedure(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    tmp_path.joinpath("kept").write_text("a file where the folder should be")
    made = book(tmp_path)
    assert made.begin("voice", made.find("oil")[0]).step == 0 and "cannot be written" in caplog.text


# -- by voice ----------------------------------------------------------------------------------------------------


class Later:
    """The book of the test that runs: a router takes long to make."""

    book: object = None

    def __getattr__(self, name: str) -> object:
        return getattr(Later.book, name)


@pytest.fixture(scope="module")
def router() -> SkillRouter:
    return make_router(["en", "zh"], hands=Hands(procedures=cast(Steps, Later())))


class Voice:
    def __init__(self, router: SkillRouter) -> None:
        self._router = router

    def __call__(self, text: str, key: str = "voice") -> str:
        code = "zh" if text[0] >= "\u2e80" else "en"
        call = self._router.match(text, Talk(code, lambda: datetime(2026, 11, 23), "before", "Before.", key=key))
        return "" if call is None else said(call) if call.name == "procedures" else f"<{call.name}>"


@pytest.fixture
def say(tmp_path: Path, router: SkillRouter) -> Iterator[Voice]:
    Later.book = book(tmp_path)
    yield Voice(router)
    Later.book = None


def test_from_the_first_step_to_the_last(say: Voice) -> None:
    assert say("start the oil change procedure") == (
        "Oil change: 4 steps. Wear gloves, and let the engine cool down. Drain. Step 1 of 4: Put the pan under the engine."
    )
    assert say("next").startswith("Step 2 of 4: Unscrew")
    assert say("where am I") == "We are at step 2 of 4 of Oil change."
    assert say("repeat").startswith("Step 2 of 4: Unscrew")
    assert say("back") == "Drain. Step 1 of 4: Put the pan under the engine."
    assert say("previous step") == "This is the first step. Drain. Step 1 of 4: Put the pan under the engine."
    assert say("go to step four") == "Fill. Step 4, the last one: Fill in 4.5 l of oil."
    assert say("step 5") == "There are only steps 1 to 4."
    assert say("step bananas") == "There are only steps 1 to 4."
    assert say("done") == "That was the last step of Oil change."
    assert say("where am I") == "" and say("done") == ""


def test_in_chinese(say: Voice) -> None:
    assert say("开始泡茶") == "泡茶：共3步。第1步，共3步：烧水。"
    assert say("下一步") == "第2步，共3步：放入3 g茶叶。"
    assert say("第几步了") == "现在是泡茶的第2步，共3步。"
    assert say("再说一遍") == "第2步，共3步：放入3 g茶叶。"
    assert say("上一步") == "第1步，共3步：烧水。"
    assert say("第三步") == "第3步，最后一步：等5 min。"
    assert say("结束流程") == "泡茶停在第3步，共3步。"
    assert say("下一步") == ""
    assert say("有哪些流程") == "我可以读Oil change、泡茶。"


@pytest.mark.parametrize("text", ["next", "next step", "done", "back", "previous", "where am i", "step three", "go on", "continue", "again", "start over", "leave the procedure", "下一步", "上一步", "继续", "第二步", "从头开始", "好了", "我在哪里了"])  # fmt: skip
def test_without_a_procedure_they_are_not_its_words(say: Voice, text: str) -> None:
    assert say(text) in ("", "<no_hand>", "<repeat>", "<stop>")


@pytest.mark.parametrize("text", ["next", "next step please", "okay next", "done", "i'm done", "ready", "what's next", "what is the next step", "go on", "continue", "read the next step", "下一步", "好的，下一步", "继续", "做好了", "我好了", "接下来呢"])  # fmt: skip
def test_ways_to_go_on(say: Voice, text: str) -> None:
    say("walk me through the oil change")
    assert say(text).startswith(("Step 2 of 4", "第2步"))


@pytest.mark.parametrize("text", ["begin the oil change", "let's do the oil change", "please read me the oil change procedure", "start the procedure for changing the oil please", "guide me through changing the oil", "could you start the oil change", "open the oil change checklist", "开始换机油流程", "请带我做换机油"])  # fmt: skip
def test_ways_to_begin(say: Voice, text: str) -> None:
    assert say(text).startswith(("Oil change: 4 steps", "Oil change：共4步"))


def test_names_that_are_not_there_and_names_of_several(say: Voice, tmp_path: Path) -> None:
    assert say("start the brake procedure") == "There is no procedure called brake. There is Oil change and 泡茶."
    assert say("start the procedure") == "There are 2: Oil change and 泡茶. Please say which one."
    assert say("start the brake") == "" and say("open the door") == "<no_hand>"
    assert say("what procedures are there") == "I can read Oil change and 泡茶."
    tmp_path.joinpath("oil2.md").write_text("# Oil check\n\n1. Look")
    assert say("start the oil procedure") == "There are 2: Oil change and Oil check. Please say which one."


def test_each_talk_has_a_place_of_its_own(say: Voice) -> None:
    say("start the oil change", key="a")
    assert say("next", key="b") == "<no_hand>" and say("next", key="a").startswith("Step 2")


def test_other_skills_go_on_in_between(say: Voice) -> None:
    say("start the oil change")
    assert say("what time is it") == "<time>" and say("stop") == "<stop>"
    assert say("next").startswith("Step 2")


def test_talk_stays_talk_while_one_runs(say: Voice) -> None:
    say("start the oil change")
    taken = [text for text in (*TALK_EN, *TALK_ZH) if say(text) not in ("", "<know>", "<spell>")]
    assert taken == ["start again from the beginning"]


def test_without_a_folder_it_says_what_is_missing() -> None:
    call = make_router(["en"]).match("what procedures are there", Talk("en", datetime.now, "", ""))
    assert call is not None and "procedures" in said(call) and "config.yaml" in said(call)
