"""Names of a home: found inside sentences at the same cost whatever their number, followed as they change, odd ones left out."""

from collections.abc import Sequence

import pytest

from assistant.engines.fakes_home import FakeHome
from assistant.protocols_home import Area, Entity
from assistant.settings_home import Home as HomeSettings
from assistant.settings_home import HomeArea, HomeEntity
from assistant.skills.home_names import LIKELY, LONGEST_NAME, MOST_ENTITIES, Index, Names, plain


def names(*entities: Entity, areas: Sequence[Area] = (), settings: HomeSettings | None = None) -> Names:
    made = Names(FakeHome(entities, areas), settings or HomeSettings(), ["en", "zh"], ["light", "灯"])
    while not made.update():
        pass
    return made


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The  KITCHEN-Light!", "the kitchen light"),
        ("打开 客厅 的 灯。", "打开客厅的灯"),
        ("Anna’s lamp", "anna's lamp"),
        ("21.5 °C", "21.5 °c"),
        ("end.", "end"),
        ("Ｌａｍｐ", "lamp"),
    ],
)
def test_words_are_compared_in_a_plain_form(text: str, words: str) -> None:
    assert plain(text) == words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("turn on the desk lamp", {"desk lamp", "desk"}),
        ("turn on the desktop lamp", set()),
        ("desk", {"desk"}),
        ("the desks", set()),
        ("打开桌灯吧", {"桌灯"}),
    ],
)
def test_a_name_is_found_at_the_edges_of_words(text: str, found: set[str]) -> None:
    index = Index()
    for name in ("desk lamp", "desk", "桌灯"):
        index.add(name, name)
    assert {one.name for one in index.inside(text)} == found


def test_ten_thousand_names_are_not_looked_through() -> None:
    many = [Entity(f"light.{n}", "light", f"Kitchen lamp number {n}", area="Kitchen") for n in range(MOST_ENTITIES)]
    made = names(*many)
    assert len(made.things) == MOST_ENTITIES
    looked: list[str] = []

    class Seen(dict[str, tuple[str, ...]]):
        def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
            looked.append(key)
            return super().get(key, ())

    made.called.names = Seen(made.called.names)
    found = made.called.inside(plain("please turn on kitchen lamp number 4711 and tell me a long story about it"))
    assert [one.ids for one in found if one.name == "kitchen lamp number 4711"] == [("light.4711",)]
    assert len(looked) < 60
    assert made.called.near("kitchen lamb number 4711")[:1] != []


def test_what_is_like_a_name_is_searched_among_a_few() -> None:
    index = Index()
    for n in range(5 * LIKELY):
        index.add(f"lamp {n}", str(n))
    index.add("reading lamp", "reading")
    assert index.near("reading lamb")[0] == "reading lamp"


def test_more_than_ten_thousand_are_left_out() -> None:
    assert len(names(*(Entity(f"a.{n}", "light", f"a {n}") for n in range(MOST_ENTITIES + 5))).things) == MOST_ENTITIES


def test_a_change_is_taken_up_in_steps_and_only_what_changed() -> None:
    home = FakeHome([Entity(f"light.{n}", "light", f"Lamp {n}") for n in range(1000)])
    made = Names(home, HomeSettings(), ["en"])
    steps = 1
    while not made.update(most=100):
        steps += 1
    assert steps == 10 and not made.stale
    home.put(Entity("light.7", "light", "Reading light"), Entity("light.new", "light", "New lamp"))
    home.remove("light.8")
    assert made.stale and made.update(most=3)
    assert made.called.names["reading light"] == ("light.7",) and made.called.names["new lamp"] == ("light.new",)
    assert "lamp 7" not in made.called.names and "lamp 8" not in made.called.names and "light.8" not in made.things


@pytest.mark.parametrize("name", ["", "   ", "!!!", "(", "x" * (LONGEST_NAME + 1), "\n\t", "[a|b] {name}", "<rule>", "a\x00b"])
def test_odd_names_do_no_harm(name: str) -> None:
    made = names(Entity("light.odd", "light", name, (name,), name), Entity("light.desk", "light", "Desk lamp"))
    assert [one.ids for one in made.called.inside("the desk lamp")] == [("light.desk",)]
    assert "" not in made.called.names and all(len(known) <= LONGEST_NAME for known in made.called.names)


def test_the_configuration_renames_adds_moves_and_hides() -> None:
    settings = HomeSettings(
        areas={"kitchen": HomeArea(aliases=("scullery",), floor="Basement")},
        entities={
            "light.a": HomeEntity(name="Sun", aliases=("moon",), area="Garden", tier="confirm"),
            "light.b": HomeEntity(hidden=True),
        },
    )
    made = names(
        Entity("light.a", "light", "Lamp", area="Kitchen"),
        Entity("light.b", "light", "Spare"),
        areas=[Area("Kitchen", ("cook room",))],
        settings=settings,
    )
    assert {name: ids for name, ids in made.called.names.items()} == dict.fromkeys(("sun", "moon", "lamp"), ("light.a",))
    assert (made.things["light.a"].area, made.things["light.a"].tier) == ("Garden", "confirm")
    assert set(made.rooms.names) == {"kitchen", "cook room", "scullery", "garden"}
    assert made.floor_of("kitchen") == "basement" and set(made.storeys.names) == {"basement"}


def test_a_name_without_its_rooms_name_and_with_its_number_in_words() -> None:
    made = names(
        Entity("light.a", "light", "Kitchen shelf", area="Kitchen"),
        Entity("light.b", "light", "Kitchen light", area="Kitchen"),
        Entity("light.c", "light", "Lamp 21"),
        Entity("light.d", "light", "3号灯", area="书房"),
        Entity("light.e", "light", "Kitchen 5", area="Kitchen"),
    )
    assert set(made.short.names) == {"shelf"}  # "light" and "5" alone name nothing
    assert made.called.names["lamp twenty one"] == ("light.c",) and made.called.names["三号灯"] == ("light.d",)


def test_rooms_that_are_renamed_take_their_short_names_with_them() -> None:
    home = FakeHome([Entity("light.a", "light", "Kitchen shelf", area="Kitchen")], [Area("Kitchen")])
    made = Names(home, HomeSettings(), ["en"])
    assert made.update() and made.short.names == {"shelf": ("light.a",)}
    home.rooms([Area("Scullery", ("Kitchen",))])
    assert made.update() and set(made.rooms.names) >= {"scullery", "kitchen"}
    home.put(Entity("light.a", "light", "Kitchen shelf", area="Attic"))
    assert made.update() and made.short.names == {} and made.called.names["kitchen shelf"] == ("light.a",)
    assert made.room("cellar").name == "cellar"


def test_a_room_that_goes_away_leaves_no_names() -> None:
    home = FakeHome([Entity("light.a", "light", "Kitchen shelf", area="Kitchen")], [Area("Kitchen", ("Kitchen shelf",))])
    made = Names(home, HomeSettings(), ["en"])
    assert made.update()
    home.remove("light.a")
    home.rooms([])
    assert made.update() and not any((made.called.names, made.short.names, made.rooms.names, made.things))
