"""Wake words on real engines: microWakeWord's own four, an own model, and a phrase heard by the starter recogniser."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant import events
from assistant.audio.format import FRAME_S, RATE
from assistant.cli import run
from assistant.config import Config
from assistant.engines import micro_wake, vosk_wake
from assistant.engines.base import WakeSpec, Word
from assistant.engines.fakes import FakeClock, FakeSink
from assistant.engines.fakes_echo import FakeEcho
from assistant.engines.fakes_hearing import FakeTranscriber
from assistant.errors import AssistantError, ConfigError, EngineError, ModelDamaged, ModelNotFound, ModelUnsupported
from assistant.evals.house_in_room import HouseInRoom
from assistant.evals.wake_phrase import Trial
from assistant.listen.barge_in import BargeIn
from assistant.listen.saying import Saying
from assistant.protocols import Care, Wake, WakeDetector
from tests.contract.speech import espeak, flite, frames, mix, noise, silence

STARTER = Path(__file__).parents[2] / "models/starter/vosk-en"
ALL = tuple(Word(word, "en") for word in ("okay_nabu", "hey_jarvis", "alexa", "hey_mycroft"))


def fired(detector: WakeDetector, pcm: bytes, care: Care = "usual") -> list[Wake]:
    detector.reset()
    return [wake for frame in frames(silence(1) + pcm + silence(1)) if (wake := detector.feed(frame, care))]


@pytest.fixture(scope="module")
def all_words() -> WakeDetector:
    return micro_wake.make(WakeSpec(ALL))


@pytest.mark.parametrize("word", ["okay nabu", "hey jarvis", "alexa", "hey mycroft"])
@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
def test_each_word_fires_itself_once_beside_the_others(all_words: WakeDetector, word: str, voice: str) -> None:
    assert fired(all_words, flite(word, voice)) == [Wake(word.replace(" ", "_"), "en")]


def test_speech_without_a_wake_word_noise_and_silence_fire_nothing(all_words: WakeDetector) -> None:
    other = flite("what time is it in the kitchen, and is the back door open or closed today", "rms")
    assert fired(all_words, other) == fired(all_words, noise(5, rms=2000)) == fired(all_words, silence(5)) == []


def test_frames_of_any_length_do_the_same() -> None:
    detector = micro_wake.make(WakeSpec(ALL[:1]))
    pcm = silence(1) + espeak("okay nabu") + silence(1)
    found = [wake for at in range(0, len(pcm), 666) if (wake := detector.feed(pcm[at : at + 666]))]
    assert found == [Wake("okay_nabu", "en")]


def test_the_word_carries_its_language() -> None:
    detector = micro_wake.make(WakeSpec((Word("alexa", "zh"), Word("okay nabu", "en"))))
    assert fired(detector, flite("alexa", "slt")) == [Wake("alexa", "zh")]


def test_two_words_in_one_breath_fire_once_until_the_refractory_time_is_over() -> None:
    twice = flite("okay nabu", "slt") + silence(0.3) + flite("okay nabu", "slt")
    assert len(fired(micro_wake.make(WakeSpec(ALL[:1])), twice)) == 1
    assert len(fired(micro_wake.make(WakeSpec(ALL[:1], options={"refractory_s": 0.5})), twice)) == 2


def test_an_error_survives_a_detector_that_is_dropped_on_its_way() -> None:
    """The package's features lose the exception that unwinds them; in a process of its own, for it may crash."""
    code = """
from assistant.engines import micro_wake
from assistant.engines.base import WakeSpec, Word
try:
    [micro_wake.make(WakeSpec((Word("alexa", "en"),))), int("no number")]
except ValueError:
    print("seen")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "seen\n")


def test_half_a_sample_is_an_error(all_words: WakeDetector) -> None:
    with pytest.raises(EngineError, match="whole 16-bit samples"):
        all_words.feed(b"\0")


def built_in_model(folder: Path, name: str) -> Path:
    """A copy of the package's okay_nabu under another name, as an own model."""
    from pymicro_wakeword import MicroWakeWord, Model

    model = MicroWakeWord.from_builtin(Model.OKAY_NABU)
    path = folder / f"{name}.tflite"
    shutil.copy(model.tflite_model, path)
    micro = {"probability_cutoff": model.probability_cutoff, "sliding_window_size": model.sliding_window_size}
    path.with_suffix(".json").write_text(json.dumps({"micro": micro}), encoding="utf-8")
    return path


