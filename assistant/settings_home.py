"""The section `home`: what the connected home's rooms and things are called here, and what they ask of whoever commands them."""

from typing import Literal

from pydantic import Field

from assistant.settings_base import Section
from assistant.settings_links import HomeAssistant


class HomeArea(Section):
    """A room, by its name."""

    aliases: tuple[str, ...] = Field((), description="other names")
    floor: str = Field("", description="the floor it is on; empty: the home's own")


class HomeEntity(Section):
    """A thing, by its id in the home."""

    name: str = Field("", description="its name; empty: the home's own")
    aliases: tuple[str, ...] = Field((), description="more names")
    area: str = Field("", description="the name of its room; empty: the home's own")
    tier: Literal["", "free", "confirm", "pin"] = Field(
        "", description="what its actions ask: nothing, a yes, the PIN; empty: what is usual"
    )
    hidden: bool = Field(False, description="leave it out")


class Home(Section):
    """The home by voice (docs/home.md); what connects it stands in its own sections."""

    area: str = Field("", description="the room the assistant stands in: what is meant by `turn on the light`; empty: it asks")
    areas: dict[str, HomeArea] = Field({}, description="room: {aliases, floor}; adds to what the home tells")
    entities: dict[str, HomeEntity] = Field({}, description="id: {name, aliases, area, tier, hidden}, such as light.desk")
    confirm_s: float = Field(
        30.0, ge=5, le=300, description="an answer to its question (which one? shall I?) is waited for so long"
    )
    pin_file: str = Field(
        "", description="file with the PIN in digits, readable by its owner alone; empty: what needs one is refused"
    )
    assistant: HomeAssistant = HomeAssistant()
