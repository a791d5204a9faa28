"""WAV files: any kind of them in, the inner format out; and a writer of the inner format.

Source of the format: "Multimedia Programming Interface and Data Specifications 1.0" (RIFF, WAVE), Microsoft's
WAVEFORMATEXTENSIBLE page, EBU Tech 3306 (RF64). Python's own `wave` module reads integer PCM only, so the reader here walks
the chunks itself; the writer is `wave`.
"""

import logging
import struct
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from assistant.audio.format import RATE
from assistant.audio.resample import Resampler, to_s16
from assistant.errors import AudioFileError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_log = logging.getLogger(__name__)
MAX_HOURS = 2
"""Longer recordings are refused: as 16 kHz sound this is 230 MB of memory."""
RATES = range(1_000, 768_001)
_BLOCK = 1 << 16  # frames converted at a time, so that memory follows the result and not the file
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_OTHER_CODECS = {2: "ADPCM", 6: "A-law", 7: "mu-law", 0x11: "IMA ADPCM", 0x31: "GSM", 0x50: "MPEG", 0x55: "MP3"}
_UNKNOWN_SIZE = (0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFF000, 0x80000000)  # what writers to a pipe put there (ffmpeg, sox, arecord)


@dataclass(frozen=True)
class _Format:
    tag: int
    channels: int
    rate: int
    bits: int

    @property
    def frame_bytes(self) -> int:
        return self.channels * self.bits // 8


def read_wav(path: Path) -> bytes:
    """The sound of a WAV as 16 kHz mono s16le: any rate, 8, 16, 24, 32 bit or float, channels mixed.

    A data chunk cut short is read as far as it goes, with a warning in the log. `AudioFileError` when the file is missing, is
    no WAV, holds no sound, another codec, or more than `MAX_HOURS`.
    """
    try:
        with path.open("rb") as file:
            return b"".join(_read(path, file))
    except OSError as error:
        raise AudioFileError(f"{path}: cannot be read: {error.strerror}") from error


def wav_blocks(name: str, file: BinaryIO) -> Iterator[bytes]:
    """The same of a file that is open already, lazily, seconds at a time; `name` is for messages. Raises `AudioFileError`."""
    return _read(Path(name), file)


def _read(path: Path, file: BinaryIO) -> Iterator[bytes]:
    file_bytes = file.seek(0, 2)
    file.seek(0)
    head = file.read(12)
    if not head:
        raise AudioFileError(f"{path} is empty; a WAV recording is needed")
    if len(head) < 12 or head[:4] not in (b"RIFF", b"RF64") or head[8:] != b"WAVE":
        raise AudioFileError(
            f"{path} is not a WAV: it looks like {_guess(head)}; convert it: ffmpeg -i IN -ar 16000 -ac 1 OUT.wav"
        )
    riff_bytes = struct.unpack("<I", head[4:8])[0] + 8
    form: _Format | None = None
    long_size: int | None = None
    while len(chunk := file.read(8)) == 8:
        name, size = struct.unpack("<4sI", chunk)
        if name == b"data":
            if form is None:
                raise AudioFileError(f"{path} is damaged: its data come before their format")
            left = file_bytes - file.tell()
            unfinished = size in _UNKNOWN_SIZE or (size == 0 and file_bytes > riff_bytes)  # a pipe, or a recorder that was killed
            declared = long_size if long_size is not None else left if unfinished else size
            if declared > left:
                _log.warning("%s is cut short: %d of %d bytes of sound are there and are read", path, left, declared)
            yield from _sound(path, file, form, min(left, declared))
            return
        body = file.read(size) if name in (b"fmt ", b"ds64") and size <= 4096 else None
        if name == b"fmt ":
            form = _parse_format(path, body or b"")
        elif name == b"ds64" and body is not None and len(body) >= 16:
            long_size = struct.unpack_from("<Q", body, 8)[0]
        if body is None:
            file.seek(size, 1)
        file.seek(size & 1, 1)  # chunks begin at even places
    raise AudioFileError(f"{path} holds no sound: it ends before its data chunk")


