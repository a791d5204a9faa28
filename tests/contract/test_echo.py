"""Our own voice in a closed loop on virtual time: what the loudspeaker plays comes back late, through a short room, into the microphone.

Real speech, the real Vosk, the real sink; only the room is made. One reply, with none of the stop words in it: it stops nothing, and
somebody's "stop" ends it. Without a guard voice activity and the recogniser find speech and words in what comes back. That the whole
assistant then stops, wakes and answers itself is shown in test_guards.py.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.audio.echo import Echo, Mode
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

    def __init__(self, sink: FileSink, level_db: float, near: bytes = b"", near_at_s: float = 0.0, near_db: float = 0.0) -> None:
        rng = np.random.default_rng(3)
        tail = rng.normal(0, 0.25, round(ROOM_S * RATE)) * np.exp(-6.9 * np.arange(round(ROOM_S * RATE)) / (ROOM_S * RATE))
        tail[0] = 1.0
        tail *= 10 ** (level_db / 20) / np.sqrt((tail**2).sum())
        self._way = np.concatenate([np.zeros(round(DELAY_S * RATE)), tail])
        self._sink, self._noise = sink, rng
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
        heard = back + self._noise.normal(0, 20, FRAME)
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


def test_a_sink_of_one_way_only_is_no_room() -> None:
    sink: AudioSink = FileSink(None, AudioClock())
    assert Echo(sink, "auto").took in ("cancel", "half_duplex") and not Echo(sink, "none").playing  # type: ignore[arg-type]
