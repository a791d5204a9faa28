"""How well a passage answers a question, and its best sentence: by the share of the question that it carries.

A word of the question counts fully in the sentence itself, less in the sentence before it and in the headings, least elsewhere
in the passage; a word that may stand for it counts less than itself. A word weighs more the fewer passages hold it. A sentence
without the kind of answer that is asked for (a price, a time ...) counts less. `ENOUGH` and `SURE` were set on
tests/documents_dev, not on the documents of `assistant eval documents`.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.memory.wording import Bag, Question, Unit, bag, question

ENOUGH = {False: 0.66, True: 0.6}
"""Chinese or not -> the least score of a passage that is taken for an answer."""
SURE = {False: 0.74, True: 0.68}
"""The least score of a sentence that is said as it stands, without the model."""
OTHER, LOOSE = 0.7, 0.4
"""What counts a word that may stand for one asked for; a Chinese character whose neighbour is missing."""
BEFORE, REFERS, HEAD, AROUND = 0.6, 0.95, 0.9, 0.4
"""What counts a word in the sentence before, before one that begins with "it", in the headings, elsewhere in the passage."""
_REFERS = re.compile(r"(?:it|its|they|their|these|this|those|he|she)\b", re.IGNORECASE)
FIRST, NAMES = 0.1, 0.05
"""Of two that are as good: what counts the first sentence under the question asked, and one that names things itself."""
AGAIN = 0.15
"""What it takes away that a sentence is a question itself, or says nothing that the question does not: its answer follows it."""
MISSING = 0.4
"""What it takes away that a sentence holds no answer of the kind that is asked for."""
UNSEEN = {False: 0.6, True: 1.2}
"""Chinese character or not -> what a word weighs that no passage holds, by the rarest that one does."""


@dataclass(frozen=True)
class Weighed:
    """A passage's best sentence."""

    score: float
    """0 to 1, about."""
    sentence: int
    """Its number."""
    rank: float
    """The score, and what prefers one of two that are as good."""


def weigh(asked: Question, sentences: Sequence[str], head: str, weight: Callable[[Unit], float]) -> Weighed:
    """The sentence that carries most of a question; `weight` tells how rare a unit is."""
    weights = [weight(unit) * unit.share for unit in asked.units]
    total = sum(weights)
    if not total:
        return Weighed(0.0, 0, 0.0)
    bags = [bag(sentence) for sentence in sentences]
    heads = bag(head)
    in_head = [HEAD * credit(unit, heads) for unit in asked.units]
    own = [[credit(unit, held) for unit in asked.units] for held in bags]
    around = [AROUND * max(column) for column in zip(*own, strict=True)]
    of_head = sum(weighs * mine for weighs, mine in zip(weights, in_head, strict=True)) / total
    best = Weighed(0.0, 0, -math.inf)
    for number, sentence in enumerate(sentences):
        before = own[number - 1] if number else [0.0] * len(weights)
        link = REFERS if _REFERS.match(sentence) else BEFORE
        carried = sum(
            weighs * max(mine, link * earlier, headed, near)
            for weighs, mine, earlier, headed, near in zip(weights, own[number], before, in_head, around, strict=True)
        )
        here = sum(weighs * mine for weighs, mine in zip(weights, own[number], strict=True)) / total
        score = carried / total - MISSING * (not asked.fits(sentence))
        if sentence.endswith(("?", "？")) or says_no_more(asked, sentence):
            score -= AGAIN
        answers_head = number == 0 and head.endswith(("?", "？"))  # a question as a heading is answered by what follows it
        rank = score + (FIRST * of_head if answers_head else 0.0) + NAMES * here
        if rank > best.rank + 1e-9:
            best = Weighed(score, number, rank)
    return best


def says_no_more(asked: Question, sentence: str) -> bool:
    """Whether everything that a sentence is about stands in the question."""
    said = question(sentence)
    return _marks(said, asked.chinese) <= _marks(asked, asked.chinese)


def _marks(asked: Question, chinese: bool) -> set[str]:
    terms = {unit.term for unit in asked.units}
    return set("".join(terms)) if chinese else terms


def credit(unit: Unit, held: Bag) -> float:
    """How far a text holds a unit, 0 to 1."""
    if unit.wholes:
        if unit.term in held.text if len(unit.term) > 1 else any(whole in held.text for whole in unit.wholes):
            return 1.0
        if any(other in held.text for other in unit.others):
            return OTHER
        return LOOSE if len(unit.term) == 1 and unit.term in held.text else 0.0
    if unit.term in held.terms:
        return 1.0
    return (
        OTHER
        if any(other in held.terms or (len(other) > 1 and not other.isascii() and other in held.text) for other in unit.others)
        else 0.0
    )


def rarity(passages: int, holding: int) -> float:
    """What a word weighs that so many of the passages hold."""
    return math.log(1 + passages / (holding + 0.5))
