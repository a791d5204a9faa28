"""A loaded model: one context, one batch, and the KV cells that all conversations share.

Rules: one thread owns a model and its sessions. Each conversation is a KV sequence. When the cells are full, the least
recently used other conversation loses its cells, never its ids. Batches hold at most 128 tokens, so a cancel is seen soon.
"""

import ctypes
import os
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.cancel import CancelToken
from assistant.cores import configured, spare
from assistant.engines.base import LlmSpec, mem_available
from assistant.engines.llama import fit, gguf_header, tuning
from assistant.engines.llama.kv_files import KvFiles, common
from assistant.engines.llama.library import abort_function, cause, library
from assistant.engines.llama.session import LlamaSession
from assistant.engines.llama.talk_files import TalkFiles
from assistant.errors import EngineError, ModelDamaged, ModelUnsupported
from assistant.heap import huge_pages

BATCH = 128
WORKS = "a Qwen2, Qwen2.5 or Qwen3 model (ChatML) works"
_PIECE = 256
_CONTROL = 3  # a token's type in a GGUF


class LlamaModel:
    """A ChatML model; see `protocols.ChatModel`."""

    def __init__(self, spec: LlmSpec, prefill_threads: int = 0) -> None:
        """Check the file, then load it. Errors: `assistant.engines.llama.make`."""
        self.handle = self.ctx = None
        path, head = spec.model, gguf_header.read(spec.model)
        self.name, self.path = path.stem, path
        self.im_start, self.im_end = _control(head, path, b"<|im_start|>"), _control(head, path, b"<|im_end|>")
        types = head.values.get("tokenizer.ggml.token_type")
        marked = [i for i, kind in enumerate(types) if kind == _CONTROL] if isinstance(types, tuple) else []
        trained = head.number("context_length") or spec.context
        self.context = min(spec.context, spec.kv_tokens, trained)
        fit.check(path, head, spec.kv_tokens, spec.context, BATCH, mem_available)
        self.lib = lib = library()
        decode, prefill = _threads(spec.threads, prefill_threads, tuning.read(spec.cache, path))

        offload = bool(lib.llama_supports_gpu_offload())
        layers = (999 if offload else 0) if spec.gpu_layers == "auto" else int(spec.gpu_layers)
        self.settings = (layers, BATCH, "f16 cells, no flash attention")
        """What the cells depend on beside the model and the build."""
        self.handle = load_weights(lib, path, head, layers)
        if lib.llama_model_is_recurrent(self.handle) or lib.llama_model_is_hybrid(self.handle):
            self.close()
            raise ModelUnsupported(f"{path}: a recurrent model cannot be rolled back; {WORKS}")
        self.conversations = spec.conversations
        self.ctx = lib.llama_init_from_model(
            self.handle, context_params(lib, spec.kv_tokens, spec.conversations + 1, decode, prefill, layers)
        )
        if not self.ctx:
            self.close()
            raise load_error(path)
        self.vocab = lib.llama_model_get_vocab(self.handle)
        self.n_vocab: int = lib.llama_vocab_n_tokens(self.vocab)
        self.controls = [i for i in {*marked, self.im_start, self.im_end} if not lib.llama_vocab_is_eog(self.vocab, i)]
        """Control tokens that end no reply by themselves: they are no text."""
        self.memory = lib.llama_get_memory(self.ctx)
        self.no_think: Sequence[int] = self._no_think(head)
        self._batch = lib.llama_batch_init(BATCH, 0, 1)
        self._piece = ctypes.create_string_buffer(_PIECE)
        self._abort = abort_function(lib.ggml_abort_callback)
        # A token's flag lives as long as the token; its callback is registered once however often it steps.
        self._flags: weakref.WeakKeyDictionary[CancelToken, Any] = weakref.WeakKeyDictionary()
        self._flag: Any = None
        self._free = list(range(spec.conversations, -1, -1))
        self._sessions: dict[int, LlamaSession] = {}
        self._clock = 0
        self.files = KvFiles(self, spec.cache / "kv" if spec.cache else None, path)
        self.talks = TalkFiles(self.files)
        self.logits_of: LlamaSession | None = None
        """The session whose last id the current logits follow."""

    def encode(self, text: str) -> list[int]:
        """Token ids of plain text; special tokens in it are text. Raises `EngineError`, also behind `close`."""
        if self.handle is None:
            raise EngineError(f"{self.name}: the model is closed")
        raw = text.encode("utf-8", "replace")
        room = len(raw) + 8
        ids = (ctypes.c_int32 * room)()
        count = self.lib.llama_tokenize(self.vocab, raw, len(raw), ids, room, False, False)
        if count < 0:
            raise EngineError(f"{self.name}: a text of {len(raw)} bytes cannot be tokenised; say it in smaller parts")
        return ids[:count]

    def open(self, key: str) -> LlamaSession:
        """A new, empty conversation. Raises `EngineError` when all `conversations` (and one for a copy) are open."""
        if self.ctx is None:
            raise EngineError(f"{self.name}: the model is closed")
        if not self._free:
            raise EngineError(f"{self.name}: {self.conversations + 1} conversations are open; close one before {key!r}")
        seq = self._free.pop()
        self._sessions[seq] = LlamaSession(self, seq, key)
        return self._sessions[seq]

    def close(self) -> None:
        """Free the model and every conversation of it; closing twice is harmless."""
        if self.ctx:
            for session in list(self._sessions.values()):
                session.close()
            self.lib.llama_batch_free(self._batch)
            self.lib.llama_free(self.ctx)
        if self.handle:
            self.lib.llama_model_free(self.handle)
        self.ctx = self.handle = None

    # for the sessions

    def release(self, seq: int) -> None:
        """Take a closed conversation's sequence back."""
        del self._sessions[seq]
        self._free.append(seq)

    def share(self, session: LlamaSession) -> int:
        """Give an empty sequence the cells that another conversation or a file has of its first ids; returns how many."""
        others = [other for other in self._sessions.values() if other is not session and other.cells]
        best, size = None, 0
        for other in others:
            same = common(session.ids, other.ids, other.cells)
            if same > size:
                best, size = other, same
        if self.files.longest(session.ids) > size:
            return self.files.restore(session)
        if best is not None:
            self.lib.llama_memory_seq_cp(self.memory, best.seq, session.seq, 0, size)
        return size

    def touch(self) -> int:
        """The next tick of the clock that orders conversations by use."""
        self._clock += 1
        return self._clock

    def decode(self, session: LlamaSession, ids: list[int], position: int, last: bool, cancel: CancelToken) -> int:
        """Compute `ids` (at most 128) at `position`; `last` asks for logits. Returns llama_decode's code.

        1 is returned only when no other conversation has cells left to give.
        """
        batch = self._batch
        for i, token in enumerate(ids):
            batch.token[i] = token
            batch.pos[i] = position + i
            batch.n_seq_id[i] = 1
            batch.seq_id[i][0] = session.seq
            batch.logits[i] = 0
        batch.logits[len(ids) - 1] = last
        batch.n_tokens = len(ids)
        flag = self._flags.get(cancel)
        if flag is None:
            flag = self._flags[cancel] = ctypes.create_string_buffer(2)
            cancel.on_cancel(_raiser(flag))
        if flag is not self._flag:
            self._flag = flag  # kept: llama.cpp holds its address
            self.lib.llama_set_abort_callback(self.ctx, self._abort, ctypes.cast(flag, ctypes.c_void_p))
        self.logits_of = None
        while (code := self.lib.llama_decode(self.ctx, batch)) == 1 and self.evict(session):
            pass
        if code == 0 and last:
            self.logits_of = session
        return int(code)

    def evict(self, keep: LlamaSession) -> bool:
        """Take the cells of the conversation longest unused, never those of `keep`; whether there was one."""
        others = [s for s in self._sessions.values() if s is not keep and s.cells]
        if others:
            min(others, key=lambda s: s.used).evict()
        return bool(others)

    def sample(self, chain: Any) -> int:
        """Draw from the logits of the last decode; the chain remembers the token."""
        return int(self.lib.llama_sampler_sample(chain, self.ctx, -1))

    def logits(self) -> Any:
        """The logits of the last decode: float32 of (n_vocab,), good until the next one."""
        import numpy as np

        return np.ctypeslib.as_array(self.lib.llama_get_logits_ith(self.ctx, -1), (self.n_vocab,))

    def ends(self, token: int) -> bool:
        """Whether a token ends the reply: the model's end tokens, or the header of another message."""
        return token in (self.im_end, self.im_start) or bool(self.lib.llama_vocab_is_eog(self.vocab, token))

    def piece(self, token: int) -> bytes:
        """A token's bytes, possibly part of a character; b"" for control tokens."""
        size = self.lib.llama_token_to_piece(self.vocab, token, self._piece, len(self._piece), 0, False)
        if size < 0:
            self._piece = ctypes.create_string_buffer(-size)
            size = self.lib.llama_token_to_piece(self.vocab, token, self._piece, -size, 0, False)
        return self._piece.raw[: max(size, 0)]

    def _no_think(self, head: gguf_header.Header) -> list[int]:
        if b"<think>" not in head.tokens or b"</think>" not in head.tokens:
            return []
        gap = self.encode("\n\n")
        return [head.tokens.index(b"<think>"), *gap, head.tokens.index(b"</think>"), *gap]


