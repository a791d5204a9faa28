"""Scripted engines for tests of turn logic, ours and users' own: what they say is enqueued, what they were asked is kept.

Nothing here computes: a model's token is a word, a voice's sound is one sample value, a clock moves when told.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from assistant.cancel import CancelToken
from assistant.dialogue.notes import ASIDE
from assistant.protocols import AudioChunk, Care, ChatSession, Completeness, Piece, Sampling, Wake
from assistant.protocols_skills import Doing, Instead, SkillCall, Talk

VOICE_RATE = 16_000
_SPECIALS = {256: "<|im_start|>", 257: "<|im_end|>"}


class FakeClock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now = round(self.now + seconds, 6)


class FakeModel:
    """A language model that says what was enqueued, a word per token; its tokenizer is bytes."""

    name = "fake"
    im_start, im_end = 256, 257
    no_think: Sequence[int] = ()

    def __init__(self, context: int = 4096) -> None:
        self.context = context
        self.replies: deque[str | Exception] = deque()
        self.prompts: list[str] = []
        """The whole prompt of each reply, control tokens by name."""
        self.samplings: list[Sampling] = []
        """How each reply was to be sampled; of it `stop` is obeyed."""
        self.saved: dict[tuple[Path, str], list[int]] = {}
        """What conversations saved, by folder and name."""
        self.disk_full = False
        """True: nothing is saved."""
        self.notes: deque[str] = deque()
        """What to say in sequences aside, where a talk is compacted; "" when there is none."""
        self.sessions: list[FakeSession] = []

    def enqueue(self, *replies: str | Exception) -> None:
        """What to say next, in this order; an exception is raised in its place."""
        self.replies.extend(replies)

    def encode(self, text: str) -> list[int]:
        """UTF-8 bytes."""
        return list(text.encode())

    def open(self, key: str) -> "FakeSession":
        """A new conversation."""
        self.sessions.append(FakeSession(self, [], key))
        return self.sessions[-1]

    def close(self) -> None:
        """Nothing to free."""


class FakeSession:
    """Ids, and how many of them were "computed"."""

    def __init__(self, model: FakeModel, ids: list[int], key: str = "") -> None:
        self._model, self.key = model, key
        self.ids: list[int] = ids
        self.hot = 0
        """How many of the first ids are computed."""
        self.evaluated = 0
        self.closed = False

    @property
    def cells(self) -> int:
        """The same, as the real one calls it."""
        return self.hot

    def append(self, ids: Sequence[int]) -> None:
        """Put ids at the end."""
        self.ids.extend(ids)

    def keep(self, length: int) -> None:
        """Nothing is kept."""

    def evaluate(self, limit: int, cancel: CancelToken) -> int:
        """Count up to `limit` pending ids as computed."""
        cancel.check()
        done = min(limit, len(self.ids) - self.hot)
        self.hot += done
        self.evaluated += done
        return len(self.ids) - self.hot

    def stream(self, sampling: Sampling, cancel: CancelToken) -> Iterator[Piece]:
        """Say the next enqueued reply, word by word."""
        reply: str | Exception
        if self.key.endswith(ASIDE):
            reply = self._model.notes.popleft() if self._model.notes else ""
        else:
            self._model.prompts.append(self.text())
            self._model.samplings.append(sampling)
            reply = self._model.replies.popleft()
        if isinstance(reply, str):
            reply = reply[: min((at for stop in sampling.stop if (at := reply.find(stop)) >= 0), default=None)]
        words = reply.split(" ") if isinstance(reply, str) else []
        for number, word in enumerate(words):
            cancel.check()
            text = word if number == 0 else f" {word}"
            self.ids.extend(text.encode())
            self.hot = len(self.ids)
            yield Piece(number, text)
        if isinstance(reply, Exception):
            raise reply

    def truncate(self, length: int) -> None:
        """Keep the first `length` ids."""
        del self.ids[length:]
        self.hot = min(self.hot, length)

    def save(self, folder: Path, name: str) -> bool:
        """Keep what is computed."""
        if not self._model.disk_full:
            self._model.saved[folder, name] = self.ids[: self.hot]
        return not self._model.disk_full

    def load(self, folder: Path, name: str) -> int:
        """Count what equals the ids that were saved as computed."""
        same = list(map(int.__eq__, self.ids, self._model.saved.get((folder, name), [])))
        self.hot = max(self.hot, [*same, False].index(False))
        return self.hot

    def fork(self) -> ChatSession:
        """A copy."""
        copy = FakeSession(self._model, list(self.ids))
        copy.hot = self.hot
        return copy

    def close(self) -> None:
        """Mark it dead."""
        self.closed = True

    def text(self) -> str:
        """The ids as text."""
        out, run = "", bytearray()
        for token in self.ids:
            if token in _SPECIALS:
                out += run.decode() + _SPECIALS[token]
                run.clear()
            else:
                run.append(token)
        return out + run.decode()


class FakeVoice:
    """A voice that takes `seconds_per_word` of sound for each word, in chunks of a second at most."""

    name, rate = "fake", VOICE_RATE

    def __init__(self, seconds_per_word: float = 0.5) -> None:
        self._seconds_per_word = seconds_per_word
        self.spoken: list[str] = []
        self.slowly: list[float] = []
        """How slowly each of them was said."""
        self.error: Exception | None = None
        """Raised once at the next synthesis."""
        self.stays_broken = False
        """True: it is raised at every synthesis."""

    def synthesize(self, text: str, cancel: CancelToken, slowly: float = 1.0) -> Iterator[AudioChunk]:
        """Sound as long as the text."""
        if self.error is not None:
            error = self.error
            self.error = error if self.stays_broken else None
            raise error
        self.spoken.append(text)
        self.slowly.append(slowly)
        left = round(len(text.split()) * self._seconds_per_word * slowly * self.rate)
        while left:
            cancel.check()
            now = min(left, self.rate)
            left -= now
            yield AudioChunk(b"\x01\x00" * now, self.rate)


class FakeSink:
    """A loudspeaker of `capacity_s` seconds that plays when its clock moves."""

    def __init__(self, clock: FakeClock, capacity_s: float = 2.0) -> None:
        self._clock, self._capacity = clock, round(capacity_s * VOICE_RATE)
        self._held = 0
        self._played = 0
        self._at = clock()
        self.stops = 0
        """How often it was stopped."""
        self.broken = False
        """True: it takes sound and plays nothing."""
        self.ducks: list[float] = []
        """Every duck that was asked for; 0 ends one."""

    def write(self, pcm: bytes, rate: int) -> int:
        """Take what fits."""
        self._play()
        taken = min(len(pcm) // 2, self._capacity - self._held)
        self._held += taken
        return 2 * taken

    def pending_s(self) -> float:
        """Seconds not yet played."""
        self._play()
        return self._held / VOICE_RATE

    def played_ms(self) -> int:
        """Milliseconds played."""
        self._play()
        return round(1000 * self._played / VOICE_RATE)

    def stop(self) -> None:
        """Drop what is held."""
        self._play()
        self._held = 0
        self.stops += 1

    def duck(self, for_s: float) -> None:
        """Note it."""
        self.ducks.append(for_s)

    def reference(self) -> bytes:
        """Nothing: `FakeEcho` asks whether it plays."""
        return b""

    def close(self) -> None:
        """Nothing to free."""

    def _play(self) -> None:
        now = 0 if self.broken else min(self._held, round((self._clock() - self._at) * VOICE_RATE))
        self._at = self._clock()
        self._held -= now
        self._played += now


class FakeSource:
    """A microphone that gives what was put into `frames`."""

    def __init__(self) -> None:
        self.frames: deque[bytes] = deque()

    def read(self) -> bytes | None:
        """The next frame."""
        return self.frames.popleft() if self.frames else None

    def wait_s(self) -> float:
        """A frame's length."""
        return 0.032

    def close(self) -> None:
        """Nothing to free."""


