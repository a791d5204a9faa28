"""Batches of training conversations: made in this process, or by several that run ahead of the training.

Which process made a batch never changes what is in it, nor the order: the number of workers is part of what a seed stands for.
"""

import multiprocessing
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from scripts.training import llm_data
from scripts.training.llm_tokenizer import LlmTokenizer

LENGTHS = (40, 56, 72, 96, 128, 160, 208, 272, 352, 448, 560, 704)
"""Conversations are padded to one of these: few shapes bound the memory; longer ones are left out."""
SHORT_LENGTH = 112
AHEAD = 12
"""Batches that wait for the training at most, from each worker; a worker that is further stands still."""
Ints = npt.NDArray[np.int16]


class Batch(NamedTuple):
    """Conversations of one length."""

    ids: Ints
    """(rows, length + 1) token ids."""
    where: npt.NDArray[np.int32]
    """Places in the flattened (rows, length) whose next token is learnt."""


def batches(seed: int, tokenizer: LlmTokenizer, size: int, short: bool = False) -> Iterator[Batch]:
    """Batches of at most `size` tokens, padded with the end-of-text token, without end."""
    pieces = tokenizer.word_pieces()
    waiting: dict[int, list[tuple[list[int], list[bool]]]] = {length: [] for length in LENGTHS}
    for item in llm_data.stream(seed, pieces, short):
        ids, learnt = llm_data.encode(item, tokenizer)
        length = next((length for length in LENGTHS if len(ids) <= length + 1), 0)
        if not length or (short and length > SHORT_LENGTH):
            continue
        pad = length + 1 - len(ids)
        waiting[length].append((ids + [tokenizer.end_of_text] * pad, learnt + [False] * pad))
        if len(waiting[length]) == size // length:
            rows, waiting[length] = waiting[length], []
            learn = np.array([mask[1:] for _, mask in rows])
            yield Batch(np.array([row for row, _ in rows], np.int16), np.flatnonzero(learn).astype(np.int32))


def _work(seed: int, tokenizer: Path, size: int, short: bool, queue: Any) -> None:
    for batch in batches(seed, LlmTokenizer.load(tokenizer), size, short):
        queue.put(batch)


class Feed:
    """Batches of `workers` processes in turn, or of this one (0); closed at the end."""

    def __init__(self, seed: int, tokenizer: Path, size: int, short: bool, workers: int = 0) -> None:
        start = multiprocessing.get_context("spawn")
        self._queues = [start.Queue(AHEAD) for _ in range(workers)]
        self._workers = [
            start.Process(target=_work, args=(100 * seed + number, tokenizer, size, short, queue), daemon=True)
            for number, queue in enumerate(self._queues)
        ]
        for worker in self._workers:
            worker.start()
        self._own = batches(100 * seed, LlmTokenizer.load(tokenizer), size, short) if not workers else None
        self._turn = 0

    def next(self) -> Batch:
        """The next batch; fails when its worker is gone."""
        if self._own is not None:
            return next(self._own)
        self._turn = (self._turn + 1) % len(self._queues)
        found: Batch = self._queues[self._turn].get(timeout=120)
        return found

    def close(self) -> None:
        """End the workers."""
        for worker in self._workers:
            worker.terminate()
