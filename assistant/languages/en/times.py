"""English: numbers, stretches of time and times of day in words."""

import re
from datetime import date, datetime
from decimal import Decimal

from assistant.languages.times import UNITS, When, day_of, resolve, weekday_ahead

joint = " "
_ONES = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
         " nineteen").split()  # fmt: skip
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {word: value for value, word in enumerate(_ONES)} | {word: 10 * value for value, word in enumerate(_TENS, 2)}
_BIG = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_UNIT = {"second": "s", "sec": "s", "s": "s", "minute": "min", "min": "min", "m": "min", "hour": "h", "hr": "h", "h": "h", "day": "d",
         "week": "w", "month": "mo", "year": "y"}  # fmt: skip
_PARTS = {"half": 0.5, "quarter": 0.25, "three quarters": 0.75}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = "|".join(_DAYS)
_MONTHS = "january february march april may june july august september october november december".split()
_ORDINALS = ("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth"
             " seventeenth eighteenth nineteenth twentieth").split()  # fmt: skip


def number(text: str) -> Decimal | None:
    """See `Times.number`."""
    plain = text.lower().strip().replace(",", "")
    if re.fullmatch(r"[-+−]?\d{1,15}(\.\d{1,15})?", plain):
        return Decimal(plain.replace("−", "-"))
    words = plain.replace("-", " ").split()
    if words[:1] in (["minus"], ["negative"]):
        found = number(" ".join(words[1:]))
        return -found if found is not None else None
    if "point" in words:
        at = words.index("point")
        whole, part = number(" ".join(words[:at])) if at else Decimal(0), [_SMALL.get(word, 99) for word in words[at + 1 :]]
        if whole is None or not part or max(part) > 9:
            return None
        return whole + Decimal("0." + "".join(map(str, part)))
    total = part_of = 0
    seen = last = 0
    for place, word in enumerate(words):
        value = _SMALL.get(word, int(word) if word.isdigit() and len(word) < 4 else None)
        if word in ("a", "an") and place == 0 and words[1:2] and words[1] in ("hundred", *_BIG):
            value = 1
        if value is not None:
            fits = not seen or last == 100 or (last >= 20 and last < 100 and last % 10 == 0 and 0 < value < 10)
            if not fits:
                return None
            part_of += value
            last, seen = value, 1
        elif word == "hundred" and 0 < part_of < 100 and last != 100:
            part_of, last = part_of * 100, 100
        elif word in _BIG and part_of:
            total, part_of, last = total + part_of * _BIG[word], 0, 100
        elif word == "and" and last == 100 and place < len(words) - 1:
            continue
        else:
            return None
    return Decimal(total + part_of) if seen else None


def duration(text: str) -> float | None:
    """See `Times.duration`."""
    plain = re.sub(r"(?<=\d)(?=[a-z])", " ", re.sub(r"[,-]", " ", text.lower()))
    plain = re.sub(r"\b1/2\b|½", "half", plain)
    plain = re.sub(r"\b(?:of )?an? (?=half|quarter)|\bof an? |\bof (?=an?\b)", "", plain)
    words, total, at = plain.split(), 0.0, 0
    while at < len(words):
        if words[at] == "and" and at:
            at += 1
        end = next((here for here in range(at, len(words)) if words[here].rstrip("s") in _UNIT or words[here] == "s"), None)
        if end is None:
            return None
        amount = _amount(" ".join(words[at:end]))
        if amount is None:
            return None
        unit = UNITS[_UNIT[words[end].rstrip("s") or "s"]]
        total, at = total + amount * unit, end + 1
        if words[at : at + 2] in (["and", "half"], ["and", "quarter"]) and at + 2 == len(words):
            total, at = total + _PARTS[words[at + 1]] * unit, at + 2
    return total if words else None


def ahead(text: str) -> float | None:
    """See `Times.ahead`."""
    found = re.fullmatch(r"(?:in|after) (.+?)(?: from now)?|(.+) from now", text.lower().strip())
    return duration(found[1] or found[2]) if found else None


def _amount(text: str) -> float | None:
    """How many: a number, "a", "half", "one and half"."""
    text = re.sub(r" an?$", "", text)
    if text in ("a", "an", "one"):
        return 1.0
    if text in _PARTS:
        return _PARTS[text]
    whole, _, part = text.rpartition(" and ")
    if part in ("half", "quarter") and whole:
        found = number(whole)
        return float(found) + _PARTS[part] if found is not None else None
    found = number(text)
    return float(found) if found is not None else None


