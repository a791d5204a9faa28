"""Files read as sections: text, Markdown, HTML, PDF, and through OCR photos and scanned PDFs.

Bounds, each refused by the file's name: `MAX_BYTES`, `MAX_CHARACTERS`, `MAX_PAGES`. HTML, PDFs and pictures are read in a process
of their own (`pages.py`) with bounds on its time and memory: a hostile file takes nothing else down.
"""

import codecs
import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant import children
from assistant.errors import AssistantError, EngineUnavailable
from assistant.memory.chunks import Section, last_heads, sections

MAX_BYTES = 20 * 2**20
MAX_CHARACTERS = 1_000_000
MAX_PAGES = 500
DEADLINE_S = 300.0
"""For all pages of a PDF or picture."""
HTML_DEADLINE_S = 60.0
SUFFIXES = {
    **dict.fromkeys((".txt", ".text"), "text"),
    **dict.fromkeys((".md", ".markdown"), "markdown"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    ".pdf": "pages",
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"), "pages"),
}


class DocumentError(AssistantError):
    """A file is no document that can be read; the message names it and says why."""

    code = "document"


def read(path: Path) -> list[Section]:
    """The sections of a file. Raises `DocumentError`, `EngineUnavailable`."""
    kind = SUFFIXES.get(path.suffix.lower(), "text")
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise DocumentError(f"{path}: is no file")
        if size > MAX_BYTES:
            raise DocumentError(f"{path}: has {size / 2**20:,.0f} MiB; at most {MAX_BYTES // 2**20} are read, so part it")
        if kind == "pages":
            return list(_pages(path))
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read ({error.strerror})") from None
    text = decoded(data, html=kind == "html")
    if text is None:
        raise DocumentError(f"{path}: is no text; text, Markdown, HTML, PDF and pictures are read")
    if kind == "html":
        (text,) = _child(path, HTML_DEADLINE_S)
    if len(text) > MAX_CHARACTERS:
        raise DocumentError(f"{path}: has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read, so part it")
    return list(sections(text, marked=kind != "text"))


def decoded(data: bytes, *, html: bool = False) -> str | None:
    """Text of bytes: by its mark, as UTF-8, or as what Chinese and Western systems wrote before it; None: they are no text."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    if b"\0" in data:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        pass
    declared = re.search(rb"""charset=["']?([\w-]+)""", data[:2048]) if html else None
    try:
        if declared:
            return data.decode(declared[1].decode(), errors="replace")
    except LookupError:
        pass
    try:
        text = data.decode("gb18030")
        if sum("\u4e00" <= char <= "\u9fff" for char in text) > 0.7 * sum(char > "\x7f" for char in text):
            return text
    except UnicodeDecodeError:
        pass
    text = data.decode("cp1252", errors="replace")
    if sum((char < " " and char not in "\t\n\r\f") or char == "\ufffd" for char in text) > 0.02 * len(text):
        return None
    return text


def _child(path: Path, deadline_s: float) -> list[str]:
    """The text of each page, read by another process. Raises `DocumentError`, `EngineUnavailable`."""
    bounds = (str(MAX_PAGES), str(MAX_CHARACTERS), str(max(1, round(deadline_s))))
    command = children.command("assistant.memory.pages", str(path), *bounds)
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=deadline_s, check=False)
    except subprocess.TimeoutExpired:
        raise DocumentError(f"{path}: could not be read within {deadline_s:.0f} s; part it") from None
    try:
        said = [json.loads(line) for line in done.stdout.decode().splitlines()]
    except ValueError:
        said = []
    last = said[-1] if said else {}
    if "missing" in last:
        raise EngineUnavailable(f"{path}: {last['missing']}")
    if "done" not in last:
        reason = last.get("error") or ("takes too much memory or time" if done.returncode else "could not be read")
        raise DocumentError(f"{path}: {reason}")
    return [page["text"] for page in said[:-1]]


def _pages(path: Path) -> Iterator[Section]:
    """The sections of a PDF or picture."""
    pages = _child(path, DEADLINE_S)
    heads: list[str] = []
    for number, text in enumerate(_mended(_without_margins(pages)), 1):
        found = list(sections(text, page=number, above=heads))
        heads = last_heads(found) or heads
        yield from found


def _without_margins(pages: Sequence[str]) -> list[str]:
    """Pages without the first and last lines that most of them share but for numbers: running heads, page numbers."""
    split = [[line for line in page.split("\n")] for page in pages]

    def key(lines: Sequence[str], at: int) -> str:
        return re.sub(r"\d+", "0", lines[at].strip()) if lines else ""

    for at in (0, -1):
        keys = [key(lines, at) for lines in split]
        for number, lines in enumerate(split):
            if len(pages) > 2 and lines and keys[number] and keys.count(keys[number]) > len(pages) / 2:
                del lines[at]
    return ["\n".join(lines) for lines in split]


def _mended(pages: list[str]) -> list[str]:
    """Pages with the sentence that goes on over the page's end put whole on the page where it begins."""
    for number in range(len(pages) - 1):
        here, there = pages[number].rstrip(), pages[number + 1].lstrip()
        end = re.search(r"[.!?](?=\s|$)|[。！？；]|\n\s*\n", there)
        goes_on = (
            re.match(r"[a-z\u3400-\u9fff]", there)
            and here
            and not here.endswith((".", "!", "?", "。", "！", "？", "；", ":", "："))
        )
        if goes_on and end and end.end() <= 400 and (there[0].isascii() or end[0] in "。！？；"):
            pages[number] = f"{here}\n{there[: end.end()]}"
            pages[number + 1] = there[end.end() :]
    return pages
