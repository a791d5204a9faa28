"""The spoken form: what a clause sounds like, as text for a voice.

Markdown marks, code, links, emoji, tags and JSON are not read out. Numbers are spelled by unicode-rbnf (Unicode CLDR's rules);
tables of our own hold only the names of units and of currencies, and the words between the numbers of a time or a range.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import cache

_UNITS = {
    "en": {
        "km/h": "kilometers per hour",
        "°C": "degrees Celsius",
        "°F": "degrees Fahrenheit",
        "°": "degrees",
        "%": "percent",
        "km": "kilometers",
        "cm": "centimeters",
        "mm": "millimeters",
        "m": "meters",
        "kg": "kilograms",
        "g": "grams",
        "l": "liters",
        "ml": "milliliters",
        "h": "hours",
        "min": "minutes",
        "s": "seconds",
        "ms": "milliseconds",
        "kWh": "kilowatt hours",
        "kW": "kilowatts",
        "W": "watts",
        "V": "volts",
        "A": "amps",
        "Hz": "hertz",
        "GB": "gigabytes",
        "MB": "megabytes",
        "Nm": "newton meters",
        "bar": "bar",
    },
    "zh": {
        "km/h": "公里每小时",
        "°C": "摄氏度",
        "°F": "华氏度",
        "°": "度",
        "km": "公里",
        "cm": "厘米",
        "mm": "毫米",
        "m": "米",
        "kg": "公斤",
        "g": "克",
        "l": "升",
        "ml": "毫升",
        "h": "小时",
        "min": "分钟",
        "s": "秒",
        "kW": "千瓦",
        "kWh": "千瓦时",
        "W": "瓦",
        "V": "伏",
        "A": "安",
        "Hz": "赫兹",
        "GB": "吉字节",
        "MB": "兆字节",
    },
}
_MONEY = {
    "en": {"$": "dollars", "€": "euros", "£": "pounds", "¥": "yuan"},
    "zh": {"$": "美元", "€": "欧元", "£": "英镑", "¥": "元"},
}
_TO = {"en": " to ", "zh": "到"}
_POINT = {"en": " point ", "zh": "点"}
_MINUS = {"en": "minus ", "zh": "负"}
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d\u20e3]")


class SpokenForm:
    """Turns clauses, in their order, into what is said; remembers an open code fence."""

    def __init__(self, language: str) -> None:
        self._language = language if language in _UNITS else "en"
        self._fenced = False

    def __call__(self, clause: str) -> str:
        """The spoken form; "" when nothing is left to say."""
        kept = []
        for line in clause.split("\n"):
            parts = line.split("```")
            for number, part in enumerate(parts):
                if number:
                    self._fenced = not self._fenced
                if not self._fenced and not (number and len(parts) > 1 and re.fullmatch(r"\w*", part)):
                    kept.append(part)
        return spoken("\n".join(kept), self._language)


def spoken(text: str, language: str) -> str:
    """The spoken form of a text without code fences."""
    text = _unmarked(text)
    text = _numbers(text, language)
    text = re.sub(r"\s+", " ", text).strip()
    return text if any(character.isalnum() for character in text) else ""


def _unmarked(text: str) -> str:
    """Without what is written and not said."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)  # links and pictures: their words
    text = re.sub(r"https?://\S+|www\.\S+", "", text)
    text = re.sub(r"<[^>\n]{1,80}>", "", text)
    text = re.sub(r"\{[^{}]*[:\"][^{}]*\}", "", text)  # JSON
    text = re.sub(r"`([^`]*)`", r"\1", text)
    text = re.sub(r"^\s*(?:#{1,6}|>|[-*+•]|\d+[.)])\s+", "", text, flags=re.MULTILINE)
    text = re.sub(r"(\*\*|__|~~|\*|(?<!\w)_|_(?!\w))", "", text)
    text = re.sub(r"\s*\|\s*", ", ", text)
    return _EMOJI.sub("", text)


