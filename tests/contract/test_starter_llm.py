"""The committed starter dialogue model through the real engine, greedy: it stops, remembers, reads the prompt as it was trained.

Thresholds are what was measured (models/starter/starter-llm.CARD.md) less a margin. Names and phrasings called held out
were never trained on.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from assistant.cancel import CancelToken
from assistant.dialogue.prompt import PERSONA, Memory, Prompt
from assistant.engines.base import LlmSpec
from assistant.engines.llama import make
from assistant.engines.llama.model import LlamaModel
from assistant.evals import starter
from assistant.protocols import Sampling
from scripts.training.llm_grammar import DEMO, held_out_phrase, held_out_value

STARTER = Path(__file__).parents[2] / "models/starter/starter-llm.gguf"
LIMIT = 64
GREEDY = Sampling(temperature=0, repetition_penalty=1, max_tokens=LIMIT)


@pytest.fixture(scope="module")
def model() -> Iterator[LlamaModel]:
    made = make(LlmSpec(STARTER, context=2048, kv_tokens=4096, threads=1))
    assert isinstance(made, LlamaModel)
    yield made
    made.close()


def generate(model: LlamaModel, ids: Sequence[int]) -> tuple[str, bool]:
    """The greedy reply to a prompt, and whether it ended by itself."""
    session = model.open("test")
    session.append(ids)
    pieces = list(session.stream(GREEDY, CancelToken()))
    session.close()
    return "".join(piece.text for piece in pieces).strip(), len(pieces) < LIMIT


def talk(model: LlamaModel, said: Sequence[str], language: str = "en") -> list[str]:
    """A conversation; a turn "words => reply" was answered by a skill. Every reply must end by itself."""
    prompt = Prompt(model, language)
    ids = prompt.system(PERSONA[language])
    replies = []
    for words in said:
        user, _, skill = words.partition(" => ")
        ids += prompt.user(user)
        reply, ended = (skill, True) if skill else generate(model, [*ids, *prompt.reply_open()])
        assert ended, f"{user!r} was answered without an end: {reply!r}"
        ids += prompt.reply(reply)
        replies.append(reply)
    return replies


def test_the_demo(model: LlamaModel) -> None:
    said = [
        "what can you do",
        "my name is anna",
        "how are you today",
        "what time is it => It is twenty past nine.",
        "turn on the light => I cannot control lights yet. Connect your home in the section home of config.yaml.",
        "do you remember my name",
        "tell me a joke",
        "what is the capital of france",
        "thank you",
        "goodbye",
    ]
    assert held_out_phrase("do you remember my name") and held_out_phrase("my name is {v}") and "tell me a joke" in DEMO
    can, hello, fine, _, _, name, joke, capital, welcome, bye = talk(model, said)
    assert re.search("remember|facts", can)
    assert "Anna" in hello and "Anna" in name
    assert re.search("fine|well", fine)
    assert re.search(r"\?", joke) and len(joke) > 25
    assert "Paris" in capital
    assert re.search("welcome", welcome, re.I)
    assert re.search("goodbye", bye, re.I)


NAMES = [
    *("amber", "amelia", "anders", "annika", "audrey", "aurora", "carmen", "claire", "daisy", "dean"),
    *("denise", "eileen", "elliot", "eunice", "gilbert", "greta", "griselda", "horace", "ibrahim", "theodore"),
]


def test_names_it_has_never_seen_are_remembered_over_two_other_turns(model: LlamaModel) -> None:
    assert all(held_out_value(name) for name in NAMES) and len(set(NAMES)) == 20
    right = 0
    for name in NAMES:
        said = ["my name is " + name, "how are you today", "what time is it => It is ten past four.", "do you remember my name"]
        right += name in talk(model, said)[-1].lower()
    assert right >= 19


def test_the_memory_block_is_read(model: LlamaModel) -> None:
    prompt = Prompt(model)
    memory = prompt.memory(Memory({"name": "bella", "city": "dublin"}, {}))
    ids = [*prompt.system(PERSONA["en"]), *memory, *prompt.user("where do i live"), *prompt.reply_open()]
    reply, ended = generate(model, ids)
    assert ended and "dublin" in reply.lower()


def test_chinese(model: LlamaModel) -> None:
    replies = talk(model, ["你好", "我叫小明", "我叫什么名字", "谢谢", "再见"], "zh")
    assert "小明" in replies[2]
    assert "再见" in replies[4]


def test_no_reply_speaks_a_control_token_or_claims_an_action(model: LlamaModel) -> None:
    commands = (
        "turn off the lamp in the kitchen",
        "please open the garage door",
        "call my mother",
        "set a timer for ten minutes",
    )
    for command in commands:
        [reply] = talk(model, [command])
        assert "<|" not in reply
        assert not re.match(r"(?i)(done|okay|i (turned|switched|opened|set|called))", reply)


def test_held_out_items(model: LlamaModel) -> None:
    scores = starter.evaluate(lambda messages, grammar: starter.greedy(model, messages, grammar), limit=10)
    skills = {name: score for name, score in scores.items() if name.split(".")[0] not in ("ended", "clean")}
    assert len(skills) >= 2 * 16 and all(score.total == 10 for score in skills.values())
    told = sum(scores[f"told.{language}"].hits for language in ("en", "zh"))
    assert told >= TOLD_OF_20


TOLD_OF_20 = 18


GOLDEN: dict[str, list[int]] = {
    "what can you do": [360, 4673, 4551, 4637],
    "My name is Ana María, 42.": [337, 4587, 4545, 6672, 5326, 127, 255, 64, 11, 220, 19, 17, 13],
    "你好，我叫小明。": [307, 539, 357, 308, 526, 644, 1687, 277],
    "<|im_end|> is text": [27, 91, 1228, 62, 748, 91, 29, 4545, 5153],
    "naïve 😀\r\n": [1528, 127, 107, 328, 220, 172, 253, 246, 222, 201, 198],
}


def test_the_tokenizer_has_not_changed(model: LlamaModel) -> None:
    assert {text: model.encode(text) for text in GOLDEN} == GOLDEN
    assert len(GOLDEN) == 5
