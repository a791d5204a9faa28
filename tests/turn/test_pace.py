"""Speech without gaps, in virtual time: a model and a voice that take their time, and a loudspeaker that notes when it runs dry."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from assistant import events
from assistant.audio.tempo import Tempo
from assistant.cancel import CancelToken
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.kit import Kit, TurnRequest, Waiting
from assistant.dialogue.pace import CLAUSE_S, Paces
from assistant.dialogue.prompt import Prompt
from assistant.dialogue.turn import run_turn
from assistant.engines.fakes import VOICE_RATE, FakeClock, FakeModel, FakeRouter, FakeSession, FakeSink
from assistant.engines.piper import FIRST, SAFE, SLOW
from assistant.protocols import AudioChunk, Piece, Sampling
from tests.turn.replies import replies

AUDIBLE_S = 0.3
"""A gap at a mark that is heard as one."""
WINDOW_S, NEIGHBOURS_S = FIRST * 256 / 22_050, 2 * 11 * 256 / 22_050
"""Of a medium voice."""
_TOKEN = re.compile(r" ?[A-Za-z]{1,10}|[\u4e00-\u9fff]{1,2}|.", re.DOTALL)


class SlowModel(FakeModel):
    """Writes so many tokens a second."""

    def __init__(self, clock: FakeClock, rate: float) -> None:
        super().__init__(1 << 20)
        self.clock, self.rate = clock, rate

    def open(self, key: str) -> FakeSession:
        return SlowSession(self, [], key)


class SlowSession(FakeSession):
    def stream(self, sampling: Sampling, cancel: CancelToken) -> Iterator[Piece]:
        model = self._model
        assert isinstance(model, SlowModel)
        for number, text in enumerate(_TOKEN.findall(str(model.replies.popleft()))):
            model.clock.advance(1 / model.rate)
            self.ids.extend(text.encode())
            yield Piece(number, text)


@dataclass
class SlowVoice:
    """Speaks at a person's pace, now a little faster, now slower, and takes its time to make the sound."""

    clock: FakeClock
    factor: float
    letter_s: float
    name: str = "slow"
    rate: int = VOICE_RATE
    sounds: list[float] = field(default_factory=list)
    middle: bool = False
    """Whether what it gives out now is the middle of a clause."""

    def sound(self, text: str, slowly: float) -> float:
        letters = sum(1 for character in text if character.isalnum() or character == " ")
        self.sounds.append(letters * slowly * self.letter_s * (0.9 + 0.2 * (sum(map(ord, text)) % 11) / 10))
        return self.sounds[-1]

    def synthesize(self, text: str, cancel: CancelToken, slowly: float = 1.0) -> Iterator[AudioChunk]:
        sound = self.sound(text, slowly)
        self.clock.advance(self.factor * sound)
        yield AudioChunk(bytes(2 * round(sound * VOICE_RATE)), VOICE_RATE)


@dataclass
class StreamingVoice(SlowVoice):
    """The same, window by window: a sixth of its time goes by before the first, and each has neighbours that are made in vain."""

    def synthesize(self, text: str, cancel: CancelToken, slowly: float = 1.0) -> Iterator[AudioChunk]:
        if self.factor * 5 / 6 > SLOW:
            yield from super().synthesize(text, cancel, slowly)
            return
        sound, at, size = self.sound(text, slowly), 0.0, WINDOW_S
        self.clock.advance(self.factor * sound / 6)
        while at < sound:
            size = min(size, sound - at)
            beside = NEIGHBOURS_S / 2 * ((at > 0) + (at + size < sound))
            self.clock.advance(self.factor * 5 / 6 * (size + beside))
            self.middle = at > 0
            yield AudioChunk(bytes(2 * round(size * VOICE_RATE)), VOICE_RATE)
            at, size = at + size, max(WINDOW_S, SAFE * size / (self.factor * 5 / 6) - NEIGHBOURS_S)
        self.middle = False


class DryingSink(FakeSink):
    """Notes how long it was silent before each write."""

    def __init__(self, clock: FakeClock, voice: SlowVoice) -> None:
        super().__init__(clock)
        self.voice = voice
        self.dry_from: float | None = None
        self.gap = self.within = 0.0

    def write(self, pcm: bytes, rate: int) -> int:
        self.pending_s()
        if self._held == 0 and self.dry_from is not None:
            gap = self._clock() - self.dry_from
            self.gap, self.within = (self.gap, gap) if self.voice.middle else (gap, self.within)
        taken = super().write(pcm, rate)
        self.dry_from = self._clock() + self._held / VOICE_RATE
        return taken


@dataclass
class Heard:
    """What a listener notices of many replies."""

    joins: int = 0
    gaps: list[tuple[float, str, str]] = field(default_factory=list)
    first_s: list[float] = field(default_factory=list)
    inside: int = 0
    sounds: list[float] = field(default_factory=list)
    clauses: list[list[str]] = field(default_factory=list)

    def share(self) -> float:
        return len(self.gaps) / self.joins


