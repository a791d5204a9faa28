"""English: what is said of tools, and how a command begins."""

POLITE = (
    "please", "okay", "ok", "hey", "hello", "hi", "so", "well", "now", "and", "then", "um", "uh", "also", "just", "kindly",
    "could you", "can you", "would you", "will you", "i want you to", "i would like you to", "i'd like you to", "i need you to",
    "go ahead and",
)  # fmt: skip
POLITE_ENDS = ("please", "now", "for me", "thanks", "thank you", "okay", "right now", "again")
OBJECT_FIRST = ()
NEGATIONS = ("not", "don't", "dont", "never", "cannot", "can't", "won't", "without")
YES = ("yes", "yes please", "yeah", "yep", "sure", "okay", "ok", "do it", "yes do it", "please do", "go ahead", "of course",
       "confirm", "yes go ahead", "that is right", "that's right", "correct")  # fmt: skip
NO = ("no", "no thanks", "no thank you", "nope", "don't", "do not", "don't do it", "stop", "cancel", "never mind", "nevermind",
      "forget it", "not now", "no don't", "no stop", "no cancel", "rather not", "better not")  # fmt: skip
not_now = "All right, I leave it."
again = "I did not understand that well enough to do it. Please say it again."
cut = "There is more, which I leave out."
joint = ", "


def ask(title: str, values: str) -> str:
    """See `ToolTexts.ask`."""
    return f"Shall I {title}: {values}?" if values else f"Shall I {title}?"


def ask_pin(title: str, values: str) -> str:
    """See `ToolTexts.ask_pin`."""
    return f"To {title}{f': {values}' if values else ''}, I need the PIN. What is the PIN?"


def done(title: str) -> str:
    """See `ToolTexts.done`."""
    return f"Done: {title}."


def refused(title: str, why: str) -> str:
    """See `ToolTexts.refused`."""
    return f"I did not {title}. {why}".strip()


def failed(title: str) -> str:
    """See `ToolTexts.failed`."""
    return f"That did not work: {title}."


def timeout(title: str, changes: bool) -> str:
    """See `ToolTexts.timeout`."""
    if changes:
        return f"I got no answer in time, so I do not know whether that was done: {title}."
    return f"I got no answer in time: {title}."
