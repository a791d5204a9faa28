"""`assistant bench tune`: the numbers of threads with which this machine decodes and reads prompts fastest; they are kept.

Every number is tried once a round, so that a slow minute falls on all alike; the best median is taken, the smaller number where
two are within 3 %: a core that gains nothing is better left to the ear. `llm.threads` in the configuration still wins.
Told besides: what a voice helper, one clause ahead, would gain (docs/decisions/0019-cores.md).
"""

import threading
import time
from dataclasses import replace
from statistics import median

from assistant import app
from assistant.bench.decode import PROMPT, TOKENS, ours_decode, ours_prefill, ratios
from assistant.bench.result import Figure, Result, machine, versions
from assistant.cancel import CancelToken
from assistant.config import Config
from assistant.cores import spare
from assistant.engines import auto
from assistant.engines.llama import tuning
from assistant.engines.llama.model import LlamaModel
from assistant.folders import cache_folder
from assistant.protocols import Voice

CLAUSE = "The kitchen light is on, and your sister called twice while you were out."
"""Some 3 s of sound, and as many tokens as are decoded meanwhile."""
ENOUGH = 1.03
"""A number of threads counts as the best when its time is at most so much of the best one's."""


def measure(config: Config, quick: bool) -> Result:
    """Measure and keep. Raises what loading the model raises."""
    choice, model = auto.first_that_loads(auto.llm(config, app.models_of(config)))
    counts = range(1, spare(8) + 1)  # the last core is the ear's
    ids = (model.encode("The quick brown fox jumps over the lazy dog. ") * PROMPT)[:PROMPT]
    decode: dict[int, list[float]] = {count: [] for count in counts}
    prefill: dict[int, list[float]] = {count: [] for count in counts}
    try:
        model.files.stop()  # what is measured is computed
        for _ in range(1 if quick else 5):
            for count in counts:
                _set(model, count)
                decode[count].append(ours_decode(model, ids[:16]))
                prefill[count].append(ours_prefill(model, ids))
        _set(model, spare(2))
        overlap = ahead(config, model, 2 if quick else 12)
    finally:
        model.close()
    best = [fewest({count: median(times) for count, times in table.items()}) for table in (decode, prefill)]
    kept = "nothing, this was a quick look" if quick else str(tuning.write(cache_folder(), model.path, *best))
    figures = {"decode: best": Figure(best[0], "threads"), "prefill: best": Figure(best[1], "threads")}
    if overlap is not None:
        figures["a clause ahead, over one after the other"] = Figure(overlap, "ratio")
    for count in counts:
        figures[f"decode, {count}"] = Figure(TOKENS / median(decode[count]), "tokens/s", better="higher")
        figures[f"prefill, {count}"] = Figure(PROMPT / median(prefill[count]), "tokens/s", better="higher")
    return Result(machine(), versions("llama-cpp-python"), {"llm": str(choice), "kept": kept}, figures)


def fewest(times: dict[int, float]) -> int:
    """The smallest number of threads whose time is as good as the best."""
    return min(count for count, time in times.items() if time <= ENOUGH * min(times.values()))


def _set(model: LlamaModel, threads: int) -> None:
    model.lib.llama_set_n_threads(model.ctx, threads, threads)


def ahead(config: Config, model: LlamaModel, pairs: int) -> float | None:
    """Time to write a clause and make sound of the one before it at once, in two threads, over one after the other.

    At once the voice has one thread; None where the voice is not Piper: the others take milliseconds. Left out of the ratio is
    the ear: together they are one thread more than the rule allows on a machine of two cores (cores.py).
    """
    choice = auto.tts(config, app.models_of(config), config.language)[0]
    if choice.name != "piper":
        return None
    voice = choice.make()
    alone = replace(choice, spec=replace(choice.spec, options={**config.tts.options, "threads": 1})).make()
    ids = model.encode(CLAUSE)

    def speak(voice: Voice) -> None:
        for _ in voice.synthesize(CLAUSE, CancelToken()):
            pass

    def write() -> None:
        ours_decode(model, ids)

    def in_turn() -> float:
        start = time.perf_counter()
        write()
        speak(voice)
        return time.perf_counter() - start

    def at_once() -> float:
        start = time.perf_counter()
        helper = threading.Thread(target=speak, args=(alone,))
        helper.start()
        write()
        helper.join()
        return time.perf_counter() - start

    in_turn(), at_once()
    return ratios(at_once, in_turn, pairs)[0]
