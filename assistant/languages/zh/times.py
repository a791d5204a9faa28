"""Chinese: numbers, stretches of time and times of day in words."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from assistant.languages.times import UNITS, When, day_of, resolve, weekday_ahead

joint = ""
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_STEPS = {"十": 10, "百": 100, "千": 1000}
_N = r"(?:[零〇一二两三四五六七八九十百千]+|\d{1,4})"
_WEEK = r"(?:周|星期|礼拜)"
_WEEKDAYS = "一二三四五六日"
_UNIT = {"小时": "h", "钟头": "h", "刻钟": "刻", "分钟": "min", "分": "min", "秒钟": "s", "秒": "s", "天": "d", "星期": "w", "周": "w",
         "礼拜": "w", "个月": "mo", "年": "y"}  # fmt: skip
_SPAN = re.compile(rf"(?P<n>半|[零〇一二两三四五六七八九十百千万点]+|\d+(?:\.\d+)?)(?P<ge>个)?(?P<half>半)?(?P<unit>{'|'.join(_UNIT)})"
                   rf"(?P<tail>半)?(?:钟)?[零又和]?")  # fmt: skip
_MOMENT = re.compile(
    rf"(?P<day>每天|每日|天天|每晚|每早|每个?工作日|工作日|周一到周五|(?:每个?)?周末|每个?{_WEEK}[一二三四五六日天、和]+|今天|今晚|今早|今夜|明天|明早|明晚|后天|大后天|昨天"
    rf"|(?:下个?|这个?|本)?{_WEEK}[一二三四五六日天]|{_N}月{_N}[日号])?的?"
    r"(?P<part>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|半夜|午夜)?的?"
    rf"(?:(?P<h>{_N})(?:点|时)(?:钟|整)?(?:(?P<m>半|[一三1-3]刻|过?零?{_N})分?)?|(?P<dh>\d{{1,2}})[:：](?P<dm>\d{{2}})"
    rf"|差(?P<to>{_N}分|[一1]刻)(?P<th>{_N})点)"
)


def number(text: str) -> Decimal | None:
    """See `Times.number`."""
    plain = text.strip().replace(",", "")
    if re.fullmatch(r"[-+−]?\d{1,15}(\.\d{1,15})?", plain):
        return Decimal(plain.replace("−", "-"))
    if plain.startswith("负"):
        found = number(plain[1:])
        return -found if found is not None else None
    whole, point, part = plain.partition("点")
    if point:
        base = number(whole)
        if base is None or not part or any(character not in _DIGITS for character in part):
            return None
        return base + Decimal("0." + "".join(str(_DIGITS[character]) for character in part))
    for big, value in (("亿", 10**8), ("万", 10**4)):
        if big in plain:
            left, right = plain.split(big, 1)
            high, low = number(left), number(right.lstrip("零〇")) if right.strip("零〇") else Decimal(0)
            return high * value + low if high is not None and low is not None else None
    return _small(plain)


def _small(text: str) -> Decimal | None:
    """Below ten thousand."""
    if not text:
        return None
    if len(text) > 1 and all(character in _DIGITS for character in text):  # digit by digit
        return Decimal("".join(str(_DIGITS[character]) for character in text)) if len(text) <= 15 else None
    total, digit, last = 0, -1, 10_000
    for character in text:
        if character in _STEPS:
            step = _STEPS[character]
            if step >= last or digit == 0 or (digit < 0 and (step != 10 or total)):
                return None
            total, digit, last = total + max(digit, 1) * step, -1, step
        elif character in _DIGITS and (digit < 0 or digit == 0):
            digit = _DIGITS[character]
        else:
            return None
    if digit > 0 and last >= 100 and last < 10_000 and text[-2] in "百千" and len(text) > 1:  # 一百二 is 120
        digit *= last // 10
    return Decimal(total + max(digit, 0))


def duration(text: str) -> float | None:
    """See `Times.duration`."""
    plain, total, at = text.replace(" ", ""), 0.0, 0
    while at < len(plain):
        found = _SPAN.match(plain, at)
        if found is None:
            return None
        amount = Decimal("0.5") if found["n"] == "半" else number(found["n"])
        if amount is None:
            return None
        name = _UNIT[found["unit"]]
        unit = 900 if name == "刻" else UNITS[name]
        total += (float(amount) + (0.5 if found["half"] or found["tail"] else 0)) * unit
        at = found.end()
    return total if plain else None


def ahead(text: str) -> float | None:
    """See `Times.ahead`."""
    found = re.fullmatch(r"再?过(.+?)(?:后|以后|之后)?|再?(.+?)(?:后|以后|之后|过后)", text.replace(" ", ""))
    return duration(found[1] or found[2]) if found else None


def moment(text: str, now: datetime) -> When | None:
    """See `Times.moment`."""
    found = _MOMENT.fullmatch(text.replace(" ", ""))
    if found is None:
        return None
    clock = _clock(found)
    if clock is None:
        return None
    hour, minute = clock
    day_word, part = found["day"] or "", found["part"] or ""
    part = part or ("晚上" if day_word[-1:] in ("晚", "夜") else "早上" if day_word[-1:] == "早" else "")
    days, day = _day(day_word, now)
    if day_word and not days and day is None:
        return None
    known = bool(found["dh"]) or hour > 12 or hour == 0
    if part and 0 < hour <= 12:
        known = True
        if part in ("下午", "傍晚", "晚上") or (part in ("夜里", "半夜") and 6 <= hour < 12) or (part == "中午" and hour < 4):
            hour += 12 if hour < 12 else 0
        if part in ("晚上", "夜里", "半夜", "午夜", "凌晨") and hour == 12:
            hour = 0
            if part != "凌晨" and day is not None:
                day += timedelta(days=1)
    made = resolve(now, hour, minute, day, days, half_known=known)
    if day is not None and made.at <= now and made.at.date() == now.date() and re.match(_WEEK, day_word):
        made = resolve(now, hour, minute, day_of(now, 7), days, half_known=known)
    return made


def _clock(found: re.Match[str]) -> tuple[int, int] | None:
    if found["dh"]:
        hour, minute = Decimal(found["dh"]), Decimal(found["dm"])
    elif found["to"]:
        whole = number(found["th"])
        less = Decimal(15) if "刻" in found["to"] else number(found["to"][:-1])
        if whole is None or less is None or not 0 < less < 60 or not 0 < whole < 24:
            return None
        hour, minute = whole - 1 or Decimal(12), 60 - less
    else:
        words = found["m"] or ""
        quarters = {"一": 15, "1": 15, "2": 30, "三": 45, "3": 45}
        read = number(words.lstrip("过").lstrip("零〇") or "零") if words and words[-1] not in "半刻" else None
        minute = Decimal(30 if words == "半" else quarters[words[0]] if words.endswith("刻") else 0) if read is None else read
        if words and words[-1] not in "半刻" and read is None:
            return None
        named = number(found["h"])
        if named is None:
            return None
        hour = named
    return (int(hour), int(minute)) if hour < 25 and minute < 60 and (hour < 24 or minute == 0) and hour != 24 else None


def _day(word: str, now: datetime) -> tuple[str, date | None]:
    """Weekdays on which it repeats, and the date, of a word for a day."""
    simple = {"今": 0, "明": 1, "后天": 2, "大后天": 3, "昨天": -1}
    if not word:
        return "", None
    if "工作日" in word or word == "周一到周五":
        return "01234", None
    if "周末" in word:
        return "56", None
    if word in ("每天", "每日", "天天", "每晚", "每早"):
        return "0123456", None
    if word.startswith("每"):
        return "".join(str(at) for at, name in enumerate(_WEEKDAYS) if name in word.replace("天", "日")), None
    if (ahead := simple.get(word, simple.get(word[:1]))) is not None:
        return "", day_of(now, ahead)
    if "月" in word:
        return "", _date(word, now)
    ahead = weekday_ahead(now, _WEEKDAYS.index(word[-1].replace("天", "日")), later=False)
    if word.startswith("下"):
        ahead = 7 - now.weekday() + _WEEKDAYS.index(word[-1].replace("天", "日"))
    return "", day_of(now, ahead)


def _date(word: str, now: datetime) -> date | None:
    month, day = (number(part) for part in word[:-1].split("月"))
    for year in (now.year, now.year + 1):
        try:
            at = date(year, int(month or 0), int(day or 0))
        except ValueError:
            return None
        if at >= now.date():
            return at
    return None
