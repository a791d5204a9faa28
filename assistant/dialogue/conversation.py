"""A conversation: history and the chat session that holds it as token ids, kept in step.

`committed` ids are history; what stands behind them belongs to the turn in progress or to a partial and is truncated when that
turn is answered by a skill, cancelled before anything was heard, or revised. Revisions go back to the longest common prefix.
The session is opened at the first use and belongs to the brain's thread.

What is remembered stands behind the system block, as it was when the prompt was last built anew: slots, and the digest of the
exchanges that no longer stand there word for word. What has changed since, and was not simply said in this talk, is told before
the words of the next turn, once. History that reaches its high mark is cut to its low mark in idle time (dialogue/compaction.py);
one that is full before that is cut at once, at a turn's boundary.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.dialogue.budget import HIGH, LOW, LOW_AT_ONCE, Budget
from assistant.dialogue.compaction import Compaction
from assistant.dialogue.digest import Digest
from assistant.dialogue.history import Exchange, History
from assistant.dialogue.keeper import Forgetful, Keeper, KeptTalk
from assistant.dialogue.partial import stable_words
from assistant.dialogue.prompt import Prompt, recall_text
from assistant.protocols import ChatModel, ChatSession

NEAR = 6
"""What was told so many exchanges ago, or fewer, is not told again: a small model sees less well what stands far back."""


@dataclass(frozen=True)
class Cut:
    """History was cut since the turn before."""

    dropped: int
    """Exchanges."""
    reason: str
    """idle: their digest is in the prompt; context: there was no time for that."""


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
        asked: Callable[[str], Sequence[str]] = lambda _: (),
        keeper: Keeper | None = None,
    ) -> None:
        """`slots` gives what is remembered now, `recall` what was told that may answer a question, `asked` the slots it is about.

        Raises `TooLong` for a persona that leaves no room in the context.
        """
        self.key = key
        self.history = History(history_turns)
        self.digest = Digest()
        self.written = ""
        """The last reply as far as it was there when somebody broke it off; "" where it was heard. It stands in no prompt."""
        self.persona = self._house_persona = persona
        self._model = model
        self._prompt = prompt
        self._system = prompt.system(persona)
        self._budget = Budget(prompt, model.context, self._system)
        self._slots, self._find, self._about = slots, recall, asked
        self._keeper = keeper or Forgetful()
        self._known: dict[str, str] = {}
        """Slots as this talk was told them."""
        self._at_front: dict[str, str] = {}
        """Slots in its memory block."""
        self._known_next: dict[str, str] = {}
        """The same for the prompt that a compaction prepares."""
        self._session: ChatSession | None = None
        self._committed = 0
        self._partial = ""
        self._told: dict[str, str] = {}
        self._asked = False
        """A turn is being answered."""
        self._to_forget: list[Sequence[str] | None] = []
        self._found: list[str] = []
        """Slots and statements that the turn in progress was told."""
        self._compaction: Compaction | None = None
        """Under way, or ready and waiting for the turn in progress to end."""
        self._unsaved = False
        """Cells were computed since they were last saved."""
        self._cut: Cut | None = None
        """What the next turn tells."""

    @property
    def session(self) -> ChatSession:
        """The session, opened with the system block, and what was kept of the talk, at the first use."""
        if self._session is None:
            self._session = self._open(self.key)
            kept = self._keeper.load(self.key, self._prompt)
            self.history.exchanges.extend(kept.exchanges)
            self.digest, now = kept.digest, self._slots()
            self._begin({name: value for name, value in kept.known.items() if name in now} if kept.exchanges else now)
            self._keeper.load_cells(self.key, self._session)
            self._unsaved = False
        return self._session

    def _open(self, key: str) -> ChatSession:
        session = self._model.open(key)
        session.append(self._system)
        if self.persona == self._house_persona:  # one of a talk's own is somebody's words: nothing of it touches the disk
            session.keep(len(self._system))
        return session

    def hear(self, partial: str, passages: Callable[[str], Sequence[str]] = lambda _: ()) -> None:
        """Put the stable words so far, if they fit, and before them what may answer them, behind the history to be evaluated."""
        self.session  # noqa: B018  opened here, so that what it knows is known
        stable = stable_words(self._partial, partial)
        self._partial = partial
        if stable:
            ids = [*self._recall(stable, passages(stable)), *self._prompt.user_open(stable)]
            if self._budget.room(self._committed) >= len(ids):
                self._replace(ids)

    def ask(self, text: str, passages: Sequence[str] = (), blocks: Sequence[Sequence[str]] = ()) -> Cut | None:
        """Put the user's words and the reply's header behind the history; says whether history was cut since the turn before.

        `passages` are told before the words, behind what is recalled; each of `blocks` (lines that `fits`) in a block of its own
        behind that. Raises `TooLong`.
        """
        self._partial = ""
        self.session  # noqa: B018  opened here, so that what is committed is known
        ids = self._question(text, passages, blocks)
        self._budget.check(ids, self._slots())
        if self.history.full or self._budget.room(self._committed) < len(ids):
            self._cut_at_once(len(ids))
            ids = self._question(text, passages, blocks)
        self._replace(ids)
        self._asked = True
        cut, self._cut = self._cut, None
        return cut

    def _question(self, text: str, passages: Sequence[str], blocks: Sequence[Sequence[str]]) -> list[int]:
        told = [token for lines in blocks for token in self._prompt.recall(lines)]
        return [*self._recall(text, passages), *told, *self._prompt.user(text), *self._prompt.reply_open()]

    def fits(self, lines: Sequence[str]) -> bool:
        """Whether these lines fit a block of a question's own."""
        return self._budget.block_fits(lines)

    def become(self, persona: str) -> None:
        """Answer as somebody else from the next turn on; the history stays. Between two turns. Raises `TooLong`."""
        system = self._prompt.system(persona)
        budget = Budget(self._prompt, self._model.context, system)
        self.session.close()  # opened here, so that what is kept of the talk is known
        self._end_compaction()
        self.persona, self._system, self._budget, self._partial = persona, system, budget, ""
        self._session = self._open(self.key)
        self._begin(self._slots())

    def said(self) -> None:
        """The user's words hold a new fact: it stands in the history as it was said; a corrected one is told once more."""
        for name, value in self._slots().items():
            if name not in self._told:
                self._known = {name: value} | self._known

    def forget(self, values: Sequence[str] | None) -> None:
        """Drop every exchange in which one of the values stands (None: all), and build the prompt anew without them.

        While a turn is being answered this waits until the turn has ended.
        """
        if self._asked:
            self._to_forget.append(values)
            return
        self._roll_back()
        self._end_compaction()
        self.session  # noqa: B018  what is kept of the talk must be known to be forgotten
        kept = [] if values is None else [past for past in self.history.exchanges if not any(map(past.mentions, values))]
        self.history.exchanges.clear()
        self.history.exchanges.extend(kept)
        self.digest = Digest() if values is None else self.digest.without(values)
        if values is None or any(value.lower() in self.written.lower() for value in values):
            self.written = ""
        self._begin(self._slots())
        self._keep(scrub=True)

    def _settle(self) -> None:
        """The turn has ended: do what waited for it."""
        self._asked = False
        waiting, self._to_forget = self._to_forget, []
        for values in waiting:
            self.forget(values)
        self._go_over()

    def commit(self, user: str, reply: str, ids_kept: int | None, written: str = "") -> None:
        """End the turn with what was heard: the exchange enters history. `written`: see there.

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
            self._known = self._known | self._told
        exchange = Exchange(user, reply, tuple(session.ids[self._committed :]), recall)
        self.history.commit(exchange)
        self.written = written
        self._committed = len(session.ids)
        self._unsaved = True
        if len(self.history.exchanges) == 1:
            self._keep()
        else:
            self._keeper.commit(self.key, exchange)
        self._settle()

    def withdraw(self) -> None:
        """The question was not all of it: what stands behind the history stays until it is heard on."""
        self._settle()

    def rollback(self, written: str = "") -> None:
        """Forget what stands behind the history: the turn ends without a trace, but for a reply that nobody heard."""
        self._roll_back()
        self.written = written or self.written
        self._settle()

    def _roll_back(self) -> None:
        self._partial = ""
        if self._session is not None and len(self._session.ids) > self._committed:
            self._session.truncate(self._committed)

    def save(self) -> None:
        """Keep what is computed for the next start, if the talk is kept and has gone on."""
        if self._session is not None and self._unsaved and not self._asked:
            self._unsaved = False
            self._roll_back()
            self._keeper.save_cells(self.key, self._session)

    def close(self) -> None:
        """Free the session and forget the history; what is kept on disk stays."""
        self._end_compaction()
        if self._session is not None:
            self._session.close()
            self._session = None
        self.history.exchanges.clear()
        self.written = ""

    # -- small parts -------------------------------------------------------------------------------------------

    def _begin(self, slots: Mapping[str, str]) -> None:
        """Build the prompt anew: system block, what is remembered, the exchanges that are left by their own ids."""
        session = self.session
        session.truncate(len(self._system))
        session.append(self._budget.memory(slots, self.digest))
        self._known = self._at_front = dict(slots)
        for exchange in self.history.exchanges:
            session.append(exchange.ids)
        self._committed = len(session.ids)

    def _keep(self, *, scrub: bool = False) -> None:
        kept = KeptTalk(list(self.history.exchanges), self.digest, self._at_front)
        self._keeper.replace(self.key, kept, scrub=scrub)

    def _recall(self, text: str, passages: Sequence[str] = ()) -> list[int]:
        """What has changed since this talk's prompt was built, and what was told a while ago and may answer `text`."""
        slots, near = self._slots(), list(self.history.exchanges)[-NEAR:]
        found, asked = ([*self._find(text), *passages], self._about(text)) if text else ((), ())
        self._found = [told for told in found if not any(exchange.mentions(told) for exchange in near)]
        far = len(self.history.exchanges) > NEAR
        again = [name for name in asked if far and not any(exchange.mentions(slots[name]) for exchange in near)]
        self._told = {name: value for name, value in slots.items() if self._known.get(name) != value or name in again}
        return self._budget.recall(self._found, self._told)

    def _replace(self, ids: Sequence[int]) -> None:
        """Make `ids` what stands behind the history, keeping their longest common prefix with what stands there now."""
        session = self.session
        tail = session.ids[self._committed :]
        same = 0
        while same < min(len(tail), len(ids)) and tail[same] == ids[same]:
            same += 1
        session.truncate(self._committed + same)
        session.append(ids[same:])

    # -- cutting ------------------------------------------------------------------------------------------------

    def compaction(self, *, at_once: bool = False) -> Iterator[None] | None:
        """The job that cuts history to its low mark, when it has reached its high mark (or `at_once`) and none is under way."""
        history, context = self.history, self._model.context
        high = self._committed > HIGH * context or len(history.exchanges) > HIGH * history.limit > 0
        if self._compaction is not None or not (high or at_once):
            return None
        count = len(history.exchanges) - history.fitting(round(LOW * context), history.limit // 4)
        if count == 0:  # the head alone fills the context, or the talk is short
            return None
        self._compaction = Compaction(self.key, self._open, self._block_now, self._budget, history, self.digest, count)
        return self._compact(self._compaction)

    def _compact(self, compaction: Compaction) -> Iterator[None]:
        yield from compaction.run()
        self._go_over()

    def _block_now(self, digest: Digest) -> list[int]:
        """The memory block of the prompt in preparation, which will know these slots."""
        self._known_next = dict(self._slots())
        return self._budget.memory(self._known_next, digest)

    def _go_over(self) -> None:
        """Take over the prompt that was prepared, unless somebody speaks or is answered."""
        new = self._compaction
        if new is not None and new.closed:
            self._compaction = new = None
        if new is None or new.session is None or not new.ready or self._asked or len(self.session.ids) > self._committed:
            return
        new.catch_up()  # with what came while it waited
        self._compaction = None
        self.session.close()
        self._session, self.digest = new.session, new.digest
        self._known = self._at_front = self._known_next
        self._unsaved = True
        self._committed = len(new.session.ids)
        self._drop(new.count, "idle")
        self._keep()

    def _end_compaction(self) -> None:
        if self._compaction is not None:
            self._compaction.close()
            self._compaction = None

    def _cut_at_once(self, size: int) -> None:
        """Make room for `size` ids at a turn's boundary: no digest was written in time, or the question is long."""
        self._roll_back()
        self._go_over()
        history, context = self.history, self._model.context
        if not history.full and self._budget.room(self._committed) >= size:
            return
        self._end_compaction()
        slots = self._slots()
        head = len(self._system) + len(self._budget.memory(slots, self.digest))
        if self._budget.room(head) < size:
            self.digest = Digest()  # even that gives way to a long question
        kept = history.fitting(min(round(LOW_AT_ONCE * context), self._budget.room(head + size)), history.limit // 2)
        self._drop(len(history.exchanges) - kept, "context")
        self._begin(slots)
        self._keep()

    def _drop(self, count: int, reason: str) -> None:
        for _ in range(count):
            self.history.exchanges.popleft()
        self._cut = Cut(count + (self._cut.dropped if self._cut else 0), reason)
