"""The recogniser's training on a tiny budget: what comes out loads in Vosk. conftest.py collects it only where torch is."""

import json
from pathlib import Path

import numpy as np
import vosk

from scripts.training import vosk_folder, vosk_net
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
