"""A listener: one stream of frames through Asleep, Awake and Hearing.

Rules
- Asleep feeds the wake detector alone; without one (always listening) the voice activity wakes it, and it hears nothing while the
  assistant itself speaks.
- Awake and Hearing feed the recogniser; a wake word in any state begins a new turn and cancels the one that speaks.
- Every state but Asleep has a deadline (listen/endpoint.py). An utterance that ends without words goes back to Awake until the
  deadline, so that the tail of the wake word or a cough is no question; then the turn is Cancelled(no_speech).
- Push to talk (`ask`) wakes without a word; while it is held neither silence nor a late start ends the utterance, `max_s` does.
- A step that `STEPS` does not list raises and changes nothing.
"""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal

from assistant import events
from assistant.audio.format import FRAME_S, RATE
from assistant.dialogue.brain import Brain, Priority
from assistant.dialogue.kit import TurnRequest
from assistant.errors import AssistantError, Busy
from assistant.listen.endpoint import Endpoint
from assistant.protocols import AudioSink, Completeness, Transcriber, TranscriptionSession, VoiceActivity, Wake, WakeDetector

PRE_ROLL_FRAMES = 10
"""Frames (0.3 s) heard again from before an onset without a wake word: it is noticed late, and consonants come first."""
KEPT_FRAMES = 96
"""Frames (3 s) kept: a wake word may be noticed late, and what was said right behind it is heard again. Full: the oldest goes."""


Ask = Literal["listen", "hold", "release", "drop"]
"""What may be asked of a listener: listen once; listen until released; release; give up what is being heard."""


class State(Enum):
    """Where a listener is."""

    ASLEEP = auto()
    AWAKE = auto()
    HEARING = auto()


STEPS = {
    (State.ASLEEP, "wake"): State.AWAKE,
    (State.AWAKE, "wake"): State.AWAKE,
    (State.HEARING, "wake"): State.AWAKE,
    (State.AWAKE, "speech"): State.HEARING,
    (State.HEARING, "nothing_said"): State.AWAKE,
    (State.HEARING, "said"): State.ASLEEP,
    (State.AWAKE, "said"): State.ASLEEP,  # words in which no speech was noticed
    (State.AWAKE, "gave_up"): State.ASLEEP,
    (State.HEARING, "gave_up"): State.ASLEEP,
}


@dataclass(frozen=True)
class Hearing:
    """What a listener listens with and where its turns go."""

    wake: WakeDetector | None
    """None: always listening."""
    vad: VoiceActivity
    transcribers: Mapping[str, Transcriber]
    """Language -> recogniser."""
    language: str
    """Language of a turn that no wake word opened."""
    endpoint: Callable[[], Endpoint]
    sink: AudioSink | None
    """Where replies to this listener are spoken."""
    chimes: Mapping[str, bytes]
    """"wake", "done" and "error" -> 16 kHz sound; what is missing is silent."""
    completeness: Callable[[str, str], Completeness] = lambda _, __: "unknown"
    """(words, language) -> whether they may be all."""
    conversation: str = "voice"