def listen(
    code: str,
    rate: float,
    factor: float,
    texts: list[str],
    kind: type[SlowVoice] = SlowVoice,
    slowly: Callable[[int], float] = lambda _: 1.0,
) -> Heard:
    """Have one assistant say all replies, one after the other; `slowly`: how slowly each."""
    clock = FakeClock()
    model, voice = SlowModel(clock, rate), kind(clock, factor, 0.22 if code == "zh" else 0.066)
    sink = DryingSink(clock, voice)
    talk = Conversation("voice", model, Prompt(model), "Be kind.", 10_000)
    now = Tempo(None)
    kit = Kit(
        conversation=lambda _: talk,
        voices={code: voice},
        router=FakeRouter(),
        sampling=Sampling(),
        clock=clock,
        pace=Paces(lambda: now.slowly),
    )
    heard = Heard()
    for number, text in enumerate(texts):
        now.slowly = slowly(number)
        model.enqueue(text)
        asked, clauses = clock(), list[str]()
        sink.dry_from, sink.gap = None, 0.0
        for item in run_turn(TurnRequest("?", language=code, sink=sink), number, kit, CancelToken()):
            if sink.gap > AUDIBLE_S and len(clauses) > 1:
                heard.gaps.append((sink.gap, clauses[-2], clauses[-1]))
            heard.inside += sink.within > 0
            sink.gap = sink.within = 0.0
            if isinstance(item, events.Clause):
                heard.joins += bool(clauses)
                clauses.append(item.text)
            elif isinstance(item, events.AudioStarted):
                heard.first_s.append(item.t - asked)
            elif isinstance(item, Waiting):
                clock.advance(max(0.001, item.until - clock()))
        assert "".join(clauses) == text
        heard.clauses.append(clauses)
    heard.sounds = voice.sounds
    return heard


@pytest.mark.parametrize("kind", [SlowVoice, StreamingVoice])
@pytest.mark.parametrize("code", ["en", "zh"])
@pytest.mark.parametrize(("rate", "factor"), [(8, 0.4), (15, 0.2)])
def test_replies_are_spoken_without_gaps(code: str, rate: float, factor: float, kind: type[SlowVoice]) -> None:
    """On a small board and on a larger one: at most one join in fifty is heard as a gap, always at a mark, and none is within."""
    heard = listen(code, rate, factor, replies(code), kind)
    assert heard.joins > 500
    assert heard.share() <= 0.02 and not heard.inside
    for _, before, _ in heard.gaps:
        assert before[-1] in ",;:.!?。，；：！？、”"


@pytest.mark.parametrize("code", ["en", "zh"])
def test_where_speech_is_slower_than_sound_it_still_begins_early(code: str) -> None:
    """Gaps cannot be helped there; each is at a mark, or where a clause without one was full, and none of it is waited for twice."""
    heard = listen(code, 4, 0.8, replies(code, 30))
    assert heard.share() > 0.5
    assert sorted(heard.first_s)[len(heard.first_s) // 2] < 4.5


@pytest.mark.parametrize("code", ["en", "zh"])
def test_a_voice_that_streams_is_heard_sooner(code: str) -> None:
    texts = replies(code, 60)
    whole, streamed = (listen(code, 8, 0.4, texts, kind).first_s for kind in (SlowVoice, StreamingVoice))
    assert sum(streamed) < 0.85 * sum(whole)


@pytest.mark.parametrize("code", ["en", "zh"])
def test_a_clause_is_short_enough_for_the_memory_of_a_synthesis(code: str) -> None:
    """3 s; the voice here says some clauses a tenth slower than usual."""
    heard = listen(code, 8, 0.4, replies(code))
    assert max(heard.sounds) <= CLAUSE_S
    assert sum(heard.sounds) / len(heard.sounds) > CLAUSE_S / 2


def test_on_a_clock_that_stands_still_two_runs_cut_alike() -> None:
    runs = [listen("en", float("inf"), 0.0, replies("en", 20)).clauses for _ in range(2)]
    assert runs[0] == runs[1]


@pytest.mark.parametrize("code", ["en", "zh"])
def test_at_another_rate_clauses_are_as_short_from_the_first_on_and_without_gaps(code: str) -> None:
    """Told to be slower or faster again and again, in the middle of a talk: what was learnt before holds at the new rate.

    A number is one word, however slowly it is said: replies without any.
    """
    texts = [text for text in replies(code) if not any(map(str.isdigit, text))]
    heard = listen(code, 15, 0.2, texts, StreamingVoice, lambda number: (1.0, 1.6, 2.0, 2.0, 0.8)[number % 5])
    assert heard.joins > 300
    assert max(heard.sounds) < 1.2 * CLAUSE_S  # a Chinese word is a large part of it
    assert heard.share() <= 0.02 and not heard.inside
