"""Our own voice in a closed loop on virtual time: what the loudspeaker plays comes back late, through a short room, into the microphone.

Real speech, the real Vosk, the real sink; only the room is made. One reply, with none of the stop words in it: it stops nothing, and
somebody's "stop" ends it. Without a guard voice activity and the recogniser find speech and words in what comes back. That the whole
assistant then stops, wakes and answers itself is shown in test_guards.py.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.audio.echo import HEARD_DB, QUIET_DB, Echo, Mode
from assistant.audio.file import AudioClock, FileSink
from assistant.audio.format import FRAME, FRAME_BYTES, FRAME_S, RATE
from assistant.engines import silero_vad, vosk
from assistant.engines.base import SttSpec, VadSpec
from assistant.languages import own_sentences
from assistant.listen.barge_in import BargeIn
from assistant.listen.saying import Saying
from assistant.protocols import AudioSink, Transcriber
from tests.contract.speech import espeak, flite

STARTER = Path(__file__).parents[2] / "models/starter/vosk-en"
DELAY_S, ROOM_S = 0.06, 0.2
WORDS = own_sentences("en")["barge_in"]
REPLY = (
    "The kitchen light is on. Your sister called twice while you were out. Tomorrow will be mostly cloudy with light rain. "
    "The next train leaves from platform four at half past six, and the shop at the corner opens at nine."
)


class Room:
    """Brings what a sink played back to a microphone, `level_db` quieter, and adds what somebody says."""

    def __init__(
        self,
        sink: FileSink,
        level_db: float,
        near: bytes = b"",
        near_at_s: float = 0.0,
        near_db: float = 0.0,
        noise: float = 20.0,
    ) -> None:
        rng = np.random.default_rng(3)
        tail = rng.normal(0, 0.25, round(ROOM_S * RATE)) * np.exp(-6.9 * np.arange(round(ROOM_S * RATE)) / (ROOM_S * RATE))
        tail[0] = 1.0
        tail *= 10 ** (level_db / 20) / np.sqrt((tail**2).sum())
        self._way = np.concatenate([np.zeros(round(DELAY_S * RATE)), tail])
        self._sink, self._rng, self._noise = sink, rng, noise
        self._played = np.zeros(0)
        voice = np.frombuffer(near, "<i2").astype(float)
        if len(voice):  # so much louder than our own voice as it comes back
            own = np.sqrt((np.frombuffer(flite(REPLY, "slt"), "<i2").astype(float) ** 2).mean()) * 10 ** (level_db / 20)
            voice *= own * 10 ** (near_db / 20) / np.sqrt((voice**2).mean())
        self._near = np.concatenate([np.zeros(round(near_at_s * RATE)), voice])
        self._at = 0

    def frame(self, played: bytes) -> bytes:
        """What the microphone hears while that was played."""
        self._played = np.concatenate([self._played[-len(self._way) :], np.frombuffer(played, "<i2").astype(float)])
        back = np.convolve(self._played, self._way)[len(self._played) - FRAME : len(self._played)]
        near = self._near[self._at : self._at + FRAME]
        self._at += FRAME
        heard = back + self._rng.normal(0, self._noise, FRAME)
        heard[: len(near)] += near
        return bytes(np.clip(np.rint(heard), -32768, 32767).astype("<i2").tobytes())


class Tapped:
    """A sink whose playback the room reads as well as the guard."""

    def __init__(self, sink: FileSink) -> None:
        self.sink, self.now = sink, b""

    def reference(self) -> bytes:
        return self.now

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sink, name)


@pytest.fixture(scope="module")
def recogniser() -> Transcriber:
    return vosk.make(SttSpec("en", STARTER))


def loop(
    recogniser: Transcriber,
    mode: Mode,
    level_db: float,
    near: bytes = b"",
    near_db: float = 0.0,
    *,
    stops: bool = True,
    at_s: float = 5.0,
) -> tuple[list[float], list[bytes], list[bool], FileSink]:
    """Speak the reply with a spotter beside it: when stops were believed, the frames as they were cleaned, who was near."""
    clock = AudioClock()
    sink = FileSink(None, clock)
    tapped: Any = Tapped(sink)
    room = Room(sink, level_db, near, at_s, near_db)
    echo = Echo(tapped, mode)
    saying = Saying(sink)
    grammar = [*WORDS["stops"], *WORDS["unlike"]]
    spotter = (
        BargeIn(WORDS["stops"], lambda: recogniser.session(grammar), tapped, echo, saying, WORDS["alike"]) if stops else None
    )
    rest, stopped, clean, nears = flite(REPLY, "slt"), [], [], []
    while rest or sink.pending_s() > 0 or echo.playing:
        rest = rest[sink.write(rest, RATE) :]
        clock.advance()
        tapped.now = sink.reference()
        assert len(tapped.now) == FRAME_BYTES
        raw = room.frame(tapped.now)
        clean.append(echo.feed(raw))
        nears.append(echo.near)
        if spotter is not None and echo.playing and spotter.feed(clean[-1], raw):
            stopped.append(len(clean) * FRAME_S)
            sink.stop()
            rest = b""
    return stopped, clean, nears, sink


MODES: list[Mode] = ["half_duplex", "cancel"]


@pytest.mark.parametrize("level_db", [-6, -12, -20])
@pytest.mark.parametrize("mode", MODES)
def test_its_own_voice_stops_nothing(recogniser: Transcriber, mode: Mode, level_db: float) -> None:
    assert loop(recogniser, mode, level_db)[0] == []


@pytest.mark.parametrize("level_db", [-6, -12, -20])
@pytest.mark.parametrize("mode", MODES)
def test_somebodys_stop_ends_it(recogniser: Transcriber, mode: Mode, level_db: float) -> None:
    caught = [
        loop(recogniser, mode, level_db, voice, 10)[0] for voice in (espeak("stop"), flite("stop", "rms"), flite("stop", "awb"))
    ]
    assert sum(len(when) == 1 and 5 < when[0] < 7 for when in caught) >= (2 if mode == "cancel" else 1), caught


@pytest.mark.parametrize("mode", ["none", "auto"])
def test_where_it_does_not_come_back_a_stop_ends_it_too(recogniser: Transcriber, mode: Mode) -> None:
    [when] = loop(recogniser, mode, -90, flite("stop", "rms"), 80)[0]  # 10 dB quieter than what is played
    assert 5 < when < 7


def test_with_the_guards_off_it_takes_its_own_words_for_a_question(recogniser: Transcriber) -> None:
    _, frames, _, _ = loop(recogniser, "none", -12, stops=False)
    vad = silero_vad.make(VadSpec())
    assert sum(vad.feed(frame) > 0.5 for frame in frames) > 50, "always listening, it would wake"
    session = recogniser.session()
    for frame in frames:
        session.feed(frame)
    assert len(session.finish().split()) > 4, "and have a question"


def test_cancelled_little_of_it_is_left() -> None:
    def power(frames: list[bytes]) -> float:
        return float((np.frombuffer(b"".join(frames[60:]), "<i2").astype(float) ** 2).mean())

    raw = loop(None, "none", -6, stops=False)[1]  # type: ignore[arg-type]  # no spotter needs it
    clean = loop(None, "cancel", -6, stops=False)[1]  # type: ignore[arg-type]
    assert power(raw) > 5 * power(clean)


def speak(tapped: Any, room: Room, echo: Echo) -> Iterator[None]:
    """Speak the reply into a room; yields behind each frame that the guard has heard."""
    sink, rest = tapped.sink, flite(REPLY, "slt")
    while rest or sink.pending_s() > 0 or echo.playing:
        rest = rest[sink.write(rest, RATE) :]
        sink._clock.advance()
        tapped.now = sink.reference()
        echo.feed(room.frame(tapped.now))
        yield


def spoken_to(mode: Mode, *levels_db: float, noise: float = 20.0) -> tuple[Echo, list[str]]:
    """Speak the reply once at each level, one behind the other: the guard, and what it took at the end of each."""
    tapped: Any = Tapped(FileSink(None, AudioClock()))
    echo, took = Echo(tapped, mode), list[str]()
    for level_db in levels_db:
        for _ in speak(tapped, Room(tapped.sink, level_db, noise=noise), echo):
            pass
        took.append(echo.took)
    return echo, took


@pytest.mark.parametrize(
    ("level_db", "guard"), [(-6, "cancel"), (-12, "cancel"), (-20, "cancel"), (-40, "cancel"), (-60, "none"), (-90, "none")]
)
@pytest.mark.parametrize("installed", [True, False])
def test_auto_takes_the_guard_that_the_measured_level_asks_for(
    monkeypatch: pytest.MonkeyPatch, level_db: float, guard: str, installed: bool
) -> None:
    if not installed:
        monkeypatch.setitem(sys.modules, "pywebrtc_audio", None)
        guard = "half_duplex" if guard == "cancel" else guard
    echo, [took] = spoken_to("auto", level_db)
    assert took == guard
    level = r"does not come back" if guard == "none" else r"comes back (\d+) dB quieter"
    missing = "" if installed else "; pywebrtc-audio is not installed"
    told = re.fullmatch(rf"echo: {guard} \(our own voice {level}{missing}\)", str(echo))
    assert told is not None, str(echo)
    assert all(float(told_db) == pytest.approx(-level_db, abs=5) for told_db in told.groups()), str(echo)


@pytest.mark.parametrize("installed", [True, False])
def test_auto_changes_its_guard_only_when_the_level_is_clearly_another(monkeypatch: pytest.MonkeyPatch, installed: bool) -> None:
    """In a very quiet room, where the level of what hardly comes back can be measured; it is told some 4 dB too low there."""
    if not installed:
        monkeypatch.setitem(sys.modules, "pywebrtc_audio", None)
    guard = "cancel" if installed else "half_duplex"
    between, below, above = (QUIET_DB + HEARD_DB) / 2 + 4, QUIET_DB - 6, HEARD_DB + 14
    levels = (between, below, between, above, between, -90.0)
    assert spoken_to("auto", *levels, noise=2.0)[1] == [guard, "none", "none", guard, guard, "none"]


@pytest.mark.parametrize("mode", ["none", "half_duplex", "cancel"])
@pytest.mark.parametrize("level_db", [-6, -90])
def test_a_guard_that_is_configured_is_kept_at_any_level(mode: Mode, level_db: float) -> None:
    assert spoken_to(mode, level_db)[1] == [mode]


def test_a_sink_of_one_way_only_is_no_room() -> None:
    sink: AudioSink = FileSink(None, AudioClock())
    assert Echo(sink, "auto").took in ("cancel", "half_duplex") and not Echo(sink, "none").playing  # type: ignore[arg-type]
