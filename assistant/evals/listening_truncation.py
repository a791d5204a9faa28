"""A reply that is broken off: how many words too many or too few stay in the talk.

The whole way: reply, clauses, spoken form, voice, loudspeaker, stop, history. The truth is the recogniser's: it says when each
word of the played sound ends (English sentences are its grammar). Of words that it does not find, any may have been heard
between those that it does.
"""

import math
from difflib import SequenceMatcher

from assistant import app
from assistant.audio.format import FRAME_S, RATE
from assistant.config import Config
from assistant.dialogue.brain import Priority
from assistant.dialogue.kit import TurnRequest
from assistant.errors import AssistantError
from assistant.evals.house_in_room import HouseInRoom
from assistant.evals.pieces import Piece
from assistant.languages.words import plain_words
from assistant.protocols import Transcriber

BYTES_S = 2 * RATE
EARLY_S = {"zh": 0.12}
"""So much sooner than its sound a word ends, by the recogniser: 0.12 to 0.23 s in front of pauses (English: 0 to 0.12)."""
VOICES = {"en": ("flite", "espeak"), "zh": ("espeak",)}
REPLY = {
    "en": "The light in the kitchen is on, and the door is open. It is cold today, but the sun is out. "
    "I set a timer for ten minutes, and the living room is cold.",
    "zh": "厨房的灯开着，门也开着。今天有点冷，不过有太阳。你可以打开客厅的音乐，或者让我设一个闹钟。",
}
CUTS = 24
"""Times a reply is broken off, for each voice."""


def broken_off(config: Config, cuts: int, seed: int) -> Piece:
    """`off`: words too many (or, below 0, too few) for each voice and cut; `found`: the share of words whose end is known."""
    import numpy as np

    found: Piece = {"off": {}, "found": {}}
    reply, rng = REPLY[config.language], np.random.default_rng(seed)
    for engine in VOICES[config.language]:
        tts = config.tts.model_copy(update={"engine": engine, "voice": "auto", "options": {}})
        dialogue = config.dialogue.model_copy(update={"spoken_tokens": 0})  # it says all
        try:
            house = HouseInRoom(config.model_copy(update={"tts": tts, "dialogue": dialogue}), speaks=True)
        except AssistantError:
            continue  # not installed
        try:
            recogniser = app.transcribers(config, live=False)[0][config.language]
            _, sound = _say(house, reply, math.inf)
            ends = word_ends(recogniser, reply, sound)
            found["found"][engine] = round(len(ends) / len(plain_words(reply)), 3)
            off = []
            for cut in range(cuts):
                at_s = len(sound) / BYTES_S * (cut + float(rng.uniform())) / cuts
                kept, played = _say(house, reply, at_s)
                heard_s, words = len(played) / BYTES_S - EARLY_S.get(config.language, 0.0), len(plain_words(kept))
                least = max((number for number, end_s in ends if end_s <= heard_s), default=0)
                most = min((number for number, end_s in ends if end_s > heard_s), default=len(plain_words(reply)) + 1) - 1
                off.append(words - min(max(words, least), most))
            found["off"][engine] = off
        finally:
            house.close()
    return found


def word_ends(recogniser: Transcriber, reply: str, sound: bytes) -> list[tuple[int, float]]:
    """(how many words have been said, when): for each word that the recogniser finds in the sound."""
    session = recogniser.session([" ".join(words) for sentence in reply.split(".") if (words := plain_words(sentence))])
    session.feed(sound)
    session.finish()
    heard: list[tuple[str, float]] = []
    for word in session.words:
        parts = plain_words(word.word)
        heard += [(part, word.start + (word.end - word.start) * at / len(parts)) for at, part in enumerate(parts, 1)]
    same = SequenceMatcher(None, plain_words(reply), [word for word, _ in heard], autojunk=False).get_matching_blocks()
    return [(block.a + at + 1, heard[block.b + at][1]) for block in same for at in range(block.size)]


def _say(house: HouseInRoom, reply: str, until_s: float) -> tuple[str, bytes]:
    """Have a reply said, for so long; what the talk holds of it, and what was played."""
    key = f"cut {house.clock.now_s()}"
    house.model.enqueue(reply)
    handle = house.brain.submit(TurnRequest("tell me", key, house.house.config.language, house.air), Priority.VOICE)
    played, ms = bytearray(), house.air.played_ms()
    while not house.brain.idle():
        if len(played) >= until_s * BYTES_S:
            handle.cancel.cancel("stop")
        while house.brain.step():
            pass
        house.clock.advance(FRAME_S)
        sound, before, ms = house.air.listen(), ms, house.air.played_ms()
        played += sound[: BYTES_S * (ms - before) // 1000]
    last = house.house.kit.conversation(key).history.last
    return last.assistant if last is not None else "", bytes(played)


def off_by(found: Piece) -> list[int]:
    """All errors, without their sign."""
    return [abs(off) for row in found["off"].values() for off in row]
