"""The page's server: who may do what (the table of docs/web.md row by row), logins, talks of tabs, turns as lines, the room."""

import asyncio
import json
import re
import stat
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant import events
from assistant.cancel import CancelToken
from assistant.cli import run as command
from assistant.config import Config
from assistant.engines.fakes import FakeSession
from assistant.engines.fakes_home import FakeHome
from assistant.errors import ConfigError, EngineError
from assistant.memory.document_store import DocumentStore
from assistant.memory.documents import Documents
from assistant.protocols import Piece, Sampling
from assistant.protocols_home import Entity
from assistant.servers import access, fronts
from assistant.servers.access import Refused
from assistant.servers.keys import ENV
from assistant.servers.web import logins, routes, tabs
from assistant.servers.web.assets import load
from assistant.servers.web.library import plain_name
from assistant.servers.web.logins import COOKIE, Logins, Scope
from assistant.servers.web.page import Page
from assistant.servers.web.room import MAX_TURNS, Room
from assistant.servers.web.turns import Ask, sampling
from tests.rim.web import KEY, Endless, Moving, Web, in_a_thread, on_the_web, wav
from tests.turn.world import World

ROOT = Path(__file__).parents[2]
ROWS = re.findall(
    r"^\| ([A-Z]+) (\S+) \| (none|wrong|house|kiosk) \| (\S+) \| (\S*) ?\| (\d+) \|$", (ROOT / "docs/web.md").read_text(), re.M
)
BODIES: dict[str, dict[str, Any]] = {
    "/page/login": {"json": {"token": "nobody's"}},
    "/page/talks": {"json": {"private": True}},
    "/page/talks/kept/turns": {"json": {"text": "hi"}},
    "/page/talks/kept/typing": {"json": {"text": "hi there"}},
    "/page/alarms": {"json": {"seconds": 600}},
    "/page/alarms/99": {"json": {"do": "pause"}},
    "/page/ring": {"json": {"do": "stop"}},
    "/page/lists": {"json": {"do": "add", "list": "shopping", "text": "milk"}},
    "/page/home": {"json": {"thing": "light.desk", "verb": "turn_on"}},
    "/page/documents": {"files": {"file": ("a.md", b"# A\n\nThe key is under the mat.\n")}},
    "/page/api/memory/city": {"json": {"value": "Oslo"}},
    "/page/v1/audio/transcriptions": {"data": {"model": "whisper-1"}, "files": {"file": ("a.wav", wav("hello"))}},
}


class Now:
    """A clock that is set."""

    def __init__(self) -> None:
        self.s = 1000.0

    def __call__(self) -> float:
        return self.s


def entered(page: Page, scope: Scope = "house") -> str:
    """A Cookie header of somebody who is logged in."""
    if not page.logins.url:
        page.logins.url = "http://here"
    return f"{COOKIE}={page.logins.enter(page.logins.link(scope).partition('#')[2])[0]}"


def make_page(folder: Path, **more: Any) -> Page:
    return Page(Logins({"XDG_DATA_HOME": str(folder)}), **more)


# -- who may do what ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Web, Page]]:
    world = World(clock=Moving())
    world.model.replies = Endless()
    folder = tmp_path_factory.mktemp("page")
    page = make_page(folder)
    documents = Documents(DocumentStore(folder))
    more = {"hosts": ("home.lan",), "origins": ("https://panel.lan",), "requests_per_minute": 1_000_000}
    home = FakeHome([Entity("light.desk", "light", "Desk lamp")])
    with in_a_thread(world, page=page, documents=documents, home=home, **more) as web:
        yield web, page


def test_the_table_is_there() -> None:
    asked = {(method, path) for method, path, *_ in ROWS}
    assert len(ROWS) >= 70 and {path for _, path in asked} >= set(BODIES)


@pytest.mark.parametrize(("method", "path", "cookie", "host", "origin", "answer"), ROWS, ids=[" ".join(row) for row in ROWS])
def test_who_may_do_what(
    house: tuple[Web, Page], method: str, path: str, cookie: str, host: str, origin: str, answer: str
) -> None:
    web, page = house
    headers = {"host": host} | ({"origin": origin} if origin else {})
    if cookie == "wrong":
        headers["cookie"] = f"{COOKIE}={'x' * 43}"
    elif cookie in ("house", "kiosk"):
        headers["cookie"] = entered(page, "kiosk" if cookie == "kiosk" else "house")
    body = BODIES.get(path, {}) if method in ("POST", "PUT") else {}
    got = httpx.request(method, web.url + path, headers=headers, trust_env=False, timeout=30, **body)
    assert got.status_code == int(answer), got.text
    assert not any(name.startswith("access-control") for name in got.headers)


