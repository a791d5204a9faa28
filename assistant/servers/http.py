"""The HTTP server: FastAPI behind uvicorn, in the rim's loop. Imported only when `api.enabled` or `web.enabled`.

Rules: a connection that asks for nothing within `HEAD_S` is closed; at most `MAX_CONNECTIONS`; no access log, no address in a
log; a body stays in memory (starlette would write an upload to a file); peers that are gone without a word are found by TCP's own
timers. The page is mounted in `make_app`, behind the same door.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import python_multipart  # noqa: F401  FastAPI looks for it when a form comes; it must be missed at the start
import uvicorn
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser
from uvicorn.protocols.http.h11_impl import H11Protocol

from assistant import __version__
from assistant.errors import AssistantError, ConfigError, EngineError
from assistant.servers import access, errors_http, house_api, openai_api
from assistant.servers.control import bind
from assistant.servers.doors import Doors, Places
from assistant.servers.keys import Keys
from assistant.settings import Api

if TYPE_CHECKING:
    from assistant.servers.web.page import Page

_log = logging.getLogger(__name__)
MAX_CONNECTIONS = 64
HEAD_S = 10.0
IDLE_S = 30
"""A connection kept open for the next request."""
GRACE_S = 1
"""Running requests at the end; their turns were cancelled already."""
_PEER_MS = 30_000


def make_app(doors: Doors, api: Api, keys: Keys | None, page: "Page | None" = None) -> access.Door:
    """The application, behind its door. Without keys it is the page alone."""
    app = FastAPI(title="Edge assistant", version=__version__, docs_url=None, redoc_url=None)  # their pages load from elsewhere
    places = Places(doors.turns)
    app.include_router(openai_api.router(doors, places))
    app.include_router(house_api.router(doors))
    app.add_exception_handler(AssistantError, errors_http.on_ours)
    app.add_exception_handler(HTTPException, errors_http.on_http)
    app.add_exception_handler(RequestValidationError, errors_http.on_invalid)
    app.add_exception_handler(Exception, errors_http.on_bug)
    app.openapi_schema = _document(app)
    if page is not None:
        page.include(app, doors, places)
    MultiPartParser.spool_max_size = max(api.max_audio_mb * 2**20, access.MAX_DOCUMENT) + 1
    return access.Door(app, errors_http.answer, api, keys, page)


@asynccontextmanager
async def serve(api: Api, doors: Doors, keys: Keys | None, page: "Page | None" = None) -> AsyncIterator[str]:
    """Serve until the block is left; gives the URL or the socket's path. Raises `ConfigError`, `EngineError`."""
    config = uvicorn.Config(
        make_app(doors, api, keys, page),
        loop="none", http=_Protocol, ws="none", lifespan="off", log_config=None, access_log=False,
        server_header=False, date_header=False, proxy_headers=False, limit_concurrency=MAX_CONNECTIONS, timeout_keep_alive=IDLE_S,
        timeout_graceful_shutdown=GRACE_S,
    )  # fmt: skip
    if api.tls_cert:
        config.ssl_certfile, config.ssl_keyfile = (
            access.file_of(api.tls_cert, "api.tls_cert"),
            access.file_of(api.tls_key, "api.tls_key"),
        )
    try:
        config.load()
    except (ssl.SSLError, OSError) as error:
        raise ConfigError(
            f"api.tls_cert {api.tls_cert}: cannot be used ({error.strerror or error}); is it PEM, and the key its own?"
        ) from None
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # the door logs what is ours
    listening, where = _bind(api)
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    what = " and ".join((["the API"] if keys is not None else []) + (["the page"] if page is not None else []))
    try:
        _log.info("%s %s served at %s", what, "are" if " and " in what else "is", where)
        if not api.socket and not access.is_loopback(api.host) and not api.tls_cert:
            _log.warning("api.wide without api.tls_cert: keys and all that is said go over the network unencrypted")
        if page is None:
            yield where
        else:
            page.logins.url, page.logins.secure = _link(api, where), bool(api.tls_cert)
            async with page.living(doors):
                yield where
    finally:
        server.should_exit = True
        await task
        listening.close()
        if api.socket:
            Path(api.socket).expanduser().unlink(missing_ok=True)  # noqa: ASYNC240  the loop ends here


def _link(api: Api, where: str) -> str:
    """The address a browser opens: behind a socket somebody's proxy, for all addresses one that others reach too."""
    if api.socket:
        return f"http://{api.hosts[0] if api.hosts else 'localhost'}"
    if api.host not in ("0.0.0.0", "::"):
        return where
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: asks which address of ours would be used
            name = api.hosts[0] if api.hosts else probe.getsockname()[0]
        except OSError:
            name = "127.0.0.1"
    return f"{where.partition('://')[0]}://{name}:{where.rsplit(':', 1)[1]}"


class _Server(uvicorn.Server):
    """Signals are the app's."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield


class _Protocol(H11Protocol):
    """A connection, with an end to patience: uvicorn waits for a first request for ever."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody came."""
        super().connection_made(transport)
        self._patience = self.loop.call_later(HEAD_S, transport.abort)

    def handle_events(self) -> None:
        """A request's head is whole: the door takes over."""
        super().handle_events()
        if self.cycle is not None and not self.cycle.response_complete:
            self._calm()
            self.scope["transport"] = self.transport  # type: ignore[typeddict-unknown-key]

    def data_received(self, data: bytes) -> None:
        """The next request begins: its head must come in time too."""
        if self._patience is None and (self.cycle is None or self.cycle.response_complete):
            self._patience = self.loop.call_later(HEAD_S, self.transport.abort)
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Somebody left."""
        self._calm()
        super().connection_lost(exc)

    def _calm(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


def _bind(api: Api) -> tuple[socket.socket, str]:
    if api.socket:
        path = Path(api.socket).expanduser()
        listening = bind(path, "api.socket")
        listening.listen(MAX_CONNECTIONS)
        listening.setblocking(False)
        return listening, str(path)
    try:
        family = socket.getaddrinfo(api.host, api.port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.create_server((api.host, api.port), family=family, backlog=MAX_CONNECTIONS)
    except OSError as error:
        raise EngineError(
            f"api.host {api.host}, api.port {api.port}: cannot listen there ({error.strerror or error}); set another port"
        ) from None
    listening.setblocking(False)
    for level, option, value in (
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
        (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 30),
        (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 10),
        (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
        (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _PEER_MS),
        (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    ):
        listening.setsockopt(level, option, value)  # connections inherit them
    host, port = listening.getsockname()[:2]
    return listening, f"{'https' if api.tls_cert else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"


def _document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document: errors are 400 and of our shape, everything but health needs the key."""
    made = app.openapi()
    made["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    for name in ("HTTPValidationError", "ValidationError"):
        made["components"]["schemas"].pop(name, None)
    for path, operations in made["paths"].items():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            operation["security"] = [] if path in access.OPEN else [{"key": []}]
    return made
