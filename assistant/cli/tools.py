"""`assistant devices` and `assistant config`."""

import json
from typing import Literal

import click

from assistant.cli import Source


@click.command()
@click.option("--test", is_flag=True, help="Listen, play a tone, record you and play it back; say what is wrong.")
@click.pass_obj
def devices(source: Source, test: bool) -> int:
    """List microphones and loudspeakers by the names that config.yaml takes."""
    if test:
        from assistant.cli.devices_test import run

        return run(source.load())
    from assistant.audio.devices import find, list_devices
    from assistant.errors import AudioError

    config = source.load()
    found = list_devices()
    rows: tuple[tuple[Literal["input", "output"], str, str], ...] = (
        ("input", config.audio.input, "Microphones"),
        ("output", config.audio.output, "Loudspeakers"),
    )
    for kind, configured, heading in rows:
        click.echo(f"{heading} (audio.{kind}):")
        try:
            chosen = find(configured, kind, found).name
        except AudioError as error:
            click.echo(f"  {error}")
            continue
        for device in found:
            if device.channels(kind):
                mark = "*" if device.name == chosen else " "
                click.echo(f" {mark} {device.name}  ({device.channels(kind)} channels, {device.rate} Hz)")
    return 0


@click.group()
def config() -> None:
    """Check, show or describe the configuration."""


@config.command()
@click.pass_obj
def check(source: Source) -> None:
    """Say whether the configuration is right; the first thing that is wrong ends with exit code 2."""
    source.load()
    click.echo("The configuration is right.")


@config.command()
@click.pass_obj
def show(source: Source) -> None:
    """Print the configuration in force, every key, as YAML."""
    from assistant.config import to_yaml

    click.echo(to_yaml(source.load()), nl=False)


@config.command()
def schema() -> None:
    """Print the JSON schema of config.yaml."""
    from assistant.config import Config

    click.echo(json.dumps(Config.model_json_schema(), indent=2))
