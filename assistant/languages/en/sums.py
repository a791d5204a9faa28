"""English: sums and measures in words."""

import re

_SIGNS = (
    (r"\b(?:to the power of|raised to)\b|\^|\*\*", "^"),
    (r"(?:\bpercent|\bper cent|%) of\b", "of"),
    (r"\b(?:multiplied by|times)\b|[*×]", "*"),
    (r"\b(?:divided by|over)\b|[/÷]", "/"),
    (r"\bplus\b|\+", "+"),
    (r"(?<=\w )\bminus\b|(?<=\w )[-−](?= )|(?<=\d)[-−](?=\d)", "-"),
    (r"\bsquared\b", "^ 2"),
    (r"\bcubed\b", "^ 3"),
)
_NAMES = {
    "mm": ("millimeter", "millimetre", "mm"), "cm": ("centimeter", "centimetre", "cm"), "m": ("meter", "metre"), "in": ("inch",),
    "km": ("kilometer", "kilometre", "km"), "ft": ("foot",), "yd": ("yard",), "mi": ("mile",),
    "mg": ("milligram",), "g": ("gram",), "kg": ("kilogram", "kilo", "kg"), "t": ("ton", "tonne"),
    "oz": ("ounce",), "lb": ("pound",), "st": ("stone",), "ml": ("milliliter", "millilitre", "ml"), "cl": ("centiliter", "centilitre"),
    "dl": ("deciliter", "decilitre"), "l": ("liter", "litre"), "tsp": ("teaspoon",), "tbsp": ("tablespoon",), "cup": ("cup",),
    "pt": ("pint",), "gal": ("gallon",), "s": ("second",), "min": ("minute",), "h": ("hour",), "d": ("day",), "w": ("week",),
    "kmh": ("kilometers per hour", "kilometres per hour", "km/h"), "mps": ("meters per second", "metres per second"),
    "mph": ("miles per hour", "mph"), "C": ("celsius", "degrees celsius", "degree celsius", "degrees centigrade", "°c"),
    "F": ("fahrenheit", "degrees fahrenheit", "degree fahrenheit", "°f"), "K": ("kelvin",), "m2": ("square meter", "square metre"),
    "ha": ("hectare",), "km2": ("square kilometer", "square kilometre"), "acre": ("acre",),
}  # fmt: skip
units = {name: unit for unit, names in _NAMES.items() for name in names}
units |= {f"{name}s": unit for name, unit in units.items() if name[-1].isalpha() and len(name) > 2}
units |= {"feet": "ft", "inches": "in"}


def operators(text: str) -> str:
    """See `Words.operators`."""
    plain = text.lower()
    for words, sign in _SIGNS:
        plain = re.sub(words, f" {sign} ", plain)
    return plain


def result(number: str, exact: bool) -> str:
    """See `Words.result`."""
    return f"That is {'' if exact else 'about '}{number}."


def converted(amount: str, unit: str, number: str, other: str, exact: bool) -> str:
    """See `Words.converted`."""
    return f"{amount} {unit} is {'' if exact else 'about '}{number} {other}."


def not_by_zero() -> str:
    """See `Words.not_by_zero`."""
    return "Nothing can be divided by zero."


def too_big() -> str:
    """See `Words.too_big`."""
    return "Those numbers are too big for me."


def other_kind(unit: str, other: str) -> str:
    """See `Words.other_kind`."""
    return f"I cannot convert {unit} to {other}: they do not measure the same."
