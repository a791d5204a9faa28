"""The mouth of a turn: makes sound of its clauses, plays it, and knows what of them was heard.

The first sound waits until it covers what comes behind it. The loudspeaker takes what fits. What it does not take yet is held
here, at most one clause, while the next one is written; before another is made into sound the loudspeaker has taken all of the
last, so that a synthesis begins with a full buffer.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace

from assistant import events
from assistant.cancel import CancelToken
from assistant.dialogue.clauses import breath_groups
from assistant.dialogue.kit import STEP, Gate, Item, Kit, Waiting
from assistant.dialogue.pace import CLAUSE_S, STREAM
from assistant.dialogue.said import Said
from assistant.dialogue.stages import Stages
from assistant.errors import AudioError
from assistant.protocols import AudioChunk, AudioSink, Voice

REFILL_S = 0.2
"""Time between two looks at a full loudspeaker: it holds ten times as much."""
SINK_DEADLINE_S = 5.0
"""A loudspeaker that plays nothing for so long while it holds sound is broken."""


class Mouth:
    """Speaks for one turn into one sink."""

    def __init__(
        self, sink: AudioSink, language: str, turn_id: int, kit: Kit, cancel: CancelToken, stages: Stages, gate: Gate
    ) -> None:
        self.sink = sink
        self._gate = gate
        self._language, self._turn_id, self._kit, self._cancel, self._stages = language, turn_id, kit, cancel, stages
        self._said: list[Said] = []
        self._held: deque[AudioChunk] = deque()
        self._from: float | None = None  # the sink's played_ms when the reply begins
        self._unmade_s = 0.0  # sound of the clause under way that is likely still to be made
        self.written = 0.0
        """Letters behind the last clause that are there already."""

    def say(self, clause: events.Clause) -> Iterator[Item]:
        """Make sound of a clause and begin to play it."""
        if self._from is not None:
            yield from self._give_all()  # enough is written ahead
        start = self.sink.played_ms() + 1000 * self.buffered_s()
        pace = self._kit.pace(self._language)
        likely_s = pace.weight(clause.text) * pace.sound_s
        said = Said(clause.text, clause.spoken, start, 1000 * likely_s)
        self._said.append(said)
        if not clause.spoken:
            return
        voice = self._kit.voices.get(self._language) or next(iter(self._kit.voices.values()))
        slowly = pace.slowly
        chunks, took, first = self._sound(voice, breath_groups(clause.spoken, pace), slowly), 0.0, None
        while True:
            since = self._kit.clock()
            with self._stages.timed("speech"):
                chunk = next(chunks, None)
            took += self._kit.clock() - since
            first = took if first is None else first
            if chunk is None:
                break
            yield STEP
            said.add(chunk)
            self._held.append(chunk)
            self._unmade_s = max(0.0, likely_s - said.sound_s)
            if not self._gate.closed:  # a draft goes on making it
                yield from self.fill()
        said.made()
        self._unmade_s = 0.0
        pace.spoke(clause.text, took, said.sound_s, first, slowly)
        yield from self.fill()

    def _sound(self, voice: Voice, parts: Iterable[str], slowly: float) -> Iterator[AudioChunk]:
        """The sound of a clause in its parts, as if it were said at once."""
        before = 0
        for part in parts:
            for chunk in voice.synthesize(part, self._cancel, slowly):
                marks = chunk.marks and [replace(mark, characters=before + mark.characters) for mark in chunk.marks]
                yield replace(chunk, marks=marks)
            before += len(part)

    def fill(self, *, whole: bool = False) -> Iterator[Item]:
        """Give the loudspeaker what it takes of the sound that is made; the first, when it covers what comes (or is `whole`)."""
        if self._from is None:
            if not self._held or not (whole or self._may_begin()):
                return
            yield from self._gate.wait(self._cancel)
            late = self.sink.played_ms() + 1000 * self.sink.pending_s() - self._said[0].start_ms
            for said in self._said:  # what was made behind the gate begins behind what has been played since
                said.later(late)
        while self._held:
            self._cancel.check()
            chunk = self._held.popleft()
            taken = self.sink.write(chunk.pcm, chunk.rate)
            if taken < len(chunk.pcm):
                self._held.appendleft(AudioChunk(chunk.pcm[taken:], chunk.rate))
            if taken and self._from is None:
                self._from = self._said[0].start_ms
                self._stages.mark("first_audio")
                yield events.AudioStarted(self._turn_id, self._kit.clock())
            if taken < len(chunk.pcm):
                return

    def buffered_s(self) -> float:
        """Seconds of sound that are made and not yet played."""
        return self.sink.pending_s() + self._held_s()

    def _may_begin(self) -> bool:
        held, pace, unmade_s = self._held_s(), self._kit.pace(self._language), self._unmade_s
        if unmade_s and pace.rate > STREAM:
            return False
        return held >= CLAUSE_S or pace.covers(held + unmade_s, self.written, unmade_s=unmade_s)

    def finish(self) -> Iterator[Item]:
        """Play to the end."""
        yield from self.drain()
        if self._from is not None:
            yield events.SpeechDone(self._turn_id, self._kit.clock(), round(self.sink.played_ms() - self._from))

    def drain(self) -> Iterator[Item]:
        """Wait until all is played."""
        yield from self._give_all()
        while self.sink.pending_s() > 0:
            yield from self._wait(1.0)

    def stop(self) -> None:
        """Drop what is made and not played."""
        self._held.clear()
        self.sink.stop()

    def heard(self) -> str:
        """The text of what was played."""
        now, text = self.sink.played_ms(), ""
        for said in self._said:
            text += said.heard(now)
            if not said.over(now):
                break
        return text

    def _held_s(self) -> float:
        return sum(len(chunk.pcm) / 2 / chunk.rate for chunk in self._held)

    def _give_all(self) -> Iterator[Item]:
        yield from self.fill(whole=True)
        while self._held:
            yield from self._wait(REFILL_S)
            yield from self.fill()

    def _wait(self, longest_s: float) -> Iterator[Item]:
        """Yield until the sink has played some. Raises `AudioError` when it plays nothing."""
        played, since = self.sink.played_ms(), self._kit.clock()
        while True:
            yield Waiting(self.sink, self._kit.clock() + min(longest_s, self.sink.pending_s()))
            self._cancel.check()
            if self.sink.played_ms() != played or self.sink.pending_s() == 0:
                return
            if self._kit.clock() - since > SINK_DEADLINE_S:
                raise AudioError("the loudspeaker took sound and plays nothing; check it with `assistant devices`")
