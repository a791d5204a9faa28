"""Wake phrases of one's own are tried once, before they are accepted; the verdict is kept for the next start.

Kept in the user's cache folder, for a phrase, the Vosk model that hears it, and `wake_phrase.VERSION`: {key: trial}, `KEPT` of
them; of more the one that was found first goes. What cannot be read is tried again, what cannot be written at every start.
A process of its own tries it: an espeak-ng that has said something says the next thing a little differently, and its engines go
with it. Words that come with an engine (okay_nabu) and models of one's own (.tflite) are not tried.
"""

import hashlib
import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from assistant.config import Config
from assistant.errors import ConfigError, UsageError
from assistant.evals import wake_phrase
from assistant.evals.wake_phrase import Trial, trial_of
from assistant.folders import cache_folder
from assistant.models import model_roots
from assistant.sdnotify import notify
from assistant.settings import WakeWord

_log = logging.getLogger(__name__)
NAME = "wake-phrases.json"
KEPT = 64
LONGEST_S = 120
"""A phrase is tried in 3 s of a Xeon's core; systemd is told that this start may take so much longer."""


def accept(config: Config) -> None:
    """Try each phrase that was not tried before. Raises `ConfigError` for one that is no good, or that nobody here can say."""
    for number, word in enumerate(config.wake.words):
        if word.unchecked or (word.engine or config.wake.engine) != "vosk":
            continue
        where, knowing = f"wake.words.{number}", "write unchecked: true beside it to take it all the same"
        trial = kept(config, word)
        if trial is None:
            _log.info("%s: %r is new; the voices that are here say it once, which takes some seconds", where, word.word)
            notify(f"EXTEND_TIMEOUT_USEC={LONGEST_S}000000")
            try:
                trial = _aside(config, word)
            except UsageError as error:
                raise ConfigError(f"{where}: {word.word!r} could not be tried: {error}; or {knowing}") from None
            keep(config, word, trial)
        if not trial.ok:
            raise ConfigError(
                f"{where}: {word.word!r} {trial.why}; take three or four syllables that are rare in talk, "
                f"try them with `assistant wake check`, or {knowing}"
            )


def _aside(config: Config, word: WakeWord) -> Trial:
    """Try it in a process of its own. Raises `UsageError`, which says why that cannot be done."""
    here = str(Path(__file__).parents[2])
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])}
    asked = json.dumps({"config": config.model_dump(mode="json"), "word": word.model_dump(mode="json")})
    command = [sys.executable, "-m", wake_phrase.__name__]
    try:
        done = subprocess.run(command, input=asked, env=environ, capture_output=True, text=True, timeout=LONGEST_S)
    except subprocess.TimeoutExpired:
        raise UsageError(f"it took more than {LONGEST_S} s; try again when the machine is less busy") from None
    if done.returncode:
        raise UsageError((done.stderr.strip().splitlines() or [f"its process ended with {done.returncode}"])[-1])
    return trial_of(json.loads(done.stdout))


def kept(config: Config, word: WakeWord) -> Trial | None:
    """What was found when the phrase was tried; None when it was not."""
    try:
        return trial_of(_all()[_key(config, word)])
    except (OSError, KeyError):
        return None
    except (ValueError, TypeError) as error:
        _log.warning("%s cannot be read (%s); phrases are tried again", cache_folder() / NAME, error)
        return None


def keep(config: Config, word: WakeWord, trial: Trial) -> None:
    """Keep what was found."""
    try:
        table = _all()
        table = table if isinstance(table, dict) else {}
    except (OSError, ValueError):
        table = {}
    key = _key(config, word)
    table.pop(key, None)
    table[key] = list(trial)
    while len(table) > KEPT:
        del table[next(iter(table))]
    file = cache_folder() / NAME
    fresh = file.with_name(f"{NAME}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        fresh.replace(file)
    except OSError as error:
        _log.warning("%s cannot be written (%s); the phrase is tried again at the next start", file, error.strerror)


def _all() -> Any:
    return json.loads((cache_folder() / NAME).read_text(encoding="utf-8"))


def _key(config: Config, word: WakeWord) -> str:
    """A phrase and what hears it."""
    language = word.language or config.language
    folders = model_roots(config.models).vosk(language)
    recogniser = _fingerprint(folders[0]) if folders else "none"
    return f"{wake_phrase.VERSION} {language} {word.word.strip().lower()} {recogniser}"


def _fingerprint(folder: Path) -> str:
    """Where a model lies and how large its files are: another one, or a repaired one, is another recogniser."""
    files = [f"{path.relative_to(folder)} {path.stat().st_size}" for path in sorted(folder.rglob("*")) if path.is_file()]
    return hashlib.sha256("\n".join([str(folder.resolve()), *files]).encode()).hexdigest()[:16]
