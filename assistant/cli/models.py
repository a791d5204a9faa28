"""`assistant models`: see, fetch, import, check and remove the full models of models/catalog.yaml."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.cli import Source
from assistant.config import Config
from assistant.errors import ModelDamaged, ModelError, ModelNotFound
from assistant.models import Models, model_roots, research_only
from assistant.models.catalog import CATALOG, Catalog, Model, load_catalog
from assistant.models.store import Record, Store

if TYPE_CHECKING:
    from assistant.models.pull import Watch, Way

_FILE = click.Path(path_type=Path)
_META = "assistant.models.catalog"
_LANGUAGE = click.Choice(["en", "zh"])
KINDS = {"asr": "stt", "llm": "llm", "tts-voice": "tts", "embedding": "embed"}
"""The catalogue's kinds in the words of config.yaml."""
MB = 1_000_000


@dataclass(frozen=True)
class _Here:
    """What every command begins with."""

    config: Config
    catalog: Catalog
    store: Store
    models: Models


def _open(source: Source) -> _Here:
    config = source.load()
    path = click.get_current_context().meta.get(_META) or CATALOG
    models = model_roots(config.models)
    return _Here(config, load_catalog(path), Store(models.roots[0]), models)


@click.group()
@click.option("--catalog", type=_FILE, metavar="FILE", help="Another catalogue than models/catalog.yaml.")
@click.pass_context
def models(ctx: click.Context, catalog: Path | None) -> None:
    """See, fetch, import, check and remove models."""
    ctx.meta[_META] = catalog


@models.command("list")
@click.option("--language", help="Only models of a language: en, zh, de ...")
@click.option("--json", "as_json", is_flag=True, help="One object a line.")
@click.pass_obj
def list_(source: Source, language: str | None, as_json: bool) -> None:
    """List what there is, its size and licence, and what is here."""
    here = _open(source)
    rows = [_row(here, model) for model in here.catalog.models.values() if _speaks(model, language)]
    own = [record for record in here.store.records() if record.id not in here.catalog.models]
    rows += [_own_row(record) for record in own if language is None]
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(caption="commercial use: no = only with --accept; unclear = read the licence")
    for heading in ("model", "kind", "language", "MB", "commercial use", "licence", "here"):
        table.add_column(heading, overflow="fold", justify="right" if heading == "MB" else "left")
    for row in rows:
        size = f"{row['bytes'] / MB:,.0f}"
        table.add_row(
            row["id"], row["kind"], " ".join(row["languages"]), size, row["commercial_use"], row["licence"], row["here"]
        )
    console = Console()
    if not console.is_terminal:
        console.width = 150
    console.print(table, markup=False)


def _speaks(model: Model, language: str | None) -> bool:
    return language is None or language in model.languages or "multilingual" in model.languages


def _row(here: _Here, model: Model) -> dict[str, Any]:
    if here.store.record(model.id) is not None:
        state = "installed"
    else:
        place = model.place(model.files[0])
        state = "by hand" if any((root / place).exists() for root in here.models.roots) else ""
    return {
        "id": model.id,
        "kind": KINDS[model.kind],
        "languages": [code for code in model.languages if code != "multilingual"] or ["all"],
        "bytes": model.bytes,
        "commercial_use": model.commercial_use,
        "licence": model.licence,
        "here": state,
    }


def _own_row(record: Record) -> dict[str, Any]:
    size = sum(entry.bytes for entry in record.files)
    kind = "llm" if record.primary.endswith(".gguf") else "tts" if record.primary.endswith(".onnx") else "stt"
    return {
        "id": record.id,
        "kind": kind,
        "languages": [],
        "bytes": size,
        "commercial_use": "unknown",
        "licence": "your own",
        "here": "installed",
    }


@models.command()
@click.option("--language", type=_LANGUAGE, help="Language of the talk (default: config.yaml's).")
@click.pass_obj
def recommend(source: Source, language: str | None) -> None:
    """Say which recogniser, voice and language model fit this board, and why."""
    _recommended(_open(source), language)
    click.echo(f"assistant models pull recommended{f' --language {language}' if language else ''}  fetches them.")


