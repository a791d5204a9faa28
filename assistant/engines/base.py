"""The one door for engines: a table kind -> name -> "module:factory", plus Python entry points for strangers' engines.

A factory takes the spec of its kind and returns the engine; it may be slow and may raise `EngineUnavailable` or a `ModelError`.
An entry point in the group `edge_assistant.<kind>` adds a name; built-in names cannot be replaced. Nothing is imported before
an engine is chosen. Each engine module parses `spec.options` with its own frozen settings model (`config.parse_section`).
"""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from assistant.errors import ConfigError, EngineUnavailable

ENGINES: Mapping[str, Mapping[str, str]] = {
    "wake": {
        "micro_wake": "assistant.engines.micro_wake:make",
        "vosk": "assistant.engines.vosk_wake:make",
    },
    "vad": {"silero_vad": "assistant.engines.silero_vad:make"},
    "stt": {
        "vosk": "assistant.engines.vosk:make",
        "pocketsphinx": "assistant.engines.pocketsphinx:make",
    },
    "llm": {"llama": "assistant.engines.llama:make"},
    "embed": {"llama": "assistant.engines.llama.embed:make"},
    "tts": {
        "piper": "assistant.engines.piper:make",
        "flite": "assistant.engines.flite:make",
        "espeak": "assistant.engines.espeak:make",
    },
}


@dataclass(frozen=True)
class Word:
    """One wake word: a name the engine knows, a phrase, or the path of a model of its own."""

    word: str
    language: str

    @property
    def name(self) -> str:
        """As engines name it: okay_nabu."""
        return self.word.strip().lower().replace(" ", "_").replace("-", "_")


@dataclass(frozen=True)
class WakeSpec:
    """What a wake engine is made from."""

    words: tuple[Word, ...]
    recognisers: Mapping[str, Path] = field(default_factory=dict)
    """Language -> Vosk model folder, for engines that listen with a recogniser."""
    options: Mapping[str, Any] = field(default_factory=dict)
    traces: bool = False
    """Fire at whatever may be a word, in every frame of it."""


@dataclass(frozen=True)
class VadSpec:
    """What a voice-activity engine is made from."""

    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SttSpec:
    """What a recogniser is made from."""

    language: str
    model: Path | None = None
    """Model folder; None for engines whose package carries one."""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LlmSpec:
    """What a language model is made from."""

    model: Path
    context: int
    """Tokens one conversation may hold."""
    kv_tokens: int
    """Tokens all conversations may hold together."""
    conversations: int = 4
    """Conversations that may be open at once."""
    threads: int = 0
    """0: the engine chooses."""
    gpu_layers: int | str = "auto"
    cache: Path | None = None
    """Folder for what can be computed again: beginnings of conversations, the best threads; None: nothing is kept."""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class EmbedSpec:
    """What an embedder is made from."""

    model: Path
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TtsSpec:
    """What a voice is made from."""

    language: str
    voice: str
    """A path for Piper, a voice's name for the others, or "auto": the engine's default for the language."""
    options: Mapping[str, Any] = field(default_factory=dict)
    cache: Path | None = None
    """Folder for what can be made again; None: nothing is kept."""


def names(kind: str) -> list[str]:
    """Names of the engines of a kind, built-in first."""
    built_in = list(ENGINES[kind])
    return built_in + sorted({point.name for point in entry_points(group=f"edge_assistant.{kind}")} - set(built_in))


def factory(kind: str, name: str) -> Callable[..., Any]:
    """The factory of an engine. Raises `ConfigError` for an unknown name, `EngineUnavailable` when its module cannot load."""
    target = ENGINES[kind].get(name)
    if target is None:
        for point in entry_points(group=f"edge_assistant.{kind}"):
            if point.name == name:
                target = point.value
    if target is None:
        near = difflib.get_close_matches(name, names(kind), n=1)
        raise ConfigError(
            f"{kind}.engine is {name!r}; there are {', '.join(names(kind))}" + (f" (did you mean {near[0]}?)" if near else "")
        )
    module, _, attribute = target.partition(":")
    try:
        return getattr(import_module(module), attribute)  # type: ignore[no-any-return]
    except ImportError as error:
        raise unavailable(kind, name, error) from error


def unavailable(kind: str, name: str, error: ImportError) -> EngineUnavailable:
    """The one line for an engine whose package is missing."""
    return EngineUnavailable(
        f"{kind} engine {name}: {error.name or error} is not installed; run scripts/setup, or choose another engine"
    )


def mem_available() -> int:
    """Bytes the system can give without swapping; a very large number where it does not say."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return 1 << 62
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), 1 << 62)
