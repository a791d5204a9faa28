# ruff: noqa: E501, SIM905 (tables of words and phrases, one row a line)
"""Work on a text: answers from a passage (and "the passage does not say"), one-line summaries, slots and tool calls as JSON."""

import json
from collections.abc import Sequence

from scripts.training import llm_passages as passages
from scripts.training import llm_talk as talk
from scripts.training import llm_told as told
from scripts.training import llm_values as values
from scripts.training import llm_words as words
from scripts.training.llm_grammar import Ctx, answer, capital, expand, fill, say

_SUBJECTS = "museum hotel bakery bridge tower garden school ship library station castle market theatre shop bank farm clock statue zoo harbour church house machine car boat painting".split()
_ZH_SUBJECTS = "博物馆 酒店 面包店 桥 塔 花园 学校 船 图书馆 车站 城堡 市场 剧院 商店 银行 农场 钟 雕像 房子 机器 画".split()
_ABSENT = {"en": "the text does not say that.", "zh": "这里没有说。"}
_READ = {
    "en": ["Read this: {t} {q}", "Here is a text: {t} {q}", "{t} {q}", "Use this text. {t} Question: {q}"],
    "zh": ["读一下：{t}{q}", "这是一段文字：{t}{q}", "{t}{q}", "根据这段话回答。{t}问题：{q}"],
}


def _value(ctx: Ctx, kind: str) -> str:
    zh = ctx.language == "zh"
    if kind == "number":
        return values.number(ctx, 2, 99).written
    if kind == "hour":
        ends = ["点", "点半", "点钟"] if zh else ["", " thirty", " o'clock"]
        return values.spelled(ctx.rng.randint(1, 12), ctx.language) + ctx.rng.choice(ends)
    if kind == "person":
        return values.person(ctx).written
    if kind == "city":
        return values.proper(ctx, words.ZH_CITIES if zh else words.CITIES).written
    if kind == "code":
        return values.code(ctx).written
    if kind == "colour":
        return values.word(ctx, words.ZH_COLOURS if zh else words.COLOURS).written
    return values.word(ctx, words.ZH_OBJECTS if zh else words.OBJECTS, 0.7).written


Question = tuple[str, passages.Attribute, str]
"""A subject, what is asked of it, and the answer; "" where the passage has none."""


def _absent(ctx: Ctx, subjects: Sequence[str], told_of: Sequence[Question], unused: passages.Attribute) -> Question:
    """A question that the passage does not answer: of nothing it says, of what it says of the other subject, of a stranger."""
    rng = ctx.rng
    dice = rng.random()
    if dice < 0.3 and len(subjects) > 1:
        pairs = [(s, kind) for s in subjects for _, kind, _ in told_of if all((s, kind) != known[:2] for known in told_of)]
        if pairs:
            subject, kind = rng.choice(pairs)
            return subject, kind, ""
    if dice > 0.88:
        stranger = _subject(ctx)
        if stranger not in subjects:
            return stranger, rng.choice(told_of)[1], ""
    return rng.choice(subjects), unused, ""


def _subject(ctx: Ctx) -> str:
    rng, zh = ctx.rng, ctx.language == "zh"
    noun = values.made(ctx) if rng.random() < 0.4 else rng.choice(_ZH_SUBJECTS if zh else _SUBJECTS)
    return noun if zh else rng.choice(["the ", "the ", f"{values.person(ctx).written}'s "]) + noun


def _line(ctx: Ctx, pattern: str, subject: str, value: str = "") -> str:
    text = fill(expand(pattern, ctx.rng), {"s": subject, "v": value})
    return capital(text) + ("。" if ctx.language == "zh" else ".")