def moment(text: str, now: datetime) -> When | None:
    """See `Times.moment`."""
    plain = re.sub(r"\b([ap])\.? ?m\b\.?", r"\1m", re.sub(r"o'?clock|\bsharp\b|[,]", "", text.lower()))
    plain = re.sub(r"(?<=\d)([ap]m)\b", r" \1", plain)
    day: date | None = None
    days = half = ""

    def take(pattern: str) -> str:
        nonlocal plain
        found = re.search(rf"(?<!\S)(?:{pattern})(?!\S)", plain)
        if found is None:
            return ""
        plain = " ".join((plain[: found.start()] + " " + plain[found.end() :]).split())
        return next((group for group in found.groups() if group), found[0])

    def day_is(found: date) -> bool:
        nonlocal day
        day = found
        return True

    if take("(?:on )?(?:every|each) (?:week ?day|work(?:ing)? ?day)|(?:on )?(?:weekdays|work(?:ing)? ?days)"):
        days = "01234"
    elif take("(?:on |every |each )?weekends?|(?:on )?the weekends?"):
        days = "56"
    elif take("every ?day|each day|daily|every (?=morning|evening|night|afternoon)"):
        days = "0123456"
    elif found := take(rf"(?:every|each) ((?:{_DAY})(?:(?: and)? (?:{_DAY}))*)|on ((?:{_DAY})s(?:(?: and)? (?:{_DAY})s)*)"):
        days = "".join(str(place) for place, name in enumerate(_DAYS) if name in found)
    elif take("the day after tomorrow"):
        day_is(day_of(now, 2))
    elif take("yesterday"):
        day_is(day_of(now, -1))
    elif take("today|this (?=morning|afternoon|evening)"):
        day_is(now.date())
    elif take("tonight"):
        half = "evening" if day_is(now.date()) else ""
    elif take("tomorrow"):
        day_is(day_of(now, 1))
    elif found := take(rf"(?:on |this |next )?({_DAY})"):
        day_is(day_of(now, weekday_ahead(now, _DAYS.index(found), later=False)))
    elif not _date(take, now, day_is):
        pass
    half = take(r"(?:in the |at )?(morning|afternoon|evening|night)") or half or take(r"(am|pm)")
    clock = _clock(re.sub(r"^(?:at|by|for) ", "", plain.strip()))
    if clock is None:
        return None
    hour, minute, known = clock
    if half and 0 < hour <= 12:
        late = half in ("pm", "afternoon", "evening") or (half == "night" and 6 <= hour < 12)
        hour, known = hour % 12 + (12 if late else 0), True
        if half in ("evening", "night") and hour in (0, 12):  # twelve at night ends the day
            hour, day = 0, day_of(datetime.combine(day, now.time()), 1) if day is not None else None
    found_at = resolve(now, hour, minute, day, days, half_known=known)
    if day is not None and found_at.at <= now and found_at.at.weekday() == now.weekday() and re.search(_DAY, text.lower()):
        found_at = resolve(now, hour, minute, day_of(now, 7), days, half_known=known)  # today's is over: the one in a week
    return found_at


def _date(take: object, now: datetime, day_is: object) -> bool:
    """The third of December."""
    months = "|".join(_MONTHS)
    found: str = take(rf"(?:on )?(?:the )?(\S+(?: \S+)? of (?:{months}))|(?:on )?((?:{months}) (?:the )?\S+)")  # type: ignore[operator]
    if not found:
        return False
    month = next(place for place, name in enumerate(_MONTHS, 1) if name in found)
    number_of = re.sub(rf"\b(?:{months}|of|the)\b", " ", found).strip()
    value = _ordinal(number_of)
    for year in (now.year, now.year + 1):
        try:
            at = date(year, month, value)
        except ValueError:
            return False
        if at >= now.date():
            return bool(day_is(at))  # type: ignore[operator]
    return False


def _ordinal(text: str) -> int:
    plain = text.replace("-", " ").strip()
    if digits := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", plain):
        return int(digits[1])
    tens, _, ones = plain.rpartition(" ")
    if ones == "thirtieth":
        return 30
    if ones in _ORDINALS and (not tens or tens in ("twenty", "thirty")):
        return (_SMALL[tens] if tens else 0) + _ORDINALS.index(ones) + 1
    found = number(plain)
    return int(found) if found is not None and found == int(found) else 0


def _clock(text: str) -> tuple[int, int, bool] | None:
    """Hour, minute, and whether the hour counts from 0 to 23."""
    if text in ("noon", "midday", "midnight"):
        return 0 if text == "midnight" else 12, 0, True
    if digits := re.fullmatch(r"(\d{1,2})(?:[:.h](\d{2}))?", text):
        return _valid(int(digits[1]), int(digits[2] or 0), bool(digits[2]) and (int(digits[1]) == 0 or digits[1][0] == "0"))
    if spoken := re.fullmatch(r"(half|(?:a )?quarter|.+?)(?: minutes?)? (past|to|after|before) (.+)", text):
        part = {"half": 30, "quarter": 15, "a quarter": 15}.get(spoken[1])
        minutes = number(spoken[1]) if part is None else Decimal(part)
        hour = number(spoken[3])
        if minutes is None or hour is None or not 0 < minutes < 60 or hour != int(hour) or not 0 < hour <= 12:
            return None
        if spoken[2] in ("past", "after"):
            return _valid(int(hour), int(minutes), False)
        return _valid(int(hour) - 1 or 12, 60 - int(minutes), False)
    words = text.split()
    for cut in range(len(words), 0, -1):
        hour = number(" ".join(words[:cut]))
        rest = " ".join(words[cut:])
        minute = Decimal(0) if not rest else number(re.sub(r"^(?:oh|o|zero) ", "", rest)) if not rest.isdigit() else None
        if rest in ("hundred", "hundred hours") and hour is not None:
            return _valid(int(hour), 0, True)
        if hour is not None and minute is not None and hour == int(hour) and minute == int(minute):
            return _valid(int(hour), int(minute), False)
    return None


def _valid(hour: int, minute: int, known: bool) -> tuple[int, int, bool] | None:
    return (hour, minute, known or hour > 12 or hour == 0) if hour < 24 and minute < 60 else None
