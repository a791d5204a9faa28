"""Sound devices by name."""

import sys
from typing import Any

import pytest

from assistant.audio.devices import Device, find, first_accepted, list_devices
from assistant.errors import DeviceNotFound, EngineUnavailable

DEVICES = [
    Device("HDA Intel PCH: ALC257 (hw:0,0)", 0, 2, 2, 44_100),
    Device("ReSpeaker 4 Mic Array (UAC1.0)", 1, 6, 0, 16_000, ("input",)),
    Device("USB Audio Speaker", 2, 0, 2, 48_000),
    Device("default", 3, 32, 32, 44_100, ("output",)),
    Device("usb audio headset", 4, 1, 2, 48_000),
]


@pytest.mark.parametrize(
    ("name", "kind", "index"),
    [
        ("default", "input", 1),
        ("default", "output", 3),
        ("ReSpeaker 4 Mic Array (UAC1.0)", "input", 1),
        ("respeaker", "input", 1),
        ("USB audio", "input", 4),
        ("Speaker", "output", 2),
        ("USB Audio Speaker", "output", 2),
    ],
)
def test_found(name: str, kind: Any, index: int) -> None:
    assert find(name, kind, DEVICES).index == index


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("respeeker 4 mic", "input", ("no microphone is called 'respeeker 4 mic'", "did you mean 'ReSpeaker", "4 exist")),
        ("ReSpeaker", "output", ("no loudspeaker", "4 exist")),
        ("2", "output", ("is a number", "assistant devices")),
        ("usb", "output", ("fits 2 loudspeakers", "USB Audio Speaker, usb audio headset")),
        ("", "input", ("no microphone is called ''",)),
        ("zzz", "input", ("4 exist", "assistant devices")),
    ],
)
def test_not_found(name: str, kind: Any, words: tuple[str, ...]) -> None:
    with pytest.raises(DeviceNotFound) as caught:
        find(name, kind, DEVICES)
    assert "\n" not in str(caught.value)
    for part in words:
        assert part in str(caught.value)


def test_no_device_at_all() -> None:
    with pytest.raises(DeviceNotFound, match=r"there is no microphone: plug one in.*--input"):
        find("default", "input", [DEVICES[2]])
    with pytest.raises(DeviceNotFound, match="there is no loudspeaker"):
        find("default", "output", [])


def test_default_without_a_default_is_the_first() -> None:
    assert find("default", "output", [DEVICES[1], DEVICES[2]]).index == 2


def test_the_first_format_that_the_card_accepts() -> None:
    only = {(48_000, 2), (44_100, 2), (44_100, 6)}
    asked: list[tuple[int, int]] = []

    def accepts(rate: int, channels: int) -> bool:
        asked.append((rate, channels))
        return (rate, channels) in only

    assert first_accepted((16_000, 44_100, 48_000, 44_100), (1, 2, 6, 2), accepts) == (44_100, 2)
    assert asked == [(16_000, 1), (16_000, 2), (16_000, 6), (44_100, 1), (44_100, 2)]
    assert first_accepted((8_000,), (1,), accepts) is None


def test_without_portaudio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(EngineUnavailable, match="libportaudio2"):
        list_devices()
