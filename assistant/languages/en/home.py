"""English: what is said of the home."""

from collections.abc import Mapping, Sequence

from assistant.protocols_home import Value

joint = " "
nothing_known = "I do not know anything of the home yet. It has not been reached."
state_words = ("on", "off", "open", "opened", "closed", "close", "locked", "unlocked", "turn", "turned", "switch", "switched",
               "shut", "lock",
               "unlock", "set", "running", "playing", "dim", "dimmed", "bright")  # fmt: skip
declined = "All right, I leave it as it is."
changes_nothing = "All right, I change nothing."
pin = "What is the PIN?"
pin_wrong = "That is not the PIN. What is the PIN?"
no_pin = "That needs a PIN, and none is set. Name its file as home.pin_file in config.yaml."
no_digits = "I heard no digits. What is the PIN?"
kinds = {
    "awning": ("awning",), "blind": ("blind",), "curtain": ("curtain", "drape"), "door": ("door",), "garage": ("garage",),
    "gate": ("gate",), "shade": ("shade",), "shutter": ("shutter",), "window": ("window",),
}  # fmt: skip
everywhere = ("all", "every", "everywhere", "each", "whole", "entire")
here = ("here", "this room", "this area", "this space")
all_of_them = ("all", "all of them", "both", "both of them", "everything", "every one", "all rooms", "everywhere")
ordinals = (
    ("first", "first one", "number one", "one"),
    ("second", "second one", "number two", "two"),
    ("third", "third one", "number three", "three"),
    ("fourth", "fourth one", "number four", "four"),
    ("fifth", "fifth one", "number five", "five"),
    ("last", "last one"),
)
yes = ("yes", "yes please", "yeah", "yep", "sure", "okay", "ok", "please", "please do", "do it", "go ahead", "of course",
       "confirm", "right",
       "yes do it", "yes go ahead", "that is right", "correct", "i am sure", "yes i am sure")  # fmt: skip
no = ("no", "no thanks", "no thank you", "nope", "not now", "do not", "don't", "none", "none of them", "neither", "never mind",
      "nevermind",
      "no never mind", "leave it", "forget it")  # fmt: skip
joints = (" and ", " and also ", " and then ")
articles = ("the", "my", "our", "all the", "all my", "all")
negations = (
    "do not",
    "don't",
    "dont",
    "never",
    "please do not",
    "please don't",
    "you must not",
    "you should not",
    "you shouldn't",
)
requests = ("can you", "could you", "would you", "will you", "please", "can you please", "could you please", "would you please",
            "would you mind")  # fmt: skip
request_ends = ()
request_tails = ()
_THINGS = {
    "light": "light", "switch": "switch", "fan": "fan", "cover": "blind or curtain", "climate": "heating or cooling",
    "lock": "lock",
    "media_player": "media player", "vacuum": "vacuum cleaner", "lawn_mower": "lawn mower", "all": "device",
}  # fmt: skip
_PLURALS = {"light": "lights", "switch": "switches", "fan": "fans", "cover": "blinds and curtains", "lock": "locks"}
_RANGES = {
    "brightness": "Brightness goes from 0 to 100 percent.",
    "position": "A position goes from 0 to 100 percent.",
    "speed": "A fan's speed goes from 0 to 100 percent.",
    "volume": "Volume goes from 0 to 100 percent.",
    "temperature": "That is no temperature for a room.",
}
_STATES = {
    "on": "on", "off": "off", "open": "open", "closed": "closed", "opening": "opening", "closing": "closing", "locked": "locked",
    "unlocked": "unlocked", "jammed": "jammed", "playing": "playing", "paused": "paused", "idle": "idle", "heat": "heating",
    "cool": "cooling",
    "not_home": "away", "home": "at home", "docked": "in its dock", "cleaning": "cleaning", "returning": "on its way back",
    "detected": "detected", "clear": "clear", "unavailable": "not reachable", "unknown": "in a state that I do not know",
}  # fmt: skip
_DONE = {
    "turn_on": "on", "turn_off": "off", "open": "open", "close": "closed", "lock": "locked", "unlock": "unlocked",
    "pause": "paused",
    "play": "playing", "mute": "muted", "activate": "activated",
}  # fmt: skip
_DONE_OTHERWISE = {
    "toggle": ("has been switched over", "have been switched over"), "stop": ("has stopped", "have stopped"),
    "next": ("plays the next one", "play the next one"), "previous": ("plays the one before", "play the one before"),
    "unmute": ("has its sound back", "have their sound back"), "press": ("was pressed", "were pressed"),
    "start": ("has started", "have started"), "dock": ("goes back to its dock", "go back to their docks"),
}  # fmt: skip
_VERBS = {
    "turn_on": "turn on {}", "turn_off": "turn off {}", "toggle": "switch over {}", "open": "open {}", "close": "close {}",
    "stop": "stop {}",
    "lock": "lock {}", "unlock": "unlock {}", "pause": "pause {}", "play": "start {}", "next": "skip on {}",
    "previous": "go back on {}",
    "mute": "mute {}", "unmute": "unmute {}", "activate": "activate {}", "press": "press {}", "start": "start {}",
    "dock": "send back {}",
    "set": "change {}",
}  # fmt: skip


