"""Kinds with one state: switch, scene, button, select, number, lock, sensor, binary_sensor, fan."""

import math
from collections.abc import Iterable, Mapping
from typing import ClassVar

from pydantic import Field

from assistant.protocols_home import Value
from assistant.servers.mqtt.parts import (
    Number,
    Order,
    Read,
    State,
    Text,
    Thing,
    Topic,
    Unfit,
    filled,
    is_state,
    matches,
    number,
    other,
    say,
    short,
    tells,
    wanted,
)

ON_OFF = {"turn_on": "on", "turn_off": "off"}


class Commanded(Thing):
    """A thing with a topic for commands, and perhaps one for its state."""

    command_topic: Topic
    command_template: str | None = None
    state_topic: Topic | None = None
    value_template: str | None = None

    @property
    def assumes(self) -> bool:
        """Whether nothing that can be read will tell what became of a command."""
        return self.optimistic or not tells(self.state_topic, self.value_template)

    def send(self, payload: str, state: State, *sure: str) -> Order:
        """One payload, after which it is in one of these states."""
        looked = None if self.assumes else is_state(*sure)
        return Order(((self.command_topic, filled(self.command_template, payload)),), looked, state)


class Switch(Commanded):
    """On or off."""

    domain: ClassVar[str] = "switch"
    payload_on: Text = "ON"
    payload_off: Text = "OFF"
    state_on: Text | None = None
    state_off: Text | None = None

    def reads(self) -> Iterable[Read]:
        """Its state."""
        table = {self.state_off or self.payload_off: "off", self.state_on or self.payload_on: "on"}
        if self.state_topic is not None:
            yield Read(self.state_topic, self.value_template, matches(table, "state"), ("state",))

    def order(self, verb: str, values: Mapping[str, Value], state: State) -> Order:
        """Turn on, off, or the other way round."""
        to = other(state, "on", "off") if verb == "toggle" else ON_OFF.get(verb)
        if to is None or values:
            raise Unfit("unable")
        return self.send(self.payload_on if to == "on" else self.payload_off, {"state": to}, to)


class Scene(Thing):
    """Something that is called up."""

    domain: ClassVar[str] = "scene"
    command_topic: Topic
    payload_on: Text = "ON"

    def order(self, verb: str, values: Mapping[str, Value], state: State) -> Order:
        """Activate it."""
        if verb not in ("activate", "turn_on") or values:
            raise Unfit("unable")
        return Order(((self.command_topic, self.payload_on),), None)


class Button(Thing):
    """Something that is pressed."""

    domain: ClassVar[str] = "button"
    command_topic: Topic
    command_template: str | None = None
    payload_press: Text = "PRESS"

    def order(self, verb: str, values: Mapping[str, Value], state: State) -> Order:
        """Press it."""
        if verb not in ("press", "activate", "turn_on") or values:
            raise Unfit("unable")
        return Order(((self.command_topic, filled(self.command_template, self.payload_press)),), None)


class Select(Commanded):
    """One of some options."""

    domain: ClassVar[str] = "select"
    options: tuple[Text, ...] = Field(max_length=200)

    def reads(self) -> Iterable[Read]:
        """The option."""
        if self.state_topic is not None:
            yield Read(self.state_topic, self.value_template, matches({o: o for o in self.options}, "state"), ("state",))

    def order(self, verb: str, values: Mapping[str, Value], state: State) -> Order:
        """Set `option`."""
        if verb != "set" or set(values) != {"option"}:
            raise Unfit("unable")
        asked = str(values["option"]).casefold()
        option = next((option for option in self.options if option.casefold() == asked), None)
        if option is None:
            raise Unfit("range")
        return self.send(option, {"state": option}, option)


class NumberThing(Commanded):
    """A number that is set."""

    domain: ClassVar[str] = "number"
    min: Number = 1
    max: Number = 100
    step: Number = 1
    unit_of_measurement: Text | None = None

    def reads(self) -> Iterable[Read]:
        """The number."""
        if self.state_topic is not None:
            yield Read(self.state_topic, self.value_template, lambda text: _measured(text, must=True), ("state",))

    def order(self, verb: str, values: Mapping[str, Value], state: State) -> Order:
        """Set `value`."""
        if verb != "set" or set(values) != {"value"}:
            raise Unfit("unable")
        value = wanted(values, "value", self.min, self.max)

        def sure(state: State) -> bool:
            now = state.get("state")
            return isinstance(now, int | float) and abs(now - value) <= max(self.step, 0.001) / 2

        payload = filled(self.command_template, say(value))
        return Order(((self.command_topic, payload),), None if self.assumes else sure, {"state": short(value)})

    def fixed(self) -> State:
        """Its unit."""
        return {**super().fixed(), **_unit(self.unit_of_measurement)}


