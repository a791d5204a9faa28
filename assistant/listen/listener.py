"""A listener: one stream of frames through Asleep, Awake and Hearing.

Rules
- Asleep feeds the wake detector alone; without one (always listening) voice activity wakes it, and it is deaf while we speak.
- Awake and Hearing feed the recogniser; a wake word in any state begins a new turn and cancels the one that speaks.
- Every state but Asleep has a deadline (listen/endpoint.py). An utterance that ends without words, or with the last sound
  of the wake word, goes back to Awake until the deadline; then the turn is Cancelled(no_speech).
- Push to talk (`ask`) wakes without a word; while it is held neither silence nor a late start ends the utterance, `max_s` does.
- While our own voice sounds, a stop word ends it, and not every wake word is believed (listen/barge_in.py).
- A reply that asks something is followed by Awake without a wake word: `FOLLOW_UPS` in a row at most; repeated only if asked for.
- A step that `STEPS` does not list raises and changes nothing.
"""

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from functools import partial
from typing import Literal

from assistant import events
from assistant.audio.format import FRAME_S, RATE
from assistant.dialogue.brain import Brain, Priority
from assistant.dialogue.kit import TurnRequest
from assistant.errors import AssistantError, Busy
from assistant.listen.barge_in import BargeIn
from assistant.listen.commands import CoupledSession
from assistant.listen.endpoint import Endpoint
from assistant.listen.saying import Saying
from assistant.listen.wakes import parted, without_tail
from assistant.protocols import Completeness, Transcriber, TranscriptionSession, VoiceActivity, Wake, WakeDetector
from assistant.protocols_audio import EchoGuard, RoomSink

PRE_ROLL_FRAMES = 10
"""Frames (0.3 s) heard again from before an onset without a wake word: it is noticed late, and consonants come first."""
KEPT_FRAMES = 96
"""Frames (3 s) kept: a wake word may be noticed late, and what was said right behind it is heard again. Full: the oldest goes."""
FOLLOW_UPS = 3
"""Times in a row that a question of ours is listened to without a wake word."""
Ask = Literal["listen", "hold", "release", "drop"]
"""What may be asked of a listener: listen once; listen until released; release; give up what is being heard."""


class State(Enum):
    """Where a listener is."""

    ASLEEP = auto()
    AWAKE = auto()
    HEARING = auto()


