"""Trace, memory, documents, models."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_the_trace_of_a_turn(visit: Visit) -> None:
    page = visit.enter()
    visit.ask("who are you")
    visit.ask("what time is it")
    page.locator("#log article").last.get_by_role("button", name="Trace").click()
    figure = page.locator("figure.trace")
    expect(figure).to_have_count(1)
    expect(figure.locator("q")).to_have_text("what time is it")
    expect(figure).to_contain_text("by a skill, without the model")
    page.goto(f"{visit.house.url}/#chat")
    page.click("nav a[href='#trace']")
    expect(figure).to_have_count(2)
    model = figure.nth(1)  # the newest stands first
    expect(model.locator("q")).to_have_text("who are you")
    label = model.locator("svg").get_attribute("aria-label") or ""
    assert "understood" in label and "written" in label and "tokens reused" in label and "first word after" in label
    assert model.locator("svg rect.bar").count() == 2 and model.locator("svg rect.generated").count() == 1
    visit.picture("trace-light-desktop")


def test_what_is_remembered_is_shown_corrected_and_forgotten(visit: Visit) -> None:
    page = visit.enter()
    visit.ask("my name is anna")
    page.click("nav a[href='#memory']")
    name = page.get_by_label("name: Value")
    expect(name).to_have_value("Anna")
    page.get_by_placeholder("What", exact=True).fill("city")
    page.get_by_placeholder("Value", exact=True).fill("Oslo")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_label("city: Value")).to_have_value("Oslo")
    visit.picture("memory-desktop")
    name.fill("Eva")
    page.locator("#memory li", has=name).get_by_role("button", name="Correct").click()
    page.reload()
    expect(page.get_by_label("name: Value")).to_have_value("Eva")
    page.click("nav a[href='#chat']")
    assert "Eva" in visit.ask("what do you know about me")
    page.click("nav a[href='#memory']")
    row = page.locator("#memory li", has=page.get_by_label("name: Value"))
    row.get_by_role("button", name="Forget").click()
    expect(row.get_by_role("button", name="Really?")).to_be_visible()  # asked once more
    row.get_by_role("button", name="Really?").click()
    expect(page.get_by_label("name: Value")).to_have_count(0)
    page.get_by_role("button", name="Forget everything").click()
    page.get_by_role("button", name="Really?").click()
    expect(page.locator("#memory .none")).to_be_visible()


def test_a_document_is_sent_answers_and_is_removed(visit: Visit, tmp_path: Path) -> None:
    page = visit.enter()
    page.click("nav a[href='#documents']")
    expect(page.locator("#documents .none")).to_be_visible()
    manual = tmp_path / "dish washer manual.md"
    manual.write_text("# Error codes\n\nError E15 means that there is water in the base of the dish washer.\n")
    page.set_input_files("#document-file", manual)
    row = page.locator("#documents li")
    expect(row).to_contain_text("dish washer manual.md")
    expect(row).to_contain_text("1 passage")
    visit.picture("documents-desktop")
    page.click("nav a[href='#chat']")
    assert "water in the base" in visit.ask("what does error E15 mean on the dish washer?")
    page.click("nav a[href='#documents']")
    other = tmp_path / "blob.txt"
    other.write_bytes(b"\0\1\2" * 500)
    page.set_input_files("#document-file", other)
    expect(page.locator("#documents .trouble")).to_contain_text("blob.txt: is no text")
    row.get_by_role("button", name="Remove").click()
    row.get_by_role("button", name="Really?").click()
    expect(page.locator("#documents .none")).to_be_visible()
    visit.complaints = [one for one in visit.complaints if "400" not in one]  # the blob was refused


def test_the_models(visit: Visit) -> None:
    page = visit.enter()
    page.click("nav a[href='#models']")
    expect(page.locator("#models .engines")).to_contain_text("starter-llm.gguf")
    expect(page.locator("#models table")).to_contain_text("vosk-zh")
    visit.picture("models-desktop")
