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
from pathlib import Path
from typing import Any

from assistant import children
from assistant.config import Config
from assistant.errors import ConfigError
from assistant.evals import wake_phrase
from assistant.evals.wake_phrase import Trial, trial_of
from assistant.folders import cache_folder
from assistant.models import model_roots
from assistant.sdnotify import notify
from assistant.settings import WakeWord

_log = logging.getLogger(__name__)
NAME = "wake-phrases.json"
KEPT = 64
LONGEST_S = 120.0
"""A phrase is tried in 6 to 8 s of a Xeon's core with a starter recogniser (290 to 530 s of sound); a slow board, or a full
recogniser, takes many times that. systemd is told that this start may take so much longer, and as long again for the rest."""


def accept(config: Config) -> None:
    """Try each phrase that was not tried before; one that cannot be tried is taken for this start, with a warning.

    Before anything large is loaded: it takes memory and time of its own. Raises `ConfigError` for a phrase that is no good.
    """
    for number, word in enumerate(config.wake.words if config.wake.engine != "none" else ()):
        if word.unchecked or (word.engine or config.wake.engine) != "vosk":
            continue
        where, knowing = f"wake.words.{number}", "write unchecked: true beside it to take it all the same"
        trial = kept(config, word)
        if trial is None:
            _log.info("%s: %r is new; the voices that are here say it once, which takes some seconds", where, word.word)
            notify(f"EXTEND_TIMEOUT_USEC={2 * LONGEST_S * 1e6:.0f}")
            try:
                trial = _aside(config, word)
            except _Untried as why:
                told = "%s: %r could not be tried (%s) and is taken for this start; run `assistant wake check`, or %s"
                _log.warning(told, where, word.word, why, knowing)
                continue
            keep(config, word, trial)
        if not trial.ok:
            raise ConfigError(
                f"{where}: {word.word!r} {trial.why}; take three or four syllables that are rare in talk, "
                f"try them with `assistant wake check`, or {knowing}"
            )


class _Untried(Exception):
    """Why a trial did not come to its end."""


def _aside(config: Config, word: WakeWord) -> Trial:
    """Try it in a process of its own. Raises `_Untried`; `ConfigError` for a phrase that its detector can never hear."""
    asked = json.dumps({"config": config.model_dump(mode="json"), "word": word.model_dump(mode="json")})
    command = children.command(wake_phrase.__name__)
    try:
        done = subprocess.run(command, input=asked, capture_output=True, text=True, timeout=LONGEST_S)
        if done.returncode == 0:
            return trial_of(json.loads(done.stdout))
    except subprocess.TimeoutExpired:
        raise _Untried(f"it took more than {LONGEST_S:.0f} s") from None
    except OSError as error:
        raise _Untried(f"no process can be started: {error.strerror}") from None
    except (ValueError, TypeError) as error:
        raise _Untried(f"what its process found cannot be read: {error}") from None
    why = (done.stderr.strip().splitlines() or [f"its process ended with {done.returncode}"])[-1]
    raise ConfigError(why) if done.returncode == ConfigError.exit_code else _Untried(why)


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
