"""Random sentences out of home-assistant-intents: every command that the assistant's router knows, in either language.

Rules: names, rooms and things are the language's own (`assistant.languages`) and what the caller gives; free text and numbers
are the caller's. The same generator state gives the same sentence. Sentences are as hassil writes them: `spoken` cleans them up.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Rng = random.Random
Slots = Mapping[str, Sequence[str]]
_MOST_DEPTH = 30


class Commands:
    """The intents of a language, parsed once."""

    def __init__(self, language: str, slots: Slots, number: Callable[[Rng], str]) -> None:
        """`language` as home-assistant-intents names it; `slots` fill lists by name, `*` fills free text."""
        from hassil.intents import Intents
        from home_assistant_intents import get_intents

        known = get_intents(language)
        assert known is not None, language
        self._intents = Intents.from_dict(known)
        self._slots = slots
        self._number = number
        self._names = sorted(self._intents.intents)

    def sentences(self, rng: Rng) -> Iterator[str]:
        """Sentences without end: an intent, one of its templates, one of its readings."""
        while True:
            intent = self._intents.intents[rng.choice(self._names)]
            data = rng.choice(intent.data)
            template = rng.choice(list(data.sentences))
            rules = {**self._intents.expansion_rules, **(data.expansion_rules or {})}
            yield " ".join(self._draw(template.expression, rules, rng, 0).split())

    def _draw(self, node: Any, rules: Mapping[str, Any], rng: Rng, depth: int) -> str:
        from hassil import expression as hassil

        if depth > _MOST_DEPTH:
            return ""
        if isinstance(node, hassil.TextChunk):
            return str(node.original_text)
        if isinstance(node, hassil.Alternative):
            if node.is_optional and rng.random() < 0.4:
                return ""
            return self._draw(rng.choice(node.items), rules, rng, depth + 1)
        if isinstance(node, hassil.Permutation):
            items = rng.sample(node.items, len(node.items))
            return " ".join(self._draw(item, rules, rng, depth + 1).strip() for item in items)
        if isinstance(node, hassil.Group):
            return "".join(self._draw(item, rules, rng, depth + 1) for item in node.items)
        if isinstance(node, hassil.RuleReference):
            return self._draw(rules[node.rule_name].expression, rules, rng, depth + 1)
        return self._list(node, rules, rng, depth)

    def _list(self, node: Any, rules: Mapping[str, Any], rng: Rng, depth: int) -> str:
        name = str(node.list_name)
        found: Any = self._intents.slot_lists.get(name)
        if name in self._slots:
            text = rng.choice(self._slots[name])
        elif hasattr(found, "values"):
            text = self._draw(rng.choice(found.values).text_in, rules, rng, depth + 1)
        elif hasattr(found, "start"):
            text = self._number(rng)
        else:
            text = rng.choice(self._slots["*"])
        return f"{node.prefix or ''}{text}{node.suffix or ''}"
