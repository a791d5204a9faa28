"""What an assistant is built from, by the configuration: engines, stores, skills, talks, brain. Nobody else builds engines."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from assistant import events
from assistant.alarms.book import Book
from assistant.alarms.schedule import Rules, machine_clocks
from assistant.audio.earcons import earcon, listening
from assistant.audio.echo import Echo
from assistant.audio.tempo import Tempo
from assistant.audio.volume import Volume
from assistant.config import Config
from assistant.dialogue.brain import Brain
from assistant.dialogue.budget import Budget
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.extraction import extraction
from assistant.dialogue.kit import Kit
from assistant.dialogue.notes import ASIDE
from assistant.dialogue.pace import Paces
from assistant.dialogue.prompt import PERSONA, Prompt
from assistant.dialogue.shelf import Shelf
from assistant.dialogue.talks import GUEST, PRIVATE, Talks
from assistant.engines import auto
from assistant.errors import ConfigError, EngineError
from assistant.heap import give_back
from assistant.languages import own_sentences
from assistant.listen.endpoint import Endpoint, Silences
from assistant.listen.listener import Hearing, Listener
from assistant.listen.wakes import AnyOf
from assistant.memory.documents import Documents, library
from assistant.memory.kept_talks import CELLS, KeptTalks
from assistant.memory.lists import Lists
from assistant.memory.meaning import Meaning
from assistant.memory.memory import Memory, SlotMemory
from assistant.memory.slots import SlotRules, rules_of
from assistant.memory.store import Store, StoreError, store_folder
from assistant.models import Models, model_roots
from assistant.procedures.book import Procedures
from assistant.protocols import ChatModel, ChatSession, Transcriber, Voice
from assistant.protocols_audio import RoomSink
from assistant.protocols_hands import Hands, Steps
from assistant.protocols_home import Elsewhere, Home
from assistant.skills.completeness import SentenceCompleteness
from assistant.skills.home_panel import Panel
from assistant.skills.router import make_router
from assistant.tools.box import Box
from assistant.tools.registry import load_tools
from assistant.tools.worker import Start, Worker

_log = logging.getLogger(__name__)


@dataclass
class Assistant:
    """Everything that was built, and what `auto` chose."""

    config: Config
    brain: Brain
    kit: Kit
    model: ChatModel | None
    voices: dict[str, Voice]
    talks: Talks
    choices: list[auto.Choice] = field(default_factory=list)
    book: Book | None = None
    """Timers, alarms and reminders; None: nothing here could ring."""
    volume: Volume | None = None
    """How loud it is; None: nothing here is heard."""
    lists: Lists | None = None
    steps: Steps | None = None
    """None: there are no procedures."""
    tempo: Tempo = field(default_factory=lambda: Tempo(None))
    """How slowly it speaks."""
    panel: Panel | None = None
    """The home on a panel; None: none is connected."""
    news: Callable[[], Iterator[None] | None] = lambda: None
    """Asked for the work of taking up what has changed at home; None: nothing has."""
    echo: Echo | None = None
    """What is done about its own voice in the microphone; None before it listens."""

    def talk_ended(self, key: str) -> None:
        """A talk was cleared: so is what is of it: its procedure, what it was asked, a visitor's speaking rate."""
        if self.steps is not None:
            self.steps.leave(key)
        self.kit.router.passed(key)
        if self.kit.tools is not None:
            self.kit.tools.drop(key)
        if key.startswith(GUEST):
            self.tempo.restore()  # the next visitor did not ask for it

    def asks(self, key: str) -> bool:
        """Whether a question of ours waits in a talk: a skill's, or a tool's. May be called from the ear's thread."""
        tools = self.kit.tools
        return self.kit.router.waits(key) or (tools is not None and tools.asked(key, self.kit.clock()) is not None)

    def close(self) -> None:
        """Keep what is computed of the talks that are kept, free the model and close the memory."""
        self.talks.save()
        if self.model is not None:
            self.model.close()
        if isinstance(self.kit.memory, Memory):
            self.kit.memory.own.close()
        if isinstance(self.kit.documents, Documents):
            self.kit.documents.close()
        if self.book is not None:
            self.book.close()
        if self.lists is not None:
            self.lists.close()


def models_of(config: Config) -> Models:
    """The model folders in force."""
    return model_roots(config.models)


