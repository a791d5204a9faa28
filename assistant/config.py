"""The configuration: parsed once into frozen models; every component gets its own section.

Sources, later ones win: the defaults (settings.py), a profile (profiles.py), one YAML file, environment variables
(`ASSISTANT_WAKE__ENGINE=none`), `--set a.b=c`.
An unknown key or a wrong value is a `ConfigError` that names the source, the line, the key path and the nearest valid key.
Descriptions are the one-line comments of config.yaml, which a test keeps equal to `default_yaml()`.
An engine's own settings stand under `options` of its kind and are parsed by the engine's own frozen model.
"""

import difflib
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError

from assistant import profiles
from assistant.errors import ConfigError
from assistant.settings import Config, Section, WakeWord

__all__ = ["Config", "Section", "default_yaml", "find_config", "load_config", "parse_section", "to_yaml"]

ENV_PREFIX = "ASSISTANT_"
_NOT_KEYS = frozenset({"ASSISTANT_CONFIG"})

S = TypeVar("S", bound=BaseModel)


def find_config(environ: Mapping[str, str]) -> Path | None:
    """The configuration file in force without `--config`: $ASSISTANT_CONFIG, ./config.yaml, the user's, the system's."""
    if explicit := environ.get("ASSISTANT_CONFIG"):
        return Path(explicit)
    user = Path(environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    places = [Path("config.yaml"), user / "edge-assistant/config.yaml", Path("/etc/edge-assistant/config.yaml")]
    return next((place for place in places if place.is_file()), None)


def load_config(path: Path | None = None, sets: Sequence[str] = (), environ: Mapping[str, str] = os.environ) -> Config:
    """Read the configuration. `path` None takes `find_config`. Raises `ConfigError` for the first thing that is wrong."""
    path = path or find_config(environ)
    values, lines = _read_yaml(path) if path else ({}, {})
    origins: dict[tuple[str, ...], str] = {}
    given: list[tuple[tuple[str, ...], Any, str]] = []
    for name in sorted(environ):
        if name.startswith(ENV_PREFIX) and name not in _NOT_KEYS:
            keys = tuple(name.removeprefix(ENV_PREFIX).lower().split("__"))
            if keys[0] in Config.model_fields:  # other ASSISTANT_ variables belong to other parts (tokens, say)
                given.append((keys, _scalar(environ[name], name), name))
    for item in sets:
        key, equals, text = item.partition("=")
        if not equals:
            raise ConfigError(f"--set {item}: write it as key=value, for example --set wake.engine=none")
        keys = tuple(key.strip().split("."))
        given.append((keys, _scalar(text, f"--set {key}"), f"--set {key}"))
    named = [(value, where) for keys, value, where in given if keys == ("profile",)]
    chosen, asked_by = named[-1] if named else (values.get("profile"), f"{path}:{lines.get(('profile',), 1)}")
    if chosen:
        values = _with_profile(str(chosen), asked_by, path, environ, values, origins)
    for keys, value, where in given:
        _assign(values, keys, value, where)
        origins[keys] = where

    def origin(loc: tuple[str, ...]) -> str:
        for end in range(len(loc), 0, -1):
            if loc[:end] in origins:
                return origins[loc[:end]]
            if loc[:end] in lines:
                return f"{path}:{lines[loc[:end]]}"
        return str(path or "configuration")

    return parse_section(Config, values, origin=origin)


def _with_profile(
    name: str,
    asked_by: str,
    path: Path | None,
    environ: Mapping[str, str],
    values: dict[str, Any],
    origins: dict[tuple[str, ...], str],
) -> dict[str, Any]:
    """The values over those of a profile; where these stand is added to `origins`."""
    file = profiles.find(name, path, environ, asked_by.removeprefix("--set "))
    own, own_lines = _read_yaml(file)
    if "profile" in own:
        raise ConfigError(f"{file}:{own_lines['profile',]}: a profile cannot name another one; copy its keys")
    for loc, line in own_lines.items():
        origins[loc] = f"{file}:{line}"
    parse_section(Config, own, origin=lambda loc: _nearest(loc, origins) or str(file))  # wrong by itself, whatever is over it
    made = profiles.layered(own, values, yaml.safe_load(default_yaml()))
    for loc in own_lines:
        if _at(made, loc) != _at(own, loc):
            del origins[loc]
    return made


def _at(values: Any, loc: tuple[str, ...]) -> Any:
    for part in loc:
        if isinstance(values, list):
            values = values[int(part)] if int(part) < len(values) else None
        elif isinstance(values, dict):
            values = values.get(part)
        else:
            return None
    return values


def _nearest(loc: tuple[str, ...], origins: Mapping[tuple[str, ...], str]) -> str:
    return next((origins[loc[:end]] for end in range(len(loc), 0, -1) if loc[:end] in origins), "")


def parse_section(model: type[S], values: Mapping[str, Any], prefix: tuple[str, ...] = (), origin: Any = None) -> S:
    """Parse a mapping into a frozen model; engines use it for their `options`. Raises `ConfigError`."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        loc = (*prefix, *map(str, first["loc"]))
        where = origin(loc) if origin else "configuration"
        raise ConfigError(f"{where}: {_explain(model, first, loc, len(prefix))}") from None


def default_yaml() -> str:
    """The text of config.yaml: every key, its default, its one-line comment."""
    return to_yaml(Config())


def to_yaml(config: Config) -> str:
    """The configuration as commented YAML."""
    out = ["# Every key with its default. Delete what you do not change; `assistant config check` tells what is wrong."]
    for name, info in Config.model_fields.items():
        value = getattr(config, name)
        if isinstance(value, Section):
            out += ["", f"# {(type(value).__doc__ or '').strip()}", f"{name}:", *_lines(value, "  ")]
        else:
            out.append(f"{name}: {_flow(value)}  # {info.description}")
    return "\n".join(out) + "\n"


def _lines(section: Section, indent: str) -> list[str]:
    """The keys of a section; of a section inside it, too."""
    out = []
    for key, field in type(section).model_fields.items():
        value = getattr(section, key)
        if isinstance(value, Section):
            out += [f"{indent}{key}:  # {(type(value).__doc__ or '').strip()}", *_lines(value, f"{indent}  ")]
        else:
            out.append(f"{indent}{key}: {_flow(value)}  # {field.description}")
    return out


def _flow(value: Any) -> str:
    plain = [_plain(item) for item in value] if isinstance(value, tuple) else value
    if isinstance(value, dict):
        plain = {key: _plain(item) for key, item in value.items()}
    text = yaml.safe_dump(plain, default_flow_style=True, width=10_000, allow_unicode=True)
    return str(text).removesuffix("...\n").strip()


def _plain(item: Any) -> Any:
    fields = item.model_dump(exclude_defaults=True) if isinstance(item, Section) else item
    return fields["word"] if isinstance(fields, dict) and list(fields) == ["word"] else fields


def _explain(model: type[BaseModel], first: Any, loc: tuple[str, ...], depth: int) -> str:
    key = ".".join(loc)
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(loc[-1], _keys_at(model, loc[depth:-1]), n=1, cutoff=0.5)
        hint = f"did you mean {'.'.join((*loc[:-1], near[0]))}?" if near else "`assistant config schema` lists the keys"
        return f"unknown key {key}; {hint}"
    if first["type"] == "model_type" or (first["type"] == "dict_type"):
        return f"{key} must be a section of keys, not {first['input']!r}"
    if "literal" in first["type"]:
        near = difflib.get_close_matches(str(first["input"]), re.findall(r"'([^']*)'", first["ctx"]["expected"]), n=1)
        return f"{key} is {first['input']!r}; it must be {first['ctx']['expected']}" + (
            f" (did you mean {near[0]}?)" if near else ""
        )
    return f"{key} is {first['input']!r}: {first['msg'][0].lower()}{first['msg'][1:]}"


def _keys_at(model: type[BaseModel], loc: Sequence[str]) -> list[str]:
    kind: Any = model
    for part in loc:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            field = kind.model_fields.get(part)
            kind = field.annotation if field else None
        else:  # a mapping of names to sections
            kind = get_args(kind)[-1] if get_origin(kind) is dict else None
    return list(kind.model_fields if isinstance(kind, type) and issubclass(kind, BaseModel) else WakeWord.model_fields)


def _scalar(text: str, where: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        raise ConfigError(f"{where}: {text!r} is no YAML value; quote it, or write lists as [a,b]") from None


def _assign(values: dict[str, Any], keys: tuple[str, ...], value: Any, where: str) -> None:
    here = values
    for key in keys[:-1]:
        here = here.setdefault(key, {})
        if not isinstance(here, dict):
            raise ConfigError(f"{where}: {key} is a value, not a section")
    here[keys[-1]] = value


def _read_yaml(path: Path) -> tuple[dict[str, Any], dict[tuple[str, ...], int]]:
    """The file's values, and the line (from 1) of each key path."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); check the path or leave out --config") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8 text") from None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise ConfigError(f"{path}{line}: is no valid YAML: {getattr(error, 'problem', None) or error}") from None
    if values is None:
        return {}, {}
    if not isinstance(values, dict):
        raise ConfigError(f"{path}:1: must hold keys like `language: en`")
    lines: dict[tuple[str, ...], int] = {}

    def walk(at: Any, loc: tuple[str, ...]) -> None:
        if isinstance(at, yaml.MappingNode):
            for key, value in at.value:
                here = (*loc, str(key.value))
                if here in lines:
                    raise ConfigError(f"{path}:{key.start_mark.line + 1}: {'.'.join(here)} stands twice; keep one")
                lines[here] = key.start_mark.line + 1
                walk(value, here)
        elif isinstance(at, yaml.SequenceNode):
            for index, value in enumerate(at.value):
                lines[(*loc, str(index))] = value.start_mark.line + 1
                walk(value, (*loc, str(index)))

    walk(node, ())
    return values, lines
