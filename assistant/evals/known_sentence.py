"""Whether models work here: each hears, thinks about or speaks one known sentence. A trial, no measurement of quality.

Hearing: the sentence, spoken by flite or espeak-ng, must come back in large part. Thinking: the model must know a capital.
Speaking: the voice must make sound of a sentence's length that is not silent. Every error of an engine is a trial that failed.
"""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.audio.format import FRAME_BYTES, RATE, seconds
from assistant.audio.resample import Resampler, from_s16
from assistant.cancel import CancelToken
from assistant.config import Config
from assistant.engines import auto
from assistant.engines.base import TtsSpec, factory
from assistant.errors import AssistantError, EngineUnavailable
from assistant.evals.starter import Message, greedy_reply
from assistant.models import model_roots
from assistant.protocols import AudioChunk, Voice

SENTENCE = {"en": "turn on the kitchen light", "zh": "今天天气怎么样"}
QUESTION = {"en": "what is the capital of france", "zh": "法国的首都是哪里"}
ANSWER = {"en": "Paris", "zh": "巴黎"}
HEARD = {"en": 0.5, "zh": 0.25}
"""The share that must come back. espeak-ng's Chinese is hard to understand; flite's English is recorded from people."""
MIN_S, MAX_S, MIN_RMS = 0.4, 15.0, 0.005
_PAUSE = bytes(RATE)  # half a second


@dataclass(frozen=True)
class Trial:
    """How one model did."""

    kind: str
    """stt, llm or tts."""
    engine: str
    """What was tried: `auto`'s own sentence, or the file."""
    ok: bool
    found: str
    """What was heard, answered or spoken, or what went wrong."""


def with_model(config: Config, key: str, path: Path | None) -> Config:
    """The configuration with exactly this file for `stt.model`, `llm.model` or `tts.voice`; None leaves the choice to `auto`."""
    if path is None:
        return config
    section, _, name = key.partition(".")
    return config.model_copy(update={section: getattr(config, section).model_copy(update={name: str(path)})})


def hear(config: Config, language: str, folder: Path | None) -> Trial:
    """Try a recogniser."""

    def work() -> tuple[str, bool, str]:
        config_ = with_model(config, "stt.model", folder)
        choice = auto.stt(config_, model_roots(config.models), language, live=False)
        session = choice.make().session()
        pcm = _PAUSE + _spoken(language) + _PAUSE
        for at in range(0, len(pcm), 8 * FRAME_BYTES):
            session.feed(pcm[at : at + 8 * FRAME_BYTES])
        heard = session.finish()
        share = _share(SENTENCE[language], heard, language)
        return str(choice), share >= HEARD[language], f"heard {heard!r} ({share:.0%} of {SENTENCE[language]!r})"

    return _try("stt", folder, work)


def think(config: Config, language: str, path: Path | None) -> Trial:
    """Try a language model."""

    def work() -> tuple[str, bool, str]:
        config_ = with_model(config, "llm.model", path)
        choice, model = auto.first_that_loads(auto.llm(config_, model_roots(config.models)))
        try:
            reply = greedy_reply(model, [Message(role="user", content=QUESTION[language])])
        finally:
            model.close()
        return str(choice), ANSWER[language] in reply, f"answered {' '.join(reply.split())!r}"

    return _try("llm", path, work)


def speak(config: Config, language: str, path: Path | None) -> Trial:
    """Try a voice."""

    def work() -> tuple[str, bool, str]:
        config_ = with_model(config, "tts.voice", path)
        choice, voice = auto.first_that_loads(auto.tts(config_, model_roots(config.models), language))
        pcm = _at_our_rate(voice, SENTENCE[language])
        samples = from_s16(pcm)
        loud = float((samples**2).mean() ** 0.5) if len(samples) else 0.0
        length = seconds(len(pcm))
        fine = MIN_S <= length <= MAX_S and loud >= MIN_RMS
        return str(choice), fine, f"spoke {length:.1f} s, loudness {loud:.3f}"

    return _try("tts", path, work)


def _try(kind: str, path: Path | None, work: Callable[[], tuple[str, bool, str]]) -> Trial:
    try:
        engine, ok, found = work()
    except AssistantError as error:
        return Trial(kind, path.name if path else "auto", False, str(error))
    return Trial(kind, engine.partition(": ")[2], ok, found)


def _spoken(language: str) -> bytes:
    """The sentence in a voice that needs no model."""
    spec = TtsSpec(language, "auto")
    try:
        voice: Voice = factory("tts", "flite" if language == "en" else "espeak")(spec)
    except EngineUnavailable:
        voice = factory("tts", "espeak")(spec)
    return _at_our_rate(voice, SENTENCE[language])


def _at_our_rate(voice: Voice, text: str) -> bytes:
    chunks: list[AudioChunk] = list(voice.synthesize(text, CancelToken()))
    if not chunks:
        return b""
    resampler = Resampler(chunks[0].rate, RATE)
    return b"".join(resampler.feed(chunk.pcm) for chunk in chunks) + resampler.flush()


def _share(wanted: str, heard: str, language: str) -> float:
    """The share of words, in Chinese of characters, that were heard in their order."""
    right, found = (list(wanted), list(heard)) if language == "zh" else (wanted.split(), heard.split())
    blocks = difflib.SequenceMatcher(a=right, b=found, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(right)
