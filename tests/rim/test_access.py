"""Who may come in: the table of docs/api.md row by row, the key, sizes, rates, patience."""

import asyncio
import os
import re
import shutil
import ssl
import stat
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.cli import run as command
from assistant.errors import ConfigError
from assistant.servers import access, http
from assistant.servers.access import Rates, Refused
from assistant.servers.keys import ENV, Keys
from assistant.settings import Api
from tests.rim.web import KEY, Endless, Moving, Web, in_a_thread, on_the_web, served, wav
from tests.turn.world import World

ROOT = Path(__file__).parents[2]
ROWS = re.findall(
    r"^\| ([A-Z]+) (\S+) \| (none|wrong|right) \| (\S+) \| (\S*) ?\| (\d+) \|$", (ROOT / "docs/api.md").read_text(), re.M
)
BODIES: dict[str, dict[str, Any]] = {
    "/v1/chat/completions": {"json": {"model": "assistant", "messages": [{"role": "user", "content": "hi"}]}},
    "/v1/audio/speech": {"json": {"model": "tts-1", "voice": "alloy", "input": "one"}},
    "/v1/audio/transcriptions": {"data": {"model": "whisper-1"}, "files": {"file": ("a.wav", wav("hello"))}},
    "/api/memory/city": {"json": {"value": "Oslo"}},
    "/api/say": {"json": {"text": "hello"}},
}


def test_the_table_is_there() -> None:
    asked = {(method, path) for method, path, *_ in ROWS}
    assert len(ROWS) >= 40 and {("POST", path) for path in BODIES if path != "/api/memory/city"} <= asked


@pytest.fixture(scope="module")
def house() -> Iterator[Web]:
    world = World(clock=Moving())
    world.model.replies = Endless()
    many = 1_000_000
    with in_a_thread(world, hosts=("home.lan",), origins=("https://panel.lan",), requests_per_minute=many) as web:
        yield web


@pytest.mark.parametrize(("method", "path", "key", "host", "origin", "answer"), ROWS, ids=[" ".join(row) for row in ROWS])
def test_who_may_do_what(house: Web, method: str, path: str, key: str, host: str, origin: str, answer: str) -> None:
    headers = {"host": host} | ({"origin": origin} if origin else {})
    if key != "none":
        headers["authorization"] = f"Bearer {KEY if key == 'right' else 'x' * 24}"
    body = BODIES.get(path, {}) if method in ("POST", "PUT") else {}
    got = httpx.request(method, house.url + path, headers=headers, trust_env=False, timeout=20, **body)
    assert got.status_code == int(answer), got.text
    assert not any(name.startswith("access-control") for name in got.headers)
    assert got.is_success or set(got.json()["error"]) == {"message", "type", "param", "code"}


def test_every_route_but_health_needs_the_key() -> None:
    async def look(web: Web) -> None:
        async with web.client() as client:
            document = (await client.get("/openapi.json")).json()
        async with web.client(key="") as stranger:
            for path, operations in document["paths"].items():
                for method, operation in operations.items():
                    got = await stranger.request(method, path.replace("{", "").replace("}", ""))
                    assert got.status_code == (200 if path in access.OPEN else 401), path
                    assert operation["security"] == ([] if path in access.OPEN else [{"key": []}])

    on_the_web(look)


def test_two_hosts_or_two_keys_are_none() -> None:
    async def ask(web: Web) -> None:
        async with web.client(key="") as client:
            two = [("host", "127.0.0.1"), ("authorization", f"Bearer {KEY}"), ("authorization", "Bearer x")]
            assert (await client.get("/v1/models", headers=two)).status_code == 401

    on_the_web(ask)


def test_a_body_that_is_too_long_is_refused_whether_it_says_so_or_not() -> None:
    async def ask(web: Web) -> None:
        async def endless() -> Any:
            for _ in range(64):
                yield b" " * 1024

        async with web.client() as client:
            for sent in (b" " * 16_400, endless()):
                got = await client.post("/v1/chat/completions", content=sent)
                assert (got.status_code, got.json()["error"]["code"]) == (413, "request_too_large")
            big = {"file": ("a.wav", b"RIFF" + bytes(2**20 + 100))}
            assert (await client.post("/v1/audio/transcriptions", files=big, data={"model": "whisper-1"})).status_code == 413

    on_the_web(ask, max_json_kb=16, max_audio_mb=1)


