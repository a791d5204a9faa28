"""`assistant eval memory`: what the prompt holds of things told long ago, and of things never told.

A long talk on the language model in force: evals/long_talk.py. The search alone, in which no model takes part:
300 statements are told, one in three of which is asked for later in other words; and 200 questions are asked about things that
were never told: half about another thing of the same kind (told: the red box; asked: the green box), half about anything else.
Facts told as slots are counted apart. Sentences and words here are none of those that the search's threshold was set on.
In quite other words (English): `test` of paraphrases.yaml, 40 asked for and 100 never told. Where there is an embedder that
knows the language both are measured again with it ("fused").
"""

import random
from collections.abc import Iterator
from importlib.resources import files
from typing import NamedTuple

import yaml

from assistant.bench.result import Figure, Result, machine, versions
from assistant.config import Config
from assistant.engines import auto
from assistant.evals import long_talk
from assistant.memory.meaning import Meaning
from assistant.memory.memory import SlotMemory
from assistant.memory.slots import rules_of
from assistant.memory.statements import TOP
from assistant.memory.store import Store
from assistant.models import model_roots

TOLD, ASKED, NEVER = 300, 100, 200
_KINDS = {
    "en": ["bronze", "glass", "dusty", "huge", "purple", "second", "cotton", "stolen", "old", "inflatable"],
    "zh": ["青铜", "玻璃", "脏", "大", "紫色", "第二", "棉", "借来", "老", "充气"],
}
_THINGS = {
    "en": ["banjo", "blender", "kayak", "globe", "cushion", "projector", "paddle", "vase", "lunchbox", "scanner",
           "canvas", "chessboard", "bell", "curtain", "scarf", "hammer", "grill", "microscope", "fan", "lantern"],
    "zh": ["吉他", "搅拌机", "皮艇", "地球仪", "靠垫", "投影仪", "船桨", "花瓶", "饭盒", "扫描仪",
           "画布", "棋盘", "铃铛", "窗帘", "围巾", "锤子", "烤炉", "显微镜", "风扇", "灯笼"],
}  # fmt: skip
_PLACES = {
    "en": ["basement", "barn", "library", "lobby", "conservatory", "sauna", "container", "chest", "hut", "larder"],
    "zh": ["地窖", "谷仓", "书房", "大厅", "花房", "桑拿房", "集装箱", "箱子", "茅屋", "食品间"],
}
_TELL = {
    "en": ["the {k} {t} is down in the {p}", "my brother moved the {k} {t} to the {p}", "you can get the {k} {t} from the {p}",
           "there is a {k} {t} in our {p}"],
    "zh": ["{k}{t}现在在{p}", "哥哥把{k}{t}拿到{p}了", "{k}{t}可以去{p}拿"],
}  # fmt: skip
_ASK = {
    "en": ["where is that {k} {t}",
           "where has the {k} {t} gone", "do we still have a {k} {t} and where", "what did i say about the {k} {t}"],
    "zh": ["那个{k}{t}在哪儿呢", "{k}{t}去哪里拿", "谁知道{k}{t}在哪里"],
}  # fmt: skip
_ELSE = {
    "en": ["how old is the oldest {t}", "what is {k} in french", "is there a film about a {p}", "who won the {t} contest"],
    "zh": ["最贵的{t}多少钱", "{k}用英语怎么说", "有没有关于{p}的电影"],
}
_SLOTS = {
    "en": {"my name is {v}": "name", "i live in {v}": "city", "my favourite drink is {v}": "favourite drink",
           "my cat is called {v}": "cat's name"},
    "zh": {"我叫{v}": "名字", "我住在{v}": "城市", "我最喜欢的饮料是{v}": "最喜欢的饮料", "我的猫叫{v}": "猫的名字"},
}  # fmt: skip
_VALUES = {"en": ("orla", "bremen", "cocoa", "tiger"), "zh": ("小雨", "南京", "豆浆", "老虎")}


class Told(NamedTuple):
    """A thing, and the statement about it."""

    kind: str
    thing: str
    text: str


