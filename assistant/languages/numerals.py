"""Numbers in words, written in digits inside a sentence: "to twenty one and a half degrees" is "to 21.5 degrees"."""

import re
from functools import lru_cache

from assistant.languages.times import times

FEWEST_DIGITS, MOST_DIGITS = 4, 16
"""Of a PIN; what is said behind the most is none of it."""
MOST_WORDS = 8
"""A number of more words is none."""
_CHINESE = re.compile(
    r"[零〇一二两三四五六七八九十百千万]++(?:点[零〇一二三四五六七八九]++)?(?:(?=度半)|(?!个|[下点些会起样边半]))"
)
_HALF = {"half": 0.5, "quarter": 0.25}


@lru_cache(maxsize=256)
def in_digits(text: str, code: str) -> str:
    """The sentence, with digits for its number words; a language without rules of its own: as it is."""
    if code == "zh":
        return _CHINESE.sub(lambda found: _written(found[0], code), text).replace("度半", ".5度")
    return _words(text, code) if code == "en" else text


def _words(text: str, code: str) -> str:
    words, out, at = text.split(), [], 0
    while at < len(words):
        for length in range(min(MOST_WORDS, len(words) - at), 0, -1):
            part = words[at : at + length]
            if part[0] not in ("and", "a", "an") and (number := times(code).number(" ".join(part))) is not None:
                tail = words[at + length : at + length + 3]
                if len(tail) == 3 and tail[:2] == ["and", "a"] and tail[2] in _HALF:
                    out.append(f"{float(number) + _HALF[tail[2]]:g}")
                    length += 3
                else:
                    out.append(f"{number:f}")
                at += length
                break
        else:
            out.append(words[at])
            at += 1
    return " ".join(out)


def _written(word: str, code: str) -> str:
    number = times(code).number(word)
    return word if number is None else f"{number:f}"


def _as_counted(words: str, code: str) -> str:
    """Digits as they are said one by one: 幺, "oh", "double four"."""
    if code == "zh":
        return words.replace("幺", "一")
    return re.sub(r"\bdouble (\w+)", r"\1 \1", re.sub(r"\boh\b", "zero", words))


def digits_of(words: str, code: str) -> tuple[str, int]:
    """The digits that are said one by one or as numbers, and how many words are none."""
    digits, others = "", 0
    text = in_digits(_as_counted(words, code), code)
    for word in text.split() if code != "zh" else [text]:
        found = "".join(character for character in word if character.isdigit() and character.isascii())
        digits += found
        others += len([character for character in word if not character.isdigit()]) if code == "zh" else not found
    return digits[:MOST_DIGITS], others


def pin_of(words: str, code: str) -> str:
    """The digits of what may be a PIN: a whole one's, or fewer with no more other words than digits; "" for anything else."""
    digits, others = digits_of(words, code)
    return digits if len(digits) >= min(others, FEWEST_DIGITS) else ""
