"""Things at a broker, without one: what is read of them, what is sent to them, what is believed. And whatever anybody announces."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.protocols_home import Value
from assistant.servers.mqtt.announce import Names, description
from assistant.servers.mqtt.colors import NAMES, hs_of, name_of, near, rgb_of, rgb_of_hs, rgb_of_xy, xy_of
from assistant.servers.mqtt.discovery import KINDS, Malformed, parse
from assistant.servers.mqtt.lights import AnyLight
from assistant.servers.mqtt.parts import Order, Thing, Unfit, slug
from assistant.servers.mqtt.registry import Registry
from assistant.servers.mqtt.templates import Payload, Unreadable, reader, writer


def thing(component: str, **config: Any) -> Thing:
    """The one thing that a message announces."""
    (announced,) = parse("ha", f"ha/{component}/x/config", json.dumps(config).encode()).things
    return announced.thing


def told(one: Thing, **messages: str) -> dict[str, Value]:
    """Its state after these messages; a topic's dots are written as __."""
    registry = Registry("ha", "own", lambda: 0.0)
    registry.announce(f"ha/{one.domain}/x/config", one.model_dump_json(by_alias=True, exclude_unset=True).encode())
    for topic, payload in messages.items():
        registry.tell(topic, payload.encode())
    (entity,) = registry._ids
    return dict(registry.state(entity) or {})


def sends(one: Thing, verb: str, state: Mapping[str, Value] | None = None, **values: Value) -> list[tuple[str, str]]:
    return list(one.order(verb, values, state or {}).sends)


def refused(one: Thing, verb: str, **values: Value) -> str:
    with pytest.raises(Unfit) as unfit:
        one.order(verb, values, {})
    return unfit.value.reason


# -- templates -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "payload", "value"),
    [
        (None, "ON", "ON"),
        ("{{ value }}", "ON", "ON"),
        ("{{value_json.state}}", '{"state": "ON"}', "ON"),
        ("{{ value_json['a b'].c[1] }}", '{"a b": {"c": [1, 2]}}', "2"),
        ('{{ value_json["x"] }}', '{"x": true}', "True"),
        ("{{ value_json.x | round(1) }}", '{"x": 21.57}', "21.6"),
        ("{{ value_json.x | int }}", '{"x": "7.9"}', "7"),
        ("{{ value_json.x | is_defined }}", '{"x": {"y": 1}}', '{"y": 1}'),
        ("{{ value_json.x }}", '{"y": 1}', None),
        ("{{ value_json.x }}", "no json", None),
        ("{{ value_json.x | float }}", '{"x": "cold"}', None),
        ("{{ value_json[3] }}", "[1]", None),
    ],
)
def test_a_value_is_read(template: str | None, payload: str, value: str | None) -> None:
    assert reader(template)(Payload(payload.encode())) == value


@pytest.mark.parametrize(
    "template",
    [
        "{% if value == 'x' %}ON{% endif %}",
        "{{ value_json.x + 1 }}",
        "{{ states('light.x') }}",
        "{{ value_json.x | regex_replace('a', 'b') }}",
        "{{ value.__class__ }}",
        "{{ value_json.x }}{{ value_json.y }}",
        "{{ value_json." + "x" * 2000 + " }}",
        "{{ lipsum.__globals__ }}",
    ],
)
def test_a_template_that_is_a_program_is_not_run(template: str) -> None:
    with pytest.raises(Unreadable):
        reader(template)


def test_a_value_is_written() -> None:
    assert writer(None)("5") == "5"
    assert writer('{"temperature": {{ value }}}')("21.5") == '{"temperature": 21.5}'
    assert writer("{{ value | int }}")("5") == "5"
    with pytest.raises(Unreadable):
        writer("{{ value * 2 }}")


# -- kinds -----------------------------------------------------------------------------------------------------


