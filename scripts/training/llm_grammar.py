# ruff: noqa: E501 (tables of words)
"""Phrases from small grammars, and what is held out.

A pattern is text with `(a|b|c)` one of, `[a|b]` one of or nothing, nested as you like, and `{slot}` places that are filled later.
Held out is decided by the phrase itself (its CRC-32 before slots are filled) or by the value itself, so the split needs no
list and no state: a held-out phrase never occurs in training, whatever the seed. The demo's own phrases are always held out.
"""

import random
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

DEMO = frozenset(
    {
        "what can you do",
        "my name is {v}",
        "how are you today",
        "do you remember my name",
        "tell me a joke",
        "what is the capital of {v}",
        "thank you",
        "goodbye",
    }
)
"""Phrases of the demo: never trained on."""

PHRASE_SHARE = 9
VALUE_SHARE = 10


@dataclass(frozen=True)
class Ctx:
    """What a conversation is made with."""

    rng: random.Random
    language: str
    new_phrases: bool = False
    """True: only held-out phrasings; False: only the others."""
    new_values: bool = False
    """The same for values."""
    speech: bool = True
    """User text as a recogniser writes it: lower case, no punctuation, slips."""
    pieces: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Pieces of the tokenizer's vocabulary, to make values from: "start", "inner"; empty: syllables alone."""


def held_out_phrase(phrase: str) -> bool:
    """Whether a phrase (slots not filled) belongs to the test half."""
    return phrase in DEMO or zlib.crc32(phrase.encode()) % PHRASE_SHARE == 0


def held_out_value(value: str) -> bool:
    """Whether a value (any case) belongs to the test half."""
    return zlib.crc32(("value:" + value.lower()).encode()) % VALUE_SHARE == 0


Node = tuple[str, tuple["Node | str", ...]]


@cache
def _parse(pattern: str) -> Node:
    position = 0

    def sequence(closers: str) -> Node:
        nonlocal position
        parts: list[Node | str] = []
        while position < len(pattern) and pattern[position] not in closers:
            char = pattern[position]
            if char in "([":
                parts.append(choice(char))
                continue
            end = position
            while end < len(pattern) and pattern[end] not in "([" + closers:
                end += 1
            parts.append(pattern[position:end])
            position = end
        return ("all", tuple(parts))

    def choice(opener: str) -> Node:
        nonlocal position
        closer = ")" if opener == "(" else "]"
        position += 1
        options: list[Node | str] = [""] if opener == "[" else []
        while True:
            options.append(sequence("|" + closer))
            if position >= len(pattern):
                raise ValueError(f"unclosed {opener} in {pattern!r}")
            position += 1
            if pattern[position - 1] == closer:
                return ("one", tuple(options))

    return sequence("")


def _draw(node: Node | str, rng: random.Random) -> str:
    if isinstance(node, str):
        return node
    kind, parts = node
    if kind == "one":
        return _draw(parts[int(rng.random() * len(parts))], rng)
    return "".join([_draw(part, rng) for part in parts])


def expand(pattern: str, rng: random.Random) -> str:
    """One phrase of the pattern, slots left as they are."""
    return re.sub(r" +(?=[ .])", "", _draw(_parse(pattern), rng)).strip()


def phrase(ctx: Ctx, patterns: Sequence[str]) -> str:
    """A phrase of one of the patterns from the half that `ctx` asks for; ValueError where a grammar has none in it."""
    for _ in range(400):
        text = expand(ctx.rng.choice(patterns), ctx.rng)
        if held_out_phrase(text) == ctx.new_phrases:
            return text
    raise ValueError(f"no phrase of the half new={ctx.new_phrases} in {patterns[0]!r}")


_BEFORE = {
    "en": ["hey", "okay", "so", "well", "um", "uh", "please", "and", "oh", "now", "hi", "hello", "excuse me", "listen", "right", "yes",
           "assistant", "hey assistant", "by the way", "alright", "hm", "you know", "sorry", "one question"],
    "zh": ["嗯", "那", "请问", "那个", "哎", "对了", "好的", "喂", "你好", "那么", "呃", "我说", "小助手", "啊"],
}  # fmt: skip
_AFTER = {
    "en": ["please", "then", "now", "for me", "my friend", "if you can", "uh", "okay", "buddy", "assistant"],
    "zh": ["呢", "啊", "呀", "吧", "好吗", "谢谢"],
}
_SLIPS = {
    "your": "you're", "you're": "your", "to": "two", "for": "four", "two": "to", "there": "their", "is": "as", "what's": "what is", "the": "a",
    "a": "the", "are": "our", "know": "no", "my": "me", "i'm": "i am", "it's": "its", "do": "to", "can": "could", "you": "u", "hear": "here",
}  # fmt: skip
_DROPS = {"the", "a", "is", "please", "do", "to", "of", "that", "you", "me"}


def slip(text: str, rng: random.Random, language: str) -> str:
    """A word dropped, doubled or misheard, or a filler put in; `{slots}` are never touched."""
    if language == "zh":
        at = rng.randrange(len(text) + 1)
        inside = text[:at].count("{") > text[:at].count("}")
        return text if inside else text[:at] + rng.choice(["嗯", "呃", "那个", "就是"]) + text[at:]
    words = text.split(" ")
    at = rng.randrange(len(words))
    word, dice = words[at], rng.random()
    if "{" in word or len(words) < 3:
        return text
    if dice < 0.3 and word in _DROPS:
        del words[at]
    elif dice < 0.55 and word in _SLIPS:
        words[at] = _SLIPS[word]
    elif dice < 0.75:
        words.insert(at, word)
    else:
        words.insert(at, rng.choice(["um", "uh", "like", "er"]))
    return " ".join(words)


def capital(text: str) -> str:
    """With its first letter large."""
    return text[:1].upper() + text[1:]


def say(ctx: Ctx, patterns: Sequence[str], values: Mapping[str, str] | None = None, dress: bool = True) -> str:
    """What a user says: a phrase, dressed with prefixes and slips when `dress`, its slots filled with `values`."""
    rng, zh = ctx.rng, ctx.language == "zh"
    text = phrase(ctx, patterns)
    asks = re.match(r"(what|who|where|when|which|how|do|are|can|is|will|could|why|did|have)\b", text) or text.endswith(
        ("吗", "什么", "谁", "哪", "几", "多少")
    )
    gap = "" if zh else " "
    if dress and rng.random() < 0.28:
        text = rng.choice(_BEFORE[ctx.language]) + (gap if ctx.speech or not zh else "，") + text
    if dress and rng.random() < 0.12:
        text = text + gap + rng.choice(_AFTER[ctx.language])
    if dress and ctx.speech and rng.random() < 0.18:
        text = slip(text, rng, ctx.language)
    if not ctx.speech:
        text = capital(text) + (("？" if asks else "。") if zh else ("?" if asks else "."))
        text = re.sub(r"\bi('m|'ve|'d|'ll)?\b", lambda match: match.group().capitalize(), text) if not zh else text
    return fill(text, values or {})


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its `{slots}` filled."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text.replace("的最喜欢的", "最喜欢的")


def answer(ctx: Ctx, patterns: Sequence[str], values: Mapping[str, str] | None = None) -> str:
    """What the assistant says: any of the patterns (replies are not held out), its first letter large."""
    text = capital(fill(expand(ctx.rng.choice(patterns), ctx.rng), values or {}))
    return re.sub(r"\bas a (?=[aeiou])", "as an ", text)
