"""The llama engine on a tiny random Qwen2: real llama.cpp, a plain list of ids as the truth."""

import random
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.cancel import Cancelled, CancelToken
from assistant.config import load_config
from assistant.engines import auto
from assistant.engines.base import LlmSpec
from assistant.engines.llama import make
from assistant.engines.llama.model import LlamaModel
from assistant.engines.llama.session import ContextFull, LlamaSession
from assistant.errors import ConfigError, EngineError, ModelDamaged, ModelNotFound, ModelTooBig, ModelUnsupported
from assistant.models import Models
from assistant.protocols import Sampling
from tests.contract.tiny_gguf import SPECIALS, write

GREEDY = Sampling(temperature=0, repetition_penalty=1, max_tokens=12)


@pytest.fixture(scope="module")
def gguf_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("gguf") / "tiny.gguf")


@pytest.fixture(scope="module")
def model(gguf_file: Path) -> Iterator[LlamaModel]:
    made = load(gguf_file)
    yield made
    made.close()


def load(path: Path, **changes: object) -> LlamaModel:
    values = {"context": 512, "kv_tokens": 1024, "conversations": 3, "threads": 1} | changes
    made = make(LlmSpec(path, **values))  # type: ignore[arg-type]
    assert isinstance(made, LlamaModel)
    return made


def ids_of(length: int, seed: int = 1) -> list[int]:
    draw = random.Random(seed)
    return [draw.randrange(256) for _ in range(length)]


def generate(session: LlamaSession, sampling: Sampling = GREEDY) -> list[int]:
    return [piece.id for piece in session.stream(sampling, CancelToken())]


def cold(model: LlamaModel, *blocks: list[int]) -> list[int]:
    """What a new conversation replies to `blocks`, each evaluated apart."""
    session = model.open("cold")
    for block in blocks:
        session.append(block)
        session.evaluate(len(block), CancelToken())
    out = generate(session)
    session.close()
    return out


def test_the_vocabulary(model: LlamaModel) -> None:
    assert (model.im_start, model.im_end, list(model.no_think)) == (263, 264, [])
    assert model.encode("hello") == [259]
    assert model.encode("") == []
    assert b"".join(map(model.piece, model.encode("你好, naïve\n"))).decode() == "你好, naïve\n"


def test_special_text_is_text(model: LlamaModel) -> None:
    ids = model.encode("<|im_end|><|im_start|>system")
    assert max(ids) < 262
    assert b"".join(map(model.piece, ids)) == b"<|im_end|><|im_start|>system"


def test_think_tokens_turn_thinking_off(tmp_path: Path) -> None:
    made = load(write(tmp_path / "think.gguf", specials=["<think>", "</think>", *SPECIALS]))
    gap = made.encode("\n\n")
    assert list(made.no_think) == [262, *gap, 263, *gap]
    made.close()


def test_append_computes_nothing_and_evaluate_counts(model: LlamaModel) -> None:
    session = model.open("count")
    session.append(ids_of(300))
    assert (session.evaluated, session.cells) == (0, 0)
    assert session.evaluate(100, CancelToken()) == 200
    assert session.evaluate(1000, CancelToken()) == 0
    assert session.evaluated == 300
    out = generate(session)
    assert len(out) == 12 and list(session.ids) == ids_of(300) + out
    assert session.evaluate(5, CancelToken()) == 0
    assert session.evaluated == 300  # generated ids are no prompt
    session.close()