def test_a_light_of_topics() -> None:
    lamp = thing("light", cmd_t="c", stat_t="s", bri_cmd_t="bc", bri_stat_t="bs", clr_temp_cmd_t="tc", clr_temp_stat_t="ts",
                 rgb_cmd_t="rc", rgb_stat_t="rs")  # fmt: skip
    assert sends(lamp, "set", brightness=40) == [("bc", "102"), ("c", "ON")]
    assert sends(lamp, "set", brightness=0) == [("c", "OFF")]
    assert sends(lamp, "set", color="red", color_temperature=2700) == [("tc", "370"), ("rc", "255,0,0"), ("c", "ON")]
    assert told(lamp, s="ON", bs="102", ts="370", rs="250,10,0") == {
        "state": "on", "brightness": 40, "color_temperature": 2703, "color": "red",
    }  # fmt: skip
    order = lamp.order("set", {"brightness": 40}, {})
    assert order.sure is not None
    seen: list[dict[str, Value]] = [{"state": "on", "brightness": 41}, {"state": "on", "brightness": 60}, {"state": "on"}, {}]
    assert [order.sure(state) for state in seen] == [True, False, False, False]
    assert [refused(lamp, "set", brightness=101), refused(lamp, "set", color="loud"), refused(lamp, "lock"), refused(lamp, "set")] == [
        "range", "range", "unable", "unable",
    ]  # fmt: skip
    assert refused(lamp, "set", brightness="bananas") == "range" and refused(lamp, "set", position=4) == "unable"


def test_a_light_that_is_turned_on_by_its_brightness_or_before_it() -> None:
    by = thing("light", cmd_t="c", bri_cmd_t="b", on_cmd_type="brightness", bri_scl=100)
    assert sends(by, "turn_on") == [("b", "100")] and sends(by, "set", brightness=30) == [("b", "30")]
    first = thing("light", cmd_t="c", bri_cmd_t="b", on_cmd_type="first")
    assert sends(first, "set", brightness=100) == [("c", "ON"), ("b", "255")]


def test_a_light_of_json() -> None:
    lamp = thing("light", schema="json", cmd_t="c", stat_t="s", brightness=True, sup_clrm=["xy", "color_temp"])
    ((topic, payload),) = sends(lamp, "set", brightness=100, color="blue")
    assert topic == "c" and json.loads(payload) == {"state": "ON", "brightness": 255, "color": {"x": 0.15, "y": 0.06}}
    assert told(lamp, s='{"state": "ON", "brightness": 128, "color": {"x": 0.15, "y": 0.06}, "color_mode": "xy"}') == {
        "state": "on", "brightness": 50, "color": "blue",
    }  # fmt: skip
    assert told(lamp, s='{"state": "OFF", "color_temp": 250}') == {"state": "off", "color_temperature": 4000}
    plain = thing("light", schema="json", cmd_t="c", sup_clrm=["onoff"])
    assert refused(plain, "set", brightness=40) == "unable" and refused(plain, "set", color="red") == "unable"
    assert json.loads(sends(plain, "turn_off")[0][1]) == {"state": "OFF"}


def test_a_light_of_templates_is_passed_over() -> None:
    message = parse("ha", "ha/light/x/config", b'{"schema": "template", "command_topic": "c", "command_on_template": "on"}')
    assert (message.things, message.passed_over) == ((), 1)


def test_a_cover() -> None:
    blind = thing("cover", cmd_t="c", stat_t="s", pos_t="p", set_pos_t="sp", pos_open=0, pos_clsd=100)
    assert sends(blind, "open") == [("c", "OPEN")] and sends(blind, "stop") == [("c", "STOP")]
    assert sends(blind, "set", position=30) == [("sp", "70")]
    assert told(blind, s="opening", p="70") == {"state": "opening", "position": 30}
    assert sends(blind, "toggle", {"state": "open"}) == [("c", "CLOSE")]
    going = blind.order("set", {"position": 30}, {"position": 80})
    assert going.sure is not None and going.sure({"position": 60}) and not going.sure({"position": 90})
    opening = blind.order("open", {}, {})
    assert opening.sure is not None and opening.sure({"state": "opening"}) and not opening.sure({"state": "closed"})
    stopping = blind.order("stop", {}, {})
    assert stopping.sure is not None and stopping.sure({"state": "open"}) and not stopping.sure({"state": "closing"})
    only = thing("cover", pos_t="p", set_pos_t="sp")
    assert sends(only, "close") == [("sp", "0")] and told(only, p="0") == {"state": "closed", "position": 0}
    assert refused(only, "stop") == "unable" and refused(thing("cover", cmd_t="c", pl_stop=None), "fly") == "unable"


