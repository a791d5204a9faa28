"""The daemon: microphone and loudspeaker, the control socket, and a look every 0.1 s at whether ear and brain still live.

Main runs the asyncio loop of the rim; ear and brain have a thread each (`app.threads`). An ear or a brain that stands still for
`HUNG_S` ends the process: something that supervises us starts it again, and a process that looks alive and is deaf is worse.
"""

import asyncio
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from assistant import __version__, app, events
from assistant.alarms.bell import Bell
from assistant.cancel import CancelToken
from assistant.config import Config
from assistant.dialogue.brain import Priority
from assistant.dialogue.kit import TurnRequest
from assistant.dialogue.prompt import PERSONA
from assistant.dialogue.streams import Subscription
from assistant.errors import Busy, EngineError
from assistant.evals import wake_verdicts
from assistant.languages import language
from assistant.listen.ear import Ear
from assistant.listen.listener import Listener
from assistant.memory.documents import Documents
from assistant.memory.memory import Memory
from assistant.models.here import rows_here
from assistant.protocols import AudioSink, AudioSource
from assistant.sdnotify import Watchdog, notify
from assistant.servers import control
from assistant.servers.alarm_clock import AlarmClock
from assistant.servers.bridge import AsyncBrain
from assistant.servers.control_client import own_path
from assistant.servers.doors import Doors
from assistant.servers.fronts import Fronts
from assistant.servers.links import LinkDoors, Links
from assistant.servers.visitors import Visitors

_log = logging.getLogger(__name__)
LOOK_S = 0.1
ZERO_S = 10.0
"""A microphone that gives only zeros for so long is said aloud ..."""
TELL_AGAIN_S = 3600.0
"""... and not again for so long."""
KEEP_AFTER_S = 120.0
HUNG_S = 8.0
"""The longest step of a brain is a batch of 128 tokens: some 4 s on the slowest board."""


