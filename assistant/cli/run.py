"""`assistant run`: the daemon, and the same loop on recordings."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from assistant import events
from assistant.cli import Source
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.app import Assistant

_FILE = click.Path(path_type=Path)


@click.command()
@click.option(
    "--input", "first", type=_FILE, metavar="A.wav [B.wav ...]", help="Hear these recordings instead of the microphone."
)
@click.argument("more", nargs=-1, type=_FILE)
@click.option("--output", type=_FILE, metavar="OUT.wav", help="Answer into this recording instead of the loudspeaker.")
@click.option("--events", "events_path", metavar="FILE.jsonl|-", help="Write every event as a line of JSON (docs/events.md).")
@click.option("--no-wake", is_flag=True, help="Listen always, without a wake word.")
@click.option("--pace", type=click.Choice(["realtime", "fast"]), default="fast", show_default=True, help="Speed of recordings.")
@click.option("--overlap", is_flag=True, help="Do not wait for a reply before the next recording begins.")
@click.option(
    "--now", type=click.DateTime(), help="The time of day that it is to be for recordings, so that two runs say the same."
)
@click.pass_obj
def run(
    source: Source,
    first: Path | None,
    more: tuple[Path, ...],
    output: Path | None,
    events_path: str | None,
    no_wake: bool,
    pace: str,
    overlap: bool,
    now: datetime | None,
) -> int:
    """Listen and answer until stopped; with --input, until all is said."""
    from assistant import app, daemon
    from assistant.cancel import CancelToken

    config = source.load(*(["wake.engine=none"] if no_wake else []))
    if more and first is None:
        raise UsageError(f"run {more[0]}: recordings are given with --input")
    if output is not None and first is None:
        raise UsageError("--output needs --input: without recordings the reply goes to the loudspeaker")
    stop = CancelToken()
    with _Sink(events_path) as sink, app.stop_on_signals(stop):
        if first is None:
            screen = _Screen()

            def heard(event: events.Event) -> None:
                sink.write(event)
                screen.show(event)

            daemon.run(config, screen.ready, heard, stop)
            return 0
        from assistant.cli.timeline import Timeline
        from assistant.cli.turns_table import TurnsTable

        table, timeline = TurnsTable(), Timeline()

        def seen(event: events.Event) -> None:
            sink.write(event)
            table.add(event)
            timeline.add(event)

        files = app.Files([first, *more], output, realtime=pace == "realtime", overlap=overlap, now=now)
        assistant = app.run_files(config, files, seen, stop)
    if events_path != "-":
        for choice in assistant.choices:
            click.echo(str(choice))
        table.print()
        click.echo("\n".join(timeline.lines()))
        if output is not None:
            click.echo(f"The spoken replies are in {output}.")
    if stop.reason is not None and stop.reason != "done":
        return 130
    return 1 if table.failed else 0


@click.command()
@click.option("--events", "events_path", metavar="FILE.jsonl|-", help="Write every event as a line of JSON (docs/events.md).")
@click.pass_obj
def serve(source: Source, events_path: str | None) -> int:
    """Answer `assistant chat` and other programs without microphone and loudspeaker, until stopped."""
    from assistant import app, daemon
    from assistant.cancel import CancelToken

    config = source.load()
    stop = CancelToken()
    with _Sink(events_path) as sink, app.stop_on_signals(stop):
        daemon.run(config, _Screen("Serving. Ctrl-C ends.").ready, sink.write, stop, microphone=False)
    return 0


class _Sink:
    """The file that events are written to, a line each, as they come."""

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._file: TextIO | None = None

    def __enter__(self) -> "_Sink":
        if self._path == "-":
            self._file = sys.stdout
        elif self._path is not None:
            try:
                self._file = Path(self._path).open("w", encoding="utf-8")
            except OSError as error:
                raise UsageError(f"--events {self._path}: cannot be written ({error.strerror})") from None
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None and self._file is not sys.stdout:
            self._file.close()

    def write(self, event: events.Event) -> None:
        """One line."""
        if self._file is not None:
            from assistant.servers.event_json import to_line

            self._file.write(to_line(event) + "\n")
            self._file.flush()


class _Screen:
    """What a person at the terminal sees. When standard output is no terminal, what was said is not written anywhere."""

    def __init__(self, hint: str = "Listening. Ctrl-C ends.") -> None:
        self._hint = hint

    def ready(self, assistant: "Assistant") -> None:
        """Tell what was chosen and that it listens."""
        for choice in assistant.choices:
            click.echo(str(choice))
        click.echo(self._hint)

    def show(self, event: events.Event) -> None:
        """Tell the talk."""
        if not sys.stdout.isatty():
            return
        match event:
            case events.WakeHeard(word=word):
                click.secho(f"({word})", dim=True)
            case events.Transcript(text=text):
                click.secho(f"you: {text}", bold=True)
            case events.Completed(assistant=reply):
                click.echo(f"assistant: {reply}")
            case events.Failed(message=message):
                click.secho(message, fg="red")
            case events.Cancelled(reason=reason):
                click.secho(f"({reason})", dim=True)
            case _:
                pass
