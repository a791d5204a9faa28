"""Decode and prefill of the llama engine against a bare `llama_decode` loop on the same model.

Timed as interleaved pairs, ABBA: ratios of sums, median over the pairs, so that a machine's slow minutes fall on both alike.
The A/A figure pairs the bare loop with itself: where it is not near 1, the machine was too busy for the ratios to mean anything.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from assistant.bench.result import Figure, Result, machine, pss_mib, versions
from assistant.cancel import CancelToken
from assistant.config import Config
from assistant.engines import auto
from assistant.engines.base import LlmSpec
from assistant.engines.llama.kv_files import KvFiles
from assistant.engines.llama.model import BATCH, LlamaModel, context_params
from assistant.models import model_roots
from assistant.protocols import Sampling

TOKENS = 16
PROMPT = 256
SYSTEM = 300
"""Tokens of a long system block."""
CELLS = 1024
THREADS = 1
Timed = Callable[[], float]


class Bare:
    """The least a Python loop can do: own batch, native greedy sampler, no text, no rollback, no cancel."""

    def __init__(self, model: LlamaModel) -> None:
        """A context of its own on the weights of `model`."""
        self.lib = lib = model.lib
        self.ctx = lib.llama_init_from_model(model.handle, context_params(lib, CELLS, 1, THREADS, THREADS))
        self.batch = lib.llama_batch_init(BATCH, 0, 1)
        self.greedy = lib.llama_sampler_init_greedy()
        self.at = 0

    def feed(self, ids: list[int]) -> None:
        """Compute up to 128 ids at the end."""
        batch = self.batch
        for i, token in enumerate(ids):
            batch.token[i], batch.pos[i], batch.n_seq_id[i], batch.logits[i] = token, self.at + i, 1, 0
            batch.seq_id[i][0] = 0
        batch.logits[len(ids) - 1] = 1
        batch.n_tokens = len(ids)
        self.lib.llama_decode(self.ctx, batch)
        self.at += len(ids)

    def prefill(self, ids: list[int]) -> float:
        """Seconds to compute `ids` from nothing."""
        self.lib.llama_memory_clear(self.lib.llama_get_memory(self.ctx), True)
        self.at = 0
        start = time.perf_counter()
        for i in range(0, len(ids), BATCH):
            self.feed(ids[i : i + BATCH])
        return time.perf_counter() - start

    def decode(self, ids: list[int]) -> float:
        """Seconds for `TOKENS` tokens behind `ids`."""
        self.prefill(ids)
        start = time.perf_counter()
        for _ in range(TOKENS):
            self.feed([self.lib.llama_sampler_sample(self.greedy, self.ctx, -1)])
        return time.perf_counter() - start

    def close(self) -> None:
        """Free the context."""
        self.lib.llama_sampler_free(self.greedy)
        self.lib.llama_batch_free(self.batch)
        self.lib.llama_free(self.ctx)


def ours_prefill(model: LlamaModel, ids: list[int]) -> float:
    """Seconds of `evaluate` for `ids` in a new conversation."""
    session = model.open("bench")
    start = time.perf_counter()
    session.append(ids)
    session.evaluate(len(ids), CancelToken())
    spent = time.perf_counter() - start
    session.close()
    return spent


def ours_decode(model: LlamaModel, ids: list[int]) -> float:
    """Seconds for `TOKENS` tokens of `stream` behind `ids`; the last one's evaluation included, as in the bare loop."""
    session, cancel = model.open("bench"), CancelToken()
    session.append(ids)
    session.evaluate(len(ids), cancel)
    greedy = Sampling(temperature=0, repetition_penalty=1, max_tokens=TOKENS)
    start = time.perf_counter()
    made = sum(1 for _ in session.stream(greedy, cancel))
    session.evaluate(1, cancel)
    spent = time.perf_counter() - start
    session.close()
    return spent * TOKENS / max(made, 1)


def over_streaming_call(model: LlamaModel, ids: list[int], pairs: int) -> float:
    """Seconds a token of `stream` with the default sampling, over those of the library's own streaming call; the first apart."""
    from llama_cpp import Llama

    llama: Any = Llama(str(model.path), n_ctx=CELLS, n_threads=THREADS, n_threads_batch=THREADS, verbose=False)
    text = b"".join(map(model.piece, ids)).decode("utf-8", "replace")

    def theirs() -> float:
        pieces = llama.create_completion(text, max_tokens=TOKENS + 1, stream=True, logit_bias={model.im_end: -100.0})
        return _between(pieces, lambda: llama.n_tokens)

    def ours() -> float:
        session = model.open("bench")
        session.append(ids)
        sampling = Sampling(max_tokens=TOKENS + 1, logit_bias=((model.im_end, -100.0),))
        spent = _between(session.stream(sampling, CancelToken()), lambda: len(session.ids))
        session.close()
        return spent

    try:
        return ratios(ours, theirs, pairs)[0]
    finally:
        llama.close()