def test_a_fan() -> None:
    fan = thing("fan", cmd_t="c", stat_t="s", pct_cmd_t="pc", pct_stat_t="ps", spd_rng_min=1, spd_rng_max=4)
    assert sends(fan, "set", speed=50) == [("pc", "2")] and sends(fan, "set", speed=0) == [("c", "OFF")]
    assert told(fan, s="ON", ps="2") == {"state": "on", "speed": 50}
    assert refused(thing("fan", cmd_t="c"), "set", speed=50) == "unable"


def test_a_climate() -> None:
    heater = thing("climate", mode_cmd_t="mc", mode_stat_t="ms", temp_cmd_t="tc", temp_stat_t="ts", curr_temp_t="ct",
                   modes=["off", "heat"], min_temp=5, max_temp=30, temp_step=0.5, fan_mode_cmd_t="fc")  # fmt: skip
    assert sends(heater, "set", temperature=21.5) == [("tc", "21.5")] and refused(heater, "set", temperature=31) == "range"
    assert sends(heater, "turn_on") == [("mc", "heat")] and sends(heater, "turn_off") == [("mc", "off")]
    assert sends(heater, "set", mode="low") == [("fc", "low")] and refused(heater, "set", mode="cool") == "range"
    assert told(heater, ms="heat", ts="21.5", ct="19") == {
        "state": "heat",
        "temperature": 21.5,
        "current_temperature": 19,
        "unit": "°C",
    }
    order = heater.order("set", {"temperature": 21.5}, {})
    assert order.sure is not None and order.sure({"temperature": 21.6}) and not order.sure({"temperature": 22})
    assert heater.order("turn_on", {}, {"state": "heat"}) == Order((), None)


def test_a_lock_is_locked_when_it_is() -> None:
    lock = thing("lock", cmd_t="c", stat_t="s")
    order = lock.order("lock", {}, {})
    assert order.sends == (("c", "LOCK"),) and order.sure is not None
    assert [order.sure({"state": state}) for state in ("locked", "locking", "unlocked", "jammed")] == [True, False, False, False]
    assert told(lock, s="JAMMED") == {"state": "jammed"}
    assert refused(thing("lock", cmd_t="c", code_format="^\\d{4}$"), "unlock") == "unable"


def test_select_number_button_and_sensors() -> None:
    select = thing("select", cmd_t="c", stat_t="s", ops=["Eco", "Boost"])
    assert sends(select, "set", option="eco") == [("c", "Eco")] and refused(select, "set", option="off") == "range"
    dial = thing("number", cmd_t="c", stat_t="s", min=0, max=10, step=0.5, cmd_tpl='{"level": {{ value }}}')
    assert sends(dial, "set", value=2.5) == [("c", '{"level": 2.5}')] and refused(dial, "set", value=11) == "range"
    assert sends(thing("button", cmd_t="c"), "press") == [("c", "PRESS")]
    assert told(thing("sensor", stat_t="s", unit_of_meas="W"), s="unavailable") == {}
    assert told(thing("sensor", stat_t="s"), s="washing") == {"state": "washing"}
    door = thing("binary_sensor", stat_t="s", val_tpl="{{ value_json.contact }}", pl_on=False, pl_off=True, dev_cla="door")
    assert told(door, s='{"contact": false}') == {"state": "on", "device_class": "door"}


