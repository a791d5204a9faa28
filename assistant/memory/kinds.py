"""Kinds of answers: what in a question asks for one, and what such an answer looks like (a price, a time, a number of something)."""

import re
from collections.abc import Callable

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBERS = {word: str(number) for number, word in enumerate(_ONES.split())} | {
    word: str(10 * tens) for tens, word in enumerate(_TENS.split(), 2)
}
_ZH_NUMBER = "0-9零一二两三四五六七八九十百千半"
_NUMBER = rf"(?:\d[\d.,:]*|{'|'.join(NUMBERS)}|half|hundred|dozen|no)"
_DATES = (r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekdays?|weekends?|daily|january|february|march|april|may|june|july|august|"
          r"september|october|november|december|first|second|third|fourth|fifth|sixth|seventh|last|noon|midnight|night|morning|afternoon|evening|after|before|if|during|every|once|while")  # fmt: skip
_SPANS = (rf"\b{_NUMBER}[ -](?:\w+ )?(?:second|minute|hour|day|week|month|year|term)s?\b|"
          rf"\b(?:{_NUMBER}|several) times\b|"
          r"\b(?:every|once|twice|daily|weekly|monthly|yearly|annually|always|permanently)\b|\b(?:until|from|by) \d")  # fmt: skip
_LENGTHS = (
    rf"{_NUMBER}[ -]?(?:mm|cm|km|m|(?:milli|centi|kilo)?met(?:re|er)s?|inch(?:es)?|feet|foot|yards?|miles?|stor(?:e?ys?|ies))\b"
)
_TITLES = "老师|阿姨|先生|女士|师傅|经理|主任|主管|校长|馆长|医生|小姐|叔叔|教授"
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"

