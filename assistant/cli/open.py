"""`assistant open`: a link that opens the web page of the daemon that runs here, good once."""

import click

from assistant.cli import Source
from assistant.errors import EngineError
from assistant.servers.control_client import ControlClient


@click.command("open")
@click.option("--kiosk", is_flag=True, help="For a screen that visitors use: it may talk, and nothing else.")
@click.option("--revoke", is_flag=True, help="Log everybody out: every page and kiosk needs a new link.")
@click.pass_obj
def open_(source: Source, kiosk: bool, revoke: bool) -> int:
    """Print a link that opens the web page, once, within ten minutes; the browser that opens it stays logged in for 30 days."""
    if revoke:
        from assistant.servers.web.logins import Logins

        click.echo("Everybody is logged out." if Logins().revoke() else "Nobody was logged in.")
        return 0
    client = ControlClient.connect(source.load().control.socket)
    if client is None:
        raise EngineError("no assistant runs here; start it with `assistant run --set web.enabled=true`")
    with client:
        click.echo(client.last(do="open", kiosk=kiosk)["url"])
    return 0
