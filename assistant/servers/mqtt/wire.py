"""One connection to a broker, on aiomqtt: what it adds is the broker's answer to a command, and a bound on what comes in."""

import asyncio
import logging
import ssl
from collections.abc import Iterable
from typing import Any

import aiomqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from assistant.servers.mqtt.registry import MAX_PAYLOAD
from assistant.settings_links import Mqtt

_log = logging.getLogger(__name__)
MAX_INCOMING = 20_000
"""Messages that wait to be read; more are dropped, and said once for each connection."""
SUBSCRIBE_AT_ONCE = 100
KEEPALIVE_S = 20
NO_LISTENER = 0x10
"""Reason code (MQTT 5): the broker took it, and nobody listens to the topic."""


class _Incoming(asyncio.Queue[aiomqtt.Message]):
    """Messages that wait; when it is full the newest is dropped."""

    lost = 0

    def put_nowait(self, item: aiomqtt.Message) -> None:
        """Put one, or count it as lost."""
        if self.full():
            if not self.lost:
                _log.warning("mqtt: messages come faster than they can be read; some are lost")
            self.lost += 1
            return
        super().put_nowait(item)


class Wire(aiomqtt.Client):
    """A connection; `async with` opens and closes it. Raises `aiomqtt.MqttError`."""

    def __init__(self, settings: Mqtt, client_id: str, password: str | None, tls: ssl.SSLContext | None, will: str) -> None:
        """`will`: the topic on which the broker says "offline" when we are gone; "" for none."""
        new = settings.version == "5"
        properties = None
        if new:
            properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
            properties.MaximumPacketSize = MAX_PAYLOAD + 2048  # a longer one never comes here
        super().__init__(
            settings.host,
            port_of(settings),
            username=settings.username or None,
            password=password,
            identifier=client_id,
            protocol=aiomqtt.ProtocolVersion.V5 if new else aiomqtt.ProtocolVersion.V311,
            properties=properties,
            will=aiomqtt.Will(will, "offline", qos=1, retain=True) if will else None,
            tls_context=tls,
            keepalive=KEEPALIVE_S,
            queue_type=_Incoming,
            max_queued_incoming_messages=MAX_INCOMING,
            logger=logging.getLogger(f"{__name__}.paho"),
        )
        self.pending_calls_threshold = 1000
        self._answer: ReasonCode | None = None
        self._one = asyncio.Lock()

    async def command(self, topic: str, payload: str, qos: int, retain: bool) -> int:
        """Publish and wait for the broker; its reason code (0 also where MQTT 3.1.1 tells none). Raises `MqttError`."""
        async with self._one:  # one at a time, so that an answer that is no success is this one's
            self._answer = None
            await self.publish(topic, payload, qos=max(1, qos), retain=retain)
            return self._answer.value if self._answer is not None else 0

    async def tell(self, topic: str, payload: str, retain: bool) -> None:
        """Publish what nobody need hear; not beside a command, for whose answer the broker's would be taken. `MqttError`."""
        async with self._one:
            await self.publish(topic, payload, qos=1, retain=retain)

    async def listen(self, topics: Iterable[str]) -> list[str]:
        """Subscribe; those that the broker refuses. Raises `MqttError`."""
        wanted, refused = list(topics), []
        for start in range(0, len(wanted), SUBSCRIBE_AT_ONCE):
            some = wanted[start : start + SUBSCRIBE_AT_ONCE]
            told = await self.subscribe([(topic, self._options()) for topic in some])
            refused += [topic for topic, code in zip(some, told, strict=False) if _value(code) >= 0x80]
        return refused

    async def leave(self, topics: Iterable[str]) -> None:
        """Unsubscribe. Raises `MqttError`."""
        wanted = list(topics)
        for start in range(0, len(wanted), SUBSCRIBE_AT_ONCE):
            await self.unsubscribe(wanted[start : start + SUBSCRIBE_AT_ONCE])

    async def __aexit__(self, *error: Any) -> None:
        """Close it. Why it was lost is looked at here too, or asyncio complains of an exception that nobody saw."""
        await super().__aexit__(*error)
        if self._disconnected.done() and not self._disconnected.cancelled():
            self._disconnected.exception()

    def _options(self) -> Any:
        from paho.mqtt.subscribeoptions import SubscribeOptions

        return SubscribeOptions(qos=1) if self._client.protocol == aiomqtt.ProtocolVersion.V5.value else 1

    def _on_publish(self, client: Any, userdata: Any, mid: int, reason_code: ReasonCode, properties: Any) -> None:
        """aiomqtt drops what the broker answered; keep it."""
        if _value(reason_code):
            self._answer = reason_code
        super()._on_publish(client, userdata, mid, reason_code, properties)


def port_of(settings: Mqtt) -> int:
    """The broker's port."""
    return settings.port or (8883 if settings.tls else 1883)


def _value(code: object) -> int:
    return code if isinstance(code, int) else int(getattr(code, "value", 0))
