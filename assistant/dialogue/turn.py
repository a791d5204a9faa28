"""A turn, read from top to bottom: a skill, else a document, a tool, the model; clauses; spoken form; sound; commit.

`run_turn` is a lazy generator that never blocks: it yields events as they happen, `Step` after a piece of work that has nothing
to tell, and `Waiting(sink)` while the loudspeaker is full or drains. One catch, one finally: each turn ends in exactly one of
Completed, Cancelled, Failed, and what was heard is committed to history once.
Stages are functions from iterator to iterator: speak(cut(answer)).
"""

import logging
from collections.abc import Generator, Iterator
from dataclasses import replace
from functools import cached_property

from assistant import events
from assistant.audio.format import RATE
from assistant.cancel import Cancelled, CancelToken
from assistant.dialogue.asking import ask_model
from assistant.dialogue.clauses import ClauseCutter
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.going_on import Answer, understood
from assistant.dialogue.kit import Item, Kit, TurnRequest, Waiting
from assistant.dialogue.mouth import Mouth
from assistant.dialogue.quotes import Quote, look_up
from assistant.dialogue.sentences import whole_sentences
from assistant.dialogue.spoken import SpokenForm
from assistant.dialogue.stages import Stages
from assistant.dialogue.talks import GUEST, PRIVATE
from assistant.dialogue.tool_calls import NO_TOOL
from assistant.dialogue.tool_turn import ToolTurn
from assistant.errors import AssistantError, EngineError
from assistant.languages import joined, joint, language
from assistant.protocols_skills import Doing, Instead, SkillCall, Talk

_log = logging.getLogger(__name__)
LOOK_S = 0.02
"""So often a skill that waits is asked whether it has what it waits for."""


def run_turn(request: TurnRequest, turn_id: int, kit: Kit, cancel: CancelToken) -> Iterator[Item]:
    """Answer one request."""
    turn = Turn(request, turn_id, kit, cancel)
    if request.sink is not None:
        sink = request.sink
        cancel.on_cancel(lambda _: None if request.gate.closed else sink.stop())
    yield events.TurnStarted(turn_id, kit.clock(), request.text)
    outcome: events.Event
    try:
        yield from turn.held_back(turn.speak(turn.cut(turn.answer())))
        outcome = turn.completed()
    except Cancelled as stop:
        outcome = events.Cancelled(turn_id, kit.clock(), stop.reason, turn.private)
    except Exception as error:  # noqa: BLE001  a turn may fail in any engine or skill; the daemon goes on
        outcome = turn.failed(error)
        turn.commit()  # before the apology plays: it is no part of what was heard
        yield from turn.apologise()
    finally:
        if request.sink is not None and cancel.reason is not None and not request.gate.closed:
            request.sink.stop()  # again: a write may have slipped in between the cancellation and the last check
        turn.commit()
    yield outcome


