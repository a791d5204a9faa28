"""The decoding graph of the bench's recogniser: a vocabulary's tree of phones (HCLr), a bigram (Gr); random costs, real size.

Rules: both are OpenFst's constant FSTs, which lie in memory as in the file, as the compact ones of a real small model do. A
word's label is on the arc that leaves its last phone, so all words share the tree; the language model's cost comes at its end.
"""

import struct
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from scripts.training.phones import ENGLISH, SILENCE, Inventory
from scripts.training.words_lexicon import Pronunciation

UNKNOWN = "[unk]"
GARBAGE = "SPN"
"""The one phone of `[unk]`."""
_INPUT_SORTED, _OUTPUT_SORTED, _EXPANDED = 0x10000000, 0x40000000, 1
_ARC = np.dtype([("input", "<i4"), ("output", "<i4"), ("cost", "<f4"), ("next", "<i4")])
_STATE = np.dtype([("final", "<f4"), ("first", "<u4"), ("arcs", "<u4"), ("in_eps", "<u4"), ("out_eps", "<u4")])
_MAGIC, _VERSION = 2125659606, 2


class Contexts(Inventory):
    """English phones with many triples each, as the contexts of a real model's have; silence and garbage have one."""

    TRIPLES, POOL = 32, 62
    """Triples of a phone in one place of a word; pdfs that its four places share."""

    def __init__(self) -> None:
        super().__init__(ENGLISH.base)
        names = [SILENCE, f"{GARBAGE}_S", *(f"{phone}_{place}" for phone in self.base for place in "BIES")]
        self.id = {name: number for number, name in enumerate(names, 1)}
        self.outputs = 2 + len(self.base) * self.POOL
        self.triples = [(number, pdf) for name, number in self.id.items() for pdf in self._of(name)]
        self._first: dict[str, int] = {}
        for place, (number, _) in enumerate(self.triples, 1):
            self._first.setdefault(names[number - 1], place)

    def _of(self, name: str) -> range:
        number = self.id[name]
        if number <= 2:
            return range(number - 1, number)
        phone, place = divmod(number - 3, 4)
        first = 2 + phone * self.POOL + place * (self.POOL - self.TRIPLES) // 3
        return range(first, first + self.TRIPLES)

    def leave(self, name: str, label: int | None = None) -> int:
        """The transition id that enters and leaves a phone's state; `label`, any number, chooses its context."""
        return 2 * (self._first[name] + (label or 0) % len(self._of(name)))


CONTEXTS = Contexts()


def vocabulary(dictionary: Mapping[str, Sequence[Pronunciation]], size: int) -> dict[str, Pronunciation]:
    """`size` words with a pronunciation each: the dictionary's, then made-up ones: a word and the next one without a gap."""
    words = {word: several[0] for word, several in sorted(dictionary.items())[:size]}
    pairs = list(words.items())
    step = 1
    while len(words) < size:
        for (one, first), (other, second) in zip(pairs, pairs[step:], strict=False):
            if len(words) == size:
                break
            words.setdefault(f"{one}-{other}", (*first[:5], *second[-5:]))
        step += 1
    return words


class Tree:
    """Phones of all words from a root; what begins alike is shared."""

    def __init__(self) -> None:
        self.children: list[dict[str, int]] = [{}]
        self.words: list[list[int]] = [[]]
        self.phones = [""]

    def add(self, pronunciation: Pronunciation, word: int) -> None:
        """One more word."""
        last, node = len(pronunciation) - 1, 0
        for index, phone in enumerate(pronunciation):
            node = self._child(node, f"{phone}_{('S' if last == 0 else 'B') if index == 0 else ('E' if index == last else 'I')}")
        self.words[node].append(word)

    def _child(self, node: int, name: str) -> int:
        found = self.children[node].setdefault(name, len(self.phones))
        if found == len(self.phones):
            self.children.append({})
            self.words.append([])
            self.phones.append(name)
        return found


