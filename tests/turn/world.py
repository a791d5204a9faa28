"""A whole assistant on scripted engines and one clock, stepped in one thread."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from assistant import events
from assistant.audio.format import FRAME_BYTES, FRAME_S
from assistant.dialogue.brain import Brain
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.kit import Kit
from assistant.dialogue.pace import Paces
from assistant.dialogue.prompt import Prompt
from assistant.dialogue.shelf import Shelf
from assistant.engines.fakes import (
    FakeClock,
    FakeModel,
    FakeRouter,
    FakeSink,
    FakeVad,
    FakeVoice,
    FakeWake,
)
from assistant.engines.fakes_echo import FakeEcho
from assistant.engines.fakes_hearing import FakeTranscriber
from assistant.listen.endpoint import Endpoint, Silences
from assistant.listen.listener import Hearing, Listener
from assistant.protocols import Completeness, Sampling
from assistant.protocols_skills import Router

ERROR_TONE = b"\2\0" * 1600
"""A tenth of a second."""


class World:
    """Brain, listener, loudspeaker, and what was seen of them."""

    def __init__(
        self,
        context: int = 4096,
        history: int = 50,
        max_turns: int = 8,
        wake: bool = True,
        clock: FakeClock | None = None,
        spoken_tokens: int = 0,
        router: Router | None = None,
        slowly: Callable[[], float] = lambda: 1.0,
    ) -> None:
        self.clock = clock or FakeClock()
        self.model = FakeModel(context)
        self.voice = FakeVoice()
        self.router = FakeRouter()
        self.sink = FakeSink(self.clock)
        self.echo = FakeEcho(self.sink)
        self.talks: dict[str, Conversation] = {}
        self.told: dict[str, str] = {}
        self.found: dict[str, list[str]] = {}
        self.completeness: dict[str, Completeness] = {}
        self.history = history
        self.transcriber = FakeTranscriber()
        self.wake = FakeWake()
        kit = Kit(
            conversation=self.talk,
            voices={"en": self.voice, "zh": self.voice},
            router=router or self.router,
            sampling=Sampling(),
            clock=self.clock,
            stopwatch=lambda: 0.0,
            now=lambda: datetime(2026, 11, 23, 9, 20),
            error_tone=ERROR_TONE,
            memory=self,
            shelf=Shelf(self.model, Prompt(self.model), "Be kind."),
            transcribers={"en": self.transcriber},
            spoken_tokens=spoken_tokens,
            pace=Paces(slowly),
            idle=(lambda: next((job for talk in self.talks.values() if (job := talk.compaction()) is not None), None),),
        )
        self.brain = Brain(kit, max_turns)
        self.seen = self.brain.subscribe(100_000)
        self.listener = Listener(
            Hearing(
                wake=self.wake if wake else None,
                vad=FakeVad(),
                transcribers={"en": self.transcriber},
                language="en",
                endpoint=lambda: Endpoint(0.5, Silences(0.2, 0.32, 1.0), no_speech_s=2.0, max_s=4.0),
                sink=self.sink,
                echo=self.echo,
                stops=("stop", "be quiet", "snooze"),
                snoozes=("snooze",),
                alike={"top": "stop"},
                traces={"okay_nabu": FakeWake()},
                follow_up=lambda: Endpoint(0.5, Silences(0.2, 0.32, 1.0), no_speech_s=1.0, max_s=4.0),
                chimes={"error": ERROR_TONE},
                slowly=slowly,
                completeness=lambda words, _, __: self.completeness.get(words, "unknown"),
            ),
            self.brain,
            self.clock,
        )

    def talk(self, key: str) -> Conversation:
        """The conversation of a key."""
        if key not in self.talks:
            self.talks[key] = Conversation(
                key,
                self.model,
                Prompt(self.model),
                "Be kind.",
                self.history,
                lambda: self.slots("en"),
                lambda text: self.recall(text, "en"),
            )
        return self.talks[key]

    # what is remembered: see protocols.Remembered

    def slots(self, language: str) -> Mapping[str, str]:
        """What was told as "NAME is VALUE"."""
        return dict(self.told)

    def learn(self, text: str, language: str, turn: int) -> str:
        """Keep "remember NAME VALUE"."""
        command, *rest = text.split(" ")
        if command != "remember":
            return ""
        self.told[rest[0]] = rest[1]
        return rest[0]

    def recall(self, text: str, language: str) -> Sequence[str]:
        """What was put into `found` for these words."""
        return self.found.get(text, [])

    def forget(self, what: str, language: str) -> Mapping[str, str]:
        """Forget a slot in the store and in every talk."""
        gone = {what: self.told.pop(what)} if what in self.told else {}
        for talk in self.talks.values():
            talk.forget([*gone.values()])
        return gone

    def run(self, while_waiting: Callable[[], None] = lambda: None, limit: int = 20_000) -> None:
        """Step until nothing is live; time moves only while every turn waits."""
        for _ in range(limit):
            while self.brain.step():
                pass
            if self.brain.idle():
                return
            self.clock.advance(0.1)
            while_waiting()
        raise AssertionError("the brain does not come to rest")

    def say(self, *words: str, frames_per_word: int = 4, step: bool = True) -> None:
        """Speak into the microphone: "wake" is the wake word, "" is 0.13 s of silence; the brain goes on meanwhile (`step`)."""
        for word in words:
            for number in range(1 if word == "wake" else frames_per_word):
                text = "" if word == "wake" and number else word
                self.listener.feed(text.encode().ljust(FRAME_BYTES, b"\0"))
                self.clock.advance(FRAME_S)
                while step and self.brain.step():
                    pass

    def events(self) -> list[events.Event]:
        """All events so far, once."""
        return self.seen.take()


def shorthand(seen: list[events.Event]) -> list[str]:
    """Events as short lines without times: what a person compares."""
    lines = []
    for event in seen:
        name, turn = type(event).__name__, event.turn_id
        match event:
            case events.Token(text=text) | events.PartialTranscript(text=text):
                lines.append(f"{turn} {name} {text!r}")
            case events.Clause(text=text, spoken=spoken):
                lines.append(f"{turn} {name} {text!r} -> {spoken!r}")
            case events.Transcript(text=text, end_reason=reason):
                lines.append(f"{turn} {name} {text!r} {reason}")
            case events.SpeechDone(played_ms=played):
                lines.append(f"{turn} {name} {played}")
            case events.Completed(user=user, assistant=reply):
                lines.append(f"{turn} {name} {user!r} {reply!r}")
            case events.Cancelled(reason=reason):
                lines.append(f"{turn} {name} {reason}")
            case events.Failed(code=code):
                lines.append(f"{turn} {name} {code}")
            case events.Compacted(dropped_turns=dropped):
                lines.append(f"{turn} {name} {dropped}")
            case _:
                lines.append(f"{turn} {name}")
    return lines
