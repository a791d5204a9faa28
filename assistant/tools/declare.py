"""`@tool`: a typed function with a docstring becomes a `Tool`; signature and docstring are its schema."""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, get_type_hints, overload

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from pydantic.errors import PydanticUserError

from assistant.dialogue import json_grammar, tool_calls
from assistant.errors import ConfigError
from assistant.protocols_home import Tier
from assistant.protocols_skills import Talk
from assistant.protocols_tools import Tool, WrongArguments

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_PARAMETERS, MOST_DESCRIPTION = 8, 80
Function = Callable[..., Any]
Words = Mapping[str, Sequence[str]]


@overload
def tool(function: Function, /) -> Tool: ...
@overload
def tool(
    *,
    effect: Literal["reads", "changes"] = "changes",
    tier: Tier | None = None,
    words: Words | None = None,
    titles: Mapping[str, str] | None = None,
    choices: Mapping[str, Callable[[], Sequence[str]]] | None = None,
    guests: bool = False,
    at_once: bool = False,
) -> Callable[[Function], Tool]: ...
def tool(
    function: Function | None = None,
    /,
    *,
    effect: Literal["reads", "changes"] = "changes",
    tier: Tier | None = None,
    words: Words | None = None,
    titles: Mapping[str, str] | None = None,
    choices: Mapping[str, Callable[[], Sequence[str]]] | None = None,
    guests: bool = False,
    at_once: bool = False,
) -> Any:
    """Make a tool of a function: its docstring's first line says what it does, its parameters have types.

    A parameter of type `Talk` is filled in by the house. What it returns: a sentence (`str`) is said as it stands; from anything
    else that JSON can hold the model answers, where the tool only reads, and nothing of it is said where it changes something;
    None is said to be done. `Refused("why")` is said as such.

    `effect`: what is not said to read is taken to change something. `tier`: None asks for a yes where it changes something.
    `words`: see `Tool`; without any an English sentence finds it by its name and description. `choices`: see `Tool`.
    Raises `ConfigError` for a function that cannot be one.
    """

    def made(wanted: Function) -> Tool:
        changes = effect == "changes"
        return Tool(
            **_described(wanted),
            changes=changes,
            tier=tier or ("confirm" if changes else "free"),
            words={code: tuple(said) for code, said in (words or {}).items()},
            titles=dict(titles or {}),
            choices=dict(choices or {}),
            guests=guests,
            at_once=at_once,
        )

    if function is None:
        return lambda wanted: _checked(made(wanted))
    return _checked(made(function))


def _described(function: Function) -> dict[str, Any]:
    """Name, description, schema and source of a function. Raises `ConfigError`."""
    name = getattr(function, "__name__", "")
    source = f"{getattr(function, '__module__', '')}"
    if not NAME.fullmatch(name):
        raise ConfigError(f"tool {name!r} of {source}: a name is small letters, digits and _, at most 40; rename the function")
    lines = (inspect.getdoc(function) or "").strip().splitlines()
    if not lines:
        raise ConfigError(f"tool {name} of {source}: it has no docstring; its first line tells the model what it does")
    model, talk = _model(function, name, source)

    def bind(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            checked = model.model_validate(arguments)
        except ValidationError as error:
            where = ".".join(map(str, error.errors()[0]["loc"]))
            raise WrongArguments(where) from None
        return {field: getattr(checked, field) for field in model.model_fields}

    return {
        "name": name,
        "description": lines[0].strip().rstrip(".。")[:MOST_DESCRIPTION],
        "schema": model.model_json_schema(),
        "function": function,
        "bind": bind,
        "talk": talk,
        "source": source,
    }


def _model(function: Function, name: str, source: str) -> tuple[type[BaseModel], str]:
    """The arguments of a function as a model, and the name of the one that is the talk. Raises `ConfigError`."""
    try:
        hints, parameters = get_type_hints(function, include_extras=True), inspect.signature(function).parameters
    except (NameError, TypeError, ValueError) as error:
        raise ConfigError(f"tool {name} of {source}: its signature cannot be read ({error})") from None
    if len(parameters) > MOST_PARAMETERS:
        raise ConfigError(f"tool {name} of {source}: it has {len(parameters)} parameters, and may have {MOST_PARAMETERS}")
    fields: dict[str, Any] = {}
    for parameter in parameters.values():
        if hints.get(parameter.name) is Talk:
            continue
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise ConfigError(f"tool {name} of {source}: {parameter} is no parameter with a name; give it one")
        if parameter.name not in hints:
            raise ConfigError(f"tool {name} of {source}: {parameter.name} has no type; write one, such as {parameter.name}: str")
        default = ... if parameter.default is parameter.empty else parameter.default
        fields[parameter.name] = (hints[parameter.name], default)
    try:
        made: type[BaseModel] = create_model(name, __config__=ConfigDict(extra="forbid"), **fields)
        made.model_json_schema()
    except (PydanticUserError, NameError, ValueError, TypeError) as error:
        first = str(error).splitlines()[0]
        raise ConfigError(f"tool {name} of {source}: a type cannot come from JSON ({first})") from None
    return made, next((parameter for parameter, hint in hints.items() if hint is Talk), "")


def _checked(made: Tool) -> Tool:
    """The same, when its arguments can be written under a grammar. Raises `ConfigError`."""
    if unknown := sorted(set(made.choices) - set(made.schema.get("properties", {}))):
        raise ConfigError(f"tool {made.name} of {made.source}: choices names {unknown[0]}, which is no parameter")
    try:
        json_grammar.calls({made.name: tool_calls.bounded(made.schema)})
    except json_grammar.UnsupportedSchema as error:
        raise ConfigError(f"tool {made.name} of {made.source}: {error}") from None
    return made
