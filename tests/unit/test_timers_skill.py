"""Timers, alarms and reminders by voice: what is said is what the book holds; and words that are talk are left alone."""

import itertools
import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import cast

import pytest

from assistant.alarms.items import MOST
from assistant.languages import language
from assistant.protocols_hands import Alarms, Hands
from assistant.protocols_skills import Talk
from assistant.skills.router import SkillRouter, make_router
from tests.skills import said
from tests.unit.alarm_world import Machine
from tests.unit.test_router import TALK_EN, TALK_ZH


class Voice:
    """Says things to a router whose hands hold a book."""

    def __init__(self, folder: Path) -> None:
        self.machine = Machine(folder)
        if "router" not in SHARED:
            SHARED["router"] = make_router(["en", "zh"], hands=Hands(alarms=cast(Alarms, Later())))
        self.router = SHARED["router"]
        Later.book = self.machine.book

    def __call__(self, text: str, code: str = "") -> str:
        code = code or ("zh" if text[0] >= "\u4e00" else "en")
        call = self.router.match(text, Talk(code, self.machine.book.local, "", ""))
        return "" if call is None else said(call) if call.name in ("timers", "stop") else f"<{call.name}>"

    def kept(self) -> list[tuple[str, str, float | str]]:
        return [(one.kind, one.label, one.local or one.length_s) for one in self.machine.book.items()]


class Later:
    """The book of the test that runs: a router takes long to make."""

    book: object = None

    def __getattr__(self, name: str) -> object:
        return getattr(Later.book, name)


SHARED: dict[str, SkillRouter] = {}


@pytest.fixture
def say(memory_folder: Path) -> Iterator[Voice]:
    voice = Voice(memory_folder)  # Thursday, November 26th 2026, six in the evening
    yield voice
    voice.machine.kill()


@pytest.mark.parametrize(
    ("text", "label", "seconds"),
    [
        ("set a timer for five minutes", "", 300),
        ("set a five minute timer", "", 300),
        ("start a pasta timer for ten minutes", "pasta", 600),
        ("set a timer for ten minutes called rice", "rice", 600),
        ("please set a timer for half an hour", "", 1800),
        ("timer for an hour and a half", "", 5400),
        ("create a 90 second timer", "", 90),
        ("set a ten minute egg timer", "egg", 600),
        ("five minute timer", "", 300),
        ("set timer for 1 hour and 5 minutes", "", 3900),
        ("设置五分钟计时器", "", 300),
        ("设置一个半小时的计时器", "", 5400),
        ("定一个十分钟的倒计时", "", 600),
        ("设置面条计时器十分钟", "面条", 600),
        ("创建半小时的米饭计时器", "米饭", 1800),
        ("帮我设一个三刻钟的计时器", "", 2700),
        ("五分钟倒计时", "", 300),
        ("请帮我倒计时五分钟", "", 300),
        ("设置计时器十分钟", "", 600),
        ("计时器设置1小时30分", "", 5400),
    ],
)
def test_a_timer_is_set(say: Voice, text: str, label: str, seconds: float) -> None:
    reply = say(text)
    assert say.kept() == [("timer", label, seconds)]
    assert label in reply and ("set for" in reply or "设好了" in reply)


