"""What is said of the home: receipts as sentences, and states as answers. Nothing is claimed that no receipt says."""

from collections.abc import Mapping, Sequence

from assistant.languages.home import HomeTexts
from assistant.protocols_home import Action, Entity, Receipt, Value
from assistant.skills.home_grammar import Match

_OPENINGS = frozenset({"door", "window", "garage_door", "opening", "garage", "gate"})
_DETECTIONS = frozenset(
    {"motion", "occupancy", "moisture", "smoke", "gas", "carbon_monoxide", "sound", "presence", "vibration", "problem"}
)
_RUNNING = frozenset({"media_player", "climate", "fan", "vacuum"})
_NOT_ON = frozenset({"off", "idle", "standby", "unavailable", "unknown", "docked"})


def told(
    actions: Sequence[Action], receipts: Sequence[Receipt], things: Mapping[str, tuple[Entity, str]], texts: HomeTexts
) -> str:
    """What became of these actions: what was done first, then what was not; an action without a receipt of its own is a timeout.

    `things`: id -> the thing and its label.
    """
    done: dict[tuple[str, str], list[Action]] = {}
    not_done: dict[tuple[str, str], list[Action]] = {}
    for place, action in enumerate(actions):
        receipt = receipts[place] if place < len(receipts) else None
        if receipt is None or receipt.action != action:
            not_done.setdefault(("timeout", ""), []).append(action)
        elif receipt.outcome == "done":
            done.setdefault((action.verb, str(sorted(action.values.items()))), []).append(action)
        else:
            not_done.setdefault((receipt.outcome, receipt.reason), []).append(action)

    def named(some: Sequence[Action]) -> tuple[list[str], str]:
        known = [things[action.entity] for action in some if action.entity in things]
        labels = [things[action.entity][1] if action.entity in things else action.entity for action in some]
        return labels, domain_of([thing for thing, _ in known])

    said = [texts.done(some[0].verb, some[0].values, *named(some)) for some in done.values()]
    said += [texts.not_done(outcome, reason, *named(some)) for (outcome, reason), some in not_done.items()]
    return texts.joint.join(said)


def domain_of(things: Sequence[Entity]) -> str:
    """The domain that all of them have; "" when they differ."""
    domains = {thing.domain for thing in things}
    return domains.pop() if len(domains) == 1 else ""


def answer(
    match: Match,
    things: Sequence[tuple[Entity, str]],
    states: Mapping[str, Mapping[str, Value] | None],
    place: str,
    texts: HomeTexts,
) -> str:
    """What is said to a question about these things (each with its label) in a place, whose states are these."""
    known = [
        (thing, label, state) for thing, label in things if (state := states.get(thing.id)) and state.get("state") is not None
    ]
    if match.intent == "HassClimateGetTemperature":
        return _temperature(things, states, place, texts)
    if not known:
        return texts.no_news([label for _, label in things])
    wanted = str(match.slots.get("state", ""))
    if not wanted:
        return texts.joint.join(texts.state(label, *_shown(thing, state)) for thing, label, state in known[:5])
    fits = {label: _is(thing, str(state["state"]), wanted) for thing, label, state in known}
    word = _word(known[0][0], wanted)
    if "name" in match.slots:
        return texts.joint.join(texts.yes_no(fits[label], label, _shown(thing, state)[0]) for thing, label, state in known[:5])
    hits = [label for label, fit in fits.items() if fit]
    if match.kind == "all":
        return texts.all_of([label for label, fit in fits.items() if not fit], word, len(fits))
    if match.kind in ("which", "how_many"):
        return texts.listed(hits, word, match.kind == "how_many")
    return texts.any_of(hits, word)


def states_of(things: Sequence[tuple[Entity, str]], states: Mapping[str, Mapping[str, Value] | None], texts: HomeTexts) -> str:
    """How these things are, whatever exactly was asked."""
    return texts.joint.join(
        texts.state(label, *_shown(thing, state))
        if (state := states.get(thing.id)) and "state" in state
        else texts.no_news([label])
        for thing, label in things
    )


def _temperature(
    things: Sequence[tuple[Entity, str]], states: Mapping[str, Mapping[str, Value] | None], place: str, texts: HomeTexts
) -> str:
    for thing, label in sorted(things, key=lambda one: one[0].domain != "climate"):
        state = states.get(thing.id) or {}
        degrees = state.get("current_temperature", state.get("state") if thing.domain == "sensor" else None)
        if degrees is not None:
            return texts.temperature(place or label, f"{degrees:g}" if isinstance(degrees, int | float) else str(degrees))
    return texts.no_news([label for _, label in things])


def _is(thing: Entity, state: str, wanted: str) -> bool:
    if wanted == "on" and thing.domain in _RUNNING:
        return state not in _NOT_ON
    return state == wanted


def _word(thing: Entity, state: str) -> str:
    """A state as it is said of such a thing: a door that is on is open."""
    if thing.domain == "binary_sensor" and state in ("on", "off"):
        if thing.device_class in _OPENINGS:
            return "open" if state == "on" else "closed"
        if thing.device_class in _DETECTIONS:
            return "detected" if state == "on" else "clear"
        if thing.device_class == "lock":
            return "unlocked" if state == "on" else "locked"
    return state


def _shown(thing: Entity, state: Mapping[str, Value]) -> tuple[str, str]:
    """A state as it is said, and its unit."""
    value = state["state"]
    text = f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
    return _word(thing, text), str(state.get("unit", ""))
