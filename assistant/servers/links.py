"""What links the assistant to a home, of a configuration: looked at before models load, served once they have.

Each part that is not configured is not imported. What comes in crosses to the loop by the bridge, or is the loop's own.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from assistant.config import Config
from assistant.errors import ConfigError, EngineUnavailable
from assistant.protocols import AudioSink
from assistant.protocols_home import Elsewhere, Home
from assistant.servers.activity import Activity, Told
from assistant.servers.bridge import AsyncBrain, Watch
from assistant.servers.control_client import own_path
from assistant.servers.secret_text import read_secret

if TYPE_CHECKING:
    from assistant.servers.home_assistant import HomeAssistant
    from assistant.servers.mqtt.home import MqttHome
    from assistant.servers.mqtt.link import Login
    from assistant.servers.mqtt.own import Knob

_log = logging.getLogger(__name__)
COUNTED = {"malformed": "malformed messages", "unreadable": "states behind templates", "too_many": "left out, too many"}
"""What the registry counts -> how it is said."""


@dataclass(frozen=True)
class LinkDoors:
    """What those at the other end may do to the assistant."""

    brain: AsyncBrain
    sink: AudioSink | None
    """The room's loudspeaker; None: there is none."""
    ask: Callable[[Literal["listen", "hold", "release", "drop"]], None] | None
    """Asks the ear; None: there is no microphone."""
    mute: Callable[[bool | None], bool]
    muted: Callable[[], bool]
    speaking: Callable[[], bool]
    volume: "Knob | None"
    wake_words: tuple[str, ...]


class Links:
    """The links of a configuration."""

    def __init__(self, config: Config) -> None:
        """Raises `EngineUnavailable`, `ConfigError`."""
        self._config = config
        self._home: MqttHome | None = None
        self._login: Login | None = None
        self._assistant: HomeAssistant | None = None
        self._pins = False
        self._shows: list[Callable[[Told], None]] = []
        self._muted = False
        if config.mqtt.host:
            self._home, self._login = _mqtt(config)
        if config.home.assistant.url:
            self._assistant = _home_assistant(config)
        if any(pin is not None for name, pin in config.gpio.model_dump().items() if name != "pull_up"):
            from assistant.servers.pins import wanted

            self._pins = wanted(config.gpio)

    @property
    def home(self) -> Home | None:
        """The connected home; None: none is configured."""
        return self._home

    @property
    def elsewhere(self) -> Elsewhere | None:
        """Who is asked about unknown commands; None: nobody."""
        return self._assistant

    @property
    def any(self) -> bool:
        """Whether there is anything to serve."""
        return bool(self._home or self._assistant or self._pins or self._config.peripherals.enabled)

    def status(self) -> list[str]:
        """A line for each link, for `assistant status`."""
        lines = []
        if self._home is not None:
            counts = self._home.registry.counts
            more = "".join(f", {said}: {counts[name]}" for name, said in COUNTED.items() if counts[name])
            there = f"connected, things: {len(self._home.entities())}{more}" if self._home.connected else "the broker is away"
            lines.append(f"mqtt: {self._config.mqtt.host}, {there}")
        if self._assistant is not None:
            lines.append(f"home.assistant: {self._config.home.assistant.url}")
        if self._pins:
            lines.append("gpio: in use")
        if self._config.peripherals.enabled:
            lines.append(f"peripherals: {self._socket()}")
        return lines

    @asynccontextmanager
    async def serve(self, doors: LinkDoors) -> AsyncIterator[None]:
        """Until the block is left. Raises `EngineError`, `ConfigError`."""
        activity = Activity(doors.speaking)
        tasks: list[asyncio.Task[Any]] = []
        notes: list[Callable[[Any], None]] = []
        async with AsyncExitStack() as held:
            if self._config.peripherals.enabled:
                await held.enter_async_context(self._peripherals(activity, doors).serve())
            if self._pins:
                from assistant.servers.pins import Pins

                pins = Pins(self._config.gpio, doors.ask, doors.mute)
                await held.enter_async_context(pins.open())
                self._shows.append(pins.show)
                tasks.append(_begin(pins.run(), "gpio"))
            if self._home is not None and self._login is not None:
                from assistant.servers.mqtt.link import Link
                from assistant.servers.mqtt.own import Own, OwnDoors

                config = self._config
                own = None
                if config.mqtt.announce:
                    own = Own(
                        self._login.names,
                        OwnDoors(doors.brain, config.language, doors.sink, doors.ask is not None, doors.mute, doors.volume,
                                 doors.wake_words),
                        config.mqtt.tell_heard,
                    )  # fmt: skip
                    self._shows.append(own.show)
                    notes.append(own.note)
                    tasks.append(_begin(own.answer(), "what is asked over MQTT"))
                tasks.append(_begin(Link(self._login, self._home, own).run(), "mqtt"))
            if self._assistant is not None:
                tasks.append(_begin(self._assistant.run(), "home.assistant"))
            watch = held.enter_context(doors.brain.watching())
            tasks.append(_begin(self._watch(watch, activity, notes), "what is shown of the assistant"))
            self.mute_is(doors.muted())
            try:
                yield
            finally:
                self._shows = []
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    def mute_is(self, on: bool) -> None:
        """The microphone was muted, or not any more; called in the loop."""
        if on != self._muted:
            self._muted = on
            self._show(Told("muted", {"on": on}))

    def _show(self, told: Told) -> None:
        for show in self._shows:
            show(told)

    async def _watch(self, watch: Watch, activity: Activity, notes: list[Callable[[Any], None]]) -> None:
        while True:
            for event in await watch.take():
                for told in activity.note(event):
                    self._show(told)
                for note in notes:
                    note(event)

    def _peripherals(self, activity: Activity, doors: LinkDoors) -> Any:
        from assistant.servers.peripherals import Peripherals

        group = self._config.peripherals.group
        served = Peripherals(self._socket(), group, lambda: {"state": activity.doing, "muted": doors.muted()})
        self._shows.append(served.show)
        return served

    def _socket(self) -> Path:
        named = self._config.peripherals.socket
        return Path(named).expanduser() if named else own_path(self._config.control.socket).with_name("peripherals.sock")


