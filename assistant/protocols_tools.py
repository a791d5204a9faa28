"""What a tool is: a typed function that the model may ask for; what becomes of a call; who offers and runs them.

A claim is spoken from what a call returned alone: what has not returned is not said to be done.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from assistant.protocols_home import Tier
from assistant.protocols_skills import Talk

Outcome = Literal["done", "refused", "failed", "timeout"]


class Refused(Exception):
    """Raised by a tool that does not do what it is asked; its text is a sentence that is said."""


class WrongArguments(Exception):
    """Arguments that do not fit a tool's signature."""


@dataclass(frozen=True)
class Tool:
    """A function, and what the model and the house must know of it. Made by `tools.tool`."""

    name: str
    description: str
    """The docstring's first line, at most 80 characters."""
    schema: Mapping[str, Any]
    """JSON schema of its arguments, from the signature."""
    function: Callable[..., Any]
    bind: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    """Arguments as JSON -> as the function takes them. Raises `WrongArguments`."""
    changes: bool = True
    """Whether it changes anything; one that does is offered for a command alone, and its result is said as it stands."""
    tier: Tier = "confirm"
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Language -> words that bring it into a turn: for one that changes something, those that a command begins with."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Language -> what it does, in few words; else the description."""
    choices: Mapping[str, Callable[[], Sequence[str]]] = field(default_factory=dict)
    """Parameter -> what it may be now; asked in the brain's thread, so it must know at once."""
    guests: bool = False
    """Whether visitors may use it."""
    at_once: bool = False
    """It runs in the brain's thread, since it touches what belongs to that; it must return at once."""
    talk: str = ""
    """Its parameter of type `Talk`, which the house fills in; "" for none."""
    source: str = ""
    """Where it comes from: a module or a file."""

    def __call__(self, *args: Any, **more: Any) -> Any:
        """The function itself."""
        return self.function(*args, **more)

    def title(self, code: str) -> str:
        """What it does, in few words, as they stand inside a sentence."""
        said = self.titles.get(code) or self.description
        return said[:1].lower() + said[1:].rstrip(".。")


@dataclass(frozen=True)
class Call:
    """What the model asks for."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Returned:
    """What became of a call."""

    outcome: Outcome
    said: str = ""
    """A sentence to be said: the result, or why it was refused."""
    data: str = ""
    """The result as JSON, for the model."""
    cut: bool = False
    """It was longer."""


class Job(Protocol):
    """A call under way."""

    def returned(self) -> Returned | None:
        """What became of it; None while it runs."""
        ...

    def drop(self) -> None:
        """Nobody waits any more: what it still returns is dropped."""
        ...


@dataclass(frozen=True)
class Offer:
    """Tools that a turn may call."""

    tools: Sequence[Tool]
    changing: bool
    """A command: they change something, and nothing is said but what they return."""
    lines: Sequence[str]
    """How the model is told of them."""
    grammar: str
    """What it may answer (GBNF)."""

    def find(self, name: str) -> Tool | None:
        """The tool of a name."""
        return next((tool for tool in self.tools if tool.name == name), None)


@dataclass(frozen=True)
class Asked:
    """A call that waits for the user's yes."""

    tool: Tool
    call: Call
    until: float
    """On the kit's clock."""


class PinCheck(Protocol):
    """The PIN of the house (`skills.pin.Pin`)."""

    @property
    def there(self) -> bool:
        """Whether one is set."""
        ...

    def locked_s(self) -> float:
        """Seconds for which none is taken."""
        ...

    def check(self, digits: str) -> Literal["right", "wrong", "locked"]:
        """Whether these are its digits."""
        ...


class Toolbox(Protocol):
    """The tools of one assistant (`tools.box.Box`). Belongs to the brain's thread."""

    max_calls: int
    """Calls a turn."""
    deadline_s: float
    """Seconds until a call that has not returned is given up."""
    confirm_s: float
    """Seconds for which a yes is waited."""
    pin: PinCheck | None
    """What a tool of that tier asks for; None: nothing can be done that asks for it."""

    def offer(self, text: str, talk: Talk, most: int | None = None) -> Offer | None:
        """The tools that these words may mean, at most `most`; None for none."""
        ...

    def begin(self, tool: Tool, call: Call, talk: Talk) -> Job:
        """Begin a call; returns at once. Raises `WrongArguments`."""
        ...

    def ask(self, key: str, asked: Asked) -> None:
        """A call of a talk waits for the user's yes."""
        ...

    def asked(self, key: str, now: float) -> Asked | None:
        """The one that waits. None where there is none or it has expired."""
        ...

    def drop(self, key: str) -> None:
        """Nothing waits any more in a talk."""
        ...

    def settle(self, key: str, asked: Asked) -> None:
        """This one waits no more."""
        ...
