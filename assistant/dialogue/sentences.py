"""Where a reply may be cut: the marks that end a sentence or part it, and the gaps between its words.

Rules
- Never inside a number (3.5), a time (9:20), an abbreviation (Dr., e.g., a.m.), an initial, an address, a tag, a link or a run
  of dots.
- A mark at the end of what has come so far ends nothing yet, since the next piece may go on. Chinese marks need no space behind
  them, only something else. A comma behind a word is not waited with, whatever comes: on a small board that is a token sooner.
"""

import re
from collections.abc import Iterator, Set

_AHEAD = 64
"""Characters before a mark that may say whether it ends a sentence."""
_NEVER = re.compile(r"dr|mr|mrs|ms|prof|st|mt|vs|e\.g|i\.e|approx|ca|cf|incl|dept|max|min").fullmatch
"""Abbreviations that end no sentence."""
_TITLE = re.compile("Gen|Lt|Capt|Sgt|Col|Maj|Rev|Gov|Sen|Hon|Pres").fullmatch
"""Likewise, with a capital."""
_BEFORE_NUMBER = re.compile(
    "nos?|nr|pp?|fig|vol|ch|sect?|ext|art|eq|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec",
).fullmatch
"""Abbreviations where a number follows."""
_BEFORE_SMALL = re.compile(
    r"etc|a\.m|p\.m|inc|ltd|co|jr|sr|est|ave|rd|blvd|mon|tues?|wed|thu|thurs?|fri|sat|sun",
).fullmatch
"""Abbreviations that end a sentence where a capital follows."""
_UNIT = re.compile("ft|in|oz|lbs?|yd|mi|hrs?|secs?|mins|sq|cu|gal|tsp|tbsp|pt|qt").fullmatch
"""Likewise, behind a number."""
_LETTERS = re.compile(r"(?:[a-z]{1,2}\.)+[a-z]{1,2}").fullmatch
"""Letters with full stops (U.S., Ph.D.): they end a sentence where a capital follows in a word that is no name."""
_NO_NAME = re.compile(
    "an?|and|as|at|but|for|he|her|his|i|if|in|its?|my|no|of|on|or|our|she|so|that|the|then|there|these|they|this|to|we|what|when|you|your",
).fullmatch
_SENTENCE_END = re.compile(
    r"(?<!\.)[.!?…]+[\"')\]”’*_]*(?=\s)|[ \t]*\n[ \t\n]*(?=\S)"
    r"|[。！？；]+[”’」』）]*(?=[^。！？；”’」』）])|[!?…]+(?=[\u4e00-\u9fff])"
)
_SOFT_END = re.compile(r"[,;:–—]+(?=\s)|[，、：](?=[^，、：\d])|[,;:](?=[\u4e00-\u9fff])|——|…+(?=[\u4e00-\u9fff])")
_COMMA = re.compile(r"(?<=[^\W\d_]{2})[,，]")
opens = re.compile(r"[*_`~\"“”‘’(（\[{<|/\\@]|(?<!\S)'").search
"""Something may be open from here on that a comma does not end: emphasis, a quotation, brackets, an address."""
_WHOLE = re.compile(
    r"</?[A-Za-z][A-Za-z0-9]*(?:\Z|>|[\s/][^<>\n]{0,120}(?:>|\Z))"
    r"|\[[^\[\]\n]{0,200}(?:\Z|\](?:\Z|\((?:[^()\n]|\([^()\n]{0,60}(?:\)|\Z)){0,300}(?:\)|\Z)))"
    r"|\[\s?\"[^\[\]\n]{0,200}\"\s?\]"
)
"""A tag, a link with its address, or a list of strings, as far as it is there."""
_PLAIN_WORD = re.compile(r"(?<!\S)(?!(?:of|to|and|or|by|per) )[^\W\d_](?:[^\W\d_]|['’])*[,;:]? |[\u4e00-\u9fff]{4}").search
_LONG_NUMBER = 24
"""Characters of a number, a date or a sum with its unit: behind so many all of it is there."""
_WIDE = re.compile(r"[\u2e80-\u9fff]").match
"""A letter of a script without spaces."""


