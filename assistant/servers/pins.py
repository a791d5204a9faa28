"""Buttons, a switch and lights on the pins of a board, through gpiozero: the room's push to talk, mute, and what it does.

gpiozero calls back in threads of its own: what they tell crosses to the loop through an `Inbox`. Bounded: `MAX_WAITING` presses.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from assistant.errors import EngineError, EngineUnavailable
from assistant.servers.activity import Doing, Told
from assistant.servers.bridge import Inbox
from assistant.settings_links import Gpio

if TYPE_CHECKING:
    from gpiozero import LED

MAX_WAITING = 32
BOUNCE_S = 0.03
"""Seconds for which a contact may chatter."""
Press = Literal["talk", "release", "mute", "unmute"]


class Pins:
    """The pins that the configuration names. Belongs to the loop."""

    def __init__(
        self, settings: Gpio, talk: Callable[[Literal["hold", "release"]], None] | None, mute: Callable[[bool], bool]
    ) -> None:
        """`talk` None: there is no microphone."""
        self._settings, self._talk, self._mute = settings, talk, mute
        self._inbox: Inbox[Press] = Inbox(MAX_WAITING)
        self._lights: dict[str, LED] = {}
        self._muted = False

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Hold the pins while the block lasts. Raises `EngineError` when one cannot be used."""
        from gpiozero import LED, Button
        from gpiozero.exc import GPIOZeroError

        settings = self._settings
        with ExitStack() as held, self._inbox.listening():
            key = "gpio"
            try:
                for name in ("listening", "thinking", "speaking", "muted", "error"):
                    key = f"gpio.{name}_led"
                    pin = getattr(settings, f"{name}_led")
                    if pin is not None:
                        self._lights[name] = held.enter_context(LED(pin))
                key = "gpio.talk_button"
                if settings.talk_button is not None:
                    self._listen(held.enter_context(self._button(Button, settings.talk_button)), "talk", "release")
                key = "gpio.mute_switch"
                if settings.mute_switch is not None:
                    switch = held.enter_context(self._button(Button, settings.mute_switch))
                    self._listen(switch, "mute", "unmute")
                    if switch.is_pressed:
                        self._inbox.put("mute")
            except (GPIOZeroError, OSError, ValueError, ImportError) as error:
                pin = getattr(settings, key.partition(".")[2], None)
                raise EngineError(f"{key}: GPIO{pin} cannot be used ({error or type(error).__name__})") from None
            try:
                yield
            finally:
                self._lights = {}

    async def run(self) -> NoReturn:
        """Do what the buttons say, until cancelled."""
        while True:
            for press in await self._inbox.take():
                if press in ("mute", "unmute"):
                    self._mute(press == "mute")
                elif self._talk is not None:
                    self._talk("hold" if press == "talk" else "release")

    def show(self, told: Told) -> None:
        """Light what is so."""
        if told.event == "muted":
            self._light("muted", bool(told.more["on"]))
        elif told.event == "error":
            self._light("error", True)
        elif told.event == "wake":
            self._light("error", False)
        elif told.event in ("asleep", "listening", "thinking", "speaking"):
            for name in ("listening", "thinking", "speaking"):
                self._light(name, name == told.event)

    def _light(self, name: "Doing | str", on: bool) -> None:
        light = self._lights.get(name)
        if light is not None:
            light.value = int(on)

    def _button(self, kind: Any, pin: int) -> Any:
        return kind(pin, pull_up=self._settings.pull_up, bounce_time=BOUNCE_S)

    def _listen(self, button: Any, pressed: Press, released: Press) -> None:
        button.when_pressed = lambda: self._inbox.put(pressed)
        button.when_released = lambda: self._inbox.put(released)


def wanted(settings: Gpio) -> bool:
    """Whether a pin is configured. Raises `EngineUnavailable` when gpiozero is not installed."""
    pins = [value for name, value in settings.model_dump().items() if name != "pull_up"]
    if all(pin is None for pin in pins):
        return False
    try:
        import gpiozero  # noqa: F401
    except ImportError as error:
        raise EngineUnavailable(f"gpio: {error.name or error} is not installed; run scripts/setup --gpio") from None
    return True
