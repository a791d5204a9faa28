"""Speech to train and to test the starter recognisers: sentences said by espeak-ng and, in English, by flite, Pico and festival.

Rules: sound is 16 kHz int16. Voices are split, not only sentences: `test_rms` and `test_ked` are speakers that training and
choosing have never heard, and so are the espeak-ng variants of `test_espeak`. Needs the commands espeak-ng and, in English,
flite, py-nanotts (Pico) and, for `dev_kal` and `test_ked`, text2wave (festival with festvox-kallpc16k and festvox-kdlpc16k).
"""

import io
import itertools
import random
import subprocess
import wave
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scripts.training.words_lexicon import dictionary

RATE = 16_000
Samples = npt.NDArray[np.int16]

_ACCENTS = {
    "en": (
        "en-us", "en-us", "en-us", "en-us", "en-gb", "en-gb", "en-gb-x-rp", "en-gb-scotland", "en-gb-x-gbclan", "en-gb-x-gbcwmd",
        "en-us-nyc", "en-029",
    ),
    "zh": ("cmn-latn-pinyin",),
}  # fmt: skip
"""Mandarin is said by the voice that reads Latin as pinyin: espeak-ng's table gives pinyin for common characters, which the plain
`cmn` of version 1.51 (Debian 12) then spells in English."""
_VARIANTS = (
    "", "", "f1", "f2", "f3", "f5", "m1", "m2", "m3", "m4", "m5", "m6", "m8", "Alex", "Andrea", "Annie", "Diogo", "Gene",
    "Henrique", "Jacky", "Lee", "Mario", "Michael", "Mike", "Hugo", "antonio", "belinda", "iven", "iven2", "john", "linda",
    "pablo", "paul", "pedro", "rob", "robert", "steph", "travis", "anika", "david", "edward", "grandma", "klatt2", "klatt4",
    "klatt6", "shelby", "victor", "miguel", "marcelo", "michel", "norbert", "aunty", "benjamin", "boris", "Denis", "edward2",
    "Gene2", "gustave", "iven3", "iven4", "grandpa", "sandro", "steph3", "Storm", "klatt", "klatt3", "klatt5", "Nguyen",
    "kaukovalta", "Tweaky",
)  # fmt: skip
_DEV_VARIANTS = ("adam", "Andy", "Alicia", "caleb", "ed", "Marco")
_TEST_VARIANTS = ("max", "quincy", "steph2", "zac", "f4", "m7")  # no training sentence is said by these, nor by the six above
_PICO = ("en-US", "en-GB")
_FLITE = ("slt", "slt", "slt", "awb", "awb", "awb", "kal16", "kal")


@dataclass(frozen=True)
class Voice:
    """One way of speaking: the engine, its voice, words a minute (espeak-ng), stretch (flite) or speed (Pico), and pitch."""

    engine: str
    name: str
    speed: float
    pitch: int = 50


@dataclass(frozen=True)
class Utterance:
    """What is said and how."""

    text: str
    voice: Voice


def plan(language: str, name: str, texts: Iterator[str], count: int, seed: int) -> list[Utterance]:
    """`count` of the texts in the voices of a set: train, words, pico, dev, dev_kal, test_espeak, test_rms, test_ked.

    The same arguments give the same list.
    """
    rng = random.Random(f"{name} voices {language} {seed}")
    return [Utterance(text, _voice(language, name, rng)) for text in itertools.islice(texts, count)]


def _voice(language: str, name: str, rng: random.Random) -> Voice:
    if name == "test_rms":
        return Voice("flite", "rms", rng.uniform(0.9, 1.15))
    if name in ("test_ked", "dev_kal"):
        return Voice("festival", name.split("_")[1] + "_diphone", 1.0)
    if name == "pico":
        return Voice("pico", rng.choice(_PICO), rng.uniform(0.75, 1.35), rng.randrange(75, 130))
    training = name in ("train", "words")
    if training and language == "en" and rng.random() < 0.4:
        return Voice("flite", rng.choice(_FLITE), rng.uniform(0.75, 1.35))
    variants = _VARIANTS if training else _DEV_VARIANTS if name == "dev" else _TEST_VARIANTS
    variant = rng.choice(variants)
    voice = rng.choice(_ACCENTS[language]) + (f"+{variant}" if variant else "")
    if training:
        return Voice("espeak", voice, round(rng.uniform(115, 220)), rng.randrange(15, 90))
    return Voice("espeak", voice, round(rng.uniform(125, 195)), rng.randrange(25, 76))


