"""A program's side of the control socket (`servers/control.py`): blocking, one request after the other."""

import json
import os
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from assistant.errors import EngineError
from assistant.folders import cache_folder

NAME = "edge-assistant/control.sock"
CONNECT_S = 2.0


def socket_paths(configured: str, environ: Mapping[str, str] = os.environ) -> list[Path]:
    """Where the socket may be: the configured path alone, else a service's run folder, the user's, the system's."""
    if configured:
        return [Path(configured).expanduser()]
    user = environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"
    service = environ.get("RUNTIME_DIRECTORY")
    return [*([Path(service) / "control.sock"] if service else []), Path(user) / NAME, Path("/run") / NAME]


def own_path(configured: str, environ: Mapping[str, str] = os.environ) -> Path:
    """Where the daemon makes its socket: the first place that may be written, the user's cache at last."""
    paths = socket_paths(configured, environ)
    if configured or environ.get("RUNTIME_DIRECTORY"):
        return paths[0]
    return next((path for path in paths if os.access(path.parent.parent, os.W_OK)), cache_folder(environ) / "control.sock")


class ControlClient:
    """A connection to the daemon."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._lines = channel.makefile("rb")

    @classmethod
    def connect(cls, configured: str, environ: Mapping[str, str] = os.environ) -> Self | None:
        """Connect to the daemon of this user or of the system; None when none runs."""
        for path in dict.fromkeys([*socket_paths(configured, environ), own_path(configured, environ)]):
            channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            channel.settimeout(CONNECT_S)
            try:
                channel.connect(str(path))
            except OSError:
                channel.close()
                continue
            channel.settimeout(None)  # a reply may take its time; the daemon has the deadlines
            return cls(channel)
        return None

    def ask(self, **request: Any) -> Iterator[dict[str, Any]]:
        """Send a request; yield its answer. Raises as `answer`."""
        self.send(**request)
        yield from self.answer()

    def answer(self) -> Iterator[dict[str, Any]]:
        """The lines of the next answer, the last one without `event`. Raises `EngineError` for what the daemon refuses."""
        try:
            for line in self._lines:
                found: dict[str, Any] = json.loads(line)
                if "error" in found:
                    raise EngineError(str(found["message"]))
                yield found
                if "event" not in found:
                    return
        except OSError as error:
            raise EngineError(f"the daemon went away ({error.strerror}); is it still running? see `assistant status`") from None
        raise EngineError("the daemon went away; is it still running? see `assistant status`")

    def send(self, **request: Any) -> None:
        """Send a request and wait for nothing."""
        try:
            self._channel.sendall(json.dumps(request).encode() + b"\n")
        except OSError as error:
            raise EngineError(f"the daemon went away ({error.strerror}); is it still running? see `assistant status`") from None

    def last(self, **request: Any) -> dict[str, Any]:
        """The last line of the answer."""
        found: dict[str, Any] = {}
        for found in self.ask(**request):  # noqa: B007  the last one is wanted
            pass
        return found

    def close(self) -> None:
        """Hang up; what is being said for this client ends."""
        self._lines.close()
        self._channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
