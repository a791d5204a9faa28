"""What the languages' spoken forms share: numbers in words by unicode-rbnf (Unicode CLDR's rules), and rules applied in order."""

import re
from collections.abc import Callable, Sequence
from functools import cache

NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,8}(?!\d)|\d{1,40})(?:\.\d{1,40})?"
"""Digits with thousands separators and decimals; every repeat in these rules is bounded, so a page of digits costs no more."""
MOST_DIGITS = 15
"""A longer number is read digit by digit: nobody follows its name."""

Match = re.Match[str]
Rule = tuple[re.Pattern[str], str | Callable[[Match], str]]


def rule(pattern: str, said: str | Callable[[Match], str], flags: int = 0) -> Rule:
    """A rule of a spoken form."""
    return re.compile(pattern, flags), said


def apply(rules: Sequence[Rule], text: str) -> str:
    """The text after all rules, one after the other."""
    for pattern, said in rules:
        text = pattern.sub(said, text)
    return text


@cache
def speller(code: str, form: str = "cardinal") -> Callable[[int], str]:
    """How a language spells whole numbers. Chinese gets 零 for the rules' 〇: every voice's dictionary has it."""
    from unicode_rbnf import FormatPurpose, RbnfEngine

    engine = RbnfEngine.for_language(code)
    purpose = FormatPurpose.ORDINAL if form == "ordinal" else FormatPurpose.CARDINAL
    return lambda number: engine.format_number(number, purpose).text.replace("\xad", "").replace("〇", "零")


def alternatives(words: Sequence[str]) -> str:
    """A pattern of words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
