"""Markup: what is written for the eye and not said. Links keep their words, a bare address its host, tables their cells.

A line that ends without a mark gets the pause that its end is for the eye. Code fences and JSON that run over several clauses
are dropped by `spoken.SpokenForm`. Every repeat is bounded: a hostile page costs no more than its length.
"""

import re
import unicodedata

from assistant.languages.spelling import Match, apply, rule

_EMOJI = r"[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u23e9-\u23fa\ufe0e\ufe0f\u200d\u20e3\u2122\u00a9\u00ae]"
_HOST = r"(?:[A-Za-z0-9_-]{1,63}\.){1,8}[A-Za-z0-9-]{1,63}"
_JOINTS = " .,;:!?-–—~…，。！？；：、"

_INLINE = (
    rule(r"[0-9#*]\ufe0f?\u20e3", ""),
    rule(_EMOJI, ""),
    rule(r"!\[([^\[\]\n]{0,300})\]\([^()\s]{0,300}(?:\s[^()\n]{0,100})?\)", r"\1"),
    rule(r"\[([^\[\]\n]{0,300})\]\([^()\s]{0,200}(?:\([^()\s]{0,50}\)[^()\s]{0,50})?(?:\s[^()\n]{0,100})?\)", r"\1"),
    rule(r"\[\^?\d{1,3}\](?!\()", ""),  # a footnote's mark
    rule(r"\[\s?\"[^\[\]\n]{0,200}\"\s?\]", ""),  # JSON's strings
    rule(rf"<?(?<![A-Za-z0-9])(?:https?|ftp)://(?:[^\s/@<>]{{1,60}}@)?(?:www\.)?({_HOST}|localhost)(:\d{{1,5}})?(?:[/?#][^\s<>，。！？；、）)]{{0,500}})?>?",
         lambda m: _host(m) + _mark(m[0])),
    rule(rf"(?<![A-Za-z0-9])www\.({_HOST})()(?:[/?#][^\s<>，。！？；、）)]{{0,500}})?", lambda m: _host(m) + _mark(m[0])),
    rule(r"(?<![A-Za-z0-9_@./-])((?:[A-Za-z0-9-]{1,63}\.){1,4}(?:com|org|net|io|cn|de|dev|ai|uk|eu|gov|edu|info))()/[^\s<>，。！？；、）)]{0,300}",
         lambda m: _host(m) + _mark(m[0])),
    rule(r"<!--[^<>]{0,500}-->|</?[A-Za-z][^<>\n]{0,120}>", ""),
    rule(r"&(?:nbsp|ensp|emsp);", " "),
    rule(r"&amp;", "&"),
    rule(r"&lt;", "<"),
    rule(r"&gt;", ">"),
    rule(r"&quot;|&#39;", ""),
    rule(r"`{1,3}([^`\n]{0,400})`{1,3}", r"\1"),
    rule(r"\*{2,3}(?=\S)|(?<=\S)\*{2,3}|~~|__(?=\w)|(?<=\w)__", ""),
    rule(r"(?<![\w*])\*(?=[^\s*])|(?<=[^\s*])\*(?![\w*])|(?<!\w)_(?=\w)|(?<=\w)_(?!\w)", ""),
    rule(r"(?<=[\w.])\*(?=[A-Za-z\u4e00-\u9fff])|(?<=[A-Za-z\u4e00-\u9fff])\*(?=\w)", ""),
)  # fmt: skip
_LINE_START = re.compile(r"[ \t]{0,40}(?:(?:#{1,6}|>|[-*+] \[[ xX]\]|[-*+•‣◦]|\d{1,2}[.)])[ \t]{1,10}){1,4}|[ \t]{0,40}•")
_HEADING = re.compile(r"[ \t]{0,40}#{1,6}[ \t]")
_LIST = re.compile(r"[ \t]{0,40}(?:[-*+•‣◦]|\d{1,2}[.)])[ \t]|[ \t]{0,40}[|•]")
_RULE = re.compile(r"[ \t|:=*_-]{0,400}")


def plain(text: str, comma: str, stop: str) -> str:
    """The text without marks, in one line; lines that were items or headings end with a comma or a full stop."""
    text = _digits(text)
    said, last = "", False  # last: the line before was an item
    after_heading = False
    for raw in text.split("\n"):
        if len(raw) <= 400 and _RULE.fullmatch(raw) and any(mark in raw for mark in ("--", "==", "**", "__", "|")):
            continue
        item, heading = bool(_LIST.match(raw)), bool(_HEADING.match(raw))
        line = raw[start.end() :] if (start := _LINE_START.match(raw)) else raw
        line = apply(_INLINE, line)
        line = _cells(line, comma) if "|" in line else line
        line = " ".join(line.split())
        if not line:
            after_heading = after_heading or bool(said)  # an empty line is a pause too
            continue
        if said and said[-1] not in _JOINTS:
            said += stop if after_heading or heading else comma if item or last else " "
        said += ("" if not said or said[-1].isspace() or not said[-1].isascii() else " ") + line
        last, after_heading = item, heading
    return said


def json_end(text: str, depth: int, quoted: bool = False) -> tuple[str, int, bool]:
    """The text without JSON objects; how many braces stay open at its end, and whether a string does.

    `depth` braces are open at its beginning, and a string if it is `quoted`.
    """
    if depth == 0 and "{" not in text:
        return text, 0, False
    kept: list[str] = []
    escaped = False
    for at, character in enumerate(text):
        if depth and text.startswith("\n\n", at):  # it was none: what follows is said again
            depth, quoted = 0, False
        elif quoted:
            quoted = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == "{" and (depth or text[at + 1 : at + 80].lstrip()[:1] in ('"', "'", "}", "{") or at == len(text) - 1):
            depth += 1
        elif depth:
            depth -= character == "}"
            quoted = character == '"' and depth > 0
        else:
            kept.append(character)
    return "".join(kept), depth, quoted


def _digits(text: str) -> str:
    """Digits of all scripts as 0 to 9, ½ as 1/2, ² as ^2; Chinese numerals stay."""
    if text.isascii():
        return text
    out: list[str] = []
    for character in text:
        if character.isascii() or not character.isnumeric() or "CJK" in unicodedata.name(character, "") or character in "零〇":
            out.append(character)
        elif character.isdecimal():
            out.append(str(unicodedata.decimal(character)))
        elif "SUPERSCRIPT" in unicodedata.name(character, ""):
            out.append(f"^{unicodedata.digit(character)}")
        else:
            written = unicodedata.normalize("NFKC", character).replace("\u2044", "/")
            out.append((" " if "/" in written and out and out[-1].isdigit() else "") + written)
    return "".join(out)


def _host(match: Match) -> str:
    return match[1] + (match[2] or "")


def _mark(address: str) -> str:
    """The sentence's own mark behind an address."""
    bare = address.rstrip(">")
    return bare[-1] if bare[-1] in ".,;:!?" and not address.endswith(">") else ""


def _cells(line: str, comma: str) -> str:
    return comma.join(cell for part in line.split("|") if (cell := part.strip()))