class Listener:
    """One stream's state. Belongs to the ear's thread."""

    def __init__(
        self, hearing: Hearing, brain: Brain, clock: Callable[[], float], stopwatch: Callable[[], float] = time.monotonic
    ) -> None:
        self.state = State.ASLEEP
        self._h, self._brain, self._clock, self._stopwatch = hearing, brain, clock, stopwatch
        self._kept: deque[bytes] = deque(maxlen=KEPT_FRAMES)
        self._turn_id = 0
        self._held = False
        self._language = hearing.language
        self._endpoint = hearing.endpoint()
        self._session: TranscriptionSession | None = None
        self._words = ""
        self._tail = ""
        """The wake word, when what came behind it is heard again: its last syllables may be too."""
        self._recognise_s = 0.0

    def feed(self, frame: bytes) -> None:
        """Take the next frame."""
        self._kept.append(frame)
        wake = self._h.wake.feed(frame) if self._h.wake is not None else self._onset(frame)
        if wake is not None:
            self._awake(wake)
            if self._h.wake is not None:
                return
        elif self.state is not State.ASLEEP:
            self._hear(frame)

    def ask(self, what: Ask) -> None:
        """Do what somebody asked for with a button or a command."""
        if what in ("listen", "hold"):
            self._awake(Wake("", self._h.language), asked=True)
            self._held = what == "hold"
            if not self._held:
                self._chime("wake")
        elif self.state is State.ASLEEP:
            return
        elif what == "release":
            self._held = False
            self._finish("released")
        else:
            self._give_up("stop")

    def end_of_audio(self) -> None:
        """The stream ended: what was being heard is taken as complete."""
        if self.state is State.HEARING:
            self._finish("end_of_audio")
        elif self.state is State.AWAKE:
            self._give_up("no_speech")

    def _step(self, what: str) -> None:
        self.state = STEPS[self.state, what]

    def _onset(self, frame: bytes) -> Wake | None:
        """Without a wake word: speech wakes, unless it may be our own."""
        if self.state is not State.ASLEEP:
            return None
        if self._brain.speaking():
            self._kept.clear()
            return None
        self._endpoint.feed(self._h.vad.feed(frame))
        return Wake("", self._h.language, PRE_ROLL_FRAMES * FRAME_S) if self._endpoint.speech_started else None

    def _awake(self, wake: Wake, asked: bool = False) -> None:
        if self.state is not State.ASLEEP:
            self._brain.publish(events.Cancelled(self._turn_id, self._clock(), "wake"))
        self._brain.cancel_current("wake")
        self._turn_id = self._brain.new_turn_id()
        self._language = wake.language
        self._step("wake")
        self._words, self._recognise_s, self._tail = "", 0.0, ""
        self._endpoint = self._h.endpoint()
        self._h.vad.reset()
        transcriber = self._h.transcribers.get(wake.language) or self._h.transcribers[self._h.language]
        self._session = transcriber.session()
        self._held = False
        if wake.word or asked:
            self._brain.publish(events.WakeHeard(self._turn_id, self._clock(), wake.word, wake.language))
        if wake.word:
            self._chime("wake")
        self._tail = wake.word if wake.late_s else ""
        late = round(wake.late_s / FRAME_S)
        again = list(self._kept)[-late:] if late else []
        self._kept.clear()
        for frame in again:
            self._hear(frame)

    def _hear(self, frame: bytes) -> None:
        if self._session is None:
            return
        reason = self._endpoint.feed(self._h.vad.feed(frame))
        if self.state is State.AWAKE and self._endpoint.speech_started:
            self._step("speech")
            self._brain.publish(events.SpeechStarted(self._turn_id, self._clock()))
        try:
            words = self._recognise(lambda session: session.feed(frame))
        except AssistantError as error:
            self._fail(error)
            return
        if words != self._words:
            self._words = words
            self._brain.publish(events.PartialTranscript(self._turn_id, self._clock(), words))
            self._brain.partial(self._h.conversation, words)
        self._endpoint.words(words, lambda said: self._h.completeness(said, self._language))
        if self._held and reason != "max_length":
            return
        if reason == "no_speech":
            self._give_up(reason)
        elif reason is not None:
            self._finish(reason)

    def _recognise(self, work: Callable[[TranscriptionSession], str]) -> str:
        assert self._session is not None
        since = self._stopwatch()
        text = without_tail(work(self._session), self._tail)
        self._recognise_s = self._stopwatch() - since  # the last call is what somebody waits for
        return text

    def _finish(self, reason: str) -> None:
        """The utterance is over."""
        try:
            text = self._recognise(lambda session: session.finish())
        except AssistantError as error:
            self._fail(error)
            return
        if not text:
            self._nothing_said(reason)
            return
        listened = self._endpoint.heard_s
        self._end("said")
        self._brain.publish(events.Transcript(self._turn_id, self._clock(), text, reason))
        self._chime("done")
        request = TurnRequest(
            text,
            self._h.conversation,
            self._language,
            self._h.sink,
            self._turn_id,
            stages={"listen": listened, "recognise": self._recognise_s},
        )
        try:
            self._brain.submit(request, Priority.VOICE)
        except Busy as busy:
            self._failed(busy)

    def _nothing_said(self, reason: str) -> None:
        transcriber = self._h.transcribers.get(self._language) or self._h.transcribers[self._h.language]
        if reason not in ("silence", "whole") or self._h.wake is None:
            self._give_up("no_speech")
            return
        self._step("nothing_said")
        self._session = transcriber.session()
        self._words = ""
        self._endpoint.begin()

    def _give_up(self, reason: str) -> None:
        self._end("gave_up")
        self._brain.publish(events.Cancelled(self._turn_id, self._clock(), reason))

    def _fail(self, error: AssistantError) -> None:
        self._end("gave_up")
        self._failed(error)

    def _failed(self, error: AssistantError) -> None:
        """The turn ends before the brain had it: nobody is left in silence."""
        self._brain.publish(events.Failed(self._turn_id, self._clock(), error.code, str(error)))
        self._chime("error")

    def _end(self, step: str) -> None:
        self._step(step)
        self._held = False
        self._session = None
        self._endpoint = self._h.endpoint()
        self._h.vad.reset()
        if self._h.wake is not None:
            self._h.wake.reset()

    def _chime(self, name: str) -> None:
        sound = self._h.chimes.get(name)
        if sound and self._h.sink is not None:
            self._brain.chime(self._h.sink, sound, RATE)


def without_tail(words: str, phrase: str) -> str:
    """The words without the end of a wake phrase that they begin with: its last words, or in Chinese its last characters."""
    parts = list(phrase) if words[:1] >= "\u4e00" else [f"{part} " for part in phrase.split()]
    tails = ["".join(parts[at:]) for at in range(len(parts))]
    return next((words[len(tail) :] for tail in tails if f"{words} ".startswith(tail)), words)
