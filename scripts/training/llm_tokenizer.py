"""The tokenizer: byte-level BPE with Qwen2's pre-tokenizer, made so that copying is easy.

Merges are learnt on lower-case text in which every Chinese character stands alone, so no token crosses two of them. Each merge
that starts a word is then repeated for the same word with a capital letter, right behind it: "anna" and "Anna" are cut alike, and
their pieces differ in the first only. Qwen2's pattern: tokenizer.json of the Qwen2 models (Apache-2.0).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

QWEN2 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
CONTROLS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
SPACE = "Ġ"


def _tokenizer(vocabulary: dict[str, int], merges: Sequence[tuple[str, str]]) -> Any:
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers

    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=list(merges)))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(QWEN2), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def _capital(piece: str) -> str:
    """The piece with its first letter large ("Ġanna" -> "ĠAnna")."""
    head = 1 if piece.startswith(SPACE) else 0
    return piece[:head] + piece[head : head + 1].upper() + piece[head + 1 :]


def _is_start(piece: str) -> bool:
    return re.fullmatch(SPACE + "?[a-z][a-z]*", piece) is not None


def train(texts: Iterable[str], size: int) -> "LlmTokenizer":
    """Learn about `size` pieces from the texts, then add the capital twins that the texts use."""
    import json

    from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

    texts = list(texts)
    learner = Tokenizer(models.BPE())
    learner.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[\x{2E80}-\x{9FFF}\x{FF00}-\x{FFEF}]"), "isolated"),
            pre_tokenizers.Split(Regex(QWEN2), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=size, initial_alphabet=alphabet, show_progress=False, min_frequency=2)
    learner.train_from_iterator((text.lower() for text in texts), trainer)
    learnt = [tuple(pair) for pair in json.loads(learner.to_str())["model"]["merges"]]
    merges: list[tuple[str, str]] = []
    for left, right in learnt:
        merges.append((left, right))
        twin = (_capital(left), _capital(right) if left == SPACE else right)
        if _is_start(left + right) and twin != (left, right):
            merges.append(twin)
    full = _build(sorted(alphabet), merges)
    used = Counter(piece for text in texts for piece in full.pieces(text))
    needed: set[tuple[str, str]] = set()
    parts: set[str] = set()
    for left, right in reversed(merges):
        whole = left + right
        lone = re.fullmatch("[A-Z][a-z]+", whole) is not None  # a capital word without its space: only where texts begin
        if not lone or used[whole] or whole in parts:
            needed.add((left, right))
            parts |= {left, right}
    return _build(sorted(alphabet), [pair for pair in merges if pair in needed])


def _build(alphabet: Sequence[str], merges: Sequence[tuple[str, str]]) -> "LlmTokenizer":
    vocabulary = {char: number for number, char in enumerate(alphabet)}
    for left, right in merges:
        vocabulary.setdefault(left + right, len(vocabulary))
    return LlmTokenizer(vocabulary, merges)


class LlmTokenizer:
    """Text to ids and back; what prompt.py needs of a tokenizer.

    Control tokens come last in the vocabulary and are never read from text.
    """

    no_think: Sequence[int] = ()

    def __init__(self, vocabulary: dict[str, int], merges: Sequence[tuple[str, str]]) -> None:
        """`vocabulary` holds the plain pieces, numbered from 0."""
        self.merges = list(merges)
        self.tokens = [*sorted(vocabulary, key=lambda piece: vocabulary[piece]), *CONTROLS]
        self.end_of_text, self.im_start, self.im_end = (len(vocabulary) + number for number in range(3))
        self._inner = _tokenizer(vocabulary, merges)
        self._cache: dict[str, list[int]] = {}

    def encode(self, text: str) -> list[int]:
        """Ids of plain text."""
        found = self._cache.get(text)
        if found is None:
            found = self._inner.encode(text, add_special_tokens=False).ids
            if len(text) < 100 and len(self._cache) < 200_000:
                self._cache[text] = found
        return found

    def pieces(self, text: str) -> list[str]:
        """Pieces of plain text, in the byte alphabet."""
        return [self.tokens[number] for number in self.encode(text)]

    def decode(self, ids: Sequence[int]) -> str:
        """Text of plain ids; control tokens are dropped."""
        return str(self._inner.decode([number for number in ids if number < self.end_of_text]))

    def word_pieces(self) -> dict[str, list[str]]:
        """Pieces to make words of: those that start a word, and those that continue one."""
        start = [piece[1:] for piece in self.tokens if re.fullmatch(SPACE + "[a-z]{1,12}", piece)]
        return {"start": start, "inner": [piece for piece in self.tokens if re.fullmatch("[a-z]{1,4}", piece)]}

    def save(self, path: Path) -> None:
        """Write vocabulary and merges as JSON."""
        import json

        path.write_text(json.dumps({"tokens": self.tokens[:-3], "merges": self.merges}, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "LlmTokenizer":
        """Read what `save` wrote."""
        import json

        stored = json.loads(path.read_text(encoding="utf-8"))
        return cls({piece: number for number, piece in enumerate(stored["tokens"])}, [(a, b) for a, b in stored["merges"]])
