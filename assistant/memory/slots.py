"""Facts about the user, found in what they say by the sentences of their language (`memory:` in sentences.yaml, hassil's format).

A slot has a name and a value, both as spoken: name = Anna, favourite colour = green. A rule's name holds the slot's own name with
what was said in its place: "favourite {thing}". What is asked, denied or too long is no fact.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.languages import language, own_sentences

if TYPE_CHECKING:
    from hassil.intents import SlotList

MAX_WORDS = {"name": 3, "city": 4, "language": 1, "units": 2}
"""Words (in Chinese characters, twice as many) that a value may have, where it is not `MOST_WORDS`."""
MOST_WORDS = 10
MAX_CHARACTERS = 200


@dataclass(frozen=True)
class Slot:
    """A fact."""

    name: str
    value: str
    lasts_s: float | None = None
    """Seconds after which it is no longer true; None: it stays."""


def rules_of(languages: Iterable[str]) -> "dict[str, SlotRules]":
    """The rules of each language."""
    return {code: SlotRules(code) for code in languages}


class SlotRules:
    """The compiled rules of one language."""

    def __init__(self, code: str) -> None:
        """Raises nothing that a user could mend: the sentences ship with the program."""
        from hassil.intents import Intents, WildcardSlotList

        self.language = language(code)
        own = own_sentences(code)
        table = own.get("memory", {})
        self._rules = {str(number): rule for number, rule in enumerate(table)}
        self._not_values = tuple(own.get("memory_not_values", ()))
        self._free = frozenset(own.get("memory_free", ()))
        self._hours: dict[str, float] = own.get("memory_hours", {})
        intents = {number: {"data": [{"sentences": table[rule]}]} for number, rule in self._rules.items()}
        expansions = own.get("memory_parts", {})
        self._intents = Intents.from_dict({"language": code, "intents": intents, "expansion_rules": expansions})
        self._lists: dict[str, SlotList] = {slot: WildcardSlotList(slot) for slot in ("value", "thing")}
        self.find("hello")  # hassil compiles at the first match: now, not in somebody's turn

    def find(self, text: str) -> Slot | None:
        """The fact in a sentence, or None."""
        from hassil import recognize_all

        plain = text.strip().rstrip(".!。！").strip()
        if not plain or len(plain) > MAX_CHARACTERS or plain.endswith(("?", "？")):
            return None
        found = [self._slot(match) for match in recognize_all(plain, self._intents, slot_lists=self._lists)]
        whole = [slot for slot in found if slot is not None]
        return min(whole, key=lambda slot: len(slot.value), default=None)  # the rule that takes most away as its own words

    def _slot(self, match: Any) -> Slot | None:
        rule = self._rules[match.intent.name]
        parts = {name: str(entity.value).strip(" ,，") for name, entity in match.entities.items()}
        value, thing = parts.get("value", ""), parts.get("thing", "")
        spaced = self.language.code != "zh"
        size = len(value.split()) if spaced else (len(value) + 1) // 2
        first = value.lower().split(" ")[0] if spaced else value
        if (
            not value
            or size > MAX_WORDS.get(rule, MOST_WORDS)
            or (rule not in self._free and self._denies(first))
            or (thing and len(thing.split()) > 3)
        ):
            return None
        proper = rule == "name" or rule == "city" or rule.endswith(("'s name", "的名字"))
        if proper and value.islower():
            value = value.title()
        hours = self._hours.get(rule)
        return Slot(rule.replace("{thing}", thing.lower()), value, None if hours is None else 3600 * hours)

    def _denies(self, first: str) -> bool:
        if self.language.code == "zh":
            return first.startswith(self._not_values)
        return first in self._not_values
