"""A document's text cut into passages: by heading, paragraph and sentence; a sentence is never cut in its middle.

Pure functions on text. Markup is Markdown's (headings, lists, tables); HTML is turned into it before (`readers.py`). Lines that
were wrapped are joined again. A passage holds whole sentences of one section, each on its own line, and begins with the last
ones of the passage before it (`OVERLAP`). Sizes are widths: a Chinese character counts two and a half, as it says as much.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

SIZE = 480
"""Width of a passage: some 120 tokens."""
OVERLAP = 120
MOST_SENTENCE = 900
"""Width of a sentence; a longer one (no full stop anywhere) is parted at a comma or space."""
_CJK = re.compile(r"[\u3400-\u9fff]")
_ENDS = re.compile(r"""([.!?]["')\]]*)\s+(?=["'(\[]?[A-Z0-9\u3400-\u9fff]|[{<])|([。！？；][”’」』）]*)\s*(?=\S)""")
_SHORT = re.compile(
    r"(?:^|\s|\()(?:[A-Za-z]|e\.g|i\.e|etc|approx|no|nr|fig|vol|max|min|dr|mr|mrs|ms|prof|st|vs|tel)\.$", re.IGNORECASE
)
_ITEM = re.compile(r"^\s*(?:[-*+•·▪–]|\(?\d{1,2}[.)、]|[（(][一二三四五六七八九十]+[)）])\s*(?=\S)")
_NUMBERED = re.compile(r"^(?:第[一二三四五六七八九十百\d]+[章节条部]|[一二三四五六七八九十]+、|\d+(?:\.\d+)*[.、)]?\s)\s*\S")
_RUN_IN = 7
"""The level of a label inside a paragraph: below all headings."""
_FINAL = (".", "!", "?", "。", "！", "？", "；", ";", "：", ":", ",", "，")


@dataclass(frozen=True)
class Section:
    """A stretch of text under one heading, on one page."""

    text: str
    heading: str = ""
    """The headings above it, the outermost first, joined by " > "."""
    page: int = 0
    """From 1; 0: the document has none."""


@dataclass(frozen=True)
class Chunk:
    """A passage: sentences, one a line."""

    text: str
    heading: str = ""
    page: int = 0

    @property
    def sentences(self) -> list[str]:
        """Its sentences."""
        return self.text.split("\n")


def width(text: str) -> float:
    """How much a text says, in Latin characters."""
    return len(text) + 1.5 * len(_CJK.findall(text))


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph; what ends with an abbreviation goes on."""
    found: list[str] = []
    for part in _ENDS.sub(lambda end: f"{end[1] or end[2]}\n", " ".join(text.split())).split("\n"):
        if found and _SHORT.search(found[-1]):
            found[-1] += f" {part}"
        elif part:
            found.append(part)
    return [piece for sentence in found for piece in _parted(sentence)]


def _parted(sentence: str) -> Iterator[str]:
    """A sentence, in parts where it is too long to be one."""
    while width(sentence) > MOST_SENTENCE:
        most = MOST_SENTENCE * len(sentence) // round(width(sentence))
        cut = max(sentence.rfind(mark, most // 2, most) for mark in (" ", ",", "，", "、")) + 1
        yield sentence[: cut or most].strip()
        sentence = sentence[cut or most :].strip()
    if sentence:
        yield sentence


def chunks(sections: Iterable[Section]) -> Iterator[Chunk]:
    """The passages of a document."""
    for section in sections:
        held: list[str] = []
        fresh = False
        for sentence in section.text.split("\n"):
            if fresh and width(" ".join([*held, sentence])) > SIZE:
                yield Chunk("\n".join(held), section.heading, section.page)
                held, fresh = _tail(held), False
            held.append(sentence)
            fresh = True
        if fresh and any(held):
            yield Chunk("\n".join(held), section.heading, section.page)


def _tail(held: Sequence[str]) -> list[str]:
    """The last sentences, as many as may stand in the next passage too."""
    kept: list[str] = []
    for sentence in reversed(held):
        if width(" ".join([sentence, *kept])) > OVERLAP:
            break
        kept.insert(0, sentence)
    return kept


def sections(text: str, *, marked: bool = False, page: int = 0, above: Sequence[str] = ()) -> Iterator[Section]:
    """The sections of a text, each with its sentences one a line; `marked`: headings are Markdown's, else they are guessed.

    `above` are the headings in force where the text begins.
    """
    heads: list[str] = list(above)
    body: list[str] = []
    for block in _blocks(text.replace("\r\n", "\n").replace("\r", "\n"), marked):
        if isinstance(block, str):
            label, rest = _label(sentences(block))
            if not label:
                body += rest
                continue
            block = (_RUN_IN, label)
        else:
            rest = []
        if body:
            yield Section("\n".join(body), " > ".join(filter(None, heads)), page)
            body = []
        level, title = block
        heads = [*heads[: level - 1], *[""] * (level - 1 - len(heads)), title]
        body = rest
    if body:
        yield Section("\n".join(body), " > ".join(filter(None, heads)), page)


def _label(found: list[str]) -> tuple[str, list[str]]:
    """A paragraph's label and what follows it: "Sick leave. Whoever ...", "What does it cost? The first ..."."""
    first = found[0] if len(found) > 1 else ""
    words = first.split()
    asks = first.endswith(("?", "？")) and width(first) <= 100
    names = (
        0 < len(words) <= 3
        and first.endswith((".", ":"))
        and not _CJK.search(first)
        and not re.match(r"\d|(?:yes|no)\b", first, re.I)
    )
    return (first.rstrip(".:"), found[1:]) if asks or names else ("", found)


def last_heads(found: Sequence[Section]) -> list[str]:
    """The headings in force at the end of some sections."""
    return found[-1].heading.split(" > ") if found and found[-1].heading else []


def _blocks(text: str, marked: bool) -> Iterator[str | tuple[int, str]]:
    """Paragraphs and list items as text, headings as (level, title)."""
    lines = text.split("\n")
    paragraph: list[str] = []
    fenced = False
    for number, line in enumerate([*lines, ""]):
        plain = line.strip()
        following = lines[number + 1].strip() if number + 1 < len(lines) else ""
        if marked and plain.startswith(("```", "~~~")):
            fenced = not fenced
            plain = ""
        heading = None if fenced else _heading(plain, following, marked, alone=not paragraph)
        if not plain or heading or (marked and not fenced and re.fullmatch(r"[-=*_\s|:]{3,}", plain)):
            yield from _joined(paragraph)
            paragraph = []
            if heading:
                yield heading
            continue
        if fenced:
            yield plain
        elif marked and plain.startswith("|"):
            yield from _joined(paragraph)
            paragraph = []
            yield _row([cell.strip() for cell in _unmark(plain).strip("|").split("|")])
        elif _ITEM.match(line) and not (_NUMBERED.match(plain) and paragraph and _wrapped(paragraph)):
            yield from _joined(paragraph)
            paragraph = [_unmark(_bullet(plain)) if marked else _bullet(plain)]
        else:
            paragraph.append(_unmark(plain) if marked else plain)


def _bullet(line: str) -> str:
    """A list item without its bullet; a number stays, it may be asked for."""
    return re.sub(r"^\s*[-*+•·▪–]\s+", "", line)


def _heading(line: str, following: str, marked: bool, *, alone: bool) -> tuple[int, str] | None:
    if marked:
        found = re.match(r"(#{1,6})\s+(.*?)\s*#*$", line)
        if found:
            return len(found[1]), _unmark(found[2])
        if line and alone and re.fullmatch(r"=+|-{3,}", following) and not line.startswith("|"):
            return (1 if following[0] == "=" else 2), _unmark(line)
        return None
    if (
        not line
        or line.endswith(_FINAL)
        or width(line) > 70
        or re.match(r"^[-*+•·▪–]\s", line)
        or not re.search(r"[^\W\d_]", line)
    ):
        return None
    if alone and _NUMBERED.match(line) and following and not _NUMBERED.match(following):
        return 2, line
    if alone and not following and not re.match(r"^\d", line):
        return (1 if line.isupper() or _CJK.search(line) else 2), line
    return None


def _unmark(text: str) -> str:
    """Text without Markdown's emphasis, links and escapes."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"(\*\*|__|`+)(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<![\w*])\*(?=\S)([^*]+)(?<=\S)\*(?![\w*])", r"\1", text)
    return re.sub(r"\\([\\`*_{}\[\]()#+.!|-])", r"\1", text)


def _row(cells: Sequence[str]) -> str:
    """A table's row as a sentence: "Espresso: 0.60 euros"."""
    cells = [cell for cell in cells if cell]
    return f"{cells[0]}: {', '.join(cells[1:])}" if len(cells) > 1 else "".join(cells)


def _wrapped(lines: Sequence[str]) -> bool:
    """Whether the last line looks as if it was broken for want of room."""
    return width(lines[-1]) >= 50 and not lines[-1].endswith(_FINAL)


def _joined(lines: list[str]) -> Iterator[str]:
    """A paragraph's lines joined where they were wrapped; short lines (an address, a timetable) stay apart."""
    if not lines:
        return
    longest = max(width(line) for line in lines)
    whole = lines[0]
    for before, line in pairwise(lines):
        if (width(before) >= 0.7 * longest and longest >= 50) or (line[0].islower() and not before.endswith(_FINAL)):
            whole += "" if _CJK.match(line) and _CJK.match(whole[-1]) else "" if whole[-1] in "，。；：、！？" else " "
            whole += line
        else:
            yield whole
            whole = line
    yield whole
