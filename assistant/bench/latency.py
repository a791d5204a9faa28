"""`assistant bench latency`: spoken turns in real time, from the true end of speech to the first audio, beside other wirings.

The reply's text is the script's in every wiring, each token of which is computed and drawn; so are the recogniser's words
(bench/spoken_script.py, bench/script.py). Turns before the tenth are typed: a talk is under way. The wirings take turns, turn by
turn, so that a machine's slow minutes fall on all; the targets are ratios. `--quick` steps the house on audio time and counts:
computing takes no time there, and the other wirings are left out.
"""

from collections.abc import Sequence
from pathlib import Path
from statistics import median

from assistant.bench import project
from assistant.bench.chart import Chart
from assistant.bench.latency_ours import Ours, Timed
from assistant.bench.latency_usual import Other, any_voice, piper
from assistant.bench.result import Figure, Result, machine, p95, versions
from assistant.bench.script import Line, talk
from assistant.bench.spoken_script import COMMANDS, caller, sound
from assistant.config import Config
from assistant.dialogue.prompt import PERSONA
from assistant.engines import auto
from assistant.models import model_roots

BEFORE, TURNS, QUICK_TURNS = 10, 12, 8
KINDS = ("command", "talk", "recall", "document")
TARGETS = {"usual": 0.15, "careful": 0.60}
LEFT_MEDIAN, LEFT_P95 = 8, 24


def lines(turns: int) -> list[Line]:
    """A talk under way, then turns of each kind."""
    told = talk(40)
    by_kind = {kind: [line for line in told[BEFORE:] if line.kind == kind] for kind in KINDS} | {"command": list(COMMANDS)}
    return told[:BEFORE] + [by_kind[KINDS[n % 4]][n // 4 % len(by_kind[KINDS[n % 4]])] for n in range(turns)]


def measure(config: Config, quick: bool) -> Result:
    """Measure it. Raises what building the house raises."""
    said = lines(QUICK_TURNS if quick else TURNS)
    ours = Ours(config, said, realtime=not quick)
    choices = {choice.kind: str(choice) for choice in ours.house.choices}
    others: list[Other] = []
    waits: dict[str, list[float]] = {}
    stages: dict[str, dict[str, list[float]]] = {}
    timed: list[Timed] = []
    try:
        if not quick:
            others = _others(config)
            for other in others:
                for number in range(BEFORE - 2, BEFORE):
                    other.typed(said, number)
        with ours.running():
            for line in said[:BEFORE]:
                ours.typed(line)
            for number, line in enumerate(said[BEFORE:], BEFORE):
                timed.append(ours.spoken(line))
                pcm = sound(line.user, caller())
                for other in others:
                    waits.setdefault(other.name, []).append(other.spoken(said, number, pcm, auto.vad(config).make()))
                    for stage, took in other.stages.items():
                        stages.setdefault(other.name, {}).setdefault(stage, []).append(took)
    finally:
        ours.close()
        for other in others:
            other.close()
    figures = (
        _counts(timed)
        | (_times(timed, waits, stages) if others else {})
        | project.figures(timed, others[0].prompts if others else ())
    )
    charts = [Chart("Tokens left to prefill at the end of listening, median", "tokens", _by_kind(timed))]
    if others:
        shown = {"ours": [turn.from_speech_s for turn in timed]} | waits
        bars = {name: {"median": median(found), "p95": p95(found)} for name, found in shown.items()}
        charts.insert(0, Chart("From the end of speech to the first audio", "s", bars))
    packages = versions("llama-cpp-python", "piper-tts", "vosk", "onnxruntime")
    return Result(machine(), packages, choices, figures, charts)


def _others(config: Config) -> list[Other]:
    models = model_roots(config.models)
    spec = auto.llm(config, models)[0].spec
    choice, voice = auto.first_that_loads(auto.tts(config, models, "en"))
    speak = piper(Path(choice.spec.voice)) if choice.name == "piper" else any_voice(voice)
    transcriber = auto.stt(config, models, "en", live=False).make()
    persona = config.dialogue.persona_in("en") or PERSONA["en"]
    names = ("usual", "reset", "careful")
    return [Other(name, spec.model, config.llm.context, persona, transcriber, speak) for name in names]


def _by_kind(timed: Sequence[Timed]) -> dict[str, dict[str, float]]:
    return {kind: {"tokens": median(turn.left for turn in timed if turn.kind == kind)} for kind in KINDS}


def _counts(timed: Sequence[Timed]) -> dict[str, Figure]:
    left = [turn.left for turn in timed]
    of = f"tokens, of {len(left)} turns"
    found = {
        "left to prefill, median": Figure(median(left), of, LEFT_MEDIAN),
        "left to prefill, p95": Figure(p95(left), of, LEFT_P95),
    }
    for kind in KINDS:
        some = [turn.left for turn in timed if turn.kind == kind]
        found[f"left to prefill, {kind}"] = Figure(median(some), f"tokens, median of {len(some)}; most {max(some)}")
    found["written before the first audio"] = Figure(median(turn.first_tokens for turn in timed), "pieces, median")
    found["sound made before the first audio"] = Figure(median(turn.first_audio_s for turn in timed), "s, median")
    found["end of speech to end of listening"] = Figure(
        median(turn.from_speech_s - turn.from_endpoint_s for turn in timed), "s, median"
    )
    return found


def _times(timed: Sequence[Timed], waits: dict[str, list[float]], stages: dict[str, dict[str, list[float]]]) -> dict[str, Figure]:
    speech = [turn.from_speech_s for turn in timed]
    endpoint = [turn.from_endpoint_s for turn in timed]
    found = {
        "ours, from the end of speech": Figure(median(speech), f"s, median; p95 {p95(speech):.2f}"),
        "ours, from the endpoint": Figure(median(endpoint), f"s, median; p95 {p95(endpoint):.2f}"),
    }
    for kind in KINDS:
        some = [turn.from_speech_s for turn in timed if turn.kind == kind]
        found[f"ours, from the end of speech, {kind}"] = Figure(median(some), f"s, median of {len(some)}")
    for name, theirs in waits.items():
        found[f"{name}, from the end of speech"] = Figure(median(theirs), f"s, median; p95 {p95(theirs):.2f}")
        for stage, took in stages[name].items():
            found[f"{name}: {stage}"] = Figure(median(took), "s, median")
        pairs = [a / b for a, b in zip(speech, theirs, strict=True)]
        target = TARGETS.get(name)
        found[f"ours over {name}, median of pairs"] = Figure(median(pairs), "ratio", target)
        found[f"ours over {name}, p95 over p95"] = Figure(p95(speech) / p95(theirs), "ratio", target)
    return found
