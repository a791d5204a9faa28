"""What `assistant devices --test` finds in sound."""

import numpy as np
import pytest

from assistant.audio import check
from assistant.audio.format import FRAME_BYTES, RATE
from assistant.engines.fakes import FakeClock, FakeSink
from assistant.errors import DeviceNotFound
from tests.contract.speech import espeak

RNG = np.random.default_rng(1)


def room(rms: float, seconds: float = 2.0) -> "check.Samples":
    return np.rint(RNG.standard_normal(round(seconds * RATE)) * rms).astype(np.int16)


def found(sound: "check.Samples") -> list[str]:
    return [line.split(":")[0] for line in check.speech_findings("mic", check.level(sound))]


def test_speech_as_it_should_be_has_nothing_wrong() -> None:
    assert found(check.samples(espeak("what time is it"))) == []


@pytest.mark.parametrize(
    ("damage", "names"),
    [
        (lambda x: x * 0, ["silence"]),
        (lambda x: np.clip(x * 12, -32768, 32767), ["clipping"]),
        (lambda x: x / 500, ["quiet"]),
        (lambda x: x / 3 + 4000, ["offset"]),
    ],
)
def test_damage_is_named(damage, names: list[str]) -> None:  # type: ignore[no-untyped-def]
    speech = check.samples(espeak("what time is it")).astype(np.float64)
    assert found(np.rint(damage(speech)).astype(np.int16)) == names


def test_nothing_recorded_is_silence() -> None:
    assert check.level(check.samples(b"")).silent


@pytest.mark.parametrize(
    ("gain", "rms", "names"),
    [(0.5, 20, []), (0.0, 20, ["not heard"]), (0.001, 100, ["not heard"]), (1.0, 0, ["swapped"]), (0.0, 0, ["not heard"])],
)
def test_the_tone_tells_whether_the_microphone_hears_the_loudspeaker(gain: float, rms: float, names: list[str]) -> None:
    sound = room(rms).astype(np.float64)
    sound[4000 : 4000 + RATE] += gain * check.samples(check.tone())
    over_room = check.tone_over_room(np.rint(sound).astype(np.int16))
    assert [line.split(":")[0] for line in check.tone_findings("mic", "box", over_room)] == names


def test_speech_is_not_taken_for_the_tone() -> None:
    speech = check.samples(espeak("turn on the light in the kitchen and tell me a long story"))
    assert check.tone_over_room(speech) < check.HEARD_DB


def test_recording_begins_now_and_ends_after_so_many_seconds() -> None:
    class Source:
        def __init__(self) -> None:
            self.frames = [b"\1" * FRAME_BYTES, b"\2" * FRAME_BYTES, None, *[b"\3" * FRAME_BYTES] * 40]

        def read(self) -> bytes | None:
            return self.frames.pop(0)

        def wait_s(self) -> float:
            return 0.0

        def close(self) -> None: ...

    seen: list[bytes] = []
    sound = check.record(Source(), 0.5, seen.append)
    assert set(sound.tobytes()) == {3} and len(sound) >= RATE / 2 and len(seen) == len(sound) * 2 // FRAME_BYTES


def test_a_sink_that_takes_little_gets_all() -> None:
    clock = FakeClock()
    sink = FakeSink(clock)
    feed = check.Feed(sink, check.tone(), RATE)
    while not feed.done():
        feed.step()
        clock.advance(0.1)
    assert sink.pending_s() + sink.played_ms() / 1000 == pytest.approx(check.TONE_S, abs=0.11)


def test_a_microphone_that_cannot_be_opened_has_no_sound() -> None:
    loud, silent = check.level(room(100)), check.level(room(0))

    def listen(name: str) -> check.Level:
        if name == "gone":
            raise DeviceNotFound("no such microphone")
        return loud if name == "usb" else silent

    assert check.with_sound(["gone", "built in", "usb"], listen) == ["usb"]
