"""File devices: recordings in, a recording out, on one audio clock, behind the protocols of microphone and loudspeaker.

Rules:
- The clock drives both. In fast pace it moves only in `advance()`: one thread, and two runs are equal. In real time it follows
  the wall, and source and sink may live in two threads.
- Frame k of the source is due when its last sample has been "spoken", at (k + 1) * FRAME_S, as from a microphone. The sink's
  recording begins at 0 of the same clock, so question and answer stand at the same times in both files.
"""

import math
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.audio.format import FRAME, FRAME_BYTES, FRAME_S, RATE, SILENCE, seconds
from assistant.audio.resample import Resampler
from assistant.audio.wav import WavWriter
from assistant.protocols import EndOfAudio
from assistant.protocols_audio import DUCK_GAIN, DUCK_MAX_S

BUFFER_S = 2.0
"""Sound that a sink holds; more is not taken."""
REFERENCE_S = 2.0
"""Sound kept for `reference()`; the oldest goes."""
_SILENT_BLOCK = bytes(2 * RATE)


class AudioClock:
    """Audio time in seconds from 0: steps in fast pace, `wall` since the start in real time."""

    def __init__(self, *, realtime: bool = False, wall: Callable[[], float] = time.monotonic) -> None:
        self.realtime = realtime
        self._wall = wall
        self._start = wall() if realtime else 0.0
        self._samples = 0

    def now_s(self) -> float:
        """Seconds since the clock was made."""
        return self._wall() - self._start if self.realtime else self._samples / RATE

    def advance(self, by_s: float = FRAME_S) -> None:
        """Let time pass, in whole samples; in real time it passes by itself and this does nothing."""
        self._samples += round(by_s * RATE)

    def samples(self) -> int:
        """Samples of the inner format since the clock was made."""
        return int(self.now_s() * RATE + 1e-6)


class FileSource:
    """Plays clips (inner format) in order, with silence between and behind them.

    The first clip begins at once. The next begins when `quiet()` has been true for `gap_s` (no turn, no sound, the listener
    asleep), or at once with `overlap`. After the last one `EndOfAudio` comes when `quiet()` has been true for `gap_s`.
    """

    def __init__(
        self, clips: Sequence[bytes], clock: AudioClock, gap_s: float = 0.5, overlap: bool = False, *, quiet: Callable[[], bool]
    ) -> None:
        self._clips = list(clips)
        self._clock, self._quiet, self._overlap = clock, quiet, overlap
        self._gap_frames = math.ceil(gap_s / FRAME_S)
        self._next = 0  # the clip that follows
        self._clip, self._at = b"", 0
        self._quiet_frames = self._gap_frames  # the first clip waits for nothing
        self._given = 0

    def read(self) -> bytes | None:
        """The next frame, or None before its time. Raises `EndOfAudio`."""
        if (self._given + 1) * FRAME > self._clock.samples():
            return None
        frame = self._frame()
        self._given += 1
        return frame

    def wait_s(self) -> float:
        """Seconds until the next frame is due."""
        return max(0.0, (self._given + 1) * FRAME_S - self._clock.now_s())

    def close(self) -> None:
        """Nothing to release."""

    def _frame(self) -> bytes:
        if self._at >= len(self._clip):
            if self._clip and not (self._overlap and self._next < len(self._clips)):
                self._clip, self._at, self._quiet_frames = b"", 0, 0  # a clip has ended: count the quiet from here
            if not self._clip and self._quiet_frames < self._gap_frames:
                self._quiet_frames = self._quiet_frames + 1 if self._quiet() else 0
                return SILENCE
            if self._next == len(self._clips):
                raise EndOfAudio
            self._clip, self._at = self._clips[self._next], 0
            self._next += 1
        frame = self._clip[self._at : self._at + FRAME_BYTES]
        self._at += FRAME_BYTES
        return frame + SILENCE[len(frame) :]


