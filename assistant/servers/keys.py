"""The key of the HTTP API: made once, kept as a hash, compared in constant time."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping

from assistant.errors import ConfigError, UsageError
from assistant.folders import data_folder

ENV = "ASSISTANT_API_TOKEN"
LEAST_KEY = 16


class Keys:
    """The key: from the environment, else the one made by `assistant token`, of which only a hash is kept."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        """Raises `ConfigError` for a key in the environment that is too short to be one."""
        given = environ.get(ENV, "")
        if given and len(given) < LEAST_KEY:
            raise ConfigError(f"{ENV} has {len(given)} characters; a key has {LEAST_KEY} or more: `assistant token` makes one")
        self._given = _hash(given) if given else ""
        self.path = data_folder(environ) / "api-key.sha256"
        self._seen: tuple[int, int] | None = None
        self._kept = ""

    def make(self) -> str:
        """Make a key in place of the one before; only its hash is written. Raises `UsageError`."""
        key = f"ea-{secrets.token_urlsafe(32)}"
        new = self.path.with_suffix(".new")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new.unlink(missing_ok=True)
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(_hash(key) + "\n")
            new.replace(self.path)
        except OSError as error:
            raise UsageError(f"{self.path}: cannot be written ({error.strerror}); set {ENV} instead") from None
        return key

    def revoke(self) -> bool:
        """Remove the key that was made; a running assistant takes it no more. Says whether there was one. Raises `UsageError`."""
        try:
            there = self.path.exists()
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise UsageError(f"{self.path}: cannot be removed ({error.strerror})") from None
        return there

    def some(self) -> bool:
        """Whether there is any."""
        return bool(self._hashes())

    def right(self, key: str) -> bool:
        """Whether it is the key."""
        found = _hash(key)
        return any([hmac.compare_digest(found, known) for known in self._hashes()])

    def _hashes(self) -> list[str]:
        """Looks at the file each time: what was revoked is refused at once."""
        try:
            state = self.path.stat()
            seen = (state.st_mtime_ns, state.st_ino)
            if seen != self._seen:
                self._kept, self._seen = self.path.read_text().strip(), seen
        except OSError:
            self._kept, self._seen = "", None
        return [known for known in (self._given, self._kept) if known]


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
