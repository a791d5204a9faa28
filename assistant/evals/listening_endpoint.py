"""The end of an utterance, and its words: how often somebody is cut off, how long somebody waits, how many words are wrong.

Whole commands, open talk, and both with a pause in their midst where people make one. The truth is when the speech was put in.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from assistant import events
from assistant.audio.format import seconds
from assistant.audio.wav import read_wav
from assistant.config import Config
from assistant.errors import UsageError
from assistant.evals.callers import SPEECH_RMS, Caller, at_level, in_room, quiet, response
from assistant.evals.house_in_room import HouseInRoom
from assistant.evals.listening_wake import ROOMS, scene
from assistant.evals.pieces import Piece
from assistant.evals.recognition import said_in, word_errors

SAID = {
    "en": (
        "yes", "no", "turn on the kitchen light", "turn off the bedroom lamp", "set a timer for ten minutes", "what time is it",
        "what is the date", "tell me a joke", "how are you today", "my name is anna", "i am a bit tired today",
        "what can you do", "what shall we cook tonight", "tell me something nice", "where is the red box",
        "set a timer | for ten minutes", "turn on | the kitchen light", "tell me about the | old harbour", "my name is | anna",
        "i am a bit / tired today", "what shall we cook / tonight", "where is / the red box", "tell me / a joke",
    ),
    "zh": ("是的", "不要", "打开厨房的灯", "现在几点", "今天几号", "讲个笑话", "你好吗", "我叫小雨", "我今天有点累", "你会做什么",
           "打开 | 厨房的灯", "我叫 | 小雨", "我今天 / 有点累", "你会 / 做什么"),
}  # fmt: skip
"""A bar is a pause of `PAUSE_S` behind words that wait for more, a stroke one of `SHORT_S` where people take a breath."""
PAUSE_S, SHORT_S = 0.6, 0.3
BEFORE_S, AFTER_S = 0.5, 4.0
EARLY_S = 0.03
"""A frame: an end sooner than so much before the last sample cuts somebody off."""


class Utterance(NamedTuple):
    """What is said, how."""

    text: str
    sound: Any


def made(config: Config, callers: Sequence[Caller]) -> Iterator[Utterance]:
    """What the callers say."""
    import numpy as np

    for caller in callers:
        for text in SAID[config.language]:
            pause = quiet(PAUSE_S if "|" in text else SHORT_S)
            parts = [part.strip() for part in text.replace("/", "|").split("|")]
            said = [caller.say(part) for part in parts]
            sound = np.concatenate([said[0], *(piece for part in said[1:] for piece in (pause, part))])
            yield Utterance(("" if config.language == "zh" else " ").join(parts), sound)


def recorded(folder: Path, every: int) -> Iterator[Utterance]:
    """What people said. Raises `UsageError` for a folder without such WAVs."""
    import numpy as np

    paths = sorted(folder.glob("*.wav"))
    if not paths:
        raise UsageError(f"{folder} holds no .wav files")
    for path in paths[::every]:
        sound = np.frombuffer(read_wav(path), "<i2").astype("f4")
        loud = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound).max(initial=0))
        if len(loud):
            yield Utterance(said_in(path), at_level(sound[loud[0] : loud[-1] + 1], SPEECH_RMS))


def listen(config: Config, utterances: Sequence[Utterance], snr_db: float, seed: int) -> Piece:
    """Ask the listener, speak, and see what it makes of it."""
    import numpy as np

    from assistant.skills.completeness import SentenceCompleteness

    rng = np.random.default_rng(seed)
    house = HouseInRoom(config, speaks=True)
    judge = SentenceCompleteness(house.house.kit.router)
    found: Piece = {"said": 0, "cut": 0, "unheard": 0, "words": 0, "wrong": 0, "whole": [], "talk": [], "cut_off": []}
    try:
        for number, said in enumerate(utterances):
            speech = in_room(said.sound, response(rng, *ROOMS[number % len(ROOMS)]))
            house.listener.ask("listen")
            ends = house.clock.now_s() + BEFORE_S + seconds(2 * len(said.sound))
            house.model.enqueue("Good.")
            heard = [e for e in house.hear(scene(rng, speech, snr_db, BEFORE_S, AFTER_S)) if isinstance(e, events.Transcript)]
            house.rest()
            house.model.replies.clear()
            found["said"] += 1
            unit = list if config.language == "zh" else str.split
            right = unit(said.text)
            found["words"] += len(right)
            found["wrong"] += word_errors(right, unit(heard[0].text) if heard else [])
            if not heard:
                found["unheard"] += 1
            elif heard[0].t < ends - EARLY_S:
                found["cut"] += 1
                found["cut_off"].append(said.text)
            else:
                kind = "whole" if judge(said.text, config.language) == "whole" else "talk"
                found[kind].append(round(heard[0].t - ends, 3))
    finally:
        house.close()
    return found
