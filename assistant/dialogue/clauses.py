"""Clauses: the reply's text, cut while it streams into pieces that can be said on their own.

Rules
- A clause ends at the end of a sentence. Before that it ends at a comma or the like where waiting for the rest would let the
  loudspeaker run dry, or where more than `pace.CLAUSE_S` of sound would come together; without any mark, then, between words.
- Without a mark it ends only where that changes nothing of what is said: "30 November" is not "30" and "November", and a
  number, a date or a link stays whole however long it sounds. What a voice makes at a time is bounded by `breaths`.
- The first clause ends at the first mark where its sound covers the time until the one behind it can be heard.
- Never inside a number (3.5), a time (9:20), an abbreviation (Dr., e.g., a.m.), an initial, an address or a run of dots.
- A mark at the end of what has come so far ends nothing yet, since the next piece may go on: where time costs nothing, the cuts
  do not depend on how the text was split into pieces. Chinese marks need no space behind them, only something else. A comma
  behind a word is waited with by nobody, whatever comes: on a small board that is a token sooner.
- No clause is longer than `MAX_CHARACTERS`, and there something may be cut. All clauses joined are the text.
"""

import math
import re
from collections.abc import Iterable, Iterator

from assistant.dialogue.pace import Pace
from assistant.dialogue.spoken import spoken

MAX_CHARACTERS = 200
_AHEAD = 64
"""Characters behind the longest clause that may say whether it ends there."""
MIN_SOFT_S = 0.75
"""Sound that a clause needs to end at a comma: a shorter one is over before it is noticed."""
MARGIN_S = 0.15
"""Sound that is to be left when a clause is ready."""

