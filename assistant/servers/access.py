"""Who may come in: keys, names of this machine, origins of web pages, sizes, rates. docs/api.md holds the table.

`Door` is an ASGI application around the API's own. What it turns away never reaches a route, and its body is never read. Rules:

- Host must be an address, localhost or one of `api.hosts`: a page elsewhere cannot point its own name here (DNS rebinding).
- Origin, where a browser sends one, must be the Host that was asked or one of `api.origins`. No CORS header is ever sent.
- A key for everything but `OPEN`, compared in constant time against a hash. A wrong key costs an address ten requests.
- The page's paths, where it is served, need its cookie instead (`Page`); only its own origin may call them.
- `api.requests_per_minute` an address; `MAX_ADDRESSES` addresses are counted, the one longest silent is forgotten.
- A body comes within `BODY_S` and its limit; at most `MAX_UPLOADS` recordings at once. A reader takes each piece within `SEND_S`.
"""

import asyncio
import ipaddress
import logging
import math
import os
import re
import time
import traceback
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from assistant.errors import AssistantError, ConfigError
from assistant.memory.readers import MAX_BYTES
from assistant.servers.keys import ENV, Keys
from assistant.settings import Api

_log = logging.getLogger(__name__)
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_HOST = re.compile(r"(?:\[([0-9a-f:.]{2,50})\]|([a-z0-9._-]{1,255}))(?::[0-9]{1,5})?")
ORIGIN = re.compile(r"https?://(?:\[[0-9a-f:.]{2,50}\]|[a-z0-9._-]{1,255})(?::[0-9]{1,5})?")
OPEN = frozenset({"/healthz", "/readyz"})
"""Paths that need no key: they tell nothing but that it lives."""
UPLOAD = "/v1/audio/transcriptions"
DOCUMENT_UPLOAD = "/page/documents"
UPLOADS = frozenset({UPLOAD, f"/page{UPLOAD}", DOCUMENT_UPLOAD})
MAX_UPLOADS = 2
MAX_DOCUMENT = MAX_BYTES
FORM = 64 * 2**10
"""What a form adds to a document."""
MAX_ADDRESSES = 1024
WRONG_KEY = 10
"""Requests that a wrong key counts for."""
BODY_S = 30.0
SEND_S = 30.0
DRAIN_S, DRAIN_BYTES = 2.0, 2**20
"""What is read of a body that was refused."""


