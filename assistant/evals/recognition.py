"""Words that the recognisers get wrong: the starter and pocketsphinx, each open and with a grammar.

With a folder: its WAVs, whose names begin with what is said, as a digit or in words joined by hyphens (`7_george_3.wav`,
`turn-on_anna_1.wav`); digits are judged as words. Without one: commands that espeak-ng says, and flite where it is installed.
The grammar is every phrase of the set. Word error rate: wrong, missing and added words by spoken ones, in percent. Each engine
hears all of a set through one transcriber, as it would hear a person: what it learns of a microphone it keeps.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from assistant.audio.format import FRAME_BYTES, RATE
from assistant.audio.resample import Resampler
from assistant.audio.wav import read_wav
from assistant.bench.result import Figure, Result, machine, versions
from assistant.cancel import CancelToken
from assistant.config import Config
from assistant.engines.base import SttSpec, TtsSpec, factory
from assistant.errors import EngineUnavailable, UsageError
from assistant.models import SHIPPED
from assistant.protocols import Transcriber

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
COMMANDS = (
    *DIGITS, "stop", "cancel", "pause", "yes", "no", "louder", "next", "help", "what time is it", "what is the date",
    "repeat that", "turn on the kitchen light", "turn off the bedroom lamp", "set a timer for ten minutes", "open the blinds",
    "close the garage door", "play some music", "tell me a joke", "what is my name", "good morning", "thank you", "goodbye",
)  # fmt: skip
QUICK = 60
"""Recordings of a folder in a quick look, spread over it."""


class Recording(NamedTuple):
    """What is said, and its sound as the engines take it."""

    said: str
    pcm: bytes


def measure(config: Config, quick: bool, data: Path | None = None) -> Result:
    """The word error rates. Raises `UsageError` for a folder without such WAVs."""
    recordings = list(_folder(data, quick) if data else _made(quick))
    starter = SHIPPED / "starter/vosk-en"
    makers: dict[str, Callable[[], Transcriber]] = {
        "starter": lambda: factory("stt", "vosk")(SttSpec("en", starter)),
        "pocketsphinx": lambda: factory("stt", "pocketsphinx")(SttSpec("en")),
    }
    phrases = sorted({recording.said for recording in recordings})
    figures: dict[str, Figure] = {}
    for name, make in makers.items():
        try:
            figures |= {f"{name}.open": _errors(make(), recordings), f"{name}.grammar": _errors(make(), recordings, phrases)}
        except EngineUnavailable:
            continue  # pocketsphinx is an extra
    return Result(
        machine(),
        versions("vosk", "pocketsphinx"),
        {"recogniser": starter.name, "speech": f"{len(recordings)} recordings, {data.name if data else 'made here'}"},
        figures,
    )


def word_errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """Words wrong, missing and too many."""
    row = list(range(len(heard) + 1))
    for index, word in enumerate(said, 1):
        before, row[0] = row[0], index
        for place, other in enumerate(heard, 1):
            before, row[place] = row[place], min(before + (word != other), row[place] + 1, row[place - 1] + 1)
    return row[-1]


def said_in(path: Path) -> str:
    """What a file's name says is spoken in it: `7_george_3` is "seven", `turn-on_anna_1` is "turn on"."""
    head = path.stem.split("_")[0].lower()
    return " ".join(DIGITS[int(part)] if part.isdigit() and len(part) == 1 else part for part in head.split("-") if part)


def _errors(transcriber: Transcriber, recordings: Sequence[Recording], grammar: Sequence[str] | None = None) -> Figure:
    wrong = 0
    for recording in recordings:
        session = transcriber.session(grammar)
        pcm = bytes(RATE // 2) + recording.pcm + bytes(RATE)
        for at in range(0, len(pcm), FRAME_BYTES):
            session.feed(pcm[at : at + FRAME_BYTES])
        wrong += word_errors(recording.said.split(), session.finish().split())
    words = sum(len(recording.said.split()) for recording in recordings)
    return Figure(100 * wrong / words, f"% of {words} words")


def _folder(data: Path, quick: bool) -> Iterator[Recording]:
    paths = sorted(data.glob("*.wav"))
    if not paths:
        raise UsageError(f"{data} holds no .wav files")
    for path in paths[:: max(1, len(paths) // QUICK)] if quick else paths:
        yield Recording(said_in(path), read_wav(path))


def _made(quick: bool) -> Iterator[Recording]:
    engines = ["espeak", *(["flite"] if shutil.which("flite") else [])]
    for name in engines:
        voice = factory("tts", name)(TtsSpec("en", "auto", {}))
        for said in COMMANDS[:: 3 if quick else 1]:
            resampler = Resampler(voice.rate, RATE)
            pcm = b"".join(resampler.feed(chunk.pcm) for chunk in voice.synthesize(said, CancelToken()))
            yield Recording(said, pcm + resampler.flush())
