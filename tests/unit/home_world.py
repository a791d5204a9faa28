"""A made-up home, and somebody who talks to it through the router."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from assistant.engines.fakes import FakeClock
from assistant.engines.fakes_home import FakeHome
from assistant.protocols_hands import Hands
from assistant.protocols_home import Action, Area, Entity
from assistant.protocols_skills import SkillCall, Talk
from assistant.settings_home import Home as HomeSettings
from assistant.skills.router import make_router

E = Entity
ENGLISH = (
    E("light.kitchen", "light", "Kitchen light", area="Kitchen"),
    E("light.shelf", "light", "Kitchen shelf", ("counter light",), "Kitchen"),
    E("light.desk", "light", "Desk lamp", area="Office"),
    E("light.floor", "light", "Floor lamp", area="Office"),
    E("light.one", "light", "Lamp 2", area="Attic"),
    E("switch.kettle", "switch", "Kettle", area="Kitchen"),
    E("fan.bedroom", "fan", "Fan", area="Bedroom"),
    E("fan.office", "fan", "Fan", area="Office"),
    E("lock.front", "lock", "Front door", area="Hall"),
    E("cover.garage", "cover", "Garage door", area="Garage", device_class="garage"),
    E("cover.blind", "cover", "Left blind", area="Bedroom"),
    E("climate.living", "climate", "Thermostat", area="Living room"),
    E("media_player.tv", "media_player", "TV", area="Living room"),
    E("scene.party", "scene", "Party mode"),
    E("sensor.outside", "sensor", "Outside temperature", area="Garden", device_class="temperature"),
    E("binary_sensor.window", "binary_sensor", "Bathroom window", area="Bathroom", device_class="window"),
)
CHINESE = (
    E("light.kitchen", "light", "厨房灯", area="厨房"),
    E("light.ceiling", "light", "吸顶灯", area="客厅"),
    E("light.two", "light", "2号灯", area="书房"),
    E("fan.bedroom", "fan", "风扇", area="卧室"),
    E("fan.living", "fan", "风扇", area="客厅"),
    E("lock.front", "lock", "大门", area="客厅"),
    E("cover.living", "cover", "窗帘", area="客厅", device_class="curtain"),
    E("climate.living", "climate", "空调", area="客厅"),
    E("scene.sleep", "scene", "睡眠模式"),
)
AREAS = {
    "en": (
        Area("Kitchen", ("cook room",), "First Floor"),
        Area("Office", (), "First Floor"),
        Area("Bedroom", (), "Second Floor"),
    ),
    "zh": (Area("厨房", (), "一楼"), Area("客厅", (), "一楼"), Area("卧室", (), "二楼")),
}
CONFIRMED = ("lock.front", "cover.garage")


def house(code: str = "en") -> FakeHome:
    """The home in one language, with what is known of it."""
    home = FakeHome(ENGLISH if code == "en" else CHINESE, AREAS[code])
    home.states = {
        "light.kitchen": {"state": "on", "brightness": 80},
        "light.desk": {"state": "off"},
        "light.shelf": {"state": "off"},
        "lock.front": {"state": "locked"},
        "cover.garage": {"state": "closed"},
        "cover.blind": {"state": "open", "position": 100},
        "climate.living": {"state": "heat", "current_temperature": 20.5, "temperature": 21},
        "media_player.tv": {"state": "playing", "volume": 30},
        "sensor.outside": {"state": 7.5, "unit": "°C"},
        "binary_sensor.window": {"state": "on"},
    }
    return home


class Person:
    """Says things, one after the other, in one talk."""

    def __init__(
        self,
        home: FakeHome | None = None,
        code: str = "en",
        settings: HomeSettings | None = None,
        key: str = "voice",
        pin: Path | None = None,
    ) -> None:
        self.home, self.code, self.key = home or house(code), code, key
        self.clock = FakeClock()
        settings = settings or HomeSettings(pin_file=str(pin or ""))
        self.router = make_router([code], hands=Hands(home=self.home), home=settings, clock=self.clock)

    def talk(self, key: str | None = None) -> Talk:
        """What is known of the talk."""
        key = key or self.key
        return Talk(self.code, lambda: datetime(2026, 11, 23, 9, 5), "", "", guest=key.startswith("guest"), key=key)

    def call(self, text: str, key: str | None = None) -> SkillCall | None:
        """What the router makes of it."""
        return self.router.match(text, self.talk(key))

    def says(self, text: str, key: str | None = None) -> str:
        """What is answered; "(talk)" when it is left to the model. The clock moves while something is waited for."""
        call = self.call(text, key)
        if call is None:
            self.router.passed(key or self.key)
            return "(talk)"
        reply = call.run()
        if isinstance(reply, str):
            return reply
        while True:
            try:
                next(reply)
            except StopIteration as done:
                return str(done.value)
            self.clock.advance(0.5)

    def did(self) -> list[tuple[str, str, dict[str, object]]]:
        """What was begun since the last look: entity, verb, values."""
        begun: Sequence[Action] = list(self.home.asked)
        self.home.asked.clear()
        return [(action.entity, action.verb, dict(action.values)) for action in begun]