STEPS = {
    (State.ASLEEP, "wake"): State.AWAKE,
    (State.ASLEEP, "asked"): State.AWAKE,
    (State.AWAKE, "wake"): State.AWAKE,
    (State.HEARING, "wake"): State.AWAKE,
    (State.AWAKE, "speech"): State.HEARING,
    (State.AWAKE, "nothing_said"): State.AWAKE,
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
    sink: RoomSink
    """Where replies to this listener are spoken."""
    echo: EchoGuard
    """Our own voice in the frames."""
    chimes: Mapping[str, bytes]
    """"wake", "done" and "error" -> 16 kHz sound; what is missing is silent."""
    completeness: Callable[[str, str, bool], Completeness] = lambda _, __, ___: "unknown"
    """(words, language, whether they answer a question just asked) -> whether they may be all."""
    stops: Sequence[str] = ()
    """Phrases that end our own speech, in `language`; none: only a wake word does."""
    snoozes: Sequence[str] = ()
    """Those of them that let a ring come again."""
    unlike: Sequence[str] = ()
    """Other words, so that the recogniser need not take them for a stop."""
    alike: Mapping[str, str] = field(default_factory=dict)
    """What the recogniser hears in place of a stop phrase -> the phrase."""
    traces: Mapping[str, WakeDetector] = field(default_factory=dict)
    """Wake word -> what fires at whatever may be that word, in the sound as it came while we speak (listen/barge_in.py)."""
    follow_up: Callable[[], Endpoint] | None = None
    """How an answer to a question of ours is waited for; None: a wake word is needed."""
    conversation: str = "voice"
    likely: Callable[[str], Sequence[str]] = lambda _: ()
    """Language -> sentences that are likely now (listen/commands.py); none: the words alone are heard."""
    slowly: Callable[[], float] = lambda: 1.0
    """How many times longer than usual our voice speaks now."""


class Listener:
    """One stream's state. Belongs to the ear's thread."""

    def __init__(
        self, hearing: Hearing, brain: Brain, clock: Callable[[], float], stopwatch: Callable[[], float] = time.monotonic
    ) -> None:
        self.state = State.ASLEEP
        self._h, self._brain, self._clock, self._stopwatch = hearing, brain, clock, stopwatch
        self._kept: deque[bytes] = deque(maxlen=KEPT_FRAMES)
        self._turn_id, self._held = 0, False
        self._language = hearing.language
        self._endpoint = hearing.endpoint()
        self._session: CoupledSession | None = None
        self._words = ""
        self._tail = ""
        """The wake word, when what came behind it is heard again: its last syllables may be too."""
        self._recognise_s = 0.0
        self._seen = brain.subscribe()
        self._saying = Saying(hearing.sink, hearing.slowly)
        session = partial(hearing.transcribers[hearing.language].session, [*hearing.stops, *hearing.unlike])
        self._barge_in = BargeIn(hearing.stops, session, hearing.sink, hearing.echo, self._saying, hearing.alike, hearing.traces)
        self._submitted = 0  # our last turn
        self._last_question = ""
        self._follow_due, self._follow_ups = False, 0
        self.following = False
        """True while an answer to a question of ours is waited for."""

    def feed(self, frame: bytes) -> None:
        """Take the next frame."""
        raw, frame = frame, self._h.echo.feed(frame)
        self._look()
        self._kept.append(frame)
        detector, listening = self._h.wake, self.state is not State.ASLEEP
        wake = detector.feed(frame, self._barge_in.care(listening=listening)) if detector is not None else self._onset(frame)
        if wake is not None and wake.word and self._h.echo.playing:
            wake = wake if self._barge_in.believes(wake.word, listening=listening) else None
        if self.state is State.ASLEEP and wake is None:
            self._while_asleep(frame, raw)
        if wake is not None:
            self._follow_ups = 0
            self._awake(wake)
            if self._h.wake is not None:
                return
        elif self.state is not State.ASLEEP:
            self._hear(frame)

    def ask(self, what: Ask) -> None:
        """Do what somebody asked for with a button or a command."""
        if what in ("listen", "hold"):
            self._follow_ups = 0
            self._awake(Wake("", self._h.language), asked=True)
            self._held = what == "hold"
            if not self._held:
                self._chime("wake")
        elif self.state is State.ASLEEP:
            self._look()
            self._follow_due = self._follow_due and what != "drop"
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

    def _look(self) -> None:
        """Learn from the brain's events what we say, and whether our last reply asked something."""
        for event in self._seen.take():
            self._saying.note(event)
            if isinstance(event, events.Completed) and event.turn_id == self._submitted:
                asked = event.assistant.rstrip(" \"'”’)") if event.assistant.rstrip(" \"'”’)").endswith(("?", "？")) else ""
                again = asked == self._last_question and not event.aside
                asked = self._last_question = asked or (self._last_question if event.aside else "")
                self._follow_due = bool(asked) and not again and self._follow_ups < FOLLOW_UPS and self._h.wake is not None
                self._follow_ups = self._follow_ups if asked else 0
            elif isinstance(event, events.Cancelled) and event.turn_id == self._submitted:
                self._last_question = ""  # another reply has come in its place

    def _while_asleep(self, frame: bytes, raw: bytes) -> None:
        """A stop said into our own voice, or the time for an answer once it has died away."""
        if not self._h.echo.playing:
            self._barge_in.rest(raw)
        elif phrase := self._barge_in.feed(frame, raw):
            self._follow_due = False
            self._brain.cancel_current("snooze" if phrase in self._h.snoozes else "stop")
            return
        if self._follow_due and self._h.follow_up is not None and not self._h.echo.playing and not self._brain.speaking():
            self._follow_due, self._follow_ups = False, self._follow_ups + 1
            self._turn_id = self._brain.new_turn_id()
            self._step("asked")
            self._begin(self._h.follow_up())
            self.following = True
            self._kept.clear()
            self._brain.publish(events.FollowUp(self._turn_id, self._clock(), self._follow_ups))

    def _onset(self, frame: bytes) -> Wake | None:
        """Without a wake word: speech wakes, unless it may be our own."""
        if self.state is not State.ASLEEP:
            return None
        if self._brain.speaking() or self._h.echo.playing:
            self._kept.clear()
            return None
        if self._endpoint.feed(self._h.vad.feed(frame)) is not None:
            self._endpoint = self._h.endpoint()  # its deadlines are an utterance's, and nobody speaks
        return Wake("", self._h.language, PRE_ROLL_FRAMES * FRAME_S) if self._endpoint.speech_started else None

    def _awake(self, wake: Wake, asked: bool = False) -> None:
        if self.state is not State.ASLEEP:
            self._brain.publish(events.Cancelled(self._turn_id, self._clock(), "wake"))
        self._brain.cancel_current("wake")
        self._follow_due = False
        self._turn_id, self._language = self._brain.new_turn_id(), wake.language
        self._step("wake")
        self._begin(self._h.endpoint())
        if wake.word or asked:
            self._brain.publish(events.WakeHeard(self._turn_id, self._clock(), wake.word, wake.language))
        if wake.word:
            self._chime("wake")
        self._tail = wake.word if wake.late_s else ""
        late = round(wake.late_s / FRAME_S)
        for frame in list(self._kept)[-late:] if late else ():
            self._hear(frame)
        self._kept.clear()

    def _begin(self, endpoint: Endpoint) -> None:
        """An utterance in `_language` is waited for."""
        self._recognise_s = 0.0
        self._endpoint = endpoint
        self._h.vad.reset()
        self._new_session()
        self._held = self.following = False
        self._barge_in.woken()

    def _new_session(self) -> None:
        transcriber = self._h.transcribers.get(self._language) or self._h.transcribers[self._h.language]
        self._session = CoupledSession(transcriber, self._h.likely(transcriber.language))
        self._words = self._tail = ""

    def _hear(self, frame: bytes) -> None:
        if self._session is None:
            return
        reason = self._endpoint.feed(self._h.vad.feed(frame))
        if self._tail and parted(self._endpoint):
            self._nothing_said()
        if self.state is State.AWAKE and self._endpoint.speech_started:
            self._step("speech")
            self._brain.publish(events.SpeechStarted(self._turn_id, self._clock()))
        try:
            words = self._recognise(lambda session: session.feed(frame))
        except AssistantError as error:
            self._fail(error)
            return
        before, self._words = self._words, words
        self._endpoint.words(words, self._judge)  # first: words that are drafted are evaluated so
        if words != before:
            self._brain.publish(events.PartialTranscript(self._turn_id, self._clock(), words))
            self._brain.partial(self._h.conversation, words)
        if self._held and reason != "max_length":
            return
        if reason == "no_speech":
            self._give_up(reason)
        elif reason is not None:
            self._finish(reason)

    def _judge(self, words: str) -> Completeness:
        """Whether words in a pause are all; the answer is begun meanwhile, unheard, if they may be."""
        judged = self._h.completeness(words, self._language, self.following)
        if not self._held and judged in ("unknown", "whole" if self.following else ""):  # else a skill's: that takes no time
            self._brain.draft(self._request(words))
        return judged

    def _request(self, text: str) -> TurnRequest:
        return TurnRequest(text, self._h.conversation, self._language, self._h.sink, self._turn_id)

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
        if not text and reason in ("silence", "whole") and self._h.wake is not None:
            self._nothing_said()
            return
        if not text:
            self._give_up("no_speech")
            return
        listened, instead = self._endpoint.heard_s, self._session.instead if self._session is not None else None
        self._end("said")
        self._brain.publish(events.Transcript(self._turn_id, self._clock(), text, reason))
        self._chime("done")
        request = replace(self._request(text), instead=instead, stages={"listen": listened, "recognise": self._recognise_s})
        self._submitted = self._turn_id
        try:
            self._brain.submit(request, Priority.VOICE)
        except Busy as busy:
            self._failed(busy)

    def _nothing_said(self) -> None:
        self._step("nothing_said")
        self._new_session()
        self._endpoint.begin()

    def _give_up(self, reason: str) -> None:
        self._brain.drop_draft()
        self._end("gave_up")
        self._brain.publish(events.Cancelled(self._turn_id, self._clock(), reason))

    def _fail(self, error: AssistantError) -> None:
        self._brain.drop_draft()
        self._end("gave_up")
        self._failed(error)

    def _failed(self, error: AssistantError) -> None:
        """The turn ends before the brain had it: nobody is left in silence."""
        self._brain.publish(events.Failed(self._turn_id, self._clock(), error.code, str(error)))
        self._chime("error")

    def _end(self, step: str) -> None:
        self._step(step)
        self._held = self.following = False
        self._session, self._endpoint = None, self._h.endpoint()
        self._h.vad.reset()
        if self._h.wake is not None:
            self._h.wake.reset()

    def _chime(self, name: str) -> None:
        if sound := self._h.chimes.get(name):
            self._brain.chime(self._h.sink, sound, RATE)
