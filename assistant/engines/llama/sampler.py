"""How the next token is chosen: an own chain of llama.cpp's samplers.

Order: logit bias, top_k, repetition penalty over the last 64 generated ids, top_p, min_p, temperature, a seeded draw. top_k is
before all that looks at every token: over a vocabulary of 151,936 each such step costs milliseconds; the bias touches only its
own tokens. Temperature 0 takes the most probable after the penalty.

A grammar is asked about the one token that was drawn; only when it refuses is the draw made again with the whole vocabulary held
against it: that costs milliseconds, and most tokens of a model that knows the form are right at once. llama.cpp holds the names
of control tokens against a grammar as if they were text, so under a grammar those that end nothing are never drawn.
"""

import ctypes
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.engines.llama.library import give_back_memory
from assistant.errors import EngineError
from assistant.protocols import Sampling

if TYPE_CHECKING:
    from assistant.engines.llama.model import LlamaModel

PENALTY_WINDOW = 64


class Draw:
    """Draws the tokens of one reply from the logits of its model's last decode."""

    def __init__(self, model: "LlamaModel", sampling: Sampling) -> None:
        """Raises `EngineError` for a grammar that cannot be read, or a bias that is none."""
        self._model, self._lib = model, model.lib
        for token, bias in sampling.logit_bias:
            if not 0 <= token < model.n_vocab or math.isnan(bias) or bias == math.inf:
                raise EngineError(f"a bias of {bias} for token {token}: it must be a number, for one of {model.n_vocab} tokens")
        self._grammar: Any = None
        if sampling.grammar:
            self._grammar = model.lib.llama_sampler_init_grammar(model.vocab, sampling.grammar.encode(), b"root")
            if not self._grammar:
                raise EngineError("the grammar of a reply cannot be read; it must be GBNF with a rule called root")
        never = [(token, -math.inf) for token in model.controls] if sampling.grammar else []
        self._chain = chain(model.lib, model.n_vocab, sampling, [*sampling.logit_bias, *never])

    def next(self) -> int:
        """The next token; it is remembered."""
        if self._grammar is None:
            return self._model.sample(self._chain)
        token = self._apply(self._chain)
        if not self._allowed(token):
            token = self._apply(self._grammar, self._chain)
        for part in (self._grammar, self._chain):
            self._lib.llama_sampler_accept(part, token)
        return token

    def _apply(self, *samplers: Any) -> int:
        import numpy as np

        logits = self._model.logits()
        data = np.zeros(len(logits), [("id", "<i4"), ("logit", "<f4"), ("p", "<f4")])
        data["id"], data["logit"] = np.arange(len(logits)), logits
        return self._choose(data.ctypes.data, len(logits), *samplers)

    def _choose(self, address: int, size: int, *samplers: Any) -> int:
        pointer = ctypes.cast(address, ctypes.POINTER(self._lib.llama_token_data))
        found = self._lib.llama_token_data_array(data=pointer, size=size, selected=-1, sorted=False)
        for sampler in samplers:
            self._lib.llama_sampler_apply(sampler, ctypes.byref(found))
        return int(found.data[max(0, found.selected)].id)

    def _allowed(self, token: int) -> bool:
        one = self._lib.llama_token_data(id=token, logit=0.0, p=0.0)
        self._choose(ctypes.addressof(one), 1, self._grammar)
        return bool(one.logit > float("-inf"))

    def close(self) -> None:
        """Free its samplers."""
        self._lib.llama_sampler_free(self._chain)
        if self._grammar is not None:
            self._lib.llama_sampler_free(self._grammar)
            give_back_memory()


def chain(lib: Any, n_vocab: int, sampling: Sampling, biases: Sequence[tuple[int, float]] = ()) -> Any:
    """A new chain for one reply; the caller frees it with `llama_sampler_free`."""
    made = lib.llama_sampler_chain_init(lib.llama_sampler_chain_default_params())
    penalised = sampling.repetition_penalty != 1.0
    parts = []
    if biases:
        array = (lib.llama_logit_bias * len(biases))(*biases)
        parts.append(lib.llama_sampler_init_logit_bias(n_vocab, len(biases), array))  # it copies them
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
