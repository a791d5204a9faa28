"""One conversation: a list of token ids, and how many of them are in the KV cells.

Rules: `ids` is the truth, cells are a cache of its beginning. What fails or is cancelled leaves ids pending and no cells
behind. Batch boundaries follow the calls: the same calls give the same logits.
"""

import codecs
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cancel import CancelToken
from assistant.engines.llama.sampler import Draw
from assistant.engines.llama.stops import Stops
from assistant.errors import EngineError
from assistant.protocols import Piece, Sampling

if TYPE_CHECKING:
    from assistant.engines.llama.model import LlamaModel

BATCH = 128
_ABORTED = 2


class ContextFull(EngineError):
    """A conversation does not fit its context, or no KV cells are left for it."""

    code = "context-full"


class LlamaSession:
    """See `protocols.ChatSession`. Made by `LlamaModel.open` and `fork`."""

    def __init__(self, model: "LlamaModel", seq: int, key: str) -> None:
        """`seq` is the session's own KV sequence."""
        self.seq, self.key = seq, key
        self.used = model.touch()
        self.cells = 0
        """How many of the first ids are computed."""
        self._model = model
        self._open = True
        self._ids: list[int] = []
        self._evaluated = 0
        self._keep = 0
        """How many of the first ids are written to disk once they are computed."""
        self._generated: int | None = None
        """Position of a generated id that was never computed: its first computation is no prompt evaluation."""

    @property
    def ids(self) -> Sequence[int]:
        """All ids appended or generated so far, evaluated or not."""
        return self._ids

    @property
    def evaluated(self) -> int:
        """Prompt tokens computed in its life, those computed again after an eviction too; never a new generated id."""
        return self._evaluated

    def append(self, ids: Sequence[int]) -> None:
        """Put ids at the end; computes nothing yet. Raises `EngineError` for an id outside the vocabulary."""
        self._check()
        for token in ids:
            if not 0 <= token < self._model.n_vocab:
                raise EngineError(f"conversation {self.key}: token {token} is outside the vocabulary of {self._model.n_vocab}")
        self._ids.extend(ids)

    def keep(self, length: int) -> None:
        """Write the first `length` ids' cells to disk when they are computed, so that a later start need not compute them."""
        self._keep = length

    def evaluate(self, limit: int, cancel: CancelToken) -> int:
        """Compute at most `limit` pending ids in batches of at most 128; return how many are left.

        A conversation without cells first takes over what another one, or a file, has of its beginning; that counts for nothing.
        Raises `Cancelled` (also during a batch: its ids stay pending), `ContextFull`, `EngineError`.
        """
        self._check()
        if len(self._ids) > self._model.context:
            raise ContextFull(
                f"conversation {self.key}: {len(self._ids)} tokens exceed its context of {self._model.context}; "
                "say less at once, clear the conversation or raise llm.context"
            )
        self.used = self._model.touch()
        if not self.cells and len(self._ids) > 1:
            self.cells = self._model.share(self)
        while (pending := len(self._ids) - self.cells) and limit > 0:
            cancel.check()
            size = min(pending, limit, BATCH)
            self._decode(size, cancel)
            limit -= size
        if 0 < self._keep <= self.cells:
            keep, self._keep = self._keep, 0
            self._model.files.save(self, keep)
        return pending

    def _decode(self, size: int, cancel: CancelToken) -> None:
        start, end = self.cells, self.cells + size
        code = self._model.decode(self, self._ids[start:end], start, end == len(self._ids), cancel)
        if code:
            self._remove(start)
            if code == _ABORTED:
                cancel.check()
            if code == 1:
                raise ContextFull(
                    f"conversation {self.key}: no KV cells are left for {end} tokens; clear a conversation or raise llm.kv_tokens"
                )
            raise EngineError(f"conversation {self.key}: llama_decode failed with code {code}; start the turn again")
        self.cells = end
        fresh = self._generated is not None and start <= self._generated < end
        self._evaluated += size - fresh
        if fresh:
            self._generated = None

    def _remove(self, start: int) -> None:
        if not self._model.lib.llama_memory_seq_rm(self._model.memory, self.seq, start, -1):
            raise EngineError(f"conversation {self.key}: its cells from {start} on cannot be removed; clear the conversation")

    def stream(self, sampling: Sampling, cancel: CancelToken) -> Iterator[Piece]:
        """Generate lazily. Each `next()` computes what is pending, draws one token, appends and yields it.

        So the first token comes as soon as the prompt is computed, and at each yield the yielded id is the last of `ids`,
        still pending: the generator may be dropped there and the session truncated, appended to or streamed again.
        Sessions may take turns between yields. If another one computed since this one's last id was, that id is computed again.
        Ends before the stop token; a character left incomplete there is dropped. Invalid bytes become U+FFFD.

        A token whose text may belong to a stop string is yielded with "", and its text with a later piece: the text so far is
        always that of whole tokens. When a stop string is complete, its tokens leave `ids`; of one that mixes reply and stop
        string the reply's part is encoded anew, so that `ids` are the text that was yielded. That part, or what was held back
        when the reply ends otherwise, comes with a last piece that has the last id.
        Raises as `evaluate`; `EngineError` when the conversation is empty or the sampling makes no sense.
        """
        self._check()
        model, utf8 = self._model, codecs.getincrementaldecoder("utf-8")("replace")
        stops = Stops(sampling.stop) if sampling.stop else None
        draw, start = Draw(model, sampling), len(self._ids)
        try:
            for _ in range(sampling.max_tokens):
                cancel.check()
                self._check()
                if len(self._ids) >= model.context:
                    self.evaluate(0, cancel)  # raises where the prompt alone is too long
                    break
                self._ready(cancel)
                token = draw.next()
                if model.ends(token) or token in sampling.stop_ids:
                    break
                self._generated = len(self._ids)
                self._ids.append(token)
                data = model.piece(token)
                if stops is not None:
                    data = stops.push(data)
                    if stops.hit:
                        break
                yield Piece(token, utf8.decode(data))
            if stops is None:
                return
            if stops.hit:
                count, tail = stops.kept()
                self.truncate(start + count)
                self.append(model.encode(tail.decode("utf-8", "ignore")))
            if text := utf8.decode(data if stops.hit else stops.rest()):
                yield Piece(self._ids[-1], text)
        finally:
            draw.close()

    def _ready(self, cancel: CancelToken) -> None:
        """Have the logits behind the last id."""
        if not self._ids:
            raise EngineError(f"conversation {self.key}: it is empty, there is nothing to continue")
        self.evaluate(len(self._ids), cancel)
        if self._model.logits_of is not self:  # all was computed before, or by another conversation
            self.cells -= 1
            self._remove(self.cells)
            self.evaluate(1, cancel)

    def truncate(self, length: int) -> None:
        """Keep the first `length` ids; a length beyond the end changes nothing."""
        self._check()
        if length < 0:
            raise ValueError(f"a length of {length}")
        if length >= len(self._ids):
            return
        del self._ids[length:]
        if self._generated is not None and self._generated >= length:
            self._generated = None
        if self._model.logits_of is self:
            self._model.logits_of = None
        self.shorten(length)

    def shorten(self, length: int) -> None:
        """Give up the cells behind the first `length`; the ids stay."""
        if self.cells > length:
            self._remove(length)
            self.cells = length

    def evict(self) -> None:
        """Give the cells up; the ids stay and are computed again when next needed."""
        self._remove(0)
        self.cells = 0

    def fork(self) -> "LlamaSession":
        """A copy that shares the cells computed so far; its `evaluated` starts at 0. Raises as `LlamaModel.open`."""
        self._check()
        copy = self._model.open(f"{self.key}+")
        copy._ids = list(self._ids)
        copy._generated = self._generated
        if self.cells:
            self._model.lib.llama_memory_seq_cp(self._model.memory, self.seq, copy.seq, -1, -1)
            copy.cells = self.cells
        return copy

    def save(self, folder: Path, name: str) -> bool:
        """Write what is computed to disk under `name`; what is pending is not. See `protocols.ChatSession`."""
        self._check()
        return self._model.talks.save(self, folder, name)

    def load(self, folder: Path, name: str) -> int:
        """Take over what was saved under `name` as far as it equals `ids`, unless as much is computed already."""
        self._check()
        self.used = self._model.touch()
        return self._model.talks.load(self, folder, name)

    def close(self) -> None:
        """Free its cells; the session is dead afterwards. Closing twice is harmless."""
        if self._open:
            self._open = False
            self.evict()
            self._ids = []
            self._model.release(self.seq)

    def _check(self) -> None:
        if not self._open:
            raise EngineError(f"conversation {self.key} is closed")
