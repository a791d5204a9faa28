# ruff: noqa: E501 (tables)
"""Conversations in which facts are told and asked for later, and facts that stand in the memory or recall blocks."""

from dataclasses import dataclass

from assistant.dialogue.prompt import Memory
from scripts.training import llm_talk as talk
from scripts.training import llm_values as values
from scripts.training import llm_words as words
from scripts.training.llm_facts_text import Kind
from scripts.training.llm_facts_wide import EN, ZH
from scripts.training.llm_grammar import Ctx, answer, capital, fill, say
from scripts.training.llm_values import Value

_KINDS = (
    ["name"] * 5
    + ["favourite"] * 4
    + ["code"] * 2
    + ["person"] * 4
    + ["city", "city", "job", "age", "object", "object", "objects", "event", "event", "my", "my", "my"]
)


NEAR = 3
"""A fact asked at most so many turns later counts as near ..."""
FAR = 12
"""... and one asked so many turns later or more as far."""


@dataclass(frozen=True)
class Fact:
    """Something the user told."""

    kind: Kind
    key: str
    value: Value

    def slots(self, old: Value | None = None) -> dict[str, str]:
        """What fills a user's phrase."""
        plain = self.key.removeprefix("最喜欢的").removeprefix("favourite ").removeprefix("favorite ")
        return {"k": self.key, "f": plain, "v": self.value.said, "o": (old or self.value).said}

    def written(self) -> dict[str, str]:
        """What fills a reply."""
        return {"k": self.key.replace("favorite", "favourite"), "v": self.value.written}


def key(ctx: Ctx, kind: str) -> str:
    """What a fact is about: the thing, the relative, the kind of favourite."""
    rng, zh = ctx.rng, ctx.language == "zh"
    if kind == "favourite":
        if rng.random() < 0.15:
            return ("最喜欢的" if zh else "favourite ") + values.made(ctx)
        return (
            ("最喜欢的" + rng.choice(list(words.ZH_FAVOURITES)))
            if zh
            else rng.choice(["favourite ", "favourite ", "favorite "]) + rng.choice(list(words.FAVOURITES))
        )
    lists = {
        "my": words.ZH_THINGS if zh else words.THINGS, "code": words.ZH_CODES if zh else words.CODES, "object": words.ZH_OBJECTS if zh else words.OBJECTS,
        "objects": words.PLURALS, "event": words.ZH_EVENTS if zh else words.EVENTS,
        "person": (words.ZH_RELATIVES + words.ZH_PETS * 2) if zh else (words.RELATIVES + words.PETS * 2),
    }  # fmt: skip
    if kind not in lists:
        return ""
    if kind in ("my", "object", "event") and rng.random() < 0.25:
        return values.made(ctx)
    return rng.choice(lists[kind])


def value(ctx: Ctx, kind: str, about: str) -> Value:
    """A value that fits."""
    rng, zh = ctx.rng, ctx.language == "zh"
    if kind in ("name", "person"):
        return values.person(ctx)
    if kind == "city":
        return values.proper(ctx, words.ZH_CITIES if zh else words.CITIES, 0.5)
    if kind == "job":
        return values.word(ctx, words.ZH_JOBS if zh else words.JOBS)
    if kind == "age":
        return values.number(ctx, 5, 99)
    if kind == "code":
        return values.code(ctx) if rng.random() < 0.8 else values.word(ctx, words.OBJECTS if not zh else words.ZH_OBJECTS, 0.8)
    if kind in ("object", "objects"):
        return values.place(ctx)
    if kind == "event":
        return values.clock(ctx)
    if kind == "favourite":
        known = (
            words.ZH_FAVOURITES.get(about.removeprefix("最喜欢的"), words.ZH_FOODS)
            if zh
            else words.FAVOURITES.get(about.split(" ", 1)[1], words.FOODS)
        )
        first = values.word(ctx, [item.lower() for item in known])
        if not zh and rng.random() < 0.08:
            second = values.word(ctx, words.COLOURS)
            return Value(f"{first.said} {second.said}", f"{first.written} {second.written}")
        return first
    dice = rng.random()
    if dice < 0.2:
        return values.code(ctx)
    if dice < 0.4:
        return values.proper(ctx, words.ZH_NAMES if zh else words.EN_NAMES, 0.8) if not zh else values.person(ctx)
    return values.word(ctx, words.ZH_OBJECTS if zh else words.OBJECTS, 0.7)


