"""Commands and questions on a home, by the sentences of home-assistant-intents and our own (`home_sentences` of sentences.yaml).

Only the intents that we carry out are compiled, once. A sentence is matched against lists that hold only the names it contains
(`home_names`), and only against the patterns that need no other: with ten thousand things it costs what it costs with ten.
Numbers may be in digits or in words: where words stand for numbers, the sentence is read a second time with digits in their place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assistant.languages import Language, own_sentences
from assistant.languages.numerals import in_digits

if TYPE_CHECKING:
    from hassil.expression import Expression, Sentence
    from hassil.intents import Intents, SlotList

QUESTIONS = frozenset({"HassGetState", "HassClimateGetTemperature"})
INTENTS = QUESTIONS | {
    "HassTurnOn", "HassTurnOff", "HassToggle", "HassLightSet", "HassSetPosition", "HassStopMoving", "HassFanSetSpeed",
    "HassClimateSetTemperature", "HassClimateSetFanMode", "HassMediaPause", "HassMediaUnpause", "HassMediaNext", "HassMediaPrevious",
    "HassMediaPlayerMute", "HassMediaPlayerUnmute", "HassSetVolume", "HassSetVolumeRelative", "HassVacuumStart",
    "HassVacuumReturnToBase", "HassLawnMowerStartMowing", "HassLawnMowerDock",
}  # fmt: skip
HERE = "<here>"
"""The room of a sentence that names none."""
MOST_NUMBER = 1000
"""Numbers that are understood at least, so that one out of range is told so; the patterns' own lists end earlier."""
_NAMED = ("name", "area", "floor")


@dataclass(frozen=True)
class Name:
    """A name that stands in the sentence."""

    text: str
    value: str
    """What it is known by."""
    domains: tuple[str, ...] = ()
    """Of the things that are called so."""


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
        lists = {**known["lists"], **own.get("lists", {})}
        for numbers in lists.values():
            if (numbered := numbers.get("range")) and numbered["to"] <= 100:
                numbers["range"] = {**numbered, "to": MOST_NUMBER, "words": False}
        self._code = spoken.code
        self._all = Intents.from_dict(
            {**known, "intents": intents, "lists": lists, "expansion_rules": {**known["expansion_rules"], **own.get("rules", {})}}
        )
        self._wild = {name for name, values in lists.items() if values.get("wildcard")}
        self._parts: dict[frozenset[str], Intents] = {}
        for missing in _subsets(_NAMED):
            self._parts[missing] = self._without(missing)
        self.match("hello", {"area": [Name("kitchen", "kitchen")]})  # hassil compiles its patterns at the first match

    def match(self, text: str, names: Mapping[str, Sequence[Name]]) -> list[Match]:
        """All ways to understand a plain text with these names of things, areas and floors in it (keys name, area, floor)."""
        found = self._match(text, names)
        digits = in_digits(text, self._code)
        if not found and digits != text:
            there = {key: [replace(one, text=in_digits(one.text, self._code)) for one in some] for key, some in names.items()}
            found = self._match(digits, there)
        return found

    def _match(self, text: str, names: Mapping[str, Sequence[Name]]) -> list[Match]:
        from hassil import recognize_all
        from hassil.expression import TextChunk
        from hassil.intents import TextSlotList, TextSlotValue

        lists: dict[str, SlotList] = {}
        for key in _NAMED:
            values = [
                TextSlotValue(TextChunk(one.text), one.value, {"domain": domain} if domain else None)
                for one in names.get(key, ())
                for domain in one.domains or ("",)
            ]
            lists[key] = TextSlotList(key, values)
        intents = self._parts[frozenset(key for key in _NAMED if not names.get(key))]
        found = recognize_all(text, intents, slot_lists=lists, intent_context={"area": HERE})
        return [
            Match(
                one.intent.name,
                {name: slot.value for name, slot in one.entities.items()},
                frozenset(one.intent_data.requires_context.get("domain", ())),
                one.response or "",
                (one.intent_metadata or {}).get("slot_combination", "own"),
                one.text_chunks_matched,
            )
            for one in found
        ]

    def _without(self, missing: frozenset[str]) -> "Intents":
        """The patterns that can match where these lists are empty; none that takes just any words, or asks for people."""
        intents = {}
        for name, intent in self._all.intents.items():
            data = []
            for block in intent.data:
                if "person" in (block.slots.get("domain"), *block.requires_context.get("domain", ())):
                    continue
                kept = [one for one in block.sentences if not (missing | self._wild) & _needed(one.expression, self._all.expansion_rules)]
                if kept:
                    data.append(replace(block, sentence_texts=[one.text or "" for one in kept]))
                    data[-1].__dict__["sentences"] = kept  # what hassil would parse at the first match, in somebody's turn
            intents[name] = replace(intent, data=data)
        return replace(self._all, intents=intents)


def _needed(part: "Expression", rules: "Mapping[str, Sentence]") -> frozenset[str]:
    """The lists without which a pattern cannot match."""
    from hassil.expression import Alternative, Group, ListReference, RuleReference

    if isinstance(part, ListReference):
        return frozenset({part.list_name})
    if isinstance(part, RuleReference):
        return _needed(rules[part.rule_name].expression, rules)
    if isinstance(part, Alternative):
        return frozenset.intersection(*(_needed(one, rules) for one in part.items)) if not part.is_optional else frozenset()
    if isinstance(part, Group):
        return frozenset[str]().union(*(_needed(one, rules) for one in part.items))
    return frozenset()


def _subsets(keys: Sequence[str]) -> list[frozenset[str]]:
    return [frozenset(key for place, key in enumerate(keys) if chosen >> place & 1) for chosen in range(1 << len(keys))]