def _begin(work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
    """Run it beside the others. One that ends in a fault of ours is said at once, and takes nobody with it."""

    def look(task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.critical("%s has ended in a fault of ours; restart the assistant to have it back", name, exc_info=error)

    task = asyncio.create_task(work)
    task.add_done_callback(look)
    return task


def _mqtt(config: Config) -> "tuple[MqttHome, Login]":
    """Raises `EngineUnavailable`, `ConfigError`."""
    try:
        from assistant.servers.mqtt.link import Login
    except ImportError as error:
        raise EngineUnavailable(f"mqtt.host: {error.name or error} is not installed; run scripts/setup --home") from None
    from assistant.servers.mqtt.announce import names
    from assistant.servers.mqtt.home import MqttHome
    from assistant.servers.mqtt.registry import Registry

    settings, own = config.mqtt, names(config.mqtt)
    for key, value in (("base_topic", settings.base_topic), ("discovery_prefix", settings.discovery_prefix)):
        if any(mark in value for mark in "+#\0"):
            raise ConfigError(f"mqtt.{key}: {value!r} is no topic: + and # stand for others")
    password = read_secret(settings.password_file, "mqtt.password_file") if settings.password_file else None
    if password is not None and not settings.username:
        raise ConfigError("mqtt.username: is empty, and mqtt.password_file is not; name the user")
    tls = _tls(settings.ca_file, "mqtt.ca_file") if settings.tls else None
    registry = Registry(own.prefix, own.client_id, time.monotonic)
    return MqttHome(registry, settings.confirm_s), Login(settings, own, password, tls)


def _home_assistant(config: Config) -> "HomeAssistant":
    """Raises `EngineUnavailable`, `ConfigError`."""
    settings = config.home.assistant
    try:
        from assistant.servers.home_assistant import HomeAssistant
    except ImportError as error:
        raise EngineUnavailable(f"home.assistant.url: {error.name or error} is not installed; run scripts/setup --home") from None
    if not settings.url.startswith(("http://", "https://")):
        raise ConfigError(f"home.assistant.url: {settings.url!r:.100} is no address; it begins with http:// or https://")
    if not settings.token_file:
        raise ConfigError("home.assistant.token_file: is empty; name a file that holds a long-lived access token")
    token = read_secret(settings.token_file, "home.assistant.token_file")
    return HomeAssistant(settings, token, _tls(settings.ca_file, "home.assistant.ca_file"))


def _tls(ca_file: str, key: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"{key}: {ca_file} cannot be read as certificates ({error})") from None
