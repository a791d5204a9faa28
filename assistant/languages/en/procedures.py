"""English: what is said of procedures."""

from collections.abc import Sequence

none_there = "There are no procedures here. The section procedures of config.yaml names the folder they stand in."
at_first = "This is the first step."


def step(number: int, count: int, part: str, text: str) -> str:
    """See `ProcedureTexts.step`."""
    head = f"{part}. " if part else ""
    return f"{head}Step {number} of {count}: {text}" if number < count else f"{head}Step {number}, the last one: {text}"


def begun(name: str, count: int, intro: str) -> str:
    """See `ProcedureTexts.begun`."""
    return f"{name}: {count} step{'' if count == 1 else 's'}. {intro}".strip()


def over(name: str) -> str:
    """See `ProcedureTexts.over`."""
    return f"That was the last step of {name}."


def where(name: str, number: int, count: int) -> str:
    """See `ProcedureTexts.where`."""
    return f"We are at step {number} of {count} of {name}."


def left(name: str, number: int, count: int) -> str:
    """See `ProcedureTexts.left`."""
    return f"I leave {name} at step {number} of {count}."


def no_step(count: int) -> str:
    """See `ProcedureTexts.no_step`."""
    return f"There are only steps 1 to {count}."


def none_called(words: str, there: Sequence[str]) -> str:
    """See `ProcedureTexts.none_called`."""
    return f"There is no procedure called {words}. There is {_list(list(there)[:5])}."


def which(names: Sequence[str]) -> str:
    """See `ProcedureTexts.which`."""
    return f"There are {len(names)}: {_list(list(names)[:5])}. Please say which one."


def names(names: Sequence[str], more: int) -> str:
    """See `ProcedureTexts.names`."""
    rest = f", and {more} more" if more > 0 else ""
    return f"I can read {_list(names)}{rest}."


def _list(parts: Sequence[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)
