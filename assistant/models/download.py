"""One file by HTTP into a partial file, from the first place that gives the right bytes.

Rules: what is there already is continued by a range request; size and SHA-256 decide in the end, nothing a server says does. A
place is left for the next one when it answers nonsense, gives wrong bytes, or brings nothing more. A partial file that is too
long or has the wrong hash is deleted. Redirects lead to http and https only. Proxies and certificates are those of the
environment (HTTPS_PROXY, NO_PROXY, REQUESTS_CA_BUNDLE). No cookie is kept, no compressed answer is taken.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from assistant.errors import ModelError
from assistant.models.catalog import File, sha256_of

if TYPE_CHECKING:
    from requests import Response, Session

CHUNK = 1 << 16
MAX_REDIRECTS = 8
MAX_UNKNOWN = 64 << 20
"""Bytes of a file whose size the catalogue does not know."""
WORTH = 1 << 20
"""A connection that brings so many bytes before it is cut is no failed try."""
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)$")

Watch = Callable[[int], None]
"""Is told the bytes of the file that are here."""


@dataclass(frozen=True)
class Net:
    """How patient a download is."""

    timeout_s: float = 20.0
    """A server that says nothing for so long is left."""
    tries: int = 5
    """Connections to one place; each must bring something."""


class DownloadFailed(ModelError):
    """No place gave the file; the message says why for each."""

    code = "download"


class _Refused(Exception):
    """This place is of no use."""


class _Cut(Exception):
    """The connection ended too early; another may go on."""


def fetch(file: File, urls: Sequence[str], part: Path, net: Net, watch: Watch) -> None:
    """Make `part` the whole, checked file. Raises `DownloadFailed`; what arrived so far stays for the next time."""
    from requests import Session

    if part.exists() and not _wrong(file, part):
        watch(_size(part))
        return
    reasons = []
    with Session() as session:
        for url in urls:
            try:
                return _from(session, url, file, part, net, watch)
            except _Refused as reason:
                reasons.append(f"{urlsplit(url).netloc}: {reason}")
    again = "; the same command goes on from where it stopped" if _size(part) else ""
    raise DownloadFailed(f"{file.filename} could not be fetched ({'; '.join(reasons)}){again}")


def _from(session: "Session", url: str, file: File, part: Path, net: Net, watch: Watch) -> None:
    """Fetch from one place, going on where it was cut. Raises `_Refused`."""
    mixed = _size(part) > 0  # with bytes from another place or time: a wrong hash is not yet this place's fault
    left = net.tries
    while left:
        before = _size(part)
        try:
            _attempt(session, url, file, part, net, watch)
        except _Cut as cut:
            if _size(part) <= before:
                raise _Refused(str(cut)) from None
            left -= _size(part) - before < WORTH
            continue
        wrong = _wrong(file, part)
        if not wrong:
            return
        part.unlink(missing_ok=True)
        if not mixed:
            raise _Refused(wrong)
        mixed = False
    raise _Refused("the connection was cut again and again")


def _attempt(session: "Session", url: str, file: File, part: Path, net: Net, watch: Watch) -> None:
    """One connection: what it brings is appended to `part`; where it ignores the range, what is here already is skipped."""
    have, limit = _size(part), file.bytes or MAX_UNKNOWN
    if have > limit:
        part.unlink()
        have = 0
    if have == file.bytes:
        return
    response = _open(session, url, have, net)
    if response.status_code == 416 and have:  # some servers answer so to every range; others have less than is here
        response.close()
        response = _open(session, url, 0, net)
    with closing(response):
        at = _accepted(response, have, file)
        with _writing(part, "ab") as out:
            for chunk in _chunks(response, net):
                fresh = chunk[max(0, have - at) :]
                at += len(chunk)
                if at > limit:
                    part.unlink()
                    raise _Refused(f"sends more than the {limit:,} bytes that are wanted")
                if fresh:
                    out.write(fresh)
                    have = at
                    watch(have)
    if file.bytes is not None and at < file.bytes:
        raise _Cut(f"the connection ended after {at:,} of {file.bytes:,} bytes")


def _open(session: "Session", url: str, have: int, net: Net) -> "Response":
    """The answer at the end of the redirects."""
    headers = {"Accept-Encoding": "identity", "Connection": "close", "User-Agent": "edge-assistant"}
    if have:
        headers["Range"] = f"bytes={have}-"
    for _ in range(MAX_REDIRECTS):
        if not url.lower().startswith(("http://", "https://")):
            raise _Refused(f"leads to {url[:80]!r}, which is no http or https address")
        session.cookies.clear()
        session.close()  # no connection is used twice: one that its server is just closing would look like a cut
        with _plain(net):
            response = session.get(url, headers=headers, stream=True, allow_redirects=False, timeout=net.timeout_s)
            target = session.get_redirect_target(response)
            if target is None:
                return response
            response.close()
            url = urljoin(url, target)
    raise _Refused(f"redirects more than {MAX_REDIRECTS} times")


def _accepted(response: "Response", have: int, file: File) -> int:
    """The position the answer begins at. Raises `_Refused` for what cannot be the file."""
    if response.status_code == 206:
        found = _RANGE.match(response.headers.get("Content-Range", ""))
        if not have or found is None or int(found[1]) != have:
            raise _Refused("answered another range than was asked for")
        if file.bytes is not None and found[2] not in ("*", str(file.bytes)):
            raise _Refused(f"has a file of {found[2]} bytes, {file.bytes:,} are wanted")
    elif response.status_code == 200:
        have = 0
    else:
        raise _Refused(f"answered {response.status_code} {response.reason or ''}".strip())
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise _Refused("compresses what it sends, although it was asked not to")
    length = response.headers.get("Content-Length", "")
    if file.bytes is not None and length.isdecimal() and have + int(length) != file.bytes:
        raise _Refused(f"offers {have + int(length):,} bytes, {file.bytes:,} are wanted")
    return have


def _chunks(response: "Response", net: Net) -> Iterator[bytes]:
    with _plain(net):
        yield from response.iter_content(CHUNK)


@contextmanager
def _writing(part: Path, mode: str) -> Iterator[IO[bytes]]:
    """The partial file, open; what was written is on the disk in the end, whatever ended it."""
    try:
        with part.open(mode) as out:
            try:
                yield out
            finally:
                out.flush()
                os.fsync(out.fileno())
    except OSError as error:
        raise DownloadFailed(f"{part}: cannot be written ({error.strerror}); free some storage") from None


@contextmanager
def _plain(net: Net) -> Iterator[None]:
    """Turns what requests and urllib3 raise into a `_Cut` with a short reason."""
    from requests import exceptions as failed
    from urllib3.exceptions import HTTPError, NameResolutionError, ReadTimeoutError

    try:
        yield
    except (failed.RequestException, HTTPError, ValueError) as error:
        cause = error.args[0] if error.args else error
        cause = getattr(cause, "reason", cause)
        if isinstance(error, failed.Timeout) or isinstance(cause, ReadTimeoutError):
            reason = f"said nothing for {net.timeout_s:g} s"
        elif isinstance(error, failed.ProxyError):
            reason = "the proxy does not let it through"
        elif isinstance(error, failed.SSLError):
            reason = "its certificate is not trusted"
        elif isinstance(cause, NameResolutionError):
            reason = "there is no host of that name"
        elif isinstance(error, ValueError):
            reason = "is no address that can be asked"
        else:
            reason = "no connection, or it was cut"
        raise _Cut(reason) from error


def _wrong(file: File, part: Path) -> str:
    """Why `part` is not the file; "" when it is."""
    size = _size(part)
    if file.bytes is not None and size != file.bytes:
        return f"gave {size:,} bytes, {file.bytes:,} are wanted"
    return "" if part.exists() and sha256_of(part) == file.sha256 else "gave other bytes (wrong SHA-256)"


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
