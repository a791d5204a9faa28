"""`assistant devices --test`: a person's look at microphone and loudspeaker, step by step."""

import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import click

from assistant.audio import check
from assistant.audio.devices import find, list_devices
from assistant.audio.format import FRAME_S, RATE
from assistant.audio.mic import Mic
from assistant.audio.speaker import Speaker
from assistant.config import Config

QUIET_S, SPEECH_S, GLANCE_S = 1.0, 4.0, 0.5
_METER_DB = 60
"""The level meter's width."""


def run(config: Config) -> int:
    """Test both devices; 0 when nothing is wrong. Raises `DeviceNotFound`, `AudioError`, `EngineUnavailable`."""
    wrong: list[str] = []
    with closing(Mic(config.audio.input)) as mic, closing(Speaker(config.audio.output)) as speaker:
        click.echo(f"Microphone: {mic.name} ({mic.rate} Hz)\nLoudspeaker: {speaker.name} ({speaker.rate} Hz)")
        click.echo("1. Silence, please ... ", nl=False)
        room = check.level(check.record(mic, QUIET_S))
        click.echo("only zeros" if room.silent else f"the room is at {room.rms_db:.0f} dB")
        click.echo("2. A tone ... ", nl=False)
        over_room = check.hear_tone(mic, speaker)
        if room.silent and over_room < check.HEARD_DB:
            click.echo("not heard")
        else:
            click.echo(f"{over_room:.0f} dB over the room" if over_room >= check.HEARD_DB else "not heard")
            wrong += check.tone_findings(mic.name, speaker.name, over_room)
        click.echo(f"3. Please speak for {SPEECH_S:.0f} seconds ...")
        with _meter() as show:
            speech = check.record(mic, SPEECH_S, show)
        name, dropped = mic.name, mic.dropped
        found = check.level(speech)
        click.echo("   only zeros" if found.silent else f"   {found.rms_db:.0f} dB, peaks at {found.peak_db:.0f} dB")
        wrong += check.speech_findings(mic.name, found)
        if not found.silent:
            click.echo("4. This is what was heard ...")
            check.play(speaker, speech.tobytes(), RATE)
    if dropped:
        wrong.append(f"gaps: {dropped} blocks of sound were lost; the machine is too busy or the sound server too slow")
    if found.silent:
        wrong += _elsewhere(config, name)
    for line in wrong:
        click.echo(f"assistant: {line}", err=True)
    if not wrong:
        click.echo("Nothing is wrong.")
    return 1 if wrong else 0


def _elsewhere(config: Config, silent: str) -> list[str]:
    """Another microphone that has sound: perhaps the wrong one was chosen."""
    devices = list_devices()
    chosen = find(config.audio.input, "input", devices)
    others = [device.name for device in devices if device.inputs and device.index != chosen.index]

    def listen(name: str) -> check.Level:
        with closing(Mic(name)) as mic:
            return check.level(check.record(mic, GLANCE_S))

    alive = check.with_sound(list(dict.fromkeys(others)), listen)
    if not alive:
        return []
    return [f"swapped: {silent!r} has no sound, but {', '.join(map(repr, alive))}; perhaps audio.input is to be {alive[0]!r}"]


@contextmanager
def _meter() -> Iterator[Callable[[bytes], None]]:
    """A level meter on the terminal, and the seconds left."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("   {task.description}"), BarColumn(_METER_DB), TextColumn("{task.fields[left]:.0f} s left"))
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as progress:
        task = progress.add_task("   - dB", total=_METER_DB, left=SPEECH_S)
        heard = 0

        def show(frame: bytes) -> None:
            nonlocal heard
            heard += 1
            now = check.level(check.samples(frame)).rms_db
            height = max(0.0, _METER_DB + now)
            progress.update(task, completed=height, description=f"{max(now, -99):4.0f} dB", left=SPEECH_S - heard * FRAME_S)

        yield show
