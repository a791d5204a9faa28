"""Piper: any of its voices that espeak-ng or plain text gives the phonemes of.

Piper is GPL-3.0-or-later and is loaded only when this engine is used (docs/decisions/0001-licences.md). The onnxruntime session
is built here: few threads that do not spin, no arena, which never shrinks. Loudness is a fixed gain: normalising each clause on
its own would make quiet ones loud. One synthesis is one sentence of a clause; `cancel` is looked at between them.
Where the graph tells how long each phoneme sounds (piper_graph), a chunk tells where its words end.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from pydantic import Field

from assistant.cancel import CancelToken
from assistant.config import Section, parse_section
from assistant.cores import spare
from assistant.engines.base import TtsSpec, unavailable
from assistant.engines.piper_graph import telling
from assistant.engines.piper_words import word_ends
from assistant.errors import ConfigError, EngineError, ModelDamaged, ModelNotFound, ModelUnsupported
from assistant.protocols import AudioChunk, Mark, Voice

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
    session = onnxruntime.SessionOptions()
    session.intra_op_num_threads = settings.threads or spare(2)
    session.inter_op_num_threads = 1
    session.enable_cpu_mem_arena = False
    session.enable_mem_pattern = False
    session.log_severity_level = 3  # errors
    session.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        graph = onnxruntime.InferenceSession(str(telling(path, spec.cache)), session, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own kinds have no common public base
        raise ModelDamaged(f"{path}: onnxruntime cannot load it ({str(error).splitlines()[0]}); copy it again") from error
    wanted = {"input", "input_lengths", "scales"}
    if not wanted <= {node.name for node in graph.get_inputs()}:
        raise ModelUnsupported(f"{path}: is no Piper voice (it lacks the inputs {', '.join(sorted(wanted))}); take one that is")
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


class _Piper:
    def __init__(self, name: str, voice: Any, synthesis: Any) -> None:
        self.name = name
        self.rate = int(voice.config.sample_rate)
        self._voice = voice
        self._synthesis = synthesis
        self._tells = len(voice.session.get_outputs()) > 1

    def synthesize(self, text: str, cancel: CancelToken) -> Iterator[AudioChunk]:
        """A chunk a sentence. Raises `Cancelled`, `EngineError`."""
        cancel.check()
        plain = text.replace("\0", " ").replace("[[", "  ").replace("]]", "  ")[:MAX_CHARACTERS]  # [[ ]] would be raw phonemes
        try:
            chunks = self._voice.synthesize(plain, self._synthesis, include_alignments=self._tells)
            ends = iter(word_ends(plain, [said for said in self._voice.phonemize(plain) if said]) if self._tells else ())
            for chunk in chunks:
                yield AudioChunk(chunk.audio_int16_bytes, self.rate, _marks(chunk.phoneme_alignments, next(ends, ()), self.rate))
                cancel.check()
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"tts engine piper: {self.name} failed ({str(error).splitlines()[0]})") from error


def _marks(alignments: Sequence[Any] | None, ends: Sequence[tuple[int, int]], rate: int) -> list[Mark]:
    """Where the words end in a sentence's sound; nothing where the lengths are not its phonemes'."""
    if alignments is None:
        return []
    until = [0, *accumulate(int(phoneme.num_samples) for phoneme in alignments)]  # the first is silence before the sentence
    return [Mark(until[phonemes + 1] / rate, characters) for phonemes, characters in ends]
