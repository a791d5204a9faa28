"""Made-up callers and the rooms they stand in: speech, noise, music and television, all made in the run from a seed.

Callers are voices of espeak-ng, flite and festival, as far as they are here; none is a person. A room is an impulse response: the
direct way, then a tail that dies away. Sound is a float array on the scale of 16-bit samples, at the rate of audio/format.py.
"""

import re
import shutil
import subprocess
import tempfile
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from assistant.audio.format import RATE
from assistant.audio.resample import Resampler
from assistant.audio.wav import read_wav
from assistant.cancel import CancelToken
from assistant.engines.base import TtsSpec, factory
from assistant.errors import AssistantError, EngineError
from assistant.models import SHIPPED
from assistant.protocols import Voice

SPEECH_RMS = 2000.0
"""How loud somebody speaks to us: -24 dB of full scale."""
_ESPEAK = (
    ("en-us", 160, 50),
    ("en", 170, 40),
    ("en-us+f3", 165, 60),
    ("en+m3", 150, 45),
    ("en-gb-scotland", 160, 50),
    ("en-us+f5", 180, 55),
)
_FLITE = ("slt", "rms", "awb", "kal16")
_FESTIVAL = ("kal_diphone", "ked_diphone")
_FESTIVAL_VOICES = Path("/usr/share/festival/voices")
_WORDS = re.compile(r"[a-z' ]+")
"""Small letters only: a capital may begin a sentence, a mark end one."""


class Caller(NamedTuple):
    """One voice."""

    name: str
    say: Callable[[str], Any]
    """A text -> its sound, from the speech's first sample to its last, at `SPEECH_RMS`."""


def callers(language: str) -> list[Caller]:
    """The voices that are here."""
    if language == "zh":
        names = [("cmn", 150, 50), ("cmn+f3", 160, 60), ("cmn+m3", 145, 45)]
        return [*_engines("espeak", names, "zh")]
    found = [*_engines("espeak", _ESPEAK, "en"), *_engines("flite", [(name, 0, 0) for name in _FLITE], "en")]
    if shutil.which("text2wave"):
        found += [Caller(f"festival {name}", _cached(_Festival(name))) for name in _FESTIVAL if _festival_has(name)]
    return found


def _engines(engine: str, voices: Sequence[tuple[str, int, int]], language: str) -> Iterator[Caller]:
    for name, rate, pitch in voices:
        options = {"rate_wpm": rate, "pitch": pitch} if rate else {}
        try:
            voice = factory("tts", engine)(TtsSpec(language, name, options))
        except AssistantError:
            continue  # not installed: the table says who spoke
        yield caller(f"{engine} {name}", voice)


def caller(name: str, voice: Voice) -> Caller:
    """Somebody who speaks with an engine's voice."""
    return Caller(name, _cached(_Synthesised(voice)))


class _Synthesised:
    def __init__(self, voice: Voice) -> None:
        self._voice = voice

    def __call__(self, text: str) -> bytes:
        resampler = Resampler(self._voice.rate, RATE)
        pcm = b"".join(resampler.feed(chunk.pcm) for chunk in self._voice.synthesize(text, CancelToken()))
        return pcm + resampler.flush()


class _Festival:
    """Festival takes a second to start: one process says all that is words alone; what it may cut has a process of its own."""

    def __init__(self, voice: str) -> None:
        self._voice = voice
        self._process: subprocess.Popen[bytes] | None = None

    def __call__(self, text: str) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "speech.wav"
            if _WORDS.fullmatch(text):
                self._say(text, path)
            else:
                command = ["text2wave", "-eval", f"(voice_{self._voice})", "-F", str(RATE), "-o", str(path)]
                subprocess.run(command, input=text.encode(), check=True, capture_output=True)
            return read_wav(path)

    def _say(self, text: str, path: Path) -> None:
        if self._process is None:
            command = ["festival", "--pipe"]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            weakref.finalize(self, _end, self._process)
            self._tell(f"(voice_{self._voice})")
        said = f'(set! said (utt.synth (Utterance Text "{text}")))'
        self._tell(f'{said} (utt.wave.resample said {RATE}) (utt.save.wave said "{path}" (quote riff))')

    def _tell(self, lisp: str) -> None:
        """Have it done, and wait for it."""
        assert self._process is not None and self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f'{lisp} (begin (format t "done\\n") (fflush nil))\n'.encode())
        self._process.stdin.flush()
        if not self._process.stdout.readline():
            raise EngineError(f"festival's voice {self._voice} failed; try `echo yes | festival --tts`")


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):  # what was still to be written to one that had failed
                pipe.close()


def _festival_has(voice: str) -> bool:
    if next(_FESTIVAL_VOICES.glob(f"*/{voice}"), None) is None:
        return False
    try:
        return bool(_Festival(voice)("yes"))
    except (AssistantError, OSError, subprocess.SubprocessError):
        return False  # it is here and broken: as good as not installed