def build(
    config: Config,
    *,
    think: bool = True,
    speak: bool = True,
    write: bool = False,
    between: Callable[[ChatModel], ChatModel] = lambda model: model,
    clock: Callable[[], float] = time.monotonic,
    now: Callable[[], datetime] = datetime.now,
    rings: bool = False,
    home: Home | None = None,
    elsewhere: Elsewhere | None = None,
    start: Start | None = None,
) -> Assistant:
    """Build model, voices, skills, brain, and (`write`) its recognisers. `ConfigError`, a `ModelError`, `EngineUnavailable`.

    `between` may put something between the model and the house: a measurement does. `rings`: somebody looks at `book`.
    `home`, `elsewhere`: what `servers/links.py` connects. `start` runs calls of tools in threads; None: in the brain's.
    """
    models = models_of(config)
    choices: list[auto.Choice] = []
    voices: dict[str, Voice] = {}
    model: ChatModel | None = None
    if speak:
        for code in auto.languages(config):
            choice, voices[code] = auto.first_that_loads(auto.tts(config, models, code))
            choices.append(choice)
    if think:
        choice, loaded = auto.first_that_loads(auto.llm(config, models))
        model = between(loaded)
        choices.append(choice)
    rules = rules_of(auto.languages(config))
    book = _book(config) if rings else None
    lists = Lists(store_folder(config.lists.folder) if config.lists.keep else None) if think else None
    volume = Volume(store_folder(config.audio.folder)) if rings else None
    tempo = Tempo(store_folder(config.audio.folder) if rings else None)
    meaning = Meaning(auto.embed(config, models) if model is not None else None)
    documents = library(store_folder(config.memory.folder), meaning)
    talks, slots, idle = _talks(config, model, rules, meaning) if model is not None else (Talks(_no_model), None, ())
    hands = Hands(book, lists, volume, _procedures(config), home, elsewhere, tempo if voices else None)
    router = make_router(
        auto.languages(config),
        config.skills.disabled,
        lambda text, code: code in rules and rules[code].find(text) is not None,
        hands,
        config.skills.only,
        config.home,
        clock,
    )
    kit = Kit(
        conversation=talks,
        memory=Memory(slots, talks.forget, talks.kept, talks.compact) if slots is not None else None,
        voices=voices,
        router=router,
        tools=Box(load_tools(config.tools, hands), config.tools, Worker(start), router.pin) if model is not None else None,
        sampling=auto.sampling(config),
        clock=clock,
        now=now,
        error_tone=earcon("error"),
        ring_tone=earcon("ring"),
        documents=documents,
        idle=(*idle, documents.unread, router.job, give_back),  # the last: when nothing else is left to do
        shelf=Shelf(model, Prompt(model, config.language), config.dialogue.persona_in(config.language))
        if model is not None
        else None,
        transcribers=transcribers(config, live=True)[0] if write else {},
        spoken_tokens=config.dialogue.spoken_tokens,
        pace=Paces(lambda: tempo.slowly),
    )
    brain = Brain(kit, config.brain.max_turns)
    made = Assistant(config, brain, kit, model, voices, talks, choices, book, volume, lists, hands.procedures)
    made.news, made.panel, made.tempo = router.job, router.panel, tempo
    talks.ended = made.talk_ended
    if book is not None:
        book.on_change = lambda item, change: made.brain.publish(
            events.TimerChanged(0, clock(), item.id, item.kind, item.label, change, item.wall_due, round(book.left_s(item), 1))
        )
    return made


def _book(config: Config) -> Book:
    """The book of timers and alarms. Raises `ConfigError`, `EngineError`."""
    alarms = config.alarms
    rules = Rules(60.0 * alarms.late_minutes, float(alarms.ring_seconds), 60.0 * alarms.snooze_minutes)
    return Book(store_folder(alarms.folder) if alarms.keep else None, machine_clocks(alarms.timezone), rules)


def room_key(config: Config) -> str:
    """The talk of whoever speaks in the room."""
    return f"{GUEST}room" if config.visitors.room else "voice"


def _procedures(config: Config) -> Procedures | None:
    """The procedures of the configured folder. Raises `ConfigError`."""
    section = config.procedures
    if not section.folder:
        return None
    folder = Path(section.folder).expanduser()
    if not folder.is_dir():
        raise ConfigError(f"procedures.folder: {folder} is no folder; make it, or leave the key empty")
    return Procedures(folder, store_folder("") if section.keep else None)


def _no_model(key: str) -> Conversation:
    raise EngineError("no language model was loaded for this command")


