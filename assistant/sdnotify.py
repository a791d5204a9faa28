"""Words to systemd, by its notify protocol (sd_notify(3)): a datagram to $NOTIFY_SOCKET. Without one, nothing happens."""

import os
import socket
from collections.abc import Mapping


def notify(message: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Send a line such as READY=1; return whether somebody was told.

    Never raises and never waits: neither a missing supervisor nor one that does not read may hold the assistant up.
    """
    address = environ.get("NOTIFY_SOCKET")
    if not address:
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK) as channel:
        try:
            channel.sendto(message.encode(), "\0" + address[1:] if address.startswith("@") else address)
        except OSError:
            return False
    return True


class Watchdog:
    """Tells systemd that we live only while a count grows (frames heard): a process whose ear died must not look alive."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._environ = environ
        self._count = 0

    def look(self, count: int) -> bool:
        """Take the count so far; feed the watchdog when it grew. Returns whether it was fed."""
        grew, self._count = count > self._count, count
        return grew and notify("WATCHDOG=1", self._environ)
