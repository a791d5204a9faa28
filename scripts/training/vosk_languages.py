"""What differs between the languages of the starter recognisers: sounds, pronunciations, sets, and how errors are counted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scripts.training import phones, speech_sets, words_lexicon, words_pinyin
from scripts.training.phones import Inventory
from scripts.training.vosk_language_model import Shape
from scripts.training.words_lexicon import Pronunciation


@dataclass(frozen=True)
class Spoken:
    """A language that a recogniser is trained for."""

    code: str
    sounds: Inventory
    pronounce: Callable[[str], Sequence[Pronunciation]]
    """A word's pronunciations, most usual first."""
    dev: tuple[str, ...]
    tests: tuple[str, ...]
    commands: str
    """The set of fifty commands, heard open and as a grammar."""
    other: tuple[str, ...]
    """Sets about anything else."""
    characters: bool = False
    """Errors are counted in characters, not words."""
    copies: int = 1
    """How often each training sentence is used, damaged in another way each time."""
    steps: int = 8_000
    """Of training."""
    batch: int = 16
    """Sentences a step."""
    width: int = 256
    """Of the network's layers."""
    shape: Shape = field(default_factory=Shape)
    """Of the language model."""

    def vocabulary(self, texts: Iterable[str]) -> list[str]:
        """Every word that can be recognised: those of the language model's sentences, and single characters."""
        return sorted({word for sentence in texts for word in sentence.split()} | set(speech_sets.characters(self.code)))

    def lexicon(self, words: Iterable[str]) -> Mapping[str, Sequence[Pronunciation]]:
        """The pronunciations of the words."""
        return {word: self.pronounce(word) for word in words}

    def labels(self, text: str) -> list[int]:
        """CTC labels of a sentence in each word's most usual pronunciation."""
        return [self.sounds.label[phone] for word in text.split() for phone in self.pronounce(word)[0]]

    def units(self, text: str) -> list[str]:
        """What errors are counted in."""
        return list(text.replace(" ", "")) if self.characters else text.split()


SPOKEN: Mapping[str, Spoken] = {
    "en": Spoken(
        "en", phones.ENGLISH, lambda word: words_lexicon.dictionary()[word], ("dev", "dev_kal"),
        ("test_espeak", "test_rms", "test_ked"), "commands_rms", ("other_talk_espeak", "other_talk_rms"), steps=12_000,
        copies=2, batch=32, width=384, shape=Shape(cut=(1, 1)),
    ),
    "zh": Spoken(
        "zh", phones.MANDARIN, words_pinyin.pronunciations, ("dev",), ("test_espeak",), "commands_espeak", ("other_talk_espeak",),
        characters=True, steps=20_000,
    ),
}  # fmt: skip
