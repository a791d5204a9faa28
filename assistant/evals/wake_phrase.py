"""Whether a wake phrase is any good, tried before it is accepted: spoken to the detector by every voice that is here, alone and
with words right behind it, and told from talk that does not hold it, and from talk that nearly does.

Made voices are no people: a phrase that these voices cannot wake it with will do no better; one that they can, may.
"""

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from functools import partial
from typing import Any, NamedTuple

from assistant.audio.format import FRAME_BYTES, RATE
from assistant.config import Config
from assistant.engines import auto
from assistant.errors import AssistantError, EngineUnavailable
from assistant.evals.callers import Caller, caller, callers, line, noise, quiet, television, words_of
from assistant.listen.wakes import AnyOf
from assistant.models import model_roots
from assistant.protocols import WakeDetector
from assistant.settings import WakeWord

_log = logging.getLogger(__name__)
VERSION = 2
"""Of this trial: one that tries otherwise has another, and what was found before is no longer true."""
SEED = 1
"""Of the talk: the same for every phrase, and for every version."""
HEARD = 0.8
"""The share of voices that must wake it, both ways."""
BEHIND = 3
"""Words right behind it, drawn at random: there it may be heard as the beginning of something else."""
NEAR = 0.1
"""The share of sentences near it that may wake it, over all voices."""
LIKE = 6
"""Words that are like a single one: so many of each kind."""
TALK_S = 60.0
ROOM_RMS = 60.0


class Trial(NamedTuple):
    """How a phrase did."""

    heard: list[str]
    missed: list[str]
    """Voices."""
    false: int
    """Wakes in `TALK_S` of talk without it."""
    near: float = 0.0
    """The share of sentences near it, by each voice, that woke it."""
    nearest: str = ""
    """The one that woke it most often; "" when none did."""

    @property
    def ok(self) -> bool:
        """Whether it can be accepted."""
        return not self.why

    @property
    def why(self) -> str:
        """What is wrong with it, as the end of a sentence that begins with the phrase; "" when nothing is."""
        voices = len(self.heard) + len(self.missed)
        if len(self.heard) < HEARD * voices:
            return f"is heard from {len(self.heard)} of {voices} voices only, alone and with words right behind it"
        if self.false:
            return f"is heard {self.false} times in {TALK_S:.0f} s of other talk"
        return f"is heard where {self.nearest!r} is said" if self.near > NEAR else ""


def trial_of(found: Any) -> Trial:
    """A trial as JSON holds it. Raises `ValueError`, `TypeError`."""
    if not isinstance(found, list) or len(found) != len(Trial._fields):
        raise ValueError("what was found is no list of heard, missed, false, near and nearest")
    if not isinstance(found[2], int):
        raise ValueError("no number of wakes")
    return Trial([str(name) for name in found[0]], [str(name) for name in found[1]], found[2], float(found[3]), str(found[4]))


def check(config: Config, word: WakeWord) -> Trial:
    """Try a phrase: a detector's own word such as okay_nabu, or words that the Vosk model of the language knows.

    A voice that fails is left out. Raises what building the detector raises (`ConfigError` names a word that can never be heard,
    and its nearest); `EngineUnavailable` where no voice is here.
    """
    language = word.language or config.language
    tried = config.model_copy(update={"wake": config.wake.model_copy(update={"words": (word,)})})
    detector = AnyOf([choice.make() for choice in auto.wake(tried, model_roots(config.models))])
    voices = _voices(config, language)
    while voices:
        try:
            return _tried(detector, voices, word.word.replace("_", " ").lower(), language)
        except _VoiceFailed as failed:
            _log.warning("%s fails and is left out: %s", failed.voice.name, failed.__cause__)
            voices.remove(failed.voice)
    raise EngineUnavailable("there is no voice here to say it; install espeakng-loader, or flite")


class _VoiceFailed(Exception):
    def __init__(self, voice: Caller) -> None:
        super().__init__(voice.name)
        self.voice = voice


