"""What the counts of `bench latency` would take on a Raspberry Pi: a projection from published figures, no measurement.

Decoding: bytes read per token of Qwen2.5-0.5B Q4_0 (346 MB) over the board's bandwidth (Pi 5: 13.8 GB/s on one thread, and 29.5
ms a token published; Pi 4: 5.6 GB/s). Prefill: 290 tokens/s published for a Pi 5, an eighth of it on a Pi 4. Voice: a medium
Piper voice takes 0.48 of its sound on two threads of a Pi 4 (published); on a Pi 5 half of that is assumed. What is drafted in
the pause at the end (dialogue/live.py) takes none of anybody's time, as long as that pause is.
"""

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from assistant.bench.latency_ours import Timed
from assistant.bench.result import Figure


class Board(NamedTuple):
    """What is published of a board."""

    name: str
    token_s: float
    prefill_per_s: float
    voice: float
    """Seconds of synthesis for a second of sound."""
    target_s: float


BOARDS = (Board("Pi 5", 0.0295, 290.0, 0.24, 1.0), Board("Pi 4", 0.0618, 290.0 / 8, 0.48, 2.0))


def figures(timed: Sequence[Timed]) -> dict[str, Figure]:
    """Seconds from the true end of speech to the first audio, by board."""
    found = {}
    for board in BOARDS:
        waits = [
            turn.from_speech_s
            - turn.from_endpoint_s
            + max(
                0.0,
                turn.drafted / board.prefill_per_s
                + turn.first_tokens * board.token_s
                + turn.first_audio_s * board.voice
                - turn.lead_s,
            )
            for turn in timed
        ]
        found[f"{board.name}, projected"] = Figure(median(waits), "s, median, a projection", board.target_s)
    return found
