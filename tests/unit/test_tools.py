"""Tools without a model: what becomes of a function, which sentence means it, what is made of a result, where it runs."""

import json
import threading
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from assistant.dialogue import tool_calls
from assistant.errors import ConfigError
from assistant.protocols_hands import Hands
from assistant.protocols_skills import Talk
from assistant.protocols_tools import Call, Returned, Tool, WrongArguments
from assistant.settings import Tools
from assistant.tools import Refused, tool
from assistant.tools.box import Box
from assistant.tools.choosing import command, score
from assistant.tools.registry import Registry, load_tools
from assistant.tools.result import MOST_DATA, MOST_SAID, plain
from assistant.tools.worker import AT_ONCE, Worker

NOW = datetime(2026, 11, 23, 9, 20)


def talk(code: str = "en", guest: bool = False) -> Talk:
    return Talk(code, lambda: NOW, "", "", None, guest)


@tool(words={"en": ("water", "give water to"), "zh": ("浇",)}, titles={"zh": "浇花"})
def water_plants(bed: Literal["roses", "herbs"], minutes: Annotated[int, Field(ge=1, le=30)] = 5) -> str:
    """Water the plants.

    Longer text that the model is not told.
    """
    return f"The {bed} get water for {minutes} minutes."


@tool(effect="reads", words={"en": ("weather", "rain"), "zh": ("天气",)})
def weather(place: str, days: list[int] | None = None) -> dict[str, Any]:
    """Look up the weather."""
    return {"place": place, "sky": "clear"}


# -- a function becomes a tool ---------------------------------------------------------------------------------


def test_signature_and_docstring_are_the_schema() -> None:
    assert (water_plants.name, water_plants.description) == ("water_plants", "Water the plants")
    assert water_plants.schema["properties"]["bed"]["enum"] == ["roses", "herbs"]
    assert water_plants.schema["required"] == ["bed"]
    assert (water_plants.changes, water_plants.tier) == (True, "confirm")
    assert (weather.changes, weather.tier) == (False, "free")
    assert water_plants("roses", 3) == "The roses get water for 3 minutes."
    assert water_plants.title("en") == "water the plants" and water_plants.title("zh") == "浇花"


def test_arguments_become_what_the_function_takes() -> None:
    class Size(Enum):
        SMALL = "small"

    class Order(BaseModel):
        size: Size
        count: int

    def bake(order: Order, at: datetime) -> None:
        """Bake bread."""

    made = tool(bake)
    found = made.bind({"order": {"size": "small", "count": "2"}, "at": "2026-11-23T09:20:00"})
    assert found == {"order": Order(size=Size.SMALL, count=2), "at": NOW}
    for wrong in ({}, {"order": {"size": "large", "count": 1}, "at": "x"}, {"order": {}, "at": "", "more": 1}):
        with pytest.raises(WrongArguments):
            made.bind(wrong)


def test_what_cannot_be_a_tool_is_named() -> None:
    def no_doc(a: str) -> None: ...
    def no_type(a) -> None:  # type: ignore[no-untyped-def]
        """Do it."""

    def rest(*a: str) -> None:
        """Do it."""

    def strange(a: threading.Thread) -> None:
        """Do it."""

    def pair(a: tuple[int, str]) -> None:
        """Do it."""

    def anything(a: Any) -> None:
        """Do it."""

    def names(a: dict[str, int]) -> None:
        """Do it."""

    def Loud() -> None:
        """Do it."""

    def many(a: int, b: int, c: int, d: int, e: int, f: int, g: int, h: int, i: int) -> None:
        """Do it."""

    for function, why in (
        (no_doc, "no docstring"), (no_type, "a has no type"), (rest, "parameter with a name"), (strange, "cannot come from JSON"),
        (pair, "tuple of fixed length"), (anything, "Any, and a dict"), (names, "Any, and a dict"), (Loud, "small letters"), (many, "9 parameters"),
    ):  # fmt: skip
        with pytest.raises(ConfigError, match=why) as caught:
            tool(function)
        assert "\n" not in str(caught.value) and "tool" in str(caught.value)
    with pytest.raises(ConfigError, match="choices names room"):

        @tool(choices={"room": lambda: ["a"]})
        def light(place: str) -> None:
            """Switch a light."""


def test_the_model_is_told_as_the_starter_model_was_trained() -> None:
    assert tool_calls.listing([water_plants, weather]) == [
        "# Tools",
        "<tools>",
        '{"name": "water_plants", "description": "Water the plants", "parameters": ["bed", "minutes"]}',
        '{"name": "weather", "description": "Look up the weather", "parameters": ["place", "days"]}',
        "</tools>",
    ]


