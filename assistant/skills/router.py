"""The router: one sentence goes through its stages in order, and the first that knows it answers.

1. stop: a stop word is heard before anything else; a question of ours is over with it.
2. question: what we asked in this talk waits for its answer (`questions`).
3. command: skills by their sentences; then skills that find theirs themselves (the home).
4. elsewhere: a command without a hand goes to another assistant, where there is one.
5. refusal: it is told what would connect it; it never reaches the model.
None of them: it is talk. Each stage is bounded: a text is at most `MAX_CHARACTERS` long, and no stage waits for anything.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from assistant.languages import language
from assistant.languages.home import home_texts
from assistant.protocols import Completeness
from assistant.protocols_hands import Hands
from assistant.protocols_skills import Doing, Instead, SkillCall, Talk
from assistant.settings_home import Home as HomeSettings
from assistant.skills.base import Finder, Registry, load_skills
from assistant.skills.elsewhere import ask
from assistant.skills.forms import bare_request, changes_nothing
from assistant.skills.home_grammar import INTENTS
from assistant.skills.home_panel import Panel
from assistant.skills.likely import MOST_LIKELY, always
from assistant.skills.pin import Pin
from assistant.skills.questions import Question, Questions
from assistant.skills.tables import QUESTIONS, TALK, Tables

__all__ = ["TALK", "SkillRouter", "make_router", "refusal"]

IsFact = Callable[[str, str], bool]
MAX_CHARACTERS = {"en": 200, "zh": 80}
"""A longer text is no command; matching it would take too long."""
GROUPS = (
    ("Climate", "climate"),
    ("Media", "media"),
    ("Volume", "media"),
    ("Timer", "timers"),
    ("List", "lists"),
    ("Broadcast", "broadcast"),
)
_MARKS = ".!?。！？"


def make_router(
    languages: Sequence[str],
    disabled: Sequence[str] = (),
    is_fact: IsFact = lambda _, __: False,
    hands: Hands | None = None,
    only: Sequence[str] = (),
    home: HomeSettings | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> "SkillRouter":
    """The router over all registered skills; `is_fact` (text, language) tells what is no command. Raises `ConfigError`.

    `home`: what its things are called; `clock`: seconds, by which our questions expire.
    """
    home = home or HomeSettings()
    registry = Registry(hands, Questions(clock, home.confirm_s), languages, home)
    return SkillRouter(load_skills(disabled, registry, only), languages, is_fact)


class SkillRouter:
    """Finds the skill that answers a sentence."""

    def __init__(self, registry: Registry, languages: Sequence[str], is_fact: IsFact = lambda _, __: False) -> None:
        self._registry, self._is_fact = registry, is_fact
        self._tables = {code: Tables(language(code), registry) for code in languages}
        self._finders: list[Finder] = [skill.finds for skill in registry.skills.values() if skill.finds is not None]
        self._always = {code: always(code, registry.skills) for code in languages}

    def match(self, text: str, talk: Talk) -> SkillCall | None:
        """The skill, or the refusal of a command without one; None for talk."""
        plain = text.strip().rstrip(_MARKS).strip()
        if talk.language not in self._tables or not 0 < len(plain) <= MAX_CHARACTERS[talk.language]:
            return None
        questions = self._registry.questions
        asked = questions.waiting(talk)
        call = self._match(plain, text, talk, asked)
        if call is None or asked is None or call.aside:
            return call
        run = call.run

        def answered() -> Doing | str:
            questions.over(talk.key)
            return run()

        return replace(call, run=answered)

    @property
    def pin(self) -> Pin:
        """What some actions ask for."""
        return self._registry.pin

    @property
    def panel(self) -> Panel | None:
        """The home on a panel; None: none is connected, or the skill is turned off."""
        return self._registry.panel if "home" in self._registry.skills else None

    def passed(self, key: str) -> None:
        """See `protocols_skills.Router.passed`."""
        self._registry.questions.over(key)

    def _match(self, plain: str, text: str, talk: Talk, asked: Question | None) -> SkillCall | None:
        """The first stage that takes the sentence."""
        tables = self._tables[talk.language]
        if (slots := tables.stop(plain)) is not None:
            return replace(self._skill("stop", {**slots, "asked": asked is not None}, talk), stage="stop")
        if asked is not None and (answer := asked.answer(text, talk)) is not None:
            return answer
        return self._command(plain, text, talk, tables) or self._refusal(plain, text, talk, tables)

    def _command(self, plain: str, text: str, talk: Talk, tables: Tables) -> SkillCall | None:
        """The skill whose command this is."""
        found = next((found for found in tables.skills(plain) if self._fits(*found, talk)), None)
        if found is not None:
            return self._skill(*found, talk)
        if self._is_fact(plain, talk.language):  # "my favourite colour is green" sets no light
            return None
        return next((call for finder in self._finders if (call := finder.match(text, talk)) is not None), None)

    def _refusal(self, plain: str, text: str, talk: Talk, tables: Tables) -> SkillCall | None:
        """What is said to a command that nothing carries out."""
        if self._is_fact(plain, talk.language):
            return None
        found = tables.command(plain)
        if found is None and (bare := bare_request(plain.lower(), home_texts(talk.language))) != plain.lower():
            found = tables.command(bare)  # "could you turn on the moon"
        if found is None:
            return None
        intent, words = found
        other = self._registry.hands.elsewhere
        may_act = intent in QUESTIONS or not changes_nothing(text, talk.language)  # nobody knows what it makes of "turn it on?"
        if other is not None and not talk.guest and may_act:
            return SkillCall(
                "elsewhere", {"intent": intent}, lambda: ask(other, text, talk), stage="elsewhere", why=intent, last=True
            )
        if intent in INTENTS and self._finders:
            return replace(self._finders[0].unknown(words, text, talk), last=True)
        reply = refusal(talk.language, intent)
        return SkillCall("no_hand", {"intent": intent}, lambda: reply, stage="refusal", why=intent, last=True)

    def _skill(self, name: str, slots: Mapping[str, Any], talk: Talk) -> SkillCall:
        skill = self._registry.skills[name]
        return SkillCall(name, slots, lambda: skill.handler(slots, talk), skill.private, why=name, aside=skill.aside)

    def _fits(self, name: str, slots: Mapping[str, Any], talk: Talk) -> bool:
        fits = self._registry.skills[name].fits
        return fits is None or fits(slots, talk)

    def completeness(self, text: str, code: str) -> Completeness:
        """See `protocols_skills.Router.completeness`: whole where no words are just any, or the skill knows that they are all."""
        plain = text.strip().rstrip(_MARKS).strip()
        tables = self._tables.get(code)
        if tables is None or not 0 < len(plain) <= MAX_CHARACTERS[code]:
            return "unknown"
        judged = tables.completeness(plain)
        return "whole" if judged == "unknown" and any(one.whole(plain, code) for one in self._finders) else judged

    def waits(self, key: str) -> bool:
        """See `protocols_skills.Router.waits`."""
        return self._registry.questions.waits(key)

    def instead(self, heard: Instead, text: str, talk: Talk) -> SkillCall | None:
        """See `protocols_skills.Router.instead`. What confirms something is never taken from what is only likely."""
        call = self.match(heard.text, talk)
        if call is None or call.last or call.certain:
            return None
        if heard.sure and (not changes_nothing(text, talk.language) or changes_nothing(heard.text, talk.language)):
            return replace(call, why=f"{call.why}, likely")
        texts = home_texts(talk.language)

        def answer(text: str, later: Talk) -> SkillCall | None:
            words = text.strip().rstrip(_MARKS).lower()
            if words in texts.no:
                return SkillCall("did_you_mean", {}, lambda: texts.declined, stage="question", why="no")
            return replace(call, stage="question", why="yes", certain=True) if words in texts.yes else None

        def ask_it() -> str:
            return self._registry.questions.ask(talk, texts.did_you_mean(heard.text), answer, (*texts.yes[:2], *texts.no[:2]))

        return SkillCall("did_you_mean", {}, ask_it, why="did you mean")

    def likely(self, key: str, code: str) -> Sequence[str]:
        """See `protocols_skills.Router.likely`: at most `MOST_LIKELY`; when full, the last of the home's are left out."""
        if code not in self._always:
            return ()
        ours = (sentence for finder in self._finders for sentence in finder.likely(code))
        every = dict.fromkeys((*self._registry.questions.options(key), *self._always[code], *ours))
        return tuple(every)[:MOST_LIKELY]

    def finder(self, name: str) -> Finder | None:
        """The skill of this name, where it finds its sentences itself."""
        skill = self._registry.skills.get(name)
        return skill.finds if skill is not None else None

    def job(self) -> Iterator[None] | None:
        """What a skill has to do in idle time; None: nothing."""
        return next((job for finder in self._finders if (job := finder.job()) is not None), None)


def refusal(code: str, intent: str) -> str:
    """What is said to a command that nothing carries out: it cannot be done yet, and what will connect it."""
    texts = language(code).texts
    group = QUESTIONS.get(intent) or next((group for part, group in GROUPS if part in intent), "home")
    return texts.cannot.format(what=texts.areas[group], section="home")
