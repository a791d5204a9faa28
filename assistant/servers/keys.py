"""The key of the HTTP API: made once, kept as a hash, compared in constant time."""

import hmac
import os
import secrets
from collections.abc import Mapping

from assistant.errors import ConfigError, UsageError
from assistant.folders import data_folder
from assistant.servers.secret_file import SecretFile, digest

ENV = "ASSISTANT_API_TOKEN"
LEAST_KEY = 16


class Keys:
    """The key: from the environment, else the one made by `assistant token`, of which only a hash is kept."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        """Raises `ConfigError` for a key in the environment that is too short to be one."""
        given = environ.get(ENV, "")
        if given and len(given) < LEAST_KEY:
            raise ConfigError(f"{ENV} has {len(given)} characters; a key has {LEAST_KEY} or more: `assistant token` makes one")
        self._given = digest(given) if given else ""
        self._file = SecretFile(data_folder(environ) / "api-key.sha256", str.strip, "")
        self.path = self._file.path

    def make(self) -> str:
        """Make a key in place of the one before; only its hash is written. Raises `UsageError`."""
        key = f"ea-{secrets.token_urlsafe(32)}"
        try:
            self._file.write(digest(key) + "\n")
        except OSError as error:
            raise UsageError(f"{self.path}: cannot be written ({error.strerror}); set {ENV} instead") from None
        return key

    def revoke(self) -> bool:
        """Remove the key that was made; a running assistant takes it no more. Says whether there was one. Raises `UsageError`."""
        return self._file.remove()

    def some(self) -> bool:
        """Whether there is any."""
        return bool(self._hashes())

    def right(self, key: str) -> bool:
        """Whether it is the key."""
        found = digest(key)
        return any([hmac.compare_digest(found, known) for known in self._hashes()])

    def _hashes(self) -> list[str]:
        return [known for known in (self._given, self._file.read()) if known]