def facts(ctx: Ctx, count: int) -> list[Fact]:
    """Facts about different things."""
    table = ZH if ctx.language == "zh" else EN
    found: list[Fact] = []
    seen: set[tuple[str, str]] = set()
    while len(found) < count:
        kind = ctx.rng.choice(_KINDS)
        if kind not in table:
            continue
        about = key(ctx, kind)
        mark = ("", about.replace("favorite", "favourite")) if about else (kind, "")
        if mark not in seen:
            seen.add(mark)
            found.append(Fact(table[kind], about, value(ctx, kind, about)))
    return found


def _check(ctx: Ctx, skill: str, *wanted: str) -> talk.Check | None:
    return talk.Check(skill, "contains", tuple(wanted)) if ctx.new_phrases or ctx.new_values else None


def _ask(ctx: Ctx, fact: Fact, skill: str) -> talk.Turns:
    reply = answer(ctx, [fact.kind.answer], fact.written())
    return [
        talk.Turn("user", say(ctx, fact.kind.ask, fact.slots())),
        talk.Turn("reply", reply, check=_check(ctx, skill, fact.value.written)),
    ]


def _ask_untold(ctx: Ctx, fact: Fact) -> talk.Turns:
    reply = answer(ctx, [fact.kind.untold], fact.written())
    return [
        talk.Turn("user", say(ctx, fact.kind.ask, fact.slots())),
        talk.Turn("reply", reply, check=_check(ctx, "untold", reply)),
    ]


def _tell(ctx: Ctx, fact: Fact, old: Value | None = None) -> talk.Turns:
    user = say(ctx, fact.kind.correct if old else fact.kind.tell, fact.slots(old))
    return [talk.Turn("user", user), talk.Turn("reply", answer(ctx, fact.kind.ack, fact.written()))]


def _tell_both(ctx: Ctx, first: Fact, second: Fact) -> talk.Turns:
    """Two facts in one breath."""
    zh = ctx.language == "zh"
    one, two = (say(ctx, fact.kind.tell, fact.slots(), dress=False) for fact in (first, second))
    joints = (["", "，", "还有"] if zh else [" and ", " and ", " ", " also "]) if ctx.speech else ["" if zh else " "]
    clauses = [fill(fact.kind.answer, fact.written()).rstrip("。.") for fact in (first, second)]
    head = ctx.rng.choice(["好的，", "记住了，", ""] if zh else ["okay, ", "noted, ", "I will remember that ", ""])
    reply = capital(head + ("，" if zh else " and ").join(clauses) + ("。" if zh else "."))
    return [talk.Turn("user", one + ctx.rng.choice(joints) + two), talk.Turn("reply", reply)]


def _alike(ctx: Ctx, items: list[Fact]) -> Fact | None:
    """A fact of the kind of one that was told, about something else: the hardest to know as untold."""
    table = ZH if ctx.language == "zh" else EN
    keyed = [item for item in items if item.key]
    if not keyed:
        return None
    chosen = ctx.rng.choice(keyed)
    name = next(name for name, kind in table.items() if kind is chosen.kind)
    told_of = {item.key.replace("favorite", "favourite") for item in items}
    for _ in range(20):
        about = key(ctx, name)
        if about.replace("favorite", "favourite") not in told_of:
            return Fact(chosen.kind, about, chosen.value)
    return None


def across(ctx: Ctx, other: Ctx) -> tuple[talk.Turns, talk.Turns]:
    """A fact told in one language and asked in the other."""
    name = ctx.rng.choice(["name", "name", "city"])
    first, second = (ZH, EN) if ctx.language == "zh" else (EN, ZH)
    fact = Fact(first[name], "", value(ctx, name, ""))
    return _tell(ctx, fact), _ask(other, Fact(second[name], "", fact.value), "told")


def _between(ctx: Ctx, who: talk.Persona, turns: talk.Turns, chance: float, most: int) -> None:
    rng = ctx.rng
    plain = Ctx(rng, ctx.language, speech=ctx.speech, pieces=ctx.pieces)
    count = 0
    while count < most and rng.random() < chance:
        count += 1
        dice = rng.random()
        if dice < 0.48:
            turns += talk.small_talk(plain, who)
        elif dice < 0.7:
            turns += talk.skill(plain)
        elif dice < 0.8:
            turns += talk.unknown(plain, who)
        elif dice < 0.85:
            turns += talk.control(plain, who)
        else:
            turns += talk.known(plain, who)


def distance_skill(turns_later: int) -> str:
    """The skill that a question so many turns after the fact belongs to."""
    return "told" if turns_later <= NEAR else ("told_far" if turns_later >= FAR else "")