def ends_sentence(text: str, following: str) -> bool:
    """Whether a sentence ends between a text and what follows it."""
    tail = text[-_AHEAD:]
    return (len(tail), True) in marks(tail + following)[0]


def whole_sentences(text: str) -> str:
    """What of a text that breaks off are whole sentences."""
    return text[: max((end for end, firm in marks(f"{text}\n")[0] if firm and end <= len(text)), default=0)]


def marks(text: str, opened: bool = False) -> tuple[list[tuple[int, bool]], bool]:
    """Where a clause may end, and whether a sentence does, in order, as far as is certain; and whether all of it is.

    `opened`: something may be open before the text that a comma does not end.
    """
    kept = _kept(text)
    found = [(match.end(), _sentence(text, match)) for match in _SENTENCE_END.finditer(text) if match.end() not in kept]
    unsure = next((end for end, firm in found if firm is None), len(text) + 1)
    firm = {end for end, firm in found if firm and end < unsure}
    soft = {match.end() for match in _SOFT_END.finditer(text) if match.end() < unsure}
    mark = opens(text)
    safe = 0 if opened else mark.start() if mark is not None else len(text)
    soft |= {match.end() for match in _COMMA.finditer(text, 0, safe) if match.end() < unsure}
    soft = {end for end in soft if end not in firm and end not in kept}
    return sorted([(end, True) for end in firm] + [(end, False) for end in soft]), unsure > len(text)


def _sentence(text: str, match: "re.Match[str]") -> bool | None:
    """Whether a mark ends a sentence: no full stop behind an abbreviation, an initial or a list's number; None: not yet known."""
    if not match[0].startswith(".") or match[0].startswith(".."):
        return True
    word = re.search(r"([\w.]+)$", text[: match.start()])
    if word is None:
        return True
    name = word[1].lower()
    if len(name) == 1 and name.isalpha():
        return name == "i" or text[: word.start()].rstrip(" ")[-1:].isdigit()  # an initial, or a unit behind its number
    if _NEVER(name) or _TITLE(word[1]):
        return False
    before = text[: word.start()]
    small = _BEFORE_SMALL(name) or (_UNIT(name) and before.rstrip(" ")[-1:].isdigit())
    letters = not small and (before[-1:] or " ") in " (\n" and _LETTERS(name)
    if small or letters or _BEFORE_NUMBER(name):
        rest = text[match.end() :].lstrip()
        if not rest or (letters and rest.isalpha()):
            return None
        if "\n" in text[match.end() : -len(rest)]:
            return True
        if small:
            return rest[0].isupper()
        return rest[0].isupper() and _NO_NAME(rest.split()[0].lower()) is not None if letters else not rest[0].isdigit()
    line = text[: match.start()].rsplit("\n", 1)[-1].strip()
    return not (name.isdigit() and name == line)


def gaps(text: str) -> Iterator[int]:
    """Where a word begins: behind a space, or beside a letter of a script without spaces."""
    kept = _kept(text)
    for at in range(1, len(text)):
        before, behind = text[at - 1], text[at]
        if at in kept:
            continue
        joined = before.isalnum() and behind.isalnum() and (_WIDE(before) or _WIDE(behind))
        if joined or before == " " != behind:
            yield at


def sure(text: str, at: int) -> bool:
    """Whether nothing that is still to come changes how the words around a gap are said: letters meet there, or enough has come.

    A number, a date or a sum may go on; but not behind a plain word, and not for long.
    """
    word = text[:at].rstrip(" ").rpartition(" ")[2]
    if text[at].isalpha() and (word if text[at - 1] == " " else word[-3:]).isalpha():
        return True
    behind = text[at:]
    return len(behind) >= _LONG_NUMBER or _PLAIN_WORD(behind) is not None


def may_go_on(text: str, at: int) -> bool:
    """Whether what stands before a gap may belong to what comes: a number to its unit, an abbreviation to its name."""
    before = text[:at].rstrip(" ")[-1:]
    return before.isdigit() or before == "."


def _kept(text: str) -> Set[int]:
    """Places inside what is whole, whose words may have marks that end nothing."""
    if "<" not in text and "[" not in text:
        return frozenset()
    return {at for found in _WHOLE.finditer(text) for at in range(found.start() + 1, found.end() + (found.end() == len(text)))}
