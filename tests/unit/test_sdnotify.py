"""The notify protocol, against a socket that plays systemd."""

import socket
from pathlib import Path

from assistant.sdnotify import Watchdog, notify


def test_a_message_reaches_the_socket(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(address)
        assert notify("READY=1", {"NOTIFY_SOCKET": address})
        assert systemd.recv(100) == b"READY=1"


def test_without_a_supervisor_nothing_happens(tmp_path: Path) -> None:
    assert not notify("READY=1", {})
    assert not notify("READY=1", {"NOTIFY_SOCKET": str(tmp_path / "gone")})


def test_the_watchdog_is_fed_by_a_growing_count_alone(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(address)
        watchdog = Watchdog({"NOTIFY_SOCKET": address})
        assert watchdog.look(3)
        assert systemd.recv(100) == b"WATCHDOG=1"
        assert not watchdog.look(3)
        assert watchdog.look(4)


def test_a_supervisor_that_does_not_read_holds_nobody_up(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(address)
        told = [notify("WATCHDOG=1", {"NOTIFY_SOCKET": address}) for _ in range(10_000)]  # its queue holds far fewer
        assert told[0] and not told[-1]
