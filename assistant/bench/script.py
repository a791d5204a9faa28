"""A talk whose every word is known before: for measurements on models that say noise, and the same in every wiring.

`ScriptedModel` stands between the house and its model: each token is computed and drawn as always, and then gives way to the
script's, so that everything is paid for and the text is the script's. It counts what was computed.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.cancel import Cancelled, CancelToken
from assistant.dialogue.notes import ASIDE
from assistant.dialogue.quotes import Quote
from assistant.memory.document_store import DocumentStore
from assistant.memory.documents import Documents
from assistant.protocols import ChatModel, ChatSession, Piece, Sampling

_THINGS = ["drill", "ladder", "tent", "kettle", "lamp", "violin", "sledge", "heater", "rake", "globe"]
_COLOURS = ["red", "green", "yellow", "white", "brown", "black", "silver", "orange", "blue", "grey"]
_PLACES = ["cellar", "attic", "garage", "shed", "barn", "hall", "office", "kitchen", "porch", "workshop"]
_TALK = [
    ("how was your morning", "It was quiet and pleasant, thank you. I am glad that we can talk a little before the day begins."),
    ("tell me something nice", "The first swallows come back in spring, and with them the long evenings behind the house."),
    ("what shall we cook tonight", "A soup with carrots and a little ginger is easy, and there is enough of it for tomorrow."),
    ("i am a bit tired today", "Then let us keep it short. A cup of tea and half an hour of rest may do more than coffee."),
    ("what do you think of the rain", "It is good for the trees, and it makes a fine sound while one sits inside and reads."),
    ("can you tell me a story", "Once a small boat wanted to see the sea, and so it followed the river down to the harbour."),
]
_MANUAL = (
    "Switch the {thing} off and let it cool for {n} minutes before you open it. Loosen the two screws at its back, take the cover"
    " off and wipe the filter with a cloth. Never use water. Close it, tighten the screws by hand and switch it on again."
)
_ASKED = ["how do i clean the {thing}", "how long does the {thing} have to cool", "when can i open the {thing} again"]
"""One of three names its thing last, and is found with that word alone (of the questions of `eval documents` one of five)."""


@dataclass(frozen=True)
class Line:
    """One turn of the script."""

    kind: str
    """talk, tell, recall or document."""
    user: str
    reply: str
    passage: str = ""
    """What a search finds for it: in our wiring the search itself does, in the others this stands before the words."""


def talk(turns: int) -> list[Line]:
    """The script: of ten turns one tells a fact, one asks for an older one, one asks the manual, the others are talk."""
    lines: list[Line] = []
    for number in range(turns):
        tens, place = divmod(number, 10)
        if place == 0:
            fact = _fact(tens)
            lines.append(
                Line("tell", fact, "Good to know. I will keep that in mind for you, in case that you look for it one day.")
            )
        elif place == 4 and tens:
            old = _fact(tens // 2)
            thing = " ".join(old.split()[1:3])
            lines.append(
                Line("recall", f"where is the {thing}", f"As far as I know {old}. You told me about it a while ago.", old)
            )
        elif place == 7:
            thing, n = _THINGS[tens % 10], 3 + tens % 20
            passage = _MANUAL.format(thing=thing, n=n)
            lines.append(
                Line(
                    "document",
                    _ASKED[tens % 3].format(thing=thing),
                    f"Let the {thing} cool for {n} minutes, then wipe its filter.",
                    passage,
                )
            )
        else:
            lines.append(Line("talk", *_TALK[number % len(_TALK)]))
    return lines


def _fact(number: int) -> str:
    colour, thing = _COLOURS[number % 10], _THINGS[(number + number // 10) % 10]
    return f"the {colour} {thing} is in the {_PLACES[(number * 3) % 10]}"


class Manual:
    """See `quotes.Library`: the script's manuals, one a thing, in a search of their own; the model always reads what is found."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._folder = TemporaryDirectory()
        folder = Path(self._folder.name)
        self._documents = Documents(DocumentStore(folder / "kept"))
        for number, line in enumerate(line for line in lines if line.kind == "document"):
            path = folder / f"{number}.txt"
            path.write_text(line.passage, encoding="utf-8")
            self._documents.add(path)

    def quote(self, text: str, code: str) -> Quote | None:
        """What the search finds."""
        found = self._documents.quote(text, code)
        return replace(found, sure=False) if found is not None else None

    def close(self) -> None:
        """Remove them."""
        self._documents.close()
        self._folder.cleanup()


