"""What other programs ask of the model and of the recogniser, as turns: stepped, cancelled and counted like those of the house.

`run_completion` continues a talk that came whole with the request; `run_transcription` writes a recording down. Both are lazy
generators like `run_turn`: they never block, and end in exactly one of Completed, Cancelled, Failed. Nothing of them enters the
house's history or memory.
"""

from collections.abc import Iterator
from dataclasses import replace

from assistant import events
from assistant.cancel import Cancelled, CancelToken
from assistant.dialogue.kit import STEP, Item, Kit, TurnRequest
from assistant.dialogue.shelf import Draft, Shelf
from assistant.errors import AssistantError, EngineError, UsageError
from assistant.protocols import Piece, Sampling

PREFILL_BATCH = 128
"""Tokens evaluated per step: a barge-in waits for no more."""


def run_completion(request: TurnRequest, turn_id: int, kit: Kit, cancel: CancelToken) -> Iterator[Item]:
    """Continue the talk in `request.messages`."""
    yield events.TurnStarted(turn_id, kit.clock(), request.messages[-1].text)
    outcome: events.Event
    shelf, draft, reply = kit.shelf, None, ""
    try:
        cancel.check()
        if shelf is None:
            raise EngineError("no language model was loaded")
        draft = shelf.take(request.messages)
        session, before = draft.session, draft.session.evaluated
        sampling = _sampling(request, turn_id, kit, draft)
        pending = 1
        while pending:
            pending = session.evaluate(PREFILL_BATCH, cancel)
            yield STEP
        evaluated = session.evaluated - before
        for piece in _pieces(session.stream(sampling, cancel), sampling):
            reply += piece.text
            yield events.Token(turn_id, kit.clock(), piece.text) if piece.text else STEP
        outcome = events.Completed(
            turn_id,
            kit.clock(),
            user=request.messages[-1].text,
            assistant=reply,
            prompt_tokens=draft.prompt,
            prompt_tokens_evaluated=min(evaluated, draft.prompt),
            completion_tokens=len(session.ids) - draft.prompt,
        )
        _rest(shelf, draft, reply.strip())
    except Cancelled as stop:
        _rest(shelf, draft, "")
        outcome = events.Cancelled(turn_id, kit.clock(), stop.reason)
    except Exception as error:  # noqa: BLE001  a turn may fail in any engine; the daemon goes on
        if draft is not None:
            draft.session.close()
        outcome = _failed(turn_id, kit, error)
    yield outcome


def run_transcription(request: TurnRequest, turn_id: int, kit: Kit, cancel: CancelToken) -> Iterator[Item]:
    """Write down the recording in `request.hear`; its words are the `user` of Completed."""
    yield events.TurnStarted(turn_id, kit.clock(), "")
    outcome: events.Event
    try:
        cancel.check()
        transcriber = kit.transcribers.get(request.language)
        if transcriber is None:
            known = ", ".join(kit.transcribers) or "none"
            raise UsageError(f"there is no recogniser for {request.language}; there are: {known}")
        session = transcriber.session()
        for block in request.hear or ():
            cancel.check()
            session.feed(block)
            yield STEP
        outcome = events.Completed(turn_id, kit.clock(), user=session.finish(), assistant="")
    except Cancelled as stop:
        outcome = events.Cancelled(turn_id, kit.clock(), stop.reason)
    except Exception as error:  # noqa: BLE001  as above
        outcome = _failed(turn_id, kit, error)
    yield outcome


def _sampling(request: TurnRequest, turn_id: int, kit: Kit, draft: Draft) -> Sampling:
    """The request's own, its seed as it is, else the house's. Raises `UsageError` for a bias of a token that does not exist."""
    if request.sampling is None:
        return replace(kit.sampling, seed=kit.sampling.seed + turn_id)
    length = len(draft.session.ids)
    try:
        draft.session.append([token for token, _ in request.sampling.logit_bias])
    except EngineError:
        raise UsageError("logit_bias: a token is outside the model's vocabulary") from None
    finally:
        draft.session.truncate(length)
    return request.sampling


def _pieces(pieces: Iterator[Piece], sampling: Sampling) -> Iterator[Piece]:
    """The same. A grammar is read at the first; one that cannot be read came from a schema: the asker's fault."""
    try:
        first = next(pieces, None)
    except EngineError as error:
        if sampling.grammar and "grammar" in str(error):
            raise UsageError("the JSON schema makes a grammar that cannot be read; is a part of it nothing but itself?") from None
        raise
    if first is not None:
        yield first
        yield from pieces


def _rest(shelf: Shelf | None, draft: Draft | None, reply: str) -> None:
    if shelf is not None and draft is not None:
        shelf.put(draft, reply)


def _failed(turn_id: int, kit: Kit, error: Exception) -> events.Failed:
    """What is no `AssistantError` is a fault of ours or of an engine; its type is named, not its data."""
    known = error if isinstance(error, AssistantError) else EngineError(f"{type(error).__name__} in the turn; see the log")
    return events.Failed(turn_id, kit.clock(), known.code, str(known))
