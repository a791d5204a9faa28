"""The script's turns, spoken: a caller's sound, and a recogniser that hears it all and writes the script's words.

`ScriptedTranscriber` stands between the ear and its recogniser: every frame is computed, and then the words are the script's, as
many as a recogniser has written by then. A voice that counts stands between the mouth and the real one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.audio.file import AudioClock
from assistant.audio.format import FRAME, FRAME_BYTES, RATE, SILENCE, seconds
from assistant.bench.script import Line
from assistant.cancel import CancelToken
from assistant.evals.callers import Caller, callers
from assistant.protocols import AudioChunk, SpokenWord, Transcriber, TranscriptionSession, Voice

LATE_S = 0.13
"""A recogniser writes a word so long after its end. With the frame in which that is noticed a turn is drafted 0.15 s behind its
true end: so it is with the starter (six voices, 0.149 s in the median, docs/decisions/0020-drafts.md)."""
COMMANDS = (
    Line("command", "turn on the kitchen light", "The kitchen light is on."),
    Line("command", "what time is it", "It is twenty past nine in the morning."),
    Line("command", "set a timer for ten minutes", "The timer is set for ten minutes from now."),
)
"""A skill answers them in our wiring."""


@dataclass
class Recital:
    """What is being said now."""

    text: str = ""
    begins_s: float = 0.0
    """Seconds of the utterance before its first word."""
    length_s: float = 0.0

    def by(self, heard_s: float) -> str:
        """The words that a recogniser has written after so many seconds."""
        words, at = self.text.split(), 0
        written = []
        for word in words:
            at += len(word) + 1
            if self.begins_s + self.length_s * at / (len(self.text) + 1) + LATE_S > heard_s:
                break
            written.append(word)
        return " ".join(written)


class ScriptedTranscriber:
    """See `protocols.Transcriber`."""

    def __init__(self, transcriber: Transcriber, recital: Recital) -> None:
        self._transcriber, self._recital = transcriber, recital
        self.language, self.takes_grammar = transcriber.language, transcriber.takes_grammar

    def session(self, grammar: Sequence[str] | None = None) -> TranscriptionSession:
        """An utterance on the script."""
        return _Scripted(self._transcriber.session(grammar), self._recital)


class _Scripted:
    def __init__(self, session: TranscriptionSession, recital: Recital) -> None:
        self._session, self._recital, self._heard_s = session, recital, 0.0

    @property
    def words(self) -> Sequence[SpokenWord]:
        """None: they are the noise's."""
        return ()

    @property
    def unknown(self) -> int:
        """See the protocol."""
        return 0

    def feed(self, pcm: bytes) -> str:
        """Compute it; the script's words so far."""
        self._session.feed(pcm)
        self._heard_s += seconds(len(pcm))
        return self._recital.by(self._heard_s)

    def finish(self) -> str:
        """All of the script's words."""
        self._session.finish()
        return self._recital.text


class CountedVoice:
    """See `protocols.Voice`: one that knows how much it has made."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self.name, self.rate = voice.name, voice.rate
        self.made_s = 0.0

    def synthesize(self, text: str, cancel: CancelToken, slowly: float = 1.0) -> Iterator[AudioChunk]:
        """The real one's sound."""
        for chunk in self._voice.synthesize(text, cancel, slowly):
            self.made_s += len(chunk.pcm) / 2 / chunk.rate
            yield chunk


class Microphone:
    """See `protocols.AudioSource`: silence, and what it is given to hear, each frame at its time."""

    def __init__(self, clock: AudioClock) -> None:
        self._clock, self._given, self._pcm = clock, 0, b""

    def play(self, pcm: bytes) -> float:
        """Begin to hear this with the next frame; when its first sample comes."""
        self._pcm = pcm
        return self._given * FRAME / RATE

    def read(self) -> bytes | None:
        """The next frame, or None before its time."""
        if (self._given + 1) * FRAME > self._clock.samples():
            return None
        self._given += 1
        frame, self._pcm = self._pcm[:FRAME_BYTES], self._pcm[FRAME_BYTES:]
        return frame + SILENCE[len(frame) :]

    def wait_s(self) -> float:
        """Seconds until the next frame is due."""
        return max(0.0, (self._given + 1) * FRAME / RATE - self._clock.now_s())

    def close(self) -> None:
        """Nothing to release."""


def caller() -> Caller:
    """The clearest voice that is here."""
    found = {one.name: one for one in callers("en")}
    return found.get("flite rms") or next(iter(found.values()))


def sound(text: str, by: Caller) -> bytes:
    """A turn's sound, from its first sample to its last."""
    pcm: bytes = by.say(text).clip(-32768, 32767).astype("<i2").tobytes()
    return pcm
