"""Lights and displays: the socket of peripherals on a real loop, and pins of gpiozero's mock factory."""

import asyncio
import grp
import json
import os
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPin

from assistant import events
from assistant.errors import ConfigError, EngineError
from assistant.servers.activity import Told
from assistant.servers.peripherals import MAX_BEHIND, MAX_CLIENTS, Peripherals
from tests.rim.broker import until
from tests.rim.test_mqtt_own import House, served


def settings(folder: Path, **more: Any) -> dict[str, Any]:
    return {"peripherals": {"enabled": True, "socket": str(folder / "run/peripherals.sock")}, **more}


@asynccontextmanager
async def reading(folder: Path) -> AsyncIterator[asyncio.StreamReader]:
    reader, writer = await asyncio.open_unix_connection(str(folder / "run/peripherals.sock"))
    try:
        yield reader
    finally:
        writer.close()
        await writer.wait_closed()


async def line(reader: asyncio.StreamReader) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(await asyncio.wait_for(reader.readline(), 10))
    return found


def publish(house: House, *seen: events.Event) -> None:
    for event in seen:
        house.world.brain.publish(event)


def test_the_lines_of_a_turn(tmp_path: Path) -> None:
    async def run() -> None:
        async with served(settings(tmp_path)) as house, reading(tmp_path) as reader:
            first = await line(reader)
            assert (first["peripherals"], first["state"], first["muted"]) == (1, "asleep", False) and first["assistant"]
            publish(house, events.WakeHeard(1, 0.0, "okay_nabu", "en"), events.Transcript(1, 0.0, "my secret", "silence"))
            publish(house, events.Failed(1, 0.0, "engine", "my secret"))
            house.mute(True)
            found = [await line(reader) for _ in range(6)]
            muted = {"event": "muted", "on": True}
            assert muted in found  # told at once, the others when the loop has heard of them
            assert [one for one in found if one != muted] == [
                {"event": "wake", "word": "okay_nabu"},
                {"event": "listening"},
                {"event": "thinking"},
                {"event": "error", "code": "engine"},
                {"event": "asleep"},
            ]
            async with reading(tmp_path) as second:
                assert (await line(second))["muted"] is True

    asyncio.run(run(), debug=True)
    assert not (tmp_path / "run/peripherals.sock").exists()


def test_only_this_user_or_a_group_reaches_it(tmp_path: Path) -> None:
    async def run(**more: str) -> list[int]:
        config = settings(tmp_path)
        config["peripherals"] |= more
        async with served(config):
            at = tmp_path / "run/peripherals.sock"
            return [stat.S_IMODE(at.stat().st_mode), at.stat().st_gid]

    assert asyncio.run(run()) == [0o600, os.getgid()]
    group = grp.getgrgid(os.getgid())
    assert asyncio.run(run(group=group.gr_name)) == [0o660, group.gr_gid]
    with pytest.raises(ConfigError, match="peripherals.group.*'nobody knows it'"):
        asyncio.run(run(group="nobody knows it"))


def test_one_that_reads_nothing_is_dropped_and_the_others_read_on(tmp_path: Path) -> None:
    async def run() -> None:
        made = Peripherals(tmp_path / "run/peripherals.sock", "", dict)
        async with made.serve(), reading(tmp_path) as slow:
            slow._transport.pause_reading()  # type: ignore[attr-defined]
            await until(lambda: len(made._lines) == 1, "the slow one")
            async with reading(tmp_path) as good:
                await line(good)
                for number in range(100_000):
                    made.show(Told("timer", {"id": number, "kind": "x" * 500}))
                    assert (await line(good))["id"] == number
                    if len(made._lines) == 1:
                        break
                assert len(made._lines) == 1 and number > MAX_BEHIND
                made.show(Told("asleep"))
                assert await line(good) == {"event": "asleep"}

    asyncio.run(run(), debug=True)


