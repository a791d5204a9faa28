"""A secret that stands in a file of its own: a password, a token."""

import stat
from pathlib import Path

from assistant.errors import ConfigError

MAX_BYTES = 8192


def read_secret(path: str, key: str) -> str:
    """The file's text without the line's end. Raises `ConfigError` when it cannot be read, is empty, or everybody may read it."""
    at = Path(path).expanduser()
    try:
        if at.stat().st_mode & stat.S_IROTH:
            raise ConfigError(f"{key}: everybody on this machine may read {at}; chmod 600 {at}")
        with at.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        text = raw.decode().strip("\r\n")
    except OSError as error:
        raise ConfigError(f"{key}: {at} cannot be read ({error.strerror}); write the secret there, in one line") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{key}: {at} is no text") from None
    if not text or len(raw) > MAX_BYTES or "\n" in text:
        raise ConfigError(f"{key}: {at} must hold the secret, in one line")
    return text
