"""Texts as directions, through llama.cpp's embedding mode: a GGUF of an embedder (MiniLM, bge, e5), pooled as the file says.

It has a small context of its own and one thread, unless `embed.options` says more: a text is short and the cores have other work.
A text is computed in one batch, since every token of it looks at every other. Some models were trained with words before a
question or before a passage; those of `PREFIXES` are known by their name.
"""

import ctypes
import hashlib
from typing import Any

from pydantic import Field

from assistant.config import Section, parse_section
from assistant.cores import usable
from assistant.engines.base import EmbedSpec, mem_available, unavailable
from assistant.engines.llama import fit, gguf_header
from assistant.engines.llama.library import cause, library
from assistant.engines.llama.model import load_error, load_weights
from assistant.errors import EngineError, ModelTooBig, ModelUnsupported
from assistant.protocols import Embedder

LIMIT = 512
"""Tokens of a text at most, those that mark its beginning and end included; a model may take fewer."""
LONGEST = 64
"""Characters a token stands for at most: what is certainly beyond the limit is not tokenised."""
PREFIXES = (
    (("bge", "-zh"), "为这个句子生成表示以用于检索相关文章：", ""),
    (("bge", "-en"), "Represent this sentence for searching relevant passages: ", ""),
    (("-e5-",), "query: ", "passage: "),
    (("nomic-embed",), "search_query: ", "search_document: "),
)
"""Parts of a model's name, and what its authors put before a question and before a passage (their model cards)."""
WORKS = "a BERT such as MiniLM, bge or e5 in GGUF format works"


class Settings(Section):
    """Settings of this engine alone (`embed.options`)."""

    threads: int = Field(1, ge=1, le=4, description="threads that compute")
    query_prefix: str | None = Field(None, description="put before a question; null: as the model is known to want it")
    passage_prefix: str | None = Field(None, description="put before any other text; null: as the model is known to want it")


def make(spec: EmbedSpec) -> Embedder:
    """Check and load an embedder.

    Raises `ModelNotFound`, `ModelUnsupported`, `ModelDamaged`, `ModelTooBig`, `ConfigError` and `EngineUnavailable`.
    """
    settings = parse_section(Settings, spec.options, ("embed", "options"))
    try:
        return LlamaEmbedder(spec, settings)
    except ImportError as error:
        raise unavailable("embed", "llama", error) from error


class LlamaEmbedder:
    """See `protocols.Embedder`. Belongs to one thread."""

    def __init__(self, spec: EmbedSpec, settings: Settings) -> None:
        """Check the file, then load it. Errors: `make`."""
        self._ctx = self._weights = None
        path, head = spec.model, gguf_header.read(spec.model)
        need, room = fit.fixed(head, LIMIT), mem_available()
        if need > room:
            raise ModelTooBig(f"{path}: needs {need >> 20} MiB, {room >> 20} MiB are available; set embed.engine to none")
        self._lib = lib = library()
        self._weights = load_weights(lib, path, head)
        self._limit = min(LIMIT, head.number("context_length") or LIMIT)
        params = lib.llama_context_default_params()
        params.n_ctx = params.n_batch = params.n_ubatch = self._limit
        params.n_seq_max, params.embeddings = 1, True
        params.n_threads = params.n_threads_batch = min(settings.threads, usable())
        params.flash_attn_type = lib.LLAMA_FLASH_ATTN_TYPE_AUTO
        params.offload_kqv, params.op_offload, params.no_perf = False, False, True
        cause[0] = ""
        self._ctx = lib.llama_init_from_model(self._weights, params)
        if not self._ctx:
            self.close()
            raise load_error(path, WORKS)
        if lib.llama_pooling_type(self._ctx) not in _POOLED:
            self.close()
            raise ModelUnsupported(f"{path}: is no embedder, it does not say how a text's tokens become one; {WORKS}")
        self._vocab = lib.llama_model_get_vocab(self._weights)
        self._memory = lib.llama_get_memory(self._ctx)
        self.size: int = lib.llama_model_n_embd_out(self._weights)
        query, passage = prefixes(path.stem)
        self._query = query if settings.query_prefix is None else settings.query_prefix
        self._passage = passage if settings.passage_prefix is None else settings.passage_prefix
        same = f"{path.stat().st_size} {head.values.get('general.name')} {self._passage}"
        self.name = f"{path.stem}-{hashlib.sha256(same.encode()).hexdigest()[:8]}"

    def embed(self, text: str, *, query: bool = False) -> Any:
        """A float32 array of (size,), its length 1; a text beyond the model's limit is cut at its end. Raises `EngineError`."""
        import numpy as np

        if self._ctx is None:
            raise EngineError(f"{self.name}: the embedder is closed")
        ids = self.ids((self._query if query else self._passage) + text)
        if self._memory:
            self._lib.llama_memory_clear(self._memory, False)
        array = (ctypes.c_int32 * len(ids))(*ids)  # named: the batch holds its address only
        code = self._lib.llama_decode(self._ctx, self._lib.llama_batch_get_one(array, len(ids)))
        found = self._lib.llama_get_embeddings_seq(self._ctx, 0) if code == 0 else None
        if not found:
            raise EngineError(f"{self.name}: a text of {len(ids)} tokens could not be computed (code {code})")
        direction = np.array(np.ctypeslib.as_array(found, (self.size,)), np.float32)
        length = float(np.linalg.norm(direction))
        if not 0 < length < float("inf"):
            raise EngineError(f"{self.name}: a text of {len(ids)} tokens has no direction; the file may be damaged")
        return direction / np.float32(length)

    def ids(self, text: str) -> list[int]:
        """The tokens of a text, at most the limit, with those that mark its beginning and end; specials in it are text."""
        raw = text[: LONGEST * self._limit].encode("utf-8", "replace")
        room = len(raw) + 8
        ids = (ctypes.c_int32 * room)()
        count = self._lib.llama_tokenize(self._vocab, raw, len(raw), ids, room, True, False)
        if count <= 0:
            raise EngineError(f"{self.name}: a text of {len(raw)} bytes cannot be tokenised")
        return ids[:count] if count <= self._limit else [*ids[: self._limit - 1], ids[count - 1]]

    def close(self) -> None:
        """Free the model; closing twice is harmless."""
        if self._ctx:
            self._lib.llama_free(self._ctx)
        if self._weights:
            self._lib.llama_model_free(self._weights)
        self._ctx = self._weights = None


_POOLED = (1, 2, 3)  # mean, the first token's, the last one's; not: none, a reranker


def prefixes(name: str) -> tuple[str, str]:
    """What a model of that name wants before a question and before any other text."""
    known = ((query, passage) for parts, query, passage in PREFIXES if all(part in name.lower() for part in parts))
    return next(known, ("", ""))
