"""`assistant bench tune`: the numbers of threads with which this machine decodes and reads prompts fastest; they are kept.

Every number is tried once a round, so that a slow minute falls on all alike; the best median is taken, the smaller number where
two are within 3 %: a core that gains nothing is better left to the ear. `llm.threads` in the configuration still wins.
"""

from statistics import median

from assistant import app
from assistant.bench.decode import PROMPT, TOKENS, ours_decode, ours_prefill
from assistant.bench.result import Figure, Result, machine, versions
from assistant.config import Config
from assistant.cores import spare
from assistant.engines import auto
from assistant.engines.llama import tuning
from assistant.engines.llama.model import LlamaModel
from assistant.folders import cache_folder

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
    finally:
        model.close()
    best = [fewest({count: median(times) for count, times in table.items()}) for table in (decode, prefill)]
    kept = "nothing, this was a quick look" if quick else str(tuning.write(cache_folder(), model.path, *best))
    figures = {"decode: best": Figure(best[0], "threads"), "prefill: best": Figure(best[1], "threads")}
    for count in counts:
        figures[f"decode, {count}"] = Figure(TOKENS / median(decode[count]), "tokens/s", better="higher")
        figures[f"prefill, {count}"] = Figure(PROMPT / median(prefill[count]), "tokens/s", better="higher")
    return Result(machine(), versions("llama-cpp-python"), {"llm": str(choice), "kept": kept}, figures)


def fewest(times: dict[int, float]) -> int:
    """The smallest number of threads whose time is as good as the best."""
    return min(count for count, time in times.items() if time <= ENOUGH * min(times.values()))


def _set(model: LlamaModel, threads: int) -> None:
    model.lib.llama_set_n_threads(model.ctx, threads, threads)