class Lock(Commanded):
    """Locked or not."""

    domain: ClassVar[str] = "lock"
    payload_lock: Text = "LOCK"
    payload_unlock: Text = "UNLOCK"
    state_locked: Text = "LOCKED"
    state_unlocked: Text = "UNLOCKED"
    state_locking: Text = "LOCKING"
    state_unlocking: Text = "UNLOCKING"
    state_jammed: Text = "JAMMED"
    code_format: str | None = None

    def reads(self) -> Iterable[Read]:
        """Its state."""
        table = {
            self.state_jammed: "jammed",
            self.state_locking: "locking",
            self.state_unlocking: "unlocking",
            self.state_unlocked: "unlocked",
            self.state_locked: "locked",
        }
        if self.state_topic is not None:
            yield Read(self.state_topic, self.value_template, matches(table, "state"), ("state",))

    def order(self, verb: str, values: Mapping[str, Value], state: State) -> Order:
        """Lock it or unlock it; one that wants a code of its own cannot be."""
        to = {"lock": "locked", "unlock": "unlocked"}.get(verb)
        if to is None or values or self.code_format is not None:
            raise Unfit("unable")
        return self.send(self.payload_lock if to == "locked" else self.payload_unlock, {"state": to}, to)


class Sensor(Thing):
    """Something measured or told."""

    domain: ClassVar[str] = "sensor"
    state_topic: Topic
    value_template: str | None = None
    unit_of_measurement: Text | None = None

    def reads(self) -> Iterable[Read]:
        """What it tells; a number where it is one."""
        must = self.unit_of_measurement is not None
        yield Read(self.state_topic, self.value_template, lambda text: _measured(text, must), ("state",))

    def fixed(self) -> State:
        """Its unit."""
        return {**super().fixed(), **_unit(self.unit_of_measurement)}


class BinarySensor(Thing):
    """Something that is so or not."""

    domain: ClassVar[str] = "binary_sensor"
    state_topic: Topic
    value_template: str | None = None
    payload_on: Text = "ON"
    payload_off: Text = "OFF"

    def reads(self) -> Iterable[Read]:
        """on or off."""
        yield Read(
            self.state_topic, self.value_template, matches({self.payload_off: "off", self.payload_on: "on"}, "state"), ("state",)
        )


class Fan(Commanded):
    """On or off, and how fast."""

    domain: ClassVar[str] = "fan"
    state_value_template: str | None = None
    payload_on: Text = "ON"
    payload_off: Text = "OFF"
    percentage_command_topic: Topic | None = None
    percentage_command_template: str | None = None
    percentage_state_topic: Topic | None = None
    percentage_value_template: str | None = None
    speed_range_min: int = Field(1, ge=1, le=100_000)
    speed_range_max: int = Field(100, ge=1, le=100_000)

    @property
    def assumes(self) -> bool:
        """See `Commanded.assumes`; a fan's state has a template of its own name."""
        return self.optimistic or not tells(self.state_topic, self.state_value_template)

    @property
    def _speeds(self) -> int:
        return max(1, self.speed_range_max - self.speed_range_min + 1)

    def reads(self) -> Iterable[Read]:
        """Whether it is on, and how fast."""
        table = {self.payload_off: "off", self.payload_on: "on"}
        if self.state_topic is not None:
            yield Read(self.state_topic, self.state_value_template, matches(table, "state"), ("state",))
        if self.percentage_state_topic is not None:
            yield Read(self.percentage_state_topic, self.percentage_value_template, self._percentage, ("speed",))

    def _percentage(self, text: str) -> State | None:
        raw = number(text)
        if raw is None:
            return None
        share = (raw - (self.speed_range_min - 1)) * 100 / self._speeds
        return {"speed": max(0, min(100, round(share)))}

    def order(self, verb: str, values: Mapping[str, Value], state: State) -> Order:
        """Turn on, off, or the other way round; set `speed`, in per cent."""
        if verb in ("set", "turn_on") and "speed" in values and len(values) == 1:
            return self._faster(wanted(values, "speed", 0, 100))
        to = other(state, "on", "off") if verb == "toggle" else ON_OFF.get(verb)
        if to is None or values:
            raise Unfit("unable")
        return self.send(self.payload_on if to == "on" else self.payload_off, {"state": to}, to)

    def _faster(self, percentage: float) -> Order:
        if percentage == 0:
            return self.send(self.payload_off, {"state": "off"}, "off")
        if self.percentage_command_topic is None:
            raise Unfit("unable")
        raw = math.ceil(percentage * self._speeds / 100) + self.speed_range_min - 1
        step = 100 / self._speeds

        def sure(state: State) -> bool:
            now = state.get("speed")
            return isinstance(now, int | float) and abs(now - percentage) < max(step, 1.0)

        sends = [(self.percentage_command_topic, filled(self.percentage_command_template, str(raw)))]
        blind = self.optimistic or not tells(self.percentage_state_topic, self.percentage_value_template)
        return Order(tuple(sends), None if blind else sure, {"state": "on", "speed": round(percentage)})


def _measured(text: str, must: bool) -> State | None:
    """A number, or (`must`: not) words."""
    value = number(text)
    if value is not None:
        return {"state": short(value)}
    return None if must or not text or text == "None" else {"state": text[:255]}


def _unit(unit: str | None) -> State:
    return {"unit": unit} if unit else {}
