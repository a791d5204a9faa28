"""Voices: espeak-ng and flite as installed, and Piper on a real graph of our own whose sound depends on the phonemes."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from assistant.cancel import Cancelled, CancelToken
from assistant.engines import espeak, flite, piper, piper_graph
from assistant.engines.base import TtsSpec
from assistant.engines.piper_words import word_ends
from assistant.errors import AssistantError, ConfigError, ModelDamaged, ModelNotFound, ModelUnsupported
from assistant.languages.words import word_spans
from assistant.protocols import Voice
from scripts import make_test_voice
from scripts.bench_models import voice as bench_voice


@pytest.fixture(scope="module")
def voice_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("voice") / "en_US-tones-test.onnx"
    make_test_voice.write(path)
    return path


def said(voice: Voice, text: str) -> bytes:
    return b"".join(chunk.pcm for chunk in voice.synthesize(text, CancelToken()))


def seconds(voice: Voice, text: str) -> float:
    return len(said(voice, text)) / 2 / voice.rate


def loudness(pcm: bytes) -> float:
    return float(np.sqrt(np.mean(np.frombuffer(pcm, "<i2").astype(float) ** 2)))


def make(engine: str, path: Path, **options: object) -> Voice:
    module = {"espeak": espeak, "flite": flite, "piper": piper}[engine]
    made: Voice = module.make(TtsSpec("en", str(path) if engine == "piper" else "auto", options))
    return made


@pytest.mark.parametrize("engine", ["espeak", "flite", "piper"])
class TestEveryVoice:
    def test_a_sentence_is_audible_and_longer_text_takes_longer(self, engine: str, voice_path: Path) -> None:
        voice = make(engine, voice_path)
        assert loudness(said(voice, "Good morning, Anna.")) > 300
        short, long = (
            seconds(voice, "Good morning."),
            seconds(voice, "Good morning, the kitchen light is on and the door is closed."),
        )
        assert 0.3 < short < 3 and long > 2 * short

    def test_the_same_text_sounds_the_same_and_another_text_does_not(self, engine: str, voice_path: Path) -> None:
        voice = make(engine, voice_path)
        said(voice, "warm up.")  # espeak-ng carries its oscillators' state over
        one, again, other = (said(voice, text) for text in ("Seven lamps.", "Seven lamps.", "Eleven doors."))
        assert abs(len(one) - len(again)) <= 0.02 * len(one)
        assert one != other

    @pytest.mark.parametrize("text", ["", " ", "...", "?!", "\0", "—"])
    def test_text_without_words_is_no_error(self, engine: str, voice_path: Path, text: str) -> None:
        assert seconds(make(engine, voice_path), text) < 2

    def test_a_cancelled_token_ends_it(self, engine: str, voice_path: Path) -> None:
        cancel = CancelToken()
        cancel.cancel("wake")
        with pytest.raises(Cancelled):
            list(make(engine, voice_path).synthesize("Never said.", cancel))

    def test_an_option_it_does_not_have_is_refused(self, engine: str, voice_path: Path) -> None:
        with pytest.raises(ConfigError, match="tts.options"):
            make(engine, voice_path, no_such_option=1)


MARKED = "The lamp in the kitchen is on, and one of the best doors is shut. It's well-known!"


@pytest.mark.parametrize("engine", ["espeak", "flite", "piper"])
def test_it_marks_where_its_words_end(engine: str, voice_path: Path, tmp_path: Path) -> None:
    """Every word in order, over when the sound is; the first words are over when their text alone would be, nearly."""
    module = {"espeak": espeak, "flite": flite, "piper": piper}[engine]
    voice = module.make(TtsSpec("en", str(voice_path) if engine == "piper" else "auto", cache=tmp_path))
    at, ends = 0.0, []
    for chunk in voice.synthesize(MARKED, CancelToken()):
        ends += [(at + mark.at_s, mark.characters) for mark in chunk.marks]
        at += len(chunk.pcm) / 2 / chunk.rate
    assert ends == sorted(ends) and ends[0][0] > 0 and ends[-1][0] <= at
    assert len({characters for _, characters in ends}) >= len(MARKED.split()) - 1  # "of the" may be one
    assert len(word_spans(MARKED[ends[-1][1] :])) == 0
    alone = seconds(voice, MARKED[:29])  # up to the comma
    told = next(at_s for at_s, characters in ends if characters >= 29)
    assert abs(told - alone) < 0.45


def test_piper_marks_end_where_its_tones_do(voice_path: Path, tmp_path: Path) -> None:
    """In the voice of tones a space is the one silence of three phoneme ids: the words end there, whatever the graph tells."""
    voice, at, pcm, marks = piper.make(TtsSpec("en", str(voice_path), cache=tmp_path)), 0.0, b"", []
    for chunk in voice.synthesize("Ana met Bob again today.", CancelToken()):
        assert chunk.marks is not None and all(0 < mark.at_s <= len(chunk.pcm) / 2 / voice.rate + 0.001 for mark in chunk.marks)
        marks += [(at + mark.at_s, mark.characters) for mark in chunk.marks]
        pcm, at = pcm + chunk.pcm, at + len(chunk.pcm) / 2 / voice.rate
    loud = np.flatnonzero(np.abs(np.frombuffer(pcm, "<i2")) > 100)
    gaps = np.flatnonzero(np.diff(loud) > 2.5 * make_test_voice.SAMPLES)
    ends = [*loud[gaps], loud[-1]]
    assert [characters for _, characters in marks] == [3, 7, 11, 17, 23]
    pad = make_test_voice.SAMPLES / voice.rate
    assert [at_s for at_s, _ in marks] == pytest.approx([end / voice.rate + pad for end in ends], abs=0.01)


def test_piper_is_cut_in_two_once_and_again_for_another_file(
    voice_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / voice_path.name
    mine.write_bytes(voice_path.read_bytes())
    cache = tmp_path / "cache"
    folder = piper_graph.parts(mine, cache)
    assert folder is not None and folder.parent == cache / "voices" and piper_graph.parts(mine, cache) == folder
    mine.write_bytes(voice_path.read_bytes())
    os.utime(mine, ns=(1, 1))
    again = piper_graph.parts(mine, cache)
    assert again not in (None, folder) and [*folder.parent.iterdir()] == [again]  # the old one is gone
    mine.write_bytes(b"damaged")
    assert piper_graph.parts(mine, cache) is None and not [*folder.parent.iterdir()]
    monkeypatch.setattr(piper_graph, "find_spec", lambda _: None)
    os.utime(mine, ns=(2, 2))
    assert piper_graph.parts(mine, cache) is None and piper_graph.parts(mine, None) is None


def test_piper_speaks_without_a_folder_for_its_halves(voice_path: Path, tmp_path: Path) -> None:
    (tmp_path / "voices").write_text("a file stands where the folder would")
    voice = piper.make(TtsSpec("en", str(voice_path), cache=tmp_path))
    assert [chunk.marks for chunk in voice.synthesize("Hello.", CancelToken())] == [None]


@pytest.fixture(scope="module")
def noise_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A voice of Piper's own layers, smaller; its weights are random."""
    path = tmp_path_factory.mktemp("noise") / "en_US-noise-test.onnx"
    bench_voice.write(path, size=bench_voice.Size(hidden=24, inner=48, layers=1, couplings=1, wave_layers=1, widest=32))
    return path


