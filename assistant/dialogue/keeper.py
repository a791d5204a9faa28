"""What keeps talks for the next start, and one that keeps nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from assistant.dialogue.digest import Digest
from assistant.dialogue.history import Exchange
from assistant.dialogue.prompt import Prompt
from assistant.protocols import ChatSession


@dataclass(frozen=True)
class KeptTalk:
    """A talk as it is kept."""

    exchanges: Sequence[Exchange] = ()
    digest: Digest = field(default_factory=Digest)
    known: Mapping[str, str] = field(default_factory=dict)
    """The slots in its prompt's memory block."""


class Keeper(Protocol):
    """Keeps the exchanges, the digest and the computed cells of talks. What fails is a line in the log: a talk goes on unkept."""

    def load(self, key: str, prompt: Prompt) -> KeptTalk:
        """What is kept of a talk, with ids that `prompt` would write; nothing for one that is new."""
        ...

    def commit(self, key: str, exchange: Exchange) -> None:
        """Keep one exchange more."""
        ...

    def replace(self, key: str, talk: KeptTalk, *, scrub: bool = False) -> None:
        """Keep exactly this of a talk; `scrub` leaves no byte of what was kept before."""
        ...

    def forget(self, values: Sequence[str] | None) -> None:
        """Drop what mentions a value of all talks, also those that are not held now; None: everything."""
        ...

    def export(self) -> Mapping[str, object]:
        """Everything that is kept, by key, as JSON can hold it. Raises an `AssistantError`."""
        ...

    def load_cells(self, key: str, session: ChatSession) -> None:
        """Take over what was computed of the session's ids."""
        ...

    def save_cells(self, key: str, session: ChatSession) -> None:
        """Keep what is computed of the session's ids."""
        ...


class Forgetful:
    """Keeps nothing: a private talk."""

    def load(self, key: str, prompt: Prompt) -> KeptTalk:
        """Nothing."""
        return KeptTalk()

    def commit(self, key: str, exchange: Exchange) -> None:
        """Nothing is kept."""

    def replace(self, key: str, talk: KeptTalk, *, scrub: bool = False) -> None:
        """Nothing is kept."""

    def forget(self, values: Sequence[str] | None) -> None:
        """Nothing is kept."""

    def export(self) -> Mapping[str, object]:
        """Nothing."""
        return {}

    def load_cells(self, key: str, session: ChatSession) -> None:
        """Nothing is kept."""

    def save_cells(self, key: str, session: ChatSession) -> None:
        """Nothing is kept."""
