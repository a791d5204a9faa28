"""`assistant memory`: what is remembered about the user, through the running daemon or from its file."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import click

from assistant.cli import Source
from assistant.errors import UsageError
from assistant.servers.control_client import ControlClient


class _Memory(Protocol):
    def kept(self) -> list[dict[str, Any]]: ...

    def set(self, name: str, value: str) -> None: ...

    def forget(self, what: str) -> list[str]: ...


class _Remote:
    """The memory of the daemon that runs."""

    def __init__(self, client: ControlClient) -> None:
        self._client = client

    def kept(self) -> list[dict[str, Any]]:
        return list(self._client.last(do="memory")["slots"])

    def set(self, name: str, value: str) -> None:
        self._client.last(do="memory", set=name, text=value)

    def forget(self, what: str) -> list[str]:
        return list(self._client.last(do="memory", forget=what)["gone"])


class _File:
    """The memory on disk."""

    def __init__(self, source: Source) -> None:
        from assistant.memory.memory import SlotMemory
        from assistant.memory.slots import rules_of
        from assistant.memory.store import NAME, Store, store_folder

        config = source.load()
        folder = store_folder(config.memory.folder)
        if not config.memory.keep and not (folder / NAME).exists():
            raise UsageError("nothing is kept on disk: memory.keep is false, and no assistant runs here")
        self._language = config.language
        self._own = SlotMemory(Store(folder), rules_of([config.language]))

    def kept(self) -> list[dict[str, Any]]:
        from dataclasses import asdict

        return [asdict(kept) for kept in self._own.kept()]

    def set(self, name: str, value: str) -> None:
        self._own.set(name, value)

    def forget(self, what: str) -> list[str]:
        return list(self._own.forget(what, self._language))

    def close(self) -> None:
        self._own.close()


@contextmanager
def _open(source: Source) -> Iterator[_Memory]:
    client = ControlClient.connect(source.load().control.socket)
    if client is not None:
        with client:
            yield _Remote(client)
        return
    file = _File(source)
    try:
        yield file
    finally:
        file.close()


@click.group()
def memory() -> None:
    """See, correct and forget what is remembered about you."""


@memory.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_(source: Source, as_json: bool) -> None:
    """List what is remembered, the oldest first."""
    with _open(source) as found:
        for kept in found.kept():
            if as_json:
                click.echo(json.dumps(kept, ensure_ascii=False))
            else:
                when = time.strftime("%Y-%m-%d %H:%M", time.localtime(kept["told_at"]))
                click.echo(f"{when}  {kept['name']} = {kept['value']}" if kept["name"] else f"{when}  {kept['value']!r}")


@memory.command("set")
@click.argument("name")
@click.argument("value")
@click.pass_obj
def set_(source: Source, name: str, value: str) -> None:
    """Remember NAME = VALUE in place of what was."""
    with _open(source) as found:
        found.set(name, value)


@memory.command()
@click.argument("what")
@click.pass_obj
def forget(source: Source, what: str) -> int:
    """Forget WHAT, a name or a value, for good."""
    with _open(source) as found:
        gone = found.forget(what) if what.strip() else []
    click.echo(f"Forgotten: {', '.join(gone)}." if gone else "Nothing of that is remembered.")
    return 0 if gone else 1


@memory.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def erase(source: Source, yes: bool) -> int:
    """Forget everything, for good."""
    if not yes and not sys.stdin.isatty():
        raise UsageError("memory erase: forgets everything; say --yes")
    if not yes:
        click.confirm("Forget everything?", abort=True)
    with _open(source) as found:
        gone = found.forget("")
    click.echo(f"Forgotten: {len(gone)} facts.")
    return 0
