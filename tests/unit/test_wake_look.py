"""The second look at a likely wake word, with a scripted recogniser: when it begins and ends, and how much it may take."""

import json

import pytest

from assistant.audio.format import FRAME_BYTES, FRAME_S
from assistant.engines.micro_wake_look import ALONE_FROM, BEFORE_S, LOOK_S, LOOKS, SETTLED_S, SLICE_S, Look
from assistant.engines.vosk_model import EARLY_S

FRAME = bytes(FRAME_BYTES)
LIKELY = 0.5


class Scripted:
    """Writes "okay nabu" once it has been fed so many bytes; has no `Result`, which may take seconds."""

    def __init__(self, after: float = float("inf"), until: float = float("inf"), before: str = "[unk] ") -> None:
        self._after, self._until, self._before = after, until, before
        self.fed: list[int] = []

    def AcceptWaveform(self, pcm: bytes) -> bool:
        self.fed.append(len(pcm))
        return False

    def PartialResult(self) -> str:
        said = self._after <= sum(self.fed) < self._until
        return json.dumps({"partial": f"{self._before}okay nabu" if said else f"{self._before}okay"})


class Timed:
    """Says of all that it is fed that "okay nabu" ended after so many seconds, or nothing; ends a segment at one of its calls."""

    def __init__(self, *ends_s: float, segment_at: int = 0) -> None:
        self._ends_s, self._segment_at = list(ends_s), segment_at
        self.fed: list[int] = []

    def AcceptWaveform(self, pcm: bytes) -> bool:
        self.fed.append(len(pcm))
        return len(self.fed) == self._segment_at

    def Result(self) -> str:
        ended, self._ends_s = self._ends_s[:1], self._ends_s[1:]
        words = [{"word": "[unk]", "end": 0.1}, *({"word": word, "end": end} for end in ended for word in ("okay", "nabu"))]
        return json.dumps({"text": "", "result": words})

    def FinalResult(self) -> str:
        return self.Result()


def look(*recognisers: Scripted, timed: Timed | None = None) -> Look:
    waiting = iter(recognisers)
    return Look("okay nabu", 0.03, lambda: next(waiting), lambda: timed or Timed())


def frames(seconds: float) -> int:
    return round(seconds / FRAME_S)


def heard(one: Look, count: int, likely: float = 0.0) -> list[bool]:
    return [one.feed(FRAME, likely) for _ in range(count)]


def test_nothing_is_recognised_until_the_network_thinks_it_likely() -> None:
    recogniser = Scripted()
    one = look(recogniser)
    assert not any(heard(one, 100)) and not recogniser.fed
    one.feed(FRAME, LIKELY)
    assert recogniser.fed


def test_the_sound_of_before_is_caught_up_in_slices_and_all_of_it_heard_once() -> None:
    recogniser = Scripted()
    one = look(recogniser)
    heard(one, 200)
    one.feed(FRAME, LIKELY)
    heard(one, frames(LOOK_S) - 2)
    assert max(recogniser.fed) <= FRAME_BYTES + SLICE_S * 32000
    assert sum(recogniser.fed) == round(BEFORE_S * 32000) + (len(recogniser.fed) - 1) * FRAME_BYTES


def test_it_is_heard_when_the_phrase_has_stood_a_moment() -> None:
    one = look(Scripted(after=0))
    assert heard(one, 4, likely=LIKELY) == [False, False, False, True]
    assert 3 * FRAME_S < SETTLED_S < 4 * FRAME_S


def test_a_phrase_that_is_written_and_taken_back_is_none() -> None:
    one = look(Scripted(after=3 * FRAME_BYTES, until=5 * FRAME_BYTES))
    assert not any(heard(one, 1, likely=LIKELY) + heard(one, 60))


def test_what_is_hardly_likely_counts_only_as_the_first_that_is_heard() -> None:
    assert any(heard(look(Scripted(after=0, before="")), 4, likely=0.05))
    assert not any(heard(look(Scripted(after=0)), 20, likely=0.05))
    assert any(heard(look(Scripted(after=0)), 4, likely=ALONE_FROM + 0.01))


def test_a_look_ends_in_time_and_another_may_begin() -> None:
    first, second = Scripted(), Scripted()
    one = look(first, second)
    heard(one, frames(LOOK_S) + 2, likely=LIKELY)
    assert 0 <= len(first.fed) - frames(LOOK_S) <= 1
    assert second.fed and one.taken == 2


def test_a_burst_of_likely_sound_is_bounded_and_counted() -> None:
    one = look(*(Scripted() for _ in range(100)))
    heard(one, frames(59), likely=LIKELY)
    assert one.taken == LOOKS and one.left_out > 0
    heard(one, frames(60))
    assert not one.feed(FRAME, LIKELY) and one.taken == LOOKS + 1, "a minute later there is room again"


def test_forgetting_leaves_no_sound_of_before() -> None:
    recogniser = Scripted()
    one = look(recogniser)
    heard(one, 100)
    one.forget()
    one.feed(FRAME, LIKELY)
    heard(one, 5)
    assert sum(recogniser.fed) == 6 * FRAME_BYTES


def test_it_says_when_the_phrase_ended_of_all_that_was_heard_so_far() -> None:
    timed = Timed(1.2)
    one = look(Scripted(after=0), timed=timed)
    heard(one, 100)
    assert heard(one, 4, likely=LIKELY)[-1]
    assert one.behind_s() == pytest.approx(BEFORE_S + 3 * FRAME_S - 1.2 - EARLY_S)
    assert sum(timed.fed) == round(BEFORE_S * 32000) + 3 * FRAME_BYTES, "what waited, too, and nothing twice"


@pytest.mark.parametrize("ends", [(), (0.3,)])
def test_an_end_in_a_segment_that_is_over_is_known_and_the_last_one_counts(ends: tuple[float, ...]) -> None:
    one = look(Scripted(), timed=Timed(0.2, *ends, segment_at=2))
    heard(one, 100)
    heard(one, 3, likely=LIKELY)
    assert one.behind_s() == pytest.approx(BEFORE_S + 2 * FRAME_S - (0.2, *ends)[-1] - EARLY_S)


def test_no_end_is_said_without_a_look_or_where_it_was_not_heard_or_twice() -> None:
    one = look(Scripted(), Scripted(), timed=Timed())
    heard(one, 100)
    assert one.behind_s() is None
    one.feed(FRAME, LIKELY)
    assert one.behind_s() is None
    now = look(Scripted(), timed=Timed(0.0))
    now.feed(FRAME, LIKELY)
    assert now.behind_s() == 0 and now.behind_s() is None, "it sounds still"