def test_every_route_of_the_page_is_in_the_table_or_needs_a_login(house: tuple[Web, Page]) -> None:
    web, _ = house
    paths = ("house", "status", "models", "room", "live", "talks/kept", "documents", "alarms", "lists", "home", "api/memory", "api/sessions", "healthz",
             "readyz", "v1/models", "no-such-path")  # fmt: skip
    for path in paths:
        assert httpx.get(f"{web.url}/page/{path}", trust_env=False).status_code == 401, path
        assert httpx.get(f"{web.url}/page/{path}", headers={"authorization": f"Bearer {KEY}"}, trust_env=False).status_code == 401


def test_files_are_packed_known_again_and_bind_the_browser(house: tuple[Web, Page]) -> None:
    web, _ = house
    with httpx.Client(base_url=web.url, trust_env=False) as client:
        for path in ["/", "/login", "/kiosk", *(f"/static/{name}" for name in load() if not name.endswith(".html"))]:
            got = client.get(path)
            assert got.status_code == 200 and got.headers["content-encoding"] == "gzip", path
            assert got.headers["x-content-type-options"] == "nosniff"
            policy = got.headers["content-security-policy"]
            assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
            assert "unsafe" not in policy and "http" not in policy and "*" not in policy
            assert client.get(path, headers={"if-none-match": got.headers["etag"]}).status_code == 304
            plain = client.get(path, headers={"accept-encoding": "identity"})
            assert "content-encoding" not in plain.headers and plain.content == got.content
        assert sum(len(asset.packed) for asset in load().values()) < 60_000


def test_no_file_names_another_place() -> None:
    for name, asset in load().items():
        found = re.findall(r"https?://[^\s\"'`)]+", asset.plain.decode())
        assert set(found) <= {"http://www.w3.org/2000/svg"}, name
        assert name.endswith((".js", ".css", ".svg")) or not re.search(r"<script>|style=|\son\w+=", asset.plain.decode())


def test_a_form_or_a_document_that_is_too_long_is_refused(house: tuple[Web, Page], monkeypatch: pytest.MonkeyPatch) -> None:
    web, page = house
    monkeypatch.setattr(access, "MAX_DOCUMENT", 2**20)
    headers = {"cookie": entered(page)}
    big = {"file": ("a.txt", b"x" * (2**20 + access.FORM + 100))}
    assert httpx.post(f"{web.url}/page/documents", files=big, headers=headers, trust_env=False).status_code == 413
    long = httpx.post(f"{web.url}/page/talks/kept/turns", json={"text": "x" * 4001}, headers=headers, trust_env=False)
    assert long.status_code == 400


# -- logins -------------------------------------------------------------------------------------------------------------


def test_a_link_is_good_once_and_not_for_ever(tmp_path: Path) -> None:
    now = Now()
    ours = Logins({"XDG_DATA_HOME": str(tmp_path)}, now)
    with pytest.raises(EngineError, match="not served yet"):
        ours.link("house")
    ours.url = "http://here"
    token = ours.link("house").removeprefix("http://here/login#")
    cookie, login = ours.enter(token)
    assert login.scope == "house" and ours.of(f"a=b; {COOKIE}={cookie}") == login
    for bad in (token, "", "x"):
        with pytest.raises(Refused, match="used or is too old"):
            ours.enter(bad)
    late = ours.link("house").partition("#")[2]
    now.s += logins.LINK_S + 1
    with pytest.raises(Refused):
        ours.enter(late)
    many = [ours.link("kiosk").partition("#")[2] for _ in range(logins.MAX_LINKS + 1)]
    with pytest.raises(Refused):
        ours.enter(many[0])
    assert ours.enter(many[-1])[1].scope == "kiosk"
    now.s += logins.LOGIN_S
    assert ours.of(f"{COOKIE}={cookie}") is None


