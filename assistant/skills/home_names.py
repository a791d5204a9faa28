"""What the things, rooms and floors of the home are called, and which of those names a sentence holds.

An index, so that a sentence costs the same with ten things and with ten thousand: a name is looked up by its first two characters
and its length. It follows the home (`Home.version`) in small steps: `update` takes up at most `most` changes and says whether
these were all; a turn takes up a few, the rest is done in idle time. Any thread may read, `update` belongs to the brain's.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache, partial
from importlib import import_module

from assistant.protocols_home import Area, Entity, Home
from assistant.settings_home import Home as HomeSettings
from assistant.settings_home import HomeEntity

MOST_ENTITIES = 10_000
"""More are left out."""
LONGEST_NAME = 80
"""Characters; a longer one is left out."""
STEPS_IN_A_TURN = 200
"""Things that a turn takes up before it goes on with what is known: some 4 ms."""
LIKELY = 200
"""Names compared with one that is not known."""
NEAR = 0.55
"""What is not at least so alike (0 to 1) is not offered."""
_NOTHING = Entity("", "", "")
_CJK = r"\u3400-\u9fff"
_SPACES = re.compile(rf"(?<=[{_CJK}])\s+(?=[{_CJK}\d])|(?<=\d)\s+(?=[{_CJK}])")
_NO_NAME = re.compile(r"[^\w\s'%°.]|_")
_FULL_STOP = re.compile(r"\.(?!\d)")
_NUMBER = re.compile(r"(?<![\d.])\d{1,2}(?![\d.])")


def plain(text: str) -> str:
    """Words as they are compared: small letters, no punctuation, one space between words and none between Chinese characters."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return _SPACES.sub("", " ".join(_FULL_STOP.sub(" ", _NO_NAME.sub(" ", folded)).split()))


@dataclass(frozen=True)
class Found:
    """A name that a sentence holds."""

    name: str
    """In its plain form."""
    ids: tuple[str, ...]
    """Whose name it is."""


class Index:
    """Names and whose they are, found inside a text."""

    def __init__(self) -> None:
        self.names: dict[str, tuple[str, ...]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}  # first two characters -> lengths; a length stays when its names are gone
        self._words: dict[str, tuple[str, ...]] = {}  # word -> names with it

    def add(self, name: str, owner: str) -> None:
        """One more name."""
        there = self.names.get(name, ())
        if owner in there:
            return
        self.names[name] = (*there, owner)
        if there:
            return
        start = name[:2]
        if len(name) not in (lengths := self._lengths.get(start, ())):
            self._lengths[start] = (*lengths, len(name))
        for word in _words(name):
            if len(named := self._words.get(word, ())) < LIKELY and name not in named:
                self._words[word] = (*named, name)

    def remove(self, name: str, owner: str) -> None:
        """One less."""
        left = tuple(one for one in self.names.get(name, ()) if one != owner)
        if left:
            self.names[name] = left
        elif self.names.pop(name, None) is not None:
            for word in _words(name):
                self._words[word] = tuple(one for one in self._words.get(word, ()) if one != name)

    def inside(self, text: str) -> list[Found]:
        """The names that a plain text holds, each at the edges of words."""
        found: dict[str, Found] = {}
        for at in range(len(text)):
            if not _edge(text, at):
                continue
            for start in {text[at : at + 2], text[at]}:
                for length in self._lengths.get(start, ()):
                    name = text[at : at + length]
                    owners = self.names.get(name) if len(name) == length and _edge(text, at + length) else None
                    if owners:
                        found[name] = Found(name, owners)
        return list(found.values())

    def near(self, words: str, most: int = 3) -> list[str]:
        """Names that are like these words, the most alike first."""
        likely: dict[str, None] = {}
        for word in sorted(_words(words), key=lambda word: len(self._words.get(word, ()))):
            for name in self._words.get(word, ()):
                likely.setdefault(name)
        rated = [(SequenceMatcher(None, words, name).ratio(), name) for name in list(likely)[:LIKELY]]
        return [name for rate, name in sorted(rated, key=lambda one: (-one[0], one[1])) if rate >= NEAR][:most]


