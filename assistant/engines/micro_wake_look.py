"""A second look at what a small wake network thinks likely: a Vosk recogniser that knows the phrase, phrases near it, and
"anything else" hears the last sound again, and goes on hearing until it has written the phrase or the time is up.

Rules
- One look at a time, `LOOK_S` of sound each, at most `LOOKS` begun in a minute: more are left out, and counted.
- The sound of before is caught up in slices, `SLICE_S` with each frame, so that no frame waits for all of it.
- What the network finds less likely than `ALONE_FROM` must come out of a pause: the phrase is the first that the look hears.
- Only the words so far are read. A recogniser with such a grammar may compute for seconds over its last word on an utterance
  (`Result`): it is never asked for one.
- When the phrase ended is told by another one beside it, which knows the phrase and "anything else" alone and so is soon done
  with its last word: what is said right behind the phrase is heard whole, and the phrase's own end is no word.
"""

import json
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from assistant.audio.format import RATE
from assistant.engines.vosk_model import EARLY_S, UNKNOWN, accept, final_words, is_dynamic, load, phrase_ends, recogniser, split

BEFORE_S, LOOK_S = 1.5, 0.9
"""Seconds of sound that are heard again; seconds from there on until a look is given up."""
SLICE_S = 0.3
SETTLED_S = 0.12
"""The phrase stands so long in the words so far: it is mostly written while its last sound is being said. It ended so long ago
where nothing tells it better."""
LOOKS = 30
"""Begun in a minute of sound. Talk begins 1 to 2; full: a network that thinks everything likely is on its own."""
ALONE_FROM = 0.3
"""A network's mean probability from which the phrase may stand behind other words."""
WEIGHT = 3
"""How often the phrase stands in the grammar, against once for each near it: docs/decisions/0022-wake-second-look.md."""
NEAR: Mapping[str, tuple[str, ...]] = {
    "okay_nabu": (
        *("okay now", "okay not", "okay no", "okay number", "okay maybe", "okay never", "okay my"),
        *("okay and", "okay but", "okay about", "okay book", "okay you"),
    ),
}
"""Word -> what people say that is like it. A word that is not here gets no second look: it was not measured."""


def look_for(word: str, folder: Path | None, likely_from: float) -> "Look | None":
    """The second look for a word, begun from a mean probability on; None where there is none for it, or the model in `folder`
    takes no grammar or lacks its words.

    Raises what `vosk_model.load` raises.
    """
    if word not in NEAR or folder is None or not is_dynamic(folder):
        return None
    model = load(folder)
    phrase = word.replace("_", " ")
    if model.vosk_model_find_word(UNKNOWN) < 0 or split(model, phrase)[1]:
        return None
    near = [other for other in NEAR[word] if not split(model, other)[1]]
    grammar = json.dumps([*[phrase] * WEIGHT, *near, UNKNOWN])
    alone = json.dumps([*[phrase] * WEIGHT, UNKNOWN])
    return Look(phrase, likely_from, lambda: recogniser(model, grammar), lambda: recogniser(model, alone, times=True))


class Look:
    """The second look for one phrase."""

    def __init__(self, phrase: str, likely_from: float, build: Callable[[], Any], timed: Callable[[], Any]) -> None:
        """`build` and `timed` make the recogniser that decides, and the one that tells when the phrase ended."""
        self._phrase, self._likely_from, self._build, self._build_timed = f" {phrase} ", likely_from, build, timed
        self._begun: deque[int] = deque(maxlen=LOOKS)  # when the last looks began, in samples
        self._now = 0  # samples heard
        self._before = bytearray()
        self.taken = self.left_out = 0
        """Looks begun, and those that were one too many."""
        self.drop()

    def drop(self) -> None:
        """Give up a look; the sound of before stays."""
        self._recognizer: Any = None
        self._timed: Any = None
        self._words: list[Mapping[str, Any]] = []  # of segments that `_timed` has ended; bounded by a look's sound
        self._heard = 0  # samples of it that both have heard
        self._waiting = b""
        self._left = self._stood = 0
        self._best = 0.0  # the highest probability in this look

    def forget(self) -> None:
        """Give up a look, and the sound of before."""
        self.drop()
        self._before.clear()

    def feed(self, frame: bytes, probability: float) -> bool:
        """Take sound, and how likely the network finds the phrase in it; True when the recogniser has heard it too: then ask
        `behind_s()` and forget."""
        self._now += len(frame) // 2
        self._before += frame
        del self._before[: -round(BEFORE_S * RATE) * 2]
        if self._recognizer is None:
            if probability <= self._likely_from or not self._allowed():
                return False
            self._recognizer, self._timed = self._build(), self._build_timed()
            self._waiting, self._left = bytes(self._before), round(LOOK_S * RATE)
        else:
            self._waiting += frame
        self._best = max(self._best, probability)
        slice_bytes = len(frame) + round(SLICE_S * RATE) * 2
        heard, self._waiting = self._waiting[:slice_bytes], self._waiting[slice_bytes:]
        accept(self._recognizer, heard)
        self._time(heard)
        text = f" {json.loads(self._recognizer.PartialResult()).get('partial', '')} "
        said = self._phrase in text if self._best > ALONE_FROM else text.startswith(self._phrase)
        self._stood = self._stood + len(frame) // 2 if said else 0
        self._left -= len(frame) // 2
        found = self._stood > SETTLED_S * RATE
        if self._left <= 0 and not found:
            self.drop()
        return found

    def behind_s(self) -> float | None:
        """Seconds of sound that have come since the phrase ended; None where no look is under way, or its end was not heard.

        Ends the look. What waits is heard at once: 1.5 s of sound at most, where it began in this frame.
        """
        if self._timed is None:
            return None
        self._time(self._waiting)
        ends = phrase_ends([*self._words, *final_words(self._timed)], self._phrase.strip())
        behind_s = max(0.0, self._heard / RATE - EARLY_S - ends[-1]) if ends else None
        self.drop()
        return behind_s

    def _time(self, heard: bytes) -> None:
        self._heard += len(heard) // 2
        if accept(self._timed, heard):
            self._words += json.loads(self._timed.Result()).get("result", [])

    def _allowed(self) -> bool:
        if len(self._begun) == LOOKS and self._now - self._begun[0] < 60 * RATE:
            self.left_out += 1
            return False
        self._begun.append(self._now)
        self.taken += 1
        return True
