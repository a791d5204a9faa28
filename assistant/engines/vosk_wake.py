"""A wake phrase of one's own, heard by a Vosk recogniser that knows only the phrases and "anything else".

Rules: a phrase whose words the model does not know is refused at start, for it would never be heard. One recogniser per language;
all hear every frame. A phrase counts that has stood in the words so far and stands in the recogniser's last word on it, too; only
that has times, for with `SetPartialWords` the words so far come 0.5 s later, and 1.4 s where somebody talks on (decision 0022).
Vosk grows with constant sound, so recognisers are rebuilt every few minutes of it.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import Field

from assistant.audio.format import RATE
from assistant.config import Section, parse_section
from assistant.engines.base import WakeSpec, Word
from assistant.engines.vosk_model import EARLY_S, UNKNOWN, accept, final_words, is_dynamic, load, phrase_ends, recogniser, split
from assistant.errors import ConfigError, ModelUnsupported
from assistant.protocols import Care, Wake, WakeDetector

_EARLY_S = {"zh": 0.15}
"""Languages whose phrases sound on longer than `EARLY_S` behind the end that Vosk says (decision 0022)."""
SETTLED = round(0.6 * RATE)
"""Samples for which a phrase must stand in the words so far: Vosk writes it while its last syllables are still being said."""


class Settings(Section):
    """`wake.options` of this engine."""

    recycle_s: float = Field(300.0, ge=10, le=3600, description="seconds of sound after which recognisers are rebuilt")


def make(spec: WakeSpec) -> WakeDetector:
    """Listen for the phrases `spec.words` with the Vosk folders `spec.recognisers`.

    Raises `ConfigError` (no words, no model of a phrase's language, words that model does not know), `ModelUnsupported` (a graph
    that takes no grammar), and what `vosk_model.load` raises.
    """
    settings = parse_section(Settings, spec.options, ("wake", "options"))
    if not spec.words:
        raise ConfigError("wake.words is empty; name at least one phrase, or choose wake.engine none")
    languages = dict.fromkeys(word.language for word in spec.words)
    return _VoskWake([_Ear(spec, language, round(settings.recycle_s * RATE)) for language in languages])


class _VoskWake:
    def __init__(self, ears: "list[_Ear]") -> None:
        self._ears = ears

    def feed(self, frame: bytes, care: Care = "usual") -> Wake | None:
        """Take sound of any length. `EngineError` for half a sample."""
        heard = [wake for ear in self._ears if (wake := ear.feed(frame))]  # every language hears every frame
        if heard:
            self.reset()
        return heard[0] if heard else None

    def reset(self) -> None:
        for ear in self._ears:
            ear.reset()


class _Ear:
    """One language's recogniser and phrases."""

    def __init__(self, spec: WakeSpec, language: str, recycle: int) -> None:
        words = [word for word in spec.words if word.language == language]
        folder = spec.recognisers.get(language)
        if folder is None:
            raise ConfigError(f"wake.words: {words[0].word!r} needs a Vosk model for {language} in models/; there is none")
        if not is_dynamic(folder):
            load(folder)  # what is wrong with it otherwise is the better message
            raise ModelUnsupported(f"{folder}: its graph is fixed; a wake phrase needs a model with graph/HCLr.fst")
        model = load(folder)
        if model.vosk_model_find_word(UNKNOWN) < 0:
            raise ModelUnsupported(f"{folder}: has no word {UNKNOWN}, so any sound would be a wake phrase; take another model")
        phrases = {_phrase(model, word, str(folder)): Wake(word.word, language) for word in words}
        self._phrases = sorted(phrases.items(), key=lambda item: -len(item[0]))  # the longest that fits is meant
        grammar = json.dumps([*phrases, UNKNOWN], ensure_ascii=False)
        self._build: Callable[[], Any] = lambda: recogniser(model, grammar, times=True)
        self._recognizer = self._build()
        self._recycle = recycle
        self._early_s = _EARLY_S.get(language, EARLY_S)
        self._seen = 0  # samples since a phrase stood in the words so far
        self._fed = 0  # samples since it was built

    def feed(self, frame: bytes) -> Wake | None:
        ended = accept(self._recognizer, frame)
        self._fed += len(frame) // 2
        fed_s = self._fed / RATE
        found = json.loads(self._recognizer.Result() if ended else self._recognizer.PartialResult())
        text = f" {found.get('text' if ended else 'partial', '')} "
        if ended and self._fed >= self._recycle:  # between segments, so no phrase is cut; Vosk ends one every 20 s at the latest
            self._recognizer = self._build()
            self._fed = 0
        phrase, wake = next(((phrase, wake) for phrase, wake in self._phrases if f" {phrase} " in text), ("", None))
        if wake is None:
            self._seen = 0
            return None
        self._seen += len(frame) // 2
        if not ended and self._seen < SETTLED:
            return None
        ends = phrase_ends(found.get("result", ()) if ended else final_words(self._recognizer), phrase)
        if not ends:
            self._seen = 0
            return None
        return replace(wake, late_s=max(0.0, fed_s - self._early_s - ends[0]))

    def reset(self) -> None:
        self._recognizer.Reset()
        self._seen = 0


def _phrase(model: Any, word: Word, folder: str) -> str:
    known, missing = split(model, word.word)
    if missing or not known:
        near = {close for one in missing for close in get_close_matches(one, _vocabulary(Path(folder)), n=3)}
        choose = f"near are {', '.join(sorted(near))}" if near else "choose words it knows"
        raise ConfigError(
            f"wake.words: {word.word!r} can never be heard: {folder} does not know {', '.join(missing) or 'it'}; "
            f"{choose}, or take another model"
        )
    return " ".join(known)


def _vocabulary(folder: Path) -> list[str]:
    """The words of a model, as far as it lists them."""
    listed = folder / "graph/words.txt"
    lines = listed.read_text(encoding="utf-8", errors="replace").splitlines() if listed.is_file() else []
    return [line.split()[0] for line in lines if line[:1].isalpha()]
