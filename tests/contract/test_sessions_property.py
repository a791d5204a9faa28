"""Whatever is done to conversations, each holds what a plain list of ids says, and goes on as one that is computed from nothing.

Equality as docs/architecture.md says: with the same batch boundaries token-identical, else the largest logit difference stays
under `TOLERANCE` and the token is the same wherever the top two are further apart than twice that.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.cancel import CancelToken
from assistant.engines.base import LlmSpec
from assistant.engines.llama.kv_files import LEAST, common
from assistant.engines.llama.model import LlamaModel
from assistant.engines.llama.session import LlamaSession
from assistant.engines.llama.talk_files import place
from assistant.models import SHIPPED
from assistant.protocols import Sampling

TOLERANCE = 0.3
"""Of a logit: 0.20 was the most between one batch and single tokens over 60 prompts; batches of two or more differed by nothing."""
CONTEXT, CELLS, SESSIONS, SAID = 160, 256, 4, 4  # two long conversations fill the cells
LENGTHS = st.sampled_from([1, 2, 15, 16, 40, 90, 127, 128, 129, 150])
DONE = (
    "open",
    "append",
    "append",
    "evaluate",
    "stream",
    "truncate",
    "fork",
    "evict",
    "save",
    "go_on",
    "go_on",
    "load",
    "close",
    "restart",
)
TEXTS = ("what is the capital of france? ", "我叫小明，你好。", "my name is anna. ", "turn on the light in the kitchen, ")


@pytest.fixture(scope="module")
def models() -> Iterator[list[LlamaModel]]:
    made = [LlamaModel(LlmSpec(SHIPPED / "starter/starter-llm.gguf", CONTEXT, CELLS, SESSIONS, threads=1)) for _ in range(2)]
    yield made
    for model in made:
        model.close()


@dataclass(frozen=True)
class Step:
    """Something that is done to a conversation; what it does not need of the numbers is not looked at."""

    what: str
    number: int
    """Of the conversation."""
    name: str
    """Of the file."""
    text: int
    length: int
    share: float
    now: bool


STEPS = st.builds(
    Step,
    st.sampled_from(DONE),
    st.integers(0, 9),
    st.sampled_from(["voice", "../x", "客厅"]),
    st.integers(0, len(TEXTS) - 1),
    LENGTHS,
    st.floats(0, 1),
    st.booleans(),
)


class Sessions:
    """Several conversations of one model; another model of the same file stands for the next process."""

    def __init__(self, models: list[LlamaModel], folder: Path) -> None:
        self.models, self.folder = models, folder
        self.model = models[0]
        self.pairs: list[tuple[LlamaSession, list[int]]] = [(self.model.open("first"), [])]
        self.saved: dict[str, list[int]] = {}

    def do(self, step: Step) -> None:
        """Do it, and look at all conversations."""
        getattr(self, step.what)(step, *self.pairs[step.number % len(self.pairs)])
        for session, truth in self.pairs:
            assert list(session.ids) == truth
            assert self.model.lib.llama_memory_seq_pos_max(self.model.memory, session.seq) == session.cells - 1 < len(truth)

    def open(self, step: Step, session: LlamaSession, truth: list[int]) -> None:
        if len(self.pairs) < SESSIONS:
            self.pairs.append((self.model.open(str(step.number)), []))

    def append(self, step: Step, session: LlamaSession, truth: list[int]) -> None:
        """The beginnings of few texts, so that conversations and files have much in common."""
        ids = self.model.encode(TEXTS[step.text] * 20)[: min(step.length, CONTEXT - SAID - len(truth))]
        session.append(ids)
        truth += ids
        if step.now:
            assert session.evaluate(CONTEXT, CancelToken()) == 0

    def evaluate(self, step: Step, session: LlamaSession, truth: list[int]) -> None:
        left = session.evaluate(step.length, CancelToken())
        assert left == len(truth) - session.cells and (left == 0 or session.cells >= step.length)

    def stream(self, step: Step, session: LlamaSession, truth: list[int]) -> None:
        if not truth or len(truth) + 3 > CONTEXT - SAID:
            return
        how = Sampling(temperature=0, repetition_penalty=1, max_tokens=3, stop=("a", "o", "。") if step.now else ())
        text = "".join(piece.text for piece in session.stream(how, CancelToken()))
        said = session.ids[len(truth) :]
        assert b"".join(map(self.model.piece, said)).decode("utf-8", "ignore") == text
        truth += said

    def truncate(self, step: Step, session: LlamaSession, truth: list[int]) -> None:
        length = round(step.share * len(truth))
        session.truncate(length)
        del truth[length:]

    def fork(self, step: Step, session: LlamaSession, truth: list[int]) -> None:
        if len(self.pairs) < SESSIONS:
            self.pairs.append((session.fork(), list(truth)))

    def evict(self, step: Step, session: LlamaSession, truth: list[int]) -> None:
        session.evict()

    def save(self, step: Step, session: LlamaSession, truth: list[int]) -> None:
        assert session.save(self.folder, step.name) == (session.cells >= LEAST)
        if session.cells >= LEAST:
            self.saved[step.name] = truth[: session.cells]

    def go_on(self, step: Step, session: LlamaSession, truth: list[int]) -> None:
        """As after a start: the ids of what was saved, or a beginning of them, then others."""
        if not self.saved:
            self.save(step, session, truth)
            return
        name = sorted(self.saved)[step.number % len(self.saved)]
        ids = self.saved[name]
        length = len(ids) if step.now else round(step.share * len(ids))
        session.truncate(0)
        truth[:] = [*ids[:length], *self.model.encode(TEXTS[step.text] * 20)[: step.length]][: CONTEXT - SAID]
        session.append(truth)
        self.load(replace(step, name=name), session, truth)

    def load(self, step: Step, session: LlamaSession, truth: list[int]) -> None:
        before, ids = session.cells, self.saved.get(step.name, [])
        same = common(truth, ids, len(ids))
        if same < min(LEAST, len(truth)):
            self.saved.pop(step.name, None)  # another talk's: it goes
        took = session.load(self.folder, step.name)
        assert took == (same if same >= LEAST and same > before else 0)
        assert session.cells == (took or before)
        assert place(self.folder, step.name).exists() == (step.name in self.saved)

    def close(self, step: Step, session: LlamaSession, truth: list[int]) -> None:
        if len(self.pairs) > 1:
            session.close()
            self.pairs = [pair for pair in self.pairs if pair[0] is not session]

    def restart(self, step: Step, session: LlamaSession, truth: list[int]) -> None:
        self.end()
        self.model = self.models[self.model is self.models[0]]
        self.pairs = [(self.model.open("again"), [])]

    def end(self) -> None:
        for session, _ in self.pairs:
            session.close()

    def goes_on_as_cold(self, session: LlamaSession, truth: list[int]) -> None:
        ours = [logits(session)]
        for _ in range(SAID):
            session.append([int(ours[-1].argmax())])
            ours.append(logits(session))
        said = list(session.ids[len(truth) :])
        theirs = self.cold(session, truth, said)
        for one, other in zip(ours, theirs, strict=True):
            assert np.abs(one - other).max() < TOLERANCE
            second, first = np.sort(other)[-2:]
            assert one.argmax() == other.argmax() or first - second <= 2 * TOLERANCE
        session.truncate(len(truth))
        again = self.cold(session, truth, said, evicted=True)
        assert [one.argmax() for one in again] == [other.argmax() for other in theirs]

    def cold(self, session: LlamaSession, truth: list[int], said: list[int], *, evicted: bool = False) -> list[Any]:
        """Logits behind `truth` and each of `said`, where no cells were left to share: of a new conversation or of `session`."""
        for other, _ in self.pairs:
            other.evict()
        if not evicted:
            session = self.model.open("cold")
            session.append(truth)
        found = [logits(session)]
        for token in said:
            session.append([token])
            found.append(logits(session))
        if not evicted:
            session.close()
        return found


def logits(session: LlamaSession) -> Any:
    """A copy of the logits behind the last id."""
    session._ready(CancelToken())
    return np.array(session._model.logits())


@settings(max_examples=70, deadline=None, derandomize=True)
@given(steps=st.lists(STEPS, min_size=25, max_size=50))
def test_conversations_are_lists_of_ids(models: list[LlamaModel], steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as place_:
        sessions = Sessions(models, Path(place_) / "talks")
        try:
            for step in steps:
                sessions.do(step)
            for session, truth in sessions.pairs:
                if truth:
                    sessions.goes_on_as_cold(session, truth)
        finally:
            sessions.end()
