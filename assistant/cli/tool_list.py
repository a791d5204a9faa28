"""`assistant tools`: the functions that the model may ask for."""

import json
from dataclasses import replace

import click

from assistant.cli import Source


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def tools(source: Source, as_json: bool) -> int:
    """List the tools that are registered, and what each asks of whoever uses it."""
    from assistant.alarms.book import Book
    from assistant.alarms.schedule import Rules, machine_clocks
    from assistant.memory.lists import Lists
    from assistant.protocols_hands import Hands
    from assistant.tools.registry import load_tools

    config = source.load()
    book = Book(None, machine_clocks(config.alarms.timezone), Rules())  # stand-ins: nothing is called
    hands = Hands(alarms=book, lists=Lists(None))
    found = [replace(one, choices={}) for one in load_tools(config.tools, hands)]
    if as_json:
        rows = [
            {
                "name": one.name,
                "description": one.description,
                "parameters": one.schema.get("properties", {}),
                "effect": "changes" if one.changes else "reads",
                "tier": one.tier,
                "guests": one.guests,
                "words": {code: list(words) for code, words in one.words.items()},
                "source": one.source,
            }
            for one in found
        ]
        click.echo(json.dumps({"tools": rows}, ensure_ascii=False))
        return 0
    if not found:
        click.echo("There are no tools; docs/tools.md shows how to add one.")
    for one in found:
        kind = "reads" if not one.changes else {"free": "changes", "confirm": "changes, asks first"}.get(one.tier, "changes, PIN")
        parameters = ", ".join(one.schema.get("properties", {}))
        click.echo(f"{one.name}({parameters})  {one.description}  [{kind}]  {one.source}")
    return 0
