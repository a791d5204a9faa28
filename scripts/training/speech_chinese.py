# ruff: noqa: E501 (tables of phrases)
"""Mandarin sentences for the recogniser's language model and its training speech, out of every source there is.

Rules: simplified characters, words apart by one space (`words_pinyin`); `DEV` and `TEST` are among no source. The same generator
state gives the same sentence. Patterns as in `llm_grammar`; `{n}` a number, `{c}` one before a measure word, `{t}` a time of day.
"""

import random
import re
from collections.abc import Iterator, Sequence

from assistant.languages import language
from scripts.training import llm_words, speech_dialogue, words_pinyin
from scripts.training.llm_grammar import expand
from scripts.training.speech_intents import Commands
from scripts.training.words_chinese import SLOTS, clock, counted, number

Rng = random.Random

COMMANDS = (
    "停", "停", "停", "停止", "停止", "停止", "停下", "停一下", "取消", "取消", "取消", "是", "是", "是的", "不", "不", "不", "不是", "不要", "不用", "好", "好的", "对", "不对", "没错", "行", "可以", "不行", "不可以",
    "小助手", "小助手", "小助手", "小助手", "小助手", "暂停", "暂停", "继续", "继续播放", "下一首", "上一首", "下一个", "上一个", "换一首", "大声点", "小声点", "大一点", "小一点", "亮一点", "暗一点", "快一点", "慢一点", "高一点", "低一点", "热一点", "冷一点",
    "静音", "取消静音", "闭嘴", "安静", "别说了", "够了", "算了", "没事了", "帮助", "帮帮我", "再说一遍", "重复一遍", "再说一次", "什么", "为什么", "谁", "哪里", "什么时候", "怎么样", "你好", "您好", "喂", "嗨", "早上好", "早安", "上午好", "中午好", "下午好", "晚上好", "晚安",
    "再见", "拜拜", "谢谢", "谢谢你", "不客气", "对不起", "没关系", "请", "等一下", "等等", "开始", "结束", "退出", "返回", "打开", "关闭", "关掉", "开灯", "开灯", "关灯", "关灯", "开门", "关门", "开窗", "关窗", "开空调", "关空调", "开电视", "关电视", "播放音乐", "放音乐", "音乐", "停止播放",
    "几点了", "现在几点", "今天几号", "今天星期几", "时间", "日期", "天气", "新闻", "笑话", "讲个笑话", "讲个故事", "唱首歌", "再来一个", "确定", "确认", "知道了", "明白了", "当然", "也许", "现在", "以后", "今天", "明天", "后天", "昨天", "左", "右", "上", "下", "开", "关",
    "零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "两", "一百", "十一", "十二", "二十", "三十", "五十", "一二三", "太好了", "很好", "真的吗", "是吗", "好吧", "嗯", "没有", "有", "够了", "你是谁", "你会什么", "调大音量", "调小音量", "音量大一点", "音量小一点",
)  # fmt: skip
_ASK = "[请|帮我|请帮我|麻烦你|能不能|可以|你能]"
TRAINING = (
    _ASK + "(打开|开启|关闭|关掉|关上|开一下|关一下)[所有|全部][{room}][的]{light}[吧|好吗|一下]", _ASK + "把[{room}][的|所有的]{light}(打开|关掉|关上|关了|关闭|调亮|调暗|调亮一点|调暗一点)[吧|好吗]", _ASK + "(打开|关闭|关掉|启动|开启)[{room}][的]{switch}[吧|好吗]", _ASK + "把[{room}][的]{switch}(打开|关掉|关上|关了|开一下)",
    "(开|关)[一下][{room}]{light}", "{room}(开灯|关灯)", "[把|将]{room}[的]{light}[亮度](调到|设为|调成|设成)百分之{n}", "[把]亮度(调到|设为|调成)[百分之]{n}", "{light}(亮|暗)(一点|一些)", "[把][{room}][的]{light}(变成|换成|调成|设为){colour}", "把[所有的](灯|灯光)都(打开|关掉|关了)", "(全部|都)(打开|关掉|关闭)", "{room}(的{light}|的{switch}|灯)(开着吗|关了吗|是开着的吗|关了没有|开了没有)",
    _ASK + "(打开|关上|拉开|拉上|关闭|升起|放下)[{room}][的]{cover}[吧|好吗]", "把[{room}][的]{cover}(打开|关上|拉开|拉上|关掉|开一半|打开一半)", "[{room}]{cover}(开着吗|关了吗|关好了吗)", "把{cover}(开到|调到)百分之{n}", _ASK + "(锁上|锁好|解锁|打开){lock}", "把{lock}(锁上|锁好|打开)", "{lock}(锁了吗|锁好了吗|锁着吗|开着吗)",
    "[把][{room}][的](空调|温度|暖气)(调到|设为|设到|调成|设成){n}度", "(空调|温度|暖气)(调高|调低|升高|降低)[一点|{c}度]", "把(空调|温度)(调高|调低)[一点|一些|{c}度]", "[把]空调(调到|切换到|设为|换成){mode}[模式]", "(现在|{room}|室内|外面|屋里)(温度|湿度|气温)(是多少|多少|怎么样)", "{room}(现在)(多少度|几度|冷不冷|热吗)", "(太|有点|好|很)(冷|热|亮|暗|吵|黑)了", "(把风扇|风扇)(调到|开到)(一|二|三|最大|最小|中)[档]", "(打开|开启|启动|执行|切换到|进入){scene}模式", "我要{scene}", "(扫地机器人|扫地机)(开始|去|停止|暂停|继续)(打扫|清扫|充电|扫地)[{room}]", "(打扫|清扫)[一下]{room}", "(有人|谁)在(家|{room}|门口)吗",
    _ASK + "(播放|放|来点|来一首|我想听|听|放一首|放点){music}", "在{room}(播放|放){music}", "(播放|放|我想听|来一首)周杰伦的歌", "(暂停|停止|继续|关掉|恢复)(播放|音乐|歌曲|电影|视频|广播)", "(下|上|换)一(首|曲|个)[歌]", "(跳过|重播|收藏|循环播放)(这首歌|这首|歌曲)", "[把](音量|声音)(调到|设为|调成|开到)[百分之]{n}", "[把](音量|声音)(调大|调小|调高|调低|放大|减小|开大|关小)[一点|一些]", "(音量|声音)(大|小)(一点|一些|点)", "(大|小)(声|点声)[一点|点]", "把(电视|音箱)(静音|声音关掉|声音调小)", "这首歌(叫什么|是谁唱的|的名字是什么)",
    _ASK + "(设|定|设置|开始|设一个|定一个|来个|设定)[一个|个]{c}{unit}[的](计时器|倒计时|定时器|定时|计时)", "(设|定|设置)[一个|个]{timer}计时器{c}分钟", "(倒计时|计时|定时){c}{unit}", "{c}(个半小时|个小时|分半钟|分钟|小时)后(提醒我|叫我|告诉我){task}", "(取消|停止|暂停|继续|关掉|删除)(计时器|倒计时|所有计时器|定时器|计时|{c}分钟的计时器)", "(计时器|倒计时)还(剩|有)(多长时间|多久|几分钟|多少时间)", "还(剩|有)(多长时间|多久|几分钟|多少)", "给计时器(加|减){c}分钟", "(有|现在有)几个计时器",
    _ASK + "(设|定|设置|设个|定个)[一个|个][{day}|每天|{weekday}][{part}]{t}[的]闹钟", "[{day}|每天|{weekday}][{part}]{t}(叫我|叫醒我|叫我起床|提醒我{task}|有{event})", "(取消|关掉|停止|删除|关闭)[{day}|所有|{t}][的]闹钟", "(闹钟|下一个闹钟)(是几点|几点响|设好了吗)", "再睡{c}分钟", "(提醒我|记得|别忘了)[{day}|{weekday}|{part}]{task}", "[{day}][{part}]提醒我{task}", "我(有|设了)(什么|几个|哪些)(提醒|闹钟)",
    _ASK + "(把{grocery}|把{grocery}和{grocery})(加到|添加到|加入|放到|写到|加进){list}[里|上|中]", "(在|往){list}(里|上|中)(加|添加|加上|记上|写上){grocery}", "(我要|要|想)(买|添){grocery}[和{grocery}]", "{list}[上|里](有什么|有哪些|还有什么|有没有{grocery})", "(从|把){list}(里|上)(删除|去掉|划掉){grocery}", "(清空|读一下|念一下|打开|看看){list}", "{grocery}(买好了|买了|已经买了)", "把{task}(加到|加入|写进){list}[里]",
    "(今天|明天|后天|现在|{weekday}|周末|{city}|{city}明天|{city}今天)[的]天气(怎么样|如何|好吗|预报)", "(今天|明天|后天|今晚|{weekday}|{city})(会|要)(下雨|{weather})吗", "(明天|今天|外面|{city})(冷|热|凉快)(吗|不冷)", "(现在|请问现在|告诉我)(几点|几点了|是几点|几点钟|的时间)", "(今天|明天|昨天)是(几号|星期几|几月几号|什么日子|周几)", "今天(几号|星期几|几月几号|周几)", "(一|二|三|四|五|六|七|八|九|十|十一|十二)月{n}号(是星期几|是什么日子)", "现在是{part}{t}", "{t}", "{part}{t}", "{n}", "{n}{n}", "百分之{n}", "{c}{unit}", "{n}度", "{weekday}[{part}]", "{day}{part}",
    "{n}(加|减|乘|乘以|除以){n}(是多少|等于几|等于多少|得多少)", "[请|帮我](算|算一下|计算)[一下]{n}(加|减|乘以|除以){n}", "{country}的首都(是哪里|是什么|在哪|是哪个城市)", "{city}(在哪里|在哪个国家|有多大|好玩吗|有什么好吃的)", "从{city}到{city}(有多远|多远|要多久)", "{animal}(吃什么|会飞吗|有几条腿|住在哪里|怎么叫)", "(怎么|如何)(做|煮|炒|烤){food}", "{kin}(在哪里|在家吗|几点回来|的电话是多少)", "(给|打给){kin}打[个]电话", "给{kin}(发消息|发短信|发信息)[说(我到家了|吃饭了|我晚点回来)]", "(广播|通知大家|告诉大家)(吃饭了|该睡觉了|我到家了|准备出发|晚饭好了)",
    "我(叫|是|的名字叫){name}", "你好我(叫|是){name}", "(你好|喂|嗨|早上好|晚上好|小助手)[小助手|{name}]", "小助手(你好|停|停止|{t}叫我|打开{light}|关灯|开灯|几点了|现在几点|今天几号|播放音乐|取消|在吗)", "(你|你们)(是谁|叫什么|叫什么名字|会做什么|能做什么|会什么|多大了|在哪里|好吗|在吗)", "(我|他|她|你)(喜欢|爱|不喜欢|想吃|想喝|想要)({food}|{drink}|{sport}|{animal}|{music})[和{food}]", "我(想|要|不想|可以|需要)(吃|喝|买|做)({food}|{drink}|{grocery})", "我(住在|家在|来自|去过|想去){city}", "我(是|想当|不是)(一个|一名){job}", "我{n}岁[了]", "我的{object}在(哪里|哪|{place}|{place}里|{place}上)", "我把{object}(放在|忘在){place}[里|上]了", "我(有|养了)(一只|两只|一条|三个)({animal}|{kin})", "我[的]{kin}(叫|是)({name}|{job})", "我{kin}的(生日|名字|电话|工作)是(什么|{weekday}|{name}|{job})", "{event}(是什么时候|在{weekday}|几点开始|改到{weekday}{t})", "(记住|请记住|帮我记住)(我叫{name}|我喜欢{food}|{event}在{weekday}|密码是{n})", "你(还)(记得我|记得我的名字|知道我是谁)吗", "(讲|说|来)(个|一个)(笑话|故事|谜语)[吧|给我听]", "(停|停止|取消|好了|别说了|安静|闭嘴|算了)[吧|谢谢]", "(谢谢|再见|晚安|好的|对|是的|不是|不用了)[小助手|你|谢谢]", "(这|那|他|她|它)(是|不是)(什么|谁|我的{object}|我{kin}|{food}|{colour}的)", "{object}和{object}", "{food}还是{food}", "{place}里有{object}", "{colour}的{object}", "(我们|你们|他们)(去|在|来)({city}|{place}|{room})(吃饭|玩|工作|看电影|睡觉)[吧|吗]", "{name}[和{name}](在|去|来)({city}|{room}|{place})", "{misc}{misc}", "{misc}的{misc}", "(有|没有|是|在|要|去|看|找|用|给我){misc}[吗|了|吧]", "{misc}(很好|在哪|怎么办|多少钱|不见了|坏了|真好看)",
)  # fmt: skip
FRAMES = (
    "[请|你|我|他|现在|快|麻烦你]把(我|你|他|她|它|我们|{misc}|{room}的{misc}|{object}|{switch})(放|拿|送|带|关|开|叫|弄|搬|写|拉|推|锁|洗|调|变|吵|忘|记)(好|到{room}|到{place}|给我|给{kin}|上|下来|出去|进来|醒|走|开|成{colour}|在{place}|了)", "[请|你|我]把{misc}(弄|调|变|开|改)到{n}(度|分|号)", "把(我|他|孩子|大家)(叫醒|叫来|叫走|送回家|带去{city})",
    "(再|还|又)(大|小|高|低|快|慢|多|少|亮|暗|冷|热|远|近)(一点|一些|点)", "[请|你](再|又|还)(写|买|说|来|加|放|唱|讲|看|听|做|给我|找|试|问|打)(一个|一次|一下|一遍|点|{misc}|一个{grocery})", "(现在|刚才|今天)(再|还)(有|要|来|去|是)[{misc}]", "(在|正在)(哪里|家|{room}|{place}|{city})(吃饭|看书|写|说话|做{food}|听{music})",
    "({weekday}|{day}|我生日|开会|考试|下雨)(那天|这天|那一天)(我|你|会|有|是|去|要)[{misc}]", "(那|这)(天|个|些|位|次|里|边)(是|有|很|会|在|没有|不){misc}", "(你|他|明天|今天|那天|{kin})(会|能|要|想|去|可|有|是|行)不(会|能|要|想|去|是)[{misc}]", "(会不会|能不能|要不要|是不是|有没有|可不可以|想不想|对不对|行不行|好不好)({weather}|来|去|有{misc}|{misc}|做{food})",
    "(大家|我们|他们|灯|窗户|{misc}|{cover})都(是|有|要|来|去|叫我|关上|打开|锁好|不|很好|会|在|知道|说|{misc})", "(到|从)(家|{city}|{place}|{room}|{part}|{t})(来|去|了|开始|就走)", "请(记|等|说|写|问|看|听|坐|来|进|让|给|开|关|帮忙|记住|记下|注意)(一下|一会|我|他|{misc}|吧)", "(门铃|电话|闹钟|铃|手机|音乐)响(了|一下|一次|了吗|起来|一会)", "(想|响|向|像)(一下|一想|前走|你|我{kin}|{misc})", "(响|叫|等|停|看|听|想|试|问|帮|走|坐)一(下|会|声)[吧|好吗]",
    "(听|看|睡|等|玩|坐|走|说|休息)一会[{misc}]", "(屋里|屋子里|房间里|家里|外面|这里)(有|太|很|弄|变|是|没有|真)({misc}|热|冷|黑|亮|吵|干净)", "(有|太|真|很|非常|特别|更|最|比较|稍微)(点|一点)?(大|小|高|低|快|慢|吵|亮|暗|远|忙|累|冷|热)[了|的]".replace("(点|一点)?", "[点]"), "(加|减)(起来|上去|在一起|下来)(是|有|等于)多少", "{n}(和|跟|与|加|减){n}(是|等于|一共是|合起来是)(多少|几)", "(这|那|刚才)(句|首|个|本|件|条|张)(话|歌|书|事|路|{misc})(我|很|是|没|不|好)(没听|没看|喜欢|懂|长|听|看)[到|见|完|清楚]",
    "(管|叫|把|给|跟|对|和|问|让)(我|他|你|{kin})(叫|说|讲|打|做|看|要)({name}|什么|一下|{misc})", "(他|她|我|你|{name})(就|才|也|都|还|又|再|只)(是|有|会|要|能|去|来|说|想|叫){misc}", "(因为|所以|但是|如果|虽然|然后|不过|而且)(我|你|他|天气|{misc})(很|会|要|是|不|没有|想)({misc}|好|忙|去|来)", "(能|可以|请)(告诉|给|帮|教|问)(我|他|{kin})[一下](怎么|什么|哪里|{misc}|名字|{country}的{misc})", "{misc}(的|和|在|是|有|跟){misc}(的|在|是|了|吗){misc}",
)  # fmt: skip
"""For the language model alone: common words beside any others, so that what sounds alike (把 and 八, 再 and 在) is told apart."""
DEV = (
    "我想把{room}{light}开着", "让{room}亮一点好吗", "{room}太黑了开个灯吧", "帮忙把{cover}都关上可以吗", "{c}分钟以后响一下", "麻烦{t}把我叫醒", "我想听一会{music}", "声音有点小再大一些", "清单上再写一个{grocery}",
    "能告诉我{country}首都的名字吗", "我的名字是{name}请记一下", "{weekday}那天会不会{weather}", "{n}和{n}加起来是多少", "外面现在有多少度", "刚才那句我没听到再讲一次", "大家都管我叫{name}", "把屋里弄到{n}度", "我家{kin}今年{n}岁",
)  # fmt: skip
TEST = (
    "我要{room}的{light}亮起来", "{room}那个{light}不用了关掉它", "给我一个{c}分钟的倒数", "{day}早上{t}记得喊我起来", "把{room}的{switch}给停了", "请让{cover}开到一半", "屋子里太热了降两度", "亮度改成百分之{n}就行", "能放一些{music}给我听吗", "这个声音太大了轻一点", "不想听这首了下一首吧",
    "再添一样{grocery}到{list}里面", "我还需要买什么东西", "{city}{day}冷还是热", "{day}出门要不要带雨伞", "你知道{country}的首都在哪里吗", "请问{n}乘{n}得几", "别人都叫我{name}", "我最爱吃的是{food}", "我{kin}住在{city}", "{object}被我放到{place}里了", "我那个{object}放哪里了", "你能不能记住我叫什么", "跟我说个好笑的事", "今天到底是星期几呀", "那个闹钟不要了", "还要等多久才到时间", "{room}门锁上没有", "帮我喊一下大家吃饭", "晚上{t}开始{event}",
)  # fmt: skip
_SPOKEN_PERCENT = re.compile(r"(?<!百分之)([零一二三四五六七八九十百]+)%")


