"""Tools for the model: typed functions, ours and strangers' (docs/tools.md). `from assistant.tools import tool`."""

from assistant.protocols_tools import Refused, Tool
from assistant.tools.declare import tool

__all__ = ["Refused", "Tool", "tool"]
