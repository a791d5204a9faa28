"""The rules by which a stop said into our own voice is believed, frame by frame: who is near, how loud, and what is heard."""

from collections.abc import Mapping
from typing import NamedTuple

import pytest

from assistant.audio.format import FRAME_BYTES, RATE
from assistant.engines.fakes import FakeClock, FakeSink, FakeWake
from assistant.engines.fakes_echo import FakeEcho
from assistant.engines.fakes_hearing import FakeTranscriber, FakeTranscription
from assistant.listen.barge_in import (
    CLEAR_BESIDE_DB,
    CLEAR_DB,
    CLEAR_OF_TALK_DB,
    CLEAR_WAKE_DB,
    CROWD,
    END,
    HINT,
    QUIET,
    TAIL_DB,
    TALK,
    WAKE,
    WARY,
    BargeIn,
)
from assistant.listen.loudness import RUN, WINDOW, WORD
from assistant.listen.saying import Saying
from assistant.protocols import Care

LOUD = 1e6


class Frame(NamedTuple):
    """What the guard says of one."""

    word: str = ""
    near: bool = False
    perhaps: bool = False
    level: float = 1.0
    cancelled: bool = True
    """Our own voice was taken out of it."""


def said(word: str, level: float = LOUD, **more: bool) -> Frame:
    return Frame(word, True, True, level, **more)


CALM, HISS = Frame(), Frame(perhaps=True, level=30.0)


class Late(FakeTranscription):
    """An utterance whose words come at its end."""

    def __init__(self, owner: FakeTranscriber) -> None:
        super().__init__(owner, False)

    def feed(self, pcm: bytes) -> str:
        super().feed(pcm)
        return ""


class Spotter:
    """One that hears scripted frames."""

    def __init__(self, late: bool = False, traces: Mapping[str, FakeWake] | None = None) -> None:
        """`late`: the recogniser tells nothing before it is asked for its last word."""
        self.sink = FakeSink(FakeClock())
        self._echo = FakeEcho(self.sink)
        recogniser = FakeTranscriber()
        self._barge_in = BargeIn(
            ("stop",),
            (lambda: Late(recogniser)) if late else recogniser.session,
            self.sink,
            self._echo,
            Saying(self.sink),
            traces=traces,
        )

    def hear(self, *frames: Frame) -> list[int]:
        """The numbers of the frames at which a stop was believed."""
        believed = []
        for number, frame in enumerate(frames):
            self._echo.near, self._echo.perhaps, self._echo.level = frame.near, frame.perhaps, frame.level
            self._echo.cancels = frame.cancelled
            raw = frame.word.encode().ljust(FRAME_BYTES, b"\0")
            if self._barge_in.feed(raw[:-1] + b"\1" if frame.cancelled else raw, raw):
                believed.append(number)
        return believed

    def rest(self, *frames: Frame) -> None:
        """Hear frames while we are silent."""
        for frame in frames:
            self._echo.level = frame.level
            self._barge_in.rest(frame.word.encode().ljust(FRAME_BYTES, b"\0"))

    def believes(self, word: str = "okay_nabu", *, cancels: bool = True, listening: bool = False) -> bool:
        """Whether a wake word that has just been heard is believed."""
        self._echo.cancels = cancels
        return self._barge_in.believes(word, listening=listening)

    def care(self, *, cancels: bool = True, playing: bool = True) -> Care:
        """What a wake word that ends now needs."""
        self._echo.cancels = cancels
        if playing:
            self.sink.write(b"\1" * FRAME_BYTES, RATE)
            self._echo.feed(bytes(FRAME_BYTES))
        return self._barge_in.care()

    def woken(self) -> None:
        """Begin to listen."""
        self._barge_in.woken()


def test_a_hint_ducks_at_once_and_is_given_up_when_nobody_follows() -> None:
    spotter = Spotter()
    spotter.hear(HISS)
    assert spotter.sink.ducks == [1.5]
    spotter.hear(*[CALM] * (HINT - 1))
    assert spotter.sink.ducks == [1.5]
    spotter.hear(CALM)
    assert spotter.sink.ducks == [1.5, 0.0]


