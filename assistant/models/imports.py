"""Models that are on this machine or a stick already: a file, a folder, a Hugging Face cache or an Ollama store.

What has the catalogue's bytes is put into place under the catalogue's name, whatever its own was. Anything else is somebody's own
model and is taken only when it is named itself, by its path or with `--only`. Files are copied, never moved or linked; a link is
followed only within the cache or folder that is imported. A file with a catalogue's name and other bytes is refused.

Layouts: Hugging Face hub/models--ORG--NAME/snapshots/REVISION/... (links into blobs/); Ollama manifests/HOST/SPACE/NAME/TAG
(JSON) and blobs/sha256-HEX, where the layer of type application/vnd.ollama.image.model is a GGUF.
"""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assistant.errors import AssistantError, ModelDamaged, ModelError, ModelNotFound, ModelUnsupported
from assistant.models import folder_bytes, unpack, vosk_language
from assistant.models.advice import UNPACKED
from assistant.models.catalog import ARCHIVES, PLAIN_NAME, Catalog, Model, sha256_of, without_ending
from assistant.models.pull import Way, check_licence, check_space, stage
from assistant.models.store import Staged, Store, one_line

MAX_ENTRIES = 200_000
"""A folder with more in it is no folder of models."""
_SUFFIXES = (".gguf", ".onnx", ".onnx.json", ".safetensors", "tokenizer.json", *ARCHIVES)
_OLLAMA_MODEL = "application/vnd.ollama.image.model"


@dataclass(frozen=True)
class Found:
    """A file, or a Vosk folder, that may be a model."""

    name: str
    """The filename it is known by."""
    path: Path
    sha256: str = ""
    """What its store says it is; it is checked all the same."""


@dataclass(frozen=True)
class Outcome:
    """What became of a model."""

    name: str
    path: Path | None
    """Where it is now; None: it was not imported."""
    why: str


def look(place: Path) -> list[Found]:
    """What may be a model at a path. Raises `ModelNotFound`, `ModelUnsupported`."""
    place = place.expanduser()
    if place.is_file():
        sheet = place.with_name(place.name + ".json")
        beside = [Found(sheet.name, sheet.resolve())] if place.suffix == ".onnx" and sheet.is_file() else []
        return [Found(place.name, place.resolve()), *beside]
    if not place.is_dir():
        raise ModelNotFound(f"{place}: there is no such file or folder")
    place = place.resolve()
    for ollama in (place, place / "models"):
        if (ollama / "manifests").is_dir() and (ollama / "blobs").is_dir():
            return list(_ollama(ollama))
    return list(_walk(place))


def import_models(place: Path, catalog: Catalog, store: Store, way: Way, only: str = "") -> list[Outcome]:
    """Put what is at `place` into the folder of models. Raises what `look` raises; what fails for one model is its outcome."""
    with one_line(place):
        found = look(place)
        named = bool(only) or place.is_file() or _is_vosk(place)
        known, own = _sort(found, catalog)
    jobs: list[tuple[str, Callable[[], tuple[Path, str]]]] = []
    jobs += [(model.id, partial(_known, model, here, store, way)) for model, here in known]
    jobs += [(one.name, partial(_own, one, found, catalog, store, way)) for one in own if named]
    if only:
        jobs = [job for job in jobs if only.replace(":", "-").casefold() in job[0].casefold()]
    outcomes = [] if named else [Outcome(one.name, None, f"is not in the catalogue; `--only {one.name}` takes it") for one in own]
    if not jobs and not outcomes:
        what = f"no model with {only!r} in its name" if only else "no model (links that lead out of it are not followed)"
        raise ModelNotFound(f"{place}: holds {what}")
    with store.locked(way.waiting):
        for name, job in jobs:
            try:
                with one_line(place):
                    path, why = job()
                outcomes.append(Outcome(name, path, why))
            except AssistantError as error:
                outcomes.append(Outcome(name, None, str(error)))
    return outcomes


