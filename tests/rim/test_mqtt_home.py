"""The home over MQTT, at a real mosquitto: things are learned, commanded, and believed only when they tell that it was done."""

import asyncio
import json
import logging
import re
import signal
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.config import Config
from assistant.errors import ConfigError, EngineUnavailable
from assistant.protocols_home import Action, Receipt
from assistant.servers.links import Links
from assistant.servers.mqtt.home import MAX_WAITING, MqttHome
from assistant.servers.mqtt.link import Backoff, Link
from tests.rim.broker import Broker, Device, device, lines, until

LAMP = {"name": None, "uniq_id": "l1", "cmd_t": "~/set", "stat_t": "~/state", "~": "home/lamp",
        "dev": {"ids": ["l1"], "name": "Kitchen lamp", "sa": "Kitchen"}}  # fmt: skip


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path)
    yield made
    made.stop()


def made(port: int, **mqtt: Any) -> tuple[MqttHome, Link]:
    """A home and its link, which tries again at once."""
    links = Links(Config.model_validate({"mqtt": {"host": "127.0.0.1", "port": port, "client_id": "test", **mqtt}}))
    assert links._home is not None and links._login is not None
    return links._home, Link(links._login, links._home, None, Backoff(0.05, 0.1))


@asynccontextmanager
async def linked(port: int, connected: bool = True, **mqtt: Any) -> AsyncIterator[MqttHome]:
    """A home that is connected, or tries to be."""
    home, link = made(port, **mqtt)
    task = asyncio.create_task(link.run())
    try:
        if connected:
            await until(lambda: home.connected, "the connection")
        yield home
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def receipts(home: MqttHome, *actions: Action) -> Sequence[Receipt]:
    pending = home.act(actions)
    await until(lambda: pending.receipts() is not None, "receipts")
    found = pending.receipts()
    assert found is not None
    return found


async def outcome(home: MqttHome, entity: str, verb: str, **values: Any) -> str:
    """Outcome and reason of one action."""
    (one,) = await receipts(home, Action(entity, verb, values))
    return f"{one.outcome} {one.reason}".strip()


def at(broker: Broker, test: Callable[[MqttHome, Device], Awaitable[None]], **mqtt: Any) -> None:
    """Run a test with a home and a device at a broker."""

    async def run() -> None:
        async with device(broker.port) as other, linked(broker.port, **mqtt) as home:
            await test(home, other)

    asyncio.run(run(), debug=True)


def echo(topic: str) -> Callable[[str], tuple[str, str]]:
    return lambda payload: (topic, payload)


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_a_lamp_is_learned_and_is_on_when_it_says_so(broker: Broker, version: str) -> None:
    async def test(home: MqttHome, other: Device) -> None:
        await other.listen("home/lamp/set")
        other.answers["home/lamp/set"] = echo("home/lamp/state")
        await other.tell("homeassistant/light/lamp/config", LAMP)
        await until(lambda: home.version, "the lamp")
        (lamp,) = home.entities()
        assert (lamp.id, lamp.name, lamp.area) == ("light.kitchen_lamp", "Kitchen lamp", "Kitchen")
        assert [area.name for area in home.areas()] == ["Kitchen"]
        assert home.state(lamp.id) is None
        assert await outcome(home, lamp.id, "turn_on") == "done"
        assert other.last("home/lamp/set") == "ON" and home.state(lamp.id) == {"state": "on"}
        assert await outcome(home, lamp.id, "toggle") == "done" and home.state(lamp.id) == {"state": "off"}

    at(broker, test, version=version)


def test_what_was_announced_before_is_learned_with_its_state(broker: Broker) -> None:
    async def run() -> None:
        async with device(broker.port) as other:
            await other.tell("homeassistant/light/lamp/config", LAMP)
            await other.tell("home/lamp/state", "ON")
        async with linked(broker.port) as home:
            await until(lambda: home.state("light.kitchen_lamp"), "the state")
            assert home.state("light.kitchen_lamp") == {"state": "on"}

    asyncio.run(run(), debug=True)


