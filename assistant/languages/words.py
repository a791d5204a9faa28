"""Where the words of a text stand: a Chinese character is one, otherwise what lies between spaces and marks."""

import re

_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+(?:['’][^\W_\u3400-\u9fff]+)*")


def word_spans(text: str) -> list[tuple[int, int]]:
    """The first character of each word and the one behind it."""
    return [match.span() for match in _WORD.finditer(text)]


def plain_words(text: str) -> list[str]:
    """The words, as they are compared."""
    return [text[start:end].casefold().replace("’", "'") for start, end in word_spans(text)]
