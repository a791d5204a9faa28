"""The word "slower" on the real ear and a real voice: heard, ended at once, and said again as much longer."""

from collections.abc import Sequence

import numpy as np
import pytest

from assistant import events
from assistant.audio.format import RATE
from assistant.config import Config
from assistant.evals.house_in_room import HouseInRoom
from assistant.settings import Tts
from tests.contract.speech import espeak, flite, mix, noise, silence

REPLY = "Yes, it is. The back door is shut. The lamp is on. It is ten past five."
"""Sentences that are one clause each at every rate."""


def heard(house: HouseInRoom, words: str) -> Sequence[events.Event]:
    """What becomes of a wake word and these words, until the house is silent again."""
    pcm = silence(0.5) + espeak("okay nabu", "en-us+f2") + silence(0.3) + flite(words) + silence(1.5)
    seen = house.hear(np.frombuffer(mix(pcm, noise(len(pcm) / 2 / RATE, 20), gain=0.5), "<i2").astype("f4"))
    while house.brain.speaking():
        seen += house.frame([])
    return seen


@pytest.mark.parametrize("engine", ["espeak", "flite"])
def test_slower_is_heard_and_obeyed(engine: str) -> None:
    house = HouseInRoom(Config(tts=Tts(engine=engine)), speaks=True)
    house.model.enqueue(REPLY)
    try:
        turns = [heard(house, words) for words in ("where is the station", "slower", "say that again slower")]
    finally:
        house.close()
    done = [[event for event in seen if isinstance(event, events.Completed)][-1] for seen in turns]
    assert [one.assistant for one in done] == 3 * [REPLY] and [one.user for one in done[1:]] == [
        "slower",
        "say that again slower",
    ]
    endings = [event.end_reason for seen in turns[1:] for event in seen if isinstance(event, events.Transcript)]
    assert endings == ["whole", "whole"], "nobody waits for more"
    played = [event.played_ms for seen in turns for event in seen if isinstance(event, events.SpeechDone)]
    assert played[1] == pytest.approx(1.25 * played[0], rel=0.1) and played[2] == pytest.approx(1.6 * played[0], rel=0.1)
