"""A skill's call, run to its end."""

from assistant.protocols_skills import SkillCall


def said(call: SkillCall) -> str:
    """The reply; of a skill that waits, too: whoever it waits for must come to an end."""
    reply = call.run()
    if isinstance(reply, str):
        return reply
    while True:
        try:
            next(reply)
        except StopIteration as done:
            return str(done.value)