def test_logins_outlive_the_process_as_hashes_and_can_be_revoked(tmp_path: Path) -> None:
    ours = Logins({"XDG_DATA_HOME": str(tmp_path)})
    ours.url = "http://here"
    cookies = [ours.enter(ours.link("house").partition("#")[2])[0] for _ in range(3)]
    assert stat.S_IMODE(ours.path.stat().st_mode) == 0o600
    assert not any(cookie in ours.path.read_text() for cookie in cookies)
    later = Logins({"XDG_DATA_HOME": str(tmp_path)})
    login = later.of(f"{COOKIE}={cookies[0]}")
    assert login is not None
    assert later.of(f"{COOKIE}={cookies[0]}; {COOKIE}={cookies[1]}") is None, "two are none"
    later.leave(login)
    assert ours.of(f"{COOKIE}={cookies[0]}") is None and ours.of(f"{COOKIE}={cookies[1]}") is not None
    assert ours.revoke() and later.of(f"{COOKIE}={cookies[1]}") is None and not ours.revoke()
    ours.path.write_text("no JSON")
    assert ours.of(f"{COOKIE}={cookies[1]}") is None
    for _ in range(logins.MAX_LOGINS + 3):
        ours.enter(ours.link("house").partition("#")[2])
    assert len(json.loads(ours.path.read_text())) == logins.MAX_LOGINS


def test_the_cookie_and_a_wrong_one(tmp_path: Path) -> None:
    page = make_page(tmp_path)

    async def enter(web: Web) -> None:
        async with web.client(key="") as client:
            token = page.logins.link("house").partition("#")[2]
            got = await client.post("/page/login", json={"token": token})
            made = got.headers["set-cookie"]
            assert "HttpOnly" in made and "SameSite=strict" in made and "Path=/" in made and "Secure" not in made
            assert (await client.get("/page/house")).json()["scope"] == "house"
            assert (await client.post("/page/logout")).status_code == 200
            assert (await client.get("/page/house")).status_code == 401
        async with web.client(key="", cookies={COOKIE: "x"}) as stranger:
            got_all = [(await stranger.get("/page/house")).status_code for _ in range(6)]
        assert got_all[0] == 401 and got_all[-1] == 429, "a wrong one costs ten"

    on_the_web(enter, page=page, requests_per_minute=30)


# -- talks and turns ----------------------------------------------------------------------------------------------------


async def lines(client: httpx.AsyncClient, talk: str, **asked: Any) -> list[dict[str, Any]]:
    got = await client.post(f"/page/talks/{talk}/turns", json=asked)
    assert got.status_code == 200, got.text
    return [json.loads(line) for line in got.text.splitlines()]


def test_a_turn_as_lines(tmp_path: Path) -> None:
    page = make_page(tmp_path)

    async def ask(web: Web) -> None:
        web.world.model.enqueue("One.\n\n**Two** <b>x</b>")
        async with web.client(key="", cookie=entered(page)) as client:
            got = await lines(client, "kept", text="hi", temperature=0.25, top_p=0.5, max_tokens=7)
            assert [line["event"] for line in got if "event" in line] == ["turn_started", *["token"] * 2, "completed"]
            assert next(line for line in got if "block" in line) == {"block": "<p>One.</p>\n", "tail": "**Two**"}
            assert got[-2] == {"html": "<p>One.</p>\n<p><strong>Two</strong> &lt;b&gt;x&lt;/b&gt;</p>\n"}
            used = web.world.model.samplings[-1]
            assert (used.temperature, used.top_p, used.max_tokens, used.repetition_penalty) == (0.25, 0.5, 7, 1.1)
            held = (await client.get("/page/talks/kept?history=true")).json()
            assert held["exchanges"] == 1 and held["history"] == [{"user": "hi", "html": got[-2]["html"]}]
            assert 0 < held["hot"] <= held["tokens"] < held["context"]
            assert (await client.delete("/page/talks/kept")).status_code == 200
            assert (await client.get("/page/talks/kept?history=true")).json()["history"] == []

    on_the_web(ask, page=page)


def test_a_reply_that_is_heard(tmp_path: Path) -> None:
    page = make_page(tmp_path)

    async def ask(web: Web) -> None:
        web.world.model.enqueue("Good morning.")
        async with web.client(key="", cookie=entered(page)) as client:
            got = await lines(client, "kept", text="hi", aloud=True)
        assert any("sound" in line and line["rate"] == 24_000 for line in got)
        assert got[-1]["event"] == "completed" and "speech_done" in [line.get("event") for line in got]

    on_the_web(ask, page=page)


def test_what_is_asked_of_the_model() -> None:
    house = Sampling()
    assert sampling(Ask(text="x"), house) is None
    made = sampling(Ask(text="x", json_mode=True), house)
    assert made is not None and made.grammar and made.repetition_penalty == 1.0