def told(ctx: Ctx, who: talk.Persona, short: bool) -> talk.Turns:
    """Facts told, perhaps corrected, other talk between, every fact asked in any order; often one that was never told."""
    rng = ctx.rng
    far = not short and rng.random() < 0.15
    count = 1 if short else rng.choice([1, 1, 2] if far else [1, 1, 2, 2, 2, 3, 3, 4])
    items = facts(ctx, count + 1)
    untold, items = items[-1], items[:-1]
    if rng.random() < 0.35:
        untold = _alike(ctx, items) or untold
    turns: talk.Turns = []
    when: dict[int, int] = {}
    both = not short and len(items) > 1 and rng.random() < 0.2
    for number, item in enumerate(items):
        if both and number < 2:
            turns += _tell_both(ctx, items[0], items[1]) if number else []
            when[number] = 1
            continue
        turns += _tell(ctx, item)
        if rng.random() < (0.06 if short else 0.12):
            table_key = next(name for name, kind in (ZH if ctx.language == "zh" else EN).items() if kind is item.kind)
            changed = Fact(item.kind, item.key, value(ctx, table_key, item.key))
            turns += _tell(ctx, changed, item.value)
            items[number] = changed
        when[number] = _said(turns)
        _between(ctx, who, turns, 0.12 if short else 0.3, 1 if short else 2)
    if far:
        _between(ctx, who, turns, 1.0, rng.randint(5, FAR))
    order: list[int | None] = list(range(len(items)))
    rng.shuffle(order)
    if rng.random() < 0.36:
        order.insert(rng.randrange(len(order) + 1), None)
    for place in order:
        if place is None:
            turns += _ask_untold(ctx, untold)
        else:
            turns += _ask(ctx, items[place], distance_skill(_said(turns) + 1 - when[place]))
        if not short and place != order[-1]:
            _between(ctx, who, turns, 0.2, 1)
    return turns


def _said(turns: talk.Turns) -> int:
    return sum(turn.kind == "user" for turn in turns)


_ABOUT_USER = {"en": ("your ", "the user's "), "zh": ("你", "用户")}


def _fact_line(ctx: Ctx, fact: Fact) -> str:
    """A remembered fact as a sentence: the user's own words, or about the user."""
    if ctx.rng.random() < 0.3:
        return say(ctx, fact.kind.tell, fact.slots(), dress=False)
    text = capital(fill(fact.kind.answer, fact.written()))
    if ctx.rng.random() < 0.5:
        return text
    if ctx.language == "zh":
        return text.replace("你", "用户", 1)
    if text.startswith("Your "):
        return "The user's " + text[5:]
    return text.replace("You live", "The user lives").replace("You work", "The user works").replace("You are", "The user is")


def remembered(ctx: Ctx, who: talk.Persona, short: bool) -> talk.Turns:
    """Facts in the memory block or found for this turn (the recall block; "now:" overrides), then asked."""
    rng = ctx.rng
    items = facts(ctx, rng.choice([1, 2]) + 1 if short else rng.choice([2, 3, 4]) + 1)
    untold, items = items[-1], items[:-1]
    if rng.random() < 0.35:
        untold = _alike(ctx, items) or untold
    turns: talk.Turns = []
    slot = {fill(item.kind.slot, item.written()): item for item in items}
    use_memory = rng.random() < 0.55
    if use_memory:
        summary: dict[str, object] = {}
        lines: list[str] = []
        if not short and rng.random() < 0.4:
            summary = {"topics": [values.made(ctx) for _ in range(rng.choice([1, 2]))]}
        if not short and rng.random() < 0.3:
            lines = [_fact_line(ctx, facts(ctx, 1)[0])]
        turns.append(
            talk.Turn("memory", memory=Memory({name: rng.choice(item.value) for name, item in slot.items()}, summary, lines))
        )
        _between(ctx, who, turns, 0.3, 2)
    asked = rng.sample(items, rng.choice([1, min(2, len(items))]))
    for item in asked:
        name = fill(item.kind.slot, item.written())
        if use_memory and rng.random() < 0.25:
            table_key = next(kind_name for kind_name, kind in (ZH if ctx.language == "zh" else EN).items() if kind is item.kind)
            item = Fact(item.kind, item.key, value(ctx, table_key, item.key))
            turns.append(talk.Turn("recall", slots={name: rng.choice(item.value)}))
        elif not use_memory:
            lines = [_fact_line(ctx, fact) for fact in rng.sample(items, len(items)) if fact is not item]
            now = {name: rng.choice(item.value)} if rng.random() < 0.4 else {}
            if not now:
                lines.insert(rng.randrange(len(lines) + 1), _fact_line(ctx, item))
            turns.append(talk.Turn("recall", facts=tuple(lines[:4]) if now else tuple(lines), slots=now))
        turns += _ask(ctx, item, "remembered")
        if not short:
            _between(ctx, who, turns, 0.2, 1)
    if rng.random() < 0.36:
        turns += _ask_untold(ctx, untold)
    return turns
