"""A thread that hangs in a library: the process ends with its code within seconds, and says which thread it was."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

HANG = """
import logging, threading
from assistant import app
from assistant.cancel import CancelToken
logging.basicConfig(level="INFO")
def brain(stop):
    threading.Event().wait()  # no token, no deadline: as a hung library
with app.threads(CancelToken(), brain):
    raise RuntimeError("the look at it found that it stands still")
"""


def test_a_hung_thread_ends_the_process() -> None:
    done = subprocess.run([sys.executable, "-c", HANG], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 5
    assert "brain did not end within 1.5 s; the process ends now" in done.stderr
