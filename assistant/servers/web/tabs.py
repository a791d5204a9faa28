"""The talks of open tabs: private ones, which end with their tab, and the one that is kept.

Rules: a private talk belongs to the login that opened it; its name cannot be guessed. It ends when its tab says so, when the
tab's live stream has been gone for `GONE_S`, or when nobody used it for `IDLE_S`: its turn is cancelled, its history and its
cells are freed. At most `MAX_PRIVATE` at once; more are refused. A kiosk's talk is a guest's: private, and told nothing of what
is remembered.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from assistant.cancel import CancelToken
from assistant.dialogue.talks import GUEST, PRIVATE
from assistant.errors import AssistantError
from assistant.servers.access import Refused
from assistant.servers.doors import Doors
from assistant.servers.web.logins import Login

KEPT = "kept"
KEPT_KEY = "page"
MAX_PRIVATE = 8
GONE_S = 60.0
IDLE_S = 1800.0
LOOK_S = 5.0


@dataclass
class Tab:
    """A talk as the page sees it."""

    id: str
    key: str
    owner: str
    """Hash of the login; "" for the kept one, which every login of the house may use."""
    used: float
    watched: int = 0
    """Live streams that are open for it."""
    turn: CancelToken | None = None
    """The turn that is being answered."""
    shape: tuple[str, int] | None = None
    """System prompt and history turns in force; None: the house's."""
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def private(self) -> bool:
        """Whether it ends with its tab."""
        return self.id != KEPT


class Tabs:
    """See the module. Belongs to the loop."""

    def __init__(self, doors: Doors, now: Callable[[], float]) -> None:
        self._doors, self._now = doors, now
        self._tabs: dict[str, Tab] = {KEPT: Tab(KEPT, KEPT_KEY, "", now())}
        self._clearing: set[asyncio.Task[None]] = set()

    def open(self, login: Login, private: bool) -> Tab:
        """A talk for a tab. Raises `Refused`."""
        if not private and login.scope == "house":
            return self._tabs[KEPT]
        if len(self._tabs) > MAX_PRIVATE:
            self.sweep()
        if len(self._tabs) > MAX_PRIVATE:
            raise Refused(429, "busy", f"{MAX_PRIVATE} private talks are open; close one of their tabs", 10)
        name = secrets.token_urlsafe(16)
        key = f"{GUEST if login.scope == 'kiosk' else PRIVATE}{name}"
        tab = Tab(name, key, login.hash, self._now())
        self._tabs[name] = tab
        return tab

    def get(self, name: str, login: Login) -> Tab:
        """A login's own. Raises `Refused`."""
        tab = self._tabs.get(name)
        if tab is None or (tab.owner != login.hash if tab.private else login.scope != "house"):
            raise Refused(404, "no_such_talk", "this talk has ended; open the page again")
        tab.used = self._now()
        return tab

    def close(self, tab: Tab) -> None:
        """A private talk ends without a trace; the kept one stays."""
        if tab.private and self._tabs.pop(tab.id, None) is not None:
            tab.closed.set()
            self._stop(tab, "client_gone")
            task = asyncio.create_task(self._clear_at_last(tab.key))
            self._clearing.add(task)
            task.add_done_callback(self._clearing.discard)

    @contextmanager
    def watching(self, tab: Tab) -> Iterator[None]:
        """A live stream is open for it while the block lasts."""
        tab.watched += 1
        try:
            yield
        finally:
            tab.watched -= 1
            tab.used = self._now()

    async def clear(self, tab: Tab) -> None:
        """Forget what was said in it: history and cells. Raises `AssistantError`."""
        self._stop(tab, "stop")
        tab.shape = None
        await self._doors.call(lambda: self._doors.talks.clear(tab.key))

    def sweep(self) -> None:
        """Close what nobody uses any more."""
        now = self._now()
        for tab in list(self._tabs.values()):
            quiet = now - tab.used
            if tab.private and tab.turn is None and quiet > (IDLE_S if tab.watched else GONE_S):
                self.close(tab)

    async def keep_clean(self) -> None:
        """Sweep until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)  # a deadline for every tab: nothing rings when nobody is there
            self.sweep()

    async def end(self) -> None:
        """The server ends: nothing more is cleared, the process ends with its memory."""
        for tab in self._tabs.values():
            tab.closed.set()
        for task in list(self._clearing):
            task.cancel()
        await asyncio.gather(*self._clearing, return_exceptions=True)

    def _stop(self, tab: Tab, reason: str) -> None:
        if tab.turn is not None:
            tab.turn.cancel(reason)

    async def _clear_at_last(self, key: str) -> None:
        """However busy the brain is, in its next idle moment."""
        while True:
            with suppress(AssistantError):
                await self._doors.brain.call(lambda: self._doors.talks.clear(key))
                return
            await asyncio.sleep(LOOK_S)  # too many jobs wait
