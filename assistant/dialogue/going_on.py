"""A long spoken reply stops at a sentence's end and offers to go on; what the user says to that is understood here.

The offer is ours, so the model never sees it: whoever wants more, in whatever words, asks it to go on where it stopped.
"""

from enum import Enum

from assistant.dialogue.sentences import ends_sentence
from assistant.languages import language, own_sentences

NEAR = 0.8
"""A sentence that ends this near to the limit is the last one."""
MOST = 2
"""A sentence that has not ended at so many times the limit is broken off."""
_MARKS = " \t\n.,!?;:。，！？；：、"


class Answer(Enum):
    """What a user wants."""

    MORE = "more"
    ENOUGH = "enough"


def long_enough(reply: str, following: str, tokens: int, limit: int) -> bool:
    """Whether a reply of so many tokens is to stop before the piece that follows; `limit` 0 is none."""
    if not limit or tokens < NEAR * limit or not following.strip():
        return False
    return tokens >= MOST * limit or ends_sentence(reply, following)


def understood(text: str, last_reply: str, code: str) -> Answer | None:
    """Whether the user wants to hear more of the last reply, or no more of it where that was offered; None: something else."""
    words = own_sentences(code).get("go_on", {})
    plain = text.strip(_MARKS).lower()
    for mark in _MARKS.strip():
        plain = plain.replace(mark, "")
    if not last_reply:
        return None
    if plain in words.get("ask", ()):
        return Answer.MORE
    if last_reply.rstrip().endswith(language(code).texts.go_on_offer):
        return Answer.MORE if plain in words.get("yes", ()) else Answer.ENOUGH if plain in words.get("no", ()) else None
    return None
