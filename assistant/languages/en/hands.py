"""English: what is said of timers, alarms and reminders."""

from collections.abc import Sequence
from datetime import datetime

nobody_rings = (
    "I cannot ring here: timers and alarms need the running assistant and its loudspeaker. Start it with assistant run."
)
nothing_rings = "Nothing is ringing."
silenced = "All right."
abilities = {
    "time date": "tell you the time and the date",
    "timers": "set timers, alarms and reminders",
    "lists": "keep your lists",
    "home": "control things at home",
    "arithmetic": "work out sums",
    "units": "convert units",
    "volume": "speak louder or quieter",
    "tempo": "speak slower or faster",
    "procedures": "read procedures step by step",
    "know": "remember what you tell me",
}
not_for_visitors = "That is only for the people who live here."
no_lists = "I cannot keep lists here."
shopping = "shopping"
no_volume = "There is no loudspeaker here whose volume I could change."
no_such_volume = "The volume goes from 0 to 100 percent."
no_tempo = "There is no voice here whose speed I could change."
tempo_is = {
    "slower": "I will speak slower.",
    "faster": "I will speak faster.",
    "usual": "I speak at my usual speed.",
    "slowest": "I cannot speak any slower.",
    "fastest": "I cannot speak any faster.",
}
not_kept = "It will be lost when I am restarted, because I cannot write to my disk."
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DONE = {"cancelled": "cancelled", "paused": "paused", "resumed": "running again", "changed": "changed"}
_UNABLE = {
    "full": "I keep a hundred timers, alarms and reminders at most. Cancel some first.",
    "short": "That is too short: a timer needs at least one second.",
    "past": "That time has passed.",
    "far": "That is too far away: I plan a year ahead at most.",
    "clock": "I do not know what time it is yet, so I cannot set that. Timers work.",
}
_EXAMPLES = {"timer": "ten minutes", "alarm": "seven in the morning", "reminder": "at six, or in ten minutes"}


def can(abilities: Sequence[str]) -> str:
    """See `HandTexts.can`."""
    return f"I can {_list([*abilities, 'talk with you'])}."


def list_changed(what: str, name: str, items: Sequence[str], more: int = 0) -> str:
    """See `HandTexts.list_changed`."""
    said, verb = _list(items), "is" if len(items) == 1 else "are"
    rest = f", and {more} more" if more > 0 else ""
    return {
        "added": f"{_capital(said)} {verb} on the {name} list now.",
        "there": f"{_capital(said)} {verb} on the {name} list already.",
        "removed": f"{_capital(said)} {verb} off the {name} list.",
        "missing": f"{_capital(said)} {verb} not on the {name} list.",
        "holds": f"On the {name} list: {said}{rest}.",
        "cleared": f"The {name} list is empty now.",
        "empty": f"There is nothing on the {name} list.",
        "full": "That does not fit: the lists are full, or it is too long for an entry.",
    }[what]


def volume_is(percent: int, muted: bool) -> str:
    """See `HandTexts.volume_is`."""
    return "I am muted." if muted else f"The volume is {percent} percent."


def duration(seconds: float) -> str:
    """See `HandTexts.duration`."""
    left, parts = round(seconds), []
    for size, name in ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    return _list(parts[:2]) or "no time"


def when(at: datetime, now: datetime, days: str) -> str:
    """See `HandTexts.when`."""
    minute = f":{at.minute:02}" if at.minute else ""
    part = "in the morning" if at.hour < 12 else "in the afternoon" if at.hour < 18 else "in the evening"
    clock = {(0, 0): "midnight", (12, 0): "noon"}.get((at.hour, at.minute), f"{at.hour % 12 or 12}{minute} {part}")
    if days:
        on = {"0123456": "every day", "01234": "every weekday", "56": "every weekend"}
        return f"{on.get(days, 'every ' + _list([_DAYS[int(day)] for day in days]))} at {clock}"
    ahead = (at.date() - now.date()).days
    if ahead in (0, 1):
        return f"{'today' if ahead == 0 else 'tomorrow'} at {clock}"
    date = f"{_DAYS[at.weekday()]}" if 0 < ahead < 7 else f"{_MONTHS[at.month - 1]} {at.day}"
    return f"on {date} at {clock}"


