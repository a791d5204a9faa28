"""Whether the words so far may be all: a sentence of ours is, one that waits for more is not, and of most one cannot tell.

"Turn on the kitchen light" and "stop" are whole; so is "yes" where a question of ours waits (else it begins a sentence as well).
"Set a timer for five" is open: with what could follow it is a sentence. So is what ends in a word that nobody ends with ("tell me
about the"). The lists stand in the language's sentences.yaml.
Used by the ear at a pause of somebody who speaks; a match costs some 6 ms in English, 30 ms in Chinese.
"""

from collections.abc import Iterator

from assistant.languages import own_sentences
from assistant.protocols import Completeness
from assistant.protocols_skills import Router


class SentenceCompleteness:
    """See `protocols.Completeness`; call it with the words, their language, and whether a question of ours waits."""

    def __init__(self, router: Router) -> None:
        self._router = router

    def __call__(self, text: str, code: str, asked: bool = False) -> Completeness:
        """What the words so far are."""
        plain = text.strip().lower()
        own = own_sentences(code)
        answers = asked and plain in own.get("answers", ())
        if answers or self._router.whole(plain, code):
            return "whole"
        endings: tuple[str, ...] = tuple(own.get("open_endings", ()))
        ends_open = plain.endswith(endings) if code == "zh" else plain.rpartition(" ")[2] in endings
        if ends_open or any(self._router.whole(longer, code) for longer in self._longer(plain, code)):
            return "open"
        return "unknown"

    def _longer(self, plain: str, code: str) -> Iterator[str]:
        for begin, ends in own_sentences(code).get("completions", {}).items():
            if plain.startswith(begin):
                yield from (f"{plain}{end}" if code == "zh" else f"{plain} {end}" for end in ends)