def test_more_listeners_than_may_be_are_closed(tmp_path: Path) -> None:
    async def run() -> None:
        made = Peripherals(tmp_path / "run/peripherals.sock", "", dict)
        async with made.serve():
            held = [await asyncio.open_unix_connection(str(tmp_path / "run/peripherals.sock")) for _ in range(MAX_CLIENTS)]
            for reader, _ in held:
                await line(reader)
            async with reading(tmp_path) as late:
                with pytest.raises((ConnectionError, json.JSONDecodeError)):
                    await line(late)
            for _, writer in held:
                writer.close()

    asyncio.run(run(), debug=True)


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    before, Device.pin_factory = Device.pin_factory, MockFactory()
    yield Device.pin_factory
    Device.pin_factory.reset()
    Device.pin_factory = before


BOARD = {
    "talk_button": 17,
    "mute_switch": 27,
    "listening_led": 5,
    "thinking_led": 6,
    "speaking_led": 13,
    "muted_led": 19,
    "error_led": 26,
}


def test_the_button_talks_while_it_is_held(pins: MockFactory) -> None:
    async def run() -> None:
        async with served({"gpio": BOARD}) as house:
            pins.pin(17).drive_low()
            await until(lambda: house.asked == ["hold"], "the press")
            pins.pin(17).drive_high()
            await until(lambda: house.asked == ["hold", "release"], "the release")

    asyncio.run(run(), debug=True)


def test_the_switch_mutes(pins: MockFactory) -> None:
    async def run() -> None:
        async with served({"gpio": BOARD}) as house:
            pins.pin(27).drive_low()
            await until(lambda: house.muted and pins.pin(19).state, "mute and its light")
            pins.pin(27).drive_high()
            await until(lambda: not house.muted and not pins.pin(19).state, "the microphone on")
            pins.pin(27).drive_low()
            await until(lambda: house.muted, "mute")
        async with served({"gpio": BOARD}):
            pass  # the pins were free again

    asyncio.run(run(), debug=True)


class Closed(MockPin):  # type: ignore[misc]
    """A pin whose switch is closed from the beginning: stronger than the board's pull-up."""

    def _set_pull(self, value: str) -> None:
        super()._set_pull(value)
        self.drive_low()


def test_a_switch_that_is_closed_at_the_start_mutes(pins: MockFactory) -> None:
    async def run() -> None:
        async with served({"gpio": {"mute_switch": 27}}) as house:
            await until(lambda: house.muted, "mute at the start")

    Device.pin_factory = MockFactory(pin_class=Closed)
    asyncio.run(run(), debug=True)


def test_the_lights_show_what_it_does(pins: MockFactory) -> None:
    def lit() -> list[int]:
        return [pin for pin in (5, 6, 13, 26) if pins.pin(pin).state]

    async def run() -> None:
        async with served({"gpio": BOARD}) as house:
            for event, lights in (
                (events.WakeHeard(1, 0.0, "", "en"), [5]),
                (events.Transcript(1, 0.0, "x", "silence"), [6]),
                (events.AudioStarted(1, 0.0), [13]),
                (events.Failed(1, 0.0, "engine", "x"), [26]),
                (events.WakeHeard(2, 0.0, "", "en"), [5]),
            ):
                publish(house, event)
                await until(lambda lights=lights: lit() == lights, f"{lights} after {event}")  # type: ignore[misc]

    asyncio.run(run(), debug=True)


def test_a_pin_that_cannot_be_used_names_its_key(pins: MockFactory) -> None:
    async def run() -> None:
        async with served({"gpio": {"talk_button": 17, "error_led": 17}}):
            pytest.fail("two things at one pin")

    with pytest.raises(EngineError, match="gpio.talk_button: GPIO17 cannot be used"):
        asyncio.run(run())


def test_without_a_microphone_the_button_does_nothing(pins: MockFactory) -> None:
    async def run() -> None:
        async with served({"gpio": BOARD}, hears=False) as house:
            pins.pin(17).drive_low()
            pins.pin(27).drive_low()
            await until(lambda: house.muted, "the switch, which was pressed later")
            assert house.asked == []

    asyncio.run(run(), debug=True)
