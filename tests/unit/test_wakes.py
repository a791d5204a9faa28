"""Wake words of several engines on one stream, scripted."""

from assistant.audio.format import FRAME_BYTES
from assistant.engines.fakes import FakeVad, FakeWake
from assistant.listen.wakes import AnyOf, behind_phrase
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


def test_a_pause_parts_the_end_of_a_phrase_from_what_follows() -> None:
    vad = FakeVad()

    def behind(*words: str) -> list[str]:
        frames = [word.encode().ljust(FRAME_BYTES, b"\0") for word in words]
        return [frame.rstrip(b"\0").decode() for frame in behind_phrase(frames, vad)]

    assert behind("tant", "tant", "", "", "", "", "", "what") == ["", "", "what"], "one frame of the pause is left"
    straight_on = ["tant", "", "", "what", "time", *["now"] * 30, "", "", "", "", "then"]
    assert behind(*straight_on) == straight_on, "a pause so late is the question's own"
    assert behind() == []