def test_a_device_with_components_is_learned_and_an_empty_message_takes_it_away(broker: Broker) -> None:
    message = {
        "dev": {"ids": "d1", "name": "Heater", "sa": "Bath"}, "o": {"name": "test"}, "avty_t": "bath/there",
        "cmps": {
            "t": {"p": "sensor", "name": "Temperature", "uniq_id": "d1t", "stat_t": "bath", "val_tpl": "{{ value_json.t }}",
                  "unit_of_meas": "°C", "dev_cla": "temperature"},
            "h": {"p": "switch", "name": None, "uniq_id": "d1h", "cmd_t": "bath/set", "stat_t": "bath", "val_tpl": "{{value_json.on}}"},
        },
    }  # fmt: skip

    async def test(home: MqttHome, other: Device) -> None:
        await other.tell("homeassistant/device/d1/config", message)
        await other.tell("bath/there", "online")
        await other.tell("bath", {"t": 21.5, "on": "OFF"})
        await until(lambda: home.state("switch.heater"), "its state")
        assert {entity.id: entity.area for entity in home.entities()} == {
            "sensor.heater_temperature": "Bath",
            "switch.heater": "Bath",
        }
        assert home.state("sensor.heater_temperature") == {"state": 21.5, "unit": "°C", "device_class": "temperature"}
        await other.tell("bath/there", "offline")
        await until(lambda: home.state("switch.heater") is None, "it to be away")
        assert await outcome(home, "switch.heater", "turn_on") == "failed away"
        before = home.version
        await other.tell("homeassistant/device/d1/config", "")
        await until(lambda: home.version > before, "it to be gone")
        assert list(home.entities()) == [] and await outcome(home, "switch.heater", "turn_on") == "failed unknown"

    at(broker, test)


def test_a_thing_that_does_not_obey_is_a_timeout_and_one_that_nobody_hears_is_away(broker: Broker) -> None:
    async def test(home: MqttHome, other: Device) -> None:
        await other.tell("homeassistant/light/lamp/config", LAMP)
        await until(lambda: home.version, "the lamp")
        assert await outcome(home, "light.kitchen_lamp", "turn_on") == "failed away", "nobody listens to its commands"
        await other.listen("home/lamp/set")
        assert await outcome(home, "light.kitchen_lamp", "turn_on") == "timeout"
        assert other.last("home/lamp/set") == "ON"
        assert await outcome(home, "light.kitchen_lamp", "toggle") == "failed unconfirmed", "from what?"
        assert await outcome(home, "light.kitchen_lamp", "open") == "failed unable"
        assert await outcome(home, "light.kitchen_lamp", "set", brightness=40) == "failed unable"

    at(broker, test, confirm_s=0.5)


def test_a_thing_without_a_state_is_done_when_the_broker_and_somebody_has_it(broker: Broker) -> None:
    async def test(home: MqttHome, other: Device) -> None:
        await other.listen("party")
        await other.tell("homeassistant/scene/party/config", {"name": "Party", "command_topic": "party"})
        await other.tell("homeassistant/switch/pump/config", {"name": "Pump", "command_topic": "party", "pl_on": 1, "pl_off": 0})
        await until(lambda: len(home.entities()) == 2, "both")
        assert await outcome(home, "scene.party", "activate") == "done" and other.last("party") == "ON"
        assert await outcome(home, "switch.pump", "turn_on") == "done" and other.last("party") == "1"
        assert home.state("switch.pump") == {"state": "on"}, "taken for it"

    at(broker, test)


def test_several_actions_have_a_receipt_each(broker: Broker) -> None:
    async def test(home: MqttHome, other: Device) -> None:
        await other.listen("home/lamp/set")
        other.answers["home/lamp/set"] = echo("home/lamp/state")
        await other.tell("homeassistant/light/lamp/config", LAMP)
        await until(lambda: home.version, "the lamp")
        lamp = "light.kitchen_lamp"
        found = await receipts(home, Action(lamp, "turn_on"), Action("light.none", "turn_on"), Action(lamp, "fly"))
        assert [(one.action.verb, one.outcome, one.reason) for one in found] == [
            ("turn_on", "done", ""), ("turn_on", "failed", "unknown"), ("fly", "failed", "unable"),
        ]  # fmt: skip

    at(broker, test)


