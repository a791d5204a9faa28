"""The router: skills by their sentences, then commands without a hand, which never reach the model.

A command is what any intent of home-assistant-intents matches: with any name, area or floor, since no home is connected, where
the sentence alone shows what it is; and with the language's own rooms and things where the intent asks for a kind of device, or
is a question: with any name every question would be one. The language's own `commands` add "turn on" whatever it is.
hassil (Apache-2.0) matches; the tables of a language are compiled at the start.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assistant.languages import Language, language, own_sentences
from assistant.protocols_hands import Hands
from assistant.protocols_skills import SkillCall, Talk
from assistant.skills.base import Registry, load_skills

if TYPE_CHECKING:
    from hassil import RecognizeResult
    from hassil.intents import SlotList

IsFact = Callable[[str, str], bool]
MAX_CHARACTERS = 200
"""A longer text is no command; matching it would take too long."""

# What an intent is about; those that are not listed are about the home. Small talk is the model's, time and date are skills.
TALK = {"HassRespond"}
QUESTIONS = {
    "HassGetState": "state",
    "HassGetWeather": "weather",
    "HassClimateGetTemperature": "state",
    "HassTimerStatus": "timers",
}
GROUPS = (
    ("Climate", "climate"),
    ("Media", "media"),
    ("Volume", "media"),
    ("Timer", "timers"),
    ("List", "lists"),
    ("Broadcast", "broadcast"),
)


def make_router(
    languages: Sequence[str],
    disabled: Sequence[str] = (),
    is_fact: IsFact = lambda _, __: False,
    hands: Hands | None = None,
    only: Sequence[str] = (),
) -> "SkillRouter":
    """The router over all registered skills; `is_fact` (text, language) tells what is no command. Raises `ConfigError`."""
    return SkillRouter(load_skills(disabled, hands, only), languages, is_fact)


class SkillRouter:
    """Finds the skill that answers a sentence."""

    def __init__(self, registry: Registry, languages: Sequence[str], is_fact: IsFact = lambda _, __: False) -> None:
        self._registry, self._is_fact = registry, is_fact
        self._tables = {code: _Tables(language(code), registry) for code in languages}

    def match(self, text: str, talk: Talk) -> SkillCall | None:
        """The skill, or the refusal of a command without one; None for talk."""
        plain = text.strip().rstrip(".!?。！？").strip()
        if not plain or len(plain) > MAX_CHARACTERS or talk.language not in self._tables:
            return None
        tables = self._tables[talk.language]
        found = next((found for found in tables.skills(plain) if self._fits(*found, talk)), None)
        if found is not None:
            name, slots = found
            skill = self._registry.skills[name]
            return SkillCall(name, slots, lambda: skill.handler(slots, talk), skill.private)
        if self._is_fact(plain, talk.language):  # "my favourite colour is green" sets no light
            return None
        intent = tables.command(plain)
        if intent is None:
            return None
        reply = refusal(talk.language, intent)
        return SkillCall("no_hand", {"intent": intent}, lambda: reply, last=True)

    def _fits(self, name: str, slots: Mapping[str, Any], talk: Talk) -> bool:
        fits = self._registry.skills[name].fits
        return fits is None or fits(slots, talk)

    def whole(self, text: str, code: str) -> bool:
        """Whether this is a whole sentence of a skill or of a command on known things; nothing in it is just any words."""
        plain = text.strip().rstrip(".!?。！？").strip()
        tables = self._tables.get(code)
        return tables is not None and 0 < len(plain) <= MAX_CHARACTERS and tables.whole(plain)


def refusal(code: str, intent: str) -> str:
    """What is said to a command that nothing carries out: it cannot be done yet, and what will connect it."""
    texts = language(code).texts
    group = QUESTIONS.get(intent) or next((group for part, group in GROUPS if part in intent), "home")
    return texts.cannot.format(what=texts.areas[group], section="home")


class _Tables:
    """The compiled sentences of one language."""

    def __init__(self, spoken: Language, registry: Registry) -> None:
        from hassil.intents import Intents, TextSlotList, WildcardSlotList
        from home_assistant_intents import get_intents

        own = own_sentences(spoken.code)
        self._skills = Intents.from_dict({**own, "intents": _skill_sentences(own["intents"], spoken.code, registry)})
        known = get_intents(spoken.intents)
        assert known is not None, spoken.intents
        mine = TALK | {"HassGetCurrentTime", "HassGetCurrentDate"} | ({"HassNevermind"} if "stop" in registry.skills else set())

        commands = {name: intent for name, intent in known["intents"].items() if name not in mine and name not in QUESTIONS}
        questions = {name: known["intents"][name] for name in QUESTIONS if name in known["intents"]}
        anything: dict[str, SlotList] = {slot: WildcardSlotList(slot) for slot in ("name", "area", "floor", "value")}
        joint = "" if spoken.code == "zh" else " "
        things = [*spoken.things, *(f"{room}{joint}{thing}" for room in spoken.rooms for thing in spoken.things)]
        named: dict[str, SlotList] = {
            "name": TextSlotList.from_strings(things, name="name"),
            "area": TextSlotList.from_strings(spoken.rooms, name="area"),
            "floor": TextSlotList.from_strings(spoken.rooms, name="floor"),
        }
        self._commands: list[tuple[Intents, dict[str, SlotList]]] = [
            (Intents.from_dict({**known, "intents": commands}), anything),
            (Intents.from_dict({**own, "intents": own["commands"]}), anything),
            (Intents.from_dict({**known, "intents": _without_context({**commands, **questions})}), named),
        ]
        self.command("hello")  # hassil compiles its tables at the first match: now, not in somebody's turn
        self.skills("hello")

    def skills(self, text: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Name and slots of the skills whose sentence this is, the one whose sentence says most of it first."""
        from hassil import recognize_all

        found = list(recognize_all(text, self._skills))
        found.sort(key=lambda one: (-one.text_chunks_matched, sum(slot.is_wildcard for slot in one.entities.values())))
        return [(one.intent.name, {name: slot.value for name, slot in one.entities.items()}) for one in found]

    def whole(self, text: str) -> bool:
        """See `SkillRouter.whole`."""
        from hassil import recognize_all, recognize_best

        found = recognize_best(text, self._skills)
        if found is not None and not any(entity.is_wildcard for entity in found.entities.values()):
            return True
        intents, slots = self._commands[-1]
        return any(found.text_chunks_matched for found in recognize_all(text, intents, slot_lists=slots))

    def command(self, text: str) -> str | None:
        """The intent of a command or of a question about the home; a bare name is neither."""
        from hassil import recognize_all

        for intents, slots in self._commands:
            for found in recognize_all(text, intents, slot_lists=slots):
                if found.text_chunks_matched and not _any_words_and_a_number(text, found):
                    return found.intent.name
        return None


def _any_words_and_a_number(text: str, found: "RecognizeResult") -> bool:
    """Whether it would say how bright a room is that nobody knows, without a verb: "my son is 12" sounds the same."""
    area = found.entities.get("area")
    return "brightness" in found.entities and area is not None and area.is_wildcard and _bare(text).startswith(_bare(area.text))


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
