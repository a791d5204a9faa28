"""Wake words of several engines on one stream, scripted."""

from assistant.engines.fakes import FakeWake
from assistant.listen.endpoint import Endpoint, Silences
from assistant.listen.wakes import AnyOf, parted
from assistant.protocols import Care, Wake


class Counting(FakeWake):
    def __init__(self, language: str, word: str) -> None:
        super().__init__(language, word)
        self.frames = self.resets = 0

    def feed(self, frame: bytes, care: Care = "usual") -> Wake | None:
        self.frames += 1
        return super().feed(frame, care) if frame.endswith(self._word.encode()) else None

    def reset(self) -> None:
        self.resets += 1


def test_the_one_that_fires_names_the_wake_and_all_hear_every_frame() -> None:
    one, two = Counting("en", "nabu"), Counting("zh", "xiaozhu")
    both = AnyOf([one, two])
    assert [both.feed(frame) for frame in (b"wake nabu", b"other", b"wake xiaozhu")] == [
        Wake("nabu", "en"),
        None,
        Wake("xiaozhu", "zh"),
    ]
    assert (one.frames, two.frames) == (3, 3)
    both.reset()
    assert (one.resets, two.resets) == (1, 1)


def parted_after(speech: int, silence: int, before: int = 0) -> bool:
    endpoint = Endpoint(0.5, Silences(0.2, 0.5, 1.5), no_speech_s=5, max_s=10)
    for probability in [0.0] * before + [1.0] * speech + [0.0] * silence:
        endpoint.feed(probability)
    return parted(endpoint)


def test_a_pause_parts_the_end_of_a_phrase_from_what_follows() -> None:
    assert parted_after(speech=6, silence=4)
    assert not parted_after(speech=6, silence=3), "no pause yet"
    assert not parted_after(speech=8, silence=4), "a short word"
    assert not parted_after(speech=4, silence=4, before=4), "a short word, a little later"
    assert not parted_after(speech=0, silence=20), "nothing of the phrase is there"
