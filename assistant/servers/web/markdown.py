"""A reply as HTML: Markdown by markdown-it-py, code coloured by Pygments, all of it cleaned by nh3, whatever it was made from.

Raw HTML in a reply is text. Pictures are left out with their words kept: nothing is fetched from anywhere. Links open elsewhere,
only where somebody clicks. `Blocks` turns a reply into HTML while it is written, each block once.
"""

import html
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from assistant.servers.web.code_language import language_of

MAX_CODE = 20_000
"""Characters of a fence that are coloured; a longer one is left plain."""
_TAGS = {"p", "br", "hr", "em", "strong", "s", "blockquote", "ul", "ol", "li", "a", "code", "pre", "span", "figure", "figcaption",
         "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title", "target"}, "ol": {"start"}, "span": {"class"}, "figure": {"class"}}
_CLASSES = re.compile(r"[a-z][a-z0-9]{0,3}|code")
"""Pygments' short names, and our own."""


def to_html(text: str) -> str:
    """Safe HTML."""
    return _clean(str(_parser().render(text)))


class Blocks:
    """The whole blocks of a reply that is being written, each as HTML once; what is not whole yet is `tail`."""

    def __init__(self) -> None:
        self.tail = ""

    def feed(self, text: str) -> str:
        """More of the reply; the HTML of what became whole."""
        self.tail += text
        if "\n" not in text:  # a block ends with a line
            return ""
        cut = self._whole()
        done, self.tail = self.tail[:cut], self.tail[cut:]
        return to_html(done) if done.strip() else ""

    def _whole(self) -> int:
        """Where the last block that is whole ends: at an empty line outside a fence, or where a fence closes."""
        end, at, fence = 0, 0, ""
        for line in self.tail.splitlines(keepends=True):
            at += len(line)
            if not line.endswith("\n"):
                break
            mark = re.match(r" {0,3}(`{3,}|~{3,})", line)
            if fence:
                if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                    fence, end = "", at
            elif mark:
                fence = mark[1]
            elif not line.strip():
                end = at
        return end


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    made.add_render_rule("fence", _fence)
    made.add_render_rule("code_block", _fence)
    made.add_render_rule("image", _image)
    made.add_render_rule("link_open", _link)
    return made


def _fence(_self: Any, tokens: Sequence[Any], at: int, _options: Any, _env: Any) -> str:
    code, named = tokens[at].content, (tokens[at].info or "").split()
    name = named[0].lower() if named else language_of(code)
    try:
        lexer = get_lexer_by_name(name, stripnl=False)
    except ClassNotFound:
        lexer = get_lexer_by_name("text", stripnl=False)
    coloured = highlight(code, lexer, HtmlFormatter(nowrap=True)) if len(code) <= MAX_CODE else html.escape(code)
    return f'<figure class="code"><figcaption>{html.escape(name)}</figcaption><pre><code>{coloured}</code></pre></figure>\n'


def _image(_self: Any, tokens: Sequence[Any], at: int, _options: Any, _env: Any) -> str:
    return html.escape(tokens[at].content)


def _link(self: Any, tokens: Sequence[Any], at: int, options: Any, env: Any) -> str:
    tokens[at].attrSet("target", "_blank")
    return str(self.renderToken(tokens, at, options, env))


def _clean(made: str) -> str:
    return nh3.clean(
        made,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        attribute_filter=_filter,
    )


def _filter(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        return value if all(_CLASSES.fullmatch(one) for one in value.split()) else None
    if tag == "a" and name == "href":
        return value if re.match(r"(?i)(?:https?://|mailto:)", value) else None  # nothing of this page's own
    return value
