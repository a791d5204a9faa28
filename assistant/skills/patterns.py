"""Patterns of hassil that are tried only where the names they need stand in the sentence.

hassil tries every pattern whose own words are there. Most patterns need a name, an area or a floor too: where the sentence holds
none of those that are known, they cannot match, and trying them is most of what a sentence costs that is no command.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hassil import RecognizeResult
    from hassil.expression import Expression, Sentence
    from hassil.intents import IntentData, Intents, SlotList

NAMED = ("name", "area", "floor")
MOST_NUMBER = 1000
"""Numbers that are understood at least, so that one out of range is told so; the patterns' own lists end earlier."""


@dataclass(frozen=True)
class Name:
    """A name that stands in the sentence."""

    text: str
    value: str
    """What it is known by."""
    domains: tuple[str, ...] = ()
    """Of the things that are called so."""


def in_digits_alone(lists: Mapping[str, Any]) -> dict[str, Any]:
    """Lists of a language whose numbers are in digits: hassil would build a table of all number words at the first match."""
    made = dict(lists)
    for name, values in lists.items():
        if numbers := values.get("range"):
            most = max(numbers["to"], MOST_NUMBER) if numbers.get("step", 1) == 1 else numbers["to"]
            made[name] = {**values, "range": {**numbers, "to": most, "words": False}}
    return made


def with_one_name(intents: "Intents") -> "Intents":
    """Without the patterns that need two names: where a name may be any words, one takes both, and two cost their product."""
    made = {}
    for name, intent in intents.intents.items():
        data = []
        for block in intent.data:
            kept = [one for one in block.sentences if len(_needed(one.expression, intents.expansion_rules) & set(NAMED)) < 2]
            if kept:
                data.append(_with(block, kept))
        made[name] = replace(intent, data=data)
    return replace(intents, intents=made)


class Patterns:
    """Intents in eight parts, by which of the three lists have entries."""

    def __init__(
        self, intents: "Intents", skip: "Callable[[IntentData], bool]" = lambda block: False, *, wild: bool = False
    ) -> None:
        """`skip`: blocks of patterns to leave out; `wild`: keep those that take just any words somewhere."""
        from hassil.intents import WildcardSlotList

        any_words = {name for name, values in intents.slot_lists.items() if isinstance(values, WildcardSlotList)}
        barred = frozenset[str]() if wild else frozenset(any_words)
        needs = [
            (name, block, [(one, _needed(one.expression, intents.expansion_rules)) for one in block.sentences])
            for name, intent in intents.intents.items()
            for block in intent.data
            if not skip(block)
        ]
        self._parts = {missing: self._part(intents, needs, missing | barred) for missing in _subsets(NAMED)}

    def match(self, text: str, names: Mapping[str, Sequence[Name]], context: Mapping[str, Any]) -> "Iterable[RecognizeResult]":
        """All matches with these names (keys name, area, floor), which stand in the text."""
        from hassil import recognize_all
        from hassil.expression import TextChunk
        from hassil.intents import TextSlotList, TextSlotValue

        lists: dict[str, SlotList] = {
            key: TextSlotList(
                key,
                [
                    TextSlotValue(TextChunk(one.text), one.value, {"domain": domain} if domain else None)
                    for one in names.get(key, ())
                    for domain in one.domains or ("",)
                ],
            )
            for key in NAMED
        }
        part = self._parts[frozenset(key for key in NAMED if not names.get(key))]
        return recognize_all(text, part, slot_lists=lists, intent_context=dict(context))

    @staticmethod
    def _part(
        intents: "Intents",
        needs: "Sequence[tuple[str, IntentData, list[tuple[Sentence, frozenset[str]]]]]",
        missing: frozenset[str],
    ) -> "Intents":
        made = {name: replace(intent, data=[]) for name, intent in intents.intents.items()}
        for name, block, sentences in needs:
            kept = [sentence for sentence, needed in sentences if not needed & missing]
            if kept:
                made[name].data.append(_with(block, kept))
        return replace(intents, intents={name: intent for name, intent in made.items() if intent.data})


def _with(block: "IntentData", sentences: "list[Sentence]") -> "IntentData":
    """The block with these of its patterns, which are parsed: else hassil parses them at the first match, in somebody's turn."""
    small = replace(block, sentence_texts=[one.text or "" for one in sentences])
    small.__dict__["sentences"] = sentences
    return small


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
