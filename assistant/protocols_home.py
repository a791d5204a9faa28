"""What a home offers, whoever connects it: its things, what may be done with them, and receipts of what was done.

A claim is spoken from receipts alone: what has none was not done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

Value = str | int | float | bool
Outcome = Literal["done", "refused", "timeout", "failed"]
Tier = Literal["free", "confirm", "pin"]


@dataclass(frozen=True)
class Entity:
    """A thing of the home."""

    id: str
    """Such as light.kitchen_ceiling."""
    domain: str
    """light, switch, cover, fan, climate, media_player, lock, scene, sensor, binary_sensor ..."""
    name: str
    aliases: tuple[str, ...] = ()
    area: str = ""
    """Name of its room; "" for none."""
    tier: Tier | None = None
    """What its actions ask of whoever commands them; None: what is usual for its domain."""
    device_class: str = ""
    """What kind of its domain it is, such as curtain or garage of a cover, door or motion of a binary_sensor; "": not known."""


@dataclass(frozen=True)
class Area:
    """A room of the home, and the floor that it is on."""

    name: str
    aliases: tuple[str, ...] = ()
    floor: str = ""


@dataclass(frozen=True)
class Action:
    """One thing to be done with one entity."""

    entity: str
    verb: str
    """turn_on, turn_off, toggle, open, close, stop, lock, unlock, set (its `values`), play, pause, next, previous, mute, unmute,
    activate (a scene or script), press (a button), start, dock (a vacuum or mower)."""
    values: Mapping[str, Value] = field(default_factory=dict)
    """With set: brightness: 40 (per cent), color: red (an English name), color_temperature: 2700 (kelvin), temperature: 21.5,
    position: 30 (per cent), speed: 40 (of a fan, per cent), volume: 20 (per cent), mode: auto (of a climate's fan)."""


@dataclass(frozen=True)
class Receipt:
    """What became of an action."""

    action: Action
    outcome: Outcome
    reason: str = ""
    """A code beside what is not done: away (not connected), unknown, unable, range, rejected, unconfirmed ..."""


class Pending(Protocol):
    """Actions under way."""

    def receipts(self) -> Sequence[Receipt] | None:
        """One for each action, in their order; None while one has no outcome. Past its deadline an action is a timeout."""
        ...

    def drop(self) -> None:
        """Nobody waits any more; what has not been sent is not sent."""
        ...


class Home(Protocol):
    """A connected home. Any thread may call it; nothing in it blocks."""

    @property
    def version(self) -> int:
        """Rises with each change of entities or areas."""
        ...

    def entities(self) -> Sequence[Entity]:
        """Its things, at most some ten thousand."""
        ...

    def areas(self) -> Sequence[Area]:
        """Its rooms."""
        ...

    def state(self, entity: str) -> Mapping[str, Value] | None:
        """What is known of an entity: "state" (on, open, locked, playing, 21.5 ...), and such as brightness, temperature (what is
        set), current_temperature, position, volume, unit ("°C"); None while nothing is."""
        ...

    def act(self, actions: Sequence[Action]) -> Pending:
        """Begin to do them."""
        ...


@dataclass(frozen=True)
class Answer:
    """What another assistant made of a sentence."""

    kind: Literal["action_done", "query_answer", "error"]
    speech: str
    error: str = ""
    """Its code, with an error."""


class Asked(Protocol):
    """A sentence under way."""

    def answer(self) -> Answer | None:
        """None while there is none; past its deadline an error."""
        ...

    def drop(self) -> None:
        """Nobody waits any more."""
        ...


class Elsewhere(Protocol):
    """Another assistant, to which a command goes that none of our skills knows, such as Home Assistant's conversation."""

    def ask(self, text: str, language: str) -> Asked:
        """Begin to ask it; returns at once."""
        ...
