"""The page's House before a real browser: a book, lists and a home that does what it is told, behind the real server."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant import events
from assistant.engines.fakes_home import FakeHome
from assistant.protocols_home import Action, Area, Entity
from assistant.protocols_skills import SkillCall
from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.rim.test_page import make_page
from tests.rim.web import Endless, Moving, Web, in_a_thread
from tests.turn.world import World

THINGS = [
    Entity("light.ceiling", "light", "Ceiling light", area="Kitchen"),
    Entity("switch.kettle", "switch", "Kettle", area="Kitchen"),
    Entity("sensor.fridge", "sensor", "Fridge", area="Kitchen"),
    Entity("light.desk", "light", "Desk lamp", area="Office"),
    Entity("cover.blind", "cover", "Blind", area="Office", device_class="blind"),
    Entity("fan.office", "fan", "Fan", area="Office"),
    Entity("climate.hall", "climate", "Heating", area="Hall"),
    Entity("lock.front", "lock", "Front door", area="Hall"),
    Entity("switch.alarm", "switch", "Siren", area="Hall", tier="pin"),
    Entity("cover.garage", "cover", "Garage door", area="Garage", device_class="garage"),
    Entity("media_player.radio", "media_player", "Radio", area="Living room"),
    Entity("scene.film", "scene", "Film night", area="Living room"),
    Entity("vacuum.robot", "vacuum", "Robot"),
]


def make_home() -> FakeHome:
    home = FakeHome(THINGS, [Area("Kitchen"), Area("Office"), Area("Hall")])
    home.states = {
        "light.ceiling": {"state": "on", "brightness": 40}, "switch.kettle": {"state": "off"},
        "sensor.fridge": {"state": 4.5, "unit": "°C"}, "light.desk": {"state": "off"},
        "cover.blind": {"state": "open", "position": 80}, "fan.office": {"state": "on", "speed": 30},
        "climate.hall": {"state": "heat", "temperature": 20.5}, "lock.front": {"state": "locked"},
        "switch.alarm": {"state": "off"}, "cover.garage": {"state": "closed"},
        "media_player.radio": {"state": "playing", "volume": 25}, "vacuum.robot": {"state": "docked"},
    }  # fmt: skip
    return home


class Served:
    """A house in this process; for `Visit` like one in its own."""

    def __init__(self, web: Web, page: object, home: FakeHome | None) -> None:
        self.web, self.url, self.home, self._page = web, web.url, home, page

    def link(self, *args: str) -> str:
        """What `assistant open` prints."""
        return self._page.logins.link("kiosk" if "--kiosk" in args else "house")  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    world, page, home = World(clock=Moving()), make_page(tmp_path), make_home()
    world.model.replies = Endless()
    with in_a_thread(world, page=page, home=home, requests_per_minute=100_000) as web:
        yield Served(web, page, home)


class At(Visit):
    """A visit that must end without a complaint."""

    def rooms(self) -> Page:
        """Open the House."""
        page = self.enter()
        page.click("nav a[href='#house']")
        page.wait_for_selector("#house .rooms li")
        return page


@contextmanager
def visiting(browser: Browser, served: Served, size: tuple[int, int] = DESKTOP, **more: object) -> Iterator[At]:
    made = At(browser, served, size, **more)  # type: ignore[arg-type]
    try:
        yield made
    finally:
        made.context.close()
    assert made.complaints == []
    assert [url for url in made.fetched if not url.startswith((served.url, "blob:", "data:"))] == []


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[At]:
    with visiting(browser, served) as made:
        yield made


def opened(visit: Visit) -> Page:
    page = visit.enter()
    page.click("nav a[href='#house']")
    return page


def test_a_timer_counts_down_and_is_paused_and_cancelled(visit: At, served: Served) -> None:
    page = opened(visit)
    expect(page.locator("#house .none").first).to_have_text("Nothing is set.")
    page.get_by_placeholder("Minutes").fill("10")
    page.get_by_placeholder("What for (may be empty)").fill("green tea")
    page.get_by_role("button", name="Start a timer").click()
    row = page.locator("#house li", has_text="Timer: green tea")
    expect(row.locator(".left")).to_have_text(re.compile(r"^(10:00|9:5\d)$"))
    expect(page.locator("#house .said")).to_contain_text("10 minutes")
    expect(row.locator(".left")).to_have_text(re.compile(r"^9:5\d$"))  # it counts
    pause = row.get_by_role("button", name="Pause: Timer: green tea")
    pause.focus()
    page.keyboard.press("Enter")
    goes_on = row.get_by_role("button", name="Go on: Timer: green tea")
    expect(goes_on).to_be_focused()
    row.get_by_role("button", name="One minute more: Timer: green tea").click()
    expect(row.locator(".left")).to_have_text(re.compile(r"^10:\d\d$"))
    goes_on.click()
    expect(row.get_by_role("button", name="Pause: Timer: green tea")).to_be_visible()
    web = served.web
    with_voice = web.book.set_timer(120, "eggs", "reminder")  # somebody says it in the room: the page hears of it
    expect(page.locator("#house li", has_text="Reminder: eggs")).to_be_visible()
    web.book.cancel([with_voice])
    expect(page.locator("#house li", has_text="Reminder: eggs")).to_have_count(0)
    row.get_by_role("button", name="Cancel: Timer: green tea").click()
    expect(row).to_have_count(0)
    expect(page.locator("#house .said")).to_contain_text("cancelled")


def test_what_rings_is_snoozed_and_stopped(visit: At, served: Served) -> None:
    served.web.book.set_timer(1, "pizza")  # first: an open page looks at the list again only after some seconds
    page = opened(visit)
    expect(page.locator("#house .list .left")).to_have_text("0:00")
    while not served.web.book.begin():
        page.wait_for_timeout(20)  # the machine's own clock
    rings = page.locator("#house .rings")
    expect(rings.get_by_role("alert")).to_have_text("It rings: Timer: pizza")
    visit.picture("house-ringing")
    rings.get_by_role("button", name="Snooze").click()
    expect(rings).to_be_hidden()
    row = page.locator("#house li", has_text="Timer: pizza")
    expect(row.locator(".left")).to_have_text(re.compile(r"^\d+:\d\d$"))
    assert not served.web.book.ringing()


def test_a_list_is_added_to_and_ticked_off(visit: At, served: Served) -> None:
    page = opened(visit)
    shopping = page.get_by_role("region", name="Shopping list")
    for item in ("milk", "bread"):
        shopping.get_by_label("Something to add").fill(item)
        page.keyboard.press("Enter")
        expect(shopping.get_by_label(item)).to_be_visible()
    shopping.get_by_label("milk").check()
    expect(shopping.get_by_label("milk")).to_have_count(0)
    expect(page.locator("#house .said")).to_have_text("Milk is off the shopping list.")
    assert served.web.lists.entries("shopping") == ["bread"]


def test_things_are_commanded_and_only_what_was_done_is_said(visit: At, served: Served) -> None:
    page, home = visit.rooms(), served.home
    assert home is not None
    said = page.locator("#house .said")
    desk = page.get_by_role("switch", name="Desk lamp")
    expect(desk).not_to_be_checked()
    desk.focus()
    page.keyboard.press("Space")
    expect(desk).to_be_checked()
    expect(desk).to_be_focused()
    expect(said).to_have_text("The Desk lamp is on.")
    home.outcomes["switch.kettle"] = ("failed", "away")
    page.get_by_role("switch", name="Kettle").click()
    expect(said).to_have_class("said wrong")
    expect(page.get_by_role("switch", name="Kettle")).not_to_be_checked()
    home.outcomes["switch.kettle"] = ("timeout", "")
    page.get_by_role("switch", name="Kettle").click()
    expect(said).to_contain_text("has not answered")
    visit.picture("house-not-answered")
    slider = page.get_by_label("Ceiling light: Brightness")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("41 percent")
    assert home.changes[-1] == Action("light.ceiling", "set", {"brightness": 41})
    page.get_by_role("button", name="Close: Blind").click()
    expect(page.locator("#house li", has_text="Blind")).to_contain_text("closed")
    page.get_by_role("button", name="Heating: warmer").click()
    expect(page.locator("#house li", has_text="Heating").locator("output")).to_have_text("21°")
    home.states["light.ceiling"]["state"] = "off"  # somebody else turned it off
    expect(page.get_by_role("switch", name="Ceiling light")).not_to_be_checked()
    del home.states["light.ceiling"]  # it does not answer any more: a switch would say that it is off
    expect(page.get_by_role("switch", name="Ceiling light")).to_have_count(0)
    expect(page.locator("#house li", has_text="Ceiling light")).to_contain_text("no news of it")
    page.get_by_role("button", name="On: Ceiling light").click()
    expect(page.get_by_role("switch", name="Ceiling light")).to_be_checked()


def test_what_takes_a_yes_or_the_pin_is_not_offered(visit: At, served: Served) -> None:
    page = visit.rooms()
    lock = page.locator("#house li", has_text="Front door")
    expect(lock.get_by_role("button")).to_have_count(1)  # to lock it asks nothing
    expect(lock).to_contain_text("takes a yes")
    garage = page.locator("#house li", has_text="Garage door")
    expect(garage.get_by_role("button", name="Open")).to_have_count(0)
    siren = page.locator("#house li", has_text="Siren")
    expect(siren.get_by_role("switch")).to_have_count(0)
    expect(siren).to_contain_text("takes the PIN")
    assert served.home is not None and served.home.asked == []


def test_a_pin_does_not_stay_in_the_page(visit: At, served: Served) -> None:
    world, page = served.web.world, visit.enter()
    world.router.match = lambda text, talk: SkillCall("home", {}, lambda: "The door is unlocked.", text == "1234", "question")  # type: ignore[method-assign]
    assert visit.ask("hello") == visit.ask("1234") == "The door is unlocked."
    bubbles = page.locator("#log .bubble.user")
    expect(bubbles).to_have_text(["hello", "•••"])
    for event in (
        events.WakeHeard(91, 1.0, "", "en"),
        events.Transcript(91, 2.0, "five six seven eight", "silence"),
        events.Token(91, 2.5, "That is not the PIN."),
    ):
        world.brain.publish(event)
    expect(bubbles.last).to_have_text("five six seven eight")
    world.brain.publish(events.Completed(91, 3.0, "five six seven eight", "That is not the PIN.", private=True))
    expect(bubbles.last).to_have_text("•••")
    page.click("nav a[href='#trace']")
    expect(page.locator("figure.trace q")).to_have_text(["hello"])
    page.reload()
    page.wait_for_selector("[data-ready]")
    expect(page.locator("#trace")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("1234")
    expect(page.locator("body")).not_to_contain_text("five six")


def full(served: Served) -> None:
    book, lists = served.web.book, served.web.lists
    book.set_timer(725, "green tea")
    book.pause(book.set_timer(3725, "roast"))
    now = book.local()
    book.set_at("alarm", now.replace(hour=7, minute=0, second=0).replace(year=now.year + 1, month=1, day=4), "01234")
    for item in ("milk", "bread", "a rather long thing that must be bought before the shops close on Saturday"):
        lists.add("shopping", item)
    lists.add("hardware", "screws")


@pytest.mark.parametrize(
    ("name", "size", "scheme", "locale"),
    [
        ("house-light-desktop", DESKTOP, "light", "en-US"),
        ("house-dark-desktop", DESKTOP, "dark", "en-US"),
        ("house-light-phone", PHONE, "light", "en-US"),
        ("house-dark-phone-zh", PHONE, "dark", "zh-CN"),
        ("house-light-desktop-zh", DESKTOP, "light", "zh-CN"),
    ],
)
def test_pictures(browser: Browser, served: Served, name: str, size: tuple[int, int], scheme: str, locale: str) -> None:
    full(served)
    with visiting(browser, served, size, color_scheme=scheme) as visit:
        page = visit.rooms()
        if locale == "zh-CN":
            page.click("#language")
            expect(page.locator("#house h1")).to_have_text("家")
        expect(page.locator("#house .lists li")).to_have_count(4)
        expect(page.locator("#house li", has_text="roast")).to_be_visible()
        visit.picture(name)
        wide = page.evaluate("document.querySelector('#house').scrollWidth - document.querySelector('#house').clientWidth")
        assert wide <= 0, "nothing sticks out to the side"
        page.locator("#house .rooms").evaluate("(rooms) => rooms.scrollIntoView()")
        visit.picture(f"{name}-rooms")


def test_without_a_home_it_says_how_to_connect_one(browser: Browser, tmp_path: Path) -> None:
    ours, world = make_page(tmp_path), World(clock=Moving())
    with (
        in_a_thread(world, page=ours, requests_per_minute=100_000) as web,
        visiting(browser, Served(web, ours, None)) as visit,
    ):
        page = opened(visit)
        expect(page.locator("#house")).to_contain_text("mqtt.host")
        expect(page.locator("#house .rooms")).to_have_count(0)