def _tried(detector: WakeDetector, callers: Sequence[Caller], phrase: str, language: str) -> Trial:
    import numpy as np

    voices = [Caller(one.name, partial(_say, one)) for one in callers]
    rng = np.random.default_rng(SEED)
    false = _wakes(detector, television(rng, voices, TALK_S, language, [phrase, *_parts(phrase, language)]))
    near = near_talk(np.random.default_rng(SEED), phrase, language)
    woken = {text: [voice for voice in voices if _said(detector, rng, voice, text)] for text in near}
    behind = line(rng, [word for word in words_of(language) if word not in phrase], language, BEHIND)
    ways = ((phrase,), (phrase, behind))
    heard = [voice.name for voice in voices if all(_said(detector, rng, voice, *way) for way in ways)]
    missed = [voice.name for voice in voices if voice.name not in heard]
    count = sum(len(by) for by in woken.values())
    nearest = max(woken, key=lambda text: len(woken[text]), default="")
    return Trial(heard, missed, false, count / max(1, len(woken) * len(voices)), nearest if count else "")


def _say(voice: Caller, text: str) -> Any:
    """What it says, at once: who has failed shall be known. Raises `_VoiceFailed`."""
    try:
        return voice.say(text)
    except (AssistantError, OSError, subprocess.SubprocessError) as error:
        raise _VoiceFailed(voice) from error


def near_talk(rng: Any, phrase: str, language: str) -> list[str]:
    """What is said that has all of a phrase but a word (in Chinese: a character), or has them backwards; of a single word, what
    is written most like it, and others that are as long."""
    words, parts = words_of(language), _parts(phrase, language)
    if len(parts) == 1:
        others = [word for word in words if word != phrase]
        as_long = [word for word in others if len(word) == len(phrase)]
        drawn = rng.choice(as_long, min(LIKE, len(as_long)), replace=False)
        return [*dict.fromkeys([*get_close_matches(phrase, others, n=LIKE), *map(str, drawn)])]
    found = [parts[::-1]]
    for at in range(len(parts)):
        before, behind = parts[:at], parts[at + 1 :]
        found += [[*before, str(rng.choice(words)), *behind], [*before, *behind, str(rng.choice(words))]]
    space = "" if language == "zh" else " "
    said = dict.fromkeys(space.join(each) for each in found)
    return [text for text in said if f" {phrase} " not in f" {text} " and (space or phrase not in text)]


def _voices(config: Config, language: str) -> list[Caller]:
    """Those that are here, and our own."""
    found = callers(language)
    try:
        choice, voice = auto.first_that_loads(auto.tts(config, model_roots(config.models), language))
    except AssistantError:
        return found  # it cannot speak; what is wrong is told where it shall
    own = f"{choice.name} {voice.name}"
    return found if any(one.name == own for one in found) else [*found, caller(own, voice)]


def _parts(phrase: str, language: str) -> Sequence[str]:
    return [part for part in phrase if part != " "] if language == "zh" else phrase.split()


def _said(detector: WakeDetector, rng: Any, voice: Caller, *texts: str) -> bool:
    """Whether it wakes when a voice says that, one right behind the other, and nothing else."""
    import numpy as np

    said = np.concatenate([quiet(0.8), *map(voice.say, texts), quiet(1.5)])
    detector.reset()
    return _wakes(detector, said + noise(rng, len(said) / RATE, ROOM_RMS)[: len(said)]) > 0


def _wakes(detector: WakeDetector, sound: object) -> int:
    pcm = sound.clip(-32768, 32767).astype("<i2").tobytes()  # type: ignore[attr-defined]
    return sum(detector.feed(pcm[at : at + FRAME_BYTES]) is not None for at in range(0, len(pcm) - FRAME_BYTES, FRAME_BYTES))


def main() -> int:
    """Try what stands on the standard input, {config, word}; the trial is written as JSON, an error as one line."""
    asked = json.load(sys.stdin)
    try:
        trial = check(Config.model_validate(asked["config"]), WakeWord.model_validate(asked["word"]))
    except AssistantError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.write(json.dumps(list(trial)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
