"""Whether the words so far may be all: a sentence of ours is, one that waits for more is not, and of most one cannot tell.

"Turn on the kitchen light" and "stop" are whole; so is "yes" where a question of ours waits (else it begins a sentence as well).
"Set a timer for five" is open: with what could follow it is a sentence. So is what ends in a word that nobody ends with ("tell me
about the"), and what a skill knows to wait for more ("remind me in ten minutes": of what?). The lists stand in sentences.yaml.
Used by the ear at a pause of somebody who speaks; a match costs some 6 ms in English, 30 ms in Chinese, and each of the at most
`MOST_ENDS` ends that are tried behind a beginning costs one.
"""

from collections.abc import Iterator

from assistant.languages import own_sentences
from assistant.languages.home import home_texts
from assistant.protocols import Completeness
from assistant.protocols_skills import Router
from assistant.skills.forms import bare_request

MOST_ENDS = 6
"""Ends tried behind the words; those behind them in the lists are left out."""


class SentenceCompleteness:
    """See `protocols.Completeness`; call it with the words, their language, and whether a question of ours waits."""

    def __init__(self, router: Router) -> None:
        self._router = router

    def __call__(self, text: str, code: str, asked: bool = False) -> Completeness:
        """What the words so far are."""
        plain = text.strip().lower()
        own = own_sentences(code)
        if asked and plain in own.get("answers", ()):
            return "whole"
        if (judged := self._router.completeness(plain, code)) != "unknown":
            return judged
        endings: tuple[str, ...] = tuple(own.get("open_endings", ()))
        ends_open = plain.endswith(endings) if code == "zh" else plain.rpartition(" ")[2] in endings
        alone = self._bare(plain, code) in own.get("open_alone", ())
        if ends_open or alone or any(self._router.completeness(one, code) != "unknown" for one in self._longer(plain, code)):
            return "open"
        return "unknown"

    def _longer(self, plain: str, code: str) -> Iterator[str]:
        """What the words could become: with the ends of the longest beginning that they have."""
        table, bare = own_sentences(code).get("completions", {}), self._bare(plain, code)
        begin = max((one for one in table if bare.startswith(one)), key=len, default="")
        joint = "" if code == "zh" else " "
        yield from (f"{bare}{joint}{end}" for end in table.get(begin, ())[:MOST_ENDS])

    def _bare(self, plain: str, code: str) -> str:
        """Without the polite words before them."""
        bare = bare_request(plain, home_texts(code))
        return bare if plain.endswith(bare) else plain