def load_weights(lib: Any, path: Path, head: gguf_header.Header, layers: int = 0) -> Any:
    """llama.cpp's model of a file, `layers` of it on a GPU. Raises `ModelDamaged`, `ModelUnsupported`."""
    params = lib.llama_model_default_params()
    params.n_gpu_layers = layers
    # a repacked weight is a copy: mapping the file would keep both
    repacked = bool(head.types & gguf_header.REPACKED)
    params.load_mode = lib.LLAMA_LOAD_MODE_NONE if repacked else lib.LLAMA_LOAD_MODE_MMAP
    cause[0] = ""
    with huge_pages():
        handle = lib.llama_model_load_from_file(os.fsencode(path), params)
    if not handle:
        raise load_error(path)
    return handle


def context_params(lib: Any, cells: int, sequences: int, decode: int, prefill: int, layers: int = 0) -> Any:
    """Parameters of the one context: unified cells, batches of 128, no flash attention, few logits a batch."""
    params = lib.llama_context_default_params()
    params.n_ctx, params.n_seq_max, params.kv_unified = cells, sequences, True
    params.n_batch = params.n_ubatch = BATCH
    params.n_outputs_max = sequences  # the least llama.cpp takes; a batch of ours asks for one
    params.n_threads, params.n_threads_batch = decode, prefill
    params.flash_attn_type = lib.LLAMA_FLASH_ATTN_TYPE_DISABLED
    params.offload_kqv = params.op_offload = layers > 0
    params.no_perf = True
    return params