class Turn:
    """What one turn has gathered so far."""

    def __init__(self, request: TurnRequest, turn_id: int, kit: Kit, cancel: CancelToken) -> None:
        self.request, self.turn_id, self.kit, self.cancel = request, turn_id, kit, cancel
        self.texts = language(request.language).texts
        self.reply = ""
        self.stages = Stages(request.stages, request.gate.stages, stopwatch=kit.stopwatch)
        self.lengths: list[tuple[int, int]] = []  # (characters of the reply, ids in the session) after each piece
        sink = request.sink
        self.mouth = Mouth(sink, request.language, turn_id, kit, cancel, self.stages, request.gate) if sink is not None else None
        self.by_model = False
        self.route = ""
        self.passage: Quote | None = None
        self.memory = None if request.conversation.startswith(PRIVATE) else kit.memory
        self.private = self.aside = self.to_learn = self.learnt = False
        self.tools: ToolTurn | None = None
        self.done = self.committed = self.written = False
        self.prompt_tokens = self.evaluated = self.completion_tokens = 0

    @cached_property
    def talk(self) -> Conversation:
        """The conversation, once it is needed: a text that is only spoken has none."""
        return self.kit.conversation(self.request.conversation)

    # -- stages ------------------------------------------------------------------------------------------------

    def answer(self) -> Iterator[Item]:
        """The reply's text, from a skill or from the model."""
        self.cancel.check()
        if self.request.say is not None:
            yield self.say(self.request.say)
            return
        last = self.talk.history.last
        talk = Talk(
            self.request.language,
            self.kit.now,
            last.user if last else "",
            last.assistant if last else "",
            self.memory,
            self.request.conversation.startswith(GUEST),
            self.request.conversation,
            self.talk.written,
        )
        wish = understood(self.request.text, talk.last_reply, self.request.language) if self.mouth is not None else None
        self.route = "talk" if wish is None else "go_on"
        if wish is Answer.ENOUGH:
            yield self.say(self.texts.go_on_declined)
            return
        if self.formal():
            yield from ask_model(self, self.request.text)
            return
        self.tools = tools = ToolTurn(self, self.kit.tools, talk) if self.kit.tools is not None else None
        if tools is not None and (yield from tools.confirmed()):
            self.route = "tool"
            return
        with self.stages.timed("route"):
            call = self.kit.router.match(self.request.text, talk)
            if (heard := self.request.instead) is not None and (heard.over or call is None or call.last):
                call = self._instead(heard, call, talk)
        if wish is Answer.MORE and call is None:  # "go on" may be the next step of a procedure
            yield from ask_model(self, self.texts.go_on_request)
            return
        if call is None and (yield from self._quote()):
            return
        if tools is not None and (call is None or call.last):
            with self.stages.timed("route"):
                offer = tools.offer()
            if offer is not None:
                self.route = "tool"
                if (yield from tools.answer(offer)):
                    return
                if call is None:
                    yield self.say(NO_TOOL[self.request.language])
                    return
        if call is None:
            yield from ask_model(self, self.request.text)
            return
        self.private, self.aside = call.private, call.aside
        self.route = f"{call.stage}: {call.why or call.name}" if call.stage != "stop" else "stop"
        yield from self.request.gate.wait(self.cancel)
        yield events.ToolCalled(self.turn_id, self.kit.clock(), call.name, call.arguments)
        try:
            with self.stages.timed("skill"):
                reply = call.run()
            text = reply if isinstance(reply, str) else (yield from self._wait_for(reply))
        except Exception:
            yield events.ToolReturned(self.turn_id, self.kit.clock(), call.name, False)
            raise
        yield events.ToolReturned(self.turn_id, self.kit.clock(), call.name, True)
        if text:
            yield self.say(text)

    def _instead(self, heard: Instead, said: SkillCall | None, talk: Talk) -> SkillCall | None:
        """The likely command that was heard beside the words, where it is carried out or asked; else what they are themselves."""
        call = self.kit.router.instead(heard, self.request.text, talk)
        if call is None:
            return said
        if call.name != "did_you_mean":
            self.request = replace(self.request, text=heard.text)  # that was said
        return call

    def _wait_for(self, doing: Doing) -> Generator[Item, None, str]:
        """The reply of a skill that waits; a stop closes it."""
        try:
            while True:
                self.cancel.check()
                with self.stages.timed("skill"):
                    next(doing)
                yield Waiting(None, self.kit.clock() + LOOK_S)
        except StopIteration as done:
            text: str = done.value
            return text
        finally:
            doing.close()

    def _quote(self) -> Generator[Item, None, bool]:
        """Say a document's sentence and its source, if it answers as it stands and nothing that was told does; whether it did."""
        text, code = self.request.text, self.request.language
        with self.stages.timed("route"):
            found = look_up(self.kit.documents, self.kit.memory, text, code)
        if found is None or not found.sure:
            self.passage = found  # stands in the recall block
            return False
        self.route = "document"
        yield events.ToolCalled(self.turn_id, self.kit.clock(), "documents", {"source": found.source})
        yield self.say(found.sentence)
        yield self.say(self.behind(found.source))
        yield events.ToolReturned(self.turn_id, self.kit.clock(), "documents", True)
        return True

    def cut(self, items: Iterator[Item]) -> Iterator[Item]:
        """Put a `Clause` behind the token that completes it, or makes it time to say what is there."""
        pace, mouth, since, pieces = self.kit.pace(self.request.language), self.mouth, 0.0, 0
        cutter, form = ClauseCutter(pace), SpokenForm(self.request.language)

        def clauses() -> Iterator[Item]:
            while mouth is not None and (text := cutter.take(mouth.buffered_s())) is not None:
                mouth.written = cutter.left()
                yield events.Clause(self.turn_id, self.kit.clock(), text, form(text))

        for item in items:
            yield item
            if isinstance(item, events.Token) and mouth is not None:
                if 0 < pieces < len(self.lengths):
                    pace.wrote(item.text, self.kit.clock() - since)
                cutter.push(item.text)
                yield from clauses()
                mouth.written = cutter.left()
                since, pieces = self.kit.clock(), len(self.lengths)
        self.written = True
        cutter.close()
        yield from clauses()

    def speak(self, items: Iterator[Item]) -> Iterator[Item]:
        """Synthesise clauses and play them to the end; the next one is written while the last one plays."""
        for item in items:
            yield item
            if self.mouth is not None:
                yield from self.mouth.say(item) if isinstance(item, events.Clause) else self.mouth.fill()
        if self.mouth is not None:
            yield from self.mouth.finish()

    def held_back(self, items: Iterator[Item]) -> Iterator[Item]:
        """What is to be told, but its end: a draft waits there, and with an error of its own too."""
        try:
            yield from items
        except Cancelled:
            raise
        except Exception:
            yield from self.request.gate.wait(self.cancel)
            raise
        yield from self.request.gate.wait(self.cancel)

    def apologise(self) -> Iterator[Item]:
        """Say that the turn failed, with a tone where the voice fails too; nobody is left in silence."""
        mouth, text = self.mouth, self.texts.apology
        if mouth is None:
            return
        mouth.stop()
        try:
            try:
                yield from mouth.say(events.Clause(self.turn_id, self.kit.clock(), text, text))
            except Cancelled:
                raise
            except Exception:  # noqa: BLE001  whatever the voice's fault is, the turn has failed already
                mouth.sink.write(self.kit.error_tone, RATE)
            yield from mouth.drain()
        except (AssistantError, Cancelled):
            mouth.stop()

    # -- outcomes ----------------------------------------------------------------------------------------------

    def completed(self) -> events.Completed:
        """The good end."""
        self.done = True
        self.stages.mark("total")
        return events.Completed(
            self.turn_id,
            self.kit.clock(),
            user=self.request.text,
            assistant=self.reply,
            stages={name: round(value, 4) for name, value in self.stages.seconds.items()},
            prompt_tokens=self.prompt_tokens,
            prompt_tokens_evaluated=self.evaluated,
            completion_tokens=self.completion_tokens,
            route=self.route,
            private=self.private,
            aside=self.aside,
        )

    def failed(self, error: Exception) -> events.Failed:
        """The bad end. What is no `AssistantError` is a fault of ours or of an engine; its type is named, not its data."""
        known = error if isinstance(error, AssistantError) else EngineError(f"{type(error).__name__} in the turn; see the log")
        return events.Failed(self.turn_id, self.kit.clock(), known.code, str(known), self.private)

    def commit(self) -> None:
        """Bring history in step with what was heard; the first call counts."""
        if self.committed or "talk" not in self.__dict__:  # the talk was never needed, or could not be opened
            return
        self.committed = True
        if self.request.gate.closed:  # a draft that was given up
            self.talk.withdraw()
            return
        if self.route in ("talk", "document", "go_on", "tool"):
            self.kit.router.passed(self.request.conversation)
        self.learn()
        if self.tools is not None and not self.aside:
            self.tools.settle()
        heard = self.heard()
        if not heard or self.private:
            self.talk.rollback("" if self.private else self.broken_off(""))
            return
        kept = None
        if self.by_model:
            kept = next((ids for length, ids in self.lengths if length >= len(heard)), self.lengths[-1][1])
        if self.learnt:
            self.talk.said()
        self.talk.commit(self.request.text, heard, kept, self.broken_off(heard))

    def behind(self, sentence: str) -> str:
        """A sentence of our own as it stands behind the reply so far."""
        return f"{joint(self.reply, self.request.language)}{sentence}"

    def heard(self) -> str:
        """The part of the reply that reached somebody: all of it when done, what was shown, or what was played."""
        return self.reply if self.done or self.mouth is None else self.mouth.heard()

    def broken_off(self, heard: str) -> str:
        """The reply for whoever broke it off and wants it again; "" where it is what was heard.

        One that the model had not written to its end stops at a sentence's, and offers to go on.
        """
        if self.cancel.reason is None or self.mouth is None:
            return ""
        if self.written or not self.lengths:  # no model's: it was there as a whole
            return self.reply if len(heard) < len(self.reply) else ""
        sentences = whole_sentences(self.reply)
        return joined((sentences, self.texts.go_on_offer), self.request.language) if sentences else ""

    def learn(self) -> None:
        """Keep the fact in the user's words, if there is one; after the prompt was written: there it stands as it was said."""
        if self.memory is None or not self.to_learn or self.request.gate.closed:
            return
        self.to_learn = False
        try:
            self.learnt = bool(self.memory.learn(self.request.text, self.request.language, self.turn_id))
        except AssistantError as error:  # a full disk is no reason not to answer
            _log.warning("%s", error)

    # -- small parts -------------------------------------------------------------------------------------------

    def formal(self) -> bool:
        """Whether the reply must have a form, such as JSON: only the model can obey."""
        return self.request.sampling is not None and bool(self.request.sampling.grammar)

    def say(self, text: str) -> events.Token:
        """A piece of the reply."""
        self.reply += text
        return events.Token(self.turn_id, self.kit.clock(), text)
