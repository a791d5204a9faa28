"""What people say to the starter dialogue model: its training phrases (`llm_*`) with the recogniser's own words in the slots.

Rules: both languages; lower case; the same generator state gives the same sentence. Words that the recogniser cannot know (the
dialogue model's made-up names) are not used: slots are filled from the lists of `llm_words`.
"""

import random
from collections.abc import Callable, Iterator, Sequence

from scripts.training import llm_en_chat, llm_facts_text, llm_facts_zh, llm_known, llm_zh_chat
from scripts.training import llm_words as words
from scripts.training.llm_grammar import expand, fill

Rng = random.Random
_KIND_VALUES: dict[str, dict[str, Sequence[str]]] = {
    "en": {
        "name": words.EN_NAMES, "person": words.EN_NAMES, "city": [*words.CITIES, "new york"], "job": words.JOBS,
        "object": words.EN_PLACES, "objects": words.EN_PLACES, "event": words.EN_DAYS,
    },
    "zh": {
        "name": words.ZH_NAMES, "person": words.ZH_NAMES, "city": words.ZH_CITIES, "job": words.ZH_JOBS,
        "object": words.ZH_PLACES, "objects": words.ZH_PLACES, "event": words.ZH_DAYS,
    },
}  # fmt: skip
_KIND_KEYS: dict[str, dict[str, Sequence[str]]] = {
    "en": {
        "person": [*words.RELATIVES, *words.PETS], "code": words.CODES, "object": words.OBJECTS, "objects": words.PLURALS,
        "event": words.EVENTS, "my": words.THINGS, "favourite": [f"favourite {key}" for key in words.FAVOURITES],
    },
    "zh": {
        "person": [*words.ZH_RELATIVES, *words.ZH_PETS], "code": words.ZH_CODES, "object": words.ZH_OBJECTS,
        "objects": words.ZH_OBJECTS, "event": words.ZH_EVENTS, "my": words.ZH_THINGS,
        "favourite": [f"最喜欢的{key}" for key in words.ZH_FAVOURITES],
    },
}  # fmt: skip
_ANY: dict[str, Sequence[str]] = {
    "en": [
        *words.FOODS,
        *words.COLOURS,
        *words.OBJECTS,
        *words.ANIMALS,
        *words.SPORTS,
        *words.DRINKS,
        *words.JOBS,
        *words.HOBBIES,
    ],
    "zh": [*words.ZH_FOODS, *words.ZH_COLOURS, *words.ZH_OBJECTS, *words.ZH_ANIMALS, *words.ZH_SPORTS, *words.ZH_DRINKS],
}


def sentences(language: str, number: Callable[[Rng], str], rng: Rng) -> Iterator[str]:
    """Sentences of `en` or `zh` without end: small talk, facts told and asked, questions, commands."""
    english = language == "en"
    chat = [ask for asks, _ in (llm_en_chat.CHAT if english else llm_zh_chat.CHAT).values() for ask in asks]
    kinds = llm_facts_text.EN if english else llm_facts_zh.ZH
    capitals = llm_known.CAPITAL_ASK if english else llm_known.ZH_CAPITAL_ASK
    lands = [*(llm_known.CAPITALS if english else llm_known.ZH_CAPITALS)]
    sums = llm_known.SUM_ASK if english else llm_known.ZH_SUM_ASK
    facts = [ask for asks, _ in (llm_known.FACTS if english else llm_known.ZH_FACTS) for ask in asks]
    unknown = llm_known.UNKNOWN if english else llm_known.ZH_UNKNOWN
    control = llm_known.CONTROL if english else llm_known.ZH_CONTROL
    anything, keys = _ANY[language], _KIND_KEYS[language]
    while True:
        dice = rng.random()
        slots = {"w": rng.choice(anything), "x": rng.choice(anything), "n": number(rng), "a": number(rng), "b": number(rng)}
        if dice < 0.40:
            pattern = rng.choice(chat)
        elif dice < 0.75:
            name = rng.choice(list(kinds))
            kind = kinds[name]
            pattern = rng.choice([*rng.choice([kind.tell, kind.ask, kind.ask, kind.correct or kind.ask])])
            values = [number(rng)] if name in ("age", "code") else _KIND_VALUES[language].get(name, anything)
            key = rng.choice(keys.get(name, [""]))
            slots |= {"k": key, "f": key.removeprefix("favourite ").removeprefix("最喜欢的")}
            slots |= {"v": rng.choice(values), "o": rng.choice(values)}
        elif dice < 0.80:
            pattern = rng.choice(capitals)
            slots["v"] = rng.choice(lands)
        elif dice < 0.84:
            pattern = rng.choice(sums)
        elif dice < 0.90:
            pattern = rng.choice(facts)
        else:
            pattern = rng.choice([*unknown, *control])
        text = fill(expand(pattern, rng), slots).lower()
        if "{" not in text:
            yield text