@pytest.mark.parametrize(
    ("text", "label", "at"),
    [
        ("set an alarm for seven", "", "2026-11-26T19:00:00"),
        ("wake me up at half past six tomorrow morning", "", "2026-11-27T06:30:00"),
        ("set an alarm for tomorrow at 7:15", "", "2026-11-27T07:15:00"),
        ("set a seven am alarm", "", "2026-11-27T07:00:00"),
        ("set an alarm for seven thirty am called yoga", "yoga", "2026-11-27T07:30:00"),
        ("remind me to call anna at six", "call anna", "2026-11-27T06:00:00"),
        ("remind me at eight to take my pills", "take my pills", "2026-11-26T20:00:00"),
        ("tomorrow at noon remind me to water the plants", "water the plants", "2026-11-27T12:00:00"),
        ("set a reminder to call mom on monday at nine am", "call mom", "2026-11-30T09:00:00"),
        ("明天早上七点叫我起床", "", "2026-11-27T07:00:00"),
        ("设一个明天下午三点半的闹钟", "", "2026-11-27T15:30:00"),
        ("提醒我明天早上七点给妈妈打电话", "给妈妈打电话", "2026-11-27T07:00:00"),
        ("晚上八点提醒我吃药", "吃药", "2026-11-26T20:00:00"),
        ("闹钟定在七点一刻", "", "2026-11-26T19:15:00"),
    ],
)
def test_what_is_due_at_a_time(say: Voice, text: str, label: str, at: str) -> None:
    say(text)
    assert [(name, local) for _, name, local in say.kept()] == [(label, at)]


@pytest.mark.parametrize(
    ("text", "kind", "days", "at"),
    [
        ("set an alarm for six thirty every weekday", "alarm", "01234", "2026-11-27T06:30:00"),
        ("wake me every day at seven", "alarm", "0123456", "2026-11-27T07:00:00"),
        ("remind me every monday at nine to take out the bins", "reminder", "0", "2026-11-30T09:00:00"),
        ("每天早上六点半叫我起床", "alarm", "0123456", "2026-11-27T06:30:00"),
        ("工作日早上七点提醒我喝水", "reminder", "01234", "2026-11-27T07:00:00"),
    ],
)
def test_what_repeats(say: Voice, text: str, kind: str, days: str, at: str) -> None:
    say(text)
    assert [(one.kind, one.days, one.local) for one in say.machine.book.items()] == [(kind, days, at)]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("remind me in ten minutes to call anna", 600),
        ("remind me to call anna in half an hour", 1800),
        ("十分钟后提醒我打电话", 600),
        ("提醒我半小时后打电话", 1800),
    ],
)
def test_a_reminder_in_a_while(say: Voice, text: str, seconds: float) -> None:
    reply = say(text)
    assert say.kept() == [("reminder", "call anna" if text[0] < "\u4e00" else "打电话", seconds)]
    assert "remind you in" in reply or "会提醒你" in reply


def test_a_talk_about_timers(say: Voice) -> None:
    say.machine.run(1, tick=1)
    assert say("how much time is left on the timer") == "There are no timers set."
    say("set a pasta timer for ten minutes")
    say("set a timer for five minutes")
    say.machine.sleep(60)
    assert say("how long is left on the pasta timer") == "The pasta timer has 9 minutes left."
    assert say("what timers do i have") == "The timer has 4 minutes left. The pasta timer has 9 minutes left."
    assert say("cancel the timer") == "There are 2: the 5 minutes timer and the pasta timer. Please say which one."
    assert say("add five minutes to the pasta timer") == "The pasta timer is changed with 14 minutes left."
    assert say("take two minutes off the five minute timer") == "The timer is changed with 2 minutes left."
    assert say("pause the pasta timer") == "The pasta timer is paused with 14 minutes left."
    assert say("how long is left on the pasta timer") == "The pasta timer has 14 minutes left and is paused."
    assert say("resume the pasta timer") == "The pasta timer is running again with 14 minutes left."
    assert say("cancel the rice timer") == "There is no timer like that. There is the 3 minutes timer and the pasta timer."
    assert say("cancel the pasta timer") == "The pasta timer is cancelled."
    say("set a tea timer for five minutes")
    assert say("cancel all timers") == "The 3 minutes timer and the tea timer are cancelled."
    assert say("cancel the timer") == "There are no timers set."