def test_a_state_that_cannot_be_read_confirms_nothing_and_a_cover_goes_by_its_position() -> None:
    program = "{% if value_json.on %}ON{% else %}OFF{% endif %}"
    for one in (
        thing("switch", cmd_t="c", stat_t="s", val_tpl=program),
        thing("fan", cmd_t="c", stat_t="s", stat_val_tpl=program),
        thing("light", cmd_t="c", stat_t="s", stat_val_tpl=program),
    ):
        assert one.order("turn_on", {}, {}).sure is None
    blind = thing("cover", cmd_t="c", stat_t="s", val_tpl=program, pos_t="p", pos_tpl="{{ value_json.position }}", set_pos_t="sp")
    assert told(blind, s='{"on": true}', p='{"position": 40}') == {"state": "open", "position": 40}
    order = blind.order("open", {}, {"state": "closed", "position": 0})
    assert order.sure is not None and order.sure({"state": "open", "position": 40})
    half = blind.order("open", {}, {"state": "open", "position": 40})
    assert half.sure is not None and not half.sure({"state": "open", "position": 40}), "it has not moved"
    assert thing("cover", cmd_t="c", stat_t="s", val_tpl=program).order("open", {}, {}).sure is None


def test_our_own_announcement_is_a_good_one() -> None:
    own = Names("kitchen", "edge-assistant/kitchen", "ha")
    message = parse("ha", own.discovery, description(own, hears=True, speaks=True, heard=True).encode())
    assert message.malformed == "" and message.passed_over == 3, (
        "text and notify are no kinds of ours, wake words are a diagnosis"
    )
    assert sorted(one.object_id for one in message.things) == ["heard", "mute", "reply", "state", "volume"]


def test_a_command_that_only_a_template_could_write_is_not_sent() -> None:
    assert refused(thing("switch", cmd_t="c", cmd_tpl="{{ value | upper }}"), "turn_on") == "unable"


@pytest.mark.parametrize("name", list(NAMES))
def test_colours_survive_the_ways_in_which_lights_tell_them(name: str) -> None:
    rgb = rgb_of(name)
    assert rgb is not None
    assert near(name_of(rgb_of_hs(*hs_of(rgb))), name) and near(name_of(rgb_of_xy(*xy_of(rgb))), name)


# -- discovery and registry ------------------------------------------------------------------------------------


def test_a_base_topic_stands_at_either_end() -> None:
    lamp = thing("light", **{"~": "home/lamp", "cmd_t": "~/set", "stat_t": "tele/~", "avty": [{"t": "~/there"}]})
    assert [read.topic for read in lamp.reads()] == ["tele/home/lamp"]
    assert sends(lamp, "turn_on") == [("home/lamp/set", "ON")] and lamp.all_availability()[0].topic == "home/lamp/there"


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("ha/light/config", b"{}"),
        ("other/light/x/config", b"{}"),
        ("ha/light/x/config", b"{"),
        ("ha/light/x/config", b"7"),
        ("ha/light/x/config", b"{}"),
        ("ha/light/x/config", b'{"cmd_t": "a/+"}'),
        ("ha/light/x/config", b'{"cmd_t": "c", "bri_scl": 0}'),
        ("ha/light/x/config", b'{"cmd_t": "c", "dev": 4}'),
        ("ha/device/x/config", b'{"dev": {}}'),
        ("ha/sensor/x/config", b'{"stat_t": "s", "name": ' + b"[" * 100_000),
        ("ha/number/x/config", b'{"cmd_t": "c", "min": NaN}'),
    ],
)
def test_malformed_messages_say_what_is_wrong(topic: str, payload: bytes) -> None:
    with pytest.raises(Malformed, match="."):
        parse("ha", topic, payload)


