"""Recognition with Vosk: any of its model folders, streaming.

Rules: the model is shared, each utterance has a recogniser of its own. Vosk's endpointer may finish a segment in the midst of
an utterance; its words are kept. Words a model marks as unknown are left out. Chinese words are joined without spaces.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from assistant.config import Section, parse_section
from assistant.engines.base import SttSpec
from assistant.engines.vosk_model import UNKNOWN, accept, is_dynamic, load, recogniser, split
from assistant.errors import ConfigError, EngineError
from assistant.protocols import SpokenWord, Transcriber, TranscriptionSession

_UNKNOWN = frozenset({UNKNOWN, "<unk>", "<UNK>"})
_SPACE_BESIDE_CHINESE = re.compile(r"(?<![A-Za-z0-9]) | (?![A-Za-z0-9])")


class Settings(Section):
    """`stt.options` of this engine: it has none."""


def make(spec: SttSpec) -> Transcriber:
    """The recogniser of the folder `spec.model`.

    Raises `ConfigError` (no folder given), `ModelNotFound`, `ModelUnsupported` (no Vosk model), `ModelDamaged`.
    """
    parse_section(Settings, spec.options, ("stt", "options"))
    if spec.model is None:
        raise ConfigError("stt.model: the vosk engine needs a model folder; name one, or set stt.engine to auto")
    return _Vosk(load(spec.model), spec.language, is_dynamic(spec.model))


class _Vosk:
    def __init__(self, model: Any, language: str, dynamic: bool) -> None:
        self._model = model
        self._dynamic = dynamic
        self.language = language
        self.takes_grammar = dynamic and bool(model.vosk_model_find_word(UNKNOWN) >= 0)

    def session(self, grammar: Sequence[str] | None = None) -> TranscriptionSession:
        """Begin an utterance. A grammar is used where the model's graph is dynamic; phrases with words it lacks are left out."""
        phrases: list[str] = []
        if grammar and self._dynamic:
            parts = [split(self._model, phrase) for phrase in grammar]
            phrases = [" ".join(known) for known, missing in parts if known and not missing]
            if phrases and self.takes_grammar:
                phrases.append(UNKNOWN)
        return _Session(recogniser(self._model, json.dumps(phrases, ensure_ascii=False) if phrases else None), self.language)


class _Session:
    def __init__(self, recognizer: Any, language: str) -> None:
        recognizer.SetWords(True)
        self._recognizer = recognizer
        self._chinese = language == "zh"
        self._segments: list[str] = []
        self._words: list[SpokenWord] = []
        self._partial = ""
        self._unknown = 0
        self._finished = False

    @property
    def words(self) -> Sequence[SpokenWord]:
        return tuple(self._words) if self._finished else ()

    @property
    def unknown(self) -> int:
        return self._unknown + sum(word in _UNKNOWN for word in self._partial.split())

    def feed(self, pcm: bytes) -> str:
        """Take sound; return the finished segments and what Vosk believes of the current one."""
        if self._finished:
            raise EngineError("stt engine vosk: this utterance is finished; begin another session")
        if accept(self._recognizer, pcm):
            self._keep(self._recognizer.Result())
            self._partial = ""
        else:
            self._partial = str(json.loads(self._recognizer.PartialResult()).get("partial", ""))
        return self._text(self._partial)

    def finish(self) -> str:
        if not self._finished:
            self._keep(self._recognizer.FinalResult())
            self._partial, self._finished = "", True
        return self._text("")

    def _keep(self, result: str) -> None:
        found = json.loads(result)
        self._segments.append(str(found.get("text", "")))
        for item in found.get("result", ()):
            if item["word"] in _UNKNOWN:
                self._unknown += 1
            else:
                sure = min(float(item.get("conf", 1.0)), 1.0)  # a sum of floats may be a little more
                self._words.append(SpokenWord(str(item["word"]), float(item["start"]), float(item["end"]), sure))

    def _text(self, partial: str) -> str:
        words = " ".join([*self._segments, partial]).split()
        text = " ".join(word for word in words if word not in _UNKNOWN)
        return _SPACE_BESIDE_CHINESE.sub("", text) if self._chinese else text
