"""Compaction: a talk that has grown to its high mark goes on in a prompt that was cut to its low mark, prepared in idle time.

`run` is a background job: it writes the digest of the older exchanges in a sequence aside, then builds the new prompt in another
and evaluates it, a batch or a token at a time; a turn that comes in between goes first. What is said meanwhile is appended.
The conversation takes the session over between two turns, once it is `ready`. `close` ends it at any time, without a trace.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing

from assistant.cancel import CancelToken
from assistant.dialogue import grammars
from assistant.dialogue.budget import Budget
from assistant.dialogue.digest import Digest, ask_facts, ask_line, checked_facts, checked_line, groups, merged
from assistant.dialogue.history import History
from assistant.dialogue.notes import ASIDE, BATCH, write
from assistant.protocols import ChatSession

LINE_TOKENS, FACTS_TOKENS = 40, 96
"""What the model may write: a line for some exchanges; the facts of the older half of the lines, when they are too many."""


class Compaction:
    """One compaction of one conversation."""

    def __init__(
        self,
        key: str,
        open_session: Callable[[str], ChatSession],
        block: Callable[[Digest], Sequence[int]],
        budget: Budget,
        history: History,
        digest: Digest,
        count: int,
    ) -> None:
        """`open_session` gives a new sequence that holds the system block, `block` the memory block around a digest.

        The first `count` exchanges of `history` go.
        """
        self.digest, self.count = digest, count
        self.session: ChatSession | None = None
        """The new prompt, as far as it is built."""
        self.ready = self.closed = False
        self._key, self._open, self._block, self._budget, self._history = key, open_session, block, budget, history
        self._head = 0

    def run(self) -> Iterator[None]:
        """The job. Raises `EngineError`."""
        try:
            for _ in self._work():
                yield
                if self.closed:
                    return
        except BaseException:
            self.close()
            raise

    def catch_up(self) -> bool:
        """Append the exchanges that the new prompt lacks; says whether there were any."""
        assert self.session is not None
        kept = list(self._history.exchanges)[self.count :]
        ids = [token for exchange in kept for token in exchange.ids][len(self.session.ids) - self._head :]
        self.session.append(ids)
        return bool(ids)

    def close(self) -> None:
        """End the job, and free what it has prepared."""
        self.closed = True
        if self.session is not None:
            self.session.close()

    def _work(self) -> Iterator[None]:
        with closing(self._open(f"{self._key}{ASIDE}")) as notes:
            self.digest = yield from self._digested(notes)
        self.session = session = self._open(self._key)
        session.append(self._block(self.digest))
        self._head = len(session.ids)
        while session.evaluate(BATCH, CancelToken()) or self.catch_up():
            yield
        self.ready = True

    def _digested(self, notes: ChatSession) -> Generator[None, None, Digest]:
        old, prompt = self.digest, self._budget.prompt
        lines = list(old.lines)
        for some in groups(list(self._history.exchanges)[: self.count]):
            line = yield from write(notes, prompt, ask_line(some, prompt.language), LINE_TOKENS)
            checked = checked_line(line, some, prompt.language)
            lines += [checked] if checked and checked not in lines else []
        if self._budget.lines_fit(lines):
            return Digest(old.summary, tuple(lines))
        half = (len(lines) + 1) // 2
        facts = yield from write(notes, prompt, ask_facts(lines[:half], prompt.language), FACTS_TOKENS, grammars.slots())
        return Digest(merged(old.summary, checked_facts(facts, lines[:half])), tuple(lines[half:]))
