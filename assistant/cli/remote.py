"""`assistant listen`, `stop`, `mute` and `status`: a hand on the daemon that runs here, for buttons, pedals and scripts."""

import json
import os
import select
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

import click

from assistant.cli import Source
from assistant.errors import EngineError
from assistant.servers.control_client import ControlClient

if TYPE_CHECKING:
    from assistant.config import Config


@contextmanager
def running(source: Source) -> Iterator[ControlClient]:
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
    """Listen now, without a wake word; prints what was heard and said. Without a daemon this process listens, once."""
    config = source.load()
    client = ControlClient.connect(config.control.socket)
    with _Release() as release:
        if client is None:
            return _listen_here(source.load("api.enabled=false"), release if hold else None)
        with client:
            if hold:
                release.on_sigterm()
            return _listen(client, release if hold else None)


def _listen(daemon: ControlClient, release: "_Release | None") -> int:
    """Ask a daemon to listen, until the release if one is given; 0 when something was said."""
    daemon.send(do="listen", hold=release is not None)
    if release is not None:
        release.wait()
        daemon.send(do="release")
    said = False
    for found in daemon.answer():
        if found.get("event") == "completed":
            said = True
            click.echo(f"{found['user']}\n{found['assistant']}")
    return 0 if said else 1


def _listen_here(config: "Config", release: "_Release | None") -> int:
    """Be the daemon for one turn: the same socket, asked from beside ear and brain."""
    from assistant import app, daemon
    from assistant.cancel import CancelToken

    stop, listens = CancelToken(), threading.Event()
    stop.on_cancel(lambda _: listens.set())
    codes: list[int] = []

    def talk(stop: CancelToken) -> None:
        listens.wait()
        client = ControlClient.connect(config.control.socket) if stop.reason is None else None
        try:
            if client is not None:
                with client:
                    click.echo("Listening.", err=True)
                    codes.append(_listen(client, release))
        except EngineError:
            if stop.reason is None:
                raise  # else the daemon, this process, ends: that is what was wanted
        stop.cancel("done")

    with app.stop_on_signals(stop):
        if release is not None:
            release.on_sigterm()
            stop.on_cancel(lambda _: release.let_go())
        daemon.run(config, lambda _: listens.set(), lambda _: None, stop, beside=[talk])
    if stop.reason == "shutdown":
        return 130
    return codes[0] if codes else 1


class _Release:
    """The end of a held button: end of standard input, Enter, or SIGTERM."""

    def __enter__(self) -> Self:
        self._out, self._in = os.pipe()
        self._before = signal.getsignal(signal.SIGTERM)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGTERM, self._before)
        os.close(self._in)
        os.close(self._out)

    def on_sigterm(self) -> None:
        """Let SIGTERM be the release, whatever it was before. In the main thread."""
        signal.signal(signal.SIGTERM, lambda *_: self.let_go())

    def let_go(self) -> None:
        """Be the release; any thread."""
        os.write(self._in, b".")

    def wait(self) -> None:
        """Wait for it; any thread."""
        select.select([sys.stdin, self._out], [], [])


@click.command()
@click.pass_obj
def stop(source: Source) -> int:
    """Stop what the daemon says or hears."""
    with running(source) as daemon:
        daemon.last(do="stop")
    return 0


@click.command()
@click.argument("state", type=click.Choice(["on", "off"]), required=False)
@click.pass_obj
def mute(source: Source, state: str | None) -> int:
    """Mute the microphone of the daemon: on, off, or the other way round."""
    with running(source) as daemon:
        muted = daemon.last(do="mute", on=None if state is None else state == "on")["muted"]
    click.echo("The microphone is muted." if muted else "The microphone is on.")
    return 0


@click.command()
@click.option("--revoke", is_flag=True, help="Remove the key: nobody comes in with it any more.")
def token(revoke: bool) -> int:
    """Make the key of the HTTP API, in place of the one before; it is shown this once, only its hash is kept."""
    from assistant.servers.keys import Keys

    keys = Keys({name: value for name, value in os.environ.items() if name != "ASSISTANT_API_TOKEN"})
    if revoke:
        click.echo("The key is revoked." if keys.revoke() else "There was no key.")
        return 0
    click.echo(keys.make())
    return 0


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def status(source: Source, as_json: bool) -> int:
    """Say what the daemon does."""
    with running(source) as daemon:
        found: dict[str, Any] = daemon.last(do="status")["status"]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return 0
    muted = " (muted)" if found["muted"] else ""
    if not found["muted"] and found["microphone_silent_s"] >= 1:
        muted = " (the microphone gives only zeros: `assistant devices --test`)"
    click.echo(f"{found['state']}{muted}, up {found['up_s']} s, version {found['version']}, pid {found['pid']}")
    for line in (*found["engines"], *found["links"]):
        click.echo(f"  {line}")
    return 0