def test_an_upload_is_never_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "there is no such folder"))

    async def ask(web: Web) -> None:
        words = [f"word{number}" for number in range(200)]  # 3 MB: three times what starlette would hold in memory
        async with web.client() as client:
            sent = {"file": ("../../etc/passwd", wav(*words))}
            got = await client.post("/v1/audio/transcriptions", files=sent, data={"model": "whisper-1"})
        assert got.json() == {"text": " ".join(words)}

    on_the_web(ask)


def test_requests_of_an_address_are_limited() -> None:
    async def ask(web: Web) -> None:
        async with web.client() as client:
            got = [await client.get("/healthz") for _ in range(5)]
        assert [answer.status_code for answer in got] == [200, 200, 200, 429, 429]
        assert int(got[-1].headers["retry-after"]) >= 1

    on_the_web(ask, requests_per_minute=3)


def test_a_rate_comes_back_and_a_wrong_key_costs_ten() -> None:
    now = [0.0]
    rates = Rates(60, lambda: now[0])
    assert [rates.use("a", 20) for _ in range(4)] == [0, 0, 0, 1] and rates.use("b") == 0
    now[0] = 1.0
    assert rates.use("a") == 0 and rates.use("a") == 1
    for number in range(2 * access.MAX_ADDRESSES):
        rates.use(f"address {number}")
    assert len(rates._left) == access.MAX_ADDRESSES


# -- the key ----------------------------------------------------------------------------------------------------------


def keys(folder: Path, **more: str) -> Keys:
    return Keys({"XDG_DATA_HOME": str(folder), **more})


def test_a_key_is_shown_once_and_only_its_hash_is_kept(tmp_path: Path) -> None:
    ours = keys(tmp_path)
    assert not ours.some()
    first = ours.make()
    assert ours.right(first) and not ours.right(first[:-1]) and not ours.right("")
    assert stat.S_IMODE(ours.path.stat().st_mode) == 0o600
    assert first not in ours.path.read_text() and [path.name for path in ours.path.parent.iterdir()] == ["api-key.sha256"]
    running = keys(tmp_path)
    assert running.right(first)
    second = ours.make()
    assert running.right(second) and not running.right(first), "the one before is no key any more"
    assert ours.revoke() and not running.right(second) and not running.some() and not ours.revoke()


def test_a_key_from_the_environment(tmp_path: Path) -> None:
    ours = keys(tmp_path, **{ENV: KEY})
    assert ours.right(KEY) and not ours.right(KEY + "x")
    made = ours.make()
    assert ours.right(KEY) and ours.right(made)
    with pytest.raises(ConfigError, match="16 or more"):
        keys(tmp_path, **{ENV: "short"})


def test_the_command_makes_and_revokes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert command(["token"]) == 0
    made = capsys.readouterr().out.strip()
    assert keys(tmp_path).right(made)
    assert command(["token", "--revoke"]) == 0 and command(["token", "--revoke"]) == 0
    assert capsys.readouterr().out == "The key is revoked.\nThere was no key.\n"
    assert not keys(tmp_path).some()


def test_a_revoked_key_is_refused_at_once(tmp_path: Path) -> None:
    ours = keys(tmp_path)
    made = ours.make()

    async def ask(web: Web) -> None:
        async with web.client(made) as client:
            assert (await client.get("/v1/models")).status_code == 200
            assert keys(tmp_path).revoke()
            assert (await client.get("/v1/models")).status_code == 401

    on_the_web(ask, keys=ours)


# -- where it listens -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"host": "0.0.0.0"}, "api.wide"),
        ({"host": "192.168.1.5"}, "api.wide"),
        ({"host": "home.lan"}, "api.wide"),
        ({"tls_cert": "cert.pem"}, "go together"),
    ],
)
def test_what_would_open_more_than_it_says_is_refused(section: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=said):
        access.checked(Api(**section), {ENV: KEY, "XDG_DATA_HOME": str(tmp_path)})
    if "host" in section:
        access.checked(Api(**section, wide=True), {ENV: KEY, "XDG_DATA_HOME": str(tmp_path)})


def test_without_a_key_nothing_is_served(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="assistant token"):
        access.checked(Api(), {"XDG_DATA_HOME": str(tmp_path)})


