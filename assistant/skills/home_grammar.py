"""Commands and questions on a home, by the sentences of home-assistant-intents and our own (`home_sentences` of sentences.yaml).

Only the intents that we carry out are compiled, once. A sentence is matched against lists that hold only the names it contains
(`home_names`), and only against the patterns that need no other: with ten thousand things it costs what it costs with ten.
Numbers may be in digits or in words: where words stand for numbers, it is read a second time with digits in their place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from assistant.languages import Language, language, own_sentences
from assistant.languages.numerals import in_digits
from assistant.skills.patterns import Name, Patterns, in_digits_alone

if TYPE_CHECKING:
    from hassil.intents import IntentData

QUESTIONS = frozenset({"HassGetState", "HassClimateGetTemperature"})
INTENTS = QUESTIONS | {
    "HassTurnOn", "HassTurnOff", "HassToggle", "HassLightSet", "HassSetPosition", "HassStopMoving", "HassFanSetSpeed",
    "HassClimateSetTemperature", "HassClimateSetFanMode", "HassMediaPause", "HassMediaUnpause", "HassMediaNext",
    "HassMediaPrevious",
    "HassMediaPlayerMute", "HassMediaPlayerUnmute", "HassSetVolume", "HassSetVolumeRelative", "HassVacuumStart",
    "HassVacuumReturnToBase", "HassLawnMowerStartMowing", "HassLawnMowerDock",
}  # fmt: skip
HERE = "<here>"
"""The room of a sentence that names none."""


@dataclass(frozen=True)
class Match:
    """One way to understand a sentence."""

    intent: str
    slots: Mapping[str, Any]
    """name (plain), area, floor (by their keys; `HERE`), domain, device_class, state, brightness ..."""
    domains: frozenset[str]
    """What the named thing may be; empty: anything."""
    kind: str
    """Which of the intent's answers is meant: any, all, which, how_many, one_yesno ..."""
    pattern: str
    """The kind of pattern, for the trace."""
    literal: int
    """Characters that stood in the pattern itself."""


class HomeGrammar:
    """The compiled sentences of one language."""

    def __init__(self, spoken: Language) -> None:
        from hassil.intents import Intents
        from home_assistant_intents import get_intents

        known = get_intents(spoken.intents)
        assert known is not None, spoken.intents
        own = own_sentences(spoken.code).get("home_sentences", {})
        intents = {name: dict(intent) for name, intent in known["intents"].items() if name in INTENTS}
        for name, more in own.get("intents", {}).items():
            intents[name] = {"data": [*intents.get(name, {"data": []})["data"], *more["data"]]}
        lists = in_digits_alone({**known["lists"], **own.get("lists", {})})
        rules = {**known["expansion_rules"], **own.get("rules", {})}
        self._code = spoken.code
        self._patterns = Patterns(
            Intents.from_dict({**known, "intents": intents, "lists": lists, "expansion_rules": rules}), _of_people
        )
        self.match("hello", {"area": [Name("kitchen", "kitchen")]})  # hassil prepares its rules at the first match

    def match(self, text: str, names: Mapping[str, Sequence[Name]]) -> list[Match]:
        """All ways to understand a plain text with these names of things, areas and floors in it (keys name, area, floor)."""
        found = self._match(text, names)
        digits = in_digits(text, self._code)
        if not found and digits != text:
            there = {key: [replace(one, text=in_digits(one.text, self._code)) for one in some] for key, some in names.items()}
            found = self._match(digits, there)
        return found

    def _match(self, text: str, names: Mapping[str, Sequence[Name]]) -> list[Match]:
        return [
            Match(
                one.intent.name,
                {name: slot.value for name, slot in one.entities.items()},
                frozenset(one.intent_data.requires_context.get("domain", ())),
                one.response or "",
                (one.intent_metadata or {}).get("slot_combination", "own"),
                one.text_chunks_matched,
            )
            for one in self._patterns.match(text, names, {"area": HERE})
        ]


@cache
def grammar_of(code: str) -> HomeGrammar:
    """That of a language, compiled once."""
    return HomeGrammar(language(code))


def _of_people(block: "IntentData") -> bool:
    """Whether it asks where people are: any words may be a place."""
    return "person" in (block.slots.get("domain"), *block.requires_context.get("domain", ()))
