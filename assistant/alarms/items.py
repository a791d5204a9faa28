"""What is kept of a timer, an alarm or a reminder, and what may become of it.

A state machine: `STEPS` lists every change; one that is not listed raises and changes nothing. What rings is written down as
ringing before its first sound, so that a power cut leaves no doubt:

- armed: it has not rung. Due while nothing ran: late by no more than `alarms.late_minutes` it rings, later it is missed.
- ringing: it rang when the power went. It goes on once (`cuts` 1), within the same limit; cut off again, it is missed: what rings
  when the assistant dies of it must not do so for ever.
- done, missed: it never rings again. What was missed is told once.

An elapsed one (`local` "") ends so many seconds after it was set, whatever the clock says. The others are due at a time of day
in the house's zone. A repeating one is never ringing itself: each time it is due, one without repetition is made that rings.
"""

from dataclasses import dataclass
from typing import Literal

from assistant.errors import AssistantError

Kind = Literal["timer", "alarm", "reminder"]
State = Literal["armed", "paused", "ringing", "missed", "done"]

STEPS: dict[tuple[State, str], State] = {
    ("armed", "pause"): "paused",
    ("paused", "resume"): "armed",
    ("armed", "due"): "ringing",
    ("armed", "too_late"): "missed",
    ("ringing", "answered"): "done",
    ("ringing", "unheard"): "missed",
    ("ringing", "cut_off"): "armed",
    ("missed", "told"): "done",
}

MOST = 100
"""Kept at once; full: no more are taken, in words."""
MOST_LABEL = 120
"""Characters of a label; the rest is cut."""
SHORTEST_S, LONGEST_S = 1.0, 7 * 86_400.0
"""Of a timer."""
FARTHEST_DAYS = 366
"""Of an alarm or a reminder."""


class Unable(AssistantError):
    """A wish that cannot be granted; `why` names it for the language's own words: none, full, short, long, past, far,
    clock."""

    code = "alarms"

    def __init__(self, why: str) -> None:
        super().__init__(f"that cannot be done: {why}")
        self.why = why


@dataclass(frozen=True)
class Item:
    """One timer, alarm or reminder."""

    id: int
    kind: Kind
    label: str
    """What it is called, or what is to be remembered; may be ""."""
    state: State
    local: str
    """ISO date and time of day in the house's zone; "" for one that is over when its time has elapsed."""
    days: str = ""
    """Weekdays on which it repeats, 0 is Monday: "01234"; "": it does not."""
    length_s: float = 0.0
    """What an elapsed one was set to."""
    left_s: float = 0.0
    """What is left of a paused one."""
    boot: str = ""
    """The machine's start in which `boot_due` counts."""
    boot_due: float = 0.0
    """Seconds since that start at which an elapsed one is over."""
    wall_due: float = 0.0
    """Seconds since 1970 at which it is, or was, due."""
    cuts: int = 0
    """How often its ring was cut off."""
    ended: float = 0.0
    """Seconds since 1970 at which it was done."""

    def after(self, step: str) -> State:
        """The state after a step; `KeyError` for one that is none."""
        return STEPS[self.state, step]
