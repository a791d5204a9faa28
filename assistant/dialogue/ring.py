"""A turn that rings: a tone, what is due in words, and again, until somebody ends it or nobody has heard it for long enough.

It needs the loudspeaker and nothing else: no model, no home, no network; a voice that fails leaves the tone. Between tones the
loudspeaker gets a sound that nobody hears: while we sound, the ear listens for "stop" and "snooze" without a wake word.
What is due is written down before its first sound; what becomes due meanwhile rings in the same turn.
"""

from collections.abc import Generator, Iterator

from assistant import events
from assistant.audio.format import RATE
from assistant.cancel import Cancelled, CancelToken
from assistant.dialogue.kit import STEP, Gate, Item, Kit, TurnRequest, Waiting
from assistant.dialogue.mouth import Mouth
from assistant.dialogue.spoken import spoken
from assistant.dialogue.stages import Stages
from assistant.errors import AssistantError, AudioError, EngineError
from assistant.languages import joined
from assistant.protocols import AudioSink
from assistant.protocols_hands import Ringing

WORDS_EVERY = 3
"""Rounds from one time that the words are said to the next."""
GAP_S = 1.5
LOOK_S = 0.25
"""The longest time between two looks at what else has become due."""
SINK_DEADLINE_S = 5.0
_NOTHING = (b"\x10\x00" * round(RATE * 0.1)) * round(10 * GAP_S)
"""Sound that is none: -66 dB, and does not move. A low volume leaves something of it; `audio/echo.py` learns nothing from it."""


def run_ring(request: TurnRequest, turn_id: int, kit: Kit, cancel: CancelToken) -> Iterator[Item]:
    """Ring for `request.ring` in `request.sink`."""
    ring, sink = request.ring, request.sink
    assert ring is not None and sink is not None
    cancel.on_cancel(lambda _: sink.stop())
    yield events.TurnStarted(turn_id, kit.clock(), "")
    how = "unheard"
    end: events.Event
    try:
        yield from _Rings(request, turn_id, kit, cancel, ring, sink).rounds()
        end = events.Completed(turn_id, kit.clock(), "", "")
    except Cancelled as stop:
        how = stop.reason
        end = events.Cancelled(turn_id, kit.clock(), how)
    except Exception as error:  # noqa: BLE001  whatever failed, it is missed and told
        known = error if isinstance(error, AssistantError) else EngineError(f"{type(error).__name__} while ringing; see the log")
        end = events.Failed(turn_id, kit.clock(), known.code, str(known))
    finally:
        if cancel.reason is not None:
            sink.stop()  # again: a write may have slipped in
        ring.end(how)
    yield end


class _Rings:
    """The rounds of one ring."""

    def __init__(self, request: TurnRequest, turn_id: int, kit: Kit, cancel: CancelToken, ring: Ringing, sink: AudioSink) -> None:
        self._request, self._turn_id, self._kit, self._cancel, self._ring, self._sink = request, turn_id, kit, cancel, ring, sink
        self._words = ""

    def rounds(self) -> Iterator[Item]:
        """Tone, words, and again."""
        number, until = 0, 0.0
        self._look()
        while self._words:
            if not number:
                until = self._kit.clock() + self._ring.longest_s
            yield from self._play(self._kit.ring_tone)
            if number % WORDS_EVERY == 0:
                yield from self._say()
            new = yield from self._rest()
            number = 0 if new else number + 1
            if self._kit.clock() >= until and not new:
                return

    def _look(self) -> bool:
        """Let what is due begin; whether something did."""
        self._cancel.check()
        begun = self._ring.begin()
        if begun:
            self._words = joined(begun, self._request.language)
        return bool(begun)

    def _rest(self) -> Generator[Item, None, bool]:
        """The gap; whether something else has become due in it."""
        yield from self._write(_NOTHING)
        while self._sink.pending_s() > LOOK_S:
            yield Waiting(self._sink, self._kit.clock() + LOOK_S)
            if self._look():
                return True
        return self._look()

    def _play(self, sound: bytes) -> Iterator[Item]:
        yield from self._write(sound)
        yield STEP

    def _write(self, sound: bytes) -> Iterator[Item]:
        """Give the loudspeaker all of it. Raises `AudioError` when it plays nothing."""
        since, played = self._kit.clock(), self._sink.played_ms()
        while sound:
            self._cancel.check()
            sound = sound[self._sink.write(sound, RATE) :]
            if not sound:
                return
            yield Waiting(self._sink, self._kit.clock() + LOOK_S)
            if self._sink.played_ms() != played:
                since, played = self._kit.clock(), self._sink.played_ms()
            elif self._kit.clock() - since > SINK_DEADLINE_S:
                raise AudioError("the loudspeaker took sound and plays nothing; check it with `assistant devices`")

    def _say(self) -> Iterator[Item]:
        """The words, with the voice if there is one that works."""
        if not self._kit.voices:
            return
        code = self._request.language
        mouth = Mouth(self._sink, code, self._turn_id, self._kit, self._cancel, Stages(stopwatch=self._kit.stopwatch), Gate())
        clause = events.Clause(self._turn_id, self._kit.clock(), self._words, spoken(self._words, code))
        try:
            yield clause  # the ear does not believe what we say ourselves
            yield from mouth.say(clause)
            yield from mouth.drain()
        except (Cancelled, AudioError):
            raise
        except Exception:  # noqa: BLE001  whatever the voice's fault is, the tone goes on
            mouth.stop()