def test_every_text_and_list_of_a_grammar_has_an_end() -> None:
    def many(
        text: str,
        note: Annotated[str, Field(max_length=5000, pattern="a+")],
        tags: list[str],
        big: Annotated[int, Field(ge=0)],
        share: Annotated[float, Field(gt=0, lt=1)],
    ) -> None:
        """Do many things."""

    found = tool_calls.bounded(tool(many).schema)["properties"]
    assert found["text"] == {"type": "string", "minLength": 1, "maxLength": 64}
    assert found["note"]["maxLength"] == 64 and "pattern" not in found["note"]
    assert found["tags"]["maxItems"] == 8
    assert "minimum" not in found["big"] and set(found["share"]) == {"type"}
    assert tool_calls.grammar([tool(many)], "en", talk=False).startswith("root ::= ")


@pytest.mark.parametrize("text", ["", "hello", "<tool_call>", "<tool_call>\n{\"name\": \"a\"", "{}", "[1]", '{"name": 1, "arguments": {}}', '{"name": "a", "arguments": []}'])  # fmt: skip
def test_what_is_no_whole_call_is_none(text: str) -> None:
    assert tool_calls.read(text) is None


def test_a_call_is_read() -> None:
    call = tool_calls.read('<tool_call>\n{"name": "weather", "arguments": {"place": "Rome", "days": [1, 2]}}\n</tool_call>')
    assert call == Call("weather", {"place": "Rome", "days": [1, 2]})
    assert (
        tool_calls.said(
            {"bed": "roses", "minutes": 5, "share": 0.5, "at_night": True, "x": False, "y": None, "z": {"a": ["b"]}}, ", "
        )
        == "roses, 5, 0.5, at night, b"
    )


# -- which sentence means it -----------------------------------------------------------------------------------

COMMANDS = ["water the roses", "please water the roses", "could you water the herbs for ten minutes", "hey could you please water the plants",
            "Water the roses!", "i want you to water the roses now", "give water to the herbs", "can you water the roses please?"]  # fmt: skip
NOT = ["did you water the roses", "is the water on", "water the roses?", "why water roses", "do not water the roses", "don't water the roses",
       "never water the roses", "write a poem about watering roses", "tell me how to water roses", "i watered the roses", "the water is cold",
       "can you tell me whether you watered the roses", "would you not water the roses", "what does water the roses mean", "my roses need water",
       "the manual says water the roses", "you watered the roses", "have you watered the roses", "water " * 60]  # fmt: skip
ZH_COMMANDS = ["浇玫瑰", "请浇一下花", "帮我把花浇一下", "能不能浇一下花", "麻烦你把玫瑰浇了好吗", "你可以浇花吗"]
ZH_NOT = [
    "浇花了吗",
    "你浇花了吗",
    "不要浇花",
    "别浇花",
    "写一首关于浇花的诗",
    "我昨天浇花了",
    "为什么要浇花",
    "谁浇花",
    "花浇了没有",
    "怎么浇花",
]


@pytest.mark.parametrize("text", COMMANDS)
def test_a_command_means_what_it_begins_with(text: str) -> None:
    assert score(water_plants, text, "en") > 0


@pytest.mark.parametrize("text", NOT)
def test_questions_statements_and_noes_mean_no_change(text: str) -> None:
    assert score(water_plants, text, "en") == 0


@pytest.mark.parametrize("text", ZH_COMMANDS)
def test_a_chinese_command_means_what_it_begins_with(text: str) -> None:
    assert score(water_plants, text, "zh") > 0


@pytest.mark.parametrize("text", ZH_NOT)
def test_chinese_questions_statements_and_noes_mean_no_change(text: str) -> None:
    assert score(water_plants, text, "zh") == 0, command(text, "zh")


def test_what_reads_is_meant_by_its_words_anywhere() -> None:
    for text in ("what is the weather in rome", "will it rain tomorrow", "is it raining", "tell me about the weather"):
        assert score(weather, text, "en") > 0
    assert score(weather, "how are you", "en") == 0 and score(weather, "罗马的天气怎么样", "zh") > 0


def test_without_words_its_name_and_description_count() -> None:
    @tool(effect="reads")
    def stock_of_part(number: str) -> str:
        """Say how many parts are in stock."""
        return number

    @tool
    def reset_counter() -> None:
        """Set the counter back."""

    assert score(stock_of_part, "how many parts are in stock", "en") >= 2
    assert score(stock_of_part, "what is a part", "en") == 0
    assert score(reset_counter, "please reset the counter", "en") and score(reset_counter, "set the counter back", "en")
    assert not score(reset_counter, "重置", "zh")