def test_one_bad_component_does_not_spoil_its_device() -> None:
    message = parse("ha", "ha/device/d/config", json.dumps({"dev": {"ids": "d"}, "cmps": {
        "a": {"p": "switch"}, "b": {"p": "switch", "cmd_t": "c"}, "e": {"p": "switch", "cmd_t": 4}, "f": 7, "g": {"p": "camera", "t": "x"},
    }}).encode())  # fmt: skip
    assert [one.key for one in message.things] == ["ha/device/d/config#b"]
    assert message.malformed.startswith("component e: command_topic") and message.passed_over == 1


def test_what_is_no_matter_of_daily_use_is_passed_over() -> None:
    for more in ({"ent_cat": "config"}, {"en": False}):
        assert parse("ha", "ha/switch/x/config", json.dumps({"cmd_t": "c"} | more).encode()).things == ()


def test_names_come_of_the_device_and_the_thing() -> None:
    device = {"name": "Desk", "ids": ["d"]}
    found = [
        thing("light", cmd_t="c", **config).spoken_name("obj_1")
        for config in ({"name": "Lamp", "dev": device}, {"name": None, "dev": device}, {"name": "Desk lamp", "dev": device}, {})
    ]
    assert found == ["Desk Lamp", "Desk", "Desk lamp", "obj 1"]
    assert thing("light", cmd_t="c", name="客厅 灯").entity_id("x") == "light.客厅_灯" and slug("A-b  c!") == "a_b_c"
    assert thing("light", cmd_t="c", name="Lamp", def_ent_id="light.mine").entity_id("x") == "light.mine"


def registry() -> Registry:
    return Registry("ha", "own", lambda: 0.0)


def announce(made: Registry, place: str, **config: Any) -> Any:
    return made.announce(f"ha/switch/{place}/config", json.dumps(config).encode())


def test_two_of_one_name_have_two_ids_and_a_change_keeps_the_id() -> None:
    made = registry()
    assert announce(made, "a", name="Pump", cmd_t="a", stat_t="sa").listen == {"sa"}
    announce(made, "b", name="Pump", cmd_t="b")
    assert made.version == 0 and made.settle() and made.version == 1 and not made.settle()
    assert [entity.id for entity in made.entities()] == ["switch.pump", "switch.pump_2"]
    change = announce(made, "a", name="Pump", cmd_t="a", stat_t="new")
    assert (change.listen, change.leave) == ({"new"}, {"sa"})
    assert sorted(made._ids) == ["switch.pump", "switch.pump_2"]
    announce(made, "a", name="Pump", cmd_t="a", stat_t="new")
    made.settle()
    assert not made.settle()


def test_a_topic_of_two_things_is_left_with_the_second() -> None:
    made = registry()
    announce(made, "a", name="A", cmd_t="a", stat_t="s")
    assert announce(made, "b", name="B", cmd_t="b", stat_t="s").listen == frozenset()
    assert made.announce("ha/switch/a/config", b"").leave == frozenset()
    assert made.announce("ha/switch/b/config", b"").leave == {"s"}
    assert made.topics() == []


def test_our_own_device_is_no_thing_of_the_home() -> None:
    made = registry()
    announce(made, "a", name="Mute", cmd_t="a", dev={"ids": ["own"]})
    announce(made, "b", name="Mute", cmd_t="a", dev={"ids": "own"})
    assert made._ids == {}


@pytest.mark.parametrize(
    ("mode", "there"), [("all", [False, False, True]), ("any", [False, True, True]), ("latest", [False, True, True])]
)
def test_whether_a_thing_is_there(mode: str, there: list[bool]) -> None:
    made = registry()
    announce(made, "a", name="A", cmd_t="a", avty=[{"t": "x"}, {"t": "y", "pl_avail": 1}], avty_mode=mode)
    seen = []
    for topic, payload in (("z", b""), ("x", b"online"), ("y", b"1")):
        made.tell(topic, payload)
        found = made.thing("switch.a")
        assert found is not None
        seen.append(found[1])
    assert seen == there


