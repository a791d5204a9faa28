"""Downloads against a real server that cuts, stalls, lies, serves wrong bytes, redirects and ignores ranges."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.models.catalog import File
from assistant.models.download import DownloadFailed, Net, fetch
from tests.contract.models_world import Handler, Server, Trick, serving, some_bytes

DATA = some_bytes(300_000, 7)
NET = Net(timeout_s=0.5)
FILE = File(
    id="x",
    kind="llm",
    language=("en",),
    filename="x.gguf",
    url="http://example.org/x.gguf",
    bytes=len(DATA),
    sha256=hashlib.sha256(DATA).hexdigest(),
    licence="MIT",
    commercial_use="yes",
)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as running:
        running.files |= {"/a": DATA, "/b": DATA, "/c": DATA}
        yield running


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "x.part"


def get(server: Server, part: Path, *paths: str, file: File = FILE, net: Net = NET) -> list[int]:
    """Fetch from these paths in turn; the progress that was told."""
    told: list[int] = []
    fetch(file, [path if "://" in path else server.url + path for path in paths], part, net, told.append)
    return told


def fails(server: Server, part: Path, *paths: str, file: File = FILE, net: Net = NET) -> str:
    """The one line of a download that did not succeed."""
    with pytest.raises(DownloadFailed) as error:
        get(server, part, *paths, file=file, net=net)
    assert "\n" not in str(error.value) and error.value.exit_code == 4
    return str(error.value)


def cut(at: int) -> Trick:
    def trick(handler: Handler, data: bytes) -> None:
        start = handler.start() or 0
        if start:
            handler.reply(206, data[start:at], {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}, len(data) - start)
        else:
            handler.reply(200, data[:at], length=len(data))

    return trick


def stall(at: int) -> Trick:
    def trick(handler: Handler, data: bytes) -> None:
        handler.reply(200, data[:at], length=len(data))
        handler.wfile.flush()
        handler.server.release.wait()

    return trick


def mute(handler: Handler, data: bytes) -> None:
    handler.server.release.wait()


def other_bytes(handler: Handler, data: bytes) -> None:
    handler.ranged(bytes(len(data)))


def no_ranges(handler: Handler, data: bytes) -> None:
    handler.reply(200, data)


def chunked(body: bytes) -> Trick:
    """An answer without a length."""

    def trick(handler: Handler, data: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n")

    return trick


def redirect(to: str, code: int = 302) -> Trick:
    return lambda handler, data: handler.reply(code, b"", {"Location": to})


def test_a_whole_file_and_its_progress(server: Server, part: Path) -> None:
    told = get(server, part, "/a")
    assert part.read_bytes() == DATA and told == sorted(told) and told[-1] == len(DATA)
    assert get(server, part, "/a") == [len(DATA)]  # it is there: nothing is asked
    assert len(server.requests) == 1


def test_what_is_there_is_continued_by_a_range(server: Server, part: Path) -> None:
    part.write_bytes(DATA[:100_000])
    get(server, part, "/a")
    assert part.read_bytes() == DATA and server.ranges("/a") == ["bytes=100000-"]


def test_a_connection_that_is_cut_goes_on_at_the_same_place(server: Server, part: Path) -> None:
    server.tricks["/a"] = [cut(120_000), cut(250_000)]
    get(server, part, "/a", "/b")
    assert part.read_bytes() == DATA and server.ranges("/b") == []
    assert server.ranges("/a") == ["", "bytes=65536-", "bytes=196608-"]  # in steps of what is read at once


def test_one_that_brings_nothing_more_is_left_for_the_mirror_which_goes_on(server: Server, part: Path) -> None:
    server.tricks["/a"] = [cut(131_072), cut(131_072)]
    get(server, part, "/a", "/b")
    assert part.read_bytes() == DATA
    assert server.ranges("/b")[0].startswith("bytes=")


def test_a_server_that_always_cuts_is_given_up_and_what_came_is_kept(server: Server, part: Path) -> None:
    server.tricks["/a"] = [cut(70_000), cut(140_000), cut(210_000)]
    line = fails(server, part, "/a", net=Net(timeout_s=0.5, tries=2))
    assert "cut again and again" in line and "the same command goes on" in line
    assert part.read_bytes() == DATA[: part.stat().st_size] and 0 < part.stat().st_size < len(DATA)
    get(server, part, "/b")
    assert part.read_bytes() == DATA


@pytest.mark.parametrize("trick", [mute, stall(0), stall(100_000)])
def test_a_server_that_stalls_is_left(trick: Trick, server: Server, part: Path) -> None:
    server.tricks["/a"] = [trick, trick, trick]
    get(server, part, "/a", "/b")
    assert part.read_bytes() == DATA and len(server.ranges("/b")) == 1
    part.unlink()
    server.tricks["/a"] = [trick] * 3
    assert "said nothing for 0.5 s" in fails(server, part, "/a")


def test_wrong_bytes_are_deleted_and_the_mirror_asked(server: Server, part: Path) -> None:
    server.tricks["/a"] = [other_bytes] * 2
    get(server, part, "/a", "/b")
    assert part.read_bytes() == DATA and server.ranges("/b") == [""]
    part.unlink()
    server.tricks["/a"] = [other_bytes]
    assert "wrong SHA-256" in fails(server, part, "/a")
    assert not part.exists()


def test_a_mirror_is_not_blamed_for_the_bytes_of_another(server: Server, part: Path) -> None:
    """The first place gives wrong bytes and is cut: what the mirror adds is right, the whole is not, so it is asked for all."""

    def wrong_and_cut(handler: Handler, data: bytes) -> None:
        handler.reply(200, bytes(131_072), length=len(data))

    server.tricks["/a"] = [wrong_and_cut, mute]
    get(server, part, "/a", "/b")
    assert part.read_bytes() == DATA and server.ranges("/b") == ["bytes=131072-", ""]


def test_a_server_that_ignores_ranges_sends_again_what_is_here(server: Server, part: Path) -> None:
    part.write_bytes(DATA[:100_000])
    server.tricks["/a"] = [no_ranges]
    get(server, part, "/a")
    assert part.read_bytes() == DATA


def test_a_server_that_answers_416_is_asked_for_all_then_left(server: Server, part: Path) -> None:
    def answers_416(handler: Handler, data: bytes) -> None:
        handler.reply(416, b"")

    part.write_bytes(DATA[:100_000])
    server.tricks["/a"] = [answers_416]
    get(server, part, "/a")
    assert part.read_bytes() == DATA and server.ranges("/a") == ["bytes=100000-", ""]
    part.write_bytes(DATA[:100_000])
    server.tricks["/a"] = [answers_416, answers_416]
    get(server, part, "/a", "/b")
    assert part.read_bytes() == DATA and server.ranges("/b") == ["bytes=100000-"]


def test_another_range_than_asked_for_is_refused(server: Server, part: Path) -> None:
    def shifted(handler: Handler, data: bytes) -> None:
        handler.reply(206, data[50:200_050], {"Content-Range": f"bytes 50-200049/{len(data)}"})

    part.write_bytes(DATA[:100_000])
    server.tricks["/a"] = [shifted]
    get(server, part, "/a", "/b")
    assert part.read_bytes() == DATA and server.ranges("/b") == ["bytes=100000-"]


@pytest.mark.parametrize("length", [len(DATA) - 5, len(DATA) + 5, 10**15])
def test_a_length_that_is_a_lie_is_refused_before_a_byte(length: int, server: Server, part: Path) -> None:
    server.tricks["/a"] = [lambda handler, data: handler.reply(200, data, length=length)]
    line = fails(server, part, "/a")
    assert f"offers {length:,} bytes, 300,000 are wanted" in line and not part.exists()
    server.tricks["/a"] = [lambda handler, data: handler.reply(200, data, length=length)]
    get(server, part, "/a", "/b")
    assert part.read_bytes() == DATA


def test_without_a_length_too_many_bytes_end_it_and_too_few_are_cut(server: Server, part: Path) -> None:
    server.tricks["/a"] = [chunked(DATA + bytes(500_000))]
    assert "sends more than the 300,000 bytes" in fails(server, part, "/a")
    assert not part.exists()
    server.tricks["/a"] = [chunked(DATA[:200_000]), chunked(DATA[:100_000])]
    get(server, part, "/a", "/b")
    assert part.read_bytes() == DATA
    part.unlink()
    server.tricks["/a"] = [chunked(DATA)]
    get(server, part, "/a")


def test_a_partial_file_that_is_too_long_or_wrong_is_deleted(server: Server, part: Path) -> None:
    part.write_bytes(DATA + b"more")
    get(server, part, "/a")
    assert part.read_bytes() == DATA and server.ranges("/a") == [""]
    part.write_bytes(bytes(len(DATA)))
    get(server, part, "/a")
    assert part.read_bytes() == DATA and server.ranges("/a") == ["", ""]


def test_redirects_are_followed_with_the_range(server: Server, part: Path) -> None:
    server.tricks["/a"] = [redirect("/hop", 307)]
    server.tricks["/hop"] = [redirect(f"{server.url}/b", 301)]
    part.write_bytes(DATA[:9])
    get(server, part, "/a")
    assert part.read_bytes() == DATA and server.ranges("/b") == ["bytes=9-"]


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("file:///etc/passwd", "no http or https address"),
        ("ftp://127.0.0.1/x", "no http or https address"),
        ("gopher:x", "no http or https address"),
        ("http://127.0.0.1:1/x", "no connection"),
        ("http://[::1/x", "is no address"),
        ("http://a..b/x", "is no address|no connection|no host"),
        ("http://" + "a" * 70 + "/x", "is no address|no connection|no host"),
    ],
)
def test_redirects_to_elsewhere_or_nowhere_are_refused(to: str, reason: str, server: Server, part: Path) -> None:
    import re

    server.tricks["/a"] = [redirect(to)]
    assert re.search(reason, fails(server, part, "/a"))
    server.tricks["/a"] = [redirect(to)]
    get(server, part, "/a", "/b")
    assert part.read_bytes() == DATA


def test_a_circle_of_redirects_ends(server: Server, part: Path) -> None:
    server.tricks["/a"] = [redirect("/a")] * 20
    assert "redirects more than 8 times" in fails(server, part, "/a")
    assert len(server.requests) == 8


def test_all_places_are_named_in_one_line(server: Server, part: Path) -> None:
    server.tricks["/b"] = [lambda handler, data: handler.reply(503, b"")]
    line = fails(server, part, "/none", "/b", "ftp://example.org/x", "http://127.0.0.1:1/x")
    assert line.startswith("x.gguf could not be fetched (127.0.0.1")
    assert "404 Not Found" in line and "503 Service Unavailable" in line and "127.0.0.1:1: no connection" in line


def test_compressed_answers_are_refused(server: Server, part: Path) -> None:
    server.tricks["/a"] = [lambda handler, data: handler.reply(200, data, {"Content-Encoding": "gzip"})]
    assert "compresses" in fails(server, part, "/a")


def test_a_file_of_unknown_size_is_decided_by_its_hash(server: Server, part: Path) -> None:
    unknown = FILE.model_copy(update={"bytes": None})
    get(server, part, "/a", file=unknown)
    get(server, part, "/a", file=unknown)
    assert part.read_bytes() == DATA and len(server.requests) == 1
    part.write_bytes(DATA[:5])
    get(server, part, "/a", file=unknown)
    assert server.ranges("/a")[-1] == "bytes=5-"
    part.write_bytes(DATA + b"more")
    get(server, part, "/a", file=unknown)
    assert part.read_bytes() == DATA


def test_a_proxy_of_the_environment_is_used(server: Server, part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, server.url)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "")
    server.files["http://models.example/x"] = DATA  # a proxy is asked for the whole address
    get(server, part, "http://models.example/x")
    assert part.read_bytes() == DATA
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    part.unlink()
    assert "the proxy does not let it through" in fails(server, part, "http://models.example/x")


def test_a_disk_that_cannot_be_written_is_one_line(server: Server, tmp_path: Path) -> None:
    part = tmp_path / "none" / "x.part"
    assert "cannot be written" in fails(server, part, "/a")
