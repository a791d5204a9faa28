"""`assistant bench capture`: frames lost by two ways to record, beside decoding and an HTTP server at full load in this process.

callback   what the assistant does: PortAudio's callback copies bytes into a ring, the ear takes them out
blocking   the ear's thread waits in PortAudio's `read()`

Both feed the voice activity network, as the ear does; decoding gives way to them (cores.py). Counted, ten minutes each: blocks
that PortAudio or our ring reported as lost, and frames short of the clock. The HTTP server is the standard library's, asked
without pause by a process of its own.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from assistant import app
from assistant.audio.devices import find, list_devices, sounddevice
from assistant.audio.format import FRAME, FRAME_S, RATE
from assistant.audio.mic import Mic
from assistant.bench.decode import ours_decode
from assistant.bench.result import Figure, Result, machine, versions
from assistant.config import Config
from assistant.cores import give_way
from assistant.engines import auto
from assistant.engines.llama.model import LlamaModel

SECONDS, QUICK_SECONDS = 600.0, 5.0
SLACK = 8
"""Frames that may be on their way at the end: a quarter second."""
_ASK = """
import http.client, sys
link = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
while True:
    link.request("GET", "/")
    link.getresponse().read()
"""
Ways = dict[str, Callable[[float, Callable[[bytes], Any]], tuple[int, int]]]


def measure(config: Config, quick: bool) -> Result:
    """Record both ways. Raises `DeviceNotFound`, `AudioError`, `EngineUnavailable`, what loading the engines raises."""
    seconds = QUICK_SECONDS if quick else SECONDS
    device = config.audio.input
    vad = auto.vad(config).make()
    choice, model = auto.first_that_loads(auto.llm(config, app.models_of(config)))
    ways: Ways = {
        "callback": lambda seconds, feed: _callback(device, seconds, feed),
        "blocking": lambda seconds, feed: _blocking(device, seconds, feed),
    }
    figures: dict[str, Figure] = {}
    with closing(model), _load(model) as counts:
        for name, record in ways.items():
            before = dict(counts)
            frames, lost = record(seconds, vad.feed)
            missing = max(0, round(seconds / FRAME_S) - SLACK - frames)
            figures[f"{name}: lost"] = Figure(lost, f"blocks in {seconds:.0f} s", target=0 if name == "callback" else None)
            figures[f"{name}: missing"] = Figure(
                missing, f"of {round(seconds / FRAME_S)} frames", target=0 if name == "callback" else None
            )
            for what in counts:
                figures[f"{name}: {what} beside it"] = Figure(counts[what] - before[what], "times", better="higher")
    return Result(machine(), versions("sounddevice", "llama-cpp-python"), {"llm": str(choice)}, figures)


def _callback(device: str, seconds: float, feed: Callable[[bytes], Any]) -> tuple[int, int]:
    """Frames heard and blocks lost, as the ear hears."""
    with closing(Mic(device)) as mic:
        frames = 0
        while mic.read() is None:  # a sound server that slept takes its time to begin
            time.sleep(mic.wait_s())
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            frame = mic.read()
            if frame is None:
                time.sleep(mic.wait_s())
                continue
            feed(frame)
            frames += 1
        return frames, mic.dropped


def _blocking(device: str, seconds: float, feed: Callable[[bytes], Any]) -> tuple[int, int]:
    """The same with PortAudio's `read()`, at our own rate."""
    card = find(device, "input", list_devices())
    stream = sounddevice().RawInputStream(samplerate=RATE, channels=1, dtype="int16", device=card.index, blocksize=FRAME)
    frames = lost = 0
    with stream:
        stream.read(FRAME)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            data, overflowed = stream.read(FRAME)
            feed(bytes(data))
            frames, lost = frames + 1, lost + bool(overflowed)
    return frames, lost


@contextmanager
def _load(model: LlamaModel) -> Iterator[dict[str, int]]:
    """Decode and serve HTTP without pause meanwhile; yields how often each was done."""
    counts = {"tokens decoded": 0, "requests served": 0}
    stop = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            counts["requests served"] += 1
            body = b'{"ok": true}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    def decode() -> None:
        give_way()
        ids = model.encode("The quick brown fox jumps over the lazy dog. ")
        while not stop.is_set():
            ours_decode(model, ids)
            counts["tokens decoded"] += 16

    with ExitStack() as stack:
        server = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        server.daemon_threads = True
        threads = [threading.Thread(target=decode), threading.Thread(target=server.serve_forever)]
        for thread in threads:
            thread.start()
        client = subprocess.Popen([sys.executable, "-P", "-c", _ASK, str(server.server_address[1])])
        try:
            yield counts
        finally:
            client.kill()
            client.wait()
            stop.set()
            server.shutdown()
            for thread in threads:
                thread.join()
