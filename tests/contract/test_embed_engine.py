"""The embedder of the house on all-MiniLM-L6-v2, beside the original weights computed in numpy; and what `auto` takes."""

from collections.abc import Iterator
from pathlib import Path

import gguf
import numpy as np
import pytest

from assistant.config import Config, load_config
from assistant.engines import auto
from assistant.engines.base import EmbedSpec, factory
from assistant.engines.llama.embed import LIMIT, LlamaEmbedder, prefixes
from assistant.errors import ConfigError, EngineError, ModelDamaged, ModelNotFound, ModelTooBig, ModelUnsupported
from assistant.models import SHIPPED, Models, embeds
from assistant.protocols import Embedder
from scripts import make_embedder
from tests.contract import minilm_original
from tests.contract.test_embedder import WHEELS, sentences
from tests.contract.tiny_gguf import write

STARTER = SHIPPED / "starter/starter-llm.gguf"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("embedder") / "minilm.gguf"
    wheel = make_embedder.fetch(WHEELS)
    assert make_embedder.main(["--wheel", str(wheel), "--out", str(path), "--type", "q8_0"]) == 0
    return path


@pytest.fixture(scope="module")
def embedder(made: Path) -> Iterator[LlamaEmbedder]:
    loaded = load(made)
    yield loaded
    loaded.close()


def load(path: Path, **options: object) -> LlamaEmbedder:
    loaded: Embedder = factory("embed", "llama")(EmbedSpec(path, options))
    assert isinstance(loaded, LlamaEmbedder)
    return loaded


def test_directions_are_the_originals(embedder: LlamaEmbedder) -> None:
    texts = sentences()[::4]
    theirs = minilm_original.embedded(WHEELS / make_embedder.WHEEL, texts)
    ours = np.array([embedder.embed(text) for text in texts])
    assert ours.dtype == np.float32 and ours.shape == (50, 384) and embedder.size == 384
    np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-6)
    assert (ours * theirs).sum(1).min() >= 0.99


PARAPHRASES = [
    ("Where do I live?", "my home is in Oslo", "the kettle has boiled"),
    ("How do I reset the router?", "Hold the button for ten seconds to restart the modem.", "Add two eggs to the flour."),
    ("When does the library close?", "Opening hours: the reading room shuts at 8 pm.", "The river is full of trout."),
    ("I am allergic to nuts", "peanuts make her ill", "the train leaves from platform two"),
]


@pytest.mark.parametrize(("text", "same", "other"), PARAPHRASES)
def test_what_means_the_same_is_nearer(embedder: LlamaEmbedder, text: str, same: str, other: str) -> None:
    asked = embedder.embed(text, query=True)
    assert asked @ embedder.embed(same) > asked @ embedder.embed(other) + 0.1


def test_the_same_text_points_the_same_way_whatever_was_before(embedder: LlamaEmbedder) -> None:
    first = embedder.embed("turn on the light")
    embedder.embed("something else, and longer " * 30)
    again = embedder.embed("turn on the light")
    assert (first == again).all() and first is not again


def test_a_long_text_is_cut_at_its_end(embedder: LlamaEmbedder) -> None:
    words = "the old gardener forgot to water " * 200
    ids = embedder.ids(words)
    assert len(ids) == LIMIT and ids[0] == 101 and ids[-1] == 102
    assert (embedder.embed(words) == embedder.embed(words + "and then the world ended")).all()
    assert (embedder.embed("x" * 5_000_000) == embedder.embed("x" * 100_000)).all()


@pytest.mark.parametrize("text", ["", " ", "\0", "[CLS] [SEP]", "\ud800", "你好", "😀"])
def test_any_text_has_a_direction(embedder: LlamaEmbedder, text: str) -> None:
    assert abs(float(np.linalg.norm(embedder.embed(text))) - 1) < 1e-5
    assert embedder.ids(text).count(102) == 1


def test_a_question_has_its_prefix(made: Path, embedder: LlamaEmbedder) -> None:
    assert (embedder.embed("hello", query=True) == embedder.embed("hello")).all()  # MiniLM wants none
    other = load(made, query_prefix="question: ", passage_prefix="text: ")
    assert (other.embed("hello", query=True) == embedder.embed("question: hello")).all()
    assert (other.embed("hello") == embedder.embed("text: hello")).all()
    assert other.name != embedder.name  # vectors of passages differ
    other.close()
    question = load(made, query_prefix="question: ")
    assert question.name == embedder.name
    question.close()


def test_models_are_known_by_their_names() -> None:
    assert prefixes("bge-small-en-v1.5-q8_0") == ("Represent this sentence for searching relevant passages: ", "")
    assert prefixes("bge-small-zh-v1.5-q8_0")[0].startswith("为这个句子")
    assert prefixes("multilingual-e5-small-q8_0") == ("query: ", "passage: ")
    assert prefixes("all-MiniLM-L6-v2-Q8_0") == prefixes("bge-m3") == ("", "")


