"""A conversation: history and the chat session that holds it as token ids, kept in step.

`committed` ids are history; what stands behind them belongs to the turn in progress or to a partial and is truncated when that
turn is answered by a skill, cancelled before anything was heard, or revised. Revisions go back to the longest common prefix.
The session is opened at the first use and belongs to the brain's thread.

What is remembered stands behind the system block, as it was when the prompt was last built anew. What has changed since, and was
not simply said in this talk, is told before the words of the next turn, once.
"""

from collections.abc import Callable, Mapping, Sequence

from assistant.dialogue.history import Exchange, History
from assistant.dialogue.prompt import Memory, Prompt, recall_text
from assistant.errors import AssistantError
from assistant.protocols import ChatModel, ChatSession

MEMORY_TOKENS = 300
"""The memory block takes at most so many; more slots: the first ones are left out of it."""
RECALL_TOKENS = 160
"""What is told before a turn's words takes at most so many; more: what was found last goes first, then the oldest slots."""
REPLY_ROOM = 64
"""Tokens that must be left for a reply; a reply may take more while there is room."""


class TooLong(AssistantError):
    """The user's words do not fit the context; the message says how long they may be."""

    code = "too-long"


class Conversation:
    """One talk: the voice in the room, or one client's."""

    def __init__(
        self,
        key: str,
        model: ChatModel,
        prompt: Prompt,
        persona: str,
        history_turns: int,
        slots: Callable[[], Mapping[str, str]] = dict,
        recall: Callable[[str], Sequence[str]] = lambda _: (),
    ) -> None:
        """`slots` gives what is remembered now, `recall` what was told that may answer a question."""
        self.key = key
        self.history = History(history_turns)
        self._model = model
        self._prompt = prompt
        self._system = prompt.system(persona)
        self._slots, self._find = slots, recall
        self._known: dict[str, str] = {}
        """Slots as this talk's prompt has them."""
        self._head: list[int] = []
        """The ids before the first turn: system block and memory."""
        self._session: ChatSession | None = None
        self._committed = 0
        self._partial = ""
        self._told: dict[str, str] = {}
        self._asked = False
        """A turn is being answered."""
        self._to_forget: list[Sequence[str] | None] = []
        self._found: list[str] = []
        """Slots and statements that the turn in progress was told."""

    @property
    def session(self) -> ChatSession:
        """The session, opened with the system block at the first use."""
        if self._session is None:
            self._session = self._model.open(self.key)
            self._session.append(self._system)
            self._session.keep(len(self._system))
            self._begin()
        return self._session

    def hear(self, partial: str) -> None:
        """Put the stable part of the words so far behind the history, so that it can be evaluated while somebody speaks."""
        self.session  # noqa: B018  opened here, so that what it knows is known
        stable = stable_words(self._partial, partial)
        self._partial = partial
        if stable:
            self._replace([*self._recall(""), *self._prompt.user_open(stable)])

    def ask(self, text: str) -> int:
        """Put the user's words and the reply's header behind the history; return the exchanges forgotten to make room.

        Raises `TooLong`.
        """
        self._partial = ""
        self.session  # noqa: B018  opened here, so that what is committed is known
        ids = [*self._recall(text), *self._prompt.user(text), *self._prompt.reply_open()]
        room = self._model.context - len(self._head) - REPLY_ROOM
        if len(ids) > room:
            raise TooLong(
                f"the question has {len(ids)} tokens and the context has room for {room}; ask in parts or raise llm.context"
            )
        dropped = 0
        if self.history.full or len(ids) > self._model.context - self._committed - REPLY_ROOM:
            dropped = self._forget(room - len(ids))
            ids = [*self._recall(text), *self._prompt.user(text), *self._prompt.reply_open()]
        self._replace(ids)
        self._asked = True
        return dropped

    def said(self) -> None:
        """The user's words hold a new fact: it stands in the history as it was said; a corrected one is told once more."""
        for name, value in self._slots().items():
            if name not in self._told:
                self._known.setdefault(name, value)

    def forget(self, values: Sequence[str] | None) -> None:
        """Drop every exchange in which one of the values stands (None: all), and build the prompt anew without them.

        While a turn is being answered this waits until the turn has ended.
        """
        if self._asked:
            self._to_forget.append(values)
            return
        self._roll_back()
        kept = [] if values is None else [past for past in self.history.exchanges if not any(map(past.mentions, values))]
        self.history.exchanges.clear()
        self.history.exchanges.extend(kept)
        if self._session is not None:
            self._begin()

    def _settle(self) -> None:
        """The turn has ended: do what waited for it."""
        self._asked = False
        waiting, self._to_forget = self._to_forget, []
        for values in waiting:
            self.forget(values)

    def commit(self, user: str, reply: str, ids_kept: int | None) -> None:
        """End the turn with what was heard: the exchange enters history.

        `ids_kept` is the session's length up to where the reply was heard; None for a reply that no model generated.
        """
        session, recall = self.session, ""
        if ids_kept is None:
            self._roll_back()
            session.append([*self._prompt.user(user), *self._prompt.reply(reply)])
        else:
            session.truncate(ids_kept)
            session.append(self._prompt.reply_close())
            recall = recall_text(self._found, self._told, self._prompt.language)
            self._known.update(self._told)
        self.history.commit(Exchange(user, reply, tuple(session.ids[self._committed :]), recall))
        self._committed = len(session.ids)
        self._settle()

    def rollback(self) -> None:
        """Forget what stands behind the history: the turn ends without a trace."""
        self._roll_back()
        self._settle()

    def _roll_back(self) -> None:
        self._partial = ""
        if self._session is not None and len(self._session.ids) > self._committed:
            self._session.truncate(self._committed)

    def close(self) -> None:
        """Free the session and forget the history."""
        if self._session is not None:
            self._session.close()
            self._session = None
        self.history.exchanges.clear()

    def _begin(self) -> None:
        """Build the prompt anew: system block, what is remembered now, the exchanges that are left by their own ids."""
        session = self.session
        session.truncate(len(self._system))
        slots = dict(self._slots())
        while len(block := self._prompt.memory(Memory(slots, {}))) > MEMORY_TOKENS:
            del slots[next(iter(slots))]
        session.append(block)
        self._known = dict(self._slots())
        self._head = list(session.ids)
        for exchange in self.history.exchanges:
            session.append(exchange.ids)
        self._committed = len(session.ids)

    def _recall(self, text: str) -> list[int]:
        """What has changed since this talk's prompt was built, and what was told long ago and may answer `text`."""
        past = self.history.exchanges
        found = self._find(text) if text else ()
        self._found = [told for told in found if not any(exchange.mentions(told) for exchange in past)]
        self._told = {name: value for name, value in self._slots().items() if self._known.get(name) != value}
        while len(block := self._prompt.recall(self._found, self._told)) > RECALL_TOKENS:
            if self._found:
                self._found.pop()
            else:
                del self._told[next(iter(self._told))]
        return block

    def _replace(self, ids: Sequence[int]) -> None:
        """Make `ids` what stands behind the history, keeping their longest common prefix with what stands there now."""
        session = self.session
        tail = session.ids[self._committed :]
        same = 0
        while same < min(len(tail), len(ids)) and tail[same] == ids[same]:
            same += 1
        session.truncate(self._committed + same)
        session.append(ids[same:])

    def _forget(self, room: int) -> int:
        """Cut history to half of what it may take, at a turn's boundary; the rest is appended again by its own ids."""
        dropped = self.history.fit(room // 2)
        self._begin()
        return dropped


def stable_words(before: str, now: str) -> str:
    """The words two partials in a row agree on, without the last one."""
    same = []
    for old, new in zip(before.split(), now.split(), strict=False):
        if old != new:
            break
        same.append(new)
    return " ".join(same[:-1] if len(same) == len(now.split()) else same)
