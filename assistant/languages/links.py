"""What is said where another assistant could not help; each language's words stand in `<code>/links.py`."""

from functools import cache
from importlib import import_module
from typing import Protocol, cast


class LinkTexts(Protocol):
    """The words of one language."""

    def elsewhere(self, code: str, names: str) -> str:
        """Home Assistant did not do it. Codes: away, timeout, lost, rejected, busy, partly and failed (`names`), others."""
        ...


@cache
def link_texts(code: str) -> LinkTexts:
    """Those of a language."""
    return cast(LinkTexts, import_module(f"assistant.languages.{code}.links"))
