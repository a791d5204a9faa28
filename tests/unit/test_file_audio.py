"""File devices on one audio clock."""

import threading
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.earcons import earcon
from assistant.audio.file import BUFFER_S, AudioClock, FileSink, FileSource, NullSink
from assistant.audio.format import FRAME, FRAME_BYTES, FRAME_S, RATE, SILENCE
from assistant.audio.wav import read_wav
from assistant.protocols import EndOfAudio

GAP_FRAMES = 16  # 0.5 s


def clip(mark: int, frames: float) -> bytes:
    return bytes([mark, 0]) * int(frames * FRAME)


def play(source: FileSource, clock: AudioClock, limit: int = 500) -> list[int]:
    """The first byte of every frame until the end."""
    seen: list[int] = []
    for _ in range(limit):
        try:
            frame = source.read()
        except EndOfAudio:
            return seen
        if frame is not None:
            assert len(frame) == FRAME_BYTES
            seen.append(frame[0])
        clock.advance()
    raise AssertionError(f"no end after {limit} frames: {seen}")


def tone(rate: int, seconds: float) -> bytes:
    return bytes((8000 * np.sin(2 * np.pi * 440 * np.arange(round(rate * seconds)) / rate)).astype("<i2").tobytes())


def test_one_frame_for_each_advance() -> None:
    clock = AudioClock()
    source = FileSource([clip(1, 3)], clock, quiet=lambda: True)
    assert source.read() is None and source.wait_s() == pytest.approx(FRAME_S)
    clock.advance()
    assert source.wait_s() == 0
    assert source.read() == clip(1, 1) and source.read() is None


def test_clips_are_padded_and_a_gap_lies_between() -> None:
    clock = AudioClock()
    seen = play(FileSource([clip(1, 2.5), clip(2, 1)], clock, quiet=lambda: True), clock)
    assert seen == [1, 1, 1] + [0] * GAP_FRAMES + [2] + [0] * GAP_FRAMES