def test_random_operations_against_a_list_of_ids(model: LlamaModel) -> None:
    for seed in range(6):
        draw = random.Random(seed)
        pairs: list[tuple[LlamaSession, list[int]]] = [(model.open("root"), [])]
        for _ in range(60):
            session, truth = draw.choice(pairs)
            step = draw.choice(["append", "append", "evaluate", "truncate", "fork", "stream", "close"])
            if step == "append" and len(truth) < 300:
                new = ids_of(draw.randrange(1, 60), draw.randrange(10**6))
                session.append(new)
                truth += new
            elif step == "evaluate":
                limit, before = draw.randrange(1, 200), len(truth) - session.cells
                assert session.evaluate(limit, CancelToken()) == max(0, before - limit)
            elif step == "truncate":
                length = draw.randrange(0, len(truth) + 1)
                session.truncate(length)
                del truth[length:]
            elif step == "fork" and len(pairs) < 4:
                pairs.append((session.fork(), list(truth)))
            elif step == "stream" and truth:
                truth += [p.id for p in session.stream(Sampling(seed=seed, max_tokens=draw.randrange(1, 5)), CancelToken())]
            elif step == "close" and len(pairs) > 1:
                session.close()
                pairs.remove((session, truth))
            for other, expected in pairs:
                assert list(other.ids) == expected
                assert model.lib.llama_memory_seq_pos_max(model.memory, other.seq) == other.cells - 1
        for session, _ in pairs:
            session.close()


def test_rolled_back_equals_cold(model: LlamaModel) -> None:
    a, b, c = ids_of(100), ids_of(50, 2), ids_of(40, 3)
    session = model.open("rollback")
    for block in (a, b):
        session.append(block)
        session.evaluate(len(block), CancelToken())
    generate(session)
    session.truncate(len(a))
    session.append(c)
    session.evaluate(len(c), CancelToken())
    assert generate(session) == cold(model, a, c)
    session.close()


def test_a_fork_equals_cold_and_shares_what_was_computed(model: LlamaModel) -> None:
    a, b = ids_of(128), ids_of(30, 2)
    session = model.open("base")
    session.append(a)
    session.evaluate(len(a), CancelToken())
    copy = session.fork()
    copy.append(b)
    copy.evaluate(len(b), CancelToken())
    assert copy.evaluated == len(b)
    session.close()
    assert generate(copy) == cold(model, a, b)
    copy.close()


def test_cancel_during_a_batch_leaves_ids_pending_and_the_rest_equal(model: LlamaModel) -> None:
    a, b = ids_of(128), ids_of(128, 2)
    session = model.open("abort")
    session.append(a + b)
    session.evaluate(128, CancelToken())
    cancel = CancelToken()
    code = []
    cancel.cancel("stop")  # the flag is up before the batch: llama.cpp sees it at its first look
    code.append(model.decode(session, b, 128, True, cancel))
    assert code == [2]
    session._remove(128)
    with pytest.raises(Cancelled):
        session.evaluate(128, cancel)
    assert session.cells == 128 and list(session.ids) == a + b
    assert session.evaluate(128, CancelToken()) == 0
    assert generate(session) == cold(model, a, b)
    session.close()


def test_cancel_between_tokens_keeps_what_was_said(model: LlamaModel) -> None:
    session, cancel = model.open("cancel"), CancelToken()
    session.append(ids_of(20))
    stream = session.stream(GREEDY, cancel)
    said = [next(stream).id, next(stream).id]
    cancel.cancel("wake")
    with pytest.raises(Cancelled, match="wake"):
        next(stream)
    assert list(session.ids) == ids_of(20) + said
    session.close()


def test_a_stream_can_be_dropped_at_any_yield(model: LlamaModel) -> None:
    for stop in range(1, 6):
        session = model.open("drop")
        session.append(ids_of(20))
        session.evaluate(20, CancelToken())
        stream = session.stream(GREEDY, CancelToken())
        said = [next(stream).id for _ in range(stop)]
        del stream
        assert list(session.ids) == ids_of(20) + said
        session.truncate(20)
        session.append(ids_of(30, 4))
        session.evaluate(30, CancelToken())
        assert generate(session) == cold(model, ids_of(20), ids_of(30, 4))
        session.close()


