"""English: what numbers, units, signs and abbreviations sound like. Rules stand in the order in which they are applied."""

from datetime import date

from assistant.languages.drawings import rules
from assistant.languages.en.abbreviations import ABBREVIATIONS
from assistant.languages.spelling import MOST_DIGITS, NUMBER, Match, Rule, alternatives, rule, speller

COMMA, STOP = ", ", ". "
AT, DOT, DASH, UNDERSCORE, SLASH = " at ", " dot ", " dash ", " underscore ", " slash "

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTH = {name: name for name in _MONTHS} | {name[:3]: name for name in _MONTHS} | {"Sept": "September"}
_MONTH_WORD = rf"(?P<month>{alternatives(tuple(_MONTH))})\b(?:\.(?=,? ?\d))?"
_DAYS = {"Mon": "Monday", "Tue": "Tuesday", "Tues": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday", "Thurs": "Thursday",
         "Fri": "Friday", "Sat": "Saturday", "Sun": "Sunday"}  # fmt: skip
_SI = {
    "": "",
    "n": "nano",
    "µ": "micro",
    "μ": "micro",
    "m": "milli",
    "c": "centi",
    "k": "kilo",
    "M": "mega",
    "G": "giga",
    "T": "tera",
}
_BASES = {"m": "meter", "g": "gram", "l": "liter", "L": "liter", "W": "watt", "Wh": "watt hour", "V": "volt", "A": "amp",
          "Ah": "amp hour", "Hz": "hertz", "Pa": "pascal", "J": "joule", "N": "newton", "B": "byte", "bit": "bit", "s": "second",
          "Ω": "ohm", "bar": "bar", "cal": "calorie", "bps": "bit per second"}  # fmt: skip
_UNITS = {f"{short}{base}": f"{prefix}{name}" for base, name in _BASES.items() for short, prefix in _SI.items()} | {
    "°C": "degree Celsius", "℃": "degree Celsius", "°F": "degree Fahrenheit", "℉": "degree Fahrenheit", "°": "degree",
    "%": "percent", "‰": "per mille", "h": "hour", "hr": "hour", "hrs": "hour", "min": "minute", "mins": "minute",
    "sec": "second", "secs": "second", "hPa": "hectopascal", "Nm": "newton meter", "kNm": "kilonewton meter", "Ncm": "newton centimeter", "mph": "mile per hour", "ft": "foot",
    "lb": "pound", "lbs": "pound", "oz": "ounce", "mi": "mile", "yd": "yard", "gal": "gallon", "tsp": "teaspoon", "tbsp": "tablespoon", "psi": "psi", "rpm": "rpm",
    "dB": "decibel", "ppm": "ppm", "px": "pixel", "fps": "frame per second", "lx": "lux", "lm": "lumen", "kn": "knot",
}  # fmt: skip
_SAME = ("percent", "per mille", "bar", "hertz", "psi", "rpm", "ppm", "lux")
_UNIT = rf"(?:{alternatives(tuple(_UNITS))})"
_PER = {**_UNITS, "day": "day", "week": "week", "month": "month", "year": "year", "night": "night", "person": "person"}
_PER_UNIT = rf"(?:{alternatives(tuple(_PER))})"
_MONEY = {"$": ("dollar", "cent"), "€": ("euro", "cent"), "£": ("pound", "penny"), "¥": ("yuan", "fen"), "￥": ("yuan", "fen"),
          "₹": ("rupee", "paisa"), "₩": ("won", "jeon"), "USD": ("US dollar", "cent"), "EUR": ("euro", "cent"),
          "GBP": ("pound", "penny"), "CNY": ("yuan", "fen"), "RMB": ("yuan", "fen"), "JPY": ("yen", "sen")}  # fmt: skip