def sentences(rng: Rng) -> Iterator[str]:
    """Sentences without end."""
    sources: Sequence[tuple[float, Iterator[str]]] = (
        (0.46, of(TRAINING, rng)),
        (0.18, speech_dialogue.sentences("zh", number, rng)),
        (0.18, _commands(rng)),
        (0.18, _short(rng)),
    )
    weights = [weight for weight, _ in sources]
    while True:
        text = _SPOKEN_PERCENT.sub(r"百分之\1", next(rng.choices([source for _, source in sources], weights)[0]))
        text = re.sub(r"(?<=[一-鿿])%", "", text).replace(" ", "")
        if text and re.fullmatch(r"[一-鿿]+", text):
            yield " ".join(words_pinyin.words(text))


def of(patterns: Sequence[str], rng: Rng) -> Iterator[str]:
    """Sentences of randomly chosen patterns, not yet cut into words."""
    made = {"n": number, "c": counted, "t": clock, "misc": _anything}

    def slot(match: re.Match[str]) -> str:
        name = match.group(1)
        return made[name](rng) if name in made else rng.choice(SLOTS[name])

    while True:
        yield re.sub(r"\{(\w+)\}", slot, expand(rng.choice(patterns), rng))


def frames(rng: Rng) -> Iterator[str]:
    """Sentences of `FRAMES` without end."""
    for text in of(FRAMES, rng):
        if re.fullmatch(r"[一-鿿]+", text):
            yield " ".join(words_pinyin.words(text))