def _threads(wanted: int, prefill: int, tuned: tuple[int, int] | None) -> tuple[int, int]:
    """Threads for decode and prefill: as configured, as measured, or by rule: one core is left to the ear, and decode, bound by
    memory, gains nothing beyond two."""
    wanted, prefill = configured("llm.threads", wanted), configured("llm.options.prefill_threads", prefill)
    if tuned is not None and not wanted:
        return tuned[0], prefill or tuned[1]
    return wanted or spare(2), prefill or wanted or spare(4)


def _raiser(flag: Any) -> Any:
    def raise_flag(_reason: str) -> None:
        flag[0] = 1

    return raise_flag


def _control(head: gguf_header.Header, path: object, text: bytes) -> int:
    if text not in head.tokens:
        raise ModelUnsupported(f"{path}: its vocabulary has no token {text.decode()}; {WORKS}")
    return head.tokens.index(text)


def load_error(path: object, works: str = WORKS) -> ModelDamaged | ModelUnsupported:
    """Why llama.cpp did not load a file, in one line."""
    reason = " ".join(cause[0].split()) or "llama.cpp gave no reason"
    if "unknown model architecture" in reason or "unknown pre-tokenizer" in reason:
        return ModelUnsupported(f"{path}: this build of llama.cpp does not know it ({reason}); {works}")
    return ModelDamaged(f"{path}: cannot be loaded ({reason}); copy or download it again")
