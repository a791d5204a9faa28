"""The mix of the dialogue model's training conversations, written as token ids by the assistant's own prompt code.

A conversation's seed alone decides it; a stream of conversations is reproducible and splits by rank without sharing anything.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.dialogue.prompt import PERSONA, Prompt, Tokens, memory_text, recall_text
from scripts.training import llm_talk as talk
from scripts.training import llm_text as text
from scripts.training import llm_told as told
from scripts.training.llm_grammar import Ctx

CHINESE = 0.3
MIXED = 0.25
"""Share of conversations with the default persona that go on in the other language."""
SPEECH = 0.68
"""Share of conversations whose user text looks like a recogniser's."""


@dataclass(frozen=True)
class Conversation:
    """What the model is trained on: blocks in order, the first one the persona."""

    language: str
    turns: Sequence[talk.Turn]


def _chat(ctx: Ctx, who: talk.Persona, short: bool) -> talk.Turns:
    turns: talk.Turns = []
    many = [1, 2, 2, 3] if short else [1, 2, 3, 3, 4, 5, 6, 9]
    for _ in range(ctx.rng.choice(many)):
        dice = ctx.rng.random()
        if dice < 0.09 and turns:
            turns += talk.skill(ctx)
        elif dice < 0.46:
            turns += talk.small_talk(ctx, who)
        elif dice < 0.62:
            turns += talk.known(ctx, who)
        elif dice < 0.88:
            turns += talk.unknown(ctx, who)
        elif dice < 0.92:
            turns += talk.story(ctx)
        else:
            turns += talk.control(ctx, who)
    return turns if turns[-1].kind == "reply" else turns[:-2]


_MIX: list[tuple[float, Callable[[Ctx, talk.Persona, bool], talk.Turns]]] = [
    (0.26, told.told),
    (0.20, _chat),
    (0.10, told.remembered),
    (0.15, text.passage),
    (0.15, text.digest),
    (0.11, text.tools),
    (0.03, talk.code),
]
CLOSING = 0.22
"""Share of conversations, of whatever part, that end with thanks or a goodbye."""


def conversation(ctx: Ctx, short: bool = False, only: str = "") -> Conversation:
    """One conversation of the mix, or of one part of it (`only`: a function's name)."""
    who = talk.persona(ctx)
    makers = [maker for _, maker in _MIX]
    if only:
        make = next(maker for maker in makers if maker.__name__.strip("_") == only)
    else:
        make = ctx.rng.choices(makers, [share for share, _ in _MIX])[0]
    turns = make(ctx, who, short)
    if not only and ctx.rng.random() < CLOSING:
        turns += talk.closing(ctx, who)
    return Conversation(ctx.language, [talk.Turn("system", who.text), *turns])


def make(seed: int, pieces: Mapping[str, Sequence[str]], short: bool = False) -> Conversation:
    """The training conversation of a seed."""
    rng = random.Random(seed)
    language = "zh" if rng.random() < CHINESE else "en"
    ctx = Ctx(rng, language, speech=rng.random() < SPEECH, pieces=pieces)
    made = conversation(ctx, short)
    return mixed(made, ctx, short) if made.turns[0].text == PERSONA[language] and rng.random() < MIXED else made


def mixed(made: Conversation, ctx: Ctx, short: bool) -> Conversation:
    """A conversation that goes on in the other language, and now and then comes back: who is addressed in one answers in it."""
    other = Ctx(ctx.rng, "en" if ctx.language == "zh" else "zh", speech=ctx.speech, pieces=ctx.pieces)
    before, after = told.across(ctx, other) if ctx.rng.random() < 0.35 else ([], [])
    turns = [*made.turns, *before, *_chat(other, talk.Persona(PERSONA[other.language]), short), *after]
    if ctx.rng.random() < 0.5:
        turns += _chat(ctx, talk.Persona(PERSONA[ctx.language]), short)
    return Conversation(made.language, turns)


def encode(conversation: Conversation, tokens: Tokens) -> tuple[list[int], list[bool]]:
    """Token ids, and for each whether the model learns to write it: replies and the token that ends them."""
    prompt = Prompt(tokens, conversation.language)
    ids: list[int] = []
    learnt: list[bool] = []

    def put(block: Sequence[int], learn: bool = False) -> None:
        ids.extend(block)
        learnt.extend([learn] * len(block))

    for turn in conversation.turns:
        if turn.kind == "system":
            put(prompt.system(turn.text))
        elif turn.kind == "memory" and turn.memory is not None:
            put(prompt.memory(turn.memory))
        elif turn.kind == "recall":
            put(prompt.recall(turn.facts, turn.slots))
        elif turn.kind == "user":
            put(prompt.user(turn.text))
        elif turn.kind == "skill":
            put(prompt.reply(turn.text))
        else:
            put(prompt.reply_open())
            put(tokens.encode(turn.text), True)
            close = prompt.reply_close()
            put(close[:1], True)
            put(close[1:])
    return ids, learnt


def message(turn: talk.Turn, language: str) -> dict[str, str]:
    """The turn as a role and its text."""
    if turn.kind == "memory" and turn.memory is not None:
        return {"role": "system", "content": memory_text(turn.memory, language)}
    if turn.kind == "recall":
        return {"role": "system", "content": recall_text(turn.facts, turn.slots, language)}
    return {"role": {"reply": "assistant", "skill": "assistant"}.get(turn.kind, turn.kind), "content": turn.text}


def stream(seed: int, pieces: Mapping[str, Sequence[str]], short: bool = False) -> Iterator[Conversation]:
    """Training conversations without end."""
    number = seed * 1_000_000_007
    while True:
        yield make(number, pieces, short)
        number += 1