def characters() -> list[str]:
    """Single characters that the recogniser knows besides its words, so that free talk can be spelt."""
    return sorted(set(llm_words.CHARACTERS))


def _anything(rng: Rng) -> str:
    return rng.choice(SLOTS[rng.choice(list(SLOTS))]) if rng.random() < 0.6 else rng.choice(_free_words())


def _free_words() -> Sequence[str]:
    return llm_words.CHARACTERS


def _short(rng: Rng) -> Iterator[str]:
    """What is said alone."""
    slots = [word for words in SLOTS.values() for word in words]
    while True:
        dice = rng.random()
        yield rng.choice(COMMANDS) if dice < 0.75 else number(rng) if dice < 0.85 else rng.choice(slots)


def _commands(rng: Rng) -> Iterator[str]:
    spoken = language("zh")
    slots = {
        "area": [*spoken.rooms, *SLOTS["room"]],
        "floor": ["一楼", "二楼", "三楼", "楼上", "楼下"],
        "name": [*spoken.things, *(f"{room}{thing}" for room in spoken.rooms for thing in spoken.things[:12])],
        "timer_name": SLOTS["timer"],
        "shopping_list_item": SLOTS["grocery"],
        "todo_list_item": [*SLOTS["task"], *SLOTS["grocery"]],
        "timer_command": [f"{way}{thing}" for way in ("打开", "关闭") for thing in SLOTS["light"]],
        "search_query": SLOTS["music"],
        "message": ["吃饭了", "我到家了", "该睡觉了", "准备出发"],
        "zone": ["家", "公司", "学校"],
        "*": [word for words in SLOTS.values() for word in words],
    }
    return Commands(spoken.intents, slots, number).sentences(rng)
