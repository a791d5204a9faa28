# ruff: noqa: E501 (tables of phrases)
"""English sentences for the recogniser's language model and its training speech, out of every source there is.

Rules: lower case, words apart by one space, every word in the pronouncing dictionary; `speech_templates.DEV` and `TEST` are not
among the sources. The same generator state gives the same sentence. One-word commands said alone are common: people say them so.
"""

import random
import re
from collections.abc import Iterator, Sequence

from assistant.languages import language
from scripts.training import speech_dialogue, speech_templates, speech_text
from scripts.training.speech_intents import Commands
from scripts.training.words_lexicon import dictionary, known
from scripts.training.words_lists import SLOTS

Rng = random.Random

COMMANDS = (
    "stop", "stop", "stop", "stop", "stop it", "please stop", "stop please", "stop now", "stop talking", "yes", "yes", "no", "no", "yes please",
    "no thanks", "no thank you", "okay", "ok", "louder", "quieter", "softer", "faster", "slower", "brighter", "darker", "warmer", "colder", "cooler",
    "cancel", "cancel", "cancel that", "cancel please", "pause", "pause", "pause please", "resume", "continue", "next", "next", "next one", "next please",
    "next song", "next track", "previous", "previous song", "back", "go back", "help", "help", "help me", "time", "time please", "date", "date please",
    "the time", "the date", "repeat", "repeat that", "repeat please", "again", "again please", "once more", "say that again", "what", "what was that",
    "why", "who", "where", "when", "how", "hello", "hi", "hey", "good morning", "good evening", "good night", "goodbye", "bye", "bye bye", "thanks",
    "thank you", "please", "sorry", "pardon", "excuse me", "sure", "right", "correct", "exactly", "wrong", "true", "false", "maybe", "never mind", "forget it",
    "enough", "quiet", "be quiet", "silence", "shut up", "wait", "hold on", "go on", "go", "start", "begin", "play", "play music", "music", "mute", "unmute",
    "volume up", "volume down", "lights on", "lights off", "light on", "light off", "on", "off", "up", "down", "left", "right", "open", "close", "lock",
    "unlock", "snooze", "skip", "skip this", "more", "less", "good", "great", "fine", "cool", "nice", "perfect", "wonderful", "really", "of course",
    "not now", "later", "now", "today", "tomorrow", "tonight", "yesterday", "that is all", "that is enough", "nothing", "okay nabu", "hey jarvis", "alexa",
    "hey mycroft", "okay nabu", "hey jarvis", "assistant", "hey assistant", "computer", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "zero", "ten", "eleven", "twelve", "twenty", "thirty", "forty", "fifty", "one hundred", "one", "two", "three", "four", "five", "six", "seven", "eight",
    "nine", "zero", "seven seven", "one two three", "set timer", "set a timer", "new timer", "weather", "news", "joke", "tell me a joke", "another one",
    "what time is it", "turn it on", "turn it off", "turn on", "turn off", "do it", "quit", "finish", "finished", "done", "i am done", "nope", "yeah", "yep",
)  # fmt: skip
_FRAMES = (
    "i want to (know|hear|see|talk about) {topic}", "i want (some|more|a little|no) {food}", "i would like (some|more|a|to have) {food} [please]",
    "(i need|i would like|i want) (you|somebody) to (turn|switch) (on|off) the {light} [in the {room}]", "it is (too|very|so|a bit) (dark|bright|cold|hot|warm|loud|quiet) [in (here|the {room})]",
    "(let|make) (me|us|it) (go|be|have|see|hear|know) [the] {misc}", "(is|are|was|were) (it|there|the {room} {light}|the {switch}|the {cover}) (still|already|really|not) (on|off|open|closed|there|ready)",
    "can (i|we|you) (have|get|see|hear|put|take|use|open|start|stop|find) (the|a|my|some|more) ({food}|{switch}|{music}|{misc})", "(do|does|did|will|would|could|should) (i|you|he|she|it|we|they) (have|get|need|like|want|know|take|say|go|see) [the|a|some] ({food}|{animal}|{hobby}|{misc})",
    "(there is|there are|here is|here are|this is|that is|these are|it is) (a|the|my|your|no|some) ({animal}|{food}|{switch}|{misc})", "(he|she|it|they|we|you) (is|are|was|were|has|have|had) [a|the|not|very|so] ({misc}|{job}|{colour})",
    "(the|my|your|our|his|her|their) ({switch}|{light}|{cover}|{animal}|{food}) (is|was|are|in the {room} is|for {name} is|and the {switch} are) ({colour}|{misc}|ready|on|off|here|there)",
    "(who|what|where|when|why|how|which one) (is|are|was|were|do you think is|can be) (the|my|your|this|that|it) [{misc}]", "(please|now|then|so|well|and|but|because) (i|you|we|it) (can|will|would|should|must|may|might|could) (not|still|also|only|always|never|be|have|get|go|come) [{misc}]",
    "(give|bring|show|tell|get|buy|send|find|make|read|teach|ask) (me|us|him|her|them|{name}) (a|the|my|some|another|one|more|all|about|what|how|when) ({misc}|{food}|{topic})", "(ask|tell|call|help|thank) {name} (to|for|about|if|that) ({task}|{food}|{topic})",
    "(in|on|at|for|with|from|to|about|after|before|until|by) (the|my|your|a|one|{n}) ({room}|{unit}|{misc}|{day}|{list})", "{misc} (and|or|but|is|for|in|of|to|with|the|a) {misc} [{misc}]", "(the|my|a|this|that|your) {misc} {misc}",
    "(i|we) (think|hope|know|believe|guess|wish|see|heard|said|forgot|remember) (that|it is|you are|i am|we have|there is) [a|the] {misc}", "(put|take|leave|keep|move) (it|this|that|the {food}|my {misc}) (in|on|to|from|out of|into) (the|my) ({room}|{list}|{misc})",
    "{name} (is|has|likes|wants|needs|lives|works|said|called|knows) (a|the|in|at|my|to|that|with) ({city}|{food}|{animal}|{job}|{misc})", "[{misc}] (what|how|where|when) (about|is|are) [the|my|your] {misc} (today|tomorrow|now|then|please|again|there|here)",
)  # fmt: skip
_BEFORE = (
    "please", "can you", "could you", "would you", "will you", "can you please", "could you please", "i want you to", "so", "okay", "hey", "well", "now",
    "and", "then", "yes", "no", "but", "okay nabu", "hey jarvis", "alexa", "hey assistant", "um", "oh", "sorry", "do you know", "can you tell me", "tell me",
    "i want to know", "i said", "hello", "hi", "let me", "i need you to", "you can", "you should",
)  # fmt: skip
_AFTER = (
    "please", "now", "for me", "again", "then", "thanks", "thank you", "today", "tomorrow", "tonight", "right now", "for me please", "if you can", "too",
    "okay", "later", "a bit", "a little", "in the morning", "at home", "here", "there", "one more time",
)  # fmt: skip
_SPELT = str.maketrans({"-": " ", "%": " percent ", "°": " ", "/": " ", ",": " ", "?": " ", "!": " ", ".": " "})


