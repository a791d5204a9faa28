"""The recogniser's language model: which word follows which two, counted from sentences, as a back-off graph (Gr).

Rules: interpolated Kneser-Ney, so a word's share among unseen pairs is the number of words it follows, not how often it is said.
N-grams seen less than `Cut` times are left out and their share goes to the shorter history; every state's probabilities with
those behind its back-off arc sum to one. Costs are negative natural logarithms. Source: Chen and Goodman 1998, eq. 26 to 28.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scripts.training.graphs import UNKNOWN, Graph

START, END = "<s>", "</s>"
History = tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """`order` words at most stand together; `cut[n - 2]` is how often n words must have; what each seen one gives away."""

    order: int = 3
    cut: tuple[int, ...] = (1, 2)
    discount: float = 0.75


def counts(sentences: Iterable[str], order: int) -> list[dict[History, Counter[str]]]:
    """For each length of history, shortest first: history -> what follows it how often.

    The longest are counted as they are said; the shorter ones by how many different words stand before (Kneser-Ney), but for
    those that begin a sentence, before which nothing stands.
    """
    said: defaultdict[History, Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        words = [START, *sentence.split(), END]
        for at in range(1, len(words)):
            said[tuple(words[max(0, at - order + 1) : at])][words[at]] += 1
    tables: list[dict[History, Counter[str]]] = [dict() for _ in range(order)]
    for history, following in said.items():
        tables[len(history)][history] = following
    for size in range(order - 1, 0, -1):
        for history, following in tables[size].items():
            shorter = tables[size - 1].setdefault(history[1:], Counter())
            for word in following:
                shorter[word] += 1
    return tables


def graph(sentences: Iterable[str], ids: Mapping[str, int], unknown_share: float, shape: Shape | None = None) -> Graph:
    """The back-off graph over the words of `ids`; `unknown_share` is that of `[unk]` among all words, wherever it is unseen."""
    shape = shape or Shape()
    tables = counts(sentences, shape.order)
    single = tables[0][()]
    share = {word: single[word] + 0.5 for word in ids if word != UNKNOWN}
    share[END] = single[END] + 0.5
    share[UNKNOWN] = unknown_share * sum(share.values())
    total = sum(share.values())
    likely: dict[History, dict[str, float]] = {(): {word: count / total for word, count in share.items()}}
    left: dict[History, float] = {}

    def probability(history: History, word: str) -> float:
        found = likely.get(history)
        if found is None:
            return probability(history[1:], word)
        return found[word] if word in found else left[history] * probability(history[1:], word)

    for size in range(1, shape.order):
        for history, following in tables[size].items():
            if size > 1 and history[1:] not in likely:
                continue
            all_seen = sum(following.values())
            kept = {word: count for word, count in following.items() if count >= shape.cut[size - 1] or history[0] == START}
            if not kept:
                continue
            away = 1.0 - sum(count - shape.discount for count in kept.values()) / all_seen
            likely[history] = {
                word: (count - shape.discount) / all_seen + away * probability(history[1:], word) for word, count in kept.items()
            }
            left[history] = away
    return _as_graph(likely, left, ids)


def _as_graph(likely: Mapping[History, Mapping[str, float]], left: Mapping[History, float], ids: Mapping[str, int]) -> Graph:
    made = Graph()
    states = {history: made.state() for history in sorted(likely, key=lambda history: (history != (START,), history))}
    for history, following in likely.items():
        state = states[history]
        for word, chance in following.items():
            if word == END:
                made.final[state] = -math.log(chance)
                continue
            after = (*history, word)
            while after not in states:
                after = after[1:]
            made.arc(state, states[after], ids[word], ids[word], -math.log(chance))
        if history:
            shorter = history[1:]
            while shorter not in states:
                shorter = shorter[1:]
            made.arc(state, states[shorter], cost=-math.log(left[history]))
    return made
