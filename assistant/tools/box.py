"""The tools of one assistant as a turn sees them: offered by its words, run in the worker, asked about where they need a yes."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from assistant.dialogue import json_grammar, tool_calls
from assistant.protocols_skills import Talk
from assistant.protocols_tools import Asked, Call, Job, Offer, PinCheck, Tool
from assistant.settings import Tools
from assistant.tools.choosing import score
from assistant.tools.worker import Worker

MOST_CHOICES = 64
"""Of one parameter; more: those that the sentence names, then the first."""
MOST_ASKED = 16
"""Calls that wait for a yes; one more: the oldest waits no longer."""
_log = logging.getLogger(__name__)


class Box:
    """See `protocols_tools.Toolbox`."""

    def __init__(self, tools: Iterable[Tool], settings: Tools, worker: Worker | None = None, pin: PinCheck | None = None) -> None:
        self.tools = tuple(tools)
        self.max_calls, self.deadline_s, self.confirm_s = settings.max_calls, settings.deadline_s, settings.confirm_s
        self.pin = pin
        self._most, self._worker = settings.offered, worker or Worker()
        self._asked: OrderedDict[str, Asked] = OrderedDict()

    def offer(self, text: str, talk: Talk, most: int | None = None) -> Offer | None:
        """The tools that these words may mean, the likeliest first; those that change something alone, or those that read."""
        scored = [(score(tool, text, talk.language), tool) for tool in self.tools if (tool.guests or not talk.guest)]
        found = [tool for points, tool in sorted(scored, key=lambda one: -one[0]) if points]
        changing = any(tool.changes for tool in found)
        found = [now for tool in found if tool.changes == changing and (now := _of_now(tool, text)) is not None][
            : self._most if most is None else most
        ]
        if not found:
            return None
        try:
            grammar = tool_calls.grammar(found, talk.language, talk=not changing)
        except json_grammar.UnsupportedSchema as error:
            _log.warning("tools are not offered: %s", error)
            return None
        return Offer(found, changing, tool_calls.listing(found), grammar)

    def begin(self, tool: Tool, call: Call, talk: Talk) -> Job:
        """Begin a call. Raises `WrongArguments`."""
        arguments = dict(tool.bind(call.arguments)) | ({tool.talk: talk} if tool.talk else {})
        return self._worker.begin(tool.name, lambda: tool.function(**arguments), here=tool.at_once)

    def ask(self, key: str, asked: Asked) -> None:
        """A call of a talk waits for the user's yes."""
        self._asked.pop(key, None)
        self._asked[key] = asked
        if len(self._asked) > MOST_ASKED:
            self._asked.popitem(last=False)

    def asked(self, key: str, now: float) -> Asked | None:
        """The one that waits."""
        asked = self._asked.get(key)
        return asked if asked is not None and now <= asked.until else None

    def drop(self, key: str) -> None:
        """Nothing waits any more in a talk."""
        self._asked.pop(key, None)

    def settle(self, key: str, asked: Asked) -> None:
        """This one waits no more."""
        if self._asked.get(key) is asked:
            del self._asked[key]


def _of_now(tool: Tool, text: str) -> Tool | None:
    """The same with the choices there are now, written down; None where a parameter has none."""
    if not tool.choices:
        return tool
    found: dict[str, Callable[[], Sequence[str]]] = {}
    for name, choices in tool.choices.items():
        try:
            all_of_them = [str(choice) for choice in choices()]
        except Exception as error:  # noqa: BLE001  a stranger's code; without its choices it is not offered
            _log.warning("tool %s is not offered: %s in the choices of %s", tool.name, type(error).__name__, name)
            return None
        if not all_of_them:
            return None
        named = [choice for choice in all_of_them if choice.lower() in text.lower()]
        now = list(dict.fromkeys([*named, *all_of_them[:MOST_CHOICES]]))[:MOST_CHOICES]
        found[name] = partial(list, now)
    return replace(tool, choices=found)
