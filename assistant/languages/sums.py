"""Sums and measures in words. A language's own words for operators, units and answers stand in `<code>/sums.py`."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from assistant.languages.times import times

MOST_TERMS = 12
MOST_DIGITS = 30
MOST_POWER = 30
PLACES = 6
"""Decimals of an answer that does not end sooner."""

# Unit -> what it measures, how many of the base unit it is, and where its zero lies on the base unit's scale.
UNITS: Mapping[str, tuple[str, Fraction, Fraction]] = {
    name: (kind, Fraction(size), Fraction(zero))
    for name, kind, size, zero in (
        ("mm", "length", "0.001", 0), ("cm", "length", "0.01", 0), ("m", "length", 1, 0), ("km", "length", 1000, 0),
        ("in", "length", "0.0254", 0), ("ft", "length", "0.3048", 0), ("yd", "length", "0.9144", 0), ("mi", "length", "1609.344", 0),
        ("li", "length", 500, 0), ("chi", "length", "1/3", 0), ("cun", "length", "1/30", 0),
        ("mg", "mass", "0.000001", 0), ("g", "mass", "0.001", 0), ("kg", "mass", 1, 0), ("t", "mass", 1000, 0),
        ("oz", "mass", "0.028349523125", 0), ("lb", "mass", "0.45359237", 0), ("st", "mass", "6.35029318", 0),
        ("jin", "mass", "0.5", 0), ("liang", "mass", "0.05", 0),
        ("ml", "volume", "0.001", 0), ("cl", "volume", "0.01", 0), ("dl", "volume", "0.1", 0), ("l", "volume", 1, 0),
        ("tsp", "volume", "0.00492892159375", 0), ("tbsp", "volume", "0.01478676478125", 0), ("cup", "volume", "0.2365882365", 0),
        ("pt", "volume", "0.473176473", 0), ("gal", "volume", "3.785411784", 0),
        ("s", "time", 1, 0), ("min", "time", 60, 0), ("h", "time", 3600, 0), ("d", "time", 86400, 0), ("w", "time", 604800, 0),
        ("kmh", "speed", "5/18", 0), ("mps", "speed", 1, 0), ("mph", "speed", "0.44704", 0),
        ("C", "temperature", 1, 0), ("F", "temperature", "5/9", "-160/9"), ("K", "temperature", 1, "-273.15"),
        ("m2", "area", 1, 0), ("ha", "area", 10000, 0), ("km2", "area", 1_000_000, 0), ("acre", "area", "4046.8564224", 0),
        ("mu", "area", "2000/3", 0),
    )
}  # fmt: skip


class Words(Protocol):
    """A language's words."""

    units: Mapping[str, str]
    """Name as it is said, or written -> unit."""

    def operators(self, text: str) -> str:
        """The text with signs (+ - * / ^, and "of" for "per cent of") between spaces in place of the words for them."""
        ...

    def result(self, number: str, exact: bool) -> str:
        """The answer to a sum."""
        ...

    def converted(self, amount: str, unit: str, number: str, other: str, exact: bool) -> str:
        """The answer to a conversion; units as they were said."""
        ...

    def not_by_zero(self) -> str:
        """Nothing is divided by zero."""
        ...

    def too_big(self) -> str:
        """The numbers are too long."""
        ...

    def other_kind(self, unit: str, other: str) -> str:
        """The two do not measure the same."""
        ...


@cache
def words_of(code: str) -> Words:
    """Those of a language."""
    return cast(Words, import_module(f"assistant.languages.{code}.sums"))


class TooBig(ArithmeticError):
    """A number that nobody could listen to."""


def read_sum(text: str, code: str) -> list[str | Fraction] | None:
    """Numbers and signs in turn; None for what is no sum."""
    parts: list[str | Fraction] = []
    joint = times(code).joint
    for word in words_of(code).operators(text).split(" "):
        if word in ("+", "-", "*", "/", "^", "of"):
            parts.append(word)
        elif word and parts and isinstance(parts[-1], str) and parts[-1].startswith("="):
            parts[-1] = f"{parts[-1]}{joint}{word}"
        elif word:
            parts.append(f"={word}")
    read: list[str | Fraction] = []
    for place, part in enumerate(parts):
        if (place % 2 == 0) is not str(part).startswith("="):
            return None
        if place % 2:
            read.append(part)
            continue
        number = times(code).number(str(part)[1:])
        if number is None:
            return None
        read.append(Fraction(number))
    return read if 3 <= len(read) <= 2 * MOST_TERMS and len(read) % 2 else None


def work_out(parts: list[str | Fraction]) -> Fraction:
    """The value, by the usual order of operations. Raises `ZeroDivisionError`, `TooBig`."""
    left = list(parts)
    for signs in (("^",), ("*", "/", "of"), ("+", "-")):
        at = 1
        while at < len(left):
            if left[at] not in signs:
                at += 2
                continue
            one, other = left[at - 1], left[at + 1]
            assert isinstance(one, Fraction) and isinstance(other, Fraction)
            left[at - 1 : at + 2] = [_apply(str(left[at]), one, other)]
    value = left[0]
    assert isinstance(value, Fraction)
    return value


def _apply(sign: str, one: Fraction, other: Fraction) -> Fraction:
    if sign == "^":
        if other.denominator != 1 or abs(other) > MOST_POWER:
            raise TooBig
        value = Fraction(one ** int(other))
    else:
        value = (
            {"+": one + other, "-": one - other, "*": one * other, "of": one * other / 100}[sign] if sign != "/" else one / other
        )
    if len(str(abs(value.numerator))) > MOST_DIGITS or len(str(value.denominator)) > MOST_DIGITS:
        raise TooBig
    return value


def written(value: Fraction) -> tuple[str, bool]:
    """A number in digits, and whether it is exact."""
    rounded = round(value, PLACES)
    if not rounded and value:  # small: two digits that count
        rounded = Fraction(f"{float(value):.1e}")
    number = Decimal(rounded.numerator) / Decimal(rounded.denominator)
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}", rounded == value


def convert(amount: Fraction, unit: str, other: str) -> Fraction | None:
    """The same in another unit; None when it measures something else."""
    kind, size, zero = UNITS[unit]
    other_kind, other_size, other_zero = UNITS[other]
    return (amount * size + zero - other_zero) / other_size if kind == other_kind else None


def quantity(text: str, code: str) -> tuple[Fraction, str] | None:
    """A number and the name of a unit behind it; None for anything else. Without a number it is one."""
    known, plain = words_of(code).units, text.strip()
    names = sorted((name for name in known if plain.endswith(name)), key=len, reverse=True)
    for name in names:
        before = plain[: -len(name)].strip()
        number = Decimal(1) if before in ("", "a", "an", "one", "一") else times(code).number(before)
        if number is not None:
            return Fraction(number), name
    return None
