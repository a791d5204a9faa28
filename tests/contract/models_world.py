"""A catalogue of small made-up models and a server of files that can be told to misbehave, for the tests of `assistant.models`."""

import hashlib
import io
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any

import yaml

from assistant.models.catalog import Catalog, load_catalog

Trick = Callable[["Handler", bytes], None]
"""Answers a request instead of the server; is given the right bytes."""


class Handler(BaseHTTPRequestHandler):
    """Serves `server.files`, with ranges, unless a trick is set for the path."""

    server: "Server"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.close_connection = True
        self.server.requests.append((self.path, self.headers.get("Range", "")))
        data = self.server.files.get(self.path)
        tricks = self.server.tricks.get(self.path, [])
        try:
            if tricks:
                tricks.pop(0)(self, data or b"")
            elif data is None:
                self.reply(404, b"")
            else:
                self.ranged(data)
        except (BrokenPipeError, ConnectionResetError):
            self.server.left += 1  # the other side left; tests of limits want just that

    def ranged(self, data: bytes) -> None:
        """An honest answer."""
        start = self.start()
        if start is None:
            self.reply(200, data)
        elif start >= len(data):
            self.reply(416, b"", {"Content-Range": f"bytes */{len(data)}"})
        else:
            self.reply(206, data[start:], {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"})

    def start(self) -> int | None:
        """The first byte asked for."""
        asked = self.headers.get("Range", "")
        return int(asked.removeprefix("bytes=").rstrip("-")) if asked else None

    def reply(self, code: int, body: bytes, headers: dict[str, str] | None = None, length: int | None = None) -> None:
        """Send a whole answer; `length` is what is claimed."""
        self.send_response(code)
        for name, value in {"Content-Length": str(len(body) if length is None else length), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


class Server(ThreadingHTTPServer):
    """A server on a free port; `release` lets stalled answers end."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.tricks: dict[str, list[Trick]] = {}
        self.requests: list[tuple[str, str]] = []
        self.left = 0
        self.release = threading.Event()
        self.reached = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def ranges(self, path: str) -> list[str]:
        """The Range headers asked for a path, in order."""
        return [asked for where, asked in self.requests if where == path]


@contextmanager
def serving() -> Iterator[Server]:
    """The server, running."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.release.set()
        server.shutdown()
        thread.join()
        server.server_close()


def some_bytes(size: int, seed: int) -> bytes:
    """Bytes that do not compress."""
    return Random(seed).randbytes(size)


def vosk_zip(name: str, size: int = 20_000) -> bytes:
    """An archive that looks like a Vosk model."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(f"{name}/", b"")
        file.writestr(f"{name}/am/final.mdl", some_bytes(size, 5))
        file.writestr(f"{name}/conf/model.conf", b"--min-active=200\n")
    return out.getvalue()


CONTENT: dict[str, bytes] = {
    "qwen2.5-0.5b-instruct-q4_0.gguf": b"GGUF" + some_bytes(300_000, 1),
    "vosk-model-small-en-us-0.15.zip": vosk_zip("vosk-model-small-en-us-0.15"),
    "en_US-ljspeech-medium.onnx": some_bytes(200_000, 2),
    "en_US-ljspeech-medium.onnx.json": b'{"audio": {"sample_rate": 22050}}',
    "en_US-ryan-medium.onnx": some_bytes(1000, 3),
    "en_US-ryan-medium.onnx.json": b"{}",
    "tokenizer.json": b'{"a": 1}',
    "model_quantized.onnx": some_bytes(500, 4),
}
_IDS = {
    "qwen2.5-0.5b-instruct-q4_0.gguf": ("qwen2.5-0.5b-instruct-q4_0", "llm", ""),
    "vosk-model-small-en-us-0.15.zip": ("vosk-model-small-en-us-0.15", "asr", ""),
    "en_US-ljspeech-medium.onnx": ("piper-en_US-ljspeech-medium", "tts-voice", ""),
    "en_US-ljspeech-medium.onnx.json": ("piper-en_US-ljspeech-medium-config", "tts-config", "piper-en_US-ljspeech-medium"),
    "en_US-ryan-medium.onnx": ("piper-en_US-ryan-medium", "tts-voice", ""),
    "en_US-ryan-medium.onnx.json": ("piper-en_US-ryan-medium-config", "tts-config", "piper-en_US-ryan-medium"),
    "model_quantized.onnx": ("bge-small-en", "embedding", ""),
    "tokenizer.json": ("bge-small-en-tokenizer", "embedding-tokenizer", "bge-small-en"),
}


def make_catalog(
    folder: Path, base: str, mirrors: tuple[str, ...] = ("/mirror",), content: dict[str, bytes] | None = None
) -> Catalog:
    """A catalogue of `CONTENT` on a server at `base`, first below /origin, then below each of `mirrors`."""
    content = content or CONTENT
    entries = []
    for name, data in content.items():
        id_, kind, part_of = _IDS[name]
        entry = {
            "id": id_,
            "kind": kind,
            "part_of": part_of,
            "language": ["en_US" if kind.startswith("tts") else "en"],
            "filename": name,
            "url": f"{base}/origin/{name}",
            "mirrors": [f"{mirror if mirror.startswith('http') else base + mirror}/{name}" for mirror in mirrors],
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "licence": "CC BY-NC-SA 4.0" if "ryan" in name else "Apache-2.0",
            "commercial_use": "no" if "ryan" in name else "yes",
        }
        if kind == "embedding-tokenizer":
            del entry["bytes"]  # as one of the real catalogue
        entries.append(entry)
    path = folder / "catalog.yaml"
    path.write_text(yaml.safe_dump({"schema": 1, "regions": {"cn": ["localhost"]}, "models": entries}))
    return load_catalog(path)


def offer(server: Server, *places: str, content: dict[str, bytes] | None = None) -> None:
    """Put the files on the server, below each place."""
    for place in places:
        server.files |= {f"{place}/{name}": data for name, data in (content or CONTENT).items()}
