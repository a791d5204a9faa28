"""The sections of what links the assistant to a home: the broker, Home Assistant, pins, the socket of peripherals."""

from typing import Literal

from pydantic import Field

from assistant.settings_base import Section

Pin = int | None


class Mqtt(Section):
    """The MQTT broker of the home (docs/mqtt.md); needs scripts/setup --home."""

    host: str = Field("", description="name or address of the broker; empty: none")
    port: int = Field(0, ge=0, le=65535, description="its port; 0 is 1883, or 8883 with mqtt.tls")
    username: str = Field("", description="user of the broker; empty: none")
    password_file: str = Field("", description="file that holds the password, which only this user reads")
    tls: bool = Field(False, description="encrypt, and check the broker's certificate")
    ca_file: str = Field("", description="certificates that are believed (PEM); empty: the system's")
    version: Literal["5", "3.1.1"] = Field("5", description="version of MQTT; 3.1.1 tells less of what was refused")
    client_id: str = Field("", max_length=64, description="name at the broker; empty: edge-assistant and the machine's name")
    discovery_prefix: str = Field("homeassistant", min_length=1, description="where things of the home announce themselves")
    base_topic: str = Field("", description="where the assistant's own topics are; empty: edge-assistant/ and its name")
    announce: bool = Field(True, description="announce the assistant as a device")
    tell_heard: bool = Field(False, description="publish what was heard last, which everybody at the broker can read")
    confirm_s: float = Field(5.0, ge=0.5, le=60, description="seconds in which a thing must tell that it was done")


class HomeAssistant(Section):
    """Home Assistant, which is asked about commands that no skill knows (docs/mqtt.md); needs scripts/setup --home."""

    url: str = Field("", description="its address, such as http://homeassistant.local:8123; empty: none")
    token_file: str = Field("", description="file that holds a long-lived access token, which only this user reads")
    agent: str = Field("", description="conversation agent that is asked; empty: its own choice")
    language: str = Field("", description="language code that it is told; empty: the talk's")
    ca_file: str = Field("", description="certificates that are believed (PEM); empty: the system's")
    timeout_s: float = Field(8.0, ge=0.5, le=60, description="seconds in which it must answer")


class Gpio(Section):
    """Pins of a board, by their number after GPIO (docs/peripherals.md); needs scripts/setup --gpio."""

    talk_button: Pin = Field(None, ge=0, le=63, description="listens while it is held; null: none")
    mute_switch: Pin = Field(None, ge=0, le=63, description="mutes the microphone while it is closed; null: none")
    pull_up: bool = Field(True, description="buttons close to ground; false: to 3.3 V")
    listening_led: Pin = Field(None, ge=0, le=63, description="lights while it listens; null: none")
    thinking_led: Pin = Field(None, ge=0, le=63, description="lights while it thinks; null: none")
    speaking_led: Pin = Field(None, ge=0, le=63, description="lights while it speaks; null: none")
    muted_led: Pin = Field(None, ge=0, le=63, description="lights while the microphone is muted; null: none")
    error_led: Pin = Field(None, ge=0, le=63, description="lights after a turn that failed, until the next; null: none")


class Peripherals(Section):
    """The socket on which lights and displays read what the assistant does (docs/peripherals.md)."""

    enabled: bool = Field(False, description="serve it from `assistant run`")
    socket: str = Field("", description="its path; empty: peripherals.sock beside the control socket")
    group: str = Field("", description="group that may read it besides this user; empty: none")
