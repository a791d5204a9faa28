"""The home at a broker, as skills see it: `protocols_home.Home`. Called from the brain's thread; nothing here blocks.

A receipt is done when the broker has taken the command and the thing's own state shows it; where a thing tells no state, when the
broker has taken it. Until then it is under way, past its deadline a timeout. Outcomes and reasons:

    failed   away         the broker, or the thing, is not there, or (MQTT 5) nobody listens to its commands
             unconfirmed  sent, and the connection was lost before the broker took it; or nobody knows what a toggle starts from
             busy         too many commands wait
             unknown      there is no such thing
             unable       it cannot do that, or only by a template that would have to be run
             range        a value that it does not take
             dropped      it was given up before it was sent
    refused  rejected     the broker does not let us
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.protocols_home import Action, Area, Entity, Outcome, Receipt, Value
from assistant.servers.bridge import Inbox
from assistant.servers.mqtt.parts import Order, State, Thing, Unfit
from assistant.servers.mqtt.registry import Registry

MAX_WAITING = 64
"""Commands (each of any number of actions) that wait to be sent."""
SLOW_S = {"lock": 15.0, "cover": 10.0, "climate": 10.0}
"""Seconds that a kind may take to tell, where that is more than usual."""


@dataclass
class Job:
    """An action under way. The loop writes `ended` and `taken`, each once."""

    action: Action
    order: Order | None
    deadline: float
    thing: Thing | None = None
    ended: tuple[Outcome, str] | None = None
    taken: bool = False
    """Whether the broker has all of it."""


class Under:
    """Actions under way (`protocols_home.Pending`)."""

    def __init__(self, jobs: Sequence[Job], state: Callable[[str], State | None], clock: Callable[[], float]) -> None:
        self.jobs, self._state, self._clock = jobs, state, clock
        self.dropped = False

    def receipts(self) -> Sequence[Receipt] | None:
        """See `Pending.receipts`."""
        for job in self.jobs:
            self._judge(job)
        if any(job.ended is None for job in self.jobs):
            return None
        return [Receipt(job.action, *job.ended) for job in self.jobs if job.ended is not None]

    def drop(self) -> None:
        """See `Pending.drop`."""
        self.dropped = True

    def _judge(self, job: Job) -> None:
        if job.ended is not None or job.order is None:
            return
        if job.taken and (job.order.sure is None or job.order.sure(self._state(job.action.entity) or {})):
            job.ended = ("done", "")
        elif self._clock() >= job.deadline:
            job.ended = ("timeout", "")


class MqttHome:
    """The home at one broker."""

    def __init__(self, registry: Registry, confirm_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.registry, self._confirm_s, self._clock = registry, confirm_s, clock
        self.inbox: Inbox[Under] = Inbox(MAX_WAITING)
        self.connected = False
        """Whether the broker answers; the loop sets it."""

    @property
    def version(self) -> int:
        """See `Home.version`."""
        return self.registry.version

    def entities(self) -> Sequence[Entity]:
        """See `Home.entities`."""
        return self.registry.entities()

    def areas(self) -> Sequence[Area]:
        """See `Home.areas`."""
        return self.registry.areas()

    def state(self, entity: str) -> Mapping[str, Value] | None:
        """See `Home.state`; None also while the thing is away."""
        found = self.registry.thing(entity)
        if not self.connected or found is None or not found[1]:
            return None
        return self.registry.state(entity)

    def act(self, actions: Sequence[Action]) -> Under:
        """See `Home.act`."""
        under = Under([self._job(action) for action in actions], self.registry.state, self._clock)
        if any(job.ended is None for job in under.jobs) and not self.inbox.put(under):
            for job in under.jobs:
                job.ended = job.ended or ("failed", "busy" if self.connected else "away")
        return under

    def late(self, job: Job) -> bool:
        """Whether its deadline has passed."""
        return self._clock() >= job.deadline

    def _job(self, action: Action) -> Job:
        found = self.registry.thing(action.entity)
        job = Job(action, None, self._clock() + self._confirm_s)
        if found is None:
            job.ended = ("failed", "unknown" if self.connected else "away")
            return job
        job.thing, there = found
        job.deadline = self._clock() + max(self._confirm_s, SLOW_S.get(job.thing.domain, 0.0))
        try:
            job.order = job.thing.order(action.verb, action.values, self.registry.state(action.entity) or {})
        except Unfit as unfit:
            job.ended = ("failed", unfit.reason)
        if not (self.connected and there):
            job.ended = ("failed", "away")
        return job
