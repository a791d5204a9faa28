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
    """Say PHRASE to the wake detector in every voice that is here; exit code 1 when too few wake it, or other talk does.

    What is found is kept; otherwise `assistant run` tries a phrase when it first starts with it.
    """
    from assistant.evals import wake_verdicts
    from assistant.evals.wake_phrase import TALK_S, check
    from assistant.settings import WakeWord

    config = source.load()
    word = WakeWord(word=phrase, engine=None if "_" in phrase or phrase.endswith(".tflite") else "vosk")
    trial = check(config, word)
    if word.engine is not None:
        wake_verdicts.keep(config, word, trial)
    voices = len(trial.heard) + len(trial.missed)
    click.echo(
        f"{phrase!r}: heard from {len(trial.heard)} of {voices} voices, {trial.false} times in {TALK_S:.0f} s of other talk, "
        f"in {100 * trial.near:.0f} % of what is near it."
    )
    if trial.missed:
        click.echo(f"Not heard from: {', '.join(trial.missed)}.")
    if trial.ok:
        entry = phrase if word.engine is None else f"{{word: {phrase}, engine: vosk}}"
        click.echo(f"Made voices are no people, but it can be tried: wake.words: [{entry}]")
        return 0
    click.echo(
        f"assistant: {phrase!r} {trial.why}; take another phrase: three or four syllables that are rare in talk do best", err=True
    )
    return 1