_SIGN = r"[$€£¥￥₹₩]"
_SCALE = {"k": "thousand", "K": "thousand", "m": "million", "M": "million", "B": "billion", "bn": "billion"}
_YEAR_BEFORE = (
    "in|since|until|till|by|of|from|before|after|during|year|around|circa|summer|winter|spring|autumn|fall|early|late|and|to"
)
_YEAR_AFTER = r"(?=$|[.,;:!?)]|\s(?:and|to|or|was|is|it|he|she|they|we|when|with|for|at|on|by|but|who|as|until|the|a|an|in)\b)"
_SMALL_YEAR = r"(?:1[1-9]|20)\d\d"

_spell = speller("en")


def digits(text: str) -> str:
    """Digit by digit."""
    return " ".join(_spell(int(digit)) for digit in text if digit.isdigit())


def amount(number: str) -> str:
    """A number with sign, thousands separators and decimals."""
    bare = number.replace(",", "")
    sign = "minus " if bare[0] in "-−" else ""
    whole, _, part = bare.lstrip("-−").partition(".")
    named = len(whole) <= MOST_DIGITS and (len(whole) == 1 or whole[0] != "0")
    return sign + (_spell(int(whole)) if named else digits(whole)) + (f" point {digits(part)}" if part else "")


def _ordinal(number: int) -> str:
    return speller("en", "ordinal")(number)


def _year(year: int) -> str:
    if 2000 <= year < 2010 or (year % 1000 == 0) or year < 1000:
        return _spell(year)
    low = year % 100
    return f"{_spell(year // 100)} {'hundred' if low == 0 else f'oh {_spell(low)}' if low < 10 else _spell(low)}"


def _plural(name: str) -> str:
    if name in _SAME or name.endswith("hertz"):
        return name
    head, space, rest = name.partition(" ")
    if rest.startswith(("per", "Celsius", "Fahrenheit")):
        return f"{_plural(head)}{space}{rest}"
    return {"foot": "feet", "inch": "inches", "penny": "pence"}.get(name, f"{name}s")


def _named(number: str, name: str) -> str:
    one = number.replace(",", "").lstrip("-−") == "1"
    return name if one or name in ("yuan", "yen", "won", "fen", "sen") else _plural(name)


def _unit(match: Match) -> str:
    number, power = match["n"], match["power"]
    name = {"^2": "square ", "^3": "cubic "}.get(power or "", "") + _UNITS[match["unit"]]
    said = f"{amount(number)} {_named(number, name)}"
    if match["per"]:
        often = f"{amount(match['count'])} {_plural(_PER[match['per']])}" if match["count"] else _PER[match["per"]]
        said += f" per {'square ' if match['square'] == '^2' else 'cubic ' if match['square'] == '^3' else ''}{often}"
    return said


def _money(number: str, names: tuple[str, str], scale: str = "") -> str:
    if scale:
        return f"{amount(number)} {_SCALE.get(scale, scale)} {_named('2', names[0])}"
    whole, _, part = number.replace(",", "").partition(".")
    if len(part) != 2 or names[0] in ("yuan", "yen", "won"):
        return f"{amount(number)} {_named(number, names[0])}"
    coins = f"{_spell(int(part))} {_named(part.lstrip('0') or '0', names[1])}" if int(part) else ""
    notes = f"{amount(whole)} {_named(whole, names[0])}" if int(whole) or not coins else ""
    return " and ".join(filter(None, (notes, coins)))


def _signed_money(match: Match) -> str:
    sign = "minus " if match["minus"] else ""
    if match["to"]:
        return f"{sign}{amount(match['n'])} to {_money(match['to'], _MONEY[match['sign']], match['scale'] or '')}"
    return sign + _money(match["n"], _MONEY[match["sign"]], match["scale"] or "")


