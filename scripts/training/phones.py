"""The recogniser's phones, and the transition ids by which its graphs name them.

Label 0 is CTC's blank, the others are a language's sounds: these are the network's outputs ("pdfs"). A Kaldi phone is one of
those with its place in the word (begin, inside, end, single), silence (blank after a word: what ends an utterance), a blank
inside a word, or a garbage phone of `[unk]`, which may be any label. A phone and a pdf make a triple; triple k has the transition
ids 2k-1 (stay) and 2k (leave).
"""

from collections.abc import Sequence

SILENCE, BLANK = "SIL", "BLK"


class Inventory:
    """The sounds of a language, numbered."""

    def __init__(self, base: Sequence[str]) -> None:
        self.base = tuple(base)
        self.label = {phone: index for index, phone in enumerate(self.base, 1)}
        self.outputs = len(self.base) + 1
        places = [f"{phone}_{place}" for phone in self.base for place in "BIES"]
        names = [SILENCE, BLANK, *places, "UNK_B", "UNK_I", "UNK_E"]
        self.id = {name: index for index, name in enumerate(names, 1)}
        self.triples = sorted((self.id[name], pdf) for name in names for pdf in self._pdfs(name))
        self._place = {triple: index for index, triple in enumerate(self.triples, 1)}

    def _pdfs(self, name: str) -> list[int]:
        if name in (SILENCE, BLANK):
            return [0]
        return sorted(self.label.values()) if name.startswith("UNK_") else [self.label[name[:-2]]]

    def leave(self, name: str, label: int | None = None) -> int:
        """The transition id that enters and leaves a phone's state; `label` is needed for a garbage phone only."""
        return 2 * self._place[self.id[name], self._pdfs(name)[0] if label is None else label]

    def stay(self, name: str, label: int | None = None) -> int:
        """The transition id of one more frame in a phone's state."""
        return self.leave(name, label) - 1

    def word_boundaries(self) -> str:
        """The lines of graph/phones/word_boundary.int."""
        kinds = {"B": "begin", "I": "internal", "E": "end", "S": "singleton"}
        special = {SILENCE: "nonword", BLANK: "internal"}
        return "".join(f"{number} {special.get(name) or kinds[name[-1]]}\n" for name, number in self.id.items())


_ARPABET = """
AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"""
_PINYIN = """
b p m f d t n l g k h j q x zh ch sh r z c s
a o e i ii u v ai ei ao ou an en ang eng ong er ia ie iao iou ian in iang ing iong ua uo uai uei uan uen uang ueng ve van vn"""
ENGLISH = Inventory(_ARPABET.split())
"""ARPAbet without stress."""
MANDARIN = Inventory(_PINYIN.split())
"""Pinyin's initials and finals without tones; `ii` is the vowel of zhi and zi."""
BASE = list(ENGLISH.base)
"""For the bench's models."""
