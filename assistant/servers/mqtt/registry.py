"""The things of the home as their messages tell them: who there is, in which state, and whether they are there.

The loop feeds it; any thread may read: what is read is replaced whole, never changed.
Bounded: `MAX_ENTITIES` things, `MAX_TOPICS` topics; more are left out, counted, and said once in the log.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.protocols_home import Area, Entity, Value
from assistant.servers.mqtt.discovery import Announced, Malformed, parse
from assistant.servers.mqtt.parts import Availability, State, Thing
from assistant.servers.mqtt.templates import Payload, Reader, Unreadable, reader

_log = logging.getLogger(__name__)
MAX_ENTITIES = 10_000
MAX_TOPICS = 40_000
MAX_PAYLOAD = 256 * 1024
"""Bytes; longer messages are malformed."""


@dataclass
class _Held:
    """A thing that is kept."""

    id: str
    thing: Thing
    entity: Entity
    place: str
    """The discovery topic."""
    topics: set[str] = field(default_factory=set)
    blind: frozenset[int] = frozenset()
    """Numbers of availabilities that cannot be read: nobody could tell that it is away."""
    there: dict[int, bool] = field(default_factory=dict)
    """Availability's number -> what it told last; replaced whole."""
    latest: bool | None = None


@dataclass(frozen=True)
class _Ear:
    """What listens to a topic."""

    held: _Held
    read: Reader
    take: Callable[[str], State | None] | None
    """None: it is an availability."""
    tells: tuple[str, ...] = ()
    number: int = 0
    availability: Availability | None = None


@dataclass(frozen=True)
class Change:
    """Topics to listen to, and to listen to no longer."""

    listen: frozenset[str] = frozenset()
    leave: frozenset[str] = frozenset()


