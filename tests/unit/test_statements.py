"""What was told is found by its words; what was never told finds nothing."""

import pytest

from assistant.memory.memory import SlotMemory
from assistant.memory.slots import rules_of
from assistant.memory.statements import Words
from assistant.memory.store import MOST_STATEMENTS, Store

TOLD = {
    "en": [
        "the blue box is in the cellar",
        "the spare key hangs behind the clock",
        "my passport lies in the top drawer of the desk",
        "grandma takes two pills every evening",
        "the plumber comes on friday at nine",
        "we painted the garden fence with green oil",
    ],
    "zh": ["护照在书桌的抽屉里", "备用钥匙挂在钟后面", "奶奶每天晚上吃两片药", "水管工星期五九点来", "我把蓝色的箱子放在地下室"],
}
ASKED = {
    "en": {
        "where is the blue box": 0,
        "where did i put the blue box": 0,
        "do you remember where the spare key is": 1,
        "Where's my passport?": 2,
        "how many pills does grandma take": 3,
        "when does the plumber come": 4,
        "what did we paint the fence with": 5,
    },
    "zh": {"护照在哪里": 0, "你还记得备用钥匙放在哪里吗": 1, "奶奶吃几片药": 2, "水管工什么时候来": 3, "蓝色的箱子在哪": 4},
}
NEVER = {
    "en": ["where is the green box", "when does the doctor come", "what is the capital of france", "where is my wallet",
           "how many eggs are left", "what time is it", "how are you today", "who painted the kitchen", "where is it"],
    "zh": ["红色的箱子在哪里", "医生什么时候来", "法国的首都是哪里", "我的钱包在哪", "现在几点了", "你好吗"],
}  # fmt: skip


@pytest.fixture(params=["en", "zh"])
def code(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def memory(code: str) -> SlotMemory:
    made = SlotMemory(Store(None), rules_of([code]))
    for number, text in enumerate(TOLD[code]):
        assert made.learn(text, code, number) == ""
    return made


def test_what_was_told_comes_first(memory: SlotMemory, code: str) -> None:
    found = {question: memory.recall(question, code)[:1] for question in ASKED[code]}
    assert found == {question: [TOLD[code][number]] for question, number in ASKED[code].items()}


def test_what_was_never_told_finds_nothing(memory: SlotMemory, code: str) -> None:
    assert {question: found for question in NEVER[code] if (found := memory.recall(question, code))} == {}


def test_questions_greetings_and_facts_are_no_statements(memory: SlotMemory, code: str) -> None:
    before = memory._store.count_statements()
    own = {"en": ("hello there", "my name is anna"), "zh": ("你好", "我叫安娜")}[code]
    for text in (*ASKED[code], *NEVER[code], *own, "x" * 5000, ""):
        memory.learn(text, code, 9)
    assert memory._store.count_statements() == before


def test_forgotten_is_found_no_more_and_stands_nowhere(code: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("store")
    memory = SlotMemory(Store(folder), rules_of([code]))
    for number, text in enumerate(TOLD[code]):
        memory.learn(text, code, number)
    what, question, rare = ("my passport", "where is my passport", "passport") if code == "en" else ("护照", "护照在哪里", "护照")
    assert memory.recall(question, code)
    assert list(memory.forget(what, code).values()) == [TOLD[code][2 if code == "en" else 0]]
    assert memory.recall(question, code) == []
    assert not [path for path in folder.iterdir() if rare.encode() in path.read_bytes().lower()]
    assert len(memory.forget("", code)) == len(TOLD[code]) - 1 and memory.forget("", code) == {}
    memory.close()


def test_statements_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.memory.store.MOST_STATEMENTS", 10)
    memory = SlotMemory(Store(None), rules_of(["en"]))
    for number in range(25):
        memory.learn(f"box{number} stands in room{number}", "en", number)
    assert memory._store.count_statements() == 10
    assert memory.recall("where is box3", "en") == [] and memory.recall("where is box24", "en") != []
    assert MOST_STATEMENTS == 5000


@pytest.mark.parametrize(
    "text", ['where is "the" box OR *', "where is (box", "where is box'; DROP TABLE told; --", "where is NEAR box^2"]
)
def test_the_index_takes_any_text(text: str) -> None:
    memory = SlotMemory(Store(None), rules_of(["en"]))
    memory.learn(text.replace("where is ", "it is "), "en", 1)
    memory.recall(text, "en")
    assert memory._store.count_statements() <= 1


def test_terms_leave_out_what_every_sentence_has() -> None:
    assert Words("en").terms("Where did I put the plumber's blue box, please?") == ["plumber", "blue", "box"]
    assert Words("zh").terms("我的护照在哪里") == ["护", "照", "护照"]
    assert Words("zh").terms("水管工什么时候来") == ["水", "管", "工", "水管", "管工", "来"]
