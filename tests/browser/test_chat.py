"""The chat, as a person uses it."""

import json
import re

from playwright.sync_api import Browser, Page, expect

from assistant.servers.web.markdown import to_html
from tests.browser.conftest import PHONE, House, Visit

CODE = """Here is a loop:

```
for name in names:
    print(f"Hello, {name}")
```

| tool | use |
|---|---|
| `ls` | list |

1. Save it.
2. Run it."""


def scripted(page: Page, reply: str) -> None:
    """Let the next turn's lines be those of this reply."""
    lines = [
        {"event": "turn_started", "turn": 1, "t": 1.0, "text": "q"},
        {"event": "token", "turn": 1, "t": 1.4, "text": reply},
        {"html": to_html(reply)},
        {"event": "completed", "turn": 1, "t": 2.2, "user": "q", "assistant": reply, "stages": {}, "prompt_tokens": 120,
         "prompt_tokens_evaluated": 14, "completion_tokens": 60},
    ]  # fmt: skip
    body = "".join(json.dumps(line) + "\n" for line in lines)
    page.route("**/turns", lambda route: route.fulfill(body=body, content_type="application/x-ndjson"), times=1)


def words(page: Page) -> list[int]:
    """The figures of the meter: used, context, hot."""
    return [int(number) for number in re.findall(r"\d+", page.locator("#meter .words").inner_text())]


def test_ask_and_be_answered(visit: Visit) -> None:
    page = visit.enter()
    before = words(page)
    reply = visit.ask("my name is anna")
    assert "Anna" in reply
    expect(page.locator("#log .bubble.user").last).to_have_text("my name is anna")
    expect(page.locator("#announce")).to_have_text(reply)  # a screen reader is told once, when it is whole
    expect(page.locator("#meter .words")).not_to_have_text(f"{before[0]} / {before[1]} tokens · {before[2]} hot")
    used, context, hot = words(page)
    assert before[0] < used < context and 0 < hot <= used
    visit.picture("chat-light-desktop")


def test_a_kept_talk_is_there_again_and_clear_frees_it(visit: Visit) -> None:
    page = visit.enter()
    visit.ask("tell me a joke")
    page.reload()
    page.wait_for_selector("[data-ready]")
    expect(page.locator("#log .bubble.user").last).to_have_text("tell me a joke")
    used = words(page)[0]
    page.click("#clear")
    expect(page.locator("#log article")).to_have_count(0)
    expect(page.locator("#announce")).to_have_text("The talk is cleared.")
    page.wait_for_function(f"() => Number(document.querySelector('#meter .words').textContent.split(' ')[0]) < {used}")
    page.reload()
    page.wait_for_selector("[data-ready]")
    expect(page.locator("#suggestions button")).to_have_count(4)
    expect(page.locator("#log article")).to_have_count(0)