def test_the_first_token_where_the_file_says_so(made: Path, embedder: LlamaEmbedder, tmp_path: Path) -> None:
    """As bge is pooled: the same weights, another field."""
    path = tmp_path / "cls.gguf"
    path.write_bytes(made.read_bytes())
    field = gguf.GGUFReader(path, "r+").fields["bert.pooling_type"]
    field.parts[field.data[0]][0] = gguf.PoolingType.CLS
    del field
    assert path.read_bytes() != made.read_bytes()
    other = load(path)
    assert other.embed("hello there") @ embedder.embed("hello there") < 0.99
    assert abs(float(np.linalg.norm(other.embed("hello there"))) - 1) < 1e-5
    other.close()


def test_what_is_no_embedder_is_refused_in_one_line(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cut.gguf").write_bytes(made.read_bytes()[:100_000])
    (tmp_path / "text.gguf").write_bytes(b"hello")
    for path, error in (
        (tmp_path / "none.gguf", ModelNotFound),
        (tmp_path / "cut.gguf", ModelDamaged),
        (tmp_path / "text.gguf", ModelUnsupported),
        (STARTER, ModelUnsupported),
        (write(tmp_path / "tiny.gguf"), ModelUnsupported),
    ):
        with pytest.raises(error) as caught:
            load(path)
        assert str(path) in str(caught.value) and "\n" not in str(caught.value)
    with pytest.raises(ConfigError, match="nonsense"):
        load(made, nonsense=1)
    monkeypatch.setattr("assistant.engines.llama.embed.mem_available", lambda: 30 << 20)
    with pytest.raises(ModelTooBig, match="30 MiB are available; set embed.engine to none"):
        load(made)


def test_closed_is_an_error(made: Path) -> None:
    loaded = load(made)
    loaded.close()
    loaded.close()
    with pytest.raises(EngineError, match="is closed"):
        loaded.embed("hello")


def config(*sets: str) -> Config:
    return load_config(None, sets, environ={})


@pytest.fixture
def places(tmp_path: Path, made: Path, monkeypatch: pytest.MonkeyPatch) -> Models:
    """An empty cache folder and a folder of models; `put` links the embedder into either."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "models").mkdir()
    return Models((tmp_path / "models", SHIPPED))


def put(made: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(made)


def test_auto_takes_what_is_installed_for_the_language(places: Models, made: Path, tmp_path: Path) -> None:
    def taken(*sets: str) -> str | None:
        choice = auto.embed(config(*sets), places)
        return str(choice.spec.model.relative_to(tmp_path)) if choice else None

    assert taken() is None and taken("embed.engine=none") is None
    with pytest.raises(ModelNotFound, match="no embedder for en"):
        taken("embed.engine=llama")
    put(made, tmp_path / "cache/edge-assistant/embedder/all-minilm-l6-v2-f16.gguf")  # scripts/make_embedder.py
    assert taken() == taken("embed.engine=llama") == "cache/edge-assistant/embedder/all-minilm-l6-v2-f16.gguf"
    assert taken("language=zh") is None and taken("embed.engine=none") is None
    put(made, tmp_path / "models/bge-small-en-v1.5-q8_0-gguf/bge-small-en-v1.5-q8_0.gguf")  # `assistant models pull`
    put(made, tmp_path / "models/bge-small-zh-v1.5-q8_0-gguf/bge-small-zh-v1.5-q8_0.gguf")
    assert taken() == "models/bge-small-en-v1.5-q8_0-gguf/bge-small-en-v1.5-q8_0.gguf"
    assert taken("language=zh") == "models/bge-small-zh-v1.5-q8_0-gguf/bge-small-zh-v1.5-q8_0.gguf"
    put(made, tmp_path / "models/multilingual-e5-small-q8_0.gguf")
    both = "wake.words=[okay_nabu, {word: alexa, language: zh}]"
    assert taken(both) == taken(both, "language=zh") == "models/multilingual-e5-small-q8_0.gguf"
    assert taken("embed.model=bge-small-zh-v1.5-q8_0.gguf") == taken(
        "language=zh", "wake.words=[]", "embed.model=bge-small-zh-v1.5-q8_0.gguf"
    )
    assert taken(f"embed.model={tmp_path}/models/multilingual-e5-small-q8_0.gguf") == "models/multilingual-e5-small-q8_0.gguf"
    with pytest.raises(ModelNotFound, match=r"embed.model gone\.gguf"):
        taken("embed.model=gone.gguf")


def test_auto_makes_one_and_no_embedder_is_taken_for_a_language_model(places: Models, made: Path, tmp_path: Path) -> None:
    put(made, tmp_path / "models/bge-small-en-v1.5-q8_0.gguf")
    assert embeds(made) and not embeds(STARTER) and not embeds(tmp_path / "gone.gguf")
    assert [path.name for path in places.gguf()] == ["starter-llm.gguf"]
    choice = auto.embed(config(), places)
    assert choice is not None and str(choice) == "embed: llama, bge-small-en-v1.5-q8_0.gguf (knows en)"
    loaded = choice.make()
    assert loaded.embed("hello").shape == (384,)
    loaded.close()
