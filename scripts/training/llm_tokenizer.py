"""The tokenizer: byte-level BPE with Qwen2's pre-tokenizer, made so that copying is easy.

A word is cut alike wherever it stands: merges are learnt on lower-case words without the character before them; each is
repeated for the word with a capital letter, right behind it; and the space before a word joins its first piece last of all. So
"anna" at the start of a text, " anna" in it, " Anna" in a reply and "Anna" in a JSON string have the same pieces but for the
first, whose four forms are four tokens. Every Chinese character stands alone: no token crosses two of them. Qwen2's pattern:
tokenizer.json of the Qwen2 models (Apache-2.0).
"""

import re
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
    """The piece with its first letter large."""
    return piece[:1].upper() + piece[1:]


def _is_word(piece: str) -> bool:
    return re.fullmatch("[a-z]+", piece) is not None


def train(texts: Iterable[str], size: int) -> "LlmTokenizer":
    """Learn about `size` pieces from the texts, then add the forms of those that can start a word."""
    import json

    from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

    learner = Tokenizer(models.BPE())
    learner.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[\x{2E80}-\x{9FFF}\x{FF00}-\x{FFEF}]"), "isolated"),
            pre_tokenizers.Split(Regex(QWEN2), "isolated"),
            pre_tokenizers.Split(Regex(r"\p{L}+"), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=size, initial_alphabet=alphabet, show_progress=False, min_frequency=2)
    learner.train_from_iterator((text.lower() for text in texts), trainer)
    learnt = [tuple(pair) for pair in json.loads(learner.to_str())["model"]["merges"]]
    merges: list[tuple[str, str]] = []
    words = [letter for letter in alphabet if _is_word(letter)]
    for left, right in learnt:
        merges.append((left, right))
        if _is_word(left + right):
            merges.append((_capital(left), right))
            words.append(left + right)
    merges += [(SPACE, form) for word in words for form in (word, _capital(word))]
    return _build(alphabet, merges)


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

    def forms(self) -> list[tuple[int, int, int]]:
        """Pieces that begin as another's neighbour: (its id, the new one's, 0 for a space before it or 1 for a capital)."""
        number = {token: index for index, token in enumerate(self.tokens)}
        words = [token for token in self.tokens if _is_word(token)]
        pairs = [(word, SPACE + word, 0) for word in words]
        pairs += [(gap + word, gap + _capital(word), 1) for gap in ("", SPACE) for word in words]
        return [(number[base], number[form], kind) for base, form, kind in pairs if form in number]

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
