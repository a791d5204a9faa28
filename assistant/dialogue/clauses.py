"""Clauses: the reply's text, cut while it streams into pieces that can be said on their own.

Rules
- A clause ends at the end of a sentence. Before that it ends at a comma or the like where waiting for the rest would let the
  loudspeaker run dry, or where more than `pace.CLAUSE_S` of sound would come together; without any mark, then, between words.
- Without a mark it ends only where that changes nothing of what is said: "30 November" is not "30" and "November", and a
  number, a date or a link stays whole however long it sounds. What a voice makes at a time is bounded by `breath_groups`.
- The first clause ends at the first mark where its sound covers the time until the one behind it can be heard.
- Where time costs nothing, the cuts do not depend on how the text was split into pieces.
- No clause is longer than `MAX_CHARACTERS`, and there something may be cut. All clauses joined are the text.
"""

import math
from collections.abc import Iterator

from assistant.dialogue.pace import Pace
from assistant.dialogue.sentences import ends_sentence, gaps, marks, may_go_on, opens, sure
from assistant.dialogue.spoken import spoken

MAX_CHARACTERS = 200
_AHEAD = 64
"""Characters behind the longest clause that may say whether it ends there."""
MIN_SOFT_S = 0.75
"""Sound that a clause needs to end at a comma: a shorter one is over before it is noticed."""
MARGIN_S = 0.15
"""Sound that is to be left when a clause is ready."""


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
        self._open = (self._open or opens(clause) is not None) and not ends_sentence(clause, self._text[:_AHEAD] or "\n")
        self._first = False
        return clause

    def _end(self, buffered_s: float) -> int | None:
        longest = self._pace.longest(self._text, MAX_CHARACTERS)
        text = self._text[: longest + _AHEAD]  # a whole page may come at once
        over = len(text) > longest
        found, certain = marks(text, self._open)
        if over and not (certain or self._whole) and len(text) < longest + _AHEAD:
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
        ends = {end for end, _ in marks(text, self._open)[0] if end <= most}
        known = len(text) if self._whole else max(ends, default=0)
        places = {*gaps(text[: most + 1]), *ends}
        inside = sorted((at for at in places if at <= longest), key=lambda at: (may_go_on(text, at), -at))
        said = ""  # of all of it; not needed while nothing is sure
        for at in (*inside, *sorted(at for at in places if at > longest)):
            if not (at < known or at in ends or sure(text, at)):
                break
            said = said or self._letters(text)
            if self._letters(text[:at]) + self._letters(text[at:]) == said:
                return at
        return most if self._whole or len(text) > most else None

    def _letters(self, text: str) -> str:
        """The letters of what is said of a text."""
        return "".join(filter(str.isalnum, spoken(text, self._pace.code)))

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


def breath_groups(said: str, pace: Pace) -> Iterator[str]:
    """What a voice is given of a clause's spoken form at a time: all of it, or parts that sound for `pace.CLAUSE_S` at most."""
    while (longest := pace.longest(said, MAX_CHARACTERS)) < len(said):
        ends = [end for end, _ in marks(said)[0] if end <= longest] or [at for at in gaps(said) if at <= longest]
        end = max(ends, default=longest)
        yield said[:end]
        said = said[end:]
    yield said