def test_an_offer_is_of_tools_that_change_or_of_tools_that_read() -> None:
    box = Box([water_plants, weather], Tools())
    offer = box.offer("water the plants though the weather is bad", talk())
    assert offer is not None and offer.changing and [one.name for one in offer.tools] == ["water_plants"]
    offer = box.offer("what is the weather", talk())
    assert offer is not None and not offer.changing and "talk" not in offer.grammar.split("\n")[0]
    assert box.offer("how are you", talk()) is None
    assert box.offer("water the plants", talk(guest=True)) is None
    assert Box([water_plants], Tools(offered=0)).offer("water the plants", talk()) is None


def test_at_most_so_many_are_offered_the_likeliest_first() -> None:
    def reader(name: str, words: tuple[str, ...]) -> Tool:
        def function() -> str:
            """Look."""
            return ""

        function.__name__ = name
        return tool(effect="reads", words={"en": words})(function)

    box = Box([reader("a", ("oil",)), reader("b", ("oil level",)), reader("c", ("oil",)), reader("d", ("oil",))], Tools())
    offer = box.offer("what is the oil level", talk())
    assert offer is not None and [one.name for one in offer.tools] == ["b", "a", "c"]


def test_choices_are_those_of_now() -> None:
    rooms: list[str] = []

    @tool(effect="reads", words={"en": ("warm",)}, choices={"room": lambda: rooms})
    def warmth(room: str) -> str:
        """Say how warm a room is."""
        return room

    box = Box([warmth], Tools())
    assert box.offer("how warm is the attic", talk()) is None
    rooms += ["kitchen", *(f"room {n}" for n in range(500)), "attic"]
    offer = box.offer("how warm is the attic", talk())
    assert offer is not None and '"\\"attic\\""' in offer.grammar and '"\\"kitchen\\""' in offer.grammar
    assert len(tool_calls.of_now(offer.tools[0])["properties"]["room"]["enum"]) == 64

    def broken() -> list[str]:
        raise OSError

    @tool(effect="reads", words={"en": ("warm",)}, choices={"room": broken})
    def warmer(room: str) -> str:
        """Say how warm a room is."""
        return room

    assert Box([warmer], Tools()).offer("how warm is it", talk()) is None


# -- results ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "wanted"),
    [
        (None, Returned("done")),
        ("It is\n done.\x00", Returned("done", "It is done.")),
        ("", Returned("done")),
        ({"a": [1, 2.5, None, True]}, Returned("done", data='{"a": [1, 2.5, null, true]}')),
        ('{"a": 1}', Returned("done", data='{"a": 1}')),
        ([1, 2], Returned("done", data="[1, 2]")),
        (7, Returned("done", data="7")),
        (10**400, Returned("done", data='"a large number"')),
    ],
)  # fmt: skip
def test_a_result_is_a_sentence_or_data(result: object, wanted: Returned) -> None:
    assert plain(result) == wanted


def test_megabytes_are_cut() -> None:
    said = plain("One sentence. " * 1_000_000)
    assert len(said.said) <= MOST_SAID and said.said.endswith(".") and said.cut
    assert len(plain("x" * 5_000_000).said) == MOST_SAID
    data = plain({f"key {n}": "value " * 1000 for n in range(100_000)})
    assert len(data.data) == MOST_DATA and data.cut
    deep: list[Any] = []
    for _ in range(500):
        deep = [deep]
    assert plain(deep).data == '[[[["..."]]]]'


# -- where it runs ---------------------------------------------------------------------------------------------


