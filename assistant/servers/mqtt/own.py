"""The assistant's own topics: what it does goes out, what others want of it comes in, through the same doors as everybody's.

Bounded: the newest value of each topic waits to be published; `MAX_WAITING` texts wait to be said, as many to be answered; more
are dropped with a line in the log. A retained command is old: it is not obeyed.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

from assistant import events
from assistant.dialogue.brain import Priority
from assistant.dialogue.kit import TurnRequest
from assistant.errors import AssistantError
from assistant.protocols import AudioSink
from assistant.servers.activity import Told
from assistant.servers.bridge import AsyncBrain
from assistant.servers.mqtt.announce import COMMANDS, MAX_STATE, Names, description, reply
from assistant.servers.mqtt.parts import number

_log = logging.getLogger(__name__)
MAX_WAITING = 4
MAX_TEXT = 4000
"""Characters of a text to say or to answer; the rest is cut off."""
CONVERSATION = "mqtt"


class Knob(Protocol):
    """How loud it is (`protocols_hands.Knob`), turned in the brain's thread."""

    percent: int

    def set(self, percent: int) -> int:
        """Turn it."""
        ...


@dataclass(frozen=True)
class OwnDoors:
    """What the broker's people may do to the assistant."""

    brain: AsyncBrain
    language: str
    sink: AudioSink | None
    """The room's loudspeaker; None: there is none."""
    hears: bool
    mute: Callable[[bool | None], bool]
    volume: Knob | None
    wake_words: tuple[str, ...]


class Own:
    """The assistant's side of its topics. Belongs to the loop."""

    def __init__(self, names: Names, doors: OwnDoors, tell_heard: bool) -> None:
        self.names, self._doors, self._tell_heard = names, doors, tell_heard
        self._news: dict[str, tuple[str, bool]] = {}  # topic -> (payload, retained)
        self._ready = asyncio.Event()
        self._wishes: dict[str, asyncio.Queue[str]] = {name: asyncio.Queue(MAX_WAITING) for name in ("say", "ask", "volume/set")}
        self._kept = {"state": "asleep", "mute": "OFF", "wake_words": ", ".join(doors.wake_words)[:MAX_STATE]}
        self._turn, self._heard = 0, ""  # the room's, whose transcript may be told once it is known to hold no PIN

    def commands(self) -> list[str]:
        """The topics on which it is commanded."""
        return [self.names.topic(name) for name in COMMANDS]

    def hello(self) -> None:
        """All there is to tell to a broker that has just been reached."""
        heard = self._tell_heard and self._doors.hears
        self._news[self.names.discovery] = (
            description(self.names, hears=self._doors.hears, speaks=self._doors.sink is not None, heard=heard), True,
        )  # fmt: skip
        for name, value in self._kept.items():
            self._news[self.names.topic(name)] = (value, True)
        self._loudness()
        self._news[self.names.topic("availability")] = ("online", True)
        self._ready.set()

    def show(self, told: Told) -> None:
        """What the assistant does."""
        if told.event in ("asleep", "listening", "thinking", "speaking"):
            self._keep("state", told.event)
        elif told.event == "muted":
            self._keep("mute", "ON" if told.more["on"] else "OFF")

    def note(self, event: events.Event) -> None:
        """An event of the house."""
        if isinstance(event, events.WakeHeard | events.FollowUp):
            self._turn, self._heard = event.turn_id, ""
        elif isinstance(event, events.Transcript):  # only an ear tells it, also without a wake word
            self._turn, self._heard = event.turn_id, event.text
        elif isinstance(event, events.TERMINAL):
            answered = isinstance(event, events.Completed) and not event.private  # else nobody knows what it may have been
            if event.turn_id == self._turn and self._heard and self._tell_heard and answered:
                self._put("heard", self._heard[:MAX_STATE], retained=False)
            if event.turn_id == self._turn:
                self._heard = ""
            self._loudness()  # "louder" may have been said

    async def news(self) -> list[tuple[str, str, bool]]:
        """(topic, payload, retained) of all that is to be published; waits for the first."""
        await self._ready.wait()
        self._ready.clear()
        taken = [(topic, *news) for topic, news in self._news.items()]
        self._news.clear()
        return taken

    def command(self, topic: str, payload: bytes, retained: bool) -> None:
        """Somebody wants something."""
        name, text = topic.removeprefix(f"{self.names.base}/"), payload.decode("utf-8", "replace").strip()[:MAX_TEXT]
        if retained or not text:
            return
        if name == "mute/set" and text in ("ON", "OFF") and self._doors.hears:
            self._doors.mute(text == "ON")
        elif name in self._wishes:
            try:
                self._wishes[name].put_nowait(text)
            except asyncio.QueueFull:
                _log.warning("mqtt: %s: %d wait already; one more is dropped", name, MAX_WAITING)

    async def answer(self) -> None:
        """Do what is wanted, until cancelled: one text at a time is said, and one is answered."""
        async with asyncio.TaskGroup() as tasks:
            for name, do in (("say", self._say), ("ask", self._ask), ("volume/set", self._turn_volume)):
                tasks.create_task(self._serve(name, do))

    async def _serve(self, name: str, do: Callable[[str], Awaitable[None]]) -> None:
        while True:
            text = await self._wishes[name].get()
            try:
                await do(text)
            except AssistantError as error:
                _log.warning("mqtt: %s: %s", name, error)
                if name == "ask":
                    self._put("reply", reply(str(error), ok=False), retained=False)

    async def _say(self, text: str) -> None:
        if self._doors.sink is None:
            _log.warning("mqtt: say: this assistant has no loudspeaker")
            return
        turn = TurnRequest("", language=self._doors.language, sink=self._doors.sink, say=text)
        async with aclosing(self._doors.brain.events(turn, Priority.VOICE)) as spoken:
            async for _ in spoken:
                pass

    async def _ask(self, text: str) -> None:
        said, ok = [], False
        async with aclosing(self._doors.brain.events(TurnRequest(text, CONVERSATION, self._doors.language))) as turn:
            async for event in turn:
                if isinstance(event, events.Token):
                    said.append(event.text)
                elif isinstance(event, events.Failed):
                    said = [event.message]
                ok = isinstance(event, events.Completed)
        self._put("reply", reply("".join(said).strip(), ok), retained=False)

    async def _turn_volume(self, text: str) -> None:
        volume, percent = self._doors.volume, number(text)
        if percent is None:
            _log.warning("mqtt: volume/set: %.20r is no number of per cent", text)
        elif volume is not None:
            await self._doors.brain.call(lambda: volume.set(round(percent)))
            self._loudness()

    def _loudness(self) -> None:
        if self._doors.volume is not None and self._kept.get("volume") != str(self._doors.volume.percent):
            self._keep("volume", str(self._doors.volume.percent))

    def _keep(self, name: str, value: str) -> None:
        self._kept[name] = value
        self._put(name, value, retained=True)

    def _put(self, name: str, value: str, *, retained: bool) -> None:
        self._news[self.names.topic(name)] = (value, retained)
        self._ready.set()