def _known(model: Model, here: dict[str, Found], store: Store, way: Way) -> tuple[Path, str]:
    """A model with the catalogue's bytes."""
    check_licence(model, way.accept)
    record = store.record(model.id)
    if record is not None and not store.damage(record, hashes=False):
        return store.root / record.primary, "is there already"
    for file in model.files:
        if file.id not in here:
            raise ModelNotFound(f"{file.filename}: is not beside it; `assistant models pull {model.id}` gets it")
    sizes = {file: here[file.id].path.stat().st_size for file in model.files}
    check_space(store, round(sum((1 + UNPACKED * file.archive) * size for file, size in sizes.items())), way.free)
    for file in model.files:
        part = store.part(file.filename, file.sha256)
        _copy(here[file.id].path, part, file.sha256)
        way.watch(file, sizes[file])
    staged = [stage(model, file, store.part(file.filename, file.sha256), store) for file in model.files]
    if record is not None:
        store.remove(model.id)  # damaged; what takes its place is whole
    path = store.install(model.id, staged, "catalogue")
    store.drop_parts(model)
    return path, f"has the catalogue's bytes; licence: {model.licence}"


def _own(one: Found, found: Sequence[Found], catalog: Catalog, store: Store, way: Way) -> tuple[Path, str]:
    """Somebody's own model, by its form alone."""
    why = "is not in the catalogue: its origin and licence are for you to know"
    parts = [part for part in found if part.name == one.name + ".json"]
    target = without_ending(one.name)
    name = target.removesuffix(".gguf").removesuffix(".onnx")
    if any(one.name == file.filename for file in catalog.sheet.models):
        raise ModelDamaged(f"{one.path}: has a catalogue name, but other bytes; rename it to import it as your own")
    if not re.match(PLAIN_NAME, one.name):
        raise ModelUnsupported(f"{one.path}: rename it; letters, digits, dots, dashes and underscores make a model's name")
    if store.record(name) is not None:
        raise ModelError(f"{name}: is there already; `assistant models remove {name}` makes room for another")
    size = folder_bytes(one.path) if one.path.is_dir() else one.path.stat().st_size
    check_space(store, round((1 + UNPACKED * one.name.endswith(ARCHIVES)) * size), way.free)
    into = store.staging(name)
    if _is_vosk(one.path):
        _copy_folder(one.path, into)
    elif one.name.endswith(ARCHIVES):
        unpack.unpack(one.path, into)
        into = unpack.only_folder(into)
        target = name = into.name
        if not re.match(PLAIN_NAME, name) or not _is_vosk(into):
            raise ModelUnsupported(f"{one.path}: holds no folder that is a Vosk model")
    elif one.name.endswith(".gguf"):
        _must_begin(one, b"GGUF", "a GGUF file")
        _copy(one.path, into, one.sha256)
    elif one.name.endswith(".onnx") and parts:
        _copy(one.path, into, one.sha256)
    elif one.name.endswith(".onnx"):
        raise ModelNotFound(f"{one.path}.json: is not there; a Piper voice needs it beside its .onnx")
    else:
        raise ModelUnsupported(f"{one.path}: is no .gguf, Piper .onnx with its .json, Vosk folder or archive of one")
    staged = [Staged(into, target)]
    if one.name.endswith(".onnx"):
        sheet = store.staging(parts[0].name)
        _copy(parts[0].path, sheet)
        staged.append(Staged(sheet, parts[0].name))
    if _is_vosk(into) and not vosk_language(Path(target)):
        why += "; its name holds no language (en, zh or cn), so only stt.model finds it"
    return store.install(name, staged, "own"), why


