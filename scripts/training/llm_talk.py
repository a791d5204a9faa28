# ruff: noqa: E501 (tables of words and phrases, one row a line)
"""Turns that stand alone: small talk, who it is, what it knows and does not, what it cannot do, and what a skill answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.dialogue.prompt import PERSONA, Memory
from scripts.training import llm_beyond, llm_code, llm_en_chat, llm_known, llm_values, llm_words, llm_zh_chat
from scripts.training.llm_grammar import Ctx, answer, expand, fill, say


@dataclass(frozen=True)
class Check:
    """When a reply counts as right: it holds every value ("contains"), is one of them ("one_of"), or is that JSON ("json")."""

    skill: str
    rule: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Turn:
    """One block of a conversation."""

    kind: str
    """system, memory, recall, user, reply (supervised) or skill (a reply the model did not make)."""
    text: str = ""
    memory: Memory | None = None
    facts: Sequence[str] = ()
    slots: Mapping[str, str] = field(default_factory=dict)
    check: Check | None = None


Turns = list[Turn]

_NAME_ASK = {
    "en": ["(what is|what's|whats) your name [again|please]", "(who|what) are you [exactly|really|anyway]", "(do you have|have you got|did they give you) a name", "(tell|introduce) (me|us) [about] (yourself|who you are|your name)", "(introduce|describe|present) yourself [please]", "(how|what) (do|should|can|may|shall) i call you", "what (are you|do they call you|is it i am talking to) called", "who (is this|am i talking to|am i speaking with|is there|is speaking)", "what kind of (assistant|thing|program|machine) are you", "may i (know|ask) your name", "say (your name|who you are)"],
    "zh": ["你[到底|究竟](是谁|叫什么|叫什么名字|是什么|的名字是什么|叫啥|是哪位|是什么东西)[啊|呀|呢]", "(介绍|自我介绍|说说)[一下](你自己|自己|你是谁)", "我(该|应该|可以|要)(怎么|如何)(叫你|称呼你)", "你有名字吗", "(告诉我|请问)你(是谁|的名字|叫什么)", "(谁在|我在跟谁)说话", "怎么称呼[你|您]"],
}  # fmt: skip
_NAME_REPLY = {
    "en": ["I am your voice assistant. I run on this device.", "I am a small voice assistant on this device."],
    "zh": ["我是你的语音助手，在这台设备上运行。", "我是这台设备上的小语音助手。"],
}
_NAMED_REPLY = {
    "en": ["I am {n}, your voice assistant.", "my name is {n}. I am your voice assistant."],
    "zh": ["我叫{n}，是你的语音助手。", "我是{n}，你的语音助手。"],
}
_PERSONAS = {
    "en": ["You are {n}, a (friendly|helpful|small|kind|cheerful) (voice assistant|assistant) [at home|in the kitchen|for a family]. [Answer (shortly|in one sentence|in one or two short sentences|briefly).]", "(Your name is|You are called) {n}. [You are a voice assistant.] [Be (brief|kind|polite).]"],
    "zh": ["你是{n}，一个(家里的|友好的|小小的|贴心的)(语音助手|助手)。[请简短地回答。|用一两句话回答。]", "你(叫|的名字叫){n}。[你是语音助手。][回答要简短。]"],
}  # fmt: skip
_PLAIN = {
    "en": [
        "You are a (friendly|helpful|small|kind|polite) [voice] assistant. [Answer (shortly|briefly|in one sentence).]",
        "Answer in one (short|spoken) sentence.",
    ],
    "zh": ["你是一个(友好|贴心|有礼貌)的[语音]助手。[请简短地回答。]", "用一句话简短地回答。"],
}
_SAY = {
    "en": (
        [
            "(say|repeat|spell out|pronounce|can you say|could you say|please say|i want you to say|let me hear) [the word] {w} [again|out loud|once]",
            "repeat after me {w}",
            "say after me {w}",
            "(please|now|just|try to|could you please|would you) (say|repeat|read out|speak|pronounce) [the word|the name|after me] {w} [please|for me|slowly]",
            "(how do you|can you|let me hear how you|show me how you) (say|pronounce) {w}",
            "[i want|i would like] to hear [the word|you say] {w}",
            "the word is {w} (say it|repeat it|now you)",
        ],
        "okay, {w}.",
    ),
    "zh": (
        [
            "[请|你|来](跟着我|再|快|慢慢)[地](说|念|读){w}",
            "(能不能|可以|你会)(说|念|读)[一下|一遍]{w}",
            "(让我听听|我想听)你(说|念){w}",
            "[请|再|跟我]说[一遍|一下|出]{w}",
            "[请]跟我(念|读|重复){w}",
            "(念|重复)一下{w}",
        ],
        "好，{w}。",
    ),
}
_LIKE = {
    "en": (["(do|don't) you like {w}", "what do you think (of|about) {w}", "(is|are) {w} (nice|good|fun) [in your opinion]", "how do you (like|find) {w}", "i (like|love|enjoy|adore|prefer) {w} [very much|a lot]", "(what is|tell me|give me) your (opinion|view|thought) (of|on|about) {w}", "(tell me|say) what you think (of|about) {w}", "do you think [that] {w} (is|are) (nice|good|fun|bad|great|boring)", "what would you say (of|about|to) {w}", "(have|did) you [ever|already] (tried|try|taste|tasted) {w}", "would you (like|love|enjoy|want) [some] {w}", "(are|is) {w} (something for you|to your taste|great|tasty|bad|boring|any good)", "i (really|simply|just) (like|love|enjoy) {w}", "i am (fond of|crazy about|a friend of) {w}"], "I cannot try {w}, but it sounds nice."),
    "zh": (["你(喜欢|爱|觉得){w}(吗|怎么样|好吗)", "我[很|最|特别](喜欢|爱|想要){w}", "你(觉得|认为|看){w}(怎么样|好不好|如何|不错吗|有意思吗)", "(说说|谈谈)你对{w}的(看法|想法|感觉)", "{w}(你喜欢吗|你爱吗|好不好|你觉得怎么样)", "你(试过|吃过|玩过|尝过|想要){w}吗", "我(真的|超级|就)(喜欢|爱){w}"], "我没法试{w}，不过听起来不错。"),
}  # fmt: skip


@dataclass(frozen=True)
class Persona:
    """The system block and the name it gives, if any."""

    text: str
    name: str = ""


def persona(ctx: Ctx) -> Persona:
    """The default in 60 % of conversations."""
    dice = ctx.rng.random()
    if dice < 0.6:
        return Persona(PERSONA[ctx.language])
    if dice < 0.75:
        return Persona(expand(ctx.rng.choice(_PLAIN[ctx.language]), ctx.rng))
    name = llm_values.person(ctx).written
    return Persona(fill(expand(ctx.rng.choice(_PERSONAS[ctx.language]), ctx.rng), {"n": name}), name)


def options(patterns: Sequence[str], values: Mapping[str, str]) -> tuple[str, ...]:
    """Every reply these patterns may give (none of ours has more than a few)."""
    import random

    found = set()
    for pattern in patterns:
        for seed in range(12):
            text = fill(expand(pattern, random.Random(seed)), values)
            found.add(text[:1].upper() + text[1:])
    return tuple(sorted(found))


def pair(
    ctx: Ctx,
    skill: str,
    asks: Sequence[str],
    replies: Sequence[str],
    values: Mapping[str, str] | None = None,
    written: Mapping[str, str] | None = None,
) -> Turns:
    """A question and its reply, any of `replies`."""
    shown = written if written is not None else (values or {})
    check = Check(skill, "one_of", options(replies, shown)) if ctx.new_phrases or ctx.new_values else None
    return [Turn("user", say(ctx, asks, values)), Turn("reply", answer(ctx, replies, shown), check=check)]


def small_talk(ctx: Ctx, who: Persona) -> Turns:
    """One exchange of small talk."""
    rng, language = ctx.rng, ctx.language
    dice = rng.random()
    if dice < 0.13:
        replies = _NAMED_REPLY[language] if who.name else _NAME_REPLY[language]
        return pair(ctx, "small_talk", _NAME_ASK[language], replies, written={"n": who.name}, values={})
    if dice < 0.24:
        asks, reply = (_SAY if rng.random() < 0.6 else _LIKE)[language]
        value = llm_values.word(ctx, llm_words.FOODS if language == "en" else llm_words.ZH_FOODS, 0.8)
        return pair(ctx, "echo", asks, [reply], {"w": value.said})
    chat = llm_en_chat.CHAT if language == "en" else llm_zh_chat.CHAT
    name = rng.choice(_WEIGHTED[language])
    asks, replies = chat[name]
    return pair(ctx, "small_talk", asks, replies)


_OFTEN = ["hello", "how_are_you", "abilities", "abilities", "thanks", "bye", "joke", "joke", "good_night", "weather"]
_WEIGHTED = {"en": [*llm_en_chat.CHAT, *_OFTEN], "zh": [*llm_zh_chat.CHAT, *_OFTEN]}


def known(ctx: Ctx, who: Persona) -> Turns:
    """A simple fact: a capital, a small sum, a colour."""
    rng, zh = ctx.rng, ctx.language == "zh"
    dice = rng.random()
    if dice < 0.22:
        capitals = llm_known.ZH_CAPITALS if zh else llm_known.CAPITALS
        land = rng.choice(list(capitals))
        asked = land if ctx.speech or zh else land.capitalize()
        reply = f"{land}的首都是{capitals[land]}。" if zh else f"The capital of {land.capitalize()} is {capitals[land]}."
        return pair(ctx, "known", llm_known.ZH_CAPITAL_ASK if zh else llm_known.CAPITAL_ASK, [reply], {"v": asked})
    if dice < 0.45:
        a, b = rng.randint(0, 10), rng.randint(0, 10)
        one, two, total = (llm_values.spelled(n, ctx.language) for n in (a, b, a + b))
        reply = f"{one}加{two}等于{total}。" if zh else f"{one} plus {two} is {total}."
        typed = not ctx.speech and rng.random() < 0.5
        values = {"a": str(a), "b": str(b)} if typed else {"a": one, "b": two}
        return pair(ctx, "known", llm_known.ZH_SUM_ASK if zh else llm_known.SUM_ASK, [reply], values)
    facts = llm_known.ZH_FACTS if zh else llm_known.FACTS
    for _ in range(100):
        asks, reply = rng.choice(facts)
        try:
            return pair(ctx, "school", asks, [reply])
        except ValueError:  # this fact has no phrasing in the wanted half
            continue
    raise ValueError("no fact has a phrasing of that half")


def code(ctx: Ctx, who: Persona, short: bool) -> Turns:
    """A short program: a sentence, a fenced block, a sentence."""
    zh = ctx.language == "zh"
    turns: Turns = []
    for _ in range(1 if short or ctx.rng.random() < 0.7 else 2):
        program = ctx.rng.choice(llm_code.PROGRAMS)
        task = program.zh_task if zh else program.task
        head = fill(llm_code.ZH_HEAD if zh else llm_code.HEAD, {"task": task})
        block = f"```python\n{program.code}\n```"
        reply = f"{head[:1].upper()}{head[1:]}\n{block}\n{program.zh_note if zh else program.note}"
        check = Check("code", "contains", (block,)) if ctx.new_phrases or ctx.new_values else None
        asked = say(ctx, llm_code.ZH_ASK if zh else llm_code.ASK, {"task": task})
        turns += [Turn("user", asked), Turn("reply", reply, check=check)]
    return turns


def closing(ctx: Ctx, who: Persona) -> Turns:
    """How talks end: thanks, a goodbye, a good night."""
    chat = llm_en_chat.CHAT if ctx.language == "en" else llm_zh_chat.CHAT
    names = ctx.rng.choice([["thanks"], ["bye"], ["thanks", "bye"], ["good_night"], ["thanks", "bye"]])
    return [turn for name in names for turn in pair(ctx, "small_talk", *chat[name])]


def unknown(ctx: Ctx, who: Persona) -> Turns:
    """A question beyond it: the full model can answer that."""
    rng, zh = ctx.rng, ctx.language == "zh"
    replies = llm_known.ZH_UNKNOWN_REPLY if zh else llm_known.UNKNOWN_REPLY
    if rng.random() < 0.1:
        land = llm_values.word(ctx, llm_known.ZH_OTHER_COUNTRIES if zh else llm_known.OTHER_COUNTRIES, 0.3).said
        return pair(ctx, "unknown", llm_known.ZH_CAPITAL_ASK if zh else llm_known.CAPITAL_ASK, replies, {"v": land})
    topics = llm_beyond.ZH_TOPICS if zh else llm_beyond.EN_TOPICS
    values = {slot: llm_values.word(ctx, topics, 0.5).said for slot in "wx"}
    return pair(ctx, "unknown", llm_beyond.ZH_ASK if zh else llm_beyond.EN_ASK, replies, values)


def story(ctx: Ctx) -> Turns:
    """Something told that is no fact about the user and no question."""
    zh = ctx.language == "zh"
    values = {"w": llm_values.word(ctx, llm_words.ZH_OBJECTS if zh else llm_words.OBJECTS, 0.6).said}
    asks, replies = (llm_beyond.ZH_STORY, llm_beyond.ZH_STORY_REPLY) if zh else (llm_beyond.EN_STORY, llm_beyond.EN_STORY_REPLY)
    return pair(ctx, "story", asks, replies, values, written={})


def control(ctx: Ctx, who: Persona) -> Turns:
    """A command that reached the model: it cannot do that, and never says it did."""
    zh = ctx.language == "zh"
    values = {
        "w": llm_values.word(ctx, llm_words.ZH_PLACES if zh else llm_words.EN_PLACES).said,
        "n": llm_values.number(ctx, 2, 30).said,
    }
    return pair(
        ctx,
        "control",
        llm_known.ZH_CONTROL if zh else llm_known.CONTROL,
        llm_known.ZH_CONTROL_REPLY if zh else llm_known.CONTROL_REPLY,
        values,
    )


def skill(ctx: Ctx) -> Turns:
    """What a skill answered before the model was asked: stands in the history, is not learnt."""
    rng, zh = ctx.rng, ctx.language == "zh"
    asks, kind = rng.choice(llm_known.ZH_SKILL if zh else llm_known.SKILL)
    user = say(Ctx(rng, ctx.language, speech=ctx.speech), asks)
    hour = llm_values.spelled(rng.randint(1, 12), ctx.language)
    minute = llm_values.spelled(rng.randint(10, 59), ctx.language)
    if kind == "time":
        spoken = [
            f"It is {hour} {minute}.",
            f"It is {rng.choice(['five', 'ten', 'twenty', 'a quarter'])} {rng.choice(['past', 'to'])} {hour}.",
            f"It is {hour} o'clock.",
        ]
        reply = f"现在是{hour}点{minute}分。" if zh else rng.choice(spoken)
    elif kind == "date":
        day = rng.choice(llm_words.ZH_DAYS[:7] if zh else llm_words.EN_DAYS)
        reply = (
            f"今天是{day}。"
            if zh
            else f"Today is {day.capitalize()}, the {rng.choice(['first', 'third', 'tenth', 'twentieth'])} of {rng.choice(llm_words.MONTHS).capitalize()}."
        )
    else:
        reply = fill(
            rng.choice(llm_known.ZH_REFUSED if zh else llm_known.REFUSED),
            {"w": rng.choice(["灯", "空调", "窗帘"] if zh else ["lights", "the heating", "blinds"])},
        )
    return [Turn("user", user), Turn("skill", reply)]
