"""What is said of tools, and how a command begins; each language's words stand in `<code>/tools.py`."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Protocol, cast


class ToolTexts(Protocol):
    """The words of one language. `title` is what a tool does, in few words, as they stand inside a sentence."""

    POLITE: Sequence[str]
    """What may stand before a command."""
    POLITE_ENDS: Sequence[str]
    """What may stand behind it."""
    OBJECT_FIRST: Sequence[str]
    """Words behind which a command names its object first; none in English."""
    NEGATIONS: Sequence[str]
    """Words with which it is no command."""
    YES: Sequence[str]
    NO: Sequence[str]
    not_now: str
    """Said to a no."""
    again: str
    """The call was not to be understood."""
    cut: str
    """Behind a result that was longer."""
    joint: str
    """Between values."""

    def ask(self, title: str, values: str) -> str:
        """Asks for a yes."""
        ...

    def ask_pin(self, title: str, values: str) -> str:
        """Asks for the PIN."""
        ...

    def done(self, title: str) -> str:
        """It is done, and returned nothing to be said."""
        ...

    def refused(self, title: str, why: str) -> str:
        """It was refused; `why` is a sentence or ""."""
        ...

    def failed(self, title: str) -> str:
        """It failed."""
        ...

    def timeout(self, title: str, changes: bool) -> str:
        """It has not returned in time; one that changes something may still come to be done."""
        ...


@cache
def tool_texts(code: str) -> ToolTexts:
    """Those of a language."""
    return cast(ToolTexts, import_module(f"assistant.languages.{code}.tools"))