def test_a_system_prompt_holds_for_the_talk_that_has_it(tmp_path: Path) -> None:
    page = make_page(tmp_path)

    async def ask(web: Web) -> None:
        web.world.model.replies = Endless("Yes.")
        async with web.client(key="", cookie=entered(page)) as client:
            mine = (await client.post("/page/talks", json={"private": True})).json()["id"]
            await lines(client, mine, text="one", persona="You are a pirate.", history_turns=3)
            await lines(client, mine, text="two", persona="You are a pirate.", history_turns=3)
            await lines(client, "kept", text="three")
            first, second, third = web.world.model.prompts[-3:]
            assert "pirate" in first and "pirate" in second and "one" in second and "pirate" not in third and "kind" in third
            talk = web.world.talks[f"private:{mine}"]
            assert talk.history.limit == 3
            await lines(client, mine, text="four")
            assert "pirate" not in web.world.model.prompts[-1] and talk.history.limit == 50

    on_the_web(ask, page=page)


@pytest.fixture
def rambling(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that goes on until it is stopped, at a model's pace."""

    def stream(session: FakeSession, _: Sampling, cancel: CancelToken) -> Iterator[Piece]:
        for number in count():
            cancel.check()
            time.sleep(0.005)  # what computing a token takes
            session.append(b"word ")
            yield Piece(number, "word ")

    monkeypatch.setattr(FakeSession, "stream", stream)


@pytest.mark.usefixtures("rambling")
def test_stop_ends_the_turn_and_leaving_does_too(tmp_path: Path) -> None:
    page = make_page(tmp_path)

    async def ask(web: Web) -> None:
        async with web.client(key="", cookie=entered(page)) as client:
            body = {"text": "go"}
            async with client.stream("POST", "/page/talks/kept/turns", json=body) as running:
                got = running.aiter_lines()
                while json.loads(await anext(got))["event"] != "token":
                    pass
                assert (await client.post("/page/talks/kept/turns", json=body)).status_code == 409, "one at a time"
                assert (await client.post("/page/talks/kept/stop")).status_code == 200
                told = [json.loads(line) async for line in got]
            assert told[-1] == told[-1] | {"event": "cancelled", "reason": "stop"} and "html" in told[-2]
            async with client.stream("POST", "/page/talks/kept/turns", json=body) as running:
                await anext(running.aiter_lines())
            while not web.world.brain.idle():  # noqa: ASYNC110  the brain is on a thread of its own
                await asyncio.sleep(0.01)

    on_the_web(ask, page=page)


def test_a_private_talk_is_its_login_s_and_ends(tmp_path: Path) -> None:
    now = Now()
    page = make_page(tmp_path, now=now)

    async def ask(web: Web) -> None:
        web.world.model.replies = Endless("Yes.")
        async with web.client(key="", cookie=entered(page)) as client:
            names = [(await client.post("/page/talks", json={"private": True})).json()["id"] for _ in range(3)]
            for name in names:
                await lines(client, name, text="remember colour blue")
            assert "colour" not in web.world.told, "nothing is learnt from it"
            assert all(f"private:{name}" in web.world.talks for name in names)
            async with web.client(key="", cookie=entered(page)) as other:
                assert (await other.get(f"/page/talks/{names[0]}")).status_code == 404
            assert (await client.post(f"/page/talks/{names[0]}/close")).status_code == 200
            assert (await client.get(f"/page/talks/{names[0]}")).status_code == 404
            async with client.stream("GET", f"/page/live?talk={names[1]}") as live:
                await anext(live.aiter_lines())
                now.s += tabs.GONE_S + 1
                assert page.tabs is not None
                page.tabs.sweep()
                assert (await client.get(f"/page/talks/{names[2]}")).status_code == 404, "its tab is gone"
                assert (await client.get(f"/page/talks/{names[1]}")).status_code == 200, "it is watched"
                now.s += tabs.IDLE_S + 1
                page.tabs.sweep()
                assert (await client.get(f"/page/talks/{names[1]}")).status_code == 404, "nobody uses it"
            while any(f"private:{name}" in web.world.talks for name in names):  # noqa: ASYNC110  another thread
                await asyncio.sleep(0.01)
            opened = [(await client.post("/page/talks", json={"private": True})).status_code for _ in range(tabs.MAX_PRIVATE + 1)]
            assert opened == [200] * tabs.MAX_PRIVATE + [429]

    on_the_web(ask, page=page)


@pytest.mark.usefixtures("rambling")
def test_a_private_talk_that_is_closed_while_it_answers(tmp_path: Path) -> None:
    page = make_page(tmp_path)

    async def ask(web: Web) -> None:
        async with web.client(key="", cookie=entered(page)) as client:
            name = (await client.post("/page/talks", json={"private": True})).json()["id"]
            async with client.stream("POST", f"/page/talks/{name}/turns", json={"text": "go"}) as running:
                got = running.aiter_lines()
                await anext(got)
                assert (await client.post(f"/page/talks/{name}/close")).status_code == 200
                assert json.loads([line async for line in got][-1])["event"] == "cancelled"
            while f"private:{name}" in web.world.talks:  # noqa: ASYNC110  another thread
                await asyncio.sleep(0.01)

    on_the_web(ask, page=page)


def test_typing_is_computed(tmp_path: Path) -> None:
    page = make_page(tmp_path)

    async def ask(web: Web) -> None:
        async with web.client(key="", cookie=entered(page)) as client:
            before = (await client.get("/page/talks/kept")).json()
            assert (await client.post("/page/talks/kept/typing", json={"text": "what is the colour of"})).status_code == 200
            after = (await client.get("/page/talks/kept")).json()
            assert after["tokens"] > before["tokens"] and after["hot"] == after["tokens"]
            assert "what is the colour" in web.world.talks["page"].session.text()  # type: ignore[attr-defined]

    on_the_web(ask, page=page)


# -- the room -----------------------------------------------------------------------------------------------------------


def room_turn(turn: int, *more: events.Event) -> list[events.Event]:
    return [
        events.WakeHeard(turn, 1.0, "okay_nabu", "en"),
        events.Transcript(turn, 2.0, f"question {turn}", "silence"),
        events.Token(turn, 3.0, "An"),
        events.Token(turn, 3.1, "swer"),
        *more,
        events.Completed(turn, 4.0, f"question {turn}", "Answer"),
    ]


def test_the_room_tells_its_own_turns_alone_and_forgets() -> None:
    room = Room()
    room.put(events.TurnStarted(1, 0.0, "a secret of another tab"))
    room.put(events.Token(1, 0.1, "hush"))
    assert room.past() == []
    for turn in range(2, MAX_TURNS + 5):
        for event in room_turn(turn):
            room.put(event)
    assert len(room.past()) == MAX_TURNS
    assert [told["event"] for told in room.past()[-1]] == ["wake", "transcript", "token", "completed"]
    assert room.past()[-1][2]["text"] == "Answer"
    for event in room_turn(100, events.ToolCalled(100, 3.5, "forget", {})):
        room.put(event)
    assert room.past() == []
    for event in room_turn(101):
        room.put(event)
    assert len(room.past()) == 1
    room.forget()
    assert room.past() == []


@pytest.mark.parametrize(
    "end",
    [
        events.Completed(7, 4.0, "one two three four", "The door is unlocked.", private=True),
        events.Cancelled(7, 4.0, "stop", private=True),
        events.Failed(7, 4.0, "engine", "a fault", private=True),
    ],
)
def test_the_room_does_not_hold_a_turn_in_which_the_pin_was_said(end: events.Event) -> None:
    room = Room()
    for event in (events.WakeHeard(7, 1.0, "", "en"), events.Transcript(7, 2.0, "one two three four", "silence"), end):
        room.put(event)
    for event in room_turn(8):
        room.put(event)
    assert [turn[0]["turn"] for turn in room.past()] == [8]


def test_the_room_tells_of_timers_and_holds_none() -> None:
    async def watch() -> None:
        room = Room()
        told = room.watch(10)
        assert await anext(told) == {"event": "here"}
        room.put(events.TimerChanged(0, 1.0, 3, "timer", "eggs", "set", 0.0, 60.0))
        assert (await anext(told))["event"] == "timer_changed"
        assert room.past() == []
        await told.aclose()

    asyncio.run(watch())


def test_the_room_live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "BEAT_S", 0.05)
    page = make_page(tmp_path)

    async def watch(web: Web) -> None:
        async with (
            web.client(key="", cookie=entered(page)) as client,
            client.stream("GET", "/page/live") as live,
        ):
            told = live.aiter_lines()
            assert json.loads(await anext(told)) == {"event": "here"}
            assert json.loads(await anext(told)) == {"event": "here"}, "a beat"
            for event in room_turn(7):
                web.world.brain.publish(event)
            seen = []
            while "completed" not in seen:
                seen.append(json.loads(await anext(told))["event"])
            assert [name for name in seen if name != "here"] == ["wake", "transcript", "token", "token", "completed"]
            assert len((await client.get("/page/room")).json()["turns"]) == 1
            assert (await client.delete("/page/api/memory")).status_code == 200
            assert (await client.get("/page/room")).json()["turns"] == []

    on_the_web(watch, page=page)


