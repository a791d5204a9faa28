"""The model's reply in a turn: its prompt evaluated, its pieces streamed, or the call of a tool that it makes in place of one."""

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant import events
from assistant.dialogue.going_on import long_enough
from assistant.dialogue.kit import STEP, Item
from assistant.dialogue.quotes import backed
from assistant.dialogue.tool_calls import OPEN
from assistant.protocols import Sampling
from assistant.protocols_tools import Offer

if TYPE_CHECKING:
    from assistant.dialogue.turn import Turn

PREFILL_BATCH = 128
"""Tokens evaluated per step: a barge-in waits for no more."""
DRAFT_BATCH = 24
"""The same for a draft: of the batch under way at the end of listening all is still waited for; smaller ones take longer."""


def ask_model(turn: "Turn", text: str, offer: Offer | None = None, results: Sequence[str] = ()) -> Generator[Item, None, str]:
    """Stream the model's reply; the call it makes of a tool in place of one, which is said nowhere, "" for none.

    `offer`: what it may call; of a command nothing is said here. `results`: what tools have returned in this turn.
    """
    session = turn.talk.session
    passages = [turn.passage.passage] if turn.passage is not None else []
    blocks = [*([results] if results else []), *([offer.lines] if offer is not None else [])]
    cut = turn.talk.ask(text, passages, blocks)
    if cut is not None:
        yield events.Compacted(turn.turn_id, turn.kit.clock(), cut.dropped, cut.reason)
    turn.to_learn = not turn.prompt_tokens  # once
    turn.learn()
    turn.by_model = not blocks  # what was told for this turn alone leaves the prompt with it
    turn.prompt_tokens = len(session.ids)
    pending = 1
    while pending:
        before = session.evaluated
        with turn.stages.timed("prefill"):
            pending = session.evaluate(DRAFT_BATCH if turn.request.gate.closed else PREFILL_BATCH, turn.cancel)
        if not turn.request.gate.closed:  # nobody has waited for what is evaluated before
            turn.evaluated += session.evaluated - before
        yield STEP
    pieces, call, stops = session.stream(_sampling(turn, offer), turn.cancel), "", False
    while True:
        with turn.stages.timed("decode"):
            piece = next(pieces, None)
        stops = piece is not None and not call and _long_enough(turn, piece.text)
        if piece is None or stops:
            break
        turn.completion_tokens = len(session.ids) - turn.prompt_tokens
        if offer is not None and (call or offer.changing or "<" in piece.text):
            call += piece.text
            yield STEP
            continue
        token = turn.say(piece.text)
        turn.lengths.append((len(turn.reply), len(session.ids)))
        yield token if piece.text else STEP
    if call:
        return call if call.startswith(OPEN) else ""
    if not turn.reply.strip():
        turn.by_model = False
        yield turn.say(turn.texts.empty_reply)
    elif turn.passage is not None and backed(turn.reply, turn.passage.passage, turn.request.text):
        yield turn.say(turn.behind(turn.passage.source))
    if stops:
        yield turn.say(turn.behind(turn.texts.go_on_offer))
    return ""


def _sampling(turn: "Turn", offer: Offer | None) -> Sampling:
    """How the reply is drawn: under a grammar where tools are offered; no call is ever written where none is."""
    sampling = turn.request.sampling or turn.kit.sampling
    sampling = replace(sampling, seed=sampling.seed + turn.turn_id)
    if offer is not None:
        return replace(sampling, temperature=0.0, repetition_penalty=1.0, grammar=offer.grammar)
    return sampling if turn.formal() else replace(sampling, stop=(*sampling.stop, OPEN))


def _long_enough(turn: "Turn", following: str) -> bool:
    """Whether a spoken reply stops before this piece; its id is taken out again when the turn is committed."""
    limit = turn.kit.spoken_tokens if turn.mouth is not None else 0
    return long_enough(turn.reply, following, turn.completion_tokens, limit)
