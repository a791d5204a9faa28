"""A wake phrase of one's own is tried before it is accepted: by the voices that are here, once, on the real recognisers."""

import json
import logging
import shutil
import socket
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import app, daemon
from assistant.cancel import CancelToken
from assistant.config import Config
from assistant.errors import ConfigError, EngineError, EngineUnavailable
from assistant.evals import wake_phrase, wake_verdicts
from assistant.evals.callers import Caller, callers
from assistant.evals.wake_phrase import Trial
from assistant.models import SHIPPED

WORKS = {"en": "hello computer", "zh": "小助手"}
REFUSED = {
    "en": ("light", "is heard where 'lights' is said"),
    "zh": ("小度", "is heard from 0 of 3 voices only, alone and with words right behind it"),
}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing was tried before."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "edge-assistant" / wake_verdicts.NAME


def config(code: str, phrase: str, **more: Any) -> Config:
    words = ["okay_nabu", {"word": phrase, "engine": "vosk", **more}]
    return Config.model_validate({"language": code, "wake": {"words": words}})


def no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever tries a phrase now fails."""

    def run(*_: Any, **__: Any) -> None:
        raise AssertionError("it is tried again")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(wake_phrase, "check", run)


@pytest.mark.parametrize("code", ["en", "zh"])
def test_a_phrase_is_tried_at_the_first_start_and_not_at_the_next(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, cache: Path, code: str
) -> None:
    caplog.set_level(logging.INFO)
    wake_verdicts.accept(config(code, WORKS[code]))
    assert [record.message for record in caplog.records] == [
        f"wake.words.1: {WORKS[code]!r} is new; the voices that are here say it once, which takes some seconds"
    ]
    [trial] = json.loads(cache.read_text(encoding="utf-8")).values()
    assert len(trial[0]) >= 3 and trial[1:3] == [[], 0]
    no_work(monkeypatch)
    wake_verdicts.accept(config(code, WORKS[code]))
    assert len(caplog.records) == 1


@pytest.mark.parametrize("code", ["en", "zh"])
def test_a_phrase_that_is_no_good_is_refused_again_and_again(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    phrase, why = REFUSED[code]
    with pytest.raises(ConfigError) as first:
        wake_verdicts.accept(config(code, phrase))
    no_work(monkeypatch)
    with pytest.raises(ConfigError) as again:
        wake_verdicts.accept(config(code, phrase))
    assert str(first.value) == str(again.value)
    assert str(first.value).startswith(f"wake.words.1: {phrase!r} {why}; take three or four syllables")
    assert "unchecked: true" in str(first.value) and "\n" not in str(first.value)


def test_who_insists_has_it_unchecked(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    no_work(monkeypatch)
    wake_verdicts.accept(config("en", "light", unchecked=True))
    assert not cache.exists()


def test_words_of_an_engine_and_models_of_ones_own_are_not_tried(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    no_work(monkeypatch)
    wake_verdicts.accept(Config.model_validate({"wake": {"words": ["okay_nabu", "hey_jarvis", "models/dear_house.tflite"]}}))
    assert not cache.exists()


def test_another_recogniser_and_another_trial_ask_for_it_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = tmp_path / "models"
    shutil.copytree(SHIPPED / "starter/vosk-en", models / "vosk-en")
    own = config("en", "light").model_copy(update={"models": str(models)})
    word = own.wake.words[1]
    assert wake_verdicts.kept(own, word) is None
    wake_verdicts.keep(own, word, Trial(["a"], [], 0))
    assert wake_verdicts.kept(own, word) == Trial(["a"], [], 0)
    assert wake_verdicts.kept(config("en", "light"), word) is None, "the starter's"
    with (models / "vosk-en/am/final.mdl").open("ab") as file:
        file.write(b"\0")
    assert wake_verdicts.kept(own, word) is None
    wake_verdicts.keep(own, word, Trial(["a"], [], 0))
    monkeypatch.setattr(wake_phrase, "VERSION", wake_phrase.VERSION + 1)
    assert wake_verdicts.kept(own, word) is None


def test_what_is_kept_is_bounded(cache: Path) -> None:
    for number in range(wake_verdicts.KEPT + 1):
        own = config("en", f"phrase {number}")
        wake_verdicts.keep(own, own.wake.words[1], Trial(["a"], [], 0))
    table = json.loads(cache.read_text(encoding="utf-8"))
    assert len(table) == wake_verdicts.KEPT and not any(" phrase 0 " in key for key in table)


@pytest.mark.parametrize(
    "damage",
    [
        "{",
        "[]",
        '{"%s": [1]}',
        '{"%s": [["a"], []]}',
        '{"%s": {"a": 1}}',
        '{"%s": [[], [], "x", 0, ""]}',
        '{"%s": [[], [], 1e999, 0, ""]}',
    ],
)
def test_what_cannot_be_read_is_not_believed(cache: Path, damage: str) -> None:
    own = config("en", "light")
    cache.parent.mkdir()
    cache.write_text(damage.replace("%s", wake_verdicts._key(own, own.wake.words[1])), encoding="utf-8")
    assert wake_verdicts.kept(own, own.wake.words[1]) is None
    wake_verdicts.keep(own, own.wake.words[1], Trial(["a"], [], 0))
    assert wake_verdicts.kept(own, own.wake.words[1]) == Trial(["a"], [], 0)


def test_a_folder_that_cannot_be_written_is_told(cache: Path, caplog: pytest.LogCaptureFixture) -> None:
    cache.parent.write_text("no folder", encoding="utf-8")
    own = config("en", "light")
    wake_verdicts.keep(own, own.wake.words[1], Trial(["a"], [], 0))
    assert [record.message for record in caplog.records if "tried again at the next start" in record.message]


def told(caplog: pytest.LogCaptureFixture) -> str:
    """The one warning."""
    [line] = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert "\n" not in line
    return line


def test_where_nobody_can_say_it_it_is_taken_with_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, cache: Path
) -> None:
    missing = tmp_path / "missing"
    missing.mkdir()
    (missing / "espeakng_loader.py").write_text("raise ImportError(name='espeakng_loader')\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(missing))
    wake_verdicts.accept(config("zh", WORKS["zh"]))  # which espeak-ng alone says
    assert told(caplog).startswith(f"wake.words.1: {WORKS['zh']!r} could not be tried (there is no voice here to say it; ")
    assert "unchecked: true" in told(caplog) and not cache.exists()


def test_a_trial_that_takes_too_long_takes_the_phrase_for_this_start(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, cache: Path
) -> None:
    monkeypatch.setattr(wake_verdicts, "LONGEST_S", 0.01)
    wake_verdicts.accept(config("en", "light"))
    assert told(caplog).startswith("wake.words.1: 'light' could not be tried (it took more than 0 s) and is taken for this start")
    assert not cache.exists()


@pytest.mark.parametrize(
    ("program", "why"),
    [
        (None, "no process can be started: No such file or directory"),
        ("kill -9 $$", "its process ended with -9"),
        ("echo nonsense", "what its process found cannot be read: "),
        ("echo '[[], []]'", "what its process found cannot be read: "),
        ("echo first >&2; echo last >&2; exit 1", "last"),
    ],
)
def test_a_trial_that_fails_takes_the_phrase_for_this_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, cache: Path, program: str | None, why: str
) -> None:
    python = tmp_path / "python"
    if program is not None:
        python.write_text(f"#!/bin/sh\n{program}\n", encoding="utf-8")
        python.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(python))
    wake_verdicts.accept(config("en", "light"))
    assert f"wake.words.1: 'light' could not be tried ({why}" in told(caplog) and not cache.exists()


def test_a_phrase_that_can_never_be_heard_is_refused_by_its_trial(cache: Path) -> None:
    with pytest.raises(ConfigError, match=r"'hey xylograph' can never be heard: .* does not know xylograph"):
        wake_verdicts.accept(config("en", "hey xylograph"))
    assert not cache.exists()


def test_systemd_waits_for_the_trial_and_for_what_comes_behind_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "missing"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(10)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        wake_verdicts.accept(config("en", "light"))
        assert systemd.recv(200) == b"EXTEND_TIMEOUT_USEC=240000000"


def test_a_voice_that_fails_is_left_out(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    whole, fails = callers("en")[0], []

    def say(error: Exception) -> Callable[[str], Any]:
        def fail(text: str) -> Any:
            fails.append(text)
            raise error

        return fail

    broken = [
        Caller("broken", say(EngineError("no sound"))),
        Caller("gone", say(BrokenPipeError("gone"))),
        Caller("ended", say(subprocess.CalledProcessError(1, "text2wave"))),
    ]
    own = config("en", WORKS["en"])
    monkeypatch.setattr(wake_phrase, "_voices", lambda *_: [broken[0], whole, *broken[1:]])
    trial = wake_phrase.check(own, own.wake.words[1])
    assert (trial.heard, trial.missed) == ([whole.name], []) and len(fails) == 3
    assert sorted(record.getMessage().split()[0] for record in caplog.records) == ["broken", "ended", "gone"]
    monkeypatch.setattr(wake_phrase, "_voices", lambda *_: list(broken))
    with pytest.raises(EngineUnavailable, match="no voice here to say it"):
        wake_phrase.check(own, own.wake.words[1])


def test_nothing_is_loaded_for_a_phrase_that_is_no_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(*_: Any, **__: Any) -> Any:
        raise AssertionError("it is loaded")

    monkeypatch.setattr(app, "build", build)
    own = config("en", "light")
    with pytest.raises(ConfigError, match=r"wake.words.1: 'light' is heard where"):
        app.run_files(own, app.Files((), None), lambda _: None, CancelToken())
    own = own.model_copy(update={"control": own.control.model_copy(update={"socket": str(tmp_path / "control.sock")})})
    with pytest.raises(ConfigError, match=r"wake.words.1: 'light' is heard where"):
        daemon.run(own, lambda _: None, lambda _: None, CancelToken())


def test_what_was_built_is_closed_when_its_listener_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[str] = []
    build = app.build

    def closing(*args: Any, **kwargs: Any) -> app.Assistant:
        house = build(*args, think=False, speak=False, **kwargs)
        close = house.close

        def note() -> None:
            closed.append("house")
            close()

        monkeypatch.setattr(house, "close", note)
        return house

    monkeypatch.setattr(app, "build", closing)
    own = config("en", "hey xylograph", unchecked=True)
    with pytest.raises(ConfigError, match="can never be heard"):
        app.run_files(own, app.Files((), tmp_path / "out.wav"), lambda _: None, CancelToken())
    assert closed == ["house"]
    with wave.open(str(tmp_path / "out.wav")) as file:
        assert file.getnframes() == 0
