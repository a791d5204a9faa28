"""Microphone and loudspeaker through real PortAudio on virtual cards; their sound goes through the daemon of `pulse.py`."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.audio.devices import find, list_devices, sounddevice
from assistant.audio.format import FRAME_S, RATE
from assistant.audio.mic import Mic
from assistant.audio.speaker import Speaker
from assistant.audio.volume import Volume
from assistant.errors import AudioError, DeviceNotFound
from tests.e2e.pulse import LOUDSPEAKER, MICROPHONE, PulseWorld, wait_until

CARDS = [(48_000, 2), (44_100, 2)]
HZ = 440
Samples = np.ndarray[tuple[int], np.dtype[np.float64]]


@pytest.fixture(params=CARDS, ids=lambda card: f"{card[0]}x{card[1]}")
def world(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PulseWorld]:
    """A world that PortAudio in this process sees: it looks for cards only when it begins."""
    with PulseWorld(tmp_path, *request.param) as made:
        for key, value in made.env.items():
            monkeypatch.setenv(key, value)
        sd = sounddevice()
        sd._terminate()
        sd._initialize()
        yield made


def tone(rate: int, seconds: float, hz: float = HZ) -> bytes:
    return bytes((8000 * np.sin(2 * np.pi * hz * np.arange(round(rate * seconds)) / rate)).astype("<i2").tobytes())


GAP = RATE // 200
"""Samples of digital silence that no tone has."""


def without_gaps(sound: Samples) -> Samples:
    """The sound without the silence that a sound server on a busy machine puts in."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], sound == 0, [0]])))
    gaps = [range(begin, end) for begin, end in edges.reshape(-1, 2) if end - begin >= GAP]
    return sound[~np.isin(np.arange(len(sound)), [at for gap in gaps for at in gap])]


def loud(pcm: bytes) -> Samples:
    """From the first to the last loud sample."""
    samples = np.frombuffer(pcm, "<i2").astype(np.float64)
    places = np.flatnonzero(np.abs(samples) > 500)
    return samples[places[0] : places[-1] + 1] if len(places) else samples[:0]


def over(pcm: bytes) -> bool:
    """True when sound came and 0.1 s of silence after it."""
    return len(loud(pcm)) > 0 and not np.frombuffer(pcm[-3200:], "<i2").any()


