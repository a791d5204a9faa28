"""Random sentences out of `speech_templates`: `[optional]`, `(one|of)`, `{slot}`, and `{n}` for a number.

Rules: the same generator state gives the same sentence; every word of a sentence is in the pronouncing dictionary, other
sentences are thrown away.
"""

import random
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from scripts.training.words_lexicon import dictionary, known
from scripts.training.words_lists import SLOTS

_TOKEN = re.compile(r"[\[\](){}|]|[^\[\](){}|]+")
Rng = random.Random
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
    " nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


@lru_cache(maxsize=1)
def _slots() -> dict[str, list[str]]:
    return {name: known(phrases) for name, phrases in SLOTS.items()}


def number(rng: Rng) -> str:
    """A number from zero to a hundred and fifty, small ones and round ones more often."""
    value = rng.choice((rng.randrange(13), rng.randrange(100), rng.randrange(0, 101, 5), rng.randrange(151)))
    hundreds, rest = divmod(value, 100)
    units, tens = _UNITS.split(), _TENS.split()
    words = ["one hundred" if rng.random() < 0.5 else "a hundred"] if hundreds else []
    if rest >= 20:
        words.append(tens[rest // 10 - 2])
        rest %= 10
        words += [units[rest]] if rest else []
    elif rest or not hundreds:
        words.append(units[rest])
    return " ".join(words)


def sentence(template: str, rng: Rng) -> str:
    """One sentence of a template."""
    tokens = _TOKEN.findall(template)
    words, rest = _choice(tokens, 0, rng)
    if rest != len(tokens):
        raise ValueError(f"template {template!r} closes what it did not open")
    return " ".join(words.split())


def _choice(tokens: Sequence[str], at: int, rng: Rng) -> tuple[str, int]:
    """One alternative of the group that begins at `at`; returns it and the place after the group."""
    alternatives, text = [], ""
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if token in "([":
            inner, at = _choice(tokens, at, rng)
            text += inner if token == "(" or rng.random() < 0.5 else " "
        elif token == "{":
            name = tokens[at]
            text += number(rng) if name == "n" else rng.choice(_slots()[name])
            at += 2
        elif token == "|":
            alternatives.append(text)
            text = ""
        elif token in ")]":
            break
        else:
            text += token
    alternatives.append(text)
    return rng.choice(alternatives), at


def sentences(templates: Sequence[str], rng: Rng) -> Iterator[str]:
    """Sentences of randomly chosen templates, without end."""
    words = dictionary()
    while True:
        made = sentence(rng.choice(templates), rng)
        if made and all(word in words for word in made.split()):
            yield made
