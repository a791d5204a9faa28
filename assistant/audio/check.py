"""Is the sound all right? What `assistant devices --test` records, plays and finds wrong.

Judging is pure: samples in, findings out. Rules: a finding is one line that says what is wrong and what to do next.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.audio.format import FRAME_S, RATE
from assistant.errors import AudioError
from assistant.protocols import AudioSink, AudioSource

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Samples = npt.NDArray[np.int16]

TONE_HZ = 880.0
TONE_S = 1.0
LAG_S = 1.0
"""A sound server may take so long until what is written is heard."""
HEARD_DB = 10.0
"""So far over the room the tone must come back."""
WIRE_DB = 60.0
"""No microphone in a room hears a loudspeaker so cleanly: it is its monitor, over a wire."""
QUIET_DB = -55.0
FULL = 32_600
CLIPPED = 0.001
"""Share of samples at full scale from which speech is damaged."""
OFFSET = 0.05
DEADLINE_S = 5.0
"""A loudspeaker may be so much later than the sound is long."""
_WINDOW = RATE // 4


@dataclass(frozen=True)
class Level:
    """How loud a recording is; decibels below full scale."""

    rms_db: float
    peak_db: float
    clipped: float
    """Share of its samples at full scale."""
    offset: float
    """Mean of its samples, as a share of full scale."""

    @property
    def silent(self) -> bool:
        """Nothing but zeros."""
        return self.peak_db == -math.inf


def samples(pcm: bytes) -> "Samples":
    """Mono s16le as numbers."""
    import numpy as np

    return np.frombuffer(pcm[: len(pcm) & ~1], "<i2")


def level(sound: "Samples") -> Level:
    """Measure a recording; an empty one is silent."""
    import numpy as np

    if not len(sound):
        return Level(-math.inf, -math.inf, 0.0, 0.0)
    wide = sound.astype(np.float64)
    mean = float(wide.mean())
    high = np.abs(wide)
    return Level(
        _db(float(np.sqrt(np.mean((wide - mean) ** 2))) / 32768),
        _db(float(high.max()) / 32768),
        float(np.mean(high >= FULL)),
        mean / 32768,
    )


def _db(share: float) -> float:
    return 20 * math.log10(share) if share > 0 else -math.inf


def tone(rate: int = RATE) -> bytes:
    """The test tone, at a quarter of full scale, with soft edges; mono s16le."""
    import numpy as np

    at = np.arange(round(TONE_S * rate)) / rate
    edge = np.minimum(1.0, np.minimum(at, TONE_S - at) / 0.02)
    made: bytes = np.rint(8000 * edge * np.sin(2 * np.pi * TONE_HZ * at)).astype("<i2").tobytes()
    return made


def tone_over_room(sound: "Samples") -> float:
    """Decibels by which the tone stands over everything else, in the quarter second where it does most; -inf: no sound."""
    import numpy as np

    best = -math.inf
    wave = np.exp(-2j * np.pi * TONE_HZ / RATE * np.arange(_WINDOW))
    for at in range(0, len(sound) - _WINDOW + 1, _WINDOW // 2):
        part = sound[at : at + _WINDOW].astype(np.float64)
        part -= part.mean()
        whole = float(np.mean(part**2))
        if whole > 0:
            found = 2 * float(np.abs(wave @ part) / _WINDOW) ** 2  # mean square of the tone in it
            best = max(best, 10 * math.log10(max(found, 1e-12) / max(whole - found, 1e-9)))
    return best


def speech_findings(name: str, found: Level) -> list[str]:
    """What is wrong with a recording of somebody who speaks."""
    if found.silent:
        return [f"silence: the microphone {name!r} gives only zeros; switch it on or unmute it (`alsamixer`, F4)"]
    wrong = []
    if found.clipped > CLIPPED:
        wrong.append(
            f"clipping: {found.clipped:.1%} of the samples from {name!r} are at full scale; "
            "lower its gain (`alsamixer`, F4) or step back"
        )
    if abs(found.offset) > OFFSET:
        wrong.append(f"offset: the sound of {name!r} stands {found.offset:+.0%} off zero; the microphone or its cable is damaged")
    if found.rms_db < QUIET_DB:
        wrong.append(
            f"quiet: speech reaches {found.rms_db:.0f} dB on {name!r}; raise its gain (`alsamixer`, F4), come nearer, "
            "or choose another audio.input"
        )
    return wrong


def tone_findings(microphone: str, loudspeaker: str, over_room: float) -> list[str]:
    """What the tone that came back, or did not, says of the two devices."""
    if over_room > WIRE_DB:
        return [
            f"swapped: {microphone!r} is the loudspeaker's own monitor, no microphone (it hears {loudspeaker!r} over a wire); "
            "choose another audio.input"
        ]
    if over_room < HEARD_DB:
        return [
            f"not heard: {microphone!r} does not hear {loudspeaker!r}; turn the loudspeaker up, or choose another audio.output; "
            "with headphones this is as it should be"
        ]
    return []


def record(source: AudioSource, seconds: float, on_frame: Callable[[bytes], None] = lambda _: None) -> "Samples":
    """Record from now on, for so long; `on_frame` sees each frame. Raises `AudioError`, `EndOfAudio`."""
    while source.read() is not None:
        pass  # what was recorded before now
    frames: list[bytes] = []
    while len(frames) * FRAME_S < seconds:
        frame = source.read()
        if frame is None:
            time.sleep(source.wait_s())
            continue
        frames.append(frame)
        on_frame(frame)
    return samples(b"".join(frames))


def play(sink: AudioSink, pcm: bytes, rate: int) -> None:
    """Play it to its end. Raises `AudioError`."""
    feed = Feed(sink, pcm, rate)
    end = time.monotonic() + len(pcm) / 2 / rate + DEADLINE_S
    while not feed.done() or sink.pending_s() > 0:
        if time.monotonic() > end:
            raise AudioError("the loudspeaker takes sound and plays nothing; choose another audio.output")
        feed.step()
        time.sleep(FRAME_S)


class Feed:
    """Sound on its way into a sink that takes what fits."""

    def __init__(self, sink: AudioSink, pcm: bytes, rate: int) -> None:
        self._sink, self._pcm, self._rate = sink, pcm, rate

    def step(self) -> None:
        """Give what fits now. Raises `AudioError`."""
        self._pcm = self._pcm[self._sink.write(self._pcm, self._rate) :]

    def done(self) -> bool:
        """Whether all was given."""
        return not self._pcm


def hear_tone(source: AudioSource, sink: AudioSink) -> float:
    """Play the tone and listen: decibels over the room, as `tone_over_room`. Raises `AudioError`."""
    feed = Feed(sink, tone(), RATE)
    feed.step()
    return tone_over_room(record(source, TONE_S + LAG_S, lambda _: feed.step()))


def with_sound(names: Sequence[str], listen: Callable[[str], Level]) -> list[str]:
    """Those of the microphones that give more than zeros; one that cannot be opened does not."""
    from assistant.errors import AssistantError

    found = []
    for name in names:
        try:
            alive = not listen(name).silent
        except AssistantError:
            continue
        found += [name] if alive else []
    return found
