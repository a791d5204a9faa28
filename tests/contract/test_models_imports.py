"""Models that are on the machine already: files, folders, a Hugging Face cache, an Ollama store; and what must not come in."""

import hashlib
import json
import os
import shutil
import tarfile
from pathlib import Path

import pytest

from assistant.errors import ModelNotFound, ModelUnsupported
from assistant.models.catalog import Catalog
from assistant.models.imports import Outcome, import_models
from assistant.models.pull import Way
from assistant.models.store import Store
from tests.contract.models_world import CONTENT, make_catalog, some_bytes, vosk_zip

LLM, STT, TTS, RESEARCH = (
    "qwen2.5-0.5b-instruct-q4_0", "vosk-model-small-en-us-0.15", "piper-en_US-ljspeech-medium", "piper-en_US-ryan-medium",
)  # fmt: skip
VOICE = "en_US-ljspeech-medium.onnx"
OWN = b"GGUF" + some_bytes(5000, 11)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return make_catalog(tmp_path, "http://127.0.0.1:1")  # nothing is ever asked


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "place"
    folder.mkdir()
    return folder


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def bring(place: Path, catalog: Catalog, store: Store, only: str = "", way: Way | None = None) -> dict[str, Outcome]:
    """Import; what became of each. Nothing is staged or partial in the end, and what is recorded is right."""
    outcomes = import_models(place, catalog, store, way or Way(), only)
    assert list(store.partial.iterdir()) == []
    assert [store.damage(record) for record in store.records()] == [[] for _ in store.records()]
    return {outcome.name: outcome for outcome in outcomes}


def here(store: Store) -> list[str]:
    return sorted(path.name for path in store.root.iterdir() if not path.name.startswith("."))


def test_a_file_with_the_catalogues_bytes_takes_its_name(place: Path, catalog: Catalog, store: Store) -> None:
    path = put(place / "whatever.bin", CONTENT[f"{LLM}.gguf"])
    outcome = bring(path, catalog, store)[LLM]
    assert outcome.path == store.root / f"{LLM}.gguf" and "licence: Apache-2.0" in outcome.why
    assert outcome.path.read_bytes() == path.read_bytes()
    assert "is there already" in bring(path, catalog, store)[LLM].why


def test_an_archive_and_a_voice_with_its_config(place: Path, catalog: Catalog, store: Store) -> None:
    put(place / f"{STT}.zip", CONTENT[f"{STT}.zip"])
    for name in (VOICE, f"{VOICE}.json"):
        put(place / name, CONTENT[name])
    assert bring(place / f"{STT}.zip", catalog, store)[STT].path == store.root / STT
    assert (store.root / STT / "am/final.mdl").is_file()
    assert bring(place / VOICE, catalog, store)[TTS].path == store.root / VOICE
    assert here(store) == [VOICE, f"{VOICE}.json", STT]


def test_half_a_voice_is_not_imported(place: Path, catalog: Catalog, store: Store) -> None:
    outcome = bring(put(place / VOICE, CONTENT[VOICE]), catalog, store)[TTS]
    assert outcome.path is None and f"pull {TTS}" in outcome.why and here(store) == []


def test_a_folder_brings_the_catalogues_and_names_the_others(place: Path, catalog: Catalog, store: Store) -> None:
    put(place / "deep/er/a.gguf", CONTENT[f"{LLM}.gguf"])
    put(place / f"{STT}.zip", CONTENT[f"{STT}.zip"])
    put(place / "mine.gguf", OWN)
    put(place / "readme.txt", b"hello")
    put(place / ".hidden/b.gguf", OWN)
    outcomes = bring(place, catalog, store)
    assert set(outcomes) == {LLM, STT, "mine.gguf"}
    assert outcomes["mine.gguf"].path is None and "--only mine.gguf" in outcomes["mine.gguf"].why
    assert here(store) == sorted([f"{LLM}.gguf", STT])
    outcomes = bring(place, catalog, store, only="mine")
    assert outcomes["mine.gguf"].path == store.root / "mine.gguf" and "licence are for you to know" in outcomes["mine.gguf"].why


def hugging_face(place: Path, name: str, files: dict[str, bytes]) -> Path:
    """A cache as huggingface_hub makes it: links of a snapshot into blobs."""
    repo = place / f"hub/models--Org--{name}"
    for path, data in files.items():
        blob = put(repo / "blobs" / hashlib.sha256(data).hexdigest(), data)
        link = repo / "snapshots/abc123" / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(os.path.relpath(blob, link.parent))
    put(repo / "refs/main", b"abc123")
    return place


