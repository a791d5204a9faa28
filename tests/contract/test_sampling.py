"""Stop strings, stop tokens, biases and control tokens under a grammar, on the real engine."""

import json
import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cancel import CancelToken
from assistant.dialogue import grammars
from assistant.dialogue.prompt import Prompt
from assistant.engines.base import LlmSpec
from assistant.engines.llama.model import LlamaModel
from assistant.engines.llama.session import LlamaSession
from assistant.engines.llama.stops import Stops
from assistant.errors import EngineError
from assistant.models import SHIPPED
from assistant.protocols import Piece, Sampling
from tests.contract.tiny_gguf import write

GREEDY = Sampling(temperature=0, repetition_penalty=1, max_tokens=40)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaModel]:
    made = LlamaModel(LlmSpec(write(tmp_path_factory.mktemp("gguf") / "tiny.gguf"), 512, 1024, 3, threads=1))
    yield made
    made.close()


@pytest.fixture(scope="module")
def starter() -> Iterator[LlamaModel]:
    made = LlamaModel(LlmSpec(SHIPPED / "starter/starter-llm.gguf", 1024, 2048, 3, threads=1))
    yield made
    made.close()


def sampling(**changes: object) -> Sampling:
    return Sampling(**{"temperature": 0.0, "repetition_penalty": 1.0, "max_tokens": 40} | changes)  # type: ignore[arg-type]


def spoken(model: LlamaModel, tokens: Sequence[int], how: Sampling, patch: pytest.MonkeyPatch) -> tuple[list[Piece], list[int]]:
    """What a model that draws these tokens yields, and the ids it leaves; at each yield the id is the last one."""
    drawn = iter([*tokens, model.im_end])
    session, pieces = model.open("scripted"), []
    session.append([65])
    with patch.context() as here:
        here.setattr(model, "sample", lambda chain: next(drawn))
        for piece in session.stream(how, CancelToken()):
            assert piece.id == session.ids[-1]
            pieces.append(piece)
    left = list(session.ids[1:])
    session.close()
    return pieces, left


def text_of(model: LlamaModel, ids: Sequence[int]) -> str:
    return b"".join(map(model.piece, ids)).decode()


