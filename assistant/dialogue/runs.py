"""Which kind of turn a request asks for."""

from collections.abc import Iterator

from assistant.cancel import CancelToken
from assistant.dialogue.completion import run_completion, run_transcription
from assistant.dialogue.kit import Item, Kit, TurnRequest
from assistant.dialogue.ring import run_ring
from assistant.dialogue.turn import run_turn


def run(request: TurnRequest, turn_id: int, kit: Kit, cancel: CancelToken) -> Iterator[Item]:
    """The turn that a request asks for."""
    if request.ring is not None:
        return run_ring(request, turn_id, kit, cancel)
    if request.messages:
        return run_completion(request, turn_id, kit, cancel)
    return (run_turn if request.hear is None else run_transcription)(request, turn_id, kit, cancel)
