"""`assistant bench NAME` and `assistant eval NAME`: what docs/benchmarks.md claims, measured on this machine."""

import difflib
from importlib import import_module

import click

from assistant.cli import Source
from assistant.errors import UsageError

BENCHES = {
    "decode": ("assistant.bench.decode", "decode and prefill against the bare native loop"),
    "stages": ("assistant.bench.stages", "time of each stage, reuse of the prompt and memory over a conversation"),
}
EVALS = {
    "starter": ("assistant.evals.starter", "what the language model gets right, per skill and language"),
}


def _measure(kind: str, table: dict[str, tuple[str, str]], source: Source, name: str, as_json: bool, quick: bool) -> int:
    if name not in table:
        near = difflib.get_close_matches(name, table, n=1)
        there = "; ".join(f"{known}: {text}" for known, (_, text) in table.items())
        raise UsageError(f"{kind} {name!r}: " + (f"did you mean {near[0]}?" if near else f"there are {there}"))
    result = import_module(table[name][0]).measure(source.load(), quick=quick)
    if as_json:
        click.echo(result.to_json())
    else:
        result.print()
    missed = [name for name, figure in result.figures.items() if figure.ok is False]
    if missed:
        click.echo(f"assistant: missed its target: {', '.join(missed)}", err=True)
    return 1 if missed else 0


@click.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@click.option("--quick", is_flag=True, help="Fewer repetitions: for a first look, not for a claim.")
@click.pass_obj
def bench(source: Source, name: str, as_json: bool, quick: bool) -> int:
    """Measure speed or memory: decode, stages. Exit code 1 when a target is missed."""
    return _measure("bench", BENCHES, source, name, as_json, quick)


@click.command("eval")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@click.option("--quick", is_flag=True, help="Fewer items: for a first look, not for a claim.")
@click.pass_obj
def eval_(source: Source, name: str, as_json: bool, quick: bool) -> int:
    """Measure quality: starter. Exit code 1 when a target is missed."""
    return _measure("eval", EVALS, source, name, as_json, quick)