def test_an_own_model_is_heard_under_its_file_name(tmp_path: Path) -> None:
    path = built_in_model(tmp_path, "dear_house")
    detector = micro_wake.make(WakeSpec((Word(str(path), "en"), Word("alexa", "en"))))
    assert fired(detector, espeak("okay nabu")) == [Wake("dear_house", "en")]


@pytest.mark.parametrize(
    ("damage", "error", "says"),
    [
        ("no manifest", ModelNotFound, "no such file"),
        ("bad manifest", ModelDamaged, "no microWakeWord manifest"),
        ("truncated", (ModelDamaged, ModelUnsupported), "dear_house.tflite"),
        ("not tflite", ModelDamaged, "no whole TensorFlow Lite model"),
    ],
)
def test_a_broken_own_model_is_one_line(tmp_path: Path, damage: str, error: type[AssistantError], says: str) -> None:
    path = built_in_model(tmp_path, "dear_house")
    if damage == "no manifest":
        path.with_suffix(".json").unlink()
    elif damage == "bad manifest":
        path.with_suffix(".json").write_text("{}")
    else:
        path.write_bytes(path.read_bytes()[:100] if damage == "truncated" else b"not a model at all" * 100)
    with pytest.raises(error, match=says) as caught:
        micro_wake.make(WakeSpec((Word(str(path), "en"),)))
    assert "\n" not in str(caught.value)


def test_unknown_words_and_options_are_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r"did you mean hey_jarvis\?"):
        micro_wake.make(WakeSpec((Word("hey jarviss", "en"),)))
    with pytest.raises(ConfigError, match="wake.words is empty"):
        micro_wake.make(WakeSpec(()))
    with pytest.raises(ConfigError, match="wake.options"):
        micro_wake.make(WakeSpec(ALL[:1], options={"treshold": 0.5}))


PHRASES = (Word("hey computer", "en"), Word("good morning", "en"))


@pytest.fixture(scope="module")
def phrases() -> WakeDetector:
    return vosk_wake.make(WakeSpec(PHRASES, {"en": STARTER}))


@pytest.mark.parametrize("voice", ["slt", "awb"])
def test_a_phrase_fires_alone_and_in_front_of_a_question(phrases: WakeDetector, voice: str) -> None:
    assert fired(phrases, flite("good morning", voice)) == [Wake("good morning", "en")]
    assert fired(phrases, flite("hey computer", voice) + silence(0.3) + flite("what time is it", voice))[:1] == [
        Wake("hey computer", "en")
    ]


def test_it_says_how_long_ago_a_phrase_ended(phrases: WakeDetector) -> None:
    pcm = silence(0.7) + flite("good morning", "slt")
    ended = len(pcm) / 2 / RATE
    for number, frame in enumerate(frames(pcm + flite("what time is it", "slt") + silence(2)), 1):
        if wake := phrases.feed(frame):
            assert wake.late_s == pytest.approx(number * FRAME_S - ended, abs=0.35)
            assert number * FRAME_S - ended < 0.6  # although somebody talks on
            return
    raise AssertionError("it did not fire")


@pytest.mark.parametrize("voice", ["slt", "rms", "awb", "kal16"])
@pytest.mark.parametrize("gap_s", [0.0, 0.2])
def test_the_default_word_says_how_long_ago_it_ended_whoever_heard_it(voice: str, gap_s: float) -> None:
    """The network alone, or the recogniser behind it; what it says is what the listener hears again."""
    detector = micro_wake.make(WakeSpec(ALL[:1], {"en": STARTER}))
    pcm = silence(1) + flite("okay nabu", voice)
    ended = len(pcm) / 2 / RATE
    [(at_s, wake)] = [
        (number * FRAME_S, wake)
        for number, frame in enumerate(frames(pcm + silence(gap_s) + flite("what time is it", voice) + silence(1)), 1)
        if (wake := detector.feed(frame))
    ]
    assert wake.late_s == pytest.approx(max(0.0, at_s - ended), abs=0.1)


