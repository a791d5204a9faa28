"""Who may open the page: a link with a one-time token, made through the control socket, becomes a cookie.

Rules: a token is good once, for `LINK_S`; at most `MAX_LINKS` wait (the oldest goes). A cookie is good for `LOGIN_S`; at most
`MAX_LOGINS` are known (the oldest goes). Only hashes are kept; logins on disk (0600): a kiosk comes back after a power cut.
The scope `kiosk` may do what `KIOSK` lists and nothing else; what is not listed there needs a login of the house.
"""

import hmac
import json
import os
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from assistant.errors import EngineError
from assistant.folders import data_folder
from assistant.servers.access import Refused
from assistant.servers.secret_file import SecretFile, digest

Scope = Literal["house", "kiosk"]
COOKIE = "assistant_page"
LINK_S, MAX_LINKS = 600.0, 16
LOGIN_S, MAX_LOGINS = 30 * 86_400.0, 32
OPEN = re.compile(r"/|/kiosk|/login|/static/[^/]{1,80}")
"""What needs no login: files that tell nothing. Only to be read."""
LOGIN = "/page/login"
KIOSK = (
    ("GET", re.compile(r"/page/house")),
    ("GET", re.compile(r"/page/live")),
    ("POST", re.compile(r"/page/talks")),
    ("GET", re.compile(r"/page/talks/[^/]+")),
    ("DELETE", re.compile(r"/page/talks/[^/]+")),
    ("POST", re.compile(r"/page/talks/[^/]+/(?:turns|typing|stop|close)")),
    ("POST", re.compile(r"/page/v1/audio/transcriptions")),
    ("POST", re.compile(r"/page/logout")),
)


@dataclass(frozen=True)
class Login:
    """Somebody who may come in."""

    hash: str
    scope: Scope
    until: float
    """Seconds since 1970."""


class Logins:
    """See the module."""

    def __init__(self, environ: Mapping[str, str] = os.environ, now: Callable[[], float] = time.time) -> None:
        self._file: SecretFile[list[Login]] = SecretFile(data_folder(environ) / "page-logins.json", _parse, [])
        self.path = self._file.path
        self.url = ""
        """Where the page is served; known once it is."""
        self.secure = False
        """Whether that is https."""
        self._now = now
        self._links: dict[str, tuple[Scope, float]] = {}

    def link(self, scope: Scope) -> str:
        """A link that opens the page, once. The token stands behind #: no server and no log sees it. Raises `EngineError`."""
        if not self.url:
            raise EngineError("the page is not served yet; try again in a moment")
        token = secrets.token_urlsafe(24)
        if len(self._links) >= MAX_LINKS:
            self._links.pop(next(iter(self._links)))
        self._links[digest(token)] = (scope, self._now() + LINK_S)
        return f"{self.url}/login#{token}"

    def enter(self, token: str) -> tuple[str, Login]:
        """The cookie for a link's token, which is used up. Raises `Refused`."""
        scope, until = self._links.pop(digest(token), ("kiosk", 0.0))
        if until < self._now():
            raise Refused(401, "invalid_login", "this link was used or is too old; `assistant open` prints a new one")
        cookie = secrets.token_urlsafe(32)
        login = Login(digest(cookie), scope, self._now() + LOGIN_S)
        self._write([*self._file.read()[-MAX_LOGINS + 1 :], login])
        return cookie, login

    def leave(self, login: Login) -> None:
        """Its cookie is good no more."""
        self._write([known for known in self._file.read() if known.hash != login.hash])

    def revoke(self) -> bool:
        """Nobody is logged in any more; whether anybody was. Raises `UsageError`."""
        return self._file.remove()

    def of(self, cookies: str) -> Login | None:
        """Who a Cookie header belongs to."""
        found = [value for name, _, value in (part.strip().partition("=") for part in cookies.split(";")) if name == COOKIE]
        if len(found) != 1:
            return None
        wanted, now = digest(found[0]), self._now()
        right = [login for login in self._file.read() if hmac.compare_digest(login.hash, wanted)]
        return right[0] if right and right[0].until > now else None

    def look(self, method: str, path: str, cookies: str) -> Login | None:
        """Who asks for a path of the page; None where nobody needs to be known. Raises `Refused`."""
        if path == LOGIN or OPEN.fullmatch(path):
            return None
        login = self.of(cookies)
        if login is None:
            raise Refused(401, "login_required", "open the page with the link that `assistant open` prints")
        if login.scope == "kiosk" and not any(method == known and shape.fullmatch(path) for known, shape in KIOSK):
            raise Refused(403, "not_from_a_kiosk", "a kiosk may only talk; `assistant open` prints a link for the house")
        return login

    def _write(self, logins: list[Login]) -> None:
        now = self._now()
        try:
            self._file.write(json.dumps([asdict(login) for login in logins if login.until > now]))
        except OSError as error:
            raise Refused(500, "internal", f"the login cannot be kept ({error.strerror}); is the disk full?") from None


def owns(path: str) -> bool:
    """Whether a path is the page's."""
    return path.startswith("/page/") or OPEN.fullmatch(path) is not None


def _parse(kept: str) -> list[Login]:
    return [Login(**login) for login in json.loads(kept)]
