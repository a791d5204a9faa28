# ruff: noqa: SIM905 (tables of words)
"""Values to tell, copy and ask for: names, words, places, codes, times.

At least half of them are made from random pieces of the whole vocabulary (or random syllables, or random Chinese characters):
a piece that never stood in a value in training cannot be copied later. A value is a pair: as said by the user, and as written
in a reply.
"""

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

from scripts.training import llm_words as words
from scripts.training.llm_grammar import Ctx, capital, held_out_value


class Value(NamedTuple):
    """A value as the user says it and as the assistant writes it."""

    said: str
    written: str


_DIGITS = {"en": "zero one two three four five six seven eight nine".split(), "zh": list("零一二三四五六七八九")}
_TENS = "ten twenty thirty forty fifty sixty seventy eighty ninety".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()


def made_word(rng: random.Random, pieces: Sequence[str], inner: Sequence[str]) -> str:
    """A random English-looking word: vocabulary pieces, or syllables where there are none."""
    if pieces and rng.random() < 0.65:
        word = rng.choice(pieces)
        while len(word) < 3 or (len(word) < 9 and rng.random() < 0.45):
            word += rng.choice(inner)
        return word
    return "".join(
        rng.choice(words.ONSETS) + rng.choice(words.VOWELS) + (rng.choice(words.CODAS) if rng.random() < 0.5 else "")
        for _ in range(rng.choice([1, 2, 2, 2, 3]))
    )


def made(ctx: Ctx) -> str:
    """A random word of the language."""
    if ctx.language == "zh":
        return "".join(ctx.rng.choice(words.CHARACTERS) for _ in range(ctx.rng.choice([1, 2, 2, 2, 3])))
    return made_word(ctx.rng, ctx.pieces.get("start", ()), ctx.pieces.get("inner", ()))


def _draw(ctx: Ctx, draw: Callable[[], str]) -> str:
    """A value from the half that `ctx` asks for; where a list has none, made up."""
    for _ in range(60):
        value = draw()
        if held_out_value(value) == ctx.new_values:
            return value
    while True:
        value = made(ctx)
        if held_out_value(value) == ctx.new_values:
            return value


def word(ctx: Ctx, known: Sequence[str], made_share: float = 0.55) -> Value:
    """A common word or phrase: from the list or made up; copied as it was said."""
    text = _draw(ctx, lambda: made(ctx) if ctx.rng.random() < made_share else ctx.rng.choice(known))
    return Value(text, text)


def proper(ctx: Ctx, known: Sequence[str], made_share: float = 0.6) -> Value:
    """A name of a person, pet or town: written with capitals whatever the user's case."""
    if ctx.language == "zh":
        return word(ctx, known, made_share)
    text = _draw(ctx, lambda: made(ctx) if ctx.rng.random() < made_share else ctx.rng.choice(known).lower())
    written = " ".join(capital(part) for part in text.split(" "))
    return Value(text if ctx.speech else written, written)


def person(ctx: Ctx) -> Value:
    """A person's name; sometimes two words in English, a family name first in Chinese."""
    rng = ctx.rng
    if ctx.language == "zh":
        if rng.random() < 0.3:
            return word(ctx, words.ZH_NAMES, 0.0)
        given = lambda: rng.choice(words.SURNAMES) + "".join(rng.choice(words.CHARACTERS) for _ in range(rng.choice([1, 2, 2])))  # noqa: E731
        text = _draw(ctx, given if rng.random() < 0.7 else lambda: rng.choice(["小", "阿", "老"]) + rng.choice(words.CHARACTERS))
        return Value(text, text)
    first = proper(ctx, words.EN_NAMES)
    if rng.random() < 0.12:
        last = proper(ctx, words.EN_NAMES)
        return Value(f"{first.said} {last.said}", f"{first.written} {last.written}")
    return first


def code(ctx: Ctx) -> Value:
    """A number of two to six digits, in words when spoken (English; mostly) or as digits."""
    rng = ctx.rng

    def draw() -> str:
        digits = [rng.randrange(10) for _ in range(rng.choice([2, 3, 4, 4, 4, 5, 6]))]
        if ctx.speech and rng.random() < 0.8:
            return (" " if ctx.language == "en" else "").join(_DIGITS[ctx.language][digit] for digit in digits)
        return "".join(map(str, digits))

    text = _draw(ctx, draw)
    return Value(text, text)


def number(ctx: Ctx, low: int, high: int) -> Value:
    """A whole number below 100 as it is spoken (words), or as digits when typed."""
    value = ctx.rng.randint(low, high)
    text = spelled(value, ctx.language) if ctx.speech or ctx.rng.random() < 0.3 else str(value)
    return Value(text, text)


def spelled(value: int, language: str) -> str:
    """0..99 in words, for training sentences alone (the assistant's own spoken form is elsewhere)."""
    tens, ones = divmod(value, 10)
    if language == "zh":
        head = "" if tens == 0 else ("十" if tens == 1 else _DIGITS["zh"][tens] + "十")
        return head + (_DIGITS["zh"][ones] if ones or not tens else "")
    if tens == 0:
        return _DIGITS["en"][ones]
    if tens == 1:
        return _TEENS[ones]
    return _TENS[tens - 1] + (" " + _DIGITS["en"][ones] if ones else "")


def clock(ctx: Ctx) -> Value:
    """A day, a time or both, with the preposition it needs."""
    rng = ctx.rng
    if ctx.language == "zh":
        hour = spelled(rng.randint(1, 12), "zh")
        text = _draw(
            ctx,
            lambda: (
                rng.choice(words.ZH_DAYS)
                + rng.choice(["", "上午", "下午", "晚上"])
                + rng.choice(["", hour + "点", hour + "点半"])
            ),
        )
        return Value(text, text)
    hour = spelled(rng.randint(1, 12), "en")
    times = [f"at {hour}", f"at half past {hour}", f"at {hour} o'clock", f"at {hour} thirty", f"at {hour} fifteen"]
    day = rng.choice(words.EN_DAYS)
    text = _draw(
        ctx,
        lambda: rng.choice(
            [
                f"on {day}",
                rng.choice(times),
                f"on {day} {rng.choice(times)}",
                "tomorrow",
                f"next {day}",
                f"tomorrow {rng.choice(times)}",
            ]
        ),
    )
    return Value(text if ctx.speech else text.replace(day, capital(day)), text if ctx.speech else text.replace(day, capital(day)))


def place(ctx: Ctx) -> Value:
    """Where a thing lies, with its preposition."""
    rng = ctx.rng
    if ctx.language == "zh":
        text = word(ctx, words.ZH_PLACES).said + rng.choice(["里", "上", "下面", "旁边", "后面"])
        return Value(text, text)
    where = f"{rng.choice(words.PREPOSITIONS)} {rng.choice(['the', 'the', 'the', 'my'])} {word(ctx, words.EN_PLACES).said}"
    return Value(where, where.replace(" my ", " your "))