class FakeRouter:
    """A router with a table of sentences."""

    def __init__(self, answers: dict[str, Callable[[Talk], Doing | str]] | None = None) -> None:
        self.answers = answers or {}

    def match(self, text: str, talk: Talk) -> SkillCall | None:
        """The table's entry for exactly these words."""
        answer = self.answers.get(text)
        return SkillCall("fake", {"text": text}, lambda: answer(talk)) if answer else None

    def passed(self, key: str) -> None:
        """Nothing waits."""

    def instead(self, heard: Instead, text: str, talk: Talk) -> SkillCall | None:
        """The table's entry, whether it is sure or not."""
        return self.match(heard.text, talk)

    def likely(self, key: str, code: str) -> Sequence[str]:
        """All that the table has an entry for."""
        return tuple(self.answers)

    def waits(self, key: str) -> bool:
        """Nothing does."""
        return False

    def completeness(self, text: str, code: str) -> Completeness:
        """Whole where the table has an entry for exactly these words."""
        return "whole" if text in self.answers else "unknown"


class FakeWake:
    """Hears a wake word in a frame that holds its name."""

    def __init__(self, language: str = "en", word: str = "okay_nabu") -> None:
        self._language, self._word = language, word
        self.late_s = 0.0
        """Seconds since the word ended when it is noticed."""
        self.care: Care = "usual"
        """Asked for with the last frame."""

    def feed(self, frame: bytes, care: Care = "usual") -> Wake | None:
        """The wake word, when the frame begins with b"wake"."""
        self.care = care
        return Wake(self._word, self._language, self.late_s) if frame.startswith(b"wake") else None

    def reset(self) -> None:
        """Nothing to forget."""


class FakeVad:
    """Takes a frame for speech when it begins with a word other than silence."""

    def feed(self, frame: bytes) -> float:
        """1 for speech, 0 for silence."""
        return 0.0 if frame.startswith(b"\0") else 1.0

    def reset(self) -> None:
        """Nothing to forget."""
