"""WebRTC's audio processing, the real package: what it does to frames, and that nobody asks for it who did not."""

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from pywebrtc_audio import AudioProcessor

from assistant.audio.echo import Echo, Mode
from assistant.audio.file import AudioClock, FileSink
from assistant.audio.format import FRAME, FRAME_BYTES, RATE
from assistant.audio.processing import WAITS, Processor
from assistant.config import Config
from assistant.errors import EngineUnavailable
from assistant.evals.house_in_room import HouseInRoom
from tests.contract.speech import flite, frames, mix, noise, silence

TALK = "the next train leaves from platform four at half past six and the shop at the corner opens at nine"


def guard(mode: Mode = "none", **flags: bool) -> Echo:
    return Echo(FileSink(None, AudioClock()), mode, **flags)


def through(echo: Echo, sound: bytes) -> bytes:
    return b"".join(echo.feed(frame) for frame in frames(sound))


def level_db(sound: bytes) -> float:
    return float(10 * np.log10((np.frombuffer(sound, "<i2").astype(float) ** 2).mean() + 1))


def quieter(sound: bytes, db: float) -> bytes:
    return mix(sound, gain=10 ** (-db / 20))


@pytest.mark.parametrize("options", [{"cancel": True}, {"suppress": True}, {"gain": True}, {"suppress": True, "gain": True}])
def test_no_sample_is_lost_between_two_frames(options: dict[str, bool]) -> None:
    """The package, given whole 10 ms, is the truth: the same sound, `WAITS` later."""
    near, far = mix(flite(TALK), noise(3, 200)), noise(6, 1000, seed=2)
    own = AudioProcessor(
        sample_rate=RATE,
        echo_cancellation=options.get("cancel", False),
        noise_suppression=options.get("suppress", False),
        auto_gain_control=options.get("gain", False),
    )
    count = 40 * FRAME  # 128 times 10 ms
    sound, played = np.frombuffer(near, "<i2")[:count], np.frombuffer(far, "<i2")[:count]
    right = (own.process(sound, played) if "cancel" in options else own.process(sound)).tobytes()
    stage = Processor("audio", **options)
    pieces = [stage.feed(*pair) for pair in zip(frames(sound.tobytes()), frames(played.tobytes()), strict=True)]
    assert {len(piece) for piece in pieces} == {FRAME_BYTES}
    assert b"".join(pieces) == bytes(WAITS) + right[:-WAITS]


def test_suppressed_noise_is_ten_decibels_quieter_and_speech_is_not() -> None:
    sound = noise(4, 300)
    made = through(guard(noise_suppression=True), sound)
    assert level_db(made[-2 * RATE :]) < level_db(sound) - 10
    spoken = silence(3) + flite(TALK)
    made = through(guard(noise_suppression=True), mix(spoken, noise(12, 50)[: len(spoken)]))
    assert abs(level_db(made[6 * RATE :]) - level_db(spoken[6 * RATE :])) < 2


def test_gain_makes_a_quiet_voice_louder_and_a_loud_one_no_shout() -> None:
    talk = b"".join(flite(TALK) + silence(0.3) for _ in range(3))
    loud, quiet = through(guard(auto_gain=True), talk), through(guard(auto_gain=True), quieter(talk, 30))
    last = len(talk) // 3
    assert level_db(quiet[-last:]) > level_db(quieter(talk, 30)[-last:]) + 15
    assert abs(level_db(loud[-last:]) - level_db(quiet[-last:])) < 12, "they are closer to each other than the 30 dB before"


@pytest.mark.parametrize("mode", ["none", "half_duplex", "cancel", "auto"])
def test_without_the_flags_a_microphone_that_hears_nothing_of_us_is_left_as_it_is(mode: Mode) -> None:
    sound = frames(flite(TALK))
    echo = guard(mode)
    assert [echo.feed(frame) for frame in sound] == sound


def test_who_speaks_is_told_by_the_sound_before_suppression_and_gain() -> None:
    sound = frames(mix(silence(2) + flite(TALK), noise(9, 60)))
    plain, made = guard("half_duplex"), guard("half_duplex", noise_suppression=True, auto_gain=True)

    def told(echo: Echo, frame: bytes) -> Sequence[Any]:
        echo.feed(frame)
        return echo.level, echo.near, echo.perhaps, echo.playing

    assert [told(plain, frame) for frame in sound] == [told(made, frame) for frame in sound]


def test_it_rests_between_words_so_that_none_loses_a_piece() -> None:
    """Cancelled frames come late: where it stops, what waits is lost."""
    clock = AudioClock()
    sink = FileSink(None, clock)
    echo = Echo(sink, "cancel")
    sink.write(noise(3, 3000), RATE)
    said = mix(noise(3, 300, seed=1) + noise(3, 4000, seed=2) + noise(2, 10, seed=3), noise(8, 10, seed=4))
    same = []
    for frame in frames(said):
        clock.advance(FRAME / RATE)
        same.append(echo.feed(frame) == frame)
    first = same.index(True) * FRAME / RATE
    assert 6 <= first < 6.2, "two seconds behind our own voice somebody still speaks"
    assert all(same[same.index(True) :])


def test_nothing_is_imported_for_who_asks_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pywebrtc_audio", None)
    assert str(guard("none")) == "echo: none (as configured)"
    assert str(guard("half_duplex")) == "echo: half_duplex (as configured)"
    assert str(guard("auto")) == "echo: half_duplex (until our own voice was measured; pywebrtc-audio is not installed)"


@pytest.mark.parametrize(
    ("mode", "flags", "wanted"),
    [
        ("cancel", {}, "audio.echo is cancel"),
        ("none", {"noise_suppression": True}, "audio.noise_suppression is true"),
        ("auto", {"auto_gain": True}, "audio.auto_gain is true"),
        ("half_duplex", {"noise_suppression": True, "auto_gain": True}, "audio.noise_suppression is true"),
    ],
)
def test_what_is_asked_for_and_missing_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, mode: Mode, flags: dict[str, bool], wanted: str
) -> None:
    monkeypatch.setitem(sys.modules, "pywebrtc_audio", None)
    with pytest.raises(EngineUnavailable) as error:
        guard(mode, **flags)
    assert str(error.value) == f"{wanted}, but pywebrtc-audio is not installed: pip install pywebrtc-audio"


def test_the_configuration_turns_them_on_where_nothing_is_played_too() -> None:
    config = Config()
    audio = config.audio.model_copy(update={"noise_suppression": True, "auto_gain": True})
    house = HouseInRoom(config.model_copy(update={"audio": audio}), speaks=False)
    try:
        assert str(house.house.echo) == "echo: none (as configured); noise suppression and gain"
        assert not config.audio.noise_suppression and not config.audio.auto_gain, "by default they are off"
    finally:
        house.close()
