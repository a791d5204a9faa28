"""What is said of procedures; each language's words stand in `<code>/procedures.py`."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Protocol, cast


class ProcedureTexts(Protocol):
    """The words of one language."""

    none_there: str
    """There are no procedures."""
    at_first: str
    """There is no step before this one."""

    def step(self, number: int, count: int, part: str, text: str) -> str:
        """A step, with the part that begins with it ("" for none)."""
        ...

    def begun(self, name: str, count: int, intro: str) -> str:
        """Said before the first step."""
        ...

    def over(self, name: str) -> str:
        """The last step was read."""
        ...

    def where(self, name: str, number: int, count: int) -> str:
        """Where we are."""
        ...

    def left(self, name: str, number: int, count: int) -> str:
        """It is left, at this step."""
        ...

    def no_step(self, count: int) -> str:
        """There is no step of that number."""
        ...

    def none_called(self, words: str, there: Sequence[str]) -> str:
        """None is called so; names of those that are there."""
        ...

    def which(self, names: Sequence[str]) -> str:
        """Several fit."""
        ...

    def names(self, names: Sequence[str], more: int) -> str:
        """Those that there are, and so many more."""
        ...


@cache
def procedure_texts(code: str) -> ProcedureTexts:
    """Those of a language."""
    return cast(ProcedureTexts, import_module(f"assistant.languages.{code}.procedures"))
