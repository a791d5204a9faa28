"""The place's own documents: added, found by a question, quoted. Belongs to the brain's thread, or to a command.

A question is looked for by its words (full text) and, where there is an embedder, by its direction; both ranked lists are
fused. What is found is weighed (`answers.py`): below `ENOUGH` nothing is found, above `SURE` the best sentence is said as it
stands, in between the passage goes to the language model.
"""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.dialogue.quotes import Quote
from assistant.languages import language
from assistant.memory import answers, vectors
from assistant.memory.answers import Weighed
from assistant.memory.chunks import chunks, width
from assistant.memory.document_store import DocumentsError, DocumentStore, Kept, Passage
from assistant.memory.meaning import Meaning
from assistant.memory.readers import DocumentError, read
from assistant.memory.statements import Words
from assistant.memory.wording import Question, Unit, is_chinese, question

_log = logging.getLogger(__name__)
TOP = 3
CANDIDATES = 24
"""Passages that are weighed."""
CLOSE = 0.7
"""The cosine from which a passage is taken whose words alone are not quite enough."""
NEARLY = 0.25
"""How much may be missing of `ENOUGH` then."""
MOST_QUOTED = 160
"""Width of what goes to the language model: the sentences around the best one, some 40 tokens. From 420 down to 160 as many of
the documents' answers stand in it (docs/benchmarks.md); every token is waited for."""
MOST_LIST = 300
"""Width of a list that is said after the line that begins it."""


@dataclass(frozen=True)
class Found:
    """A passage that may answer a question."""

    document: str
    page: int
    heading: str
    sentence: str
    """The best one, as it stands in the document."""
    text: str
    """It and what stands around it, bounded."""
    score: float
    sure: bool


@dataclass(frozen=True)
class Added:
    """What became of a file."""

    name: str
    passages: int
    how: str
    """added, replaced or unchanged."""


class Documents:
    """See `quotes.Library`."""

    def __init__(self, store: DocumentStore, meaning: Meaning | None = None) -> None:
        """The embedder is loaded when there is something to embed: a house without documents needs none."""
        self.store, self._meaning = store, meaning or Meaning()
        self._table: vectors.Table | None = None
        self._table_of: tuple[int, ...] = ()
        self._words = {"en": Words("en"), "zh": Words("zh")}

    # -- keeping -----------------------------------------------------------------------------------------------

    def add(self, path: Path, known_as: Path | None = None) -> Added:
        """Read a file and keep its passages. Raises `DocumentError` (this file), `DocumentsError` (the store).

        `known_as`: the path to remember in place of its own; its last part is the document's name.
        """
        path = path.resolve()
        origin = str(known_as or path)
        try:
            data = path.stat()
            digest = _digest(path)
        except OSError as error:
            raise DocumentError(f"{path}: cannot be read ({error.strerror})") from None
        known = self.store.documents()
        for kept in known:
            if kept.sha256 == digest:
                return Added(kept.name, kept.passages, "unchanged")
        made = list(chunks(read(path)))
        if not made:
            raise DocumentError(f"{path}: holds no text; a scan or photo needs `scripts/setup --ocr`")
        name = self.store.put(origin, digest, data.st_size, made)
        return Added(name, len(made), "replaced" if any(kept.path == origin for kept in known) else "added")

    def kept(self) -> Sequence[Kept]:
        """All documents."""
        return self.store.documents()

    def name_of(self, name: str) -> str:
        """A document's whole name by it or by the file's name without its ending. Raises `DocumentsError`, with the nearest."""
        import difflib

        names = [kept.name for kept in self.store.documents()]
        if name in names:
            return name
        like = [known for known in names if Path(known).stem == name or Path(known).name == name]
        if len(like) == 1:
            return like[0]
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"did you mean {near[0]}?" if near else "`assistant documents list` names them"
        raise DocumentsError(f"{name}: no document of that name; {hint}")

    def embed_missing(self) -> Iterator[int]:
        """Give passages their vectors, one a step; yields how many are left. Raises `DocumentsError`, `EngineError`."""
        embedder = self._meaning.load() if self.store.exists() else None
        if embedder is None:
            return
        left = self.store.count_without_vector(embedder.name)
        while left and (found := self.store.without_vector(embedder.name, 16)):
            for passage in found:
                text = f"{passage.chunk.heading}\n{passage.chunk.text}"
                self.store.put_vector(passage.id, embedder.name, vectors.pack(embedder.embed(text)))
                left = max(0, left - 1)
                yield left

    # -- finding -----------------------------------------------------------------------------------------------

    def find(self, text: str, *, guarded: bool = True) -> list[Found]:
        """The passages that may answer a question, the best first, at most `TOP`. Raises `DocumentsError`.

        Not `guarded`: also those that hardly do, for measuring.
        """
        if not self.store.exists():
            return []
        asked = question(text)
        return self._found(asked, text, guarded) if asked.units else []

    def quote(self, text: str, code: str) -> Quote | None:
        """See `quotes.Library`."""
        if not (self._words["zh"] if is_chinese(text) else self._words["en"]).asks(text):
            return None
        try:
            found = self.find(text)
        except DocumentsError as error:  # the question can still be answered
            _log.warning("%s", error)
            return None
        if not found:
            return None
        best = found[0]
        source = language(code).texts.from_document(spoken_name(best.document), best.page)
        return Quote(best.sentence, best.text, source, best.sure)

    def unread(self) -> Iterator[None] | None:
        """Work for idle time: the vectors that are missing; None: there are none."""
        embedder = self._meaning.load() if self.store.exists() else None
        if embedder is None or not self.store.count_without_vector(embedder.name):
            return None
        return (None for _ in self.embed_missing())

    def _found(self, asked: Question, text: str, guarded: bool) -> list[Found]:
        total = self.store.count()
        weights: dict[str, float] = {}

        def weight(unit: Unit) -> float:
            if unit.term not in weights:
                weights[unit.term] = self._weight(unit, total)
            return weights[unit.term]

        by_words = self.store.matching(asked.terms(), CANDIDATES)
        near = dict(self._nearest(text)) if ("zh" if asked.chinese else "en") in self._meaning.languages else {}
        passages = {passage.id: passage for passage in self.store.passages(list(dict.fromkeys([*by_words, *near])))}
        weighed = {
            number: answers.weigh(asked, passage.chunk.sentences, _head(passage), weight) for number, passage in passages.items()
        }
        by_score = sorted((n for n in by_words if n in weighed), key=lambda n: -weighed[n].rank)
        order = vectors.fuse([by_score, [n for n in near if n in weighed]]) if near else by_score
        least = answers.ENOUGH[asked.chinese] if guarded else -1.0
        good = [n for n in order if weighed[n].score >= least - NEARLY * (near.get(n, 0.0) >= CLOSE)]
        return _distinct([_make(passages[n], weighed[n], asked) for n in good])[:TOP]

    def _weight(self, unit: Unit, total: int) -> float:
        """How rare a unit is."""
        whole = unit.wholes if len(unit.term) > 1 else ()
        holding = max(map(self.store.holding, whole or (unit.term,)))
        if not holding:  # perhaps another way to say it
            holding = max((self.store.holding(other) for other in unit.others), default=0)
        return answers.rarity(total, holding) if holding else answers.UNSEEN[bool(unit.wholes)] * answers.rarity(total, 1)

    def _nearest(self, text: str) -> list[tuple[int, float]]:
        """Passages by direction; none without an embedder or vectors."""
        embedder, asked = self._meaning.loaded, self._meaning.of_question(text)
        if embedder is None or asked is None:
            return []
        version = self.store.version()
        if self._table is None or self._table_of != version:
            self._table, self._table_of = vectors.Table(self.store.vectors(embedder.name), embedder.size), version
        return self._table.nearest(asked, CANDIDATES)

    def close(self) -> None:
        """Close the store and the embedder."""
        self.store.close()
        self._meaning.close()


