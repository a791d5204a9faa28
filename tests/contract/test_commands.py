"""Likely commands beside the words, on the real starter recognisers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.engines import vosk
from assistant.engines.base import SttSpec
from assistant.listen.commands import CoupledSession
from assistant.protocols import Transcriber
from assistant.protocols_skills import Instead
from tests.contract.speech import espeak, flite, frames, silence

ROOT = Path(__file__).parents[2]
LIKELY = (
    "turn on the kitchen light",
    "turn off the kitchen light",
    "turn on the fan",
    "turn off the fan",
    "what time is it",
    "stop",
)


@pytest.fixture(scope="module")
def starter() -> Transcriber:
    return vosk.make(SttSpec("en", ROOT / "models/starter/vosk-en"))


def coupled(transcriber: Transcriber, pcm: bytes, likely: tuple[str, ...] = LIKELY) -> tuple[str, CoupledSession]:
    session = CoupledSession(transcriber, likely)
    for frame in frames(silence(0.3) + pcm + silence(0.6)):
        session.feed(frame)
    return session.finish(), session


@pytest.mark.parametrize("said", ["turn on the kitchen light", "what time is it"])
def test_both_agree_and_nothing_is_offered(starter: Transcriber, said: str) -> None:
    text, session = coupled(starter, flite(said, "slt"))
    listed = session._listed
    assert listed is not None and text == said and session.instead is None
    assert listed.finish() == said and listed.unknown == 0 and min(word.confidence for word in listed.words) > 0.7


@pytest.mark.parametrize("said", ["tell me a joke", "my name is anna", "what shall we cook tonight", "the kitchen is very nice",
                                  "i turned on the light yesterday", "thank you"])  # fmt: skip
@pytest.mark.parametrize("voice", ["slt", "awb"])
def test_talk_is_no_likely_command(starter: Transcriber, said: str, voice: str) -> None:
    text, session = coupled(starter, flite(said, voice))
    assert text and session.instead is None


@pytest.mark.parametrize(("said", "voice", "heard", "likely", "sure"), [
    ("turn off the van", "awb", "turn off the than", "turn off the fan", True),  # no command, and it doubts the last word
    ("turn on the heating", "slt", "turn on the heating", "turn on the meeting", False),  # clear words are not given up
])  # fmt: skip
def test_what_is_near_is_offered(starter: Transcriber, said: str, voice: str, heard: str, likely: str, sure: bool) -> None:
    text, session = coupled(starter, flite(said, voice), (*LIKELY, "turn on the meeting"))
    assert text == heard and session.instead == Instead(likely, sure)


def test_a_list_of_words_that_the_model_lacks_changes_nothing(starter: Transcriber) -> None:
    text, session = coupled(starter, flite("what time is it", "slt"), ("turn on the xylophonium",))
    assert text == "what time is it" and session.instead is None


def test_the_chinese_starter_hears_its_list_too() -> None:
    transcriber = vosk.make(SttSpec("zh", ROOT / "models/starter/vosk-zh"))
    text, session = coupled(transcriber, espeak("打开厨房的灯", "cmn"), ("打开厨房的灯", "关掉厨房的灯", "现在几点"))
    assert text == "打开厨房的灯" and session.instead is None
    assert session._listed is not None and session._listed.finish() == text


def test_the_measurement_gives_its_figures() -> None:
    command = [sys.executable, "-m", "assistant", "eval", "commands", "--quick", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)["figures"]
    assert figures["right, of the list, 20 dB, coupled"]["value"] >= figures["right, of the list, 20 dB, plain"]["value"] >= 60
    assert (
        figures["more taken wrongly by the coupled"]["value"] <= 0
        and figures["taken wrongly, talk, 20 dB, coupled"]["value"] == 0
    )
