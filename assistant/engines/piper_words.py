"""Which of Piper's phonemes end which word of a text.

espeak-ng joins words ("of the") and takes some apart, so the two are matched where they can be: word by word when there are as
many of both, else phrase by phrase, neighbours together so that the lengths are alike.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from assistant.languages.words import word_spans

_MARKS = frozenset(",.;:!?")
_BREAK = re.compile(r"[,.;:!?，。；：！？、…](?=\s|$|[\u3400-\u9fff])")
Place = tuple[int, int]
"""A sentence, and how many of its phonemes."""
Word = list[Place]
"""The places behind each of its phonemes."""


def word_ends(text: str, sentences: Sequence[Sequence[str]]) -> list[list[tuple[int, int]]]:
    """For each sentence (how many phonemes, how many characters of the text have been said by then), in order."""
    phrases = _phoneme_phrases(sentences)
    spoken = [word for phrase in phrases for word in phrase]
    found: list[list[tuple[int, int]]] = [[] for _ in sentences]
    for (sentence, phonemes), end in _matched(_text_phrases(text), phrases, spoken):
        found[sentence].append((phonemes, end))
    return found


def _matched(
    written: Sequence[Sequence[tuple[int, int]]], phrases: Sequence[Sequence[Word]], spoken: Sequence[Word]
) -> Iterator[tuple[Place, int]]:
    words = [word for phrase in written for word in phrase]
    if len(written) == len(phrases) and len(words) != len(spoken):
        for phrase, sounds in zip(written, phrases, strict=True):
            yield from _spread(phrase, sounds)
    else:
        yield from _spread(words, spoken)


def _spread(words: Sequence[tuple[int, int]], sounds: Sequence[Word]) -> Iterator[tuple[Place, int]]:
    """One for one; where there are more of one, neighbours together, and by the letters within a sound of several words."""
    if not words or not sounds:
        return
    letters, lengths = [end - start for start, end in words], [len(sound) for sound in sounds]
    if len(words) <= len(sounds):
        for (_, end), last in zip(words, _grouped(lengths, letters), strict=True):
            yield sounds[last - 1][-1], end
        return
    first = 0
    for sound, last in zip(sounds, _grouped(letters, lengths), strict=True):
        whole, done = sum(letters[first:last]), 0
        for at in range(first, last):
            done += letters[at]
            yield sound[-(-len(sound) * done // whole) - 1], words[at][1]
        first = last


def _grouped(many: Sequence[int], few: Sequence[int]) -> list[int]:
    """`many` lengths in as many groups of neighbours as there are `few`, as alike in length as can be: where each group ends."""
    scale = sum(few) / sum(many)
    until = [0, *accumulate(many)]
    best: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
    for number, length in enumerate(few, 1):
        rest = len(few) - number
        best = {
            end: min(
                (cost + (scale * (until[end] - until[start]) - length) ** 2, [*ends, end])
                for start, (cost, ends) in best.items()
                if start < end
            )
            for end in (range(number, len(many) - rest + 1) if rest else [len(many)])
        }
    return best[len(many)][1]


def _text_phrases(text: str) -> list[list[tuple[int, int]]]:
    phrases: list[list[tuple[int, int]]] = [[]]
    at = 0
    for start, end in word_spans(text):
        if phrases[-1] and _BREAK.search(text, at, start + 1):
            phrases.append([])
        phrases[-1].append((start, end))
        at = end
    return [phrase for phrase in phrases if phrase]


def _phoneme_phrases(sentences: Sequence[Sequence[str]]) -> list[list[Word]]:
    phrases: list[list[Word]] = []
    for number, sentence in enumerate(sentences):
        phrase: list[Word] = []
        word: Word = []
        for at, phoneme in enumerate(sentence):
            # "ts." is one sound: a mark has a space or the end behind it
            mark = phoneme in _MARKS and (at + 1 == len(sentence) or sentence[at + 1] == " ")
            if not (mark or phoneme == " "):
                word.append((number, at + 1))
                continue
            if word:
                phrase.append(word)
                word = []
            if mark and phrase:
                phrases.append(phrase)
                phrase = []
        if word:
            phrase.append(word)
        if phrase:
            phrases.append(phrase)
    return phrases
