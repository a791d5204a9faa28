"""The wake word: how often it is missed, by caller, room and noise; how often talk and music are taken for it."""

from collections.abc import Sequence
from typing import Any

from assistant import events
from assistant.audio.format import RATE
from assistant.config import Config
from assistant.evals.callers import SPEECH_RMS, Caller, in_room, music, noise, quiet, response, television
from assistant.evals.house_in_room import HouseInRoom
from assistant.evals.pieces import Piece

LATE_S = 1.5
"""A wake so long behind the phrase is none."""
NEAR = (
    *("okay maybe later", "okay now you can turn it off", "okay nobody is at home", "okay never mind that", "is it okay now"),
    *("okay number two please", "okay but who is that", "okay my friend", "okay not you", "okay and you"),
)
"""What people say that begins like the default wake word: talk drawn at random has none of it."""
ROOMS = ((0.15, -12.0), (0.4, -6.0))
"""Near in a furnished room, far in a bare one: seconds in which its tail dies away, decibels of the tail."""


def misses(config: Config, callers: Sequence[Caller], snr_db: float, seed: int, rounds: int) -> Piece:
    """Each caller says each wake word in each room, `rounds` times, the noise so much quieter; both are new each time."""
    import numpy as np

    rng = np.random.default_rng(seed)
    house = HouseInRoom(config, speaks=False)
    missed: dict[str, int] = {}
    said = 0
    try:
        for caller in callers:
            missed[caller.name] = 0
            for word in config.wake.words:
                phrase = caller.say(word.word.replace("_", " "))
                for room in ROOMS * rounds:
                    sound = scene(rng, in_room(phrase, response(rng, *room)), snr_db, 1.0, LATE_S)
                    began = house.clock.now_s() + 1.0
                    heard = [event for event in house.hear(sound) if isinstance(event, events.WakeHeard)]
                    house.rest()
                    said += 1
                    missed[caller.name] += not any(event.t > began for event in heard)
    finally:
        house.close()
    return {"said": said, "missed": missed}


def near(config: Config, callers: Sequence[Caller], seed: int) -> Piece:
    """Each caller says each sentence of `NEAR` in a room, 20 dB over its noise; how many of them woke it."""
    import numpy as np

    rng = np.random.default_rng(seed)
    house = HouseInRoom(config, speaks=False)
    woke: dict[str, int] = dict.fromkeys(NEAR, 0)
    try:
        for caller in callers:
            for number, sentence in enumerate(NEAR):
                room = response(rng, *ROOMS[number % len(ROOMS)])
                sound = scene(rng, in_room(caller.say(sentence), room), 20, 1.0, LATE_S)
                woke[sentence] += any(isinstance(event, events.WakeHeard) for event in house.hear(sound))
                house.rest()
    finally:
        house.close()
    return {"said": len(callers) * len(NEAR), "woke": woke}


def false_wakes(config: Config, callers: Sequence[Caller], seconds: float, seed: int) -> Piece:
    """Listen to talk, to music, and to both; nobody says a wake word."""
    import numpy as np

    rng = np.random.default_rng(seed)
    spoken = {part for word in config.wake.words for part in word.word.split("_")}
    third = seconds / 3
    talk = television(rng, callers, third, config.language, sorted(spoken))
    both = television(rng, callers, third, config.language, sorted(spoken)) + music(rng, third) * 0.5
    house = HouseInRoom(config, speaks=False)
    wakes = 0
    try:
        for sound in (talk, music(rng, third), both):
            for at in range(0, len(sound), 10 * RATE):
                wakes += sum(isinstance(event, events.WakeHeard) for event in house.hear(sound[at : at + 10 * RATE]))
                house.rest()
    finally:
        house.close()
    return {"seconds": seconds, "wakes": wakes}


def scene(rng: Any, speech: Any, snr_db: float, before_s: float, after_s: float) -> Any:
    """Speech with a room's noise before, in and behind it."""
    import numpy as np

    sound = np.concatenate([quiet(before_s), speech, quiet(after_s)])
    return sound + noise(rng, len(sound) / RATE, SPEECH_RMS / 10 ** (snr_db / 20))[: len(sound)]
