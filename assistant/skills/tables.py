"""The compiled sentences of one language: the skills', and commands that no skill carries out.

A command is what any intent of home-assistant-intents matches: with any name, area or floor, where the sentence alone shows what
it is; and with the language's own rooms and things where the intent asks for a kind of device, or is a question: with any name
every question would be one. The language's own `commands` add "turn on" whatever it is.
hassil (Apache-2.0) matches; all is compiled at the start.
"""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from assistant.languages import Language, asks, language, own_sentences
from assistant.languages.numerals import in_digits
from assistant.protocols import Completeness
from assistant.skills.base import Registry
from assistant.skills.home_names import Index, plain
from assistant.skills.patterns import Name, Patterns, in_digits_alone, with_one_name

if TYPE_CHECKING:
    from hassil import RecognizeResult
    from hassil.intents import SlotList

# What an intent is about; those that are not listed are about the home. Small talk is the model's, time and date are skills.
TALK = {"HassRespond"}
QUESTIONS = {
    "HassGetState": "state",
    "HassGetWeather": "weather",
    "HassClimateGetTemperature": "state",
    "HassTimerStatus": "timers",
}


class Tables:
    """The compiled sentences of one language."""

    def __init__(self, spoken: Language, registry: Registry) -> None:
        from hassil.intents import Intents

        own = own_sentences(spoken.code)
        self._code, self._own = spoken.code, registry.skills
        sentences = _skill_sentences(own["intents"], spoken.code, registry)
        self._skills = Intents.from_dict({**own, "intents": sentences})
        self._stop = Intents.from_dict({**own, "intents": {name: sentences[name] for name in ("stop",) if name in sentences}})
        self._commands = _commands_of(spoken.code, "stop" in sentences)
        self.skills("hello")  # hassil compiles its tables at the first match: now, not in somebody's turn
        self.stop("hello")

    def stop(self, text: str) -> Mapping[str, Any] | None:
        """The slots of the stop skill where this is its sentence."""
        from hassil import recognize

        found = recognize(text, self._stop)
        return {name: slot.value for name, slot in found.entities.items()} if found is not None else None

    def skills(self, text: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Name and slots of the skills whose sentence this is, the one whose sentence says most of it first."""
        from hassil import recognize_all

        found = list(recognize_all(text, self._skills))
        found.sort(key=lambda one: (-one.text_chunks_matched, sum(slot.is_wildcard for slot in one.entities.values())))
        return [(one.intent.name, {name: slot.value for name, slot in one.entities.items()}) for one in found]

    def completeness(self, text: str) -> Completeness:
        """Whether this is a whole sentence of a skill or a command on the language's own rooms and things; or waits for more."""
        from hassil import recognize_all

        judged = {self._judged(found) for found in recognize_all(text, self._skills)}
        if "whole" in judged or ("open" not in judged and self._commands.on_named(text, closed=True) is not None):
            return "whole"
        return "open" if "open" in judged else "unknown"

    def _judged(self, found: "RecognizeResult") -> Completeness:
        """What a skill's sentence is, by the skill; else whole without a slot of any words."""
        judge = self._own[found.intent.name].completeness
        if judge is not None:
            return judge({name: slot.value for name, slot in found.entities.items()}, self._code)
        return "unknown" if any(slot.is_wildcard for slot in found.entities.values()) else "whole"

    def command(self, text: str) -> tuple[str, str] | None:
        """The intent of a command or of a question about the home, and what it is on ("": it has no name); None: neither."""
        return self._commands(text)


class Commands:
    """Commands and questions of home-assistant-intents, whatever is there: see the module."""

    def __init__(self, spoken: Language, stops: bool) -> None:
        """`stops`: a skill of ours answers "never mind"."""
        from hassil.intents import Intents, WildcardSlotList
        from home_assistant_intents import get_intents

        self._code = spoken.code
        own = own_sentences(spoken.code)
        known = get_intents(spoken.intents)
        assert known is not None, spoken.intents
        mine = TALK | {"HassGetCurrentTime", "HassGetCurrentDate"} | ({"HassNevermind"} if stops else set())
        known = {**known, "lists": in_digits_alone(known["lists"])}
        commands = {name: intent for name, intent in known["intents"].items() if name not in mine and name not in QUESTIONS}
        questions = {name: known["intents"][name] for name in QUESTIONS if name in known["intents"]}
        self._anything: dict[str, SlotList] = {slot: WildcardSlotList(slot) for slot in ("name", "area", "floor", "value")}
        self._on_anything = [
            with_one_name(Intents.from_dict({**known, "intents": commands})),
            Intents.from_dict({**own, "intents": own["commands"]}),
        ]
        self._named = Patterns(Intents.from_dict({**known, "intents": _without_context({**commands, **questions})}), wild=True)
        self._things, self._rooms = Index(), Index()
        joint = "" if spoken.code == "zh" else " "
        for thing in spoken.things:
            for room in ("", *spoken.rooms):
                self._things.add(plain(f"{room}{joint}{thing}"), "")
        for room in spoken.rooms:
            self._rooms.add(plain(room), "")
        self("hello")

    def __call__(self, text: str) -> tuple[str, str] | None:
        """See `Tables.command`."""
        digits = in_digits(text.lower(), self._code)
        found = self._find(digits) if digits != text.lower() else None
        return found or self._find(text) or self.on_named(text)  # not every numeral is a number: the next one (下一首)

    def _find(self, text: str) -> tuple[str, str] | None:
        from hassil import recognize_all

        if asks(text, self._code) and (question := self.on_named(text)) is not None:
            return question  # with any name "is the cellar light on" would be "... on"
        for intents in self._on_anything:
            for found in recognize_all(text, intents, slot_lists=self._anything):
                if found.text_chunks_matched and not _any_words_and_a_number(text, found):  # a bare name is neither
                    name = found.entities.get("name") or found.entities.get("area")
                    return found.intent.name, str(name.value).strip() if name is not None else ""
        return None

    def on_named(self, text: str, *, closed: bool = False) -> tuple[str, str] | None:
        """The same with the language's own rooms and things alone. `closed`: not where just any words end it, which may go on."""
        words = plain(text)
        digits = in_digits(words, self._code)
        found = self._find_named(digits, closed) if digits != words else None
        return found or self._find_named(words, closed)

    def _find_named(self, words: str, closed: bool) -> tuple[str, str] | None:
        rooms = [Name(found.name, found.name) for found in self._rooms.inside(words)]
        names = {"name": [Name(found.name, found.name) for found in self._things.inside(words)], "area": rooms, "floor": rooms}
        for found in self._named.match(words, names, {}):
            if (
                found.text_chunks_matched
                and not _any_words_and_a_number(words, found)
                and not (closed and _ends_anyhow(words, found))
            ):
                name = found.entities.get("name") or found.entities.get("area")
                return found.intent.name, str(name.value) if name is not None else ""
        return None


@cache
def _commands_of(code: str, stops: bool) -> Commands:
    """Those of a language, compiled once."""
    return Commands(language(code), stops)


def _any_words_and_a_number(text: str, found: "RecognizeResult") -> bool:
    """Whether it would say how bright a room is that nobody knows, without a verb: "my son is 12" sounds the same."""
    area = found.entities.get("area")
    return "brightness" in found.entities and area is not None and area.is_wildcard and _bare(text).startswith(_bare(area.text))


def _ends_anyhow(text: str, found: "RecognizeResult") -> bool:
    """Whether just any words end it: "in ten minutes turn on the" is no command yet."""
    return any(slot.is_wildcard and text.endswith(slot.text.strip()) for slot in found.entities.values())


def _bare(text: str) -> str:
    return text.lower().strip().removeprefix("the ").removeprefix("my ")


def _skill_sentences(table: Mapping[str, Any], code: str, registry: Registry) -> dict[str, Any]:
    """The sentences of the skills that are registered: the language's, then each skill's own."""
    return {
        name: {"data": [*table.get(name, {"data": []})["data"], {"sentences": list(skill.sentences.get(code, ()))}]}
        for name, skill in registry.skills.items()
    }


def _without_context(intents: Mapping[str, Any]) -> dict[str, Any]:
    """The intents without conditions on a home that is not connected."""
    conditions = ("requires_context", "excludes_context")
    return {
        name: {
            **intent,
            "data": [{key: value for key, value in data.items() if key not in conditions} for data in intent["data"]],
        }
        for name, intent in intents.items()
    }
