"""What the guard knows first: a consonant of somebody else; and how late our own voice comes, whatever somebody shouts."""

from typing import Any

import numpy as np
import pytest

from assistant.audio.echo import Echo, Levels
from assistant.audio.file import AudioClock, FileSink
from assistant.audio.format import FRAME_S
from tests.contract.speech import flite
from tests.contract.test_echo import Room, Tapped, speak

ONSET_S = 5.0


def guarded(level_db: float, near: bytes = b"") -> tuple[list[bool], list[bool]]:
    """Speak the reply; of each frame whether it was a hint, and whether it was somebody."""
    tapped: Any = Tapped(FileSink(None, AudioClock()))
    echo, hints, nears = Echo(tapped, "cancel"), [], []
    for _ in speak(tapped, Room(tapped.sink, level_db, near, ONSET_S, 10), echo):
        hints.append(echo.perhaps)
        nears.append(echo.near)
    return hints, nears


@pytest.mark.parametrize("level_db", [-6, -12, -20])
def test_its_own_voice_gives_no_hint_of_its_own(level_db: float) -> None:
    hints, nears = guarded(level_db)
    assert sum(nears[100:]) <= 3, "nor is it taken for somebody's"
    assert len(hints) > 300 and [hint and not near for hint, near in zip(hints, nears, strict=True)].count(True) == 0


@pytest.mark.parametrize("level_db", [-6, -12, -20])
@pytest.mark.parametrize("voice", ["slt", "awb"])
def test_a_soft_consonant_is_noticed_before_the_vowel(voice: str, level_db: float) -> None:
    hints, nears = guarded(level_db, flite("stop", voice))
    onset = int(ONSET_S / FRAME_S)
    first, sure = hints.index(True, onset), nears.index(True, onset)
    assert (first + 1) * FRAME_S - ONSET_S <= 0.25
    assert first < sure or first == onset, "sooner than with its first frame nothing can be known"


def test_a_shout_does_not_mislead_it_about_how_late_our_own_voice_comes() -> None:
    rng = np.random.default_rng(5)
    late, levels = 2, Levels()
    played = np.where(np.arange(800) % 40 < 30, rng.uniform(1e5, 1e6, 800), 0.0)  # words and pauses
    heard = np.concatenate([np.zeros(late), played[:-late] / 4]) + 400
    heard[[300, 301, 302, 450, 451, 452, 600, 601, 602]] = 1e9
    near = []
    for one, other in zip(heard, played, strict=True):
        levels.feed(float(one), float(other))
        near.append(levels.near)
    assert [at for at in range(300, 800) if near[at]] == [300, 301, 302, 450, 451, 452, 600, 601, 602]