def test_code_and_tables_are_shown_and_copied(visit: Visit) -> None:
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visit.enter()
    scripted(page, CODE)
    visit.ask("q")
    block = page.locator("figure.code")
    expect(block.locator("figcaption")).to_contain_text("python")
    assert block.locator("pre .k").first.evaluate("node => getComputedStyle(node).fontWeight") == "600"
    block.get_by_role("button", name="Copy the code").click()
    assert page.evaluate("navigator.clipboard.readText()") == 'for name in names:\n    print(f"Hello, {name}")\n'
    page.locator("#log article .actions").get_by_role("button", name="Copy").click()
    expect(page.locator("#log article .actions").get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == CODE
    visit.picture("chat-code-desktop")


def test_stop_ends_the_reply_and_keeps_what_was_written(visit: Visit) -> None:
    page = visit.enter()
    page.click("#settings-open")
    page.locator("#settings [name=temperature]").fill("2")  # it rambles on
    page.locator("#settings [name=persona]").fill("Count for ever: one two three four five six seven eight nine ten and so on.")
    page.get_by_role("button", name="Close").click()
    page.fill("#text", "count to one thousand")
    page.press("#text", "Enter")
    page.wait_for_selector("#stop:not([hidden])")
    page.keyboard.press("Escape")
    page.wait_for_selector("#send:not([hidden])")
    turn = page.locator("#log article").last
    expect(turn.locator(".bubble.assistant")).not_to_have_attribute("aria-busy", "true")
    assert visit.ask("hello")  # the talk goes on


def test_settings_hold_for_this_tab_alone(visit: Visit) -> None:
    page = visit.enter()
    page.click("#settings-open")
    page.locator("#settings [name=temperature]").fill("0")
    page.locator("#settings [name=max_tokens]").fill("16")
    page.locator("#settings [name=json_mode]").check()
    visit.picture("settings-desktop")
    page.get_by_role("button", name="Close").click()
    with page.expect_request("**/turns") as asked:
        visit.ask("give me a name and an age")
    sent = asked.value.post_data_json or {}
    assert sent and (sent["temperature"], sent["max_tokens"], sent["json_mode"]) == (0, 16, True) and "top_p" not in sent
    expect(page.locator("#log article").last.locator("figcaption")).to_contain_text("json")
    other = visit.tab()
    other.goto(visit.house.url)
    other.wait_for_selector("#log article")
    with other.expect_request("**/turns") as asked:
        other.fill("#text", "hello")
        other.press("#text", "Enter")
    assert set(asked.value.post_data_json or {}) == {"text", "language", "aloud"}


def test_a_private_talk_ends_with_its_tab(visit: Visit) -> None:
    page = visit.enter()
    with page.expect_response("**/page/talks") as opened:
        page.click("#private")
    name = opened.value.json()["id"]
    expect(page.locator("#private")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#log article")).to_have_count(0)
    visit.ask("the code of the safe is 9 3 4 7")
    visit.picture("chat-private-desktop")
    other = visit.tab()
    other.goto(visit.house.url)
    here = "name => fetch(`/page/talks/${name}`).then(answer => answer.status)"
    assert other.evaluate(here, name) == 200
    page.close()
    other.wait_for_function(f"() => fetch('/page/talks/{name}').then(answer => answer.status === 404)")
    sessions = other.evaluate("fetch('/page/api/sessions').then(answer => answer.json())")["sessions"]
    assert not any(name in one["key"] for one in sessions)
    for path in visit.house.data.rglob("*"):
        assert not path.is_file() or (b"9 3 4 7" not in path.read_bytes() and b"code of the safe" not in path.read_bytes()), path
    assert "9 3 4 7" not in visit.house.log.read_text()
    visit.complaints = [one for one in visit.complaints if "404" not in one]  # asked for above


def test_typing_is_computed_after_a_pause(visit: Visit) -> None:
    page = visit.enter()
    used = words(page)[0]
    with page.expect_response("**/typing") as told:
        page.locator("#text").press_sequentially("do you know what my favourite colour is today", delay=5)
    assert told.value.ok
    page.wait_for_function(f"() => Number(document.querySelector('#meter .words').textContent.split(' ')[0]) > {used}")


def test_chinese_dark_and_on_a_phone(browser: Browser, house: House) -> None:
    visit = Visit(browser, house, PHONE, color_scheme="dark", has_touch=True)
    page = visit.enter()
    page.click("#clear")
    expect(page.locator("#log article")).to_have_count(0)
    page.click("#language")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    visit.picture("chat-fresh-dark-phone-zh")
    assert visit.ask("你会做什么")
    assert visit.ask("现在几点")
    visit.picture("chat-dark-phone-zh")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.click("#language")
    page.click("#clear")
    scripted(page, CODE)
    visit.ask("q")
    visit.picture("chat-code-dark-phone")
    page.click("nav a[href='#trace']")
    page.wait_for_selector("figure.trace")
    visit.picture("trace-dark-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    visit.context.close()
    assert visit.complaints == []


def test_light_or_dark_by_hand(visit: Visit) -> None:
    page = visit.enter()
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.click("#theme")
    dark = page.evaluate(ground)
    assert light != dark
    scripted(page, CODE)
    visit.ask("q")
    visit.picture("chat-dark-desktop")
    page.reload()
    page.wait_for_selector("[data-ready]")
    assert page.evaluate(ground) == dark


def test_the_keyboard_reaches_everything_and_everything_has_a_name(visit: Visit) -> None:
    page = visit.enter()
    nameless = """() => [...document.querySelectorAll('button, input, textarea, a, select')]
        .filter((node) => node.checkVisibility() && !(node.ariaLabel || node.textContent.trim() || node.labels?.length))
        .map((node) => node.outerHTML)"""
    for place in ("chat", "trace", "memory", "documents", "models"):
        page.goto(f"{visit.house.url}/#{place}")
        page.wait_for_selector(f"#{place}:not([hidden])")
        assert page.evaluate(nameless) == []
    page.goto(f"{visit.house.url}/#chat")
    page.reload()
    page.wait_for_selector("[data-ready]")
    page.wait_for_selector("#suggestions", state="attached")
    page.evaluate("document.activeElement.blur()")
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.id || document.activeElement.hash || ''"))
    assert {
        "#text",
        "#chat",
        "#models",
        "language",
        "theme",
        "settings-open",
        "hold",
        "text",
        "send",
        "aloud",
        "private",
        "clear",
    } <= seen


def test_nothing_from_outside_and_nothing_inline(visit: Visit) -> None:
    page = visit.enter()
    scripted(page, 'x <img src=x onerror="window.bad=1"> <script>window.bad=1</script> ![p](http://evil.example/p.png)')
    visit.ask("q")
    assert page.evaluate("window.bad") is None
    assert page.locator("#log img").count() == 0
    blocked = page.evaluate("""async () => {
        const made = [];
        document.addEventListener('securitypolicyviolation', (event) => made.push(event.effectiveDirective));
        await fetch('http://127.0.0.2:9/').catch(() => {});
        try { document.body.innerHTML = 'x'; } catch { made.push('trusted types'); }
        const picture = new Image(); picture.src = 'http://127.0.0.2:9/x.png';
        await new Promise((done) => { picture.onerror = done; });
        return made;
    }""")
    assert {"connect-src", "trusted types", "img-src"} <= set(blocked)
    visit.complaints, visit.fetched = [], []  # all of them were meant


def test_a_used_link_and_no_link(visit: Visit) -> None:
    link = visit.house.link()
    visit.page.goto(link)
    visit.page.wait_for_selector("[data-ready]")  # sooner, its own questions would lead it away from what is opened next
    assert visit.page.url.rstrip("#/") == visit.house.url
    visit.context.clear_cookies()
    visit.page.goto(link)
    expect(visit.page.locator("#said")).to_contain_text("used already")
    assert "#" not in visit.page.url
    visit.page.goto(visit.house.url)
    expect(visit.page.locator("#said")).to_contain_text("opens with a link")
    visit.picture("login-desktop")
    visit.complaints = [one for one in visit.complaints if "401" not in one]


def test_a_suggestion_on_the_smallest_phone(browser: Browser, house: House) -> None:
    """The suggestions are asked with a click; the phone's page needs no sideways scrolling at 320 px."""
    visit = Visit(browser, house, (320, 640))
    page = visit.enter()
    page.click("#clear")
    expect(page.locator("#suggestions button").first).to_be_visible()
    page.locator("#suggestions button").first.click()
    page.wait_for_selector("#log article .actions:not([hidden])")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    visit.context.close()
    assert visit.complaints == []