# -- documents ----------------------------------------------------------------------------------------------------------


def test_a_document_is_read_by_another_process(tmp_path: Path) -> None:
    page, documents = make_page(tmp_path), Documents(DocumentStore(tmp_path / "kept"))

    async def send(web: Web) -> None:
        async with web.client(key="", cookie=entered(page)) as client:
            for text, how in (("under the mat", "added"), ("in the shed", "replaced")):
                sent = {"file": ("../../etc/house rules.md", f"# Keys\n\nThe key is {text}.\n".encode())}
                got = await client.post("/page/documents", files=sent)
                assert got.json() == {"name": "house rules.md", "passages": 1, "how": how}
            listed = (await client.get("/page/documents")).json()["documents"]
            assert [one["name"] for one in listed] == ["house rules.md"]
            bad = await client.post("/page/documents", files={"file": ("x.txt", b"\0\0\1")})
            assert bad.status_code == 400 and bad.json()["error"]["message"].startswith("x.txt: is no text")
            assert (await client.delete("/page/documents/house rules.md")).status_code == 200
            assert (await client.get("/page/documents")).json() == {"documents": []}

    on_the_web(send, page=page, documents=documents)


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("a.md", "a.md"),
        ("../../etc/passwd", "passwd"),
        ("C:\\docs\\说明书.pdf", "说明书.pdf"),
        ("a\nb\0c.txt", "a_b_c.txt"),
        (".bashrc", "bashrc"),
        ("x" * 300 + ".pdf", "x" * 88 + ".pdf"),
    ],
)
def test_a_document_s_name(sent: str, name: str) -> None:
    assert plain_name(sent) == name


