"""Commands that nothing carries out: over 200 per language, made from the intents' own sentences. None reaches the model, none is claimed
to be done."""

import itertools
import random
import re
from datetime import datetime

import pytest

from assistant.languages import language
from assistant.protocols_skills import Talk
from assistant.skills.router import TALK, make_router
from tests.skills import said

CLAIM = re.compile(
    r"\b(done|turned|switched|opened|closed|started|playing|added|okay|ok|i have|is now|i will)\b|好的|已经|完成|打开了|关闭了",
    re.IGNORECASE,
)
COUNT = 220
ITEMS = {"en": ["milk", "a hammer", "the report"], "zh": ["牛奶", "面包", "报告"]}


def commands(code: str) -> list[str]:
    """Sentences sampled from home-assistant-intents, with the language's rooms and things in them."""
    from hassil.intents import Intents, TextSlotList
    from hassil.sample import sample_sentence
    from home_assistant_intents import get_intents

    spoken = language(code)
    known = get_intents(spoken.intents)
    assert known is not None
    skills = {"HassGetCurrentTime", "HassGetCurrentDate", "HassNevermind"}
    intents = Intents.from_dict({**known, "intents": {k: v for k, v in known["intents"].items() if k not in TALK | skills}})
    rng = random.Random(1)
    words = {"name": list(spoken.things), "area": list(spoken.rooms), "floor": list(spoken.rooms)}
    wildcards = ("shopping_list_item", "todo_list_item", "message", "search_query", "timer_name", "timer_command", "zone", "item")
    words |= {name: ITEMS[code] for name in wildcards}
    found: list[str] = []
    for intent in intents.intents.values():
        sentences = [(data, sentence) for data in intent.data for sentence in data.sentences]
        for data, sentence in rng.sample(sentences, min(10, len(sentences))):
            lists = {**intents.slot_lists, **{k: TextSlotList.from_strings(rng.sample(v, 1), name=k) for k, v in words.items()}}
            rules = {**intents.expansion_rules, **data.expansion_rules}
            made = list(itertools.islice(sample_sentence(sentence, lists, rules, language=code), 60))
            found += [text for text in rng.sample(made, min(2, len(made))) if text.strip() not in spoken.things]
    return found


@pytest.mark.parametrize("code", ["en", "zh"])
def test_no_command_is_claimed_or_reaches_the_model(code: str) -> None:
    router = make_router([code])
    talk = Talk(code, lambda: datetime(2026, 11, 23), "", "")
    made = commands(code)
    assert len(made) >= COUNT
    to_the_model = []
    for text in made:
        call = router.match(text, talk)
        if call is None:
            to_the_model.append(text)
            continue
        reply = said(call)
        assert not CLAIM.search(reply), f"{text}: {reply}"
        assert call.name != "no_hand" or "config.yaml" in reply
    assert to_the_model == []
