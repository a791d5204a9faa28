"""What is still known in a long talk: told at turns 1 to 5, asked at turn 30 and at turn 300, on the language model in force.

"In the prompt" is whether the value stands in what the model is given; it depends on no model. "Answered" is whether it says it.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from assistant import app, events
from assistant.bench.result import Figure
from assistant.config import Config
from assistant.dialogue.brain import Brain, Priority
from assistant.dialogue.kit import TurnRequest
from assistant.engines.fakes import FakeRouter
from assistant.protocols import ChatModel

ASKED_AT, QUICK_AT = (30, 300), (15, 30)
TALKS, QUICK_TALKS = 4, 1


@dataclass(frozen=True)
class Fact:
    """Something that is told, and how it is asked for."""

    slot: bool
    told: str
    asked: str
    value: str


_SLOTS = {
    "en": [("my name is {v}", "what is my name", ["Orla", "Marek", "Tilda", "Bruno"]),
           ("i live in {v}", "where do i live", ["Bremen", "Lund", "Porto", "Graz"]),
           ("my favourite drink is {v}", "what is my favourite drink", ["cocoa", "lemonade", "tea", "milk"])],
    "zh": [("我叫{v}", "我叫什么名字", ["小雨", "李雷", "王芳", "小军"]),
           ("我住在{v}", "我住在哪里", ["南京", "成都", "西安", "大连"]),
           ("我最喜欢的饮料是{v}", "我最喜欢的饮料是什么", ["豆浆", "绿茶", "牛奶", "可乐"])],
}  # fmt: skip
_STATEMENTS = {
    "en": [("the spare {t} is under the {v}", "what is the spare {t} under", ["key", "wheel", "bulb", "fuse"],
            ["pot", "bench", "stairs", "mat"]),
           ("we bought the old {t} in {v}", "when did we buy the old {t}", ["piano", "tractor", "clock", "mirror"],
            ["march", "april", "august", "october"])],
    "zh": [("备用的{t}在{v}下面", "备用的{t}在什么下面", ["钥匙", "轮胎", "灯泡", "电池"], ["花盆", "长凳", "楼梯", "地毯"]),
           ("那台旧{t}是{v}买的", "那台旧{t}是什么时候买的", ["钢琴", "电脑", "冰箱", "相机"], ["三月", "四月", "八月", "十月"])],
}  # fmt: skip
_BETWEEN = {
    "en": ["how are you", "tell me a joke", "what can you do", "good morning", "i am a bit tired today", "thank you",
           "are you a robot", "that is funny", "what do you think of rain", "do you like music"],
    "zh": ["你好吗", "讲个笑话", "你会做什么", "早上好", "我今天有点累", "谢谢你", "你是机器人吗", "真好玩", "你觉得下雨怎么样",
           "你喜欢音乐吗"],
}  # fmt: skip


def facts(code: str, number: int) -> list[Fact]:
    """Five facts for one talk: three slots, two statements."""
    found = [Fact(True, told.format(v=values[number]), asked, values[number]) for told, asked, values in _SLOTS[code]]
    for told, asked, things, values in _STATEMENTS[code]:
        thing, value = things[number], values[number]
        found.append(Fact(False, told.format(t=thing, v=value), asked.format(t=thing), value))
    return found


class _House:
    """One assistant, and what its model is given."""

    def __init__(self, config: Config, code: str) -> None:
        update = {"language": code, "memory": config.memory.model_copy(update={"keep": False, "enabled": True})}
        self._assistant = app.build(config.model_copy(update=update), speak=False)
        assert self._assistant.model is not None
        self._model: ChatModel = self._assistant.model
        self._brain = Brain(replace(self._assistant.kit, router=FakeRouter()), config.brain.max_turns)
        self._code = code

    def turn(self, text: str) -> str:
        """What it replies."""
        handle = self._brain.submit(TurnRequest(text, language=self._code), Priority.VOICE)
        while self._brain.step():
            pass
        last = handle.stream.take()[-1]
        return last.assistant if isinstance(last, events.Completed) else ""

    def given(self) -> str:
        """The prompt of the talk, with the reply of its last turn, as text."""
        ids = self._assistant.talks("voice").session.ids
        return b"".join(map(self._model.piece, ids)).decode("utf-8", "replace")  # type: ignore[attr-defined]

    def close(self) -> None:
        """Free it."""
        self._assistant.close()


def measure(config: Config, code: str, quick: bool) -> dict[str, Figure]:
    """The figures of one language."""
    held: dict[str, list[bool]] = defaultdict(list)
    for number in range(QUICK_TALKS if quick else TALKS):
        house = _House(config, code)
        try:
            for name, there in _talk(house, code, number, QUICK_AT if quick else ASKED_AT):
                held[name].append(there)
        finally:
            house.close()
    targets = {"slots in the prompt": 1.0, "statements in the prompt": 0.9}
    return {
        name: Figure(sum(found) / len(found), f"of {len(found)}", targets.get(name.split(" at ")[0]), "higher")
        for name, found in held.items()
    }


def _talk(house: _House, code: str, number: int, asked_at: tuple[int, int]) -> Iterator[tuple[str, bool]]:
    told, turns, between = facts(code, number), count(1), _BETWEEN[code]
    for fact in told:
        house.turn(fact.told)
        next(turns)
    for at in asked_at:
        while (turn := next(turns)) < at:
            house.turn(between[turn % len(between)])
        for fact in told:
            reply = house.turn(fact.asked)
            next(turns)
            kind = "slots" if fact.slot else "statements"
            before, _, _ = house.given().rpartition(fact.asked)
            yield f"{kind} in the prompt at turn {at}", fact.value.lower() in before.lower()
            yield f"{kind} answered at turn {at}", fact.value.lower() in reply.lower()
