"""Barge-in: somebody says "stop" or the wake word into a reply; nobody does; the television talks beside it. In a closed loop.

The word is so much louder than our own voice where both arrive. Silence is when the last sample left the sink.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal

from assistant import events
from assistant.audio.format import FRAME, RATE
from assistant.config import Config
from assistant.evals.callers import Caller, at_level, in_room, level, line, noise, quiet, response, television, words_of
from assistant.evals.house_in_room import HouseInRoom
from assistant.evals.listening_wake import ROOMS
from assistant.evals.pieces import Piece
from assistant.languages import own_sentences

Ends = Literal["stop", "wake"]
Beside = Literal["nobody", "television"]
BESIDE: tuple[Beside, ...] = ("nobody", "television")
LEVELS_DB = (-6.0, -12.0, -20.0)
NEAR_DB = 10.0
LEARN_S = 5.0
"""Of each reply, before somebody interrupts it."""
REPLY_S, PAUSE_S = 12.0, 1.0
"""Of each reply that nobody interrupts, and of the silence at its end, in which the television talks on."""
LINES = 128
"""Of our own and of each caller, in `alone`: an hour and more of different talk by twelve callers, mixed anew all the time."""
WAIT_S = 2.5
"""A stop believed later is missed."""
ROOM_RMS = 20.0
REPLY = {
    "en": "The kitchen light is on. Your sister called twice while you were out. Tomorrow will be mostly cloudy with light rain. "
    "The next train leaves from platform four at half past six, and the shop at the corner opens at nine. "
    "It is a good day for a walk, and there is enough soup left for the evening.",
    "zh": "厨房的灯开着。你姐姐打过两次电话。明天多云，有小雨。下一班火车六点半从四号站台出发，街角的商店九点开门。"
    "今天适合散步，汤还够晚上喝。",
}


def said_into(
    config: Config, callers: Sequence[Caller], back_db: float, seed: int, ends: Ends = "stop", near_db: float = NEAR_DB
) -> Piece:
    """Each caller says the first stop word, or the first wake word, into a reply."""
    import numpy as np

    rng = np.random.default_rng(seed)
    house = HouseInRoom(with_barge_in(config), speaks=True, back_db=back_db, seed=seed)
    word = (
        own_sentences(config.language)["barge_in"]["stops"][0] if ends == "stop" else config.wake.words[0].word.replace("_", " ")
    )
    found: Piece = {"said": 0, "silent": [], "ducked": [], "missed": [], "early": 0, "not_ducked": 0}
    try:
        for number, caller in enumerate(callers):
            sound = in_room(caller.say(word), response(rng, *ROOMS[number % len(ROOMS)]))
            house.say(REPLY[config.language])
            seen, echoed = _speak(house, noise(rng, LEARN_S + float(rng.uniform(0, 1)), ROOM_RMS))
            onset = house.clock.now_s()
            ours = level(echoed) * 10 ** (back_db / 20)
            near = np.concatenate([at_level(sound, ours * 10 ** (near_db / 20)), quiet(WAIT_S)])
            ended = _ended(house.hear(near + noise(rng, len(near) / RATE, ROOM_RMS)[: len(near)]), ends)
            ducks = [at - onset for at in house.air.ducked if at >= onset]
            found["said"] += 1
            early = bool(_ended(seen, ends))
            if early:
                found["early"] += 1
            elif not ended:
                found["missed"].append(caller.name)
            else:
                found["silent"].append(round(house.silent_since - onset, 3))
            if ducks:
                found["ducked"].append(round(ducks[0], 3))
            elif not early:
                found["not_ducked"] += 1
            house.rest()
            house.air.ducked.clear()
            house.hear(noise(rng, 1.0, ROOM_RMS))
    finally:
        house.close()
    return found


def alone(
    config: Config,
    callers: Sequence[Caller],
    back_db: float,
    seconds: float,
    seed: int,
    beside: Beside,
    lines: tuple[Sequence[str], Sequence[str]] = ((), ()),
) -> Piece:
    """Nobody says stop: our own voice says all sorts of words for so long, alone or with a television beside it.

    `lines`: what we say, sentences, and what the television says, in place of all sorts of words; tests have a stop word in them.
    """
    import numpy as np

    rng = np.random.default_rng(seed)
    house = HouseInRoom(with_barge_in(config), speaks=True, back_db=back_db, seed=seed)
    own, others = lines if lines[0] else _lines(config)
    ended, ours = Counter[str](), 500.0
    try:
        while house.clock.now_s() < seconds:
            house.say(("" if config.language == "zh" else " ").join(rng.choice(own, 5)))
            near = noise(rng, REPLY_S, ROOM_RMS)
            if beside == "television":
                near = near + at_level(television(rng, callers, REPLY_S, config.language, lines=others), ours)
            seen, echoed = _speak(house, near[: -round(PAUSE_S * RATE)])
            ours = (level(echoed) or 500.0) * 10 ** (back_db / 20)
            ended.update(event.reason for event in seen if isinstance(event, events.Cancelled))
            house.rest()
            house.hear(near[-round(PAUSE_S * RATE) :])
        stops = ended["stop"] + ended["snooze"]
        return {"seconds": house.clock.now_s(), "stops": stops, "wakes": ended["wake"], "ducks": len(house.air.ducked)}
    finally:
        house.close()


def _lines(config: Config) -> tuple[list[str], list[str]]:
    """What we say and what a television says in `alone`, none of it a word that ends anything: the same lines in each piece, so
    that none is spoken twice by the same voice. Our own are sentences."""
    import numpy as np

    rng = np.random.default_rng(LINES)
    phrases = own_sentences(config.language)["barge_in"]
    said = {*phrases["stops"], *phrases["snoozes"], *(word.word.replace("_", " ") for word in config.wake.words)}
    without = {word for phrase in said for word in (phrase.split() if config.language == "en" else [phrase])}
    words = [word for word in words_of(config.language) if word not in without]
    mark = "。" if config.language == "zh" else "."
    own = [line(rng, words, config.language).capitalize() + mark for _ in range(LINES)]
    return own, [line(rng, words, config.language) for _ in range(LINES)]


def with_barge_in(config: Config) -> Config:
    """The configuration with barge-in."""
    return config.model_copy(update={"listen": config.listen.model_copy(update={"barge_in": True})})


def _speak(house: HouseInRoom, near: Any) -> tuple[list[events.Event], Any]:
    """Hear a sound while it speaks; what happened, and what it played."""
    import numpy as np

    seen, played = list[events.Event](), []
    for at in range(0, len(near), FRAME):
        seen += house.frame(near[at : at + FRAME])
        played.append(np.frombuffer(house.air.now, "<i2").astype("f4"))
    sound = np.concatenate(played)
    return seen, sound[np.abs(sound) > 0]


def _ended(seen: Sequence[events.Event], ends: Ends) -> list[events.Cancelled]:
    return [event for event in seen if isinstance(event, events.Cancelled) and event.reason == ends]