def passage(ctx: Ctx, who: talk.Persona, short: bool) -> talk.Turns:
    """A few sentences in the recall block or in the user's words, and questions about them."""
    rng, zh = ctx.rng, ctx.language == "zh"
    table = passages.ZH if zh else passages.EN
    subjects = [_subject(ctx) for _ in range(1 if short or rng.random() < 0.55 else 2)]
    subjects = list(dict.fromkeys(subjects))
    names = rng.sample(list(table), rng.choice([2, 3]) if short else rng.choice([3, 4, 5]))
    asks: list[Question] = []
    for name in names[1:]:
        twice = len(subjects) > 1 and rng.random() < 0.25
        for subject in subjects if twice else [rng.choice(subjects)]:
            asks.append((subject, table[name], _value(ctx, table[name].value)))
    lines = [_line(ctx, rng.choice(kind.states), subject, value) for subject, kind, value in asks]
    while not short and rng.random() < 0.2:
        around = rng.choice(passages.ZH_AROUND if zh else passages.EN_AROUND)
        lines.insert(rng.randrange(len(lines) + 1), _line(ctx, around, rng.choice(subjects)))
    told_of = list(asks)
    rng.shuffle(asks)
    turns: talk.Turns = []
    in_recall = rng.random() < 0.6
    if in_recall:
        joined = rng.random() < 0.4
        turns.append(talk.Turn("recall", facts=(("" if zh else " ").join(lines),) if joined else tuple(lines)))
    questions = [*asks[: 1 if short else rng.choice([1, 2, 3, 4])]]
    for chance in (0.7, 0.2):
        if rng.random() < chance:
            found = _absent(ctx, subjects, told_of, table[names[0]])
            questions.insert(rng.randrange(len(questions) + 1), found)
    for number, (subject, kind, value) in enumerate(questions):
        question = say(ctx, kind.asks, {"s": subject.lower() if ctx.speech else subject})
        if number == 0 and not in_recall:
            question = fill(rng.choice(_READ[ctx.language]), {"t": ("" if zh else " ").join(lines), "q": question})
        reply = answer(ctx, [kind.answer], {"v": value}) if value else capital(_ABSENT[ctx.language])
        check = (
            talk.Check("passage" if value else "passage_absent", "contains", (value or reply,))
            if ctx.new_phrases or ctx.new_values
            else None
        )
        turns += [talk.Turn("user", question), talk.Turn("reply", reply, check=check)]
    return turns


_SUMMARISE = {
    "en": ["(summarise|summarize|sum up|condense|wrap up) (it|all|all of it|everything|what was said|the chat|what i said|these lines|this dialogue) [in one (line|sentence)|briefly|in short|shortly] [please]", "[please] (write|give|make|tell|say) [me] [a|the|one] (short|brief|one line|one sentence|quick) (summary|version|digest) [of this|of the talk|of it|of what was said|of this dialogue]", "what (did|does|has) (the user|this person|he|she) (say|tell|told|mention) [in short|in one line|in one sentence]", "(in short|briefly|in a nutshell|in a few words) what (was|is) (said|told|this about|the talk about)", "[please] put (this|the talk|it|all this) (in|into) one (line|sentence)", "(one line|one sentence|a summary|short version) [of this] please", "(summarise|summarize|sum up) (this|this talk|the talk|our talk|the conversation|this conversation) in one (line|sentence) [please]", "(write|give me|make) a (one line|short) summary [of this talk|of this|of the talk]", "what was (this talk|the conversation|it) about [in one line|in short]", "in one (line|sentence) what (was said|did the user say)", "(shorten|condense) this [talk] to one (line|sentence)"],
    "zh": ["[请|麻烦|帮我](总结|概括|归纳|小结)[一下|成一句](上面的话|对话|这些话|说过的|内容|以上)[吧|用一行]", "(上面|对话|刚才|用户)(说了什么|讲了什么|的意思是什么|主要说什么)[用一句话]", "(一句话|简短地|简单)(总结|概括|说说|说一下)[一下|吧|对话|内容]", "(把|将)(这段对话|这些话|对话)(总结|概括|缩|变)成一(句话|行|句)", "[请|再](来|写|做)(一个|个|一份)(简短的|一句话)?(总结|摘要|概括)".replace("(简短的|一句话)?", "[简短的|一句话]"), "[请]用一(句话|行)(总结|概括)[一下][这段对话|这段话|我们的谈话]", "(总结|概括)[一下](这段对话|这段话|刚才的谈话)[用一句话]", "(写|给我)一(句|行)(总结|摘要|概括)", "这段对话(说了什么|讲了什么|的大意是什么)"],
}  # fmt: skip
_SLOTS_ASK = {
    "en": ["(write|give|list|return|put|show|print|output|turn|convert) [me] (all facts|the facts|everything|what was told|the values|all this|the data|what i said|these facts) (as|in|into|to) (json|a json object|one json object|valid json) [please|now]", "[please] (extract|collect|gather|take|pull|find) (all facts|the facts|the values|what was said|what the user told|the data) (as|into|in) (json|a json object)", "(json|a json object) (of this|of the facts|please|with the facts|of what was said) [please]", "(build|create|make|write|fill) (json|a json object|an object) (with|of|from|out of) (all facts|the facts|what was told|what i said|everything|the talk)", "(what are|which are) the (facts|slots|values) (as|in) json", "(write|give|list|return|put) (the facts|what the user said|the slots|everything told) (as|in|into) (json|a json object) [please]", "(extract|collect) (the facts|the slots|what was told) as json", "(make|fill) (a json object|json) (of|with|from) (this|the facts|what was said)"],
    "zh": ["[请|麻烦|帮我](把|将)(所有事实|说过的话|对话|信息|以上内容)(写成|变成|转成|整理成|输出为|做成)(json|一个json|json对象)[吧]", "[请](用|以)json(格式)[写出|给出|列出|输出|表示](事实|内容|信息|以上|这些)".replace("(格式)", "[格式]").replace("[写出|给出|列出|输出|表示]", "(写出|给出|列出|输出|表示)"), "(抽取|收集|找出|列出|提取)(所有|全部)(事实|信息)[写成|变成|做成]json".replace("(所有|全部)", "[所有|全部]").replace("[写成|变成|做成]", "(写成|变成|做成)"), "(给我|写|做)(一个|个)?json[对象]".replace("(一个|个)?", "[一个|个]"), "[请]把(事实|用户说的|这些内容)(写成|整理成|变成)(json|一个json)", "用json(列出|写出|总结)(事实|用户说的话|内容)", "(提取|整理)(事实|信息)成json"],
}  # fmt: skip


