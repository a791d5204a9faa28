"""Bad input: one clear line, an exit code, nothing lost. The command line is called as a user calls it."""

import json
import re
import struct
import wave
from pathlib import Path

import pytest

from assistant.cli import run
from tests.contract.speech import espeak, noise, silence

ROOT = Path(__file__).parent.parent.parent
STARTER = ROOT / "models/starter/starter-llm.gguf"


def wav(path: Path, pcm: bytes, rate: int = 16_000, width: int = 2, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(pcm)
    return path


def fails(capsys: pytest.CaptureFixture[str], code: int, *args: str) -> str:
    """The one line that a wrong call prints."""
    assert run(args) == code
    captured = capsys.readouterr()
    lines = captured.err.strip().splitlines()
    assert len(lines) == 1, captured.err
    assert "Traceback" not in lines[0] and lines[0].startswith("assistant: ")
    return lines[0]


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["cht"], 2, "did you mean chat?"),
        (["run", "--inputt", "x"], 2, "--input"),
        (["run", "--output", "x.wav"], 2, "--output needs --input"),
        (["run", "x.wav"], 2, "recordings are given with --input"),
        (["config", "check", "--config", "none.yaml"], 2, "none.yaml: cannot be read"),
        (["config", "check", "--set", "wake.engin=x"], 2, "did you mean wake.engine?"),
        (["chat", "hi", "--set", "llm.model=none.gguf"], 4, "llm.model none.gguf"),
        (["chat", "hi", "--set", "llm.engine=lama"], 2, "did you mean llama?"),
        (["say", "hi", "-o", "/tmp/x.wav", "--set", "tts.voice=none.onnx"], 4, "tts.voice none.onnx"),
        (["say", "hi", "-o", "/nowhere/x.wav"], 3, "/nowhere/x.wav"),
        (["transcribe", "none.wav"], 3, "none.wav"),
        (["transcribe", "README.md"], 3, "README.md"),
        (["run", "--input", "none.wav"], 3, "none.wav"),
    ],
)
def test_a_wrong_call_is_one_line_and_a_code(args: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert words in fails(capsys, code, *args)


def test_a_wake_word_nobody_knows_suggests_the_nearest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = wav(tmp_path / "a.wav", silence(0.5))
    line = fails(capsys, 2, "run", "--input", str(path), "--set", "wake.words=[okay_nabo]")
    assert "okay_nabu" in line


def test_a_damaged_language_model_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = STARTER.read_bytes()
    cases = {
        "cut.gguf": whole[: len(whole) // 2],
        "text.gguf": b"this is no model" * 100,
        "empty.gguf": b"",
        "head.gguf": whole[:20],
    }
    for name, data in cases.items():
        path = tmp_path / name
        path.write_bytes(data)
        assert name in fails(capsys, 4, "chat", "hi", "--set", f"llm.model={path}")


def test_a_language_model_without_chatml_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "other.gguf"
    path.write_bytes(STARTER.read_bytes().replace(b"<|im_start|>", b"<|xx_start|>"))
    assert "ChatML" in fails(capsys, 4, "chat", "hi", "--set", f"llm.model={path}")


def test_a_context_too_big_for_memory_names_both_numbers(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.engines.llama.model.mem_available", lambda: 64 << 20)
    line = fails(capsys, 4, "chat", "hi", "--set", "llm.context=32768", "--set", "llm.kv_tokens=131072")
    assert re.search(r"needs \d+ MiB .* 64 MiB are available", line)


def test_a_folder_that_is_no_recogniser_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "vosk-en"
    folder.mkdir()
    path = wav(tmp_path / "a.wav", silence(0.5))
    assert "am/final.mdl" in fails(capsys, 4, "transcribe", str(path), "--set", f"stt.model={folder}")


def test_a_piper_voice_without_its_json_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "en_US-x.onnx").write_bytes(b"\0" * 100)
    line = fails(capsys, 4, "say", "hi", "-o", str(tmp_path / "o.wav"), "--set", f"tts.voice={tmp_path / 'en_US-x.onnx'}")
    assert "en_US-x.onnx.json" in line


@pytest.mark.parametrize("name", ["empty", "header", "text", "odd"])
def test_a_file_that_is_no_recording_is_refused(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"{name}.wav"
    whole = wav(tmp_path / "whole.wav", b"").read_bytes()
    path.write_bytes({"empty": b"", "header": whole, "text": b"hello", "odd": b"RIFF" + struct.pack("<I", 4) + b"AVI "}[name])
    assert path.name in fails(capsys, 3, "transcribe", str(path))


def events_of(tmp_path: Path, pcm: bytes, *args: str) -> tuple[int, list[dict[str, object]]]:
    path, out = wav(tmp_path / "in.wav", pcm), tmp_path / "events.jsonl"
    code = run(["run", "--input", str(path), "--events", str(out), "--output", str(tmp_path / "out.wav"), *args])
    return code, [json.loads(line) for line in out.read_text().splitlines()]


@pytest.mark.parametrize("kind", ["silence", "noise"])
def test_silence_and_a_minute_of_noise_open_no_turn(kind: str, tmp_path: Path) -> None:
    code, seen = events_of(tmp_path, silence(5.0) if kind == "silence" else noise(60.0, 3000, seed=1))
    assert code == 0 and seen == []


def test_noise_behind_the_wake_word_is_given_up(tmp_path: Path) -> None:
    pcm = silence(0.5) + espeak("okay nabu") + silence(0.3) + noise(30.0, 2000, seed=2) + silence(1.0)
    code, seen = events_of(tmp_path, pcm)
    assert code == 0
    assert seen[0]["event"] == "wake" and seen[-1]["event"] in ("cancelled", "completed")
    assert sum(event["event"] in ("cancelled", "completed", "failed") for event in seen) == 1


def test_speech_without_an_end_is_cut_at_its_longest(tmp_path: Path) -> None:
    talk = b"".join(espeak(text) for text in ("turn on the kitchen light", "what time is it", "tell me a joke") * 6)
    code, seen = events_of(tmp_path, silence(0.5) + espeak("okay nabu") + silence(0.3) + talk, "--set", "listen.max_s=5")
    transcript = next(event for event in seen if event["event"] == "transcript")
    assert code == 0 and transcript["end_reason"] == "max_length"


def test_a_persona_that_leaves_no_room_is_refused_at_the_start(capsys: pytest.CaptureFixture[str]) -> None:
    persona = "You are kind. " * 60
    line = fails(capsys, 2, "chat", "hi", "--set", f"dialogue.persona={persona}", "--set", "llm.context=256")
    assert "dialogue.persona has" in line and "raise llm.context to" in line


def test_a_question_longer_than_the_context_is_said_and_never_cut(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["chat", "please tell me about " + "many very different things and " * 200, "--set", "llm.context=512"])
    said = capsys.readouterr().err
    assert code == 1 and "the context has room for" in said and "ask in parts or raise llm.context" in said
