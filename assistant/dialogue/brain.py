"""The brain: a stepper that holds live turns and moves the most urgent one on, a token or a batch at a time.

Rules
- `step()` does one piece of work and returns; `run()` is a thread's loop around it; a program without threads calls it itself.
- Cancelled turns first (they only end), then VOICE, then partials and the draft, then CHAT; equals go round robin. Background
  jobs run only when none of these can step.
- An engine's error ends the turn, the partial or the job that met it, never the brain.
- Turns of one conversation, and turns that speak into one sink, run in the order in which they were submitted.
- At most `max_turns` live turns (more: `Busy`) and `MAX_JOBS` jobs (more: `Busy`). Partials have one place; the newest wins.
- submit, cancel, partial, draft, chime and subscribe may be called from any thread; all else belongs to the brain's thread.
"""

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import count

from assistant import events
from assistant.cancel import Cancelled, CancelToken
from assistant.dialogue.kit import Gate, Kit, TurnRequest, Waiting
from assistant.dialogue.live import Draft, Live, steppable
from assistant.dialogue.live import Priority as Priority
from assistant.dialogue.live import TurnHandle as TurnHandle
from assistant.dialogue.quotes import to_read
from assistant.dialogue.runs import run
from assistant.dialogue.streams import Subscription, TurnStream
from assistant.errors import AssistantError, Busy, EngineError
from assistant.protocols import AudioSink

_log = logging.getLogger(__name__)
MAX_JOBS = 16
PARTIAL_BATCH = 16
"""Tokens of a partial evaluated per step: the final words wait for no more."""
MAX_SLEEP_S = 0.1


@dataclass
class _Mail:
    """What other threads leave for the brain; guarded by its lock."""

    partial: tuple[str, str] | None = None  # (conversation, words); one place, the newest wins
    chime: tuple[AudioSink, bytes, int] | None = None  # (sink, sound, rate); one place, the newest wins
    cold: deque[str] = field(default_factory=deque)  # conversations with something to evaluate in idle time
    jobs: deque[Iterator[None]] = field(default_factory=deque)
    stop: CancelToken = field(default_factory=CancelToken)  # breaks off what is evaluated of a partial


