"""A scripted home for tests, ours and users' own: what is asked of it is kept, what becomes of it is set."""

from collections.abc import Mapping, Sequence

from assistant.protocols_home import Action, Area, Entity, Outcome, Receipt, Value

_STATES = {"turn_on": "on", "turn_off": "off", "open": "open", "close": "closed", "lock": "locked", "unlock": "unlocked",
           "play": "playing",
           "pause": "paused"}  # fmt: skip


class FakeHome:
    """Does at once what it is asked; `outcomes` says otherwise."""

    def __init__(self, entities: Sequence[Entity] = (), areas: Sequence[Area] = ()) -> None:
        self.version = 1
        self._entities, self._areas = list(entities), list(areas)
        self.states: dict[str, dict[str, Value]] = {}
        self.outcomes: dict[str, tuple[Outcome, str]] = {}
        """Entity -> what becomes of its actions, and why; done when it is not there."""
        self.looks = 0
        """So often a receipt is looked for before there is one."""
        self.asked: list[Action] = []
        """All actions that were begun."""
        self.changes: list[Action] = []
        """Those that were done."""
        self.dropped = 0
        """Pending actions that nobody waits for any more."""

    def put(self, *entities: Entity) -> None:
        """Add or change things."""
        there = {entity.id: entity for entity in self._entities} | {entity.id: entity for entity in entities}
        self._entities = list(there.values())
        self.version += 1

    def remove(self, entity: str) -> None:
        """Take a thing away."""
        self._entities = [there for there in self._entities if there.id != entity]
        self.version += 1

    def rooms(self, areas: Sequence[Area]) -> None:
        """Have these rooms from now on."""
        self._areas = list(areas)
        self.version += 1

    def entities(self) -> Sequence[Entity]:
        """Its things."""
        return tuple(self._entities)

    def areas(self) -> Sequence[Area]:
        """Its rooms."""
        return tuple(self._areas)

    def state(self, entity: str) -> Mapping[str, Value] | None:
        """What was put into `states`, and what was done since."""
        return self.states.get(entity)

    def act(self, actions: Sequence[Action]) -> "FakePending":
        """Begin to do them."""
        self.asked.extend(actions)
        return FakePending(self, actions, self.looks)

    def do(self, action: Action) -> Receipt:
        """Do one thing, or not."""
        known = any(entity.id == action.entity for entity in self._entities)
        outcome, reason = self.outcomes.get(action.entity, ("done", "") if known else ("failed", "unknown"))
        if outcome == "done":
            self.changes.append(action)
            state = self.states.setdefault(action.entity, {})
            state |= action.values
            if action.verb in _STATES:
                state["state"] = _STATES[action.verb]
        return Receipt(action, outcome, reason)


class FakePending:
    """Actions that are done after so many looks."""

    def __init__(self, home: FakeHome, actions: Sequence[Action], looks: int) -> None:
        self._home, self._actions, self._looks = home, actions, looks

    def receipts(self) -> Sequence[Receipt] | None:
        """None so often, then what became of them."""
        self._looks -= 1
        return [self._home.do(action) for action in self._actions] if self._looks < 0 else None

    def drop(self) -> None:
        """Count it; nothing is done."""
        self._home.dropped += 1
