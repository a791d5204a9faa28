"""Our own wiring for `bench latency`: the house, at real-time pace with its threads, or stepped and counted."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count

from assistant import app, events
from assistant.audio.earcons import listening
from assistant.audio.file import AudioClock, FileSink
from assistant.audio.format import FRAME_S, RATE, seconds
from assistant.bench.script import Line, Manual, ScriptedModel, pieces
from assistant.bench.spoken_script import CountedVoice, Microphone, Recital, ScriptedTranscriber, caller, sound
from assistant.cancel import CancelToken
from assistant.config import Config
from assistant.dialogue.brain import Brain, Priority
from assistant.dialogue.kit import TurnRequest
from assistant.engines.fakes import FakeRouter
from assistant.listen.ear import Ear
from assistant.listen.listener import State
from assistant.protocols import ChatModel, Completeness, Transcriber
from assistant.protocols_skills import Router, Talk

BEFORE_S = 0.4
"""Silence between the request to listen and the first word."""
DEADLINE_S = 120.0


@dataclass(frozen=True)
class Timed:
    """One spoken turn; seconds."""

    kind: str
    from_speech_s: float
    """From the true end of speech until the reply's first sample is played."""
    from_endpoint_s: float
    """From the end of listening until the reply's first sample is played."""
    left: int
    """Prompt tokens evaluated behind the endpoint."""
    first_tokens: int
    """Tokens of the reply written before the loudspeaker is given its first sample."""
    first_audio_s: float
    """Seconds of sound made before it began."""
    lead_s: float
    """Sound between the draft that became the turn and the end of listening; 0 without one."""
    drafted: int
    """Prompt tokens evaluated since the draft began; without one, behind the endpoint."""
    reply: tuple[str, ...]
    """The text of each of its tokens."""
    first_clause_s: float = 0.0
    """From the end of listening until the first clause was there to be said; then its first sound is made."""
    behind_tone_s: float = 0.0
    """From then on: the reply's first sample waits behind our own tone at the end of listening."""
    tone_s: float = 0.0
    """Of that tone; 0 without one."""


class ReplySink(FileSink):
    """A sink that plays into nothing and notes when the reply will be heard: our tones may still sound when it is written."""

    def __init__(self, clock: AudioClock, tones: Collection[bytes]) -> None:
        super().__init__(None, clock)
        self._tones = tones
        self.begins_s: float | None = None
        """When the first sample that is no tone is played, on the clock; None until it is written. Settable."""

    def write(self, pcm: bytes, rate: int) -> int:
        """See the protocol."""
        due_s = self.due_s()
        taken = super().write(pcm, rate)
        if taken and self.begins_s is None and pcm not in self._tones:
            self.begins_s = due_s
        return taken


