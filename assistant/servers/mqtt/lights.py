"""Lights, in both schemas that need no program: topics for each part (default), or one message of JSON (json)."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from assistant.protocols_home import Value
from assistant.servers.mqtt.colors import hs_of, name_of, near, rgb_of, rgb_of_hs, rgb_of_xy, xy_of
from assistant.servers.mqtt.parts import (
    Order,
    Read,
    State,
    Text,
    Thing,
    Topic,
    Unfit,
    filled,
    matches,
    number,
    other,
    tells,
    wanted,
)

PARTS = {"brightness", "color", "color_temperature"}
NEAR = 3
"""Per cent by which a brightness may miss: lights round."""
KELVIN = (1000.0, 20_000.0)


class AnyLight(Thing):
    """What both schemas share."""

    domain: ClassVar[str] = "light"
    brightness_scale: int = Field(255, ge=1, le=65_535)
    color_temp_kelvin: bool = False

    def goal(self, verb: str, values: Mapping[str, Value], state: State) -> tuple[str, Mapping[str, Value]]:
        """ "on" or "off", and the parts to set. Raises `Unfit`."""
        if verb == "toggle" and not values:
            return other(state, "on", "off"), {}
        if verb not in ("turn_on", "turn_off", "set") or not set(values) <= PARTS or (verb == "set") > bool(values):
            raise Unfit("unable")
        if verb == "turn_off" and values:
            raise Unfit("unable")
        if "brightness" in values and wanted(values, "brightness", 0, 100) == 0:
            return "off", {}
        return ("off" if verb == "turn_off" else "on"), values

    def percent(self, raw: object) -> State | None:
        """Brightness in per cent, from the light's scale."""
        value = number(str(raw))
        if value is None or value < 0:
            return None
        share = min(100.0, value * 100 / self.brightness_scale)
        return {"brightness": max(1, round(share)) if value > 0 else 0}

    def raw(self, percent: float) -> int:
        """The light's own measure of per cent."""
        return max(1, round(percent * self.brightness_scale / 100))

    def kelvin(self, raw: object) -> State | None:
        """Colour temperature in K, from K or mireds."""
        value = number(str(raw))
        if value is None or not 1 <= value <= 1_000_000:
            return None
        return {"color_temperature": round(value if self.color_temp_kelvin else 1_000_000 / value)}

    def warmth(self, kelvin: float) -> int:
        """The light's own measure of a colour temperature."""
        return round(kelvin if self.color_temp_kelvin else 1_000_000 / kelvin)


class Light(AnyLight):
    """The default schema."""

    schema_: Literal["basic", "default"] = Field("basic", alias="schema")
    command_topic: Topic
    state_topic: Topic | None = None
    state_value_template: str | None = None
    value_template: str | None = None
    payload_on: Text = "ON"
    payload_off: Text = "OFF"
    on_command_type: Literal["last", "first", "brightness"] = "last"
    brightness_command_topic: Topic | None = None
    brightness_command_template: str | None = None
    brightness_state_topic: Topic | None = None
    brightness_value_template: str | None = None
    color_temp_command_topic: Topic | None = None
    color_temp_command_template: str | None = None
    color_temp_state_topic: Topic | None = None
    color_temp_value_template: str | None = None
    rgb_command_topic: Topic | None = None
    rgb_command_template: str | None = None
    rgb_state_topic: Topic | None = None
    rgb_value_template: str | None = None
    hs_command_topic: Topic | None = None
    hs_command_template: str | None = None
    hs_state_topic: Topic | None = None
    hs_value_template: str | None = None

    def reads(self) -> Iterable[Read]:
        """Whether it is on, how bright, of which colour."""
        table = {self.payload_off: "off", self.payload_on: "on"}
        state = self.state_value_template or self.value_template
        for topic, template, take, name in (
            (self.state_topic, state, matches(table, "state"), "state"),
            (self.brightness_state_topic, self.brightness_value_template, self.percent, "brightness"),
            (self.color_temp_state_topic, self.color_temp_value_template, self.kelvin, "color_temperature"),
            (self.rgb_state_topic, self.rgb_value_template, _rgb, "color"),
            (self.hs_state_topic, self.hs_value_template, _hs, "color"),
        ):
            if topic is not None:
                yield Read(topic, template, take, (name,))

    def order(self, verb: str, values: Mapping[str, Value], state: State) -> Order:
        """Turn on, off, or the other way round; set `brightness`, `color`, `color_temperature`."""
        to, parts = self.goal(verb, values, state)
        blind = self.optimistic or not tells(self.state_topic, self.state_value_template or self.value_template)
        if to == "off":
            return Order(((self.command_topic, self.payload_off),), None if blind else _shows("off", {}), {"state": "off"})
        sends, told = [], set()
        for name, send, is_told in self._parts(parts):
            sends.append(send)
            told |= {name} if is_told else set()
        if self.on_command_type == "brightness" and self.brightness_command_topic is not None:
            if "brightness" not in parts:  # such a light is turned on by its brightness alone
                sends.append((self.brightness_command_topic, filled(self.brightness_command_template, str(self.raw(100)))))
        elif self.on_command_type == "first":
            sends.insert(0, (self.command_topic, self.payload_on))
        else:
            sends.append((self.command_topic, self.payload_on))
        looked = _shows("on", {name: value for name, value in parts.items() if name in told})
        return Order(tuple(sends), None if blind else looked, {"state": "on", **parts})

    def _parts(self, parts: Mapping[str, Value]) -> Iterable[tuple[str, tuple[str, str], bool]]:
        """(name, what is sent, whether the light tells it). Raises `Unfit`."""
        if "brightness" in parts:
            raw = str(self.raw(wanted(parts, "brightness", 0, 100)))
            if self.brightness_command_topic is None:
                raise Unfit("unable")
            send = (self.brightness_command_topic, filled(self.brightness_command_template, raw))
            yield "brightness", send, tells(self.brightness_state_topic, self.brightness_value_template)
        if "color_temperature" in parts:
            warmth = str(self.warmth(wanted(parts, "color_temperature", *KELVIN)))
            if self.color_temp_command_topic is None:
                raise Unfit("unable")
            send = (self.color_temp_command_topic, filled(self.color_temp_command_template, warmth))
            yield "color_temperature", send, tells(self.color_temp_state_topic, self.color_temp_value_template)
        if "color" in parts:
            rgb = rgb_of(str(parts["color"]))
            if rgb is None:
                raise Unfit("range")
            told = tells(self.rgb_state_topic, self.rgb_value_template) or tells(self.hs_state_topic, self.hs_value_template)
            if self.rgb_command_topic is not None and self.rgb_command_template is None:
                yield "color", (self.rgb_command_topic, ",".join(map(str, rgb))), told
            elif self.hs_command_topic is not None and self.hs_command_template is None:
                yield "color", (self.hs_command_topic, ",".join(f"{part:g}" for part in hs_of(rgb))), told
            else:
                raise Unfit("unable")


