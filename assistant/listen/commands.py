"""Likely commands, heard by a second session of the same recogniser on the same frames, whose grammar they are.

Rules
- The open transcript is what was said. A likely command beside it is only offered to the turn (`TurnRequest.instead`), which asks
  the router: words that are a command or an answer stand, whatever was heard beside them.
- It is offered when the second session heard one of its sentences and nothing else, is sure of each word, and the open
  transcript is near it: few letters differ, and they are so few that talk about anything else is not near.
- Where the open session is sure of the words that differ, or more differ, it is not taken but asked.
- Where the recogniser obeys no grammar, or nothing is likely, there is no second session.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

from assistant.protocols import SpokenWord, Transcriber, TranscriptionSession
from assistant.protocols_skills import Instead

SURE = 0.7
"""Every word of the command is at least so sure."""
DOUBTED = 0.9
"""A word of the open transcript that is surer is what was said."""
NEAR, ASKED = 0.25, 0.34
"""Letters that differ, of those of the longer one: at most so many of a command that is taken, and of one that is asked."""


class CoupledSession:
    """See `protocols.TranscriptionSession`: the open session, and a second one beside it."""

    def __init__(self, transcriber: Transcriber, likely: Sequence[str]) -> None:
        """`likely`: whole sentences as the recogniser writes them, small letters and no marks."""
        self._open = transcriber.session()
        self._likely = frozenset(likely)
        self._listed: TranscriptionSession | None = transcriber.session(likely) if likely and transcriber.takes_grammar else None
        self._so_far = ""
        self.instead: Instead | None = None
        """What may have been said in place of the words; None before `finish()`."""

    @property
    def words(self) -> Sequence[SpokenWord]:
        """Those of the open session."""
        return self._open.words

    @property
    def unknown(self) -> int:
        """Those of the open session."""
        return self._open.unknown

    def feed(self, pcm: bytes) -> str:
        """Take sound; the open session's words so far."""
        if self._listed is not None:
            self._so_far = self._listed.feed(pcm)
        return self._open.feed(pcm)

    def finish(self) -> str:
        """End the utterance; the open session's words."""
        text = self._open.finish()
        if self._listed is not None and self.instead is None and self._may_end_likely(self._listed):
            heard = self._listed.finish()
            if heard in self._likely and not self._listed.unknown and _all_sure(self._listed.words):
                self.instead = compare(text, self._open.words, heard, text in self._likely)
        return text

    def _may_end_likely(self, listed: TranscriptionSession) -> bool:
        """Whether its words so far begin a likely sentence: where they are "anything else" its last word may take seconds."""
        return not listed.unknown and any(sentence.startswith(self._so_far) for sentence in self._likely)


def compare(text: str, words: Sequence[SpokenWord], heard: str, likely: bool = False) -> Instead | None:
    """Whether a likely command may have been said in place of a text, which is `likely` itself; `words`: the text's."""
    if not text or text == heard:
        return None
    far = distance(text.replace(" ", ""), heard.replace(" ", "")) / max(len(text.replace(" ", "")), len(heard.replace(" ", "")))
    if far > ASKED:
        return None
    sure = far <= NEAR and doubted(words, heard)
    return Instead(heard, sure, sure and likely)


def doubted(words: Sequence[SpokenWord], heard: str) -> bool:
    """Whether the open session is unsure where the command differs; where it only lacks words, one cannot tell."""
    parts = [(part, word.confidence) for word in words for part in _parts(word.word)]
    blocks = SequenceMatcher(None, [part for part, _ in parts], _parts(heard), autojunk=False).get_matching_blocks()
    same = {at for block in blocks for at in range(block.a, block.a + block.size)}
    return all(sure < DOUBTED for at, (_, sure) in enumerate(parts) if at not in same)


def distance(one: str, other: str) -> int:
    """Letters to be changed, put in or left out to make one of the other."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row[0] = row[0], at
        for place, there in enumerate(other, 1):
            before, row[place] = row[place], min(before + (letter != there), row[place] + 1, row[place - 1] + 1)
    return row[-1]


def _parts(text: str) -> Sequence[str]:
    """Words, or in Chinese characters."""
    return list(text) if text[:1] >= "\u4e00" else text.split()


def _all_sure(words: Sequence[SpokenWord]) -> bool:
    return bool(words) and min(word.confidence for word in words) >= SURE
