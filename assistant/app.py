"""The house's master: builds the engines, starts the threads, and ends them. Nobody else does.

Threads: main (signals; the rim's loop, daemon.py), ear, brain (docs/decisions/0002-threads.md). A thread that dies ends the
process with its error: something that supervises us restarts it. In fast pace on files there are no threads at all: one loop
steps ear, brain and clock.
"""

import logging
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant import events
from assistant.audio.earcons import earcon
from assistant.audio.file import AudioClock, FileSink, FileSource
from assistant.audio.format import FRAME_S
from assistant.audio.wav import read_wav
from assistant.cancel import CancelToken
from assistant.config import Config
from assistant.dialogue.brain import Brain, Priority
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.kit import Kit, TurnRequest
from assistant.dialogue.prompt import PERSONA, Prompt
from assistant.engines import auto
from assistant.errors import AssistantError, EngineError
from assistant.listen.ear import Ear
from assistant.listen.endpoint import Endpoint
from assistant.listen.listener import Hearing, Listener, State
from assistant.listen.wakes import AnyOf
from assistant.memory.memory import Memory, SlotMemory
from assistant.memory.slots import rules_of
from assistant.memory.store import Store, StoreError, store_folder
from assistant.models import Models, model_roots
from assistant.protocols import AudioSink, ChatModel, Sampling, Transcriber, Voice
from assistant.skills.router import make_router

_log = logging.getLogger(__name__)
MAX_CONVERSATIONS = 16
"""Talks kept at once; the one longest unused is closed for a new one."""
SHUTDOWN_S = 1.5


@dataclass
class Assistant:
    """Everything that was built, and what `auto` chose."""

    config: Config
    brain: Brain
    kit: Kit
    model: ChatModel | None
    voices: dict[str, Voice]
    choices: list[auto.Choice] = field(default_factory=list)

    def close(self) -> None:
        """Free the model and close the memory."""
        if self.model is not None:
            self.model.close()
        if isinstance(self.kit.memory, Memory):
            self.kit.memory.own.close()


class Talks:
    """The conversations, by key; bounded, the longest unused is closed first."""

    def __init__(self, config: Config, model: ChatModel | None, memory: SlotMemory | None) -> None:
        self._config, self._model, self._memory = config, model, memory
        self._talks: dict[str, Conversation] = {}

    def __call__(self, key: str) -> Conversation:
        """The conversation of a key."""
        talk = self._talks.pop(key, None)
        if talk is None:
            if self._model is None:
                raise EngineError("no language model was loaded for this command")
            config = self._config
            persona = config.dialogue.persona or PERSONA[config.language]
            prompt, turns = Prompt(self._model, config.language), config.dialogue.history_turns
            talk = Conversation(key, self._model, prompt, persona, turns, self._slots, self._recall)
        self._talks[key] = talk  # last in the dict: the most recently used
        if len(self._talks) > MAX_CONVERSATIONS:
            oldest = next(iter(self._talks))
            self._talks.pop(oldest).close()
        return talk

    def _slots(self) -> Mapping[str, str]:
        return self._memory.slots(self._config.language) if self._memory is not None else {}

    def _recall(self, text: str) -> Sequence[str]:
        try:
            return self._memory.recall(text, self._config.language) if self._memory is not None else ()
        except StoreError as error:  # the question can still be answered
            _log.warning("%s", error)
            return ()

    def forget(self, values: Sequence[str] | None) -> None:
        """Drop every exchange in which a value stands; None: all exchanges."""
        for talk in self._talks.values():
            talk.forget(values)


def models_of(config: Config) -> Models:
    """The model folders in force."""
    return model_roots(config.models)


