"""What both Vosk engines need of a model folder: is it whole, load it once, which of its words make up a phrase.

Rules: a model is named by its path alone (Vosk's own look-up by language downloads, and ends the process when it fails). All that
would make the library end the process or fail at the first sound is checked before. Vosk logs nothing: every failure is an error.

Layout (Vosk's documentation, "Model structure"): am/final.mdl, conf/model.conf, conf/mfcc.conf or conf/fbank.conf, and either
graph/HCLG.fst (fixed graph) or graph/HCLr.fst + Gr.fst + disambig_tid.int (dynamic graph: takes a grammar at run time).
"""

import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.audio.format import RATE
from assistant.errors import EngineError, EngineUnavailable, ModelDamaged, ModelNotFound, ModelUnsupported

UNKNOWN = "[unk]"
"""The word that models answer for what is none of theirs."""
EARLY_S = 0.05
"""So much may still sound of a phrase behind the end that Vosk says."""
_FST_MAGIC = 2125659606  # first int32 of every OpenFst file
_QUIET = -2  # no warnings either
_CHUNK = "--frames-per-chunk="
FRAMES_PER_CHUNK = 12
"""Frames of 10 ms that the network waits for before it hears them (Kaldi's default: 21): words come 0.05 s sooner (median; 0.08
of the late ones) and cost 4 % more time with a model of full size, 22 % with the starter's."""
_AGAIN = "fetch the model again, or set stt.model to another Vosk folder"


def is_dynamic(folder: Path) -> bool:
    """Whether the model takes a grammar at run time. Vosk ignores the dynamic graph where a fixed one stands beside it."""
    return (folder / "graph/HCLr.fst").is_file() and not (folder / "graph/HCLG.fst").is_file()


def load(folder: Path) -> Any:
    """The `vosk.Model` of a folder, once per process. Raises `ModelNotFound`, `ModelUnsupported`, `ModelDamaged`."""
    return _load(folder.resolve())


def recogniser(model: Any, grammar: str | None = None, *, times: bool = False) -> Any:
    """A new `vosk.KaldiRecognizer` for 16 kHz sound; `grammar` is a JSON list and must not be empty. Raises `EngineError`.

    `times` has it tell, in a result, when each word was said.
    """
    try:
        made = _vosk().KaldiRecognizer(model, RATE, *([grammar] if grammar else []))
        if times:
            made.SetWords(True)
        return made
    except Exception as error:
        raise EngineError(f"vosk: no recogniser can be made ({error}); {_AGAIN}") from error


def accept(recognizer: Any, pcm: bytes) -> bool:
    """Feed sound; True when Vosk's own endpointer finished a segment. `EngineError` for half a sample or a failed decoder."""
    if len(pcm) % 2:
        raise EngineError(f"vosk: {len(pcm)} bytes are no whole 16-bit samples; feed s16le mono")
    try:
        return bool(recognizer.AcceptWaveform(pcm))
    except Exception as error:
        raise EngineError(f"vosk: the recogniser failed ({error})") from error


def final_words(recognizer: Any) -> list[Mapping[str, Any]]:
    """End the segment; its words with their times, where the recogniser was made to tell them."""
    found: list[Mapping[str, Any]] = json.loads(recognizer.FinalResult()).get("result", [])
    return found


def phrase_ends(words: Sequence[Mapping[str, Any]], phrase: str) -> list[float]:
    """When a phrase ended, each time that it stands in the words: seconds of sound since the recogniser was made."""
    size = len(phrase.split())
    said = [word["word"] for word in words]
    ends = [at + size for at in range(len(said) - size + 1) if " ".join(said[at : at + size]) == phrase]
    return [float(words[end - 1]["end"]) for end in ends]


