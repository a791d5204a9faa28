"""Discovery messages: a topic and its payload in, the things announced out.

    <prefix>/<component>/[<node>/]<object>/config      one thing; an empty payload takes it away
    <prefix>/device/[<node>/]<object>/config           a device and its `components`

Keys may be abbreviated, and `~` at either end of a topic stands for the message's base topic.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from assistant.servers.mqtt.house_kinds import Climate, Cover
from assistant.servers.mqtt.lights import JsonLight, Light
from assistant.servers.mqtt.parts import Thing
from assistant.servers.mqtt.plain_kinds import BinarySensor, Button, Fan, Lock, NumberThing, Scene, Select, Sensor, Switch

MAX_COMPONENTS = 500
KINDS: dict[str, type[Thing]] = {
    kind.domain: kind
    for kind in (Light, Switch, Cover, Fan, Climate, Lock, Scene, Sensor, BinarySensor, Select, NumberThing, Button)
}

# Words whose abbreviation is put together of abbreviated words: brightness_command_topic is bri_cmd_t.
_SHORT = {
    "avty": "availability", "bri": "brightness", "cls": "close", "clr": "color",
    "clsd": "closed", "cmd": "command", "cmps": "components", "curr": "current", "dev": "device", "cla": "class",
    "e": "encoding", "en": "enabled_by_default", "ent": "entity", "cat": "category", "exp": "expire", "aft": "after",
    "meas": "measurement", "obj": "object", "ops": "options",
    "opt": "optimistic", "pct": "percentage", "pl": "payload", "pos": "position", "pow": "power",
    "prs": "press", "p": "platform", "ret": "retain", "rng": "range", "scl": "scale", "spd": "speed", "stat": "state",
    "sup": "supported", "t": "topic", "temp": "temperature", "tpl": "template", "uniq": "unique", "unlk": "unlock",
    "val": "value", "def": "default", "avail": "available", "id": "id",
}  # fmt: skip
# Keys that are not the sum of their words.
_WHOLE = {
    "sup_clrm": "supported_color_modes", "clr_temp": "color_temp", "clr_temp_k": "color_temp_kelvin",
    "def_ent_id": "default_entity_id", "unit_of_meas": "unit_of_measurement", "cod_form": "code_format",
    "clr_temp_cmd_t": "color_temp_command_topic", "clr_temp_cmd_tpl": "color_temp_command_template",
    "clr_temp_stat_t": "color_temp_state_topic", "clr_temp_val_tpl": "color_temp_value_template",
}  # fmt: skip
_ALL: tuple[type[Thing], ...] = (*KINDS.values(), JsonLight)
_KEYS = {field.alias or name for kind in _ALL for name, field in kind.model_fields.items()} | {"~"}
_DEVICE = {"ids": "identifiers", "sa": "suggested_area"}
_AVAILABILITY = {"t": "topic", "val_tpl": "value_template", "pl_avail": "payload_available",
                 "pl_not_avail": "payload_not_available"}  # fmt: skip


class Malformed(ValueError):
    """A discovery message that is none; its text says what is wrong."""


@dataclass(frozen=True)
class Announced:
    """A thing, and what its topic calls it."""

    key: str
    """Its place: the topic, and the component's key in a device's message."""
    object_id: str
    thing: Thing


@dataclass(frozen=True)
class Message:
    """What a discovery message announces; nothing takes away what stood at its topic."""

    things: tuple[Announced, ...]
    passed_over: int = 0
    """Things of kinds that are not used here, and those that are no matter of daily use."""
    malformed: str = ""
    """What is wrong with the first component that is left out; "" when none is."""


def parse(prefix: str, topic: str, payload: bytes) -> Message:
    """Read a discovery message. Raises `Malformed`."""
    parts = topic.removeprefix(f"{prefix}/").split("/")
    if not topic.startswith(f"{prefix}/") or len(parts) not in (3, 4) or parts[-1] != "config":
        raise Malformed("is no discovery topic")
    component, object_id = parts[0], parts[-2]
    if component != "device" and component not in KINDS:
        return Message((), 1 if payload else 0)
    if not payload.strip():
        return Message(())
    try:
        found = json.loads(payload)
    except (ValueError, RecursionError):
        raise Malformed("is no JSON") from None
    if not isinstance(found, dict):
        raise Malformed("is no object")
    config = _whole_keys(found)
    if component != "device":
        thing = _thing(component, config)
        return Message((Announced(topic, object_id, thing),) if thing is not None else (), int(thing is None))
    return _device(topic, config)


def _device(topic: str, config: dict[str, Any]) -> Message:
    components = config.pop("components", None)
    if not isinstance(components, dict):
        raise Malformed("components is missing")
    if len(components) > MAX_COMPONENTS:
        raise Malformed(f"has more than {MAX_COMPONENTS} components")
    shared = {key: value for key, value in config.items() if key not in ("name", "unique_id")}
    things, passed_over, wrong = [], 0, ""
    for key, part in components.items():
        own = _whole_keys(part, shared.get("~")) if isinstance(part, dict) else {}
        platform = own.pop("platform", None)
        if not isinstance(part, dict) or not isinstance(platform, str):
            wrong = wrong or f"component {key[:50]} has no platform"
            continue
        if not own:  # a component that is no more
            continue
        try:
            thing = _thing(platform, {**shared, **own}) if platform in KINDS else None
        except Malformed as error:
            wrong = wrong or f"component {key[:50]}: {error}"
            continue
        passed_over += thing is None
        if thing is not None:
            things.append(Announced(f"{topic}#{key}", key, thing))
    return Message(tuple(things), passed_over, wrong)


def _thing(component: str, config: dict[str, Any]) -> Thing | None:
    """None for one that is no matter of daily use. Raises `Malformed`."""
    kind, schema = KINDS[component], config.get("schema")
    if component == "light" and schema == "json":
        kind = JsonLight
    elif component == "light" and schema not in (None, "basic", "default"):
        return None  # a light that is written in templates is a program
    try:
        thing = kind.model_validate(config)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise Malformed(f"{where}: {first['msg'][0].lower()}{first['msg'][1:]}"[:200]) from None
    except RecursionError:
        raise Malformed("is too deep") from None
    return thing if thing.enabled_by_default and thing.entity_category is None else None


def _whole_keys(found: Mapping[str, Any], base: object = None) -> dict[str, Any]:
    """With whole keys, and topics without `~`."""
    config = {_key(key): value for key, value in found.items()}
    device, availability = config.get("device"), config.get("availability")
    if isinstance(device, dict):
        config["device"] = {_DEVICE.get(key, key): value for key, value in device.items()}
    if isinstance(availability, dict):
        availability = [availability]
    if isinstance(availability, list):
        config["availability"] = [
            {_AVAILABILITY.get(key, key): value for key, value in item.items()} if isinstance(item, dict) else item
            for item in availability
        ]
    base = config.get("~", base)
    if isinstance(base, str):
        _expand(config, base)
    for key in [key for key, value in config.items() if value is None and key not in ("name", "encoding")]:
        del config[key]  # null is "as usual"
    return config


def _expand(config: dict[str, Any], base: str) -> None:
    told = config.get("availability")
    items = [config, *(item for item in (told if isinstance(told, list) else ()) if isinstance(item, dict))]
    for item in items:
        for key, value in item.items():
            if isinstance(value, str) and (key == "topic" or key.endswith("_topic")):
                if value.startswith("~"):
                    value = base + value[1:]
                if value.endswith("~"):
                    value = value[:-1] + base
                item[key] = value


def _key(key: str) -> str:
    """The whole key of an abbreviated one; a whole one is itself."""
    if key in _KEYS:
        return key
    return _WHOLE.get(key) or "_".join(_SHORT.get(word, word) for word in key.split("_"))
