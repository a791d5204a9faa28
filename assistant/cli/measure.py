"""`assistant bench NAME` and `assistant eval NAME`: what docs/benchmarks.md claims, measured on this machine."""

import difflib
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.bench.chart import check, draw
from assistant.cli import Source
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.bench.result import Result

BENCHES = {
    "decode": ("assistant.bench.decode", "decode and prefill against the bare native loop"),
    "board": ("assistant.bench.board", "what this board can do, as a table to paste into an issue"),
    "capture": ("assistant.bench.capture", "frames lost beside decoding and an HTTP server, ten minutes for each way to record"),
    "cores": ("assistant.bench.cores", "what the ear suffers beside an assistant that answers, by who gives way"),
    "latency": ("assistant.bench.latency", "from the end of speech to the first audio, against the usual wirings"),
    "load": ("assistant.bench.load", "twenty clients of the HTTP API at once, ten minutes: lost, crossed, left open"),
    "start": ("assistant.bench.start", "from the start until it listens, and memory idle and in a turn"),
    "tune": ("assistant.bench.tune", "the threads that are best for this machine and model; they are kept"),
    "dialogue": ("assistant.bench.dialogue", "what a long talk costs in prompt tokens, against the usual wiring"),
    "stages": ("assistant.bench.stages", "time of each stage, reuse of the prompt and memory over a conversation"),
}
EVALS = {
    "commands": (
        "assistant.evals.commands",
        "commands that reach a home, plain and beside a list of likely ones, and talk that does",
    ),
    "documents": ("assistant.evals.documents", "what is found in documents, asked in other words, and what they do not say"),
    "honesty": ("assistant.evals.honesty", "what is claimed that was not done, and what a question or a document changes"),
    "intents": (
        "assistant.evals.intents",
        "what is understood of commands on a home: FOLDER holds tests of OHF-Voice/intents",
    ),
    "memory": ("assistant.evals.memory", "what is found of things told long ago, and of things never told"),
    "starter": ("assistant.evals.starter", "what the language model gets right, per skill and language"),
    "listening": ("assistant.evals.listening", "wake word, endpoint, words and barge-in on made sound, and on --data"),
    "recognition": ("assistant.evals.recognition", "words that the recognisers get wrong, on made speech or on --data"),
}
TAKE_DATA = {"listening", "recognition"}
TAKE_HOURS = {"listening"}
TAKE_FOLDER = {"intents"}


def _measure(
    kind: str, table: dict[str, tuple[str, str]], name: str, as_json: bool, plots: Sequence[Path], run: "Callable[..., Result]"
) -> int:
    """Call `run` with the measurement's own function, print what comes back, and draw it into each of `plots`."""
    if name not in table:
        near = difflib.get_close_matches(name, table, n=1)
        there = "; ".join(f"{known}: {text}" for known, (_, text) in table.items())
        raise UsageError(f"{kind} {name!r}: " + (f"did you mean {near[0]}?" if near else f"there are {there}"))
    for plot in plots:
        check(plot)
    result = run(import_module(table[name][0]).measure)
    for plot in plots:
        draw(result.charts, plot)
    if as_json:
        click.echo(result.to_json())
    else:
        result.print()
    missed = [name for name, figure in result.figures.items() if figure.ok is False]
    if missed:
        click.echo(f"assistant: missed its target: {', '.join(missed)}", err=True)
    return 1 if missed else 0


_plot = click.option(
    "--plot",
    "plots",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Draw it too: a .png or .svg; may be given twice.",
)


@click.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@click.option("--quick", is_flag=True, help="Fewer repetitions: for a first look, not for a claim.")
@_plot
@click.pass_obj
def bench(source: Source, name: str, as_json: bool, quick: bool, plots: Sequence[Path]) -> int:
    """Measure speed or memory: board, capture, cores, decode, dialogue, latency, load, stages, start, tune.

    Exit code 1 when a target is missed.
    """
    return _measure("bench", BENCHES, name, as_json, plots, lambda measure: measure(source.load(), quick))


@click.command("eval")
@click.argument("name")
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@click.option("--quick", is_flag=True, help="Fewer items: for a first look, not for a claim.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="Recordings of people saying digits, named DIGIT_SPEAKER_TAKE.wav, for `listening` and `recognition`.",
)
@click.option("--hours", type=click.FloatRange(0, 1000), help="Hours of talk and music for false wakes, for `listening`.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Keep what is measured there, piece by piece, and go on from it, for `listening`.",
)
@_plot
@click.pass_obj
def eval_(
    source: Source,
    name: str,
    folder: Path | None,
    as_json: bool,
    quick: bool,
    data: Path | None,
    hours: float | None,
    keep: Path | None,
    plots: Sequence[Path],
) -> int:
    """Measure quality: commands, documents, honesty, intents FOLDER, listening, memory, starter, recognition.

    Exit code 1 when a target is missed.
    """
    if (folder is not None) is not (name in TAKE_FOLDER):
        needs = (
            f"give it a folder of tests: assistant eval {name} FOLDER" if name in TAKE_FOLDER else f"it takes no folder {folder}"
        )
        raise UsageError(f"eval {name}: {needs}")
    if data is not None and name not in TAKE_DATA:
        raise UsageError(f"eval {name}: --data is for {', '.join(sorted(TAKE_DATA))}")
    if (hours is not None or keep is not None) and name not in TAKE_HOURS:
        raise UsageError(f"eval {name}: --hours and --keep are for {', '.join(sorted(TAKE_HOURS))}")
    more: dict[str, object] = {"data": data} if name in TAKE_DATA else {}
    if name in TAKE_FOLDER:
        more |= {"folder": folder}
    if name in TAKE_HOURS:
        more |= {"hours": hours, "keep": keep, "tell": lambda line: click.echo(line, err=True)}
    return _measure("eval", EVALS, name, as_json, plots, lambda measure: measure(source.load(), quick, **more))
