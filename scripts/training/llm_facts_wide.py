# ruff: noqa: E501 (tables of phrases, one row a line)
"""More ways to tell facts and to ask for them: frames around a plain sentence, a noun or a clause, and other verbs.

`EN` and `ZH` are the kinds of facts with all of them. What is held out is decided phrase by phrase as everywhere (llm_grammar).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from scripts.training import llm_facts_text, llm_facts_zh
from scripts.training.llm_facts_text import Kind

_TELL = (
    "(can|could|would|will) you [please] (remember|note|write down|save|keep in mind|memorize) [that] {s}",
    "[please] (keep in mind|make a note|take note|bear in mind|make sure you know|be aware|don't forget|learn|remember|note|note down|always remember) [that] {s}",
    "(guess what|you know what|fun fact|just to tell you|i wanted to tell you|i wanted to say|let me tell you|i should say|for later|for the record|news|one more thing|also|and|oh and|something else|here is a fact) {s}",
    "{s} (remember that|keep that in mind|do not forget it|please note that|just so you know|in case you wonder|if you want to know|got it|okay|please remember it|save that)",
    "i (should|want to|have to|must|would like to|wanted to) (tell you|mention|say|add|let you know) [that] {s}",
    "(it is|it may be|it's) (good|important|useful) to know [that] {s}",
)
_ASK_NOUN = (
    "(what is|what's|whats|what was) {n} (once more|if you remember|that i told you|please|by the way)",
    "do you (happen to know|still know|even know|have|remember|recall|know) {n}",
    "(would|could|can|will) you [please|kindly|quickly] (tell me|say|repeat|remind me of|give me) {n}",
    "i (would like|need|wish|am trying|want|have) to (know|hear|remember|find out) {n}",
    "have i (told|given) you {n} [already|yet|before]",
    "did i (mention|say|tell you|give you) {n} [before|already|yet]",
    "(remind|tell) me (about|of) {n}",
    "{n} (do you know it|can you say it|if you remember|i forgot it|once more|quickly|do you have it|what is it)",
    "can you (look up|find|check|recall) {n}",
    "(quick question|question|one thing|listen|say) what is {n}",
    "(i wonder|tell me|say|do you know) what {n} (is|was)",
    "what do you have (as|for) {n}",
    "(what about|how about|and) {n}",
    "i (forgot|can't recall|do not remember|lost|do not know) {n} [again|sorry]",
)
_ASK_CLAUSE = (
    "(do|would|could|can) you [happen to|still|perhaps] (know|remember|recall|tell me|say) {c}",
    "(tell|remind) me [please|once more|quickly|again] {c}",
    "i (forgot|can't recall|do not remember|don't know|have no idea|need to know|want to know|would like to know) {c}",
    "have i told you {c} [already|before]",
    "did i (say|mention|tell you) {c}",
    "(any idea|any clue|i wonder|please tell me|please say|so tell me|you know) {c}",
)


def _wrap(frames: Sequence[str], slot: str, inside: str) -> list[str]:
    return [frame.replace("{" + slot + "}", inside) for frame in frames]


def _widened(kind: Kind, tell: Sequence[str], frames: Sequence[str], ask: Sequence[str]) -> Kind:
    return replace(kind, tell=[*kind.tell, *tell, *frames], ask=[*kind.ask, *ask])


_MY_TELL = (
    "i (chose|picked|have|use|got|took|decided on|selected) {v} (as|for) my {k}", "{v} (it is|will be|should be|is what i have|is the one) for my {k}",
    "my {k} (equals|reads|turned out to be|became|changed to|stays|shall be) {v}", "{v} is (the|a) {k} of mine", "(enter|put|take|save|write|store) {v} (as|for|under) my {k}",
    "the {k} of mine is {v}", "(when i say|if i ask for|if i ask) my {k} (i mean|it is|say) {v}", "about my {k} it is {v}",
)  # fmt: skip
_MY_ASK = (
    "(what|which) (was|is) the {k} (of mine|that i told you|i gave you|i told you about)", "what did i (choose|pick|set|use|take|select) (as|for) my {k}", "how (was|is) my {k} [again]",
    "(what|which) {k} (is mine|was mine|have i got|did i choose|did i pick)",
)  # fmt: skip
_THING = "(my {k}|the {k} of mine|my own {k})"
_EN_MORE: Mapping[str, tuple[Sequence[str], str, Sequence[str], str, str]] = {
    # kind: other ways to tell, plain sentence for the frames, other ways to ask, noun, clause
    "name": (
        ("(everyone|everybody|people|they all) (knows me as|know me as|calls me|just says) {v}", "my (parents|family|colleagues|brothers) (call|named|know) me {v}", "you can (save|store|use|write down) my name as {v}", "i am (known|introduced|registered) as {v}",
         "{v} (is what they call me|is me|is who i am|at your service)", "(nice to meet you|pleased to meet you|good to meet you|hello there|good morning|good evening) (i am|i'm) {v}", "the person (speaking|talking) (is|to you is) {v}", "i (answer|listen) to [the name] {v}", "my given name is {v}", "you are (speaking with|speaking to|talking with) {v}"),
        "(my name is {v}|my first name is {v}|i am called {v}|they call me {v})",
        ("(which|what) name (do i have|is mine|did my parents give me|should you call me|do i go by)", "(did|do) you (save|store|note|write down|keep|forget) my name", "how (should|do|will|would) you (call|address|greet) me", "what (should|would|can|must) you call me", "to whom are you (talking|speaking)", "what do (people|my friends|my parents) call me", "guess (my name|who i am)", "do you know who (i am|this is|is talking to you)"),
        "(my name|my first name|the name of mine)", "(who i am|what i am called|what my name is|what they call me|how i am called)",
    ),
    "my": (_MY_TELL, "my {k} is {v}", _MY_ASK, _THING, "(what my {k} is|which {k} i have|what my {k} was)"),
    "code": (_MY_TELL, "my {k} is {v}", _MY_ASK, _THING, "(what my {k} is|which {k} i have|what my {k} was)"),
    "favourite": (
        (*_MY_TELL[:4], "nothing (beats|is better than) {v} as a {f}", "i am a [big] fan of {v} as a {f}", "when it comes to {f} i (like|love|prefer|choose|take) {v} [best]", "my number one {f} is {v}", "(if you ask me|for me|to me) the best {f} is {v}", "the best {f} (for me|of all|ever) is {v}", "{v} is the {f} i (like|love|prefer|enjoy) [best|most]"),
        "(my {k} is {v}|the {f} i like best is {v})",
        (*_MY_ASK, "(what|which) {f} (am i fond of|is the best for me|is my number one|would i choose|do i like more than others|do i like better than all others)", "what is the {f} i (like|love|prefer) [best|most]", "what is my (best|most loved|preferred|number one|dearest) {f}"),
        _THING, "(what my {k} is|which {f} i like [best|most]|what {f} i (love|prefer))",
    ),
    "person": (
        ("my {k} (is known|was introduced|is registered) as {v}", "(meet|this is|here is) my {k} {v}", "(everybody|everyone|people|they all) call[s] my {k} {v}", "i (named|have named) my {k} {v}", "the nickname of (my|our) {k} is {v}", "i (live with|visited|met|love|saw|like) my {k} {v}", "(our|the) {k} is (called|named) {v}", "{v} is (what|how) (my|our) {k} is called", "(there is|i also have|we have) a {k} (called|named) {v}", "as for my {k} (she is|he is|it is) (called|named) {v}"),
        "(my {k} is called {v}|my {k}'s name is {v}|my {k} is named {v}|the name of my {k} is {v})",
        ("(who|what) is my {k} (called|named) [again]", "(say|repeat|spell) (the name of my {k}|my {k}'s name)", "(what|which) name did my {k} (get|have)", "what (should|shall|can) i call my {k}", "who did i say my {k} is", "what is the {k}'s name", "how (do|did) (i|we) call my {k}", "what is that {k} of mine called"),
        "(my {k}'s name|the name of my {k})", "(what my {k} is called|who my {k} is|what my {k}'s name is|how my {k} is called)",
    ),
    "city": (
        ("(i|we) (have|own|rent|got|bought|share) (a|an|the) [small|big|nice|little|new] (flat|house|apartment|home|room|place|studio|cottage) in {v}", "(i|we) (come|are|am|hail) from {v}", "(i|we) (settled|reside|dwell|am staying|have lived for years|spend my life|grew up and live|found a home) in {v}", "{v} is (my home|home for me|my city|the city where i live|the town i live in|where we live|my town)", "my (flat|apartment|place|address|family) is in {v}", "i have my (home|flat|house) in {v}", "(my|our) new home is {v}"),
        "(i live in {v}|my home is in {v}|i am at home in {v})",
        ("(what|which) (city|town|place) (am i living in|is my home|do i come from|am i from|do i call home|is home for me|did i move to)", "where (am i from|is my flat|is my apartment|is my place|am i living|do i reside|do we live|am i at home|is home|did i move)", "what is the (city|town|place) (i live in|where i live|of my home)", "in (which|what) (city|town|place) (is my home|am i living|do we live|is my flat|is my house)"),
        "(my city|my town|my home town|the city i live in|the place i live in|the town where i live)", "(where i live|which city i live in|where my home is|where i am at home|where my flat is|which town i live in|where we live)",
    ),
    "job": (
        ("i (earn my living|make my money|spend my days|make a living) as a {v}", "my (occupation|trade|current job|day job|new job|calling) is {v}", "i (got|took|started|found|have) a (new job|post|position) as a {v}", "(at work|professionally|in my job) i am a {v}", "i (am employed|was hired|am paid|serve|still work) as a {v}", "{v} is (my job|my profession|what i do for a living)"),
        "(i work as a {v}|my job is {v}|i have a job as a {v})",
        ("what (is|was) my (occupation|trade|current job|day job|line of work|calling|position)", "how do i (earn|make) (my money|my living|a living)", "what kind of (job|work|profession) do i (have|do)", "what (am i employed as|was i hired as|do they pay me for|am i by profession|do i do all day at work)"),
        "(my job|my profession|my work|my occupation)", "(what i work as|what my job is|what i do for a living|which job i have|what my profession is)",
    ),
    "age": (
        ("i am (now|already|about|only|exactly) {v} years old", "i have (reached|hit) the age of {v}", "(last week|last month|yesterday|this year) i turned {v}", "i (became|got to be) {v} years old [this year]", "the number of my years is {v}", "(my age in years|the age i have) is {v}"),
        "(i am {v} years old|my age is {v})",
        ("(can you guess|guess) how old i am", "how many years (do i have|have i lived|am i old|have i got)", "at what age am i [now]", "(what|which) (age|number of years) (have i|do i have)", "how old (did i say i am|was i again|have i become)"),
        "(my age|the age of mine|the number of my years)", "(how old i am|what age i am|what my age is|how many years old i am)",
    ),
    "object": (
        ("i (dropped|forgot|parked|laid|set|threw|tucked away|moved|saw|last had|last saw|put down) (my|the) {k} {v}", "the place of (my|the) {k} is {v}", "(look for|search for) (my|the) {k} {v}", "(my|the) {k} (should be|must be|was|is always|is now|has its place|belongs|is lying|is hidden) {v}", "i always (keep|put|leave) (my|the) {k} {v}", "{v} (there is|lies|you find|i put|i left) (my|the) {k}"),
        "(my {k} is {v}|the {k} is {v}|i put my {k} {v}|i left my {k} {v})",
        ("where (have|had) i (put|left|placed|hidden|kept|laid) (my|the) {k}", "where (might|could|should|can|must|would) (my|the) {k} be", "what (have i done|did i do) with (my|the) {k}", "i am (looking|searching) for (my|the) {k}", "(in which|at which|in what) place (is|did i put) (my|the) {k}", "(my|the) {k} (where is it|is gone|is missing|is lost) [where is it]", "which place did i (tell you|give you|say) for (my|the) {k}"),
        "(the place of my {k}|the place of the {k})", "(where my {k} is|where the {k} is|where i put my {k}|where i left the {k}|where to find my {k}|where to look for my {k})",
    ),
    "objects": (
        ("i (dropped|forgot|laid|set|threw|tucked away|moved|saw|last had|last saw|put down) (my|the) {k} {v}", "the place of (my|the) {k} is {v}", "(look for|search for) (my|the) {k} {v}", "(my|the) {k} (should be|must be|were|are always|are now|have their place|belong|are lying|are hidden) {v}", "i always (keep|put|leave) (my|the) {k} {v}"),
        "(my {k} are {v}|the {k} are {v}|i put my {k} {v}|i left my {k} {v})",
        ("where (have|had) i (put|left|placed|hidden|kept|laid) (my|the) {k}", "where (might|could|should|can|must|would) (my|the) {k} be", "what (have i done|did i do) with (my|the) {k}", "i am (looking|searching) for (my|the) {k}", "(my|the) {k} (where are they|are gone|are missing|are lost) [where are they]", "which place did i (tell you|give you|say) for (my|the) {k}"),
        "(the place of my {k}|the place of the {k})", "(where my {k} are|where the {k} are|where i put my {k}|where i left the {k}|where to find my {k}|where to look for my {k})",
    ),
    "event": (
        ("(i am going to|i will go to|i must go to|i have to go to|we go to|i go to) (the|my|a) {k} {v}", "(my|the) {k} (comes|is coming|is planned|is scheduled|is due|is booked|will be|will start|is going to be) {v}", "they (set|put|planned|moved) (my|the) {k} {v}", "{v} is (my|the) {k}", "i (booked|planned|made|got|arranged) (a|my|the) {k} {v}", "{v} (there is|we have|comes) (my|the|a) {k}", "(expect|note) (my|the) {k} {v}"),
        "(my {k} is {v}|i have a {k} {v}|the {k} is {v}|there is a {k} {v})",
        ("(what|which) (day|time|date|hour) (is|was|will be) (my|the) {k}", "when (will|should|must|do|can) i (go to|be at|have|leave for) (my|the) {k}", "when (will|should) (my|the) {k} (be|start|begin|happen)", "on (which|what) day is (my|the) {k}", "when (did they plan|have they set|did i book|did i plan) (my|the) {k}", "how soon is (my|the) {k}"),
        "(the time of my {k}|the date of my {k}|the day of my {k})", "(when my {k} is|when i have my {k}|when the {k} is|when the {k} starts|what time my {k} is|which day my {k} is)",
    ),
}  # fmt: skip

_ZH_TELL = (
    "[请|麻烦|拜托][你](记住|记一下|记好|记着|记下来|别忘了|不要忘记|保存一下){s}", "(能不能|可以|能|麻烦你)[帮我](记住|记一下|记下){s}[吗|好吗]", "(告诉你|跟你说|我想说|我想告诉你|顺便说|对了|还有|另外|听我说|你知道吗|提醒一下){s}", "{s}(记住了吗|要记住|别忘了|你记一下|帮我记住|知道了吗)", "我(要|想|得)(告诉你|跟你说|说一下){s}", "(为了以后|以备后用|给你个信息){s}",
)  # fmt: skip
_ZH_ASK = (
    "你[还|现在还](记得|知道|记着|想得起来|记住了){c}[吗|不]", "[请|麻烦|拜托][你](告诉我|说一下|说说|提醒我|再说一遍|讲一下|回答我){c}", "(能不能|可以|能|可不可以)(告诉我|说一下|提醒我|再说一次){c}[吗]", "我(忘了|忘记了|想不起来|记不清|记不得|不记得|想知道|想问){c}", "我(有没有|是不是)(说过|告诉过你|跟你说过){c}", "(请问|我问你|问一下|那么|那|你说|猜猜|看看){c}", "{c}(你知道吗|你记得吗|你还记得吗|是吧|来着|告诉我|说一下|我忘了)",
)  # fmt: skip
_ZH_MORE: Mapping[str, tuple[Sequence[str], str, Sequence[str], str]] = {
    # kind: other ways to tell, plain sentence for the frames, other ways to ask, clause for the frames
    "name": (("(人家|同学|同事|家人|邻居)[都](叫|喊|称呼)我{v}", "你(可以|就|以后)(叫|称呼|喊)我{v}", "(在跟你说话的|跟你说话的人|我本人)(是|叫){v}", "我的(姓名|名字)(叫做|就是|写作){v}", "(很高兴认识你|初次见面|幸会)我(叫|是){v}"), "(我叫{v}|我的名字是{v}|我的名字叫{v})", ("我(姓什么叫什么|该叫什么|到底叫什么|姓甚名谁)", "你(会|要|打算)(怎么叫我|怎么称呼我|叫我什么)", "(别人|大家|同学)叫我什么", "知道我是谁吗", "(在跟你说话的|现在说话的)是谁"), "(我叫什么|我的名字|我是谁|我叫什么名字|我的名字是什么)"),
    "my": (("我(选了|用的是|定了|选的是|换成了){v}(做|当|作为)我的{k}", "我的{k}(变成|换成|改成|定为|写的是)[了]{v}", "{v}(就是|才是|当作|作为)我的{k}", "我(那个|这个){k}是{v}"), "(我的{k}是{v}|我{k}是{v})", ("我的{k}[究竟|到底]是(什么|多少|啥)", "我(选了|用的|定的)(什么|哪个){k}", "我(那个|这个){k}是(什么|多少|啥)"), "(我的{k}|我的{k}是什么|我的{k}是多少|我{k}是什么)"),
    "favourite": (("(说到|谈到|要说){f}我[最](喜欢|爱){v}", "{v}是我[最](爱|喜欢|中意)的{f}", "(对我来说|我觉得)最好的{f}是{v}", "没有比{v}更好的{f}了"), "(我的{k}是{v}|我最喜欢的{f}是{v})", ("我(偏爱|中意|爱)(什么|哪个|哪种){f}", "(什么|哪个|哪种){f}我最(喜欢|爱)", "我觉得最好的{f}是(什么|哪个)"), "(我的{k}|我最喜欢的{f}是什么|我最爱的{f}|我喜欢什么{f})"),
    "person": (("(大家|我们|家里人)[都](叫|喊|管)我[的]{k}{v}", "我[的]{k}(名字就是|取名|的名字写作|被叫做){v}", "(这是|见见|这就是)我[的]{k}{v}", "我给我[的]{k}(取名|起名)[叫]{v}", "{v}(就是|也是)我[的]{k}"), "(我的{k}叫{v}|我{k}叫{v}|我的{k}的名字是{v})", ("我[的]{k}(姓什么叫什么|到底叫什么|的姓名是什么)", "(怎么|该怎么)称呼我[的]{k}", "谁是我[的]{k}", "我(管|给)我[的]{k}(叫什么|起了什么名字)"), "(我的{k}叫什么|我{k}叫什么名字|我的{k}的名字|我的{k}是谁)"),
    "city": (("(我|我们)(在|住在){v}(有一套房子|有个家|买了房|租了房|定居|安了家)", "我(来自|的家就在|的房子在|家就住在|的住处在){v}", "{v}是(我的家|我家|我家所在地|我的城市)", "我的(地址|住址|家)在{v}"), "(我住在{v}|我家在{v}|我住{v})", ("我(来自|定居在)(哪里|哪个城市|哪儿)", "(哪里|哪个城市)是我的家", "我的(地址|住址|房子)在(哪|哪里|哪儿)", "我们住(哪|哪里|在哪)", "我搬到(哪|哪里)了"), "(我住在哪里|我住哪|我家在哪里|我住在哪个城市|我的城市)"),
    "job": (("我(目前|平时|一直)(是|做|当)[一名|个]{v}", "我的(本职|行业|岗位|身份)是{v}", "我(以|靠)做{v}(为生|谋生|赚钱)", "我(找到|得到)了{v}的工作", "我(上班|工作)是(做|当){v}[的]"), "(我是一名{v}|我的工作是{v}|我的职业是{v})", ("我(靠什么|以什么)(赚钱|谋生|为生)", "我的(本职|行业|岗位)是什么", "我(是|当)(什么|啥)(职业|工作)[的]", "我上班(做|干)什么", "什么是我的(工作|职业)"), "(我的工作|我做什么工作|我是做什么的|我的职业是什么)"),
    "age": (("我(到|过完|过了)今年{v}岁[了]", "我的(岁数|年纪)是{v}岁", "我(活了|已经活了|长到){v}岁[了]", "我{v}岁(生日刚过|刚过生日)"), "(我{v}岁|我今年{v}岁|我的年龄是{v}岁)", ("我(活了多少年|有多少岁|到底几岁)[了]", "(猜猜|算算|说说)我(几岁|多大)", "我(什么|多大)(年纪|岁数|年龄)[了]"), "(我多大|我几岁|我的年龄|我今年几岁|我多少岁)"),
    "object": (("我把[我的]{k}(塞在|搁|存在|挂在|摆在|丢在|忘|塞){v}[了]", "[我的]{k}(应该|一定|现在|总是|正)在{v}", "去{v}(找|拿)[我的]{k}", "{v}(放着|有|摆着)[我的]{k}", "我[总是|一直]把{k}放{v}"), "(我的{k}在{v}|我把{k}放在{v}|{k}在{v})", ("[我的]{k}(跑哪去了|丢哪了|会在哪|可能在哪里|放什么地方了|在啥地方)", "我(什么地方|哪里)放了{k}", "我在找[我的]{k}", "[我的]{k}(不见了|没了|丢了)[在哪]", "去哪(找|拿)[我的]{k}"), "(我的{k}在哪里|{k}在哪|我把{k}放哪了|{k}放在哪里)"),
    "event": (("(我们|我)(约好|说好|定好|订了){v}[有|的]{k}", "[我的]{k}(时间是|计划在|排在|要到|会在|从){v}[开始]", "{v}(是|要去|得去|参加)[我的]{k}", "[我的]{k}(推到|提前到|挪到){v}"), "(我的{k}是{v}|我{v}有{k}|{k}在{v})", ("[我的]{k}(的时间|的日子|的日期)是(什么时候|哪天|几点)", "(哪天|几点|什么时候)(是|去|参加)[我的]{k}", "[我的]{k}(什么时间|几时|哪一天)[开始]", "我该(什么时候|几点)去{k}"), "(我的{k}是什么时候|{k}是哪天|我什么时候有{k}|{k}几点开始)"),
}  # fmt: skip


def _en(kind: str) -> Kind:
    tell, plain, ask, noun, clause = _EN_MORE[kind]
    asks = [*ask, *_wrap(_ASK_NOUN, "n", noun), *_wrap(_ASK_CLAUSE, "c", clause)]
    return _widened(llm_facts_text.EN[kind], tell, _wrap(_TELL, "s", plain), asks)


def _zh(kind: str) -> Kind:
    tell, plain, ask, clause = _ZH_MORE[kind if kind in _ZH_MORE else "my"]
    return _widened(llm_facts_zh.ZH[kind], tell, _wrap(_ZH_TELL, "s", plain), [*ask, *_wrap(_ZH_ASK, "c", clause)])


EN: dict[str, Kind] = {kind: _en(kind) for kind in llm_facts_text.EN}
ZH: dict[str, Kind] = {kind: _zh(kind) for kind in llm_facts_zh.ZH}