def library(folder: Path, meaning: Meaning | None = None) -> Documents:
    """The documents of a folder; where there are any, the embedder is loaded now and not in somebody's turn."""
    found = Documents(DocumentStore(folder), meaning)
    if meaning is not None and found.store.exists():
        meaning.load()
    return found


def spoken_name(name: str) -> str:
    """A document's name as it is said: boiler-manual.pdf -> boiler manual."""
    return Path(name).stem.replace("-", " ").replace("_", " ").strip()


def _head(passage: Passage) -> str:
    return f"{spoken_name(passage.document)} > {passage.chunk.heading}"


def _make(passage: Passage, weighed: Weighed, asked: Question) -> Found:
    sentences = passage.chunk.sentences
    at = weighed.sentence
    said = sentences[at]
    for following in sentences[at + 1 :]:  # a line that begins a list says nothing without it
        if not sentences[at].endswith((":", "：")) or width(said + following) > MOST_LIST:
            break
        said += f" {following}"
    return Found(
        passage.document,
        passage.chunk.page,
        passage.chunk.heading,
        said,
        passage_around(sentences, at),
        weighed.score,
        weighed.score >= answers.SURE[asked.chinese],
    )


def passage_around(sentences: Sequence[str], at: int) -> str:
    """A sentence and those around it, `MOST_QUOTED` wide at most or it alone: what follows, then what stands before."""
    first, last = at, at
    while first > 0 or last < len(sentences) - 1:
        grown = [(first, last + 1)] if last < len(sentences) - 1 else []
        grown += [(first - 1, last)] if first > 0 else []
        fit = [(a, b) for a, b in grown if width(" ".join(sentences[a : b + 1])) <= MOST_QUOTED]
        if not fit:
            break
        first, last = fit[0]
    return ("" if is_chinese(sentences[at]) else " ").join(sentences[first : last + 1])


def _distinct(found: Sequence[Found]) -> list[Found]:
    """Without the passages whose best sentence an earlier one has: they overlap."""
    seen: set[tuple[str, str]] = set()
    return [one for one in found if not ((one.document, one.sentence) in seen or seen.add((one.document, one.sentence)))]  # type: ignore[func-returns-value]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
