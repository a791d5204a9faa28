"""Recognition on real engines: Vosk with the starter recogniser, PocketSphinx with the model of its wheel."""

import json
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.engines import pocketsphinx, vosk
from assistant.engines.base import SttSpec
from assistant.errors import AssistantError, ConfigError, EngineError, ModelDamaged, ModelNotFound, ModelUnsupported
from assistant.protocols import SpokenWord, Transcriber
from tests.contract.speech import espeak, flite, frames, noise, silence

STARTER = Path(__file__).parents[2] / "models/starter/vosk-en"


@pytest.fixture(scope="module", params=["vosk", "pocketsphinx"])
def transcriber(request: pytest.FixtureRequest) -> Transcriber:
    makers: dict[str, Callable[[], Transcriber]] = {
        "vosk": lambda: vosk.make(SttSpec("en", STARTER)),
        "pocketsphinx": lambda: pocketsphinx.make(SttSpec("en")),
    }
    return makers[request.param]()


@pytest.fixture(scope="module")
def starter() -> Transcriber:
    return vosk.make(SttSpec("en", STARTER))


def hear(transcriber: Transcriber, pcm: bytes, grammar: list[str] | None = None) -> tuple[str, list[str], list[SpokenWord]]:
    """The text, the partials and the words of an utterance."""
    session = transcriber.session(grammar)
    partials = [session.feed(frame) for frame in frames(silence(0.3) + pcm + silence(0.6))]
    return session.finish(), partials, list(session.words)


@pytest.mark.parametrize("voice", ["slt", "awb"])
@pytest.mark.parametrize("said", ["what time is it", "my name is anna"])
def test_a_sentence_is_recognised(transcriber: Transcriber, said: str, voice: str) -> None:
    assert hear(transcriber, flite(said, voice))[0] == said


def test_partials_grow_and_words_have_times(transcriber: Transcriber) -> None:
    pcm = flite("what time is it", "slt")
    text, partials, words = hear(transcriber, pcm)
    assert partials[0] == "" and partials[-1]
    lengths = [len(partial.split()) for partial in partials if partial]
    assert lengths[0] < len(text.split()) <= max(lengths) and lengths[0] < lengths[-1]
    assert [word.word for word in words] == text.split()
    assert all(word.start < word.end for word in words)
    assert all(one.end <= two.start + 0.05 for one, two in pairwise(words))
    assert 0.1 < words[0].start < 0.6 and words[-1].end < 0.3 + len(pcm) / 32000 + 0.4


def test_words_come_sooner_than_in_the_librarys_own_chunks(starter: Transcriber) -> None:
    """Words written, summed over the frames of four utterances."""
    import vosk as library

    model = library.Model(str(STARTER))
    ours = theirs = 0
    for said in ("what time is it", "my name is anna"):
        for voice in ("slt", "awb"):
            pcm = silence(0.3) + flite(said, voice) + silence(0.6)
            session, recogniser = starter.session(), library.KaldiRecognizer(model, 16_000)
            for frame in frames(pcm):
                ours += len(session.feed(frame).split())
                assert not recogniser.AcceptWaveform(frame)
                theirs += len(json.loads(recogniser.PartialResult())["partial"].split())
    assert ours > theirs


def test_the_starters_last_partial_is_what_was_said(starter: Transcriber) -> None:
    """PocketSphinx's partials are worse than its result: it knows the microphone's mean only at the end of an utterance."""
    text, partials, _ = hear(starter, flite("what time is it", "slt"))
    assert partials[-1] == text == "what time is it"
    assert any(partial and partial != text for partial in partials)


def test_silence_has_no_words(transcriber: Transcriber) -> None:
    assert hear(transcriber, silence(2)) == ("", [""] * len(frames(silence(2.9))), [])


def test_noise_has_none_either(transcriber: Transcriber) -> None:
    assert hear(transcriber, noise(2, rms=800))[0] == ""


def test_sessions_do_not_mix(transcriber: Transcriber) -> None:
    one, two = transcriber.session(), transcriber.session()
    for first, second in zip(
        frames(flite("what time is it", "slt") + silence(0.6)),
        frames(flite("my name is anna", "slt") + silence(0.6)),
        strict=False,
    ):
        one.feed(first)
        two.feed(second)
    assert (one.finish(), two.finish()) == ("what time is it", "my name is anna")
    assert hear(transcriber, silence(0.5))[0] == ""


