"""How good a small dialogue model is at what the starter model was made for: remembering, small talk, honesty, text, JSON.

The items (starter_items.jsonl) are held out: neither their phrasings nor their values stand in the training conversations.
Each line is an object: `skill`, `language`, `messages` (role and content, the last one the user's), `rule` and `accept`. Rules:
contains   every accepted text stands in the reply (case and spaces apart)
one_of     the reply is one of the accepted texts (case, spaces and final punctuation apart)
json       the reply holds a JSON object equal to the accepted one (case of strings apart)
JSON is made under a grammar (dialogue/grammars.py), which no turn uses yet. "told" asks for a fact at most three turns after
it was told, "told_far" twelve turns after or more.
Written by `scripts/train_starter_llm.py --write-eval`.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any, NamedTuple, TypedDict

from assistant.bench.result import Figure, Result, machine, versions
from assistant.cancel import CancelToken
from assistant.config import Config
from assistant.dialogue import grammars
from assistant.dialogue.prompt import Prompt
from assistant.engines import auto
from assistant.models import model_roots
from assistant.protocols import ChatModel, Sampling

QUICK = 10
"""Items of each skill and language in a quick look."""
MAX_TOKENS = 192
TARGETS = {
    "small_talk": 0.9,
    "unknown": 0.95,
    "told": 0.9,
    "told_far": 0.8,
    "passage": 0.85,
    "passage_absent": 0.85,
    "summary": 0.85,
    "slots": 0.9,
    "tool": 0.9,
}
"""Skill -> the share of right replies wanted in each language; the other skills are reported without one."""
ENDED = 0.99
"""The share of replies wanted that end by themselves."""
CHINESE_GAP = 0.1
"""How far Chinese may fall behind English, over all skills."""


class Message(TypedDict):
    """One message of a conversation."""

    role: str
    """system, user or assistant."""
    content: str


class Item(TypedDict):
    """One question to a model."""

    skill: str
    language: str
    messages: list[Message]
    rule: str
    accept: list[str]


class Score(NamedTuple):
    """Right replies out of all."""

    hits: int
    total: int

    @property
    def share(self) -> float:
        """Hits out of all; 0 when there were none."""
        return self.hits / self.total if self.total else 0.0


class Reply(NamedTuple):
    """What a model said."""

    text: str
    ended: bool = True
    """Whether it stopped by itself."""


def items(limit: int | None = None) -> Iterator[Item]:
    """The held-out items, at most `limit` of each skill and language, in the file's order."""
    taken: dict[tuple[str, str], int] = {}
    text = files("assistant.evals").joinpath("starter_items.jsonl").read_text(encoding="utf-8")
    for line in text.splitlines():
        item: Item = json.loads(line)
        key = (item["skill"], item["language"])
        taken[key] = taken.get(key, 0) + 1
        if limit is None or taken[key] <= limit:
            yield item


def accepts(item: Item, reply: str) -> bool:
    """Whether a reply is right."""
    accept = item["accept"]
    if item["rule"] == "contains":
        return all(_plain(value) in _plain(reply) for value in accept)
    if item["rule"] == "one_of":
        return _plain(reply).rstrip(".!?。！？") in {_plain(value).rstrip(".!?。！？") for value in accept}
    if item["rule"] == "json":
        found = _object(reply)
        return found is not None and found == _object(accept[0])
    raise ValueError(f"starter_items.jsonl: unknown rule {item['rule']!r}")


def evaluate(reply: Callable[[Sequence[Message], str], Reply], limit: int | None = None) -> dict[str, Score]:
    """Play every item through `reply` (messages and a grammar in, the assistant's words out); scores by "skill.language".

    "ended.LANGUAGE" counts replies that stopped by themselves, "clean.LANGUAGE" those that speak no control token.
    """
    scores: dict[str, Score] = {}
    for item in items(limit):
        said = reply(item["messages"], grammar_of(item))
        marks = {item["skill"]: accepts(item, said.text), "ended": said.ended, "clean": "<|" not in said.text}
        for name, right in marks.items():
            hits, total = scores.get(f"{name}.{item['language']}", Score(0, 0))
            scores[f"{name}.{item['language']}"] = Score(hits + right, total + 1)
    return scores


def figures(scores: Mapping[str, Score]) -> dict[str, Figure]:
    """The scores as figures with their targets, and how far Chinese is behind."""
    found = {}
    for name, score in scores.items():
        skill = name.split(".")[0]
        target = {"ended": ENDED, "clean": 1.0, **TARGETS}.get(skill)
        found[name] = Figure(score.share, f"of {score.total}", target, "higher")
    means = []
    for language in ("en", "zh"):
        shares = [score.share for name, score in scores.items() if name.endswith(f".{language}") and _is_skill(name)]
        means.append(sum(shares) / len(shares) if shares else 0.0)
    found["behind.zh"] = Figure(means[0] - means[1], "mean of skills, en - zh", CHINESE_GAP)
    return found


def _is_skill(name: str) -> bool:
    return name.split(".")[0] not in ("ended", "clean")


def measure(config: Config, quick: bool) -> Result:
    """The share of right replies of the configured language model, greedy, for each skill and language."""
    choice, model = auto.first_that_loads(auto.llm(config, model_roots(config.models)))
    try:
        scores = evaluate(lambda messages, grammar: greedy(model, messages, grammar), QUICK if quick else None)
    finally:
        model.close()
    return Result(machine(), versions("llama-cpp-python"), {"llm": str(choice)}, figures(scores))


def greedy_reply(model: ChatModel, messages: Sequence[Message]) -> str:
    """The text of the most probable reply, in the program's own prompt."""
    return greedy(model, messages).text


def grammar_of(item: Item) -> str:
    """What the reply to an item may be; "" for anything."""
    if item["skill"] == "slots":
        return grammars.slots()
    if item["skill"] != "tool":
        return ""
    told = "\n".join(message["content"] for message in item["messages"] if message["role"] == "system")
    lines = [line for line in told.splitlines() if line.startswith('{"name"')]
    return grammars.tools({tool["name"]: tool["parameters"] for tool in map(json.loads, lines)})


def greedy(model: ChatModel, messages: Sequence[Message], grammar: str = "") -> Reply:
    """The most probable reply, in the program's own prompt."""
    prompt = Prompt(model)
    ids: list[int] = []
    for message in messages:
        ids += {"system": prompt.system, "user": prompt.user, "assistant": prompt.reply}[message["role"]](message["content"])
    session = model.open("eval")
    try:
        session.append([*ids, *prompt.reply_open()])
        sampling = Sampling(temperature=0, repetition_penalty=1, max_tokens=MAX_TOKENS, grammar=grammar)
        pieces = list(session.stream(sampling, CancelToken()))
        return Reply("".join(piece.text for piece in pieces).strip(), len(pieces) < MAX_TOKENS)
    finally:
        session.close()


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().lower()


def _object(text: str) -> Any:
    """The first JSON object in the text, strings in lower case; None when there is none."""
    start = text.find("{")
    if start < 0:
        return None
    try:
        found, _ = json.JSONDecoder().raw_decode(text.lower(), start)
    except ValueError:
        return None
    return found
