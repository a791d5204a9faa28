"""Whether a wake phrase is any good, tried before it is accepted: spoken to the detector by every voice that is here, and told
from talk that does not hold it.

Made voices are no people: a phrase that these voices cannot wake it with will do no better; one that they can, may.
"""

from collections.abc import Sequence
from typing import NamedTuple

from assistant.audio.format import FRAME_BYTES, RATE
from assistant.config import Config
from assistant.engines import auto
from assistant.errors import UsageError
from assistant.evals.callers import callers, noise, quiet, television
from assistant.listen.wakes import AnyOf
from assistant.models import model_roots
from assistant.protocols import WakeDetector

HEARD = 0.8
"""The share of voices that must wake it."""
TALK_S = 60.0


class Trial(NamedTuple):
    """How a phrase did."""

    heard: list[str]
    missed: list[str]
    """Voices."""
    false: int
    """Wakes in `TALK_S` of talk without it."""

    @property
    def ok(self) -> bool:
        """Whether it can be accepted."""
        return len(self.heard) >= HEARD * (len(self.heard) + len(self.missed)) and not self.false


def check(config: Config, phrase: str) -> Trial:
    """Try a phrase: a detector's own word such as okay_nabu, or words that the Vosk model of the language knows.

    Raises what building the detector raises (`ConfigError` names a word that can never be heard, and its nearest); `UsageError`
    where no voice is here.
    """
    import numpy as np

    voices = callers(config.language)
    if not voices:
        raise UsageError("wake check: there is no voice here to say it; install espeakng-loader, or flite")
    word = {
        "word": phrase,
        "engine": None if "_" in phrase or phrase.endswith(".tflite") else "vosk",
        "language": config.language,
    }
    words = Config.model_validate({"wake": {"words": [word]}}).wake.words
    tried = config.model_copy(update={"wake": config.wake.model_copy(update={"words": words})})
    detector = AnyOf([choice.make() for choice in auto.wake(tried, model_roots(config.models))])
    rng = np.random.default_rng(1)
    found = Trial([], [], _wakes(detector, television(rng, voices, TALK_S, config.language, _parts(phrase, config.language))))
    for voice in voices:
        said = np.concatenate([quiet(0.8), voice.say(phrase.replace("_", " ")), quiet(1.5)])
        detector.reset()
        heard = _wakes(detector, said + noise(rng, len(said) / RATE, 60.0)[: len(said)])
        (found.heard if heard else found.missed).append(voice.name)
    return found


def _parts(phrase: str, language: str) -> Sequence[str]:
    plain = phrase.replace("_", " ").lower()
    return [plain, *plain] if language == "zh" else plain.split()


def _wakes(detector: WakeDetector, sound: object) -> int:
    pcm = sound.clip(-32768, 32767).astype("<i2").tobytes()  # type: ignore[attr-defined]
    return sum(detector.feed(pcm[at : at + FRAME_BYTES]) is not None for at in range(0, len(pcm) - FRAME_BYTES, FRAME_BYTES))
