"""Recognition with PocketSphinx: open English dictation, streaming, with the models of its own wheel (an extra).

Rules: a decoder is state, so each utterance has one to itself; it costs half a second and 95 MB, so it is used again when its
session has ended or is gone. The cepstral mean, which stands for the microphone and the room, is carried from one utterance
with words to the next: it halves the errors.
"""

import re
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any

from assistant.config import Section, parse_section
from assistant.engines.base import SttSpec
from assistant.errors import ConfigError, EngineError, EngineUnavailable, ModelUnsupported
from assistant.protocols import SpokenWord, Transcriber, TranscriptionSession

_FRAMES = 100  # a second
_LONGEST_WORD_S = 1.2  # it hears noise as one stretched word; hardly a word of English takes as long
_FILLER = re.compile(r"[<\[+]")  # <s>, <sil>, [NOISE], ++SMACK++
_VARIANT = re.compile(r"\(\d+\)$")  # the dictionary's second pronunciation of a word: read(2)
_SPELT = re.compile(r"[a-z'.-]+")  # what is no sign of the grammar format


class Settings(Section):
    """`stt.options` of this engine: it has none."""


def make(spec: SttSpec) -> Transcriber:
    """The English recogniser. Raises `ModelUnsupported` (not English), `EngineUnavailable`, `ConfigError` (a model named)."""
    parse_section(Settings, spec.options, ("stt", "options"))
    if spec.language != "en":
        raise ModelUnsupported(f"stt.engine pocketsphinx knows English only, not {spec.language!r}; take a Vosk model")
    if spec.model is not None:
        raise ConfigError(f"stt.model is {spec.model}: pocketsphinx brings its own; set stt.model to auto")
    try:
        import_module("pocketsphinx")
    except ImportError as error:
        raise EngineUnavailable(
            "stt engine pocketsphinx is not installed; run scripts/setup, or pip install 'edge-assistant[sphinx]'"
        ) from error
    return _PocketSphinx()


class _PocketSphinx:
    language = "en"
    takes_grammar = False  # anything is forced into one of its phrases

    def __init__(self) -> None:
        first = _decoder()
        self._mean = str(first.get_cmn())
        self._idle = [first]
        self._lent: list[tuple[Any, weakref.ref[_Session]]] = []

    def session(self, grammar: Sequence[str] | None = None) -> TranscriptionSession:
        """Begin an utterance; phrases with a word outside the dictionary are left out of the grammar."""
        self._take_back()
        decoder = self._idle.pop() if self._idle else _decoder()
        phrases = [phrase for phrase in map(str.lower, grammar or ()) if _known(decoder, phrase)]
        if phrases:
            decoder.add_jsgf_string("phrases", f"#JSGF V1.0; grammar phrases; public <phrase> = {' | '.join(phrases)};")
        decoder.activate_search("phrases" if phrases else "_default")
        decoder.set_cmn(self._mean)
        session = _Session(decoder, self._keep_mean)
        self._lent.append((decoder, weakref.ref(session)))
        return session

    def _keep_mean(self, mean: str) -> None:
        self._mean = mean

    def _take_back(self) -> None:
        lent, self._lent = self._lent, []
        for decoder, owner in lent:
            session = owner()
            if session is None or session.finished:
                with suppress(RuntimeError):  # its utterance has ended already, unless the session was dropped
                    decoder.end_utt()
                self._idle.append(decoder)
            else:
                self._lent.append((decoder, owner))


class _Session:
    def __init__(self, decoder: Any, keep_mean: Callable[[str], None]) -> None:
        self._decoder = decoder
        self._keep_mean = keep_mean
        self._words: tuple[SpokenWord, ...] = ()
        self.finished = False
        decoder.start_utt()

    @property
    def words(self) -> Sequence[SpokenWord]:
        return self._words

    @property
    def unknown(self) -> int:
        return 0

    def feed(self, pcm: bytes) -> str:
        """Take sound. `EngineError` for half a sample, or after `finish()`."""
        if self.finished:
            raise EngineError("stt engine pocketsphinx: this utterance is finished; begin another session")
        if len(pcm) % 2:
            raise EngineError(f"stt engine pocketsphinx: {len(pcm)} bytes are no whole 16-bit samples; feed s16le mono")
        try:
            self._decoder.process_raw(pcm)
        except RuntimeError as error:
            raise EngineError(f"stt engine pocketsphinx: the decoder failed ({error})") from error
        best = self._decoder.hyp()
        return str(best.hypstr) if best else ""

    def finish(self) -> str:
        if not self.finished:
            try:
                self._decoder.end_utt()
            except RuntimeError as error:
                raise EngineError(f"stt engine pocketsphinx: the decoder failed at the end ({error})") from error
            found = self._decoder.seg() if self._decoder.hyp() else ()
            spoken = [_spoken(part) for part in found if not _FILLER.match(part.word)]
            self._words = tuple(word for word in spoken if word.end - word.start <= _LONGEST_WORD_S)
            if self._words:  # the mean of noise alone would spoil the next utterance
                self._keep_mean(self._decoder.get_cmn())
            self.finished = True
        return " ".join(word.word for word in self._words)


def _decoder() -> Any:
    from pocketsphinx import Decoder

    return Decoder(loglevel="FATAL")


def _known(decoder: Any, phrase: str) -> bool:
    words = phrase.split()
    return bool(words) and all(_SPELT.fullmatch(word) and decoder.lookup_word(word) for word in words)


def _spoken(part: Any) -> SpokenWord:
    return SpokenWord(_VARIANT.sub("", part.word), part.start_frame / _FRAMES, (part.end_frame + 1) / _FRAMES)