class Ours:
    """The house on the script."""

    def __init__(self, config: Config, lines: Sequence[Line], *, realtime: bool) -> None:
        """Raises what `app.build` raises."""
        private = config.memory.model_copy(update={"keep": False, "enabled": True})
        listen = config.listen.model_copy(update={"follow_up_s": 0})
        self._realtime = realtime
        self._clock = AudioClock(realtime=realtime)
        tones = listening(on=config.audio.earcons)
        self._tone_s = seconds(len(tones.get("done", b"")))
        self._sink = ReplySink(self._clock, tones.values())
        self._recital, self._caller = Recital(), caller()
        self._models: list[ScriptedModel] = []
        update = {"language": "en", "memory": private, "listen": listen}
        self.house = house = app.build(config.model_copy(update=update), between=self._scripted, clock=self._clock.now_s)
        self._voice = CountedVoice(house.kit.voices["en"])
        skills = FakeRouter({line.user: _says(line.reply) for line in lines if line.kind == "command"})
        self._manual = Manual(lines)
        router = _Knows(skills, house.kit.router)
        house.kit = replace(house.kit, voices={"en": self._voice}, router=router, documents=self._manual)
        self._brain = house.brain = Brain(house.kit, config.brain.max_turns)
        self._drafts: dict[str, tuple[float, int]] = {}
        """Words -> when they were drafted, and how much had been evaluated."""
        draft = self._brain.draft

        def noted(request: TurnRequest) -> None:
            self._drafts[request.text] = self._clock.now_s(), house.kit.conversation("voice").session.evaluated
            draft(request)

        house.brain.draft = noted  # type: ignore[method-assign]
        self._microphone, self._ear = Microphone(self._clock), Ear()
        self._listener = app.listener(house, self._sink, live=False, clock=self._clock.now_s, between=self._recited)
        self._ear.attach(self._microphone, self._listener)
        self._seen = self._brain.subscribe(4096)
        self._brain.warm("voice")

    @contextmanager
    def running(self) -> Iterator[None]:
        """Its threads, in real time."""
        if not self._realtime:
            yield
            return
        stop = CancelToken()
        with app.threads(stop, self._ear.run, app.behind(self._brain.run)):
            try:
                yield
            finally:
                stop.cancel("measured")

    def typed(self, line: Line) -> None:
        """A turn that nobody waits for."""
        self._models[0].replies.append(line.reply)
        handle = self._brain.submit(TurnRequest(line.user, language="en"), Priority.VOICE)
        seen: list[events.Event] = []
        self._until(
            lambda: any(isinstance(e, events.TERMINAL) for e in _grown(seen, handle.stream.take())) and self._brain.idle()
        )
        if line.kind == "command":
            self._models[0].replies.clear()

    def spoken(self, line: Line) -> Timed:
        """Say a turn into its microphone."""
        model = self._models[0]
        model.replies.clear()
        if line.kind != "command":
            model.replies.append(line.reply)
        pcm = sound(line.user, self._caller)
        self._recital.text, self._recital.begins_s, self._recital.length_s = line.user, BEFORE_S, seconds(len(pcm))
        self._seen.take()
        self._drafts.clear()
        self._sink.begins_s = None
        made = self._voice.made_s
        self._ear.ask("listen")
        self._until(lambda: self._listener.state is not State.ASLEEP)
        begins = self._microphone.play(bytes(2 * round(BEFORE_S * RATE)) + pcm)
        ends = begins + BEFORE_S + seconds(len(pcm))
        seen: list[events.Event] = []
        session = self.house.kit.conversation("voice").session
        first: list[tuple[float, int]] = []

        def over() -> bool:
            new = self._seen.take()
            if any(isinstance(event, events.AudioStarted) for event in new):
                first.append((self._voice.made_s - made, session.evaluated))
            return any(isinstance(event, events.TERMINAL) for event in _grown(seen, new))

        self._until(over)
        self._until(lambda: self._brain.idle() and self._sink.pending_s() == 0)
        done = next(event for event in seen if isinstance(event, events.TERMINAL))
        if not isinstance(done, events.Completed):
            raise AssertionError(f"the turn {line.user!r} did not end well: {done}")
        heard = next(event for event in seen if isinstance(event, events.Transcript))
        began = next(event for event in seen if isinstance(event, events.AudioStarted))
        clause = next(event for event in seen if isinstance(event, events.Clause))
        written = sum(isinstance(event, events.Token) for event in seen[: seen.index(began)])
        assert self._sink.begins_s is not None
        heard_s = max(began.t, self._sink.begins_s)
        sound_s, evaluated = first[0]
        left = done.prompt_tokens_evaluated
        drafted_at, before = self._drafts.get(line.user, (heard.t, evaluated - left))
        return Timed(
            line.kind,
            heard_s - ends,
            heard_s - heard.t,
            left,
            written,
            sound_s,
            heard.t - drafted_at,
            evaluated - before,
            tuple(text for _, text in pieces(line.reply, model.encode)),
            clause.t - heard.t,
            heard_s - began.t,
            self._tone_s,
        )

    def close(self) -> None:
        """Free it."""
        self.house.close()
        self._manual.close()

    def _until(self, done: Callable[[], bool]) -> None:
        """Let time pass: the clock's in fast pace."""
        for number in count():
            if done():
                return
            if self._realtime:
                time.sleep(0.005)  # the clock is the wall's: ear and brain work in their threads
            else:
                self._ear.step()
                while self._brain.step():
                    pass
                self._clock.advance(FRAME_S)
            if number > DEADLINE_S / (0.005 if self._realtime else FRAME_S):
                raise AssertionError("the house does not come to rest")

    def _scripted(self, model: ChatModel) -> ChatModel:
        self._models.append(ScriptedModel(model))
        return self._models[-1]

    def _recited(self, transcriber: Transcriber) -> Transcriber:
        return ScriptedTranscriber(transcriber, self._recital)


class _Knows(FakeRouter):
    """Answers by the script; what is a whole sentence the real one tells."""

    def __init__(self, scripted: FakeRouter, real: Router) -> None:
        super().__init__(scripted.answers)
        self._real = real

    def completeness(self, text: str, code: str) -> Completeness:
        """See the protocol."""
        return self._real.completeness(text, code)


def _says(reply: str) -> Callable[[Talk], str]:
    return lambda _: reply


def _grown(seen: list[events.Event], new: Sequence[events.Event]) -> list[events.Event]:
    seen += new
    return seen
