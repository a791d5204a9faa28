"""Speech in, speech out, on the engines and models that ship: what a newcomer's demo does, and what it must hold."""

import json
import os
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import run
from tests.contract.speech import espeak, silence

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The demo's recordings."""
    folder = tmp_path_factory.mktemp("questions")
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, ROOT / "scripts/make_demo_questions.py", folder], check=True, env=environ)
    return sorted(folder.glob("*.wav"))


def converse(questions: list[Path], folder: Path, *args: str) -> list[dict[str, Any]]:
    out = folder / "events.jsonl"
    wakes = ["--set", "wake.words=[okay_nabu, {word: 小助手, engine: vosk, language: zh}]"]
    inputs = [str(path) for path in questions]
    greedy = ["--set", "llm.temperature=0"]
    code = run(["run", "--input", *inputs, "--output", str(folder / "replies.wav"), "--events", str(out), *greedy, *wakes, *args])
    assert code == 0
    return [json.loads(line) for line in out.read_text().splitlines()]


def completed(seen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event for event in seen if event["event"] == "completed"]


def test_the_demos_conversation(questions: list[Path], tmp_path: Path) -> None:
    seen = converse(questions, tmp_path)
    done = completed(seen)
    heard = [event["user"] for event in done]
    assert heard == [
        "what can you do",
        "my name is anna",
        "what time is it",
        "how are you today",
        "turn on the kitchen light",
        "现在几点",
        "你叫什么名字",
        "what is the date",
        "good morning",
        "what is the capital of france",
        "who are you",
        "do you remember my name",
        "what do you know about me",
        "thank you",
        "goodbye",
    ]
    followed = {event["turn"] for event in seen if event["event"] == "follow_up"}  # nobody answers those questions of its own
    cancelled = [event for event in seen if event["event"] == "cancelled"]
    assert [event["reason"] for event in cancelled if event["turn"] not in followed] == ["wake"]  # the joke was interrupted
    assert {event["turn"] for event in cancelled} >= followed
    assert [event["word"] for event in seen if event["event"] == "wake"].count("小助手") == 2
    replies = {event["user"]: event["assistant"] for event in done}
    assert "Anna" in replies["do you remember my name"] and "Anna" in replies["what do you know about me"]
    assert "home" in replies["turn on the kitchen light"] and "config.yaml" in replies["turn on the kitchen light"]
    assert [event["name"] for event in seen if event["event"] == "tool_called"][:2] == ["abilities", "time"]
    for event in done:
        assert event["assistant"] and event["stages"]["total"] > 0
        if event["prompt_tokens"]:
            assert event["prompt_tokens_evaluated"] < event["prompt_tokens"], "nothing of the prompt was reused"
    with wave.open(str(tmp_path / "replies.wav")) as replies_wav:
        assert (replies_wav.getframerate(), replies_wav.getnchannels(), replies_wav.getsampwidth()) == (16_000, 1, 2)
        said = sum(event["played_ms"] for event in seen if event["event"] == "speech_done") / 1000
        assert said > 5 and replies_wav.getnframes() / 16_000 > said
        assert max(replies_wav.readframes(replies_wav.getnframes())) > 0


def test_no_syllable_of_a_phrase_is_heard_again_wherever_the_frames_begin(questions: list[Path], tmp_path: Path) -> None:
    shifted = []
    for late in range(0, 660, 110):
        with wave.open(str(questions[5])) as asked:
            parameters, sound = asked.getparams(), asked.readframes(asked.getnframes())
        shifted.append(tmp_path / f"{late:03}.wav")
        with wave.open(str(shifted[-1]), "wb") as out:
            out.setparams(parameters)
            out.writeframes(bytes(2 * late) + sound)
    seen = converse(shifted, tmp_path)
    assert [event["text"] for event in seen if event["event"] == "transcript"] == ["现在几点"] * len(shifted)


def test_two_runs_give_the_same_events_but_for_the_times(questions: list[Path], tmp_path: Path) -> None:
    runs = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        chosen = [questions[index] for index in (1, 11)]
        runs.append([{k: v for k, v in event.items() if k not in ("t", "stages")} for event in converse(chosen, folder)])
    assert runs[0] == runs[1]


def test_without_a_wake_word_a_bare_question_is_answered(tmp_path: Path) -> None:
    path = tmp_path / "q.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(silence(0.5) + espeak("what time is it") + silence(0.3))
    seen = converse([path], tmp_path, "--no-wake")
    assert [event["event"] for event in seen][-1] == "completed"
    assert not any(event["event"] == "wake" for event in seen)


def test_overlapping_recordings_interrupt_the_reply(questions: list[Path], tmp_path: Path) -> None:
    seen = converse([questions[0], questions[2]], tmp_path, "--overlap")
    reasons = [event["reason"] for event in seen if event["event"] == "cancelled"]
    assert reasons == ["wake"]
    assert [event["user"] for event in completed(seen)] == ["what time is it"]


def test_chat_remembers_across_lines(tmp_path: Path) -> None:
    lines = "my name is anna\nhow are you today\nwhat is my name\n"
    command = [sys.executable, "-m", "assistant", "chat", "--set", "llm.temperature=0"]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, cwd=ROOT, check=True, timeout=120)
    replies = done.stdout.splitlines()
    assert len(replies) == 3 and "anna" in replies[2].lower()


def test_said_and_transcribed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "s.wav"
    assert run(["say", "turn on the kitchen light", "-o", str(path), "--set", "tts.engine=espeak"]) == 0
    capsys.readouterr()
    assert run(["transcribe", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["text"] == "turn on the kitchen light" and found["file"] == str(path)
    assert [word["word"] for word in found["words"]] == found["text"].split()
    assert found["words"][-1]["end"] <= found["seconds"]
