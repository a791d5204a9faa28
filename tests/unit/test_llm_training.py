"""The starter model's training data: what is held out stays out, a seed is a stream, control tokens are ids only.

No torch needed.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest

from assistant.dialogue.prompt import PERSONA
from assistant.evals import starter
from scripts.training import llm_data, llm_eval, llm_grammar, llm_talk, llm_values
from scripts.training.llm_data import Conversation

PIECES = {"start": ["an", "bel", "tor", "wim", "ka"], "inner": ["na", "lo", "ri", "st"]}


class Bytes:
    """A tokenizer of bytes."""

    im_start = 256
    im_end = 257
    no_think: Sequence[int] = ()

    def encode(self, text: str) -> list[int]:
        return list(text.encode())


def conversations(seed: int, count: int) -> Iterator[Conversation]:
    for _, made in zip(range(count), llm_data.stream(seed, PIECES), strict=False):
        yield made


def test_a_seed_is_a_stream() -> None:
    assert list(conversations(3, 40)) == list(conversations(3, 40))
    assert list(conversations(3, 5)) != list(conversations(4, 5))


def test_no_held_out_phrasing_or_value_in_training(monkeypatch: pytest.MonkeyPatch) -> None:
    phrases: list[str] = []
    values: list[str] = []
    draw_phrase, draw_value = llm_grammar.phrase, llm_values._draw

    def phrase(ctx: llm_grammar.Ctx, patterns: Sequence[str]) -> str:
        phrases.append(draw_phrase(ctx, patterns))
        return phrases[-1]

    def value(ctx: llm_grammar.Ctx, draw: object) -> str:
        values.append(draw_value(ctx, draw))  # type: ignore[arg-type]
        return values[-1]

    monkeypatch.setattr(llm_grammar, "phrase", phrase)
    monkeypatch.setattr(llm_values, "_draw", value)
    said = {turn.text for made in conversations(1, 2000) for turn in made.turns if turn.kind == "user"}
    assert len(set(phrases)) > 2000 and len(set(values)) > 2000
    assert not [text for text in phrases if llm_grammar.held_out_phrase(text)]
    assert not [text for text in values if llm_grammar.held_out_value(text)]
    assert not said & llm_grammar.DEMO


def test_the_evaluation_is_held_out_on_both_sides() -> None:
    ctx = llm_grammar.Ctx(random.Random(5), "en", new_phrases=True, new_values=True, pieces=PIECES)
    for _ in range(200):
        assert llm_grammar.held_out_phrase(llm_grammar.phrase(ctx, ["(a|b|c|d|e|f|g|h) (1|2|3|4|5) {v}"]))
        assert llm_grammar.held_out_value(llm_values.word(ctx, ["tea", "milk"]).said)


def test_control_tokens_stand_only_where_the_prompt_puts_them() -> None:
    for made in conversations(2, 300):
        ids, learnt = llm_data.encode(made, Bytes())
        blocks = len(made.turns)
        assert ids.count(256) == blocks and ids.count(257) == blocks
        assert ids[0] == 256 and ids[-2:] == [257, 10]
        replies = sum(turn.kind == "reply" for turn in made.turns)
        ends = [at for at, number in enumerate(ids) if number == 257 and learnt[at]]
        assert replies >= 1 and len(ends) == replies
        assert not any(learnt[at] for at, number in enumerate(ids) if number == 256)


def test_what_a_skill_said_is_not_learnt() -> None:
    turns = [
        llm_talk.Turn("user", "what time is it"),
        llm_talk.Turn("skill", "It is nine."),
        llm_talk.Turn("user", "hi"),
        llm_talk.Turn("reply", "Hello."),
    ]
    ids, learnt = llm_data.encode(Conversation("en", turns), Bytes())
    assert bytes(number for number, learn in zip(ids, learnt, strict=True) if learn and number < 256) == b"Hello."


def test_the_mix_is_what_the_card_says() -> None:
    made = list(conversations(7, 2000))
    share = sum(item.language == "zh" for item in made) / len(made)
    default = sum(item.turns[0].text in PERSONA.values() for item in made) / len(made)
    assert 0.26 < share < 0.34
    assert 0.55 < default < 0.65
    words = [turn.text for item in made if item.language == "en" for turn in item.turns if turn.kind == "user"]
    lower = sum(text == text.lower() for text in words) / len(words)
    assert lower > 0.6


def test_replies_never_claim_an_action() -> None:
    claims = ("i turned", "i switched", "i set", "i opened", "i called", "done", "我打开了", "我关了")
    for made in conversations(9, 1500):
        for turn in made.turns:
            if turn.kind == "reply":
                assert not turn.text.lower().startswith(claims)


def test_names_are_written_large_and_other_words_as_said() -> None:
    ctx = llm_grammar.Ctx(random.Random(1), "en", speech=True, pieces=PIECES)
    for _ in range(50):
        name, thing = llm_values.person(ctx), llm_values.word(ctx, ["tea"])
        assert name.said == name.said.lower() and name.written == name.said.title()
        assert thing.said == thing.written


def test_items_repeat_and_their_own_replies_are_right() -> None:
    for language in ("en", "zh"):
        for skill in llm_eval.SKILLS:
            first = list(llm_eval.items(skill, language, 3, PIECES))
            assert first == list(llm_eval.items(skill, language, 3, PIECES)) and len(first) == 3
            for item in first:
                assert item["messages"][-1]["role"] == "user"
                good = item["accept"][0] if item["rule"] != "contains" else " ".join(item["accept"])
                assert starter.accepts(item, f" {good}\n")  # type: ignore[arg-type]
                assert not starter.accepts(item, "Hm.")  # type: ignore[arg-type]


def test_the_rules_of_the_evaluation() -> None:
    item: starter.Item = {
        "skill": "s",
        "language": "en",
        "messages": [],
        "rule": "json",
        "accept": ['{"name": "call", "arguments": {"name": "Bo"}}'],
    }
    assert starter.accepts(item, '<tool_call>\n{"name": "call", "arguments": {"name": "bo"}}\n</tool_call>')
    assert not starter.accepts(item, '{"name": "call"') and not starter.accepts(item, "no")
    assert starter.accepts({**item, "rule": "contains", "accept": ["Bo", "tea"]}, "bo  likes TEA")
    assert not starter.accepts({**item, "rule": "contains", "accept": ["Bo", "tea"]}, "Bo.")
    assert starter.accepts({**item, "rule": "one_of", "accept": ["Hello.", "Hi."]}, "hi!")
    with pytest.raises(ValueError, match="unknown rule"):
        starter.accepts({**item, "rule": "near"}, "hi")


def test_evaluate_counts_by_skill_and_language() -> None:
    scores = starter.evaluate(lambda messages, _: starter.Reply("I do not know. <|", ended=False), limit=2)
    assert len(scores) == 2 * (len(llm_eval.SKILLS) + 2)
    assert scores["told.en"].total == 2 and scores["ended.en"] == scores["clean.zh"] == (0, 2 * len(llm_eval.SKILLS))
    right = {json_key(item): item["accept"] for item in starter.items(2)}
    perfect = starter.evaluate(lambda messages, _: starter.Reply(" ".join(right[str(messages)])), limit=2)
    exact = ("told", "told_far", "passage", "summary", "tool", "ended", "clean")
    assert all(score.hits == score.total for name, score in perfect.items() if name.split(".")[0] in exact)


def test_there_are_enough_items() -> None:
    counts = Counter((item["skill"], item["language"]) for item in starter.items())
    assert set(counts) == {(skill, language) for skill in llm_eval.SKILLS for language in ("en", "zh")}
    assert not {key: count for key, count in counts.items() if count < 200}


def test_figures_have_their_targets() -> None:
    scores = {"told.en": starter.Score(95, 100), "told.zh": starter.Score(80, 100), "clean.en": starter.Score(99, 100)}
    made = starter.figures({**scores, "echo.en": starter.Score(1, 2), "echo.zh": starter.Score(1, 2)})
    assert made["told.en"].ok and made["told.zh"].ok is False and made["clean.en"].ok is False
    assert made["echo.en"].ok is None and made["behind.zh"].value == pytest.approx(0.075) and made["behind.zh"].ok


def test_a_far_fact_is_twelve_turns_away() -> None:
    items = [item for item in starter.items() if item["skill"] in ("told", "told_far") and item["language"] == "en"]
    for item in items:
        told = [message["content"] for message in item["messages"] if message["role"] == "user"]
        assert len(told) >= (13 if item["skill"] == "told_far" else 2)


def json_key(item: starter.Item) -> str:
    return str(item["messages"])