def test_windows_of_piper_are_the_whole(noise_path: Path, tmp_path: Path) -> None:
    """Whatever the windows, and with no neighbour too many: one fewer and it sounds otherwise."""
    import onnxruntime

    folder = piper_graph.parts(noise_path, tmp_path)
    assert folder is not None
    sound = onnxruntime.InferenceSession(str(folder / piper_graph.SOUND), providers=["CPUExecutionProvider"])
    kept = sound.get_modelmeta().custom_metadata_map
    name, neighbours = kept[piper_graph.LATENT], int(kept[piper_graph.NEIGHBOURS])
    latent = np.random.default_rng(3).normal(size=(1, 24, 150)).astype(np.float32)
    whole = sound.run(None, {name: latent})[0].ravel()
    hop = len(whole) // 150

    def windows(size: int, beside: int) -> object:
        found = []
        for at in range(0, 150, size):
            first, last = max(0, at - beside), min(150, at + size + beside)
            window = sound.run(None, {name: latent[:, :, first:last]})[0].ravel()
            found.append(window[(at - first) * hop : (min(150, at + size) - first) * hop])
        return np.concatenate(found)

    for size in (32, 47, 149):
        assert np.abs(windows(size, neighbours) - whole).max() < 1e-4
    assert np.abs(windows(32, neighbours // 2) - whole).max() > 1e-3


def test_piper_gives_its_sound_out_in_windows(noise_path: Path, tmp_path: Path) -> None:
    """The first is short, none is longer than the most, and a stop waits for one of them."""
    voice = piper.make(TtsSpec("en", str(noise_path), cache=tmp_path))
    text = "The lamp in the kitchen is on and the door to the garden is shut"
    lengths = [len(chunk.pcm) / 2 / 256 for chunk in voice.synthesize(text, CancelToken())]
    assert len(lengths) >= 2 and lengths[0] == piper.FIRST
    assert all(piper.FIRST // 2 <= length <= piper.MOST + piper.FIRST // 2 for length in lengths)
    cancel = CancelToken()
    chunks = voice.synthesize(text, cancel)
    next(chunks)
    cancel.cancel("stop")
    with pytest.raises(Cancelled):
        next(chunks)


@pytest.mark.parametrize(
    ("text", "sentences", "ends"),
    [
        ("One of the best.", ["wʌn ʌvðə bɛst."], [[(3, 3), (6, 6), (8, 10), (13, 15)]]),
        ("Yes, one of the best.", ["jɛs, wʌn ʌvðə bɛst."], [[(3, 3), (8, 8), (11, 11), (13, 15), (18, 20)]]),
        ("Dr. Smith is in.", ["dɑk.", "smɪθ ɪz ɪn."], [[(3, 2)], [(4, 9), (7, 12), (10, 15)]]),
        ("你好。", ["ni xau."], [[(2, 1), (6, 2)]]),
        ("...", [], []),
    ],
)
def test_words_are_matched_with_phonemes(text: str, sentences: list[str], ends: list[list[tuple[int, int]]]) -> None:
    assert word_ends(text, [list(sentence) for sentence in sentences]) == ends


def test_espeak_speaks_chinese() -> None:
    voice = espeak.make(TtsSpec("zh", "auto"))
    assert seconds(voice, "现在是五点。") > 0.8


def test_espeak_voices_of_two_languages_live_side_by_side() -> None:
    english, chinese = espeak.make(TtsSpec("en", "auto")), espeak.make(TtsSpec("zh", "auto"))
    alone = said(english, "It is five o'clock.")
    said(chinese, "现在是五点。")
    assert abs(len(said(english, "It is five o'clock.")) - len(alone)) <= 0.02 * len(alone)


@pytest.mark.parametrize(
    ("engine", "option", "more"), [("espeak", "rate_wpm", 110), ("flite", "stretch", 1.5), ("piper", "length_scale", 1.5)]
)
def test_it_can_speak_more_slowly(engine: str, option: str, more: float, voice_path: Path) -> None:
    text = "The kitchen light is on."
    assert seconds(make(engine, voice_path, **{option: more}), text) > 1.2 * seconds(make(engine, voice_path), text)


@pytest.mark.parametrize("engine", ["espeak", "flite", "piper", "piper in windows"])
def test_it_is_as_slow_as_it_is_told(engine: str, voice_path: Path, tmp_path: Path) -> None:
    """About so many times as long as by its own settings, and for this text alone; its words end so much later, in the same order.

    The tones of the test voice are 4 frames long, and a frame is the least.
    """
    name = engine.split()[0]
    own: dict[str, dict[str, object]] = {"espeak": {"rate_wpm": 200}, "flite": {"stretch": 1.1}, "piper": {"length_scale": 1.2}}
    module = {"espeak": espeak, "flite": flite, "piper": piper}[name]
    path = str(voice_path) if name == "piper" else "auto"
    text = "The lamp in the kitchen is on, and one of the best doors is shut."
    for options in ({}, own[name]):
        voice = module.make(TtsSpec("en", path, options, cache=tmp_path if engine.endswith("windows") else None))
        said(voice, text)

        def spoken(slowly: float, voice: Voice = voice) -> tuple[float, list[tuple[float, int]]]:
            at, ends = 0.0, []
            for chunk in voice.synthesize(text, CancelToken(), slowly):
                ends += [(at + mark.at_s, mark.characters) for mark in chunk.marks or ()]
                at += len(chunk.pcm) / 2 / chunk.rate
            return at, ends

        usual, ends = spoken(1.0)
        for slowly in (0.75, 1.25, 1.5, 2.0) if name == "piper" else (0.8, 1.25, 1.6, 2.0):
            length, later = spoken(slowly)
            assert length == pytest.approx(slowly * usual, rel=0.12), (options, slowly)
            assert [characters for _, characters in later] == [characters for _, characters in ends]
            assert all(
                at == pytest.approx(slowly * before, rel=0.15, abs=0.2) for (at, _), (before, _) in zip(later, ends, strict=True)
            )
        assert spoken(1.0)[0] == pytest.approx(usual, rel=0.02)


@pytest.mark.parametrize("name", flite.VOICES)
def test_every_flite_voice_speaks(name: str) -> None:
    assert seconds(flite.make(TtsSpec("en", name)), "Hello there.") > 0.4


def test_piper_sounds_like_its_phonemes(voice_path: Path) -> None:
    """The tone of the phoneme id is in the spectrum of what is said: the ids reach the graph."""
    from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

    samples = np.frombuffer(said(make("piper", voice_path), "sss."), "<i2").astype(float)
    spectrum = np.abs(np.fft.rfft(samples))
    hertz = np.fft.rfftfreq(len(samples), 1 / make_test_voice.RATE)
    tone = make_test_voice.frequency(DEFAULT_PHONEME_ID_MAP["s"][0])
    assert spectrum[np.abs(hertz - tone) < 20].max() > 0.2 * spectrum.max()


def test_piper_keeps_a_fixed_gain(voice_path: Path) -> None:
    quiet, loud = make("piper", voice_path, gain=0.5), make("piper", voice_path)
    assert loudness(said(quiet, "Hello.")) == pytest.approx(loudness(said(loud, "Hello.")) / 2, rel=0.02)


def test_piper_session_is_built_small(voice_path: Path) -> None:
    options = make("piper", voice_path, threads=1)._voice.session.get_session_options()  # type: ignore[attr-defined]
    assert options.intra_op_num_threads == 1 and not options.enable_cpu_mem_arena and not options.enable_mem_pattern
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"


def broken(voice_path: Path, folder: Path, onnx: bytes | None, sheet: str | None) -> Path:
    path = folder / "en_US-broken-test.onnx"
    path.write_bytes(voice_path.read_bytes() if onnx is None else onnx)
    whole = voice_path.with_name(voice_path.name + ".json").read_text(encoding="utf-8")
    path.with_name(path.name + ".json").write_text(whole if sheet is None else sheet, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("onnx", "sheet", "error", "says"),
    [
        (b"", None, ModelDamaged, "onnxruntime cannot load it"),
        (b"not a graph", None, ModelDamaged, "onnxruntime cannot load it"),
        (None, "{", ModelDamaged, "is no JSON"),
        (None, "[]", ModelDamaged, "no settings of a voice"),
        (None, "{}", ModelDamaged, "no whole Piper voice"),
        (None, json.dumps({"phoneme_type": "pinyin"}), ModelUnsupported, "would need a download"),
    ],
)
def test_a_broken_piper_voice_is_one_line(
    voice_path: Path, tmp_path: Path, onnx: bytes | None, sheet: str | None, error: type[AssistantError], says: str
) -> None:
    with pytest.raises(error, match=says) as caught:
        piper.make(TtsSpec("en", str(broken(voice_path, tmp_path, onnx, sheet))))
    assert "\n" not in str(caught.value)


def test_a_piper_voice_without_its_json_names_the_file(voice_path: Path, tmp_path: Path) -> None:
    lonely = tmp_path / "en_US-lonely-test.onnx"
    lonely.write_bytes(voice_path.read_bytes())
    with pytest.raises(ModelNotFound, match="en_US-lonely-test.onnx.json: no such file"):
        piper.make(TtsSpec("en", str(lonely)))


def test_an_onnx_file_that_is_no_voice_is_refused(voice_path: Path, tmp_path: Path) -> None:
    import onnx
    from onnx import TensorProto, helper

    value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("x", "y")]
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "other", value[:1], value[1:])
    model: onnx.ModelProto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    with pytest.raises(ModelUnsupported, match="no Piper voice"):
        piper.make(TtsSpec("en", str(broken(voice_path, tmp_path, model.SerializeToString(), None))))


def test_voices_that_do_not_exist() -> None:
    with pytest.raises(ModelNotFound, match="espeak-ng has no such voice"):
        espeak.make(TtsSpec("en", "klingon-opera"))
    with pytest.raises(ModelNotFound, match="slt, rms"):
        flite.make(TtsSpec("en", "bob"))
    with pytest.raises(ModelUnsupported, match="English only"):
        flite.make(TtsSpec("zh", "auto"))


def test_a_speaker_that_a_piper_voice_does_not_have(voice_path: Path) -> None:
    with pytest.raises(ConfigError, match="speakers 0 to 0"):
        make("piper", voice_path, speaker=3)