def test_what_is_dropped_before_it_is_sent_is_not_sent(broker: Broker) -> None:
    async def test(home: MqttHome, other: Device) -> None:
        await other.listen("party")
        await other.tell("homeassistant/scene/party/config", {"name": "Party", "command_topic": "party"})
        await until(lambda: home.version, "the scene")
        pending = home.act([Action("scene.party", "activate")])
        pending.drop()  # the loop has not run since
        await until(lambda: pending.receipts() is not None, "a receipt")
        assert [(one.outcome, one.reason) for one in pending.receipts() or ()] == [("failed", "dropped")]
        assert await outcome(home, "scene.party", "activate") == "done"
        assert other.heard == [("party", "ON")]

    at(broker, test)


@pytest.mark.parametrize("kill", [True, False])
def test_a_broker_that_ends_is_away_and_all_is_well_when_it_is_back(broker: Broker, kill: bool) -> None:
    async def run() -> None:
        async with device(broker.port) as other:
            await other.tell("homeassistant/light/lamp/config", LAMP)
            await other.tell("home/lamp/state", "ON")
        broker.stop()  # it writes down what is retained
        broker.start()
        async with linked(broker.port) as home:
            await until(lambda: home.state("light.kitchen_lamp"), "the state")
            broker.stop(kill=kill)
            await until(lambda: not home.connected, "it to be noticed")
            assert home.state("light.kitchen_lamp") is None and len(home.entities()) == 1
            assert await outcome(home, "light.kitchen_lamp", "turn_off") == "failed away"
            broker.start()
            await until(lambda: home.state("light.kitchen_lamp"), "the state again")
            async with device(broker.port) as other:
                await other.listen("home/lamp/set")
                other.answers["home/lamp/set"] = echo("home/lamp/state")
                assert await outcome(home, "light.kitchen_lamp", "turn_off") == "done"

    asyncio.run(run(), debug=True)


def test_a_connection_that_is_lost_in_the_middle_leaves_it_unconfirmed(broker: Broker) -> None:
    async def run() -> None:
        async with device(broker.port) as other:
            await other.tell("homeassistant/light/lamp/config", LAMP)
        async with linked(broker.port, confirm_s=30) as home:
            await until(lambda: home.version, "the lamp")
            assert broker.process is not None
            broker.process.send_signal(signal.SIGSTOP)  # it takes what is sent and says nothing
            first, second = (
                home.act([Action("light.kitchen_lamp", "turn_on")]),
                home.act([Action("light.kitchen_lamp", "turn_on")]),
            )
            await until(lambda: not home.inbox._items, "it to be sent")
            third = home.act([Action("light.kitchen_lamp", "turn_on")])
            broker.stop(kill=True)
            await until(lambda: all(one.receipts() is not None for one in (first, second, third)), "receipts")
            found = [(one.receipts() or ())[0] for one in (first, second, third)]
            assert [(one.outcome, one.reason) for one in found] == [
                ("failed", "unconfirmed"), ("failed", "unconfirmed"), ("failed", "away"),
            ]  # fmt: skip

    asyncio.run(run(), debug=True)


def test_more_commands_than_may_wait_are_busy(broker: Broker) -> None:
    async def test(home: MqttHome, other: Device) -> None:
        await other.listen("party")
        await other.tell("homeassistant/scene/party/config", {"name": "Party", "command_topic": "party"})
        await until(lambda: home.version, "the scene")
        many = [home.act([Action("scene.party", "activate")]) for _ in range(MAX_WAITING + 1)]  # the loop has not run since
        assert [(one.outcome, one.reason) for one in many[-1].receipts() or ()] == [("failed", "busy")]
        await until(lambda: all(one.receipts() is not None for one in many), "receipts")
        assert {(one.receipts() or ())[0].outcome for one in many[:-1]} == {"done"}

    at(broker, test)


