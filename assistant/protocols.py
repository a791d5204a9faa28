"""Protocols: what the rooms above know of the engines and devices below.

Sound is the format of `audio/format.py` unless a rate stands beside it. One thread owns each object; the two exceptions say so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from assistant.cancel import CancelToken


@dataclass(frozen=True)
class Wake:
    """A wake word was heard."""

    word: str
    language: str
    late_s: float = field(default=0.0, compare=False)
    """Seconds of sound that have come since the word ended."""


Care = Literal["less", "usual", "more"]
"""How much care is taken that what may be a wake word is one. A detector that has but one way to tell takes the usual care."""


class WakeDetector(Protocol):
    """Hears wake words."""

    def feed(self, frame: bytes, care: Care = "usual") -> Wake | None:
        """Take one frame; say whether a wake word ended in it."""
        ...

    def reset(self) -> None:
        """Forget what was heard so far."""
        ...


class VoiceActivity(Protocol):
    """Tells speech from the rest."""

    def feed(self, frame: bytes) -> float:
        """Take one frame; return the probability of speech, 0..1."""
        ...

    def reset(self) -> None:
        """Forget what was heard so far."""
        ...


@dataclass(frozen=True)
class SpokenWord:
    """A recognised word and when it was said, in seconds from the utterance's first sample."""

    word: str
    start: float
    end: float
    confidence: float = 1.0
    """How sure the recogniser is of it, 0 to 1, where it can tell."""


class TranscriptionSession(Protocol):
    """One utterance; never shared, never reused."""

    @property
    def words(self) -> Sequence[SpokenWord]:
        """The words with their times; empty before `finish()`."""
        ...

    @property
    def unknown(self) -> int:
        """So many words were heard that are none of the recogniser's, or of its grammar, so far."""
        ...

    def feed(self, pcm: bytes) -> str:
        """Take sound of any length; return the words so far."""
        ...

    def finish(self) -> str:
        """End the utterance; return its words ("" for none). `EngineError` when the engine failed."""
        ...


Completeness = Literal["whole", "open", "unknown"]
"""Whether words so far are a whole sentence, wait for more, or cannot be told."""


class Transcriber(Protocol):
    """A recogniser: shared model, own session per utterance."""

    language: str
    takes_grammar: bool
    """Whether a grammar is obeyed, and what is none of its words is told from them (`TranscriptionSession.unknown`)."""

    def session(self, grammar: Sequence[str] | None = None) -> TranscriptionSession:
        """Begin an utterance; `grammar` limits it to those phrases where the engine can, else it is ignored."""
        ...


@dataclass(frozen=True)
class Sampling:
    """How the next token is chosen."""

    temperature: float = 0.7
    """0 takes the most probable."""
    top_k: int = 40
    top_p: float = 0.9
    min_p: float = 0.0
    repetition_penalty: float = 1.1
    max_tokens: int = 1024
    seed: int = 0
    """The same seed and prompt give the same reply; the caller varies it."""
    grammar: str = ""
    """What a reply may be, in GBNF with a rule called root; "" for anything. Cut at `max_tokens` it is only a beginning."""
    logit_bias: tuple[tuple[int, float], ...] = ()
    """(id, what is added to its logit before anything else); -inf forbids the token."""
    stop: tuple[str, ...] = ()
    """Texts that end the reply when they are generated; neither they nor what follows is part of it."""
    stop_ids: tuple[int, ...] = ()
    """Tokens that end it besides the model's own."""


@dataclass(frozen=True)
class Piece:
    """One generated token. `text` may be "" while a character is incomplete, or while it may belong to a stop string."""

    id: int
    text: str


class ChatSession(Protocol):
    """One conversation's token ids and the KV cells that hold them."""

    @property
    def ids(self) -> Sequence[int]:
        """All ids appended or generated so far, evaluated or not."""
        ...

    @property
    def evaluated(self) -> int:
        """Prompt tokens this session has computed in its life: the count that measures reuse."""
        ...

    def append(self, ids: Sequence[int]) -> None:
        """Put ids at the end; computes nothing yet."""
        ...

    def keep(self, length: int) -> None:
        """The first `length` ids will be needed after a restart too; they hold nothing that a user said."""
        ...

    def evaluate(self, limit: int, cancel: CancelToken) -> int:
        """Compute at most `limit` of the ids still pending; return how many are left.

        Raises `cancel.Cancelled`; `ContextFull` (EngineError) when they do not fit.
        """
        ...

    def stream(self, sampling: Sampling, cancel: CancelToken) -> Iterator[Piece]:
        """Generate lazily, one token per `next()`, appending each to `ids`; ends before the stop token, which is not kept.

        What is pending is evaluated first. `cancel.Cancelled` is raised between tokens. Ends also at `max_tokens` or when
        the context is full. At each yield the yielded id is the last of `ids`.

        Text that may be the beginning of a stop string comes with a later piece, never when it turns out to be one. Such an
        end takes the stop string's ids out of `ids` again: what is left is the ids of the text that was yielded, no more.
        A last piece may therefore bring text without a new id (the last id again): count tokens by `ids`, not by pieces.
        """
        ...

    def truncate(self, length: int) -> None:
        """Keep the first `length` ids."""
        ...

    def fork(self) -> "ChatSession":
        """A copy that shares what was computed."""
        ...

    def save(self, folder: Path, name: str) -> bool:
        """Write what is computed to disk, in place of what was saved there under `name`; whether it is there now.

        `name` may be any text. A disk that is full or cannot be written is a line in the log, and False.
        """
        ...

    def load(self, folder: Path, name: str) -> int:
        """Take over what was saved under `name`, as far as it equals the ids appended so far; how many ids are computed by that.

        0 for none; what was saved with another model or is damaged is removed with a line in the log.
        """
        ...

    def close(self) -> None:
        """Free its cells; the session is dead afterwards."""
        ...


