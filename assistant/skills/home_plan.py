"""What a sentence about the home asks for: actions, a question back, or words. Nothing here acts.

Rules
- A name is whoever is called so, in the room that is named with it; several are told apart by our own room, else by asking.
- A room or a floor with a kind of thing means all things of the kind there. Without a room it is our own room (`home.area`), the
  only room there is, or it is asked; words such as "all" and "everywhere" mean the whole home.
- What cannot be meant (another room than the thing's own, a brightness of 150) is said and changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.languages.home import HomeTexts
from assistant.protocols_home import Action, Entity, Home, Tier, Value
from assistant.settings_home import Home as HomeSettings
from assistant.skills.home_grammar import HERE, QUESTIONS, Match
from assistant.skills.home_names import Names, by_id, plain

MOST_ACTIONS = 500
"""One command changes no more things."""
MOST_OPTIONS = 5
"""More are not offered aloud."""
OFTEN_ON = frozenset({"light", "switch", "fan", "media_player"})
"""What "everything" is when it is turned on or off."""
_VERBS: Mapping[str, Mapping[str, str]] = {
    "HassTurnOn": {"cover": "open", "valve": "open", "lock": "lock", "scene": "activate", "script": "activate", "button": "press",
                   "input_button": "press", "vacuum": "start", "": "turn_on"},
    "HassTurnOff": {"cover": "close", "valve": "close", "lock": "unlock", "vacuum": "dock", "": "turn_off"},
    "HassToggle": {"": "toggle"}, "HassStopMoving": {"": "stop"}, "HassMediaPause": {"": "pause"},
    "HassMediaUnpause": {"": "play"},
    "HassMediaNext": {"": "next"}, "HassMediaPrevious": {"": "previous"}, "HassMediaPlayerMute": {"": "mute"},
    "HassMediaPlayerUnmute": {"": "unmute"}, "HassVacuumStart": {"": "start"}, "HassVacuumReturnToBase": {"": "dock"},
    "HassLawnMowerStartMowing": {"": "start"}, "HassLawnMowerDock": {"": "dock"},
}  # fmt: skip
_DOMAINS = {"Light": "light", "Climate": "climate", "Fan": "fan", "Media": "media_player", "Volume": "media_player",
            "Vacuum": "vacuum",
            "LawnMower": "lawn_mower", "Stop": "cover", "Position": "cover"}  # fmt: skip
_VALUES = {"brightness": "brightness", "color": "color", "position": "position", "percentage": "speed", "volume_level": "volume",
           "fan_mode": "mode"}  # fmt: skip
_PER_CENT = frozenset({"brightness", "position", "speed", "volume"})
VOLUME_STEP = 10


@dataclass(frozen=True)
class Do:
    """Actions that can be carried out."""

    actions: tuple[Action, ...]


@dataclass(frozen=True)
class Option:
    """One answer to our question."""

    words: tuple[str, ...]
    """What it is called, plain."""
    plan: "Plan"


@dataclass(frozen=True)
class Which:
    """A question of ours."""

    text: str
    options: tuple[Option, ...]
    together: "Plan"
    """To whom wants all of them."""


@dataclass(frozen=True)
class Say:
    """Words; nothing changes."""

    text: str
    refuses: bool = True
    """Whether another way to understand the sentence may be better: nothing is called so, or there is nothing of the kind."""


Plan = Do | Which | Say


def ask_of(entity: Entity, verb: str, texts: Sequence[HomeTexts]) -> Tier:
    """What an action asks of whoever commands it: what the home or the settings say, else what is usual."""
    if entity.tier is not None:
        return entity.tier
    if entity.domain == "alarm_control_panel" or (entity.domain == "lock" and verb not in ("lock", "stop")):
        return "confirm"
    if entity.domain == "cover" and verb not in ("close", "stop"):
        outside = ("garage", "gate", "door")
        name = plain(entity.name)
        named = any(word in name for spoken in texts for kind in outside for word in spoken.kinds[kind])
        if entity.device_class in outside or (not entity.device_class and named):
            return "confirm"
    return "free"


class Planner:
    """Plans for one home."""

    def __init__(
        self, home: Home, names: Names, settings: HomeSettings, answer: Callable[[Match, Sequence[Entity], str], str]
    ) -> None:
        """`answer`: what is said to a question about these things, in a language."""
        self._home, self._names, self._here, self._answer = home, names, plain(settings.area), answer

    def plan(self, text: str, code: str, texts: HomeTexts, found: Sequence[Match]) -> Plan | None:
        """The best plan for a plain text and the ways to understand it; None when there is none."""
        refused: Plan | None = None
        for match in sorted(found, key=rank):
            plan = self._one(match, text, code, texts)
            if not isinstance(plan, Say) or not plan.refuses:
                return plan
            refused = refused or plan
        return refused

    def labels(self, things: Sequence[Entity], texts: HomeTexts) -> list[str]:
        """What they are called inside a sentence: with their rooms where two have one name."""
        names = [plain(thing.name) for thing in things]
        return [texts.label(thing.name, thing.area if names.count(plain(thing.name)) > 1 else "") for thing in things]

    def _one(self, match: Match, text: str, code: str, texts: HomeTexts) -> Plan:
        def finish(things: Sequence[Entity]) -> Plan:
            if match.intent in QUESTIONS:
                return Say(self._answer(match, things, code), refuses=False)
            return self._actions(match, things, texts)

        if name := str(match.slots.get("name", "")):
            return self._named(name, match, texts, finish)
        return self._kind(match, text, texts, finish)

    def _named(self, name: str, match: Match, texts: HomeTexts, finish: Callable[[Sequence[Entity]], Plan]) -> Plan:
        """A thing by its name."""
        pool = self.called(name, match.domains)
        area, floor = str(match.slots.get("area", "")), str(match.slots.get("floor", ""))
        if not pool:
            return Say(texts.unknown(name, ()))
        if area and area != HERE:
            there = [thing for thing in pool if self._names.area_of(thing) == area]
            if not there:
                return Say(texts.not_there(pool[0].name, pool[0].area, self._names.room(area).name), refuses=False)
            pool = there
        elif floor:
            there = [thing for thing in pool if self._names.floor_of(self._names.area_of(thing)) == floor]
            if not there:
                return Say(texts.not_there(pool[0].name, pool[0].area, self._names.floors.get(floor, floor)), refuses=False)
            pool = there
        if len(pool) > 1 and self._here and len(own := [one for one in pool if self._names.area_of(one) == self._here]) == 1:
            pool = own
        if len(pool) == 1 or match.intent in QUESTIONS:
            return finish(pool)
        return self._which(pool, texts, finish)

    def called(self, name: str, domains: frozenset[str]) -> list[Entity]:
        """The things of these domains with this name, or with it when their room's name is left away."""
        for index in (self._names.called, self._names.short):
            pool = [
                thing for thing in by_id(self._names.things, index.names.get(name, ())) if not domains or thing.domain in domains
            ]
            if pool:
                return pool
        return []

    def _which(self, pool: Sequence[Entity], texts: HomeTexts, finish: Callable[[Sequence[Entity]], Plan]) -> Plan:
        """Ask which of several is meant, by their rooms or by their names."""
        areas = [self._names.area_of(thing) for thing in pool]
        names = [plain(thing.name) for thing in pool]
        if all(areas) and len(set(areas)) == len(areas):
            labels = [texts.one_of(thing.area) for thing in pool]
            words = [
                (*self._area_names(area), f"{plain(thing.area)} {plain(thing.name)}")
                for area, thing in zip(areas, pool, strict=True)
            ]
        elif len(set(names)) == len(names):
            labels = [texts.label(thing.name, "") for thing in pool]
            words = [tuple(plain(name) for name in (thing.name, *thing.aliases)) for thing in pool]
        else:
            twice = next(thing for thing in pool if names.count(plain(thing.name)) > 1)
            return Say(texts.twins(twice.name, twice.area), refuses=False)
        options = tuple(Option(known, finish([thing])) for known, thing in zip(words, pool, strict=True))
        return Which(texts.which(labels[:MOST_OPTIONS]), options, finish(pool))

    def _area_names(self, area: str) -> tuple[str, ...]:
        there = self._names.room(area)
        return tuple(plain(name) for name in (there.name, *there.aliases))

    def _kind(self, match: Match, text: str, texts: HomeTexts, finish: Callable[[Sequence[Entity]], Plan]) -> Plan:
        """All things of a kind, in a room, on a floor, or wherever it is meant."""
        domain = str(match.slots.get("domain") or next((value for part, value in _DOMAINS.items() if part in match.intent), ""))
        pool = self._of_kind(domain, match, texts)
        area, floor = str(match.slots.get("area", "")), str(match.slots.get("floor", ""))
        place = ""
        if area and area != HERE:
            pool = [thing for thing in pool if self._names.area_of(thing) == area]
            place = self._names.room(area).name
        elif floor:
            pool = [thing for thing in pool if self._names.floor_of(self._names.area_of(thing)) == floor]
            place = self._names.floors.get(floor, floor)
        elif area == HERE and (_holds(text, texts.here) or not _holds(text, texts.everywhere)):
            if self._here:
                pool = [thing for thing in pool if self._names.area_of(thing) == self._here]
                place = self._names.room(self._here).name if self._here in self._names.areas else ""
            elif domain == "media_player" and len(playing := [one for one in pool if self._state(one) == "playing"]) == 1:
                pool = playing
            elif (rooms := {self._names.area_of(thing) for thing in pool}) and len(rooms) > 1:
                return self._which_room(pool, texts, finish)
        if not pool:
            return Say(texts.none_there(domain, place))
        if len(pool) > MOST_ACTIONS and match.intent not in QUESTIONS:
            return Say(texts.too_many(len(pool)), refuses=False)
        return finish(pool)

    def _of_kind(self, domain: str, match: Match, texts: HomeTexts) -> list[Entity]:
        wanted = OFTEN_ON if domain == "all" else {domain}
        if match.intent == "HassClimateGetTemperature":
            wanted = {"climate", "sensor"}
        pool = [thing for thing in self._names.things.values() if thing.domain in wanted]
        if match.intent == "HassClimateGetTemperature":
            return [thing for thing in pool if thing.domain == "climate" or thing.device_class == "temperature"]
        kind = str(match.slots.get("device_class", ""))
        if not kind:
            return pool
        words = texts.kinds.get(kind, ())
        of_it = [thing for thing in pool if thing.device_class == kind or any(word in plain(thing.name) for word in words)]
        if of_it or kind in ("garage", "gate", "door", "window"):
            return of_it
        barred = [word for other in ("garage", "gate", "door", "window") for word in texts.kinds[other]]
        return [thing for thing in pool if not thing.device_class and not any(word in plain(thing.name) for word in barred)]

    def _which_room(self, pool: Sequence[Entity], texts: HomeTexts, finish: Callable[[Sequence[Entity]], Plan]) -> Plan:
        rooms: dict[str, list[Entity]] = {}
        for thing in pool:
            rooms.setdefault(self._names.area_of(thing), []).append(thing)
        rooms.pop("", None)
        options = tuple(Option(self._area_names(area), finish(things)) for area, things in rooms.items())
        names = [self._names.room(area).name for area in rooms]
        return Which(texts.which_room(names[:MOST_OPTIONS]), options, finish(pool))

    def _state(self, thing: Entity) -> str:
        return str((self._home.state(thing.id) or {}).get("state", ""))

    def _actions(self, match: Match, things: Sequence[Entity], texts: HomeTexts) -> Plan:
        """The actions on things that are known."""
        if match.intent == "HassSetVolumeRelative":
            return self._louder(things, match.slots.get("volume_step"), texts)
        values: dict[str, Value] = {key: _number(match.slots[slot]) for slot, key in _VALUES.items() if slot in match.slots}
        if "temperature" in match.slots:
            key = "color_temperature" if match.intent == "HassLightSet" else "temperature"
            values[key] = _number(match.slots["temperature"])
        for key, value in values.items():
            if key in _PER_CENT and not (isinstance(value, int | float) and 0 <= value <= 100):
                return Say(texts.out_of_range(key), refuses=False)
            if key == "temperature" and not (isinstance(value, int | float) and 0 < value <= 120):
                return Say(texts.out_of_range(key), refuses=False)
        verbs = _VERBS.get(match.intent)
        return Do(tuple(Action(one.id, verbs.get(one.domain, verbs[""]) if verbs else "set", values) for one in things))

    def _louder(self, things: Sequence[Entity], step: Any, texts: HomeTexts) -> Plan:
        actions = []
        by = {"up": VOLUME_STEP, "down": -VOLUME_STEP}.get(step, step)
        for thing in things:
            volume = (self._home.state(thing.id) or {}).get("volume")
            if isinstance(volume, int | float) and isinstance(by, int | float):
                actions.append(Action(thing.id, "set", {"volume": _number(min(100, max(0, volume + by)))}))
        return Do(tuple(actions)) if actions else Say(texts.no_news(self.labels(things, texts)), refuses=False)


def rank(match: Match) -> tuple[bool, int, bool, int]:
    """The more of the sentence are names, the better; then those that name a thing; then those whose own words are more.

    A garage door is a kind of door before it is a door of the garage.
    """
    named = sum(len(str(match.slots[key])) for key in ("name", "area", "floor") if match.slots.get(key, HERE) != HERE)
    return match.slots.get("device_class") == "door", -named, "name" not in match.slots, -match.literal


def _holds(text: str, words: Sequence[str]) -> bool:
    return any(
        word in (text if not word.isascii() else f" {text} ") and (not word.isascii() or f" {word} " in f" {text} ")
        for word in words
    )


def _number(value: Any) -> Value:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int | float | bool) else str(value)