def _parse_format(path: Path, body: bytes) -> _Format:
    if len(body) < 16:
        raise AudioFileError(f"{path} is damaged: its format chunk has {len(body)} bytes, not 16 or more")
    tag, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", body)
    if tag == _EXTENSIBLE and len(body) >= 26:
        tag = struct.unpack_from("<H", body, 24)[0]  # the first two bytes of the sub-format's GUID
    if tag not in (_PCM, _FLOAT) or bits not in ((8, 16, 24, 32) if tag == _PCM else (32, 64)):
        kind = _OTHER_CODECS.get(tag, f"format {tag:#x}") + f" with {bits} bits"
        raise AudioFileError(f"{path} holds {kind}, not PCM or float; convert it: ffmpeg -i {path.name} -c:a pcm_s16le OUT.wav")
    if channels == 0 or rate not in RATES:
        raise AudioFileError(f"{path} is damaged: it says {channels} channels at {rate} Hz")
    return _Format(tag, channels, rate, bits)


def _sound(path: Path, file: BinaryIO, form: _Format, data_bytes: int) -> Iterator[bytes]:
    frames = data_bytes // form.frame_bytes
    if frames == 0:
        raise AudioFileError(f"{path} holds no sound: its data chunk is empty")
    if frames > MAX_HOURS * 3600 * form.rate:
        raise AudioFileError(f"{path} holds {frames / form.rate / 3600:.1f} h of sound; at most {MAX_HOURS} h are read: cut it")
    resampler = Resampler(form.rate, RATE)
    while frames:
        block = file.read(min(frames, _BLOCK) * form.frame_bytes)
        whole = len(block) // form.frame_bytes
        if whole == 0:
            break  # the file shrank while it was read
        frames -= whole
        yield to_s16(resampler.feed_float(_mono(block[: whole * form.frame_bytes], form)))
    yield resampler.flush()


def _mono(block: bytes, form: _Format) -> "NDArray[np.float32]":
    """Float samples in -1..1, channels averaged."""
    import numpy as np

    samples: NDArray[np.float64]
    if form.tag == _FLOAT:
        samples = np.nan_to_num(np.frombuffer(block, f"<f{form.bits // 8}").astype(np.float64), posinf=1.0, neginf=-1.0)
    elif form.bits == 8:
        samples = (np.frombuffer(block, np.uint8).astype(np.float64) - 128) / 128
    elif form.bits == 24:
        wide = np.zeros((len(block) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(block, np.uint8).reshape(-1, 3)  # the upper three bytes of 32 bits
        samples = wide.reshape(-1).view("<i4").astype(np.float64) / 2**31
    else:
        samples = np.frombuffer(block, f"<i{form.bits // 8}").astype(np.float64) / 2 ** (form.bits - 1)
    mixed: NDArray[np.float32] = samples.reshape(-1, form.channels).mean(axis=1).astype(np.float32)
    return mixed


_MAGIC = {
    b"ID3": "MP3",
    b"\xff\xfb": "MP3",
    b"\xff\xf3": "MP3",
    b"OggS": "Ogg",
    b"fLaC": "FLAC",
    b"RIFX": "big-endian RIFX",
    b"FORM": "AIFF",
    b"caff": "CAF",
    b".snd": "AU",
    b"RIFF": "RIFF, but no sound",
    b"\x1aE\xdf\xa3": "WebM or Matroska",
}


def _guess(head: bytes) -> str:
    """What a file that is no WAV seems to be, from its first 12 bytes."""
    for magic, name in _MAGIC.items():
        if head.startswith(magic):
            return name
    if head[4:8] == b"ftyp":
        return "MP4 or M4A"
    if all(byte in b"\t\n\r" or byte >= 32 for byte in head):
        return "text"
    return "something else"


class WavWriter:
    """Writes mono s16le sound; the header is right after every write, so that a crash leaves a whole file.

    `AudioFileError` when the file cannot be made or written.
    """

    def __init__(self, path: Path, rate: int = RATE) -> None:
        self._path = path
        try:
            self._file = path.open("wb")
        except OSError as error:
            raise AudioFileError(f"{path}: cannot be written: {error.strerror}") from error
        self._wave = wave.open(self._file, "wb")  # noqa: SIM115  closed in close()
        self._wave.setnchannels(1)
        self._wave.setsampwidth(2)
        self._wave.setframerate(rate)
        self.write(b"")

    def write(self, pcm: bytes) -> None:
        """Append sound."""
        try:
            self._wave.writeframes(pcm)  # corrects the header too
            self._file.flush()
        except OSError as error:
            raise AudioFileError(f"{self._path}: cannot be written: {error.strerror}") from error

    def close(self) -> None:
        """End the file."""
        self._wave.close()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