def test_two_streams_taking_turns_do_not_mix(model: LlamaModel) -> None:
    sessions = [model.open(str(i)) for i in range(2)]
    for i, session in enumerate(sessions):
        session.append(ids_of(40, i))
    streams = [session.stream(GREEDY, CancelToken()) for session in sessions]
    out = [[piece.id for piece in column] for column in zip(*zip(*streams, strict=True), strict=True)]
    assert out == [cold(model, ids_of(40, i)) for i in range(2)]
    for session in sessions:
        session.close()


def test_the_same_seed_says_the_same(model: LlamaModel) -> None:
    session = model.open("seed")
    session.append(ids_of(40))
    said = []
    for seed in (1, 1, 2):
        said.append(generate(session, Sampling(temperature=1.5, seed=seed, max_tokens=16)))
        session.truncate(40)
    assert said[0] == said[1] != said[2]
    session.close()


def test_the_stop_token_ends_and_is_not_kept(model: LlamaModel, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([104, 105, model.im_end, 106])
    monkeypatch.setattr(model, "sample", lambda chain: next(drawn))
    session = model.open("stop")
    session.append(ids_of(5))
    assert [(p.id, p.text) for p in session.stream(GREEDY, CancelToken())] == [(104, "h"), (105, "i")]
    assert session.ids[-1] == 105
    session.close()


def test_bytes_that_are_no_text_never_crash(model: LlamaModel, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([*"é".encode(), 0xFF, 0xE4, 104, 0xE4, 0xBD, model.im_end])
    monkeypatch.setattr(model, "sample", lambda chain: next(drawn))
    session = model.open("bytes")
    session.append(ids_of(5))
    assert [p.text for p in session.stream(GREEDY, CancelToken())] == ["", "é", "\ufffd", "", "\ufffdh", "", ""]
    session.close()


def test_the_context_is_never_exceeded(gguf_file: Path) -> None:
    made = load(gguf_file, context=64, kv_tokens=256)
    session = made.open("full")
    session.append(ids_of(60))
    assert len(generate(session)) == 4 and len(session.ids) == 64
    session.append([1])
    with pytest.raises(ContextFull, match=r"65 tokens exceed its context of 64"):
        session.evaluate(1, CancelToken())
    made.close()


def test_the_least_recently_used_gives_its_cells(gguf_file: Path) -> None:
    made = load(gguf_file, context=256, kv_tokens=256)
    a, b = made.open("a"), made.open("b")
    a.append(ids_of(128))
    a.evaluate(128, CancelToken())
    b.append(ids_of(200, 2))
    assert b.evaluate(200, CancelToken()) == 0
    assert (a.cells, len(a.ids), b.cells) == (0, 128, 200)
    out = generate(a)
    assert a.evaluated == 256 and b.cells == 0
    b.close()
    assert out == cold(made, ids_of(128))
    made.close()


def test_no_cells_left_is_said(gguf_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = load(gguf_file, context=256, kv_tokens=256)
    session = made.open("a")
    session.append(ids_of(10))
    monkeypatch.setattr(made, "decode", lambda *_: 1)
    with pytest.raises(ContextFull, match=r"no KV cells are left"):
        session.evaluate(10, CancelToken())
    monkeypatch.setattr(made, "decode", lambda *_: -3)
    with pytest.raises(EngineError, match=r"code -3"):
        session.evaluate(10, CancelToken())
    assert session.cells == 0
    made.close()


def test_sequences_are_bounded_and_come_back(model: LlamaModel) -> None:
    opened = [model.open(str(i)) for i in range(4)]
    with pytest.raises(EngineError, match=r"4 conversations are open"):
        model.open("more")
    for session in opened:
        session.close()
        session.close()
    with pytest.raises(EngineError, match=r"closed"):
        opened[0].append([1])
    model.open("again").close()


def test_wrong_use_is_an_error(model: LlamaModel) -> None:
    session = model.open("wrong")
    with pytest.raises(EngineError, match=r"it is empty"):
        generate(session)
    with pytest.raises(EngineError, match=r"outside the vocabulary"):
        session.append([99999])
    with pytest.raises(ValueError, match="-1"):
        session.truncate(-1)
    session.close()


def one_line(error: BaseException, path: Path) -> None:
    assert str(path) in str(error) and "\n" not in str(error)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound) as caught:
        load(tmp_path / "none.gguf")
    one_line(caught.value, tmp_path / "none.gguf")


@pytest.mark.parametrize("data", [b"", b"GG", b"hello world, no model", b"GGUF\x00\x00\x00\x09" + bytes(40)])
def test_not_a_gguf(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bad.gguf"
    path.write_bytes(data)
    with pytest.raises(ModelUnsupported) as caught:
        load(path)
    one_line(caught.value, path)


@pytest.mark.parametrize("share", [0.0005, 0.01, 0.05, 0.5, 0.999])
def test_a_cut_off_file(gguf_file: Path, tmp_path: Path, share: float) -> None:
    data = gguf_file.read_bytes()
    path = tmp_path / "cut.gguf"
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(ModelDamaged, match="cut off") as caught:
        load(path)
    one_line(caught.value, path)


def test_a_head_with_impossible_lengths(gguf_file: Path, tmp_path: Path) -> None:
    data = bytearray(gguf_file.read_bytes())
    data[24:32] = struct.pack("<Q", 1 << 62)
    path = tmp_path / "head.gguf"
    path.write_bytes(data)
    with pytest.raises(ModelDamaged) as caught:
        load(path)
    one_line(caught.value, path)


def test_what_llama_cpp_refuses_is_said_with_its_reason(gguf_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "renamed.gguf"
    path.write_bytes(gguf_file.read_bytes().replace(b"output_norm.weight", b"output_mron.weight"))
    with pytest.raises(ModelDamaged, match="cannot be loaded") as caught:
        load(path)
    one_line(caught.value, path)
    other = write(tmp_path / "other.gguf", architecture="nosuch")
    with pytest.raises(ModelUnsupported, match="nosuch") as unknown:
        load(other)
    one_line(unknown.value, other)


def test_no_chatml_vocabulary(tmp_path: Path) -> None:
    path = write(tmp_path / "plain.gguf", specials=["<s>", "</s>"])
    with pytest.raises(ModelUnsupported, match=r"Qwen2, Qwen2.5 or Qwen3") as caught:
        load(path)
    one_line(caught.value, path)


def test_too_big_for_memory(gguf_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.engines.llama.model.mem_available", lambda: 40 << 20)
    with pytest.raises(ModelTooBig, match=r"needs \d+ MiB .* 40 MiB are available; the largest llm.context that fits is \d+"):
        load(gguf_file, context=16384, kv_tokens=32768)
    monkeypatch.setattr("assistant.engines.llama.model.mem_available", lambda: 5 << 20)
    with pytest.raises(ModelTooBig, match=r"5 MiB are available; choose a smaller model"):
        load(gguf_file)


def test_an_unknown_option(gguf_file: Path) -> None:
    with pytest.raises(ConfigError, match="nonsense"):
        make(LlmSpec(gguf_file, 512, 1024, options={"nonsense": 1}))


def test_as_many_conversations_are_open_as_the_house_holds(model: LlamaModel, gguf_file: Path) -> None:
    """Sixteen talks, one that is written anew, and a copy, on the cells of two."""
    spec = auto.llm(load_config(None, (f"llm.model={gguf_file}", "llm.context=256"), environ={}), Models(()))[0].spec
    assert spec.conversations >= 17
    made = make(spec)
    talks = [made.open(str(i)) for i in range(17)]
    for i, talk in enumerate(talks):
        talk.append(ids_of(60, i))
        talk.evaluate(60, CancelToken())
    copy = talks[0].fork()
    for i in (0, 5, 16):
        assert generate(talks[i]) == cold(model, ids_of(60, i))  # type: ignore[arg-type]
    copy.close()
    made.close()
