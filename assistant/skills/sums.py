"""Arithmetic and units, worked out exactly: fractions, no floating point, no eval. What holds no sum is not ours."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from assistant.languages.sums import TooBig, convert, quantity, read_sum, words_of, work_out, written
from assistant.protocols_skills import Talk
from assistant.skills.base import Registry, Skill


def register(registry: Registry) -> None:
    """Add the two skills."""
    registry.register(Skill("arithmetic", _sum, fits=lambda slots, talk: read_sum(str(slots["sum"]), talk.language) is not None))
    registry.register(Skill("units", _units, fits=lambda slots, talk: _measures(slots, talk) is not None))


def _sum(slots: Mapping[str, Any], talk: Talk) -> str:
    words, parts = words_of(talk.language), read_sum(str(slots["sum"]), talk.language)
    assert parts is not None
    try:
        return words.result(*written(work_out(parts)))
    except ZeroDivisionError:
        return words.not_by_zero()
    except TooBig:
        return words.too_big()


def _measures(slots: Mapping[str, Any], talk: Talk) -> tuple[Fraction, str, str] | None:
    """The amount, its unit and the other unit, as they were said."""
    found, other = quantity(str(slots["amount"]), talk.language), str(slots["unit"]).strip()
    return (*found, other) if found is not None and other in words_of(talk.language).units else None


def _units(slots: Mapping[str, Any], talk: Talk) -> str:
    words, found = words_of(talk.language), _measures(slots, talk)
    assert found is not None
    amount, unit, other = found
    value = convert(amount, words.units[unit], words.units[other])
    if value is None:
        return words.other_kind(unit, other)
    number, exact = written(value)
    return words.converted(written(amount)[0], unit, number, other, exact)
