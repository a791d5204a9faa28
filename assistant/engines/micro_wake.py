"""Wake words with microWakeWord: its four words, or own models, side by side on one stream of features.

Rules: the features (40 a 10 ms) are computed once for all words; each word has its own network, run every 30 ms. Time is
counted in sound, not on the clock. A hit silences all words for `refractory_s`, so one utterance fires once. What a network finds
under its cutoff, but likely (`look_from`), is a hit when the recogniser hears the phrase too (micro_wake_look.py). With more care
all is that it finds; with less, `LESS` is its cutoff. Both only where there is such a look: that was measured.
"""

import difflib
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import Field

from assistant.audio.format import RATE
from assistant.config import Section, parse_section
from assistant.engines.base import WakeSpec, Word, unavailable
from assistant.engines.micro_wake_look import SETTLED_S, Look, look_for
from assistant.errors import ConfigError, EngineError, ModelDamaged, ModelNotFound, ModelUnsupported
from assistant.protocols import Care, Wake, WakeDetector

_FEATURE_MAX = 25.95  # the networks' int8 input holds -128..127 at 0.10196 a step: more would wrap to silence
_FEATURES = 40


class Settings(Section):
    """`wake.options` of this engine."""

    threshold: float | None = Field(None, gt=0, lt=1, description="mean probability that fires; empty: each model's own")
    window: int | None = Field(None, ge=1, le=100, description="30 ms steps the mean is taken over; empty: each model's own")
    look_from: float | None = Field(
        0.08, gt=0, lt=1, description="mean probability from which the recogniser is asked too, for okay_nabu; empty: it is not"
    )
    refractory_s: float = Field(1.5, ge=0, le=10, description="seconds of sound after a hit in which nothing fires")


TRACE = 0.02
"""Mean probability of whatever may be a word. In the sound as it came, okay_nabu said 10 dB over our own voice had more in 35 of
36 cases, what a canceller's leavings were taken for 0.013 at most (docs/decisions/0025-wakes-in-leavings.md)."""
LESS = 0.3
"""Mean probability that fires with less care. One voice that interrupted us had 0.35 to 0.6 in four of its eight misses."""


def make(spec: WakeSpec) -> WakeDetector:
    """Listen for `spec.words`: okay_nabu, hey_jarvis, alexa, hey_mycroft, or the path of a `.tflite` with its `.json` beside it.

    Raises `ConfigError` (unknown word), `ModelNotFound`, `ModelDamaged`, `ModelUnsupported` (own model).
    """
    try:
        from pymicro_wakeword import MicroWakeWordFeatures
    except ImportError as error:
        raise unavailable("wake", "micro_wake", error) from error
    settings = parse_section(Settings, spec.options, ("wake", "options"))
    if spec.traces:
        settings = settings.model_copy(update={"threshold": TRACE, "look_from": None, "refractory_s": 0.0})
    if not spec.words:
        raise ConfigError("wake.words is empty; name at least one word, or choose wake.engine none")
    words = [_load(word, settings) for word in spec.words]
    start = settings.look_from
    looks = [look_for(wake.word, spec.recognisers.get(wake.language), start) if start else None for wake, _ in words]
    return _MicroWake(words, looks, MicroWakeWordFeatures(), settings.refractory_s)