class Refused(AssistantError):
    """A request that is turned away; `status` is HTTP's."""

    def __init__(self, status: int, code: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.retry_after = status, code, retry_after


class ClientGone(ConnectionError):
    """Nobody reads any more."""


class Page(Protocol):
    """Who may open the page; `servers/web/logins.py`."""

    def owns(self, path: str) -> bool:
        """Whether a path is the page's."""
        ...

    def look(self, method: str, path: str, cookies: str) -> object | None:
        """Who asks; None where nobody needs to be known. Raises `Refused`."""
        ...


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check(api: Api, key: str = "api.host") -> None:
    """Raises `ConfigError` where the section would open more than it says; `key` is where its host stands."""
    if not api.socket and not is_loopback(api.host) and not api.wide:
        raise ConfigError(
            f"{key} is {api.host}, which other machines reach; set api.wide to true as well if you mean that, else 127.0.0.1"
        )
    if bool(api.tls_cert) != bool(api.tls_key):
        raise ConfigError("api.tls_cert and api.tls_key go together; set both, or neither for http")


def checked(api: Api, environ: Mapping[str, str] = os.environ) -> Keys:
    """The keys in force. Raises `ConfigError` where there is none, or the section would open more than it says."""
    check(api)
    keys = Keys(environ)
    if not keys.some():
        raise ConfigError(f"api.enabled: there is no key yet; make one with `assistant token`, or set {ENV}")
    return keys


class Rates:
    """Requests an address has left; they come back evenly."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = float(per_minute), clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def use(self, address: str, count: int = 1) -> int:
        """Use some up; seconds to wait when there are none left, else 0."""
        now = self._clock()
        left, since = self._left.pop(address, (self._most, now))
        left = min(self._most, left + (now - since) * self._most / 60)
        wait = 0 if left >= 1 else math.ceil((1 - left) * 60 / self._most)
        self._left[address] = (max(left - count, -self._most) if not wait else left, now)
        if len(self._left) > MAX_ADDRESSES:
            self._left.popitem(last=False)
        return wait


class Door:
    """See the module."""

    def __init__(
        self,
        app: App,
        refuse: Callable[[Refused], App],
        api: Api,
        keys: Keys | None,
        page: Page | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`refuse` gives the answer of a refusal. Without keys there is no API here, without a page no page."""
        self._app, self._refuse, self._api, self._keys, self._page = app, refuse, api, keys, page
        self._rates = Rates(api.requests_per_minute, clock)
        self._uploads = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Let a request in, or answer that it may not."""
        if scope["type"] != "http":
            return  # no websocket, no lifespan: uvicorn is told so
        held = _Patient(scope, receive, send, self._limit(scope["path"]))
        upload = scope["path"] in UPLOADS and scope["method"] == "POST" and self._uploads < MAX_UPLOADS
        self._uploads += upload
        try:
            self._look(scope, upload)
            await self._app(scope, held.receive, held.send)
        except Refused as refused:
            if not held.answered:
                await held.drain()
                await self._refuse(refused)(scope, held.receive, held.send)
        except ClientGone:
            held.abort()
        except Exception as error:  # noqa: BLE001  a fault of ours ends one request, not the daemon
            at = traceback.extract_tb(error.__traceback__)[-1]
            _log.error("%s at %s:%s in a request for %s", type(error).__name__, at.filename, at.lineno, scope["path"][:100])
            held.abort()
        finally:
            self._uploads -= upload

    def _limit(self, path: str) -> int:
        if path == DOCUMENT_UPLOAD:
            return MAX_DOCUMENT + FORM
        return self._api.max_audio_mb * 2**20 if path in UPLOADS else self._api.max_json_kb * 2**10

    def _look(self, scope: Message, upload: bool) -> None:
        """Raise `Refused` for what may not come in."""
        headers = _Headers(scope)
        host = _name(headers.one("host"))
        if host is None or not self._own_name(host):
            raise Refused(403, "host_not_allowed", "this machine is not called so; add the name to api.hosts")
        path, origin = scope["path"], headers.one("origin")
        page = self._page if self._page is not None and self._page.owns(path) else None
        others = self._api.origins if page is None else ()
        if origin is not None and origin not in others and origin != f"{scope['scheme']}://{headers.one('host')}":
            raise Refused(403, "origin_not_allowed", "pages of this origin may not call it; add it to api.origins")
        address = scope["client"][0] if scope.get("client") else "socket"
        if wait := self._rates.use(address):
            raise Refused(429, "rate_limit_exceeded", f"too many requests; try again in {wait} s", wait)
        if path in OPEN:
            return
        if page is not None:
            self._look_at_cookie(page, scope, headers.one("cookie") or "", address)
        else:
            self._look_at_key(headers, address)
        length = headers.one("content-length") or "0"
        if not length.isdecimal() or int(length[:20]) > self._limit(path):
            raise too_large(self._limit(path))
        if path in UPLOADS and scope["method"] == "POST" and not upload:
            raise Refused(429, "busy", f"{MAX_UPLOADS} uploads are being read; try again in a moment", 2)

    def _look_at_cookie(self, page: Page, scope: Message, cookies: str, address: str) -> None:
        """Leaves who asks in the scope."""
        try:
            scope["login"] = page.look(scope["method"], scope["path"], cookies)
        except Refused as refused:
            if refused.status == 401 and cookies:
                self._rates.use(address, WRONG_KEY)
            raise

    def _look_at_key(self, headers: "_Headers", address: str) -> None:
        if self._keys is None:
            raise Refused(404, "not_found", "the API is not served here")
        scheme, _, key = (headers.one("authorization") or "").partition(" ")
        if scheme.lower() != "bearer" or not self._keys.right(key.strip()):
            self._rates.use(address, WRONG_KEY)
            said = "the key is wrong" if key else "a key is missing: send `Authorization: Bearer KEY`"
            raise Refused(401, "invalid_api_key", f"{said}; `assistant token` makes one")

    def _own_name(self, name: str) -> bool:
        if name in ("localhost", *(known.lower() for known in self._api.hosts)):
            return True
        try:
            ipaddress.ip_address(name)  # an address is nobody's name: rebinding needs one
        except ValueError:
            return False
        return True


def too_large(limit: int) -> Refused:
    """The answer to a body that is longer than it may be."""
    return Refused(
        413, "request_too_large", f"the request is longer than {limit} bytes; see api.max_json_kb and api.max_audio_mb"
    )


class _Patient:
    """Receive and send of one request, with an end to patience."""

    def __init__(self, scope: Message, receive: Receive, send: Send, limit: int) -> None:
        self._transport = scope.get("transport")
        self._receive, self._send, self._limit = receive, send, limit
        self._read, self._whole = 0, False
        self._until = asyncio.get_running_loop().time() + BODY_S
        self.answered = self.ended = False

    async def receive(self) -> Message:
        """A piece of the body; after the last one, waits until the client leaves."""
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise Refused(408, "request_timeout", f"the request did not come whole within {BODY_S:.0f} s") from None
        self._read += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._read > self._limit:
            await self.drain()
            raise too_large(self._limit)
        return message

    async def drain(self) -> None:
        """Read what still comes, within bounds, and throw it away: a connection closed on unread bytes loses its answer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_S):
                while not self._whole and self._read < self._limit + DRAIN_BYTES:
                    message = await self._receive()
                    self._read += len(message.get("body", b""))
                    self._whole = not message.get("more_body", False)

    async def send(self, message: Message) -> None:
        """Raises `ClientGone` when nobody takes it."""
        self.answered = True
        try:
            async with asyncio.timeout(SEND_S):
                await self._send(message)
        except TimeoutError:
            raise ClientGone from None
        self.ended = message["type"] == "http.response.body" and not message.get("more_body", False)

    def abort(self) -> None:
        """Break the connection off, unless the answer was whole."""
        if not self.ended and self._transport is not None:
            self._transport.abort()


class _Headers:
    def __init__(self, scope: Message) -> None:
        self._all: list[tuple[bytes, bytes]] = scope["headers"]

    def one(self, name: str) -> str | None:
        """Its value; one that stands twice counts as none that is right."""
        found = [value for key, value in self._all if key == name.encode()]
        return None if not found else found[0].decode("latin-1") if len(found) == 1 else "\0"


def _name(host: str | None) -> str | None:
    """The host of a Host header, without its port; None for what is no host."""
    found = _HOST.fullmatch((host or "").lower())
    return (found[1] or found[2]) if found else None


def file_of(path: str, key: str) -> Path:
    """A file the configuration names. Raises `ConfigError`."""
    found = Path(path).expanduser()
    if not found.is_file():
        raise ConfigError(f"{key} {path}: there is no such file")
    return found
