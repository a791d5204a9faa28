"""Which of the API and the page are served, and where; looked at before models load, served once they have."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.config import Config
from assistant.errors import ConfigError, EngineError, EngineUnavailable
from assistant.servers import access
from assistant.servers.doors import Doors
from assistant.servers.keys import Keys
from assistant.servers.web.logins import Logins, Scope
from assistant.settings import Api

if TYPE_CHECKING:
    from assistant.servers.web.page import Page


@dataclass(frozen=True)
class Listener:
    """One address."""

    api: Api
    """Where, and its limits."""
    keys: Keys | None
    """None: the API is not served there."""
    page: "Page | None"


class Fronts:
    """The listeners of a configuration."""

    def __init__(self, config: Config) -> None:
        """Raises `EngineUnavailable`, `ConfigError`."""
        self._logins = Logins() if config.web.enabled else None
        self.listeners = list(_listeners(config, self._logins))

    def link(self, scope: Scope) -> str:
        """A link that opens the page. Raises `EngineError`."""
        if self._logins is None:
            raise EngineError("the running assistant serves no page; start it with --set web.enabled=true")
        return self._logins.link(scope)

    def forget_room(self) -> None:
        """Pages hold nothing more of what was said in the room. Any thread."""
        for page in {one.page for one in self.listeners if one.page is not None}:
            page.room.forget()

    @asynccontextmanager
    async def serve(self, doors: Doors) -> AsyncIterator[None]:
        """Until the block is left. Raises as `http.serve`."""
        async with AsyncExitStack() as served:
            for one in self.listeners:
                from assistant.servers import http

                await served.enter_async_context(http.serve(one.api, doors, one.keys, one.page))
            yield


def _listeners(config: Config, logins: Logins | None) -> list[Listener]:
    api, web = config.api, config.web
    if not (api.enabled or web.enabled):
        return []
    try:
        import assistant.servers.http  # noqa: F401
    except ImportError as error:
        key, option = ("api", "--api") if api.enabled else ("web", "--web")
        raise EngineUnavailable(f"{key}.enabled: {error.name or error} is not installed; run scripts/setup {option}") from None
    keys = access.checked(api) if api.enabled else None
    if logins is None:
        return [Listener(api, keys, None)]
    try:
        from assistant.servers.web.page import Page
    except ImportError as error:
        raise EngineUnavailable(f"web.enabled: {error.name or error} is not installed; run scripts/setup --web") from None
    for origin in web.embed_origins:
        if not access.ORIGIN.fullmatch(origin):
            raise ConfigError(f"web.embed_origins: {origin!r:.100} is no origin; it has the form http://name:8123")
    page = Page(logins, web.embed_origins)
    if not (web.host or web.port or web.socket):
        access.check(api)
        return [Listener(api, keys, page)]
    own = api.model_copy(
        update={"host": web.host or api.host, "port": web.port or (0 if api.enabled else api.port), "socket": web.socket}
    )
    access.check(own, "web.host")
    return [*([Listener(api, keys, None)] if keys is not None else []), Listener(own, None, page)]
