"""A wake phrase of one's own is tried before it is accepted: by the voices that are here, once, on the real recognisers."""

import json
import logging
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from assistant import app
from assistant.config import Config
from assistant.errors import ConfigError
from assistant.evals import wake_phrase, wake_verdicts
from assistant.evals.wake_phrase import Trial
from assistant.models import SHIPPED

WORKS = {"en": "hello computer", "zh": "小助手"}
REFUSED = {"en": ("light", "is heard where 'lights' is said"), "zh": ("了了", "is heard from 2 of 3 voices only")}


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


@pytest.mark.parametrize("damage", ["{", "[]", '{"%s": [1]}', '{"%s": [[], [], "x", 0, ""]}'])
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


def test_where_nobody_can_say_it_nothing_is_accepted_but_what_is_unchecked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "missing"
    missing.mkdir()
    (missing / "espeakng_loader.py").write_text("raise ImportError(name='espeakng_loader')\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(missing))
    with pytest.raises(ConfigError, match=r"wake.words.1: .* no voice here to say it; .*write unchecked: true"):
        wake_verdicts.accept(config("zh", WORKS["zh"]))  # which espeak-ng alone says


def test_a_listener_is_not_built_with_a_phrase_that_is_no_good(tmp_path: Path) -> None:
    house = app.build(config("en", "light"), think=False, speak=False)
    try:
        with pytest.raises(ConfigError, match=r"wake.words.1: 'light' is heard where"):
            app.listener(house, _sink(), live=False, clock=lambda: 0.0)
    finally:
        house.close()


def _sink() -> Any:
    from assistant.audio.file import AudioClock, FileSink

    return FileSink(None, AudioClock())
