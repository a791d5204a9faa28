"""Speak slower, faster, or as usual again, from now on.

"Slower" is said by whoever could not follow: the last reply is said again, slower, from its beginning, even where it was broken
off to say so, or nothing of it was heard; where it cannot go slower, that is said before it. "Faster" and "normal speed" are
said by whoever need not hear it again: a short sentence answers, and the last reply comes only where it was asked for ("say that
again faster"). A visitor is understood too, but it is not kept: it ends with the talk, however that ends, or at the next start.
A question of ours goes on waiting.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from assistant.languages import joined
from assistant.languages.hands import HandTexts, hand_texts
from assistant.protocols_hands import Tempo
from assistant.protocols_skills import Talk
from assistant.skills.base import Registry, Skill


def register(registry: Registry) -> None:
    """Add the skill."""
    registry.register(Skill("tempo", partial(_answer, registry.hands.tempo), aside=True))


def _answer(tempo: Tempo | None, slots: Mapping[str, Any], talk: Talk) -> str:
    texts, do = hand_texts(talk.language), str(slots["do"])
    if tempo is None:
        return texts.no_tempo
    turn = {"slower": tempo.slower, "faster": tempo.faster, "usual": tempo.usual}[do]
    became = do if turn(keep=not talk.guest) or do == "usual" else {"slower": "slowest", "faster": "fastest"}[do]
    again = _last(talk, texts) if do == "slower" or "again" in slots else ""
    if became == do:
        return again or texts.tempo_is[became]
    return joined((texts.tempo_is[became], again), talk.language)


def _last(talk: Talk, texts: HandTexts) -> str:
    """The last reply without what was said there of how slowly we speak."""
    reply = talk.last_written or talk.last_reply
    for said in texts.tempo_is.values():
        reply = reply.removeprefix(said).lstrip()
    return reply
