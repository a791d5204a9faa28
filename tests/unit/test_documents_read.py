"""Files as sections, sections as passages: whole sentences under their headings, and what is refused by name."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import EngineUnavailable
from assistant.memory import readers
from assistant.memory.chunks import OVERLAP, SIZE, chunks, sections, sentences, width
from assistant.memory.readers import DocumentError, read
from tests.documents import MANUAL, pdf


def texts(path: Path) -> list[tuple[str, str, int]]:
    return [(section.heading, section.text, section.page) for section in read(path)]


def test_sentences_end_where_they_end() -> None:
    assert sentences("Set it to 1.5 bar. Then wait, e.g. a minute. Done!") == [
        "Set it to 1.5 bar.",
        "Then wait, e.g. a minute.",
        "Done!",
    ]
    assert sentences("周一不开门。“请预约。”谢谢！") == ["周一不开门。", "“请预约。”", "谢谢！"]


@given(
    st.lists(
        st.sampled_from(["The lid is open.", "水温是五十度。", "Wait " + "a long while " * 8 + "now.", "x" * 3000]), max_size=60
    )
)
def test_a_passage_is_bounded_and_holds_whole_sentences(given_: list[str]) -> None:
    whole = [piece for text in given_ for piece in sentences(text)]
    made = list(chunks([*sections(" ".join(given_), marked=True)]))
    assert {sentence for chunk in made for sentence in chunk.sentences} <= {*whole, *sentences(" ".join(given_))}
    for chunk in made:
        assert width(chunk.text) <= SIZE or width(chunk.sentences[-1]) > SIZE - OVERLAP


def test_neighbouring_passages_overlap_and_keep_their_heading() -> None:
    text = "# Rules\n\n" + " ".join(f"Rule number {number} is about the thing {number}." for number in range(40))
    made = list(chunks(sections(text, marked=True)))
    assert len(made) > 3 and {chunk.heading for chunk in made} == {"Rules"}
    for before, after in pairwise(made):
        assert after.sentences[0] in before.sentences


def test_markdown(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "Title\n=====\n\nSome *wrapped* text that goes on and on until the line is full and\nends [here](http://x.y). More.\n\n"
        "## List\n\n- one `thing`\n- another\n\n| Drink | Price |\n|---|---|\n| Tea | 2 euros |\n\n```\ncode line\n```\n"
    )
    assert texts(path) == [
        ("Title", "Some wrapped text that goes on and on until the line is full and ends here.\nMore.", 0),
        ("Title > List", "one thing\nanother\nDrink: Price\nTea: 2 euros\ncode line", 0),
    ]


def test_text_with_guessed_headings(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("一、午餐\n午餐在一号食堂。\n\n二、安全\n不要奔跑。\n")
    assert texts(path) == [("一、午餐", "午餐在一号食堂。", 0), ("二、安全", "不要奔跑。", 0)]


def test_html_without_what_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<html><head><title>t</title></head><body><nav>Home</nav><script>evil()</script><h1>Help</h1><p>Turn <b>it</b> off.</p>"
        "<table><tr><td>Tea</td><td>2 euros</td></tr></table><ul><li>first<li>second</ul></body></html>"
    )
    assert texts(path) == [("Help", "Turn it off.\nTea: 2 euros\nfirst\nsecond", 0)]


def test_pdf_with_pages_running_heads_and_a_sentence_over_the_page(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(
        pdf(
            [
                ["Manual 2024 - 1", "The lid must be", "closed before you"],
                ["Manual 2024 - 2", "start it. Then wait."],
                ["Manual 2024 - 3", "The end."],
            ]
        )
    )
    assert texts(path) == [("", "The lid must be closed before you start it.", 1), ("", "Then wait.", 2), ("", "The end.", 3)]


@pytest.mark.parametrize(
    ("name", "data"), [("a.txt", "温度是五十度。".encode("gb18030")), ("b.txt", "温度是五十度。".encode("utf-16"))]
)
def test_older_encodings(name: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    assert texts(tmp_path / name) == [("", "温度是五十度。", 0)]


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("broken.pdf", b"%PDF-1.4 and nothing more", "PDF"),
        ("half.pdf", pdf([["Hello there."]])[:250], "PDF|cannot be read"),
        ("empty.pdf", b"", "cannot be read|PDF"),
        ("program.txt", b"\x7fELF\0\0\0" * 50, "is no text"),
        ("noise.md", bytes(range(1, 32)) * 50 + b"\xff\xfe\x81", "is no text"),
        ("picture.png", b"no picture", "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(name: str, data: bytes, why: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(DocumentError, match=why) as caught:
        read(path)
    assert str(path) in str(caught.value) and len(str(caught.value).splitlines()) == 1


def test_what_is_too_large_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("word " * 300)
    monkeypatch.setattr(readers, "MAX_CHARACTERS", 1000)
    with pytest.raises(DocumentError, match=r"a.txt: has 1,500 characters; at most 1,000"):
        read(path)
    monkeypatch.setattr(readers, "MAX_BYTES", 2**20)
    path.write_bytes(b"x" * (2**20 + 1))
    with pytest.raises(DocumentError, match="MiB; at most 1"):
        read(path)
    monkeypatch.setattr(readers, "MAX_PAGES", 2)
    long = tmp_path / "long.pdf"
    long.write_bytes(pdf([["One."], ["Two."], ["Three."]]))
    with pytest.raises(DocumentError, match="has 3 pages; at most 2"):
        read(long)


def test_a_reader_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf([["One."]]))
    monkeypatch.setattr(readers, "DEADLINE_S", 0.001)
    with pytest.raises(DocumentError, match="could not be read within"):
        read(path)


def test_html_that_nests_without_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "HTML_DEADLINE_S", 2.0)
    path = tmp_path / "deep.html"
    path.write_text("<p>" * 200_000)
    with pytest.raises(DocumentError, match=r"deep.html: (could not be read within 2 s|takes too much memory or time)"):
        read(path)


def test_a_scan_is_read_by_tesseract(tmp_path: Path) -> None:
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (1400, 200), "white")
    ImageDraw.Draw(picture).text((40, 60), "The warranty lasts seven years.", fill="black", font=ImageFont.load_default(size=64))
    for name in ("scan.png", "scan.pdf"):
        picture.save(tmp_path / name)
        (found,) = texts(tmp_path / name)
        assert "warranty lasts seven years" in found[1] and found[2] == 1


@pytest.mark.parametrize(("name", "package"), [("a.html", "bs4"), ("a.pdf", "pypdf"), ("a.png", "PIL")])
def test_a_missing_package_is_named_with_the_command_that_brings_it(
    name: str, package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").write_text(f"raise ModuleNotFoundError('no {package}', name='{package}')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    path = tmp_path / name
    path.write_text("<p>Hello.</p>")
    with pytest.raises(EngineUnavailable, match=r"run scripts/setup --(documents|ocr)") as caught:
        read(path)
    assert caught.value.exit_code == 5


def test_a_manual_keeps_its_headings() -> None:
    made = list(chunks(sections(MANUAL, marked=True)))
    assert [chunk.heading for chunk in made] == ["Boiler manual > Pressure", "Boiler manual > Faults"]