class Registry:
    """All things at one broker."""

    def __init__(self, prefix: str, own: str, clock: Callable[[], float]) -> None:
        """`own`: identifier of the assistant's own device, which is no thing of the home."""
        self._prefix, self._own, self._clock = prefix, own, clock
        self._held: dict[str, _Held] = {}  # key -> thing
        self._places: dict[str, list[str]] = {}  # discovery topic -> keys
        self._ids: dict[str, _Held] = {}
        self._ears: dict[str, list[_Ear]] = {}
        self._states: dict[str, State] = {}
        self._heard_at: dict[str, float] = {}
        self._changed = False
        self._said: set[str] = set()
        self._snapshot: tuple[tuple[Entity, ...], tuple[Area, ...], int] = ((), (), 0)
        self.counts: Counter[str] = Counter()
        """malformed, passed_over, unreadable (templates), too_many, too_long."""

    # -- from any thread ---------------------------------------------------------------------------------------

    @property
    def version(self) -> int:
        """Rises with each `settle` that changed who there is."""
        return self._snapshot[2]

    def entities(self) -> Sequence[Entity]:
        """Who there was at the last `settle`."""
        return self._snapshot[0]

    def areas(self) -> Sequence[Area]:
        """Their rooms."""
        return self._snapshot[1]

    def thing(self, entity: str) -> tuple[Thing, bool] | None:
        """A thing and whether it is there; None for one that nobody announced."""
        held = self._ids.get(entity)
        return None if held is None else (held.thing, self._is_there(held))

    def state(self, entity: str) -> Mapping[str, Value] | None:
        """What is known of it; None while its messages have told nothing, or too long ago."""
        held, known = self._ids.get(entity), self._states.get(entity)
        if held is None or not known:
            return None
        expires = held.thing.expire_after
        if expires and self._clock() - self._heard_at.get(entity, 0.0) > expires:
            return None
        return {**held.thing.fixed(), **known}

    # -- the loop's ---------------------------------------------------------------------------------------------

    def announce(self, topic: str, payload: bytes) -> Change:
        """A discovery message; what is malformed changes nothing, is counted and said in one line."""
        try:
            if len(payload) > MAX_PAYLOAD:
                raise Malformed(f"is longer than {MAX_PAYLOAD // 1024} KB")
            message = parse(self._prefix, topic, payload)
        except Malformed as error:
            self._count("malformed", topic, f"{error}; passed over")
            return Change()
        if message.malformed:
            self._count("malformed", topic, f"{message.malformed}; passed over")
        self.counts["passed_over"] += message.passed_over
        before = {key: self._held[key] for key in self._places.get(topic, ())}
        now = {item.key: item for item in message.things if not self._is_own(item.thing)}
        left: set[str] = set()
        for key, held in before.items():
            if key not in now or now[key].thing != held.thing:
                left |= self._drop(key)
        fresh: set[str] = set()
        for key, item in now.items():
            if key not in self._held:
                fresh |= self._add(item, topic)
        if topic in self._places and not self._places[topic]:
            del self._places[topic]
        return Change(frozenset(fresh - left), frozenset(left - fresh - set(self._ears)))

    def tell(self, topic: str, payload: bytes) -> None:
        """A message on a topic that is listened to."""
        ears = self._ears.get(topic)
        if not ears:
            return
        if len(payload) > MAX_PAYLOAD:
            self._count("too_long", topic, f"a message of {len(payload)} bytes is passed over")
            return
        told = Payload(payload)
        for ear in ears:
            text = ear.read(told)
            if ear.availability is not None:
                self._availability(ear, text)
            elif text is not None and ear.take is not None:
                self._put(ear.held.id, ear.take(text), ear.tells)

    def assume(self, entity: str, state: State) -> None:
        """Take something for the state of a thing that does not tell it."""
        if entity in self._ids and state:
            self._put(entity, state, ())

    def topics(self) -> Sequence[str]:
        """All that are listened to."""
        return list(self._ears)

    def settle(self) -> bool:
        """Let readers see who there is now; whether that has changed."""
        if not self._changed:
            return False
        self._changed = False
        entities = tuple(held.entity for held in self._held.values())
        areas = tuple(Area(name) for name in dict.fromkeys(entity.area for entity in entities if entity.area))
        self._snapshot = (entities, areas, self._snapshot[2] + 1)
        return True

    def forget_states(self) -> None:
        """The broker is away: what its things told is not known any more."""
        self._states = {}
        for held in self._held.values():
            held.there, held.latest = {}, None

    # -- small parts --------------------------------------------------------------------------------------------

    def _add(self, item: Announced, topic: str) -> set[str]:
        """Keep a thing; the topics that nobody listened to before."""
        thing = item.thing
        if len(self._held) >= MAX_ENTITIES:
            self._count("too_many", topic, f"there are {MAX_ENTITIES} things already; more are left out", once="too_many")
            return set()
        entity_id = thing.entity_id(item.object_id)
        if entity_id in self._ids:
            number = next(n for n in range(2, MAX_ENTITIES + 2) if f"{entity_id}_{n}" not in self._ids)
            entity_id = f"{entity_id}_{number}"
        name, own = thing.spoken_name(item.object_id), thing.name or ""
        aliases = (own,) if own and own != name and thing.domain not in ("sensor", "binary_sensor") else ()
        entity = Entity(
            entity_id, thing.domain, name, aliases, thing.device.suggested_area or "", device_class=thing.device_class or ""
        )
        held = _Held(entity_id, thing, entity, topic)
        fresh: set[str] = set()
        for of, ear in self._listening(held):
            if of not in self._ears:
                if len(self._ears) >= MAX_TOPICS:
                    self._count("too_many", topic, f"there are {MAX_TOPICS} topics already; more are left out", once="topics")
                    continue
                self._ears[of] = []
                fresh.add(of)
            self._ears[of].append(ear)
            held.topics.add(of)
        self._held[item.key] = self._ids[entity_id] = held
        self._places.setdefault(topic, []).append(item.key)
        self._changed = True
        return fresh

    def _listening(self, held: _Held) -> list[tuple[str, _Ear]]:
        """(topic, who listens) for all that tell of a thing; a template that would have to be run makes that unknown."""
        ears: list[tuple[str, _Ear]] = []
        for read in held.thing.reads():
            if (how := self._reader(read.template, read.topic)) is not None:
                ears.append((read.topic, _Ear(held, how, read.take, read.tells)))
        for index, there in enumerate(held.thing.all_availability()):
            if (how := self._reader(there.value_template, there.topic)) is not None:
                ears.append((there.topic, _Ear(held, how, None, (), index, there)))
            else:
                held.blind |= {index}
        return ears

    def _reader(self, template: str | None, topic: str) -> Reader | None:
        try:
            return reader(template)
        except Unreadable:
            self._count("unreadable", topic, "its template would have to be run; what it tells stays unknown")
            return None

    def _drop(self, key: str) -> set[str]:
        """Take a thing away; its topics."""
        held = self._held.pop(key)
        del self._ids[held.id]
        self._states.pop(held.id, None)
        self._heard_at.pop(held.id, None)
        self._places[held.place].remove(key)
        for topic in held.topics:
            self._ears[topic] = [ear for ear in self._ears[topic] if ear.held is not held]
            if not self._ears[topic]:
                del self._ears[topic]
        self._changed = True
        return held.topics

    def _put(self, entity: str, told: State | None, tells: tuple[str, ...]) -> None:
        known = {name: value for name, value in self._states.get(entity, {}).items() if told is not None or name not in tells}
        self._states[entity] = {**known, **(told or {})}
        self._heard_at[entity] = self._clock()

    def _availability(self, ear: _Ear, text: str | None) -> None:
        says = ear.availability
        if says is None or text not in (says.payload_available, says.payload_not_available):
            return
        told = text == says.payload_available
        ear.held.there = {**ear.held.there, ear.number: told}
        ear.held.latest = told

    def _is_there(self, held: _Held) -> bool:
        count = len(held.thing.all_availability())
        if not count:
            return True
        there = held.there
        told = [index in held.blind or there.get(index, False) for index in range(count)]
        if held.thing.availability_mode == "latest":
            return all(told) if held.latest is None else held.latest
        return all(told) if held.thing.availability_mode == "all" else any(told)

    def _is_own(self, thing: Thing) -> bool:
        named = thing.device.identifiers
        return self._own == named or (isinstance(named, list) and self._own in named)

    def _count(self, what: str, topic: str, line: str, once: str = "") -> None:
        """Count it; said in the log once for each topic, and of at most 100 topics."""
        self.counts[what] += 1
        mark = once or f"{what} {topic}"
        if mark not in self._said and len(self._said) < 100:
            self._said.add(mark)
            _log.warning("mqtt: %.200r: %s", topic, line)
