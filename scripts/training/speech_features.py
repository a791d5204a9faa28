"""Sound to log-mel features as Kaldi computes them, and the damage done to training sound: rooms, noise, speed, level.

Rules: sound is 16 kHz int16, features are (frames, 40) float32, a frame every 10 ms. The MFCCs of `kaldi_files.MFCC_CONF` are an
orthonormal transform of exactly these, so a network trained here reads those there.
"""

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from scripts.training.speech_synth import RATE, Samples

MELS = 40
CONTEXT = 22
"""Frames the network sees on each side of the one it judges; Kaldi repeats the first and the last frame so often."""
Floats = npt.NDArray[np.float32]
Rng = np.random.Generator


@lru_cache(maxsize=1)
def _options() -> Any:
    import kaldi_native_fbank

    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.samp_freq = RATE
    options.frame_opts.dither = 0.0
    options.frame_opts.snip_edges = True
    options.mel_opts.num_bins = MELS
    options.mel_opts.low_freq = 20
    options.mel_opts.high_freq = -400
    return options


def features(sound: npt.NDArray[Any]) -> Floats:
    """Log-mel energies of a sound."""
    import kaldi_native_fbank

    computer = kaldi_native_fbank.OnlineFbank(_options())
    computer.accept_waveform(RATE, sound.astype(np.float32).tolist())
    computer.input_finished()
    return np.array([computer.get_frame(i) for i in range(computer.num_frames_ready)], np.float32)


def quiet() -> Floats:
    """The log-mels of noise of one step of 16 bits: nothing in the training speech is quieter for long."""
    rng = np.random.default_rng(0)
    floor: Floats = features(np.round(rng.standard_normal(10 * RATE))).mean(0)
    return floor


def damage(sound: Samples, rng: Rng, mild: bool = False) -> Samples:
    """The sound as a microphone in a room might give it; mildly: at another level, with a little noise, no more."""
    import soxr

    loud = sound.astype(np.float32)
    if mild:
        loud *= np.exp(rng.uniform(np.log(2_000), np.log(30_000))) / max(1.0, float(np.abs(loud).max()))
        loud += noise(_round(len(loud)), rng)[: len(loud)] * float(np.sqrt(np.mean(loud**2))) * 10 ** (-rng.uniform(20, 50) / 20)
        return np.clip(np.round(loud), -32768, 32767).astype(np.int16)
    if rng.random() < 0.6:
        loud = soxr.resample(loud, RATE, RATE * rng.uniform(0.85, 1.18))  # speed and pitch together
    lead, tail = (np.zeros(int(rng.uniform(0.0, 0.4) * RATE), np.float32) for _ in range(2))
    loud = np.concatenate([lead, loud, tail])
    if rng.random() < 0.4:
        loud = _room(loud, rng)
    if rng.random() < 0.5:
        loud = _colour(loud, rng)
    peak = np.exp(rng.uniform(np.log(600), np.log(30_000)))
    loud *= peak / max(1.0, float(np.abs(loud).max()))
    level = float(np.sqrt(np.mean(loud**2)))
    below = rng.uniform(5, 30) if rng.random() < 0.6 else rng.uniform(30, 50)
    loud += noise(_round(len(loud)), rng)[: len(loud)] * level * 10 ** (-below / 20)
    return np.clip(np.round(loud), -32768, 32767).astype(np.int16)


def noise(count: int, rng: Rng) -> Floats:
    """Coloured noise of mean square one: white to brown, some of it with hum."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum /= np.maximum(hertz, 40.0) ** (rng.uniform(0.0, 1.6) / 2)
    sound = np.fft.irfft(spectrum, count)
    if rng.random() < 0.2:
        hum = rng.choice((50.0, 60.0, 120.0, 217.0))
        time = np.arange(count) / RATE
        sound += np.std(sound) * sum(rng.uniform(0, 0.7) * np.sin(2 * np.pi * hum * k * time) for k in (1, 2, 3))
    return np.asarray(sound / max(1e-9, float(np.std(sound))), np.float32)


def _room(sound: Floats, rng: Rng) -> Floats:
    """Reverberation: noise that decays over 0.1 to 0.6 s behind the direct sound."""
    seconds = rng.uniform(0.1, 0.6)
    count = int(seconds * RATE)
    tail = rng.standard_normal(count) * np.exp(-6.9 * np.arange(count) / count) * rng.uniform(0.01, 0.06)
    tail[0] = 1.0
    size = _round(len(sound) + count)
    tail = tail.astype(np.float32)
    return np.asarray(np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail, size), size)[: len(sound)], np.float32)


def _colour(sound: Floats, rng: Rng) -> Floats:
    """A microphone's curve: a random smooth gain of up to 10 dB over the frequencies, some of it as narrow as a telephone's."""
    size = _round(len(sound))
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    points = np.linspace(0, RATE / 2, 7)
    curve = np.interp(hertz, points, rng.uniform(-10, 10, len(points)))
    if rng.random() < 0.25:
        curve -= 40.0 * ((hertz < 250) | (hertz > rng.uniform(3300, 6000)))
    gain = (10 ** (curve / 20)).astype(np.float32)
    return np.asarray(np.fft.irfft(np.fft.rfft(sound, size) * gain, size)[: len(sound)], np.float32)


def _round(count: int) -> int:
    """A size that is quick to transform."""
    return -(-count // 1024) * 1024


def pad(frames: Floats) -> Floats:
    """Repeat the edges as Kaldi does."""
    return np.pad(frames, ((CONTEXT, CONTEXT), (0, 0)), mode="edge")
