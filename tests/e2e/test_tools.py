"""A stranger's tool, the starter model and a whole process: what it does is said, and one that hangs holds up nothing."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIGHT = '''
import time
from typing import Literal

from assistant.tools import tool


@tool(tier="free", words={"en": ("turn", "switch")})
def light(room: str, state: Literal["on", "off"]) -> str:
    """switch a light"""
    if room == "cellar":
        time.sleep(300)
    if room == "attic":
        raise OSError("secret")
    return f"The light in the {room} is {state} now."
'''


def test_a_file_of_tools_in_a_process_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "light.py").write_text(LIGHT)
    sets = [f"tools.files=[{tmp_path / 'light.py'}]", "tools.deadline_s=1", f"control.socket={tmp_path / 'none.sock'}"]
    rooms = ("kitchen", "attic", "cellar")
    lines = "".join(f"turn on the light in the {room}\n" for room in rooms) + "did you turn on the light\n"
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "chat", *(part for one in sets for part in ("--set", one))],
        input=lines,
        capture_output=True,
        text=True,
        timeout=200,  # the call that hangs does not hold the process
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    said = done.stdout.splitlines()
    assert said[0] == "The light in the kitchen is on now."
    assert said[1] == "That did not work: switch a light."
    assert said[2] == "I got no answer in time, so I do not know whether that was done: switch a light."
    assert "is on now" not in said[3] and "{" not in done.stdout
    assert done.returncode == 0 and "secret" not in done.stderr and "Traceback" not in done.stderr
