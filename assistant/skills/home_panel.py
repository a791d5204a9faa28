"""The home on a panel: its things and how they are, and what may be done with them by a touch.

Only what asks nothing of whoever commands it (`home_plan.ask_of` says free) is done from here: a yes and the PIN are asked for by
voice. What is said of an action comes from its receipts. `begin` belongs to the brain's thread, the rest to any.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.languages.home import HomeTexts, home_texts
from assistant.protocols_home import Action, Entity, Home, Pending, Receipt, Tier, Value
from assistant.skills import home_say
from assistant.skills.home_names import Names, plain
from assistant.skills.home_plan import ask_of

MOST_SHOWN = 300
"""Things; of more, those that can be commanded are shown first, and how many are left out is said."""
_VERBS: Mapping[str, tuple[str, ...]] = {
    "light": ("turn_on", "turn_off"), "switch": ("turn_on", "turn_off"), "fan": ("turn_on", "turn_off"),
    "cover": ("open", "stop", "close"), "valve": ("open", "stop", "close"), "lock": ("lock", "unlock"),
    "media_player": ("play", "pause", "previous", "next"), "scene": ("activate",), "script": ("activate",),
    "button": ("press",), "input_button": ("press",), "vacuum": ("start", "dock"), "lawn_mower": ("start", "dock"),
}  # fmt: skip
_LEVELS: Mapping[str, str] = {
    "light": "brightness", "cover": "position", "valve": "position", "fan": "speed", "media_player": "volume",
    "climate": "temperature",
}  # fmt: skip
_RANGES: Mapping[str, tuple[float, float]] = {"temperature": (1, 120)}
_STRICTER: Sequence[Tier] = ("free", "confirm", "pin")


@dataclass(frozen=True)
class Shown:
    """A thing of the home as a panel shows it."""

    id: str
    name: str
    domain: str
    state: str
    """As the home tells it; "" while nothing is known."""
    word: str
    """The same for people."""
    verbs: tuple[str, ...]
    """What may be done with it by a touch."""
    level: str
    """What of it may be set by a touch: brightness, position, speed, volume, temperature; "" for nothing."""
    value: float
    """How that is set now: per cent, or degrees."""
    needs: Tier
    """What the rest asks for, which is not done from here; free where there is no rest."""


@dataclass(frozen=True)
class Room:
    """A room and what stands in it."""

    name: str
    """"" for what stands in none."""
    things: tuple[Shown, ...]


class NotFree(Exception):
    """It asks for a yes or for the PIN, or is nothing that is done by a touch."""


@dataclass
class Under:
    """An action under way."""

    action: Action
    thing: Entity
    label: str
    pending: Pending

    def told(self, receipts: Sequence[Receipt] | None, code: str) -> tuple[bool, str]:
        """Whether it was done, and what is said of it in a language; None: nothing came back in time."""
        found = receipts or ()
        said = home_say.told([self.action], found, {self.thing.id: (self.thing, self.label)}, home_texts(code))
        return bool(found) and found[0].outcome == "done" and found[0].action == self.action, said


class Panel:
    """The panel of one home."""

    def __init__(self, home: Home, names: Names, codes: Sequence[str]) -> None:
        self._home, self._names = home, names
        self._texts = [home_texts(code) for code in codes]

    def rooms(self, code: str) -> tuple[list[Room], int]:
        """The rooms with their things, in the order of their names, and how many things are left out."""
        texts = home_texts(code)
        things = list(self._names.things.values())  # at once: another thread may learn a new one
        things.sort(key=lambda one: (not self._may_be_commanded(one), one.domain == "button", plain(one.area), plain(one.name)))
        rooms: dict[str, list[Entity]] = {}
        for thing in things[:MOST_SHOWN]:
            rooms.setdefault(thing.area, []).append(thing)
        named = sorted(rooms, key=lambda name: (not name, plain(name)))
        return [Room(name, tuple(self._shown(thing, texts) for thing in rooms[name])) for name in named], max(
            0, len(things) - MOST_SHOWN
        )

    def begin(self, thing: str, verb: str, values: Mapping[str, Value], code: str) -> Under:
        """Begin an action. Raises `KeyError` for a thing that there is not, `NotFree`."""
        self._names.update()
        entity = self._names.things[thing]
        if not self._offered(entity, verb, values) or ask_of(entity, verb, self._texts) != "free":
            raise NotFree
        action = Action(thing, verb, values)
        return Under(action, entity, home_texts(code).label(entity.name, ""), self._home.act([action]))

    @staticmethod
    def _offered(entity: Entity, verb: str, values: Mapping[str, Value]) -> bool:
        level = _LEVELS.get(entity.domain)
        if verb != "set" or level is None:
            return verb in _VERBS.get(entity.domain, ()) and not values
        low, high = _RANGES.get(level, (0, 100))
        number = values.get(level)
        return set(values) == {level} and isinstance(number, int | float) and low <= number <= high

    @staticmethod
    def _may_be_commanded(entity: Entity) -> bool:
        return entity.domain in _VERBS or entity.domain in _LEVELS

    def _shown(self, thing: Entity, texts: HomeTexts) -> Shown:
        known = self._home.state(thing.id) or {}
        state = str(known.get("state", ""))
        asks = {verb: ask_of(thing, verb, self._texts) for verb in (*_VERBS.get(thing.domain, ()), "set")}
        level = _LEVELS.get(thing.domain, "")
        value = known.get(level) if level else None
        if isinstance(value, bool) or not isinstance(value, int | float) or asks["set"] != "free":
            level, value = "", 0
        verbs = _VERBS.get(thing.domain, ())
        return Shown(
            thing.id, thing.name, thing.domain, state,
            texts.state_word(state, str(known.get("unit", ""))) if state else "",
            tuple(verb for verb in verbs if asks[verb] == "free"), level, value,
            max((asks[verb] for verb in verbs), key=_STRICTER.index, default="free"),
        )  # fmt: skip
