"""The talks of one assistant, by key; bounded: the one longest unused is closed for a new one. Belongs to the brain's thread."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from assistant.dialogue.conversation import Conversation
from assistant.dialogue.keeper import Forgetful, Keeper, KeptTalk

MAX_CONVERSATIONS = 16
"""Talks held at once; what is kept of a closed one is read again when it goes on."""

PRIVATE = "private:"
"""A talk whose key begins so is never kept on disk."""

GUEST = f"{PRIVATE}guest:"
"""A private talk with somebody who is not to be told what is remembered, such as a visitor at a kiosk."""


class Talks:
    """Makes talks at their first use."""

    def __init__(self, make: Callable[[str], Conversation], keeper: Keeper | None = None) -> None:
        """`make` gives the talk of a key; it raises what `Conversation` raises."""
        self._make, self._keeper = make, keeper or Forgetful()
        self._talks: dict[str, Conversation] = {}
        self._to_compact: set[str] = set()
        self._personas: dict[str, str] = {}
        """Of talks that have one of their own."""
        self.ended: Callable[[str], None] = lambda _: None
        """Told the key of each talk that was cleared: what others hold of it goes too."""

    def __call__(self, key: str) -> Conversation:
        """The talk of a key."""
        talk = self._talks.pop(key, None)
        if talk is None:
            talk = self._make(key)
            if (own := self._personas.get(key)) is not None:
                talk.become(own)
            if len(self._talks) >= MAX_CONVERSATIONS:
                self._talks.pop(next(iter(self._talks))).close()
        self._talks[key] = talk  # last in the dict: the most recently used
        return talk

    def __iter__(self) -> Iterator[Conversation]:
        """Those held now, the one longest unused first."""
        return iter(list(self._talks.values()))

    def become(self, key: str, persona: str) -> None:
        """Give a talk a persona of its own, until it is cleared. Raises `TooLong`."""
        talk = self(key)
        if talk.persona != persona:
            talk.become(persona)
        self._personas[key] = persona

    def clear(self, key: str) -> bool:
        """End a talk: its history, its cells and what is kept of it are gone; every way to end one. Says whether it was held."""
        talk = self._talks.pop(key, None)
        self._personas.pop(key, None)
        if talk is not None:
            talk.close()
        if not key.startswith(PRIVATE):
            self._keeper.replace(key, KeptTalk(), scrub=True)
        self.ended(key)
        return talk is not None

    def forget(self, values: Sequence[str] | None) -> None:
        """Drop every exchange in which a value stands; None: all exchanges."""
        for talk in self:
            talk.forget(values)
        self._keeper.forget(values)  # and in those that are not held

    def compaction(self) -> Iterator[None] | None:
        """The job that cuts a talk which has reached its high mark, or is to be cut; None: there is none."""
        for talk in self:
            at_once = talk.key in self._to_compact
            self._to_compact.discard(talk.key)
            if (job := talk.compaction(at_once=at_once)) is not None:
                return job
        return None

    def compact(self) -> None:
        """Have every talk that is held cut in the next idle time, however short it is."""
        self._to_compact = set(self._talks)

    def kept(self) -> Mapping[str, object]:
        """What is kept on disk of talks, by key."""
        return self._keeper.export()

    def save(self) -> None:
        """Keep what is computed of the talks that are kept, for the next start."""
        for talk in self:
            talk.save()
