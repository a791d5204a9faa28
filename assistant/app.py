"""The house's master: has the engines built (build.py), starts the threads, and ends them. Nobody else starts any.

Threads: main (signals; the rim's loop, daemon.py), ear, brain (docs/decisions/0002-threads.md), one a call of a tool.
What answers is loaded and run in threads that give way to the ear (cores.py).
A thread that dies ends the process with its error: something that supervises us restarts it. In fast pace on files there are no
threads at all: one loop steps ear, brain and clock.
"""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps
from pathlib import Path
from typing import Any, TypeVar

from assistant import events
from assistant.audio.file import AudioClock, FileSink, FileSource
from assistant.audio.format import FRAME_S
from assistant.audio.wav import read_wav
from assistant.build import Assistant, build, listener, models_of, room_key, transcribers
from assistant.cancel import CancelToken
from assistant.config import Config
from assistant.cores import give_way
from assistant.dialogue.brain import Brain, Priority
from assistant.dialogue.kit import TurnRequest
from assistant.errors import AssistantError, EngineError
from assistant.evals import wake_verdicts
from assistant.listen.ear import Ear
from assistant.listen.listener import State
from assistant.protocols import AudioSink

__all__ = [
    "Assistant",
    "Files",
    "behind",
    "build",
    "in_thread",
    "listener",
    "loaded",
    "models_of",
    "room_key",
    "run_files",
    "speak",
    "stop_on_signals",
    "threads",
    "transcribers",
]

_log = logging.getLogger(__name__)
Made = TypeVar("Made")
SHUTDOWN_S = 1.5


@dataclass(frozen=True)
class Files:
    """What `assistant run --input` is asked to do."""

    inputs: Sequence[Path]
    output: Path | None
    realtime: bool = False
    overlap: bool = False
    now: datetime | None = None
    """The time of day it is to be; None: it is what it is."""


def run_files(config: Config, files: Files, on_event: Callable[[events.Event], None], stop: CancelToken) -> Assistant:
    """Hear recordings and answer into a recording; returns when all is said.

    A new wake phrase of one's own is tried first. Raises what `build` and `listener` raise, `AudioFileError`, and `ConfigError`
    for such a phrase.
    """
    clips = [read_wav(path) for path in files.inputs]
    clock = AudioClock(realtime=files.realtime)
    now = files.now
    wake_verdicts.accept(config)
    ear, own_core = Ear(), config.brain.own_core

    def make() -> Assistant:
        return build(config, clock=clock.now_s, now=datetime.now if now is None else lambda: now)

    with (
        closing(loaded(make, own_core=own_core)) as assistant,
        closing(FileSink(files.output, clock)) as sink,
    ):
        heard = listener(assistant, sink, live=False, clock=clock.now_s)

        def quiet() -> bool:
            return (heard.state is State.ASLEEP or heard.following) and assistant.brain.idle() and sink.pending_s() == 0

        assistant.brain.warm(room_key(config))
        ear.attach(FileSource(clips, clock, overlap=files.overlap, quiet=quiet), heard)
        watcher = assistant.brain.subscribe()
        if files.realtime:
            with threads(stop, ear.run, behind(assistant.brain.run, own_core=own_core)):
                while stop.reason is None and not (ear.done() and quiet()):
                    _drain(watcher.take(0.1), on_event)
        else:
            _run_fast(assistant.brain, ear, clock, stop, lambda: _drain(watcher.take(), on_event))
        _drain(watcher.take(), on_event)
    return assistant


def speak(config: Config, text: str, output: Path | None, stop: CancelToken) -> events.Event:
    """Say a text into a WAV or on the loudspeaker; return how it ended. Raises what `build` raises, `AudioError`."""
    clock = AudioClock(realtime=False)
    sink: AudioSink
    if output is not None:
        sink = FileSink(output, clock)
    else:
        from assistant.audio.speaker import Speaker

        sink = Speaker(config.audio.output)
    now = clock.now_s if output is not None else time.monotonic
    try:
        brain = build(config, think=False, clock=now).brain
        handle = brain.submit(TurnRequest("", say=text, language=config.language, sink=sink), Priority.VOICE)
        stop.on_cancel(handle.cancel.cancel)
        while True:
            while brain.step():
                pass
            for event in handle.stream.take():
                if isinstance(event, events.TERMINAL):
                    return event
            if output is not None:
                clock.advance(FRAME_S)
            else:
                time.sleep(brain.wait_s())  # the loudspeaker plays meanwhile
    finally:
        sink.close()


@contextmanager
def stop_on_signals(stop: CancelToken) -> Iterator[None]:
    """SIGINT and SIGTERM cancel `stop`; a second one ends the process at once."""

    def end(number: int, _: Any) -> None:
        if stop.reason is not None:
            raise KeyboardInterrupt
        stop.cancel("shutdown")

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _drain(seen: list[events.Event], on_event: Callable[[events.Event], None]) -> None:
    for event in seen:
        on_event(event)


def _run_fast(brain: Brain, ear: Ear, clock: AudioClock, stop: CancelToken, look: Callable[[], None]) -> None:
    """Everything in this thread: the clock moves one frame, and stands still while the brain works."""
    while not ear.done() or not brain.idle():
        if stop.reason is not None:
            brain.shut_down(stop.reason)
            return
        ear.step()
        while brain.step():
            if stop.reason is not None:
                break
        look()
        clock.advance(FRAME_S)


def loaded(make: Callable[[], Made], *, own_core: bool = False) -> Made:
    """What `make` makes, in a thread that gives way: so do the workers that its engines start. Raises what it raises."""
    with ThreadPoolExecutor(1, "load", partial(give_way, own_core=own_core)) as thread:
        return thread.submit(make).result()


def behind(run: Callable[[CancelToken], None], *, own_core: bool = False) -> Callable[[CancelToken], None]:
    """A thread's `run` that gives way to the ear."""

    @wraps(run)
    def giving_way(stop: CancelToken) -> None:
        give_way(own_core=own_core)
        run(stop)

    return giving_way


def in_thread(run: Callable[[], None], name: str) -> None:
    """Run a tool's call in a thread that no ending process waits for: it may hang."""
    threading.Thread(target=run, name=name, daemon=True).start()


@contextmanager
def threads(stop: CancelToken, *runs: Callable[[CancelToken], None]) -> Iterator[None]:
    """Run each in a thread of its own while the block lasts; afterwards, or when one fails, `stop` ends all of them.

    The error of one is raised here. One that does not end within `SHUTDOWN_S` ends the process with `EngineError.exit_code`:
    what it holds may not be freed under it.
    """
    failed: list[BaseException] = []

    def guard(run: Callable[[CancelToken], None]) -> None:
        try:
            run(stop)
        except BaseException as error:  # noqa: BLE001  handed to the main thread, which raises it
            failed.append(error)
            stop.cancel("failed")

    started = [threading.Thread(target=guard, args=(run,), name=run.__qualname__, daemon=True) for run in runs]
    for thread in started:
        thread.start()
    try:
        yield
    finally:
        stop.cancel("done")
        deadline = time.monotonic() + SHUTDOWN_S
        for thread in started:
            thread.join(max(0.0, deadline - time.monotonic()))
        stuck = [thread.name for thread in started if thread.is_alive()]
        if stuck:
            _log.critical("%s did not end within %.1f s; the process ends now", " and ".join(stuck), SHUTDOWN_S)
            sys.stderr.flush()
            os._exit(EngineError.exit_code)
    if failed:
        error = failed[0]
        if isinstance(error, AssistantError):
            raise error
        raise EngineError(f"the assistant stopped: {type(error).__name__}; see the log") from error
