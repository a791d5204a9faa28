"""English."""

from datetime import datetime

from assistant.languages import Language, Texts

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _time(now: datetime) -> str:
    if now.minute == 0:
        return f"It is {now.hour % 12 or 12} o'clock."
    return f"It is {now.hour % 12 or 12}:{now.minute:02}."


def _date(now: datetime) -> str:
    last = now.day % 10
    suffix = "th" if 11 <= now.day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(last, "th")
    return f"It is {_DAYS[now.weekday()]}, {_MONTHS[now.month - 1]} {now.day}{suffix}, {now.year}."


def _knows(name: str, value: str) -> str:
    if name.startswith("note "):
        return f"You told me: {value}."
    about = {"city": "You live in {value}.", "job": "You work as {value}.", "language": "You speak {value}.",
             "style": "You asked me: {value}.", "units": "You use {value} units.",
             "task": "You are working on {value}."}  # fmt: skip
    return about.get(name, "Your {name} is {value}.").format(name=name, value=value)


def _from_document(name: str, page: int) -> str:
    return f"That is from the {name.removeprefix('the ')}{f', page {page}' if page else ''}."


LANGUAGE = Language(
    code="en",
    intents="en",
    texts=Texts(
        apology="Sorry, something went wrong.",
        empty_reply="I have no answer to that.",
        go_on_offer="Shall I go on?",
        go_on_request="Please go on where you stopped.",
        go_on_declined="All right.",
        too_long="That was too long for me. Please ask it in parts.",
        silent_microphone="I hear nothing at all. Is the microphone switched off or muted?",
        nothing_to_repeat="I have not said anything yet.",
        spelled=lambda letters: f"{', '.join(letters)}.",
        only_letters="I can only spell words that are written in letters.",
        nothing_to_forget="I do not remember anything like that.",
        forgot="I have forgotten that.",
        forgot_all="I have forgotten everything about you.",
        knows_nothing="I do not remember anything about you yet.",
        knows=_knows,
        slot_names={},
        cannot="I cannot {what} yet. The section {section} of config.yaml will connect that.",
        time=_time,
        date=_date,
        from_document=_from_document,
        not_in_documents="The documents do not say that.",
        areas={
            "home": "control things at home",
            "state": "look at things at home",
            "climate": "control the heating",
            "media": "play or control media",
            "timers": "carry out commands at a later time",
            "lists": "change lists that way",
            "weather": "see the weather",
            "broadcast": "make announcements",
        },
    ),
    rooms=tuple(
        [
            "kitchen",
            "bedroom",
            "living room",
            "bathroom",
            "hallway",
            "office",
            "garage",
            "garden",
            "dining room",
            "basement",
            "attic",
            "hall",
            "nursery",
            "guest room",
            "workshop",
            "study",
            "laundry room",
            "balcony",
            "terrace",
            "porch",
            "house",
            "cellar",
            "shed",
            "entrance",
        ]
    ),
    things=tuple(
        [
            "light",
            "lights",
            "lamp",
            "fan",
            "heater",
            "television",
            "tv",
            "radio",
            "heating",
            "speaker",
            "switch",
            "plug",
            "outlet",
            "thermostat",
            "oven",
            "door",
            "front door",
            "back door",
            "window",
            "windows",
            "garage door",
            "gate",
            "blinds",
            "curtains",
            "shutters",
            "alarm",
            "vacuum",
            "camera",
            "lock",
            "dishwasher",
            "washing machine",
            "dryer",
            "coffee machine",
        ]
    ),
)
