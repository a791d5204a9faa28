"""`assistant eval commands`: commands that reach a made home, and talk that must not, by plain recognition and by the coupled.

The real listener, recogniser and router on audio time (evals/house_in_room.py), callers and rooms as in `eval listening`; both
ways hear the same sound. Right is what the router makes of the sentence as it is written: the same skill, the same things. Some
commands are sentences of the recogniser's list (`skills/likely.py`), some are said in other ways, some are on other things.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from assistant import events
from assistant.bench.chart import Chart
from assistant.bench.progress import shown
from assistant.bench.result import Figure, Result, machine, versions
from assistant.config import Config
from assistant.engines.fakes_home import FakeHome
from assistant.evals.callers import Caller, callers, in_room, response
from assistant.evals.house_in_room import HouseInRoom
from assistant.evals.listening_wake import ROOMS, scene
from assistant.protocols_home import Area, Entity
from assistant.protocols_skills import SkillCall, Talk

SNRS_DB = (20, 10, 5)
BEFORE_S, AFTER_S = 0.5, 1.5
CALLERS, QUICK_CALLERS = 4, 1
QUICK = 5
"""In a quick look every fifth sentence is said."""
_THINGS = {
    "en": (
        ("light", "Hall light", "Hall"), ("light", "Bedroom light", "Bedroom"), ("light", "Table lamp", "Living room"),
        ("light", "Kitchen light", "Kitchen"), ("light", "Balcony light", "Balcony"), ("switch", "Dishwasher", "Kitchen"),
        ("switch", "Kettle", "Kitchen"), ("fan", "Bathroom fan", "Bathroom"), ("media_player", "Speaker", "Living room"),
        ("cover", "Curtains", "Living room"), ("lock", "Back door", "Kitchen"), ("climate", "Heating", "Living room"),
    ),
    "zh": (
        ("light", "厨房的灯", "厨房"), ("light", "卧室的灯", "卧室"), ("light", "台灯", "书房"), ("light", "吊灯", "客厅"),
        ("switch", "热水器", "浴室"), ("fan", "风扇", "卧室"), ("media_player", "电视", "客厅"), ("cover", "窗帘", "客厅"),
        ("lock", "大门", "玄关"), ("climate", "空调", "客厅"),
    ),
}  # fmt: skip
SAID: Mapping[str, Mapping[str, Sequence[str]]] = {
    "en": {
        "of the list": (
            "turn on the hall light", "turn off the hall light", "turn on the bedroom light", "turn the bedroom light off",
            "turn off the table lamp", "turn the table lamp on", "turn off the kitchen light", "turn on the balcony light",
            "turn on the dishwasher", "turn off the kettle", "turn on the kettle", "turn off the bathroom fan",
            "turn on the speaker", "open the curtains", "close the curtains", "lock the back door", "turn on the heating",
            "turn off all the lights", "turn off the lights in the kitchen", "set a timer for three minutes",
            "set a timer for fifteen minutes", "cancel the timer", "what time is it", "louder",
        ),
        "in other words": (
            "please turn on the hall light", "switch the bedroom light on", "could you turn off the table lamp",
            "lights off in the kitchen", "start a timer for twelve minutes", "shut the curtains", "switch off the kettle please",
            "is the back door locked", "turn the volume down", "how late is it",
        ),
        "on other things": (
            "turn on the garage light", "turn off the oven", "turn on the fountain", "turn off the kitchen fan",
            "turn on the bathroom light", "open the window", "close the gate", "lock the front door", "turn off the desk lamp",
            "turn on the washing machine", "turn off the bedroom heater", "open the garage door",
        ),
        "talk": (
            "tell me a joke", "how are you today", "my name is anna", "i am a bit tired today", "what shall we cook tonight",
            "tell me something nice", "where is the red box", "tell me about the old harbour", "what is the capital of france",
            "i turned on the light yesterday", "the kitchen is very nice", "do you like the speaker", "the back door is blue",
            "we had a lamp in the bedroom", "i need a new kettle", "the curtains are too long", "she told me to lock the door",
            "who wrote this book", "is it going to rain tomorrow", "how do i cook rice", "my brother lives in london",
            "good morning", "thank you", "you are very kind", "why is the sky blue", "i want to go to the balcony",
            "when does the train leave", "the light in the hall was on all night", "what do you think about music",
            "my son is twelve", "let us play a game", "where did i put my keys",
        ),
    },
    "zh": {
        "of the list": (
            "打开厨房的灯", "关掉厨房的灯", "打开卧室的灯", "把卧室的灯关掉", "打开台灯", "关掉台灯", "打开吊灯", "关掉热水器",
            "打开风扇", "关掉风扇", "打开电视", "打开窗帘", "关闭窗帘", "打开空调", "关掉所有的灯", "设置一个五分钟的计时器",
            "取消计时器", "现在几点", "大声一点",
        ),
        "in other words": ("请打开厨房的灯", "帮我关掉台灯", "请把电视打开", "开一下空调", "请关掉风扇", "今天星期几"),
        "on other things": ("打开车库的灯", "关掉音箱", "打开洗衣机", "关掉阳台的灯", "打开窗户", "打开加湿器"),
        "talk": (
            "讲个笑话", "你好吗", "我叫小雨", "我今天有点累", "今天天气真好", "我喜欢音乐", "厨房很大", "我想去公园", "谢谢你",
            "早上好",
            "你喜欢什么颜色", "昨天我打开了灯", "我们晚上吃什么", "我的朋友在北京", "天空为什么是蓝色的", "窗帘太长了",
        ),
    },
}  # fmt: skip


def measure(config: Config, quick: bool) -> Result:
    """All figures. Raises what loading the engines raises."""
    voices = callers(config.language)
    voices = voices[:: max(1, len(voices) // (QUICK_CALLERS if quick else CALLERS))][: QUICK_CALLERS if quick else CALLERS]
    said = {kind: texts[:: QUICK if quick else 1] for kind, texts in SAID[config.language].items()}
    figures: dict[str, Figure] = {}
    charts: dict[str, dict[str, float]] = {}
    took = {(coupled, talk): 0 for coupled in (False, True) for talk in (False, True)}
    for snr in SNRS_DB[:1] if quick else SNRS_DB:
        found = {coupled: listen(config, voices, said, snr, coupled) for coupled in (False, True)}
        for kind in said:
            if kind in ("of the list", "in other words"):
                charts[f"{kind}, {snr} dB"] = {}
            for coupled, name in ((False, "plain"), (True, "coupled")):
                _tell(figures, charts, kind, snr, name, found[coupled][kind])
                took[coupled, kind == "talk"] += found[coupled][kind]["taken"]
    figures["more talk taken by the coupled"] = Figure(took[True, True] - took[False, True], "in all", 0)
    figures["more commands taken wrongly by the coupled"] = Figure(took[True, False] - took[False, False], "in all", 0)
    told = {"callers": ", ".join(voice.name for voice in voices)}
    return Result(machine(), versions("vosk"), told, figures, [Chart("Commands that reach the home", "%", charts)])


def _tell(
    figures: dict[str, Figure],
    charts: dict[str, dict[str, float]],
    kind: str,
    snr: int,
    name: str,
    found: Mapping[str, int],
) -> None:
    unit = f"% of {found['said']}"
    if kind in ("of the list", "in other words"):
        figures[f"right, {kind}, {snr} dB, {name}"] = Figure(100 * found["right"] / found["said"], unit, better="higher")
        charts[f"{kind}, {snr} dB"][name] = 100 * found["right"] / found["said"]
        figures[f"asked, {kind}, {snr} dB, {name}"] = Figure(100 * found["asked"] / found["said"], unit)
    else:
        figures[f"asked in vain, {kind}, {snr} dB, {name}"] = Figure(100 * found["asked"] / found["said"], unit)
    figures[f"taken wrongly, {kind}, {snr} dB, {name}"] = Figure(100 * found["taken"] / found["said"], unit)


def listen(
    config: Config, voices: Sequence[Caller], said: Mapping[str, Sequence[str]], snr_db: float, coupled: bool, seed: int = 3
) -> dict[str, dict[str, int]]:
    """Say it all; for each kind of sentence: said, right, asked (rightly or not), taken for another command than it is."""
    import numpy as np

    rng = np.random.default_rng(seed)
    code = config.language
    heard_so = config.model_copy(update={"listen": config.listen.model_copy(update={"commands": coupled})})
    home = FakeHome([Entity(f"{d}.{n}", d, name, area=area) for n, (d, name, area) in enumerate(_THINGS[code])], _areas(code))
    house = HouseInRoom(heard_so, speaks=False, home=home)
    found: dict[str, dict[str, int]] = {}
    try:
        for kind, texts in said.items():
            found[kind] = {"said": 0, "right": 0, "asked": 0, "taken": 0}
            for text in shown(texts, f"{kind}, {snr_db} dB, {'coupled' if coupled else 'plain'}"):
                right = _meaning(house, text, code)
                for number, voice in enumerate(voices):
                    speech = in_room(voice.say(text), response(rng, *ROOMS[number % len(ROOMS)]))
                    called = _called(house, scene(rng, speech, snr_db, BEFORE_S, AFTER_S))
                    asked = called is not None and called[0] == "did_you_mean"
                    found[kind]["said"] += 1
                    found[kind]["right"] += right is not None and called == right
                    found[kind]["asked"] += asked
                    found[kind]["taken"] += called is not None and not asked and called != right
    finally:
        house.close()
    return found


Meaning = tuple[str, str]
"""A skill, and what of its call tells what is done."""


def _called(house: HouseInRoom, sound: Any) -> Meaning | None:
    """What somebody who says this brings about; None: nothing but talk or a refusal."""
    house.listener.ask("listen")
    house.model.enqueue("Good.")
    seen = house.hear(sound)
    while house.brain.speaking():
        seen += house.frame([])
    house.rest()
    house.model.replies.clear()
    house.house.kit.router.passed("voice")
    calls = [event for event in seen if isinstance(event, events.ToolCalled)]
    refused = any(isinstance(event, events.Completed) and event.route.startswith("refusal") for event in seen)
    return _what(calls[0].name, calls[0].arguments) if calls and not refused else None


def _meaning(house: HouseInRoom, text: str, code: str) -> Meaning | None:
    call: SkillCall | None = house.house.kit.router.match(text, Talk(code, datetime.now, "", ""))
    return _what(call.name, call.arguments) if call is not None and not call.last else None


def _what(name: str, arguments: Mapping[str, Any]) -> Meaning:
    told = {key: arguments[key] for key in ("intent", "things")} if "things" in arguments and "intent" in arguments else arguments
    return name, json.dumps(told, sort_keys=True, default=str)


def _areas(code: str) -> list[Area]:
    return [Area(area) for area in dict.fromkeys(area for _, _, area in _THINGS[code])]
