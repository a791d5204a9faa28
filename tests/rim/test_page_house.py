"""The page's House: timers, lists, the home. Every claim is what the book, the lists or a receipt says; what takes a yes is not done."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.engines.fakes_home import FakeHome, FakePending
from assistant.protocols_home import Action, Area, Entity
from assistant.servers.web import hands
from assistant.settings_home import Home as HomeSettings
from assistant.skills.home_panel import MOST_SHOWN
from tests.rim.test_page import entered, make_page
from tests.rim.web import Web, on_the_web

THINGS = [
    Entity("light.ceiling", "light", "Ceiling light", area="Kitchen"),
    Entity("light.desk", "light", "Desk lamp", area="Office"),
    Entity("cover.garage", "cover", "Garage door", device_class="garage"),
    Entity("lock.front", "lock", "Front door", area="Hall"),
    Entity("climate.hall", "climate", "Heating", area="Hall"),
    Entity("sensor.outside", "sensor", "Outside"),
    Entity("switch.server", "switch", "Server", area="Office"),
]
AREAS = [Area("Kitchen"), Area("Office"), Area("Hall")]


def make_home() -> FakeHome:
    home = FakeHome(THINGS, AREAS)
    home.states = {
        "light.ceiling": {"state": "on", "brightness": 40},
        "light.desk": {"state": "off"},
        "cover.garage": {"state": "closed", "position": 0},
        "lock.front": {"state": "locked"},
        "climate.hall": {"state": "heat", "temperature": 20.5},
        "sensor.outside": {"state": 7.5, "unit": "°C"},
    }
    return home


async def post(client: httpx.AsyncClient, path: str, **asked: Any) -> dict[str, Any]:
    got = await client.post(f"/page/{path}", json=asked)
    return {"status": got.status_code, **got.json()}


def of(rooms: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {thing["id"]: thing for room in rooms for thing in room["things"]}


# -- timers ---------------------------------------------------------------------------------------------------------------


def test_a_timer_is_set_paused_goes_on_gets_a_minute_more_and_is_cancelled(tmp_path: Path) -> None:
    page = make_page(tmp_path)

    async def use(web: Web) -> None:
        async with web.client(key="", cookie=entered(page)) as client:
            assert (await client.get("/page/alarms")).json() == {"alarms": []}
            made = await post(client, "alarms", seconds=600, label="  green   tea ")
            assert made["status"] == 200 and "10 minutes" in made["said"]
            (row,) = (await client.get("/page/alarms")).json()["alarms"]
            assert (row["kind"], row["label"], row["state"], row["elapses"]) == ("timer", "green tea", "armed", True)
            assert 590 < row["left_s"] <= 600
            number = row["id"]
            assert "paused" in (await post(client, f"alarms/{number}", do="pause"))["said"]
            (row,) = (await client.get("/page/alarms")).json()["alarms"]
            left = row["left_s"]
            assert row["state"] == "paused"
            again = await post(client, f"alarms/{number}", do="pause")
            assert again["status"] == 409, "it is paused already"
            assert (await post(client, f"alarms/{number}", do="longer"))["status"] == 200
            assert (await post(client, f"alarms/{number}", do="resume", language="zh"))["status"] == 200
            (row,) = (await client.get("/page/alarms")).json()["alarms"]
            assert row["state"] == "armed" and left + 59 < row["left_s"] <= left + 60
            assert "cancelled" in (await post(client, f"alarms/{number}", do="cancel"))["said"]
            assert (await client.get("/page/alarms")).json() == {"alarms": []}
            assert (await post(client, f"alarms/{number}", do="cancel"))["status"] == 404

    on_the_web(use, page=page)


@pytest.mark.parametrize(
    "asked",
    [
        {"seconds": 0},
        {"seconds": 8 * 86_400},
        {"seconds": "five bananas"},
        {"seconds": 60, "label": "x" * 121},
        {"seconds": 60, "language": "xx"},
        {"seconds": 60, "more": 1},
    ],
)
def test_a_timer_that_cannot_be(tmp_path: Path, asked: dict[str, Any]) -> None:
    page = make_page(tmp_path)

    async def use(web: Web) -> None:
        async with web.client(key="", cookie=entered(page)) as client:
            assert (await post(client, "alarms", **asked))["status"] == 400
            assert (await client.get("/page/alarms")).json() == {"alarms": []}

    on_the_web(use, page=page)


def test_what_rings_is_stopped_or_rings_again(tmp_path: Path) -> None:
    page = make_page(tmp_path)

    async def use(web: Web) -> None:
        async with web.client(key="", cookie=entered(page)) as client:
            assert (await post(client, "ring", do="snooze"))["said"] == (await post(client, "ring", do="stop"))["said"]
            for do in ("stop", "snooze"):
                web.book.set_timer(1, do)
                while not web.book.begin():  # noqa: ASYNC110  the machine's own clock
                    await asyncio.sleep(0.05)
                (row,) = (await client.get("/page/alarms")).json()["alarms"]
                assert row["state"] == "ringing"
                assert (await post(client, "ring", do=do))["status"] == 200
                assert not web.book.ringing()
            (row,) = (await client.get("/page/alarms")).json()["alarms"]
            assert row["state"] == "armed" and row["label"] == "snooze"

    on_the_web(use, page=page)


def test_a_watching_page_hears_of_timers_and_a_kiosk_does_not(tmp_path: Path) -> None:
    page = make_page(tmp_path)

    async def use(web: Web) -> None:
        house, kiosk = entered(page), entered(page, "kiosk")
        async with (
            web.client(key="", cookie=house) as client,
            web.client(key="", cookie=kiosk) as visitor,
            client.stream("GET", "/page/live") as live,
            visitor.stream("GET", "/page/live") as seen,
        ):
            told, shown = live.aiter_lines(), seen.aiter_lines()
            assert json.loads(await anext(told))["event"] == json.loads(await anext(shown))["event"] == "here"
            await post(client, "alarms", seconds=60, label="a secret surprise")
            first = json.loads(await anext(told))
            assert (first["event"], first["change"]) == ("timer_changed", "set")
            page.room.end()
            assert [line async for line in shown] == []

    on_the_web(use, page=page)


# -- lists ----------------------------------------------------------------------------------------------------------------


def test_lists_are_written_and_ticked_off(tmp_path: Path) -> None:
    page = make_page(tmp_path)

    async def use(web: Web) -> None:
        async with web.client(key="", cookie=entered(page)) as client:
            assert (await client.get("/page/lists")).json() == {"lists": [{"name": "shopping", "entries": []}]}
            assert "Milk is on" in (await post(client, "lists", do="add", list="shopping", text=" milk "))["said"]
            assert "already" in (await post(client, "lists", do="add", list="Shopping", text="milk"))["said"]
            await post(client, "lists", do="add", list="购物", text="牛奶", language="zh")
            assert (await client.get("/page/lists")).json()["lists"] == [
                {"name": "shopping", "entries": ["milk"]},
                {"name": "购物", "entries": ["牛奶"]},
            ]
            assert "off" in (await post(client, "lists", do="remove", list="shopping", text="milk"))["said"]
            assert "not on" in (await post(client, "lists", do="remove", list="shopping", text="milk"))["said"]
            assert (await post(client, "lists", do="add", list="shopping", text="   "))["status"] == 400
            assert (await post(client, "lists", do="add", list="shopping", text="x" * 81))["status"] == 400
            for number in range(499):
                web.lists.add("many", str(number))
            assert (await post(client, "lists", do="add", list="shopping", text="one more"))["status"] == 409

    on_the_web(use, page=page)


# -- the home ---------------------------------------------------------------------------------------------------------------


def test_rooms_and_things_and_what_may_be_done_with_them(tmp_path: Path) -> None:
    page, home = make_page(tmp_path), make_home()
    settings = HomeSettings.model_validate(
        {"entities": {"switch.server": {"hidden": True}, "light.desk": {"tier": "pin", "name": "Work lamp"}}}
    )

    async def use(web: Web) -> None:
        async with web.client(key="", cookie=entered(page)) as client:
            got = (await client.get("/page/home")).json()
            assert got["more"] == 0 and [room["name"] for room in got["rooms"]] == ["Hall", "Kitchen", "Office", ""]
            things = of(got["rooms"])
            assert "switch.server" not in things
            ceiling = things["light.ceiling"]
            assert (ceiling["verbs"], ceiling["level"], ceiling["value"], ceiling["needs"]) == (
                ["turn_on", "turn_off"], "brightness", 40, "free",
            )  # fmt: skip
            assert (things["light.desk"]["name"], things["light.desk"]["verbs"], things["light.desk"]["needs"]) == (
                "Work lamp", [], "pin",
            )  # fmt: skip
            garage = things["cover.garage"]
            assert (garage["verbs"], garage["level"], garage["needs"]) == (["stop", "close"], "", "confirm")
            assert (things["lock.front"]["verbs"], things["lock.front"]["needs"]) == (["lock"], "confirm")
            assert things["sensor.outside"]["word"] == "7.5 degrees" and things["sensor.outside"]["verbs"] == []
            assert (things["climate.hall"]["level"], things["climate.hall"]["value"]) == ("temperature", 20.5)
            chinese = of((await client.get("/page/home?language=zh")).json()["rooms"])
            assert chinese["lock.front"]["word"] == "锁着的"
            assert (await client.get("/page/home?language=xx")).status_code == 400

    on_the_web(use, page=page, home=home, settings=settings)


def test_a_touch_is_said_from_its_receipt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page, home = make_page(tmp_path), make_home()
    monkeypatch.setattr(hands, "LOOK_S", 0.001)

    async def use(web: Web) -> None:
        async with web.client(key="", cookie=entered(page)) as client:
            home.looks = 3
            got = await post(client, "home", thing="light.desk", verb="turn_on")
            assert got == {"status": 200, "done": True, "said": "The Desk lamp is on."}
            got = await post(client, "home", thing="light.ceiling", verb="set", values={"brightness": 70}, language="zh")
            assert got["done"] and home.changes[-1] == Action("light.ceiling", "set", {"brightness": 70})
            for outcome, reason in (("failed", "away"), ("refused", "rejected"), ("timeout", "")):
                home.outcomes["light.desk"] = (outcome, reason)  # type: ignore[assignment]
                got = await post(client, "home", thing="light.desk", verb="turn_off")
                assert got["status"] == 200 and not got["done"] and "is off" not in got["said"], outcome
            assert home.states["light.desk"]["state"] == "on"

    on_the_web(use, page=page, home=home)


def test_a_home_that_never_answers_is_said_not_to_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page, home = make_page(tmp_path), make_home()
    monkeypatch.setattr(hands, "MOST_WAIT_S", 0.05)
    monkeypatch.setattr(FakePending, "receipts", lambda _: None)

    async def use(web: Web) -> None:
        async with web.client(key="", cookie=entered(page)) as client:
            got = await post(client, "home", thing="light.desk", verb="turn_on")
            assert not got["done"] and "not answered" in got["said"] and home.dropped == 1

    on_the_web(use, page=page, home=home)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"thing": "lock.front", "verb": "unlock"}, 403),
        ({"thing": "cover.garage", "verb": "open"}, 403),
        ({"thing": "cover.garage", "verb": "set", "values": {"position": 100}}, 403),
        ({"thing": "switch.server", "verb": "turn_off"}, 404),
        ({"thing": "light.desk", "verb": "turn_on"}, 403),
        ({"thing": "light.ceiling", "verb": "open"}, 403),
        ({"thing": "light.ceiling", "verb": "turn_on", "values": {"brightness": 5}}, 403),
        ({"thing": "light.ceiling", "verb": "set", "values": {"brightness": 101}}, 403),
        ({"thing": "light.ceiling", "verb": "set", "values": {"volume": 5}}, 403),
        ({"thing": "light.ceiling", "verb": "set"}, 403),
        ({"thing": "light.ceiling", "verb": "set", "values": {"brightness": "bright"}}, 400),
        ({"thing": "light.ceiling", "verb": "set", "values": {"brightness": 1, "color": 2}}, 400),
        ({"thing": "sensor.outside", "verb": "turn_on"}, 403),
        ({"thing": "light.moon", "verb": "turn_on"}, 404),
        ({"thing": "", "verb": "turn_on"}, 400),
    ],
)
def test_what_is_not_done_by_a_touch(tmp_path: Path, asked: dict[str, Any], status: int) -> None:
    page, home = make_page(tmp_path), make_home()
    settings = HomeSettings.model_validate({"entities": {"switch.server": {"hidden": True}, "light.desk": {"tier": "pin"}}})

    async def use(web: Web) -> None:
        async with web.client(key="", cookie=entered(page)) as client:
            assert (await post(client, "home", **asked))["status"] == status
            assert home.asked == []

    on_the_web(use, page=page, home=home, settings=settings)


def test_of_ten_thousand_things_those_that_can_be_commanded_are_shown(tmp_path: Path) -> None:
    page = make_page(tmp_path)
    sensors = [Entity(f"sensor.{number}", "sensor", f"A sensor {number}") for number in range(9_000)]
    home = FakeHome([*sensors, Entity("light.last", "light", "Last lamp")])

    async def use(web: Web) -> None:
        async with web.client(key="", cookie=entered(page)) as client:
            got = (await client.get("/page/home")).json()
            assert "light.last" in of(got["rooms"]) and len(of(got["rooms"])) == MOST_SHOWN
            assert got["more"] == 9_001 - MOST_SHOWN

    on_the_web(use, page=page, home=home)


def test_nothing_is_offered_of_what_is_not_there(tmp_path: Path) -> None:
    page = make_page(tmp_path)

    async def use(web: Web) -> None:
        async with web.client(key="", cookie=entered(page)) as client:
            house = (await client.get("/page/house")).json()
            assert (house["rings"], house["lists"], house["home"]) == (True, True, False)
            got = await client.get("/page/home")
            assert got.status_code == 409 and got.json()["error"]["code"] == "no_home"

    on_the_web(use, page=page)
