"""The skill that spells."""

from datetime import datetime

import pytest

from assistant.protocols_skills import Talk
from assistant.skills.router import SkillRouter, make_router


@pytest.fixture(scope="module")
def router() -> SkillRouter:
    return make_router(["en", "zh"])


@pytest.mark.parametrize(
    ("text", "last", "said"),
    [
        ("spell Anna", "", "A, N, N, A."),
        ("how do you spell cat?", "", "C, A, T."),
        ("please spell that", "The capital of France is Paris.", "P, A, R, I, S."),
        ("spell it", "It means rain.", "R, A, I, N."),
        ("spell that", "", "I have not said anything yet."),
    ],
)
def test_a_word_is_spelled(router: SkillRouter, text: str, last: str, said: str) -> None:
    call = router.match(text, Talk("en", datetime.now, "", last))
    assert call is not None and call.name == "spell"
    assert call.run() == said
