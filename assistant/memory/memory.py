"""The memory of an assistant: learns slots from what is said, and forgets them for good. Belongs to the brain's thread."""

from collections.abc import Callable, Mapping, Sequence

from assistant.memory.slots import SlotRules
from assistant.memory.statements import Statements, Words
from assistant.memory.store import Kept, Store

MAX_VALUE = 200
"""Characters of a value; the rest is cut off."""
NOTES = 8
"""Things remembered word for word; full: the oldest goes."""


class SlotMemory:
    """See `protocols.Remembered`."""

    def __init__(self, store: Store, rules: Mapping[str, SlotRules]) -> None:
        self._store, self._rules = store, rules
        self._statements = Statements(store, {code: Words(code) for code in rules})
        self._kept: list[Kept] = store.all()
        self._earlier: dict[str, list[str]] = {}
        """Values that were corrected since the start: they still stand in the talks."""

    def slots(self, language: str) -> Mapping[str, str]:
        """Name -> value of all slots, by the names that the language says; the oldest first, name and place last."""
        ordered = sorted(self._kept, key=lambda kept: kept.name in ("city", "name"))
        return {self.spoken(kept.name, language): kept.value for kept in ordered}

    def kept(self) -> Sequence[Kept]:
        """All slots as they are kept, then the statements, which have no name."""
        return [*self._kept, *self._store.all_statements()]

    def earlier(self, name: str) -> Sequence[str]:
        """What a slot held before it was corrected, since the start."""
        return self._earlier.get(name, ())

    def spoken(self, name: str, language: str) -> str:
        """A slot's name in a language; those that were made of words are as they were said."""
        rules = self._rules.get(language)
        return rules.language.texts.slot_names.get(name, name) if rules is not None else name

    def learn(self, text: str, language: str, turn: int) -> str:
        """Keep what a user said: the fact in it as a slot, whose name is returned, or else the statement. Raises `StoreError`."""
        found = self._rules[language].find(text) if language in self._rules else None
        if found is None:
            self._statements.learn(text, language, turn)
            return ""
        name = self._free_note() if found.name == "note" else found.name
        self.set(name, found.value, turn)
        return name

    def _free_note(self) -> str:
        notes = [kept.name for kept in self._kept if kept.name.startswith("note ")]
        free = [f"note {number}" for number in range(1, NOTES + 1) if f"note {number}" not in notes]
        return free[0] if free else notes[0]

    def set(self, name: str, value: str, turn: int = 0) -> None:
        """Keep a slot. Raises `StoreError`."""
        before = next((kept.value for kept in self._kept if kept.name == name), value)
        if before != value:
            self._earlier[name] = [*self._earlier.get(name, ()), before][-NOTES:]
        self._store.put(name, value[:MAX_VALUE], turn)
        self._kept = self._store.all()

    def recall(self, text: str, language: str) -> Sequence[str]:
        """What was told that may answer a question, the best first."""
        return self._statements.find(text, language)

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
        values = [what, *gone.values()] if wanted else []
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

    def close(self) -> None:
        """Close the store."""
        self._store.close()


class Memory:
    """What is remembered, in the slots and in the talks: forgotten in both. Belongs to the brain's thread."""

    def __init__(self, slots: SlotMemory, forget_in_talks: Callable[[Sequence[str] | None], None]) -> None:
        self.own, self._forget_in_talks = slots, forget_in_talks
        self.slots, self.learn, self.kept, self.set, self.recall = slots.slots, slots.learn, slots.kept, slots.set, slots.recall

    def forget(self, what: str, language: str) -> Mapping[str, str]:
        """See `protocols.Remembered`."""
        gone = self.own.forget(what, language)
        if not what:
            self._forget_in_talks(None)
        elif gone:
            past = [value for name in gone for value in self.own.earlier(name)]
            told = [what] if any(name == value for name, value in gone.items()) else []  # statements: answers may repeat a part
            self._forget_in_talks([*gone.values(), *past, *told])
        return gone
