"""Voice activity on the real network."""

from statistics import median

import pytest

from assistant.engines import silero_vad
from assistant.engines.base import VadSpec
from assistant.errors import ConfigError, EngineError
from assistant.protocols import VoiceActivity
from tests.contract.speech import espeak, flite, frames, noise, silence


def probabilities(pcm: bytes) -> list[float]:
    detector: VoiceActivity = silero_vad.make(VadSpec())
    return [detector.feed(frame) for frame in frames(pcm)]


@pytest.mark.parametrize("pcm", [flite("what time is it in the kitchen", "rms"), espeak("what time is it in the kitchen")])
def test_speech_is_speech(pcm: bytes) -> None:
    found = probabilities(pcm)
    assert median(found) > 0.9 and all(0 <= value <= 1 for value in found)


@pytest.mark.parametrize("pcm", [silence(3), noise(3, rms=100), noise(3, rms=3000)])
def test_silence_and_noise_are_not(pcm: bytes) -> None:
    assert max(probabilities(pcm)) < 0.3


def test_the_end_of_speech_is_seen_within_a_third_of_a_second() -> None:
    found = probabilities(flite("hello", "slt") + silence(1))
    assert max(found[: len(found) - 32]) > 0.9 and max(found[-21:]) < 0.3


def test_each_has_a_state_of_its_own_and_can_forget_it() -> None:
    one, two = silero_vad.make(VadSpec()), silero_vad.make(VadSpec())
    speech = frames(flite("hello there my friend", "slt"))
    first = [one.feed(frame) for frame in speech]
    assert [two.feed(frame) for frame in speech] == first
    one.reset()
    assert [one.feed(frame) for frame in speech] == first


def test_a_frame_of_another_length_is_an_error() -> None:
    with pytest.raises(EngineError, match="it takes 1024"):
        silero_vad.make(VadSpec()).feed(bytes(100))
    with pytest.raises(ConfigError, match="vad.options"):
        silero_vad.make(VadSpec({"threshold": 0.1}))
