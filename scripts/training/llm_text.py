# ruff: noqa: E501, SIM905 (tables of words and phrases, one row a line)
"""Work on a text: answers from a passage (and "the passage does not say"), one-line summaries, slots and tool calls as JSON."""

import json
from dataclasses import dataclass

from scripts.training import llm_talk as talk
from scripts.training import llm_told as told
from scripts.training import llm_values as values
from scripts.training import llm_words as words
from scripts.training.llm_grammar import Ctx, answer, capital, expand, fill, say


@dataclass(frozen=True)
class Attribute:
    """Something a passage may say of its subject {s}."""

    value: str
    states: list[str]
    asks: list[str]
    answer: str


_KNOW = "(tell me|do you know|can you tell me|could you tell me|i want to know|i would like to know|can you say|please say|say|i wonder|does it say|does the text say|find out|read me|please tell me) "
_ZH_KNOW = "(你知道|告诉我|请告诉我|我想知道|请问|说说|能不能告诉我|文中说|查一下|请说说)"

EN = {
    "price": Attribute("number", ["{s} costs {v} euros", "the price of {s} is {v} euros", "you pay {v} euros for {s}", "{s} is sold for {v} euros", "one can have {s} for {v} euros", "for {s} they ask {v} euros"],
                       ["how much (is|does|for|was) {s} [cost]", "(what|what's|what is) the (price|cost) of {s}", "what (does one|do i|do you|must i|do we) pay for {s}", "what does {s} cost", "how (expensive|dear|cheap) is {s}", _KNOW + "(the price of {s}|what {s} costs|how much {s} is|how much {s} costs)", "for how much is {s} [sold]", "how many euros (is|does|for) {s} [cost]"], "it costs {v} euros."),
    "open": Attribute("hour", ["{s} opens at {v}", "{s} is open from {v} on", "the doors of {s} open at {v}", "{s} starts at {v}", "at {v} {s} opens", "you can go to {s} from {v} on"],
                      ["when (does|will|did|is) {s} (open|start|opening)", "(what|at what|which) (time|hour) does {s} (open|start)", _KNOW + "(when {s} opens|at what time {s} opens|when {s} starts|the opening time of {s})", "from when [on] is {s} open", "how early (does|can) {s} open", "when (can|may|could) (i|we) (go to|visit|enter) {s}", "what is the opening (time|hour) of {s}"], "it opens at {v}."),
    "owner": Attribute("person", ["{s} belongs to {v}", "the owner of {s} is {v}", "{v} owns {s}", "{s} is run by {v}", "{v} is in charge of {s}", "{s} is owned by {v}", "{v} runs {s}"],
                       ["who (owns|runs|has|leads|manages|possesses) {s}", "who is the (owner|boss|head|manager|master) of {s}", "(to whom|who) does {s} belong [to]", _KNOW + "(who owns {s}|who runs {s}|the owner of {s}|whose {s} is)", "whose is {s}", "who is in charge of {s}", "by whom is {s} (run|owned|led)", "(what is|what's) the owner of {s} called"], "it belongs to {v}."),
    "where": Attribute("city", ["{s} is in {v}", "{s} stands in {v}", "you find {s} in {v}", "{s} is located in {v}", "{s} can be seen in {v}", "in {v} there is {s}", "people go to {v} to see {s}"],
                       ["where is {s} [located|exactly|standing]", "(in which|in what|which) (city|town|place) is {s} [in]", "where (can|do|could|will) (i|we|you) (find|see|visit) {s}", _KNOW + "(where {s} is|where to find {s}|the place of {s}|where {s} stands)", "where does {s} stand", "(what|which) (city|town) (has|holds) {s}", "what is the (place|location) of {s}"], "it is in {v}."),
    "colour": Attribute("colour", ["{s} is {v}", "{s} was painted {v}", "the colour of {s} is {v}", "{s} has a {v} colour", "they painted {s} {v}", "{s} looks {v}"],
                        ["(what|which) colo[u]r (is|has|does) {s} [have]", "(what is|what's) the colo[u]r of {s}", _KNOW + "(the colo[u]r of {s}|what colo[u]r {s} is|which colo[u]r {s} has)", "(in|of) (what|which) colo[u]r (was|is) {s} [painted]", "how was {s} painted", "(what|which) colo[u]r did they paint {s}"], "it is {v}."),
    "maker": Attribute("person", ["{s} was (built|made|founded|designed) by {v}", "{v} (built|made|founded|designed) {s}", "{s} is the work of {v}", "we owe {s} to {v}", "the maker of {s} is {v}"],
                       ["who (built|made|founded|designed|created|constructed) {s}", "(by whom|who) was {s} (built|made|founded|designed|created) [by]", _KNOW + "who (made|built|founded|designed|created) {s}", "who is the (maker|builder|founder|designer|creator) of {s}", "whose (work|idea|design) is {s}"], "it was made by {v}."),
    "age": Attribute("number", ["{s} is {v} years old", "{s} has stood for {v} years", "the age of {s} is {v} years", "{s} has been there for {v} years", "it is {v} years since {s} was new"],
                     ["how old (is|was) {s} [now|today]", "(what is|what's) the age of {s}", "(what|which) age (is|has) {s}", _KNOW + "(how old {s} is|the age of {s}|what age {s} is)", "how many years old is {s}", "(for how|how) (long|many years) has {s} (stood|been there|existed)"], "it is {v} years old."),
    "code": Attribute("code", ["the (number|code) of {s} is {v}", "{s} has the (number|code) {v}", "use the code {v} for {s}", "for {s} the (number|code) is {v}", "{v} is the (number|code) of {s}"],
                      ["(what is|what's) the (number|code) (of|for) {s}", "which (number|code) (has {s}|does {s} have|is for {s})", "what (number|code) do (i|we|you) need for {s}", _KNOW + "(the (number|code) of {s}|which (number|code) {s} has|what (number|code) to use for {s})", "{s} has (which|what) (number|code)", "(with which|what) code do i (open|use for) {s}"], "the number is {v}."),
    "made": Attribute("word", ["{s} is made of {v}", "{s} consists of {v}", "people made {s} from {v}", "{v} is what {s} is made of", "they used {v} to make {s}"],
                      ["(what|from what|of what) is {s} made [of|from]", "what does {s} consist of", _KNOW + "(what {s} is made of|from what {s} is made|what {s} consists of)", "(what|which) material is {s} [made of]", "what (did they|do they|did people) (use to make|make) {s} [from|of]"], "it is made of {v}."),
    "loved": Attribute("word", ["{s} is famous for {v}", "{s} is known for {v}", "people love {s} for {v}", "{v} made {s} famous", "everybody knows {s} for {v}"],
                       ["(what|for what|why) is {s} (famous|known|well known) [for]", "why do people (love|know|like) {s}", _KNOW + "(what {s} is famous for|why {s} is famous|what {s} is known for)", "what do people (love|know) {s} for", "what (made|makes) {s} (famous|known)"], "it is known for {v}."),
}  # fmt: skip
ZH = {
    "price": Attribute("number", ["{s}的价格是{v}元", "{s}卖{v}元", "买{s}要{v}元", "{s}要花{v}元", "{v}元可以买{s}"], ["[请问|那]{s}(多少钱|卖多少钱|的价格是多少|要多少钱|贵不贵多少钱|要花多少钱|什么价格)", "买{s}(要|得|需要)(多少钱|花多少钱|多少元)", _ZH_KNOW + "{s}(的价格|多少钱|卖多少钱|要多少钱)"], "要{v}元。"),
    "owner": Attribute("person", ["{s}的主人是{v}", "{s}属于{v}", "{v}拥有{s}", "{s}是{v}的", "{s}归{v}"], ["[请问|那]{s}(的主人是谁|属于谁|是谁的|归谁|归谁所有|的主人叫什么)", "谁(拥有|有){s}", "谁是{s}的(主人|老板)", _ZH_KNOW + "{s}(是谁的|属于谁|的主人是谁|归谁)"], "是{v}的。"),
    "where": Attribute("city", ["{s}在{v}", "{s}位于{v}", "在{v}可以看到{s}", "{v}有{s}", "{s}就在{v}"], ["[请问|那]{s}(在哪里|在哪|在哪儿|位于哪里|在什么地方|在哪个地方|在哪个城市)", "(哪里|什么地方|哪儿|哪个城市)(有|能找到|可以看到|能看到){s}", _ZH_KNOW + "{s}(在哪里|在哪|位于哪里|在什么地方)"], "在{v}。"),
    "colour": Attribute("colour", ["{s}是{v}", "{s}的颜色是{v}", "{s}被涂成{v}", "{s}看起来是{v}"], ["[请问|那]{s}(是什么颜色|的颜色是什么|什么颜色|是哪种颜色|涂成什么颜色|有什么颜色)[的]", _ZH_KNOW + "{s}(的颜色|是什么颜色|什么颜色)"], "是{v}。"),
    "maker": Attribute("person", ["{s}是{v}做的", "{v}做了{s}", "{s}由{v}建造", "{v}造了{s}"], ["[请问|那]{s}(是谁做的|是谁建的|谁做的|由谁建造|是谁造的|谁建的)", "[请问|那](是谁|谁)(做了|建了|造了|建造了){s}", _ZH_KNOW + "(谁做了{s}|{s}是谁做的|{s}是谁建的|谁造了{s})"], "是{v}做的。"),
    "age": Attribute("number", ["{s}有{v}年的历史", "{s}已经{v}年了", "{s}的年头是{v}年", "{s}存在{v}年了"], ["[请问|那]{s}(有多少年|多少年了|的历史有多久|有几年|存在多少年|有多老|多久了)[了]", _ZH_KNOW + "{s}(有多少年|多少年了|的历史|有多久)"], "有{v}年。"),
    "code": Attribute("code", ["{s}的号码是{v}", "{s}用的号码是{v}", "{v}是{s}的号码"], ["[请问|那]{s}(的号码是多少|的号码是什么|的号码呢|用什么号码|几号|是多少号)", "(多少|什么|哪个)(号码)是{s}的", _ZH_KNOW + "{s}(的号码|是几号|用什么号码|的号码是多少)"], "号码是{v}。"),
    "made": Attribute("word", ["{s}是用{v}做的", "{s}由{v}制成", "{v}做成了{s}", "人们用{v}做{s}"], ["[请问|那]{s}(是用什么做的|是什么做的|由什么制成|用什么材料做的|是什么材料)", "(用什么|什么东西)做(了|成|的){s}", _ZH_KNOW + "{s}(用什么做的|是什么做的|由什么制成)"], "是用{v}做的。"),
}  # fmt: skip

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
        return values.spelled(ctx.rng.randint(1, 12), ctx.language) + ctx.rng.choice(["", " thirty", " o'clock"])
    if kind == "person":
        return values.person(ctx).written
    if kind == "city":
        return values.proper(ctx, words.ZH_CITIES if zh else words.CITIES).written
    if kind == "code":
        return values.code(ctx).written
    if kind == "colour":
        return values.word(ctx, words.ZH_COLOURS if zh else words.COLOURS).written
    return values.word(ctx, words.ZH_OBJECTS if zh else words.OBJECTS, 0.7).written