@dataclass
class _House:
    """What the rim looks at."""

    config: Config
    assistant: app.Assistant
    ear: Ear
    listener: Listener | None
    sink: AudioSink | None
    watcher: Subscription
    on_ready: Callable[[app.Assistant], None]
    on_event: Callable[[events.Event], None]
    started: float
    ready: bool = False
    unsaved_since: float | None = None
    """When a turn ended last, since the talks' cells were kept."""
    visitors: Visitors | None = None
    """None: nobody's leaving is waited for."""
    alarms: AlarmClock | None = None
    """None: nothing here could ring."""
    on_mute: Callable[[bool], None] = lambda _: None
    links: Callable[[], list[str]] = list
    """A line for each link to a home."""
    taking_up: bool = False
    """A job takes up what has changed at home."""
    told_silent: bool = False
    may_tell: float = 0.0

    def look(self, watchdog: Watchdog) -> None:
        """Tell what happened, feed the watchdog, raise `EngineError` when a thread stands still."""
        self.drain()
        brain, now = self.assistant.brain, time.monotonic()
        beats = {"the brain": brain.beat} | ({"the ear": self.ear.beat} if self.listener is not None else {})
        for name, beat in beats.items():
            if now - beat > HUNG_S:
                message = f"{name} has stood still for {HUNG_S:.0f} s; the assistant ends, to be started again"
                _log.critical(message)  # at once: a thread that hangs may end the process before the error is shown
                raise EngineError(message)
        sign_of_life = self.ear.frames if self.listener is not None else round(1000 * brain.beat)
        if not self.ready and sign_of_life:  # it listens: sound has come
            self.ready = True
            self.on_ready(self.assistant)
            notify("READY=1")
        watchdog.look(sign_of_life)
        self._keep_talks(now)
        if self.alarms is not None:
            self.alarms.look(now)
        if self.visitors is not None:
            self.visitors.look(now)
        self._look_for_silence()
        if brain.idle() and not self.taking_up and (job := self.assistant.news()) is not None:  # not in the turn that names it
            self._take_up(job)

    def _take_up(self, job: Iterator[None]) -> None:
        """What has changed at home; one job at a time, however long it waits for its first step."""

        def work() -> Iterator[None]:
            try:
                yield from job
            finally:
                self.taking_up = False

        self.taking_up = self._queued(work())

    def _queued(self, job: Iterator[None]) -> bool:
        """Whether a job was taken: the brain may have as many as it holds, and is asked again."""
        try:
            self.assistant.brain.submit_job(job)
        except Busy:
            return False
        return True

    def _keep_talks(self, now: float) -> None:
        """Keep what is computed of the talks when nobody has spoken for a while: a power cut then costs no time."""
        if self.unsaved_since is not None and now - self.unsaved_since > KEEP_AFTER_S and self.assistant.brain.idle():

            def save() -> Iterator[None]:
                self.assistant.talks.save()
                yield from ()

            if self._queued(save()):
                self.unsaved_since = None

    def _look_for_silence(self) -> None:
        zero_s = self.ear.zero_s
        if zero_s == 0:
            self.told_silent = False
        elif zero_s >= ZERO_S and not self.told_silent and not self.ear.muted and self.assistant.brain.idle():
            self.told_silent = True
            if time.monotonic() < self.may_tell:  # a noise gate gives zeros whenever nobody speaks
                return
            self.may_tell = time.monotonic() + TELL_AGAIN_S
            _log.warning("the microphone has given only zeros for %.0f s; try `assistant devices --test`", zero_s)
            code = self.config.language
            notice = TurnRequest("", say=language(code).texts.silent_microphone, language=code, sink=self.sink)
            self.assistant.brain.submit(notice, Priority.VOICE)

    def drain(self) -> None:
        """Tell what happened since the last look."""
        for event in self.watcher.take():
            if isinstance(event, events.Completed):
                self.unsaved_since = time.monotonic()
            if self.alarms is not None:
                self.alarms.note(event)
            if self.visitors is not None:
                self.visitors.note(event, time.monotonic())
            self.on_event(event)

    def mute(self, on: bool | None) -> bool:
        """Mute the microphone; None: the other way round."""
        self.ear.muted = not self.ear.muted if on is None else on
        self.on_mute(self.ear.muted)
        return self.ear.muted

    def status(self) -> dict[str, Any]:
        """What `assistant status` prints."""
        brain = self.assistant.brain
        listening = self.listener.state.name.lower() if self.listener is not None else "no microphone"
        return {
            "version": __version__,
            "pid": os.getpid(),
            "up_s": round(time.monotonic() - self.started),
            "state": "speaking" if brain.speaking() else listening,
            "muted": self.ear.muted,
            "frames": self.ear.frames,
            "microphone_silent_s": round(self.ear.zero_s, 1),
            "engines": [*map(str, self.assistant.choices), *([str(echo)] if (echo := self.assistant.echo) is not None else [])],
            "links": self.links(),
        }


def run(
    config: Config,
    on_ready: Callable[[app.Assistant], None],
    on_event: Callable[[events.Event], None],
    stop: CancelToken,
    *,
    microphone: bool = True,
    beside: Sequence[Callable[[CancelToken], None]] = (),
) -> None:
    """Listen and answer until `stop`; without a microphone answer those who come to the control socket.

    `beside` are run in threads of their own as long as ear and brain are.
    A new wake phrase of one's own is tried first. Raises what `app.build` raises, `AudioError`, `ConfigError` for such a phrase,
    `EngineError` (another assistant runs, a thread hangs).
    """
    control.alone(own_path(config.control.socket))  # before the models are loaded, and before its files are found locked
    if microphone:
        wake_verdicts.accept(config)
    fronts, links = Fronts(config), Links(config)
    served = bool(fronts.listeners)
    assistant = app.loaded(
        lambda: app.build(
            config,
            speak=microphone or served,
            write=served,
            rings=microphone,
            home=links.home,
            elsewhere=links.elsewhere,
            start=app.in_thread,
        ),
        own_core=config.brain.own_core,
    )
    ear = Ear()
    heard: Listener | None = None
    sink: AudioSink | None = None
    source: AudioSource | None = None
    watcher = assistant.brain.subscribe()
    try:
        if microphone:
            from assistant.audio.mic import Mic
            from assistant.audio.speaker import Speaker

            sink = Speaker(config.audio.output, volume=assistant.volume)
            heard = app.listener(assistant, sink, live=True, clock=time.monotonic)
            source = Mic(config.audio.input)
            ear.attach(source, heard)
        assistant.brain.warm(app.room_key(config))
        house = _House(config, assistant, ear, heard, sink, watcher, on_ready, on_event, time.monotonic())
        if config.visitors.reset_s and heard is not None:
            key = app.room_key(config)

            def left() -> None:
                assistant.talks.clear(key)
                fronts.forget_room()

            house.visitors = Visitors(config.visitors.reset_s, assistant.brain, key, left)
        if assistant.book is not None and sink is not None:
            at_start = config.alarms.tell_missed == "start"
            bell = Bell(
                assistant.book, config.language, assistant.volume.ring if assistant.volume is not None else lambda _: None
            )
            house.alarms = AlarmClock(bell, assistant.book, assistant.brain, sink, config.language, at_start)
        runs = [app.behind(assistant.brain.run, own_core=config.brain.own_core), *([ear.run] if microphone else []), *beside]
        try:
            with app.threads(stop, *runs):
                asyncio.run(_rim(house, fronts, links, stop))
        finally:
            house.drain()
    finally:
        notify("STOPPING=1")
        if sink is not None:
            sink.stop()
        if source is not None:
            source.close()
        if sink is not None:
            sink.close()
        assistant.close()


