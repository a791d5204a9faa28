"""The stable part of a partial."""

import pytest

from assistant.dialogue.partial import stable_words


@pytest.mark.parametrize(("before", "now", "stable"), [
    ("", "turn on", ""), ("turn", "turn on the", "turn"), ("turn on the", "turn on the", "turn on"), ("turn on the", "turn off the light", "turn"),
    ("turn on the light", "turn on", "turn"), ("打开厨房", "打开厨房的灯", "打开厨房"), ("打开厨房的灯", "打开厨房的灯", "打开厨房"), ("打开厨", "打开厨房", "打开"),
    ("打开", "打开", ""), ("把音量", "打开厨房", ""), ("播放 beatles 的", "播放 beatles 的歌曲", "播放 beatles 的"), ("播放 beatles", "播放 beatles", "播放"),
    ("说hello", "说hello吧", "说"),
])  # fmt: skip
def test_what_two_partials_agree_on_but_the_last_word(before: str, now: str, stable: str) -> None:
    assert stable_words(before, now) == stable