def did_you_mean(sentence: str) -> str:
    """See `HomeTexts.did_you_mean`."""
    return f"Did you mean: {sentence}?"


def unknown(words: str, near: Sequence[str]) -> str:
    """See `HomeTexts.unknown`."""
    there = f" There is {_list([_the(name) for name in near])}." if near else ""
    return f"I know nothing here that is called {words}.{there}"


def none_there(domain: str, area: str) -> str:
    """See `HomeTexts.none_there`."""
    return f"I know no {_THINGS.get(domain, 'such thing')} {f'in {_the(area)}' if area else 'here'}."


def not_there(name: str, area: str, asked: str) -> str:
    """See `HomeTexts.not_there`."""
    return f"{_capital(_the(name))} is {f'in {_the(area)}' if area else 'in no room that I know'}, not in {_the(asked)}."


def contradiction(areas: Sequence[str]) -> str:
    """See `HomeTexts.contradiction`."""
    return f"You named {_list([_the(area) for area in areas])}. Please say it again with one of them."


def twins(name: str, area: str) -> str:
    """See `HomeTexts.twins`."""
    where = f" in {_the(area)}" if area else ""
    return f"Several things{where} are called {name}. Give them different names in the section home of config.yaml."


def too_many(count: int) -> str:
    """See `HomeTexts.too_many`."""
    return f"Those are {count} things at once. Please name a room."


def out_of_range(what: str) -> str:
    """See `HomeTexts.out_of_range`."""
    return _RANGES[what]


def label(name: str, area: str) -> str:
    """See `HomeTexts.label`."""
    return f"{_the(name)} in {_the(area)}" if area else _the(name)


def things(domain: str, count: int) -> str:
    """See `HomeTexts.things`."""
    return f"{count} {_PLURALS.get(domain, 'things')}"


def one_of(area: str) -> str:
    """See `HomeTexts.one_of`."""
    return f"the one in {_the(area)}"


def which(labels: Sequence[str]) -> str:
    """See `HomeTexts.which`."""
    return f"Which one: {_list(labels, 'or')}?"


def which_room(rooms: Sequence[str]) -> str:
    """See `HomeTexts.which_room`."""
    return f"In which room: {_list([_the(room) for room in rooms], 'or')}?"


def shall_i(verb: str, values: Mapping[str, Value], labels: Sequence[str], domain: str) -> str:
    """See `HomeTexts.shall_i`."""
    return f"Shall I {_VERBS.get(verb, 'change {}').format(_some(labels, domain=domain))}?"


def pin_locked(seconds: float) -> str:
    """See `HomeTexts.pin_locked`."""
    minutes = max(1, round(seconds / 60))
    return f"That was wrong too often. I take no PIN for {minutes} minute{'' if minutes == 1 else 's'}."


def done(verb: str, values: Mapping[str, Value], labels: Sequence[str], domain: str) -> str:
    """See `HomeTexts.done`."""
    one = len(labels) == 1
    names, be = _capital(_some(labels, domain=domain)), "is" if one else "are"
    if verb in _DONE:
        return f"{names} {be} {_DONE[verb]}."
    if verb in _DONE_OTHERWISE:
        return f"{names} {_DONE_OTHERWISE[verb][not one]}."
    return f"{names} {be} set to {_values(values)}."


