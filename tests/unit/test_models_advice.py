"""The catalogue that ships, and what is advised for a table of boards."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.config import load_config
from assistant.errors import ConfigError, ModelNotFound
from assistant.models.advice import MIB, SYSTEM, Board, memory_of, recommend, storage_of
from assistant.models.board import free_bytes, read_board
from assistant.models.catalog import CATALOG, Catalog, load_catalog

GIB = 1 << 30
PI_4_2 = Board("Pi 4 2 GB", memory=1848 * MIB, cores=4, dotprod=False, arm=True, free=20 * GIB)
PI_4_4 = replace(PI_4_2, name="Pi 4 4 GB", memory=3794 * MIB)
PI_5_8 = Board("Pi 5 8 GB", memory=8063 * MIB, cores=4, dotprod=True, arm=True, free=40 * GIB)
X86 = Board("x86", memory=15900 * MIB, cores=8, dotprod=True, arm=False, free=200 * GIB)
SMALL_EN, SMALL_ZH = "vosk-model-small-en-us-0.15", "vosk-model-small-cn-0.22"
LJ, HUAYAN, HUAYAN_LOW = "piper-en_US-ljspeech-medium", "piper-zh_CN-huayan-medium", "piper-zh_CN-huayan-x_low"
HALF, MORE = "qwen2.5-0.5b-instruct-q4_0", "qwen2.5-1.5b-instruct-q4_0"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.mark.parametrize(
    ("board", "language", "wanted"),
    [
        (PI_4_2, "en", [SMALL_EN, LJ, HALF]),
        (PI_4_2, "zh", [SMALL_ZH, HUAYAN_LOW, HALF]),
        (PI_4_4, "en", [SMALL_EN, LJ, HALF]),
        (PI_4_4, "zh", [SMALL_ZH, HUAYAN_LOW, HALF]),
        (PI_5_8, "en", [SMALL_EN, LJ, MORE]),
        (PI_5_8, "zh", [SMALL_ZH, HUAYAN, MORE]),
        (replace(PI_5_8, memory=1990 * MIB), "en", [SMALL_EN, LJ, HALF]),  # a Pi 5 with 2 GB
        (X86, "en", ["vosk-model-en-us-0.22-lgraph", LJ, MORE]),
        (X86, "zh", [SMALL_ZH, HUAYAN, MORE]),
        (replace(X86, cores=2), "en", [SMALL_EN, LJ, HALF]),
        (replace(X86, cores=1), "en", [SMALL_EN, None, None]),
        (replace(PI_4_2, memory=920 * MIB), "en", [SMALL_EN, None, None]),  # a 1 GB board
        (replace(PI_5_8, free=300 * MIB), "en", [SMALL_EN, LJ, None]),
        (replace(PI_5_8, free=10 * MIB), "zh", [None, None, None]),
        (X86, "de", [None, None, None]),
    ],
    ids=lambda value: value.name if isinstance(value, Board) else None,
)
def test_what_is_advised(catalog: Catalog, board: Board, language: str, wanted: list[str | None]) -> None:
    picks = recommend(catalog, board, language)
    assert [pick.kind for pick in picks] == ["asr", "tts-voice", "llm"]
    assert [pick.model.id if pick.model else None for pick in picks] == wanted
    assert all(pick.why for pick in picks)


@pytest.mark.parametrize("board", [PI_4_2, PI_4_4, PI_5_8, X86], ids=lambda board: board.name)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_that_is_advised_fits_together_and_is_not_non_commercial(catalog: Catalog, board: Board, language: str) -> None:
    models = [pick.model for pick in recommend(catalog, board, language) if pick.model]
    assert SYSTEM + sum(map(memory_of, models)) <= board.memory
    assert sum(map(storage_of, models)) <= board.free
    assert all(model.commercial_use != "no" for model in models)
    if language == "en":
        assert all(model.commercial_use == "yes" for model in models)


def test_the_reasons_name_what_was_passed_over(catalog: Catalog) -> None:
    why = {pick.kind: pick.why for pick in recommend(catalog, PI_4_4, "en")}
    assert f"not {MORE}: too slow without the processor's dot products" in why["llm"]
    assert "too heavy for a small ARM board" in why["asr"]
    why = {pick.kind: pick.why for pick in recommend(catalog, replace(PI_4_2, memory=920 * MIB), "en")}
    assert "the starter model stays" in why["llm"] and "of memory" in why["llm"]
    why = {pick.kind: pick.why for pick in recommend(catalog, PI_5_8, "zh")}
    assert "licence is unclear" in why["tts-voice"]


PI_5_CPU = "processor\t: 0\nFeatures\t: fp asimd aes asimddp\n\nModel\t\t: Raspberry Pi 5 Model B Rev 1.0\n"
PI_4_CPU = "processor\t: 0\nFeatures\t: fp asimd evtstrm crc32 cpuid\n\nModel\t\t: Raspberry Pi 4 Model B Rev 1.5\n"
X86_CPU = "processor\t: 0\nmodel name\t: Some CPU\nflags\t\t: fpu sse avx avx2\n"


@pytest.mark.parametrize(
    ("cpuinfo", "machine", "dotprod", "arm", "name"),
    [
        (PI_5_CPU, "aarch64", True, True, "Raspberry Pi 5 Model B Rev 1.0"),
        (PI_4_CPU, "aarch64", False, True, "Raspberry Pi 4 Model B Rev 1.5"),
        (X86_CPU, "x86_64", True, False, "Some CPU"),
        ("", "riscv64", False, False, "riscv64"),
    ],
)
def test_a_board_is_read(tmp_path: Path, cpuinfo: str, machine: str, dotprod: bool, arm: bool, name: str) -> None:
    (tmp_path / "cpuinfo").write_text(cpuinfo)
    (tmp_path / "meminfo").write_text("MemTotal:        8256000 kB\nMemFree: 1 kB\n")
    board = read_board(tmp_path / "not/yet/there", proc=tmp_path, machine=machine, cores=4)
    assert (board.dotprod, board.arm, board.name, board.cores) == (dotprod, arm, name, 4)
    assert board.memory == 8256000 * 1024 and board.free > 0
    assert abs(board.free - free_bytes(tmp_path)) < GIB


def test_this_machine_is_read(tmp_path: Path) -> None:
    board = read_board(tmp_path)
    assert board.name and board.memory > GIB // 2 and board.cores >= 1


def test_the_catalogue_that_ships_holds_together(catalog: Catalog) -> None:
    for model in catalog.models.values():
        for file in model.files:
            assert len(catalog.urls(file)) == len(set(catalog.urls(file))), file.id
            assert all(url.startswith("https://") for url in catalog.urls(file)), file.id
        if model.kind == "tts-voice":
            assert [file.filename for file in model.files] == [model.files[0].filename, model.files[0].filename + ".json"]
    split = catalog.model("qwen2.5-7b-instruct-q4_k_m-part1")
    assert len(split.files) == 2 and split.bytes == 3993201344 + 689872288
    for model in catalog.models.values():
        if model.kind == "llm":
            assert all(file.bytes for file in model.files)


def test_a_region_puts_its_mirrors_first(catalog: Catalog) -> None:
    file = catalog.model(HALF).files[0]
    hosts = [url.split("/")[2] for url in catalog.urls(file)]
    assert hosts[0] == "huggingface.co"
    assert [url.split("/")[2] for url in catalog.urls(file, "cn")] == [*hosts[1:], hosts[0]]
    vosk = catalog.urls(catalog.model(SMALL_EN).files[0], "cn")
    assert vosk[0].split("/")[2] == "hf-mirror.com" and "alphacephei.com" in vosk[1]
    assert load_config(None, ["region=cn"]).region == "cn"
    with pytest.raises(ConfigError, match="region"):
        load_config(None, ["region=us"])


@pytest.mark.parametrize(
    "name", [HALF, f"{HALF}.gguf", "vosk-model-small-cn-0.22", "vosk-model-small-cn-0.22.zip", f"{LJ}-config"]
)
def test_a_model_is_found_by_its_id_and_by_its_files(catalog: Catalog, name: str) -> None:
    assert catalog.model(name).id in (HALF, SMALL_ZH, LJ)


def test_a_wrong_name_suggests_the_nearest(catalog: Catalog) -> None:
    with pytest.raises(ModelNotFound, match=f"did you mean {HALF}"):
        catalog.model("qwen2.5-0.5b-instruct-q4_1")


GOOD = """
schema: 1
models:
- {id: a, kind: llm, language: [en], filename: a.gguf, url: "https://h/a", bytes: 3, sha256: SHA, licence: MIT, commercial_use: "yes"}
""".replace("SHA", "a" * 64)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("a.gguf", "../a.gguf", "filename"),
        ("a.gguf", "/etc/a.gguf", "filename"),
        ("id: a,", "id: ../a,", "id"),
        ("https://h/a", "file:///etc/passwd", "url"),
        ("bytes: 3", "bytes: 0", "bytes"),
        ("a" * 64, "a" * 63, "sha256"),
        ('commercial_use: "yes"', "commercial_use: perhaps", "commercial_use"),
        ("licence: MIT", 'mirrors: ["ftp://h/a"], licence: MIT', "mirror"),
        ("licence: MIT", "part_of: b, licence: MIT", "part of b"),
        ("schema: 1", "schema: 2", "schema"),
        ("kind: llm", "kind: lm", "kind"),
        (GOOD, "- a", "must hold"),
        (GOOD, "a: [", "YAML"),
        (GOOD, GOOD + GOOD.splitlines()[3], "twice"),
    ],
)
def test_a_wrong_catalogue_is_one_line(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = tmp_path / "catalog.yaml"
    path.write_text(GOOD)
    assert list(load_catalog(path).models) == ["a"]
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(ConfigError, match=words) as failed:
        load_catalog(path)
    assert str(path) in str(failed.value) and "\n" not in str(failed.value)


def test_a_catalogue_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_catalog(tmp_path / "none.yaml")


def test_the_catalogue_names_every_byte_that_ships() -> None:
    from scripts.starter_hashes import section

    assert load_catalog().starter_damage() == [] and CATALOG.read_text(encoding="utf-8").endswith(section())
