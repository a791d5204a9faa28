"""The recogniser's phones, and the transition ids by which its graphs name them.

Label 0 is CTC's blank, 1..39 are the ARPAbet phones: these are the network's outputs ("pdfs"). A Kaldi phone is one of those
with its place in the word (begin, inside, end, single), silence (blank after a word: what ends an utterance), a blank inside a
word, or a garbage phone of `[unk]`, which may be any label. A phone and a pdf make a triple; triple k has the transition ids
2k-1 (stay) and 2k (leave).
"""

BASE = [
    "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH", "IH", "IY", "JH", "K", "L", "M",
    "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH", "UW", "V", "W", "Y", "Z", "ZH",
]  # fmt: skip
LABEL = {phone: index for index, phone in enumerate(BASE, 1)}
OUTPUTS = len(BASE) + 1
SILENCE, BLANK = "SIL", "BLK"
NAMES = [SILENCE, BLANK, *(f"{phone}_{place}" for phone in BASE for place in "BIES"), "UNK_B", "UNK_I", "UNK_E"]
ID = {name: index for index, name in enumerate(NAMES, 1)}


def _pdfs(name: str) -> list[int]:
    if name in (SILENCE, BLANK):
        return [0]
    return sorted(LABEL.values()) if name.startswith("UNK_") else [LABEL[name[:-2]]]


TRIPLES = sorted((ID[name], pdf) for name in NAMES for pdf in _pdfs(name))
_PLACE = {triple: index for index, triple in enumerate(TRIPLES, 1)}


def leave(name: str, label: int | None = None) -> int:
    """The transition id that enters and leaves a phone's state; `label` is needed for a garbage phone only."""
    return 2 * _PLACE[ID[name], _pdfs(name)[0] if label is None else label]


def stay(name: str, label: int | None = None) -> int:
    """The transition id of one more frame in a phone's state."""
    return leave(name, label) - 1


def word_boundaries() -> str:
    """The lines of graph/phones/word_boundary.int."""
    kinds = {"B": "begin", "I": "internal", "E": "end", "S": "singleton"}
    special = {SILENCE: "nonword", BLANK: "internal"}
    return "".join(f"{number} {special.get(name) or kinds[name[-1]]}\n" for name, number in ID.items())
