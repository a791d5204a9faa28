"""`assistant wake check`: whether a wake phrase can be heard, before it is written into config.yaml."""

import click

from assistant.cli import Source


@click.group()
def wake() -> None:
    """Try wake words."""


@wake.command()
@click.argument("phrase")
@click.pass_obj
def check(source: Source, phrase: str) -> int:
    """Say PHRASE to the wake detector in every voice that is here; exit code 1 when too few wake it, or other talk does."""
    from assistant.evals.wake_phrase import TALK_S, check

    trial = check(source.load(), phrase)
    voices = len(trial.heard) + len(trial.missed)
    click.echo(
        f"{phrase!r}: heard from {len(trial.heard)} of {voices} voices, {trial.false} times in {TALK_S:.0f} s of other talk."
    )
    if trial.missed:
        click.echo(f"Not heard from: {', '.join(trial.missed)}.")
    if trial.ok:
        entry = phrase if "_" in phrase or phrase.endswith(".tflite") else f"{{word: {phrase}, engine: vosk}}"
        click.echo(f"Made voices are no people, but it can be tried: wake.words: [{entry}]")
        return 0
    click.echo("assistant: take another phrase: three or four syllables that are rare in talk do best", err=True)
    return 1
