"""A turn's way through the tools: offer, the model's call, a yes or the PIN where it takes one, the call, what is said of it.

Rules
- Only what was generated under the offer's grammar in this turn is a call. At most `max_calls`, none twice.
- What a tool that changes something has done is said from what it returned, never by the model; so is a sentence from one that
  reads. From data that one returned the model answers, and may call again.
- A call that has not returned in time is given up: what it returns later is dropped. A stop drops it too.
"""

from collections.abc import Generator
from typing import TYPE_CHECKING

from assistant import events
from assistant.cancel import Cancelled
from assistant.dialogue.asking import ask_model
from assistant.dialogue.kit import Item, Waiting
from assistant.dialogue.tool_calls import read, said
from assistant.languages import joined
from assistant.languages.home import home_texts
from assistant.languages.numerals import pin_of
from assistant.languages.tools import tool_texts
from assistant.protocols_skills import Talk
from assistant.protocols_tools import Asked, Call, Offer, Returned, Tool, Toolbox, WrongArguments

if TYPE_CHECKING:
    from assistant.dialogue.turn import Turn

LOOK_S = 0.02
"""So often a call under way is asked whether it has returned."""
_MARKS = " \t\n.,!?;:。，！？；：、"


class ToolTurn:
    """The tools of one turn."""

    def __init__(self, turn: "Turn", box: Toolbox, talk: Talk) -> None:
        self._turn, self._box, self._talk = turn, box, talk
        self._texts = tool_texts(talk.language)
        self._waiting: Asked | None = None

    def confirmed(self) -> Generator[Item, None, bool]:
        """Do what waits for a yes or for the PIN, if this is it, or say that it is left; False: it is something else."""
        request = self._turn.request
        self._waiting = asked = self._box.asked(request.conversation, self._turn.kit.clock())
        plain = request.text.strip(_MARKS).lower()
        for mark in ",，。":
            plain = plain.replace(mark, "")
        if asked is None:
            return False
        digits = pin_of(plain, self._talk.language) if asked.tool.tier == "pin" else ""
        said_yes = bool(digits) if asked.tool.tier == "pin" else plain in self._texts.YES
        if not said_yes and plain not in self._texts.NO:
            return False
        self._turn.private = bool(digits)
        yield from self._turn.request.gate.wait(self._turn.cancel)
        self.settle()
        if not said_yes:
            yield self._turn.say(self._texts.not_now)
            return True
        if digits and (wrong := self._wrong(digits, asked)):
            yield self._turn.say(wrong)
            return True
        returned = yield from self._run(asked.tool, asked.call)
        yield self._turn.say(self._claim(asked.tool, returned))
        return True

    def _wrong(self, digits: str, asked: Asked) -> str:
        """What is said to digits that are not the PIN; "" when they are."""
        pin, texts = self._box.pin, home_texts(self._talk.language)
        became = pin.check(digits) if pin is not None else "locked"
        if became == "right":
            return ""
        if became == "locked" or pin is None:
            return texts.pin_locked(pin.locked_s() if pin is not None else 0.0)
        self._ask(asked.tool, asked.call)
        return texts.pin_wrong

    def settle(self) -> None:
        """What waited when the turn began waits no more, whatever was said; not before it is sure that this is a turn."""
        if self._waiting is not None:
            self._box.settle(self._turn.request.conversation, self._waiting)
            self._waiting = None

    def offer(self) -> Offer | None:
        """The tools that the words may mean and that fit the prompt; None for none."""
        most: int | None = None
        while (offer := self._box.offer(self._turn.request.text, self._talk, most)) is not None:
            if self._turn.talk.fits(offer.lines):
                return offer
            most = len(offer.tools) - 1
            if not most:
                return None
        return None

    def answer(self, offer: Offer) -> Generator[Item, None, bool]:
        """Have the model call tools, or talk; False: it calls none to what is a command."""
        results: list[str] = []
        made: list[Call] = []
        while True:
            left = offer if len(made) < self._box.max_calls else None
            call_text = yield from ask_model(self._turn, self._turn.request.text, offer=left, results=results)
            if not call_text:
                return not offer.changing
            call = read(call_text)
            tool = offer.find(call.name) if call is not None else None
            if call is None or tool is None:
                yield self._turn.say(self._texts.again)
                return True
            if call in made:  # it has the answer, and asks again
                yield from ask_model(self._turn, self._turn.request.text, results=results)
                return True
            made.append(call)
            if tool.tier != "free":
                yield from self._turn.request.gate.wait(self._turn.cancel)
                yield self._turn.say(self._question(tool, call))
                return True
            returned = yield from self._run(tool, call)
            if tool.changes or returned.outcome != "done" or not returned.data:
                yield self._turn.say(self._claim(tool, returned))
                return True
            results.append(self._short(f"{tool.name}: {returned.data}", results))

    def _short(self, line: str, results: list[str]) -> str:
        """A line of results, cut until it fits beside those that are there."""
        while line and not self._turn.talk.fits([*results, line]):
            line = line[: len(line) * 3 // 4]
        return line

    def _question(self, tool: Tool, call: Call) -> str:
        """Asks for the yes, or for the PIN, that a call takes."""
        texts, pin = home_texts(self._talk.language), self._box.pin
        try:
            tool.bind(call.arguments)
        except WrongArguments:
            return self._texts.again
        if tool.tier == "pin" and (pin is None or not pin.there):
            return texts.no_pin
        if tool.tier == "pin" and pin is not None and (locked := pin.locked_s()):
            return texts.pin_locked(locked)
        self._ask(tool, call)
        title, values = tool.title(self._talk.language), said(call.arguments, self._texts.joint)
        return self._texts.ask_pin(title, values) if tool.tier == "pin" else self._texts.ask(title, values)

    def _ask(self, tool: Tool, call: Call) -> None:
        self._box.ask(self._turn.request.conversation, Asked(tool, call, self._turn.kit.clock() + self._box.confirm_s))

    def _run(self, tool: Tool, call: Call) -> Generator[Item, None, Returned]:
        """Run a call to its end or to its deadline."""
        turn, clock = self._turn, self._turn.kit.clock
        yield from turn.request.gate.wait(turn.cancel)  # nothing is done for a draft
        yield events.ToolCalled(turn.turn_id, clock(), tool.name, call.arguments)
        try:
            job = self._box.begin(tool, call, self._talk)
        except WrongArguments:
            yield events.ToolReturned(turn.turn_id, clock(), tool.name, False)
            return Returned("refused", self._texts.again)
        until, returned = clock() + self._box.deadline_s, None
        try:
            while (returned := job.returned()) is None and clock() < until:
                turn.cancel.check()
                yield Waiting(None, min(until, clock() + LOOK_S))
        except Cancelled:
            yield events.ToolReturned(turn.turn_id, clock(), tool.name, False)
            raise
        finally:
            job.drop()
        returned = returned or Returned("timeout")
        yield events.ToolReturned(turn.turn_id, clock(), tool.name, returned.outcome == "done")
        return returned

    def _claim(self, tool: Tool, returned: Returned) -> str:
        """What is said of a call: from what it returned alone."""
        title, texts = tool.title(self._talk.language), self._texts
        if returned.outcome == "timeout":
            return texts.timeout(title, tool.changes)
        if returned.outcome == "failed":
            return texts.failed(title)
        if returned.outcome == "refused":
            return texts.refused(title, returned.said)
        if not returned.said:
            return texts.done(title)
        return joined((returned.said, texts.cut if returned.cut else ""), self._talk.language)
