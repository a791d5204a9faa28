"""The shelf: talks that come whole with each request, kept computed in case the same talk goes on.

A request brings all messages. Where a talk on the shelf holds exactly its first ones, its session is taken over, the replies as
they were generated, and only what is new is computed. Else a session is opened, and the engine lends it the cells of whatever
begins with the same ids. What is on the shelf is bounded: `MAX_TALKS` talks and `llm.context` tokens together, so that strangers'
talks never push out the room's own; the one longest unused is closed. Belongs to the brain's thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.dialogue.budget import TooLong
from assistant.dialogue.prompt import PERSONA, Prompt
from assistant.protocols import ChatModel, ChatSession

MAX_TALKS = 4
REPLY_ROOM = 16
"""Tokens that must be left for a reply."""

LETTERS = 32
"""Characters a token holds at most, on average."""


@dataclass(frozen=True)
class Message:
    """One message of a talk, as text."""

    role: str
    """system, user or assistant."""
    text: str


@dataclass
class Draft:
    """A session that holds the prompt of a talk, and then its reply."""

    messages: tuple[Message, ...]
    session: ChatSession
    prompt: int = 0
    """Ids of the prompt; the reply's stand behind them."""


class Shelf:
    """Talks at rest."""

    def __init__(self, model: ChatModel, prompt: Prompt, persona: str) -> None:
        """`persona` is for talks that bring no system message; "" takes the language's own."""
        self.model = model
        self._prompt, self._persona = prompt, Message("system", persona or PERSONA[prompt.language])
        self._talks: list[Draft] = []  # the one longest unused first

    def take(self, messages: Sequence[Message]) -> Draft:
        """A session with the prompt of these messages, up to the header of the reply. Raises `TooLong`, `EngineError`."""
        whole = tuple(messages) if messages[0].role == "system" else (self._persona, *messages)
        letters = sum(len(message.text) for message in whole)
        if letters > LETTERS * self.model.context:  # to cut a whole book into tokens would take a second
            raise TooLong(f"the messages have {letters} characters, more than {self.model.context} tokens hold; send fewer")
        known = [talk for talk in self._talks if talk.messages == whole[: len(talk.messages)]]
        going_on = max(known, key=lambda talk: len(talk.messages), default=None)
        new = whole[len(going_on.messages) :] if going_on else whole
        ids = [token for message in new for token in self._block(message)] + self._prompt.reply_open()
        size, room = len(ids) + (len(going_on.session.ids) if going_on else 0), self.model.context - REPLY_ROOM
        if size > room:
            raise TooLong(f"the messages have {size} tokens and llm.context has room for {room}; send fewer or raise it")
        if going_on is not None:
            self._talks.remove(going_on)
        self._make_room(MAX_TALKS, self.model.context - size)
        session = going_on.session if going_on else self.model.open("request")
        session.append(ids)
        return Draft(whole, session, len(session.ids))

    def put(self, draft: Draft, reply: str) -> None:
        """A talk is at rest: with its reply, or without one ("": it was cut short) with what its prompt had before."""
        session = draft.session
        if reply:
            session.append(self._prompt.reply_close())
            draft.messages = (*draft.messages, Message("assistant", reply))
        else:
            session.truncate(draft.prompt - len(self._prompt.reply_open()))
        self._talks.append(draft)
        self._make_room(MAX_TALKS, self.model.context)

    def close(self) -> None:
        """Free all."""
        self._make_room(0, 0)

    def _make_room(self, talks: int, tokens: int) -> None:
        while self._talks and (len(self._talks) > talks or sum(len(talk.session.ids) for talk in self._talks) > tokens):
            self._talks.pop(0).session.close()

    def _block(self, message: Message) -> list[int]:
        if message.role == "assistant":
            return self._prompt.reply(message.text)
        return self._prompt.system(message.text) if message.role == "system" else self._prompt.user(message.text)
