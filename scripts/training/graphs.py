"""Decoding graphs of the recogniser, as OpenFst files, and the first of them: the words over their phones (HCLr).

Rules: a word's label is on its first arc, so Vosk can compose the two while it runs and take a grammar instead of Gr. Costs are
negative natural logarithms of the language model only. Source: OpenFst's vector and header formats, version 2.
"""

import math
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from scripts.training.phones import BLANK, SILENCE, Inventory
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
    sounds: Inventory,
    lexicon: Mapping[str, Sequence[Pronunciation]],
    ids: Mapping[str, int],
    unknown_cost: float,
    phone_cost: float,
) -> Graph:
    """Any sequence of words: hub after a word, silence, hub before a word."""
    graph = Graph()
    after, silence, before = graph.state(0.0), graph.state(0.0), graph.state()
    graph.arc(after, silence, sounds.leave(SILENCE))
    graph.arc(silence, silence, sounds.stay(SILENCE))
    graph.arc(silence, before)
    graph.arc(after, before)
    for word, number in ids.items():
        if word == UNKNOWN:
            _unknown(sounds, graph, before, after, number, unknown_cost, phone_cost)
        else:
            for pronunciation in lexicon[word]:
                _word(sounds, graph, before, after, number, pronunciation)
    return graph


def _word(sounds: Inventory, graph: Graph, before: int, after: int, number: int, pronunciation: Pronunciation) -> None:
    """Between two phones a blank may stand; between two equal ones it must, for CTC would merge them."""
    sources = [before]
    for index, phone in enumerate(pronunciation):
        last = index == len(pronunciation) - 1
        name = f"{phone}_{('S' if last else 'B') if index == 0 else ('E' if last else 'I')}"
        here = graph.state()
        for source in sources:
            graph.arc(source, here, sounds.leave(name), number if index == 0 else 0)
        graph.arc(here, here, sounds.stay(name))
        if last:
            graph.arc(here, after)
            return
        blank = graph.state()
        graph.arc(here, blank, sounds.leave(BLANK))
        graph.arc(blank, blank, sounds.stay(BLANK))
        sources = [blank] if pronunciation[index + 1] == phone else [here, blank]


def _unknown(sounds: Inventory, graph: Graph, before: int, after: int, number: int, cost: float, phone_cost: float) -> None:
    """Two or more phones of any kind, each at a price."""
    begun, hub = graph.state(), graph.state()
    graph.arc(before, begun, 0, number, cost)
    for label in sounds.label.values():
        for name, source, target in (("UNK_B", begun, hub), ("UNK_I", hub, hub), ("UNK_E", hub, after)):
            here = graph.state()
            graph.arc(source, here, sounds.leave(name, label), cost=phone_cost)
            graph.arc(here, here, sounds.stay(name, label))
            graph.arc(here, target)
    blank = graph.state()
    graph.arc(hub, blank, sounds.leave(BLANK))
    graph.arc(blank, blank, sounds.stay(BLANK))
    graph.arc(blank, hub)
