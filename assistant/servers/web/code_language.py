"""The language of a code fence that names none, by what stands in it: Pygments' own guess takes prose for code."""

import re

_MARKS: tuple[tuple[str, str], ...] = (
    ("bash", r"\A#!.*\b(?:ba)?sh\b|^\s*\$ \S|^(?:sudo|apt(?:-get)?|pip3?|cd|ls|mkdir|chmod|curl|wget|git|echo|systemctl|docker) "),
    ("python", r"\A#!.*python|^\s*(?:def \w+\(.*\).*:|class \w+.*:|from [\w.]+ import |import \w+(?: as \w+)?$|(?:if|for|while|with) .+:$|print\()"),
    ("html", r"\A\s*<(?:!doctype|html|div|p|span|ul|table|body|head|a|h[1-6])\b"),
    ("xml", r"\A\s*<\?xml|\A\s*<\w+[^>]*>[\s\S]*</\w+>\s*\Z"),
    ("json", r"\A\s*(?:\{\s*(?:\"|\}\s*\Z)|\[\s*(?:[\[{\"\d]|\]\s*\Z))"),
    ("sql", r"(?i)^\s*(?:select .+ from|insert into|update \w+ set|delete from|create (?:table|index|view)|alter table)\b"),
    ("cpp", r"^\s*#include <(?:iostream|vector|string|map|memory)>|\bstd::|^\s*using namespace "),
    ("c", r"^\s*#include [<\"]|\bint main\s*\("),
    ("java", r"\bpublic (?:static |final )*(?:class|void|int|String)\b|System\.out\."),
    ("go", r"^package \w+$|^func \w*\(|:= "),
    ("rust", r"\bfn \w+\(.*\)(?: -> .+)? \{|\blet mut |println!\("),
    ("javascript", r"\b(?:const|let|var) \w+ = |\bfunction\s*\w*\(|=> |console\.log\(|document\."),
    ("css", r"^[.#]?[\w-]+(?:\s*[,>+~ ]\s*[.#]?[\w-]+)*\s*\{\s*$[\s\S]*?^\s*[\w-]+:\s*[^;]+;"),
    ("ini", r"^\[[\w .-]+\]\s*$[\s\S]*^\w[\w .-]*\s*=\s*"),
    ("yaml", r"\A(?:---\s*\n)?(?:#.*\n|\s*(?:- )?[\w-]+:(?: .*)?\n?)+\Z"),
)  # fmt: skip
_FOUND = tuple((name, re.compile(pattern, re.MULTILINE)) for name, pattern in _MARKS)
LOOKED_AT = 2000
"""Characters of it that are looked at."""


def language_of(code: str) -> str:
    """A name that Pygments knows; "text" when nothing tells."""
    return next((name for name, marks in _FOUND if marks.search(code[:LOOKED_AT])), "text")