class Names:
    """All names of a home."""

    def __init__(self, home: Home, settings: HomeSettings, codes: Sequence[str], generic: Iterable[str] = ()) -> None:
        """`generic`: words for a kind of thing, which alone are no name that a room's name may be left away from."""
        self._home, self._settings, self._codes = home, settings, tuple(codes)
        self._generic = {plain(word) for word in generic}
        self.things: dict[str, Entity] = {}
        """Id -> the thing, as the settings name it."""
        self.areas: dict[str, Area] = {}
        """Plain name -> room."""
        self.floors: dict[str, str] = {}
        """Plain name -> floor."""
        self.called, self.short, self.rooms, self.storeys = Index(), Index(), Index(), Index()
        """Names of things; the same without the room's name; names of rooms; of floors."""
        self._known: dict[str, Entity] = {}  # as the home told it
        self._indexed: dict[str, list[tuple[Index, list[str]]]] = {}
        self._todo: list[Entity | str] = []
        self._version: int | None = None
        self._told: tuple[Area, ...] | None = None

    @property
    def stale(self) -> bool:
        """Whether the home has changed since."""
        return bool(self._todo) or self._version != self._home.version

    def update(self, most: int = STEPS_IN_A_TURN) -> bool:
        """Take up at most so many changes; whether all are taken up."""
        version = self._home.version
        if version != self._version:
            self._version = version
            now = {entity.id: entity for entity in self._home.entities()[:MOST_ENTITIES]}
            gone: list[Entity | str] = [known for known in self._known if known not in now]
            if (areas := tuple(self._home.areas())) != self._told:
                self._told = areas
                self._read_areas(areas)
                self._known = dict.fromkeys(self._known, _NOTHING)  # names depend on their rooms' names: all anew
            self._todo = [*gone, *(entity for entity in now.values() if self._known.get(entity.id) != entity)]
        for change in self._todo[:most]:
            if isinstance(change, str):
                self._forget(change)
            else:
                self._learn(change)
        self._todo = self._todo[most:]
        return not self._todo

    def job(self) -> Iterator[None]:
        """The same as a background job: all of it, a little at a time."""
        while not self.update():
            yield

    def area_of(self, entity: Entity) -> str:
        """Its room's plain name; "" for none."""
        return plain(entity.area)

    def spoken(self, entity: Entity) -> str:
        """Its name as somebody says it, plain: with its numbers in words."""
        name = plain(entity.name)
        return next(self._said(name), name)

    def room(self, area: str) -> Area:
        """The room of a plain name; one that is not known (yet) is called so."""
        return self.areas.get(area) or Area(area)

    def floor_of(self, area: str) -> str:
        """The plain name of a room's floor; "" for none."""
        return plain(self.areas[area].floor) if area in self.areas else ""

    def _read_areas(self, told: Sequence[Area]) -> None:
        self.areas, self.floors, self.rooms, self.storeys = {}, {}, Index(), Index()
        areas = {plain(area.name): area for area in told}
        for name, more in self._settings.areas.items():
            there = areas.get(plain(name), Area(name))
            areas[plain(name)] = replace(there, aliases=(*there.aliases, *more.aliases), floor=more.floor or there.floor)
        for key, area in areas.items():
            self._add_area(key, area)
        for area in told:  # a floor that no room is known on
            if not plain(area.name):
                self._add_area("", area)

    def _add_area(self, key: str, area: Area) -> None:
        if key:
            self.areas[key] = area
        for name in (area.name, *area.aliases) if key else ():
            if 0 < len(plain(name)) <= LONGEST_NAME:
                self.rooms.add(plain(name), key)
        if floor := plain(area.floor):
            self.floors[floor] = area.floor
            for name in (floor, floor.removesuffix(" floor"), floor.removesuffix("层").removesuffix("楼")):
                if name:
                    self.storeys.add(name, floor)

    def _learn(self, told: Entity) -> None:
        self._forget(told.id)
        self._known[told.id] = told
        own = self._settings.entities.get(told.id, HomeEntity())
        if own.hidden:
            return
        entity = replace(
            told,
            name=own.name or told.name,
            aliases=(*told.aliases, *own.aliases, *((told.name,) if own.name else ())),
            area=own.area or told.area,
            tier=own.tier or told.tier,
        )
        self.things[told.id] = entity
        area = self.area_of(entity)
        if area and area not in self.areas:
            self._add_area(area, Area(entity.area))
        self._indexed[told.id] = self._names(entity)
        for index, names in self._indexed[told.id]:
            for name in names:
                index.add(name, told.id)

    def _forget(self, gone: str) -> None:
        self._known.pop(gone, None)
        self.things.pop(gone, None)
        for index, names in self._indexed.pop(gone, ()):  # as they were: its room may have had another name
            for name in names:
                index.remove(name, gone)

    def _names(self, entity: Entity) -> list[tuple[Index, list[str]]]:
        """Where a thing's names stand: its own, and those without the name of its room."""
        own = [name for name in map(plain, (entity.name, *entity.aliases)) if name and len(name) <= LONGEST_NAME]
        area = self.area_of(entity)
        rooms = [name for name, keys in self.rooms.names.items() if area in keys] if area else []
        rest = [name.removeprefix(room).strip().removeprefix("的") for name in own for room in rooms if name.startswith(room)]
        short = [name for name in rest if name not in self._generic and any(map(str.isalpha, name))]
        return [(self.called, self._all(own)), (self.short, self._all(short))]

    def _all(self, names: Sequence[str]) -> list[str]:
        return list(dict.fromkeys([*names, *(said for name in names for said in self._said(name))]))

    def _said(self, name: str) -> Iterator[str]:
        """A name with its numbers in words, as a recogniser writes them: lamp two."""
        for code in self._codes:
            if _NUMBER.search(name) and bool(re.search(rf"[{_CJK}]", name)) is (code == "zh"):
                yield plain(_NUMBER.sub(partial(_in_words, code), name))


def _in_words(code: str, number: re.Match[str]) -> str:
    return _amount(code, number[0])


@cache
def _amount(code: str, number: str) -> str:
    """A number below a hundred in words."""
    return str(import_module(f"assistant.languages.{code}.spoken").amount(number))


def _words(name: str) -> list[str]:
    """Its words; of Chinese its characters."""
    return re.findall(rf"[{_CJK}]|[^\s{_CJK}]+", name)


def _edge(text: str, at: int) -> bool:
    """Whether a word may begin or end here."""
    if at in (0, len(text)):
        return True
    return not (_inner(text[at - 1]) and _inner(text[at]))


def _inner(character: str) -> bool:
    """Whether it is part of a longer word."""
    return (character.isalnum() or character == "'") and not "\u3400" <= character <= "\u9fff"


def by_id(things: Mapping[str, Entity], ids: Iterable[str]) -> list[Entity]:
    """Those that are still there."""
    return [things[one] for one in ids if one in things]
