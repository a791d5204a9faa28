"""Writes the held-out evaluation items of `assistant eval starter`: phrasings and values that no training conversation holds.

An item is a conversation up to a question, as messages, and the rule that accepts a reply (see assistant/evals/starter.py,
which reads them). The history of an item holds right replies, so one item measures one reply.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts.training import llm_data
from scripts.training.llm_grammar import Ctx

SKILLS: dict[str, tuple[str, ...]] = {
    "small_talk": ("chat",),
    "echo": ("chat",),
    "known": ("chat",),
    "school": ("chat",),
    "unknown": ("chat",),
    "control": ("chat",),
    "told": ("told",),
    "told_far": ("told",),
    "untold": ("told", "remembered"),
    "remembered": ("remembered",),
    "passage": ("passage",),
    "passage_absent": ("passage",),
    "summary": ("digest",),
    "slots": ("digest",),
    "tool": ("tools",),
    "code": ("code",),
}
"""Skill -> the parts of the mix its items are drawn from."""


def items(
    skill: str, language: str, count: int, pieces: Mapping[str, Sequence[str]], new_phrases: bool = True, new_values: bool = True
) -> Iterator[dict[str, Any]]:
    """`count` items of a skill; the same arguments give the same items."""
    done, number = 0, 0
    seen: set[str] = set()
    while done < count and number < 400 * count:
        rng = random.Random(f"{skill} {language} {number} {new_phrases} {new_values}")
        number += 1
        ctx = Ctx(rng, language, new_phrases, new_values, speech=rng.random() < llm_data.SPEECH, pieces=pieces)
        try:
            made = llm_data.conversation(ctx, only=rng.choice(SKILLS[skill]))
        except ValueError:  # a small grammar in it has no held-out phrasing
            continue
        marked = [index for index, turn in enumerate(made.turns) if turn.check is not None and turn.check.skill == skill]
        if not marked:
            continue
        index = rng.choice(marked)
        check = made.turns[index].check
        assert check is not None
        messages = [llm_data.message(turn, language) for turn in made.turns[:index]]
        text = json.dumps(messages, ensure_ascii=False)
        if text in seen:
            continue
        seen.add(text)
        done += 1
        yield {"skill": skill, "language": language, "rule": check.rule, "accept": list(check.values), "messages": messages}


def write(path: Path, pieces: Mapping[str, Sequence[str]], count: int) -> None:
    """Write `count` items of every skill in both languages, one JSON object a line."""
    with path.open("w", encoding="utf-8") as file:
        for language in ("en", "zh"):
            for skill in SKILLS:
                for item in items(skill, language, count, pieces):
                    file.write(json.dumps(item, ensure_ascii=False) + "\n")
