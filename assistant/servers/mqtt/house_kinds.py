"""Kinds with more to them than a state: cover, climate."""

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar, Literal

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

NEAR = 3
"""Per cent by which a position may miss."""


class Cover(Thing):
    """Open, closed, or in between."""

    domain: ClassVar[str] = "cover"
    command_topic: Topic | None = None
    payload_open: Text | None = "OPEN"
    payload_close: Text | None = "CLOSE"
    payload_stop: Text | None = "STOP"
    state_topic: Topic | None = None
    value_template: str | None = None
    state_open: Text = "open"
    state_closed: Text = "closed"
    state_opening: Text = "opening"
    state_closing: Text = "closing"
    state_stopped: Text = "stopped"
    position_topic: Topic | None = None
    position_template: str | None = None
    set_position_topic: Topic | None = None
    set_position_template: str | None = None
    position_open: Number = 100
    position_closed: Number = 0

    def reads(self) -> Iterable[Read]:
        """Its state and its position; where it has no state of its own that can be read, that comes of the position."""
        table = {
            self.state_stopped: "stopped",
            self.state_opening: "opening",
            self.state_closing: "closing",
            self.state_closed: "closed",
            self.state_open: "open",
        }
        if self.state_topic is not None:
            yield Read(self.state_topic, self.value_template, matches(table, "state"), ("state",))
        if self.position_topic is not None:
            names = ("position",) if self._tells_state else ("position", "state")
            yield Read(self.position_topic, self.position_template, self._position, names)

    def _position(self, text: str) -> State | None:
        raw, span = number(text), self.position_open - self.position_closed
        if raw is None or span == 0:
            return None
        position = max(0, min(100, round((raw - self.position_closed) * 100 / span)))
        return {"position": position} | ({} if self._tells_state else {"state": "open" if position else "closed"})

    @property
    def _tells_state(self) -> bool:
        return tells(self.state_topic, self.value_template)

    @property
    def _tells_position(self) -> bool:
        return tells(self.position_topic, self.position_template)

    def order(self, verb: str, values: Mapping[str, Value], state: State) -> Order:
        """Open, close, stop, or the other way round; set `position`."""
        if verb == "set" and set(values) == {"position"}:
            return self._move(wanted(values, "position", 0, 100), state)
        verb = {"turn_on": "open", "turn_off": "close"}.get(verb, verb)
        if verb == "toggle":
            verb = "close" if other(state, "open", "closed") == "closed" else "open"
        payload = {"open": self.payload_open, "close": self.payload_close, "stop": self.payload_stop}.get(verb)
        if values or payload is None:
            raise Unfit("unable")
        if self.command_topic is None:
            if verb == "stop":
                raise Unfit("unable")
            return self._move(100 if verb == "open" else 0, state)
        known = not self.optimistic and (self._tells_state or self._tells_position)
        sends = ((self.command_topic, payload),)
        if verb == "stop":
            moving = is_state("opening", "closing")
            return Order(sends, (lambda state: not moving(state)) if known else None)
        to, going, goal = ("open", "opening", 100) if verb == "open" else ("closed", "closing", 0)
        if not known:
            return Order(sends, None, {"state": to})
        if not self._tells_position:
            return Order(sends, is_state(to, going), {"state": to})
        moved = _set_out(state, goal)  # a blind that is half open is "open" already
        return Order(sends, lambda state: moved(state) or state.get("state") == going, {"state": to})

    def _move(self, position: float, state: State) -> Order:
        """It was done once it is there, or has set out for there."""
        if self.set_position_topic is None:
            raise Unfit("unable")
        raw = self.position_closed + (self.position_open - self.position_closed) * position / 100
        known = not self.optimistic and self._tells_position
        sends = ((self.set_position_topic, filled(self.set_position_template, say(round(raw)))),)
        assumed: State = {"state": "open" if position else "closed", "position": round(position)}
        return Order(sends, _set_out(state, position) if known else None, assumed)


def _set_out(before: State, goal: float) -> Callable[[State], bool]:
    """Looks whether it is there, or nearer to there than before."""
    start = before.get("position")

    def look(state: State) -> bool:
        now = state.get("position")
        if not isinstance(now, int | float):
            return False
        return abs(now - goal) <= NEAR or (isinstance(start, int | float) and abs(now - goal) < abs(start - goal))

    return look


