"""Chinese: what numbers, units and signs sound like. Rules stand in the order in which they are applied.

Two things is 两 before a measure word, a unit of time or a big unit, and 二 in names, dates, decimals and behind 第.
"""

from datetime import date

from assistant.languages.drawings import rules
from assistant.languages.spelling import MOST_DIGITS, NUMBER, Match, Rule, alternatives, rule, speller

COMMA, STOP = "，", "。"
AT, DOT, DASH, UNDERSCORE, SLASH = "艾特", "点", "杠", "下划线", "斜杠"

_SI = {"": "", "n": "纳", "µ": "微", "μ": "微", "m": "毫", "k": "千", "M": "兆", "G": "吉", "T": "太"}
_BASES = {"m": "米", "l": "升", "L": "升", "W": "瓦", "Wh": "瓦时", "V": "伏", "A": "安", "Ah": "安时", "Hz": "赫兹", "Pa": "帕",
          "J": "焦", "N": "牛", "B": "字节", "bit": "比特", "s": "秒", "Ω": "欧", "g": "克", "bar": "巴", "cal": "卡",
          "bps": "比特每秒"}  # fmt: skip
_UNITS = {f"{short}{base}": f"{prefix}{name}" for base, name in _BASES.items() for short, prefix in _SI.items()} | {
    "km": "公里", "kg": "公斤", "cm": "厘米", "cl": "厘升", "°C": "摄氏度", "℃": "摄氏度", "°F": "华氏度", "℉": "华氏度", "°": "度",
    "h": "小时", "min": "分钟", "sec": "秒", "hPa": "百帕", "Nm": "牛米", "kNm": "千牛米", "Ncm": "牛厘米", "mph": "英里每小时", "ft": "英尺", "lb": "磅", "oz": "盎司",
    "mi": "英里", "dB": "分贝", "rpm": "转每分钟", "px": "像素", "KB": "千字节", "ppm": "ppm",
}  # fmt: skip
_UNIT = rf"(?:{alternatives(tuple(_UNITS))})"
_CHINESE_UNITS = "平方米|立方米|平方公里|公里|千米|厘米|毫米|公斤|千克|毫克|千瓦时|毫升|小时|分钟|元|块|度|米|克|升|吨|天|年|月|人|次|秒|千瓦|瓦"
_MONEY = {"$": "美元", "€": "欧元", "£": "英镑", "¥": "元", "￥": "元", "₹": "卢比", "₩": "韩元",
          "USD": "美元", "EUR": "欧元", "GBP": "英镑", "CNY": "元", "RMB": "元", "JPY": "日元"}  # fmt: skip
_SIGN = r"[$€£¥￥₹₩]"
_BIG = r"[千万亿]"
# What two things are 两 of: 两个, 两天, 两公里; not 二月, 二号, 二楼, 二度, 二级
_COUNTED = (
    "个|位|只|条|张|本|杯|瓶|种|台|辆|件|周|里|岁|口|家|层|颗|块|步|扇|节|遍|次|人|天|年|小时|分钟|秒|倍|份|把|双|对|棵|朵|头|匹|根|座|间|套|部|篇|"
    "句|段|名|门|场|片|滴|勺|碗|盘|盒|包|袋|箱|支|枝|盏|架|艘|道|项|组|批|元|块|公里|公斤|千克|千米|厘米|毫米|英里|英尺|米|克|升|毫升|吨|磅|"
    "斤|寸|尺|平方|立方|点|刻|晚|夜|千|万|亿|百万|站|圈|趟|顿|美元|欧元|英镑|字节|千瓦|瓦|伏|安"
)

_spell = speller("zh")


def digits(text: str, one: str = "一") -> str:
    """Digit by digit; in telephone numbers 1 is 幺."""
    return "".join(one if digit == "1" else _spell(int(digit)) for digit in text if digit.isdigit())


def amount(number: str) -> str:
    """A number with sign, thousands separators and decimals."""
    bare = number.replace(",", "")
    sign = "负" if bare[0] in "-−" else ""
    whole, _, part = bare.lstrip("-−").partition(".")
    named = len(whole) <= MOST_DIGITS and (len(whole) == 1 or whole[0] != "0")
    said = _spell(int(whole)) if named else digits(whole)
    if said[:1] == "二" and said[1:2] in ("千", "万", "亿"):
        said = f"两{said[1:]}"
    return sign + said + (f"点{digits(part)}" if part else "")