class ChatModel(Protocol):
    """A language model with a ChatML vocabulary."""

    name: str
    context: int
    """Tokens one conversation may hold."""
    im_start: int
    im_end: int
    no_think: Sequence[int]

    def encode(self, text: str) -> list[int]:
        """Token ids of plain text; special tokens in it are text."""
        ...

    def open(self, key: str) -> ChatSession:
        """A new, empty conversation. `key` names it in logs."""
        ...

    def close(self) -> None:
        """Free the model."""
        ...


class Embedder(Protocol):
    """Turns a text into a direction: texts that mean the same point the same way."""

    name: str
    size: int
    """Numbers a text."""

    def embed(self, text: str, *, query: bool = False) -> Any:
        """A float32 array of (size,), its length 1; `EngineError` when the engine failed. Too long a text is cut at its end.

        `query`: the text is a question that passages are looked up for; some models read those another way.
        """
        ...

    def close(self) -> None:
        """Free the model."""
        ...


@dataclass(frozen=True)
class Mark:
    """How far a voice has come in its text."""

    at_s: float
    """Seconds from the chunk's first sample."""
    characters: int
    """First characters of the whole text that have been said by then, in whole words."""


@dataclass(frozen=True)
class AudioChunk:
    """A stretch of synthesised speech, at most some 3 s."""

    pcm: bytes
    """Mono s16le at `rate`."""
    rate: int
    """Hz."""
    marks: Sequence[Mark] | None = None
    """Where words end in it, in order; None: the voice does not know."""


class Voice(Protocol):
    """A speech synthesiser."""

    name: str
    rate: int

    def synthesize(self, text: str, cancel: CancelToken, slowly: float = 1.0) -> Iterator[AudioChunk]:
        """Speak `text` (already in spoken form), lazily; raises `cancel.Cancelled` between chunks.

        `slowly`: about so many times as long as by the voice's own settings; 0.8 to 2.
        """
        ...


class EndOfAudio(Exception):
    """A source has no more frames."""


class AudioSource(Protocol):
    """Where frames come from."""

    def read(self) -> bytes | None:
        """The next frame, or None when none is due yet; never blocks. Raises `EndOfAudio`, `AudioError`."""
        ...

    def wait_s(self) -> float:
        """Seconds after which `read()` is worth calling again."""
        ...

    def close(self) -> None:
        """Release the device or file."""
        ...


class AudioSink(Protocol):
    """Where speech goes; its buffer is bounded and takes what fits."""

    def write(self, pcm: bytes, rate: int) -> int:
        """Take what fits of mono s16le sound at `rate` Hz; return the bytes taken (0 when full). Never blocks."""
        ...

    def pending_s(self) -> float:
        """Seconds of sound taken and not yet played; 0 when it is silent."""
        ...

    def played_ms(self) -> int:
        """Milliseconds played since the sink was opened; never falls."""
        ...

    def stop(self) -> None:
        """Drop what is pending, at once. The one method any thread may call."""
        ...

    def close(self) -> None:
        """Release the device or file."""
        ...


class Remembered(Protocol):
    """Facts about the user, kept beyond a talk."""

    def slots(self, language: str) -> Mapping[str, str]:
        """Name -> value, by the names that the language says."""
        ...

    def learn(self, text: str, language: str, turn: int) -> str:
        """Keep the fact in what a user said; its name, "" for none."""
        ...

    def recall(self, text: str, language: str) -> Sequence[str]:
        """What was told that may answer a question, the best first; nothing for what was never told."""
        ...

    def forget(self, what: str, language: str) -> Mapping[str, str]:
        """Forget a slot by its name or value, "" for all, everywhere; what is gone."""
        ...