def test_a_document_without_a_name() -> None:
    with pytest.raises(Refused, match="no name"):
        plain_name("../..")


# -- where it is served -------------------------------------------------------------------------------------------------


def config(**sections: Any) -> Any:
    from assistant.config import Config

    return Config.model_validate(sections)


def test_which_listeners(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert fronts.Fronts(config()).listeners == []
    (alone,) = fronts.Fronts(config(web={"enabled": True})).listeners
    assert alone.keys is None and alone.page is not None and alone.api.port == 8180
    monkeypatch.setenv(ENV, KEY)
    (both,) = fronts.Fronts(config(web={"enabled": True}, api={"enabled": True})).listeners
    assert both.keys is not None and both.page is not None
    first, second = fronts.Fronts(config(web={"enabled": True, "port": 8181}, api={"enabled": True})).listeners
    assert (first.page, second.keys) == (None, None) and (first.api.port, second.api.port) == (8180, 8181)


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ({"web": {"enabled": True, "host": "0.0.0.0"}}, "web.host is 0.0.0.0"),
        ({"web": {"enabled": True}, "api": {"host": "0.0.0.0"}}, "api.wide"),
        ({"web": {"enabled": True, "embed_origins": ["*"]}}, "web.embed_origins"),
        ({"web": {"enabled": True, "embed_origins": ["http://a; script-src *"]}}, "web.embed_origins"),
    ],
)
def test_what_would_open_more_than_it_says_is_refused(sections: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        fronts.Fronts(config(**sections))


def test_the_command_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert command(["open", "--set", f"control.socket={tmp_path}/none"]) == 5
    assert "no assistant runs here" in capsys.readouterr().err
    assert command(["open", "--revoke"]) == 0 and capsys.readouterr().out == "Nobody was logged in.\n"


def test_no_link_without_a_page() -> None:
    with pytest.raises(EngineError, match="serves no page"):
        fronts.Fronts(config()).link("house")


def test_nothing_of_the_room_is_held_once_its_visitor_has_left() -> None:
    served = fronts.Fronts(Config.model_validate({"web": {"enabled": True}}))
    page = served.listeners[0].page
    assert page is not None
    page.room.put(events.Transcript(1, 0.0, "where is the exit", "silence"))
    assert len(page.room.past()) == 1
    served.forget_room()
    assert page.room.past() == []
