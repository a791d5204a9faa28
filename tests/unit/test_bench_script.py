"""A talk on a script: what a draft takes of it and does not tell is the next turn's."""

import pytest

from assistant.bench.script import ScriptedModel
from assistant.cancel import Cancelled, CancelToken
from assistant.engines.fakes import FakeModel
from assistant.protocols import Sampling


def test_a_reply_that_is_cut_off_between_tokens_or_within_one_is_the_next_one_too() -> None:
    model = FakeModel()
    model.enqueue(*["x"] * 40)  # one a token, which gives way to the script's
    scripted = ScriptedModel(model)
    scripted.replies.append("one two three")
    session, cancel = scripted.open("voice"), CancelToken()
    dropped = session.stream(Sampling(), cancel)
    next(dropped)
    dropped.close()  # type: ignore[attr-defined]
    broken_off = session.stream(Sampling(), cancel)
    next(broken_off)
    cancel.cancel("revised")
    with pytest.raises(Cancelled):
        next(broken_off)
    assert "".join(piece.text for piece in session.stream(Sampling(), CancelToken())) == "one two three"