def counted(number: str) -> str:
    """A number before a measure word."""
    return "两" if number == "2" else amount(number)


def _tidy(number: str) -> str:
    """A price without the zeros behind it."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def _money(match: Match) -> str:
    sign = "负" if match["minus"] else ""
    name = _MONEY[match["sign"]]
    scale = match["scale"] or ""
    if match["to"]:
        return f"{sign}{counted(_tidy(match['n']))}到{counted(_tidy(match['to']))}{scale}{name}"
    return f"{sign}{counted(_tidy(match['n']))}{scale}{name}"


def _unit(match: Match) -> str:
    name = {"^2": "平方", "^3": "立方"}.get(match["power"] or "", "") + _UNITS[match["unit"]]
    number = match["n"]
    said = amount(number) if "度" in name else counted(number)
    if match["per"]:
        per = {"^2": "平方", "^3": "立方"}.get(match["square"] or "", "") + _PER.get(match["per"], match["per"])
        return f"{said}{name}每{amount(match['count']) if match['count'] else ''}{per}"
    return said + name


_PER = {**_UNITS, "d": "天"}


def _clock(hour: int, minute: int, second: str | None = None) -> str:
    said = f"{'两' if hour == 2 else _spell(hour)}点"
    if second:
        low = "零" if 0 < int(second) < 10 else ""
        return f"{said}{'零' if minute < 10 and minute else ''}{_spell(minute)}分{low}{_spell(int(second))}秒"
    return said + (f"{'零' if minute < 10 else ''}{_spell(minute)}分" if minute else "整")


def _time(match: Match) -> str:
    half = {"a": "上午", "p": "下午"}.get((match["half"] or "").lower(), "")
    said = _clock(int(match["h"]), int(match["m"]), match["s"])
    return half + (said.removesuffix("整") if match["to"] else said) + ("到" if match["to"] else "")


def _day(match: Match) -> str:
    try:
        when = date(int(match["y"]), int(match["mo"]), int(match["d"]))
    except ValueError:
        return match[0]
    return f"{digits(match['y'])}年{_spell(when.month)}月{_spell(when.day)}日"


def _phone(match: Match) -> str:
    plus = "加" if match[0].startswith("+") else ""
    groups = [group for group in "".join(c if c.isdigit() else " " for c in match[0]).split(" ") if group]
    if not 7 <= sum(map(len, groups)) <= 15:
        return match[0]
    return plus + "，".join(digits(group, "幺") for group in groups)


def _dotted(match: Match) -> str:
    return ("版本" if match["v"] else "") + "点".join(_spell(int(part)) for part in match["parts"].split("."))


def _sum(match: Match) -> str:
    said = match[0].replace(" ", "")
    for sign, word in (("+", "加"), ("-", "减"), ("−", "减"), ("–", "减"), ("*", "乘"), ("×", "乘"), ("x", "乘"), ("·", "乘"),
                       ("/", "除以"), ("÷", "除以")):  # fmt: skip
        said = said.replace(sign, word)
    return said


def _fraction(match: Match) -> str:
    if int(match[2]) == 0:
        return f"{_spell(int(match[1]))}除以零"
    return f"{_spell(int(match[2]))}分之{_spell(int(match[1]))}"


_N = rf"(?P<n>(?<![\w.])[-−]?{NUMBER}|(?<=[\u4e00-\u9fff])[-−]{NUMBER}|{NUMBER})"
_TO = r"\s?(?:[-–~～]|—{1,2})\s?"
RULES: tuple[Rule, ...] = (
    *rules({"pause": "，", "by": "乘", "plus": "正", "minus": "负", "diameter": "直径", "left": "，左旋", "speed": "转每分钟", "inches": "英寸"}),
    # dates and times
    rule(r"(?<!\d)(?P<y>\d{4})([-/.])(?P<mo>\d{1,2})\2(?P<d>\d{1,2})(?!\d)(?:T(?=\d\d:))?", _day),
    rule(rf"(?<!\d)(\d{{4}}){_TO}(\d{{4}})(?=年)", lambda m: f"{digits(m[1])}到{digits(m[2])}"),
    rule(r"(?<!\d)(\d{4})(?=年)", lambda m: digits(m[1])),
    rule(rf"(?P<h>\b[01]?\d|\b2[0-4]|(?<=[\u4e00-\u9fff])(?:[01]?\d|2[0-4]))[:：](?P<m>[0-5]\d)(?:[:：](?P<s>[0-5]\d))?(?:\s?(?P<half>[aApP])(?:\.[mM]\.|[mM](?![A-Za-z])))?(?![:：]?\d)(?P<to>{_TO}(?=\d{{1,2}}[:：]\d\d))?",
         _time),
    rule(r"(?<!\d)(2)(?=点(?!\d))", "两"),
    rule(r"(?<=[点时])([1-9])(?=分(?!钟))", lambda m: f"零{_spell(int(m[1]))}"),
    rule(r"(?<!\d)(\d{1,3})[:：](\d{1,3})(?!\d)", lambda m: f"{amount(m[1])}比{amount(m[2])}"),
    # codes and telephones
    rule(r"(?<![\d.])((?:\d{1,3}\.){3}\d{1,3})(?::(\d{1,5}))?(?![\d.]{0,40}\d)",
         lambda m: "点".join(map(digits, m[1].split("."))) + (f"端口{digits(m[2])}" if m[2] else "")),
    rule(r"(?P<v>(?<![A-Za-z])[vV])(?P<parts>\d{1,9}(?:\.\d{1,9}){0,4})(?![\d.]{0,40}\d)", _dotted),
    rule(r"(?P<v>(?!))?(?<![\d.])(?P<parts>\d{1,9}(?:\.\d{1,9}){2,4})(?![\d.]{0,40}\d)", _dotted),
    rule(r"\+\d{1,3}(?:[ -]?\d{1,11}){1,5}(?!\d)", _phone),
    rule(r"(?<![\w.,-])0\d{2,3}-\d{7,8}(?!\d)|(?<=[\u4e00-\u9fff])0\d{2,3}-\d{7,8}(?!\d)", _phone),
    rule(r"(?<!\d)(?:1[3-9]\d{9}|1[3-9]\d[ -]\d{4}[ -]\d{4}|[48]00[ -]\d{3,4}[ -]\d{3,4})(?!\d)", _phone),
    rule(r"(?<![\d.,])\d{2,4}(?:[ -]\d{2,4}){2,5}(?![\w%°]|\.\d|,\d)", _phone),
    rule(r"(?<=[打拨电警叫])((?:通|电话|打)?\s?)(1[12]\d|9\d{4}|1\d{4})(?!\d)", lambda m: m[1].strip() + digits(m[2], "幺")),
    # money, shares, units
    rule(rf"(?P<minus>(?<![0-9A-Za-z])[-−])?(?P<sign>{_SIGN})\s?(?P<n>{NUMBER})(?:{_TO}{_SIGN}?(?P<to>{NUMBER}))?\s?(?P<scale>[百千]?[万亿])?", _money),
    rule(rf"(?P<n>{NUMBER})\s?(?P<sign>[€£¥￥₹₩]|USD|EUR|GBP|CNY|RMB|JPY)(?!\w)", lambda m: counted(_tidy(m["n"])) + _MONEY[m["sign"]]),
    rule(rf"(?<!\d)({NUMBER})(?=[万亿]?(?:元|美元|欧元|块))", lambda m: counted(_tidy(m[1]))),
    rule(rf"({NUMBER})\s?%?{_TO}({NUMBER})\s?[%％]", lambda m: f"百分之{amount(m[1])}到{'百分之' if '%' in m[0][:-1] else ''}{amount(m[2])}"),
    rule(rf"(?P<s>(?<![0-9A-Za-z])[-−])?({NUMBER})\s?[%％]", lambda m: f"{'负' if m['s'] else ''}百分之{amount(m[2])}"),
    rule(rf"({NUMBER})\s?‰", lambda m: f"千分之{amount(m[1])}"),
    rule(r"\s?(?:±|\+/-|\+-)\s?(?=\d)", "正负"),
    rule(rf"{NUMBER}(?:\s?[-+−–*×·÷/x]\s?{NUMBER}){{1,6}}(?=\s?[=＝])", _sum),
    rule(rf"({NUMBER})\s?[x×*·]\s?(?={NUMBER})", lambda m: f"{amount(m[1])}乘"),
    rule(rf"({NUMBER})\s?÷\s?(?={NUMBER})", lambda m: f"{amount(m[1])}除以"),
    rule(r"(?<![\w./])(\d{1,3})/(\d{1,3})(?![\w/]{0,40}\d)|(?<=[\u4e00-\u9fff])(\d{1,3})/(\d{1,3})(?![/\d])",
         lambda m: _fraction(m) if m[1] else f"{_spell(int(m[4]))}分之{_spell(int(m[3]))}"),
    rule(rf"(?<!第)(?<![\d.])(2)(?={_TO}\d{{1,9}}(?:{_COUNTED}))", "两"),
    rule(rf"(?<![A-Za-z.-])({NUMBER}|两){_TO}(?={NUMBER})", lambda m: f"{m[1] if m[1] == '两' else amount(m[1])}到"),
    rule(rf"{_N}\s?(?P<unit>{_UNIT})(?![A-Za-z])(?P<power>\^[23])?(?:/(?P<count>\d{{1,4}})?\s?(?P<per>{alternatives(tuple(_PER))}|人|天|月|年)(?![A-Za-z])(?P<square>\^[23])?)?",
         _unit),
    rule(r"km/h", "公里每小时"),
    rule(rf"(?<=[\u4e00-\u9fff])/(?={_CHINESE_UNITS})", lambda m: "每" if _measured(m) else "或"),
    rule(rf"(?<!第)(?<!\d)(?<!\d[.,])(?<![A-Za-z-])(2)\s?(?={_COUNTED}|{_BIG})", "两"),
    rule(r"[%％]", "百分号"),
    rule(r"℃|°C", "摄氏度"),
    # what is left
    rule(r"(?<=[A-Za-z])-(?=\d)", " "),
    rule(r"(?<=[A-Za-z])(?=\d)", " "),
    rule(rf"(?<![\w-])[-−](?={NUMBER})|(?<=[\u4e00-\u9fff=＝])[-−](?={NUMBER})", "负"),
    rule(rf"{NUMBER}", lambda m: amount(m[0])),
    rule(r"√\s?", "根号"),
    rule(r"\^\s?二", "的平方"),
    rule(r"\^\s?三", "的立方"),
    rule(r"\^\s?(?=\w)", "的次方"),
    rule(r"\s?(?:≥|>=)\s?", "大于等于"),
    rule(r"\s?(?:≤|<=)\s?", "小于等于"),
    rule(r"\s?(?:≠|!=)\s?", "不等于"),
    rule(r"\s?(?:≈|≒)\s?", "约等于"),
    rule(r"\s?(?:=>|->|→|⇒)\s?", "到"),
    rule(r"(?<=\w)\s?[=＝]{1,3}\s?(?=\w)", "等于"),
    rule(r"(?<=\w)\s?[<＜]\s?(?=\w)", "小于"),
    rule(r"(?<=\w)\s?[>＞]\s?(?=\w)", "大于"),
    rule(r"\bC\+\+", "C加加"),
    rule(r"\s?[+＋]\s?(?=\w)|(?<=\w)[+＋]", "加"),
    rule(r"\s?[×·]\s?(?=[一-九负])", "乘"),
    rule(r"\s?&\s?", "和"),
    rule(r"(?<=和)/(?=或)", ""),
    rule(r"(?<=[\u4e00-\u9fff])\s?/\s?(?=[\u4e00-\u9fff])", "或"),
    rule(r"(?<=[A-Za-z])/(?=[A-Za-z])", " "),
    rule(r"(?<=[\u4e00-\u9fff])[-–—～~](?=[\u4e00-\u9fff])", "到"),
)  # fmt: skip


def _measured(match: Match) -> bool:
    """Whether what stands before a slash is a measure as well."""
    before = match.string[max(0, match.start() - 3) : match.start()]
    return before.endswith(tuple(_CHINESE_UNITS.split("|")))