def digest(ctx: Ctx, who: talk.Persona, short: bool) -> talk.Turns:
    """A short talk quoted in the user's words, and its summary in one line or its facts as a JSON object."""
    rng, zh = ctx.rng, ctx.language == "zh"
    items = told.facts(ctx, rng.choice([1, 2]) if short else rng.choice([1, 2, 2, 3]))
    quoted: list[str] = []
    user, assistant = ("用户：", "助手：") if zh else ("User: ", "Assistant: ")
    aside = 0.0 if short or rng.random() < 0.55 else 0.4
    for item in items:
        quoted += _aside(ctx, who, aside)
        quoted.append(user + say(ctx, item.kind.tell, item.slots(), dress=rng.random() < 0.4))
        if rng.random() < (0.9 if aside else 0.5):
            quoted.append(assistant + answer(ctx, item.kind.ack, item.written()))
    quoted += _aside(ctx, who, aside)
    slots = rng.random() < 0.5
    ask = say(ctx, (_SLOTS_ASK if slots else _SUMMARISE)[ctx.language])
    text = "\n".join([ask, *quoted] if rng.random() < 0.6 else [*quoted, ask])
    turns = [talk.Turn("user", text), _digested(ctx, items, slots)]
    if not short and rng.random() < 0.6:
        turns.append(talk.Turn("user", say(ctx, (_SUMMARISE if slots else _SLOTS_ASK)[ctx.language])))
        turns.append(_digested(ctx, items, not slots))
    return turns


def _aside(ctx: Ctx, who: talk.Persona, chance: float) -> list[str]:
    """Other talk in a quoted one, of which nothing is told."""
    if ctx.rng.random() >= chance:
        return []
    plain = Ctx(ctx.rng, ctx.language, speech=ctx.speech, pieces=ctx.pieces)
    turns = ctx.rng.choice([talk.small_talk, talk.known, talk.unknown, talk.control])(plain, who)
    heads = ("用户：", "助手：") if ctx.language == "zh" else ("User: ", "Assistant: ")
    return [head + turn.text for head, turn in zip(heads, turns, strict=True)]


def _digested(ctx: Ctx, items: list[told.Fact], slots: bool) -> talk.Turn:
    """The reply to a quoted talk: its facts as JSON, or in one line."""
    if slots:
        reply = json.dumps({fill(item.kind.slot, item.written()): item.value.written for item in items}, ensure_ascii=False)
        check = talk.Check("slots", "json", (reply,))
    else:
        parts = [fill(item.kind.answer, item.written()).rstrip("。.") for item in items]
        joined = "；".join(part.replace("你", "用户", 1) for part in parts) + "。"
        reply = capital(joined if ctx.language == "zh" else "; ".join(_third(part) for part in parts) + ".")
        check = talk.Check("summary", "contains", tuple(item.value.written for item in items))
    return talk.Turn("reply", reply, check=check if ctx.new_phrases or ctx.new_values else None)


def _third(clause: str) -> str:
    pairs = {"your ": "the user's ", "you live": "the user lives", "you work": "the user works", "you are": "the user is"}
    return next((new + clause[len(old) :] for old, new in pairs.items() if clause.startswith(old)), clause)


