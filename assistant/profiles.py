"""Profiles: named sets of keys for a place, such as kiosk, that stand between the defaults and config.yaml (docs/profiles.md).

A profile is a YAML file `NAME.yaml` in a folder `config.d`: beside the configuration file, the user's, the system's, or the ones
that come with the program. What config.yaml changes wins over it; a key that stands there with its default, as config.yaml comes,
does not.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.errors import ConfigError

SHIPPED = Path(__file__).resolve().parent.parent / "config.d"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


def folders(config: Path | None, environ: Mapping[str, str]) -> list[Path]:
    """Where profiles are looked for, the first wins."""
    user = Path(environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    beside = [config.parent / "config.d"] if config is not None else []
    return [*beside, user / "edge-assistant/config.d", Path("/etc/edge-assistant/config.d"), SHIPPED]


def find(name: str, config: Path | None, environ: Mapping[str, str], where: str) -> Path:
    """The file of a profile; `where` names who asks for it. Raises `ConfigError` that lists those that there are."""
    places = folders(config, environ)
    if NAME.fullmatch(name):
        for folder in places:
            path = folder / f"{name}.yaml"
            if path.is_file():
                return path
    there = sorted({path.stem for folder in places if folder.is_dir() for path in folder.glob("*.yaml")})
    raise ConfigError(f"{where}: there is no profile {name!r:.60}; there are {', '.join(there) or 'none'}")


def layered(profile: Mapping[str, Any], changed: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a profile, and over them those that a configuration file changes from the defaults."""
    made = dict(profile)
    for key, value in changed.items():
        usual = defaults.get(key)
        if isinstance(value, Mapping) and isinstance(usual, Mapping) and isinstance(made.get(key, {}), Mapping):
            made[key] = layered(made.get(key, {}), value, usual)
        elif key not in made or key not in defaults or value != usual:
            made[key] = value
    return made
