"""The spoken form: what a clause sounds like, as text for a voice.

What is written for the eye goes first (`markup`), then a language's own rules say numbers, units, signs and abbreviations
(`languages/<code>/spoken.py`), then marks without a sound are dropped. No digit is left, whatever was written.
Addresses: a link is said by its words, a bare one by its host; an e-mail address as it is spelt out.
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from types import ModuleType

from assistant.dialogue.markup import json_end, plain
from assistant.languages.spelling import Rule, apply, rule

LANGUAGES = ("en", "zh")
_FENCE = re.compile(r"```|~~~")


class SpokenForm:
    """Turns clauses, in their order, into what is said; remembers an open code fence and open braces of JSON."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._fenced = False
        self._depth, self._quoted = 0, False

    def __call__(self, clause: str) -> str:
        """The spoken form; "" when nothing is left to say."""
        kept = []
        for line in clause.split("\n"):
            parts = _FENCE.split(line)
            for number, part in enumerate(parts):
                if number:
                    self._fenced = not self._fenced
                if not self._fenced and not (number and re.fullmatch(r"\w{0,30}", part)):
                    kept.append(part)
        text, self._depth, self._quoted = json_end("\n".join(kept), self._depth, self._quoted)
        return _said(text, self._language)


def spoken(text: str, language: str) -> str:
    """The spoken form of a whole text."""
    return SpokenForm(language)(text)


def _said(text: str, language: str) -> str:
    code = language if language in LANGUAGES else "en"
    words = _words(code)
    text = apply(_addresses(code), plain(text, words.COMMA, words.STOP))
    text = apply(_MARKS[code], apply(words.RULES, text)).strip()
    return text if any(character.isalnum() for character in text) else ""


def _words(code: str) -> ModuleType:
    return import_module(f"assistant.languages.{code}.spoken")


@cache
def _addresses(code: str) -> Sequence[Rule]:
    """E-mail addresses, hosts, file names and paths, with the language's words for their signs."""
    words = _words(code)
    signs = {".": words.DOT, "-": words.DASH, "_": words.UNDERSCORE, "/": words.SLASH}

    def spelt(text: str) -> str:
        return "".join(signs.get(character, character) for character in text)

    return (
        rule(
            r"(?<![\w.+-])([\w.+-]{1,64})@((?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24})",
            lambda m: spelt(m[1]) + words.AT + spelt(m[2]),
            re.ASCII,
        ),
        rule(
            r"(?<![\w./<])~?(?:/[A-Za-z0-9_.-]{0,39}[A-Za-z0-9_-]){2,10}/?(?![\w/])",
            lambda m: spelt(m[0].strip("~").rstrip("/")),
            re.ASCII,
        ),
        rule(r"(?<=[A-Za-z_])\.(?=[a-z][A-Za-z0-9])", words.DOT, re.ASCII),
        rule(r"(?<=\w)@(?=\w)|(?<!\w)@(?=\w)", words.AT),
        rule(r"(?<=\w)_(?=\w)", " "),
    )


_MARKS: dict[str, Sequence[Rule]] = {
    "en": (
        rule(r"(?<=\w)\(s\)", "s"),
        rule(r"\s?[(（]([^()（）]{1,300})[)）]", r", \1,"),
        rule(r"[\"“”„«»(){}\[\]<>|*_`#~^=\\（）「」《》]", " "),
        rule(r"[‘’](?=\w)|(?<=\w)[‘’]", "'"),
        rule(r"(?<!\w)'([^'\n]{1,80})'(?!\w)", r"\1"),
        rule(r"[‘’]", ""),
        rule(r"\s?[—―]{1,3}\s?|\s[-–]{1,3}\s", ", "),
        rule(r"…|\.{2,20}", "..."),
        rule(r"([!?])\1{1,20}", r"\1"),
        rule(r"\s{1,400}", " "),
        rule(r"\s([,.!?;:])", r"\1"),
        rule(r"(?:[,;:]\s?){1,20}(?=[,.!?;:])", ""),
        rule(r"^(?:[\s,;:]{1,40}|\.\s)", ""),
    ),
    "zh": (
        rule(r"[(（]([^()（）]{1,300})[)）]", r"，\1，"),
        rule(r"[\"“”„«»(){}\[\]<>|*_`#~^=\\（）「」『』《》〈〉【】‘’＃＊～＝]", ""),
        rule(r"\s?[—―]{1,3}\s?|\s[-–]{1,3}\s", "，"),
        rule(r"…{1,6}|\.{2,20}", "……"),
        rule(r"([！？!?])\1{1,20}", r"\1"),
        rule(r"\s{1,400}", " "),
        rule(r"\s?([，。！？；：、])\s?", r"\1"),
        rule(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", ""),
        rule(r"[，、；：](?=[，。！？；：、])", ""),
        rule(r"^[\s，、；：。]{1,40}", ""),
    ),
}