_NEVER = frozenset(
    ["dr", "mr", "mrs", "ms", "prof", "st", "mt", "vs", "e.g", "i.e", "approx", "ca", "cf", "incl", "dept", "max", "min"]
)
"""Abbreviations that end no sentence."""
_BEFORE_NUMBER = frozenset(
    [
        "no",
        "nos",
        "nr",
        "p",
        "pp",
        "fig",
        "vol",
        "ch",
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
"""Abbreviations where a number follows."""
_BEFORE_SMALL = frozenset(["etc", "a.m", "p.m", "inc", "ltd", "co", "jr", "sr", "est", "ave", "rd", "blvd"])
"""Abbreviations that end a sentence where a capital follows."""
_SENTENCE_END = re.compile(
    r"(?<!\.)[.!?…]+[\"')\]”’*_]*(?=\s)|[ \t]*\n[ \t\n]*(?=\S)"
    r"|[。！？；]+[”’」』）]*(?=[^。！？；”’」』）])|[!?…]+(?=[\u4e00-\u9fff])"
)
_SOFT_END = re.compile(r"[,;:–—]+(?=\s)|[，、：](?=[^，、：\d])|[,;:](?=[\u4e00-\u9fff])|——|…+(?=[\u4e00-\u9fff])")
_COMMA = re.compile(r"(?<=[^\W\d_]{2})[,，]")
_OPEN = re.compile(r"[*_`~\"“”‘’(（\[{<|/\\@]|(?<!\S)'").search
"""Something may be open from here on that a comma does not end: emphasis, a quotation, brackets, an address."""
_SETTLED = 24
"""Characters behind a gap that say whether it parts a number, a date or a sum from its rest."""
_PLAIN = frozenset(" ,'’，。、？！；：“”")
_WIDE = re.compile(r"[\u2e80-\u9fff]").match
"""A letter of a script without spaces."""


class ClauseCutter:
    """Cuts one reply, at a voice's pace."""

    def __init__(self, pace: Pace | None = None) -> None:
        self._pace = pace or Pace()
        self._text = ""
        self._first, self._whole = True, False
        self._open = False
        """Something may be open in what was taken of the sentence."""

    def push(self, text: str) -> None:
        """Take the next piece."""
        self._text += text

    def close(self) -> None:
        """The reply is whole: what is left is not waited for."""
        self._whole = True

    def left(self) -> float:
        """Letters that are written and not taken."""
        return self._pace.weight(self._text[:MAX_CHARACTERS])

    def take(self, buffered_s: float = math.inf) -> str | None:
        """The next clause, if it is to be said now; `buffered_s` of sound are still to be played."""
        end = self._end(buffered_s) if self._text else None
        if end is None:
            return None
        clause, self._text = self._text[:end], self._text[end:]
        self._open = (self._open or _OPEN(clause) is not None) and not ends_sentence(clause, self._text[:_AHEAD] or "\n")
        self._first = False
        return clause

    def _end(self, buffered_s: float) -> int | None:
        longest = self._pace.longest(self._text, MAX_CHARACTERS)
        text = self._text[: longest + _AHEAD]  # a whole page may come at once
        over = len(text) > longest
        found, sure = _ends(text, self._open)
        if over and not (sure or self._whole) and len(text) < longest + _AHEAD:
            return None
        ends = [(end, firm) for end, firm in found if end <= longest and self._long_enough(text[:end], firm)]
        if self._whole and not over:
            ends = [end for end in ends if end[0] < len(text)] + [(len(text), True)]
        end = self._cover(text, ends) if self._first else self._longest_in_time(text, ends, buffered_s, wait=not over)
        if end is None and over:
            end = max((end for end, _ in ends), default=None) or self._between_words(longest)
        return end

    def _between_words(self, longest: int) -> int | None:
        """The last place in time, else the first behind it, where a cut changes nothing of what is said; None: not yet known."""
        text = self._text[: MAX_CHARACTERS + _AHEAD]
        most = min(len(text), MAX_CHARACTERS)
        marks = [end for end, _ in _ends(text, self._open)[0] if end <= most]
        known = len(text) if self._whole else max(marks, default=0)
        gaps = [at for at in _gaps(text[: most + 1]) if "[" not in text[:at].rpartition("]")[2]]  # not in a link's words
        plain = {at: _plain(text, at, whole=at < known) for at in gaps}
        inside = sorted((at for at in plain if at <= longest), key=lambda at: (not plain[at], _may_go_on(text, at), -at))
        if any(plain[at] is None for at in inside):
            return None
        for at in (*inside, *sorted(at for at in {*plain, *marks} if at > longest)):
            if not (at < known or at in marks or plain[at] or len(text) - at >= _SETTLED):
                break
            if _says_the_same(text, at, self._pace.code):
                return at
        return most if self._whole or len(text) > most else None

    def _long_enough(self, clause: str, firm: bool) -> bool:
        if not any(map(str.isalnum, clause)):
            return False
        return firm or self._pace.weight(clause) * self._pace.sound_s >= MIN_SOFT_S

    def _cover(self, text: str, ends: list[tuple[int, bool]]) -> int | None:
        """The first end whose sound lasts until the clause behind it is written and begun."""
        for end, _ in ends:
            sound_s, behind = self._pace.weight(text[:end]) * self._pace.sound_s, self._pace.weight(text[end:])
            if self._pace.covers(sound_s, behind, behind if self._whole else math.inf):
                return end
        return ends[-1][0] if self._whole and ends else None

    def _longest_in_time(self, text: str, ends: list[tuple[int, bool]], buffered_s: float, *, wait: bool) -> int | None:
        """The longest clause of one sentence that is ready before the sound runs out; None: there is time to wait for more."""
        pace, left = self._pace, buffered_s - MARGIN_S
        firm = next((end for end, firm in ends if firm), None)
        known = [end for end, _ in ends if firm is None or end <= firm]
        if not known:
            return None
        if firm is None and wait:
            weight = pace.weight(text)
            more = max(pace.measure.phrase - pace.weight(text[known[-1] :]), pace.measure.phrase / 4)
            if more * pace.write_s + (weight + more) * pace.begin_s <= left:
                return None
        return max((end for end in known if pace.weight(text[:end]) * pace.begin_s <= left), default=known[0])


def ends_sentence(text: str, following: str) -> bool:
    """Whether a sentence ends between a text and what follows it."""
    tail = text[-_AHEAD:]
    return (len(tail), True) in _ends(tail + following)[0]


def whole_sentences(text: str) -> str:
    """What of a text that breaks off are whole sentences."""
    return text[: max((end for end, firm in _ends(f"{text}\n")[0] if firm and end <= len(text)), default=0)]


def _ends(text: str, opened: bool = False) -> tuple[list[tuple[int, bool]], bool]:
    """Where a clause may end, and whether a sentence does, in order, as far as is certain; and whether all of it is.

    `opened`: something may be open before the text that a comma does not end.
    """
    found = [(match.end(), _sentence(text, match)) for match in _SENTENCE_END.finditer(text)]
    unsure = next((end for end, firm in found if firm is None), len(text) + 1)
    firm = {end for end, firm in found if firm and end < unsure}
    soft = {match.end() for match in _SOFT_END.finditer(text) if match.end() < unsure}
    mark = _OPEN(text)
    plain = 0 if opened else mark.start() if mark is not None else len(text)
    soft |= {match.end() for match in _COMMA.finditer(text, 0, plain) if match.end() < unsure}
    soft -= firm
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
    if name in _NEVER:
        return False
    if name in _BEFORE_NUMBER or name in _BEFORE_SMALL:
        rest = text[match.end() :].lstrip()
        if not rest:
            return None
        return not rest[0].isdigit() if name in _BEFORE_NUMBER else rest[0].isupper() or "\n" in text[match.end() : -len(rest)]
    line = text[: match.start()].rsplit("\n", 1)[-1].strip()
    return not (name.isdigit() and name == line)


def breaths(said: str, pace: Pace) -> Iterator[str]:
    """What a voice is given of a clause's spoken form at a time: all of it, or parts that sound for `pace.CLAUSE_S` at most."""
    while (longest := pace.longest(said, MAX_CHARACTERS)) < len(said):
        ends = [match.end() for match in _SOFT_END.finditer(said) if match.end() <= longest]
        end = max(ends, default=0) or max((at for at in _gaps(said) if at <= longest), default=longest)
        yield said[:end]
        said = said[end:]
    yield said


def _gaps(text: str) -> Iterable[int]:
    """Where a word begins: behind a space, or beside a letter of a script without spaces."""
    for at in range(1, len(text)):
        before, behind = text[at - 1], text[at]
        if before == " " != behind:
            yield at
        elif before.isalnum() and behind.isalnum() and (_WIDE(before) or _WIDE(behind)):
            yield at


def _plain(text: str, at: int, *, whole: bool) -> bool | None:
    """Whether there are but letters around a gap, so that nothing that is still to come changes how they are said; None: not yet known.

    `whole`: the words behind it are whole.
    """
    before, behind = text[:at].rstrip(" "), text[at:]
    spaced = text[at - 1] == " "
    around = before.rpartition(" ")[2] + behind.partition(" ")[0] if spaced else before[-3:] + behind[:2]
    if not all(character.isalpha() or character in _PLAIN for character in around):
        return False
    return True if whole or (" " in behind if spaced else len(behind) > 1) else None


def _may_go_on(text: str, at: int) -> bool:
    """Whether what stands before a gap may belong to what comes: a number to its unit, an abbreviation to its name."""
    before = text[:at].rstrip(" ")[-1:]
    return before.isdigit() or before == "."


def _says_the_same(text: str, at: int, code: str) -> bool:
    """Whether the words that are said of a text are the same when it is cut here."""
    parts = _words(spoken(text[:at], code)) + _words(spoken(text[at:], code))
    return parts == _words(spoken(text, code))


def _words(said: str) -> str:
    return "".join(filter(str.isalnum, said))
