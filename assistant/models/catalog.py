"""What models there are: models/catalog.yaml as frozen models. Reads one file; fetches and decides nothing.

A file of the catalogue is one download. A model is the files that belong together: the one that others name in `part_of`, and
those others. Names of files are plain names, so that no entry can point out of the folder of models.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import Field

from assistant.config import Section, parse_section
from assistant.errors import ConfigError, ModelNotFound
from assistant.models import SHIPPED

CATALOG = SHIPPED / "catalog.yaml"
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2")
"""Endings of files that are unpacked into a folder of their name."""
PLAIN_NAME = r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$"

Kind = Literal["llm", "asr", "tts-voice", "tts-config", "embedding", "embedding-tokenizer"]


class File(Section):
    """One download."""

    id: str = Field(pattern=PLAIN_NAME)
    kind: Kind
    part_of: str = ""
    language: tuple[str, ...]
    filename: str = Field(pattern=PLAIN_NAME)
    url: str = Field(pattern=r"^https?://[^/\s]+/\S+$")
    revision: str = ""
    mirrors: tuple[str, ...] = ()
    bytes: int | None = Field(None, ge=1)
    """None where no source says it: the hash alone decides then."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    licence: str
    commercial_use: Literal["yes", "no", "unclear"]
    notes: str = ""

    @property
    def archive(self) -> bool:
        """Whether it is unpacked."""
        return self.filename.endswith(ARCHIVES)

    @property
    def stem(self) -> str:
        """The filename without the ending of an archive: the folder's name."""
        return without_ending(self.filename)


class Sheet(Section):
    """The file itself."""

    schema_version: Literal[1] = Field(alias="schema")
    regions: dict[str, tuple[str, ...]] = Field({})
    mirror_patterns: dict[str, str] = Field({})
    """How the mirrors' addresses were made; for who adds an entry."""
    models: tuple[File, ...]
    starter: dict[str, Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]] = Field({})
    """What ships with the program, below starter/: file -> SHA-256."""


@dataclass(frozen=True)
class Model:
    """Files that belong together."""

    files: tuple[File, ...]
    """The first is the one that engines are pointed at; it is put into place last."""

    @property
    def id(self) -> str:
        """Its name on the command line."""
        return self.files[0].id

    @property
    def kind(self) -> Kind:
        """What it is for."""
        return self.files[0].kind

    @property
    def bytes(self) -> int:
        """Bytes to download."""
        return sum(file.bytes or 0 for file in self.files)

    @property
    def licence(self) -> str:
        """Its licence, in words."""
        return self.files[0].licence

    @property
    def commercial_use(self) -> str:
        """yes, no or unclear; the strictest of its files."""
        return max((file.commercial_use for file in self.files), key=("yes", "unclear", "no").index)

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes without their country: `en`, `zh`."""
        return tuple(dict.fromkeys(code.split("_")[0] for code in self.files[0].language))

    def place(self, file: File) -> str:
        """Where a file of it stands, relative to the folder of models, so that `Models` finds it."""
        if file.archive:
            return file.stem
        return f"{self.id}/{file.filename}" if self.kind.startswith("embedding") else file.filename


@dataclass(frozen=True)
class Catalog:
    """All models, by id."""

    path: Path
    sheet: Sheet

    @cached_property
    def models(self) -> dict[str, Model]:
        """The models in the file's order."""
        groups: dict[str, list[File]] = {file.id: [file] for file in self.sheet.models if not file.part_of}
        for file in self.sheet.models:
            if file.part_of:
                groups[file.part_of].append(file)
        return {name: Model(tuple(files)) for name, files in groups.items()}

    def get(self, name: str) -> Model | None:
        """A model by its id, by the id of one of its files, or by a filename."""
        named = (m for m in self.models.values() if any(name in (file.id, file.filename, file.stem) for file in m.files))
        return next(named, None)

    def model(self, name: str) -> Model:
        """The same. Raises `ModelNotFound` with the nearest."""
        import difflib

        if (model := self.get(name)) is not None:
            return model
        near = difflib.get_close_matches(name, self.models, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]}?" if near else "`assistant models list` shows what there is"
        raise ModelNotFound(f"{name}: no model of that name in the catalogue; {hint}")

    def urls(self, file: File, region: str = "") -> list[str]:
        """Where a file can be had, in the order to try; the hosts of `region` come first."""
        hosts = self.sheet.regions.get(region, ())
        return sorted([file.url, *file.mirrors], key=lambda url: not (urlsplit(url).hostname or "").endswith(hosts or ("\0",)))

    def starter_damage(self) -> list[str]:
        """The files of the starter models that are missing or not what the catalogue says."""
        folder = self.path.parent / "starter"
        listed = self.sheet.starter.items()
        return [name for name, sha256 in listed if not (folder / name).is_file() or sha256_of(folder / name) != sha256]

    def by_hash(self, sha256: str) -> list[tuple[Model, File]]:
        """The files of these bytes, with their models."""
        return [(model, file) for model in self.models.values() for file in model.files if file.sha256 == sha256]


def without_ending(filename: str) -> str:
    """A filename without the ending of an archive."""
    return filename.removesuffix(next((end for end in ARCHIVES if filename.endswith(end)), ""))


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load_catalog(path: Path = CATALOG) -> Catalog:
    """Read a catalogue. Raises `ConfigError` for the first thing that is wrong."""
    try:
        values: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: the catalogue of models cannot be read ({error}); check --catalog") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: is no valid YAML: {getattr(error, 'problem', None) or error}") from None
    if not isinstance(values, dict):
        raise ConfigError(f"{path}: must hold `schema` and `models`")
    catalog = Catalog(path, parse_section(Sheet, values, origin=lambda loc: str(path)))
    _check(catalog)
    return catalog


def _check(catalog: Catalog) -> None:
    """What single entries cannot tell: names that stand twice, parts of nothing."""
    files = catalog.sheet.models
    primaries = {file.id for file in files if not file.part_of}
    _unique(catalog.path, [file.id for file in files])
    for file in files:
        if file.part_of and file.part_of not in primaries:
            raise ConfigError(f"{catalog.path}: {file.id} is part of {file.part_of}, which is no model of it")
        if any(not url.startswith(("http://", "https://")) for url in file.mirrors):
            raise ConfigError(f"{catalog.path}: {file.id} has a mirror that is no http or https address")
    _unique(catalog.path, [model.place(file) for model in catalog.models.values() for file in model.files])


def _unique(path: Path, names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"{path}: {name} stands twice; keep one")
