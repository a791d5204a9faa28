"""What the counts of `bench latency` would take on a Raspberry Pi: a projection from published figures, no measurement.

Decoding: bytes read per token of Qwen2.5-0.5B Q4_0 (346 MB) over the board's bandwidth (Pi 5: 13.8 GB/s on one thread, and 29.5
ms a token published; Pi 4: 5.6 GB/s). Prefill: 290 tokens/s published for a Pi 5, an eighth of it on a Pi 4. Voice: a medium
Piper voice takes 0.48 of its sound on two threads of a Pi 4 (published); on a Pi 5 half of that is assumed. Its first window
comes after a sixth of a clause's time and that window's share of the rest (docs/decisions/0023-piper-in-windows.md). Where the
first clause ends follows from the board's pace, not from that of the machine that counts. What is drafted in the pause at the
end (dialogue/live.py) takes none of anybody's time, as long as that pause is; the reply follows the tone at its end.
The usual wiring: its silence, the prompt that it evaluated, all of the reply and all of its sound; what it takes to recognise the
clip is not published, and left out.
"""

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from assistant.bench.latency_ours import Timed
from assistant.bench.latency_usual import USUAL_S
from assistant.bench.result import Figure
from assistant.dialogue.clauses import ClauseCutter
from assistant.dialogue.pace import CLAUSE_S, Pace
from assistant.engines.piper import FIRST

FRAMES_SHARE, WINDOW_S = 1 / 6, (FIRST + 11) * 256 / 22_050
"""Of a medium Piper voice: what is done before its first window, and that window with its neighbours."""


class Board(NamedTuple):
    """What is published of a board."""

    name: str
    token_s: float
    prefill_per_s: float
    voice: float
    """Seconds of synthesis for a second of sound."""
    target_s: float


BOARDS = (Board("Pi 5", 0.0295, 290.0, 0.24, 1.0), Board("Pi 4", 0.0618, 290.0 / 8, 0.48, 2.0))


def figures(timed: Sequence[Timed], usual: Sequence[int] = ()) -> dict[str, Figure]:
    """Seconds from the true end of speech to the first audio, by board; with the tokens of the prompt that the usual wiring
    evaluated at each turn, also beside that."""
    found = {}
    for board in BOARDS:
        waits = []
        for turn in timed:
            tokens, voice_s = first_clause(board, turn.reply)
            written_s = 0.0 if turn.kind == "command" else tokens * board.token_s  # a skill's reply is there at once
            took_s = turn.drafted / board.prefill_per_s + written_s + voice_s
            waits.append(turn.from_speech_s - turn.from_endpoint_s + max(turn.tone_s, took_s - turn.lead_s))
        found[f"{board.name}, projected"] = Figure(median(waits), "s, median, a projection", board.target_s)
        if usual:
            theirs = [usual_s(board, turn.reply, prompt) for turn, prompt in zip(timed, usual, strict=True)]
            ratios = [ours / other for ours, other in zip(waits, theirs, strict=True)]
            found[f"{board.name}, ours over usual, projected"] = Figure(median(ratios), "ratio, median of pairs, a projection")
    return found


def usual_s(board: Board, reply: Sequence[str], prompt: int) -> float:
    """What the usual wiring waits on a board until its first audio."""
    pace = Pace()
    sound_s = pace.weight("".join(reply)) * pace.sound_s
    return USUAL_S + prompt / board.prefill_per_s + len(reply) * board.token_s + sound_s * board.voice


def first_clause(board: Board, reply: Sequence[str]) -> tuple[int, float]:
    """Tokens of a reply that the board writes until its first clause can be said, and seconds until the first sound of that."""
    pace, text = Pace(), "".join(reply)
    pace.wrote(text, len(reply) * board.token_s)
    sound_s = pace.weight(text) * pace.sound_s
    pace.spoke(text, sound_s * board.voice, sound_s, _first_window(min(sound_s, CLAUSE_S)) * sound_s * board.voice)
    cutter, clause = ClauseCutter(pace), None
    tokens = 0
    while clause is None and tokens < len(reply):
        cutter.push(reply[tokens])
        clause, tokens = cutter.take(0.0), tokens + 1
    if clause is None:
        cutter.close()
        clause = cutter.take(0.0) or ""
    sound_s = pace.weight(clause) * pace.sound_s
    return tokens, _first_window(sound_s) * sound_s * board.voice


def _first_window(sound_s: float) -> float:
    """The share of a clause's making that goes by until its first sound."""
    return FRAMES_SHARE + (1 - FRAMES_SHARE) * min(1.0, WINDOW_S / sound_s)