def name(kind: str, label: str) -> str:
    """See `HandTexts.name`."""
    if kind == "reminder":
        return f"the reminder to {label}" if label else "the reminder"
    return f"the {label} {kind}" if label else f"the {kind}"


def set_for(kind: str, label: str, seconds: float) -> str:
    """See `HandTexts.set_for`."""
    if kind == "reminder":
        return f"I will remind you in {duration(seconds)}{_to(label)}."
    return f"{_first(label)}{kind if label else kind.capitalize()} set for {duration(seconds)}."


def set_at(kind: str, label: str, when: str) -> str:
    """See `HandTexts.set_at`."""
    if kind == "reminder":
        return f"I will remind you {when}{_to(label)}."
    return f"{_first(label)}{kind if label else kind.capitalize()} set for {when}."


def left(kind: str, label: str, seconds: float, when: str, paused: bool) -> str:
    """See `HandTexts.left`."""
    this = _capital(name(kind, label))
    if when:
        return f"{this} is set for {when}."
    return f"{this} has {duration(seconds)} left{' and is paused' if paused else ''}."


def none(kind: str) -> str:
    """See `HandTexts.none`."""
    return f"There are no {kind}s set." if kind else "Nothing is set."


def none_called(kind: str, words: str, there: Sequence[str]) -> str:
    """See `HandTexts.none_called`."""
    return f"There is no {kind} like that. There is {_list(list(there)[:5])}."


def which(names: Sequence[str]) -> str:
    """See `HandTexts.which`."""
    return f"There are {len(names)}: {_list(list(names)[:5])}. Please say which one."


def changed(what: str, names: Sequence[str], left: str) -> str:
    """See `HandTexts.changed`."""
    verb = "is" if len(names) == 1 else "are"
    rest = f" with {left} left" if left else ""
    shown = list(names) if len(names) <= 3 else [f"all {len(names)}"]
    return f"{_capital(_list(shown))} {verb} {_DONE[what]}{rest}."


def snoozed(seconds: float) -> str:
    """See `HandTexts.snoozed`."""
    return f"I will ring again in {duration(seconds)}."


def rings(kind: str, label: str, due: datetime | None) -> str:
    """See `HandTexts.rings`."""
    late = f" This was due at {_clock(due)}." if due is not None else ""
    if kind == "reminder":
        return f"Reminder{': ' + label if label else ''}.{late}"
    if kind == "timer":
        return f"{_first(label)}{'timer' if label else 'Timer'} is over.{late}"
    now = f"It is time{': ' + label if label else ''}."
    return f"{now}{late}"


def missed(kind: str, label: str, due: datetime) -> str:
    """See `HandTexts.missed`."""
    return f"You missed {name(kind, label)}: it was due on {_DAYS[due.weekday()]} at {_clock(due)}."


def unable(why: str, kind: str) -> str:
    """See `HandTexts.unable`."""
    if why == "long":
        return "That is too long: a timer runs for seven days at most. Set an alarm or a reminder instead."
    return none(kind) if why == "none" else _UNABLE[why]


def no_time(words: str, kind: str) -> str:
    """See `HandTexts.no_time`."""
    asked = f"I do not understand the time in: {words}. " if words else ""
    return f"{asked}Please say it again with a time, such as {_EXAMPLES[kind]}."


def _clock(at: datetime) -> str:
    return f"{at.hour % 12 or 12}:{at.minute:02} {'AM' if at.hour < 12 else 'PM'}"


def _list(parts: Sequence[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def _first(label: str) -> str:
    return f"The {label} " if label else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _to(label: str) -> str:
    return f" to {label}" if label else ""
