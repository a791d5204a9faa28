"""Talks that are kept for the next start: their exchanges and digests in the store, their computed cells beside it.

A file of cells holds token ids, so it is as private as the talk: it lies in the store's folder, and whoever forgets or clears
anything removes all of them; they can be computed again. A store that cannot be written is said once; the talk goes on.
"""

import json
import logging
import sqlite3
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant.dialogue.digest import Digest
from assistant.dialogue.history import Exchange
from assistant.dialogue.keeper import KeptTalk
from assistant.dialogue.prompt import Prompt
from assistant.errors import AssistantError
from assistant.memory.store import Store
from assistant.protocols import ChatSession

_log = logging.getLogger(__name__)
CELLS = "kv"
"""The folder of cells in the store's."""
MOST_TALKS = 16
"""Talks kept; more: the one longest unused goes."""
LEAST_CELLS = 64
"""Fewer are computed as quickly as they are read."""


class KeptTalks:
    """See `dialogue.keeper.Keeper`. Belongs to the store's thread."""

    def __init__(self, store: Store, folder: Path | None, model: str) -> None:
        """`folder` is where cells are kept (None: nowhere), `model` the name of the model whose ids they are."""
        self._store, self._folder, self._model = store, folder, model
        self._told = False

    def load(self, key: str, prompt: Prompt) -> KeptTalk:
        """See `Keeper`. Ids of another model are written anew."""
        exchanges: list[Exchange] = []
        found = None
        with self._going_on(), self._store.change() as db:
            rows = db.execute("SELECT user, assistant, recall, model, ids FROM turns WHERE talk = ? ORDER BY id", (key,))
            for user, assistant, recall, model, raw in rows:
                if model == self._model:
                    exchanges.append(Exchange(user, assistant, struct.unpack(f"<{len(raw) // 4}i", raw), recall))
                else:
                    exchanges.append(Exchange(user, assistant, (*prompt.user(user), *prompt.reply(assistant))))
            found = db.execute("SELECT digest, known FROM digests WHERE talk = ?", (key,)).fetchone()
        return KeptTalk(exchanges, _digest(found[0]), json.loads(found[1])) if found is not None else KeptTalk(exchanges)

    def commit(self, key: str, exchange: Exchange) -> None:
        """See `Keeper`."""
        with self._going_on(), self._store.change() as db:
            self._add(db, key, exchange)

    def replace(self, key: str, talk: KeptTalk, *, scrub: bool = False) -> None:
        """See `Keeper`."""
        with self._going_on():
            with self._store.change() as db:
                db.execute("DELETE FROM turns WHERE talk = ?", (key,))
                db.execute("DELETE FROM digests WHERE talk = ?", (key,))
                for exchange in talk.exchanges:
                    self._add(db, key, exchange)
                if talk.exchanges or talk.digest:
                    db.execute("INSERT INTO digests VALUES (?, ?, ?)", (key, _text(talk.digest), _json(talk.known)))
                self._drop_oldest(db)
            if scrub:
                self._scrub()

    def forget(self, values: Sequence[str] | None) -> None:
        """Drop what mentions a value of all talks, also those that are not held now; None: everything."""
        with self._going_on():
            with self._store.change() as db:
                for row, user, assistant, recall in db.execute("SELECT id, user, assistant, recall FROM turns").fetchall():
                    exchange = Exchange(user, assistant, (), recall)
                    if values is None or any(map(exchange.mentions, values)):
                        db.execute("DELETE FROM turns WHERE id = ?", (row,))
                for key, text, known in db.execute("SELECT talk, digest, known FROM digests").fetchall():
                    left = Digest(json.loads(known), _digest(text).lines).without(values or ())  # known are name and value too
                    if values is None:
                        db.execute("DELETE FROM digests WHERE talk = ?", (key,))
                    else:
                        digest = _text(_digest(text).without(values))
                        db.execute("UPDATE digests SET digest = ?, known = ? WHERE talk = ?", (digest, _json(left.summary), key))
            self._scrub()

    def load_cells(self, key: str, session: ChatSession) -> None:
        """See `Keeper`."""
        if self._folder is not None:
            session.load(self._folder, key)

    def save_cells(self, key: str, session: ChatSession) -> None:
        """See `Keeper`."""
        if self._folder is not None and len(session.ids) >= LEAST_CELLS:
            session.save(self._folder, key)

    def export(self) -> dict[str, dict[str, object]]:
        """Everything that is kept of talks, by key. Raises `StoreError`."""
        found: dict[str, dict[str, object]] = {}
        with self._store.change() as db:
            for key, text in db.execute("SELECT talk, digest FROM digests").fetchall():
                found[key] = {"digest": json.loads(text), "turns": []}
            for key, user, assistant in db.execute("SELECT talk, user, assistant FROM turns ORDER BY id").fetchall():
                turns = found.setdefault(key, {"digest": {}, "turns": []})["turns"]
                assert isinstance(turns, list)
                turns.append({"user": user, "assistant": assistant})
        return found

    def _scrub(self) -> None:
        if self._folder is not None and self._folder.is_dir():
            for path in self._folder.iterdir():
                path.unlink(missing_ok=True)
        self._store.scrub()

    def _add(self, db: sqlite3.Connection, key: str, exchange: Exchange) -> None:
        ids = struct.pack(f"<{len(exchange.ids)}i", *exchange.ids)
        db.execute(
            "INSERT INTO turns (talk, user, assistant, recall, model, ids) VALUES (?, ?, ?, ?, ?, ?)",
            (key, exchange.user, exchange.assistant, exchange.recall, self._model, ids),
        )

    def _drop_oldest(self, db: sqlite3.Connection) -> None:
        talks = [key for (key,) in db.execute("SELECT talk FROM turns GROUP BY talk ORDER BY max(id) DESC")]
        for key in talks[MOST_TALKS:]:
            db.execute("DELETE FROM turns WHERE talk = ?", (key,))
            db.execute("DELETE FROM digests WHERE talk = ?", (key,))

    @contextmanager
    def _going_on(self) -> Iterator[None]:
        try:
            yield
        except (AssistantError, OSError) as error:
            if not self._told:
                self._told = True
                _log.warning("talks are not kept: %s", error)


def _text(digest: Digest) -> str:
    return _json({"summary": dict(digest.summary), "lines": list(digest.lines)})


def _json(found: Mapping[str, object]) -> str:
    return json.dumps(dict(found), ensure_ascii=False)


def _digest(text: str) -> Digest:
    kept = json.loads(text)
    return Digest(kept["summary"], tuple(kept["lines"]))