def _clock(hour: int, minute: int, half: str = "") -> str:
    if half:
        return (
            f"{_spell(hour)}{'' if minute == 0 else f' oh {_spell(minute)}' if minute < 10 else f' {_spell(minute)}'} {half}.m."
        )
    if minute == 0:
        return "midnight" if hour == 0 else f"{_spell(hour)} o'clock" if hour <= 12 else f"{_spell(hour)} hundred"
    return f"{_spell(hour)} {'oh ' if minute < 10 else ''}{_spell(minute)}"


def _time(match: Match) -> str:
    said = _clock(int(match["h"]), int(match["m"]), (match["half"] or "").lower())
    seconds = match["s"]
    return f"{said} and {_spell(int(seconds))} {_named(str(int(seconds)), 'second')}" if seconds else said


def _iso(match: Match) -> str:
    try:
        when = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return match[0]
    return f"{_MONTHS[when.month - 1]} {_ordinal(when.day)}, {_year(when.year)}" + (", " if match[4] else "")


def _slashed(match: Match) -> str:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if match[2] == "." or first > 12:  # 23.11.2026, and 23/11/2026 can be nothing else
        first, second = second, first
    if not (1 <= first <= 12 and 1 <= second <= 31):
        return match[0]
    return f"{_MONTHS[first - 1]} {_ordinal(second)}, {_year(year)}"


def _month_day(match: Match) -> str:
    to = f" to {_ordinal(int(match['to']))}" if match["to"] else ""
    year = f", {_year(int(match['year']))}" if match["year"] else ""
    return f"{_MONTH[match['month']]} {_ordinal(int(match['day']))}{to}{year}"


def _day_month(match: Match) -> str:
    year = f", {_year(int(match['year']))}" if match["year"] else ""
    return f"{'the' if match['the'] is None else match['the']} {_ordinal(int(match['day']))} of {_MONTH[match['month']]}{year}"


def _fraction(match: Match) -> str:
    whole, above, below = match["whole"], int(match["above"]), int(match["below"])
    if below == 0 or below > 20 or above > below or (above == below and not whole):
        said = "twenty-four seven" if (above, below) == (24, 7) else f"{_spell(above)} over {_spell(below)}"
    elif below == 10 and not whole:
        said = f"{_spell(above)} out of ten"
    elif below == 1:
        said = _spell(above)
    else:
        part = {2: "half", 4: "quarter"}.get(below, _ordinal(below))
        many = "halves" if below == 2 and above > 1 else f"{part}s" if above > 1 else part
        said = ("a" if whole else _spell(above)) + f" {many}" if above == 1 else f"{_spell(above)} {many}"
    return f"{amount(whole)} and {said}" if whole else said


def _sum(match: Match) -> str:
    """The left side of an equation."""
    said = match[0]
    for sign, word in (("+", "plus"), ("-", "minus"), ("−", "minus"), ("–", "minus"), ("*", "times"), ("×", "times"), ("x", "times"),
                       ("·", "times"), ("/", "divided by"), ("÷", "divided by")):  # fmt: skip
        said = said.replace(sign, f" {word} ")
    return said


def _phone(match: Match) -> str:
    plus = "plus " if match[0].startswith("+") else ""
    groups = [group for group in "".join(c if c.isdigit() else " " for c in match[0]).split(" ") if group]
    if not 7 <= sum(map(len, groups)) <= 15:
        return match[0]
    return plus + ", ".join(map(digits, groups))


def _dotted(match: Match) -> str:
    version = "version " if match["v"] and not match["word"] else ""
    return (match["word"] or "") + version + " point ".join(_spell(int(part)) for part in match["parts"].split("."))


