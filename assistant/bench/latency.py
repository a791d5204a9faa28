"""`assistant bench latency`: spoken turns in real time, from the true end of speech to the first audio, beside other wirings.

The first audio is the reply's first sample as it is played, not as it is handed on: our tone at the end of listening comes first.
The reply's text is the script's in every wiring, each token of which is computed and drawn; so are the recogniser's words
(bench/spoken_script.py, bench/script.py). Turns before the tenth are typed: a talk is under way. The wirings take turns, turn by
turn, so that a machine's slow minutes fall on all; the targets are ratios. All of it is done twice: with short replies, and with
replies near 80 tokens (docs/decisions/0026-two-reply-lengths.md). `--quick` steps the house on audio time and counts:
computing takes no time there, and the other wirings and long replies are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

from assistant.bench import project
from assistant.bench.chart import Chart
from assistant.bench.latency_ours import Ours, Timed
from assistant.bench.latency_usual import Other, any_voice, piper
from assistant.bench.progress import shown
from assistant.bench.result import Figure, Result, machine, p95, versions
from assistant.bench.script import Line, talk
from assistant.bench.spoken_script import COMMANDS, caller, sound
from assistant.config import Config
from assistant.dialogue.prompt import PERSONA
from assistant.engines import auto
from assistant.models import model_roots

BEFORE, TURNS, QUICK_TURNS = 10, 12, 8
KINDS = ("command", "talk", "recall", "document")
MORE = (
    " There is more to say about it, if you like. The old people in the village told it in many ways, and each of them was sure"
    " that theirs was the true one. In the end it does not matter much, for all of them sat by the fire, and the children"
    " listened until they fell asleep."
)
"""With it a reply is near 80 tokens, where a spoken one stops; a command's stays as it is."""
LENGTHS = {"": "", "long replies: ": MORE}
"""What the names of figures begin with -> what is said behind each reply."""
USUAL, CAREFUL = 0.15, 0.60
TARGETS = {("", "careful"): CAREFUL, ("long replies: ", "usual"): USUAL, ("long replies: ", "careful"): CAREFUL}
LEFT_MEDIAN, LEFT_P95 = 8, 24


@dataclass
class Replay:
    """What a talk took."""

    choices: dict[str, str]
    timed: list[Timed] = field(default_factory=list)
    """Ours, turn by turn."""
    waits: dict[str, list[float]] = field(default_factory=dict)
    """Other wiring -> seconds from the true end of speech to the first audio, turn by turn."""
    stages: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    prompts: list[int] = field(default_factory=list)
    """Tokens of the prompt that the usual wiring evaluated, turn by turn."""