class Climate(Thing):
    """Heating or cooling."""

    domain: ClassVar[str] = "climate"
    modes: tuple[Text, ...] = Field(("auto", "off", "cool", "heat", "dry", "fan_only"), max_length=32)
    mode_command_topic: Topic | None = None
    mode_command_template: str | None = None
    mode_state_topic: Topic | None = None
    mode_state_template: str | None = None
    power_command_topic: Topic | None = None
    power_command_template: str | None = None
    payload_on: Text = "ON"
    payload_off: Text = "OFF"
    temperature_command_topic: Topic | None = None
    temperature_command_template: str | None = None
    temperature_state_topic: Topic | None = None
    temperature_state_template: str | None = None
    current_temperature_topic: Topic | None = None
    current_temperature_template: str | None = None
    fan_modes: tuple[Text, ...] = Field(("auto", "low", "medium", "high"), max_length=32)
    fan_mode_command_topic: Topic | None = None
    fan_mode_command_template: str | None = None
    fan_mode_state_topic: Topic | None = None
    fan_mode_state_template: str | None = None
    temperature_unit: Literal["C", "F"] = "C"
    min_temp: Number | None = None
    max_temp: Number | None = None
    temp_step: Number = 1.0

    def reads(self) -> Iterable[Read]:
        """Its mode, the temperature it aims at and the one it measures."""
        if self.mode_state_topic is not None:
            table = {mode: mode for mode in self.modes}
            yield Read(self.mode_state_topic, self.mode_state_template, matches(table, "state"), ("state",))
        if self.fan_mode_state_topic is not None:
            fan = {mode: mode for mode in self.fan_modes}
            yield Read(self.fan_mode_state_topic, self.fan_mode_state_template, matches(fan, "fan_mode"), ("fan_mode",))
        for name, topic, template in (
            ("temperature", self.temperature_state_topic, self.temperature_state_template),
            ("current_temperature", self.current_temperature_topic, self.current_temperature_template),
        ):
            if topic is not None:
                yield Read(topic, template, lambda text, name=name: _degrees(text, name), (name,))  # type: ignore[misc]

    def fixed(self) -> State:
        """Its unit."""
        return {**super().fixed(), "unit": f"°{self.temperature_unit}"}

    def order(self, verb: str, values: Mapping[str, Value], state: State) -> Order:
        """Turn on or off; set `temperature`, `mode` (its fan's, or its own), or both."""
        if verb == "set" and values and set(values) <= {"temperature", "mode"}:
            mode = [self._fan_or_mode(str(values["mode"]).casefold())] if "mode" in values else []
            return _joined([*mode, *([self._warm(values)] if "temperature" in values else [])])
        if values or verb not in ("turn_on", "turn_off"):
            raise Unfit("unable")
        if self.power_command_topic is not None:
            on = verb == "turn_on"
            payload = filled(self.power_command_template, self.payload_on if on else self.payload_off)
            sure = None
            if tells(self.mode_state_topic, self.mode_state_template) and not self.optimistic and "off" in self.modes:
                sure = (lambda state: state.get("state", "off") != "off") if on else is_state("off")
            return Order(((self.power_command_topic, payload),), sure)
        if verb == "turn_off":
            return self._mode("off")
        usual = next((mode for mode in ("heat_cool", "auto", "heat", "cool") if mode in self.modes), None)
        if usual is None:
            raise Unfit("unable")
        return Order((), None) if state.get("state", "off") != "off" else self._mode(usual)

    def _fan_or_mode(self, mode: str) -> Order:
        if self.fan_mode_command_topic is None or mode not in self.fan_modes:
            return self._mode(mode)
        sends = ((self.fan_mode_command_topic, filled(self.fan_mode_command_template, mode)),)
        blind = self.optimistic or not tells(self.fan_mode_state_topic, self.fan_mode_state_template)
        return Order(sends, None if blind else lambda state: state.get("fan_mode") == mode, {"fan_mode": mode})

    def _mode(self, mode: str) -> Order:
        if self.mode_command_topic is None:
            raise Unfit("unable")
        if mode not in self.modes:
            raise Unfit("range")
        blind = self.optimistic or not tells(self.mode_state_topic, self.mode_state_template)
        payload = filled(self.mode_command_template, mode)
        return Order(((self.mode_command_topic, payload),), None if blind else is_state(mode), {"state": mode})

    def _warm(self, values: Mapping[str, Value]) -> Order:
        if self.temperature_command_topic is None:
            raise Unfit("unable")
        low, high = (7.0, 35.0) if self.temperature_unit == "C" else (44.6, 95.0)
        low = self.min_temp if self.min_temp is not None else low
        high = self.max_temp if self.max_temp is not None else high
        degrees = wanted(values, "temperature", low, high)

        def sure(state: State) -> bool:
            now = state.get("temperature")
            return isinstance(now, int | float) and abs(now - degrees) <= max(self.temp_step, 0.1) / 2

        blind = self.optimistic or not tells(self.temperature_state_topic, self.temperature_state_template)
        sends = ((self.temperature_command_topic, filled(self.temperature_command_template, say(degrees))),)
        return Order(sends, None if blind else sure, {"temperature": short(degrees)})


def _degrees(text: str, name: str) -> State | None:
    value = number(text)
    return None if value is None else {name: short(value)}


def _joined(orders: list[Order]) -> Order:
    """Several as one, done when all that can be seen is."""
    looks = [order.sure for order in orders if order.sure is not None]
    assumed: dict[str, Value] = {}
    for order in orders:
        assumed |= order.assumed
    sends = tuple(send for order in orders for send in order.sends)
    return Order(sends, (lambda state: all(look(state) for look in looks)) if looks else None, assumed)
