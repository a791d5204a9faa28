"""A model of the catalogue, fetched, checked, unpacked and put into place. Whatever ends it, the folder of models stays whole.

A model that is there already is left alone, unless files of it are missing or have another size: then it is fetched again. Files
that somebody put there by hand are taken over when they have the catalogue's bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import ModelError, UsageError
from assistant.models import unpack
from assistant.models.advice import SPARE, UNPACKED
from assistant.models.board import free_bytes
from assistant.models.catalog import Catalog, File, Model, sha256_of
from assistant.models.download import Net, fetch
from assistant.models.store import Staged, Store

MIB = 1 << 20
Watch = Callable[[File, int], None]
"""Is told the bytes of a file that are here."""


class NoSpace(ModelError):
    """The storage is too small; the message holds both numbers."""

    code = "no-space"


@dataclass(frozen=True)
class Way:
    """How models are fetched."""

    region: str = ""
    accept: bool = False
    """Also take what may not be used commercially."""
    net: Net = field(default_factory=Net)
    watch: Watch = lambda file, have: None
    waiting: Callable[[], None] = lambda: None
    """Is called when another process is changing the folder."""
    free: Callable[[Path], int] = free_bytes


@dataclass(frozen=True)
class Pulled:
    """A model in place."""

    path: Path
    how: str
    """fetched, there (already), or taken over (put there by hand)."""


def pull(model: Model, catalog: Catalog, store: Store, way: Way) -> Pulled:
    """Get a model. Raises `UsageError` (its licence must be accepted), `NoSpace`, `DownloadFailed`, another `ModelError`."""
    check_licence(model, way.accept)
    with store.locked(way.waiting):
        record = store.record(model.id)
        if record is not None:
            if not store.damage(record, hashes=False):
                return Pulled(store.root / record.primary, "there")
            store.remove(model.id)
        if _by_hand(model, store):
            return Pulled(store.adopt(model.id, [model.place(file) for file in model.files], "catalogue"), "taken over")
        check_space(store, sum(_still_needed(file, store) for file in model.files), way.free)
        for file in model.files:
            fetch(file, catalog.urls(file, way.region), store.part(file.filename, file.sha256), way.net, _one(way.watch, file))
        staged = [stage(model, file, store.part(file.filename, file.sha256), store) for file in model.files]
        path = store.install(model.id, staged, "catalogue")
        store.drop_parts(model)
        return Pulled(path, "fetched")


def stage(model: Model, file: File, whole: Path, store: Store) -> Staged:
    """A checked file, ready to be moved: unpacked where it is an archive. Raises `ArchiveRefused`, `ModelError`."""
    if not file.archive:
        return Staged(whole, model.place(file), file.sha256)
    into = store.staging(file.id)
    unpack.unpack(whole, into)
    folder = unpack.only_folder(into)
    if model.kind == "asr" and not (folder / "am/final.mdl").is_file():
        raise unpack.ArchiveRefused(f"{file.filename}: holds no Vosk model (am/final.mdl is missing)")
    return Staged(folder, model.place(file))


def check_licence(model: Model, accept: bool) -> None:
    """Raise `UsageError` when a model may not be used commercially and nobody said that this is known."""
    if model.commercial_use == "no" and not accept:
        raise UsageError(f"{model.id}: its licence forbids commercial use ({model.licence}); --accept takes it all the same")


def check_space(store: Store, needed: int, free: Callable[[Path], int]) -> None:
    """Raise `NoSpace` when so many bytes would not leave some spare."""
    room = free(store.root)
    if needed + SPARE > room:
        need, have = (needed + SPARE) // MIB, room // MIB
        raise NoSpace(f"{store.root}: needs {need:,} MiB, {have:,} MiB are free; free some, or set models: to another disk")


def _still_needed(file: File, store: Store) -> int:
    part = store.part(file.filename, file.sha256)
    here = part.stat().st_size if part.is_file() else 0
    size = file.bytes or 0
    return max(0, size - here) + (round(UNPACKED * size) if file.archive else 0)


def _by_hand(model: Model, store: Store) -> bool:
    """Whether all files are in place with the catalogue's bytes. A folder cannot be compared with its archive."""
    return all(
        not file.archive
        and (path := store.root / model.place(file)).is_file()
        and path.stat().st_size == (file.bytes or path.stat().st_size)
        and sha256_of(path) == file.sha256
        for file in model.files
    )


def _one(watch: Watch, file: File) -> Callable[[int], None]:
    return lambda have: watch(file, have)
