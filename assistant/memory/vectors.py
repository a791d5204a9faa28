"""Which passages point the way a question points: one product of a matrix with a vector.

The matrix is bounded by the store (`document_store.MOST_CHUNKS`), kept as float16 and loaded once until something changed.
"""

from collections.abc import Sequence
from typing import Any


def pack(vector: Any) -> bytes:
    """A vector as it is stored: little-endian float16."""
    import numpy

    return bytes(numpy.asarray(vector, dtype="<f2").tobytes())


class Table:
    """Vectors by number."""

    def __init__(self, rows: Sequence[tuple[int, bytes]], size: int) -> None:
        """Rows of another size than `size` numbers are left out."""
        import numpy

        whole = [(row, data) for row, data in rows if len(data) == 2 * size]
        self._rows = [row for row, _ in whole]
        self._matrix = numpy.frombuffer(b"".join(data for _, data in whole), dtype="<f2").reshape(len(whole), size)

    def nearest(self, vector: Any, most: int) -> list[tuple[int, float]]:
        """The numbers of the `most` nearest and their cosines, the nearest first."""
        import numpy

        if not self._rows:
            return []
        cosines = self._matrix.astype(numpy.float32) @ numpy.asarray(vector, dtype=numpy.float32)
        best = numpy.argsort(-cosines, kind="stable")[:most]
        return [(self._rows[at], float(cosines[at])) for at in best]


def fuse(lists: Sequence[Sequence[int]], constant: int = 60) -> list[int]:
    """Reciprocal rank fusion: the numbers of several ranked lists in one, the best first (Cormack and others, 2009)."""
    scores: dict[int, float] = {}
    for ranked in lists:
        for rank, number in enumerate(ranked, 1):
            scores[number] = scores.get(number, 0.0) + 1 / (constant + rank)
    return sorted(scores, key=lambda number: (-scores[number], number))
