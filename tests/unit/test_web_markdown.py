"""Replies as HTML: clean whatever was written, code with a language, whole blocks as they come."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.servers.web.code_language import language_of
from assistant.servers.web.markdown import _ATTRIBUTES, _TAGS, Blocks, to_html


class Reader(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](/page/logout)",
    "[x](//evil.example/)",
    "![x](http://evil.example/p.png)",
    '<a href="http://a" onclick="alert(1)">x</a>',
    "<style>*{background:url(http://evil.example)}</style>",
    '```"><script>alert(1)</script>\nx\n```',
    "```html\n<script>alert(1)</script>\n```",
    "<http://evil.example/<script>alert(1)</script>>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[a](http://b "onmouseover=alert(1)")',
    "<details open ontoggle=alert(1)>",
    "| a |\n|---|\n| <iframe src=javascript:alert(1)> |",
)


def clean(made: str) -> None:
    found = Reader(made)
    assert set(found.tags) <= _TAGS
    for tag, name, value in found.attributes:
        assert name in _ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set()), (tag, name)
        assert name != "href" or re.match(r"(?i)https?://|mailto:", value or "")


@pytest.mark.parametrize("written", HOSTILE)
def test_nothing_that_acts_comes_through(written: str) -> None:
    made = to_html(f"before\n\n{written}\n\nafter")
    clean(made)
    assert "before" in made and "after" in made


@given(st.text(alphabet=st.sampled_from(list("<>\"'&/=:()[]`*_#|!~ \n\tscriptonerhavjlg")), max_size=300))
def test_whatever_is_written_is_clean(written: str) -> None:
    clean(to_html(written))


def test_markdown() -> None:
    made = to_html("# T\n\n**a** and `b`\n\n- one\n- two\n\n| x |\n|---|\n| y |\n\n~~z~~ [w](https://w.example)\n\n3. three")
    for part in (
        "<h1>T</h1>",
        "<strong>a</strong>",
        "<code>b</code>",
        "<li>one</li>",
        "<td>y</td>",
        "<s>z</s>",
        '<ol start="3">',
    ):
        assert part in made
    assert 'href="https://w.example"' in made and 'rel="noopener noreferrer nofollow"' in made and 'target="_blank"' in made
    assert to_html("![a cat](http://evil.example/cat.png)") == "<p>a cat</p>\n"


def test_code_is_coloured_and_has_a_language() -> None:
    made = to_html("```\ndef f():\n    return 1\n```")
    assert "<figcaption>python</figcaption>" in made and '<span class="k">def</span>' in made
    assert "<figcaption>brainfog</figcaption>" in to_html("```brainfog\nx\n```")  # an unknown one keeps its name
    assert "class=" not in to_html("```python\n" + "x = 1\n" * 5000 + "```").replace('class="code"', "")  # too long to colour


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("import os\nprint(os.name)", "python"),
        ("#!/bin/bash\necho hi", "bash"),
        ("sudo apt-get install flite", "bash"),
        ('{"name": "Anna"}', "json"),
        ("[1, 2]", "json"),
        ("<!doctype html>\n<p>x</p>", "html"),
        ("<?xml version='1.0'?><a/>", "xml"),
        ("SELECT name FROM people;", "sql"),
        ("#include <stdio.h>\nint main(void) { return 0; }", "c"),
        ("#include <iostream>\nint main() { std::cout << 1; }", "cpp"),
        ("const x = 1;\nconsole.log(x)", "javascript"),
        ("fn main() { println!(\"x\"); }", "rust"),
        ("package main\n\nfunc main() {}", "go"),
        ("public class A { }", "java"),
        ("body {\n  color: red;\n}", "css"),
        ("[section]\nkey = value", "ini"),
        ("wake:\n  words: [okay_nabu]", "yaml"),
        ("hello there, this is prose", "text"),
        ("", "text"),
    ],
)  # fmt: skip
def test_the_language_of_a_fence(code: str, language: str) -> None:
    assert language_of(code) == language


def test_blocks_come_whole_and_once() -> None:
    text = "One.\n\nTwo\nlines.\n\n```\na = 1\n\nb = 2\n```\nafter\n\n- x\n\nlast"
    blocks, made, tails = Blocks(), [], []
    for letter in text:
        if found := blocks.feed(letter):
            made.append(found)
            tails.append(blocks.tail)
    assert len(made) == 5 and set(tails) == {""}
    assert made[0] == "<p>One.</p>\n" and made[2].count("figure") == 2 and "<li>x</li>" in made[4]
    assert blocks.tail == "last"
    other = Blocks()
    assert other.feed(text) and other.tail == "last"
