"""Notes: what the model writes for itself in idle time, in a sequence aside, a batch or a token at a time."""

from collections.abc import Generator

from assistant.cancel import CancelToken
from assistant.dialogue.prompt import Prompt
from assistant.protocols import ChatSession, Sampling

ASIDE = " aside"
"""Ends the name of a sequence in which notes are written."""
BATCH = 32
"""Tokens evaluated per step: a turn waits for no more."""


def write(session: ChatSession, prompt: Prompt, question: str, tokens: int, grammar: str = "") -> Generator[None, None, str]:
    """The model's most probable reply, up to the end of its line; leaves `session` as it was. Raises `EngineError`."""
    start, text = len(session.ids), ""
    session.append([*prompt.user(question), *prompt.reply_open()])
    while session.evaluate(BATCH, CancelToken()):
        yield
    sampling = Sampling(temperature=0.0, repetition_penalty=1.0, max_tokens=tokens, grammar=grammar)
    for piece in session.stream(sampling, CancelToken()):
        text += piece.text
        if "\n" in text.strip():
            break
        yield
    session.truncate(start)
    return text