def measure(config: Config, quick: bool) -> Result:
    """Measure both languages; `quick` tells a tenth."""
    figures: dict[str, Figure] = {}
    models = model_roots(config.models)
    choice = auto.embed(config, models)
    meaning = Meaning(choice)
    meaning.load()
    for code in ("en", "zh"):
        found = search(code, 10 if quick else 1) | paraphrases(code) | long_talk.measure(config, code, quick)
        if code in meaning.languages:
            fused = search(code, 10 if quick else 1, meaning) | paraphrases(code, meaning)
            found |= {f"{name}, fused": figure for name, figure in fused.items()}
        figures |= {f"{name}.{code}": figure for name, figure in found.items()}
    meaning.close()
    used = {"memory": "full text alone" if choice is None else f"full text, and fused with {choice}"}
    return Result(machine(), versions("llama-cpp-python"), used | {"llm": str(auto.llm(config, models)[0])}, figures)


def search(code: str, part: int, meaning: Meaning | None = None) -> dict[str, Figure]:
    """The figures of the search of one language; `part` of what is told and asked."""
    rng = random.Random(f"eval memory {code}")
    memory = SlotMemory(Store(None), rules_of([code]), meaning)
    held = _slots(memory, code)
    told = list(_told(code, TOLD // part, rng))
    for turn, fact in enumerate(told, 1):
        memory.learn(fact.text, code, turn)
    for _ in memory.unembedded() or ():
        pass
    asked = rng.sample(told, ASKED // part)
    found = sum(
        fact.text in memory.recall(rng.choice(_ASK[code]).format(k=fact.kind, t=fact.thing), code)[:TOP] for fact in asked
    )
    questions = list(_never(code, told, NEVER // part, rng))
    injected = sum(bool(memory.recall(question, code)) for question in questions)
    memory.close()
    return {
        "slots held": Figure(held, "of the slots told", 1.0, "higher"),
        "found": Figure(found / len(asked), f"of {len(asked)} told among {len(told)}, in the first {TOP}", 0.9, "higher"),
        "injected": Figure(injected, f"of {len(questions)} never told", 0),
    }


def paraphrases(code: str, meaning: Meaning | None = None, part: str = "test") -> dict[str, Figure]:
    """What is found of what was told in other words than it is asked for; nothing for a language without such a list."""
    if code != "en":
        return {}
    sentences = yaml.safe_load(files("assistant.evals").joinpath("paraphrases.yaml").read_text(encoding="utf-8"))[part]
    memory = SlotMemory(Store(None), rules_of([code]), meaning)
    for turn, (told, _) in enumerate(sentences["told"], 1):
        memory.learn(told, code, turn)
    for _ in memory.unembedded() or ():
        pass
    found = sum(told in memory.recall(question, code) for told, question in sentences["told"])
    injected = sum(bool(memory.recall(question, code)) for question in sentences["never"])
    memory.close()
    return {
        "paraphrases found": Figure(found / len(sentences["told"]), f"of {len(sentences['told'])} told, in the first {TOP}"),
        "paraphrases injected": Figure(injected, f"of {len(sentences['never'])} never told", 0),
    }


def _slots(memory: SlotMemory, code: str) -> float:
    right = 0
    for (sentence, name), value in zip(_SLOTS[code].items(), _VALUES[code], strict=True):
        memory.learn(sentence.format(v=value), code, 1)
        right += memory.slots(code).get(name, "").lower() == value
    return right / len(_SLOTS[code])


def _told(code: str, count: int, rng: random.Random) -> Iterator[Told]:
    pairs = [(kind, thing) for kind in _KINDS[code] for thing in _THINGS[code]]
    half = rng.sample(pairs, len(pairs) // 2)  # the other half is never told
    for number in range(count):
        kind, thing = half[number % len(half)]
        yield Told(kind, thing, rng.choice(_TELL[code]).format(k=kind, t=thing, p=rng.choice(_PLACES[code])))


def _never(code: str, told: list[Told], count: int, rng: random.Random) -> Iterator[str]:
    known = {(fact.kind, fact.thing) for fact in told}
    for number in range(count):
        kind, thing = rng.choice(_KINDS[code]), rng.choice(_THINGS[code])
        while number % 2 == 0 and (kind, thing) in known:
            kind, thing = rng.choice(_KINDS[code]), rng.choice(_THINGS[code])
        table = _ASK if number % 2 == 0 else _ELSE
        yield rng.choice(table[code]).format(k=kind, t=thing, p=rng.choice(_PLACES[code]))