def _talks(
    config: Config, model: ChatModel, rules: Mapping[str, SlotRules], meaning: Meaning
) -> tuple[Talks, SlotMemory | None, Sequence[Callable[[], Iterator[None] | None]]]:
    """The talks, what is remembered beyond them, and what is done for both in idle time. Raises `StoreError`."""
    code, dialogue = config.language, config.dialogue
    prompt, persona = Prompt(model, code), dialogue.persona_in(code) or PERSONA[code]
    Budget(prompt, model.context, prompt.system(persona))  # a persona that fits no context is refused now, not in a turn
    folder = store_folder(config.memory.folder) if config.memory.keep else None
    store = Store(folder) if config.memory.enabled else None
    slots = SlotMemory(store, rules, meaning) if store is not None else None
    if slots is not None:
        meaning.load()  # now, and not in somebody's turn
    kept = KeptTalks(store, folder / CELLS, model.name) if store is not None and folder is not None else None

    def recall(text: str) -> Sequence[str]:
        try:
            return slots.recall(text, code) if slots is not None else ()
        except StoreError as error:  # the question can still be answered
            _log.warning("%s", error)
            return ()

    def make(key: str) -> Conversation:
        if slots is None or key.startswith(GUEST):
            return Conversation(key, model, prompt, persona, dialogue.history_turns)
        return Conversation(
            key,
            model,
            prompt,
            persona,
            dialogue.history_turns,
            lambda: slots.slots(code),
            recall,
            lambda text: slots.asked(text, code),
            None if key.startswith(PRIVATE) else kept,
        )

    def notes() -> ChatSession:
        session = model.open(f"memory{ASIDE}")
        session.append(prompt.system(persona))
        return session

    talks = Talks(make, kept)
    reading = (lambda: extraction(slots, notes, prompt), slots.unembedded) if slots is not None else ()
    return talks, slots, (talks.compaction, *reading)


def transcribers(config: Config, *, live: bool) -> tuple[dict[str, Transcriber], list[auto.Choice]]:
    """A recogniser for each language of the configuration."""
    made = {code: auto.stt(config, models_of(config), code, live) for code in auto.languages(config)}
    return {code: choice.make() for code, choice in made.items()}, list(made.values())


def listener(
    assistant: Assistant,
    sink: RoomSink,
    *,
    live: bool,
    clock: Callable[[], float],
    between: Callable[[Transcriber], Transcriber] = lambda transcriber: transcriber,
) -> Listener:
    """A listener that hears one stream and answers into `sink`. `live`: in a room, where what is played comes back.

    Raises what building the engines raises.
    `between` may put something between a recogniser and the listener: a measurement does.
    """
    config = assistant.config
    wakes = auto.wake(config, models_of(config))
    vad = auto.vad(config)
    recognisers, chosen = transcribers(config, live=live)
    silences = Silences(config.listen.whole_s, config.listen.silence_s, config.listen.open_s)
    assistant.choices += [*wakes, vad, *chosen]
    assistant.echo = Echo(
        sink,
        config.audio.echo if live else "none",
        noise_suppression=config.audio.noise_suppression,
        auto_gain=config.audio.auto_gain,
    )
    words = own_sentences(config.language).get("barge_in", {})
    barge_in = config.listen.barge_in and recognisers[config.language].takes_grammar

    def endpoint(no_speech_s: float) -> Endpoint:
        return Endpoint(config.vad.threshold, silences, no_speech_s, config.listen.max_s)

    judge, key = SentenceCompleteness(assistant.kit.router), room_key(config)
    traces = auto.wake_traces(wakes) if assistant.echo.cancels else {}
    hearing = Hearing(
        wake=AnyOf([wake.make() for wake in wakes]) if wakes else None,
        traces={word: choice.make() for word, choice in traces.items()},
        vad=vad.make(),
        transcribers={code: between(recogniser) for code, recogniser in recognisers.items()},
        language=config.language,
        endpoint=lambda: endpoint(config.listen.no_speech_s),
        completeness=lambda text, code, asked: judge(text, code, asked or assistant.asks(key)),
        sink=sink,
        echo=assistant.echo,
        stops=(*words.get("stops", ()), *words.get("snoozes", ())) if barge_in else (),
        snoozes=words.get("snoozes", ()),
        unlike=words.get("unlike", ()),
        alike=words.get("alike", {}),
        follow_up=(lambda: endpoint(config.listen.follow_up_s)) if config.listen.follow_up_s else None,
        conversation=key,
        slowly=lambda: assistant.tempo.slowly,
        likely=lambda code: assistant.kit.router.likely(key, code) if config.listen.commands else (),
        chimes={"error": earcon("error")} | listening(on=config.audio.earcons),
    )
    return Listener(hearing, assistant.brain, clock)
