"""The link to the broker: connects, listens, sends; and again, when the broker was away, after `Backoff`.

A broker that is away costs nobody anything: the home says so (`MqttHome.connected`), and one line stands in the log.
"""

import asyncio
import logging
import random
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

import aiomqtt

from assistant.servers.mqtt.announce import Names
from assistant.servers.mqtt.home import Job, MqttHome, Under
from assistant.servers.mqtt.own import Own
from assistant.servers.mqtt.wire import NO_LISTENER, Wire, port_of
from assistant.settings_links import Mqtt

_log = logging.getLogger(__name__)
KNOCK_S = 10.0
GOODBYE_S = 1.0
SETTLE_EVERY = 500
"""Messages after which readers see what has come, though more is waiting."""
BAD_LOGIN = {0x86, 0x87, 4, 5}


@dataclass
class Backoff:
    """How long to wait before the next try: twice as long each time, and never all at the same moment."""

    first_s: float = 1.0
    most_s: float = 60.0
    jitter: Callable[[], float] = random.random
    """0..1"""
    _next_s: float = field(default=0.0, init=False)

    def wait_s(self) -> float:
        """Seconds to wait now: between half of it and all of it."""
        self._next_s = min(self.most_s, 2 * self._next_s or self.first_s)
        return self._next_s * (0.5 + 0.5 * self.jitter())

    def reset(self) -> None:
        """It went well."""
        self._next_s = 0.0


@dataclass(frozen=True)
class Login:
    """Who we are to the broker."""

    settings: Mqtt
    names: Names
    password: str | None
    tls: ssl.SSLContext | None


