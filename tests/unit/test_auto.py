"""What `auto` takes, and the sentence that says why: folders and memory are looked at, nothing is loaded."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.config import Config, load_config
from assistant.engines import auto
from assistant.errors import EngineUnavailable, ModelNotFound, ModelTooBig
from assistant.models import Models, research_only, vosk_language

MIB = 1 << 20


def config(*sets: str) -> Config:
    return load_config(None, sets, environ={})


@pytest.fixture
def models(tmp_path: Path) -> Models:
    for name, size in (
        ("vosk-model-small-en-us-0.15/am/final.mdl", 100),
        ("vosk-model-en-us-0.22/am/final.mdl", 900),
        ("vosk-model-small-cn-0.22/am/final.mdl", 50),
        ("starter/vosk-en/am/final.mdl", 5),
        ("small.gguf", 1 * MIB),
        ("large.gguf", 3 * MIB),
        ("starter/starter-llm.gguf", 1000),
        ("en_US-lessac-medium.onnx", 1),
        ("en_US-lessac-medium.onnx.json", 1),
        ("en_US-ljspeech-medium.onnx", 1),
        ("en_US-ljspeech-medium.onnx.json", 1),
        ("en_GB-lonely-medium.onnx", 1),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(size))
    return Models((tmp_path,))


def only(tmp_path: Path, *names: str) -> Models:
    root = tmp_path / "only"
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    return Models((root,))


def test_the_fullest_recogniser_of_the_language(models: Models) -> None:
    assert auto.stt(config(), models, "en", live=True).spec.model.name == "vosk-model-en-us-0.22"
    assert auto.stt(config(), models, "zh", live=True).spec.model.name == "vosk-model-small-cn-0.22"


def test_without_one_the_starter_hears_files_and_the_better_one_hears_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starter = only(tmp_path, "starter/vosk-en/am/final.mdl")
    on_files = auto.stt(config(), starter, "en", live=False)
    assert (on_files.name, on_files.spec.model.name) == ("vosk", "vosk-en") and "synthetic speech" in str(on_files)
    live = auto.stt(config(), starter, "en", live=True)
    assert live.name == "vosk" and "on people still better than pocketsphinx" in str(live)
    monkeypatch.setattr(auto, "HUMAN_STARTER_BETTER", False)
    live = auto.stt(config(), starter, "en", live=True)
    assert live.name == "pocketsphinx" and "knows people's voices better" in str(live)


def test_a_language_without_a_recogniser_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="no Vosk model for zh"):
        auto.stt(config(), only(tmp_path, "starter/vosk-en/am/final.mdl"), "zh", live=True)
    with pytest.raises(ModelNotFound, match=r"stt.model nowhere"):
        auto.stt(config("stt.model=nowhere"), Models((tmp_path,)), "en", live=True)


def names(choices: Sequence[auto.Choice]) -> list[str]:
    return [choice.spec.model.name for choice in choices]


def test_the_largest_language_model_that_fits_then_smaller_ones_then_the_starter(models: Models) -> None:
    assert names(auto.llm(config(), models, lambda: 100 * MIB)) == ["large.gguf", "small.gguf", "starter-llm.gguf"]
    assert names(auto.llm(config(), models, lambda: 2 * MIB)) == ["small.gguf", "starter-llm.gguf"]
    assert names(auto.llm(config(), models, lambda: 0)) == ["starter-llm.gguf"]
    assert "the largest that fits memory" in str(auto.llm(config(), models, lambda: 100 * MIB)[0])
    assert names(auto.llm(config("llm.model=small.gguf"), models, lambda: 0)) == ["small.gguf"]
    with pytest.raises(ModelNotFound, match=r"no \.gguf file"):
        auto.llm(config(), Models(()))


def test_the_next_is_tried_when_one_does_not_fit_or_is_not_installed() -> None:
    class Made(auto.Choice):
        def make(self) -> Any:
            if isinstance(self.spec, Exception):
                raise self.spec
            return self.spec

    big, missing, fine = (Made("llm", "x", spec, "") for spec in (ModelTooBig("big"), EngineUnavailable("missing"), "fine"))
    assert auto.first_that_loads([big, missing, fine]) == (fine, "fine")
    with pytest.raises(EngineUnavailable, match="missing"):
        auto.first_that_loads([big, missing])


def test_a_piper_voice_whose_licence_fits_then_flite_then_espeak(models: Models, tmp_path: Path) -> None:
    def said(settings: Config, where: Models, language: str = "en") -> list[tuple[str, str]]:
        return [(choice.name, Path(choice.spec.voice).stem) for choice in auto.tts(settings, where, language)]

    assert said(config(), models) == [("piper", "en_US-ljspeech-medium"), ("flite", "auto"), ("espeak", "auto")]
    assert said(config("tts.accept_research_voices=true"), models)[0] == ("piper", "en_US-lessac-medium")
    assert said(config(), models, "zh") == [("espeak", "auto")]
    assert said(config("tts.engine=flite"), models) == [("flite", "auto")]
    assert said(config("tts.voice=en_US-lessac-medium.onnx"), models) == [("piper", "en_US-lessac-medium")]
    with pytest.raises(ModelNotFound, match="no Piper voice for zh"):
        auto.tts(config("tts.engine=piper"), models, "zh")
    with pytest.raises(ModelNotFound, match=r"tts.voice gone\.onnx"):
        auto.tts(config("tts.voice=gone.onnx"), models, "en")


def test_research_voices_are_known_by_their_speaker() -> None:
    assert research_only(Path("en_US-lessac-low.onnx")) and research_only(Path("en_GB-alan-medium.onnx"))
    assert not research_only(Path("en_US-kristin-medium.onnx")) and not research_only(Path("voice.onnx"))


def test_wake_words_choose_the_engine_and_the_languages(models: Models) -> None:
    def chosen(*sets: str) -> list[tuple[str, list[tuple[str, str]]]]:
        return [
            (choice.name, [(word.word, word.language) for word in choice.spec.words])
            for choice in auto.wake(config(*sets), models)
        ]

    assert chosen("wake.words=[okay_nabu, {word: alexa, language: zh}]") == [
        ("micro_wake", [("okay_nabu", "en"), ("alexa", "zh")])
    ]
    assert chosen("wake.engine=none") == chosen("wake.words=[]") == []
    mixed = ("wake.words=[okay_nabu, {word: hey computer, engine: vosk}]", "wake.options={threshold: 0.9}")
    assert chosen(*mixed) == [("micro_wake", [("okay_nabu", "en")]), ("vosk", [("hey computer", "en")])]
    own, phrase = auto.wake(config(*mixed), models)
    assert set(phrase.spec.recognisers) == {"en"}
    assert (own.spec.options, phrase.spec.options) == ({"threshold": 0.9}, {})  # they are of the engine that wake.engine takes


def test_traces_are_of_the_words_for_which_they_were_measured(models: Models) -> None:
    mixed = "wake.words=[alexa, okay nabu, {word: hey computer, engine: vosk}]"
    wakes = auto.wake(config(mixed), models)
    [(word, choice)] = auto.wake_traces(wakes).items()
    assert word == "okay_nabu" and [one.name for one in choice.spec.words] == [word] and choice.spec.traces
    assert not any(wake.spec.traces for wake in wakes)


def test_languages_of_vosk_folders() -> None:
    found = [
        vosk_language(Path(name)) for name in ("vosk-model-small-en-us-0.15", "vosk-model-cn-0.22", "vosk-zh", "vosk-model-de")
    ]
    assert found == ["en", "zh", "zh", ""]
