"""scripts/setup's plan for machines we do not have, and what the lock files hold."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PLENTY = "MemAvailable:   16000000 kB\n"


def plan(tmp_path: Path, machine: str, cpu: str, memory: str = PLENTY, **environ: str) -> dict[str, str]:
    (tmp_path / "cpuinfo").write_text(cpu)
    (tmp_path / "meminfo").write_text(memory)
    faked = {"SETUP_MACHINE": machine, "SETUP_CPUINFO": f"{tmp_path}/cpuinfo", "SETUP_MEMINFO": f"{tmp_path}/meminfo"}
    done = subprocess.run(
        [ROOT / "scripts/setup", "--plan"],
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path), **faked, **environ},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return dict(line.split(": ", 1) for line in done.stdout.splitlines())


SERVER = "flags : fpu sse2 avx avx2 fma f16c bmi2 avx512f avx512_vnni amx_tile amx_int8 amx_bf16\n"
OLD = "flags : fpu sse2 avx\n"


def test_amx_is_never_built_whatever_the_cpu_names(tmp_path: Path) -> None:
    flags = plan(tmp_path, "x86_64", SERVER)["llama.cpp"]
    assert "AMX" not in flags and "GGML_NATIVE=OFF" in flags and "GGML_AVX512=ON" in flags and "GGML_AVX512_VNNI=ON" in flags


def test_an_old_pc_gets_only_what_it_has(tmp_path: Path) -> None:
    flags = plan(tmp_path, "x86_64", OLD)["llama.cpp"]
    assert "GGML_AVX=ON" in flags and all(f"GGML_{name}=OFF" in flags for name in ("AVX2", "FMA", "F16C", "BMI2", "AVX512"))


def test_a_raspberry_pi_builds_natively_and_wants_libatomic(tmp_path: Path) -> None:
    found = plan(tmp_path, "aarch64", "Features : fp asimd evtstrm crc32 asimddp\n")
    assert "GGML_NATIVE=ON" in found["llama.cpp"]
    assert "libatomic1" in found["system packages"] or any(Path("/usr/lib").rglob("libatomic.so.1"))


def test_every_build_has_library_names_of_its_own(tmp_path: Path) -> None:
    assert "-DCMAKE_PLATFORM_NO_VERSIONED_SONAME=ON" in plan(tmp_path, "x86_64", OLD)["llama.cpp"]
    assert "-DCMAKE_PLATFORM_NO_VERSIONED_SONAME=ON" in plan(tmp_path, "x86_64", OLD, CMAKE_ARGS="-DGGML_BLAS=ON")["llama.cpp"]


def test_memory_limits_the_build_jobs(tmp_path: Path) -> None:
    assert plan(tmp_path, "x86_64", OLD, "MemAvailable:   700000 kB\n")["build jobs"] == "1"
    assert int(plan(tmp_path, "x86_64", OLD)["build jobs"]) == min(os.cpu_count() or 1, 13)


def test_the_api_is_asked_for_by_name() -> None:
    plan = [str(ROOT / "scripts/setup"), "--plan"]
    asked: list[list[str]] = [[], ["--api"]]
    told = [subprocess.run([*plan, *more], capture_output=True, text=True, check=True).stdout for more in asked]
    assert "api.txt" not in told[0] and "locks: requirements/base.txt requirements/api.txt" in told[1]


def test_a_wrong_option_is_one_line(tmp_path: Path) -> None:
    done = subprocess.run([ROOT / "scripts/setup", "--quick"], capture_output=True, text=True)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1 and "--quick" in done.stderr


def test_nothing_overrides_the_users_index() -> None:
    for script in ("setup", "demo", "test"):
        text = (ROOT / "scripts" / script).read_text()
        assert not re.search(r"--(extra-)?index-url|--find-links|PIP_INDEX_URL=|--isolated", text), script


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_versions_and_hashes_and_no_index(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text and "--index" not in text
    for line in re.sub(r"\\\n", " ", text).splitlines():
        if line.strip() and not line.startswith("#"):
            assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", line), line
    assert not re.search(r"^(torch|nvidia-)", text, re.MULTILINE)


def test_the_base_lock_covers_the_base_and_no_more_extras_than_the_command_line_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    base = (ROOT / "requirements/base.txt").read_text() + (ROOT / "requirements/llama.txt").read_text()
    for requirement in project["dependencies"]:
        name = re.match(r"[a-z0-9-]+", requirement)
        assert name and re.search(rf"^{name[0]}==", base, re.MULTILINE), requirement
    assert not re.search(r"^(pytest|mypy|ruff|fastapi|aiomqtt|onnx|pocketsphinx)==", base, re.MULTILINE)
