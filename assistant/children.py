"""Child processes that run a module of ours."""

import sys
from pathlib import Path

_RUN = (
    "import runpy, sys; home, name = sys.argv[1:3]; del sys.argv[1:3]; home in sys.path or sys.path.insert(0, home); "
    "runpy.run_module(name, run_name='__main__', alter_sys=True)"
)
"""`python -m` in safe path mode finds a module only where Python looks anyway; ours may lie elsewhere."""


def command(module: str, *arguments: str) -> list[str]:
    """What runs a module of ours as a program, the same that run here. Nothing is taken from the working directory."""
    return [sys.executable, "-P", "-c", _RUN, str(Path(__file__).parents[1]), module, *arguments]