def _between(pieces: Iterator[object], tokens: Callable[[], int]) -> float:
    """Seconds a token behind the first piece: a piece may be several tokens, or none."""
    next(pieces)
    start, before = time.perf_counter(), tokens()
    for _ in pieces:
        pass
    return (time.perf_counter() - start) / max(tokens() - before, 1)


def restore_over_cold(model: LlamaModel, ids: list[int], pairs: int) -> tuple[float, float]:
    """From disk over computed, medians: seconds to have `ids`, hashing and checking included; seconds to the first token."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        none, files = model.files, KvFiles(model, Path(folder), model.path)
        for number in range(pairs + 1):
            model.files = none
            cold = _begin(model, ids)
            model.files = files
            restored = _begin(model, ids)
            if number:  # the first one writes
                found.append((restored[0] / cold[0], restored[1] / cold[1]))
    had, spoke = zip(*found, strict=True)
    return median(had), median(spoke)


def _begin(model: LlamaModel, ids: list[int]) -> tuple[float, float]:
    """Seconds until a new conversation has `ids`, from disk where they are, and until its first token; they are kept there."""
    session, cancel = model.open("bench"), CancelToken()
    session.append(ids)
    session.keep(len(ids))
    start = time.perf_counter()
    session.evaluate(len(ids), cancel)
    has = time.perf_counter() - start
    next(session.stream(Sampling(temperature=0, repetition_penalty=1, max_tokens=1), cancel), None)
    spoke = time.perf_counter() - start
    session.close()
    return has, spoke


def ratios(ours: Timed, bare: Timed, pairs: int) -> tuple[float, float]:
    """Median ratio over ABBA pairs, and the median seconds of `ours`."""
    found, spent = [], []
    for _ in range(pairs):
        a, b, c, d = ours(), bare(), bare(), ours()
        found.append((a + d) / (b + c))
        spent.append((a + d) / 2)
    return median(found), median(spent)


def run(model_path: Path, pairs: int) -> dict[str, Figure]:
    """Measure `model_path` with `pairs` ABBA pairs each. Raises what loading the model raises."""
    model = LlamaModel(LlmSpec(model_path, context=CELLS, kv_tokens=CELLS, threads=THREADS))
    memory = pss_mib()
    bare = Bare(model)
    ids = (model.encode("The quick brown fox jumps over the lazy dog. ") * PROMPT)[:PROMPT]
    short = ids[:16]
    try:
        same, _ = ratios(lambda: bare.decode(short), lambda: bare.decode(short), pairs)
        decode, seconds = ratios(lambda: ours_decode(model, short), lambda: bare.decode(short), pairs)
        prefill, read = ratios(lambda: ours_prefill(model, ids), lambda: bare.prefill(ids), pairs)
        streaming = over_streaming_call(model, short, pairs)
        restored, first = restore_over_cold(model, (ids * 2)[:SYSTEM], pairs)
    finally:
        bare.close()
        model.close()
    return {
        "decode A/A": Figure(same, "ratio"),
        "decode over bare loop": Figure(decode, "ratio", 1.05),
        "prefill over bare loop": Figure(prefill, "ratio", 1.05),
        "decode over the high-level streaming call": Figure(streaming, "ratio", 1.0),
        "restore over cold prefill": Figure(restored, f"ratio, {SYSTEM} tokens", 0.005),
        "first token after a restart, over cold": Figure(first, f"ratio, {SYSTEM} tokens"),
        "decode": Figure(seconds * 1000 / TOKENS, "ms/token"),
        "prefill": Figure(PROMPT / read, "tokens/s", better="higher"),
        "memory with the model": Figure(memory, "MiB PSS"),
    }


def measure(config: Config, quick: bool) -> Result:
    """The figures on the language model that the configuration takes."""
    path = auto.llm(config, model_roots(config.models))[0].spec.model
    return Result(machine(), versions("llama-cpp-python"), {"llm": path.name}, run(path, 3 if quick else 15))