class JsonLight(AnyLight):
    """The json schema."""

    schema_: Literal["json"] = Field("json", alias="schema")
    command_topic: Topic
    state_topic: Topic | None = None
    brightness: bool = False
    color_temp: bool = False
    rgb: bool = False
    hs: bool = False
    xy: bool = False
    supported_color_modes: tuple[Text, ...] = Field((), max_length=16)

    def reads(self) -> Iterable[Read]:
        """All of it."""
        if self.state_topic is not None:
            yield Read(self.state_topic, None, self._take, ("state",))

    def _take(self, text: str) -> State | None:
        try:
            told: Any = json.loads(text)
        except (ValueError, RecursionError):
            return None
        if not isinstance(told, dict):
            return None
        found: dict[str, Value] = {}
        if told.get("state") in ("ON", "OFF"):
            found["state"] = str(told["state"]).lower()
        elif "state" in told:
            return None
        found |= self.percent(told["brightness"]) or {} if "brightness" in told else {}
        found |= self.kelvin(told["color_temp"]) or {} if told.get("color_temp") is not None else {}
        found |= _color(told["color"]) or {} if told.get("color_mode") != "color_temp" and "color" in told else {}
        return found

    def order(self, verb: str, values: Mapping[str, Value], state: State) -> Order:
        """As `Light.order`."""
        to, parts = self.goal(verb, values, state)
        message: dict[str, Any] = {"state": to.upper()}
        modes = set(self.supported_color_modes)
        if "brightness" in parts:
            if not (self.brightness or modes - {"onoff"}):
                raise Unfit("unable")
            message["brightness"] = self.raw(wanted(parts, "brightness", 0, 100))
        if "color_temperature" in parts:
            if not (self.color_temp or "color_temp" in modes):
                raise Unfit("unable")
            message["color_temp"] = self.warmth(wanted(parts, "color_temperature", *KELVIN))
        if "color" in parts:
            message["color"] = self._color(str(parts["color"]), modes)
        blind = self.optimistic or self.state_topic is None
        payload = json.dumps(message)
        return Order(((self.command_topic, payload),), None if blind else _shows(to, parts), {"state": to, **parts})

    def _color(self, name: str, modes: set[str]) -> dict[str, float]:
        rgb = rgb_of(name)
        if rgb is None:
            raise Unfit("range")
        if self.rgb or modes & {"rgb", "rgbw", "rgbww"}:
            return dict(zip("rgb", rgb, strict=True))
        if self.hs or "hs" in modes:
            return dict(zip("hs", hs_of(rgb), strict=True))
        if self.xy or "xy" in modes:
            return dict(zip("xy", xy_of(rgb), strict=True))
        raise Unfit("unable")


def _shows(to: str, parts: Mapping[str, Value]) -> Any:
    """Whether a state shows all that was asked for."""

    def sure(state: State) -> bool:
        if state.get("state") != to:
            return False
        return all(_alike(name, state.get(name), value) for name, value in parts.items())

    return sure


def _alike(name: str, now: Value | None, asked: Value) -> bool:
    if name == "color":
        return isinstance(now, str) and near(now, str(asked))
    found, goal = number(str(now)), number(str(asked))
    if found is None or goal is None:
        return False
    return abs(found - goal) <= (NEAR if name == "brightness" else goal * 0.05)


def _rgb(text: str) -> State | None:
    parts = [number(part) for part in text.split(",")]
    if len(parts) != 3 or any(part is None for part in parts):
        return None
    red, green, blue = (max(0.0, min(255.0, part or 0.0)) for part in parts)
    return {"color": name_of((red, green, blue))}


def _hs(text: str) -> State | None:
    hue, _, saturation = text.partition(",")
    one, two = number(hue), number(saturation)
    return None if one is None or two is None else {"color": name_of(rgb_of_hs(one, two))}


def _color(told: object) -> State | None:
    if not isinstance(told, dict):
        return None
    found = {name: number(str(told[name])) for name in "rgbhsxy" if name in told}
    known = {name: value for name, value in found.items() if value is not None}
    if {"r", "g", "b"} <= set(known):
        return _rgb(f"{known['r']},{known['g']},{known['b']}")
    if {"h", "s"} <= set(known):
        return _hs(f"{known['h']},{known['s']}")
    if {"x", "y"} <= set(known):
        return {"color": name_of(rgb_of_xy(known["x"], known["y"]))}
    return None
