"""What of somebody's words so far may be evaluated while they go on: what two partials in a row agree on, but the last word.

Chinese words are not set apart: there it is characters, and the last word is `CHINESE_WORD` of them.
"""

import re
from itertools import takewhile

CHINESE_WORD = 2
_CHINESE = "\u3400-\u9fff"
_PIECE = re.compile(rf"\s*(?:[{_CHINESE}]|[^\s{_CHINESE}]+)")


def stable_words(before: str, now: str) -> str:
    """The stable part of the words `now`, given the partial before."""
    old, new = _PIECE.findall(before), _PIECE.findall(now)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    last = CHINESE_WORD if new and re.match(f"[{_CHINESE}]", new[-1].strip()) else 1
    return "".join(new[: max(0, min(same, len(new) - last))])
