"""A document in a few lines, by the language model: each part in one line (map), then the lines together (reduce).

Bounds: `MOST_PARTS` parts of at most a third of the context, lines of `LINE_TOKENS`; a longer document is summarised from its
beginning, and it is said. A line that is not made of its part's own words is no summary of it (a small model may say anything):
the part's most central sentence stands in for it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.cancel import CancelToken
from assistant.dialogue.prompt import PERSONA, Prompt
from assistant.memory.chunks import width
from assistant.memory.document_store import Passage
from assistant.memory.wording import is_chinese, question
from assistant.protocols import ChatModel, Sampling

MOST_PARTS = 40
PART = 1200
"""Width of a part: some 300 tokens."""
LINE_TOKENS = 60
WHOLE_TOKENS = 160
OWN = 0.6
"""The share of a line's words that must be its part's."""
MOST_LINES = 12
"""Lines that are put together at once; more: the first sentence of each dozen's summary goes on."""
_ASK = {
    "en": ("Summarise this in one sentence.", "Summarise these notes in a few sentences."),
    "zh": ("用一句话总结这段话。", "用几句话总结这些要点。"),
}


@dataclass(frozen=True)
class Part:
    """A part of a document and its line."""

    number: int
    """From 1."""
    total: int
    line: str
    by_model: bool


@dataclass(frozen=True)
class Whole:
    """The lines together."""

    text: str
    """"" when the model made nothing of them that holds: the lines are the summary."""
    left_out: int
    """Sentences that had no room."""


def parts(passages: Sequence[Passage]) -> tuple[list[str], int]:
    """A document's text in parts, each of whole sentences a line; and how many sentences had no room."""
    sentences: list[str] = []
    heading = ""
    for passage in passages:
        fresh = passage.chunk.sentences
        if passage.chunk.heading == heading:  # what overlaps is there already
            fresh = fresh[next((n for n in range(len(fresh) - 1, 0, -1) if sentences[-n:] == fresh[:n]), 0) :]
        heading = passage.chunk.heading
        sentences += fresh
    made: list[str] = []
    held: list[str] = []
    for number, sentence in enumerate(sentences):
        if held and width(" ".join([*held, sentence])) > PART:
            made.append("\n".join(held))
            held = []
            if len(made) == MOST_PARTS:
                return made, len(sentences) - number
        held.append(sentence)
    return [*made, "\n".join(held)] if held else made, 0


def summarise(model: ChatModel, passages: Sequence[Passage], cancel: CancelToken) -> Iterator[Part | Whole]:
    """One `Part` after the other, then the `Whole`. Raises `Cancelled`, `EngineError`."""
    texts, left_out = parts(passages)
    code = "zh" if is_chinese("".join(texts)) else "en"
    lines: list[str] = []
    for number, text in enumerate(texts, 1):
        line = _asked(model, text, code, 0, cancel)
        good = holds(line, text)
        lines.append(line if good else central(text))
        yield Part(number, len(texts), lines[-1], good)
    while len(lines) > MOST_LINES:
        groups = [lines[at : at + MOST_LINES] for at in range(0, len(lines), MOST_LINES)]
        made = [_asked(model, "\n".join(group), code, 1, cancel) for group in groups]
        lines = [
            line if holds(line, "\n".join(group)) else central("\n".join(group)) for line, group in zip(made, groups, strict=True)
        ]
    text = _asked(model, "\n".join(lines), code, 1, cancel) if len(lines) > 1 else ""
    yield Whole(text if holds(text, "\n".join(lines)) else "", left_out)


def _asked(model: ChatModel, text: str, code: str, what: int, cancel: CancelToken) -> str:
    """The model's reply to a text, on one line."""
    prompt = Prompt(model, code)
    session = model.open("summary")
    try:
        ids = prompt.user(f"{text}\n{_ASK[code][what]}")
        most = model.context - WHOLE_TOKENS - 64
        session.append([*prompt.system(PERSONA[code]), *ids[-most:], *prompt.reply_open()])
        sampling = Sampling(temperature=0, max_tokens=WHOLE_TOKENS if what else LINE_TOKENS)
        return " ".join("".join(piece.text for piece in session.stream(sampling, cancel)).split())
    finally:
        session.close()


def holds(line: str, text: str) -> bool:
    """Whether a line is made of a text's words, and says something."""
    said = [unit.term for unit in question(line).units]
    there = {unit.term for sentence in text.split("\n") for unit in question(sentence).units}
    return len(said) >= 3 and sum(term in there for term in said) >= OWN * len(said)


def central(text: str) -> str:
    """The sentence whose words stand most often in the text."""
    sentences = text.split("\n")
    words = [{unit.term for unit in question(sentence).units} for sentence in sentences]
    counts = Counter(term for held in words for term in held)
    return max(
        zip(sentences, words, strict=True), key=lambda pair: sum(counts[term] - 1 for term in pair[1]) / (len(pair[1]) + 3) ** 0.5
    )[0]