def test_other_speech_does_not_fire_a_phrase(phrases: WakeDetector) -> None:
    for said in ("what time is it", "turn on the kitchen light", "my name is anna"):
        assert fired(phrases, flite(said, "slt")) == []
    assert fired(phrases, noise(3)) == []


def test_a_recogniser_is_rebuilt_and_still_hears() -> None:
    detector = vosk_wake.make(WakeSpec(PHRASES[1:], {"en": STARTER}, options={"recycle_s": 10}))
    for frame in frames(silence(25)):
        assert detector.feed(frame) is None
    assert [wake for frame in frames(flite("good morning", "slt") + silence(1)) if (wake := detector.feed(frame))]


def test_a_phrase_that_can_never_be_heard_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"can never be heard: .* does not know xylograph"):
        vosk_wake.make(WakeSpec((Word("hey xylograph", "en"),), {"en": STARTER}))
    with pytest.raises(ConfigError, match="needs a Vosk model for zh"):
        vosk_wake.make(WakeSpec((Word("你好", "zh"),), {"en": STARTER}))


def test_the_nearest_words_are_named() -> None:
    with pytest.raises(ConfigError, match=r"does not know kitchn; near are .*kitchen.*, or take another model"):
        vosk_wake.make(WakeSpec((Word("hey kitchn", "en"),), {"en": STARTER}))


def test_a_phrase_that_few_voices_or_other_talk_wake_is_not_accepted() -> None:
    assert Trial(["a", "b", "c", "d"], ["e"], 0).ok
    assert not Trial(["a", "b", "c"], ["d"], 0).ok and not Trial(["a"], [], 1).ok


def test_a_phrase_is_tried_by_every_voice_before_it_is_accepted(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["wake", "check", "good morning kitchen"]) == 0
    assert "{word: good morning kitchen, engine: vosk}" in capsys.readouterr().out
    assert run(["wake", "check", "hey kitchn"]) == 2
    err = capsys.readouterr().err
    assert "kitchn" in err and "kitchen" in err and "Traceback" not in err


def test_a_model_with_a_fixed_graph_takes_no_phrase(tmp_path: Path) -> None:
    fixed = tmp_path / "vosk-en"
    shutil.copytree(STARTER, fixed)
    (fixed / "graph/HCLr.fst").rename(fixed / "graph/HCLG.fst")
    with pytest.raises((ModelUnsupported, ModelDamaged), match="fixed|Vosk cannot use it"):
        vosk_wake.make(WakeSpec(PHRASES, {"en": fixed}))


SECOND = WakeSpec(ALL[:1], {"en": STARTER})
"""The small network, and the starter recogniser for a second look."""


@pytest.fixture(scope="module")
def second() -> WakeDetector:
    return micro_wake.make(SECOND)


@pytest.mark.parametrize("voice", ["en-us+f2", "en-us+belinda", "en-gb-x-rp+linda"])
def test_the_recogniser_hears_a_voice_that_the_small_network_thinks_unlikely(second: WakeDetector, voice: str) -> None:
    said = mix(espeak("okay nabu", voice), gain=0.5)
    alone = micro_wake.make(WakeSpec(ALL[:1], {"en": STARTER}, {"look_from": None}))
    assert fired(alone, said) == []
    assert fired(second, said) == [Wake("okay_nabu", "en")]


def test_without_a_recogniser_that_knows_the_words_the_network_is_alone() -> None:
    chinese = micro_wake.make(WakeSpec((Word("okay_nabu", "zh"),), {"zh": STARTER.with_name("vosk-zh")}))
    assert fired(chinese, flite("okay nabu", "rms")) == [Wake("okay_nabu", "zh")]
    assert fired(chinese, mix(espeak("okay nabu", "en-us+f2"), gain=0.5)) == []


