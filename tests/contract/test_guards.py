"""The closed loop of `assistant eval listening` fails without the guards: with them off it stops, wakes and answers itself.

The same sound, from the same seed, through the same rooms, on audio time: what is 0 with a guard is more than 0 without. Guards
are taken out from here; there is no switch for it. Where several stand behind one another, each alone is enough.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest

from assistant import events
from assistant.audio.echo import Echo, Mode
from assistant.audio.format import RATE
from assistant.cancel import CancelToken
from assistant.config import Config
from assistant.dialogue.brain import Brain
from assistant.evals.callers import SPEECH_RMS, Caller, at_level, noise
from assistant.evals.house_in_room import HouseInRoom, SaidBefore
from assistant.evals.listening_barge_in import REPLY, ROOM_RMS, Beside, alone
from assistant.evals.pieces import Piece
from assistant.listen import barge_in
from assistant.listen.saying import Saying
from assistant.protocols import AudioChunk
from tests.contract.speech import espeak, flite

BACK_DB, SECONDS, SEED = -6.0, 40.0, 3
ZH_WAKE = {"words": [{"word": "小助手", "engine": "vosk"}]}
SAYS_STOP = {"en": ("Be quiet.", "Stop.", "Shut up."), "zh": ("停。", "停止。", "好。")}
"""Our own voice says a stop word; no sentence about one: beside other words it is believed of nobody."""
SAYS_WAKE = {"en": ("Okay nabu.", "You say okay nabu to me.", "Okay nabu is my name."), "zh": ("小助手。", "我是小助手。")}
SAYS_NEITHER = {
    "en": ("The bus will be here today.", "Please wait.", "Then we sit and eat."),
    "zh": ("今天多云。", "厨房的灯开着。"),
}
TELEVISION = {"en": ("stop", "please stop", "stop it", "be quiet", "yes", "go on"), "zh": ("停", "停止", "闭嘴", "好")}
OWN: dict[str, Callable[[str], bytes]] = {"en": partial(flite, voice="slt"), "zh": partial(espeak, voice="cmn")}
OTHERS = {
    "en": [partial(flite, voice="rms"), partial(flite, voice="awb"), partial(espeak, voice="en-us+f3")],
    "zh": [partial(espeak, voice="cmn+m3"), partial(espeak, voice="cmn+f3")],
}


@pytest.fixture(autouse=True)
def _voices_that_always_say_the_same(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An espeak-ng that has said other things before says this one a little differently."""

    def synthesize(self: SaidBefore, text: str, cancel: CancelToken, slowly: float = 1.0) -> Iterator[AudioChunk]:
        cancel.check()
        yield AudioChunk(OWN["zh" if text[:1] >= "\u4e00" else "en"](text), RATE)

    monkeypatch.setattr(SaidBefore, "synthesize", synthesize)
    yield


def _caller(number: int, speech: Callable[[str], bytes]) -> Caller:
    return Caller(f"{number}", lambda text: at_level(np.frombuffer(speech(text), "<i2").astype("f4"), SPEECH_RMS))


def piece(
    code: str,
    echo: Mode,
    own: tuple[str, ...],
    beside: Beside = "nobody",
    back_db: float = BACK_DB,
) -> Piece:
    """Some replies of such sentences, and what they ended of themselves."""
    house: dict[str, Any] = {"language": code, "audio": {"echo": echo}} | ({"wake": ZH_WAKE} if code == "zh" else {})
    voices = [_caller(number, speech) for number, speech in enumerate(OTHERS[code])]
    return alone(Config.model_validate(house), voices, back_db, SECONDS, SEED, beside, (own, TELEVISION[code]))


def without_text(patch: pytest.MonkeyPatch) -> None:
    """It does not know what it says itself."""
    patch.setattr(Saying, "says", lambda *_: False)


def without_loudness(patch: pytest.MonkeyPatch) -> None:
    """Whoever says a stop word is believed, however loud, and however much was said before."""
    for name in ("TALK", "CROWD"):
        patch.setattr(barge_in, name, 10**6)
    for name in ("CLEAR_DB", "CLEAR_OF_TALK_DB", "CLEAR_BESIDE_DB"):
        patch.setattr(barge_in, name, float("-inf"))


@pytest.mark.parametrize(
    ("echo", "text", "ends"),
    [
        ("none", False, True),
        ("none", True, False),  # it knows what it says
        ("cancel", False, False),  # its own voice is taken out
        ("auto", True, False),
    ],
)
@pytest.mark.parametrize(
    ("code", "loudness"),
    [("en", False), ("en", True), ("zh", False)],  # how loud it is does not tell our own "stop" from a caller's
)
def test_its_own_stop_word_ends_it_when_no_guard_is_left(
    monkeypatch: pytest.MonkeyPatch, code: str, loudness: bool, echo: Mode, text: bool, ends: bool
) -> None:
    if not text:
        without_text(monkeypatch)
    if not loudness:
        without_loudness(monkeypatch)
    assert bool(piece(code, echo, SAYS_STOP[code])["stops"]) == ends


@pytest.mark.parametrize(
    ("code", "echo", "text", "wakes"),
    [
        ("en", "none", False, True),
        ("en", "none", True, False),  # it knows what it says
        ("en", "cancel", False, False),  # its own voice is taken out
        ("en", "auto", True, False),
        ("zh", "none", False, True),
        ("zh", "none", True, False),
        ("zh", "cancel", False, False),
        ("zh", "auto", True, False),
    ],
)
def test_its_own_wake_word_wakes_it_when_no_guard_is_left(
    monkeypatch: pytest.MonkeyPatch, code: str, echo: Mode, text: bool, wakes: bool
) -> None:
    if not text:
        without_text(monkeypatch)
    assert bool(piece(code, echo, SAYS_WAKE[code])["wakes"]) == wakes


@pytest.mark.parametrize("loudness", [False, True])
@pytest.mark.parametrize("back_db", [-6.0, -20.0])
@pytest.mark.parametrize("code", ["en", "zh"])
def test_a_television_that_says_stop_ends_it_when_loudness_does_not_count(
    monkeypatch: pytest.MonkeyPatch, code: str, back_db: float, loudness: bool
) -> None:
    if not loudness:
        without_loudness(monkeypatch)
    assert bool(piece(code, "auto", SAYS_NEITHER[code], "television", back_db)["stops"]) != loudness


def replies(seconds: float) -> list[events.Event]:
    """What happens in and behind a reply of an assistant that listens always and whose voice comes back."""
    config = Config.model_validate({"audio": {"echo": "none"}, "wake": {"engine": "none"}})
    house = HouseInRoom(config, speaks=True, back_db=BACK_DB, seed=SEED)
    try:
        house.model.enqueue(*["Yes."] * 64)
        house.say(REPLY["en"])
        return house.hear(noise(np.random.default_rng(SEED), seconds, ROOM_RMS))
    finally:
        house.close()


def test_always_listening_it_answers_itself_without_the_echo_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Echo, "playing", False)
        patch.setattr(Brain, "speaking", lambda _: False)
        questions = [event for event in replies(12.0) if isinstance(event, events.Transcript)]
        assert len(questions) >= 3, "it breaks itself off, and answers"
    seen = replies(40.0)
    assert not [event for event in seen if isinstance(event, events.SpeechStarted | events.Transcript)]
    assert len([event for event in seen if isinstance(event, events.Completed)]) == 1
