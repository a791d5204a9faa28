"""Piper: any of its voices that espeak-ng or plain text gives the phonemes of.

Piper is GPL-3.0-or-later and is loaded only when this engine is used (docs/decisions/0001-licences.md). The onnxruntime sessions
are built here: few threads that do not spin, no arena, which never shrinks. Loudness is a fixed gain: normalising each clause on
its own would make quiet ones loud.
Where the voice could be cut in two (piper_graph), its sound comes window by window, and each chunk tells where words end in it;
otherwise a sentence at a time. `cancel` is looked at between chunks.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from assistant.cancel import CancelToken
from assistant.config import Section, parse_section
from assistant.cores import configured, spare
from assistant.engines.base import TtsSpec, unavailable
from assistant.engines.piper_graph import FRAMES, LATENT, NEIGHBOURS, SOUND, parts
from assistant.engines.piper_words import word_ends
from assistant.errors import ConfigError, EngineError, ModelDamaged, ModelNotFound, ModelUnsupported
from assistant.protocols import AudioChunk, Mark, Voice

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

FIRST, MOST = 40, 256
"""Frames of the first window (0.46 s in a medium voice), and of the longest (3 s), which bounds the memory."""
SAFE = 0.8
"""Share of the sound that was given out within which the next window must be made."""
SLOW = 0.45
"""Where making sound takes more than this of it, windows are long: their neighbours, made in vain, would not pay."""
_EDGE_S = 0.001
"""A word that ends so near behind a window ends in it."""
MAX_CHARACTERS = 2000
"""A longer text is said up to here: a clause is far shorter."""
_PHONEMES = ("espeak", "text")


class Settings(Section):
    """`tts.options` of this engine."""

    threads: int = Field(0, ge=0, le=16, description="0: two, or what the ear leaves")
    length_scale: float | None = Field(None, gt=0.2, le=4, description="how slowly; empty: the voice's own")
    noise_scale: float | None = Field(None, ge=0, le=2, description="empty: the voice's own")
    noise_w: float | None = Field(None, ge=0, le=2, description="variation of the durations; empty: the voice's own")
    gain: float = Field(1.0, gt=0, le=4)
    speaker: int | None = Field(None, ge=0, description="of a voice with several")


def make(spec: TtsSpec) -> Voice:
    """The voice `spec.voice`, the path of an `.onnx` file with its `.onnx.json` beside it.

    Raises `ModelNotFound`, `ModelDamaged`, `ModelUnsupported` (its phonemes need a download), `ConfigError`, `EngineUnavailable`.
    """
    settings = parse_section(Settings, spec.options, ("tts", "options"))
    path = Path(spec.voice)
    sheet = _sheet(path)
    try:
        import onnxruntime
        from piper import PiperVoice, SynthesisConfig
        from piper.config import PiperConfig
    except ImportError as error:
        raise unavailable("tts", "piper", error) from error
    try:
        config = PiperConfig.from_dict(sheet)
    except (KeyError, TypeError, ValueError) as error:
        raise ModelDamaged(f"{path}.json: is no whole Piper voice ({error!r}); copy it again with its voice") from None
    if settings.speaker is not None and settings.speaker >= config.num_speakers:
        raise ConfigError(f"tts.options.speaker is {settings.speaker}; {path.name} has speakers 0 to {config.num_speakers - 1}")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = configured("tts.options.threads", settings.threads) or spare(2)
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.log_severity_level = 3  # errors
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    halves = parts(path, spec.cache)
    try:
        paths = [path] if halves is None else [halves / FRAMES, halves / SOUND]
        graph, *rest = (onnxruntime.InferenceSession(str(one), options, providers=["CPUExecutionProvider"]) for one in paths)
    except Exception as error:  # onnxruntime's own kinds have no common public base
        raise ModelDamaged(f"{path}: onnxruntime cannot load it ({str(error).splitlines()[0]}); copy it again") from error
    wanted = {"input", "input_lengths", "scales"}
    if not wanted <= {node.name for node in graph.get_inputs()}:
        raise ModelUnsupported(f"{path}: is no Piper voice (it lacks the inputs {', '.join(sorted(wanted))}); take one that is")
    if rest:
        graph = _Frames(graph, rest[0])
    synthesis = SynthesisConfig(
        speaker_id=settings.speaker,
        length_scale=settings.length_scale,
        noise_scale=settings.noise_scale,
        noise_w_scale=settings.noise_w,
        normalize_audio=False,
        volume=settings.gain,
    )
    return _Piper(path.stem, PiperVoice(graph, config, download_dir=path.parent), synthesis)


def _sheet(path: Path) -> dict[str, Any]:
    """The voice's settings, as far as they can be checked without loading the voice."""
    beside = path.with_name(path.name + ".json")
    if not path.is_file():
        raise ModelNotFound(f"{path}: no such voice; set tts.voice to an .onnx file, or to auto")
    if not beside.is_file():
        raise ModelNotFound(f"{beside}: no such file; a Piper voice needs it beside its .onnx, copy both")
    try:
        sheet = json.loads(beside.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelDamaged(f"{beside}: is no JSON ({error}); copy it again") from None
    if not isinstance(sheet, dict):
        raise ModelDamaged(f"{beside}: holds no settings of a voice; copy it again")
    kind = sheet.get("phoneme_type", "espeak")
    if kind not in _PHONEMES:
        raise ModelUnsupported(
            f"{path}: its phonemes are of type {kind}, which would need a download; take a voice of type espeak"
        )
    return sheet


class _Frames:
    """The first of a voice's two graphs, as Piper runs a whole one; the sound is still to be made, window by window."""

    def __init__(self, frames: Any, sound: Any) -> None:
        self._frames, self._sound = frames, sound
        kept = sound.get_modelmeta().custom_metadata_map
        self._name, self._neighbours = kept[LATENT], int(kept[NEIGHBOURS])
        self._asks = {node.name for node in sound.get_inputs()} - {self._name}
        self._given: Mapping[str, Any] = {}
        self._frame_s = self._frame_sound_s = 0.0  # of the last window: what a frame took, and how long it sounds

    def run(self, _: object, given: Mapping[str, Any]) -> list[Any]:
        """Make the frames of a sentence; the lengths of its phonemes are behind a sound of nothing."""
        import numpy as np

        latent, lengths = self._frames.run(None, given)
        self._given = {self._name: latent} | {name: given[name] for name in self._asks}
        return [np.zeros(1, np.float32), lengths]

    def windows(self, rate: int) -> Iterator["npt.NDArray[np.float32]"]:
        """The sound of the last sentence, of -1 to 1, in windows: each is made before what was given out has been played."""
        latent, at, began = self._given[self._name], 0, time.monotonic()
        frames = latent.shape[2]
        while at < frames:
            since = time.monotonic()
            end = min(at + self._size(at * self._frame_sound_s - (since - began)), frames)
            if frames - end < FIRST // 2:
                end = frames  # a little rest is not worth its neighbours
            first, last = max(0, at - self._neighbours), min(frames, end + self._neighbours)
            window = self._sound.run(None, {**self._given, self._name: latent[:, :, first:last]})[0].ravel()
            hop, now = len(window) // (last - first), time.monotonic()
            self._frame_s, self._frame_sound_s = (now - since) / (last - first), hop / rate
            began = began if at else now
            yield window[(at - first) * hop : (end - first) * hop]
            at = end

    def _size(self, ahead_s: float) -> int:
        """Frames of the next window, so much sound being given out and not yet played."""
        if self._frame_s > SLOW * self._frame_sound_s:
            return MOST
        in_time = int(SAFE * ahead_s / self._frame_s) - 2 * self._neighbours if self._frame_s else 0
        return min(max(in_time, FIRST), MOST)


class _Piper:
    def __init__(self, name: str, voice: Any, synthesis: Any) -> None:
        self.name = name
        self.rate = int(voice.config.sample_rate)
        self._voice = voice
        self._synthesis = synthesis
        self._frames: _Frames | None = voice.session if isinstance(voice.session, _Frames) else None

    def synthesize(self, text: str, cancel: CancelToken, slowly: float = 1.0) -> Iterator[AudioChunk]:
        """Chunk by chunk. Raises `Cancelled`, `EngineError`."""
        cancel.check()
        plain = text.replace("\0", " ").replace("[[", "  ").replace("]]", "  ")[:MAX_CHARACTERS]  # [[ ]] would be raw phonemes
        try:
            tells = self._frames is not None
            ends = iter(word_ends(plain, [said for said in self._voice.phonemize(plain) if said]) if tells else ())
            for sentence in self._voice.synthesize(plain, self._at(slowly), include_alignments=tells):
                if self._frames is None:
                    yield AudioChunk(sentence.audio_int16_bytes, self.rate)
                    cancel.check()
                    continue
                marks, at_s = _marks(sentence.phoneme_alignments, next(ends, ()), self.rate), 0.0
                for window in self._frames.windows(self.rate):
                    until_s = at_s + len(window) / self.rate
                    here = (
                        None
                        if marks is None
                        else [Mark(at - at_s, said) for at, said in marks if at_s + _EDGE_S < at <= until_s + _EDGE_S]
                    )
                    yield AudioChunk(_pcm(window * self._synthesis.volume), self.rate, here)
                    cancel.check()
                    at_s = until_s
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"tts engine piper: {self.name} failed ({str(error).splitlines()[0]})") from error

    def _at(self, slowly: float) -> Any:
        """The settings of one synthesis: the voice's own length scale, or the configured one, so many times."""
        own = self._synthesis.length_scale
        return replace(self._synthesis, length_scale=slowly * (self._voice.config.length_scale if own is None else own))


def _pcm(sound: "npt.NDArray[np.float32]") -> bytes:
    return (sound.clip(-1.0, 1.0) * 32767).astype("<i2").tobytes()


def _marks(alignments: Sequence[Any] | None, ends: Sequence[tuple[int, int]], rate: int) -> list[tuple[float, int]] | None:
    """Where the words end in a sentence's sound: seconds, characters; None where the lengths are not its phonemes'."""
    if alignments is None:
        return None
    until = [0, *accumulate(int(phoneme.num_samples) for phoneme in alignments)]  # the first is silence before the sentence
    return [(until[phonemes + 1] / rate, characters) for phonemes, characters in ends]