def test_a_hugging_face_cache(place: Path, catalog: Catalog, store: Store) -> None:
    hugging_face(place, "qwen", {f"{LLM}.gguf": CONTENT[f"{LLM}.gguf"]})
    voice = {f"en/en_US/ljspeech/medium/{name}": CONTENT[name] for name in (VOICE, f"{VOICE}.json")}
    hugging_face(place, "voices", voice)
    hugging_face(place, "own", {"own-q4.gguf": OWN})
    outcomes = bring(place, catalog, store)
    assert set(outcomes) == {LLM, TTS, "own-q4.gguf"}
    assert here(store) == [VOICE, f"{VOICE}.json", f"{LLM}.gguf"]
    assert not any(path.is_symlink() for path in store.root.rglob("*"))
    snapshot = place / "hub/models--Org--own/snapshots/abc123"
    assert bring(snapshot, catalog, store, only="own")["own-q4.gguf"].path == store.root / "own-q4.gguf"
    shutil.rmtree(place)  # copied, not linked
    assert store.damage(store.find(LLM)) == []


def ollama(place: Path, name: str, tag: str, data: bytes, digest: str = "") -> Path:
    """A store as Ollama makes it."""
    digest = digest or hashlib.sha256(data).hexdigest()
    put(place / f"models/blobs/sha256-{digest}", data)
    put(place / f"models/blobs/sha256-{'0' * 64}", b"a template")
    layers = [
        {"mediaType": "application/vnd.ollama.image.template", "digest": f"sha256:{'0' * 64}"},
        {"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{digest}"},
    ]
    put(place / f"models/manifests/registry.ollama.ai/library/{name}/{tag}", json.dumps({"layers": layers}).encode())
    return place


def test_an_ollama_store(place: Path, catalog: Catalog, store: Store) -> None:
    ollama(place, "qwen2.5", "0.5b", CONTENT[f"{LLM}.gguf"])
    ollama(place, "tiny", "latest", OWN)
    outcomes = bring(place, catalog, store)
    assert outcomes[LLM].path == store.root / f"{LLM}.gguf"
    assert outcomes["tiny.gguf"].path is None
    assert bring(place / "models", catalog, store, only="tiny")["tiny.gguf"].path == store.root / "tiny.gguf"


def test_an_ollama_blob_with_other_bytes_is_refused(place: Path, catalog: Catalog, store: Store) -> None:
    ollama(place, "tiny", "1b", OWN, digest="1" * 64)
    outcome = bring(place, catalog, store, only="tiny:1b")["tiny-1b.gguf"]
    assert outcome.path is None and "wrong SHA-256" in outcome.why and here(store) == []


@pytest.mark.parametrize("manifest", [b"", b"[]", b"{", b'{"layers": 3}', b'{"layers": [{"mediaType": 1}]}', b"\xff\xfe",
                                      b'{"layers": [{"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:../../x"}]}',
                                      b'{"layers": [{"mediaType": "application/vnd.ollama.image.model"}]}'])  # fmt: skip
def test_odd_manifests_are_passed_over(manifest: bytes, place: Path, catalog: Catalog, store: Store) -> None:
    ollama(place, "tiny", "latest", OWN)
    put(place / "models/manifests/registry/library/odd/latest", manifest)
    assert set(bring(place, catalog, store)) == {"tiny.gguf"}


def test_links_that_lead_out_are_not_followed(tmp_path: Path, place: Path, catalog: Catalog, store: Store) -> None:
    secret = put(tmp_path / "secret/secret.gguf", OWN)
    (place / "a.gguf").symlink_to(secret)
    (place / "folder").symlink_to(secret.parent)
    (place / "gone.gguf").symlink_to(place / "none")
    (place / "circle").symlink_to(place)
    with pytest.raises(ModelNotFound, match="links that lead out"):
        bring(place, catalog, store)
    vosk = place / "vosk-en"
    put(vosk / "am/final.mdl", b"model")
    (vosk / "conf").symlink_to(secret.parent)
    outcome = bring(vosk, catalog, store)["vosk-en"]
    assert outcome.path is None and "leads out" in outcome.why and here(store) == []


