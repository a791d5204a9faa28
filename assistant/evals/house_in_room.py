"""An assistant in a made-up room, on one audio clock: the real listener, engines, echo guard and loudspeaker; the air is made.

What the loudspeaker plays comes back into the microphone, later, through a room and so much quieter; what others say is added.
The language model is a scripted one: what is measured is listening. Computing takes no time on this clock.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from assistant import app, events
from assistant.audio.file import AudioClock, FileSink
from assistant.audio.format import FRAME, FRAME_BYTES, FRAME_S, RATE
from assistant.cancel import CancelToken
from assistant.config import Config
from assistant.dialogue.brain import Brain, Priority
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.kit import TurnRequest
from assistant.dialogue.prompt import Prompt
from assistant.engines.fakes import FakeModel, FakeVoice
from assistant.evals.callers import response
from assistant.protocols import AudioChunk, Voice
from assistant.protocols_home import Home

LINES = 1024
"""Some minutes of sound each hundred."""
DELAY_S = 0.06
"""From the loudspeaker to the microphone, the sound card's buffers included."""


class Air(FileSink):
    """A loudspeaker whose playback the room hears as well as the echo guard; it notes when it was ducked and stopped."""

    def __init__(self, path: Path | None, clock: AudioClock) -> None:
        super().__init__(path, clock)
        self._at = clock.now_s
        self.now = bytes(FRAME_BYTES)
        """What was played in the last frame."""
        self.ducked: list[float] = []

    def listen(self) -> bytes:
        """Fetch what was played since the last call; the guard gets the same."""
        self.now = super().reference()
        return self.now

    def reference(self) -> bytes:
        """See the protocol."""
        return self.now

    def duck(self, for_s: float) -> None:
        """See the protocol."""
        if for_s > 0:
            self.ducked.append(self._at())
        super().duck(for_s)


class SaidBefore:
    """A voice that makes nothing twice in a process. Kept: `LINES` texts; of more, the one that was made first goes."""

    _made: ClassVar[dict[tuple[str, int, str, float], list[AudioChunk]]] = {}

    def __init__(self, voice: Voice) -> None:
        self._voice, self.name, self.rate = voice, voice.name, voice.rate

    def synthesize(self, text: str, cancel: CancelToken, slowly: float = 1.0) -> Iterator[AudioChunk]:
        """See the protocol; all is made before the first chunk, which takes no time on this clock."""
        key = (self.name, self.rate, text, slowly)
        if key not in self._made:
            made = list(self._voice.synthesize(text, cancel, slowly))
            while len(self._made) >= LINES:
                del self._made[next(iter(self._made))]
            self._made[key] = made
        for chunk in self._made[key]:
            cancel.check()
            yield chunk


class HouseInRoom:
    """One assistant that hears a stream."""

    def __init__(
        self, config: Config, *, speaks: bool, back_db: float | None = None, seed: int = 0, home: Home | None = None
    ) -> None:
        """`back_db`: how much of what it plays comes back, -6 for half; None: nothing. Raises what `app.build` raises.

        What does not speak answers with hardly a sound.
        """
        import numpy as np

        self.clock = AudioClock()
        self.air = Air(None, self.clock)
        private = config.model_copy(update={"memory": config.memory.model_copy(update={"enabled": False, "keep": False})})
        house = app.build(private, think=False, speak=speaks, clock=self.clock.now_s, home=home)
        while (job := house.news()) is not None:
            for _ in job:
                pass
        self.model = FakeModel()
        self._talks: dict[str, Conversation] = {}
        house.kit = replace(house.kit, conversation=self._talk, idle=())
        own: dict[str, Voice] = {code: SaidBefore(voice) for code, voice in house.kit.voices.items()}
        house.kit = replace(house.kit, voices=own if speaks else {config.language: FakeVoice(0.01)})
        self.brain = house.brain = Brain(house.kit, config.brain.max_turns)
        self.listener = app.listener(house, self.air, live=back_db is not None, clock=self.clock.now_s)
        self.house = house
        self._seen = self.brain.subscribe(4096)
        rng = np.random.default_rng(seed)
        self._way = np.zeros(1, "f4")
        if back_db is not None:
            way = np.concatenate([np.zeros(round(DELAY_S * RATE)), response(rng, 0.2, -3.0)])
            self._way = (way * 10 ** (back_db / 20) / np.sqrt((way**2).sum())).astype("f4")
        self._played = np.zeros(len(self._way), "f4")
        self._hears = back_db is not None
        self.silent_since = 0.0
        """When the loudspeaker fell silent."""

    def frame(self, near: Any) -> list[events.Event]:
        """Let a frame's time pass in which `near` arrives; what happened."""
        import numpy as np

        self.clock.advance(FRAME_S)
        played = self.air.listen()
        if any(played):
            self.silent_since = self.clock.now_s()
        heard = np.zeros(FRAME, "f4")
        heard[: len(near)] = near
        if self._hears:
            self._played = np.concatenate([self._played[-len(self._way) :], np.frombuffer(played, "<i2").astype("f4")])
            if self._played.any():
                heard += np.convolve(self._played, self._way, "valid")[-FRAME:]
        self.listener.feed(np.clip(np.rint(heard), -32768, 32767).astype("<i2").tobytes())
        while self.brain.step():
            pass
        return self._seen.take()

    def hear(self, sound: Any) -> list[events.Event]:
        """Hear all of a sound; what happened meanwhile, each with its time."""
        return [event for at in range(0, len(sound), FRAME) for event in self.frame(sound[at : at + FRAME])]

    def say(self, text: str) -> None:
        """Begin to say a text."""
        self.brain.submit(TurnRequest("", say=text, language=self.house.config.language, sink=self.air), Priority.VOICE)

    def rest(self) -> None:
        """Give up what is being heard or said."""
        self.listener.ask("drop")
        self.brain.cancel_current("measured")
        while self.brain.step():
            pass
        self._seen.take()

    def close(self) -> None:
        """Free it."""
        self.air.close()
        self.house.close()

    def _talk(self, key: str) -> Conversation:
        return self._talks.setdefault(key, Conversation(key, self.model, Prompt(self.model), "", 0))
