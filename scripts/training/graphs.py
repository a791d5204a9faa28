"""Decoding graphs of the recogniser, as OpenFst files: the words over their phones (HCLr), and which word follows which (Gr).

Rules: a word's label is on its first arc, so Vosk can compose the two while it runs and take a grammar instead of Gr. Costs are
negative natural logarithms of the language model only. Source: OpenFst's vector and header formats, version 2.
"""

import math
import struct
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from scripts.training.phones import BASE, BLANK, LABEL, SILENCE, leave, stay
from scripts.training.words_lexicon import Pronunciation

UNKNOWN = "[unk]"
_MAGIC, _VERSION, _EXPANDED_MUTABLE = 2125659606, 2, 3
_ARC = np.dtype([("input", "<i4"), ("output", "<i4"), ("cost", "<f4"), ("next", "<i4")])


class Graph:
    """States with weighted arcs; state 0 is the start."""

    def __init__(self) -> None:
        self.arcs: list[list[tuple[int, int, float, int]]] = []
        self.final: list[float] = []

    def state(self, final: float = math.inf) -> int:
        """A new state; `final` is the cost of ending there."""
        self.arcs.append([])
        self.final.append(final)
        return len(self.arcs) - 1

    def arc(self, source: int, target: int, input: int = 0, output: int = 0, cost: float = 0.0) -> None:
        """An arc; label 0 is empty."""
        self.arcs[source].append((input, output, cost, target))

    def write(self, path: Path, sort: int) -> None:
        """A vector FST, the arcs of a state sorted by input (0) or output (1) label."""
        count = sum(len(arcs) for arcs in self.arcs)
        with path.open("wb") as file:
            file.write(struct.pack("<i", _MAGIC))
            for name in ("vector", "standard"):
                file.write(struct.pack("<i", len(name)) + name.encode())
            file.write(struct.pack("<iiQqqq", _VERSION, 0, _EXPANDED_MUTABLE, 0, len(self.arcs), count))
            for final, arcs in zip(self.final, self.arcs, strict=True):
                file.write(struct.pack("<fq", final, len(arcs)))
                file.write(np.array(sorted(arcs, key=lambda arc: arc[sort]), _ARC).tobytes())


def words_graph(
    lexicon: Mapping[str, Sequence[Pronunciation]], ids: Mapping[str, int], unknown_cost: float, phone_cost: float
) -> Graph:
    """Any sequence of words: hub after a word, silence, hub before a word."""
    graph = Graph()
    after, silence, before = graph.state(0.0), graph.state(0.0), graph.state()
    graph.arc(after, silence, leave(SILENCE))
    graph.arc(silence, silence, stay(SILENCE))
    graph.arc(silence, before)
    graph.arc(after, before)
    for word, number in ids.items():
        if word == UNKNOWN:
            _unknown(graph, before, after, number, unknown_cost, phone_cost)
        else:
            for pronunciation in lexicon[word]:
                _word(graph, before, after, number, pronunciation)
    return graph


def _word(graph: Graph, before: int, after: int, number: int, pronunciation: Pronunciation) -> None:
    """Between two phones a blank may stand; between two equal ones it must, for CTC would merge them."""
    sources = [before]
    for index, phone in enumerate(pronunciation):
        last = index == len(pronunciation) - 1
        name = f"{phone}_{('S' if last else 'B') if index == 0 else ('E' if last else 'I')}"
        here = graph.state()
        for source in sources:
            graph.arc(source, here, leave(name), number if index == 0 else 0)
        graph.arc(here, here, stay(name))
        if last:
            graph.arc(here, after)
            return
        blank = graph.state()
        graph.arc(here, blank, leave(BLANK))
        graph.arc(blank, blank, stay(BLANK))
        sources = [blank] if pronunciation[index + 1] == phone else [here, blank]


def _unknown(graph: Graph, before: int, after: int, number: int, cost: float, phone_cost: float) -> None:
    """Two or more phones of any kind, each at a price."""
    begun, hub = graph.state(), graph.state()
    graph.arc(before, begun, 0, number, cost)
    for phone in BASE:
        for name, source, target in (("UNK_B", begun, hub), ("UNK_I", hub, hub), ("UNK_E", hub, after)):
            here = graph.state()
            graph.arc(source, here, leave(name, LABEL[phone]), cost=phone_cost)
            graph.arc(here, here, stay(name, LABEL[phone]))
            graph.arc(here, target)
    blank = graph.state()
    graph.arc(hub, blank, leave(BLANK))
    graph.arc(blank, blank, stay(BLANK))
    graph.arc(blank, hub)


def bigram_graph(sentences: Iterable[str], ids: Mapping[str, int], unknown_share: float, discount: float = 0.5) -> Graph:
    """A bigram with absolute discounting over the sentences; words of `ids` they lack get half a count."""
    single: Counter[str] = Counter()
    pairs: defaultdict[str, Counter[str]] = defaultdict(Counter)
    end = "</s>"
    for sentence in sentences:
        last = "<s>"
        for word in [*sentence.split(), end]:
            pairs[last][word] += 1
            single[word] += 1
            last = word
    counts = {word: single[word] + 0.5 for word in ids if word != UNKNOWN}
    counts[end] = float(single[end])
    counts[UNKNOWN] = unknown_share * sum(counts.values())
    total = sum(counts.values())
    share = {word: count / total for word, count in counts.items()}
    graph = Graph()
    states = {history: graph.state() for history in ["<s>", *(word for word in pairs if word != "<s>")]}
    backoff = graph.state(-math.log(share[end]))
    for word, number in ids.items():
        graph.arc(backoff, states.get(word, backoff), number, number, -math.log(share[word]))
    for history, following in pairs.items():
        state, seen = states[history], sum(following.values())
        left = discount * len(following) / seen
        for word, count in following.items():
            cost = -math.log((count - discount) / seen + left * share[word])
            if word == end:
                graph.final[state] = cost
            else:
                graph.arc(state, states.get(word, backoff), ids[word], ids[word], cost)
        graph.arc(state, backoff, cost=-math.log(left))
    return graph
