"""Pronunciations: the CMU pronouncing dictionary as the wheel of pocketsphinx carries it, and a few words of our own.

Rules: a pronunciation is a tuple of ARPAbet phones without stress; a word has one to three of them.
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

Pronunciation = tuple[str, ...]

_OWN = {
    "nabu": "N AA B UW", "mycroft": "M AY K R AO F T", "alexa": "AH L EH K S AH", "turquoise": "T ER K W OY Z",
    "tv": "T IY V IY", "okay": "OW K EY", "ok": "OW K EY", "playlist": "P L EY L IH S T", "podcast": "P AA D K AE S T",
    "doorbell": "D AO R B EH L", "brighten": "B R AY T AH N", "unmute": "AH N M Y UW T", "unpause": "AH N P AO Z",
    "celsius": "S EH L S IY AH S", "dimmer": "D IH M ER", "humidifier": "HH Y UW M IH D AH F AY ER", "luna": "L UW N AH",
    "milo": "M AY L OW", "spotlight": "S P AA T L AY T", "playroom": "P L EY R UW M", "skylight": "S K AY L AY T",
    "unlocked": "AH N L AA K T", "unlock": "AH N L AA K", "mower": "M OW ER", "shampoo": "SH AE M P UW", "hey": "HH EY",
}  # fmt: skip
_MOST = 3


@lru_cache(maxsize=1)
def dictionary() -> dict[str, tuple[Pronunciation, ...]]:
    """Every word of the dictionary with its pronunciations, most usual first."""
    import pocketsphinx

    found: dict[str, list[Pronunciation]] = {}
    path = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"))
    for line in path.read_text(encoding="utf-8").splitlines():
        head, *phones = line.split()
        found.setdefault(head.partition("(")[0], []).append(tuple(phones))
    for word, phones_of_word in _OWN.items():
        found[word] = [tuple(phones_of_word.split()), *found.get(word, [])]
    return {word: tuple(dict.fromkeys(several))[:_MOST] for word, several in found.items()}


def known(phrases: Iterable[str]) -> list[str]:
    """Those of the phrases that the dictionary has every word of."""
    words = dictionary()
    return [phrase for phrase in phrases if all(word in words for word in phrase.split())]
