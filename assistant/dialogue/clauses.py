"""Clauses: the reply's text, cut while it streams into pieces that can be said on their own.

Rules
- A clause ends at the end of a sentence; the first one also at a comma or the like, so that speech begins early.
- Never inside a number (3.5), a time (9:20), an abbreviation (Dr., e.g., a.m.), an initial, an address or a run of dots.
- A mark at the end of what has come so far ends nothing yet, since the next piece may go on: the cuts do not depend on how the
  text was split into pieces. Chinese marks need no space behind them, only something that is no further mark.
- No clause is longer than `MAX_CHARACTERS`; a longer one is cut at its last space. All clauses joined are the text.
"""

import re

MAX_CHARACTERS = 200
_AHEAD = 64
"""Characters behind the longest clause that may say whether it ends there."""
MIN_FIRST = 12
"""Characters a first clause needs to be cut at a comma: a shorter one is over before the next is ready."""

_ABBREVIATIONS = frozenset(
    [
        "dr",
        "mr",
        "mrs",
        "ms",
        "prof",
        "st",
        "sr",
        "jr",
        "vs",
        "etc",
        "e.g",
        "i.e",
        "a.m",
        "p.m",
        "approx",
        "dept",
        "est",
        "fig",
        "inc",
        "ltd",
        "no",
        "nr",
        "vol",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
    ]
)
_SENTENCE_END = re.compile(r"(?<!\.)[.!?…]+[\"')\]”’]*(?=\s)|\n+(?=\S)|[。！？；]+[”’」』）]*(?=[^。！？；”’」』）])")
_SOFT_END = re.compile(r"[,;:–—](?=\s)|[，、：]")


class ClauseCutter:
    """Cuts one reply."""

    def __init__(self) -> None:
        self._text = ""
        self._first = True

    def push(self, text: str) -> list[str]:
        """Take the next piece; return the clauses that are complete."""
        self._text += text
        clauses = []
        while (end := self._end()) is not None:
            clauses.append(self._text[:end])
            self._text = self._text[end:]
            self._first = False
        return clauses

    def flush(self) -> list[str]:
        """What is left at the end of the reply."""
        rest, self._text = self._text, ""
        clauses = []
        while len(rest) > MAX_CHARACTERS:
            end = _last_space(rest)
            clauses.append(rest[:end])
            rest = rest[end:]
        return [*clauses, rest] if rest else clauses

    def _end(self) -> int | None:
        """Where the next clause ends, or None while that is open."""
        text = self._text[: MAX_CHARACTERS + _AHEAD]  # a whole page may come at once
        ends = (m.end() for m in _SENTENCE_END.finditer(text) if _ends(text, m))
        found = [end for end in ends if any(character.isalnum() for character in text[:end])]
        if self._first:
            found += [m.end() for m in _SOFT_END.finditer(text) if m.end() >= (4 if m[0] in "，、：" else MIN_FIRST)]
        end = min(found, default=None)
        if (end is None or end > MAX_CHARACTERS) and len(self._text) > MAX_CHARACTERS:
            return _last_space(self._text)
        return end


def _ends(text: str, match: "re.Match[str]") -> bool:
    """Whether a full stop ends a sentence: not behind an abbreviation, an initial or a list's number."""
    if not match[0].startswith(".") or match[0].startswith(".."):
        return True
    word = re.search(r"([\w.]+)$", text[: match.start()])
    if word is None:
        return True
    plain = word[1].lower()
    if plain in _ABBREVIATIONS or (len(plain) == 1 and plain.isalpha() and plain not in "i"):
        return False
    line = text[: match.start()].rsplit("\n", 1)[-1].strip()
    return not (plain.isdigit() and plain == line)


def _last_space(text: str) -> int:
    space = text.rfind(" ", 1, MAX_CHARACTERS)
    return space + 1 if space > 0 else MAX_CHARACTERS
