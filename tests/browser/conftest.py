"""A real browser before a real house on the starter models: one of each for the module.

Not for the whole run: playwright has a loop of its own in this thread while it is there, and other tests start theirs.
"""

import os
import re
import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from assistant.audio.format import RATE
from tests.contract.speech import espeak, silence

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "build/screenshots"
CHROMIUM = "/usr/bin/chromium"
LIMIT_S = 60.0
DESKTOP, PHONE = (1200, 800), (390, 844)


class House:
    """`assistant serve` with the page, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        names = ("XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CACHE_HOME")
        self.data = folder / "XDG_DATA_HOME"
        self.environ = {**os.environ, **{name: str(folder / name) for name in names}}
        (folder / "XDG_RUNTIME_DIR").mkdir()
        self.command = [sys.executable, "-m", "assistant"]
        self.log = folder / "log.txt"
        sets = ["web.enabled=true", "api.port=0", "memory.keep=true", "llm.seed=1", "llm.temperature=0", "api.requests_per_minute=100000",
                "wake.words=[okay_nabu, {word: 小助手, language: zh}]", "web.embed_origins=[http://panel.example:8123]"]  # fmt: skip
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*self.command, "serve", *[word for one in sets for word in ("--set", one)]],
                cwd=ROOT, env=self.environ, stdout=log, stderr=log,
            )  # fmt: skip
        until = time.monotonic() + LIMIT_S
        while not (found := re.search(r"served at (http://\S+)", self.log.read_text())) or "Serving." not in self.log.read_text():
            assert self.process.poll() is None and time.monotonic() < until, self.log.read_text()
            time.sleep(0.05)  # another process: there is nothing to wait for
        self.url = found[1]

    def link(self, *args: str) -> str:
        """What `assistant open` prints."""
        done = subprocess.run(
            [*self.command, "open", *args], cwd=ROOT, env=self.environ, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("house"))
    yield made
    made.process.kill()
    made.process.wait()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium, with a microphone in which somebody asks for the time."""
    spoken = tmp_path_factory.mktemp("microphone") / "question.wav"
    with wave.open(str(spoken), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(silence(0.3) + espeak("what time is it") + silence(20))
    flags = ["--no-sandbox", "--use-fake-device-for-media-stream", f"--use-file-for-fake-audio-capture={spoken}",
             "--autoplay-policy=user-gesture-required", "--force-device-scale-factor=1", "--disable-gpu"]  # fmt: skip
    with sync_playwright() as player:
        made = player.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield made
        made.close()


class Visit:
    """A browser of its own, and what it fetched and complained of."""

    def __init__(self, browser: Browser, house: House, size: tuple[int, int] = DESKTOP, **more: object) -> None:
        self.context: BrowserContext = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-US", **more)  # type: ignore[arg-type]
        self.context.set_default_timeout(20_000)
        self.house = house
        self.fetched: list[str] = []
        self.complaints: list[str] = []
        self.page = self.tab()

    def tab(self) -> Page:
        """Another tab."""
        page = self.context.new_page()
        page.on("request", lambda request: self.fetched.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def enter(self, *args: str) -> Page:
        """Open the page with a link."""
        self.page.goto(self.house.link(*args))
        self.page.wait_for_selector("[data-ready]")
        return self.page

    def ask(self, text: str) -> str:
        """Type a question and send it; the reply, when it is whole."""
        self.page.fill("#text", text)
        self.page.press("#text", "Enter")
        self.page.wait_for_selector("#send:not([hidden])")
        return self.page.locator("#log article").last.locator(".bubble.assistant .done").inner_text()

    def picture(self, name: str) -> None:
        """Keep a picture for somebody to look at."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png")


@pytest.fixture
def visit(browser: Browser, house: House) -> Iterator[Visit]:
    made = Visit(browser, house)
    yield made
    made.context.close()
    assert made.complaints == []
    assert [url for url in made.fetched if not url.startswith((house.url, "blob:", "data:"))] == []