# What asks for a kind of answer, and what such an answer looks like; the first that asks counts.
KINDS = {
    "en": (
        (r"\b(?:tele)?phone number|\bwhat number (?:do|should|can) i (?:call|dial)", r"\d[\d \-/()]{2,}\d"),
        (r"\bhow (?:much (?:is|are|does|do|did|for|will|would|must)|expensive)\b|\bwhat (?:do|does|will|must) .* (?:cost|pay)\b|\b(?:price|cost|fee) of\b",
         r"[€$£¥]|\b(?:euros?|dollars?|cents?|pounds?|cash|free of charge|no charge)\b|\b(?:is|are|for) free\b"),
        (r"\bnumber (?:of|for)\b|\bextension\b", r"\d"),
        (r"\b(?:what|which) colou?r\b", r"\b(?:black|white|red|green|blue|yellow|brown|grey|gray|orange|pink|purple|silver|gold|golden|beige)\b"),
        (r"\bhow (?:hot|warm|cold)\b|\b(?:what|which) temperature\b", r"\bdegrees?\b|°"),
        (r"\bhow (?:heavy)\b|\bhow much .*\bweigh", r"\b(?:kilo|kg|grams?|g|pounds?|tons?|tonnes?|weighs?)"),
        (r"\bhow (?:high|tall|deep|wide|close|near)\b", _LENGTHS),
        (r"\bhow (?:big|large)\b", rf"{_LENGTHS}|\b(?:square|litres?|liters?|[mgk]b|megabytes?|gigabytes?|sheets?|hectares?|acres?)\b"),
        (r"\bhow old\b|\b(?:what|which) age\b|\bwhat year\b", rf"{_NUMBER}[ -](?:\w+ )?years?|\bage|\b(?:19|20)\d\d\b"),
        (r"\bhow (?:fast|loud)\b|\bspeed\b", r"\bper (?:hour|minute|second)\b|\b(?:km/h|mph|mbit|decibels?|db|rpm)\b"),
        (r"\bhow long\b|\bhow far\b|\bhow (?:often|soon|quickly|early|late)\b", rf"{_SPANS}|{_LENGTHS}"),
        (r"\b(?:when|what time|(?:which|what) (?:week)?day|until what|which month)\b", rf"\d|\b{_NUMBER} o'clock|\b(?:{_DATES})\b|{_SPANS}"),
        (r"\bhow (?:many|much)\b", rf"\b{_NUMBER}\b|\b(?:every|each|first|second|third|fourth|fifth|once|twice|nobody|none)\b"),
        (r"^who (?:is|are|was) (?:the|our|my|his|her)\b|\bwhat is .* (?:called|name)$|\bname of\b", r"(?-i:\b(?:Mr|Mrs|Ms|Dr)\b|(?<=[a-z,] )[A-Z][a-z]+|\b[A-Z][a-z]+ [A-Z][a-z]+)"),
    ),
    "zh": (
        ("电话.*(?:多少|几号|什么)|号码", "[0-9零一二三四五六七八九-]{5,}"),
        ("多少钱|价格|费用|多少元|几元|(?:赔|奖励|扣|付|罚).{0,3}多少|押金.*多少", f"[{_ZH_NUMBER}][元块角万]|免费|免收|免票|[{_ZH_NUMBER}]+元"),
        ("颜色", "[黑白红绿蓝黄棕灰橙粉紫银金]"),
        ("多高|多深|多宽|多远", f"[{_ZH_NUMBER}](?:毫米|厘米|公分|分米|米|公里|层)"),
        ("多重", f"[{_ZH_NUMBER}](?:公斤|千克|克|斤|吨)"),
        ("多大(?:年龄|年纪|岁|的)|几岁|年龄", f"[{_ZH_NUMBER}]+周?岁"),
        ("多大", f"[{_ZH_NUMBER}](?:毫米|厘米|公分|米|平|升|寸|号|岁|兆|公斤|亩)"),
        ("多热|多冷|温度|多少度", f"[{_ZH_NUMBER}]+(?:摄氏)?度"),
        ("多久|多长时间|多少时间", rf"[{_ZH_NUMBER}]+个?(?:秒|分钟|小时|天|日|周|星期|月|年|次|学期|工作日)|每|长期|永久"),
        ("多长", f"[{_ZH_NUMBER}](?:毫米|厘米|公分|米|公里)|[{_ZH_NUMBER}]个?(?:秒|分钟|小时|天|周|月|年)"),
        ("几点|什么时候|什么时间|何时|到什么时候", rf"[{_ZH_NUMBER}]+(?:点|月|年|日|号|天|周)|[周每]|星期|早上|上午|中午|下午|晚上|夜"),
        ("星期几|哪天|哪一天|周几", "周[一二三四五六日末]|星期|每天|[号日]"),
        ("哪一年|哪年", f"[{_ZH_NUMBER}]{{2,4}}年"),
        ("哪里|哪儿|在哪|什么地方|位置|地点", "[在到去往]|位于|[边侧角楼层室处旁站柜库厅口]|[前后里外上下]面"),
        ("几|多少", f"[{_ZH_NUMBER}]"),
        ("是谁|叫什么(?:名字)?$|姓什么", f"(?:{_TITLES})|(?:是|叫|由|找|联系)[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}(?:[，。、；）(]|$|主持|负责|担任|管理|保管)"),
    ),
}  # fmt: skip
_COUNTED = {"en": re.compile(r"\bhow many ((?:\w+ ){0,2}\w+)"), "zh": re.compile("(?:几|多少)([\u4e00-\u9fff])")}
_NO_MEASURE = frozenset("是钱的了在能可才呢和点号月时天年元岁")
"""What follows "how many" in Chinese and is no measure, or has a kind of its own in `KINDS`."""


def wanted(plain: str, code: str, standing_for: Callable[[str], list[str]]) -> re.Pattern[str] | None:
    """What an answer looks like: a number before what is counted, or else the kind that is asked for; None: anything.

    `standing_for` gives the beginnings of the words that may stand for a counted noun.
    """
    counted = _COUNTED[code].search(plain)
    if counted is not None and code == "zh" and counted[1] not in _NO_MEASURE:
        measure = next((alike for alike in ("楼层", "名位个人", "条只") if counted[1] in alike), counted[1])
        return re.compile(f"[{_ZH_NUMBER}]个?[{measure}]")
    if counted is not None and code == "en":
        nouns = sorted({word for noun in counted[1].split() if noun not in ("people", "persons") for word in standing_for(noun)})
        if nouns:
            between = rf"(?: (?!the |{_DATES})[\w-]+){{0,3}}?"
            return re.compile(rf"\b{_NUMBER}{between} (?:{'|'.join(map(re.escape, nouns))})", re.IGNORECASE)
    return next((re.compile(looks, re.IGNORECASE) for asks, looks in KINDS[code] if re.search(asks, plain)), None)
