"""The systemd units: systemd's own check, and what must stand in them."""

import re
import subprocess
from pathlib import Path

import pytest

UNITS = sorted((Path(__file__).parents[2] / "systemd").glob("*.service"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_takes_the_unit(unit: Path, tmp_path: Path) -> None:
    """The program and its folder are not installed here: /bin/true stands for it."""
    text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.MULTILINE)
    text = re.sub(r"^(WorkingDirectory=).*", r"\1/", text, flags=re.MULTILINE)
    copy = tmp_path / "edge-assistant.service"
    copy.write_text(text)
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(copy)], capture_output=True, text=True, timeout=60)
    about_us = [line for line in done.stderr.splitlines() if "edge-assistant" in line]
    assert about_us == [] and done.returncode == 0, done.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_notifies_is_watched_and_comes_back(unit: Path) -> None:
    text = unit.read_text()
    for line in ("Type=notify", "WatchdogSec=10", "Restart=always", "TimeoutStopSec=5", "RestartSec=2"):
        assert re.search(rf"^{line}$", text, re.MULTILINE), line
    assert re.search(r"^ExecStart=\S+/\.venv/bin/assistant run$", text, re.MULTILINE)


def test_there_is_one_for_the_desktop_and_one_for_the_system() -> None:
    assert [unit.name for unit in UNITS] == ["edge-assistant.service", "edge-assistant.user.service"]
