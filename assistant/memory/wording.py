"""Words of questions and documents: what is looked for, what may stand for it, and what kind of answer is wanted.

English words are cut to their stems. Chinese has no spaces: its terms are characters and pairs of characters, and a pair found
together says more than its characters apart. `asking_words` and `same_meaning` stand in each language's sentences.yaml.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from assistant.languages import own_sentences
from assistant.memory.kinds import NUMBERS, wanted

CJK = re.compile(r"[\u3400-\u9fff]+")
WORD = re.compile(r"[^\W_]+(?:[.,:]\d+)*(?:'[^\W_]+)?")
MOST_UNITS = 40
"""Words (in Chinese characters) of a question that are looked for; more: the first ones."""
MAX_QUESTION = 300
"""Characters of a question; a longer one finds nothing."""
ASIDE = 0.3
"""What a word weighs that says little of the subject."""


@dataclass(frozen=True)
class Unit:
    """Something that a question asks about: a word, or a Chinese character."""

    term: str
    wholes: tuple[str, ...] = ()
    """Pairs of characters around it: one of them found counts fully, the term alone little. Empty: the term counts fully."""
    others: tuple[str, ...] = ()
    """What may stand for it: terms, or Chinese words."""
    share: float = 1.0
    """How much of the question it is."""


@dataclass(frozen=True)
class Question:
    """A question, taken apart."""

    units: tuple[Unit, ...]
    wanted: re.Pattern[str] | None = None
    """What an answer looks like; None when it may be anything."""
    chinese: bool = False

    def fits(self, text: str) -> bool:
        """Whether a text holds an answer of the kind that is asked for."""
        return self.wanted is None or self.wanted.search(text) is not None

    def terms(self) -> list[str]:
        """What the index is asked for."""
        found = (term for unit in self.units for term in (unit.wholes or (unit.term,)))
        others = (term for unit in self.units for word in unit.others for term in (_pairs(word) if CJK.match(word) else (word,)))
        return list(dict.fromkeys([*found, *others]))


@dataclass(frozen=True)
class Bag:
    """The terms of a piece of text."""

    text: str
    terms: frozenset[str] = field(default_factory=frozenset)


def bag(text: str) -> Bag:
    """The terms of a text, and the text itself without spaces."""
    return Bag("".join(text.lower().split()), frozenset(terms(text)))


def terms(text: str) -> Iterator[str]:
    """All terms of a text: for the index, and for looking into a sentence."""
    plain = text.lower()
    for word in WORD.findall(CJK.sub(" ", plain)):
        yield stem(word)
    for run in CJK.findall(plain):
        yield from run
        yield from _pairs(run)


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def is_chinese(text: str) -> bool:
    """Whether Chinese characters make up most of a text."""
    return 3 * sum(map(len, CJK.findall(text))) > len(text) - sum(text.count(mark) for mark in " ，。？！")


def question(text: str) -> Question:
    """Take a question apart, in the language that it is written in."""
    plain = text.lower().strip().rstrip("?？。.!！")
    chinese = is_chinese(plain)
    if len(plain) > MAX_QUESTION:
        return Question((), None, chinese)
    units = [*_english(plain), *(_chinese(plain) if CJK.search(plain) else ())]
    return Question(tuple(units[:MOST_UNITS]), wanted(plain, "zh" if chinese else "en", _standing_for), chinese)


def _standing_for(noun: str) -> list[str]:
    """An English noun and what may stand for it, as stems; none for a word that says nothing."""
    lexicon = _lexicon("en")
    return [] if noun in lexicon.empty else [stem(noun), *lexicon.others.get(stem(noun), ())]


def _english(plain: str) -> Iterator[Unit]:
    lexicon = _lexicon("en")
    seen: set[str] = set()
    for word in WORD.findall(CJK.sub(" ", plain)):
        word = word.removesuffix("'s")
        term = stem(word)
        if word in lexicon.empty or term in seen:
            continue
        seen.add(term)
        yield Unit(term, (), lexicon.others.get(term, ()), ASIDE if word in lexicon.aside else 1.0)


def _chinese(plain: str) -> Iterator[Unit]:
    lexicon = _lexicon("zh")
    for run in CJK.findall(plain):
        found: list[tuple[str, ...]] = []
        for word, others in lexicon.words:  # the longest first
            if word in run:
                found.append((word, *others))
                run = run.replace(word, " ")
        for word in lexicon.aside_words:
            run = run.replace(word, " ")
        for part in run.split():
            for at, char in enumerate(part):
                wholes = tuple(part[max(0, start) : start + 2] for start in (at - 1, at) if 0 <= start < len(part) - 1)
                yield Unit(char, wholes)
        for word, *alike in found:
            yield Unit(word, tuple(_pairs(word)), tuple(alike), ASIDE if word in lexicon.aside else 1.0)


@dataclass(frozen=True)
class _Lexicon:
    """A language's words, as a question needs them."""

    empty: frozenset[str]
    aside: frozenset[str]
    others: dict[str, tuple[str, ...]]
    """Stem -> stems that may stand for it."""
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Chinese: word -> words, the longest first."""
    aside_words: tuple[str, ...] = ()
    """Chinese: what is taken out of a question, the longest first."""


@cache
def _lexicon(code: str) -> _Lexicon:
    own = own_sentences(code)
    empty, aside = set(own.get("function_words", ())), set(own.get("asking_words", ()))
    groups: list[list[str]] = own.get("same_meaning", [])
    others: dict[str, tuple[str, ...]] = {}
    for group in groups:
        stems = list(dict.fromkeys(map(stem, group)))
        for term in stems:
            others[term] = tuple(dict.fromkeys([*others.get(term, ()), *(other for other in stems if other != term)]))
    words = tuple(sorted(others.items(), key=lambda item: -len(item[0]))) if code == "zh" else ()
    out = tuple(sorted(empty | aside, key=len, reverse=True)) if code == "zh" else ()
    return _Lexicon(frozenset(empty), frozenset(aside), others, words, out)


@cache
def _irregular() -> dict[str, str]:
    """Form -> word."""
    return {form: word for word, forms in own_sentences("en").get("irregular", {}).items() for form in forms.split()}


@cache
def stem(word: str) -> str:
    """An English word without its endings; numbers as digits. Rough, and the same for documents and questions."""
    word = word.removesuffix("'s")
    word = _irregular().get(word) or NUMBERS.get(word, word)
    if len(word) <= 3 or not word.isascii() or not word.isalpha():
        return word
    if word.endswith(("ies", "ied")):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending, most in (("ation", 8), ("ion", 8), ("ment", 8), ("ing", 6), ("ed", 5), ("ly", 6), ("er", 7), ("or", 7)):
        if len(word) >= most and word.endswith(ending):
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
                word = word[:-1]
            break
    return word.removesuffix("e") if len(word) > 3 else word


def join(found: Iterable[str]) -> str:
    """Terms as the index takes them."""
    return " ".join(found)