def _numbers(text: str, language: str) -> str:
    spell = _speller(language)
    gap = " " if language == "en" else ""

    def amount(number: str) -> str:
        number = number.replace(",", "")
        sign = _MINUS[language] if number[0] in "-−" else ""
        whole, _, part = number.lstrip("-−").partition(".")
        digits = _POINT[language] + gap.join(spell(int(digit)) for digit in part) if part else ""
        return sign + (spell(int(whole)) if len(whole) < 16 else gap.join(spell(int(digit)) for digit in whole)) + digits

    def clock(match: "re.Match[str]") -> str:
        hour, minute = int(match[1]), int(match[2])
        if language == "zh":
            return f"{spell(hour)}点" + (f"{'零' if 0 < minute < 10 else ''}{spell(minute)}分" if minute else "整")
        said = (
            "o'clock"
            if minute == 0 and hour <= 12
            else "hundred"
            if minute == 0
            else f"oh {spell(minute)}"
            if minute < 10
            else spell(minute)
        )
        return f"{spell(hour)} {said}"

    def money(match: "re.Match[str]") -> str:
        return f"{amount(match[2])}{gap}{_MONEY[language][match[1]]}"

    def day(match: "re.Match[str]") -> str:
        try:
            when = date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return match[0]
        if language == "zh":
            return f"{gap.join(spell(int(digit)) for digit in match[1])}年{spell(when.month)}月{spell(when.day)}日"
        return f"{when:%B} {_speller('en', 'ordinal')(when.day)}, {_year(when.year)}"

    text = re.sub(r"\b(\d{4})-(\d{2})-(\d{2})\b", day, text)
    text = re.sub(r"\b([01]?\d|2[0-3]):([0-5]\d)(?!\d)", clock, text)
    text = re.sub(rf"([$€£¥])\s?({_NUMBER})", money, text)
    if language == "zh":
        text = re.sub(rf"({_NUMBER})%", lambda m: f"百分之{amount(m[1])}", text)
        text = re.sub(r"(?<!\d)(\d{4})(?=年)", lambda m: "".join(spell(int(digit)) for digit in m[1]), text)
    else:
        text = re.sub(r"\b(\d+)(?:st|nd|rd|th)\b", lambda m: _speller("en", "ordinal")(int(m[1])), text)
        text = re.sub(r"(?<=[a-z], )((?:19|20)\d\d)\b(?!\s*\w*%)", lambda m: _year(int(m[1])), text)
    text = re.sub(r"\+?\d{2,4}(?:[ -]\d{2,4}){2,}", lambda m: gap.join(spell(int(d)) for d in m[0] if d.isdigit()), text)
    text = re.sub(rf"({_NUMBER})\s?[-–]\s?(?={_NUMBER})", lambda m: amount(m[1]) + _TO[language], text)
    units = "|".join(re.escape(unit) for unit in sorted(_UNITS[language], key=len, reverse=True))
    text = re.sub(
        rf"([-−]?{_NUMBER})\s?({units})(?![A-Za-z])", lambda m: f"{amount(m[1])}{gap}{_unit(m[1], m[2], language)}", text
    )
    return re.sub(rf"(?<!\w)[-−]?{_NUMBER}|{_NUMBER}", lambda m: amount(m[0]), text)


def _unit(number: str, unit: str, language: str) -> str:
    name = _UNITS[language][unit]
    if language == "en" and number.lstrip("-") == "1":
        return (
            name.replace("degrees", "degree")
            if name.startswith("degrees")
            else name.removesuffix("s")
            if unit not in ("Hz", "%")
            else name
        )
    return name


def _year(year: int) -> str:
    spell = _speller("en")
    if 2000 <= year < 2010 or year % 100 == 0:
        return spell(year)
    low = year % 100
    return f"{spell(year // 100)} {'oh ' if low < 10 else ''}{spell(low)}"


@cache
def _speller(language: str, form: str = "cardinal") -> Callable[[int], str]:
    from unicode_rbnf import FormatPurpose, RbnfEngine

    engine = RbnfEngine.for_language(language)
    purpose = FormatPurpose.ORDINAL if form == "ordinal" else FormatPurpose.CARDINAL
    return lambda number: engine.format_number(number, purpose).text.replace("\xad", "")
