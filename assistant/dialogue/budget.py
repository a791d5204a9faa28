"""The budget of the prompt: what each block may take of the context, in tokens of the model's own tokenizer; what gives way."""

from collections.abc import Mapping, Sequence

from assistant.dialogue.digest import Digest
from assistant.dialogue.prompt import Memory, Prompt
from assistant.errors import AssistantError

SLOTS, SUMMARY, LINES = 150, 90, 120
"""What each part of the memory block takes at most, at most a tenth of the context; more: the oldest are left out of it."""
RECALL = 160
"""What is told before a turn's words, at most a sixth of the context; more: what was found last goes, then the oldest slots."""
BLOCK = 256
"""What a block of a turn's own takes at most (tools, or what one returned), at most an eighth of the context."""
REPLY = 64
"""Left free for a reply, which may take more while there is room."""
QUESTION = 64
"""What must be left for a question."""
HIGH, LOW = 0.75, 0.2
"""History that reaches this share of the context (or of its turns) is cut to that one in idle time ..."""
LOW_AT_ONCE = 0.4
"""... or to this one at once, when there was no idle time: everything left is evaluated while somebody waits."""


class TooLong(AssistantError):
    """What is asked, or the persona, does not fit the context; the message says how long it may be."""

    code = "too-long"
    exit_code = 2


class Budget:
    """What fits a prompt of `context` tokens."""

    def __init__(self, prompt: Prompt, context: int, system: Sequence[int]) -> None:
        """Raises `TooLong` for a system block that leaves no room for a talk."""
        self.prompt, self.context, self._system = prompt, context, len(system)
        least = self._system + QUESTION + REPLY
        if least > context:
            raise TooLong(
                f"dialogue.persona has {len(system)} tokens and llm.context is {context}: nothing is left for a talk; "
                f"shorten the persona or raise llm.context to {2 * least} or more"
            )

    def memory(self, slots: Mapping[str, str], digest: Digest) -> list[int]:
        """The ids of the memory block, each part within its budget."""
        slots, summary, lines = dict(slots), dict(digest.summary), list(digest.lines)
        while slots and not self._fits(Memory(slots, {}), SLOTS):
            del slots[next(iter(slots))]
        while summary and not self._fits(Memory({}, summary), SUMMARY):
            del summary[next(iter(summary))]
        while lines and not self.lines_fit(lines):
            del lines[0]
        return self.prompt.memory(Memory(slots, summary, lines))

    def lines_fit(self, lines: Sequence[str]) -> bool:
        """Whether these lines of a digest fit."""
        return self._fits(Memory({}, {}, lines), LINES)

    def block_fits(self, lines: Sequence[str]) -> bool:
        """Whether these lines fit a block of a turn's own."""
        return len(self.prompt.recall(lines)) <= min(BLOCK, self.context // 8)

    def recall(self, found: list[str], told: dict[str, str]) -> list[int]:
        """The ids of a recall block; what does not fit is taken out of `found` and `told`."""
        while len(block := self.prompt.recall(found, told)) > min(RECALL, self.context // 6):
            if found:
                found.pop()
            else:
                del told[next(iter(told))]
        return block

    def check(self, question: Sequence[int], slots: Mapping[str, str]) -> None:
        """Raises `TooLong` for a question for which all history and its digest could not make room."""
        room = self.context - self._system - len(self.memory(slots, Digest())) - REPLY
        if len(question) > room:
            raise TooLong(
                f"the question has {len(question)} tokens and the context has room for {room}; ask in parts or raise llm.context"
            )

    def room(self, used: int) -> int:
        """Tokens that are free behind `used` ones, but for a reply's; below 0: those that are too many."""
        return self.context - used - REPLY

    def _fits(self, memory: Memory, most: int) -> bool:
        return len(self.prompt.memory(memory)) <= min(most, self.context // 10)
