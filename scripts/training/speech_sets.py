"""The sets of speech: how many, which texts, in which voices.

Rules: `train` and `words` (said alone) are trained on; `dev` and `dev_kal` choose what is chosen; the others are only measured,
once the choice is made. Texts of `dev` and of the tests: 40 % as in training, 60 % phrasings that neither training nor the
language model has. `commands` is said as it stands, `other_talk` is about anything but the assistant's business.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle
from pathlib import Path

from scripts.training import speech_english, speech_synth, speech_templates, speech_tests, speech_text

TEXTS = 150_000
"""Sentences the language model is counted from."""
SIZES: Mapping[str, Mapping[str, int]] = {
    "en": {
        "train": 20_000, "words": 10_000, "dev": 300, "dev_kal": 120, "test_espeak": 300, "test_rms": 300, "test_ked": 150,
        "commands_rms": 150, "other_talk_espeak": 60, "other_talk_rms": 60,
    },
}  # fmt: skip
TRAINED = ("train", "words")
_SOURCES: Mapping[str, Callable[[random.Random], Iterator[str]]] = {"en": speech_english.sentences}
_SHORT: Mapping[str, Sequence[str]] = {"en": speech_english.COMMANDS}
_NEW: Mapping[str, Mapping[str, Sequence[str]]] = {"en": {"dev": speech_templates.DEV, "test": speech_templates.TEST}}


def write_texts(language: str, path: Path) -> None:
    """The sentences of the language model, one a line; everything else of a training is drawn from this file."""
    source = _SOURCES[language](random.Random(f"language model {language}"))
    path.write_text("".join(f"{next(source)}\n" for _ in range(TEXTS)), encoding="utf-8")


def utterances(language: str, name: str, count: int, texts: Sequence[str], seed: int) -> list[speech_synth.Utterance]:
    """The utterances of a set."""
    source = _texts(language, name, texts, random.Random(f"{name} {language} {seed}"))
    voices = {"commands_rms": "test_rms", "other_talk_rms": "test_rms", "other_talk_espeak": "test_espeak"}.get(name, name)
    return speech_synth.plan(language, voices, source, count, seed)


def _texts(language: str, name: str, texts: Sequence[str], rng: random.Random) -> Iterator[str]:
    if name == "words":
        short, words = _SHORT[language], sorted({word for text in texts for word in text.split()})
        return (rng.choice(short if rng.random() < 0.6 else words) for _ in cycle([0]))
    if name == "train":
        return (rng.choice(texts) for _ in cycle([0]))
    if name.startswith("commands"):
        return cycle(speech_tests.COMMANDS)
    if name.startswith("other_talk"):
        return cycle(speech_tests.OTHER_TALK)
    new = speech_text.sentences(_NEW[language]["dev" if name.startswith("dev") else "test"], rng)
    return (rng.choice(texts) if rng.random() < 0.4 else next(new) for _ in cycle([0]))
