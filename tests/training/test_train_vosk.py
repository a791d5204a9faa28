"""The recogniser's training on a tiny budget: what comes out loads in Vosk. conftest.py collects it only where torch is."""

import json
from pathlib import Path

import numpy as np
import pytest
import vosk

from scripts.training import vosk_folder, vosk_net, vosk_read
from scripts.training.speech_features import MELS, pad, quiet
from scripts.training.vosk_languages import SPOKEN

ENGLISH = SPOKEN["en"]
TEXTS = ["stop", "yes", "no", "turn on the light"]


def test_what_a_few_steps_give_loads_in_vosk_and_answers_silence_with_nothing(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    sounds = [rng.normal(10.0, 3.0, (90, MELS)).astype(np.float32) for _ in range(4 * len(TEXTS))]
    items = [(sound, ENGLISH.labels(TEXTS[index % len(TEXTS)])) for index, sound in enumerate(sounds)]
    net, mean, deviation = vosk_net.train(items, ENGLISH.sounds.outputs, steps=6, work=tmp_path, batch=4)
    assert vosk_net.load(tmp_path, ENGLISH.sounds.outputs)[3] == 6
    folder = tmp_path / "vosk-en"
    vosk_folder.write(folder, ENGLISH, vosk_net.fold(net, mean, deviation, quiet()), vosk_folder.Costs(), TEXTS)
    vosk.SetLogLevel(-1)
    model = vosk.Model(str(folder))
    assert model.vosk_model_find_word("stop") >= 0 and model.vosk_model_find_word("flurblewonk") < 0
    for grammar in ([], [json.dumps(["stop", "[unk]"])]):
        recogniser = vosk.KaldiRecognizer(model, 16_000, *grammar)
        recogniser.AcceptWaveform(bytes(32_000))
        assert isinstance(json.loads(recogniser.FinalResult())["text"], str)


def test_unfolding_is_the_reverse_of_folding() -> None:
    layers = vosk_read.layers(Path(__file__).parents[2] / "models/starter/vosk-en/am/final.mdl")
    rng = np.random.default_rng(1)
    mean, deviation = np.full(MELS, 11.0, np.float32), np.full(MELS, 3.0, np.float32)
    net = vosk_net.Net(ENGLISH.sounds.outputs, ENGLISH.width)
    vosk_net.unfold(
        net, layers, mean, deviation, quiet(), [rng.normal(mean, 3.0, (90, MELS)).astype(np.float32) for _ in range(4)]
    )
    for one, two in zip(vosk_net.fold(net, mean, deviation, quiet()), layers, strict=True):
        assert (one.offsets, one.relu) == (two.offsets, two.relu)
        np.testing.assert_allclose(one.weights, two.weights, atol=1e-4)
        np.testing.assert_allclose(one.bias, two.bias, atol=2e-3)


def test_the_folded_layers_compute_what_the_network_does() -> None:
    import torch

    torch.manual_seed(1)
    net = vosk_net.Net(ENGLISH.sounds.outputs)
    for norm in net.norms:
        norm.get_buffer("running_mean").uniform_(-1, 1)
        norm.get_buffer("running_var").uniform_(0.5, 2)
    net.eval()
    mean, deviation = np.full(MELS, 3.0, np.float32), np.full(MELS, 2.0, np.float32)
    frames = np.random.default_rng(1).normal(3.0, 2.0, (30, MELS)).astype(np.float32)
    floor = np.full(MELS, 2.0, np.float32)
    heard, frames = frames, np.maximum(frames, floor)  # what is quieter is lifted
    with torch.no_grad():
        wanted = net(torch.from_numpy(pad((frames - mean) / deviation).T[None]))[0].T.numpy()
    order, bins = np.arange(MELS)[:, None], np.arange(MELS)[None, :]
    transform = np.sqrt(2.0 / MELS) * np.cos(np.pi / MELS * (bins + 0.5) * order)
    transform[0] = np.sqrt(1.0 / MELS)
    sound = {time: row for time, row in enumerate(pad(heard @ transform.T.astype(np.float32)))}  # MFCCs, as Kaldi gives them
    for layer in vosk_net.fold(net, mean, deviation, floor):
        reached = [time for time in sound if all(time + offset in sound for offset in layer.offsets)]
        values = {
            t: layer.weights @ np.concatenate([sound[t + offset] for offset in layer.offsets]) + layer.bias for t in reached
        }
        sound = {time: np.maximum(row, 0) if layer.relu else row for time, row in values.items()}
    first = min(sound)
    found = np.array([sound[first + 3 * step] for step in range(len(wanted))])
    np.testing.assert_allclose(found, wanted, atol=2e-3)


def test_mandarin_sentences_are_words_that_can_be_said() -> None:
    import random

    pytest.importorskip("pypinyin")
    pytest.importorskip("jieba")
    from scripts.training import speech_chinese, words_chinese, words_pinyin

    assert words_pinyin.words("把音量调到百分之五十") == ["把", "音量", "调", "到", "百分之", "五十"]
    assert words_pinyin.words("小助手设一个二十分钟的计时器") == ["小助手", "设", "一个", "二十", "分钟", "的", "计时器"]
    assert words_pinyin.pronunciations("知道") == (("zh", "ii", "d", "ao"),)
    assert words_pinyin.pronunciations("女儿") == (("n", "v", "er"),)
    assert [words_chinese.spoken(value) for value in (0, 2, 10, 21, 105, 110, 150)] == [
        "零", "二", "十", "二十一", "一百零五", "一百一十", "一百五十",
    ]  # fmt: skip
    mandarin, source = SPOKEN["zh"], speech_chinese.sentences(random.Random(1))
    texts = [next(source) for _ in range(600)]
    assert all(mandarin.labels(text) for text in texts)
    assert {"小助手", "停"} < {word for text in texts for word in text.split()} <= set(mandarin.vocabulary(texts))
