"""`assistant alarms`: what the running assistant has to ring for."""

import json
from datetime import timedelta
from typing import Any

import click

from assistant.cli import Source
from assistant.cli.remote import running
from assistant.errors import UsageError

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@click.group()
def alarms() -> None:
    """See and cancel timers, alarms and reminders."""


@alarms.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def list_(source: Source, as_json: bool) -> int:
    """List them, and what was missed and not told yet."""
    with running(source) as daemon:
        found: list[dict[str, Any]] = daemon.last(do="alarms")["alarms"]
    if as_json:
        click.echo(json.dumps({"alarms": found}, ensure_ascii=False))
        return 0
    if not found:
        click.echo("Nothing is set.")
    for one in found:
        when = "paused" if one["state"] == "paused" else one["due"].replace("T", " ")
        days = " ".join(_DAYS[int(day)] for day in one["days"])
        left = {"missed": "missed", "ringing": "rings now"}.get(one["state"], f"in {timedelta(seconds=one['left_s'])}")
        click.echo(
            f"{one['id']:>4}  {one['kind']:<8}  {when:<19}  {left:<16}  {one['label']}{f'  ({days})' if days else ''}".rstrip()
        )
    return 0


@alarms.command()
@click.argument("numbers", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Cancel everything.")
@click.pass_obj
def cancel(source: Source, numbers: tuple[int, ...], everything: bool) -> int:
    """Cancel those of these numbers, as `assistant alarms list` shows them."""
    if bool(numbers) == everything:
        raise UsageError("name the numbers that `assistant alarms list` shows, or say --all")
    with running(source) as daemon:
        gone: list[int] = daemon.last(do="alarms", cancel=list(numbers))["gone"]
    missing = [number for number in numbers if number not in gone]
    click.echo(f"Cancelled {', '.join(map(str, gone))}." if gone else "Nothing is set.")
    if missing:
        raise UsageError(f"there is no number {missing[0]}; see `assistant alarms list`")
    return 0
