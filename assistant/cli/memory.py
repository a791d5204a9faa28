"""`assistant memory`: what is remembered about the user, through the running daemon or from its file."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import click

from assistant.cli import Source
from assistant.errors import UsageError
from assistant.servers.control_client import ControlClient


class _Memory(Protocol):
    def kept(self) -> list[dict[str, Any]]: ...

    def set(self, name: str, value: str) -> None: ...

    def forget(self, what: str) -> list[str]: ...

    def export(self) -> dict[str, Any]: ...

    def compact(self) -> None: ...


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

    def export(self) -> dict[str, Any]:
        return dict(self._client.last(do="memory", export=True)["memory"])

    def compact(self) -> None:
        self._client.last(do="memory", compact=True)


class _File:
    """The memory on disk."""

    def __init__(self, source: Source) -> None:
        from assistant.memory.kept_talks import CELLS, KeptTalks
        from assistant.memory.memory import Memory, SlotMemory
        from assistant.memory.slots import rules_of
        from assistant.memory.store import NAME, Store, store_folder

        config = source.load()
        folder = store_folder(config.memory.folder)
        if not config.memory.keep and not (folder / NAME).exists():
            raise UsageError("nothing is kept on disk: memory.keep is false, and no assistant runs here")
        self._language = config.language
        store = Store(folder)
        self._own = SlotMemory(store, rules_of([config.language]))
        talks = KeptTalks(store, folder / CELLS, "")
        self._all = Memory(self._own, talks.forget, talks.export)

    def kept(self) -> list[dict[str, Any]]:
        from dataclasses import asdict

        return [asdict(kept) for kept in self._own.kept()]

    def set(self, name: str, value: str) -> None:
        self._own.set(name, value)

    def forget(self, what: str) -> list[str]:
        return list(self._all.forget(what, self._language))

    def export(self) -> dict[str, Any]:
        return self._all.export()

    def compact(self) -> None:
        self._all.compact()

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


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


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
                when = _when(kept["told_at"])
                click.echo(f"{when}  {kept['name']} = {kept['value']}" if kept["name"] else f"{when}  {kept['value']!r}")


@memory.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def show(source: Source, name: str, as_json: bool) -> int:
    """Show the fact called NAME: its value, when and in which turn it was told, until when it is true, and what it was before."""
    with _open(source) as found:
        kept = next((kept for kept in found.kept() if kept["name"].lower() == name.strip().lower()), None)
    if kept is None:
        click.echo(f"Nothing is remembered as {name}; `assistant memory list` shows everything.", err=True)
        return 1
    if as_json:
        click.echo(json.dumps(kept, ensure_ascii=False))
        return 0
    click.echo(f"{kept['name']} = {kept['value']}")
    click.echo(f"told {_when(kept['told_at'])}, " + (f"in turn {kept['turn']}" if kept["turn"] else "by command"))
    if kept["expires_at"] is not None:
        click.echo(f"until {_when(kept['expires_at'])}")
    if kept["before"]:
        click.echo(f"before: {', '.join(kept['before'])}")
    return 0


@memory.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.pass_obj
def export(source: Source, file: Path | None) -> None:
    """Write everything that is remembered, and the talks that are kept, as JSON into FILE (readable by you alone) or here."""
    with _open(source) as found:
        text = json.dumps(found.export(), ensure_ascii=False, indent=2)
    if file is None:
        click.echo(text)
        return
    try:
        with open(file, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
            out.write(text + "\n")
    except OSError as error:
        raise UsageError(f"{file}: cannot be written ({error.strerror})") from None


@memory.command()
@click.pass_obj
def compact(source: Source) -> None:
    """Have older turns summarised in idle time, where an assistant runs, and give the file's free space back."""
    with _open(source) as found:
        found.compact()


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