def _sort(found: Sequence[Found], catalog: Catalog) -> tuple[list[tuple[Model, dict[str, Found]]], list[Found]]:
    """The catalogue's models with their files, and what is nobody's. Only files of a fitting size are read."""
    sizes = {file.bytes for file in catalog.sheet.models if file.bytes}
    names = {file.filename for file in catalog.sheet.models if not file.bytes}
    groups: dict[str, dict[str, Found]] = {}
    own = []
    for one in found:
        fits = one.path.is_file() and (one.path.stat().st_size in sizes or one.name in names)
        matches = catalog.by_hash(sha256_of(one.path)) if fits else []
        for model, file in matches:
            groups.setdefault(model.id, {})[file.id] = one
        if not matches and not one.name.endswith(".json"):
            own.append(one)
    return [(catalog.models[name], here) for name, here in groups.items()], own


def _walk(place: Path) -> Iterator[Found]:
    """Files and Vosk folders below a folder; of a Hugging Face cache its snapshots."""
    count = 0
    for here, folders, files in os.walk(place):
        folder = Path(here)
        count += len(folders) + len(files)
        if count > MAX_ENTRIES:
            raise ModelUnsupported(f"{place}: holds more than {MAX_ENTRIES:,} files; name the folder of the models in it")
        if _is_vosk(folder):
            folders.clear()
            yield Found(folder.name, folder)
            continue
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and not (name == "blobs" and "snapshots" in folders)
        )
        for name in sorted(files):
            real = _real(folder / name, place)
            if name.endswith(_SUFFIXES) and real is not None:
                yield Found(name, real)


def _ollama(store: Path) -> Iterator[Found]:
    """The GGUF of each manifest, named after model and tag."""
    for manifest in sorted((store / "manifests").rglob("*")):
        if not manifest.is_file() or manifest.stat().st_size > 1 << 20:
            continue
        try:
            layers = json.loads(manifest.read_bytes()).get("layers", [])
            digests = [str(layer["digest"]) for layer in layers if layer.get("mediaType") == _OLLAMA_MODEL]
        except (ValueError, AttributeError, KeyError, TypeError):  # no manifest
            continue
        tag = "" if manifest.name == "latest" else f"-{manifest.name}"
        name = re.sub(r"[^A-Za-z0-9._-]", "-", f"{manifest.parent.name}{tag}.gguf")
        for digest in digests:
            known = re.fullmatch(r"sha256:([0-9a-f]{64})", digest)
            blob = _real(store / f"blobs/sha256-{known[1]}", store) if known else None
            if known and blob is not None:
                yield Found(name, blob, known[1])


def _real(path: Path, place: Path) -> Path | None:
    """The regular file at a path; None when there is none, or a link leads out of the cache or folder that is imported."""
    cache = next((parent for parent in path.parents if parent.name.startswith("models--")), place)
    real = path.resolve()
    return real if real.is_file() and (real.is_relative_to(cache.resolve()) or real.is_relative_to(place)) else None


def _copy(source: Path, to: Path, sha256: str = "") -> None:
    try:
        shutil.copyfile(source, to)
    except OSError as error:
        to.unlink(missing_ok=True)
        raise ModelError(f"{source}: cannot be copied ({error.strerror})") from None
    if sha256 and sha256_of(to) != sha256:
        to.unlink()
        raise ModelDamaged(f"{source}: has other bytes than its name or store says (wrong SHA-256)")


def _copy_folder(source: Path, to: Path) -> None:
    for path in sorted(source.rglob("*")):
        target = to / path.relative_to(source)
        real = _real(path, source)
        if path.is_dir() and not path.is_symlink():
            target.mkdir(parents=True, exist_ok=True)
        elif real is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy(real, target)
        else:
            raise ModelUnsupported(f"{path}: is a link that leads out of its folder, or no plain file")


def _is_vosk(folder: Path) -> bool:
    return (folder / "am/final.mdl").is_file()


def _must_begin(one: Found, magic: bytes, what: str) -> None:
    with one.path.open("rb") as file:
        if file.read(len(magic)) != magic:
            raise ModelUnsupported(f"{one.path}: is not {what}")