def test_a_unix_socket_of_this_user(tmp_path: Path) -> None:
    path = tmp_path / "run/api.sock"

    async def ask(web: Web) -> None:
        assert web.url == str(path)
        modes = [stat.S_IMODE(at.stat().st_mode) for at in (path, path.parent)]
        assert modes == [0o600, 0o700]
        headers = {"authorization": f"Bearer {KEY}"}
        transport = httpx.AsyncHTTPTransport(uds=str(path))
        async with httpx.AsyncClient(base_url="http://localhost", transport=transport, headers=headers) as client:
            assert (await client.get("/v1/models")).status_code == 200

    on_the_web(ask, socket=str(path))
    assert not path.exists()


def test_a_port_that_is_taken_is_one_line() -> None:
    async def ask(web: Web) -> None:
        port = int(web.url.rsplit(":", 1)[1])
        with pytest.raises(Exception, match=f"api.port {port}: cannot listen"):
            async with served(World(), port=port):
                pass

    on_the_web(ask)


def test_a_certificate_that_is_none_is_one_line(tmp_path: Path) -> None:
    for name, text in (("cert.pem", "no PEM"), ("key.pem", "no PEM")):
        (tmp_path / name).write_text(text)

    async def start(cert: str, key: str) -> None:
        async with served(World(), tls_cert=cert, tls_key=key):
            pass

    for cert in ("cert.pem", "missing.pem"):
        with pytest.raises(ConfigError, match="api.tls_cert"):
            asyncio.run(start(str(tmp_path / cert), str(tmp_path / "key.pem")))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here to make a certificate")
def test_https_with_a_certificate(tmp_path: Path) -> None:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)]  # fmt: skip
    subprocess.run(made, check=True, capture_output=True)

    async def ask(web: Web) -> None:
        assert web.url.startswith("https://")
        trusted = ssl.create_default_context(cafile=str(cert))
        async with web.client(verify=trusted) as client:
            same = await client.get("/v1/models", headers={"origin": web.url})
            assert same.status_code == 200
            assert (await client.get("/v1/models", headers={"origin": web.url.replace("https", "http")})).status_code == 403

    on_the_web(ask, tls_cert=str(cert), tls_key=str(key))


# -- patience ---------------------------------------------------------------------------------------------------------


def test_a_connection_that_asks_for_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "HEAD_S", 0.05)

    async def wait(web: Web) -> None:
        host, port = web.url.removeprefix("http://").split(":")
        for sent in (b"", b"GET /healthz HT"):
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(sent)
            with suppress(ConnectionError):
                assert await asyncio.wait_for(reader.read(), 10) == b""
            writer.close()

    on_the_web(wait)


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "BODY_S", 0.05)

    async def wait(web: Web) -> None:
        host, port = web.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        head = f"POST /api/say HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: 100\r\n\r\n".encode() + b"{")
        answer = await asyncio.wait_for(reader.read(), 10)
        assert answer.startswith(b"HTTP/1.1 408") and b"request_timeout" in answer
        writer.close()

    on_the_web(wait)


def test_a_reader_that_takes_nothing_ends_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "SEND_S", 0.2)

    async def stall(web: Web) -> None:
        web.world.model.enqueue("word " * 300_000)
        host, port = web.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port), limit=1024)
        body = b'{"model": "assistant", "stream": true, "messages": [{"role": "user", "content": "hi"}]}'
        head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\n"
        writer.write(f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        await reader.readexactly(100)  # and then no more
        while not web.world.brain.idle():  # noqa: ASYNC110  the brain is on a thread of its own
            await asyncio.sleep(0.01)
        writer.transport.abort()

    on_the_web(stall, World(context=10_000_000, clock=Moving()))


def test_only_so_many_uploads_at_once() -> None:
    door = access.Door(None, None, Api(), Keys({ENV: KEY}))  # type: ignore[arg-type]
    scope = {"type": "http", "method": "POST", "path": access.UPLOAD, "client": None, "scheme": "http", "headers": [
        (b"host", b"localhost"), (b"authorization", f"Bearer {KEY}".encode())]}  # fmt: skip
    door._look(scope, True)
    with pytest.raises(Refused, match="uploads are being read"):
        door._look(scope, False)


def test_the_environment_of_this_test_has_no_key() -> None:
    assert ENV not in os.environ
