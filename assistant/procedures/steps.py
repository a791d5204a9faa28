"""A procedure out of a Markdown file: its heading is its name, the items of its numbered lists are its steps.

Rules
- Numbered lists at the margin are the procedure; numbers go on from list to list. What stands inside an item belongs to its step:
  further paragraphs, and lists in it as sentences.
- A heading between lists names the part that follows; a paragraph or a quotation between lists (a warning, say) is read before
  the next step; what stands before the first list is the introduction.
- "Also called: ..." (又名：...) in the introduction gives more names, with commas between.
- Code, pictures and HTML are left out. Whatever is too long is refused, never cut: half a step may be worse than none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import AssistantError

if TYPE_CHECKING:
    from markdown_it.token import Token

MOST_BYTES, MOST_STEPS, MOST_CHARACTERS, MOST_NAME = 256 * 1024, 200, 800, 60
"""Of a file; of a procedure; of a step with what is read before it; of a name."""
_ALSO = re.compile(r"(?:also called|also known as|又名|又称|别名)\s*[:：]\s*(.+?)[.。]?$", re.IGNORECASE)
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_ENDS = ".!?:;。！？：；…"


class BadProcedure(AssistantError):
    """A file that is no procedure; the message says what is wrong with it."""

    code = "procedure"
    exit_code = 2


@dataclass(frozen=True)
class Step:
    """One step."""

    text: str
    """Sentences, in one line."""
    part: str = ""
    """The heading above it, at the first step below that; else ""."""


@dataclass(frozen=True)
class Procedure:
    """A procedure."""

    name: str
    aliases: tuple[str, ...]
    intro: str
    steps: tuple[Step, ...]

    def called(self) -> tuple[str, ...]:
        """Its names."""
        return (self.name, *self.aliases)


@dataclass(frozen=True)
class Place:
    """How far a talk has come."""

    procedure: Procedure
    step: int
    """From 0."""
    touched: float
    """Seconds since 1970."""


def read(text: str, name: str) -> Procedure:
    """The procedure in a file's text; `name` where it has no heading, and another name of it. Raises `BadProcedure`."""
    from markdown_it import MarkdownIt

    if len(text.encode(errors="replace")) > MOST_BYTES:
        raise BadProcedure(f"it is larger than {MOST_BYTES // 1024} KB; split it")
    tokens = MarkdownIt("commonmark").parse(text)
    title = part = ""
    intro: list[str] = []
    steps: list[Step] = []
    before: list[str] = []
    aliases = [name]
    at = 0
    while at < len(tokens):
        token, end = tokens[at], _end(tokens, at)
        if token.type == "heading_open":
            said = _joined(tokens[at:end])
            if not title and not steps:
                title = said
            else:
                part = said
        elif token.type == "ordered_list_open":
            for item in _items(tokens, at, end):
                said = " ".join([*before, _sentences(item)]).strip()
                if not said:
                    continue
                if len(said) > MOST_CHARACTERS:
                    raise BadProcedure(f"step {len(steps) + 1} has more than {MOST_CHARACTERS} characters; split it")
                steps.append(Step(said, part))
                before, part = [], ""
        elif token.type in ("paragraph_open", "blockquote_open", "bullet_list_open"):
            said = _sentences(tokens[at:end])
            if not steps and (also := _ALSO.match(said)):
                aliases += [one.strip() for one in re.split(r"[,，、]", also[1]) if one.strip()]
            elif steps:
                before.append(said)
            else:
                intro.append(said)
        at = end
    if not steps:
        raise BadProcedure("it has no numbered list at the margin (1. ..., 2. ...), so it has no steps")
    if len(steps) > MOST_STEPS:
        raise BadProcedure(f"it has {len(steps)} steps, and may have {MOST_STEPS}; split it")
    if before:  # behind the last list: part of its last step
        last = steps.pop()
        steps.append(Step(" ".join([last.text, *before]), last.part))
    if max(map(len, (steps[-1].text, " ".join(intro)))) > MOST_CHARACTERS:
        raise BadProcedure(f"what stands before or behind its steps has more than {MOST_CHARACTERS} characters; shorten it")
    title = title or name[:1].upper() + name[1:]
    if any(len(one) > MOST_NAME for one in (title, *aliases)):
        raise BadProcedure(f"its name has more than {MOST_NAME} characters; shorten the heading")
    others = tuple(one for one in dict.fromkeys(aliases) if plain(one) != plain(title))
    return Procedure(title, others, " ".join(intro), tuple(steps))


def plain(name: str) -> str:
    """A name as it may be said: small letters, single spaces, no marks."""
    return " ".join(re.sub(r"[^\w\s]|_", " ", name.lower()).split())


def _end(tokens: "list[Token]", at: int) -> int:
    """Where the block that begins here ends."""
    depth = 0
    for end in range(at, len(tokens)):
        depth += tokens[end].nesting
        if depth <= 0:
            return end + 1
    return len(tokens)


def _items(tokens: "list[Token]", start: int, end: int) -> "Iterator[list[Token]]":
    at = start + 1
    while at < end - 1:
        stop = _end(tokens, at)
        yield tokens[at:stop]
        at = stop


def _sentences(tokens: "list[Token]") -> str:
    """The text of paragraphs and items, each ended by a mark."""
    parts = []
    for token in tokens:
        said = _inline(token)
        if said:
            full = "。" if _CHINESE.search(said) else "."
            said = said[:1].upper() + said[1:]
            parts.append(said if said[-1] in _ENDS else said + full)
    return " ".join(parts)


def _joined(tokens: "list[Token]") -> str:
    return " ".join(filter(None, map(_inline, tokens)))


def _inline(token: "Token") -> str:
    """The words of a run of text, without marks."""
    if token.type != "inline":
        return ""
    words = "".join(
        child.content if child.type in ("text", "code_inline") else " " if child.type in ("softbreak", "hardbreak") else ""
        for child in token.children or ()
    )
    return " ".join(words.split())