def test_a_chinese_talk_about_timers(say: Voice) -> None:
    assert say("设置面条计时器十分钟") == "面条计时器设好了，10分钟。"
    say.machine.sleep(60)
    assert say("面条计时器还有多久") == "面条计时器还有9分钟。"
    say("设置米饭计时器二十分钟")
    assert say("有哪些计时器") == "面条计时器还有9分钟。米饭计时器还有20分钟。"
    say("取消米饭计时器")
    assert say("给面条计时器加五分钟") == "面条计时器改好了，还有14分钟。"
    assert say("计时器加五分钟") == "面条计时器改好了，还有19分钟。"
    assert say("计时器减五分钟") == "面条计时器改好了，还有14分钟。"
    assert say("暂停面条计时器") == "面条计时器暂停了，还有14分钟。"
    assert say("继续面条计时器") == "面条计时器继续了，还有14分钟。"
    assert say("取消面条计时器") == "面条计时器取消了。"
    assert say("取消所有计时器") == "没有设计时器。"


def test_alarms_are_told_and_cancelled(say: Voice) -> None:
    assert say("set an alarm for every weekday at seven") == "Alarm set for every weekday at 7 in the morning."
    assert say("when is my next alarm") == "The alarm is set for every weekday at 7 in the morning."
    assert say("set an alarm for tomorrow at nine") == "Alarm set for tomorrow at 9 in the morning."
    assert say("cancel the nine o'clock alarm") == "The alarm is cancelled."
    assert say("turn off the alarm") == "The alarm is cancelled."
    assert say("remind me to call anna at six") == "I will remind you tomorrow at 6 in the morning to call anna."
    assert say("what are my reminders") == "The reminder to call anna is set for tomorrow at 6 in the morning."
    assert say("cancel the reminder to call anna") == "The reminder to call anna is cancelled."


def test_snooze_and_stop(say: Voice) -> None:
    assert say("snooze") == "Nothing is ringing." and say("stop ringing") == "Nothing is ringing."
    say("set a tea timer for one minute")
    say.machine.run(61, tick=1)
    assert say("snooze for five minutes") == "I will ring again in 5 minutes."
    say.machine.run(301, tick=1)
    assert say("stop the timer") == "The tea timer is cancelled." and say.machine.book.ringing() == []
    assert say("再睡一会儿") == "9分钟后再响。"


@pytest.mark.parametrize("text", ["stop", "i am awake", "stop ringing", "我醒了", "停"])
def test_what_ends_a_ring_in_words(say: Voice, text: str) -> None:
    if "awake" in text or "醒" in text:
        assert say(text) == ""  # nothing rings: it is talk
    say.machine.book.set_timer(1)
    say.machine.run(2)
    say(text, "zh" if text[0] >= "\u4e00" else "en")
    assert say.machine.what("stopped") and say.machine.book.ringing() == []


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        (
            "set a timer for five bananas",
            "I do not understand the time in: five bananas. Please say it again with a time, such as ten minutes.",
        ),
        ("set a timer for zero seconds", "That is too short: a timer needs at least one second."),
        (
            "set a timer for ten years",
            "That is too long: a timer runs for seven days at most. Set an alarm or a reminder instead.",
        ),
        ("set an alarm for yesterday at six", "That time has passed."),
        (
            "remind me to call anna",
            "I do not understand the time in: call anna. Please say it again with a time, such as at six, or in ten minutes.",
        ),
        ("set an alarm", "Please say it again with a time, such as seven in the morning."),
        (
            "add five bananas to the timer",
            "I do not understand the time in: five bananas. Please say it again with a time, such as ten minutes.",
        ),
        ("set a timer", "Please say it again with a time, such as ten minutes."),
        ("设置计时器", "请带上时间再说一遍，比如十分钟。"),
        ("设置五个香蕉的计时器", "我没听懂“五个香蕉的”里的时间。请带上时间再说一遍，比如十分钟。"),
        ("设置零秒的计时器", "太短了，计时器至少要一秒。"),
        ("设置十年的计时器", "太长了，计时器最长七天。可以改用闹钟或提醒。"),
        ("提醒我买牛奶", "我没听懂“买牛奶”里的时间。请带上时间再说一遍，比如六点，或者十分钟后。"),
    ],
)
def test_what_cannot_be_is_said_and_not_done(say: Voice, text: str, reply: str) -> None:
    assert say(text) == reply and say.kept() == []


