"""The assistant as a device at the broker: its topics, and the discovery message that describes them."""

import json
import platform
import re
from dataclasses import dataclass
from typing import Any

from assistant import __version__
from assistant.settings_links import Mqtt

MAX_STATE = 255
"""Characters that a state may have in Home Assistant."""


@dataclass(frozen=True)
class Names:
    """What the assistant is called at the broker."""

    client_id: str
    base: str
    prefix: str

    @property
    def discovery(self) -> str:
        """Where it announces itself."""
        return f"{self.prefix}/device/{self.client_id}/config"

    def topic(self, name: str) -> str:
        """One of its own topics."""
        return f"{self.base}/{name}"


COMMANDS = ("mute/set", "volume/set", "say", "ask")


def names(settings: Mqtt) -> Names:
    """As the configuration has them, or from the machine's name."""
    machine = re.sub(r"[^a-z0-9]+", "-", platform.node().lower()).strip("-") or "here"
    client_id = re.sub(r"[^A-Za-z0-9_-]+", "-", settings.client_id) or f"edge-assistant-{machine}"
    return Names(client_id, settings.base_topic.strip("/") or f"edge-assistant/{client_id}", settings.discovery_prefix.strip("/"))


def description(own: Names, *, hears: bool, speaks: bool, heard: bool) -> str:
    """The discovery message. `hears`: there is a microphone; `speaks`: a loudspeaker; `heard`: what was heard is told."""

    def part(platform: str, name: str, icon: str, **keys: Any) -> dict[str, Any]:
        unique = f"{own.client_id}_{name.lower().replace(' ', '_')}"
        return {"p": platform, "name": name, "uniq_id": unique, "ic": f"mdi:{icon}", **keys}

    state, answer = own.topic("state"), own.topic("reply")
    parts = {
        "state": part(
            "sensor", "State", "account-voice", stat_t=state, dev_cla="enum", ops=["asleep", "listening", "thinking", "speaking"]
        ),
        "ask": part("text", "Ask", "message-question", cmd_t=own.topic("ask"), max=MAX_STATE),
        "reply": part("sensor", "Reply", "message-reply", stat_t=answer, val_tpl="{{ value_json.state }}", json_attr_t=answer),
    }
    if hears:
        mute, words = own.topic("mute"), own.topic("wake_words")
        parts["mute"] = part("switch", "Mute", "microphone-off", stat_t=mute, cmd_t=own.topic("mute/set"))
        parts["wake_words"] = part("sensor", "Wake words", "ear-hearing", stat_t=words, ent_cat="diagnostic")
    if hears and heard:
        parts["heard"] = part("sensor", "Last heard", "text-recognition", stat_t=own.topic("heard"))
    if speaks:
        parts["say"] = part("notify", "Say", "bullhorn", cmd_t=own.topic("say"))
        parts["volume"] = part(
            "number", "Volume", "volume-high", stat_t=own.topic("volume"), cmd_t=own.topic("volume/set"), min=0, max=100,
            unit_of_meas="%",
        )  # fmt: skip
    device = {"ids": [own.client_id], "name": "Assistant", "mf": "edge-assistant", "mdl": "Voice assistant", "sw": __version__}
    message = {
        "dev": device,
        "o": {"name": "edge-assistant", "sw": __version__},
        "avty": [{"t": own.topic("availability")}],
        "qos": 1,
        "cmps": parts,
    }
    return json.dumps(message, ensure_ascii=False)


def reply(text: str, ok: bool) -> str:
    """A reply as it is published: cut where a state must end, and whole beside it."""
    state = text if len(text) <= MAX_STATE else f"{text[: MAX_STATE - 1]}…"
    return json.dumps({"state": state, "text": text, "ok": ok}, ensure_ascii=False)