class Brain:
    """Steps the turns of one assistant."""

    def __init__(self, kit: Kit, max_turns: int = 4) -> None:
        self._kit = kit
        self._max_turns = max_turns
        self._bell = threading.Condition()
        self._turns: deque[Live] = deque()
        self._mail = _Mail()
        self._draft = Draft()
        self._ids = count(1)
        self._watchers: list[Subscription] = []
        self._hearing: str | None = None  # the conversation whose partial is being evaluated
        self._news = False
        self._ended = True  # a turn or a job has ended since the last look for idle work; at the start too
        self.beat = time.monotonic()
        """When the brain last looked around; the watchdog reads it."""

    # -- from any thread ---------------------------------------------------------------------------------------

    def new_turn_id(self) -> int:
        """Allot a turn's number."""
        return next(self._ids)

    def submit(
        self, request: TurnRequest, priority: Priority = Priority.CHAT, on_ready: Callable[[], None] | None = None
    ) -> TurnHandle:
        """Queue a turn. `on_ready` is called, from the brain's thread, when its stream has something. Raises `Busy`."""
        with self._bell:
            if len(self._turns) >= self._max_turns:
                self._draft.give_up(request)
                raise Busy(
                    f"{len(self._turns)} turns are being answered, as many as brain.max_turns allows; try again in a moment"
                )
            live = self._draft.take_over(request, on_ready) or self._live(request, priority, on_ready)
            self._turns.append(live)
            self._ring()
        return live.handle

    def _live(self, request: TurnRequest, priority: Priority, on_ready: Callable[[], None] | None = None) -> Live:
        turn_id = request.turn_id if request.turn_id is not None else self.new_turn_id()
        cancel = CancelToken()
        cancel.on_cancel(lambda _: self._ring())
        handle = TurnHandle(turn_id, cancel, TurnStream(cancel, on_ready))
        return Live(request, priority, handle, run(request, turn_id, self._kit, cancel))

    def cancel_current(self, reason: str, priority: Priority = Priority.VOICE) -> int:
        """Cancel every live turn of a priority; return how many."""
        with self._bell:
            self._draft.give_up()
            tokens = [live.handle.cancel for live in self._turns if live.priority == priority]
        for token in tokens:
            token.cancel(reason)
        return len(tokens)

    def partial(self, conversation: str, words: str) -> None:
        """The words so far of an utterance: evaluated between steps, unless they are drafted."""
        with self._bell:
            if not self._draft.on(conversation, words):
                self._draft.give_up(TurnRequest(words, conversation))
                self._mail.partial = (conversation, words)
            self._ring()

    def draft(self, request: TurnRequest) -> None:
        """Words that may be all: begin to answer them, unheard, until `submit` brings the same or somebody says more."""
        with self._bell:
            self._draft.want(replace(request, gate=Gate(closed=True)))
            if self._mail.partial is not None and self._mail.partial[0] == request.conversation:
                self._mail.partial = None
            self._mail.stop.cancel("drafted")
            self._ring()

    def drop_draft(self) -> None:
        """Nothing more is coming: give up what was begun."""
        with self._bell:
            self._draft.give_up()
            self._ring()

    def chime(self, sink: AudioSink, sound: bytes, rate: int) -> None:
        """Play a short tone as soon as the brain has a moment; dropped when the sink has no room."""
        with self._bell:
            self._mail.chime = (sink, sound, rate)
            self._ring()

    def warm(self, conversation: str) -> None:
        """Evaluate what is pending of a conversation in idle time: its system block, a skill's turn, the end of a reply."""
        with self._bell:
            if conversation not in self._mail.cold and len(self._mail.cold) < MAX_JOBS:  # full: the turn itself pays
                self._mail.cold.append(conversation)
            self._ring()

    def submit_job(self, job: Iterator[None]) -> None:
        """Queue a background job: a generator that does a little per `next()`. Raises `Busy`."""
        with self._bell:
            if len(self._mail.jobs) >= MAX_JOBS:
                raise Busy(f"{MAX_JOBS} background jobs are queued; this one is dropped")
            self._mail.jobs.append(job)
            self._ring()

    def subscribe(self, capacity: int = 1024, on_ready: Callable[[], None] | None = None) -> Subscription:
        """Watch the events of all turns; a watcher that lags loses its oldest. `on_ready` is called in the publisher's thread."""
        watcher = Subscription(capacity, on_ready)
        with self._bell:
            self._watchers = [*self._watchers, watcher]
        return watcher

    def unsubscribe(self, watcher: Subscription) -> None:
        """Stop watching."""
        with self._bell:
            self._watchers = [other for other in self._watchers if other is not watcher]

    def publish(self, event: events.Event) -> None:
        """Tell the watchers; the ear tells its own events so."""
        for watcher in self._watchers:
            watcher.put(event)

    def speaking(self) -> bool:
        """True while a turn that speaks in the room is live."""
        with self._bell:
            return any(live.request.sink is not None and live.priority == Priority.VOICE for live in self._turns)

    def idle(self) -> bool:
        """True when no turn is live and nothing waits in the mailbox."""
        with self._bell:
            return not self._turns and self._mail.partial is None and self._mail.chime is None

    # -- the brain's own thread --------------------------------------------------------------------------------

    def run(self, stop: CancelToken) -> None:
        """Step until `stop` is cancelled, then end every turn with that reason."""
        stop.on_cancel(lambda _: self._ring())
        while stop.reason is None:
            self.beat = time.monotonic()
            if self.step():
                continue
            with self._bell:
                self._bell.wait_for(lambda: self._news, timeout=self.wait_s())
                self._news = False
        self.shut_down(stop.reason)

    def shut_down(self, reason: str) -> None:
        """Cancel what is live and step it to its end."""
        with self._bell:
            turns = list(self._turns)
            self._draft.give_up()
        for live in turns:
            live.handle.cancel.cancel(reason)
        while self._turns or self._draft.live:
            self._step_turn(self._draft.live or self._turns[0])

    def wait_s(self) -> float:
        """Seconds until a waiting turn may go on, at most `MAX_SLEEP_S`."""
        now = self._kit.clock()
        waits = [live.waiting_until - now for live in self._turns if live.waiting_until is not None]
        return max(0.001, min([MAX_SLEEP_S, *waits]))

    def step(self) -> bool:
        """Do one piece of work; False when there is none now."""
        with self._bell:
            chime, self._mail.chime = self._mail.chime, None
            turns = list(self._turns)
            ending = next((live for live in (self._draft.live, *turns) if live and live.handle.cancel.reason is not None), None)
        if ending is not None:
            with self._bell:
                self._mail.chime = self._mail.chime or chime  # after the sink was emptied
            self._step_turn(ending)
            return True
        if chime is not None:
            sink, sound, rate = chime
            with self._logged("a tone"):
                sink.write(sound, rate)
            return True
        ready = steppable(turns, self._kit.clock())
        voice = next((live for live in ready if live.priority == Priority.VOICE), None)
        if voice is not None:
            self._step_turn(voice)
            return True
        if self._step_draft(turns) or self._step_partial(turns):
            return True
        if ready:
            self._step_turn(ready[0])
            return True
        return self._step_cold(turns) or self._step_job() or self._step_idle()

    def _step_turn(self, live: Live) -> None:
        live.waiting_until = None
        try:
            item = next(live.items, None)
        except Exception as error:  # noqa: BLE001  run_turn catches its own; what is left came from committing to history
            _log.exception("turn %d could not be committed", live.handle.turn_id)
            item = events.Failed(
                live.handle.turn_id, self._kit.clock(), EngineError.code, f"{type(error).__name__} at the turn's end"
            )
        over = item is None or isinstance(item, events.TERMINAL)
        with self._bell:
            drafted = self._draft.live is live
            if isinstance(item, Waiting) and not (item.until == math.inf and not live.request.gate.closed):
                live.waiting_until = item.until
            if drafted and over:
                self._draft.live = None
            elif drafted and isinstance(item, events.Event):
                live.held.append(item)
            elif not drafted:
                self._turns.remove(live)
                if not over:
                    self._turns.append(live)  # round robin
        if over:
            self._ended = True
            next(live.items, None)  # lets the generator end
        if drafted:
            return
        if over and live.request.talks:
            self.warm(live.request.conversation)
        told, live.held = [replace(event, t=self._kit.clock()) for event in live.held], []
        for event in [*told, *([item] if isinstance(item, events.Event) else [])]:
            self.publish(event)
            live.handle.stream.put(event)

    def _step_partial(self, turns: list[Live]) -> bool:
        """Evaluate a little of the words so far; a turn of the same conversation has taken them over."""
        with self._bell:
            mail, self._mail.partial, self._mail.stop = self._mail.partial, None, CancelToken()
        self._hearing = mail[0] if mail is not None else self._hearing
        if self._hearing is None:
            return False
        if any(live.request.conversation == self._hearing for live in turns):
            self._hearing = None
            return mail is not None
        key, self._hearing = self._hearing, None
        with self._logged("evaluating a partial"), suppress(Cancelled):
            talk = self._kit.conversation(key)
            if mail is not None:
                talk.hear(mail[1], lambda words: to_read(self._kit.documents, words))
            if talk.session.evaluate(PARTIAL_BATCH, self._mail.stop):
                self._hearing = key
        return True

    def _step_draft(self, turns: list[Live]) -> bool:
        with self._bell:
            self._draft.begin(list(self._turns), lambda request: self._live(request, Priority.VOICE))
            live = self._draft.ready
        if live is None:
            return False
        if self._hearing == live.request.conversation:
            self._hearing = None  # it has taken the partial over
        self._step_turn(live)
        return True

    def _step_cold(self, turns: list[Live]) -> bool:
        with self._bell:
            key = self._mail.cold.popleft() if self._mail.cold else None
        if key is None:
            return False
        draft = self._draft.live
        if any(live.request.conversation == key for live in (*turns, *([draft] if draft else ()))):
            return True  # its next turn evaluates it
        with self._logged("evaluating in idle time"):
            if self._kit.conversation(key).session.evaluate(PARTIAL_BATCH, CancelToken()):
                with self._bell:
                    self._mail.cold.append(key)
        return True

    def _step_job(self) -> bool:
        with self._bell:
            job = self._mail.jobs.popleft() if self._mail.jobs else None
        if job is None:
            return False
        self._ended = True  # behind it there may be more to do
        with self._logged("a background job"):
            if next(job, True) is None:
                with self._bell:
                    self._mail.jobs.append(job)
        return True

    def _step_idle(self) -> bool:
        """After a turn, when nothing else is left to do: begin what the house has to do in idle time, one job after the other."""
        if not self._ended:
            return False
        self._ended = False
        with self._logged("looking for a background job"):
            if (job := next((job for make in self._kit.idle if (job := make()) is not None), None)) is not None:
                self.submit_job(job)
                return True
        return False

    @contextmanager
    def _logged(self, what: str) -> Iterator[None]:
        try:
            yield
        except AssistantError as error:
            _log.warning("%s failed: %s", what, error)
        except Exception:  # noqa: BLE001  whatever it is, the brain goes on
            _log.exception("%s failed", what)

    def _ring(self) -> None:
        with self._bell:
            self._news = True
            self._bell.notify_all()
