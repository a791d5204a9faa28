"""The door for tools.

Ours (`BUILT_IN`), strangers' packages (entry points of the group `edge_assistant.tools`, each a `Tool` or a function
`register(registry)`) and the files that the configuration names (every `Tool` in them, and a `register` if there is one) come in
through `Registry.register`. A name that is taken is refused.
"""

from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from assistant.errors import ConfigError
from assistant.protocols_hands import Hands
from assistant.protocols_tools import Tool
from assistant.settings import Tools

BUILT_IN = ("house",)
MOST_TOOLS = 64


class Registry:
    """The tools that are registered."""

    def __init__(self, hands: Hands | None = None) -> None:
        self.tools: dict[str, Tool] = {}
        self.hands = hands or Hands()
        """What they may act on; all of it belongs to the brain's thread (`at_once`)."""

    def register(self, tool: Tool) -> None:
        """Add a tool. Raises `ConfigError` when its name is taken, or there are too many."""
        if not isinstance(tool, Tool):
            raise ConfigError(f"{tool!r:.60} is no tool; put @tool above the function")
        if tool.name in self.tools:
            other = self.tools[tool.name].source
            raise ConfigError(f"two tools are called {tool.name}, of {other} and {tool.source}; rename one")
        if len(self.tools) >= MOST_TOOLS:
            raise ConfigError(f"there are more than {MOST_TOOLS} tools; leave some out (tools.disabled)")
        self.tools[tool.name] = tool


def load_tools(settings: Tools, hands: Hands | None = None) -> Sequence[Tool]:
    """All tools but the disabled ones. Raises `ConfigError` that names the package or file which cannot be loaded."""
    registry, points = Registry(hands), list(entry_points(group="edge_assistant.tools"))
    for name in BUILT_IN:
        import_module(f"assistant.tools.{name}").register(registry)
    for point in points:
        if point.name in settings.disabled:
            continue
        _add(registry, f"the entry point {point.name} ({point.value})", point.load)
    for name in settings.files:
        path = Path(name).expanduser()
        _add(registry, f"tools.files: {path}", partial(_file, path))
    known = {*registry.tools, *(point.name for point in points)}
    if unknown := sorted(set(settings.disabled) - known):
        raise ConfigError(f"tools.disabled: there is no tool {unknown[0]!r}; there are {', '.join(registry.tools)}")
    for name in settings.disabled:
        registry.tools.pop(name, None)
    return list(registry.tools.values())


def _add(registry: Registry, what: str, load: Callable[[], object]) -> None:
    """Load something and register what it brings: a tool, a list of tools, or what its `register` registers."""
    try:
        found = load()
        if isinstance(found, Tool):
            registry.register(found)
        elif isinstance(found, list):
            for one in found:
                registry.register(one) if isinstance(one, Tool) else one(registry)
        elif callable(found):
            found(registry)
        else:
            raise ConfigError(f"it is a {type(found).__name__}, neither a tool nor a function that registers some")
    except ConfigError as error:
        raise ConfigError(f"{what}: {error}") from None
    except Exception as error:  # a stranger's module may raise anything when it is imported
        raise ConfigError(
            f"{what}: cannot be loaded ({type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}); "
            "correct it, or leave it out (tools.disabled, tools.files)"
        ) from error


def _file(path: Path) -> list[object]:
    """The tools of a Python file, and its `register`."""
    if not path.is_file():
        raise ConfigError("there is no such file")
    spec = spec_from_file_location(f"edge_assistant_tools_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ConfigError("it is no Python file")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found: list[object] = [one for one in vars(module).values() if isinstance(one, Tool)]
    register = getattr(module, "register", None)
    if callable(register):
        found.append(register)
    if not found:
        raise ConfigError("it holds no tool; put @tool above a function")
    return found
