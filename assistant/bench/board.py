"""`assistant bench board`: what this board can do: memory, language model, voice and ear. A table to paste into an issue.

Decoding reads all of a model's weights for each token, so bandwidth by bytes per token bounds its speed: with the bandwidth that
was measured this projects the catalogue's models onto a board that has none of them yet. Everything else is measured on the
engines that the configuration takes. No targets: a board is what it is.
"""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any

from assistant import app
from assistant.audio.format import FRAME_BYTES, RATE
from assistant.audio.resample import Resampler
from assistant.bench.decode import PROMPT, TOKENS, ours_decode, ours_prefill
from assistant.bench.result import Figure, Result, machine, pss_mib, versions
from assistant.cancel import CancelToken
from assistant.config import Config
from assistant.engines import auto
from assistant.engines.base import mem_available
from assistant.engines.llama.model import LlamaModel
from assistant.protocols import Voice

BYTES_PER_TOKEN = {"Qwen2.5-0.5B Q4_0": 346e6, "Qwen2.5-1.5B Q4_0": 929e6}
"""Weights read for a token: the file's tensors without the input embedding, of which one row is read."""
SENTENCE = {"en": "The kitchen light is on, and the kettle is ready.", "zh": "厨房的灯开着，水也烧好了。"}


def measure(config: Config, quick: bool) -> Result:
    """Measure the board. Raises what building the engines raises."""
    rounds = 2 if quick else 7
    one, every = bandwidth(1, rounds), bandwidth(os.cpu_count() or 1, rounds)
    figures = {
        "read bandwidth, one thread": Figure(one, "GB/s", better="higher"),
        "read bandwidth, all threads": Figure(every, "GB/s", better="higher"),
    }
    for name, size in BYTES_PER_TOKEN.items():
        figures[f"projected: {name}"] = Figure(max(one, every) * 1e9 / size, "tokens/s at most", better="higher")
    choices = [auto.llm(config, app.models_of(config)), auto.tts(config, app.models_of(config), config.language)]
    taken, model = auto.first_that_loads(choices[0])
    try:
        figures |= _llm(model, rounds)
    finally:
        model.close()
    spoken, voice = auto.first_that_loads(choices[1])
    rtf, speech = _voice(voice, SENTENCE[config.language], rounds)
    figures["voice"] = Figure(rtf, "of the sound's own time")
    ear, hears = _ear(config, speech, rounds)
    figures |= ear
    figures["memory at the end"] = Figure(pss_mib(), "MiB PSS")
    models = {choice.kind: str(choice) for choice in (taken, spoken, hears)}
    return Result(machine(), versions("llama-cpp-python", "piper-tts", "vosk"), models, figures)


def bandwidth(threads: int, rounds: int) -> float:
    """GB/s that so many threads read together from memory; the best of the rounds."""
    size = 256 << 20 if mem_available() > 2 << 30 else 64 << 20
    import numpy as np

    memory = np.ones(size // 8, np.int64)
    parts = np.array_split(memory, threads)

    def read(part: Any) -> int:
        return int(part.sum())

    best = 0.0
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(rounds + 1):
            start = time.perf_counter()
            assert sum(pool.map(read, parts)) == len(memory)
            best = max(best, size / (time.perf_counter() - start) / 1e9)
    return best


def _llm(model: LlamaModel, rounds: int) -> dict[str, Figure]:
    ids = (model.encode("The quick brown fox jumps over the lazy dog. ") * PROMPT)[:PROMPT]
    decode = median(ours_decode(model, ids[:16]) for _ in range(rounds))
    prefill = median(ours_prefill(model, ids) for _ in range(rounds))
    return {
        "decode": Figure(TOKENS / decode, "tokens/s", better="higher"),
        "prefill": Figure(PROMPT / prefill, "tokens/s", better="higher"),
    }


def _voice(voice: Voice, text: str, rounds: int) -> tuple[float, bytes]:
    """Seconds of work for a second of speech, and the speech, mono s16le at 16 kHz."""
    spent = []
    pcm = b""
    for _ in range(rounds):
        start = time.perf_counter()
        pcm = b"".join(chunk.pcm for chunk in voice.synthesize(text, CancelToken()))
        spent.append((time.perf_counter() - start) / (len(pcm) / 2 / voice.rate))
    resampler = Resampler(voice.rate, RATE)
    return median(spent), resampler.feed(pcm) + resampler.flush()


def _ear(config: Config, speech: bytes, rounds: int) -> tuple[dict[str, Figure], auto.Choice]:
    """Processor time for a second of sound, of wake words with voice activity and of the recogniser; the recogniser's choice."""
    frames = [speech[at : at + FRAME_BYTES] for at in range(0, len(speech) - FRAME_BYTES + 1, FRAME_BYTES)]
    seconds = len(frames) * FRAME_BYTES / 2 / RATE
    models = app.models_of(config)
    feeds: list[Callable[[bytes], object]] = [choice.make().feed for choice in auto.wake(config, models)]
    feeds.append(auto.vad(config).make().feed)
    choice = auto.stt(config, models, config.language, live=True)
    transcriber = choice.make()

    def asleep() -> None:
        for frame in frames:
            for feed in feeds:
                feed(frame)

    def awake() -> None:
        session = transcriber.session()
        for frame in frames:
            session.feed(frame)
        session.finish()

    return {
        "ear asleep": Figure(median(_work(asleep, rounds)) / seconds, "of the sound's own time"),
        "recogniser": Figure(median(_work(awake, rounds)) / seconds, "of the sound's own time"),
    }, choice


def _work(job: Callable[[], None], rounds: int) -> Iterator[float]:
    for _ in range(rounds):
        start = time.process_time()
        job()
        yield time.process_time() - start