def lines(turns: int, more: str = "") -> list[Line]:
    """A talk under way, then turns of each kind, with `more` at the end of each reply that is no command's."""
    told = talk(40)
    by_kind = {kind: [line for line in told[BEFORE:] if line.kind == kind] for kind in KINDS} | {"command": list(COMMANDS)}
    spoken = [by_kind[KINDS[n % 4]][n // 4 % len(by_kind[KINDS[n % 4]])] for n in range(turns)]
    return told[:BEFORE] + [line if line.kind == "command" else replace(line, reply=line.reply + more) for line in spoken]


def measure(config: Config, quick: bool) -> Result:
    """Measure it. Raises what building the house raises."""
    figures: dict[str, Figure] = {}
    charts: list[Chart] = []
    for name, more in LENGTHS.items():
        if quick and more:
            continue
        replay = _replay(config, lines(QUICK_TURNS if quick else TURNS, more), quick)
        found = _counts(replay.timed) | _times(replay, name) | project.figures(replay.timed, replay.prompts)
        figures |= {name + figure: value for figure, value in found.items()}
        if replay.waits:
            bars_of = {"ours": [turn.from_speech_s for turn in replay.timed]} | replay.waits
            bars = {wiring: {"median": median(took), "p95": p95(took)} for wiring, took in bars_of.items()}
            charts.append(Chart(f"{name}from the end of speech to the first audio".capitalize(), "s", bars))
        if not more:
            charts.append(Chart("Tokens left to prefill at the end of listening, median", "tokens", _by_kind(replay.timed)))
    packages = versions("llama-cpp-python", "piper-tts", "vosk", "onnxruntime")
    return Result(machine(), packages, replay.choices, figures, charts)


def _replay(config: Config, said: Sequence[Line], quick: bool) -> Replay:
    """Hold the talk, in all wirings or (quick) in ours."""
    ours = Ours(config, said, realtime=not quick)
    replay = Replay({choice.kind: str(choice) for choice in ours.house.choices})
    others: list[Other] = []
    try:
        if not quick:
            others = _others(config)
            for other in others:
                for number in range(BEFORE - 2, BEFORE):
                    other.typed(said, number)
        with ours.running():
            for line in said[:BEFORE]:
                ours.typed(line)
            for number in shown(range(BEFORE, len(said)), "turns"):
                line = said[number]
                replay.timed.append(ours.spoken(line))
                pcm = sound(line.user, caller())
                for other in others:
                    waited = other.spoken(said, number, pcm, auto.vad(config).make())
                    replay.waits.setdefault(other.name, []).append(waited)
                    for stage, took in other.stages.items():
                        replay.stages.setdefault(other.name, {}).setdefault(stage, []).append(took)
        replay.prompts = others[0].prompts if others else []
    finally:
        ours.close()
        for other in others:
            other.close()
    return replay


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
    found = {}
    for kind in KINDS:  # the targets hold for each: many commands would hide the documents
        left = [turn.left for turn in timed if turn.kind == kind]
        found[f"left to prefill, {kind}, median"] = Figure(median(left), f"tokens, of {len(left)} turns", LEFT_MEDIAN)
        found[f"left to prefill, {kind}, p95"] = Figure(p95(left), f"tokens, of {len(left)} turns", LEFT_P95)
    found["written before the first audio"] = Figure(median(turn.first_tokens for turn in timed), "pieces, median")
    found["sound made before the first audio"] = Figure(median(turn.first_audio_s for turn in timed), "s, median")
    found["ours: listen"] = Figure(median(turn.from_speech_s - turn.from_endpoint_s for turn in timed), "s, median")
    return found


def _times(replay: Replay, length: str) -> dict[str, Figure]:
    """None without other wirings: computing took no time."""
    if not replay.waits:
        return {}
    speech = [turn.from_speech_s for turn in replay.timed]
    endpoint = [turn.from_endpoint_s for turn in replay.timed]
    found = {
        "ours, from the end of speech": Figure(median(speech), f"s, median; p95 {p95(speech):.2f}"),
        "ours, from the endpoint": Figure(median(endpoint), f"s, median; p95 {p95(endpoint):.2f}"),
    }
    for stage, waited in {
        "think": [turn.first_clause_s for turn in replay.timed],
        "speak": [turn.from_endpoint_s - turn.first_clause_s - turn.behind_tone_s for turn in replay.timed],
        "behind the tone": [turn.behind_tone_s for turn in replay.timed],
    }.items():
        found[f"ours: {stage}"] = Figure(median(waited), "s, median")
    for kind in KINDS:
        some = [turn.from_speech_s for turn in replay.timed if turn.kind == kind]
        found[f"ours, from the end of speech, {kind}"] = Figure(median(some), f"s, median of {len(some)}")
    for name, theirs in replay.waits.items():
        found[f"{name}, from the end of speech"] = Figure(median(theirs), f"s, median; p95 {p95(theirs):.2f}")
        behind = [whole - listened for whole, listened in zip(theirs, replay.stages[name]["listen"], strict=True)]
        found[f"{name}, from the endpoint"] = Figure(median(behind), f"s, median; p95 {p95(behind):.2f}")
        for stage, took in replay.stages[name].items():
            found[f"{name}: {stage}"] = Figure(median(took), "s, median")
        pairs = [a / b for a, b in zip(speech, theirs, strict=True)]
        target = TARGETS.get((length, name))
        found[f"ours over {name}, median of pairs"] = Figure(median(pairs), "ratio", target)
        found[f"ours over {name}, p95 over p95"] = Figure(p95(speech) / p95(theirs), "ratio", target)
        for kind in KINDS:
            some = [pair for pair, turn in zip(pairs, replay.timed, strict=True) if turn.kind == kind]
            found[f"ours over {name}, {kind}"] = Figure(median(some), f"ratio, median of {len(some)} pairs")
    return found