_N = rf"(?P<n>(?<![\w.])[-−]?{NUMBER}|{NUMBER})"
_DATES: tuple[Rule, ...] = (
    rule(r"\b(\d{4})-(\d{2})-(\d{2})(?:(T)(?=\d{2}:)|\b)", _iso),
    rule(r"(?<=:\d\d)Z\b", ""),
    rule(r"(?<![\d/.])(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?![\d/])", _slashed),
    rule(rf"\b({alternatives(tuple(_DAYS))})\b\.?(?=,? (?:{alternatives(tuple(_MONTH))}|\d{{1,2}}\b))", lambda m: _DAYS[m[1]]),
    rule(rf"(?i:\b(on|by|until|till|since|next|last|this|every)) ({alternatives(tuple(_DAYS))})\b(?=[.,;:!?]|$)", lambda m: f"{m[1]} {_DAYS[m[2]]}"),
    rule(rf"\b({alternatives(tuple(_DAYS))})(?:\s?[-–]\s?|\.? to )({alternatives(tuple(_DAYS))})\b", lambda m: f"{_DAYS[m[1]]} to {_DAYS[m[2]]}"),
    rule(rf"\b(?:(?P<the>[Tt]he) )?(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)? (?:of )?{_MONTH_WORD}(?:,? (?P<year>\d{{4}})\b)?", _day_month),
    rule(rf"\b{_MONTH_WORD} (?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?:\s?[-–]\s?(?P<to>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?)?\b(?![:.]\d)(?:,? (?P<year>\d{{4}})\b)?",
         _month_day),
    rule(rf"\b{_MONTH_WORD},? (?P<year>{_SMALL_YEAR})\b", lambda m: f"{_MONTH[m['month']]} {_year(int(m['year']))}"),
)  # fmt: skip
_TIMES: tuple[Rule, ...] = (
    rule(r"(?<=:\d\d)\s?[-–—~]\s?(?=\d{1,2}:\d\d)", " to "),
    rule(r"\b(?P<h>[01]?\d|2[0-4]):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d))?(?:\s?(?P<half>[aApP])(?:\.[mM]\.|[mM]\b))?(?!:?\d)", _time),
    rule(r"\b(\d{1,2})\s?[-–]\s?(?=\d{1,2}\s?[aApP]\.?[mM]\b)", lambda m: f"{_spell(int(m[1]))} to "),
    rule(r"\b([01]?\d)\s?([aApP])(?:\.[mM]\.|[mM]\b)(?:\s?[-–]\s?(?=\d))?", lambda m: f"{_spell(int(m[1]))} {m[2].lower()}.m." + (" to " if m[0][-1] in "-– " else "")),
    rule(r"([ap]\.m\.)\.(?!\.)", r"\1"),
    rule(r"\b(\d{1,3}):(\d{1,3})\b(?!:)", lambda m: f"{amount(m[1])} to {amount(m[2])}"),
)  # fmt: skip
_CODES: tuple[Rule, ...] = (
    rule(r"(?<![\d.])((?:\d{1,3}\.){3}\d{1,3})(?::(\d{1,5}))?(?![\d.]{0,40}\d)",
         lambda m: " dot ".join(map(digits, m[1].split("."))) + (f" port {digits(m[2])}" if m[2] else "")),
    rule(r"(?P<word>\b(?:[Vv]ersion|Python|Release|release|Debian|Android|iOS|Ubuntu) )(?P<v>v)?(?P<parts>\d{1,9}(?:\.\d{1,9}){1,4})\b", _dotted),
    rule(r"(?P<word>(?!))?(?P<v>\b[vV])(?P<parts>\d{1,9}(?:\.\d{1,9}){0,4})\b", _dotted),
    rule(r"(?P<word>(?!))?(?P<v>(?!))?(?<![\d.])(?P<parts>\d{1,9}(?:\.\d{1,9}){2,4})(?![\d.]{0,40}\d)", _dotted),
    rule(r"\+\d{1,3}(?:[ -]?\(?\d{1,6}\)?){1,6}(?!\d)", _phone),
    rule(r"(?<![\w.])(?:1[ -])?\(\d{3}\)[ -]?\d{3}[ -]\d{4}\b", _phone),
    rule(r"(?<![\w.,])(?:1[ -])?\d{2,4}(?:[ -]\d{2,4}){2,5}(?![\w%°]|\.\d|,\d)", _phone),
    rule(r"(?i)\b(?:call|dial|phone|number|tel|ring)\b[^\d\n]{0,15}\d{3}-\d{4}\b", lambda m: m[0][:-8] + _phone_text(m[0][-8:])),
    rule(r"(?i)\b(call|dial|ring) (\d{3})\b(?![-.,:]?\d|\s?%)", lambda m: f"{m[1]} {digits(m[2])}"),
)  # fmt: skip