def said(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


CONTINUES = {bytes([byte]) for byte in range(0x80, 0xC0)}
"""Bytes within a character."""
ALPHABET = st.text("ab\n你好，é😀", max_size=12)


@given(
    text=ALPHABET, cuts=st.lists(st.integers(0, 40), max_size=12), stops=st.lists(ALPHABET.filter(bool), min_size=1, max_size=3)
)
def test_nothing_of_a_stop_string_is_given_and_nothing_else_is_lost(text: str, cuts: list[int], stops: list[str]) -> None:
    data = text.encode()
    marks = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    tokens = [data[a:b] for a, b in pairwise(marks)]
    held, given_, seen = Stops(stops), b"", b""
    for number, token in enumerate(tokens):
        given_ += held.push(token)
        seen += token
        found = [at for stop in stops if (at := seen.find(stop.encode())) >= 0]
        assert held.hit == bool(found)
        if found:
            count, tail = held.kept()
            assert b"".join(tokens[:count]) + tail == given_ == seen[: min(found)]
            assert count <= number and tail[:1] not in CONTINUES
            return
        assert any(given_ == b"".join(tokens[:n]) for n in range(number + 2))  # the text of whole tokens
    assert given_ + held.rest() == data


def test_a_stop_string_over_many_tokens_leaves_no_trace(tiny: LlamaModel, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = [*b"ok", *b"\nUser", *b": never"]
    pieces, left = spoken(tiny, tokens, sampling(stop=("\nUser:",)), monkeypatch)
    assert [piece.text for piece in pieces] == ["o", "k", "", "", "", "", ""]
    assert left == [*b"ok"]


def test_what_only_looked_like_one_comes_later_and_at_the_end(tiny: LlamaModel, monkeypatch: pytest.MonkeyPatch) -> None:
    pieces, left = spoken(tiny, [*b"a\nUs."], sampling(stop=("\nUser:",)), monkeypatch)
    assert [piece.text for piece in pieces] == ["a", "", "", "", "\nUs."]
    for limit in (40, 4):  # the end of the reply, or of what it may take
        pieces, left = spoken(tiny, [*b"a\nUs"], sampling(stop=("\nUser:",), max_tokens=limit), monkeypatch)
        assert [piece.text for piece in pieces] == ["a", "", "", "", "\nUs"]
        assert left == [*b"a\nUs"]


def test_a_full_context_gives_what_was_held_back(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = LlamaModel(LlmSpec(write(tmp_path_factory.mktemp("small") / "tiny.gguf"), 4, 256, 1, threads=1))
    pieces, left = spoken(small, [*b"a\nU"], sampling(stop=("\nUser:",)), monkeypatch)
    assert said(pieces) == text_of(small, left) == "a\nU"
    small.close()


def test_chinese_within_characters(tiny: LlamaModel, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = [*"你好。用户：不".encode()]
    pieces, left = spoken(tiny, tokens, sampling(stop=("用户：",)), monkeypatch)
    assert said(pieces) == "你好。" == text_of(tiny, left)
    pieces, left = spoken(tiny, tokens, sampling(stop=("用心", "用户。")), monkeypatch)
    assert said(pieces) == "你好。用户：不" == text_of(tiny, left)
    assert all("\ufffd" not in piece.text for piece in pieces)
    pieces, left = spoken(tiny, [*"你".encode(), *"好".encode()[:2], *b"END"], sampling(stop=("END",)), monkeypatch)
    assert said(pieces) == "你"  # a character left incomplete is dropped


def test_a_token_that_mixes_reply_and_stop_string_is_encoded_anew(tiny: LlamaModel, monkeypatch: pytest.MonkeyPatch) -> None:
    (hello,) = tiny.encode("hello")
    pieces, left = spoken(tiny, [*b"a", hello, 66], sampling(stop=("lo",)), monkeypatch)
    assert (said(pieces), left) == ("ahel", [*b"a", *tiny.encode("hel")])
    assert pieces[-1] == Piece(left[-1], "hel")
    pieces, left = spoken(tiny, [*b"a", hello, 66], sampling(stop=("loB",)), monkeypatch)
    assert (said(pieces), left) == ("ahel", [*b"a", *tiny.encode("hel")])
    pieces, left = spoken(tiny, [*b"a", hello, 67], sampling(stop=("loB",)), monkeypatch)
    assert [piece.text for piece in pieces] == ["a", "", "helloC"]
    pieces, left = spoken(tiny, [hello], sampling(stop=("hello",)), monkeypatch)
    assert (pieces, left) == ([], [])


def test_what_a_turn_keeps_of_an_interrupted_reply_is_in_the_ids(tiny: LlamaModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """A turn notes (length of the reply, ids) at each piece and keeps the ids of the first that covers what was heard."""
    (hello,) = tiny.encode("hello")
    drawn = iter([*b"well ", hello, *b" no", tiny.im_end])
    session = tiny.open("turn")
    session.append([65])
    reply, lengths = "", []
    with monkeypatch.context() as here:
        here.setattr(tiny, "sample", lambda chain: next(drawn))
        for piece in session.stream(sampling(stop=("o n",)), CancelToken()):
            reply += piece.text
            lengths.append((len(reply), len(session.ids)))
    assert reply == "well hell" == text_of(tiny, session.ids[1:])
    for heard in range(1, len(reply) + 1):
        kept = next(ids for length, ids in lengths if length >= heard)
        assert text_of(tiny, session.ids[1:kept]).startswith(reply[:heard])
    session.close()


def test_stop_tokens_end_and_are_not_kept(tiny: LlamaModel, monkeypatch: pytest.MonkeyPatch) -> None:
    pieces, left = spoken(tiny, [*b"hi there"], sampling(stop_ids=(ord(" "), 1)), monkeypatch)
    assert (said(pieces), left) == ("hi", [*b"hi"])


def test_sampling_that_makes_no_sense_is_an_error(tiny: LlamaModel, monkeypatch: pytest.MonkeyPatch) -> None:
    for how in (
        sampling(stop=("",)),
        *(sampling(logit_bias=(bias,)) for bias in ((-1, 1.0), (tiny.n_vocab, 1.0), (3, math.nan))),
    ):
        with pytest.raises(EngineError, match=r"stop string is empty|a bias of"):
            spoken(tiny, [65], how, monkeypatch)


def begin(model: LlamaModel, text: str) -> LlamaSession:
    prompt, session = Prompt(model), model.open("test")
    session.append([*prompt.system("You are a voice assistant."), *prompt.user(text), *prompt.reply_open()])
    return session


def reply(model: LlamaModel, text: str, how: Sampling = GREEDY) -> tuple[str, list[int]]:
    session = begin(model, text)
    start = len(session.ids)
    try:
        return said(list(session.stream(how, CancelToken()))), list(session.ids[start:])
    finally:
        session.close()


@pytest.mark.parametrize("text", ["what is the capital of france", "你好"])
def test_a_real_reply_stops_anywhere_and_goes_on_as_a_cold_one(starter: LlamaModel, text: str) -> None:
    whole, _ = reply(starter, text)
    for at in range(0, len(whole) - 1, 3):
        stop = whole[at : at + 2]
        session = begin(starter, text)
        start = len(session.ids)
        got = said(list(session.stream(sampling(stop=(stop,)), CancelToken())))
        assert got == whole[: whole.find(stop)] == text_of(starter, session.ids[start:])
        cold = starter.open("cold")
        cold.append(session.ids)
        assert said(list(session.stream(GREEDY, CancelToken()))) == said(list(cold.stream(GREEDY, CancelToken())))
        session.close()
        cold.close()


def test_a_bias_forbids_and_forces(starter: LlamaModel) -> None:
    text, ids = reply(starter, "how are you today")
    other, chosen = reply(starter, "how are you today", sampling(logit_bias=((ids[0], -math.inf),)))
    assert other != text and chosen[0] != ids[0]
    forced = chosen[0]
    for how in (sampling(), sampling(repetition_penalty=1.1), Sampling(temperature=1.0, max_tokens=40)):
        one = Sampling(how.temperature, repetition_penalty=how.repetition_penalty, max_tokens=1, logit_bias=((forced, 100.0),))
        assert reply(starter, "how are you today", one)[1] == [forced]
    a, b = starter.encode("yes")[0], starter.encode("no")[0]
    grammar = 'root ::= "yes" | "no"'
    for token, wanted in ((a, "yes"), (b, "no")):
        assert reply(starter, "hello", sampling(grammar=grammar, logit_bias=((token, 100.0),)))[0] == wanted


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_a_control_token_is_never_drawn_as_text_under_a_grammar(starter: LlamaModel, temperature: float) -> None:
    grammar = 'root ::= "\\"" [^"\\\\\\x00-\\x1f]{0,30} "\\""'
    assert starter.controls == [starter.im_start]
    eager = ((starter.im_start, 40.0), (starter.im_end, 40.0))
    for seed in range(4):
        how = sampling(grammar=grammar, temperature=temperature, seed=seed, logit_bias=eager, max_tokens=400)
        text, ids = reply(starter, "write the facts as json\nUser: my name is anna", how)
        assert not {starter.im_start, starter.im_end} & set(ids)
        assert isinstance(json.loads(text), str)
    how = sampling(grammar=grammars.slots(), temperature=1.5, logit_bias=((starter.im_start, 20.0),), max_tokens=700)
    assert json.loads(reply(starter, "write the facts as json\nUser: my name is anna", how)[0])


def test_without_a_grammar_the_header_of_another_message_ends_the_reply(starter: LlamaModel) -> None:
    assert reply(starter, "hello", sampling(logit_bias=((starter.im_start, 100.0),))) == ("", [])
