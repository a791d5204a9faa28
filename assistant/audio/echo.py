"""Our own voice in the microphone: measured, told from somebody else's, and taken out where `pywebrtc-audio` is installed.

Modes: none (it cannot come back: headphones, a canceller in the device), half_duplex (levels alone tell who speaks),
cancel (WebRTC's canceller with the playback as its reference, then levels of what is left), auto (by how much of it comes back,
measured on the first seconds of speech, and again all the time).

Levels: a frame is expected to be as loud as what was played some frames ago, times how much of it comes back; both are learnt.
What stands clear of that and of the room's noise is somebody else. Counts frames, not the clock; all that is kept is bounded.
"""

from collections import deque
from typing import Any, Literal

from assistant.audio.format import FRAME_BYTES, FRAME_S
from assistant.audio.processing import Processor, improver
from assistant.errors import EngineUnavailable
from assistant.protocols_audio import RoomSink

Mode = Literal["auto", "none", "half_duplex", "cancel"]
TAIL = round(0.35 / FRAME_S)
"""Frames after the last sound in which its end may still arrive: a card's buffer, the way through the air, the room."""
LONGEST_AHEAD = 8 * FRAME_BYTES
"""Playback that waits for its microphone frame; more is a slip of the two clocks, and the oldest goes."""
REST = round(2 / FRAME_S)
"""Frames without playback after which the canceller rests: a microphone in a quiet room is left as it is."""
HISTORY = round(10 / FRAME_S)
LOOK = 31
"""Frames between two looks at the history."""
LEARNT = round(3 / FRAME_S)
"""Frames of our own voice after which its level is known; before that nothing is taken for somebody else's."""
DELAYS = 12
"""Frames by which our own voice may come late: 0.38 s."""
QUIET_DB, HEARD_DB = -48.0, -44.0
"""auto: below the first it does not come back, above the second it does."""
_LOUD = 1000.0
"""Mean square of a frame of playback that is worth a look."""
_FALL = 0.3
"""How much of a room's energy is left a frame later."""


class Levels:
    """Who is it, by loudness."""

    def __init__(self, of: "Levels | None" = None) -> None:
        """`of`: levels of the same sound with our own voice still in it, which alone tell how late it comes."""
        self._of = of
        self._played: deque[float] = deque([0.0] * (DELAYS + 8), maxlen=DELAYS + 8)
        self._both: deque[tuple[float, float]] = deque(maxlen=HISTORY)  # mean squares: microphone, playback
        self._shares: deque[float] = deque(maxlen=HISTORY)  # microphone over what was expected of a share of 1
        self._seen = 0
        self._delay = 2
        self._noise = float("inf")
        self._share: float | None = None
        self.near = False
        """Louder than our own voice can come back, and than the room."""
        self.loud = False
        """Louder than the room."""
        self.back_db: float | None = None
        """How much quieter our own voice comes back than it was played; None before that is known; -inf: not over the noise."""

    def feed(self, heard: float, played: float) -> None:
        """Take the mean squares of a frame of the microphone and of the playback beside it."""
        self._played.appendleft(played)
        self._both.append((heard + 1, played))
        self._seen += 1
        expected = self._expected(self._played)
        if expected > _LOUD:
            self._shares.append((heard + 1) / expected)
        if self._seen % LOOK == 0:
            self._learn()
        self.loud = heard > 8 * self._noise
        self.near = self.loud and self._share is not None and heard > 2 * self._share * expected

    def _expected(self, played: deque[float]) -> float:
        at = self._delay
        room = sum(played[at + late] * _FALL**late for late in range(6))
        return max(room, played[at - 1]) if at else room

    def _learn(self) -> None:
        """Look at the history: the noise, the delay, how much comes back."""
        import numpy as np

        both = np.array(self._both)
        self._noise = float(np.percentile(both[:, 0], 10))
        if len(self._shares) < LEARNT:
            return
        self._share = float(np.percentile(np.array(self._shares), 90))
        loud = np.log(both + 1)  # where we pause and go on tells most; somebody's shout tells no more than a word
        if self._of is not None:
            self._delay = self._of._delay
        elif loud[:, 1].std() > 0 and len(loud) > 4 * DELAYS:
            with np.errstate(invalid="ignore"):  # a part of it may hold nothing but silence: it is like nothing
                same = [float(np.corrcoef(loud[late:, 0], loud[: len(loud) - late, 1])[0, 1]) for late in range(DELAYS)]
            self._delay = int(np.argmax(np.nan_to_num(same)))
        over = both[self._delay :][both[: len(both) - self._delay, 1] > _LOUD, 0]
        if len(over) >= LEARNT // 2:
            told = float(np.median(over)) > 2 * self._noise
            self.back_db = float(10 * np.log10(np.median(np.array(self._shares)))) if told else float("-inf")


