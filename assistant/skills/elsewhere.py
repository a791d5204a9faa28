"""A command that no skill of ours knows, put to another assistant (`protocols_home.Elsewhere`); its answer is what is said.

It did it, or it told what was asked: its own words are said. It did not: its own words, or ours where it has none. A command that
got no answer may have been carried out all the same, and that is what is said.
"""

from assistant.languages.links import link_texts
from assistant.protocols_home import Elsewhere
from assistant.protocols_skills import Doing, Talk

OURS = {"away", "timeout", "rejected", "busy", "lost", "malformed", "too_long", "partly", "failed"}
"""Errors that are told in our words; with partly and failed its `speech` holds names."""


def ask(elsewhere: Elsewhere, text: str, talk: Talk) -> Doing:
    """Ask it, and wait for what it says; a stop gives it up."""
    asked = elsewhere.ask(text, talk.language)
    try:
        while (answer := asked.answer()) is None:
            yield
    finally:
        asked.drop()
    if answer.kind == "error" and (answer.error in OURS or not answer.speech):
        return link_texts(talk.language).elsewhere(answer.error, answer.speech)
    return answer.speech or link_texts(talk.language).elsewhere("malformed", "")