class _MicroWake:
    def __init__(self, words: list[tuple[Wake, Any]], looks: list[Look | None], features: Any, refractory_s: float) -> None:
        self._words = words
        self._looks = looks
        """For each word."""
        self._features = features
        self._refractory = round(refractory_s * RATE)
        self._deaf = 0  # samples still to come in which nothing fires

    def feed(self, frame: bytes, care: Care = "usual") -> Wake | None:
        """Take sound of any length; 10 ms features are cut inside. `EngineError` for half a sample."""
        if len(frame) % 2:
            raise EngineError(f"wake engine micro_wake: {len(frame)} bytes are no whole 16-bit samples; feed s16le mono")
        best: tuple[float, int] | None = None  # how far over its cutoff, which word
        likely = [0.0] * len(self._words)
        cutoffs = [
            _cutoff(model.probability_cutoff, care if look is not None else "usual")
            for (_, model), look in zip(self._words, self._looks, strict=True)
        ]
        for features in self._features.process_streaming(frame):
            clipped = features.clip(max=_FEATURE_MAX)
            for at, (_, model) in enumerate(self._words):  # every network sees every feature, also while deaf
                probability = model.process_streaming_prob(clipped)
                likely[at] = max(likely[at], probability)
                lead = probability - cutoffs[at]
                if lead > 0 and (best is None or lead > best[0]):
                    best = lead, at
        if self._deaf > 0:
            self._deaf -= len(frame) // 2
            return None
        looks = enumerate(zip(self._looks, likely, strict=True))  # every look hears every frame, too
        heard = [at for at, (look, thought) in looks if look is not None and look.feed(frame, thought)]
        if best is None and not heard:
            return None
        at = best[1] if best is not None else heard[0]
        look = self._looks[at]
        behind_s = look.behind_s() if look is not None else None
        self._deaf = self._refractory
        self._forget()
        return replace(self._words[at][0], late_s=(0.0 if best else SETTLED_S) if behind_s is None else behind_s)

    def reset(self) -> None:
        self._features.reset()
        for _, model in self._words:
            model.reset()
        self._deaf = 0
        self._forget()

    def _forget(self) -> None:
        for look in self._looks:
            if look is not None:
                look.forget()

    def __del__(self) -> None:
        self._features = None  # freed here, where Python puts a raised exception aside: its C++ part would lose it, or crash


def _cutoff(usual: float, care: Care) -> float:
    """What a network must find to be believed alone."""
    return {"less": min(usual, LESS), "usual": usual, "more": math.inf}[care]


def _load(word: Word, settings: Settings) -> tuple[Wake, Any]:
    from pymicro_wakeword import MicroWakeWord, Model

    known = {item.value: item for item in Model}
    name = word.name
    if word.word.endswith(".tflite"):
        path = Path(word.word).expanduser()
        name, cutoff, window = path.stem, *_manifest(path)
        built_in = MicroWakeWord.from_builtin(Model.OKAY_NABU)  # knows the library
        _check(path, built_in.lib)
    elif name in known:
        built_in = MicroWakeWord.from_builtin(known[name])
        path, cutoff, window = Path(built_in.tflite_model), built_in.probability_cutoff, built_in.sliding_window_size
    else:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
        raise ConfigError(
            f"wake.words: {word.word!r} is no word of micro_wake; it knows {', '.join(known)} and paths of own .tflite models"
            + (f" (did you mean {near[0]}?)" if near else "")
        )
    model = MicroWakeWord(
        name,
        wake_word=name,
        tflite_model=path,
        probability_cutoff=cutoff if settings.threshold is None else settings.threshold,
        sliding_window_size=settings.window or window,
        trained_languages=[],
        libtensorflowlite_c_path=built_in.libtensorflowlite_c_path,
    )
    return Wake(name, word.language), model


def _manifest(path: Path) -> tuple[float, int]:
    """The cutoff and the window an own model was made for."""
    manifest = path.with_suffix(".json")
    for file in (path, manifest):
        if not file.is_file():
            raise ModelNotFound(f"{file}: no such file; a wake word of your own is NAME.tflite with NAME.json beside it")
    try:
        micro = json.loads(manifest.read_text(encoding="utf-8"))["micro"]
        return float(micro["probability_cutoff"]), int(micro["sliding_window_size"])
    except (ValueError, KeyError, TypeError) as error:
        raise ModelDamaged(f"{manifest}: is no microWakeWord manifest ({error!r}); copy it again with its model") from None


def _check(path: Path, library: Any) -> None:
    """Refuse a file that the package would answer with the end of the process: it does not look at what loading returns."""
    model = library.TfLiteModelCreateFromFile(str(path.resolve()).encode())
    if not model:
        raise ModelDamaged(f"{path}: is no whole TensorFlow Lite model; copy it again")
    interpreter = library.TfLiteInterpreterCreate(model, None)
    usable = bool(interpreter) and library.TfLiteInterpreterAllocateTensors(interpreter) == 0
    if usable:
        tensor = library.TfLiteInterpreterGetInputTensor(interpreter, 0)
        usable = library.TfLiteTensorNumDims(tensor) == 3 and library.TfLiteTensorDim(tensor, 2) == _FEATURES
    if interpreter:
        library.TfLiteInterpreterDelete(interpreter)
    library.TfLiteModelDelete(model)
    if not usable:
        raise ModelUnsupported(f"{path}: is no microWakeWord model (its input is not 1 x n x {_FEATURES}); take one that is")
