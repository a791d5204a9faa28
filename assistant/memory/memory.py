"""The memory of an assistant: learns slots from what is said, and forgets them for good. Belongs to the brain's thread."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from assistant.languages import own_sentences
from assistant.memory.meaning import Meaning
from assistant.memory.slots import SlotRules
from assistant.memory.statements import Statements, Words
from assistant.memory.store import Kept, Store

MAX_VALUE = 200
"""Characters of a value; the rest is cut off."""
UNREAD = 8
"""Sentences that wait for the model to read them; full: the oldest goes unread."""
NOTES = 8
"""Things remembered word for word; full: the oldest goes."""


class SlotMemory:
    """See `protocols.Remembered`."""

    def __init__(self, store: Store, rules: Mapping[str, SlotRules], meaning: Meaning | None = None) -> None:
        self._store, self._rules = store, rules
        self._words = {code: Words(code) for code in rules}
        self._statements = Statements(store, self._words, meaning)
        self.unembedded = self._statements.unembedded
        self._kept: list[Kept] = store.all()
        self._unread: deque[tuple[str, int]] = deque(maxlen=UNREAD)

    def slots(self, language: str) -> Mapping[str, str]:
        """Name -> value of all slots, by the names that the language says; the oldest first, name and place last."""
        now = self._store.now()
        valid = [kept for kept in self._kept if kept.expires_at is None or kept.expires_at > now]
        ordered = sorted(valid, key=lambda kept: kept.name in ("city", "name"))
        return {self.spoken(kept.name, language): kept.value for kept in ordered}

    def kept(self) -> Sequence[Kept]:
        """All slots as they are kept, then the statements, which have no name."""
        return [*self._kept, *self._store.all_statements()]

    def spoken(self, name: str, language: str) -> str:
        """A slot's name in a language; those that were made of words are as they were said."""
        rules = self._rules.get(language)
        return rules.language.texts.slot_names.get(name, name) if rules is not None else name

    def learn(self, text: str, language: str, turn: int) -> str:
        """Keep what a user said: the fact in it as a slot, whose name is returned, or else the statement. Raises `StoreError`."""
        found = self._rules[language].find(text) if language in self._rules else None
        if found is None:
            if self._statements.learn(text, language, turn) and self._words[language].of_oneself(text):
                self._unread.append((text, turn))
            return ""
        name = self._free_note() if found.name == "note" else found.name
        self.set(name, found.value, turn, found.lasts_s)
        return name

    def unread(self) -> tuple[str, int] | None:
        """See `dialogue.extraction.Unread`."""
        return self._unread.popleft() if self._unread else None

    def add(self, name: str, value: str, turn: int) -> None:
        """See `dialogue.extraction.Unread`. Raises `StoreError`."""
        if all(kept.name != name for kept in self._kept):
            self.set(name, value, turn)

    def _free_note(self) -> str:
        notes = [kept.name for kept in self._kept if kept.name.startswith("note ")]
        free = [f"note {number}" for number in range(1, NOTES + 1) if f"note {number}" not in notes]
        return free[0] if free else notes[0]

    def set(self, name: str, value: str, turn: int = 0, lasts_s: float | None = None) -> None:
        """Keep a slot, for so many seconds or for good. Raises `StoreError`."""
        self._store.put(name, value[:MAX_VALUE], turn, lasts_s)
        self._kept = self._store.all()

    def asked(self, text: str, language: str) -> Sequence[str]:
        """The names, as the language says them, of the slots that a question of the user's about themselves may be about."""
        words = self._words.get(language)
        if words is None or not words.asks(text) or not words.of_oneself(text):
            return []
        plain, terms = text.lower(), set(words.terms(text))
        named: Mapping[str, Sequence[str]] = own_sentences(language).get("memory_asked", {})
        found = []
        for kept in self._kept:
            of_name = set(words.terms(kept.name))
            if any(word in plain for word in named.get(kept.name, ())) or (of_name and of_name <= terms):
                found.append(self.spoken(kept.name, language))
        return found

    def recall(self, text: str, language: str) -> Sequence[str]:
        """What was told that may answer a question, the best first; not what says a value that was corrected since."""
        return [told for told in self._statements.find(text, language) if not any(_corrected(told, kept) for kept in self._kept)]

    def forget(self, what: str, language: str = "en") -> dict[str, str]:
        """Forget the slots of that name (in whatever language) or that value, and the statements about it; "" forgets all.

        Returns what is gone: name -> value of slots, and the statements, whose text is both.

        Raises `StoreError`.
        """
        wanted = what.strip().lower()
        gone = {
            kept.name: kept.value
            for kept in self._kept
            if wanted in ("", kept.name.lower(), kept.value.lower(), self.spoken(kept.name, language).lower())
            or self._statements.about(what, f"{kept.name} {kept.value}")
        }
        earlier = [value for kept in self._kept if kept.name in gone for value in kept.before]
        values = [what, *gone.values(), *earlier] if wanted else []
        rows = sorted(
            {row for value in values for row in self._statements.mentioning(value)} if wanted else self._store.every_statement()
        )
        if gone or rows:
            said = {text: text for text in self._store.statements(rows)}
            self._store.drop(gone, rows)
            self._kept = self._store.all()
            gone |= said
        if not wanted:
            self._store.remove_set_aside()
        return gone

    def scrub(self) -> None:
        """Leave no free space, and no byte of what was deleted, in the file. Raises `StoreError`."""
        self._store.scrub()

    def close(self) -> None:
        """Close the store."""
        self._store.close()


class Memory:
    """What is remembered, in the slots and in the talks: forgotten in both. Belongs to the brain's thread."""

    def __init__(
        self,
        slots: SlotMemory,
        forget_in_talks: Callable[[Sequence[str] | None], None],
        talks: Callable[[], Mapping[str, object]] = dict,
        compact_talks: Callable[[], None] = lambda: None,
    ) -> None:
        """`talks` gives what is kept of them."""
        self.own, self._forget_in_talks, self._talks, self._compact_talks = slots, forget_in_talks, talks, compact_talks
        self.slots, self.learn, self.kept, self.set, self.recall = slots.slots, slots.learn, slots.kept, slots.set, slots.recall

    def forget(self, what: str, language: str) -> Mapping[str, str]:
        """See `protocols.Remembered`."""
        before = {kept.name: kept.before for kept in self.own.kept() if kept.name}
        gone = self.own.forget(what, language)
        if not what:
            self._forget_in_talks(None)
        elif gone:
            past = [value for name in gone for value in before.get(name, ())]
            told = [what] if any(name == value for name, value in gone.items()) else []  # statements: answers may repeat a part
            self._forget_in_talks([*gone.values(), *past, *told])
        return gone

    def export(self) -> dict[str, object]:
        """Everything that is remembered and kept, as JSON can hold it. Raises `StoreError`."""
        kept = self.own.kept()
        return {
            "facts": [asdict(fact) for fact in kept if fact.name],
            "statements": [asdict(fact) for fact in kept if not fact.name],
            "talks": dict(self._talks()),
        }

    def compact(self) -> None:
        """Have the talks cut to their digest in idle time, and give the file's free space back. Raises `StoreError`."""
        self._compact_talks()
        self.own.scrub()


def _corrected(told: str, kept: Kept) -> bool:
    """Whether a statement says what a slot held before it was corrected."""
    said = told.lower()
    return kept.value.lower() not in said and any(value.lower() in said for value in kept.before)