def test_a_grammar_limits_what_is_heard(transcriber: Transcriber) -> None:
    assert hear(transcriber, flite("what time is it", "slt"), ["what time is it", "stop"])[0] == "what time is it"
    assert "anna" not in hear(transcriber, flite("my name is anna", "slt"), ["what time is it", "stop", "flurblewonk"])[0]


def test_misuse_is_named(transcriber: Transcriber) -> None:
    session = transcriber.session()
    with pytest.raises(EngineError, match="16-bit samples"):
        session.feed(b"\0")
    session.finish()
    assert session.finish() == ""
    with pytest.raises(EngineError, match="finished"):
        session.feed(bytes(1024))


COMMANDS = (
    "turn on the kitchen light",
    "what can you do",
    "do you remember my name",
    "what is the capital of france",
    "repeat that",
    "stop",
)


@pytest.mark.parametrize("voice", ["en-us", "en", "en-us+m3"])
def test_the_starter_knows_the_demo(starter: Transcriber, voice: str) -> None:
    assert [hear(starter, espeak(said, voice))[0] for said in COMMANDS] == list(COMMANDS)


def test_a_pause_does_not_split_what_was_said(starter: Transcriber) -> None:
    assert (
        hear(starter, flite("my name is anna", "slt") + silence(1.2) + flite("what time is it", "slt"))[0]
        == "my name is anna what time is it"
    )


def test_words_that_the_starter_does_not_know_are_left_out(starter: Transcriber) -> None:
    known = {line.split()[0] for line in (STARTER / "graph/words.txt").read_text(encoding="utf-8").splitlines()}
    text = hear(starter, flite("rhododendron cryptography obfuscates", "slt"))[0]
    assert "[unk]" not in text and set(text.split()) <= known


def test_the_starter_takes_sound_of_any_length(starter: Transcriber) -> None:
    pcm = silence(0.3) + flite("what time is it", "slt") + silence(0.6)
    for size in (320, 1000, 32_000, len(pcm)):
        session = starter.session()
        for at in range(0, len(pcm), size):
            session.feed(pcm[at : at + size])
        assert session.finish() == "what time is it"


def without(path: str) -> Callable[[Path], None]:
    return lambda folder: (folder / path).unlink()


def emptied(path: str) -> Callable[[Path], None]:
    return lambda folder: (folder / path).open("wb").close()


def silence_phones_missing(folder: Path) -> None:
    conf = folder / "conf/model.conf"
    lines = [line for line in conf.read_text().splitlines() if "silence-phones" not in line]
    conf.write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        (without("am/final.mdl"), ModelUnsupported),
        (without("conf/model.conf"), ModelDamaged),
        (without("conf/mfcc.conf"), ModelDamaged),
        (without("graph/Gr.fst"), ModelDamaged),
        (without("graph/disambig_tid.int"), ModelDamaged),
        (emptied("am/final.mdl"), ModelDamaged),
        (emptied("graph/HCLr.fst"), ModelDamaged),
        (silence_phones_missing, ModelDamaged),
    ],
)
def test_a_broken_folder_is_one_line(tmp_path: Path, damage: Callable[[Path], None], error: type[AssistantError]) -> None:
    folder = tmp_path / "vosk-en"
    shutil.copytree(STARTER, folder)
    damage(folder)
    with pytest.raises(error, match="vosk-en") as caught:
        vosk.make(SttSpec("en", folder))
    assert "\n" not in str(caught.value)


def test_what_cannot_be_made_is_said() -> None:
    with pytest.raises(ModelNotFound, match="no such folder"):
        vosk.make(SttSpec("en", Path("nowhere")))
    with pytest.raises(ModelUnsupported, match="is no Vosk model"):
        vosk.make(SttSpec("en", Path(__file__).parent))
    with pytest.raises(ConfigError, match="needs a model folder"):
        vosk.make(SttSpec("en"))
    with pytest.raises(ModelUnsupported, match="knows English only"):
        pocketsphinx.make(SttSpec("zh"))
    with pytest.raises(ConfigError, match="brings its own"):
        pocketsphinx.make(SttSpec("en", STARTER))