def strange(count: int, vocabulary: set[str]) -> list[Utterance]:
    """Sentences of four random English words, none of the vocabulary, in the English development voices."""
    rng = random.Random("strange")
    words = [word for word in sorted(dictionary()) if word.isalpha() and len(word) > 4 and word not in vocabulary]
    return [Utterance(" ".join(rng.sample(words, 4)), _voice("en", "dev", rng)) for _ in range(count)]


def say(utterance: Utterance) -> Samples:
    """The sound of it, with its pauses at both ends cut to at most a quarter second."""
    voice, text = utterance.voice, utterance.text
    if voice.engine == "pico":
        data = (
            import_module("py_nanotts")
            .NanoTTS()
            .speak(text, voice=voice.name, speed=voice.speed, pitch=voice.pitch / 100, volume=0.5)
        )
        return _trim(np.frombuffer(data, "<i2"))
    if voice.name.startswith("cmn"):
        text = text.replace(" ", "")
    if voice.engine == "espeak":
        command = [
            "espeak-ng",
            "-b",
            "1",
            "-v",
            voice.name,
            "-s",
            str(int(voice.speed)),
            "-p",
            str(voice.pitch),
            "--stdout",
            text,
        ]
    elif voice.engine == "flite":
        stretch = f"duration_stretch={voice.speed:.2f}"
        command = ["flite", "-voice", voice.name, "--setf", stretch, "-t", text, "-o", "/dev/stdout"]
    else:
        command = ["text2wave", "-eval", f"(voice_{voice.name})", "-"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    return _trim(_samples(done.stdout))


def _samples(data: bytes) -> Samples:
    import soxr

    with wave.open(io.BytesIO(data)) as file:
        rate = file.getframerate()
    sound = np.frombuffer(data[44 : len(data) // 2 * 2], "<i2")
    if rate == RATE:
        return sound
    changed = np.clip(soxr.resample(sound.astype(np.float32), rate, RATE), -32768, 32767)
    made: Samples = changed.astype(np.int16)
    return made


def _trim(sound: Samples) -> Samples:
    loud = np.flatnonzero(np.abs(sound.astype(np.int32)) > 0.01 * np.abs(sound.astype(np.int32)).max(initial=1))
    if not len(loud):
        return sound[:0]
    edge = RATE // 4
    return sound[max(0, loud[0] - edge) : loud[-1] + edge]


def say_all(utterances: Sequence[Utterance], path: Path, workers: int) -> None:
    """Say them and keep the sound in one `.npz`: texts, voices, lengths and all samples behind one another."""
    sounds: list[Samples] = []
    with ThreadPoolExecutor(workers) as pool:
        for index, sound in enumerate(pool.map(say, utterances), 1):
            sounds.append(sound)
            if index % 200 == 0 or index == len(utterances):
                print(f"\r{path.stem}: {index}/{len(utterances)} said ", end="", flush=True)
    print()
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        path,
        texts=np.array([u.text for u in utterances]),
        voices=np.array([f"{u.voice.engine} {u.voice.name}" for u in utterances]),
        lengths=np.array([len(sound) for sound in sounds]),
        samples=np.concatenate(sounds),
    )


def load(path: Path) -> list[tuple[str, Samples]]:
    """The texts and sounds of a set."""
    with np.load(path) as file:
        ends = np.cumsum(file["lengths"])
        sounds = np.split(file["samples"], ends[:-1])
        return [(str(text), sound) for text, sound in zip(file["texts"], sounds, strict=True)]