def test_the_padding_is_silence() -> None:
    clock = AudioClock()
    source = FileSource([clip(1, 0.5)], clock, quiet=lambda: True)
    clock.advance()
    assert source.read() == clip(1, 0.5) + SILENCE[: FRAME_BYTES // 2]


def test_the_next_clip_waits_for_quiet_without_break() -> None:
    clock = AudioClock()
    noisy_until = {5, 6, 7, 12}  # frames at which somebody is busy: the count begins anew behind the last
    source = FileSource([clip(1, 1), clip(2, 1)], clock, quiet=lambda: clock.samples() // FRAME not in noisy_until)
    assert play(source, clock) == [1] + [0] * (11 + GAP_FRAMES) + [2] + [0] * GAP_FRAMES


def test_overlap_follows_at_once_and_ends_in_quiet() -> None:
    clock = AudioClock()
    source = FileSource([clip(1, 2), clip(2, 1)], clock, overlap=True, quiet=lambda: clock.samples() // FRAME > 10)
    assert play(source, clock) == [1, 1, 2] + [0] * (7 + GAP_FRAMES)


def test_it_never_ends_while_somebody_is_busy() -> None:
    clock = AudioClock()
    source = FileSource([clip(1, 1)], clock, quiet=lambda: False)
    with pytest.raises(AssertionError, match="no end"):
        play(source, clock, limit=200)


def test_real_time_follows_the_wall() -> None:
    wall = [100.0]
    clock = AudioClock(realtime=True, wall=lambda: wall[0])
    source = FileSource([clip(1, 9)], clock, quiet=lambda: True)
    clock.advance(5)
    assert clock.now_s() == 0 and source.read() is None
    wall[0] += 2.5 * FRAME_S
    assert source.read() and source.read() and source.read() is None
    assert source.wait_s() == pytest.approx(FRAME_S / 2)


def test_sound_stands_at_its_time(tmp_path: Path) -> None:
    clock = AudioClock()
    sink = FileSink(tmp_path / "out.wav", clock)
    clock.advance(1.0)
    sound = clip(7, 10)
    assert sink.write(sound, RATE) == len(sound)
    assert sink.pending_s() == pytest.approx(10 * FRAME_S) and sink.played_ms() == 0
    clock.advance(1.0)
    assert sink.pending_s() == 0 and sink.played_ms() == 320
    clock.advance(0.5)
    sink.close()
    out = read_wav(tmp_path / "out.wav")
    assert out == bytes(2 * RATE) + sound + bytes(2 * int(1.5 * RATE) - len(sound))


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 24_000])
def test_it_takes_what_fits_and_plays_all_of_it(rate: int) -> None:
    clock = AudioClock()
    sink = NullSink(clock)
    rest = tone(rate, 5.0)
    assert sink.write(rest, rate) == pytest.approx(2 * BUFFER_S * rate, abs=4)
    assert sink.write(rest, rate) <= 4
    sink.stop()
    taken_ms = 0.0
    while rest or sink.pending_s() > 0:
        taken = sink.write(rest, rate)
        assert taken % 2 == 0 and sink.pending_s() <= BUFFER_S + 1e-3
        rest, taken_ms = rest[taken:], taken_ms + 500 * taken / rate
        clock.advance()
        assert sink.played_ms() + 1000 * sink.pending_s() == pytest.approx(taken_ms, abs=2)
    assert sink.played_ms() == pytest.approx(5000, abs=1)


def test_a_resampled_tone_is_whole(tmp_path: Path) -> None:
    clock = AudioClock()
    with_rate = 22_050
    sink = FileSink(tmp_path / "out.wav", clock)
    rest = tone(with_rate, 1.0)
    while rest or sink.pending_s() > 0:
        rest = rest[sink.write(rest[:3000], with_rate) :]
        clock.advance()
    sink.close()
    out = np.frombuffer(read_wav(tmp_path / "out.wav"), "<i2")[: RATE + FRAME].astype(float)
    wanted = 8000 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    assert np.abs(out[500 : RATE - 500] - wanted[500 : RATE - 500]).max() < 80


def test_stop_drops_what_is_pending(tmp_path: Path) -> None:
    clock = AudioClock()
    sink = FileSink(tmp_path / "out.wav", clock)
    sink.write(clip(7, 50), RATE)
    clock.advance(10 * FRAME_S)
    sink.stop()
    assert sink.pending_s() == 0 and sink.played_ms() == 320
    clock.advance(10 * FRAME_S)
    sink.write(clip(9, 2), RATE)
    clock.advance(5 * FRAME_S)
    sink.close()
    assert read_wav(tmp_path / "out.wav") == clip(7, 10) + 10 * SILENCE + clip(9, 2) + 3 * SILENCE


def test_stop_forgets_what_the_resampler_held() -> None:
    clock = AudioClock()
    sink = NullSink(clock)
    sink.write(tone(22_050, 0.3), 22_050)
    sink.stop()
    assert sink.pending_s() == 0
    clock.advance(1.0)
    assert sink.played_ms() == 0


def test_any_thread_may_stop() -> None:
    clock = AudioClock(realtime=True)
    sink = NullSink(clock)

    def stop_often() -> None:
        for _ in range(200):
            sink.stop()

    threads = [threading.Thread(target=stop_often) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(200):
        sink.write(tone(22_050, 0.05), 22_050)
    for thread in threads:
        thread.join()
    sink.stop()
    assert sink.pending_s() == 0


def test_two_runs_are_equal(tmp_path: Path) -> None:
    outputs = []
    for name in ("a.wav", "b.wav"):
        clock = AudioClock()
        sink = FileSink(tmp_path / name, clock)
        rest = tone(22_050, 2.0)
        for step in range(200):
            if step % 3:
                rest = rest[sink.write(rest[:2000], 22_050) :]
            clock.advance()
        sink.close()
        outputs.append((tmp_path / name).read_bytes())
    assert outputs[0] == outputs[1]


def test_earcons_are_short_soft_and_faded() -> None:
    sounds = {name: np.frombuffer(earcon(name), "<i2").astype(int) for name in ("wake", "done", "error")}
    for samples in sounds.values():
        assert 0.1 * RATE < len(samples) < 0.3 * RATE
        assert 1000 < np.abs(samples).max() < 6000
        assert abs(samples[0]) < 50 and abs(samples[-1]) < 50
    assert len({sound.tobytes() for sound in sounds.values()}) == 3
    with pytest.raises(KeyError):
        earcon("other")