class ScriptedModel:
    """See `protocols.ChatModel`."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        self.name, self.context, self.no_think = model.name, model.context, model.no_think
        self.im_start, self.im_end = model.im_start, model.im_end
        self.encode, self.close = model.encode, model.close
        self.replies: deque[str] = deque()
        """What to say next; what is said in idle time is made up from the question."""
        self.sessions: list[ScriptedSession] = []
        self.longest = 0
        """The most ids that a conversation has held."""
        self.noted = 0
        """Tokens generated in idle time."""
        self._gone = 0

    def open(self, key: str) -> "ScriptedSession":
        """A conversation on the script."""
        self.sessions.append(ScriptedSession(self, self._model.open(key), key))
        return self.sessions[-1]

    def evaluated(self) -> int:
        """Prompt tokens computed by all conversations so far."""
        return self._gone + sum(session.evaluated for session in self.sessions)

    def gone(self, session: "ScriptedSession") -> None:
        """A conversation was closed."""
        self._gone += session.evaluated
        self.sessions.remove(session)


class ScriptedSession:
    """See `protocols.ChatSession`."""

    def __init__(self, model: ScriptedModel, session: ChatSession, key: str) -> None:
        self._model, self._session, self._key = model, session, key
        self._forced = 0
        """Ids of the script: the engine takes them for a prompt's."""
        self.append, self.keep, self.evaluate = session.append, session.keep, session.evaluate
        self.truncate, self.save, self.load = session.truncate, session.save, session.load

    @property
    def ids(self) -> Sequence[int]:
        """All ids."""
        return self._session.ids

    @property
    def evaluated(self) -> int:
        """Prompt tokens computed."""
        return max(0, self._session.evaluated - self._forced)

    def stream(self, sampling: Sampling, cancel: CancelToken) -> Iterator[Piece]:
        """The script's reply, each token of which is computed and drawn; one that is given up is the next one, too."""
        aside = self._key.endswith(ASIDE)
        text = self._note(bool(sampling.grammar)) if aside else self._model.replies.popleft()
        drawing = replace(sampling, max_tokens=1, stop=())
        try:
            for token, piece in pieces(text, self._model.encode):
                before = len(self.ids)
                next(self._session.stream(drawing, cancel), None)
                self.truncate(before)
                self.append([token])
                self._forced += 1
                self._model.longest = max(self._model.longest, len(self.ids))
                self._model.noted += aside
                yield Piece(token, piece)
        except (GeneratorExit, Cancelled):
            if not aside:
                self._model.replies.appendleft(text)
            raise

    @staticmethod
    def _note(facts: bool) -> str:
        return '{"drill": "cellar", "tent": "garage"}' if facts else "The user spoke of the house and asked for the tools in it."

    def fork(self) -> ChatSession:
        """A copy; it is not on the script."""
        return self._session.fork()

    def close(self) -> None:
        """Close it; twice is harmless."""
        if self in self._model.sessions:
            self._model.gone(self)
        self._session.close()


def pieces(text: str, encode: Callable[[str], list[int]]) -> Iterator[tuple[int, str]]:
    """The ids of a text, each with the text that it completes: a word's whole text comes with its last id."""
    words = text.split(" ")
    for number, word in enumerate(words):
        ids = encode(word if number == 0 else f" {word}")
        for place, token in enumerate(ids):
            yield token, ("" if place < len(ids) - 1 else word if number == 0 else f" {word}")
