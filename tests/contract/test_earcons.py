"""Words right behind the wake word are heard whole, although our own tone comes back into the microphone among them."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from assistant import events
from assistant.audio.format import FRAME, RATE
from assistant.config import Config
from assistant.evals.callers import SPEECH_RMS, at_level, noise, quiet
from assistant.evals.house_in_room import HouseInRoom
from assistant.evals.listening_barge_in import ROOM_RMS
from tests.contract.speech import espeak, flite

BACK_DB, SEED = -6.0, 2
GAPS_S = (0.0, 0.15)
"""Between the wake word and what is asked: the tone begins in it, or behind it."""
SETTLED_S = 6.0
"""Of our own voice, which the canceller must have heard."""


def speech(voice: Callable[[str], bytes], text: str) -> Any:
    return at_level(np.frombuffer(voice(text), "<i2").astype("f4"), SPEECH_RMS)


@pytest.mark.parametrize("gap_s", GAPS_S)
@pytest.mark.parametrize(
    ("code", "word", "voice", "commands"),
    [
        ("en", "okay_nabu", partial(flite, voice="slt"), ("turn on the kitchen light", "what time is it")),
        ("en", "okay_nabu", partial(flite, voice="awb"), ("set a timer for ten minutes", "tell me a joke")),
        ("en", "okay_nabu", partial(espeak, voice="en-us+f3"), ("what is the date", "set a timer for ten minutes")),
        ("en", "hello computer", partial(espeak, voice="en-us"), ("what time is it", "turn on the kitchen light")),
        ("zh", "小助手", partial(espeak, voice="cmn"), ("现在几点",)),
    ],
    ids=lambda value: None,
)
def test_a_command_right_behind_the_wake_word_is_heard_whole_through_our_own_tone(
    code: str, word: str, voice: Callable[[str], bytes], commands: tuple[str, ...], gap_s: float
) -> None:
    wake = {"word": word, "engine": None if "_" in word else "vosk", "unchecked": True}
    house = HouseInRoom(
        Config.model_validate({"language": code, "wake": {"words": [wake]}}), speaks=True, back_db=BACK_DB, seed=SEED
    )
    rng = np.random.default_rng(SEED)
    try:
        house.say("The kitchen light is on, and so is the one in the hall." if code == "en" else "厨房的灯开着，客厅的灯也开着。")
        house.hear(noise(rng, SETTLED_S, ROOM_RMS))
        house.rest()
        for command in commands:
            said, asked = speech(voice, word.replace("_", " ")), speech(voice, command)
            sound = np.concatenate([quiet(1.0), said, quiet(gap_s), asked, quiet(2.5)])
            sound = sound + noise(rng, len(sound) / RATE, ROOM_RMS)[: len(sound)]
            ends = RATE + len(said) + round(gap_s * RATE) + len(asked)
            tone, seen = 0, list[events.Event]()
            for at in range(0, len(sound), FRAME):
                seen += house.frame(sound[at : at + FRAME])
                tone += any(house.air.now) and at < ends
            assert [event.word for event in seen if isinstance(event, events.WakeHeard)] == [word]
            assert tone >= 4, "the tone sounds while they speak"
            assert [event.text for event in seen if isinstance(event, events.Transcript)] == [command]
            house.rest()
            house.hear(noise(rng, 1.0, ROOM_RMS))
    finally:
        house.close()
