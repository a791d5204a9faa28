"""`assistant chat`, `say` and `transcribe`: the dialogue, the voice and the ear alone, in this process."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant import events
from assistant.cli import Source
from assistant.errors import EngineError

if TYPE_CHECKING:
    from assistant.dialogue.brain import Brain, TurnHandle
    from assistant.servers.control_client import ControlClient

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("text", nargs=-1)
@click.option("--clear", is_flag=True, help="First clear what was said in this talk before, from memory and from disk.")
@click.pass_obj
def chat(source: Source, text: tuple[str, ...], clear: bool) -> int:
    """Talk in the terminal. With TEXT, one turn; piped in, each line is a turn and each reply a line."""
    from assistant.servers.control_client import ControlClient

    config = source.load()
    typed = sys.stdin.isatty() and not text
    lines = (line for line in ([" ".join(text)] if text else _lines(typed)) if line.strip())
    daemon = ControlClient.connect(config.control.socket)
    if daemon is not None:
        with daemon:
            if clear:
                daemon.last(do="clear", conversation="chat")
            return _chat_with(daemon, lines, typed)
    from assistant import app
    from assistant.dialogue.kit import TurnRequest

    assistant = app.build(config, speak=False, start=app.in_thread)
    failed = False
    try:
        if clear:
            assistant.talks.clear("chat")
        for line in lines:
            handle = assistant.brain.submit(TurnRequest(line, conversation="chat", language=config.language))
            try:
                failed |= not _show(assistant.brain, handle, streaming=typed)
            except KeyboardInterrupt:
                handle.cancel.cancel("stop")
                failed |= not _show(assistant.brain, handle, streaming=typed)
    finally:
        assistant.close()
    return 1 if failed and not typed else 0


def _chat_with(daemon: "ControlClient", lines: Iterator[str], typed: bool) -> int:
    """The same through the daemon that runs here: there is no second model."""
    failed = False
    for line in lines:
        try:
            for found in daemon.ask(do="chat", text=line):
                if found.get("event") == "token" and typed:
                    click.echo(found["text"], nl=False)
                elif found.get("event") == "completed":
                    click.echo("" if typed else " ".join(found["assistant"].split()))
        except EngineError as error:
            click.echo(f"assistant: {error}", err=True)
            failed = True
    return 1 if failed and not typed else 0


def _lines(typed: bool) -> Iterator[str]:
    while True:
        if typed:
            try:
                yield click.prompt("you", prompt_suffix="> ", default="", show_default=False)
            except click.Abort:
                click.echo()
                return
        else:
            line = sys.stdin.readline()
            if not line:
                return
            yield line.rstrip("\n")


def _show(brain: "Brain", handle: "TurnHandle", *, streaming: bool) -> bool:
    """Step the brain through one turn and print its reply; False when it failed."""
    while True:
        waits_s = 0.0 if brain.step() else brain.wait_s()  # a skill waits for something
        for event in handle.stream.take(waits_s):
            match event:
                case events.Token(text=text) if streaming:
                    click.echo(text, nl=False)
                case events.Completed(assistant=reply):
                    click.echo("" if streaming else " ".join(reply.split()))
                    return True
                case events.Cancelled():
                    click.echo()
                    return True
                case events.Failed(message=message):
                    click.echo(f"assistant: {message}", err=True)
                    return False
                case _:
                    pass


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("-o", "--output", type=_FILE, metavar="FILE", help="Write a WAV instead of using the loudspeaker.")
@click.pass_obj
def say(source: Source, text: tuple[str, ...], output: Path | None) -> int:
    """Speak TEXT."""
    from assistant.servers.control_client import ControlClient

    config = source.load()
    daemon = ControlClient.connect(config.control.socket) if output is None else None
    if daemon is not None:
        with daemon:
            daemon.last(do="say", text=" ".join(text))
        return 0
    from assistant import app
    from assistant.cancel import CancelToken

    stop = CancelToken()
    with app.stop_on_signals(stop):
        done = app.speak(config, " ".join(text), output, stop)
    if isinstance(done, events.Failed):
        click.echo(f"assistant: {done.message}", err=True)
        return 1
    return 0 if isinstance(done, events.Completed) else 130


@click.command()
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="One object a line: file, text, words, seconds.")
@click.pass_obj
def transcribe(source: Source, files: tuple[Path, ...], as_json: bool) -> int:
    """Write down what recordings say."""
    from assistant import app
    from assistant.audio.format import FRAME_BYTES, seconds
    from assistant.audio.wav import read_wav

    config = source.load()
    sounds = [(path, read_wav(path)) for path in files]  # all are looked at before a model is loaded
    recognisers, choices = app.transcribers(config, live=False)
    if sys.stderr.isatty():
        click.echo(str(choices[0]), err=True)
    for path, pcm in sounds:
        session = recognisers[config.language].session()
        for start in range(0, len(pcm), 8 * FRAME_BYTES):
            session.feed(pcm[start : start + 8 * FRAME_BYTES])
        text = session.finish()
        if as_json:
            words = [{"word": word.word, "start": word.start, "end": word.end} for word in session.words]
            found = {"file": str(path), "text": text, "words": words, "seconds": round(seconds(len(pcm)), 2)}
            click.echo(json.dumps(found, ensure_ascii=False))
        else:
            click.echo(text if len(files) == 1 else f"{path}: {text}")
    return 0
