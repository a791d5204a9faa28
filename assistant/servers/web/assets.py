"""The page's files, read once at the start: no path from a request reaches the disk. And the headers that bind a browser."""

import gzip
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request, Response

from assistant.servers.access import Refused

FOLDER = Path(__file__).parent / "static"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_PAGES = {"/": "index.html", "/kiosk": "kiosk.html", "/login": "login.html"}


@dataclass(frozen=True)
class Asset:
    """One file."""

    kind: str
    plain: bytes
    packed: bytes
    tag: str


def load(folder: Path = FOLDER) -> Mapping[str, Asset]:
    """All files by name."""
    found = {}
    for path in sorted(folder.iterdir()):
        if (kind := _TYPES.get(path.suffix)) is not None:
            data = path.read_bytes()
            found[path.name] = Asset(kind, data, gzip.compress(data, 9, mtime=0), f'"{hashlib.sha256(data).hexdigest()[:24]}"')
    return found


def headers(framed_by: Sequence[str] = ()) -> dict[str, str]:
    """What a browser may do with an answer; `framed_by`: pages that may show it in a frame."""
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": " ".join(("'self'", *framed_by)) if framed_by else "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "reply",
    }
    made = {
        "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "permissions-policy": "microphone=(self), camera=(), geolocation=(), display-capture=()",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
    }
    return made if framed_by else made | {"x-frame-options": "DENY"}


def router(embed_origins: Sequence[str]) -> APIRouter:
    """The files' routes."""
    routes = APIRouter(include_in_schema=False)
    files = load()

    def answer(request: Request, name: str, more: Mapping[str, str]) -> Response:
        asset = files[name]
        sent = {"etag": asset.tag, "cache-control": "no-cache", "vary": "accept-encoding", **more}
        if request.headers.get("if-none-match") == asset.tag:
            return Response(status_code=304, headers=sent)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(asset.packed, headers={**sent, "content-encoding": "gzip"}, media_type=asset.kind)
        return Response(asset.plain, headers=sent, media_type=asset.kind)

    def page(path: str, name: str) -> None:
        allowed = headers(embed_origins if name == "kiosk.html" else ())

        @routes.get(path)
        async def show(request: Request) -> Response:
            return answer(request, name, allowed)

    for path, name in _PAGES.items():
        page(path, name)

    @routes.get("/static/{name}")
    async def static(name: str, request: Request) -> Response:
        if name not in files or name.endswith(".html"):
            raise Refused(404, "not_found", "there is no such file")
        return answer(request, name, headers())

    return routes
