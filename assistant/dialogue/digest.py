"""The digest: what is left of a talk's older exchanges once they no longer stand in the prompt word for word.

Two levels, each bounded in tokens by its reader: one line for a few exchanges of the middle, and for the old ones a flat JSON
object into which the oldest lines are rolled up. A model writes both; nothing of it is believed that was not said: a clause whose
numbers, names and most words do not stand in one exchange is left out, and so is a value that stands nowhere. Where nothing is
left the user's own words are taken. The questions are those that the starter model was trained on.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.dialogue.history import Exchange
from assistant.languages import asks

GROUP = 4
"""Exchanges for which one line is written."""
MAX_LINE = 160
"""Characters of a line."""
MAX_FACTS = 16
"""Entries of the old summary; more: the first ones go."""
_USER_CHARACTERS, _REPLY_CHARACTERS = 200, 100
"""What of an exchange is quoted: the beginning of the user's words and the reply's first sentence."""
_FAITHFUL = 0.7
"""Share of a clause's words that must have been said in one exchange."""
LEAST_SAID = 2
"""Words of a clause that says anything."""
LEAST_TOLD = 4
"""Words of the user's that are worth a line, where the model's is not."""

_ASK_LINE = {"en": "Summarise this talk in one line.", "zh": "请用一句话总结这段对话。"}
_ASK_FACTS = {"en": "Write the facts as JSON.", "zh": "用JSON列出事实。"}
_WHO = {"en": ("User: ", "Assistant: "), "zh": ("用户：", "助手：")}
_SAID = {"en": "The user said: ", "zh": "用户说："}
_WORD = re.compile(r"[^\W_]+")
_CJK = re.compile(r"[\u4e00-\u9fff]")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s|(?<=[。！？])")
_ABOUT = frozenset(
    ["the", "user", "s", "users", "assistant", "said", "told", "asked", "about", "and", "their", "they", *"用户助手说问的了和"]
)
"""Words that a summary may add."""
_NAMING = frozenset(["name", "s", *"名字的"])
"""Words that the name of a fact may add."""


@dataclass(frozen=True)
class Digest:
    """Both levels; empty ones leave no trace in the prompt."""

    summary: Mapping[str, str] = field(default_factory=dict)
    """Of the old: what -> its value, the newest last."""
    lines: Sequence[str] = ()
    """Of the middle: a line for a few exchanges each, the oldest first."""

    def without(self, values: Iterable[str]) -> "Digest":
        """Without the lines and entries in which one of the values stands, in any case."""
        gone = [value.lower() for value in values]

        def clean(text: str) -> bool:
            return not any(value in text.lower() for value in gone)

        summary = {name: value for name, value in self.summary.items() if clean(f"{name}\n{value}")}
        return Digest(summary, tuple(filter(clean, self.lines)))

    def __bool__(self) -> bool:
        return bool(self.summary or self.lines)


def groups(exchanges: Sequence[Exchange]) -> list[Sequence[Exchange]]:
    """The exchanges, a few for each line."""
    return [exchanges[at : at + GROUP] for at in range(0, len(exchanges), GROUP)]


def ask_line(exchanges: Sequence[Exchange], language: str) -> str:
    """What the model is asked for one line about some exchanges."""
    user, assistant = _WHO[language]
    quoted = []
    for past in exchanges:
        quoted.append(user + _flat(past.user)[:_USER_CHARACTERS])
        if reply := _SENTENCE_END.split(_flat(past.assistant))[0]:
            quoted.append(assistant + reply[:_REPLY_CHARACTERS])
    return "\n".join([_ASK_LINE[language], *quoted])


def checked_line(reply: str, exchanges: Sequence[Exchange], language: str) -> str:
    """What the model's line says that was said, clause by clause; else what the user told; "" when that is nothing."""
    line = _flat(reply)
    mark = "；" if "；" in line else "; "
    clauses = [clause.strip().rstrip(".。") for clause in line.split(mark.strip())]
    believed = [clause for clause in dict.fromkeys(clauses) if any(_faithful(clause, past) for past in exchanges)]
    if believed:
        return (mark.join(believed) + ("。" if language == "zh" else "."))[:MAX_LINE]
    told = [words for past in exchanges if len(_words(words := _flat(past.user))) >= LEAST_TOLD and not asks(words, language)]
    return (_SAID[language] + max(told, key=len))[:MAX_LINE] if told else ""


def ask_facts(lines: Sequence[str], language: str) -> str:
    """What the model is asked for the facts in some lines."""
    user, _ = _WHO[language]
    return "\n".join([_ASK_FACTS[language], *(user + line for line in lines)])


def checked_facts(reply: str, lines: Sequence[str]) -> dict[str, str]:
    """The entries of the model's JSON object whose value was said as it stands, and the words of its name; {} when it is none."""
    try:
        found = json.loads(reply)
    except ValueError:
        return {}
    source = "\n".join(lines).lower()
    words = set(_words(source))
    entries = found.items() if isinstance(found, dict) else ()
    return {
        str(name): value
        for name, value in entries
        if isinstance(value, str)
        and value.strip()
        and value.lower() in source
        and words.issuperset(_words(value))
        and words.issuperset(set(_words(str(name))) - _NAMING)
    }


def merged(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Both summaries in one; a newer entry replaces the older one of its name, and beyond `MAX_FACTS` the oldest go."""
    both = {name: value for name, value in old.items() if name not in new} | dict(new)
    return dict(list(both.items())[-MAX_FACTS:])


def _faithful(clause: str, past: Exchange) -> bool:
    """Whether a clause says what one exchange says: all its numbers and names, and most of its words."""
    said, known = _words(f"{past.user}\n{past.assistant}"), 0
    stems = {word[:4] for word in said}
    words = [word for word in _words(clause) if word not in _ABOUT]
    names = {word.lower() for word in _WORD.findall(clause)[1:] if word[0].isupper()}
    for word in words:
        if word in said or (word[:4] in stems and not word[0].isdigit() and word not in names):
            known += 1
        elif word[0].isdigit() or word in names:
            return False
    return len(words) >= LEAST_SAID and known >= _FAITHFUL * len(words)


def _words(text: str) -> list[str]:
    """Its words in small letters; Chinese by the character."""
    spaced = _CJK.sub(lambda found: f" {found[0]} ", text.lower())
    return _WORD.findall(spaced)


def _flat(text: str) -> str:
    return " ".join(text.split())
