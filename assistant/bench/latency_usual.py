"""The other wirings for `bench latency`, on the same models: what is waited for, stage by stage, on the wall.

usual: the whole clip to the recogniser after 0.8 s of silence, `create_chat_completion` with its defaults on a window of six
turns, the whole reply, then `PiperVoice.load` with its defaults on all of it. reset: the same, with `reset()` before each turn.
careful: a recogniser fed while somebody speaks, 0.7 s of silence, all turns (the library finds the prefix that it has), the reply
sentence by sentence to the voice. Nothing in them runs at the same time, so their waits are sums.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant.audio.format import FRAME_BYTES, FRAME_S, SILENCE
from assistant.bench.script import Line
from assistant.bench.usual import WINDOW, Usual, messages
from assistant.cancel import CancelToken
from assistant.protocols import Transcriber, VoiceActivity

USUAL_S, CAREFUL_S = 0.8, 0.7
Speak = Callable[[str], bool]
"""Makes all of a text into sound; whether there was any."""


class Other:
    """One of them."""

    def __init__(self, name: str, model: Path, context: int, persona: str, transcriber: Transcriber, speak: Speak) -> None:
        """`name`: usual, reset or careful. Raises what the libraries raise."""
        self.name, self._persona, self._transcriber, self._speak = name, persona, transcriber, speak
        self._llama = Usual(model, context, 0)
        self.stages: dict[str, float] = {}
        self.prompts: list[int] = []
        """Tokens of the prompt that each spoken turn evaluated."""

    def typed(self, lines: Sequence[Line], number: int) -> None:
        """A turn that nobody waits for."""
        for _ in self._llama.pieces(self._sent(lines, number), lines[number].reply):
            pass

    def spoken(self, lines: Sequence[Line], number: int, pcm: bytes, vad: VoiceActivity) -> float:
        """Seconds from the true end of speech to the first audio."""
        careful, reply = self.name == "careful", lines[number].reply
        self.stages = {"listen": silence_noticed_s(pcm, vad, CAREFUL_S if careful else USUAL_S)}
        session = self._transcriber.session()
        frames = [pcm[at : at + FRAME_BYTES] for at in range(0, len(pcm), FRAME_BYTES)]
        frames += [SILENCE] * round(self.stages["listen"] / FRAME_S)
        if careful:
            for frame in frames:
                session.feed(frame)
        with self._timed("recognise"):
            if not careful:
                session.feed(b"".join(frames))
            session.finish()
        if self.name == "reset":
            self._llama.reset()
        pieces = self._llama.pieces(self._sent(lines, number), reply)
        text = ""
        with self._timed("think"):
            for piece in pieces:
                text += piece
                if careful and text.rstrip().endswith((".", "!", "?")):
                    break
        with self._timed("speak"):
            self._speak(text)
        waited = sum(self.stages.values())
        for _ in pieces:
            pass
        self.prompts.append(self._llama.prompt)
        return waited

    def close(self) -> None:
        """Free it."""
        self._llama.close()

    def _sent(self, lines: Sequence[Line], number: int) -> list[dict[str, str]]:
        return messages(self._persona, lines, number, len(lines) if self.name == "careful" else WINDOW)

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        since = time.perf_counter()
        yield
        self.stages[stage] = time.perf_counter() - since


def silence_noticed_s(pcm: bytes, vad: VoiceActivity, silence_s: float) -> float:
    """Seconds from the last sample until voice activity has been silent for so long: it lags behind."""
    vad.reset()
    silent, at = 0.0, 0
    padded = pcm + bytes(-len(pcm) % FRAME_BYTES)
    while silent < silence_s:
        frame = padded[at : at + FRAME_BYTES] or SILENCE
        silent = 0.0 if vad.feed(frame) >= 0.5 else silent + FRAME_S
        at += FRAME_BYTES
        if at < len(padded):
            silent = 0.0
    return (at - len(pcm)) / FRAME_BYTES * FRAME_S


def piper(path: Path) -> Speak:
    """`PiperVoice.load` with its defaults."""
    from piper import PiperVoice

    voice = PiperVoice.load(str(path))
    return lambda text: any([chunk.audio_int16_bytes for chunk in voice.synthesize(text)])


def any_voice(voice: object) -> Speak:
    """The configured voice, where it is none of Piper's."""
    return lambda text: any([chunk.pcm for chunk in voice.synthesize(text, CancelToken())])  # type: ignore[attr-defined]