@pytest.mark.parametrize("said", ["okay maybe later", "okay never mind", "is it okay now to go", "okay my friend"])
def test_a_second_look_tells_what_people_say_that_begins_like_the_word(second: WakeDetector, said: str) -> None:
    assert [fired(second, voice) for voice in (espeak(said), espeak(said, "en-us+f2"), flite(said), flite(said, "rms"))] == [
        []
    ] * 4


@pytest.mark.parametrize(
    ("said", "voice", "fires"),
    [
        ("okay nabu", "en-us", {"less", "usual", "more"}),
        ("okay not you", "en-us", {"less", "usual"}),
        ("okay not you", "en-us+f2", {"less"}),
        ("what time is it", "en-us", set()),
    ],
)
def test_with_more_care_the_network_alone_does_not_do_and_with_less_it_need_not_be_sure(
    second: WakeDetector, said: str, voice: str, fires: set[Care]
) -> None:
    cares: tuple[Care, ...] = ("less", "usual", "more")
    assert {care for care in cares if fired(second, espeak(said, voice), care)} == fires


def test_where_nothing_else_tells_a_word_care_changes_nothing() -> None:
    for alone in (
        micro_wake.make(WakeSpec(ALL[:1], {"en": STARTER}, {"look_from": None})),
        vosk_wake.make(WakeSpec((Word("okay nabu", "en"),), {"en": STARTER})),
    ):
        assert fired(alone, flite("okay nabu", "rms"), "more")
        assert not fired(alone, espeak("hey nabu", "en-us+m3"), "less")


def test_a_word_that_only_a_canceller_left_has_no_trace_in_the_sound_as_it_came() -> None:
    sink = FakeSink(FakeClock())
    echo = FakeEcho(sink)
    echo.cancels = True
    ours = mix(
        flite("the next train leaves from platform four at half past six, and the shop opens at nine", "slt") * 2, gain=0.2
    )
    word = silence(5) + flite("okay nabu", "rms") + silence(0.5)
    for came, believed in ((ours, False), (mix(ours, word), True)):
        detector, trace = micro_wake.make(SECOND), micro_wake.make(replace(SECOND, traces=True))
        barge_in = BargeIn((), FakeTranscriber().session, sink, echo, Saying(sink), traces={"okay_nabu": trace})
        heard = []
        for clean, raw in zip(frames(mix(word, noise(len(word) / 2 / RATE, 300))), frames(came), strict=False):
            if detector.feed(clean) is not None:
                heard.append(barge_in.believes("okay_nabu"))
            echo.level = float((np.frombuffer(clean, "<i2").astype(float) ** 2).mean())
            barge_in.feed(clean, raw)
        assert heard == [believed]


def in_a_room(config: Config, pcm: bytes) -> list[events.Event]:
    """What the listener tells of a sound, half as loud, above a room's noise."""
    house = HouseInRoom(config, speaks=False)
    try:
        return list(house.hear(np.frombuffer(mix(pcm, noise(len(pcm) / 2 / RATE, 20), gain=0.5), "<i2").astype("f4")))
    finally:
        house.close()


def test_words_right_behind_a_wake_word_of_a_second_look_are_heard() -> None:
    pcm = silence(1) + espeak("okay nabu", "en-us+f2") + silence(0.1) + flite("what time is it") + silence(1.5)
    seen = in_a_room(Config(), pcm)
    assert [event.text for event in seen if isinstance(event, events.Transcript)] == ["what time is it"]


@pytest.mark.parametrize("voice", ["en-us", "en-us+f5", "en-us+m3"])
def test_words_in_one_breath_with_a_phrase_are_all_heard_and_none_of_its_own(voice: str) -> None:
    config = Config.model_validate({"wake": {"words": [{"word": "hello computer", "engine": "vosk", "language": "en"}]}})
    said = espeak("hello computer", voice) + espeak("what time is it", voice)
    pcm = silence(1) + said + silence(2) + espeak("hello computer", voice) + silence(6)
    seen = in_a_room(config, pcm)
    assert [event.text for event in seen if isinstance(event, events.Transcript)] == ["what time is it"]
    assert len([event for event in seen if isinstance(event, events.WakeHeard)]) == 2
