"""Writes the recogniser as a folder that Vosk loads, and measures it there."""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from assistant.evals.recognition import word_errors
from assistant.protocols_skills import Talk
from scripts.training import graphs, kaldi_files, vosk_language_model
from scripts.training.speech_features import MELS, noise
from scripts.training.speech_synth import RATE, Samples
from scripts.training.vosk_languages import Spoken
from scripts.training.vosk_layers import Affine


@dataclass(frozen=True)
class Costs:
    """Chosen on the development set: blank's prior, the prices of `[unk]` and of a phone in it, its share of all words."""

    blank_prior: float = 4.0
    unknown: float = 2.0
    unknown_phone: float = 3.0
    unknown_share: float = 0.03


def write(folder: Path, spoken: Spoken, layers: Sequence[Affine], costs: Costs, texts: Sequence[str]) -> None:
    """Write every file of the model; the language model is counted from `texts`."""
    for name in ("am", "conf", "graph/phones"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    out = kaldi_files.Stream()
    kaldi_files.transition_model(out, spoken.sounds)
    kaldi_files.network(out, MELS, layers, [costs.blank_prior] + [1.0] * (spoken.sounds.outputs - 1))
    (folder / "am/final.mdl").write_bytes(out.written())
    (folder / "conf/mfcc.conf").write_text(kaldi_files.MFCC_CONF, encoding="ascii")
    (folder / "conf/model.conf").write_text(kaldi_files.model_conf(20, 13.0), encoding="ascii")
    (folder / "graph/phones/word_boundary.int").write_text(spoken.sounds.word_boundaries(), encoding="ascii")
    words = spoken.vocabulary(texts)
    ids = {word: number for number, word in enumerate([*words, graphs.UNKNOWN], 1)}
    listed = "".join(f"{word} {number}\n" for word, number in ids.items())
    (folder / "graph/words.txt").write_text(f"<eps> 0\n{listed}", encoding="utf-8")
    any_word = graphs.words_graph(spoken.sounds, spoken.lexicon(words), ids, costs.unknown, costs.unknown_phone)
    any_word.write(folder / "graph/HCLr.fst", sort=1)
    follows = vosk_language_model.graph(texts, ids, costs.unknown_share, spoken.shape)
    follows.write(folder / "graph/Gr.fst", sort=0)
    (folder / "graph/disambig_tid.int").write_text(f"{2 * len(spoken.sounds.triples) + 1}\n", encoding="ascii")


def recognise(model: Any, sound: Samples, grammar: Sequence[str] = ()) -> str:
    """What Vosk makes of a sound, fed in quarter seconds."""
    import vosk

    given = [json.dumps(list(grammar), ensure_ascii=False)] if grammar else []
    recogniser = vosk.KaldiRecognizer(model, RATE, *given)
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


def errors(model: Any, spoken: Spoken, items: Iterable[tuple[str, Samples]], grammar: Sequence[str] = ()) -> dict[str, float]:
    """Word (or character) error rate, sentence error rate, sentences, and processor time by the sound's own."""
    wrong = units = sentences = missed = samples = 0
    begun = time.process_time()
    for text, sound in items:
        wanted = spoken.units(text)
        off = word_errors(wanted, spoken.units(recognise(model, sound, grammar)))
        wrong, units, sentences, missed = wrong + off, units + len(wanted), sentences + 1, missed + bool(off)
        samples += len(sound)
    rtf = (time.process_time() - begun) * RATE / samples
    kind = "cer" if spoken.characters else "wer"
    return {kind: round(wrong / units, 4), "ser": round(missed / sentences, 4), "sentences": sentences, "rtf": round(rtf, 4)}


@lru_cache(maxsize=2)
def _router(code: str) -> Any:
    from assistant.skills.router import make_router

    return make_router([code])


def taken(model: Any, spoken: Spoken, sounds: Sequence[Samples]) -> dict[str, float]:
    """Of sounds that are none of its business, the share in which it hears a word, and in which the assistant hears a command.

    A command is what the assistant's own router takes for one, skill or refusal.
    """
    router, talk = _router(spoken.code), Talk(spoken.code, datetime.now, "", "")
    heard = [recognise(model, sound) for sound in sounds]
    texts = [text.replace(" ", "") if spoken.characters else text for text in heard]
    obeyed = [text for text in texts if text and router.match(text, talk) is not None]
    return {"heard": round(sum(map(bool, texts)) / len(texts), 4), "obeyed": round(len(obeyed) / len(texts), 4)}
