"""The home by voice: a sentence becomes actions on a connected home, and what is said comes from their receipts alone.

A question changes nothing, nor does "do not ...". What an action asks of whoever commands it (a yes, the PIN) is asked first.
Matching is in `home_grammar`, meaning in `home_plan`, words in `home_say`; here it is carried out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from assistant.languages import language
from assistant.languages.hands import hand_texts
from assistant.languages.home import HomeTexts, home_texts
from assistant.languages.numerals import pin_of
from assistant.protocols_home import Action, Entity, Home, Receipt
from assistant.protocols_skills import Doing, SkillCall, Talk
from assistant.settings_home import Home as HomeSettings
from assistant.skills import home_say
from assistant.skills.base import Registry, Skill
from assistant.skills.forms import bare_request, begins, is_question, without
from assistant.skills.home_grammar import HERE, QUESTIONS, Match, grammar_of
from assistant.skills.home_names import Found, Names, plain
from assistant.skills.home_panel import Panel
from assistant.skills.home_plan import Do, Plan, Planner, Say, Which, ask_of, rank
from assistant.skills.likely import home_sentences, options, yes_no
from assistant.skills.patterns import Name
from assistant.skills.pin import Pin
from assistant.skills.questions import Questions

MOST_WAIT_S = 30.0
"""Whatever the home promises, nobody waits longer for a receipt."""
LONGEST_ANSWER = 8
"""Words (Chinese: characters) of an answer to "which one"."""


def register(registry: Registry) -> None:
    """Add the skill; without a home it takes no sentence."""
    home = registry.hands.home
    if home is None:
        registry.register(Skill("home", lambda slots, talk: ""))
        return
    voice = HomeVoice(home, registry.home, registry.codes, registry.questions, registry.pin)
    registry.panel = Panel(home, voice.names, registry.codes)
    registry.register(Skill("home", lambda slots, talk: "", finds=voice))


class HomeVoice:
    """Finds what a sentence asks of the home. `match` and `job` belong to the brain's thread, `whole` to any."""

    def __init__(
        self,
        home: Home,
        settings: HomeSettings,
        codes: Sequence[str],
        questions: Questions,
        pin: Pin,
    ) -> None:
        self._home, self._questions, self._pin, self._clock = home, questions, pin, questions.clock
        self._grammars = {code: grammar_of(code) for code in codes}
        self._texts = {code: home_texts(code) for code in codes}
        self.names = Names(home, settings, codes, [thing for code in codes for thing in language(code).things])
        self._working = False
        self._here = plain(settings.area)
        self._likely: dict[str, tuple[str, ...]] = {}
        self._likely_of: int | None = None  # the version of the home that they are of
        self._planner = Planner(home, self.names, settings, self._answer)

    def job(self) -> Iterator[None] | None:
        """A background job that takes up what has changed at home; None when nothing has."""
        if self._working or not (self.names.stale or self._likely_of != self._home.version):
            return None

        def work() -> Iterator[None]:
            self._working = True
            try:
                yield from self.names.job()
                version = self._home.version
                for code in self._grammars:
                    self._likely[code] = yield from home_sentences(self.names, self._here, code)
                self._likely_of = version
            finally:
                self._working = False

        return work()

    def whole(self, text: str, code: str) -> bool:
        """Whether this is a whole command or question."""
        return code in self._grammars and any(match.literal for match in self._matches(plain(text), code))

    def likely(self, code: str) -> Sequence[str]:
        """Commands on what is there: see `skills/likely.py`."""
        return self._likely.get(code, ())

    def match(self, text: str, talk: Talk) -> SkillCall | None:
        """The call for these words as they were said, or None when they ask nothing of the home."""
        code = talk.language
        if code not in self._grammars:
            return None
        self.names.update()
        texts, words = self._texts[code], plain(text)
        found = self._matches(words, code) or self._matches(bare_request(words, texts), code)
        if begins(words, texts.negations):
            rest = without(words, texts.negations)
            if not found and any(match.intent not in QUESTIONS for match in self._matches(rest, code)):
                return self._call(talk, "forbidden", lambda: texts.changes_nothing)
        if is_question(text, code, texts):
            found = [match for match in found if match.intent in QUESTIONS]
            if not found:
                return self._asked_of_things(words, talk, texts)
        plan = self._planner.plan(words, code, texts, found)
        if plan is None and not begins(words, texts.negations):
            found, plan = self._together(bare_request(words, texts), code, texts)
        if plan is None:
            return None
        best = found[0]
        return self._call(talk, f"home {best.intent}", lambda: self._run(plan, talk, texts), _arguments(best, plan))

    def unknown(self, words: str, text: str, talk: Talk) -> SkillCall:
        """The refusal of a command on something that is not known: `words` are what it was called, "" when no one knows."""
        texts = self._texts[talk.language]
        words = without(plain(words), texts.articles)
        rooms = {key for room in _longest(self.names.rooms.inside(plain(text))) for key in room.ids}
        if not self.names.things:
            reply = texts.nothing_known
        elif len(rooms) > 1:
            reply = texts.contradiction([self.names.room(key).name for key in sorted(rooms)])
        else:
            names = [words] if words in self.names.called.names else self.names.called.near(words)
            near = [
                thing.name for name in names for one in self.names.called.names[name][:1] if (thing := self.names.things.get(one))
            ]
            reply = texts.cannot_with(near[0]) if near and names == [words] else texts.unknown(words, list(dict.fromkeys(near)))
        return self._call(talk, "home unknown", lambda: reply, stage="refusal")

    def understood(self, text: str, code: str) -> Match | None:
        """The best way to understand a sentence, whatever is there to carry it out."""
        texts, words = self._texts[code], plain(text)
        self.names.update()
        found = self._matches(words, code) or self._matches(bare_request(words, texts), code)
        return min(found, key=rank, default=None)

    # -- matching ------------------------------------------------------------------------------------------------

    def _matches(self, words: str, code: str) -> list[Match]:
        things = self.names.things
        called: dict[str, set[str]] = {}
        for found in (*self.names.called.inside(words), *self.names.short.inside(words)):
            called.setdefault(found.name, set()).update(thing.domain for one in found.ids if (thing := things.get(one)))
        return self._grammars[code].match(
            words,
            {
                "name": [Name(name, name, tuple(sorted(domains))) for name, domains in called.items()],
                "area": [Name(found.name, key) for found in self.names.rooms.inside(words) for key in found.ids],
                "floor": [Name(found.name, key) for found in self.names.storeys.inside(words) for key in found.ids],
            },
        )

    def _together(self, words: str, code: str, texts: HomeTexts) -> tuple[list[Match], Plan | None]:
        """Two things in one command, or two commands in one sentence: where both can be done, both are."""
        for parts in self._parts(words, texts):
            found = [[match for match in self._matches(part, code) if match.intent not in QUESTIONS] for part in parts]
            plans = [self._planner.plan(part, code, texts, some) for part, some in zip(parts, found, strict=True)]
            if all(isinstance(plan, Do) for plan in plans):
                return found[0], Do(tuple(action for plan in plans if isinstance(plan, Do) for action in plan.actions))
        return [], None

    def _parts(self, words: str, texts: HomeTexts) -> Iterator[tuple[str, str]]:
        """Two sentences for one: "turn A and B on" is "turn A on" and "turn B on"."""
        named = [one.name for one in (*self.names.called.inside(words), *self.names.short.inside(words))]
        for joint in texts.joints:
            left, found, right = words.partition(joint)
            if not found:
                continue
            yield left, right
            other = without(right, texts.articles)
            for one in sorted((name for name in named if left.endswith(name)), key=len, reverse=True)[:1]:
                for name in sorted((name for name in named if other.startswith(name)), key=len, reverse=True)[:1]:
                    rest = other.removeprefix(name)
                    yield left + rest, left.removesuffix(one) + name + rest

    def _asked_of_things(self, words: str, talk: Talk, texts: HomeTexts) -> SkillCall | None:
        """How the things are that a question names, where it asks for that: did you turn off the light."""
        if not any(word in (words if talk.language == "zh" else words.split()) for word in texts.state_words):
            return None
        ids = list(dict.fromkeys(one for found in _longest(self.names.called.inside(words)) for one in found.ids))[:5]
        things = [self.names.things[one] for one in ids if one in self.names.things]
        if not things:
            return None

        def reply() -> str:
            states = {thing.id: self._home.state(thing.id) for thing in things}
            return home_say.states_of(list(zip(things, self._planner.labels(things, texts), strict=True)), states, texts)

        return self._call(talk, "home asked", reply, {"things": [thing.id for thing in things]})

    def _answer(self, match: Match, things: Sequence[Entity], code: str) -> str:
        texts = self._texts[code]
        states = {thing.id: self._home.state(thing.id) for thing in things}
        area = str(match.slots.get("area", HERE))
        place = texts.inside(self.names.room(area).name) if area != HERE and area in self.names.areas else ""
        return home_say.answer(match, list(zip(things, self._planner.labels(things, texts), strict=True)), states, place, texts)

    # -- carrying out ----------------------------------------------------------------------------------------------

    def _call(
        self,
        talk: Talk,
        why: str,
        run: Callable[[], Doing | str],
        arguments: Mapping[str, Any] | None = None,
        stage: str = "command",
        private: bool = False,
        certain: bool = False,
    ) -> SkillCall:
        visitors = hand_texts(talk.language).not_for_visitors
        return SkillCall(
            "home", arguments or {}, run if not talk.guest else lambda: visitors, private, stage, why, certain=certain
        )

    def _run(self, plan: Plan, talk: Talk, texts: HomeTexts) -> Doing | str:
        if isinstance(plan, Say):
            return plan.text
        if isinstance(plan, Which):
            return self._questions.ask(talk, plan.text, lambda text, later: self._chosen(plan, text, later), options(plan))
        return self._when_allowed(plan, talk, texts)

    def _when_allowed(self, plan: Do, talk: Talk, texts: HomeTexts) -> Doing | str:
        """Do it at once, or ask for what it needs."""
        things = [(thing, action.verb) for action in plan.actions if (thing := self.names.things.get(action.entity))]
        needs = {ask_of(thing, verb, [*self._texts.values()]) for thing, verb in things}
        if "pin" in needs:
            if not self._pin.there:
                return texts.no_pin
            if locked := self._pin.locked_s():
                return texts.pin_locked(locked)
            return self._questions.ask(talk, texts.pin, lambda text, later: self._pin_said(plan, text, later))
        if "confirm" in needs:
            asked = self._shall_i(plan, texts)
            return self._questions.ask(talk, asked, lambda text, later: self._confirmed(plan, text, later), yes_no(texts))
        return self._do(plan, texts)

    def _shall_i(self, plan: Do, texts: HomeTexts) -> str:
        """Asks about those of the actions that want a yes."""
        wanted: dict[str, tuple[Action, list[Entity]]] = {}
        for action in plan.actions:
            thing = self.names.things.get(action.entity)
            if thing is not None and ask_of(thing, action.verb, [*self._texts.values()]) == "confirm":
                wanted.setdefault(action.verb, (action, []))[1].append(thing)
        return texts.joint.join(
            texts.shall_i(verb, first.values, self._planner.labels(things, texts), home_say.domain_of(things))
            for verb, (first, things) in wanted.items()
        )

    def _do(self, plan: Do, texts: HomeTexts) -> Doing:
        """Wait for the receipts, and say them."""
        known = [thing for action in plan.actions if (thing := self.names.things.get(action.entity))]
        things = {thing.id: (thing, label) for thing, label in zip(known, self._planner.labels(known, texts), strict=True)}
        pending, until = self._home.act(plan.actions), self._clock() + MOST_WAIT_S
        receipts: Sequence[Receipt] | None = None
        try:
            while (receipts := pending.receipts()) is None and self._clock() < until:
                yield
        finally:
            if receipts is None:
                pending.drop()
        return home_say.told(plan.actions, receipts or (), things, texts)

    # -- answers to our questions ------------------------------------------------------------------------------------

    def _chosen(self, plan: Which, text: str, talk: Talk) -> SkillCall | None:
        """Which of the options the words mean."""
        texts, words = self._texts[talk.language], plain(text)
        said = without(words, ("the", "in the", "in", "i mean", "i mean the", "that is the"))
        if words in texts.no:
            return self._call(talk, "no", lambda: texts.declined, stage="question")
        if words in texts.all_of_them:
            return self._call(talk, "all", lambda: self._run(plan.together, talk, texts), stage="question")
        place = next((place for place, names in enumerate(texts.ordinals) if words in names or said in names), None)
        count = len(plan.options)
        if place is not None and (place < count or place == len(texts.ordinals) - 1):
            option = plan.options[-1 if place == len(texts.ordinals) - 1 else place]
        else:
            found = [option for option in plan.options if said in option.words or words in option.words]
            if not found and any(match.literal for match in self._matches(words, talk.language)):
                return None  # a command of its own
            found = found or _meant(plan, words, talk.language)
            if len(found) != 1:
                return None
            option = found[0]
        return self._call(talk, "option", lambda: self._run(option.plan, talk, texts), stage="question")

    def _confirmed(self, plan: Do, text: str, talk: Talk) -> SkillCall | None:
        texts, words = self._texts[talk.language], plain(text)
        if words in texts.no:
            return self._call(talk, "no", lambda: texts.declined, stage="question")
        if words in texts.yes:
            return self._call(talk, "yes", lambda: self._do(plan, texts), {"things": _ids(plan)}, "question", certain=True)
        return None

    def _pin_said(self, plan: Do, text: str, talk: Talk) -> SkillCall | None:
        """Digits in words or figures; neither they nor what is said to them enters history."""
        texts, words = self._texts[talk.language], plain(text)
        if words in texts.no:
            return self._call(talk, "no", lambda: texts.declined, stage="question")
        digits = pin_of(words, talk.language)
        if not digits:
            return None

        def run() -> Doing | str:
            became = self._pin.check(digits)
            if became == "right":
                return self._do(plan, texts)
            if became == "locked":
                return texts.pin_locked(self._pin.locked_s())
            return self._questions.ask(talk, texts.pin_wrong, lambda text, later: self._pin_said(plan, text, later))

        return self._call(talk, "pin", run, stage="question", private=True, certain=True)


def _meant(plan: Which, words: str, code: str) -> "list[Any]":
    """The options whose own words, which no other has, stand in a short answer."""
    parts = list(words) if code == "zh" else words.split()
    if len(parts) > LONGEST_ANSWER:
        return []
    sets = [{part for name in option.words for part in (name if code == "zh" else name.split())} for option in plan.options]
    rated = []
    for place, own in enumerate(sets):
        others = set[str]().union(*(other for at, other in enumerate(sets) if at != place))
        rated.append(len((own - others) & set(parts)))
    best = max(rated, default=0)
    return [option for option, rate in zip(plan.options, rated, strict=True) if rate == best] if best else []


def _arguments(match: Match, plan: Plan) -> dict[str, Any]:
    """What a watcher is told of a call."""
    said = {key: value for key, value in match.slots.items() if value != HERE}
    return {"intent": match.intent, **said, **({"things": _ids(plan)} if isinstance(plan, Do) else {})}


def _ids(plan: Do) -> list[str]:
    return [action.entity for action in plan.actions[:10]]


def _longest(found: Sequence[Found]) -> list[Found]:
    """Without those that only stand inside a longer one."""
    return [one for one in found if not any(one.name != other.name and one.name in other.name for other in found)]