def test_a_thousand_timers(say: Voice) -> None:
    replies = {say("set a timer for one hour") for _ in range(MOST + 5)}
    assert len(say.kept()) == MOST
    assert replies == {"Timer set for 1 hour.", "I keep a hundred timers, alarms and reminders at most. Cancel some first."}


def test_what_cannot_be_kept_is_said(say: Voice) -> None:
    say.machine.book._journal._db.execute(
        "CREATE TEMP TRIGGER full BEFORE INSERT ON items BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    assert say("set a timer for one hour").endswith("because I cannot write to my disk.") and len(say.kept()) == 1


@pytest.mark.parametrize("text", ["set a timer for five minutes", "设置五分钟计时器"])
def test_where_nothing_can_ring_nothing_is_claimed(text: str) -> None:
    code = "zh" if text[0] >= "\u4e00" else "en"
    call = make_router([code]).match(text, Talk(code, lambda: datetime(2026, 11, 26), "", ""))
    assert call is not None and ("cannot ring" in said(call) or "响不了铃" in call.run())


RECALL = [
    "remind me where my keys are",
    "what did i want to buy",
    "my alarm is loud",
    "i bought a kitchen timer",
    "提醒我钥匙放在哪里了",
    "我的闹钟坏了",
]


@pytest.mark.parametrize("text", [*TALK_EN, *TALK_ZH, *RECALL])
def test_talk_is_left_alone(say: Voice, text: str) -> None:
    assert say(text) == ""


OURS = ("HassStartTimer", "HassCancelTimer", "HassCancelAllTimers", "HassIncreaseTimer", "HassDecreaseTimer", "HassPauseTimer", "HassUnpauseTimer",
        "HassTimerStatus")  # fmt: skip
DO = {"HassStartTimer": "set", "HassCancelTimer": "cancel", "HassCancelAllTimers": "cancel_all", "HassIncreaseTimer": "more",
      "HassDecreaseTimer": "less", "HassPauseTimer": "pause", "HassUnpauseTimer": "resume", "HassTimerStatus": "list"}  # fmt: skip


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_published_sentences_are_understood(say: Voice, code: str) -> None:
    """Sentences of home-assistant-intents' timers, sampled: all reach the skill, and do what they are to do. Areas and commands that are to be
    carried out later are not ours."""
    from hassil.intents import Intents, RangeSlotList, TextSlotList
    from hassil.sample import sample_sentence
    from home_assistant_intents import get_intents

    known = get_intents(language(code).intents)
    assert known is not None
    rng = random.Random(4)
    wrong, count = [], 0
    for name in OURS:
        table = Intents.from_dict({**known, "intents": {name: known["intents"][name]}})
        for data in known["intents"][name]["data"]:
            if any(word in data["metadata"]["slot_combination"] for word in ("area", "command")):
                continue
            lists = {key: TextSlotList.from_strings([str(rng.choice((2, 5, 12, 30)))], name=key) if isinstance(value, RangeSlotList) else value
                     for key, value in table.slot_lists.items()}  # fmt: skip
            lists["timer_name"] = TextSlotList.from_strings(["pasta" if code == "en" else "面条"], name="timer_name")
            for sentence in [
                one for part in table.intents[name].data if part.metadata == data["metadata"] for one in part.sentences
            ]:
                made = list(itertools.islice(sample_sentence(sentence, lists, table.expansion_rules, language=code), 40))
                for text in rng.sample(made, min(2, len(made))):
                    count += 1
                    call = say.router.match(text, Talk(code, say.machine.book.local, "", ""))
                    if (
                        call is None
                        or call.name != "timers"
                        or call.arguments["do"] not in (DO[name], "cancel" if "停止" in text else "")
                    ):
                        wrong.append((name, text, call and (call.name, dict(call.arguments))))
    assert count > 100
    assert not wrong, "\n".join(map(str, wrong))