def _cached(make: Callable[[str], bytes]) -> Callable[[str], Any]:
    @lru_cache(maxsize=256)
    def speech(text: str) -> Any:
        import numpy as np

        sound = np.frombuffer(make(text), "<i2")
        loud = np.abs(sound.astype("f4"))
        loud = np.flatnonzero(loud > 0.01 * loud.max(initial=0))
        return sound[loud[0] : loud[-1] + 1] if len(loud) else sound[:0]

    def say(text: str) -> Any:
        return at_level(speech(text).astype("f4"), SPEECH_RMS)

    return say


def at_level(sound: Any, rms: float) -> Any:
    """The sound so loud."""
    now = float((sound**2).mean() ** 0.5) if len(sound) else 0.0
    return sound * (rms / now) if now else sound


def level(sound: Any) -> float:
    """How loud it is."""
    return float((sound**2).mean() ** 0.5) if len(sound) else 0.0


def quiet(seconds: float) -> Any:
    """Nothing."""
    import numpy as np

    return np.zeros(round(seconds * RATE), "f4")


def response(rng: Any, dies_s: float, tail_db: float) -> Any:
    """A room: the direct way, then a tail `tail_db` quieter in all that has died away (60 dB) after `dies_s`."""
    import numpy as np

    count = round(dies_s * RATE)
    tail = rng.normal(0, 1, count) * np.exp(-6.9 * np.arange(count) / count)
    tail[: RATE // 200] = 0  # nothing comes back sooner
    tail *= 10 ** (tail_db / 20) / np.sqrt((tail**2).sum())
    tail[0] = 1.0
    return tail.astype("f4")


def in_room(sound: Any, room: Any) -> Any:
    """The sound as it is heard there, its end dying away behind it."""
    import numpy as np

    size = len(sound) + len(room) - 1
    return np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(room, size), size).astype("f4") if len(sound) else sound


def noise(rng: Any, seconds: float, rms: float) -> Any:
    """A room's noise: as much of it in each octave, as fans and traffic have."""
    import numpy as np

    count = round(seconds * RATE)
    spectrum = rng.normal(size=count // 2 + 1) + 1j * rng.normal(size=count // 2 + 1)
    spectrum /= np.sqrt(np.maximum(np.arange(count // 2 + 1), 30 * count / RATE))
    return at_level(np.fft.irfft(spectrum, count).astype("f4"), rms)


def music(rng: Any, seconds: float) -> Any:
    """Chords with overtones, a bass, and a beat of noise."""
    import numpy as np

    beat_s = float(rng.uniform(0.3, 0.6))
    count, root = round(seconds * RATE), float(rng.uniform(110, 220))
    sound, time = np.zeros(count, "f4"), np.arange(round(4 * beat_s * RATE)) / RATE
    for at in range(0, count, len(time)):
        degree = root * 2 ** (float(rng.choice([0, 5, 7, 9])) / 12)
        bar = np.zeros(len(time))
        for step in (-12, 0, 4, 7, int(rng.choice([12, 14, 16]))):
            for harmonic in range(1, 6):
                bar += np.sin(2 * np.pi * degree * 2 ** (step / 12) * harmonic * time + rng.uniform(0, 6)) / harmonic
        swing = np.exp(-4 * (time % beat_s) / beat_s)
        bar = bar * (0.4 + 0.6 * swing) + rng.normal(size=len(time)) * swing**6 * 2
        sound[at : at + len(time)] = bar[: count - at]
    return at_level(sound, SPEECH_RMS)


def television(
    rng: Any, voices: Sequence[Caller], seconds: float, language: str, without: Sequence[str] = (), lines: Sequence[str] = ()
) -> Any:
    """Somebody talks, then somebody else: one of the `lines`; of none, words that the starter recogniser knows, but `without`."""
    import numpy as np

    words = [word for word in words_of(language) if word not in without]
    pieces, count = [], 0
    while count < seconds * RATE:
        text = str(rng.choice(lines)) if lines else line(rng, words, language)
        said = voices[int(rng.integers(len(voices)))].say(text)
        pieces += [said, quiet(float(rng.uniform(0.2, 0.9)))]
        count += len(pieces[-1]) + len(said)
    return np.concatenate(pieces)[: round(seconds * RATE)]


def line(rng: Any, words: Sequence[str], language: str, count: int | None = None) -> str:
    """So many words, else 6 to 15, drawn one after the other."""
    return ("" if language == "zh" else " ").join(rng.choice(words, count or int(rng.integers(6, 16))))


@lru_cache(maxsize=2)
def words_of(language: str) -> list[str]:
    path = SHIPPED / f"starter/vosk-{language}/graph/words.txt"
    found = (line.split()[0] for line in path.read_text(encoding="utf-8").splitlines())
    return [word for word in found if word[0].isalpha()]
