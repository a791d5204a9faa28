"""What `auto` takes, and why, in one sentence a person can read. Looks at folders and memory; loads nothing."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from assistant.config import Config
from assistant.engines.base import EmbedSpec, LlmSpec, SttSpec, TtsSpec, VadSpec, WakeSpec, Word, factory, mem_available
from assistant.errors import AssistantError, EngineUnavailable, ModelNotFound, ModelTooBig
from assistant.folders import cache_folder
from assistant.models import Models, embedder_languages, research_only
from assistant.protocols import Sampling

# Words wrong of 240 digits that three people said, heard as in a turn, without a grammar: the starter 50 %, pocketsphinx 93 %
# (with the digits as a grammar 33 and 30 %): models/starter/vosk-en.CARD.md, "People".
HUMAN_STARTER_BETTER = True
TRACED = ("okay_nabu",)
"""Wake words whose traces were measured (docs/decisions/0025-wakes-in-leavings.md)."""
AT_REST = 20
"""Conversations that are open while no turn of theirs is: 16 of the house (dialogue/talks.py), 4 of other programs (shelf.py).
All share the cells: 25 sequences instead of 5 take 13 MiB more of a model of 0.5 billion, and no time."""


@dataclass(frozen=True)
class Choice:
    """An engine, what it is made from, and why it was taken."""

    kind: str
    name: str
    spec: Any
    why: str

    def make(self) -> Any:
        """Build the engine. Raises `EngineUnavailable`, a `ModelError`, `ConfigError`."""
        return factory(self.kind, self.name)(self.spec)

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}, {self.why}"


def languages(config: Config) -> list[str]:
    """The languages turns can be in: the configured one, then those of the wake words."""
    return list(dict.fromkeys([config.language, *(word.language for word in config.wake.words if word.language)]))


def wake(config: Config, models: Models) -> list[Choice]:
    """The wake engines, each with its words; none: always listening."""
    if config.wake.engine == "none":
        return []
    usual = "micro_wake" if config.wake.engine == "auto" else config.wake.engine
    words: dict[str, list[Word]] = {}
    for word in config.wake.words:
        words.setdefault(word.engine or usual, []).append(Word(word.word, word.language or config.language))
    folders = {
        word.language: models.vosk(word.language)[0] for own in words.values() for word in own if models.vosk(word.language)
    }
    why = "the cheapest" if config.wake.engine == "auto" else "as configured"
    return [
        Choice(
            "wake",
            name,
            WakeSpec(tuple(own), folders, config.wake.options if name == usual else {}),
            f"{', '.join(word.word for word in own)} ({why if name == usual else 'as its words ask'})",
        )
        for name, own in words.items()
    ]


def wake_traces(wakes: Sequence[Choice]) -> dict[str, Choice]:
    """Wake word -> an engine that fires at whatever may be that word, for those for which it was measured."""
    return {
        word.name: replace(wake, spec=replace(wake.spec, words=(word,), traces=True))
        for wake in wakes
        for word in wake.spec.words
        if wake.name == "micro_wake" and word.name in TRACED
    }


def vad(config: Config) -> Choice:
    """The voice-activity engine."""
    name = "silero_vad" if config.vad.engine == "auto" else config.vad.engine
    return Choice("vad", name, VadSpec(config.vad.options), "comes with its network")


def stt(config: Config, models: Models, language: str, live: bool) -> Choice:
    """The recogniser of a language. `live`: it will hear people, not recordings made for it."""
    engine, options = config.stt.engine, config.stt.options
    if config.stt.model != "auto":
        folder = models.find(config.stt.model)
        if folder is None:
            raise ModelNotFound(f"stt.model {config.stt.model}: there is no such folder here or in {_places(models)}")
        return Choice("stt", "vosk", SttSpec(language, folder, options), f"{folder.name} (as configured)")
    folders = models.vosk(language)
    if engine == "pocketsphinx":
        return Choice("stt", engine, SttSpec(language, None, options), "the model of its package (as configured)")
    if not folders:
        raise ModelNotFound(
            f"there is no Vosk model for {language} in {_places(models)}; put its folder there, or set stt.model to one"
        )
    best = folders[0]
    starter = best.parent.name == "starter"
    if engine == "auto" and live and starter and language == "en" and not HUMAN_STARTER_BETTER and _sphinx_installed():
        why = "its model knows people's voices better than the starter, which was made from synthetic speech"
        return Choice("stt", "pocketsphinx", SttSpec(language, None, options), why)
    name = "vosk" if engine == "auto" else engine
    why = "the fullest model here"
    if starter:
        why = "the starter: a small vocabulary, made from synthetic speech"
        why += "; on people still better than pocketsphinx" if live and language == "en" and HUMAN_STARTER_BETTER else ""
    return Choice("stt", name, SttSpec(language, best, options), f"{best.name} ({why})")


def llm(config: Config, models: Models, available: Callable[[], int] = mem_available) -> list[Choice]:
    """The language models to try in this order: the first that fits memory is taken."""
    name = "llama" if config.llm.engine == "auto" else config.llm.engine

    def choice(path: Path, why: str) -> Choice:
        spec = LlmSpec(
            model=path,
            context=config.llm.context,
            kv_tokens=config.llm.kv_tokens or 2 * config.llm.context,
            conversations=config.brain.max_turns + AT_REST,
            threads=config.llm.threads,
            gpu_layers=config.llm.gpu_layers,
            cache=cache_folder(),
            options=config.llm.options,
        )
        return Choice("llm", name, spec, f"{path.name} ({why})")

    if config.llm.model != "auto":
        named = models.find(config.llm.model)
        if named is None:
            raise ModelNotFound(f"llm.model {config.llm.model}: there is no such file here or in {_places(models)}")
        return [choice(named, "as configured")]
    found = models.gguf()
    if not found:
        raise ModelNotFound(f"there is no .gguf file in {_places(models)}; put one there, or set llm.model to one")
    room = available()
    starter = "the starter: small talk and memory, little knowledge"
    whys = {path: starter if path.parent.name == "starter" else "the largest that fits memory" for path in found}
    fitting = [path for path in found if path.stat().st_size < room] or found[-1:]
    return [choice(path, whys[path]) for path in fitting]


def embed(config: Config, models: Models) -> Choice | None:
    """The embedder; None where none is wanted or, with `auto`, none that knows the language is here: words alone are searched."""
    engine, name = config.embed.engine, config.embed.model
    if engine == "none":
        return None
    here, why = models.embedders(config.language), "as configured"
    if name != "auto":
        path = models.find(name) or next((found for found in models.embedders() if found.name == name), None)
        if path is None:
            raise ModelNotFound(f"embed.model {name}: there is no such file here or in {_places(models)}")
    elif here:
        path = max(here, key=lambda found: len(set(languages(config)) & set(embedder_languages(found))))
        why = f"knows {' and '.join(embedder_languages(path))}"
    elif engine == "auto":
        return None
    else:
        raise ModelNotFound(
            f"there is no embedder for {config.language} in {_places(models)}; `assistant models list` names some"
        )
    return Choice("embed", "llama" if engine == "auto" else engine, EmbedSpec(path, config.embed.options), f"{path.name} ({why})")


def tts(config: Config, models: Models, language: str) -> list[Choice]:
    """The voices of a language to try in this order; the first whose library is here is taken."""
    engine, voice, options = config.tts.engine, config.tts.voice, config.tts.options

    def choice(name: str, voice: str, why: str) -> Choice:
        spec = TtsSpec(language, voice, options, cache_folder())
        return Choice("tts", name, spec, f"{Path(voice).stem if name == 'piper' else voice} ({why})")

    if voice.endswith(".onnx"):
        path = models.find(voice)
        if path is None:
            raise ModelNotFound(f"tts.voice {voice}: there is no such file here or in {_places(models)}")
        return [choice("piper", str(path), "as configured")]
    if engine not in ("auto", "piper"):
        return [choice(engine, voice, "as configured")]
    voices = [p for p in models.piper(language) if config.tts.accept_research_voices or not research_only(p)]
    choices = [choice("piper", str(p), "a Piper voice whose licence fits") for p in voices[:1]]
    if engine == "piper":
        if not choices:
            raise ModelNotFound(
                f"there is no Piper voice for {language} in {_places(models)}; put its .onnx and .onnx.json there"
            )
        return choices
    if language == "en":
        choices.append(choice("flite", "auto", "no Piper voice is here"))
    choices.append(
        choice("espeak", "auto", "no Piper voice is here" if language != "en" else "neither a Piper voice nor flite is here")
    )
    return choices


def first_that_loads(choices: list[Choice]) -> tuple[Choice, Any]:
    """Build the first choice whose library is here and which fits memory; the last one's error is raised."""
    for choice in choices[:-1]:
        try:
            return choice, choice.make()
        except (EngineUnavailable, ModelTooBig):
            continue
    return choices[-1], choices[-1].make()


def _sphinx_installed() -> bool:
    try:
        factory("stt", "pocketsphinx")
        import_module("pocketsphinx")
    except (AssistantError, ImportError):
        return False
    return True


def _places(models: Models) -> str:
    return " or ".join(str(root) for root in models.roots)


def sampling(config: Config) -> Sampling:
    """How tokens are chosen; a seed that is not configured is drawn."""
    llm = config.llm
    return Sampling(
        temperature=llm.temperature,
        top_k=llm.top_k,
        top_p=llm.top_p,
        min_p=llm.min_p,
        repetition_penalty=llm.repetition_penalty,
        max_tokens=llm.max_tokens,
        seed=llm.seed or random.SystemRandom().randrange(1, 2**30),
    )
