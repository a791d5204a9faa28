"""Sound devices by name. Numbers change whenever something is plugged in; names stay.

`find` is pure; `list_devices` asks PortAudio, which sees only what was there when it began.
"""

import difflib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from assistant.errors import AudioError, DeviceNotFound, EngineUnavailable

Kind = Literal["input", "output"]
_WORD = {"input": "microphone", "output": "loudspeaker"}


@dataclass(frozen=True)
class Device:
    """A sound device as PortAudio lists it."""

    name: str
    index: int
    """PortAudio's number, good until the next start."""
    inputs: int
    """Channels it records; 0 for a loudspeaker."""
    outputs: int
    """Channels it plays; 0 for a microphone."""
    rate: int
    """Its own rate in Hz."""
    default_for: tuple[Kind, ...] = ()

    def channels(self, kind: Kind) -> int:
        """How many channels it has of that kind."""
        return self.inputs if kind == "input" else self.outputs


def find(name: str, kind: Kind, devices: Sequence[Device]) -> Device:
    """The device of that name: "default", the whole name, or a part of it that only one has, in any case.

    Raises `DeviceNotFound`, which suggests the nearest name.
    """
    word = _WORD[kind]
    usable = [device for device in devices if device.channels(kind)]
    if not usable:
        cure = "; or hear a recording: `assistant run --input FILE.wav`" if kind == "input" else ""
        raise DeviceNotFound(f"there is no {word}: plug one in, see it with `arecord -l` or `aplay -l`, and start again{cure}")
    if name == "default":
        return next((device for device in usable if kind in device.default_for), usable[0])
    where = f"audio.{kind}: "
    if name.strip().lstrip("-").isdigit():
        raise DeviceNotFound(f"{where}{name} is a number, and numbers change; take a name from `assistant devices`")
    for device in usable:
        if device.name == name:
            return device
    found = [device for device in usable if name.strip() and name.strip().lower() in device.name.lower()]
    names = sorted({device.name for device in found})
    if len(names) == 1:
        return found[0]
    if names:
        raise DeviceNotFound(f"{where}{name!r} fits {len(names)} {word}s: {', '.join(names)}; write more of the name")
    lower = {device.name.lower(): device.name for device in usable}
    near = difflib.get_close_matches(name.lower(), lower, n=1, cutoff=0.3)
    hint = f"did you mean {lower[near[0]]!r}? " if near else ""
    count = f"{len(usable)} exist" if len(usable) > 1 else "1 exists"
    raise DeviceNotFound(f"{where}no {word} is called {name!r}; {hint}{count}: see `assistant devices`")


def list_devices() -> list[Device]:
    """All sound devices. Raises `EngineUnavailable` where PortAudio is missing, `AudioError` when it fails."""
    sd = sounddevice()
    try:
        with _quiet_stderr():
            found = sd.query_devices()
            defaults: dict[Kind, int] = {"input": -1, "output": -1}
            if sd.query_hostapis():
                host = sd.query_hostapis(max(0, sd.default.hostapi))
                defaults = {"input": host["default_input_device"], "output": host["default_output_device"]}
    except sd.PortAudioError as error:
        raise AudioError(f"the sound devices cannot be listed: {error}; try `arecord -l` and `aplay -l`") from error
    kinds: tuple[Kind, ...] = ("input", "output")
    return [
        Device(
            name=entry["name"],
            index=index,
            inputs=entry["max_input_channels"],
            outputs=entry["max_output_channels"],
            rate=int(entry["default_samplerate"]),
            default_for=tuple(kind for kind in kinds if defaults[kind] == index),
        )
        for index, entry in enumerate(found)
    ]


def sounddevice() -> Any:
    """The sounddevice module. Raises `EngineUnavailable` where it or the PortAudio library is missing."""
    try:
        with _quiet_stderr():
            import sounddevice as sd
    except (ImportError, OSError) as error:
        raise EngineUnavailable(
            f"sound devices need PortAudio ({error}); run scripts/setup, or: sudo apt-get install libportaudio2"
        ) from error
    return sd


def first_accepted(rates: Sequence[int], channels: Sequence[int], accepts: Callable[[int, int], bool]) -> tuple[int, int] | None:
    """The first (rate, channels) that a card accepts: rates in their order, and for each the channel counts in theirs."""
    pairs = ((rate, count) for rate in dict.fromkeys(rates) for count in dict.fromkeys(channels))
    return next((pair for pair in pairs if accepts(*pair)), None)


def open_format(device: Device, kind: Kind, rates: Sequence[int], channels: Sequence[int]) -> tuple[int, int]:
    """The (rate, channels) to open a device with as s16. Raises `AudioError` when it takes none of them."""
    sd = sounddevice()
    check = sd.check_input_settings if kind == "input" else sd.check_output_settings

    def accepts(rate: int, count: int) -> bool:
        try:
            check(device=device.index, channels=count, dtype="int16", samplerate=rate)
        except sd.PortAudioError:
            return False
        return True

    with _quiet_stderr():
        found = first_accepted(rates, [count for count in channels if count <= device.channels(kind)], accepts)
    if found is None:
        tried = ", ".join(str(rate) for rate in dict.fromkeys(rates))
        raise AudioError(
            f"the {_WORD[kind]} {device.name!r} cannot be opened at {tried} Hz: another program may hold it; "
            f"choose audio.{kind} from `assistant devices`"
        )
    return found


@contextmanager
def _quiet_stderr() -> Iterator[None]:
    """ALSA writes its troubles with devices that nobody asked for to descriptor 2; what matters is raised."""
    sys.stderr.flush()
    saved, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)