def _doors(house: _House, brain: AsyncBrain) -> Doors:
    """What the API and the page may do."""
    kit, config = house.assistant.kit, house.config
    model = house.assistant.model
    assert model is not None
    return Doors(
        brain=brain,
        model=model.name,
        turns=config.brain.max_turns,
        context=model.context,
        sampling=kit.sampling,
        language=config.language,
        voices=tuple(kit.voices),
        recognisers=tuple(kit.transcribers),
        talks=house.assistant.talks,
        sink=house.sink,
        memory=kit.memory if isinstance(kit.memory, Memory) else None,
        ready=lambda: house.ready,
        alarms=house.assistant.book,
        lists=house.assistant.lists,
        panel=house.assistant.panel,
        documents=kit.documents if isinstance(kit.documents, Documents) else None,
        personas={code: config.dialogue.persona_in(code) or PERSONA[code] for code in kit.transcribers},
        history_turns=config.dialogue.history_turns,
        hears=house.listener is not None,
        status=house.status,
        models=lambda: rows_here(config.models),
    )


def _link_doors(house: _House, brain: AsyncBrain) -> LinkDoors:
    """What the broker's people and those at the pins may do."""
    hears = house.listener is not None
    return LinkDoors(
        brain=brain,
        sink=house.sink,
        ask=house.ear.ask if hears else None,
        mute=house.mute,
        muted=lambda: house.ear.muted,
        speaking=house.assistant.brain.speaking,
        volume=house.assistant.volume,
        wake_words=tuple(word.word for word in house.config.wake.words) if hears else (),
    )


async def _rim(house: _House, fronts: Fronts, links: Links, stop: CancelToken) -> None:
    """The loop: serve the control socket, the API and the page, and look on until `stop`."""
    brain = AsyncBrain(house.assistant.brain)
    doors = control.Doors(
        brain=brain,
        sink=house.sink,
        language=house.config.language,
        ask=house.ear.ask if house.listener is not None else None,
        mute=house.mute,
        status=house.status,
        memory=memory if isinstance(memory := house.assistant.kit.memory, Memory) else None,
        clear=house.assistant.talks.clear,
        alarms=house.assistant.book,
        link=lambda kiosk: fronts.link("kiosk" if kiosk else "house"),
    )
    watchdog = Watchdog()
    house.assistant.brain.beat = house.ear.beat = time.monotonic()  # loading took its time
    async with AsyncExitStack() as served:
        await served.enter_async_context(control.serve(own_path(house.config.control.socket), doors))
        if fronts.listeners:
            await served.enter_async_context(fronts.serve(_doors(house, brain)))
        if links.any:
            house.on_mute, house.links = links.mute_is, links.status
            await served.enter_async_context(links.serve(_link_doors(house, brain)))
        while stop.reason is None:
            house.look(watchdog)
            await asyncio.sleep(LOOK_S)  # a heartbeat: it must look even when nothing rings