def _phone_text(text: str) -> str:
    return ", ".join(map(digits, text.split("-")))


_AMOUNTS: tuple[Rule, ...] = (
    rule(rf"\b({_SMALL_YEAR})s\b", lambda m: _decade(m[1])),
    rule(r"(?<!\w)['’]?(\d0)s\b", lambda m: _decade(m[1])),
    rule(rf"(?<![\w.,$-])({_SMALL_YEAR})\s?(?:[-–]|to )\s?({_SMALL_YEAR})(?![\w,-]|\.\d){_YEAR_AFTER}", lambda m: f"{_year(int(m[1]))} to {_year(int(m[2]))}"),
    rule(rf"(?P<minus>(?<!\w)[-−])?(?:US)?(?P<sign>{_SIGN})\s?(?P<n>{NUMBER})(?:\s?[-–]\s?{_SIGN}?(?P<to>{NUMBER}))?(?:\s?(?P<scale>thousand|million|billion|trillion|bn|[kKMB])\b)?", _signed_money),
    rule(rf"(?P<n>{NUMBER})\s?(?P<sign>[€£¥￥₹₩]|USD|EUR|GBP|CNY|RMB|JPY)(?!\w)", lambda m: _money(m["n"], _MONEY[m["sign"]])),
    rule(rf"({NUMBER})\s?¢", lambda m: f"{amount(m[1])} {_named(m[1], 'cent')}"),
    rule(r"\s?(?:±|\+/-|\+-)\s?(?=\d)", " plus or minus "),
    rule(rf"{NUMBER}(?:\s?[-+−–*×·÷/x]\s?{NUMBER}){{1,6}}(?=\s?=)", _sum),
    rule(rf"({NUMBER})([x×])(?={NUMBER}(?!\s?=))", lambda m: f"{amount(m[1])} by "),
    rule(rf"({NUMBER})\s[x×]\s(?={NUMBER}\s?{_UNIT}(?![A-Za-z]))", lambda m: f"{amount(m[1])} by "),
    rule(rf"({NUMBER})\s?[x×*·]\s?(?={NUMBER})", lambda m: f"{amount(m[1])} times "),
    rule(rf"\b({NUMBER})[x×](?!\w)", lambda m: f"{amount(m[1])} times"),
    rule(r"(?<![\w./])(?:(?P<whole>\d{1,3}) )?(?P<above>\d{1,3})/(?P<below>\d{1,3})(?![\w/]|\.\d)", _fraction),
    rule(rf"(?<![\w.-])({NUMBER})%?\s?(?:[-–—~]|\.\.\.?)\s?(?={NUMBER}(?![\w-]{0,40}-\d))", lambda m: f"{amount(m[1])} to "),
    rule(rf"(?<![\w.])({NUMBER}) K(?!\w)", lambda m: f"{amount(m[1])} kelvin"),
    rule(rf"{_N}\s?(?P<unit>{_UNIT})(?![A-Za-z])(?P<power>\^[23])?(?:/(?:(?P<count>\d{{1,4}}) ?)?(?P<per>{_PER_UNIT})(?![A-Za-z])(?P<square>\^[23])?)?", _unit),
    rule(r"\bkm/h\b", "kilometers per hour"),
    rule(r"\bm/s\b", "meters per second"),
    rule(rf"(?<=\w)/({alternatives(('day', 'week', 'month', 'year', 'hour', 'night', 'person'))})\b", r" per \1"),
    rule(r"°C|℃", " degrees Celsius"),
    rule(r"°F|℉", " degrees Fahrenheit"),
    rule(r"%", " percent"),
    rule(r"\b(\d{1,7})(?:st|nd|rd|th)\b", lambda m: _ordinal(int(m[1]))),
    rule(rf"(?i)\b((?:{_YEAR_BEFORE})\s|(?:mid|pre|post|early|late)-)({_SMALL_YEAR})\b{_YEAR_AFTER}", lambda m: f"{m[1].replace('-', ' ')}{_year(int(m[2]))}"),
    rule(rf"(?i)\b(the )({_SMALL_YEAR})(?= [a-z])", lambda m: f"{m[1]}{_year(int(m[2]))}"),
    rule(r"(?<=[a-z], )((?:19|20)\d\d)\b(?!,\d|\.\d|\s?%)", lambda m: _year(int(m[1]))),
    rule(r"(?<![\w.,-])((?:19|20)\d\d)(?=[.!?;)]?\s{0,3}$|[.!?;)]\s)", lambda m: _year(int(m[1]))),
)  # fmt: skip


