"""What the user has told, found again by its words (SQLite's full-text index), and nothing for what was never told.

A statement is what is said to the model and asks nothing. Terms are its words without those that every sentence has
(`function_words` in sentences.yaml); Chinese is cut into characters and pairs of characters, for it has no spaces and most of its
words are two long. A question is a list of groups of terms: in English the words that stand side by side, in Chinese each term. A
statement carries a group when it has all of its terms, so that "the green box" finds no blue one; it is found when it carries
enough of the question's weight, and in English a group of several terms, or every group: one word alone says too little. A term
weighs more the rarer it is (inverse document frequency).

Where there is an embedder that knows the language, a statement is also found by its direction, in whatever words: the nearest
ones, unless they lack a word of the question that was told elsewhere ("where is the green box" finds no blue one where
something green was told of). Both ranked lists are fused.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence

from assistant.errors import EngineError
from assistant.languages import asks, own_sentences
from assistant.memory import vectors
from assistant.memory.meaning import Meaning
from assistant.memory.store import Store
from assistant.protocols import Embedder

ENOUGH = {"en": 0.6, "zh": 0.75}
"""Share of a question's weight that a statement must carry. Set on questions other than those of `assistant eval memory`."""
UNHEARD = {"en": 6.0}
"""What a term weighs that was never said; from 5 on no question of `dev` is answered wrongly. Elsewhere it weighs most."""
ALIKE = {"all-minilm-l6-v2": 0.7}
"""Embedder -> the cosine from which a statement is found by its direction. On `dev` of evals/paraphrases.yaml no wrong
one had more than 0.6; a tenth was added."""
ALIKE_ELSE = 0.8
"""The same for an embedder that nobody has measured."""
TOP = 3
MOST_TERMS = 60
MAX_CHARACTERS = 200
_CJK = re.compile(r"[\u4e00-\u9fff]+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


class Words:
    """What a language asks with, and which of its words say nothing by themselves."""

    def __init__(self, code: str) -> None:
        own = own_sentences(code)
        self.code = code
        self._empty = frozenset(own.get("function_words", ()))
        self._first_person = frozenset(own.get("first_person", ()))
        self._empty_chinese = sorted((word for word in self._empty if _CJK.match(word)), key=len, reverse=True)

    def asks(self, text: str) -> bool:
        """Whether a sentence is a question."""
        return asks(text, self.code)

    def of_oneself(self, text: str) -> bool:
        """Whether a sentence is about whoever says it."""
        words = text if self.code == "zh" else text.lower().split()
        return any(word in words for word in self._first_person)

    def groups(self, text: str) -> list[list[str]]:
        """The groups of terms of a text, in their order."""
        plain = text.lower()
        groups: list[list[str]] = [[]]
        for word in _WORD.findall(_CJK.sub(" ", plain)):
            if word.removesuffix("'s") in self._empty:
                groups.append([])
            else:
                groups[-1].append(word.removesuffix("'s"))
        for run in _CJK.findall(plain):
            for word in self._empty_chinese:
                run = run.replace(word, " ")
            for part in run.split():
                groups += [[term] for term in (*part, *(part[at : at + 2] for at in range(len(part) - 1)))]
        return [group for group in groups if group][:MOST_TERMS]

    def terms(self, text: str) -> list[str]:
        """The terms of a text, each once, in their order."""
        return list(dict.fromkeys(term for group in self.groups(text) for term in group))


class Statements:
    """The statements of a store."""

    def __init__(self, store: Store, words: Mapping[str, Words], meaning: Meaning | None = None) -> None:
        self._store, self._words, self._meaning = store, words, meaning or Meaning()
        self._table: vectors.Table | None = None
        self._table_of = -1

    def learn(self, text: str, code: str, turn: int) -> bool:
        """Keep a sentence if it is a statement; says whether it was. Raises `StoreError`."""
        words = self._words.get(code)
        if words is None or len(text) > MAX_CHARACTERS or words.asks(text):
            return False
        terms = words.terms(text)
        if len(terms) < 2:
            return False
        self._store.add_statement(text.strip(), " ".join(terms), turn)
        return True

    def find(self, text: str, code: str) -> list[str]:
        """The statements that may answer a question, the best first, at most `TOP`."""
        words = self._words.get(code)
        if words is None or len(text) > MAX_CHARACTERS or not words.asks(text):
            return []
        total, weight = self._store.count_statements(), 0.0
        carried: dict[int, float] = {}
        clear: set[int] = set()  # statements that carry a group of several terms
        groups = words.groups(text)
        for group in groups:
            rows = [set(self._store.statements_with(term)) for term in group]
            unheard = UNHEARD.get(code, math.log(2 * total + 2))
            mine = sum(math.log((total + 1) / (len(found) + 0.5)) if found else unheard for found in rows)
            weight += mine
            for row in set.intersection(*rows):
                carried[row] = carried.get(row, 0.0) + mine
                if len(group) > 1:
                    clear.add(row)
        good = [
            (share, row)
            for row, share in carried.items()
            if share >= ENOUGH[code] * weight and (row in clear or code not in UNHEARD or share > weight - 1e-9)
        ]
        by_words = [row for _, row in sorted(good, reverse=True)]
        near = self._alike(text, groups) if code in self._meaning.languages else []
        return self._store.statements((vectors.fuse([by_words, near]) if near else by_words)[:TOP])

    def _alike(self, text: str, groups: Sequence[Sequence[str]]) -> list[int]:
        """The statement nearest to where a question points, if it lacks no word of the question that another has."""
        embedder, asked = self._meaning.loaded, self._meaning.of_question(text)
        if embedder is None or asked is None:
            return []
        if self._table is None or self._table_of != self._store.version:
            self._table = vectors.Table(self._store.vectors(embedder.name), embedder.size)
            self._table_of = self._store.version
        least = next((cosine for name, cosine in ALIKE.items() if embedder.name.startswith(name)), ALIKE_ELSE)
        near = [row for row, cosine in self._table.nearest(asked, 1) if cosine >= least]
        heard = [rows for group in groups for term in group if (rows := self._store.statements_with(term))] if near else []
        return [row for row in near if all(row in rows for rows in heard)]

    def unembedded(self) -> Iterator[None] | None:
        """Work for idle time: the directions that are missing; None: there are none."""
        embedder = self._meaning.loaded
        if embedder is None or self._store.without_vector(embedder.name) is None:
            return None
        return self._embed_missing(embedder)

    def _embed_missing(self, embedder: Embedder) -> Iterator[None]:
        while (found := self._store.without_vector(embedder.name)) is not None:
            row, text = found
            try:
                data = vectors.pack(embedder.embed(text))
            except EngineError:  # found by its words alone; not tried again
                data = b""
            self._store.put_vector(row, embedder.name, data)
            yield

    def about(self, what: str, text: str) -> bool:
        """Whether all terms of `what`, if it has any, stand in a text."""
        return any(
            terms and set(terms) <= set(words.terms(text)) for words in self._words.values() if (terms := words.terms(what))
        )

    def mentioning(self, what: str) -> Sequence[int]:
        """The statements in which all terms of a text stand."""
        every = [
            set.intersection(*(set(self._store.statements_with(term)) for term in terms))
            for words in self._words.values()
            if (terms := words.terms(what))
        ]
        return sorted(set().union(*every))