def sentences(rng: Rng) -> Iterator[str]:
    """Sentences without end."""
    words = dictionary()
    sources: Sequence[tuple[float, Iterator[str]]] = (
        (0.42, speech_text.sentences(speech_templates.TRAINING, rng)),
        (0.20, speech_dialogue.sentences("en", speech_text.number, rng)),
        (0.12, _commands(rng)),
        (0.08, speech_text.sentences(_FRAMES, rng)),
        (0.15, _short(rng)),
        (0.03, iter(lambda: rng.choice(speech_templates.DEMO), "")),
    )
    weights = [weight for weight, _ in sources]
    while True:
        at = rng.choices(range(len(sources)), weights)[0]
        text = " ".join(next(sources[at][1]).lower().translate(_SPELT).split())
        if at < 3 and rng.random() < 0.12 and len(text.split()) > 1:
            text = f"{rng.choice(_BEFORE)} {text}" if rng.random() < 0.6 else f"{text} {rng.choice(_AFTER)}"
        if text and not re.search(r"[^a-z' ]", text) and all(word in words for word in text.split()):
            yield text


def _short(rng: Rng) -> Iterator[str]:
    """What is said alone."""
    slots = [
        phrase for name in ("misc", "name", "food", "city", "colour", "room", "day", "unit") for phrase in known(SLOTS[name])
    ]
    while True:
        yield rng.choice(COMMANDS) if rng.random() < 0.8 else rng.choice((speech_text.number(rng), rng.choice(slots)))


def _commands(rng: Rng) -> Iterator[str]:
    spoken = language("en")
    slots = {
        "area": [*spoken.rooms, *spoken.rooms, *known(SLOTS["room"])],
        "floor": ["first", "ground", "top", "upper", "basement"],
        "name": [*spoken.things, *(f"{room} {thing}" for room in spoken.rooms for thing in spoken.things[:12])],
        "timer_name": known(SLOTS["timer"]),
        "shopping_list_item": known(SLOTS["food"]),
        "todo_list_item": [*known(SLOTS["task"]), *known(SLOTS["food"])],
        "timer_command": [f"turn {way} the {thing}" for way in ("on", "off") for thing in known(SLOTS["light"])],
        "search_query": known(SLOTS["music"]),
        "message": ["dinner is ready", "i am home", "breakfast is ready", "it is time for bed", "we are leaving"],
        "zone": ["home", "work", "school"],
        "*": known(SLOTS["misc"]),
    }
    return Commands(spoken.intents, slots, speech_text.number).sentences(rng)