def split(model: Any, phrase: str) -> tuple[list[str], list[str]]:
    """The words of a phrase as the model writes them, and those it does not know.

    What is written without spaces, as Chinese is, is cut into the longest words of the vocabulary from the left.
    """
    known: list[str] = []
    missing: list[str] = []
    for word in phrase.lower().split():
        rest, parts = word, list[str]()
        while rest:
            size = next((n for n in range(len(rest), 0, -1) if model.vosk_model_find_word(rest[:n]) >= 0), 0)
            if not size or (rest.isascii() and size < len(rest)):  # a Latin word is whole or missing
                missing.append(word)
                break
            parts.append(rest[:size])
            rest = rest[size:]
        else:
            known += parts
    return known, missing


@lru_cache(maxsize=8)  # models are shared: one for each language and size in use
def _load(folder: Path) -> Any:
    vosk = _vosk()
    check(folder)
    vosk.SetLogLevel(_QUIET)
    try:
        with _in_small_chunks(folder) as view:
            model = vosk.Model(str(view))
        probe = vosk.KaldiRecognizer(model, RATE)
        probe.AcceptWaveform(bytes(RATE))  # half a second of silence: a net that does not fit its features fails here
        probe.FinalResult()
    except Exception as error:
        raise ModelDamaged(f"{folder}: Vosk cannot use it, although its files are there ({error}); {_AGAIN}") from error
    return model


@contextmanager
def _in_small_chunks(folder: Path) -> Iterator[Path]:
    """A folder of links to a model's files with a model.conf of its own, for as long as it loads: nothing else can set this.

    The model's own folder where its model.conf says how large a chunk is.
    """
    conf = (folder / "conf/model.conf").read_text(encoding="utf-8")
    if _CHUNK in conf:
        yield folder
        return
    with TemporaryDirectory(prefix="vosk-") as made:
        view = Path(made)
        (view / "conf").mkdir()
        for path in [*folder.iterdir(), *(folder / "conf").iterdir()]:
            if path.name not in ("conf", "model.conf"):
                (view / path.relative_to(folder)).symlink_to(path)
        (view / "conf/model.conf").write_text(f"{conf.rstrip()}\n{_CHUNK}{FRAMES_PER_CHUNK}\n", encoding="utf-8")
        yield view


def _vosk() -> Any:
    try:
        import vosk
    except (ImportError, OSError) as error:  # OSError: libatomic1, which its ARM library needs, is missing
        raise EngineUnavailable(f"vosk cannot be loaded ({error}); run scripts/setup") from error
    return vosk


def check(folder: Path) -> None:
    """Raise what is wrong with a folder, as far as can be told without loading it."""
    if not folder.is_dir():
        raise ModelNotFound(f"{folder}: no such folder; set stt.model to a Vosk model folder, or to auto")
    if not (folder / "am/final.mdl").is_file():
        if (folder / "final.mdl").is_file():
            raise ModelUnsupported(f"{folder}: a Vosk model of the first, flat layout; take one with am/final.mdl")
        raise ModelUnsupported(f"{folder}: is no Vosk model (am/final.mdl is missing); name the folder that the archive holds")
    needed = ["am/final.mdl", "conf/model.conf", "conf/mfcc.conf"]
    if not (folder / "conf/mfcc.conf").is_file() and (folder / "conf/fbank.conf").is_file():
        needed[-1] = "conf/fbank.conf"
    graphs = ["graph/HCLr.fst", "graph/Gr.fst"] if is_dynamic(folder) else ["graph/HCLG.fst"]
    for name in [*needed, *graphs, *(["graph/disambig_tid.int"] if is_dynamic(folder) else [])]:
        if not (folder / name).is_file():
            raise ModelDamaged(f"{folder}: {name} is missing; {_AGAIN}")
    for name in graphs:
        with (folder / name).open("rb") as file:
            head = file.read(4)
        if len(head) < 4 or struct.unpack("<i", head)[0] != _FST_MAGIC:
            raise ModelDamaged(f"{folder}: {name} is no OpenFst graph; {_AGAIN}")
    conf = (folder / "conf/model.conf").read_text(encoding="utf-8", errors="replace")
    if not any(line.strip().startswith("--endpoint.silence-phones=") for line in conf.splitlines()):
        raise ModelDamaged(f"{folder}: conf/model.conf has no --endpoint.silence-phones, without which Vosk stops; {_AGAIN}")
