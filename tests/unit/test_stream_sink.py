"""A loudspeaker that is a connection: bounded, resampled, silent once stopped."""

import numpy as np

from assistant.dialogue.brain import Priority
from assistant.dialogue.kit import TurnRequest
from assistant.servers.stream_sink import CAPACITY_S, StreamSink
from tests.turn.world import World, shorthand

SECOND = b"\1\0" * 16_000


def test_it_takes_chunks_while_it_has_room_and_gives_them_unchanged() -> None:
    rung: list[int] = []
    sink = StreamSink(lambda: rung.append(1))
    assert (sink.rate, sink.pending_s(), sink.played_ms(), sink.take()) == (0, 0.0, 0, b"")
    taken = 0
    while sink.write(SECOND, 16_000):
        taken += 1
    assert taken == int(CAPACITY_S) + 1 == len(rung) and sink.pending_s() > 0 and sink.played_ms() == 0
    assert sink.take() == SECOND * taken
    assert (sink.rate, sink.pending_s(), sink.played_ms()) == (16_000, 0.0, 1000 * taken)
    assert sink.write(SECOND, 16_000) == len(SECOND)


def test_it_brings_sound_to_a_rate() -> None:
    sink = StreamSink(lambda: None, 24_000)
    tone = (8000 * np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000)).astype("<i2").tobytes()
    for start in range(0, len(tone), 3200):
        assert sink.write(tone[start : start + 3200], 16_000) == 3200
    got = np.frombuffer(sink.take(last=True), "<i2")
    assert sink.rate == 24_000 and len(got) == 24_000
    assert abs(np.argmax(np.abs(np.fft.rfft(got))) - 440) <= 1


def test_stopped_it_drops_what_it_holds_and_swallows_the_rest() -> None:
    sink = StreamSink(lambda: None)
    sink.write(SECOND, 16_000)
    sink.stop()
    assert sink.write(SECOND, 16_000) == len(SECOND) and sink.take() == b"" and sink.pending_s() == 0


def test_a_reader_that_takes_nothing_ends_the_turn() -> None:
    world = World()
    request = TurnRequest("", sink=StreamSink(lambda: None), say="Word. " * 100)
    world.brain.submit(request, Priority.CHAT)
    world.run()
    assert shorthand(world.events())[-1] == "1 Failed audio"
    assert len(world.voice.spoken) < 20
