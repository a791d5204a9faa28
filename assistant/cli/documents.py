"""`assistant documents`: the place's own documents, added, asked and summarised without a running daemon."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli import Source
from assistant.config import Config
from assistant.errors import AssistantError, EngineUnavailable, ModelError, UsageError

if TYPE_CHECKING:
    from rich.progress import Progress

    from assistant.memory.documents import Documents, Found

_PATH = click.Path(path_type=Path)
MOST_FILES = 2000
"""Files of one `add`; more are refused before the first is read."""


@contextmanager
def _open(source: Source, *, embed: bool = False) -> "Iterator[tuple[Config, Documents]]":
    """The documents; `embed`: with the configured embedder, where there is one."""
    from assistant.app import models_of
    from assistant.engines import auto
    from assistant.memory.documents import library
    from assistant.memory.meaning import Meaning
    from assistant.memory.store import store_folder

    config = source.load()
    found = library(store_folder(config.memory.folder), Meaning(auto.embed(config, models_of(config)) if embed else None))
    try:
        yield config, found
    finally:
        found.close()


@click.group()
def documents() -> None:
    """Add, list and remove documents; ask them; summarise them."""


@documents.command()
@click.argument("paths", nargs=-1, required=True, type=_PATH)
@click.pass_obj
def add(source: Source, paths: tuple[Path, ...]) -> int:
    """Read files, or all of a folder: text, Markdown, HTML, PDF, and with tesseract photos and scans."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    files = _files(paths)
    failed: list[AssistantError] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with (
        _open(source, embed=True) as (_, found),
        Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress,
    ):
        reading = progress.add_task("reading", total=len(files))
        for path in files:
            try:
                done = found.add(path)
                click.echo(f"{done.how}: {done.name} ({done.passages} passage{'s' * (done.passages != 1)})")
            except AssistantError as error:
                failed.append(error)
                click.echo(f"not added: {error}", err=True)
            progress.advance(reading)
        _embed(found, progress)
    if failed and len(files) > 1:
        click.echo(f"assistant: {len(failed)} of {len(files)} files were not added; the rest is there", err=True)
    return failed[0].exit_code if failed else 0


def _embed(found: "Documents", progress: "Progress") -> None:
    """Give new passages their vectors, with a bar."""
    bar, total = None, 0
    for left in found.embed_missing():
        if bar is None:
            total = left + 1
            bar = progress.add_task("vectors", total=total)
        progress.update(bar, completed=total - left)


def _files(paths: tuple[Path, ...]) -> list[Path]:
    """The files named, and those of the folders named that can be read. Raises `UsageError`."""
    from assistant.memory.readers import SUFFIXES

    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = [
            Path(folder) / name
            for folder, _, names in os.walk(path)
            for name in names
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith(".")
        ]
        if not inside:
            raise UsageError(f"documents add {path}: holds no text, Markdown, HTML, PDF or picture")
        found += sorted(inside)
    if len(found) > MOST_FILES:
        raise UsageError(f"documents add: {len(found):,} files; at most {MOST_FILES:,} at once, so name folders further down")
    return found


@documents.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_(source: Source, as_json: bool) -> None:
    """List the documents that are here."""
    with _open(source) as (_, found):
        for kept in found.kept():
            if as_json:
                click.echo(json.dumps(asdict(kept), ensure_ascii=False))
            else:
                when = time.strftime("%Y-%m-%d %H:%M", time.localtime(kept.added_at))
                vectors = f", {kept.vectors} with vectors" if kept.vectors else ""
                click.echo(f"{when}  {kept.name}  {kept.bytes / 1000:,.1f} kB, {kept.passages} passages{vectors}")


@documents.command()
@click.argument("name")
@click.pass_obj
def remove(source: Source, name: str) -> None:
    """Remove the document NAME."""
    with _open(source) as (_, found):
        whole = found.name_of(name)
        found.store.remove(whole)
        click.echo(f"removed: {whole}")


@documents.command()
@click.argument("question", nargs=-1, required=True)
@click.pass_obj
def ask(source: Source, question: tuple[str, ...]) -> int:
    """Answer QUESTION from the documents, and say where it stands. Exit code 1 when they do not say."""
    from assistant.languages import language
    from assistant.memory.wording import is_chinese

    text = " ".join(question)
    texts = language("zh" if is_chinese(text) else "en").texts
    with _open(source, embed=True) as (config, found):
        answers = found.find(text)
        if not answers:
            click.echo(texts.not_in_documents)
            return 1
        best = answers[0]
        said = best.sentence if best.sure else _read(config, text, best)
        page = f", {'第' if is_chinese(text) else 'page '}{best.page}{'页' if is_chinese(text) else ''}" if best.page else ""
        click.echo(f"{said} ({best.document}{page})")
    return 0


def _read(config: Config, text: str, best: "Found") -> str:
    """What the language model answers from a passage; the best sentence where it answers nothing that stands there."""
    from assistant.app import models_of
    from assistant.cancel import CancelToken
    from assistant.dialogue.prompt import PERSONA, Prompt
    from assistant.dialogue.quotes import backed
    from assistant.engines import auto
    from assistant.memory.wording import is_chinese
    from assistant.protocols import Sampling

    try:
        _, model = auto.first_that_loads(auto.llm(config, models_of(config)))
    except (ModelError, EngineUnavailable):
        return best.sentence
    code = "zh" if is_chinese(text) else "en"
    prompt = Prompt(model, code)
    session = model.open("documents")
    try:
        session.append([*prompt.system(PERSONA[code]), *prompt.recall([best.text]), *prompt.user(text), *prompt.reply_open()])
        pieces = session.stream(Sampling(temperature=0, max_tokens=120), CancelToken())
        reply = " ".join("".join(piece.text for piece in pieces).split())
    finally:
        session.close()
        model.close()
    return reply if backed(reply, best.text, text) else best.sentence


@documents.command()
@click.argument("name")
@click.pass_obj
def summarize(source: Source, name: str) -> None:
    """Summarise the document NAME: a line for each part, then the whole. Ctrl-C ends it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from assistant.app import models_of, stop_on_signals
    from assistant.cancel import Cancelled, CancelToken
    from assistant.engines import auto
    from assistant.memory.summary import Part, summarise

    stop = CancelToken()
    with _open(source) as (config, found):
        passages = found.store.of(found.name_of(name))
        _, model = auto.first_that_loads(auto.llm(config, models_of(config)))
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        try:
            with (
                stop_on_signals(stop),
                Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress,
            ):
                bar = progress.add_task("parts", total=None)
                for step in summarise(model, passages, stop):
                    if isinstance(step, Part):
                        progress.update(bar, total=step.total, completed=step.number)
                        click.echo(f"- {step.line}")
                    elif step.text:
                        click.echo(f"\n{step.text}")
                    if not isinstance(step, Part) and step.left_out:
                        click.echo(f"assistant: {name}: the last {step.left_out} sentences had no room", err=True)
        except Cancelled:
            raise KeyboardInterrupt from None  # exit code 130
        finally:
            model.close()
