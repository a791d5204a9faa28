"""The sets of speech: how many, which texts, in which voices.

Rules: `train`, `words` (said alone) and `pico` (both, in Pico's voices) are trained on; `dev`, `dev_kal` and `dev_other` choose
what is chosen; the others are only measured, once the choice is made. Texts of `dev` and of the tests: 40 % as in training, 60 %
phrasings that neither training nor the language model has. `commands` is said as it stands, `other_talk` is about anything but
the assistant's business, and so is `dev_other`, with other sentences.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle
from pathlib import Path

from scripts.training import (
    speech_chinese,
    speech_english,
    speech_synth,
    speech_templates,
    speech_tests,
    speech_text,
    words_pinyin,
)

TEXTS = 150_000
"""Sentences the language model is counted from."""
FRAMES = 60_000
SIZES: Mapping[str, Mapping[str, int]] = {
    "en": {
        "train": 40_000, "words": 15_000, "pico": 12_000, "dev": 300, "dev_kal": 120, "test_espeak": 300, "test_rms": 300,
        "test_ked": 150, "commands_rms": 150, "other_talk_espeak": 60, "other_talk_rms": 60, "dev_other": 60,
    },
    "zh": {
        "train": 20_000, "words": 6_000, "frames": 12_000, "dev": 300, "test_espeak": 300, "commands_espeak": 150,
        "other_talk_espeak": 60, "dev_other": 60,
    },
}  # fmt: skip
TRAINED = {"en": ("train", "words", "pico"), "zh": ("train", "words", "frames")}
_SOURCES: Mapping[str, Callable[[random.Random], Iterator[str]]] = {
    "en": speech_english.sentences,
    "zh": speech_chinese.sentences,
}
_SHORT: Mapping[str, Sequence[str]] = {"en": speech_english.COMMANDS, "zh": speech_chinese.COMMANDS}
_VOICES = {
    "commands_rms": "test_rms", "other_talk_rms": "test_rms", "other_talk_espeak": "test_espeak",
    "commands_espeak": "test_espeak", "dev_other": "dev",
}  # fmt: skip


def cut(language: str, text: str) -> str:
    """The text with its words apart by spaces, as the recogniser gives it."""
    return " ".join(words_pinyin.words(text)) if language == "zh" else text


def write_texts(language: str, path: Path) -> None:
    """The sentences of the language model, one a line; everything else of a training is drawn from this file."""
    source = _SOURCES[language](random.Random(f"language model {language}"))
    path.write_text("".join(f"{next(source)}\n" for _ in range(TEXTS)), encoding="utf-8")


def frames(language: str) -> list[str]:
    """More sentences for the language model, words beside any others: of few of them speech is drawn (`frames`)."""
    if language != "zh":
        return []
    source = speech_chinese.frames(random.Random("frames"))
    return [next(source) for _ in range(FRAMES)]


def utterances(language: str, name: str, count: int, texts: Sequence[str], seed: int) -> list[speech_synth.Utterance]:
    """The utterances of a set."""
    source = _texts(language, name, texts, random.Random(f"{name} {language} {seed}"))
    return speech_synth.plan(language, _VOICES.get(name, name), source, count, seed)


def _texts(language: str, name: str, texts: Sequence[str], rng: random.Random) -> Iterator[str]:
    if name == "pico":
        sources = [_texts(language, kind, texts, rng) for kind in ("train", "train", "words")]
        return (next(rng.choice(sources)) for _ in cycle([0]))
    if name == "words":
        short = [cut(language, text) for text in _SHORT[language]]
        words = sorted({word for text in texts for word in text.split()} | (set(characters(language))))
        return (rng.choice(short if rng.random() < 0.6 else words) for _ in cycle([0]))
    if name in ("train", "frames"):
        said = texts if name == "train" else frames(language)
        return (rng.choice(said) for _ in cycle([0]))
    fixed: Mapping[str, Mapping[str, Sequence[str]]] = {
        "commands": speech_tests.COMMANDS,
        "other_talk": speech_tests.OTHER_TALK,
        "dev_other": speech_tests.DEV_OTHER_TALK,
    }
    for kind, sentences in fixed.items():
        if name.startswith(kind):
            return cycle([cut(language, text) for text in sentences[language]])
    new = _new(language, "dev" if name.startswith("dev") else "test", rng)
    return (rng.choice(texts) if rng.random() < 0.4 else next(new) for _ in cycle([0]))


def _new(language: str, kind: str, rng: random.Random) -> Iterator[str]:
    """Sentences in phrasings that no training has."""
    if language == "zh":
        patterns = speech_chinese.DEV if kind == "dev" else speech_chinese.TEST
        return (cut(language, text) for text in speech_chinese.of(patterns, rng))
    return speech_text.sentences(speech_templates.DEV if kind == "dev" else speech_templates.TEST, rng)


def characters(language: str) -> list[str]:
    """What is known besides the words of the sentences."""
    return speech_chinese.characters() if language == "zh" else []