def test_an_old_value_is_none() -> None:
    now = [0.0]
    made = Registry("ha", "own", lambda: now[0])
    made.announce("ha/sensor/a/config", b'{"name": "A", "stat_t": "s", "exp_aft": 60}')
    made.tell("s", b"4")
    assert made.state("sensor.a") == {"state": 4}
    now[0] = 61.0
    assert made.state("sensor.a") is None


def test_a_template_that_is_a_program_makes_that_unknown_and_is_counted() -> None:
    made = registry()
    announce(made, "a", name="A", cmd_t="a", stat_t="s", val_tpl="{% set x = 1 %}{{ x }}")
    made.tell("s", b"ON")
    assert made.state("switch.a") is None and made.counts["unreadable"] == 1


TEXTS = st.text(max_size=20) | st.sampled_from(["a/b", "~/x", "#", "{{ value_json.x }}", "{% x %}", "ON", "json", "off"])
KEYS = st.sampled_from(
    [
        *sorted({key for kind in KINDS.values() for key in kind.model_fields}),
        "cmd_t",
        "stat_t",
        "dev",
        "cmps",
        "~",
        "avty",
        "schema",
        "sup_clrm",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | TEXTS, inner, max_size=5),
    max_leaves=20,
)
VERBS = st.sampled_from(
    ["turn_on", "turn_off", "toggle", "open", "close", "stop", "lock", "unlock", "set", "press", "activate", "play"]
)
SETS = st.dictionaries(
    st.sampled_from(["brightness", "color", "temperature", "position", "speed", "option", "value", "mode", "color_temperature"]),
    st.integers() | st.floats() | st.text(max_size=8) | st.booleans(), max_size=3,
)  # fmt: skip


def all_of(made: Registry) -> Iterator[str]:
    made.settle()
    return iter([entity.id for entity in made.entities()])


@settings(max_examples=300, deadline=None)
@given(
    component=st.sampled_from([*KINDS, "device", "camera"]),
    config=st.dictionaries(KEYS | TEXTS, VALUES, max_size=12) | st.fixed_dictionaries({"cmd_t": st.just("c"), "stat_t": st.just("s"), "ops": st.just(["a"])}, optional={"dev": VALUES, "avty": VALUES, "val_tpl": TEXTS, "name": VALUES}),
    payload=st.binary(max_size=30) | st.sampled_from([b"ON", b"1e999", b'{"state": "ON", "brightness": "x", "color": {"x": 0}}']),
    verb=VERBS,
    values=SETS,
)  # fmt: skip
def test_whatever_is_announced_told_or_asked_nothing_breaks(
    component: str, config: dict[str, Any], payload: bytes, verb: str, values: dict[str, Value]
) -> None:
    made = registry()
    made.announce(f"ha/{component}/x/config", json.dumps(config).encode())
    for topic in made.topics():
        made.tell(topic, payload)
    for entity in all_of(made):
        made.state(entity)
        found = made.thing(entity)
        assert found is not None
        try:
            order = found[0].order(verb, values, made.state(entity) or {})
        except Unfit:
            continue
        assert all(topic and "#" not in topic for topic, _ in order.sends)
        if order.sure is not None:
            order.sure(made.state(entity) or {})
    made.announce(f"ha/{component}/x/config", b"")
    assert made.topics() == [] and list(all_of(made)) == []


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="{}%[]'\"._ value_json|0", max_size=60), st.text(max_size=40))
def test_any_template_is_read_or_refused(template: str, payload: str) -> None:
    try:
        read = reader(template)
    except Unreadable:
        return
    assert isinstance(read(Payload(payload.encode("utf-8", "replace"))), str | None)


def test_odd_values_are_no_fault_of_ours() -> None:
    made = registry()
    announce(made, "odd", **{"~": "a", "command_topic": "~/x", "availability": 5})
    light = thing("light", cmd_t="c", clr_temp_stat_t="t", clr_temp_cmd_t="k")
    assert isinstance(light, AnyLight)
    assert light.kelvin("1e-310") is None and light.kelvin("400") == {"color_temperature": 2500}