def words_graph(path: Path, pronunciations: Iterable[tuple[int, Pronunciation]]) -> tuple[int, int]:
    """Write HCLr.fst: any sequence of words, silence between them. Returns its numbers of states and arcs."""
    tree = Tree()
    for word, pronunciation in pronunciations:
        tree.add(pronunciation, word)
    after, silence, root = 0, 1, 2  # a tree's node n is state n + 2
    quiet, stay_quiet = CONTEXTS.leave(SILENCE), CONTEXTS.stay(SILENCE)
    arcs = [(after, quiet, 0, silence), (after, 0, 0, root), (silence, stay_quiet, 0, silence), (silence, 0, 0, root)]
    for node, children in enumerate(tree.children):
        for name, child in children.items():
            leave = CONTEXTS.leave(name, node * 7919 + child)
            arcs.append((node + root, leave, 0, child + root))
            arcs.append((child + root, leave - 1, 0, child + root))
        arcs += [(node + root, 0, word, after) for word in tree.words[node]]
    table = np.array(arcs, np.int64)
    final = np.full(len(tree.phones) + root, np.inf, np.float32)
    final[[after, silence]] = 0.0
    write(path, final, table, np.zeros(len(table), np.float32), sort="output")
    return len(final), len(table)


def bigram_graph(path: Path, words: int, bigrams: int, seed: int) -> tuple[int, int]:
    """Write Gr.fst: each word is a history, `bigrams` random pairs of words, the rest by backing off. Returns its size."""
    rng = np.random.default_rng(seed)
    share = 1.0 / (10.0 + rng.permutation(words))  # Zipf's law
    share /= share.sum()
    pairs = np.unique(_drawn(rng, share, bigrams, words))
    while len(pairs) < bigrams:
        pairs = np.unique(np.concatenate([pairs, _drawn(rng, share, bigrams - len(pairs), words)]))
    history, word = pairs // words + 1, pairs % words + 1
    every = np.arange(1, words + 1)
    none = np.zeros(words, np.int64)
    table = np.concatenate(
        [
            np.stack([none, every, every, every], 1),
            np.stack([every, none, none, none], 1),
            np.stack([history, word, word, word], 1),
        ]
    )
    costs = np.concatenate([-np.log(share), rng.uniform(0.3, 1.0, words), -np.log(share[word - 1]) - rng.uniform(2, 5, bigrams)])
    write(path, np.full(words + 1, 6.0, np.float32), table, np.maximum(costs, 0.1).astype(np.float32), sort="input")
    return words + 1, len(table)


def _drawn(rng: np.random.Generator, share: npt.NDArray[Any], count: int, words: int) -> npt.NDArray[np.int64]:
    ends = np.cumsum(share)
    found = [np.minimum(np.searchsorted(ends, rng.random(count)), words - 1) for _ in range(2)]
    return np.asarray(found[0] * words + found[1], np.int64)


def write(
    path: Path, final: npt.NDArray[np.float32], arcs: npt.NDArray[np.int64], costs: npt.NDArray[np.float32], sort: str
) -> None:
    """A constant FST that starts in state 0; `arcs` are rows of source, input, output, target."""
    order = np.lexsort((arcs[:, 1 if sort == "input" else 2], arcs[:, 0]))
    source, rows = arcs[order, 0], np.zeros(len(arcs), _ARC)
    rows["input"], rows["output"], rows["next"], rows["cost"] = arcs[order, 1], arcs[order, 2], arcs[order, 3], costs[order]
    states = np.zeros(len(final), _STATE)
    states["final"] = final
    states["arcs"] = np.bincount(source, minlength=len(final))
    states["first"] = np.cumsum(states["arcs"]) - states["arcs"]
    for count, name in (("in_eps", "input"), ("out_eps", "output")):
        states[count] = np.bincount(source[rows[name] == 0], minlength=len(final))
    properties = _EXPANDED | (_INPUT_SORTED if sort == "input" else _OUTPUT_SORTED)
    with path.open("wb") as file:
        file.write(struct.pack("<i", _MAGIC))
        for text in ("const", "standard"):
            file.write(struct.pack("<i", len(text)) + text.encode())
        file.write(struct.pack("<iiQqqq", _VERSION, 0, properties, 0, len(states), len(rows)))
        file.write(states.tobytes())
        file.write(rows.tobytes())