def test_a_fault_of_ours_is_in_the_log_and_the_link_comes_back(
    broker: Broker, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        async with linked(broker.port) as home, device(broker.port) as other:
            with monkeypatch.context() as patch:
                patch.setattr(home.registry, "settle", lambda *_: 1 / 0)
                await other.tell("homeassistant/light/lamp/config", LAMP)
                await until(lambda: "a fault of ours" in caplog.text, "a line in the log")
            await until(lambda: home.connected and home.version, "the lamp")

    asyncio.run(run(), debug=True)
    assert "ZeroDivisionError" in caplog.text


def test_a_message_that_cannot_be_read_is_left_out_and_the_next_is_read(
    broker: Broker, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        async with linked(broker.port) as home, device(broker.port) as other:
            with monkeypatch.context() as patch:
                patch.setattr(home.registry, "announce", lambda *_: 1 / 0)
                await other.tell("homeassistant/light/odd/config", LAMP)
                await until(lambda: home.registry.counts["malformed"], "the odd one")
            await other.tell("homeassistant/light/lamp/config", LAMP)
            await until(lambda: home.version, "the lamp")

    with caplog.at_level(logging.WARNING):
        asyncio.run(run(), debug=True)
    assert [line for line in lines(caplog) if "fault" not in line] == [
        "mqtt: 'homeassistant/light/odd/config' cannot be read (ZeroDivisionError); it is left out"
    ]


def test_the_wait_doubles_to_its_end_and_is_never_the_same_for_all() -> None:
    most, least = Backoff(1.0, 60.0, lambda: 1.0), Backoff(1.0, 60.0, lambda: 0.0)
    assert [most.wait_s() for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert [least.wait_s() for _ in range(3)] == [0.5, 1, 2]
    most.reset()
    assert most.wait_s() == 1


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"password_file": "right"}, "mqtt.username: is empty"),
        ({"username": "anna", "password_file": "/nowhere"}, "mqtt.password_file: /nowhere cannot be read"),
        ({"tls": True, "ca_file": "/nowhere.pem"}, "mqtt.ca_file: /nowhere.pem cannot be read"),
        ({"base_topic": "a/#"}, "mqtt.base_topic: 'a/#' is no topic"),
    ],
)
def test_what_is_configured_wrongly_is_said_before_anything_starts(tmp_path: Path, settings: dict[str, Any], line: str) -> None:
    if settings.get("password_file") == "right":
        settings = settings | {"password_file": secret(tmp_path / "right", "horse")}
    with pytest.raises(ConfigError, match=line):
        made(1883, **settings)


@pytest.mark.parametrize(
    ("package", "module", "config", "command"),
    [
        ("aiomqtt", "assistant.servers.mqtt.wire", {"mqtt": {"host": "h"}}, "mqtt.host: aiomqtt is not installed; run scripts/setup --home"),
        ("gpiozero", "", {"gpio": {"muted_led": 4}}, "gpio: gpiozero is not installed; run scripts/setup --gpio"),
        ("httpx", "assistant.servers.home_assistant", {"home": {"assistant": {"url": "http://h"}}},
         "home.assistant.url: httpx is not installed; run scripts/setup --home"),
    ],
)  # fmt: skip
def test_a_package_that_is_missing_names_the_command(
    package: str, module: str, config: dict[str, Any], command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name == module or name == "assistant.servers.mqtt.link"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(EngineUnavailable, match=re.escape(command)):
        Links(Config.model_validate(config))


def test_without_a_broker_it_is_away_and_tries_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        from tests.rim.broker import free_port

        port = free_port()
        async with linked(port, connected=False) as home:
            await until(lambda: lines(caplog), "a line in the log")
            assert home.act([Action("light.any", "turn_on")]).receipts() == [
                Receipt(Action("light.any", "turn_on"), "failed", "away")
            ]
            late = Broker(tmp_path, port=port)
            await until(lambda: home.connected, "the connection")
            late.stop()

    with caplog.at_level(logging.WARNING):
        asyncio.run(run(), debug=True)
    assert "Connect call failed" in caplog.text or "Connection refused" in caplog.text
    assert len([line for line in lines(caplog) if "refused" in line.lower() or "failed" in line]) <= 2


def passwords(folder: Path, user: str, password: str) -> Path:
    path = folder / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(path), user, password], check=True, capture_output=True)
    return path


def secret(path: Path, text: str) -> str:
    path.write_text(f"{text}\n")
    path.chmod(0o600)
    return str(path)