def test_a_hint_that_goes_on_ducks_once() -> None:
    spotter = Spotter()
    spotter.hear(*[HISS] * 60)
    assert spotter.sink.ducks == [1.5, 0.0]
    spotter.hear(*[CALM] * QUIET, HISS, HISS)
    assert spotter.sink.ducks == [1.5, 0.0, 1.5]


def test_after_a_hint_that_nobody_followed_one_frame_is_none_for_a_while() -> None:
    spotter = Spotter()
    spotter.hear(HISS, *[CALM] * (HINT + QUIET))
    spotter.hear(HISS, CALM)
    assert spotter.sink.ducks == [1.5, 0.0]
    spotter.hear(*[CALM] * WARY, HISS)
    assert spotter.sink.ducks == [1.5, 0.0, 1.5]


def test_who_follows_a_hint_is_ducked_for_once() -> None:
    spotter = Spotter()
    assert spotter.hear(HISS, HISS, CALM, *[said("stop")] * 6, *[CALM] * END) == [10], "two frames of words and of calm"
    assert spotter.sink.ducks == [1.5, 0.0]


def test_what_the_recogniser_writes_late_is_asked_for_at_the_end() -> None:
    assert Spotter(late=True).hear(*[said("stop")] * 6, *[CALM] * END) == [5 + END]


def test_a_slip_of_the_guard_hides_no_stop_behind_it() -> None:
    stop = [*[said("stop")] * 6, *[CALM] * END]
    slip = said("so", level=30.0)
    assert Spotter().hear(slip, *[CALM] * END, *stop) == [1 + END + 7]
    word = [slip] * RUN
    assert Spotter().hear(*word, *[CALM] * END, *stop) == [], "behind a word of somebody's there is none so soon"
    assert Spotter().hear(*word, *[CALM] * (END + QUIET), *stop) == [RUN + END + QUIET + 7]


def test_a_hint_alone_is_no_stop() -> None:
    assert Spotter().hear(*[HISS._replace(word="stop")] * 8, *[CALM] * END) == []


def test_the_tail_of_a_word_in_the_room_is_calm() -> None:
    quieter = LOUD / 10 ** (TAIL_DB / 10)
    for level, at in ((quieter * 0.9, 7), (quieter * 1.1, 13)):
        assert Spotter().hear(*[said("stop")] * 6, *[said("stop", level)] * 6, *[CALM] * END) == [at]


@pytest.mark.parametrize(
    ("talk", "cancelled", "least"),
    [(0, True, CLEAR_DB), (TALK, True, CLEAR_DB), (TALK + 1, True, CLEAR_OF_TALK_DB), (TALK + 1, False, CLEAR_BESIDE_DB)],
)
def test_a_stop_is_louder_than_all_that_was_heard_before(talk: int, cancelled: bool, least: float) -> None:
    for over_db, believed in ((least - 0.5, False), (least + 0.5, True)):
        stop = said("stop", LOUD * 10 ** (over_db / 10), cancelled=cancelled)
        before = [*[said("so", cancelled=cancelled)] * talk, *[Frame(level=LOUD, cancelled=cancelled)] * (WINDOW - talk - 1)]
        heard = Spotter().hear(*before, *[stop] * 6, *[CALM] * END)
        assert bool(heard) == believed, over_db


def test_a_door_that_slams_before_it_does_not_count() -> None:
    before = [*[CALM] * (WINDOW - 10), *[Frame(level=LOUD)] * 6, *[CALM] * 10]
    assert Spotter().hear(*before, *[said("stop")] * 6, *[CALM] * END)
    before = [*[CALM] * (WINDOW - 40), *[Frame(level=LOUD)] * 36, *[CALM] * 10]
    assert not Spotter().hear(*before, *[said("stop")] * 6, *[CALM] * END), "somebody who talks does"


def test_what_was_loud_longer_ago_does_not_count() -> None:
    assert Spotter().hear(*[Frame(level=LOUD)] * WINDOW, *[CALM] * WINDOW, *[said("stop")] * 6, *[CALM] * END)