class FileSink:
    """Plays into a WAV (16 kHz), or into nothing when `path` is None; any thread may call it.

    Raises `AudioFileError` when the file cannot be written.
    """

    def __init__(self, path: Path | None, clock: AudioClock) -> None:
        self._clock = clock
        self._writer = WavWriter(path) if path is not None else None
        self._lock = threading.Lock()
        self._resampler = Resampler(RATE, RATE)
        self._pending = bytearray()  # at RATE; bounded by BUFFER_S: write() takes what fits
        self._timeline = 0  # samples of sound and silence so far
        self._played = 0  # samples of sound alone
        self._soft = 0  # samples of sound still to be played softly
        self._heard = bytearray()  # what was played and not yet fetched; bounded by REFERENCE_S

    def write(self, pcm: bytes, rate: int) -> int:
        """Take what fits; see the protocol."""
        with self._lock:
            self._play()
            if rate != self._resampler.rate_in:
                self._pending += self._resampler.flush()
                self._resampler = Resampler(rate, RATE)
            room = BUFFER_S - self._pending_s()
            taken = pcm[: max(0, 2 * int(room * rate + 1e-6))]
            taken = taken[: len(taken) & ~1]
            self._pending += self._resampler.feed(taken)
            return len(taken)

    def pending_s(self) -> float:
        """Seconds of sound taken and not yet played."""
        with self._lock:
            self._play()
            return self._pending_s()

    def due_s(self) -> float:
        """When on the clock, in seconds, a sample written now would be played: behind all that is pending."""
        with self._lock:
            self._play()
            return self._timeline / RATE + self._pending_s()

    def played_ms(self) -> int:
        """Milliseconds of sound played, the silences between left out."""
        with self._lock:
            self._play()
            return round(1000 * self._played / RATE)

    def wait_s(self) -> float:
        """Seconds until half of the buffer is free; 0 when it is."""
        return max(0.0, self.pending_s() - BUFFER_S / 2)

    def stop(self) -> None:
        """Drop what is pending; what has been played until now stays."""
        with self._lock:
            self._play()
            self._pending.clear()
            self._resampler.reset()

    def duck(self, for_s: float) -> None:
        """Play on more softly for so much sound; see the protocol."""
        with self._lock:
            self._play()
            self._soft = round(min(for_s, DUCK_MAX_S) * RATE)

    def reference(self) -> bytes:
        """What was played since the last call; see the protocol."""
        with self._lock:
            self._play()
            played = bytes(self._heard)
            self._heard.clear()
            return played

    def close(self) -> None:
        """Play up to now and end the file; what is still pending was never heard."""
        with self._lock:
            if self._writer is not None:
                self._play()
                self._writer.close()
                self._writer = None

    def _pending_s(self) -> float:
        return seconds(len(self._pending)) + self._resampler.held_s()

    def _play(self) -> None:
        """Bring the recording up to the clock: sound while there is some, then silence."""
        due = self._clock.samples() - self._timeline
        if due <= 0:
            return
        self._timeline += due
        if len(self._pending) < 2 * due:
            self._pending += self._resampler.flush()
        sound = bytes(self._pending[: 2 * due])
        del self._pending[: 2 * due]
        self._played += len(sound) // 2
        if self._soft and sound:
            soft = 2 * min(self._soft, len(sound) // 2)
            sound = _softer(sound[:soft]) + sound[soft:]
            self._soft -= soft // 2
        longest = 2 * round(REFERENCE_S * RATE)
        self._heard += (sound + bytes(min(2 * due - len(sound), longest)))[-longest:]
        del self._heard[:-longest]
        if self._writer is None:
            return
        if sound:
            self._writer.write(sound)
        silent = 2 * due - len(sound)
        while silent > 0:
            self._writer.write(_SILENT_BLOCK[:silent])
            silent -= len(_SILENT_BLOCK)


def _softer(sound: bytes) -> bytes:
    import numpy as np

    softer: bytes = (np.frombuffer(sound, "<i2") * DUCK_GAIN).astype("<i2").tobytes()
    return softer


def NullSink(clock: AudioClock) -> FileSink:
    """A sink that plays into nothing, at the clock's pace."""
    return FileSink(None, clock)