def test_a_user_and_a_password(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    broker = Broker(tmp_path, f"password_file {passwords(tmp_path, 'anna', 'right horse')}", anonymous=False)

    async def run() -> None:
        right, wrong = secret(tmp_path / "right", "right horse"), secret(tmp_path / "wrong", "wrong horse")
        async with linked(broker.port, username="anna", password_file=right):
            pass
        for version in ("5", "3.1.1"):
            caplog.clear()
            options = {"username": "anna", "password_file": wrong, "version": version}
            async with linked(broker.port, connected=False, **options) as home:
                await until(lambda: lines(caplog), "a line in the log")
                assert not home.connected
            assert "refuses the user or the password" in caplog.text and "mqtt.password_file" in caplog.text
            assert "horse" not in caplog.text

    try:
        with caplog.at_level(logging.WARNING):
            asyncio.run(run(), debug=True)
    finally:
        broker.stop()


def test_what_the_brokers_access_list_forbids_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "acl").write_text("topic readwrite homeassistant/#\ntopic readwrite home/lamp/state\ntopic read home/lamp/set\n")
    broker = Broker(tmp_path, f"acl_file {tmp_path}/acl")

    async def test(home: MqttHome, other: Device) -> None:
        await other.listen("home/lamp/set")
        await other.tell("homeassistant/light/lamp/config", LAMP)
        await until(lambda: home.version, "the lamp")
        assert await outcome(home, "light.kitchen_lamp", "turn_on") == "refused rejected"

    try:
        at(broker, test)
    finally:
        broker.stop()


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "broker of a test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return cert_file, key_file


def test_tls_with_the_brokers_certificate_and_without_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cert, key = certificate(tmp_path)
    broker = Broker(tmp_path, f"certfile {cert}", f"keyfile {key}")

    async def run() -> None:
        async with linked(broker.port, tls=True, ca_file=str(cert)) as home:
            context = ssl.create_default_context(cafile=str(cert))
            async with device(broker.port, tls_context=context) as other:
                await other.tell("homeassistant/light/lamp/config", LAMP)
                await until(lambda: home.version, "the lamp")
        async with linked(broker.port, connected=False, tls=True) as home:
            await until(lambda: re.search("certificate.*see mqtt.tls and mqtt.ca_file", caplog.text), "a line in the log")
            assert not home.connected

    try:
        with caplog.at_level(logging.WARNING):
            asyncio.run(run(), debug=True)
    finally:
        broker.stop()


def test_malformed_announcements_are_counted_and_said_once(broker: Broker, caplog: pytest.LogCaptureFixture) -> None:
    async def test(home: MqttHome, other: Device) -> None:
        for payload in ("{", "[1]", '{"cmd_t": 3}', '{"cmd_t": "a/#"}', json.dumps({"cmd_t": "x"} | {"name": "n" * 200_000})):
            await other.tell("homeassistant/switch/broken/config", payload, retain=False)
        await other.tell("homeassistant/light/lamp/config", LAMP)
        await until(lambda: home.entities(), "the lamp")
        assert home.registry.counts["malformed"] == 4

    with caplog.at_level(logging.WARNING, "assistant"):
        at(broker, test)
    [line] = [line for line in lines(caplog) if "malformed" in line or "broken" in line]
    assert "'homeassistant/switch/broken/config'" in line


def test_ten_thousand_things_are_learned_and_no_more(broker: Broker, caplog: pytest.LogCaptureFixture) -> None:
    from assistant.servers.mqtt.registry import MAX_ENTITIES

    async def test(home: MqttHome, other: Device) -> None:
        for start in range(0, MAX_ENTITIES + 100, 400):
            message = {"dev": {"ids": [f"d{start}"], "name": f"Device {start}"}, "o": {"name": "t"}, "cmps": {
                str(n): {"p": "switch", "name": f"Switch {n}", "uniq_id": str(n), "cmd_t": f"s/{n}/set", "stat_t": f"s/{n}"}
                for n in range(start, min(start + 400, MAX_ENTITIES + 100))
            }}  # fmt: skip
            await other.tell(f"homeassistant/device/d{start}/config", message)
        await until(lambda: len(home.entities()) == MAX_ENTITIES and home.registry.counts["too_many"] == 100, "all of them")
        await other.listen("s/7/set")
        other.answers["s/7/set"] = echo("s/7")
        assert await outcome(home, "switch.device_0_switch_7", "turn_on") == "done"

    with caplog.at_level(logging.WARNING, "assistant"):
        at(broker, test)
    assert [line for line in lines(caplog) if "10000 things" in line]
