"""Wake words of several engines on one stream, scripted."""

from assistant.engines.fakes import FakeWake
from assistant.listen.wakes import AnyOf
from assistant.protocols import Wake


class Counting(FakeWake):
    def __init__(self, language: str, word: str) -> None:
        super().__init__(language, word)
        self.frames = self.resets = 0

    def feed(self, frame: bytes) -> Wake | None:
        self.frames += 1
        return super().feed(frame) if frame.endswith(self._word.encode()) else None

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