def _decade(text: str) -> str:
    said = _year(int(text)) if len(text) == 4 else _spell(int(text))
    return f"{said[:-1]}ies" if said.endswith("y") else f"{said}s"


_REST: tuple[Rule, ...] = (
    rule(r"(?<=[A-Za-z])-(?=\d)", " "),
    rule(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", " "),
    rule(r"(?<![\w.])\.(?=\d)", "0."),
    rule(rf"(?<![\w-])[-−](?={NUMBER})", "minus "),
    rule(NUMBER, lambda m: amount(m[0])),
    rule(r"√\s?", " the square root of "),
    rule(r"\^\s?two\b", " squared"),
    rule(r"\^\s?three\b", " cubed"),
    rule(r"\^\s?(?=\w)", " to the power of "),
    rule(r"(?<=\w)\+\+", " plus plus"),
    rule(r"\s?\+\s?(?=\w)|(?<=\w)\+", " plus "),
    rule(r"\s?(?:=>|->|→|⇒)\s?", " to "),
    rule(r"\s?(?:≥|>=)\s?", " greater than or equal to "),
    rule(r"\s?(?:≤|<=)\s?", " less than or equal to "),
    rule(r"\s?(?:≠|!=)\s?", " not equal to "),
    rule(r"\s?≈\s?", " about "),
    rule(r"(?<![\w~])~\s?(?=\w)", "about "),
    rule(r"(?<=\w)\s?={1,3}\s?(?=\w)", " equals "),
    rule(r"(?<=\w)\s?<\s?(?=\w)", " less than "),
    rule(r"(?<=\w)\s?>\s?(?=\w)", " greater than "),
    rule(r"\s?÷\s?", " divided by "),
    rule(r"\s?[×·]\s?(?=\w)", " times "),
    rule(r"(?<=\w)\s\*\s(?=\w)", " times "),
    rule(r"π", " pi "),
    rule(r"∞", " infinity "),
    rule(r"\s?&\s?", " and "),
    rule(r"\bC#", "C sharp"),
    rule(r"\band/or\b", "and or"),
    rule(r"\b([A-Z]{2,8})/(?=[A-Z]{2,8}\b)", r"\1 "),
    rule(r"(?<=[A-Za-z)])\s?/\s?(?=[A-Za-z(])", " or "),
)
_DRAWINGS = rules(
    {
        "pause": ", ",
        "by": " by ",
        "plus": " plus ",
        "minus": " minus ",
        "diameter": "diameter ",
        "left": ", left hand",
        "speed": " rpm",
        "inches": " inches",
    }
)
RULES: tuple[Rule, ...] = (*_DRAWINGS, *ABBREVIATIONS, *_DATES, *_TIMES, *_CODES, *_AMOUNTS, *_REST)