def passage(ctx: Ctx, who: talk.Persona, short: bool) -> talk.Turns:
    """A few sentences in the recall block or in the user's words, and questions about them."""
    rng, zh = ctx.rng, ctx.language == "zh"
    table = ZH if zh else EN
    subjects = []
    for _ in range(1 if short or rng.random() < 0.6 else 2):
        noun = values.made(ctx) if rng.random() < 0.4 else rng.choice(_ZH_SUBJECTS if zh else _SUBJECTS)
        subjects.append(noun if zh else rng.choice(["the ", "the ", f"{values.person(ctx).written}'s "]) + noun)
    names = rng.sample(list(table), rng.choice([2, 3]) if short else rng.choice([3, 4, 5]))
    absent, present = names[0], names[1:]
    lines, asks = [], []
    for name in present:
        subject, kind = rng.choice(subjects), table[name]
        value = _value(ctx, kind.value)
        lines.append(capital(fill(expand(rng.choice(kind.states), rng), {"s": subject, "v": value})) + ("。" if zh else "."))
        asks.append((subject, kind, value))
    rng.shuffle(asks)
    turns: talk.Turns = []
    in_recall = rng.random() < 0.6
    if in_recall:
        joined = rng.random() < 0.4
        turns.append(talk.Turn("recall", facts=(("" if zh else " ").join(lines),) if joined else tuple(lines)))
    questions = [*asks[: 1 if short else rng.choice([1, 2, 3, 4])]]
    if rng.random() < 0.7:
        questions.insert(rng.randrange(len(questions) + 1), (rng.choice(subjects), table[absent], ""))
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
    "en": ["(summarise|summarize|sum up) (this|this talk|the talk|our talk|the conversation|this conversation) in one (line|sentence) [please]", "(write|give me|make) a (one line|short) summary [of this talk|of this|of the talk]", "what was (this talk|the conversation|it) about [in one line|in short]", "in one (line|sentence) what (was said|did the user say)", "(shorten|condense) this [talk] to one (line|sentence)"],
    "zh": ["[请]用一(句话|行)(总结|概括)[一下][这段对话|这段话|我们的谈话]", "(总结|概括)[一下](这段对话|这段话|刚才的谈话)[用一句话]", "(写|给我)一(句|行)(总结|摘要|概括)", "这段对话(说了什么|讲了什么|的大意是什么)"],
}  # fmt: skip
_SLOTS_ASK = {
    "en": ["(write|give|list|return|put) (the facts|what the user said|the slots|everything told) (as|in|into) (json|a json object) [please]", "(extract|collect) (the facts|the slots|what was told) as json", "(make|fill) (a json object|json) (of|with|from) (this|the facts|what was said)"],
    "zh": ["[请]把(事实|用户说的|这些内容)(写成|整理成|变成)(json|一个json)", "用json(列出|写出|总结)(事实|用户说的话|内容)", "(提取|整理)(事实|信息)成json"],
}  # fmt: skip


def digest(ctx: Ctx, who: talk.Persona, short: bool) -> talk.Turns:
    """A short talk quoted in the user's words, and its summary in one line or its facts as a JSON object."""
    rng, zh = ctx.rng, ctx.language == "zh"
    items = told.facts(ctx, rng.choice([1, 2]) if short else rng.choice([1, 2, 2, 3]))
    quoted = []
    for item in items:
        quoted.append(("用户：" if zh else "User: ") + say(ctx, item.kind.tell, item.slots(), dress=rng.random() < 0.4))
        if rng.random() < 0.5:
            quoted.append(("助手：" if zh else "Assistant: ") + answer(ctx, item.kind.ack, item.written()))
    slots = rng.random() < 0.4
    ask = say(ctx, (_SLOTS_ASK if slots else _SUMMARISE)[ctx.language])
    text = "\n".join([ask, *quoted] if rng.random() < 0.6 else [*quoted, ask])
    turns = [talk.Turn("user", text), _digested(ctx, items, slots)]
    if not short and rng.random() < 0.5:
        turns.append(talk.Turn("user", say(ctx, (_SUMMARISE if slots else _SLOTS_ASK)[ctx.language])))
        turns.append(_digested(ctx, items, not slots))
    return turns


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