def build(
    config: Config,
    *,
    think: bool = True,
    speak: bool = True,
    clock: Callable[[], float] = time.monotonic,
    now: Callable[[], datetime] = datetime.now,
) -> Assistant:
    """Build model, voices, skills and brain. Raises `ConfigError`, a `ModelError`, `EngineUnavailable`."""
    models = models_of(config)
    choices: list[auto.Choice] = []
    voices: dict[str, Voice] = {}
    model: ChatModel | None = None
    if speak:
        for code in auto.languages(config):
            choice, voices[code] = auto.first_that_loads(auto.tts(config, models, code))
            choices.append(choice)
    if think:
        choice, model = auto.first_that_loads(auto.llm(config, models))
        choices.append(choice)
    rules = rules_of(auto.languages(config))
    slots = (
        SlotMemory(Store(store_folder(config.memory.folder) if config.memory.keep else None), rules)
        if config.memory.enabled and think
        else None
    )
    talks = Talks(config, model, slots)
    kit = Kit(
        conversation=talks,
        memory=Memory(slots, talks.forget) if slots is not None else None,
        voices=voices,
        router=make_router(
            auto.languages(config),
            config.skills.disabled,
            lambda text, code: code in rules and rules[code].find(text) is not None,
        ),
        sampling=_sampling(config),
        clock=clock,
        now=now,
        error_tone=earcon("error"),
    )
    return Assistant(config, Brain(kit, config.brain.max_turns), kit, model, voices, choices)


def transcribers(config: Config, *, live: bool) -> tuple[dict[str, Transcriber], list[auto.Choice]]:
    """A recogniser for each language of the configuration."""
    made = {code: auto.stt(config, models_of(config), code, live) for code in auto.languages(config)}
    return {code: choice.make() for code, choice in made.items()}, list(made.values())


def listener(assistant: Assistant, sink: AudioSink, *, live: bool, clock: Callable[[], float]) -> Listener:
    """A listener that hears one stream and answers into `sink`."""
    config = assistant.config
    wakes = auto.wake(config, models_of(config))
    vad = auto.vad(config)
    recognisers, chosen = transcribers(config, live=live)
    assistant.choices += [*wakes, vad, *chosen]
    hearing = Hearing(
        wake=AnyOf([wake.make() for wake in wakes]) if wakes else None,
        vad=vad.make(),
        transcribers=recognisers,
        language=config.language,
        endpoint=lambda: Endpoint(config.vad.threshold, config.listen.silence_s, config.listen.no_speech_s, config.listen.max_s),
        sink=sink,
        chimes={"error": earcon("error")} | ({name: earcon(name) for name in ("wake", "done")} if config.audio.earcons else {}),
    )
    return Listener(hearing, assistant.brain, clock)


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
    """Hear recordings and answer into a recording; returns when all is said. Raises what `build` raises, `AudioFileError`."""
    clips = [read_wav(path) for path in files.inputs]
    clock = AudioClock(realtime=files.realtime)
    now = files.now
    assistant = build(config, clock=clock.now_s, now=datetime.now if now is None else lambda: now)
    sink = FileSink(files.output, clock)
    ear = Ear()
    heard = listener(assistant, sink, live=False, clock=clock.now_s)

    def quiet() -> bool:
        return heard.state is State.ASLEEP and assistant.brain.idle() and sink.pending_s() == 0

    assistant.brain.warm("voice")
    ear.attach(FileSource(clips, clock, overlap=files.overlap, quiet=quiet), heard)
    watcher = assistant.brain.subscribe()
    try:
        if files.realtime:
            with threads(stop, ear.run, assistant.brain.run):
                while stop.reason is None and not (ear.done() and quiet()):
                    _drain(watcher.take(0.1), on_event)
        else:
            _run_fast(assistant.brain, ear, clock, stop, lambda: _drain(watcher.take(), on_event))
        _drain(watcher.take(), on_event)
    finally:
        sink.close()
        assistant.close()
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


def _sampling(config: Config) -> Sampling:
    llm = config.llm
    return Sampling(
        temperature=llm.temperature,
        top_k=llm.top_k,
        top_p=llm.top_p,
        min_p=llm.min_p,
        repetition_penalty=llm.repetition_penalty,
        max_tokens=llm.max_tokens,
        seed=llm.seed or random.SystemRandom().randrange(1, 2**30),
    )