def pitch(samples: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * RATE / len(samples)


def say(speaker: Speaker, pcm: bytes, rate: int) -> None:
    """As the brain does: write what fits, come back when `wait_s()` says."""
    end = time.monotonic() + 30
    while pcm or speaker.pending_s() > 0:
        pcm = pcm[speaker.write(pcm, rate) :]
        assert time.monotonic() < end, "the loudspeaker takes nothing"
        time.sleep(max(0.005, speaker.wait_s()))  # the card plays in real time


def test_the_cards_are_found_by_name(world: PulseWorld) -> None:
    devices = list_devices()
    assert find(MICROPHONE.upper(), "input", devices).name == MICROPHONE
    assert find(LOUDSPEAKER, "output", devices).name == LOUDSPEAKER
    assert find("default", "input", devices).channels("input") > 0
    with pytest.raises(DeviceNotFound, match=f"did you mean '{MICROPHONE}'"):
        find("virtual_mikrophone", "input", devices)
    with pytest.raises(DeviceNotFound, match="no microphone"):
        find(LOUDSPEAKER, "input", devices)


@pytest.mark.parametrize("own", [None, (44_100, 2)])
def test_the_microphone_hears(world: PulseWorld, own: tuple[int, int] | None) -> None:
    mic = Mic(MICROPHONE, rates=own[:1] if own else None, channels=own[1:] if own else None)
    assert (mic.rate, mic.channels) == (own or (RATE, 1))
    speaking = threading.Thread(target=world.play_into_mic, args=(tone(RATE, 3.0),))
    heard = bytearray()
    try:
        wait_until(lambda: mic.read() is not None, "the first frame")
        speaking.start()

        def listened() -> bool:
            while (frame := mic.read()) is not None:
                heard.extend(frame)
            return not speaking.is_alive() and over(bytes(heard))

        wait_until(listened, "the tone and the silence behind it", 20)
    finally:
        speaking.join()
        mic.close()
    sound = loud(bytes(heard))
    assert abs(pitch(sound) - HZ) < 1
    assert len(sound) / RATE == pytest.approx(3.0, abs=FRAME_S)  # a lost block would be missing here
    assert mic.dropped == 0


@pytest.mark.parametrize("own", [None, (16_000, 1)])
@pytest.mark.parametrize("rate", [22_050])
def test_the_loudspeaker_is_heard(world: PulseWorld, own: tuple[int, int] | None, rate: int) -> None:
    speaker = Speaker(LOUDSPEAKER, rates=own[:1] if own else None, channels=own[1:] if own else None)
    try:
        with world.record_speaker() as recording:
            say(speaker, tone(rate, 2.5), rate)
            wait_until(lambda: over(recording.pcm()), "the tone in the recording")
            sound = loud(recording.pcm())
        assert speaker.played_ms() == pytest.approx(2500, abs=2)
    finally:
        speaker.close()
    assert abs(pitch(sound) - HZ) < 1
    assert len(without_gaps(sound)) / RATE == pytest.approx(2.5, abs=0.03)


def test_the_volume_is_heard(world: PulseWorld) -> None:
    volume = Volume(None)
    volume.set(50)
    speaker = Speaker(LOUDSPEAKER, volume=volume)
    try:
        with world.record_speaker() as recording:
            say(speaker, tone(RATE, 1.0), RATE)
            wait_until(lambda: over(recording.pcm()), "the tone in the recording")
            assert np.abs(loud(recording.pcm())).max() == pytest.approx(8000 * volume.gain, rel=0.05)
            volume.mute(True)
            before = len(recording.pcm())
            say(speaker, tone(RATE, 1.0), RATE)
            assert not np.frombuffer(recording.pcm()[before:], "<i2").any()
    finally:
        speaker.close()


def test_stop_is_heard_at_once(world: PulseWorld) -> None:
    speaker = Speaker(LOUDSPEAKER)
    try:
        with world.record_speaker() as recording:
            assert 0 < speaker.write(tone(RATE, 5.0), RATE) <= 2 * 2.0 * RATE
            wait_until(lambda: speaker.played_ms() > 500, "half a second of sound")
            stopper = threading.Thread(target=speaker.stop)
            stopper.start()
            stopper.join()
            assert speaker.pending_s() == 0
            played = speaker.played_ms()
            wait_until(lambda: not np.frombuffer(recording.pcm()[-6400:], "<i2").any(), "silence after the stop")
            assert speaker.played_ms() == played < 1500
            assert len(loud(recording.pcm())) / RATE < 1.5
    finally:
        speaker.close()


BEHIND_A_STOP = RATE // 10
"""Samples of the inner format that may still be heard behind a stop: what the card was given before."""


@pytest.mark.parametrize("thread", ["the card's", "another"])
def test_behind_a_stop_the_card_is_given_nothing_more(world: PulseWorld, monkeypatch: pytest.MonkeyPatch, thread: str) -> None:
    """Counted in samples, not by a clock: what is heard behind the decision is what the card held, and that is bounded.

    Taken between two blocks, in the card's own thread, a stop lets none pass; taken in another, at most the block on its way,
    which the card has room for in what it holds.
    """
    blocks, sounding = list[int](), list[int]()
    give = Speaker._callback

    def counted(self: Speaker, out: Any, frames: int, time: Any, status: Any) -> None:
        if thread == "the card's" and self._played >= self._frame * self.rate // 2 and not decided.is_set():
            self.stop()
            decided.set()
        given = self._played
        give(self, out, frames, time, status)
        sounding.append((self._played - given) // self._frame)
        blocks.append(frames)

    decided = threading.Event()
    monkeypatch.setattr(Speaker, "_callback", counted)
    speaker = Speaker(LOUDSPEAKER)
    try:
        with world.record_speaker() as recording:
            assert speaker.write(tone(RATE, 1.8), RATE)
            if thread == "another":
                wait_until(lambda: speaker.played_ms() > 500, "half a second of sound")
                speaker.stop()
                decided.set()
            assert decided.wait(10)
            at = len(blocks)  # those before it are over; the next may be on its way
            wait_until(lambda: sum(blocks[at:]) > speaker.rate // 2, "half a second of blocks behind the stop")
            wait_until(lambda: not np.frombuffer(recording.pcm()[-6400:], "<i2").any(), "silence after the stop")
            heard = len(without_gaps(loud(recording.pcm())))
        assert sum(sounding[at:]) <= (0 if thread == "the card's" else max(blocks))
        assert max(blocks) < speaker._stream.latency * speaker.rate <= BEHIND_A_STOP / RATE * speaker.rate
        assert heard / RATE == pytest.approx(sum(sounding) / speaker.rate, abs=0.03)
        assert sum(sounding) == speaker._played // speaker._frame
        if thread == "the card's":
            assert sum(sounding) <= speaker.rate // 2 + max(blocks)
    finally:
        speaker.close()


def test_a_microphone_that_disappears_is_an_error(world: PulseWorld) -> None:
    mic = Mic(MICROPHONE)
    try:
        wait_until(lambda: mic.read() is not None, "the first frame")
        world.unplug()

        def failed() -> bool:
            try:
                mic.read()
            except AudioError as error:
                assert MICROPHONE in str(error)
                return True
            return False

        wait_until(failed, "the error", 15)
    finally:
        mic.close()
