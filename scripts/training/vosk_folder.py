"""Writes the recogniser as a folder that Vosk loads, and measures it there."""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.evals.recognition import word_errors
from scripts.training import graphs, kaldi_files, phones
from scripts.training.speech_features import MELS, noise
from scripts.training.speech_synth import RATE, Samples
from scripts.training.vosk_layers import Affine
from scripts.training.words_lexicon import dictionary


@dataclass(frozen=True)
class Costs:
    """Chosen on the development set: blank's prior, the prices of `[unk]` and of a phone in it, its share of all words."""

    blank_prior: float = 4.0
    unknown: float = 2.0
    unknown_phone: float = 3.0
    unknown_share: float = 0.03


def vocabulary(texts: Iterable[str]) -> list[str]:
    """Every word that can be recognised: those of the language model's sentences."""
    return sorted({word for sentence in texts for word in sentence.split()})


def labels(text: str) -> list[int]:
    """CTC labels of a sentence in each word's most usual pronunciation."""
    return [phones.LABEL[phone] for word in text.split() for phone in dictionary()[word][0]]


def write(folder: Path, layers: Sequence[Affine], costs: Costs, texts: Sequence[str]) -> None:
    """Write every file of the model; the language model is counted from `texts`."""
    for name in ("am", "conf", "graph/phones"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    out = kaldi_files.Stream()
    kaldi_files.transition_model(out)
    kaldi_files.network(out, MELS, layers, [costs.blank_prior] + [1.0] * (phones.OUTPUTS - 1))
    (folder / "am/final.mdl").write_bytes(out.written())
    (folder / "conf/mfcc.conf").write_text(kaldi_files.MFCC_CONF, encoding="ascii")
    (folder / "conf/model.conf").write_text(kaldi_files.MODEL_CONF, encoding="ascii")
    (folder / "graph/phones/word_boundary.int").write_text(phones.word_boundaries(), encoding="ascii")
    ids = {word: number for number, word in enumerate([*vocabulary(texts), graphs.UNKNOWN], 1)}
    listed = "".join(f"{word} {number}\n" for word, number in ids.items())
    (folder / "graph/words.txt").write_text(f"<eps> 0\n{listed}", encoding="utf-8")
    words = graphs.words_graph(dictionary(), ids, costs.unknown, costs.unknown_phone)
    words.write(folder / "graph/HCLr.fst", sort=1)
    graphs.bigram_graph(texts, ids, costs.unknown_share).write(folder / "graph/Gr.fst", sort=0)
    (folder / "graph/disambig_tid.int").write_text(f"{2 * len(phones.TRIPLES) + 1}\n", encoding="ascii")


def recognise(model: Any, sound: Samples, grammar: Sequence[str] = ()) -> str:
    """What Vosk makes of a sound, fed in quarter seconds."""
    import vosk

    recogniser = vosk.KaldiRecognizer(model, RATE, json.dumps(list(grammar))) if grammar else vosk.KaldiRecognizer(model, RATE)
    data = np.concatenate([np.zeros(RATE // 5, np.int16), sound, np.zeros(RATE // 2, np.int16)]).tobytes()
    parts = []
    for at in range(0, len(data), RATE // 2):
        if recogniser.AcceptWaveform(data[at : at + RATE // 2]):
            parts.append(json.loads(recogniser.Result())["text"])
    parts.append(json.loads(recogniser.FinalResult())["text"])
    return " ".join(word for part in parts for word in part.split() if word != graphs.UNKNOWN)


def noisy(sound: Samples, seed: int, below_db: float = 10.0) -> Samples:
    """The sound with coloured noise so far below it."""
    rng = np.random.default_rng(seed)
    loud = sound.astype(np.float32)
    added = loud + noise(len(loud), rng) * float(np.sqrt(np.mean(loud**2))) * 10 ** (-below_db / 20)
    return np.clip(added, -32768, 32767).astype(np.int16)


def errors(model: Any, items: Iterable[tuple[str, Samples]], grammar: Sequence[str] = ()) -> dict[str, float]:
    """Word error rate, sentence error rate, the number of sentences, and processor time by the sound's own."""
    wrong = words = sentences = missed = samples = 0
    begun = time.process_time()
    for text, sound in items:
        heard = recognise(model, sound, grammar)
        off = word_errors(text.split(), heard.split())
        wrong, words, sentences, missed = wrong + off, words + len(text.split()), sentences + 1, missed + bool(off)
        samples += len(sound)
    rtf = (time.process_time() - begun) * RATE / samples
    return {"wer": round(wrong / words, 4), "ser": round(missed / sentences, 4), "sentences": sentences, "rtf": round(rtf, 4)}


def accepted(model: Any, sounds: Sequence[Samples]) -> float:
    """Share of the sounds of strange words in which it hears a word of its own."""
    return sum(bool(recognise(model, sound)) for sound in sounds) / len(sounds)
