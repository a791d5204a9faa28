"""The kiosk, and speaking into the browser's microphone."""

from playwright.sync_api import Browser, expect

from tests.browser.conftest import DESKTOP, PHONE, House, Visit

LEFT_S = 30


def test_a_visitor_asks_and_leaves(browser: Browser, house: House) -> None:
    visit = Visit(browser, house, DESKTOP)
    visit.page.clock.install()
    page = visit.enter("--kiosk")
    assert page.url == f"{house.url}/kiosk"
    expect(page.locator("#reply")).to_have_text("How can I help?")
    visit.picture("kiosk-light-desktop")
    with page.expect_response("**/page/talks") as opened:
        page.get_by_role("button", name="what can you do").click()
    name = opened.value.json()["id"]
    expect(page.locator("#heard")).to_have_text("what can you do")
    expect(page.locator("#light")).to_have_class("light speaking")
    visit.picture("kiosk-speaking-light-desktop")
    page.click("#stop")
    page.wait_for_selector("#hold:not([hidden])")
    expect(page.locator("#reply")).to_contain_text("the time and the date")
    visit.picture("kiosk-asked-light-desktop")
    page.click("#language")
    expect(page.get_by_role("button", name="按住说话")).to_be_visible()
    expect(page.locator("#reply")).to_contain_text("the time and the date")
    page.clock.run_for(1000 * (LEFT_S - 1))
    expect(page.locator("#heard")).to_have_text("what can you do")
    page.clock.run_for(2000)
    expect(page.locator("#reply")).to_have_text("How can I help?")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    here = "name => fetch(`/page/talks/${name}`).then(answer => answer.status)"
    assert page.evaluate(here, name) == 404
    visit.context.close()
    assert [one for one in visit.complaints if "404" not in one] == []


def test_a_kiosk_may_only_talk(browser: Browser, house: House) -> None:
    visit = Visit(browser, house, PHONE, color_scheme="dark")
    visit.enter()
    visit.ask("my name is anna")
    assert "Anna" in visit.ask("what is my name")
    page = visit.enter("--kiosk")
    page.click("#language")
    page.get_by_role("button", name="现在几点").click()
    page.wait_for_selector("#hold:not([hidden])")
    expect(page.locator("#reply")).to_contain_text("现在")
    visit.picture("kiosk-dark-phone-zh")
    status = "path => fetch(path).then(answer => answer.status)"
    refused = ("room", "status", "models", "documents", "api/memory", "api/sessions", "talks/kept", "v1/models")
    assert [page.evaluate(status, f"/page/{path}") for path in refused] == [403] * 6 + [404, 403]
    told = """async () => {
        const post = (path, body) => fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
        const { id } = await (await post('/page/talks', { private: false })).json();
        return (await post(`/page/talks/${id}/turns`, { text: 'what is my name' })).text();
    }"""
    assert "completed" in page.evaluate(told) and "Anna" not in page.evaluate(told), "a visitor is told nothing of the house"
    page.goto(house.url)
    page.wait_for_url("**/kiosk")
    visit.context.close()


def test_a_kiosk_in_a_frame(browser: Browser, house: House) -> None:
    """Only pages of web.embed_origins, and this one's own, may frame it; the chat may not be framed at all."""
    visit = Visit(browser, house)
    found = {path: visit.context.request.get(f"{house.url}{path}").headers for path in ("/kiosk", "/")}
    assert "frame-ancestors 'self' http://panel.example:8123;" in found["/kiosk"]["content-security-policy"]
    assert "frame-ancestors 'none'" in found["/"]["content-security-policy"] and found["/"]["x-frame-options"] == "DENY"
    visit.context.close()


def test_hold_to_talk_and_hear_the_reply(visit: Visit) -> None:
    visit.context.grant_permissions(["microphone"])
    page = visit.enter()
    page.evaluate("""() => {
        window.sounded = 0;
        const start = AudioBufferSourceNode.prototype.start;
        AudioBufferSourceNode.prototype.start = function (...rest) {
            if (this.context instanceof AudioContext) window.sounded += this.buffer.duration;
            return start.apply(this, rest);
        };
    }""")
    page.locator("#hold").hover()
    page.mouse.down()
    expect(page.locator("#announce")).to_contain_text("Listening")
    page.wait_for_timeout(3000)  # real time is what a microphone takes
    visit.picture("chat-holding-desktop")
    page.mouse.up()
    expect(page.locator("#log .bubble.user").last).to_have_text("what time is it")
    expect(page.locator("#log .bubble.assistant").last).to_contain_text("It is")
    page.wait_for_function("() => window.sounded > 0.5")
    expect(page.locator("#stop")).to_be_visible()  # as long as it is heard
    page.keyboard.press("Escape")
    expect(page.locator("#stop")).to_be_hidden()


def test_without_a_microphone_it_says_why(browser: Browser, house: House) -> None:
    visit = Visit(browser, house)
    page = visit.enter()
    page.evaluate("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.locator("#hold").focus()
    page.keyboard.press("Space")
    expect(page.locator("#announce")).to_contain_text("https")
    page.evaluate("Object.defineProperty(window, 'isSecureContext', { value: true })")
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }"
    )
    page.locator("#hold").click()
    expect(page.locator("#announce")).to_contain_text("told not to give the microphone")
    visit.context.close()
    assert visit.complaints == []
