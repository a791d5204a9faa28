"""How the next token is chosen: an own chain of llama.cpp's samplers.

Order: top_k, repetition penalty over the last 64 generated ids, top_p, min_p, temperature, a seeded draw. top_k is first because
every other step over a vocabulary of 151,936 costs milliseconds. Temperature 0 takes the most probable after the penalty.
"""

from typing import Any

from assistant.protocols import Sampling

PENALTY_WINDOW = 64


def chain(lib: Any, n_vocab: int, sampling: Sampling) -> Any:
    """A new chain for one reply; the caller frees it with `llama_sampler_free`."""
    made = lib.llama_sampler_chain_init(lib.llama_sampler_chain_default_params())
    penalised = sampling.repetition_penalty != 1.0
    parts = []
    if sampling.temperature > 0 or penalised:
        parts.append(lib.llama_sampler_init_top_k(sampling.top_k))
    if penalised:
        parts.append(_penalties(lib, n_vocab, sampling.repetition_penalty))
    if sampling.temperature > 0:
        parts += [
            lib.llama_sampler_init_top_p(sampling.top_p, 1),
            lib.llama_sampler_init_min_p(sampling.min_p, 1),
            lib.llama_sampler_init_temp(sampling.temperature),
            lib.llama_sampler_init_dist(sampling.seed & 0xFFFFFFFF),
        ]
    else:
        parts.append(lib.llama_sampler_init_greedy())
    for part in parts:
        lib.llama_sampler_chain_add(made, part)
    return made


def _penalties(lib: Any, n_vocab: int, repeat: float) -> Any:
    return lib.llama_sampler_init_penalties(n_vocab, PENALTY_WINDOW, repeat, 0.0, 0.0)