class Link:
    """Keeps one home and the assistant's own device connected. Belongs to the loop."""

    def __init__(self, login: Login, home: MqttHome, own: Own | None, backoff: Backoff | None = None) -> None:
        self._login, self._home, self._own, self._backoff = login, home, own, backoff or Backoff()
        self._told = ""

    async def run(self) -> NoReturn:
        """Until cancelled."""
        while True:
            try:
                await self._session()
            except* (aiomqtt.MqttError, OSError, TimeoutError) as group:
                self._tell(_first(group))
            except* Exception:  # noqa: BLE001  said in the log, with all there is to know
                # a fault of ours must not take the rest of the house with it; it is in the log, and it is tried again
                self._told = "fault"
                _log.exception("mqtt: the connection ended in a fault of ours; trying again")
            await asyncio.sleep(self._backoff.wait_s())

    async def _session(self) -> None:
        settings, names = self._login.settings, self._login.names
        # aiomqtt connects in a thread that cannot be cancelled, and leaves a socket open when TLS fails: first look who is there
        async with asyncio.timeout(KNOCK_S):
            _, writer = await asyncio.open_connection(settings.host, port_of(settings), ssl=self._login.tls)
            writer.transport.abort()
        will = names.topic("availability") if self._own is not None else ""
        async with Wire(settings, names.client_id, self._login.password, self._login.tls, will) as wire:
            try:
                with self._home.inbox.listening():
                    await self._connected(wire)
            except asyncio.CancelledError:
                if self._own is not None:
                    await self._goodbye(wire, will)
                raise
            finally:
                self._home.connected = False
                self._home.registry.forget_states()
                for under in self._home.inbox.rest():
                    _give_up(under, "away")

    async def _connected(self, wire: Wire) -> None:
        """Listen and send until the connection is lost."""
        prefix, registry = self._login.names.prefix, self._home.registry
        refused = await wire.listen([f"{prefix}/+/+/config", f"{prefix}/+/+/+/config", *registry.topics()])
        self._refused(refused)
        self._home.connected = True
        self._backoff.reset()
        self._told = ""
        _log.info("mqtt: connected to %s:%d", self._login.settings.host, port_of(self._login.settings))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._hear(wire))
            tasks.create_task(self._send(wire))
            if self._own is not None:
                self._refused(await wire.listen(self._own.commands()))
                self._own.hello()
                tasks.create_task(self._publish(wire, self._own))

    async def _hear(self, wire: Wire) -> None:
        """Read what comes; new topics are listened to, and readers see who there is, when nothing more waits."""
        registry, prefix = self._home.registry, f"{self._login.names.prefix}/"
        commands = set(self._own.commands()) if self._own is not None else set()
        listen: set[str] = set()
        leave: set[str] = set()
        unsettled = 0
        async for message in wire.messages:
            topic = message.topic.value
            payload = bytes(message.payload) if isinstance(message.payload, bytes | bytearray) else b""
            try:
                if self._own is not None and topic in commands:
                    self._own.command(topic, payload, message.retain)
                elif topic.startswith(prefix) and topic.endswith("/config"):
                    change = registry.announce(topic, payload)
                    listen = (listen - change.leave) | change.listen
                    leave = (leave - change.listen) | change.leave
                else:
                    registry.tell(topic, payload)
            except Exception as error:  # noqa: BLE001  a message of anybody's: the next one is read all the same
                registry.counts["malformed"] += 1
                _log.warning("mqtt: %.200r cannot be read (%s); it is left out", topic, type(error).__name__)
            unsettled += 1
            if unsettled >= SETTLE_EVERY or not len(wire.messages):
                unsettled = 0
                if leave:
                    await wire.leave(leave)
                if listen:
                    self._refused(await wire.listen(listen))
                listen, leave = set(), set()
                registry.settle()

    async def _send(self, wire: Wire) -> None:
        while True:
            batch = await self._home.inbox.take()
            try:
                for under in batch:
                    for job in under.jobs:
                        await self._do(wire, under, job)
            finally:
                for under in batch:
                    _give_up(under, "unconfirmed")

    async def _do(self, wire: Wire, under: Under, job: Job) -> None:
        if job.ended is not None or job.order is None or job.thing is None:
            return
        if under.dropped:
            job.ended = ("failed", "dropped")
            return
        if self._home.late(job):
            job.ended = ("timeout", "")
            return
        for topic, payload in job.order.sends:
            code = await wire.command(topic, payload, job.thing.qos, job.thing.retain)
            if code >= 0x80:
                job.ended = ("refused", "rejected")
                return
            if code == NO_LISTENER:
                job.ended = ("failed", "away")
                return
        if job.order.sure is None:
            self._home.registry.assume(job.action.entity, job.order.assumed)
        job.taken = True

    async def _publish(self, wire: Wire, own: Own) -> None:
        while True:
            for topic, payload, retained in await own.news():
                await wire.tell(topic, payload, retained)

    async def _goodbye(self, wire: Wire, topic: str) -> None:
        """The broker's will is for those who leave without a word."""
        try:
            await wire.publish(topic, "offline", qos=1, retain=True, timeout=GOODBYE_S)
        except aiomqtt.MqttError as error:
            _log.debug("mqtt: left without a word: %s", error)

    def _refused(self, topics: list[str]) -> None:
        if topics:
            _log.warning(
                "mqtt: the broker does not let us listen to %.200r (%d topics); see its access list", topics[0], len(topics)
            )

    def _tell(self, error: BaseException) -> None:
        """One line for each reason, until it goes well."""
        settings, code = self._login.settings, getattr(error, "rc", None)
        where = f"mqtt.host {settings.host}:{port_of(settings)}"
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        if getattr(code, "value", code) in BAD_LOGIN:
            line = f"{where}: refuses the user or the password; see mqtt.username and mqtt.password_file"
        elif "certificate" in reason.lower() or "ssl" in reason.lower():
            line = f"{where}: {reason}; see mqtt.tls and mqtt.ca_file"
        else:
            line = f"{where}: {reason}"
        if line != self._told:
            self._told = line
            _log.warning("%s; trying again until it works", line)


def _give_up(under: Under, reason: str) -> None:
    for job in under.jobs:
        if job.ended is None and not job.taken:
            job.ended = ("failed", reason)


def _first(group: BaseException) -> BaseException:
    while isinstance(group, BaseExceptionGroup):
        group = group.exceptions[0]
    return group
