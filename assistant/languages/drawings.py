"""What stands on drawings and in work instructions, rewritten so that a language's other rules say it."""

import re
from collections.abc import Mapping

from assistant.languages.spelling import Match, Rule, rule

_N = r"\d{1,6}(?:[.,]\d{1,4})?"
_HOLE, _SHAFT = (rf"(?:{letters})(?:[5-9]|1[0-3])" for letters in ("JS|[D-HJKMNPRS]", "js|[d-hjkmnprs]"))
"""Fits: a letter and a grade."""
_UNITS = "mm|cm|dm|m|µm|μm|Nm|kN|N|MPa|bar|kg|g|l|ml|V|A|W|kW|s|min|h|°C|℃|°|%"


def rules(words: Mapping[str, str]) -> tuple[Rule, ...]:
    """The rules with a language's words: pause, by, plus, minus, diameter, left, speed, inches."""

    def thread(match: Match) -> str:
        said = f"M {match['size']}"
        for part in (match["pitch"], match["long"]):
            said += f"{words['by']}{part}" if part else ""
        said += f"{words['pause']}{match['grade']} {match['class']}" if match["grade"] else ""
        return said + (words["left"] if match["left"] else "")

    return tuple(
        rule(pattern, said, re.ASCII)  # a Chinese character is no part of a word here
        for pattern, said in (
            (rf"(?<![\d.,])(\d{{1,4}}),(\d{{1,2}})(?=\s?(?:{_UNITS})(?![A-Za-z]))", r"\1.\2"),  # a comma for the decimals
            (r"[Øø⌀∅]\s?(?=\d)", words["diameter"]),
            (
                rf"\bM(?P<size>\d{{1,3}}(?:\.\d)?)(?:\s?[x×]\s?(?P<pitch>{_N})(?:\s?[x×]\s?(?P<long>{_N}))?)?"
                r"(?:-(?P<grade>\d)(?P<class>[efghEFGH]))?(?P<left>-?LH)?(?![\w-])",
                thread,
            ),
            (rf"\b({_HOLE})/({_SHAFT})\b", rf"\1{words['pause']}\2"),  # H7/g6
            (rf"(?<=\d)\s?({_HOLE}|{_SHAFT})\b(?![.,]?\d)", rf"{words['pause']}\1"),  # 20h6 is no 20 hours
            (r"\bR([aztqp])\s?(?=\d)", lambda m: f"R {m[1].upper()} "),
            (r"\b([A-Z]{1,3})(?=\d{1,4}(?:\.\d{1,4})?\s?[x×]\s?\d)", r"\1 "),  # C2 x 45°
            (r"\bG(?=\d{1,2}/\d{1,2}\b)", "G "),
            (r"(?<=\d)\s?N\s?[·⋅*]\s?(?=m\b)", " N"),
            (
                rf"(?<=\d)\s?\(?(?<=[\d\s(])\+({_N})\s?(?:/|\s)\s?(?:[-−–]({_N})|0(?![.,]?\d))\)?",
                lambda m: f"{words['plus']}{m[1]}{words['minus']}{m[2] or '0'}",
            ),
            (r"(?<=\d)(?:\s1/min\b|\s?min(?:\^?[-−]1\b|⁻\^?1))", words["speed"]),
            (r"(?<=\d)\s?″", words["inches"]),
        )
    )
