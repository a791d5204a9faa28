"""Who computes in which threads, and how nice those are: seen in /proc, on the real engines."""

import os
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from assistant import app
from assistant.cancel import CancelToken
from assistant.cores import NICER, configured, give_way, spare
from assistant.engines import piper, silero_vad
from assistant.engines.base import LlmSpec, TtsSpec, VadSpec
from assistant.engines.llama.model import LlamaModel
from assistant.protocols import Voice
from scripts import make_test_voice
from tests.contract.speech import frames, noise

STARTER = Path(__file__).parents[2] / "models/starter/starter-llm.gguf"
TASKS = Path("/proc/self/task")


def niceness() -> dict[int, int]:
    """Thread -> niceness, of all threads of this process."""
    found = {}
    for task in TASKS.iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            found[int(task.name)] = int((task / "stat").read_text().rsplit(")", 1)[1].split()[16])
    return found


def test_what_answers_and_every_worker_of_it_gives_way_to_the_ear(tmp_path: Path) -> None:
    path = tmp_path / "en_US-tones-test.onnx"
    make_test_voice.write(path)
    mine, before = os.getpriority(os.PRIO_PROCESS, 0), niceness()

    voice = app.loaded(lambda: piper.make(TtsSpec("en", str(path), {"threads": 2})))
    model = app.loaded(lambda: LlamaModel(LlmSpec(STARTER, context=256, kv_tokens=256, threads=2)))
    born = {task: nice for task, nice in niceness().items() if task not in before}
    assert born and set(born.values()) == {mine + NICER}  # onnxruntime's workers

    seen: dict[str, dict[int, int]] = {}

    def brain(_: CancelToken) -> None:
        session = model.open("x")
        session.append(model.encode("hello " * 40))
        session.evaluate(128, CancelToken())
        assert b"".join(chunk.pcm for chunk in voice.synthesize("Hello.", CancelToken()))
        seen["brain"] = {task: nice for task, nice in niceness().items() if task not in before and task not in born}

    def ear(_: CancelToken) -> None:
        seen["ear"] = {threading.get_native_id(): os.getpriority(os.PRIO_PROCESS, 0)}

    try:
        with app.threads(CancelToken(), app.behind(brain)):
            pass
        with app.threads(CancelToken(), ear):
            pass
    finally:
        model.close()
    assert len(seen["brain"]) >= 2 and set(seen["brain"].values()) == {mine + NICER}  # the brain and llama.cpp's worker
    assert set(seen["ear"].values()) == {mine} and os.getpriority(os.PRIO_PROCESS, 0) == mine


def test_the_last_core_may_be_the_ears_alone(tmp_path: Path) -> None:
    path = tmp_path / "en_US-tones-test.onnx"
    make_test_voice.write(path)
    cores = sorted(os.sched_getaffinity(0))
    others = set(cores[:-1] or cores)
    before = set(niceness())
    seen: dict[str, tuple[set[int], int]] = {}

    def at(name: str) -> None:
        seen[name] = (os.sched_getaffinity(0), spare(64))

    def load() -> Voice:
        at("load")
        return piper.make(TtsSpec("en", str(path), {"threads": 2}))

    voice = app.loaded(load, own_core=True)
    born = []
    for task in set(niceness()) - before:
        with suppress(ProcessLookupError):  # it ended meanwhile
            born.append(os.sched_getaffinity(task))
    assert voice.rate and born and all(one == others for one in born)  # onnxruntime's worker
    with app.threads(CancelToken(), app.behind(lambda _: at("brain"), own_core=True), lambda _: at("ear")):
        pass
    assert seen == {"load": (others, spare(64)), "brain": (others, spare(64)), "ear": (set(cores), spare(64))}


def test_what_loading_raises_is_raised() -> None:
    def fail() -> None:
        raise ValueError("no such thing")

    with pytest.raises(ValueError, match="no such thing"):
        app.loaded(fail)


def test_voice_activity_computes_in_the_ear_alone() -> None:
    detector = silero_vad.make(VadSpec())
    before = set(niceness())
    for frame in frames(noise(1, rms=1000)):
        detector.feed(frame)
    assert set(niceness()) <= before


def test_one_core_is_the_ears(monkeypatch: pytest.MonkeyPatch) -> None:
    for cores, most, threads in [(1, 2, 1), (2, 4, 1), (4, 2, 2), (4, 4, 3), (8, 4, 4)]:
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, cores=cores: set(range(cores)))
        assert spare(most) == threads


def test_where_niceness_may_not_be_raised_it_is_said(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def forbidden(*_: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "setpriority", forbidden)
    give_way()
    assert "it competes with the ear" in caplog.text


def test_more_threads_than_cores_are_not_taken_and_all_of_them_are_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    cores = len(os.sched_getaffinity(0))
    assert configured("llm.threads", 0) == 0 and configured("llm.threads", 1) == 1
    assert configured("llm.threads", cores + 7) == cores
    assert [record.message for record in caplog.records] == (
        [f"llm.threads is {cores + 7}: with the ear that is more than the {cores} cores; 0 leaves one to it"] if cores > 1 else []
    )
