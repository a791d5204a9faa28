"""The assistant as a device at a real broker: announced, telling what it does, and commanded as everybody commands it."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant import events
from assistant.audio.volume import Volume
from assistant.cancel import CancelToken
from assistant.config import Config
from assistant.protocols_home import Action, Receipt
from assistant.servers.bridge import AsyncBrain
from assistant.servers.links import LinkDoors, Links
from assistant.servers.mqtt.home import MqttHome
from tests.rim.broker import Broker, Device, device, until
from tests.turn.world import World

BASE = "edge-assistant/test"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path)
    yield made
    made.stop()


class House:
    """A scripted assistant, its brain on a thread, linked to a broker."""

    def __init__(self, links: Links, *, hears: bool = True) -> None:
        self.world, self.links, self.hears = World(), links, hears
        self.volume = Volume(None)
        self.muted = False
        self.asked: list[str] = []

    def mute(self, on: bool | None) -> bool:
        self.muted = not self.muted if on is None else on
        self.links.mute_is(self.muted)
        return self.muted

    def doors(self) -> LinkDoors:
        return LinkDoors(
            brain=AsyncBrain(self.world.brain),
            sink=self.world.sink if self.hears else None,
            ask=self.asked.append if self.hears else None,
            mute=self.mute,
            muted=lambda: self.muted,
            speaking=self.world.brain.speaking,
            volume=self.volume if self.hears else None,
            wake_words=("okay_nabu",) if self.hears else (),
        )


@asynccontextmanager
async def served(config: dict[str, Any], *, hears: bool = True) -> AsyncIterator[House]:
    links, stop = Links(Config.model_validate(config)), CancelToken()
    house = House(links, hears=hears)
    thread = threading.Thread(target=house.world.brain.run, args=(stop,))
    thread.start()
    try:
        async with links.serve(house.doors()):
            yield house
    finally:
        stop.cancel("shutdown")
        await asyncio.to_thread(thread.join, 5)


def settings(broker: Broker, **mqtt: Any) -> dict[str, Any]:
    return {"mqtt": {"host": "127.0.0.1", "port": broker.port, "client_id": "test", **mqtt}}


def at(broker: Broker, test: Callable[[House, Device], Awaitable[None]], *, hears: bool = True, **mqtt: Any) -> None:
    async def run() -> None:
        async with device(broker.port) as other:
            await other.listen(f"{BASE}/#", "homeassistant/device/test/config")
            async with served(settings(broker, **mqtt), hears=hears) as house:
                await until(lambda: other.last(f"{BASE}/availability") == "online", "it to be there")
                await test(house, other)
            await until(lambda: other.last(f"{BASE}/availability") == "offline", "it to say goodbye")

    asyncio.run(run(), debug=True)


def test_it_is_announced_as_one_device(broker: Broker) -> None:
    async def test(_: House, other: Device) -> None:
        found = json.loads(other.last("homeassistant/device/test/config") or "")
        assert {key: part["p"] for key, part in found["cmps"].items()} == {
            "state": "sensor", "ask": "text", "reply": "sensor", "mute": "switch", "wake_words": "sensor", "say": "notify",
            "volume": "number",
        }  # fmt: skip
        unique = [part["uniq_id"] for part in found["cmps"].values()]
        assert len(set(unique)) == len(unique) and found["dev"]["ids"] == ["test"] and found["o"]["name"]
        assert found["avty"] == [{"t": f"{BASE}/availability"}]
        assert other.last(f"{BASE}/state") == "asleep" and other.last(f"{BASE}/mute") == "OFF"
        assert other.last(f"{BASE}/volume") == "100" and other.last(f"{BASE}/wake_words") == "okay_nabu"

    at(broker, test)


def test_without_a_microphone_nothing_is_promised_that_is_not_there(broker: Broker) -> None:
    async def test(_: House, other: Device) -> None:
        found = json.loads(other.last("homeassistant/device/test/config") or "")
        assert set(found["cmps"]) == {"state", "ask", "reply"}
        await other.tell(f"{BASE}/say", "hello", retain=False)
        await other.tell(f"{BASE}/mute/set", "ON", retain=False)
        await other.tell(f"{BASE}/ask", "are you there", retain=False)
        await until(lambda: other.last(f"{BASE}/reply"), "a reply")

    at(broker, test, hears=False)


def test_its_own_device_is_no_thing_of_the_home(broker: Broker) -> None:
    async def test(house: House, other: Device) -> None:
        await other.tell("homeassistant/switch/pump/config", {"name": "Pump", "cmd_t": "p"})
        await until(lambda: house.links.home is not None and house.links.home.entities(), "the pump")
        assert house.links.home is not None and [entity.id for entity in house.links.home.entities()] == ["switch.pump"]

    at(broker, test)


def test_what_it_is_asked_is_answered_and_cut_where_a_state_must_end(broker: Broker) -> None:
    async def test(house: House, other: Device) -> None:
        house.world.model.enqueue("Yes. " * 100)
        await other.tell(f"{BASE}/ask", "are you there", retain=False)
        await until(lambda: other.last(f"{BASE}/reply"), "a reply")
        found = json.loads(other.last(f"{BASE}/reply") or "")
        assert len(found["state"]) == 255 and found["text"].startswith("Yes. Yes.") and len(found["text"]) > 400 and found["ok"]
        assert [key for key in house.world.talks] == ["mqtt"]

    at(broker, test)


def test_mute_and_volume_go_both_ways(broker: Broker) -> None:
    async def test(house: House, other: Device) -> None:
        await other.tell(f"{BASE}/mute/set", "ON", retain=False)
        await until(lambda: other.last(f"{BASE}/mute") == "ON", "it to be muted")
        assert house.muted
        house.mute(False)
        await until(lambda: other.last(f"{BASE}/mute") == "OFF", "it to be told")
        await other.tell(f"{BASE}/volume/set", "30", retain=False)
        await until(lambda: other.last(f"{BASE}/volume") == "30", "the volume")
        assert house.volume.percent == 30
        await other.tell(f"{BASE}/volume/set", "loud", retain=False)
        await other.tell(f"{BASE}/volume/set", "300", retain=False)
        await until(lambda: other.last(f"{BASE}/volume") == "100", "the volume")

    at(broker, test)


def test_an_old_command_is_not_obeyed(broker: Broker) -> None:
    async def run() -> None:
        async with device(broker.port) as other:
            await other.tell(f"{BASE}/mute/set", "ON", retain=True)
            await other.listen(f"{BASE}/#")
            async with served(settings(broker)) as house:
                await until(lambda: other.last(f"{BASE}/availability") == "online", "it to be there")
                await other.tell(f"{BASE}/volume/set", "20", retain=False)
                await until(lambda: house.volume.percent == 20, "the next command")
                assert not house.muted

    asyncio.run(run(), debug=True)


def test_what_it_does_is_told_and_what_was_heard_only_when_asked_for(broker: Broker) -> None:
    async def test(house: House, other: Device) -> None:
        brain = house.world.brain
        brain.publish(events.WakeHeard(7, 0.0, "okay_nabu", "en"))
        await until(lambda: other.last(f"{BASE}/state") == "listening", "listening")
        brain.publish(events.Transcript(7, 0.0, "my secret", "silence"))
        await until(lambda: other.last(f"{BASE}/state") == "thinking", "thinking")
        brain.publish(events.AudioStarted(7, 0.0))
        await until(lambda: other.last(f"{BASE}/state") == "speaking", "speaking")
        brain.publish(events.Completed(7, 0.0, "my secret", "Yes."))
        await until(lambda: other.last(f"{BASE}/state") == "asleep", "asleep")
        if tells:
            await until(lambda: "my secret" in str(other.heard), "what was heard")
        for event in (
            events.WakeHeard(8, 1.0, "okay_nabu", "en"),
            events.Transcript(8, 1.0, "four seven one one", "silence"),
            events.Completed(8, 1.0, "four seven one one", "The door is unlocked.", private=True),
            events.WakeHeard(9, 2.0, "okay_nabu", "en"),
        ):
            brain.publish(event)
        await until(lambda: other.last(f"{BASE}/state") == "listening", "the next turn")
        assert ("my secret" in str(other.heard)) is tells and "seven" not in str(other.heard)

    for tells in (False, True):
        at(broker, test, tell_heard=tells)


def test_its_will_says_that_it_is_gone(broker: Broker) -> None:
    async def run() -> None:
        async with device(broker.port) as other:
            await other.listen(f"{BASE}/availability")
            async with served(settings(broker)):
                await until(lambda: other.last(f"{BASE}/availability") == "online", "it to be there")
                # a second client of the same name has the first one thrown out without a goodbye
                async with device(broker.port, identifier="test"):
                    await until(lambda: other.last(f"{BASE}/availability") == "offline", "the will")
                await until(lambda: other.last(f"{BASE}/availability") == "online", "it to be back")

    asyncio.run(run(), debug=True)


def test_more_texts_than_may_wait_are_dropped(broker: Broker, caplog: pytest.LogCaptureFixture) -> None:
    async def test(house: House, other: Device) -> None:
        house.world.model.enqueue("Yes.")
        for _ in range(20):
            await other.tell(f"{BASE}/say", "hello", retain=False)
        await until(lambda: "one more is dropped" in caplog.text, "a line in the log")

    at(broker, test)


def test_what_it_tells_of_itself_is_not_taken_for_a_commands_answer(broker: Broker) -> None:
    """In a house without Home Assistant nobody listens to its own topics, and the broker says so each time."""

    async def run() -> None:
        async with device(broker.port) as other, served(settings(broker)) as house:
            await other.listen("pump/set")
            await other.tell("homeassistant/switch/pump/config", {"name": "Pump", "cmd_t": "pump/set"})
            home = house.links.home
            assert isinstance(home, MqttHome)
            await until(home.entities, "the pump")
            for _ in range(20):
                house.mute(None)
                pending = home.act([Action("switch.pump", "turn_on")])
                await until(pending.receipts, "the receipt")
                assert pending.receipts() == [Receipt(Action("switch.pump", "turn_on"), "done")]

    asyncio.run(run(), debug=True)
