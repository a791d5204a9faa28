"""Mandarin recognition on the real engine: Vosk with the starter's Mandarin model, in voices that it was not trained on."""

import json
from pathlib import Path

import pytest

from assistant.engines import vosk
from assistant.engines.base import SttSpec, WakeSpec, Word
from assistant.engines.vosk_wake import make as make_wake
from assistant.protocols import Transcriber
from tests.contract.speech import espeak, flite, frames, noise, silence

STARTER = Path(__file__).parents[2] / "models/starter/vosk-zh"
VOICES = ("cmn+max", "cmn+f4", "cmn+zac")
COMMANDS = ("打开客厅的灯", "关掉卧室的灯", "现在几点", "播放音乐", "停止", "你会做什么", "设一个十分钟的计时器")
OTHER = ("委员会把决定推迟到九月", "古老的城堡建在悬崖顶上", "我们沿着沙滩一直走到涨潮")


@pytest.fixture(scope="module")
def starter() -> Transcriber:
    return vosk.make(SttSpec("zh", STARTER))


def hear(transcriber: Transcriber, pcm: bytes, grammar: list[str] | None = None) -> str:
    session = transcriber.session(grammar)
    for frame in frames(silence(0.3) + pcm + silence(0.6)):
        session.feed(frame)
    return session.finish()


@pytest.mark.parametrize("voice", VOICES)
def test_commands_are_heard_without_spaces(starter: Transcriber, voice: str) -> None:
    heard = [hear(starter, espeak(said, voice)) for said in COMMANDS]
    assert sum(one == said for one, said in zip(heard, COMMANDS, strict=True)) >= len(COMMANDS) - 1, heard
    assert not any(" " in text for text in heard)


@pytest.mark.parametrize("voice", VOICES)
def test_a_grammar_hears_its_phrase_and_nothing_else(starter: Transcriber, voice: str) -> None:
    assert hear(starter, espeak("小助手", voice), ["小助手"]) == "小助手"
    assert [hear(starter, espeak(said, voice), ["小助手"]) for said in (*OTHER, *COMMANDS)] == [""] * len(OTHER + COMMANDS)


def test_it_wakes_on_its_word_only() -> None:
    wake = make_wake(WakeSpec((Word("小助手", "zh"),), {"zh": STARTER}))

    def woken(pcm: bytes) -> bool:
        found = any([wake.feed(frame) for frame in frames(silence(0.3) + pcm + silence(0.8))])
        wake.reset()
        return found

    assert all(woken(espeak("小助手", voice)) for voice in VOICES)
    assert not any(woken(espeak(said, voice)) for said in OTHER for voice in VOICES)
    assert not woken(flite("the professor explained the theory with a simple diagram", "slt"))


def test_silence_and_noise_have_no_words(starter: Transcriber) -> None:
    assert hear(starter, silence(2)) == "" and hear(starter, noise(2, rms=800)) == ""


def test_free_words_can_be_spelt() -> None:
    words = {line.split()[0] for line in (STARTER / "graph/words.txt").read_text(encoding="utf-8").splitlines()}
    assert (
        len(words) > 600
        and set("的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去") <= words
    )
    assert {"小助手", "停", "停止", "取消", "是", "不", "[unk]"} <= words
    assert json.loads((STARTER / "figures.json").read_text(encoding="utf-8"))["words"] >= 600