class Echo:
    """See `protocols_audio.EchoGuard`. Belongs to the ear's thread.

    Noise suppression and gain come last, on the frames as they are returned: loudness is told by the sound before them, which a
    gain that goes up and down has not changed.
    """

    def __init__(self, sink: RoomSink, mode: Mode = "auto", *, noise_suppression: bool = False, auto_gain: bool = False) -> None:
        """Raises `EngineUnavailable` when cancel, suppression or gain is asked for and its package is not installed."""
        self._sink, self._mode = sink, mode
        self._canceller = _canceller(must=mode == "cancel") if mode in ("auto", "cancel") else None
        self._improver = improver(suppress=noise_suppression, gain=auto_gain)
        self._improves = " and ".join(["noise suppression"] * noise_suppression + ["gain"] * auto_gain)
        self._reference = bytearray()
        self._since, self._rests = REST, True  # frames since the last sound; nothing is taken out
        self._raw = Levels()
        self._left, self._hiss = Levels(self._raw), Levels(self._raw)
        self._level = 0.0
        self._comes_back = True

    def feed(self, frame: bytes) -> bytes:
        """Take the microphone's next frame; return one without our own voice, as far as can be."""
        frame = self._without_us(frame)
        return frame if self._improver is None else self._improver.feed(frame)

    def _without_us(self, frame: bytes) -> bytes:
        import numpy as np

        self._reference += self._sink.reference()
        del self._reference[: max(0, len(self._reference) - LONGEST_AHEAD)]
        played = bytes(self._reference[:FRAME_BYTES])
        del self._reference[:FRAME_BYTES]
        played += bytes(FRAME_BYTES - len(played))
        self._since = 0 if any(played) else self._since + 1
        near, far = np.frombuffer(frame, "<i2"), np.frombuffer(played, "<i2")
        self._level = _level(near)
        if self._since < REST:
            self._rests = False
        elif not self._rests and not self._raw.loud:  # in no word: cancelled frames come late, and the step swallows so much
            self._rests = True
            if self._canceller is not None:
                self._canceller.forget()
        if self._rests:
            return frame
        far_level = _level(far)
        self._raw.feed(self._level, far_level)
        self._hiss.feed(_level(_steps(near)), _level(_steps(far)))
        if self._mode == "auto" and self._raw.back_db is not None:
            self._comes_back = self._raw.back_db > (QUIET_DB if self._comes_back else HEARD_DB)
        if self._canceller is None:
            return frame
        clean = self._canceller.feed(frame, played)
        left = _level(np.frombuffer(clean, "<i2"))
        self._left.feed(left, far_level)
        if self.took != "none":
            self._level = left
        return frame if self.took == "none" else clean

    @property
    def playing(self) -> bool:
        """Whether the last frame may hold our own voice."""
        return self._since < TAIL

    @property
    def cancels(self) -> bool:
        """Whether our own voice is taken out of the frames."""
        return self.took == "cancel"

    @property
    def near(self) -> bool:
        """Whether the last frame held more than our own voice can have brought."""
        return {"none": self._raw.loud, "half_duplex": self._raw.near, "cancel": self._left.near}[self.took]

    @property
    def perhaps(self) -> bool:
        """Whether its consonants, or anything else in the last frame, are louder than our own can be."""
        return (self._hiss.loud if self.took == "none" else self._hiss.near) or self.near

    @property
    def level(self) -> float:
        """Mean square of the last frame, before noise suppression and gain."""
        return self._level

    @property
    def took(self) -> str:
        """What is done now: none, half_duplex or cancel."""
        if self._mode in ("none", "half_duplex") or not self._comes_back:
            return "half_duplex" if self._mode == "half_duplex" else "none"
        return "cancel" if self._canceller is not None else "half_duplex"

    def __str__(self) -> str:
        """What it does and why, in a sentence."""
        return f"{self._told()}; {self._improves}" if self._improves else self._told()

    def _told(self) -> str:
        if self._mode != "auto":
            return f"echo: {self.took} (as configured)"
        back, missing = self._raw.back_db, "" if self._canceller is not None else "; pywebrtc-audio is not installed"
        if back is None:
            return f"echo: {self.took} (until our own voice was measured{missing})"
        level = (
            "our own voice does not come back" if back == float("-inf") else f"our own voice comes back {-back:.0f} dB quieter"
        )
        return f"echo: {self.took} ({level}{missing})"


def _level(samples: Any) -> float:
    wide = samples.astype("f4")
    return float(wide @ wide) / len(samples)


def _steps(samples: Any) -> Any:
    """From each sample to the next: the deep half of the sound is left out, and with it most of a vowel."""
    import numpy as np

    return np.diff(samples.astype("f4"))


def _canceller(must: bool) -> Processor | None:
    try:
        return Processor("audio.echo is cancel", cancel=True)
    except EngineUnavailable:
        if must:
            raise
        return None
