"""`assistant listen`, `stop`, `mute` and `status`: a hand on the daemon that runs here, for buttons, pedals and scripts."""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from assistant.cli import Source
from assistant.errors import EngineError
from assistant.servers.control_client import ControlClient


@contextmanager
def _daemon(source: Source) -> Iterator[ControlClient]:
    """The daemon. Raises `EngineError` when none runs."""
    client = ControlClient.connect(source.load().control.socket)
    if client is None:
        raise EngineError("no assistant runs here; start it with `assistant run`")
    with client:
        yield client


@click.command()
@click.option("--hold", is_flag=True, help="Listen until the end of standard input, Enter or SIGTERM, as a held button does.")
@click.pass_obj
def listen(source: Source, hold: bool) -> int:
    """Let the daemon listen now, without a wake word; prints what was heard and said."""
    said = False
    with _daemon(source) as daemon:
        daemon.send(do="listen", hold=hold)
        if hold:
            _wait_for_release()
            daemon.send(do="release")
        for found in daemon.answer():
            if found.get("event") == "completed":
                said = True
                click.echo(f"{found['user']}\n{found['assistant']}")
    return 0 if said else 1


class _Released(Exception):
    """SIGTERM: the button was let go."""


def _wait_for_release() -> None:
    def released(*_: object) -> None:
        raise _Released

    before = signal.signal(signal.SIGTERM, released)
    try:
        sys.stdin.readline()
    except _Released:
        return
    finally:
        signal.signal(signal.SIGTERM, before)


@click.command()
@click.pass_obj
def stop(source: Source) -> int:
    """Stop what the daemon says or hears."""
    with _daemon(source) as daemon:
        daemon.last(do="stop")
    return 0


@click.command()
@click.argument("state", type=click.Choice(["on", "off"]), required=False)
@click.pass_obj
def mute(source: Source, state: str | None) -> int:
    """Mute the microphone of the daemon: on, off, or the other way round."""
    with _daemon(source) as daemon:
        muted = daemon.last(do="mute", on=None if state is None else state == "on")["muted"]
    click.echo("The microphone is muted." if muted else "The microphone is on.")
    return 0


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def status(source: Source, as_json: bool) -> int:
    """Say what the daemon does."""
    with _daemon(source) as daemon:
        found: dict[str, Any] = daemon.last(do="status")["status"]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return 0
    muted = " (muted)" if found["muted"] else ""
    click.echo(f"{found['state']}{muted}, up {found['up_s']} s, version {found['version']}, pid {found['pid']}")
    for engine in found["engines"]:
        click.echo(f"  {engine}")
    return 0