def _recommended(here: _Here, language: str | None) -> list[Model]:
    from assistant.models.advice import recommend as advise
    from assistant.models.board import read_board

    board = read_board(here.store.root)
    dotprod = "with dot products" if board.dotprod else "no dot products"
    memory, free = f"{board.memory / 2**30:.1f} GiB memory", f"{board.free / 2**30:.1f} GiB storage free"
    click.echo(f"This board: {board.name}, {board.cores} cores, {dotprod}, {memory}, {free}")
    picks = advise(here.catalog, board, language or here.config.language)
    for pick in picks:
        name = f"{pick.model.id} ({pick.model.bytes / MB:,.0f} MB)" if pick.model else "none"
        click.echo(f"  {KINDS[pick.kind]}: {name}: {pick.why}")
    return [pick.model for pick in picks if pick.model is not None]


@models.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--language", type=_LANGUAGE, help="For `recommended`: language of the talk (default: config.yaml's).")
@click.option("--accept", is_flag=True, help="Also take a model whose licence forbids commercial use.")
@click.option(
    "--timeout", type=click.FloatRange(0.1, 600), default=20.0, show_default=True, help="Seconds a server may say nothing."
)
@click.pass_obj
def pull(source: Source, names: tuple[str, ...], language: str | None, accept: bool, timeout: float) -> None:
    """Fetch models by name, or `recommended`: those that fit this board. What was cut off goes on."""
    from assistant.models.pull import check_licence
    from assistant.models.pull import pull as fetch

    here = _open(source)
    wanted: dict[str, Model] = {}
    for name in names:
        found = _recommended(here, language) if name == "recommended" else [here.catalog.model(name)]
        wanted |= {model.id: model for model in found}
    for model in wanted.values():  # all licences are looked at before the first byte
        check_licence(model, accept)
    for model in wanted.values():
        click.echo(f"{model.id}: {model.bytes / MB:,.0f} MB; licence: {model.licence}; commercial use: {model.commercial_use}")
        for note in dict.fromkeys(file.notes for file in model.files if file.notes):
            click.echo(f"  {note}")
        with _bars(model) as watch:
            pulled = fetch(model, here.catalog, here.store, _way(here, accept, timeout, watch))
        click.echo(f"{model.id}: {pulled.how}, {pulled.path}")
        _hint(pulled.path, here.config)


@models.command("import")
@click.argument("place", type=_FILE)
@click.option("--only", default="", metavar="TEXT", help="Only models with this in their name, in the catalogue or not.")
@click.option("--accept", is_flag=True, help="Also take a model whose licence forbids commercial use.")
@click.pass_obj
def import_(source: Source, place: Path, only: str, accept: bool) -> None:
    """Take models from PLACE: a file, a folder, a Hugging Face cache or an Ollama store."""
    from assistant.models.imports import import_models

    here = _open(source)
    outcomes = import_models(place, here.catalog, here.store, _way(here, accept, 20.0, lambda file, have: None), only)
    for outcome in outcomes:
        if outcome.path is not None:
            click.echo(f"{outcome.name}: {outcome.path} ({outcome.why})")
            _hint(outcome.path, here.config)
    failed = [f"{outcome.name}: {outcome.why}" for outcome in outcomes if outcome.path is None]
    if len(failed) < len(outcomes):
        for line in failed:
            click.echo(f"not imported: {line}", err=True)
    elif len(failed) == 1:
        raise ModelError(f"nothing was imported: {failed[0]}")
    else:
        raise ModelError(f"nothing was imported: {'; '.join(failed[:3])}" + ("; ..." if len(failed) > 3 else ""))


@models.command()
@click.argument("names", nargs=-1)
@click.option("--run", is_flag=True, help="Also make each model hear, think or speak one known sentence.")
@click.option("--language", type=_LANGUAGE, help="Language of that sentence (default: the model's, else config.yaml's).")
@click.pass_obj
def verify(source: Source, names: tuple[str, ...], run: bool, language: str | None) -> None:
    """Check size and SHA-256 of every file of the models here, or of those named."""
    here = _open(source)
    records = [here.store.find(name) for name in names] or here.store.records()
    wrong = []
    for record in records:
        damage = here.store.damage(record)
        size = sum(entry.bytes for entry in record.files) / MB
        click.echo(
            f"{record.id}: "
            + ("; ".join(damage) or f"right ({len(record.files)} file{'s' * (len(record.files) > 1)}, {size:,.1f} MB)")
        )
        wrong += [record.id] if damage else []
    if not names and here.catalog.sheet.starter:
        broken = here.catalog.starter_damage()
        click.echo(f"starter: {', '.join(broken) + ': not what ships' if broken else 'right'}")
        if broken:
            wrong.append("starter (git checkout models/starter brings it back)")
    if not records:
        click.echo("No model was put here by `assistant models`." + ("" if run else " What ships with the program: verify --run"))
    if run:
        wrong += _run(here, records, damaged=wrong, named=bool(names), language=language)
    if wrong:
        again = "`assistant models remove` and `pull` bring a damaged one back"
        raise ModelDamaged(f"{len(wrong)} failed: {', '.join(dict.fromkeys(wrong))}; {again}")


def _run(here: _Here, records: list[Record], *, damaged: list[str], named: bool, language: str | None) -> list[str]:
    """Try the models; without names also what `auto` takes where nothing was pulled. Returns the names that failed."""
    from assistant.evals import known_sentence
    from assistant.models import vosk_language

    try_ = {"stt": known_sentence.hear, "llm": known_sentence.think, "tts": known_sentence.speak}
    jobs: list[tuple[str, str, Path | None, str]] = []
    for record in records:
        model = here.catalog.models.get(record.id)
        kind = KINDS[model.kind] if model else str(_own_row(record)["kind"])
        place = here.store.root / record.primary
        own = {"stt": vosk_language(place), "tts": place.name.partition("_")[0]}.get(kind, "")
        jobs.append((record.id, kind, place, language or (own if own in known_sentence.SENTENCE else here.config.language)))
    if not named:
        there = {kind for _, kind, _, _ in jobs}
        jobs += [(kind, kind, None, language or here.config.language) for kind in try_ if kind not in there]
    failed = []
    for name, kind, path, code in jobs:
        if name in damaged:  # a native library may crash on it
            click.echo(f"not tried  {kind}: {name}: it is damaged")
            continue
        if kind not in try_:
            click.echo(f"not tried  {kind}: {name}: no engine uses it yet")
            continue
        trial = try_[kind](here.config, code, path)
        click.echo(f"{'pass' if trial.ok else 'FAIL'}  {kind}: {trial.engine}: {trial.found}")
        failed += [] if trial.ok else [name]
    return failed


@models.command()
@click.argument("names", nargs=-1, required=True)
@click.pass_obj
def remove(source: Source, names: tuple[str, ...]) -> None:
    """Delete models that this command put here, and what was fetched of them in part."""
    here = _open(source)
    with here.store.locked(_waiting):
        for name in names:
            known, record = here.catalog.get(name), here.store.get(name)
            gone = here.store.remove(record.id if record else known.id if known else name)
            gone += here.store.drop_parts(known) if known else []
            if not gone:
                here.store.find(name)  # raises its one line
            click.echo(f"removed: {', '.join(gone)}")


@models.command()
@click.argument("name", required=False)
@click.pass_obj
def where(source: Source, name: str | None) -> None:
    """Print the folders of models, in the order they are looked at; with NAME, where that model is."""
    here = _open(source)
    if name is None:
        for root in here.models.roots:
            click.echo(str(root))
        return
    known, record = here.catalog.get(name), here.store.get(name)
    path: Path | None = here.store.root / record.primary if record else None
    path = path or here.models.find(known.place(known.files[0]) if known else name)
    if path is None:
        here.catalog.model(name)  # raises the nearest name
        raise ModelNotFound(f"{name}: is not here; `assistant models pull {name}` fetches it")
    click.echo(str(path))


def _way(here: _Here, accept: bool, timeout: float, watch: "Watch") -> "Way":
    from assistant.models.download import Net
    from assistant.models.pull import Way

    return Way(region=here.config.region, accept=accept, net=Net(timeout_s=timeout), watch=watch, waiting=_waiting)


def _waiting() -> None:
    click.echo("another `assistant models` is at work on this folder; waiting for it", err=True)


def _hint(path: Path, config: Config) -> None:
    if path.suffix == ".onnx" and research_only(path) and not config.tts.accept_research_voices:
        click.echo("  `auto` takes it only with tts.accept_research_voices: true in config.yaml")


@contextmanager
def _bars(model: Model) -> Iterator["Watch"]:
    """A bar for each file, on a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        tasks = {file.id: progress.add_task(file.filename, total=file.bytes) for file in model.files}
        yield lambda file, have: progress.update(tasks[file.id], completed=have)
