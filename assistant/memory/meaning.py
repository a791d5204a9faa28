"""Texts as directions, for all that is searched by meaning: one embedder, loaded once, and the last question's direction kept.

Belongs to the brain's thread, or to a command.
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from assistant.errors import AssistantError, EngineError
from assistant.models import embedder_languages
from assistant.protocols import Embedder

_log = logging.getLogger(__name__)


class Made(Protocol):
    """An embedder that is loaded when it is needed."""

    def make(self) -> Embedder:
        """Load it."""
        ...


class Meaning:
    """An embedder, or none: then words alone are searched."""

    def __init__(self, made: Made | None = None) -> None:
        self._to_load = made
        self._embedder: Embedder | None = None
        self._asked: tuple[str, Any] | None = None
        self.languages: Sequence[str] = ()
        """Those that it knows; none before it is loaded."""

    def load(self) -> Embedder | None:
        """The embedder; one that does not load is a line in the log: full text alone finds too."""
        made, self._to_load = self._to_load, None
        if made is not None:
            try:
                self._embedder = made.make()
                self.languages = embedder_languages(Path(f"{self._embedder.name}.gguf"))
            except AssistantError as error:
                _log.warning("%s; what was told and documents are found by their words alone", error)
        return self._embedder

    @property
    def loaded(self) -> Embedder | None:
        """The embedder, if it has been loaded."""
        return self._embedder

    def of_question(self, text: str) -> Any | None:
        """A question's direction; None without an embedder, or when it failed. The last one is kept: several rooms ask for it."""
        if self._embedder is None:
            return None
        if self._asked is None or self._asked[0] != text:
            try:
                self._asked = (text, self._embedder.embed(text, query=True))
            except EngineError:  # full text alone is an answer too
                return None
        return self._asked[1]

    def close(self) -> None:
        """Free it; a second call is harmless."""
        if self._embedder is not None:
            self._embedder.close()
            self._embedder = None
