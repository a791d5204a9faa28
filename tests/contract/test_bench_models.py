"""The models that scripts/make_bench_models.py makes: they load in the engines they are for, and weigh and cost what real ones do.

The recogniser and the voice are made whole. The dialogue model is made with one layer and a vocabulary of bytes, so that nothing
is downloaded and 429 MB are not written; its shape is compared with the published one's by counting.
"""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import vosk

from assistant.cancel import CancelToken
from assistant.engines import piper
from assistant.engines.base import LlmSpec, TtsSpec
from assistant.engines.llama import make as make_llama
from assistant.models import Models
from assistant.protocols import Sampling
from scripts import make_bench_models
from scripts.bench_models import llm, recogniser_graph
from tests.contract import speech

RATE = 16_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bench")
    assert make_bench_models.main(["--only", "voice", "--only", "vosk", "--out", str(path)]) == 0
    return path


@pytest.fixture(scope="module")
def model(folder: Path) -> Any:
    vosk.SetLogLevel(-1)
    return vosk.Model(str(folder / make_bench_models.VOSK))


def heard(model: Any, pcm: bytes, *grammar: str) -> list[str]:
    recogniser = vosk.KaldiRecognizer(model, RATE, *([json.dumps(grammar)] if grammar else []))
    recogniser.SetWords(True)
    texts = []
    for at in range(0, len(pcm), RATE // 2):
        if recogniser.AcceptWaveform(pcm[at : at + RATE // 2]):
            texts.append(json.loads(recogniser.Result())["text"])
    texts.append(json.loads(recogniser.FinalResult())["text"])
    return " ".join(texts).split()


def test_auto_takes_them_from_the_folder(folder: Path) -> None:
    models = Models((folder,))
    assert [path.name for path in models.vosk("en")] == [make_bench_models.VOSK]
    assert [path.name for path in models.piper("en")] == [make_bench_models.VOICE]
    assert not [path.name for path in folder.iterdir() if path.name.endswith(".part") or path.name.startswith(".")]


@pytest.mark.parametrize(
    ("file", "megabytes"), [("am/final.mdl", 16.0), ("graph/HCLr.fst", 22.4), ("graph/Gr.fst", 20.9), ("ivector/final.ie", 8.3)]
)
def test_the_recogniser_weighs_what_the_real_one_does(folder: Path, file: str, megabytes: float) -> None:
    """Gr.fst: 24.0 MB less the table of words that the real one carries and ours has in words.txt."""
    assert (folder / make_bench_models.VOSK / file).stat().st_size / 1e6 == pytest.approx(megabytes, rel=0.03)
    assert make_bench_models.weight(folder / make_bench_models.VOSK) / 1e6 == pytest.approx(70.9, rel=0.02)
    transitions = 2 * len(recogniser_graph.CONTEXTS.triples)
    assert transitions == pytest.approx(10_014, rel=0.01)


def test_it_hears_nonsense_in_speech_and_nothing_in_silence(model: Any) -> None:
    said = speech.flite("turn on the kitchen light please and tell me what time it is")
    words = heard(model, said)
    assert 3 <= len(words) <= 40
    assert all(model.vosk_model_find_word(word) > 0 for word in words)
    assert heard(model, speech.silence(10)) == []
    assert heard(model, speech.noise(10, rms=3)) == []
    assert 10 <= len(heard(model, speech.noise(10, rms=1000))) <= 60


def test_it_knows_the_dictionarys_words_and_takes_a_grammar(model: Any) -> None:
    assert all(model.vosk_model_find_word(word) > 0 for word in ("kitchen", "light", "okay", recogniser_graph.UNKNOWN))
    assert model.vosk_model_find_word("flurblewonk") < 0
    assert set(heard(model, speech.noise(3, rms=1000), "turn on the light", "[unk]")) <= {"turn", "on", "the", "light", "[unk]"}


def test_its_graph_has_each_word_once_behind_its_phones(tmp_path: Path) -> None:
    words = [("K", "AE", "T"), ("K", "AE", "B"), ("K", "AE", "T"), ("AH",)]
    states, arcs = recogniser_graph.words_graph(tmp_path / "g.fst", enumerate(words, 1))
    data = (tmp_path / "g.fst").read_bytes()
    assert states == 3 + 5 and arcs == 4 + 2 * 5 + 4  # hubs; K_B, AE_I, T_E, B_E, AH_S with loops; a word's arc each
    head = 4 + 4 + 5 + 4 + 8
    assert struct.unpack_from("<iiQqqq", data, head)[-2:] == (states, arcs)
    body = head + struct.calcsize("<iiQqqq")
    assert len(data) == body + 20 * states + 16 * arcs
    rows = np.frombuffer(data[body + 20 * states :], np.dtype("<i4, <i4, <f4, <i4"))
    assert sorted(rows["f1"].tolist()) == [0] * 14 + [1, 2, 3, 4]
    table = np.frombuffer(data[body : body + 20 * states], np.dtype("<f4, <u4, <u4, <u4, <u4"))
    assert table["f1"].tolist() == np.cumsum([0, *table["f2"][:-1]]).tolist() and table["f2"].sum() == arcs
    for first, count in zip(table["f1"], table["f2"], strict=True):
        outputs = rows["f1"][first : first + count].tolist()
        assert outputs == sorted(outputs)


def test_words_are_made_up_where_the_dictionary_ends() -> None:
    found = recogniser_graph.vocabulary({"cat": [("K", "AE", "T")], "dog": [("D", "AO", "G")], "up": [("AH", "P")]}, 5)
    assert list(found) == ["cat", "dog", "up", "cat-dog", "dog-up"]
    assert found["dog-up"] == ("D", "AO", "G", "AH", "P")


def test_the_voice_speaks_noise_of_the_length_of_speech(folder: Path) -> None:
    made = piper.make(TtsSpec("en", str(folder / make_bench_models.VOICE), {"threads": 1}))
    assert made.rate == 22_050

    def said(text: str) -> np.ndarray[Any, Any]:
        return np.frombuffer(b"".join(chunk.pcm for chunk in made.synthesize(text, CancelToken())), "<i2").astype(float)

    text = "The kitchen light is on and the door is closed."
    sound = said(text)
    assert 13 < len(text) / (len(sound) / made.rate) < 18, "characters a second; people read some fifteen"
    assert 500 < float(np.sqrt((sound**2).mean())) < 20_000
    assert len(said("Yes.")) < len(sound) / 3
    slow = piper.make(TtsSpec("en", str(folder / make_bench_models.VOICE), {"length_scale": 2.0}))
    longer = sum(len(chunk.pcm) for chunk in slow.synthesize("Yes.", CancelToken())) / 2
    assert longer == pytest.approx(2 * len(said("Yes.")), rel=0.1)


def test_the_voice_has_a_medium_voices_parameters(folder: Path) -> None:
    """15.65 million: those of piper's own network in its medium size, counted where torch is, less what speaking does not use."""
    import onnx
    from piper.patch_voice_with_alignment import add_alignment_output

    loaded = onnx.load(folder / make_bench_models.VOICE)
    assert sum(int(np.prod(table.dims)) for table in loaded.graph.initializer) == pytest.approx(15_650_459, rel=1e-4)
    assert (folder / make_bench_models.VOICE).stat().st_size == pytest.approx(63.3e6, rel=0.02)
    assert add_alignment_output(loaded).startswith("Ceil"), "piper finds how long each phoneme is"


def test_the_dialogue_model_in_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ranks = {bytes([byte]): byte for byte in range(256)} | {b"th": 256, b"the": 257}
    monkeypatch.setattr(llm, "vocabulary", lambda: ranks)
    path = tmp_path / make_bench_models.LLM
    make_bench_models.make_llm(path, llm.Size(width=64, heads=2, kv_heads=1, inner=128, layers=1, vocabulary=288))
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    made = make_llama(LlmSpec(path, context=128, kv_tokens=128, threads=1))
    session = made.open("test")
    assert made.encode("the") == [257]
    session.append(made.encode("the cat"))
    assert len(list(session.stream(Sampling(temperature=0, max_tokens=5), CancelToken()))) == 5
    session.close()


def test_it_says_words_and_marks_after_some_of_them() -> None:
    words = [f"w{number}" for number in range(20)]
    ordered = [b".", b",", b" ", b"the", *(f" {word}".encode() for word in words), b" other", " é".encode()]
    assert llm.spoken(ordered, {"w3", "w1", "the"}) == [5, 7]
    embeddings = np.random.default_rng(1).standard_normal((len(ordered), 400), np.float32)
    output = np.ones_like(embeddings)
    llm.tune(output, embeddings, ordered, words)
    assert output[2:, 0].tolist() == [1, 1, *[llm.LOUD] * 20, 1, 1]
    after = [set(np.flatnonzero(embeddings @ output[mark] > 200).tolist()) for mark in (0, 1)]
    assert after == [{4, 5}, {6}], "a full stop after the first tenth of the words, a comma after the next"


def test_the_dialogue_model_has_the_published_ones_weights() -> None:
    """630 million with embeddings and output apart, as in the published GGUF of 429 MB."""
    size = llm.Size()
    kv = size.width // size.heads * size.kv_heads
    layer = 2 * size.width**2 + 2 * kv * size.width + 3 * size.width * size.inner + 3 * size.width + 2 * kv
    assert layer * size.layers + 2 * size.vocabulary * size.width + size.width == 630_167_424


def test_what_is_there_stays_and_a_failure_is_one_line(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (folder / make_bench_models.VOICE).stat().st_mtime_ns
    assert make_bench_models.main(["--only", "voice", "--out", str(folder)]) == 0
    assert (folder / make_bench_models.VOICE).stat().st_mtime_ns == before
    assert f"--set models={folder}" in capsys.readouterr().out
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    assert make_bench_models.main(["--only", "llm", "--out", str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").touch()
    assert make_bench_models.main(["--only", "vosk", "--out", str(tmp_path / "file/below")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
