"""How far a long measurement is: a bar on a terminal, nothing elsewhere."""

import sys
from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


def shown(items: Sequence[T], what: str) -> Iterable[T]:
    """The items one by one, with a bar on stderr that goes away at the end."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return track(items, what, console=console, transient=True, refresh_per_second=1, disable=not sys.stderr.isatty())