def test_a_vosk_folder_and_an_archive_of_ones_own(place: Path, catalog: Catalog, store: Store) -> None:
    for path in ("am/final.mdl", "conf/model.conf"):
        put(place / "my-vosk-en" / path, b"x")
    assert bring(place / "my-vosk-en", catalog, store)["my-vosk-en"].path == store.root / "my-vosk-en"
    archive = put(place / "other.zip", vosk_zip("vosk-other"))
    outcome = bring(archive, catalog, store)["other.zip"]
    assert outcome.path == store.root / "vosk-other" and "holds no language" in outcome.why
    with tarfile.open(place / "x.tar.gz", "w:gz") as file:
        file.add(place / "my-vosk-en", "vosk-zh-mine")
    assert bring(place / "x.tar.gz", catalog, store)["x.tar.gz"].path == store.root / "vosk-zh-mine"
    assert here(store) == ["my-vosk-en", "vosk-other", "vosk-zh-mine"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.gguf", b"not one", "is not a GGUF file"),
        ("x.bin", OWN, "is no .gguf"),
        ("x y.gguf", OWN, "rename it"),
        ("-x.gguf", OWN, "rename it"),
        ("x.onnx", b"graph", "x.onnx.json: is not there"),
        ("x.zip", b"no archive", "damaged"),
        ("x.zip", vosk_zip("m").replace(b"final.mdl", b"fnnal.mdl"), "no folder that is a Vosk model"),
        (f"{LLM}.gguf", OWN, "other bytes"),
    ],
)
def test_what_is_no_model_is_refused(name: str, data: bytes, words: str, place: Path, catalog: Catalog, store: Store) -> None:
    outcome = bring(put(place / name, data), catalog, store)[name]
    assert outcome.path is None and words in outcome.why and here(store) == []


def test_nothing_there_is_overwritten(place: Path, catalog: Catalog, store: Store) -> None:
    put(store.root / "mine.gguf", b"somebody's")
    outcome = bring(put(place / "mine.gguf", OWN), catalog, store)["mine.gguf"]
    assert outcome.path is None and "something else is there already" in outcome.why
    assert (store.root / "mine.gguf").read_bytes() == b"somebody's"
    put(place / "new.gguf", OWN)
    assert bring(place / "new.gguf", catalog, store)["new.gguf"].path
    put(place / "new.gguf", OWN + b"more")
    assert "is there already" in bring(place / "new.gguf", catalog, store)["new.gguf"].why
    assert (store.root / "new.gguf").read_bytes() == OWN


def test_two_of_one_name_bring_the_first(place: Path, catalog: Catalog, store: Store) -> None:
    put(place / "a/mine.gguf", OWN)
    put(place / "b/mine.gguf", OWN + b"more")
    for folder in ("a", "b"):
        put(place / folder / "bad.zip", vosk_zip("m").replace(b"final.mdl", b"fnnal.mdl"))
    outcomes = import_models(place, catalog, store, Way(), ".")
    assert [(one.name, one.path is not None) for one in outcomes] == [
        ("bad.zip", False), ("mine.gguf", True), ("bad.zip", False), ("mine.gguf", False)]  # fmt: skip
    assert (store.root / "mine.gguf").read_bytes() == OWN


def test_licence_and_storage_hold_for_imports_too(place: Path, catalog: Catalog, store: Store) -> None:
    for name in ("en_US-ryan-medium.onnx", "en_US-ryan-medium.onnx.json"):
        put(place / name, CONTENT[name])
    outcome = bring(place, catalog, store)[RESEARCH]
    assert outcome.path is None and "--accept" in outcome.why
    assert bring(place, catalog, store, way=Way(accept=True))[RESEARCH].path
    own = put(place / "mine.gguf", OWN)
    outcome = bring(own, catalog, store, way=Way(free=lambda _: 1 << 20))["mine.gguf"]
    assert outcome.path is None and "1 MiB are free" in outcome.why


def test_nothing_found_is_one_line(tmp_path: Path, place: Path, catalog: Catalog, store: Store) -> None:
    with pytest.raises(ModelNotFound, match="no such file or folder"):
        bring(tmp_path / "none", catalog, store)
    with pytest.raises(ModelNotFound, match="holds no model"):
        bring(place, catalog, store)
    put(place / "mine.gguf", OWN)
    with pytest.raises(ModelNotFound, match="no model with 'other' in its name"):
        bring(place, catalog, store, only="other")


def test_a_huge_folder_is_not_walked(place: Path, catalog: Catalog, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.models.imports.MAX_ENTRIES", 3)
    for name in "abcd":
        put(place / name, b"")
    with pytest.raises(ModelUnsupported, match="more than 3 files"):
        bring(place, catalog, store)
