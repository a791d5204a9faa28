"""The dialogue model's training on a tiny budget: a GGUF comes out that llama.cpp loads and decodes, with torch's own logits."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from assistant.cancel import CancelToken
from assistant.dialogue.prompt import PERSONA, Prompt
from assistant.engines.base import LlmSpec
from assistant.engines.llama import make
from assistant.engines.llama.model import LlamaModel
from assistant.protocols import Sampling
from scripts import train_starter_llm as training
from scripts.training import llm_gguf, llm_model

TINY = {"layers": 2, "width": 64, "heads": 4, "kv_heads": 2, "inner": 96}
STEPS = 4


def command(work: Path, **changed: object) -> argparse.Namespace:
    """The command's arguments, for a tiny budget."""
    plain = {
        "out": work / "tiny.gguf", "work": work, "steps": STEPS, "batches": 1, "ranks": 1, "seed": 1, "save_every": 2,
        "device": "cpu", "resume": False, "init": None, "export": False, "f16": True, "minutes": None, "batch_tokens": 2048, "workers": 0,
        "layers": 2,
    }  # fmt: skip
    return argparse.Namespace(**{**plain, **changed})


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("llm")
    shape = llm_model.Shape
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "PIECES", 1200)
        patch.setattr(llm_model, "Shape", lambda vocabulary, layers: shape(vocabulary, **TINY))
        training.run(0, command(work, steps=STEPS))
        training.run(0, command(work, steps=STEPS + 2, resume=True))
        training.export(command(work), work / "tiny.gguf")
    return work


def logits_in_torch(work: Path, ids: Sequence[int]) -> torch.Tensor:
    state = torch.load(work / "checkpoint.pt", map_location="cpu", weights_only=True)
    model = llm_model.Model(llm_model.Shape(**state["shape"]))
    model.load_state_dict(state["model"])
    with torch.no_grad():
        logits: torch.Tensor = model(torch.tensor([list(ids)]))[0]
    return logits


def prompt_ids(tokens: object) -> list[int]:
    prompt = Prompt(tokens)  # type: ignore[arg-type]
    return [*prompt.system(PERSONA["en"]), *prompt.user("my name is griselda, and yours?"), *prompt.reply_open()]


def test_a_training_can_be_resumed(trained: Path) -> None:
    state = torch.load(trained / "checkpoint.pt", map_location="cpu", weights_only=True)
    assert state["step"] == STEPS + 2 and state["tokens"] > 0 and not (trained / "checkpoint.new").exists()


def test_llama_cpp_decodes_what_was_trained(trained: Path) -> None:
    model = make(LlmSpec(trained / "tiny.gguf", context=512, kv_tokens=1024, threads=1))
    assert isinstance(model, LlamaModel)
    tokenizer = training.make_tokenizer(trained, 1)
    texts = [
        "My name is Griselda.",
        '{"name": "list_add"}',
        "你好，我叫小明",
        "<|im_end|>",
        "it's 42 😀\r\n",
        "theodore Theodore",
    ]
    assert [model.encode(text) for text in texts] == [tokenizer.encode(text) for text in texts]
    session = model.open("test")
    session.append(prompt_ids(model))
    pieces = list(session.stream(Sampling(temperature=0, repetition_penalty=1, max_tokens=8), CancelToken()))
    session.close()
    model.close()
    assert 1 <= len(pieces) <= 8


def test_torch_and_llama_cpp_agree_on_logits(trained: Path) -> None:
    import llama_cpp

    ids = prompt_ids(training.make_tokenizer(trained, 1))
    model = llama_cpp.Llama(str(trained / "tiny.gguf"), n_ctx=512, n_threads=1, logits_all=True)
    model.eval(ids)
    theirs = torch.tensor(model.scores[: len(ids)])
    model.close()
    ours = logits_in_torch(trained, ids)
    assert (ours - theirs).abs().max() < 0.05 * ours.std()
    assert (ours.argmax(-1) == theirs.argmax(-1)).float().mean() > 0.9


def test_an_export_can_be_the_start_of_the_next_training(trained: Path) -> None:
    tensors, pieces = llm_gguf.read(trained / "tiny.gguf")
    model = llm_model.Model(llm_model.Shape(len(pieces), **TINY))
    assert llm_model.adopt(model, (tensors, pieces), pieces) == len(pieces)
    state = torch.load(trained / "checkpoint.pt", map_location="cpu", weights_only=True)
    assert all(torch.allclose(state["model"][name], p, atol=2e-3, rtol=1e-2) for name, p in model.named_parameters())


def test_the_forms_of_a_word_are_cut_alike(trained: Path) -> None:
    tokenizer = training.make_tokenizer(trained, 1)
    for word in ("griselda", "theodore", "kitchen", "umbrella", "amber"):
        plain = tokenizer.pieces(word)
        for form in (word.capitalize(), f" {word}", f" {word.capitalize()}", f'"{word}'):
            assert tokenizer.pieces(form)[-len(plain) + 1 :] == plain[1:] or len(plain) == 1