TOOLS = {
    "light": ("switch a light", {"room": "place", "state": "onoff"}, ["(turn|switch) {state} the (light|lights|lamp) in the {room}", "(turn|switch) {state} the {room} (light|lights|lamp)", "(turn|switch) the {room} (light|lights|lamp) {state}", "(lights|light|lamp) {state} in the {room}"], ["把{room}的灯{state}", "{state}{room}的灯", "[请|帮我]{state}{room}(灯|里的灯)"]),
    "timer": ("start a timer", {"minutes": "number"}, ["(set|start|make|i need|give me|put on|run) a timer (for|of) {minutes} minutes [please|now]", "(set|start|make|i need|give me) a {minutes} minute timer [please|now]", "timer (for|of) {minutes} minutes", "(wake|call|tell|remind) me in {minutes} minutes", "count [down] {minutes} minutes"], ["[请|帮我](定|设)(个|一个){minutes}分钟的(计时器|闹钟)", "{minutes}分钟后(叫我|提醒我)", "计时{minutes}分钟"]),
    "list_add": ("add to the shopping list", {"item": "word"}, ["(add|put) {item} (to|on) (the|my) (shopping list|list)", "(write|note|have) {item} on (the|my) [shopping] list", "(we|i) need {item} on the [shopping] list", "(can|could) you add {item} to (the|my) [shopping] list"], ["[请|帮我]把{item}(加到|放到|写到|记到|加进)(购物单|清单)[上|里]", "[请|帮我](在|往)(购物单|清单)[上|里](加上|加|写上|记下){item}"]),
    "call": ("call a person", {"name": "person"}, ["(call|phone|ring|dial) [up] {name} [now|for me|again]", "(make|start|place) a [phone] call to {name} [now]", "(i want|i need|i would like) to (talk|speak) (to|with) {name} [now]", "(get|put) {name} on the phone", "(can|could) you (call|phone|ring) {name} [for me]"], ["[请|帮我|现在](打电话给|呼叫|拨打|联系|打给){name}", "[请|帮我|现在]给{name}打[个|一个]电话", "我(想|要)(跟|和){name}(说话|通话|打电话|通电话)"]),
    "play": ("play music", {"title": "word"}, ["(play|start|put on) [me|us] {title} [now|next|for me]", "(i want|i would like|we want) to (hear|listen to) {title} [now]", "let (us|me) (hear|listen to) {title}", "(can|could|would) you play {title} [for me|for us]", "play the song {title}"], ["[请|给我|帮我|现在](播放|放|放一下|来一首){title}", "(我想|我要|想|我们想)听[一下]{title}"]),
}  # fmt: skip
_NO_TOOL = {"en": "sorry, I have no tool for that.", "zh": "抱歉，我没有这个工具。"}


def tools(ctx: Ctx, who: talk.Persona, short: bool) -> talk.Turns:
    """Tools in the recall block as Qwen writes them, and commands that call one, or none that fits."""
    rng, zh = ctx.rng, ctx.language == "zh"
    listed = rng.sample(list(TOOLS), 2 if short else 3)
    lines = ["# Tools", "<tools>"]
    for name in listed:
        about, parameters, _, _ = TOOLS[name]
        lines.append(json.dumps({"name": name, "description": about, "parameters": list(parameters)}))
    turns = [talk.Turn("recall", facts=(*lines, "</tools>"))]
    for _ in range(1 if short else rng.choice([2, 3, 4, 5])):
        missing = rng.random() < 0.3
        name = rng.choice([tool for tool in TOOLS if tool not in listed] if missing else listed)
        _, parameters, asks, zh_asks = TOOLS[name]
        drawn: dict[str, values.Value] = {}
        for parameter, kind in parameters.items():
            if kind == "onoff":
                on = rng.random() < 0.5
                drawn[parameter] = values.Value(
                    ("打开" if on else "关掉") if zh else ("on" if on else "off"), "on" if on else "off"
                )
            elif kind == "number":
                drawn[parameter] = values.number(ctx, 2, 60)
            elif kind == "person":
                drawn[parameter] = values.person(ctx)
            else:
                drawn[parameter] = values.word(
                    ctx,
                    (words.ZH_PLACES if zh else words.EN_PLACES) if kind == "place" else (words.ZH_FOODS if zh else words.FOODS),
                )
        user = say(ctx, zh_asks if zh else asks, {key: value.said for key, value in drawn.items()})
        call = json.dumps({"name": name, "arguments": {key: value.written for key, value in drawn.items()}}, ensure_ascii=False)
        reply = capital(_NO_TOOL[ctx.language]) if missing else f"<tool_call>\n{call}\n</tool_call>"
        check = (
            talk.Check("tool", "contains" if missing else "json", (reply if missing else call,))
            if ctx.new_phrases or ctx.new_values
            else None
        )
        turns += [talk.Turn("user", user), talk.Turn("reply", reply, check=check)]
    return turns