class Threads:
    """Starts nothing before it is told to."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def __call__(self, run: Callable[[], None], name: str) -> None:
        self.waiting.append(run)


def test_a_call_returns_when_its_thread_has_done() -> None:
    threads = Threads()
    call = Worker(threads).begin("a", lambda: "yes")
    assert call.returned() is None
    threads.waiting.pop()()
    assert call.returned() == Returned("done", "yes")


def test_a_late_result_is_dropped() -> None:
    threads = Threads()
    call = Worker(threads).begin("a", lambda: "late")
    call.drop()
    threads.waiting.pop()()
    assert call.returned() is None


def test_calls_that_hang_are_bounded() -> None:
    threads = Threads()
    worker = Worker(threads)
    for _ in range(AT_ONCE):
        worker.begin("a", lambda: None)
    assert worker.begin("a", lambda: None).returned() == Returned("failed")
    threads.waiting.pop()()
    assert worker.begin("a", lambda: None).returned() is None


def test_what_raises_has_failed_and_its_words_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise ValueError("the secret")

    def refuse() -> None:
        raise Refused("The tank is empty.")

    assert Worker().begin("a", fail).returned() == Returned("failed")
    assert Worker().begin("a", refuse).returned() == Returned("refused", "The tank is empty.")
    assert "secret" not in caplog.text and "tool a failed: ValueError at" in caplog.text


def test_it_runs_in_a_thread_of_the_app_or_here() -> None:
    from assistant.app import in_thread

    done = threading.Event()
    names: list[str] = []

    def work() -> None:
        names.append(threading.current_thread().name)
        done.set()

    Worker(in_thread).begin("look", work)
    assert done.wait(10) and names == ["tool look"]
    Worker(in_thread).begin("look", work, here=True)
    assert names[1] == threading.current_thread().name


# -- the door --------------------------------------------------------------------------------------------------


class Timers:
    def items(self, *kinds: str) -> list[Any]:
        return []


class Shop:
    def entries(self, name: str) -> list[str]:
        return ["milk", "bread"] if name == "shopping" else []


def test_ours_come_through_the_door_where_there_is_a_hand() -> None:
    assert load_tools(Tools()) == []
    hands = Hands(alarms=Timers(), lists=Shop())  # type: ignore[arg-type]
    timers, lists = load_tools(Tools(), hands)
    box = Box([timers, lists], Tools())
    offer = box.offer("what is on the shopping list", talk())
    assert offer is not None and offer.tools == [lists]
    assert box.begin(lists, Call("list_entries", {"name": "Shopping list"}), talk()).returned() == Returned(
        "done", "On the shopping list: milk and bread."
    )
    assert box.begin(lists, Call("list_entries", {}), talk()).returned() == Returned(
        "done", "On the shopping list: milk and bread."
    )
    assert box.begin(timers, Call("set_timers", {}), talk()).returned() == Returned("done", "Nothing is set.")
    assert load_tools(Tools(disabled=("set_timers", "list_entries")), hands) == []


def test_a_file_of_the_configuration_brings_its_tools(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text('from assistant.tools import tool\n\n@tool\ndef feed() -> None:\n    """Feed the fish."""\n')
    (found,) = load_tools(Tools(files=(str(file),)))
    assert (found.name, found.description) == ("feed", "Feed the fish")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import nothing_of_that_name", "ModuleNotFoundError"),
        ("x = (", "SyntaxError"),
        ("x = 1", "holds no tool"),
        ("from assistant.tools import tool\n@tool\ndef a(): pass", "no docstring"),
        ("raise SystemError('no\\nway')", "SystemError: no"),
    ],
)
def test_a_bad_file_is_named_in_one_line(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "mine.py"
    file.write_text(text)
    with pytest.raises(ConfigError, match=why) as caught:
        load_tools(Tools(files=(str(file),)))
    assert str(file) in str(caught.value) and "\n" not in str(caught.value)


def test_names_that_are_not_there_and_names_that_are_taken() -> None:
    with pytest.raises(ConfigError, match=r"tools.files: .*nowhere.py: there is no such file"):
        load_tools(Tools(files=("/nowhere.py",)))
    with pytest.raises(ConfigError, match="tools.disabled: there is no tool 'fly'"):
        load_tools(Tools(disabled=("fly",)))
    registry = Registry()
    registry.register(weather)
    with pytest.raises(ConfigError, match="two tools are called weather"):
        registry.register(weather)
    with pytest.raises(ConfigError, match="is no tool"):
        registry.register(json.dumps)  # type: ignore[arg-type]


def test_strangers_packages_bring_tools_by_entry_points(monkeypatch: pytest.MonkeyPatch) -> None:
    class Point:
        value = "theirs:thing"

        def __init__(self, name: str, found: object) -> None:
            self.name, self._found = name, found

        def load(self) -> object:
            if isinstance(self._found, Exception):
                raise self._found
            return self._found

    points = [Point("one", weather), Point("two", lambda registry: registry.register(water_plants))]
    monkeypatch.setattr("assistant.tools.registry.entry_points", lambda group: points if group == "edge_assistant.tools" else [])
    assert [one.name for one in load_tools(Tools())] == ["weather", "water_plants"]
    assert [one.name for one in load_tools(Tools(disabled=("two",)))] == ["weather"]
    points.append(Point("three", ImportError("no module named x")))
    with pytest.raises(ConfigError, match=r"the entry point three \(theirs:thing\): cannot be loaded \(ImportError"):
        load_tools(Tools())
    assert len(load_tools(Tools(disabled=("three",)))) == 2
