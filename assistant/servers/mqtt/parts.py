"""What all kinds of things share: what is read of them, what is sent to them, who is there, and how names come about.

A kind is a frozen model of its discovery message (the keys are Home Assistant's); keys that are not read are passed over.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from assistant.protocols_home import Value
from assistant.servers.mqtt.templates import Unreadable, reader, writer

MAX_NAME = 100
MAX_TOPIC = 1024
State = Mapping[str, Value]


def _text(value: object) -> object:
    """Payloads may be written as numbers or as true and false."""
    return str(value) if isinstance(value, bool | int | float) else value


def _topic(value: str) -> str:
    if not value or len(value) > MAX_TOPIC or any(mark in value for mark in "+#\0"):
        raise ValueError("is no topic")
    return value


def _no_nan(value: float) -> float:
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError("is no number")
    return value


Text = Annotated[str, BeforeValidator(_text), Field(max_length=1000)]
Name = Annotated[str, BeforeValidator(_text), AfterValidator(lambda name: " ".join(name.split())[:MAX_NAME])]
Topic = Annotated[str, AfterValidator(_topic)]
Number = Annotated[float, AfterValidator(_no_nan)]


class Unfit(Exception):
    """An action that is not sent; `reason` is a receipt's."""

    def __init__(self, reason: Literal["unable", "range", "unconfirmed"]) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Read:
    """A topic that tells something of a thing."""

    topic: str
    template: str | None
    take: Callable[[str], State | None]
    """The value's text -> what is known by it; None: it means nothing here."""
    tells: tuple[str, ...]
    """Names that are unknown when it means nothing."""


@dataclass(frozen=True)
class Order:
    """What an action sends, and what tells that it was done."""

    sends: tuple[tuple[str, str], ...]
    """(topic, payload), one behind the other."""
    sure: Callable[[State], bool] | None
    """Whether this state says that it was done; None: nothing will say so."""
    assumed: State = field(default_factory=dict)
    """What is taken for its state then."""


class Part(BaseModel):
    """A piece of a discovery message."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Device(Part):
    """The device that a thing belongs to."""

    name: Name | None = None
    suggested_area: Name | None = None
    identifiers: Any = None


class Availability(Part):
    """A topic that tells whether a thing is there."""

    topic: Topic
    payload_available: Text = "online"
    payload_not_available: Text = "offline"
    value_template: str | None = None


class Thing(Part):
    """The keys that every kind may have."""

    domain: ClassVar[str] = ""

    name: Name | None = None
    device: Device = Device()
    unique_id: Text | None = None
    object_id: Text | None = None
    default_entity_id: Text | None = None
    device_class: Text | None = None
    qos: int = Field(0, ge=0, le=2)
    retain: bool = False
    optimistic: bool = False
    encoding: Text | None = "utf-8"
    entity_category: Text | None = None
    enabled_by_default: bool = True
    expire_after: Number | None = None
    availability: tuple[Availability, ...] = Field((), max_length=16)
    availability_topic: Topic | None = None
    payload_available: Text = "online"
    payload_not_available: Text = "offline"
    availability_template: str | None = None
    availability_mode: Literal["all", "any", "latest"] = "latest"

    def reads(self) -> Iterable[Read]:
        """The topics that tell of it."""
        return ()

    def order(self, verb: str, values: Mapping[str, Value], state: State) -> Order:
        """What an action sends. Raises `Unfit`."""
        raise Unfit("unable")

    def fixed(self) -> State:
        """What is known of it without any message."""
        return {"device_class": self.device_class} if self.device_class else {}

    def all_availability(self) -> tuple[Availability, ...]:
        """The topics that tell whether it is there."""
        if self.availability_topic is None:
            return self.availability
        return (
            Availability(
                topic=self.availability_topic,
                payload_available=self.payload_available,
                payload_not_available=self.payload_not_available,
                value_template=self.availability_template,
            ),
        )

    def spoken_name(self, object_id: str) -> str:
        """What people see it called: the device's name, then its own."""
        own, device = self.name or "", self.device.name or ""
        if own and device and not own.casefold().startswith(device.casefold()):
            return f"{device} {own}"[:MAX_NAME]
        return own or device or " ".join(object_id.replace("_", " ").replace("-", " ").split())[:MAX_NAME] or self.domain

    def entity_id(self, object_id: str) -> str:
        """Such as light.kitchen_ceiling; two things may come to the same."""
        given = (self.default_entity_id or self.object_id or "").rpartition(".")[2]
        return f"{self.domain}.{slug(given or self.spoken_name(object_id)) or slug(object_id) or 'thing'}"


@lru_cache(4096)
def _readable(template: str | None) -> bool:
    try:
        reader(template)
    except Unreadable:
        return False
    return True


def tells(topic: str | None, template: str | None) -> bool:
    """Whether there is a topic, and what it tells can be read."""
    return topic is not None and _readable(template)


def slug(text: str) -> str:
    """Lower case, words joined by _; letters of any script stay."""
    return re.sub(r"[\W_]+", "_", text.casefold()).strip("_")[:MAX_NAME]


def matches(table: Mapping[str, str], name: str) -> Callable[[str], State | None]:
    """Reads a state out of a payload by a table: payload -> state."""
    return lambda text: {name: table[text]} if text in table else None


def number(text: str) -> float | None:
    """A finite number, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if -1e15 < value < 1e15 else None


def short(value: float) -> int | float:
    """Without a needless .0."""
    return int(value) if value == int(value) else round(value, 3)


def say(value: float) -> str:
    """A number as a payload."""
    return str(short(value))


def wanted(values: Mapping[str, Value], name: str, low: float, high: float) -> float:
    """A number among an action's values. Raises `Unfit` when it is none or out of range."""
    value = values.get(name)
    found = number(str(value)) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
    if found is None or not low <= found <= high:
        raise Unfit("range")
    return found


def is_state(*states: str) -> Callable[[State], bool]:
    """Looks for one of these states."""
    return lambda state: state.get("state") in states


def other(state: State, one: str, two: str) -> str:
    """The other state, for a toggle. Raises `Unfit` when the present one is not known."""
    now = state.get("state")
    if now not in (one, two):
        raise Unfit("unconfirmed")
    return two if now == one else one


def filled(template: str | None, value: str) -> str:
    """A command's payload. Raises `Unfit` where its template would have to be run."""
    try:
        return writer(template)(value)
    except Unreadable:
        raise Unfit("unable") from None