def test_where_somebody_talks_all_the_time_it_neither_ducks_nor_believes() -> None:
    spotter = Spotter()
    talk = [*[said("so")] * 2, *[CALM] * (QUIET + END)] * (CROWD + 2)
    spotter.hear(*talk)
    spotter.sink.ducks.clear()
    assert spotter.hear(HISS, *[said("stop")] * 6, *[CALM] * END) == [] and spotter.sink.ducks == []


def test_our_silence_ends_the_duck() -> None:
    spotter = Spotter()
    spotter.hear(HISS)
    spotter.rest(CALM)
    assert spotter.sink.ducks == [1.5, 0.0]


def test_a_television_heard_before_the_reply_counts() -> None:
    spotter = Spotter()
    spotter.rest(*[Frame(level=LOUD)] * WINDOW)
    assert not spotter.hear(*[said("stop")] * 6, *[CALM] * END)


def test_the_wake_word_before_the_reply_does_not_count() -> None:
    spotter = Spotter()
    spotter.rest(*[CALM] * WINDOW, *[Frame(level=LOUD)] * (WAKE - 1))
    spotter.woken()
    assert spotter.hear(*[said("stop")] * 6, *[CALM] * END)


def word(over_db: float, text: str = "") -> list[Frame]:
    """A wake word so much louder than `LOUD`, in which a trace of `text` can be heard."""
    return [Frame(text, level=LOUD * 10 ** (over_db / 10))] * WORD


BEFORE = [Frame(level=LOUD)] * WINDOW


def test_a_wake_word_in_what_a_canceller_leaves_is_very_much_louder_or_left_a_trace() -> None:
    for over_db, trace, believed in ((CLEAR_WAKE_DB - 0.5, "", False), (CLEAR_WAKE_DB + 0.5, "", True), (0, "wake", True)):
        spotter = Spotter(traces={"okay_nabu": FakeWake()})
        spotter.hear(*BEFORE, *word(over_db, trace))
        assert spotter.believes() == believed, (over_db, trace)
        assert spotter.believes("hello_computer"), "a word whose traces nobody hears is a word"
        assert spotter.believes(listening=True), "so is any that is said to who listens"
        assert spotter.believes(cancels=False), "and where nothing is taken out"


def test_a_wake_word_into_our_own_voice_needs_more_but_less_of_who_is_very_much_louder() -> None:
    for over_db, care in ((CLEAR_WAKE_DB - 0.5, "more"), (CLEAR_WAKE_DB + 0.5, "less")):
        spotter = Spotter()
        spotter.hear(*BEFORE, *word(over_db))
        assert spotter.care(playing=False) == "usual", "we are silent"
        assert spotter.care() == care, over_db
        assert spotter.care(cancels=False) == "usual", "nothing is taken out, so nothing is left"


def test_a_trace_is_no_older_than_a_word() -> None:
    spotter = Spotter(traces={"okay_nabu": FakeWake()})
    spotter.hear(*BEFORE, Frame("wake", level=LOUD), *word(0)[1:])
    assert spotter.believes()
    spotter.hear(*word(0)[-2:])
    assert not spotter.believes()


def test_a_trace_is_looked_for_in_what_came_right_before_we_spoke() -> None:
    detector = FakeWake()
    spotter = Spotter(traces={"okay_nabu": detector})
    for _ in range(2):  # in the next reply, too
        spotter.rest(*BEFORE, Frame("wake", level=LOUD), *word(0)[2:])
        spotter.hear(Frame(level=LOUD))
        assert spotter.believes()
        spotter.hear(*word(0))
        assert not spotter.believes()


def test_the_wake_word_before_the_reply_leaves_no_trace_in_it() -> None:
    spotter = Spotter(traces={"okay_nabu": FakeWake()})
    spotter.hear(*BEFORE, Frame("wake", level=LOUD))
    spotter.rest(Frame("wake", level=LOUD))
    spotter.woken()
    spotter.rest(*BEFORE[:3])
    spotter.hear(*BEFORE[:1])
    assert not spotter.believes()