def not_done(outcome: str, reason: str, labels: Sequence[str], domain: str) -> str:
    """See `HomeTexts.not_done`."""
    one, names = len(labels) == 1, _some(labels, domain=domain)
    them, this = ("it", _capital(names)) if one else ("them", _capital(names))
    be, have = ("is", "has") if one else ("are", "have")
    if outcome == "refused":
        return f"I was not allowed to change {names}."
    if reason == "away":
        return f"{this} cannot be reached, so I changed nothing there."
    if reason == "unknown":
        return f"{this} {be} not there any more."
    if reason == "unable":
        return f"{this} cannot do that."
    if reason == "range":
        return f"{this} cannot be set to that."
    if reason == "rejected":
        return f"{this} did not accept that."
    if reason == "unconfirmed" or outcome == "timeout":
        return f"{this} {have} not answered. I do not know whether anything changed."
    return f"I could not change {names}: something went wrong with {them}."


def no_news(labels: Sequence[str]) -> str:
    """See `HomeTexts.no_news`."""
    return f"I do not know anything about {_some(labels)} at the moment."


def state(label: str, state: str, unit: str) -> str:
    """See `HomeTexts.state`."""
    return f"{_capital(label)} is {_state(state)}{_unit(unit)}."


def state_word(state: str, unit: str) -> str:
    """See `HomeTexts.state_word`."""
    return f"{_state(state)}{_unit(unit)}"


def yes_no(yes: bool, label: str, state: str) -> str:
    """See `HomeTexts.yes_no`."""
    return f"{'Yes' if yes else 'No'}, {label} is {_state(state)}."


def any_of(labels: Sequence[str], state: str) -> str:
    """See `HomeTexts.any_of`."""
    return f"Yes: {_some(labels, 5)}." if labels else f"No, none is {_state(state)}."


def all_of(others: Sequence[str], state: str, count: int) -> str:
    """See `HomeTexts.all_of`."""
    if not others:
        return f"Yes, all {count} are {_state(state)}." if count > 1 else f"Yes, it is {_state(state)}."
    return f"No: not {_some(others, 5)}."


def listed(labels: Sequence[str], state: str, counted: bool) -> str:
    """See `HomeTexts.listed`."""
    if not labels:
        return f"None is {_state(state)}."
    be = "is" if len(labels) == 1 else "are"
    if counted:
        return f"{len(labels)} {be} {_state(state)}{f': {_list(labels)}' if len(labels) <= 5 else ''}."
    return f"{_capital(_some(labels, 5))} {be} {_state(state)}."


def temperature(place: str, degrees: str) -> str:
    """See `HomeTexts.temperature`."""
    return f"It is {degrees} degrees {place if place.startswith('in ') else f'at {place}'}."


def inside(area: str) -> str:
    """See `HomeTexts.inside`."""
    return f"in {_the(area)}"


def cannot_with(name: str) -> str:
    """See `HomeTexts.cannot_with`."""
    return f"I cannot do that with {_the(name)}."


def _values(values: Mapping[str, Value]) -> str:
    said = []
    for name, value in values.items():
        number = f"{value:g}" if isinstance(value, int | float) else str(value)
        said.append(
            f"{number} percent" if name in ("brightness", "position", "speed", "volume")
            else f"{number} degrees" if name == "temperature"
            else f"{number} kelvin" if name == "color_temperature"
            else number
        )  # fmt: skip
    return _list(said) or "that"


def _state(state: str) -> str:
    return _STATES.get(state, state.replace("_", " "))


def _unit(unit: str) -> str:
    names = {"%": " percent", "°C": " degrees", "°F": " degrees Fahrenheit"}
    return names.get(unit, f" {unit}" if unit else "")


def _some(labels: Sequence[str], most: int = 3, domain: str = "") -> str:
    return _list(labels) if len(labels) <= most else things(domain, len(labels))


def _list(parts: Sequence[str], last: str = "and") -> str:
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}" if len(parts) > 1 else "".join(parts)


def _the(name: str) -> str:
    return name if name.lower().startswith(("the ", "my ", "our ", "your ")) else f"the {name}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
